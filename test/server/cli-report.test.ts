/** `fidelis report`: whole files in every format, a study without answers, and what is refused. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EmbeddedEngine, startEngine } from '../../server/database/embedded.ts';
import { fidelis, studyFile } from './command.ts';
import { unzipped } from './exports.ts';

const patience = 240_000;
let folder: string;
let dataFolder: string;
let engine: EmbeddedEngine;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fidelis-test-cli-report-'));
  dataFolder = join(folder, 'data');
  engine = await startEngine({ dataFolder, log: pino({ level: 'silent' }), shared: true });
  const file = await studyFile(folder, 'told', 'collective-efficacy', false);
  await fidelis(dataFolder, ['studies', 'create', '--file', file, '--json']);
}, patience);

afterAll(async () => {
  await engine.stop();
  await rm(folder, { recursive: true, force: true });
});

const report = (...args: string[]) => fidelis(dataFolder, ['report', ...args]);
const empty = 'There are no responses yet, so there are no results.';

test(
  'a study without answers has an evaluation report that says so, in the format of the file’s ending',
  async () => {
    const page = join(folder, 'evaluation.html');
    const { code, out } = await report('evaluation', '--study', 'told', '--out', page);
    expect(code).toBe(0);
    expect(out).toContain(`Evaluation report: ${page}`);
    expect(out).toContain(empty);
    const text = await readFile(page, 'utf8');
    expect(text).toContain(empty);
    expect(text).toContain('<dt>Schools</dt><dd>2</dd>');
    const book = join(folder, 'evaluation.out');
    const told = JSON.parse(
      (await report('evaluation', '--study', 'told', '--format', 'xlsx', '--out', book, '--json')).out,
    );
    expect(told).toMatchObject({ study: 'told', format: 'xlsx', file: { path: book }, notes: [empty] });
    expect([...unzipped(await readFile(book)).keys()]).toContain('xl/workbook.xml');
  },
  patience,
);

test(
  'a school’s report is a draft until it is released, and no file is left of what is refused',
  async () => {
    const school = join(folder, 'school.docx');
    const { code } = await report('school', '--study', 'told', '--school', 's1', '--out', school);
    expect(code).toBe(0);
    const document = unzipped(await readFile(school)).get('word/document.xml');
    expect(document).toContain('Not released. A draft for the evaluation team: please do not pass it on.');
    expect(document).toContain('Nobody has answered yet, so there is nothing to report.');
    const before = await readdir(folder);
    const unknown = await report(
      'school',
      '--study',
      'told',
      '--school',
      'nowhere',
      '--out',
      join(folder, 'none.html'),
    );
    expect([unknown.code, unknown.err.trim().split('\n').at(-1)]).toEqual([
      1,
      'There is no school "nowhere" in this study.',
    ]);
    const usage = await report('evaluation', '--study', 'told', '--out', join(folder, 'report'));
    expect([usage.code, usage.err.trim()]).toEqual([2, 'error: --format wants one of html, pdf, docx, xlsx']);
    expect(await readdir(folder)).toEqual(before);
  },
  patience,
);
