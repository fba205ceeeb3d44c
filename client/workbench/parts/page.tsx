/**
 * A page's heading and what goes with it: the document's title, the way back, and focus. After a move inside the
 * application the heading takes the focus, so that a screen reader says where one has arrived.
 */
import { type ReactNode, type RefObject, useEffect, useRef } from 'react';
import { Link, NavigationType, useLocation, useNavigationType } from 'react-router';

/** Path of the page that was announced last; null before the first one, which keeps the browser's own focus. */
let announced: string | null = null;

function useArrival(heading: RefObject<HTMLHeadingElement | null>): void {
  const { pathname } = useLocation();
  const moved = useNavigationType();
  useEffect(() => {
    const first = announced === null;
    if (announced === pathname) return;
    announced = pathname;
    if (first) return;
    if (moved !== NavigationType.Pop) window.scrollTo(0, 0);
    heading.current?.focus({ preventScroll: true });
  }, [pathname, moved, heading]);
}

function useDocumentTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} – Fidelis`;
  }, [title]);
}

export interface Crumb {
  readonly to: string;
  readonly title: string;
}

interface PageProps {
  readonly title: string;
  /** The way back: pages above this one, outermost first. */
  readonly crumbs?: readonly Crumb[];
  readonly lead?: ReactNode;
  /** Buttons beside the heading. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A page with its own `h1`. */
export function Page({ title, crumbs, lead, actions, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useDocumentTitle(title);
  useArrival(heading);
  return (
    <>
      <PageHead title={title} crumbs={crumbs ?? []} lead={lead} actions={actions} heading={heading} />
      {children}
    </>
  );
}

interface PageHeadProps extends Omit<PageProps, 'children'> {
  readonly heading?: RefObject<HTMLHeadingElement | null>;
}

/** The head alone, for a page whose parts are pages of their own (`Part`). */
export function PageHead({ title, crumbs, lead, actions, heading }: PageHeadProps) {
  return (
    <header className="page-head">
      {crumbs && crumbs.length > 0 && (
        <nav aria-label="Breadcrumb" className="crumbs">
          <ol>
            {crumbs.map((crumb) => (
              <li key={crumb.to}>
                <Link to={crumb.to}>{crumb.title}</Link>
              </li>
            ))}
          </ol>
        </nav>
      )}
      <div className="page-title">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {actions && <div className="page-actions">{actions}</div>}
      </div>
      {lead && <div className="lead">{lead}</div>}
    </header>
  );
}

/** One part of a page with an address of its own; `of` is the title of the page. */
export function Part(props: { title: string; of: string; actions?: ReactNode; children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useDocumentTitle(`${props.title} – ${props.of}`);
  useArrival(heading);
  return (
    <section className="part" aria-labelledby="part-title">
      <div className="part-head">
        <h2 id="part-title" ref={heading} tabIndex={-1}>
          {props.title}
        </h2>
        {props.actions && <div className="page-actions">{props.actions}</div>}
      </div>
      {props.children}
    </section>
  );
}
