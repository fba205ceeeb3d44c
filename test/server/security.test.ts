/** What keeps other sites and curious proxies out: headers of every answer, the origin of unsafe requests, body limits. */
import type { Express } from 'express';
import request from 'supertest';
import { beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../../server/app.ts';
import type { Context } from '../../server/context.ts';
import type { Database } from '../../server/database/connect.ts';
import { testDatabase } from '../database.ts';
import { accountOf, contextOn, goodPassword, signedInAs, Visitor } from './people.ts';

let database: Database;
let context: Context;
let app: Express;
/** The same house behind a proxy that speaks https. */
let httpsApp: Express;

beforeAll(async () => {
  database = await testDatabase();
  context = contextOn(database).context;
  app = createApp(context);
  httpsApp = createApp(contextOn(database, { PUBLIC_URL: 'https://survey.example.org' }).context);
  await accountOf(context, 'administrator');
});

const policy = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "style-src-attr 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "worker-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "form-action 'self'",
];

describe('headers', () => {
  test.each([
    '/',
    '/sign-in',
    '/s/no-such-token-no-such-tok',
    '/api/session',
    '/api/no-such-thing',
    '/api/studies',
    '/assets/no-such-file.js',
    '/healthz',
    '/%E0%A4%A',
  ])('of %s are strict', async (path) => {
    const { headers } = await request(app).get(path).set('accept', 'text/html');
    expect(headers['content-security-policy']?.split(';')).toEqual(policy);
    expect(headers).toMatchObject({
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': expect.stringContaining('camera=(), '),
    });
    expect(headers).not.toHaveProperty('x-powered-by');
    expect(headers).not.toHaveProperty('strict-transport-security');
    expect(headers).not.toHaveProperty('access-control-allow-origin');
    expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    if (path.startsWith('/api/')) expect(headers['cache-control']).toBe('no-store');
  });

  test('insist on https only where the site is reached over https', async () => {
    const { headers } = await request(httpsApp).get('/healthz');
    expect(headers['strict-transport-security']).toBe('max-age=31536000');
    expect(headers['content-security-policy']).toContain('upgrade-insecure-requests');
  });

  test('take a sane request id over and answer another with a new one', async () => {
    const sane = await request(app).get('/api/no-such-thing').set('x-request-id', 'proxy-4711.a');
    expect(sane.headers['x-request-id']).toBe('proxy-4711.a');
    expect(sane.body.instance).toBe('proxy-4711.a');
    for (const id of ['short', 'a b c d e f g h', '"><script>alert(1)</script>', 'x'.repeat(65)]) {
      const answer = await request(app).get('/api/no-such-thing').set('x-request-id', id);
      expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    }
  });
});

describe('an unsafe request', () => {
  const right = { email: 'administrator@example.org', password: goodPassword };
  const from = async (visitor: Visitor, headers: Record<string, string>) =>
    visitor.agent.post('/api/session').set('x-csrf-token', visitor.csrfToken).set(headers).send(right);

  test.each<[string, Record<string, string>]>([
    ['the same origin', { 'sec-fetch-site': 'same-origin' }],
    ['no page at all', { 'sec-fetch-site': 'none' }],
    ['a program without these headers', {}],
  ])('from %s is let through', async (_name, headers) => {
    const visitor = new Visitor(app);
    await visitor.look();
    expect((await from(visitor, headers)).status).toBe(200);
  });

  test.each<[string, Record<string, string>]>([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['another host of this site', { 'sec-fetch-site': 'same-site' }],
    ['a browser that names another origin', { origin: 'https://evil.example' }],
    ['a sandboxed frame', { origin: 'null' }],
    ['a page with another port', { origin: 'http://127.0.0.1:1' }],
    ['another site that names this one as origin', { 'sec-fetch-site': 'cross-site', origin: 'http://127.0.0.1:3000' }],
  ])('from %s is refused, with the token and for respondents alike', async (_name, headers) => {
    const visitor = new Visitor(app);
    await visitor.look();
    expect(await from(visitor, headers)).toMatchObject({ status: 403, body: { code: 'cross-site-request' } });
    const submission = await request(app).post('/api/s/no-such-token/responses').set(headers).send({});
    expect(submission).toMatchObject({ status: 403, body: { code: 'cross-site-request' } });
  });

  test('may name the public address or the one that was asked as its origin', async () => {
    for (const origin of ['http://127.0.0.1:3000', 'http://survey.local:8080']) {
      const visitor = new Visitor(app);
      await visitor.look();
      expect((await from(visitor, { origin, host: 'survey.local:8080' })).status).toBe(200);
    }
  });

  test('needs the token of its own session', async () => {
    const visitor = new Visitor(app);
    await visitor.look();
    const other = new Visitor(app);
    await other.look();
    for (const token of [undefined, '', 'x', other.csrfToken, visitor.csrfToken.toUpperCase()]) {
      const sent = visitor.agent.post('/api/session');
      if (token !== undefined) sent.set('x-csrf-token', token);
      expect(await sent.send(right)).toMatchObject({ status: 403, body: { code: 'cross-site-request' } });
    }
    expect((await visitor.send('POST', '/api/session', right)).status).toBe(200);
  });

  test('of a signed-in person needs it for every method and address', async () => {
    const visitor = await signedInAs(app, context, 'evaluator');
    for (const [method, path] of [
      ['delete', '/api/session'],
      ['put', '/api/session/password'],
      ['post', '/api/studies/demo'],
      ['delete', '/API/Session'],
      ['delete', '/api/session/'],
    ] as const) {
      const answer = await visitor.agent[method](path).send();
      expect(answer, `${method} ${path}`).toMatchObject({ status: 403, body: { code: 'cross-site-request' } });
    }
    expect((await visitor.look()).body.account).not.toBeNull();
  });
});

