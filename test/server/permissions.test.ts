/**
 * Who may do what: every row of the permission table is asked for by a stranger and by every role on the real
 * application, and the table and the mounted routes name the same things.
 */
import type { Express } from 'express';
import { beforeAll, describe, expect, test } from 'vitest';
import { allRoutes, createApp } from '../../server/app.ts';
import type { Context } from '../../server/context.ts';
import type { Database } from '../../server/database/connect.ts';
import { accessOf, mountRoutes, type Route, route } from '../../server/http.ts';
import { type AccountRole, accessTable, accountRoles, canDo, permissionsOf } from '../../server/permissions.ts';
import { testDatabase } from '../database.ts';
import { contextOn, type Method, signedInAs, Visitor } from './people.ts';

let database: Database;
let context: Context;
let app: Express;
const people = new Map<AccountRole, Visitor>();

beforeAll(async () => {
  database = await testDatabase();
  context = contextOn(database).context;
  app = createApp(context);
  for (const role of accountRoles) people.set(role, await signedInAs(app, context, role));
});

const rows = Object.entries(accessTable);

/** What is mounted in the end, whoever mounted it; the workbench's pages are one rule for every address. */
function mountedRoutes(): string[] {
  const { stack } = app.router as unknown as {
    stack: { route?: { path: string; methods: Record<string, boolean> } }[];
  };
  return stack.flatMap(({ route: mounted }) =>
    mounted && mounted.path !== '/{*path}'
      ? Object.keys(mounted.methods).map((method) => `${method.toUpperCase()} ${mounted.path}`)
      : [],
  );
}

/**
 * Asks for a row with made-up parameters. The body fits no route, so that whoever is let in changes nothing: permission
 * is looked at before the parts of the request are.
 */
function ask(visitor: Visitor, row: string) {
  const [method, path = ''] = row.split(' ') as [Method, string];
  const address = path.replaceAll(/:version/g, '1').replaceAll(/:\w+/g, 'no-such-thing');
  return visitor.send(method, address, method === 'POST' || method === 'PUT' ? { unexpected: true } : undefined);
}

test('the table has exactly one row for every mounted route', () => {
  expect(mountedRoutes().sort()).toEqual(Object.keys(accessTable).sort());
  expect(allRoutes.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(mountedRoutes().sort());
});

test('a route without a row stops the start', () => {
  const stray = route({ method: 'GET', path: '/api/stray', summary: 'Not in the table', handle: () => null });
  expect(() => accessOf(stray)).toThrow('no row in the permission table for GET /api/stray');
  expect(() => mountRoutes(app, context, [stray as Route])).toThrow('no row in the permission table');
});

describe('a stranger', () => {
  test.each(rows)('asks for %s, which needs %s', async (row, access) => {
    const stranger = new Visitor(app);
    await stranger.look();
    const answer = await ask(stranger, row);
    if (access === 'anyone') {
      expect([401, 403]).not.toContain(answer.status);
      expect(answer.status).toBeLessThan(500);
    } else {
      expect(answer).toMatchObject({ status: 401, body: { code: 'not-signed-in' } });
    }
  });
});

describe.each(accountRoles)('the %s', (role) => {
  // Signing out comes last: it ends the session that the others need.
  const ordered = [...rows].sort(
    ([a], [b]) => Number(a === 'DELETE /api/session') - Number(b === 'DELETE /api/session'),
  );

  test.each(ordered)('asks for %s, which needs %s', async (row, access) => {
    const person = people.get(role);
    if (!person) throw new Error(`nobody is the ${role}`);
    const answer = await ask(person, row);
    if (access === 'anyone' || access === 'signed-in' || canDo(role, access)) {
      expect([401, 403]).not.toContain(answer.status);
      expect(answer.status).toBeLessThan(500);
    } else {
      expect(answer).toMatchObject({ status: 403, body: { code: 'not-permitted' } });
    }
  });
});

test('each role has all permissions of the one below it, and only the administrator manages accounts', () => {
  const fromBelow: AccountRole[] = ['viewer', 'analyst', 'evaluator', 'administrator'];
  for (const [i, role] of fromBelow.entries()) {
    const below = fromBelow[i - 1];
    if (below) expect(permissionsOf(role)).toEqual(expect.arrayContaining([...permissionsOf(below)]));
    expect(canDo(role, 'account.manage')).toBe(role === 'administrator');
  }
  expect(canDo('viewer', 'dataset.export')).toBe(false);
  expect(canDo('analyst', 'invitation.read')).toBe(false);
});
