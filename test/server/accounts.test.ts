/** Accounts and sessions, over HTTP on the real application and engine. */
import express, { type Express } from 'express';
import request from 'supertest';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createAccount } from '../../server/accounts/create.ts';
import { removeAccount } from '../../server/accounts/remove.ts';
import { sessionMiddleware } from '../../server/accounts/sessions.ts';
import { countActive, findAccountByEmail, listAccounts } from '../../server/accounts/store.ts';
import { createApp } from '../../server/app.ts';
import type { Context } from '../../server/context.ts';
import type { Database } from '../../server/database/connect.ts';
import { testDatabase } from '../database.ts';
import { accountOf, contextOn, goodPassword, signedInAs, Visitor } from './people.ts';

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
  for (const name of ['accounts', 'sessions']) await collection(name).deleteMany({});
  // A new app forgets nobody: limits live in the database and in the process that has seen them exceeded.
  await collection('rateLimits').deleteMany({});
});

describe('signing in', () => {
  test('tells neither a wrong password from an unknown address nor lets either in', async () => {
    await accountOf(context, 'analyst');
    for (const email of ['analyst@example.org', 'nobody@example.org']) {
      const answer = await new Visitor(app).signIn(email, 'not the right one');
      expect(answer).toMatchObject({ status: 401, body: { code: 'sign-in-failed' } });
      expect(answer.body.detail).toBeUndefined();
    }
  });

  test('finds the address in any spelling and the password in any composition of its accents', async () => {
    const password = 'caf\u00e9 au lait, twice';
    await createAccount(context, { name: 'A', email: 'Some.One@Example.ORG', role: 'viewer', password });
    const answer = await new Visitor(app).signIn('SOME.one@example.org', 'cafe\u0301 au lait, twice');
    expect(answer.body.account).toMatchObject({ email: 'some.one@example.org', role: 'viewer' });
    expect(answer.body.account.permissions).not.toContain('dataset.export');
  });

  test('opens a session under a new id and token, with a cookie for this site alone', async () => {
    await accountOf(context, 'analyst');
    const visitor = new Visitor(app);
    await visitor.look();
    const [planted, token] = [visitor.cookie(), visitor.csrfToken];
    expect(planted).toMatch(/^s%3A/);
    const answer = await visitor.send('POST', '/api/session', { email: 'analyst@example.org', password: goodPassword });
    expect(answer.status).toBe(200);
    expect(visitor.cookie()).not.toBe(planted);
    expect(visitor.csrfToken).not.toBe(token);
    const cookie = String(answer.headers['set-cookie']);
    expect(cookie).toMatch(/fidelis\.sid=.*; Path=\/; Expires=.*; HttpOnly; SameSite=Lax$/);
    const sessions = await collection('sessions').find().toArray();
    expect(sessions).toHaveLength(1);
    expect(JSON.stringify(sessions)).not.toContain(decodeURIComponent(visitor.cookie() ?? '').slice(2, 26));
  });

  test('is refused after ten failures for one address, also with the right password', async () => {
    await accountOf(context, 'analyst', 'guessed@example.org');
    const visitor = new Visitor(app);
    for (let i = 0; i < 10; i++) {
      expect((await visitor.signIn('guessed@example.org', `guess number ${i}`)).status).toBe(401);
    }
    const answer = await visitor.signIn('Guessed@example.org');
    expect(answer).toMatchObject({ status: 429, body: { code: 'too-many-requests' } });
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(800);
    const counters = JSON.stringify(await collection('rateLimits').find().toArray());
    expect(counters).not.toContain('guessed');
    expect(counters).not.toContain('127.0.0.1');
  });

  test('counts failures from one network address, and successes not at all', async () => {
    // An address of its own, so that the limit does not outlast the test: the proxy on this machine names it.
    const from = (address: string) => ({ 'x-forwarded-for': address });
    await accountOf(context, 'analyst', 'often@example.org');
    const visitor = new Visitor(app);
    await visitor.look();
    const attempt = (email: string, password: string, address: string) =>
      visitor.agent
        .post('/api/session')
        .set({ 'x-csrf-token': visitor.csrfToken, ...from(address) })
        .send({ email, password });
    for (let i = 0; i < 50; i++) {
      expect((await attempt(`nobody${i}@example.org`, 'wrong password', '192.0.2.7')).status).toBe(401);
    }
    expect((await attempt('nobody@example.org', 'wrong password', '192.0.2.7')).status).toBe(429);
    expect((await attempt('nobody@example.org', 'wrong password', '192.0.2.8')).status).toBe(401);
    const key = { points: 1 };
    const before = await collection('rateLimits').countDocuments(key);
    expect((await attempt('often@example.org', goodPassword, '192.0.2.9')).status).toBe(200);
    expect(await collection('rateLimits').countDocuments(key)).toBe(before);
  });

  test('asks for the fields it needs and no others', async () => {
    const visitor = new Visitor(app);
    await visitor.look();
    for (const body of [{}, { email: 'a@example.org' }, { email: { $gt: '' }, password: { $gt: '' } }]) {
      expect((await visitor.send('POST', '/api/session', body)).status).toBe(400);
    }
  });
});

