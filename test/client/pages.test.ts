/** The pages of the workbench's router are those that the server answers with 200. */
import type { RouteObject } from 'react-router';
import { expect, test } from 'vitest';
import { routes } from '../../client/workbench/routes.tsx';
import { isWorkbenchPage, workbenchPages } from '../../server/addresses.ts';

/** Full paths of all routes that show something at their own address. */
function pathsOf(list: readonly RouteObject[], above = ''): string[] {
  return list.flatMap(({ path, index, children }) => {
    if (path === '*') return [];
    const own = path === undefined ? above : `${above}/${path}`;
    if (children) return pathsOf(children, own);
    return index || path !== undefined ? [own === '' ? '/' : own] : [];
  });
}

test('each page of the router is one of the server, and the other way round', () => {
  expect(pathsOf(routes).sort()).toEqual([...workbenchPages].sort());
});

test('an address is a page whatever its parameters, its case and a slash at the end', () => {
  for (const path of ['/', '/studies/demo', '/Studies/demo/', '/setup/Jx3c0Vq2b9d8e7f6g5h4iA'])
    expect(isWorkbenchPage(path), path).toBe(true);
  for (const path of ['/studies', '/nope', '/studies/demo/nope', '/audits', '//', '/accounts/x', '/nope.json'])
    expect(isWorkbenchPage(path), path).toBe(false);
});
