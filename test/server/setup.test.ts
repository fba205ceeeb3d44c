/** The one-time link of the first administrator: used once, also when many people use it at the same moment. */
import type { Express } from 'express';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { issueSetupLink } from '../../server/accounts/setup.ts';
import { listAccounts } from '../../server/accounts/store.ts';
import { createApp } from '../../server/app.ts';
import type { Context } from '../../server/context.ts';
import type { Database } from '../../server/database/connect.ts';
import { testDatabase } from '../database.ts';
import { accountOf, contextOn, goodPassword, Visitor } from './people.ts';

let database: Database;
let context: Context;
let app: Express;

const collection = (name: string) => database.connection.collection(name);

beforeAll(async () => {
  database = await testDatabase();
  context = contextOn(database).context;
  app = createApp(context);
});

beforeEach(async () => {
  for (const name of ['accounts', 'sessions', 'setups', 'rateLimits']) await collection(name).deleteMany({});
});

async function setupToken(): Promise<string> {
  const link = await issueSetupLink(context);
  return link?.split('/').at(-1) ?? '';
}

const first = { name: 'First Administrator', email: 'First@Example.org', password: goodPassword };

test('the set-up link is an address with 128 random bits, of which the database holds a hash only', async () => {
  const link = await issueSetupLink(context);
  expect(link).toMatch(/^http:\/\/127\.0\.0\.1:3000\/setup\/[\w-]{22}$/);
  const stored = JSON.stringify(await collection('setups').find().toArray());
  expect(stored).not.toContain(link?.split('/').at(-1));
});

test('the set-up link makes the first administrator and signs them in', async () => {
  const token = await setupToken();
  const visitor = new Visitor(app);
  expect((await visitor.look()).body).toMatchObject({ account: null, setupNeeded: true });
  expect((await visitor.send('GET', `/api/setup/${token}`)).body).toEqual({ valid: true });
  const made = await visitor.send('POST', `/api/setup/${token}`, first);
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({
    account: { name: first.name, email: 'first@example.org', role: 'administrator' },
    setupNeeded: false,
  });
  expect((await visitor.look()).body.account.permissions).toContain('account.manage');
  expect((await visitor.send('GET', '/api/accounts')).body.accounts).toHaveLength(1);
});

test('the set-up link works once, and no new one is issued while there is an account', async () => {
  const token = await setupToken();
  const visitor = new Visitor(app);
  await visitor.look();
  expect((await visitor.send('POST', `/api/setup/${token}`, first)).status).toBe(201);
  const stranger = new Visitor(app);
  await stranger.look();
  const again = await stranger.send('POST', `/api/setup/${token}`, { ...first, email: 'second@example.org' });
  expect(again).toMatchObject({ status: 410, body: { code: 'setup-done' } });
  const told = await stranger.send('GET', `/api/setup/${token}`);
  expect(told).toMatchObject({ status: 410, body: { code: 'setup-done', title: expect.stringMatching(/Sign in/) } });
  expect(await issueSetupLink(context)).toBeNull();
  expect(await listAccounts(context.db)).toHaveLength(1);
});

test('the set-up link makes one administrator when ten people use it at the same moment', async () => {
  const token = await setupToken();
  const visitors = Array.from({ length: 10 }, () => new Visitor(app));
  await Promise.all(visitors.map((visitor) => visitor.look()));
  const answers = await Promise.all(
    visitors.map((visitor, i) => visitor.send('POST', `/api/setup/${token}`, { ...first, email: `p${i}@example.org` })),
  );
  expect(answers.map((answer) => answer.status).sort()).toEqual([201, ...Array<number>(9).fill(410)]);
  expect(await listAccounts(context.db)).toHaveLength(1);
});

test('the set-up link is replaced by the next one, and void when an account came in another way', async () => {
  const former = await setupToken();
  const present = await setupToken();
  const visitor = new Visitor(app);
  await visitor.look();
  const replaced = await visitor.send('GET', `/api/setup/${former}`);
  expect(replaced).toMatchObject({ status: 410, body: { code: 'setup-link-invalid' } });
  expect((await visitor.send('GET', `/api/setup/${present}`)).status).toBe(200);
  await accountOf(context, 'administrator');
  const late = await visitor.send('POST', `/api/setup/${present}`, first);
  expect(late).toMatchObject({ status: 410, body: { code: 'setup-done' } });
});

test('the set-up link is not used up by a password or an address that is refused', async () => {
  const token = await setupToken();
  const visitor = new Visitor(app);
  await visitor.look();
  const easy = await visitor.send('POST', `/api/setup/${token}`, { ...first, password: 'Password1234!' });
  expect(easy).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
  expect(easy.body.issues).toMatchObject([{ code: 'password-too-common', path: 'body.password' }]);
  const noAddress = await visitor.send('POST', `/api/setup/${token}`, { ...first, email: 'nowhere' });
  expect(noAddress.body.issues).toMatchObject([{ path: 'body.email' }]);
  expect((await visitor.send('POST', `/api/setup/${token}`, first)).status).toBe(201);
});