describe('a session', () => {
  test('ends at sign-out, on the server too', async () => {
    const visitor = await signedInAs(app, context, 'viewer');
    const kept = visitor.cookie();
    const withCookie = () => new Visitor(app).agent.get('/api/studies').set('cookie', `fidelis.sid=${kept}`);
    expect((await withCookie()).status).toBe(200);
    const out = await visitor.send('DELETE', '/api/session');
    expect(out.status).toBe(204);
    expect(String(out.headers['set-cookie'])).toContain('fidelis.sid=;');
    expect(await collection('sessions').countDocuments()).toBe(0);
    expect((await withCookie()).status).toBe(401);
  });

  test('that has expired is none, whether or not it was swept away', async () => {
    const visitor = await signedInAs(app, context, 'viewer');
    expect((await visitor.look()).body.account).not.toBeNull();
    await collection('sessions').updateMany({}, { $set: { expires: new Date(Date.now() - 1000) } });
    expect((await visitor.send('GET', '/api/studies')).status).toBe(401);
    expect((await visitor.look()).body.account).toBeNull();
  });

  test('lives twelve hours from its last request', async () => {
    const visitor = await signedInAs(app, context, 'viewer');
    await collection('sessions').updateMany(
      {},
      { $set: { expires: new Date(Date.now() + 60_000), lastModified: new Date(Date.now() - 3_600_000) } },
    );
    expect((await visitor.send('GET', '/api/studies')).status).toBe(200);
    const [session] = await collection('sessions').find().toArray();
    expect(Number(session?.expires) - Date.now()).toBeGreaterThan(11.9 * 3_600_000);
  });

  test('that was ended while its last answer was on the way does not cut the answer off', async () => {
    const visitor = await signedInAs(app, context, 'viewer');
    await collection('sessions').updateMany({}, { $set: { lastModified: new Date(Date.now() - 3_600_000) } });
    const slow = express();
    slow.use(sessionMiddleware(context));
    slow.get('/download', async (_request, response) => {
      response.write('first half, ');
      await collection('sessions').deleteMany({});
      response.end('x'.repeat(5_000_000));
    });
    slow.use((_error: unknown, _request: unknown, response: express.Response, _next: unknown) => {
      response.destroy();
    });
    const answer = await request(slow).get('/download').set('cookie', `fidelis.sid=${visitor.cookie()}`);
    expect(answer.text).toHaveLength('first half, '.length + 5_000_000);
  });

  test('with a forged or altered cookie is none', async () => {
    const visitor = await signedInAs(app, context, 'administrator');
    const cookie = decodeURIComponent(visitor.cookie() ?? '');
    for (const forged of [`${cookie.slice(0, -2)}AA`, cookie.slice(2).split('.')[0] ?? '', 's:x.y', '%00']) {
      const answer = await new Visitor(app).agent
        .get('/api/accounts')
        .set('cookie', `fidelis.sid=${encodeURIComponent(forged)}`);
      expect(answer.status).toBe(401);
    }
  });
});

describe('changing the password', () => {
  test('ends all other sessions of the account at once and keeps this one', async () => {
    const here = await signedInAs(app, context, 'evaluator');
    const elsewhere = new Visitor(app);
    await elsewhere.signIn('evaluator@example.org');
    const former = here.cookie();
    const next = 'an entirely other phrase';
    const token = here.csrfToken;
    const changed = await here.send('PUT', '/api/session/password', { current: goodPassword, next });
    expect(changed).toMatchObject({ status: 200, body: { account: { role: 'evaluator' }, csrfToken: token } });
    expect((await here.send('GET', '/api/studies')).status).toBe(200);
    expect((await elsewhere.send('GET', '/api/studies')).status).toBe(401);
    expect((await elsewhere.send('PUT', '/api/session/password', { current: next, next: goodPassword })).status).toBe(
      401,
    );
    const thief = await new Visitor(app).agent.get('/api/studies').set('cookie', `fidelis.sid=${former}`);
    expect(thief.status).toBe(401);
    expect((await new Visitor(app).signIn('evaluator@example.org')).status).toBe(401);
    expect((await new Visitor(app).signIn('evaluator@example.org', next)).status).toBe(200);
  });

  test('needs the present one, and one that is good enough', async () => {
    const visitor = await signedInAs(app, context, 'evaluator');
    const wrong = await visitor.send('PUT', '/api/session/password', {
      current: 'wrong',
      next: 'an entirely other phrase',
    });
    expect(wrong).toMatchObject({ status: 400, body: { issues: [{ code: 'password-wrong', path: 'body.current' }] } });
    const easy = await visitor.send('PUT', '/api/session/password', { current: goodPassword, next: 'qwertyuiop123' });
    expect(easy).toMatchObject({ status: 400, body: { issues: [{ code: 'password-too-common', path: 'body.next' }] } });
    expect((await new Visitor(app).signIn('evaluator@example.org')).status).toBe(200);
  });

  test('twice at the same moment changes it once', async () => {
    const visitor = await signedInAs(app, context, 'evaluator');
    const change = (next: string) => visitor.send('PUT', '/api/session/password', { current: goodPassword, next });
    const answers = await Promise.all([change('the first of two phrases'), change('the second of two phrases')]);
    const statuses = answers.map((answer) => answer.status).sort();
    // The slower of the two is refused by the write, or finds the password changed already, or is signed out.
    expect(statuses[0]).toBe(200);
    expect([400, 401, 409]).toContain(statuses[1]);
    expect((await findAccountByEmail(context.db, 'evaluator@example.org'))?.generation).toBe(2);
  });
});

