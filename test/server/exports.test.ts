/**
 * Exports as jobs: followed from waiting to ready, cancelled in the middle, begun again after a server that stopped and after
 * one that was killed, told by mail, and gone when answers are taken back. The file is what the direct download gives, byte
 * for byte. On a real database, with a real mail server and a server in a process of its own.
 */
import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { runExports } from '../../server/exports/run.ts';
import { expireExports } from '../../server/exports/store.ts';
import { deliverDue } from '../../server/outbox/deliver.ts';
import { withdrawPerson } from '../../server/rights/withdraw.ts';
import { type MailServerForTests, startMailServer } from '../mail-server.ts';
import { startServerProcess } from '../server-process.ts';
import type { Visitor } from './people.ts';
import { makeWorld, type World } from './world.ts';

const responses = 20_000;
/** Files of many rows on a machine that does other things. */
const patience = { timeout: 300_000 };
const path = '/api/studies/trial/exports';
const definition = {
  ...{ name: 'survey', title: 'The whole survey', purpose: 'A test', texts: true },
  administrations: ['first'],
};

let mail: MailServerForTests;
let world: World;
let analyst: Visitor;
let person: string;

beforeAll(async () => {
  mail = await startMailServer();
  const environment = { SMTP_URL: mail.url, MAIL_FROM: 'team@example.org', PUBLIC_URL: 'http://127.0.0.1:3000' };
  world = await makeWorld({ administrations: [{ id: 'first' }], environment });
  analyst = await world.asAnalyst();
  const { invitation } = await world.answer('first', { role: 1, years: 22, statements: { help: 1 } });
  person = invitation.person ?? '';
  await copies(responses - 1);
  expect((await analyst.send('POST', '/api/studies/trial/datasets', definition)).status).toBe(201);
});
afterAll(() => mail.close());

/** The one response again and again, as of other people through other links. */
async function copies(n: number): Promise<void> {
  const stored = world.database.connection.collection<{ _id: string }>('responses');
  const one = await stored.findOne({});
  expect(one).not.toBeNull();
  const many = Array.from({ length: n }, (_, at) => ({
    ...one,
    _id: randomUUID(),
    ...{ invitation: `copy-${at}`, person: `p-${at}`, receipt: `r-${at}`, key: randomUUID() },
  }));
  for (let from = 0; from < n; from += 5000) await stored.insertMany(many.slice(from, from + 5000));
}

const sha256 = (data: Buffer) => createHash('sha256').update(data).digest('hex');

async function fileAt(address: string): Promise<{ status: number; name: string; file: Buffer }> {
  const answer = await analyst.agent
    .get(address)
    .buffer(true)
    .parse((response, done) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => done(null, Buffer.concat(chunks)));
    });
  return { status: answer.status, name: answer.get('Content-Disposition') ?? '', file: answer.body as Buffer };
}

async function asked(format: string, more: object = {}): Promise<string> {
  const { status, body } = await analyst.send('POST', path, { dataset: 'survey', format, ...more });
  expect([status, body.state, body.progress, body.file]).toEqual([202, 'waiting', null, null]);
  return body.id as string;
}
const stateOf = async (id: string) => (await analyst.send('GET', `${path}/${id}`)).body;

/** Pieces of files that the database holds, by whether their file is whole. */
async function pieces(): Promise<{ whole: number; broken: number }> {
  const { connection } = world.database;
  const files = new Set((await connection.collection('exports.files').find().toArray()).map(({ _id }) => String(_id)));
  const owners = await connection.collection('exports.chunks').distinct('files_id');
  const whole = owners.filter((id) => files.has(String(id))).length;
  return { whole, broken: owners.length - whole };
}

