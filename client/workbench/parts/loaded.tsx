/** What stands where data are still on their way or did not come: used by every page that asks the server. */
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ApiProblem } from '../../shared/http.ts';
import { Page } from './page.tsx';

interface LoadedProps<T> {
  readonly query: UseQueryResult<T>;
  /** What is on its way: "the study". */
  readonly what: string;
  /** The whole page hangs on these data: without them it needs a heading of its own. */
  readonly page?: boolean;
  readonly children: (value: T) => ReactNode;
}

/** The children with the data, or the state of the wait. Data that are there stay while they are asked for again. */
export function Loaded<T>({ query, what, page = false, children }: LoadedProps<T>) {
  if (query.data !== undefined) return children(query.data);
  if (query.error) {
    const problem = <ProblemView error={query.error} retry={() => void query.refetch()} />;
    return page ? <Page title={`Not available: ${what}`}>{problem}</Page> : problem;
  }
  return <Loading what={what} />;
}

export function Loading({ what }: { what: string }) {
  return (
    <div className="loading" role="status">
      <span className="loading-mark" aria-hidden="true" />
      Loading {what}…
    </div>
  );
}

/** A problem in the server's own words, with what whoever reads the log needs. */
export function ProblemView(props: { error: unknown; retry?: () => void; heading?: string }) {
  const problem = problemOf(props.error);
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
      {props.retry && (
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
