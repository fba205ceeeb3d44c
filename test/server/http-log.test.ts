/** The log tells what happened and nothing about people: no token, password, answer, address or name reaches a line. */
import type { Express } from 'express';
import { mongo } from 'mongoose';
import request from 'supertest';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { issueSetupLink } from '../../server/accounts/setup.ts';
import { createApp } from '../../server/app.ts';
import type { Context } from '../../server/context.ts';
import type { Database } from '../../server/database/connect.ts';
import { loggedError, loggedPath } from '../../server/log-values.ts';
import { Problem } from '../../server/problems.ts';
import { testDatabase } from '../database.ts';
import { contextOn, goodPassword, Visitor } from './people.ts';

let database: Database;
let context: Context;
let lines: string[];
let app: Express;

beforeAll(async () => {
  database = await testDatabase();
  ({ context, lines } = contextOn(database));
  app = createApp(context);
});

const surveyToken = 'Jx3c0Vq2b9d8e7f6g5h4iA';
const secrets = {
  surveyToken,
  answer: 'marker-of-an-answer',
  email: 'marker.person@example.org',
  name: 'Marker Person',
  password: 'marker of a password',
  query: 'marker-of-a-query',
  header: 'marker-of-a-header',
  address: '198.51.100.23',
};

test('a day of requests leaves none of their secrets in the log', async () => {
  const setupToken = (await issueSetupLink(context))?.split('/').at(-1) ?? '';
  const visitor = new Visitor(app);
  const { email, name, password } = secrets;
  await visitor.look();
  await visitor.send('GET', `/api/setup/${setupToken}`);
  await visitor.send('POST', `/api/setup/${setupToken}`, { name, email, password });
  await visitor.send('POST', '/api/session', { email, password: `${password} wrong` });
  await visitor.send('POST', '/api/session', { email, password });
  await visitor.send('POST', '/api/accounts', { name, email, role: 'viewer', password: goodPassword });
  await visitor.send('PUT', '/api/session/password', { current: password, next: `${password} next` });
  await visitor.send('GET', `/api/studies?filter=${secrets.query}`);
  await visitor.send('GET', `/setup/${setupToken}`);
  for (const path of [
    `/s/${surveyToken}`,
    `/S/${surveyToken}/`,
    `/s/${surveyToken}?from=${secrets.query}`,
    `//s//${surveyToken}`,
    `/%73/${surveyToken}`,
    `/s%2F${surveyToken}`,
    `/${surveyToken}`,
    `/s/${surveyToken}%E0%A4%A`,
    `/api/s/${surveyToken}`,
    `/api/studies/${email}`,
  ]) {
    await request(app).get(path).set({ 'x-forwarded-for': secrets.address, authorization: secrets.header });
  }
  await request(app)
    .put(`/api/s/${surveyToken}/draft`)
    .set('x-forwarded-for', secrets.address)
    .send({ answers: { comment: secrets.answer }, page: 0 });
  await request(app)
    .post(`/api/s/${surveyToken}/responses`)
    .send({
      key: crypto.randomUUID(),
      answers: { comment: secrets.answer },
      consent: { information: 1, agreed: true },
    });
  await request(app)
    .post(`/api/s/${surveyToken}/responses`)
    .set('content-type', 'application/json')
    .send(`{"answers": "${secrets.answer}`);

  const log = lines.join('');
  expect(lines.length).toBeGreaterThan(20);
  const all = { ...secrets, setupToken, cookie: decodeURIComponent(visitor.cookie() ?? ''), csrf: visitor.csrfToken };
  for (const [what, secret] of Object.entries(all)) {
    expect(secret.length, what).toBeGreaterThan(8);
    expect(log, what).not.toContain(secret);
  }
  expect(log).not.toContain('127.0.0.1');
  expect(log).toContain('"path":"/api/s/:token/responses"');
});

test('a line is JSON with the id, method, path, status, time and account', async () => {
  const visitor = new Visitor(app);
  await visitor.signIn(secrets.email, `${secrets.password} next`);
  const { account } = (await visitor.look()).body;
  const answer = await visitor.send('GET', '/api/accounts');
  expect(answer.status).toBe(200);
  const line = JSON.parse(lines.at(-1) ?? '{}');
  expect(line).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    req: { id: answer.headers['x-request-id'], method: 'GET', path: '/api/accounts' },
    res: { status: 200 },
    account: account.id,
    responseTime: expect.any(Number),
    msg: 'request completed',
  });
});

test.each([
  ['/', '/'],
  [
    '/api/studies/demo/administrations/collective-efficacy-end/rates',
    '/api/studies/demo/administrations/collective-efficacy-end/rates',
  ],
  ['/api/studies/demo?x=1#y', '/api/studies/demo'],
  [`/s/${surveyToken}`, '/s/:token'],
  [`/setup/${surveyToken}`, '/setup/:token'],
  ['/s/short', '/s/:token'],
  [`/x/${surveyToken}/y`, '/x/:value/y'],
  ['/mail/me@example.org', '/mail/:value'],
  ['/%E0%A4%A', '/:value'],
  ['/a b', '/:value'],
])('the address %s is logged as %s', (url, path) => {
  expect(loggedPath(url)).toBe(path);
});

describe('an error', () => {
  const secret = 'marker-of-an-answer';
  const cast = Object.assign(new Error(`Cast to Number failed for value "${secret}"`), {
    name: 'CastError',
    value: secret,
  });
  const invalid = z.object({ a: z.literal('b') }).safeParse({ a: secret }).error;
  const duplicate = new mongo.MongoServerError({
    message: `E11000 duplicate key error dup key: { email: "${secret}" }`,
    code: 11000,
    keyValue: { email: secret },
  });
  const syntax = (() => {
    try {
      return JSON.parse(secret);
    } catch (error) {
      return error;
    }
  })();

  test.each([
    ['of the driver', duplicate],
    ['of a cast', cast],
    ['of a schema', invalid],
    ['of a parser', syntax],
    ['as a cause', new Error('Saving failed.', { cause: duplicate })],
    ['that is no error', secret],
  ])('%s is logged without what somebody sent', (_name, error) => {
    const log = JSON.stringify(loggedError(error));
    expect(log).not.toContain(secret);
    expect(log).toContain('"type"');
  });

  test('of ours is logged with its kind, code, sentence and place', () => {
    const logged = loggedError(new Problem('internal', { cause: new TypeError('x is not a function') }));
    expect(logged).toMatchObject({
      type: 'Problem',
      code: 'internal',
      cause: { type: 'TypeError', message: 'x is not a function' },
    });
    expect(logged.stack[0]).toMatch(/^at .*http-log\.test\.ts/);
  });

  test('is logged so by the logger itself', () => {
    context.log.error({ err: duplicate }, 'request failed');
    expect(lines.at(-1)).not.toContain(secret);
    expect(JSON.parse(lines.at(-1) ?? '{}').err).toMatchObject({ type: 'MongoServerError', code: 11000 });
  });
});
