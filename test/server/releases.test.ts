/**
 * Releases of the demonstration study by command, in processes of their own: frozen, listed, found unchanged; then the data
 * are altered underneath, and the recompute command says where. And over HTTP: the bytes that were frozen.
 */
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mongo } from 'mongoose';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApp } from '../../server/app.ts';
import { connectDatabase, type Database } from '../../server/database/connect.ts';
import type { Release } from '../../server/releases/store.ts';
import type { ReleaseVerdict } from '../../server/releases/verify.ts';
import { fidelis } from './command.ts';
import { contextOn, signedInAs } from './people.ts';

const patience = 300_000;
let folder: string;
let dataFolder: string;
let database: Database;
let definition: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fidelis-test-releases-'));
  dataFolder = join(folder, 'data');
  database = await connectDatabase({ dataFolder, log: pino({ level: 'silent' }) });
  expect((await fidelis(dataFolder, ['demo', 'load'])).code).toBe(0);
  definition = join(folder, 'trust.json');
  const content = {
    name: 'trust-waves',
    title: 'Trust over the waves',
    purpose: 'Deposit in an archive',
    administrations: ['trust-baseline', 'trust-end'],
    tables: ['schools', 'clusters'],
  };
  await writeFile(definition, JSON.stringify(content));
}, patience);
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

async function json<T>(...args: string[]): Promise<{ code: number | null; body: T }> {
  const { code, out, err } = await fidelis(dataFolder, ['release', ...args, '--study', 'demo', '--json']);
  expect(err).toBe('');
  return { code, body: JSON.parse(out) as T };
}
const verify = () => json<{ verdicts: ReleaseVerdict[] }>('verify');

test('a release is frozen, altered underneath, and caught', { timeout: patience }, async () => {
  const made = await json<Release>('create', '--definition', definition, '--purpose', 'The first deposit');
  expect([made.code, made.body.number, made.body.purpose]).toEqual([0, 1, 'The first deposit']);
  expect(made.body.files.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      'data.csv',
      'data.sav',
      'data.dta',
      'data.parquet',
      'schools.csv',
      'ddi.xml',
      'README.txt',
    ]),
  );
  expect(made.body.disclosure).toMatchObject({ level: 'pseudonymous', minimumCell: 5, anonymity: { k: 3 } });
  const again = await json<Release>('create', '--definition', definition, '--purpose', 'Once more');
  expect(again.body.files).toEqual(made.body.files);
  expect(again.body.sha256).toBe(made.body.sha256);

  const listed = await json<{ releases: Release[] }>('list');
  expect(listed.body.releases.map(({ number }) => number)).toEqual([2, 1]);
  const same = await verify();
  expect(same.code).toBe(0);
  expect(same.body.verdicts.map(({ verdict, damagedFiles }) => [verdict, damagedFiles])).toEqual([
    ['unchanged', []],
    ['unchanged', []],
  ]);

  const responses = database.connection.collection('responses');
  const one = await responses.findOne({ study: 'demo', administration: 'trust-baseline', completion: 'complete' });
  const other = await responses.findOne({ study: 'demo', administration: 'trust-end', completion: 'complete' });
  const answers: Record<string, unknown> = one?.answers ?? {};
  const [question = ''] = Object.keys(answers);
  const matrix = answers[question];
  const [item = ''] = typeof matrix === 'object' && matrix !== null ? Object.keys(matrix) : [''];
  const path = item === '' ? `answers.${question}` : `answers.${question}.${item}`;
  const was = item === '' ? matrix : (matrix as Record<string, unknown>)[item];
  await responses.updateOne({ _id: one?._id }, { $set: { [path]: was === 2 ? 3 : 2 } });
  await responses.deleteOne({ _id: other?._id });

  const caught = await verify();
  expect(caught.code).toBe(1);
  const [first] = caught.body.verdicts;
  expect(first?.verdict).toBe('changed');
  const [table] = first?.tables ?? [];
  expect(table).toMatchObject({ table: 'data', added: 0, gone: 1, changed: 1 });
  expect(table?.examples.gone).toEqual([String(other?._id)]);
  expect(table?.examples.changed[0]).toMatchObject({ key: String(one?._id) });
  expect(table?.examples.changed[0]?.columns).toContain(item === '' ? question : item);

  const people = await fidelis(dataFolder, ['release', 'verify', '--study', 'demo', '--number', '1']);
  expect(people.out).toContain('Release 1: THE DATA HAVE CHANGED SINCE.');
  expect(people.out).toContain('data: 0 rows added, 1 gone, 1 changed');
});

