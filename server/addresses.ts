/**
 * Which addresses there are: those of the declared routes and the pages of the workbench. Mounted by app.ts before
 * anything asks where a request comes from, so that a mistyped address is told as one, whatever the method.
 */
import type { RequestHandler } from 'express';
import type { Route } from './http.ts';
import { Problem } from './problems.ts';

/** The pages that the workbench's own router knows; `test/client/pages.test.ts` holds the two lists together. */
export const workbenchPages = [
  '/',
  '/sign-in',
  '/setup/:token',
  '/invitation/:token',
  '/password-reset',
  '/password-reset/:token',
  '/studies/new',
  '/studies/:study',
  '/studies/:study/edit',
  '/studies/:study/overview',
  '/studies/:study/rosters',
  '/studies/:study/rosters/schools',
  '/studies/:study/rosters/people',
  '/studies/:study/rosters/checks',
  '/studies/:study/rosters/import',
  '/studies/:study/fidelity',
  '/studies/:study/fidelity/dose',
  '/studies/:study/fidelity/sources',
  '/studies/:study/fidelity/relations',
  '/studies/:study/fidelity/late',
  '/studies/:study/fidelity/quality',
  '/studies/:study/fidelity/model',
  '/studies/:study/members',
  '/studies/:study/audit',
  '/studies/:study/rights',
  '/studies/:study/datasets',
  '/studies/:study/datasets/:dataset',
  '/studies/:study/new-dataset',
  '/studies/:study/code-matches',
  '/studies/:study/reports',
  '/studies/:study/reports/evaluation',
  '/studies/:study/reports/schools/:school',
  '/studies/:study/people/:person/rights',
  '/studies/:study/waves',
  '/studies/:study/information',
  '/studies/:study/amendments',
  '/studies/:study/new-administration',
  '/studies/:study/administrations/:administration',
  '/studies/:study/administrations/:administration/calls',
  '/studies/:study/administrations/:administration/plan',
  '/studies/:study/administrations/:administration/links',
  '/studies/:study/administrations/:administration/paper',
  '/studies/:study/administrations/:administration/paper/:form',
  '/studies/:study/administrations/:administration/messages',
  '/studies/:study/administrations/:administration/texts',
  '/studies/:study/administrations/:administration/data',
  '/studies/:study/administrations/:administration/report',
  '/instruments',
  '/instruments/new',
  '/instruments/drafts/:draft',
  '/instruments/:instrument/compare',
  '/instruments/:instrument/versions/:version',
  '/accounts',
  '/audit',
  '/account',
  '/account/password',
] as const;

const pagePatterns = workbenchPages.map(patternOf);

/** Whether the workbench has a page at this path. */
export function isWorkbenchPage(path: string): boolean {
  return pagePatterns.some((pattern) => pattern.test(path));
}

/**
 * Refuses a method that an address does not take (`method-not-allowed`, with the Allow header) and anything but reading
 * at an address that is not there (`not-found`). What is only read goes on: it may be a page or a file.
 */
export function knownAddresses(routes: readonly Pick<Route, 'method' | 'path'>[]): RequestHandler {
  const known = [...routes, ...workbenchPages.map((path) => ({ method: 'GET', path }))].map(({ method, path }) => ({
    method,
    pattern: patternOf(path),
  }));
  return (request, response, next) => {
    const allowed = new Set(known.filter(({ pattern }) => pattern.test(request.path)).map(({ method }) => method));
    if (allowed.has('GET')) allowed.add('HEAD');
    if (request.method === 'OPTIONS' || allowed.has(request.method)) return next();
    if (allowed.size > 0) {
      response.set('Allow', [...allowed].sort().join(', '));
      throw new Problem('method-not-allowed');
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') throw new Problem('not-found');
    next();
  };
}

/** The declared route that a request would come to, with the parts of its address. */
export function routeAt<R extends Pick<Route, 'method' | 'path'>>(
  routes: readonly R[],
  method: string,
  path: string,
): { readonly route: R; readonly params: Readonly<Record<string, string>> } | null {
  for (const route of routes) {
    if (route.method !== method) continue;
    const names = route.path.split('/').filter((segment) => segment.startsWith(':'));
    const values = patternOf(route.path).exec(path)?.slice(1);
    if (values)
      return { route, params: Object.fromEntries(names.map((name, at) => [name.slice(1), values[at] ?? ''])) };
  }
  return null;
}

/** As Express reads a declared path: any text for a parameter, no matter the case or a slash at the end. */
function patternOf(path: string): RegExp {
  const source = path
    .split('/')
    .map((segment) => (segment.startsWith(':') ? '([^/]+)' : segment.replaceAll('.', '\\.')))
    .join('/')
    .replace(/\/$/, '');
  return new RegExp(`^${source}/?$`, 'i');
}