describe('administrators', () => {
  test('add accounts, which can sign in, and list them without their secrets', async () => {
    const visitor = await signedInAs(app, context, 'administrator');
    const added = await visitor.send('POST', '/api/accounts', {
      name: '  An Analyst ',
      email: 'New@Example.org',
      role: 'analyst',
      password: goodPassword,
    });
    expect(added).toMatchObject({
      status: 201,
      body: { name: 'An Analyst', email: 'new@example.org', role: 'analyst' },
    });
    expect((await new Visitor(app).signIn('new@example.org')).status).toBe(200);
    const list = await visitor.send('GET', '/api/accounts');
    expect(list.body.accounts.map((account: object) => Object.keys(account).sort())).toEqual(
      Array(2).fill(['createdAt', 'email', 'id', 'invitation', 'name', 'role', 'secondFactor', 'state']),
    );
  });

  test('cannot give one address two accounts', async () => {
    const visitor = await signedInAs(app, context, 'administrator');
    const body = { name: 'X', email: 'ADMINISTRATOR@example.org', role: 'viewer', password: goodPassword };
    const answer = await visitor.send('POST', '/api/accounts', body);
    expect(answer).toMatchObject({ status: 409, body: { code: 'already-exists' } });
    expect(answer.body.detail).toContain('e-mail');
  });

  test('are told what is wrong with an account', async () => {
    const visitor = await signedInAs(app, context, 'administrator');
    const answer = await visitor.send('POST', '/api/accounts', {
      name: 'a\u0000b',
      email: 'x',
      role: 'king',
      password: 'short',
      isAdministrator: true,
    });
    expect(answer.status).toBe(400);
    const paths = (answer.body.issues as { path: string }[]).map((issue) => issue.path);
    expect(paths).toEqual(expect.arrayContaining(['body.name', 'body.email', 'body.role', 'body.password', 'body']));
  });

  test('remove accounts, whose sessions end with them', async () => {
    const visitor = await signedInAs(app, context, 'administrator');
    const analyst = await signedInAs(app, context, 'analyst');
    const { id } = (await analyst.look()).body.account;
    expect((await visitor.send('DELETE', `/api/accounts/${id}`)).status).toBe(204);
    expect((await analyst.send('GET', '/api/studies')).status).toBe(401);
    expect((await new Visitor(app).signIn('analyst@example.org')).status).toBe(401);
    expect((await visitor.send('DELETE', `/api/accounts/${id}`)).status).toBe(404);
  });

  test('cannot remove themselves', async () => {
    const visitor = await signedInAs(app, context, 'administrator');
    await accountOf(context, 'administrator', 'other@example.org');
    const { id } = (await visitor.look()).body.account;
    const answer = await visitor.send('DELETE', `/api/accounts/${id}`);
    expect(answer).toMatchObject({ status: 409, body: { code: 'state-not-allowed' } });
    expect(await listAccounts(context.db)).toHaveLength(2);
  });

  test('never remove the last of them, also when two remove each other', async () => {
    const one = await accountOf(context, 'administrator', 'one@example.org');
    await expect(removeAccount(context, one.id, { id: 'somebody-else' })).rejects.toMatchObject({
      code: 'state-not-allowed',
    });
    for (let round = 0; round < 10; round++) {
      const two = await accountOf(context, 'administrator', `two${round}@example.org`);
      const [present] = (await listAccounts(context.db)).filter((account) => account.id !== two.id);
      const other = present?.id ?? '';
      await Promise.allSettled([
        removeAccount(context, two.id, { id: other }),
        removeAccount(context, other, { id: two.id }),
      ]);
      const left = await countActive(context.db, 'administrator');
      expect(left).toBeGreaterThanOrEqual(1);
      if (left === 2) await removeAccount(context, two.id, { id: other });
    }
  });
});
