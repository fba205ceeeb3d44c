/** What stands where data are still on their way or did not come: used by every page that asks the server. */
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ApiProblem } from '../../shared/http.ts';
import { Page, PageHead } from './page.tsx';

interface LoadedProps<T> {
  readonly query: UseQueryResult<T>;
  /** What is on its way: "the study". */
  readonly what: string;
  /** Where the whole page hangs on these data: its heading while they are not there. */
  readonly heading?: string;
  readonly children: (value: T) => ReactNode;
}

/** The children with the data, or the state of the wait. Data that are there stay while they are asked for again. */
export function Loaded<T>({ query, what, heading, children }: LoadedProps<T>) {
  if (query.data !== undefined) return children(query.data);
  if (query.error) {
    const problem = <ProblemView error={query.error} retry={() => void query.refetch()} />;
    return heading === undefined ? problem : <Page title={`Not available: ${what}`}>{problem}</Page>;
  }
  return heading === undefined ? <Loading what={what} /> : <LoadingPage title={heading} what={what} />;
}

/** A page that waits; the focus moves once the page itself is there. */
export function LoadingPage({ title, what }: { title: string; what: string }) {
  return (
    <>
      <PageHead title={title} />
      <Loading what={what} />
    </>
  );
}

export function Loading({ what }: { what: string }) {
  return (
    <div className="loading" role="status">
      <span className="loading-mark" aria-hidden="true" />
      Loading {what}…
    </div>
  );
}

/** Whether the same again may do: what was refused for good is refused again. */
export const passes = ({ status }: ApiProblem): boolean => status < 400 || status === 429 || status >= 500;

/** A problem in the server's own words, with what whoever reads the log needs. */
export function ProblemView(props: { error: unknown; retry?: () => void; heading?: string }) {
  const problem = problemOf(props.error);
  const mayChange = passes(problem);
  return (
    <div className="notice notice-bad" role="alert">
      <p className="notice-title">{props.heading ?? problem.title}</p>
      {props.heading && <p>{problem.title}</p>}
      {problem.detail && <p>{problem.detail}</p>}
      {problem.issues.length > 0 && (
        <ul>
          {problem.issues.map((issue) => (
            <li key={`${issue.path} ${issue.code}`}>
              {issue.message} <small>({issue.path})</small>
            </li>
          ))}
        </ul>
      )}
      {problem.requestId && (
        <p>
          <small>
            Request id: <code>{problem.requestId}</code>
          </small>
        </p>
      )}
      {props.retry && mayChange && (
        <button type="button" className="button" onClick={props.retry}>
          Try again
        </button>
      )}
    </div>
  );
}

/** Any error as a problem: a mistake of the page itself is named as such. */
export function problemOf(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  return new ApiProblem({
    code: 'page-failed',
    status: 0,
    title: 'Something went wrong in this page.',
    detail: 'Reload it. If it happens again, tell the administrator of this installation what you were doing.',
  });
}

/** Nothing there yet: says so, and what to do. */
export function Empty(props: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <p className="empty-title">{props.title}</p>
      {props.children}
    </div>
  );
}