describe('behind https', () => {
  const proxied = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '192.0.2.5' };

  test('the cookie is for https alone', async () => {
    const answer = await request(httpsApp).get('/api/session').set(proxied);
    expect(String(answer.headers['set-cookie'])).toContain('; Secure; SameSite=Lax');
  });

  test('without https there is no session, and sign-in says why', async () => {
    const looked = await request(httpsApp).get('/api/session');
    expect(looked.headers).not.toHaveProperty('set-cookie');
    const answer = await request(httpsApp)
      .post('/api/session')
      .set('x-csrf-token', String(looked.body.csrfToken))
      .send({ email: 'administrator@example.org', password: goodPassword });
    expect(answer).toMatchObject({ status: 403, body: { code: 'https-needed' } });
  });
});

describe('a body', () => {
  test('that is not compressed as it says is refused as such', async () => {
    const visitor = new Visitor(app);
    await visitor.look();
    const answer = await visitor.agent
      .post('/api/session')
      .set({ 'x-csrf-token': visitor.csrfToken, 'content-type': 'application/json', 'content-encoding': 'gzip' })
      .send('notgzip');
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
    expect(answer.body.detail).toContain('Content-Encoding');
  });

  test.each<[string, string, string, number, string]>([
    ['that is no JSON', 'application/json', '{"email": "a@exam', 400, 'malformed-json'],
    ['that is JSON but no object', 'application/json', '"text"', 400, 'malformed-json'],
    ['of another type', 'text/plain', '{"email":"a@example.org","password":"x"}', 415, 'unsupported-media-type'],
    [
      'that comes from a form',
      'application/x-www-form-urlencoded',
      'email=a&password=b',
      415,
      'unsupported-media-type',
    ],
    ['of 5 MB', 'application/json', JSON.stringify({ email: 'x'.repeat(5_000_000) }), 413, 'body-too-large'],
    ['in an unknown character set', 'application/json; charset=x-unknown', '{}', 415, 'unsupported-media-type'],
    [
      'that tries to change all objects',
      'application/json',
      '{"__proto__":{"a":1},"email":"a","password":"b","x":1}',
      400,
      'invalid-request',
    ],
  ])('%s is refused as such', async (_name, type, text, status, code) => {
    const visitor = new Visitor(app);
    await visitor.look();
    const answer = await visitor.agent
      .post('/api/session')
      .set({ 'x-csrf-token': visitor.csrfToken, 'content-type': type })
      .send(text);
    expect(answer).toMatchObject({ status, body: { code } });
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.text).not.toContain('exam');
  });
});

describe('health', () => {
  test('says that the process lives and that the database answers', async () => {
    expect((await request(app).get('/healthz')).body).toEqual({ status: 'alive' });
    expect((await request(app).get('/readyz')).body).toEqual({ status: 'ready' });
  });

  test('says that the database does not answer, in a sentence, while the process lives on', async () => {
    const lost = await testDatabase();
    const lostApp = createApp(contextOn(lost).context);
    await lost.connection.getClient().close();
    expect(await request(lostApp).get('/readyz')).toMatchObject({
      status: 503,
      body: { code: 'database-unavailable' },
    });
    expect((await request(lostApp).get('/healthz')).status).toBe(200);
    const answer = await request(lostApp).get('/api/session').set('cookie', 'fidelis.sid=s%3Ax.y');
    expect(answer).toMatchObject({ status: 503, body: { code: 'database-unavailable' } });
    expect(answer.headers['retry-after']).toBe('2');
    await lost.connection.getClient().connect();
  });
});
