/**
 * Who may do what: every row of the permission table is asked for by a stranger, by every role of an account, by every role
 * in a study (there, and in another study) and by an API token, on the real application; and the table and the mounted
 * routes name the same things.
 */
import type { Express } from 'express';
import request from 'supertest';
import { beforeAll, describe, expect, test } from 'vitest';
import { saveStudyAccess } from '../../server/accounts/study-roles.ts';
import { allRoutes, createApp } from '../../server/app.ts';
import type { Context } from '../../server/context.ts';
import type { Database } from '../../server/database/connect.ts';
import { accessOf, mountRoutes, type Route, route } from '../../server/http.ts';
import {
  type Access,
  type AccountRole,
  accessTable,
  accountRoles,
  canDo,
  canDoInStudy,
  limitedStudyRoles,
  openToTokens,
  permissionsOf,
  type StudyRole,
  scopedRoutes,
  studyRoles,
} from '../../server/permissions.ts';
import { testDatabase } from '../database.ts';
import { contextOn, type Method, signedInAs, Visitor } from './people.ts';

let database: Database;
let context: Context;
let app: Express;
/** An API token of the administrator. */
let oneScope: string;
const people = new Map<AccountRole, Visitor>();
const members = new Map<StudyRole, Visitor>();
const [here, elsewhere] = ['a-study', 'another-study'];

beforeAll(async () => {
  database = await testDatabase();
  context = contextOn(database).context;
  app = createApp(context);
  for (const role of accountRoles) people.set(role, await signedInAs(app, context, role));
  for (const role of studyRoles) {
    const visitor = await signedInAs(app, context, 'member', `${role}-here@example.org`);
    const { id } = (await visitor.look()).body.account;
    const limited = limitedStudyRoles.includes(role);
    const places = { clusters: limited ? ['a-cluster'] : [], schools: limited ? ['a-school'] : [] };
    await saveStudyAccess(context.db, { study: here, account: id, role, ...places });
    members.set(role, visitor);
  }
  const made = await people.get('administrator')?.send('POST', '/api/session/tokens', {
    name: 'One scope',
    scopes: ['study.read'],
    study: null,
    expiresOn: new Date().toISOString().slice(0, 10),
  });
  oneScope = made?.body.text;
});

const rows = Object.entries(accessTable);
/** Signing out, ending sessions and changing what a session hangs on come last: the others need it. */
const ordered = [...rows].sort(([a], [b]) => Number(a === 'DELETE /api/session') - Number(b === 'DELETE /api/session'));

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
 * The address and body with which a row is asked for: made-up parameters, and a body that fits no route, so that whoever
 * is let in changes nothing. Permission is looked at before the parts of the request are.
 */
function requestFor(row: string, study = 'no-such-thing'): [Method, string, object | undefined] {
  const [method, path = ''] = row.split(' ') as [Method, string];
  const address = path
    .replaceAll(/:study/g, study)
    .replaceAll(/:version/g, '1')
    .replaceAll(/:\w+/g, 'no-such-thing');
  return [method, address, method === 'POST' || method === 'PUT' ? { unexpected: true } : undefined];
}

function ask(visitor: Visitor, row: string, study?: string) {
  return visitor.send(...requestFor(row, study));
}

/** Answered as somebody is who may do it, or refused as somebody who may not. */
function expectAnswer(answer: { status: number; body: unknown }, allowed: boolean): void {
  if (allowed) {
    expect([401, 403]).not.toContain(answer.status);
    expect(answer.status).toBeLessThan(500);
  } else {
    expect(answer).toMatchObject({ status: 403, body: { code: 'not-permitted' } });
  }
}

const isOpen = (access: Access): access is 'anyone' | 'signed-in' => access === 'anyone' || access === 'signed-in';

test('the table has exactly one row for every mounted route', () => {
  expect(mountedRoutes().sort()).toEqual(Object.keys(accessTable).sort());
  expect(allRoutes.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(mountedRoutes().sort());
});

test('a route without a row stops the start', () => {
  const stray = route({ method: 'GET', path: '/api/stray', summary: 'Not in the table', handle: () => null });
  expect(() => accessOf(stray)).toThrow('no row in the permission table for GET /api/stray');
  expect(() => mountRoutes(app, context, [stray as Route])).toThrow('no row in the permission table');
});

test('a route that knows the limits of a coordinator is one of a study', () => {
  for (const row of scopedRoutes) {
    expect(accessTable).toHaveProperty([row]);
    expect(row).toContain('/:study');
  }
});

describe('a stranger', () => {
  test.each(rows)('asks for %s, which needs %s', async (row, access) => {
    const stranger = new Visitor(app);
    await stranger.look();
    const answer = await ask(stranger, row);
    if (access === 'anyone') expectAnswer(answer, true);
    else expect(answer).toMatchObject({ status: 401, body: { code: 'not-signed-in' } });
  });
});

describe.each(accountRoles)('the %s', (role) => {
  test.each(ordered)('asks for %s, which needs %s', async (row, access) => {
    const person = people.get(role);
    if (!person) throw new Error(`nobody is the ${role}`);
    const allowed = isOpen(access) || canDo(role, access);
    expectAnswer(await ask(person, row), allowed);
  });
});

describe.each(studyRoles)('the %s of a study', (role) => {
  const asked = ordered.filter(([row]) => row !== 'DELETE /api/session');
  const member = () => {
    const person = members.get(role);
    if (!person) throw new Error(`nobody is the ${role}`);
    return person;
  };

  test.each(asked)('asks there for %s, which needs %s', async (row, access) => {
    const inStudy = row.includes('/:study') && !isOpen(access) && canDoInStudy(role, access);
    const reached = inStudy && (!limitedStudyRoles.includes(role) || scopedRoutes.has(row));
    expectAnswer(await ask(member(), row, here), isOpen(access) || canDo('member', access) || reached);
  });

  test.each(asked.filter(([row]) => row.includes('/:study')))('asks for %s in another study', async (row, access) => {
    expectAnswer(await ask(member(), row, elsewhere), isOpen(access) || canDo('member', access));
  });
});

describe('an API token of an administrator with one scope', () => {
  test.each(rows)('asks for %s, which needs %s', async (row, access) => {
    const [method, address, body] = requestFor(row);
    const answer = await request(app)
      [method.toLowerCase() as 'get'](address)
      .set('authorization', `Bearer ${oneScope}`)
      .send(body);
    const closed =
      access === 'signed-in' || /^\/api\/(session|setup|account-invitations|password-resets)/.test(address);
    if (isOpen(access) && closed && !openToTokens.has(row)) {
      expect(answer).toMatchObject({ status: 403, body: { code: 'not-for-tokens' } });
    } else {
      expectAnswer(answer, isOpen(access) || access === 'study.read');
    }
  });
});

test('each role has all permissions of the one below it, and only the administrator manages accounts', () => {
  const fromBelow: AccountRole[] = ['member', 'viewer', 'analyst', 'evaluator', 'administrator'];
  for (const [i, role] of fromBelow.entries()) {
    const below = fromBelow[i - 1];
    if (below) expect(permissionsOf(role)).toEqual(expect.arrayContaining([...permissionsOf(below)]));
    expect(canDo(role, 'account.manage')).toBe(role === 'administrator');
  }
  expect(canDo('viewer', 'dataset.export')).toBe(false);
  expect(canDo('analyst', 'invitation.read')).toBe(false);
});
