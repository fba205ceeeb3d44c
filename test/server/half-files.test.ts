/**
 * No half file is ever offered as whole: readers who hang up, full disks, killed commands and killed releases, on a study
 * with a data folder of its own. What a full disk does to the database itself is in disk-full.test.ts.
 */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, watch } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../../server/app.ts';
import type { Context } from '../../server/context.ts';
import { connectDatabase, type Database } from '../../server/database/connect.ts';
import { ensureIndexes } from '../../server/database/models.ts';
import { type BuiltDataset, buildDataset } from '../../server/datasets/definitions/build.ts';
import { definitionSchema } from '../../server/datasets/definitions/definition.ts';
import { tableFormats, wholeFormats, writeBuilt } from '../../server/datasets/definitions/files.ts';
import { ReaderGone } from '../../server/datasets/formats/body.ts';
import { createRelease } from '../../server/releases/create.ts';
import { listReleases } from '../../server/releases/store.ts';
import { verifyRelease } from '../../server/releases/verify.ts';
import { collect, fidelis, start } from './command.ts';
import { exportsStudy } from './exports.ts';
import { contextOn, signedInAs, type Visitor } from './people.ts';
import { storeResponses } from './small-study.ts';

const patience = 120_000;
const definition = definitionSchema.parse({
  ...{ name: 'whole', title: 'Whole', purpose: 'A test', administrations: ['survey'], texts: true },
});
const disk = mkdtempSync(join(tmpdir(), 'fidelis-test-disk-'));
const mounted = spawnSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=300k', 'tmpfs', disk]).status === 0;
let folder: string;
let dataFolder: string;
let database: Database;
let context: Context;
let logLines: readonly string[];
let file: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fidelis-test-half-'));
  dataFolder = join(folder, 'data');
  database = await connectDatabase({ dataFolder, log: pino({ level: 'silent' }) });
  await ensureIndexes(database.connection);
  const made = contextOn(database);
  [context, logLines] = [made.context, made.lines];
  const { small } = await exportsStudy(context);
  // Enough that a file is not there at once, and more than the small disk holds.
  const answers = { colour: 1, tags: [1], count: 12, remarks: 'word '.repeat(300) };
  await storeResponses(
    context,
    small,
    Array.from({ length: 3000 }, () => ({ answers })),
  );
  file = join(folder, 'whole.json');
  await writeFile(file, JSON.stringify(definition));
}, patience);
afterAll(async () => {
  if (mounted) spawnSync('/bin/umount', [disk]);
  rmSync(disk, { recursive: true, force: true });
  await database.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

describe('a reader', () => {
  let built: BuiltDataset;
  beforeAll(async () => {
    built = await buildDataset(context, 'exports', definition);
  });
  afterAll(() => built.close());

  /** Takes one block and then goes, or fails as a full disk does. */
  const reader = (end: Error | null) =>
    new Writable({
      highWaterMark: 1024,
      write(_chunk, _encoding, done) {
        if (end) done(end);
        else this.destroy();
      },
    });

  test.each([...tableFormats, ...wholeFormats])('who hangs up is told of by .%s', async (format) => {
    await expect(writeBuilt(reader(null), built, format)).rejects.toThrow(ReaderGone);
  });

  test.each([...tableFormats, ...wholeFormats])('who fails fails .%s with the same error', async (format) => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    await expect(writeBuilt(reader(full), built, format)).rejects.toThrow(full);
  });
});

describe('over HTTP', () => {
  let visitor: Visitor;
  beforeAll(async () => {
    visitor = await signedInAs(createApp(context), context, 'analyst');
    expect((await visitor.send('POST', '/api/studies/exports/datasets', definition)).status).toBe(201);
  });

  test.each(['csv', 'sav', 'xlsx', 'zip'])(
    'who hangs up in the middle of .%s leaves nothing',
    { timeout: patience },
    async (format) => {
      const server = createServer(createApp(context)).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const cookie = visitor.agent.jar
        .getCookies({ domain: '127.0.0.1', path: '/', secure: false, script: false })
        .toValueString();
      const { port } = server.address() as AddressInfo;
      const answer = await new Promise<IncomingMessage>((resolve, reject) => {
        const path = `/api/studies/exports/datasets/whole.${format}`;
        get({ port, path, headers: { cookie } }, resolve).on('error', reject);
      });
      expect(answer.statusCode).toBe(200);
      await once(answer, 'data');
      answer.destroy();
      // The server ends: nothing of the answer goes on.
      await new Promise((resolve) => server.close(resolve));
      expect(logLines.filter((line) => /"level":(50|60)/.test(line))).toEqual([]);
    },
  );

  test.skipIf(!mounted)('a full disk for what is put aside is told as such', async () => {
    const before = process.env.TMPDIR;
    process.env.TMPDIR = disk;
    try {
      const { status, body } = await visitor.send('GET', '/api/studies/exports/datasets/whole.csv');
      expect([status, body.code]).toEqual([507, 'disk-full']);
      expect(await readdir(disk)).toEqual([]);
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    }
  });
});

const exporting = (format: string, out: string) => [
  ...['export', '--study', 'exports', '--definition', file, '--format', format, '--out', out],
];

describe('a command', () => {
  test.skipIf(!mounted).each(['csv', 'dta', 'xlsx', 'zip', 'ddi'])(
    'on a full disk leaves no .%s, and says why',
    { timeout: patience },
    async (format) => {
      // Little enough that even what compresses well does not fit.
      await writeFile(join(disk, 'filler'), Buffer.alloc(300_000));
      const { code, out } = await fidelis(dataFolder, [
        ...exporting(format, join(disk, `whole.${format === 'ddi' ? 'xml' : format}`)),
        '--json',
      ]);
      expect([code, JSON.parse(out).problem?.code]).toEqual([1, 'disk-full']);
      expect(await readdir(disk)).toEqual(['filler']);
      await rm(join(disk, 'filler'));
    },
  );

  test('that is killed leaves no file of that name; the next one does, and takes away what was left', {
    timeout: patience,
  }, async () => {
    const into = join(folder, 'killed');
    await mkdir(into);
    const path = join(into, 'whole.zip');
    const child = start(dataFolder, exporting('zip', path));
    const ended = collect(child);
    const watcher = watch(into);
    watcher.once('change', () => child.kill('SIGKILL'));
    expect((await ended).code).toBeNull();
    watcher.close();
    expect(await readdir(into)).toEqual([`.whole.zip.${child.pid}.part`]);
    expect((await fidelis(dataFolder, exporting('zip', path))).code).toBe(0);
    expect(await readdir(into)).toEqual(['whole.zip']);
    expect((await stat(path)).size).toBeGreaterThan(10_000);
  });
});

test('a release whose maker is killed is not there; the next one is whole and the first, and clears up', {
  timeout: patience,
}, async () => {
  const files = database.connection.collection('releases.files');
  const child = start(dataFolder, [
    ...['release', 'create', '--study', 'exports', '--definition', file, '--purpose', 'Killed'],
  ]);
  const ended = collect(child);
  while ((await files.countDocuments()) === 0 && child.exitCode === null) await wait(5);
  child.kill('SIGKILL');
  expect((await ended).code).toBeNull();
  const left = await files.distinct('metadata.release');
  expect(left).toHaveLength(1);
  expect(await listReleases(context.db, 'exports')).toEqual([]);

  const later = { ...context, clock: () => new Date(Date.now() + 2 * 24 * 60 * 60 * 1000) };
  const wanted = { definition, purpose: 'Whole', by: 'a test' };
  const release = await createRelease(later, 'exports', wanted);
  expect(release.number).toBe(1);
  expect(await files.distinct('metadata.release')).not.toContain(left[0]);
  expect(await verifyRelease(context, 'exports', 1)).toMatchObject({ verdict: 'unchanged', damagedFiles: [] });

  // Nobody waits any more: nothing is begun.
  const before = await files.countDocuments();
  await expect(createRelease(later, 'exports', wanted, { signal: AbortSignal.abort() })).rejects.toThrow(ReaderGone);
  expect(await listReleases(context.db, 'exports')).toHaveLength(1);
  expect(await files.countDocuments()).toBe(before);
});
