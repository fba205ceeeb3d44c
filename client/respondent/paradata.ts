/** Time on each page and the kind of device, for those who study how the survey is answered. Called by main.ts. */

export interface PageClock {
  /** The page that is open from now on. */
  turnTo(page: number): void;
  /** What to send. */
  paradata(): { device: string; pages: { page: number; milliseconds: number }[] };
}

/** Counts only while the page can be seen: a phone in a pocket does not read. */
export function startPageClock(): PageClock {
  const times = new Map<number, number>();
  let page: number | null = null;
  let since = performance.now();
  const count = (): void => {
    const now = performance.now();
    if (page !== null && !document.hidden) times.set(page, (times.get(page) ?? 0) + now - since);
    since = now;
  };
  document.addEventListener('visibilitychange', () => {
    // `hidden` is already the new state: what passed before a hiding still counts.
    const now = performance.now();
    if (document.hidden && page !== null) times.set(page, (times.get(page) ?? 0) + now - since);
    since = now;
  });
  return {
    turnTo(next) {
      count();
      page = next;
    },
    paradata() {
      count();
      return {
        device: deviceKind(),
        pages: [...times].map(([index, milliseconds]) => ({ page: index, milliseconds: Math.round(milliseconds) })),
      };
    },
  };
}

function deviceKind(): string {
  if (!window.matchMedia('(pointer: coarse)').matches) return 'computer';
  return Math.min(screen.width, screen.height) < 600 ? 'phone' : 'tablet';
}
