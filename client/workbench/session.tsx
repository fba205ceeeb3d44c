/** Who is signed in: asked once, kept by react-query, and read everywhere through `useSession` and `useMay`. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Navigate, useLocation, useSearchParams } from 'react-router';
import { getSession, getStudyAccess, type Session } from '../shared/api.ts';
import { accessKey, sessionKey } from './keys.ts';
import { LoadingPage, ProblemView } from './parts/loaded.tsx';
import { Page } from './parts/page.tsx';

export function useSessionQuery() {
  return useQuery({ queryKey: sessionKey, queryFn: getSession, staleTime: 5 * 60_000 });
}

/** Takes over a session that signing in or setting up gave; everything known of another account is forgotten. */
export function useTakeSession() {
  const client = useQueryClient();
  return (session: Session) => {
    client.removeQueries({ predicate: (query) => query.queryKey[0] !== sessionKey[0] });
    client.setQueryData(sessionKey, session);
  };
}

/**
 * True when the signed-in account may do this: in every study or, with `study`, at least in that one. The server decides;
 * here it only hides what would be refused.
 */
export function useMay(permission: string, study?: string): boolean {
  const { data } = useSessionQuery();
  const everywhere = data?.account?.permissions.includes(permission) ?? false;
  const { data: access } = useQuery({
    queryKey: accessKey(study ?? ''),
    queryFn: () => getStudyAccess(study ?? ''),
    enabled: study !== undefined && study !== '' && !everywhere && Boolean(data?.account),
    staleTime: 60_000,
  });
  return everywhere || (access?.permissions.includes(permission) ?? false);
}

/** The children for whoever is signed in; everyone else is sent to sign in and comes back afterwards. */
export function SignedIn({ children }: { children: ReactNode }) {
  const query = useSessionQuery();
  const { pathname, search } = useLocation();
  if (query.data === undefined) {
    if (!query.error) return <LoadingPage title="Fidelis" what="the workbench" />;
    return (
      <Page title="Not available: the workbench">
        <ProblemView error={query.error} retry={() => void query.refetch()} />
      </Page>
    );
  }
  if (query.data.account) return children;
  const back = `${pathname}${search}`;
  return <Navigate to={back === '/' ? '/sign-in' : `/sign-in?back=${encodeURIComponent(back)}`} replace />;
}

/** Where to go after signing in: a path of this site, never an address from elsewhere. */
export function useReturnPath(): string {
  const [search] = useSearchParams();
  const back = search.get('back') ?? '/';
  return isPathOfThisSite(back) ? back : '/';
}

/** One slash at the start and nothing that a browser would read as another host. */
function isPathOfThisSite(path: string): boolean {
  return /^\/(?![/\\])[^\\\s]*$/.test(path);
}
