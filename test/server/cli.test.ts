import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Papa from 'papaparse';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedEngine, startEngine } from '../../server/database/embedded.ts';
import { packageRoot } from '../../server/package-root.ts';
import { collect, fidelis, start, studyFile } from './command.ts';
import { unzipped } from './exports.ts';

const bfi = join(packageRoot, 'test', 'oracles', 'bfi.csv');
const bfiInstrument = join(packageRoot, 'test', 'fixtures', 'instruments', 'bfi.v1.json');
const patience = 120_000;

let folder: string;
let dataFolder: string;
let engine: EmbeddedEngine;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fidelis-test-cli-'));
  dataFolder = join(folder, 'data');
  // What a running server has: an engine on the data folder, which commands find and join.
  engine = await startEngine({ dataFolder, log: pino({ level: 'silent' }), shared: true });
}, patience);

afterAll(async () => {
  await engine.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('while the server runs', () => {
  it(
    'a study is created, filled from a file, exported and comes out as it went in',
    async () => {
      const added = await fidelis(dataFolder, ['instruments', 'add', bfiInstrument, '--why', 'real input', '--json']);
      expect(JSON.parse(added.out)).toMatchObject({ id: 'bfi', version: 1, created: true });
      const listed = await fidelis(dataFolder, ['instruments', 'list']);
      expect(listed.out).toMatch(/^bfi@1 /m);
      expect(listed.out).toMatch(/^collective-efficacy@1 /m);

      const file = await studyFile(folder, 'real', 'bfi', false);
      const created = await fidelis(dataFolder, ['studies', 'create', '--file', file, '--json']);
      expect(JSON.parse(created.out)).toEqual({
        study: 'real',
        clusters: 0,
        schools: 2,
        people: 3,
        administrations: 1,
        invitations: 2,
      });
      expect(await fidelis(dataFolder, ['studies', 'create', '--file', file])).toMatchObject({
        code: 1,
        err: expect.stringMatching(/There is a study "real"/),
      });

      const into = ['responses', 'import', '--study', 'real', '--administration', 'survey'];
      expect(await fidelis(dataFolder, [...into, '--file', bfi])).toMatchObject({
        code: 0,
        out: 'Read 2800 rows: 2800 new responses, 0 that were there already.\n',
      });
      const again = await fidelis(dataFolder, [...into, '--file', bfi, '--json']);
      expect(JSON.parse(again.out)).toEqual({ rows: 2800, created: 0, unchanged: 2800, alike: 0 });

      const wrong = join(folder, 'wrong.csv');
      await writeFile(wrong, (await readFile(bfi, 'utf8')).replace('\n2,4,3,4,4,', '\n2,4,7,4,4,'));
      const refused = await fidelis(dataFolder, [...into, '--file', wrong]);
      expect(refused).toMatchObject({ code: 1, out: '' });
      expect(refused.err).toContain('The file was not imported. Nothing was written. What is wrong, and where:\n');
      expect(refused.err).toContain('row 2, column A3: 7 is not one of the codes. (unknown-code)');

      await writeFile(wrong, (await readFile(bfi, 'utf8')).replaceAll(',', ';'));
      expect((await fidelis(dataFolder, [...into, '--file', wrong])).err.split('\n').slice(-2)).toEqual([
        '  row 1: The columns are separated by semicolons. Save the file with commas between them and try again. (wrong-separator)',
        '',
      ]);

      const out = join(folder, 'real.csv');
      const exported = await fidelis(dataFolder, [
        'export',
        '--study',
        'real',
        '--administration',
        'survey',
        '--format',
        'csv',
        '--out',
        out,
        '--json',
      ]);
      expect(JSON.parse(exported.out)).toMatchObject({
        study: 'real',
        responses: 2800,
        files: [{ path: out }, { path: join(folder, 'real.codebook.csv') }],
      });
      const cells = (text: string) => Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true });
      const given = cells(readFileSync(bfi, 'utf8'));
      const had = cells(readFileSync(out, 'utf8')).data;
      const names = given.meta.fields ?? [];
      const inwards = given.data.map((row) => names.map((name) => row[name] || '-993').join());
      expect(had.map((row) => names.map((name) => row[name.toLowerCase()]).join()).sort()).toEqual(inwards.sort());

      // A copy that was sorted is no new batch, unless somebody says so; a new row among copies is one to look at.
      const [head = '', ...lines] = readFileSync(bfi, 'utf8').trimEnd().split(/\r?\n/);
      const copy = join(folder, 'copy.csv');
      await writeFile(copy, [head, ...lines.slice(0, 3).reverse(), ''].join('\n'));
      const known = await fidelis(dataFolder, [...into, '--file', copy, '--json']);
      expect([known.code, JSON.parse(known.out)]).toMatchObject([1, { problem: { code: 'already-imported' } }]);
      expect((await fidelis(dataFolder, [...into, '--file', copy])).err).toMatch(/nothing was written\. .*--again/);
      await writeFile(copy, [head, ...lines.slice(0, 3), head.replaceAll(/[^,]+/g, ''), ''].join('\n'));
      const some = await fidelis(dataFolder, [...into, '--file', copy, '--json']);
      expect(JSON.parse(some.out)).toEqual({ rows: 4, created: 4, unchanged: 0, alike: 3 });
      expect(some.err).toMatch(/^Warning: 3 of the 4 rows equal rows that another file brought.*column response/m);
      await writeFile(copy, [head, lines[1], ''].join('\n'));
      const taken = await fidelis(dataFolder, [...into, '--file', copy, '--again', '--json']);
      expect(JSON.parse(taken.out)).toEqual({ rows: 1, created: 1, unchanged: 0, alike: 1 });
      expect(taken.err).not.toContain('Warning');
    },
    patience,
  );

  it(
    'accounts are added, with a password of their own or one that is made',
    async () => {
      const add = ['user', 'add', '--email', 'ann@example.org', '--name', 'Ann', '--role', 'analyst'];
      const first = await fidelis(dataFolder, [...add, '--password-stdin', '--json'], 'a long enough passphrase\n');
      expect(first.code).toBe(0);
      expect(JSON.parse(first.out)).toEqual({
        account: { id: expect.any(String), name: 'Ann', email: 'ann@example.org', role: 'analyst' },
      });
      expect(await fidelis(dataFolder, add)).toMatchObject({
        code: 1,
        err: expect.stringMatching(/There is an account with this e-mail address/),
      });
      const made = await fidelis(dataFolder, [
        'user',
        'add',
        '--email',
        'eve@example.org',
        '--name',
        'Eve',
        '--role',
        'viewer',
        '--json',
      ]);
      expect((JSON.parse(made.out) as { password: string }).password.length).toBeGreaterThanOrEqual(16);
      const bob = ['--email', 'bob@example.org', '--name', 'Bob', '--role', 'viewer', '--password-stdin'];
      const short = await fidelis(dataFolder, ['user', 'add', ...bob], 'short');
      expect(short).toMatchObject({ code: 1, err: expect.stringMatching(/account\.password/) });
    },
    patience,
  );

  it(
    'responses are simulated in simulated studies alone, the same for the same seed',
    async () => {
      await fidelis(dataFolder, [
        'studies',
        'create',
        '--file',
        await studyFile(folder, 'toy', 'collective-efficacy', true),
      ]);
      const simulate = [
        'simulate',
        '--administration',
        'survey',
        '--responses',
        '700',
        '--seed',
        '5',
        '--json',
        '--study',
      ];
      expect(JSON.parse((await fidelis(dataFolder, [...simulate, 'toy'])).out)).toEqual({ created: 700, unchanged: 0 });
      expect(JSON.parse((await fidelis(dataFolder, [...simulate, 'toy'])).out)).toEqual({ created: 0, unchanged: 700 });
      const refused = await fidelis(dataFolder, [...simulate, 'real']);
      expect(refused.code).toBe(1);
      expect(JSON.parse(refused.out)).toEqual({
        problem: {
          code: 'state-not-allowed',
          title: '"real" is a real study; answers are simulated only in studies that are marked as simulated.',
        },
      });

      const out = join(folder, 'toy.zip');
      await fidelis(dataFolder, ['export', '--study', 'toy', '--format', 'csv', '--out', out]);
      const files = unzipped(readFileSync(out));
      expect(files.get('README.txt')).toContain('SIMULATED DATA');
      expect((files.get('data.csv') ?? '').trimEnd().split('\r\n').length).toBe(701);
    },
    patience,
  );

  it(
    'a folder takes a file for each administration, and nothing is left of an export that failed',
    async () => {
      const out = join(folder, 'files');
      const done = await fidelis(dataFolder, ['export', '--study', 'toy', '--format', 'xlsx', '--out', `${out}/`]);
      expect(done.code).toBe(0);
      expect(await readdir(out)).toEqual([expect.stringMatching(/^toy-survey-\d{4}-\d\d-\d\d\.xlsx$/)]);
      const absent = join(folder, 'no', 'such', 'folder', 'x.xlsx');
      const refused = await fidelis(dataFolder, ['export', '--study', 'toy', '--format', 'xlsx', '--out', absent]);
      expect(refused).toMatchObject({
        code: 1,
        err: `There is no such file or folder: ${join(folder, 'no', 'such', 'folder')}\n`,
      });
      if (process.platform === 'linux') {
        const nowhere = ['export', '--study', 'toy', '--format', 'xlsx', '--out', '/proc/x.xlsx'];
        expect((await fidelis(dataFolder, nowhere)).err).not.toContain('.part');
      }
      const unknown = await fidelis(dataFolder, [
        'export',
        '--study',
        'nowhere',
        '--format',
        'xlsx',
        '--out',
        join(folder, 'n.xlsx'),
      ]);
      expect(unknown).toMatchObject({ code: 1, err: 'There is no study "nowhere".\n' });
      expect((await readdir(folder)).filter((name) => name.endsWith('.part') || name === 'n.xlsx')).toEqual([]);
    },
    patience,
  );

  it(
    'everything that is wrong with a study file is said at once',
    async () => {
      const file = await studyFile(folder, 'bad', 'no-such-instrument', false);
      const json = JSON.parse(await readFile(file, 'utf8'));
      json.people.push({ id: 'p1', school: 'nowhere', cluster: null, arm: 'third', role: 'teacher' });
      json.administrations[0].wave = 'never';
      await writeFile(file, JSON.stringify(json));
      const { code, out } = await fidelis(dataFolder, ['studies', 'create', '--file', file, '--json']);
      expect(code).toBe(1);
      const { problem } = JSON.parse(out) as { problem: { issues: { code: string; path: string; message: string }[] } };
      expect(problem.issues.at(-1)?.message).toBe(
        'Version 1 of "no-such-instrument" is not published. Publish it first: npx fidelis instruments add FILE --why "…"',
      );
      expect(problem.issues.map((issue) => `${issue.code} ${issue.path}`)).toEqual([
        'repeated-id file.people.3.id',
        'unknown-arm file.people.3.arm',
        'unknown-school file.people.3.school',
        'unknown-wave file.administrations.0.wave',
        'unknown-instrument file.administrations.0.instrument',
      ]);
    },
    patience,
  );
});