test('an export waits, runs, tells how far it is, and gives the bytes of the direct download', patience, async () => {
  const id = await asked('zip', { mail: true });
  expect((await fileAt(`${path}/${id}/file`)).status).toBe(409);
  const seen: { step: string; done: number; total: number | null }[] = [];
  let running = true;
  const run = runExports(world.context).finally(() => {
    running = false;
  });
  while (running) {
    const { state, progress } = await stateOf(id);
    if (state === 'running' && progress) seen.push(progress);
    await wait(200);
  }
  expect(await run).toBe(1);
  expect(seen.length).toBeGreaterThan(1);
  for (const { done, total } of seen) if (total !== null) expect(done).toBeLessThanOrEqual(total);
  expect(seen.map(({ step }) => step)).toContain('writing');

  const made = await stateOf(id);
  expect(made).toMatchObject({ state: 'ready', progress: null, problem: null, file: { name: 'trial-survey.zip' } });
  const { file, name } = await fileAt(`${path}/${id}/file`);
  expect(name).toBe('attachment; filename="trial-survey.zip"');
  expect([file.length, sha256(file)]).toEqual([made.file.bytes, made.file.sha256]);
  expect(sha256(file)).toBe(sha256((await fileAt('/api/studies/trial/datasets/survey.zip')).file));

  await deliverDue(world.context);
  const letters = await Promise.all(mail.taken.map(mail.parse));
  expect(letters.map(({ subject }) => subject)).toEqual(['The export of The whole survey is ready']);
  expect(letters[0]?.text).toContain('http://127.0.0.1:3000/studies/trial/datasets');
  await deliverDue(world.context);
  expect(mail.taken).toHaveLength(1);
});

test('a cancelled export ends in the middle, leaves nothing, and is not made afterwards', patience, async () => {
  const before = await pieces();
  const id = await asked('xlsx', { mail: true });
  const run = runExports(world.context);
  await expect.poll(async () => (await stateOf(id)).progress?.step, { timeout: 60_000 }).toBe('writing');
  const { status, body } = await analyst.send('POST', `${path}/${id}/cancel`);
  expect([status, body.state, body.file]).toEqual([200, 'cancelled', null]);
  expect(await run).toBe(0);
  expect(await pieces()).toEqual(before);
  expect(await runExports(world.context)).toBe(0);
  expect((await stateOf(id)).state).toBe('cancelled');
  const late = await analyst.send('POST', `${path}/${id}/cancel`);
  expect([late.status, late.body.code]).toEqual([409, 'export-ended']);
  const none = await fileAt(`${path}/${id}/file`);
  expect(none.status).toBe(409);

  const waiting = await asked('csv');
  expect((await analyst.send('POST', `${path}/${waiting}/cancel`)).body.state).toBe('cancelled');
  expect(await runExports(world.context)).toBe(0);
});

test('a server that stops gives the export back, and the next one makes it from the start', patience, async () => {
  const before = await pieces();
  const id = await asked('sav');
  const stopping = new AbortController();
  const run = runExports(world.context, { signal: stopping.signal, alive: async () => {} });
  await expect.poll(async () => (await stateOf(id)).state, { timeout: 60_000 }).toBe('running');
  stopping.abort();
  expect(await run).toBe(0);
  expect((await stateOf(id)).state).toBe('waiting');
  expect(await pieces()).toEqual(before);
  expect(await runExports(world.context)).toBe(1);
  const { file } = await fileAt(`${path}/${id}/file`);
  expect(sha256(file)).toBe(sha256((await fileAt('/api/studies/trial/datasets/survey.sav')).file));
});