test('its files are handed out as they were frozen, and damage to one is told', { timeout: patience }, async () => {
  const { context } = contextOn(database);
  const evaluator = await signedInAs(createApp(context), context, 'evaluator');
  const { body } = await evaluator.send('GET', '/api/studies/demo/releases/1');
  for (const { name, sha256, bytes } of (body as Release).files.filter(({ name }) =>
    /data\.(csv|sav|parquet)|xlsx|zip/.test(name),
  )) {
    const { body: found, status } = await evaluator.agent
      .get(`/api/studies/demo/releases/1/files/${name}`)
      .buffer(true)
      .parse((response, done) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => done(null, Buffer.concat(chunks)));
      });
    const file = found as Buffer;
    expect([name, status, file.length, createHash('sha256').update(file).digest('hex')]).toEqual([
      name,
      200,
      bytes,
      sha256,
    ]);
  }
  expect((await evaluator.send('GET', '/api/studies/demo/releases/1/files/other.csv')).status).toBe(404);
  expect((await evaluator.send('GET', '/api/studies/demo/releases/9')).status).toBe(404);

  const { db } = database.connection;
  if (!db) throw new Error('not connected');
  const frozen = await db.collection('releases').findOne({ study: 'demo', number: 1 });
  const stored = await new mongo.GridFSBucket(db, { bucketName: 'releases' })
    .find({ filename: `${frozen?.files_id}/codebook.csv` })
    .toArray();
  expect(stored).toHaveLength(1);
  await db.collection('releases.chunks').deleteMany({ files_id: stored[0]?._id });
  const { body: verdict } = await evaluator.send('GET', '/api/studies/demo/releases/1/verdict');
  expect(verdict.damagedFiles).toEqual(['codebook.csv']);

  // Also where the data have changed since, and the file to compare them with is not whole.
  const data = await new mongo.GridFSBucket(db, { bucketName: 'releases' })
    .find({ filename: `${frozen?.files_id}/data.csv` })
    .toArray();
  await db.collection('releases.chunks').deleteOne({ files_id: data[0]?._id, n: 1 });
  const { body: second } = await evaluator.send('GET', '/api/studies/demo/releases/1/verdict');
  expect([second.verdict, second.tables]).toEqual(['changed', []]);
  expect([...second.damagedFiles].sort()).toEqual(['codebook.csv', 'data.csv']);
  expect(second.notes).toContain('data.csv is damaged, so its rows cannot be compared.');
  const bare = await fidelis(dataFolder, [
    ...['release', 'create', '--study', 'demo', '--definition', definition, '--purpose', ' ', '--json'],
  ]);
  expect([bare.code, JSON.parse(bare.out).problem.issues[0].path]).toEqual([1, 'purpose']);
});

test('a wrong definition is refused in words, with every place', { timeout: patience }, async () => {
  const wrong = join(folder, 'wrong.json');
  await writeFile(wrong, JSON.stringify({ name: 'Wrong name', administrations: ['trust-baseline', 'nowhere'] }));
  const { code, out } = await fidelis(dataFolder, [
    ...['export', '--study', 'demo', '--definition', wrong, '--format', 'csv'],
    ...['--out', join(folder, 'x.csv'), '--json'],
  ]);
  const { problem } = JSON.parse(out);
  expect([code, problem.code]).toEqual([1, 'invalid-dataset']);
  expect(problem.issues.map(({ path }: { path: string }) => path)).toEqual([
    'definition.name',
    'definition.title',
    'definition.purpose',
  ]);
});
