/** A box that scrolls sideways on a small screen; only while it does is it a stop for the keyboard. */
import { type ReactNode, useEffect, useRef, useState } from 'react';

export function ScrollRegion({ label, children }: { label: string; children: ReactNode }) {
  const box = useRef<HTMLElement>(null);
  const [overflows, setOverflows] = useState(false);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = () => setOverflows(element.scrollWidth > element.clientWidth + 1);
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    for (const child of element.children) observer.observe(child);
    measure();
    return () => observer.disconnect();
  }, []);

  return (
    <section
      ref={box}
      className="scroll-region"
      {...(overflows ? { tabIndex: 0, 'aria-label': `${label}, scrolls sideways`, 'data-overflows': true } : {})}
    >
      {children}
    </section>
  );
}