describe('while no server runs', () => {
  it(
    'a command starts the engine itself, and two in a row find what the first has written',
    async () => {
      const data = join(folder, 'alone');
      expect(
        await fidelis(data, ['studies', 'create', '--file', await studyFile(folder, 'alone', 'trust', true)]),
      ).toMatchObject({ code: 0 });
      const again = await fidelis(data, ['studies', 'create', '--file', join(folder, 'alone.json')]);
      expect(again).toMatchObject({ code: 1, err: expect.stringMatching(/There is a study "alone"/) });
      const book = await fidelis(data, ['instruments', 'codebook', 'trust@1', '--json']);
      expect(JSON.parse(book.out)).toMatchObject({ instrument: 'trust', version: 1 });
      const absent = await fidelis(data, ['instruments', 'codebook', 'trust@9']);
      expect(absent).toMatchObject({ code: 1, err: 'There is no published version 9 of instrument "trust".\n' });
    },
    patience,
  );

  it(
    'a wrong configuration is refused with the list of what is wrong',
    async () => {
      const child = start(dataFolder, ['instruments', 'list'], { PORT: 'many', MONGODB_URI: 'nowhere' });
      const { code, err } = await collect(child);
      expect(code).toBe(1);
      expect(err).toMatch(/PORT must be a whole number from 0 to 65535/);
      expect(err).toMatch(/MONGODB_URI must begin/);
    },
    patience,
  );

  it(
    'serve starts the server and ends cleanly on Ctrl-C',
    async () => {
      const data = join(folder, 'served');
      const child = start(data, ['serve'], { PORT: '0', LOG_LEVEL: 'error' });
      const ended = collect(child);
      let banner = '';
      await new Promise<void>((resolve, reject) => {
        child.stdout?.on('data', (text) => {
          banner += String(text);
          if (banner.includes('To stop')) resolve();
        });
        child.once('exit', () => reject(new Error('the server ended before it was up')));
      });
      const [, survey = ''] = /survey: +(http:\/\/127\.0\.0\.1:\d+\/s\/[\w-]+) /.exec(banner) ?? [];
      expect((await fetch(survey)).status).toBe(200);
      // A command prints links that lead to the running server, wherever it listens; PUBLIC_URL goes before.
      const { origin } = new URL(survey);
      expect((await fidelis(data, ['demo', 'load'])).out).toContain(`link: ${origin}/s/`);
      const told = start(data, ['demo', 'load', '--json'], { PUBLIC_URL: 'https://survey.example.org' });
      expect(JSON.parse((await collect(told)).out)).toMatchObject({
        loaded: false,
        link: expect.stringMatching(/^https:\/\/survey\.example\.org\/s\//),
      });
      // What a second server on the folder would say; a command joins the running one instead.
      expect(await collect(start(data, ['serve'], { PORT: '0' }))).toMatchObject({
        code: 1,
        err: expect.stringMatching(/already uses this data folder|in use/),
      });
      expect((await fidelis(data, ['instruments', 'list'])).code).toBe(0);
      const record = await readFile(join(data, 'server.json'), 'utf8');
      child.kill('SIGINT');
      expect((await ended).code).toBe(0);
      expect(existsSync(join(data, 'server.json'))).toBe(false);
      // What a server that was killed leaves behind leads nowhere, and is passed over.
      await writeFile(join(data, 'server.json'), record);
      expect((await fidelis(data, ['demo', 'load'])).out).toContain('link: http://127.0.0.1:3000/s/');
    },
    patience,
  );
});