test('a server killed in the middle leaves no half file; another one makes it whole', {
  timeout: 240_000,
}, async () => {
  const before = await pieces();
  const id = await asked('zip');
  const { name } = world.database.connection;
  const uri = inject('mongodbUri').replace(/^(mongodb:\/\/[^/]+)\/?/, `$1/${name}`);
  const environment = {
    ...{ MONGODB_URI: uri, FIDELIS_SECRET: String.fromCharCode(7).repeat(32), FIDELIS_DEMO: 'off' },
    ...{ SMTP_URL: mail.url, MAIL_FROM: 'team@example.org' },
  };
  const first = await startServerProcess({ environment });
  await expect.poll(async () => (await stateOf(id)).progress?.step, { timeout: 60_000, interval: 50 }).toBe('writing');
  await first.kill();
  expect(await stateOf(id)).toMatchObject({ state: 'running', file: null });
  expect((await fileAt(`${path}/${id}/file`)).status).toBe(409);

  const second = await startServerProcess({ environment });
  await expect.poll(async () => (await stateOf(id)).state, { timeout: 120_000, interval: 500 }).toBe('ready');
  await second.close();
  const { file } = await fileAt(`${path}/${id}/file`);
  expect(sha256(file)).toBe(sha256((await fileAt('/api/studies/trial/datasets/survey.zip')).file));
  expect(await pieces()).toEqual({ whole: before.whole + 1, broken: 0 });
});

test('what cannot be made says why, by mail too', patience, async () => {
  const id = await asked('csv', { mail: true });
  await world.database.connection
    .collection('exports')
    .updateOne({ _id: id as never }, { $set: { 'definition.administrations': ['nowhere'] } });
  expect(await runExports(world.context)).toBe(0);
  const { state, problem, file } = await stateOf(id);
  expect([state, file]).toEqual(['failed', null]);
  expect(problem.code).toBe('invalid-dataset');
  const had = mail.taken.length;
  await deliverDue(world.context);
  const letters = await Promise.all(mail.taken.slice(had).map(mail.parse));
  expect(letters.map(({ subject }) => subject)).toEqual(['The export of The whole survey failed']);
});

test('files go after a week, and at once when somebody takes answers back', patience, async () => {
  const id = await asked('jsonl');
  expect(await runExports(world.context)).toBe(1);
  expect((await pieces()).whole).toBeGreaterThan(1);
  const row = `"${person}"`;
  await withdrawPerson(world.context, 'trial', person, 'evaluator');
  expect(await pieces()).toEqual({ whole: 0, broken: 0 });
  expect((await stateOf(id)).state).toBe('expired');
  const gone = await fileAt(`${path}/${id}/file`);
  expect(gone.status).toBe(409);

  const again = await asked('jsonl');
  expect(await runExports(world.context)).toBe(1);
  const { file } = await fileAt(`${path}/${again}/file`);
  expect(file.toString('utf8')).not.toContain(row);
  expect(file.toString('utf8').trimEnd().split('\n')).toHaveLength(responses - 1);
  world.setClock(new Date(Date.now() + 8 * 86_400_000));
  expect(await expireExports(world.context, 'due')).toBe(1);
  world.setClock(null);
  expect((await stateOf(again)).state).toBe('expired');
  expect(await pieces()).toEqual({ whole: 0, broken: 0 });
});

test('names are for those who may see them, and nobody lines up without end', patience, async () => {
  const named = { ...definition, name: 'named', level: 'identified' };
  const evaluator = await world.asEvaluator();
  expect((await evaluator.send('POST', '/api/studies/trial/datasets', named)).status).toBe(201);
  const { status, body } = await analyst.send('POST', path, { dataset: 'named', format: 'csv' });
  expect([status, body.code]).toEqual([403, 'not-permitted']);
  expect((await analyst.send('POST', path, { dataset: 'survey', format: 'docx' })).status).toBe(400);
  expect((await analyst.send('POST', path, { dataset: 'other', format: 'csv' })).status).toBe(404);
  const viewer = await world.asViewer();
  expect((await viewer.send('GET', path)).status).toBe(403);
  for (let n = 0; n < 10; n += 1) await asked('csv');
  const refused = await analyst.send('POST', path, { dataset: 'survey', format: 'csv' });
  expect([refused.status, refused.body.code]).toEqual([429, 'too-many-exports']);
});
