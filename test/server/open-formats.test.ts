/**
 * Parquet, JSON Lines, the script for R, the syntax for SPSS, DDI and the data package, each read by somebody else's reader
 * and compared with the CSV cell by cell. A reader that is not here is named, and passed by.
 */
import { spawnSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missingCodes, missingReasons } from '../../instruments/missing.ts';
import type { Context } from '../../server/context.ts';
import { exportFileTables, exportParts } from '../../server/datasets/export.ts';
import { plainText } from '../../server/datasets/formats/csv.ts';
import { writeParquet } from '../../server/datasets/formats/parquet.ts';
import { testDatabase } from '../database.ts';
import { csvRows, exportsStudy } from './exports.ts';
import { checkAgainstDdi } from './format-matrix/ddi-schema.ts';
import { contextOn } from './people.ts';

const starts = (command: string, ...args: readonly string[]) => spawnSync(command, args).status === 0;
const here = {
  R: starts('Rscript', '--version'),
  PSPP: starts('pspp', '--version'),
  unzip: starts('unzip', '-v'),
  xmllint: starts('xmllint', '--version'),
};
const absent = Object.entries(here).flatMap(([name, is]) => (is ? [] : [name]));
if (absent.length > 0) process.stdout.write(`Not here, so open formats are not read by: ${absent.join(', ')}\n`);

const codes: ReadonlyMap<string, string> = new Map(
  missingReasons.map((reason) => [String(missingCodes[reason]), reason]),
);
let folder: string;
let context: Context;
let header: string[];
let lines: string[][];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fidelis-open-'));
  ({ context } = contextOn(await testDatabase()));
  await exportsStudy(context);
  [header = [], ...lines] = await csvRows(context);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function tablesAs(format: 'parquet' | 'jsonl'): Promise<string[]> {
  const names: string[] = [];
  await exportFileTables(
    context,
    { study: 'exports', administration: 'survey', format },
    async ({ name }, _, write) => {
      names.push(name);
      await write(createWriteStream(join(folder, `${name}.${format}`)));
    },
  );
  return names;
}

/** A cell of the CSV as a value and a reason. */
function cellOf(name: string, line: readonly string[]): { text: string | null; reason: string | null } {
  const cell = line[header.indexOf(name)] ?? '';
  const reason = codes.get(cell) ?? null;
  return { text: reason === null && cell !== '' ? plainText(cell) : null, reason };
}

const bytesOf = async (path: string) => {
  const { buffer, byteOffset, byteLength } = await readFile(path);
  return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
};

test('Parquet says what the CSV says, typed, with the reasons of gaps', async () => {
  expect(await tablesAs('parquet')).toEqual(['data', 'visits', 'events']);
  const file = await bytesOf(join(folder, 'data.parquet'));
  const rows = await parquetReadObjects({ file });
  expect(rows).toHaveLength(lines.length);
  for (const name of header) {
    for (const [at, line] of lines.entries()) {
      const { text, reason } = cellOf(name, line);
      const value = rows[at]?.[name];
      const gap = rows[at]?.[`${name}_gap`] ?? null;
      if (typeof value === 'string') expect([value, gap], name).toEqual([text ?? '', null]);
      else if (value instanceof Date) expect(value.toISOString().slice(0, text?.length ?? 0), name).toBe(text);
      else if (value === null || value === undefined) expect(gap, name).toBe(reason);
      else if (/^\d\d:\d\d/.test(text ?? ''))
        expect(new Date(Number(value)).toISOString().slice(11, 16), name).toBe(text);
      else expect(Number(value), name).toBe(Number(text));
    }
  }
  const described = parquetMetadata(file).key_value_metadata?.find(({ key }) => key === 'fidelis')?.value ?? '';
  const { fields } = JSON.parse(described);
  expect(fields.find(({ name }: { name: string }) => name === 'colour').categories[0]).toMatchObject({ value: 1 });
});

test('a Parquet file without rows, and one of many groups, hold what they should', async () => {
  const variables = [
    { name: 'n', label: 'A number', kind: 'integer', measurement: 'scale', values: [], gaps: false },
    { name: 'big', label: 'A large number', kind: 'integer', measurement: 'scale', values: [], gaps: false },
    { name: 'at', label: 'A moment', kind: 'datetime', measurement: 'scale', values: [], gaps: false },
  ] as const;
  for (const count of [0, 1, 25_003]) {
    const path = join(folder, `rows-${count}.parquet`);
    await writeParquet(createWriteStream(path), {
      ...{ name: 'data', title: 'Rows', at: new Date(0), variables, rows: count, widths: [0, 0, 0] },
      ranges: [{ min: 0, max: count }, { min: 0, max: 2 ** 40 }, null],
      async *read() {
        for (let at = 0; at < count; at += 100) {
          const size = Math.min(100, count - at);
          yield Array.from({ length: size }, (_, index) => ({
            values: [at + index, 2 ** 40 - at - index, '1899-12-31T23:59'],
            reasons: [null, null, null],
          }));
        }
      },
    });
    const rows = await parquetReadObjects({ file: await bytesOf(path) });
    expect(rows).toHaveLength(count);
    if (count === 0) continue;
    expect(rows.at(-1)).toMatchObject({ n: count - 1, big: BigInt(2 ** 40 - count + 1) });
    expect(rows[0]?.at).toEqual(new Date('1899-12-31T23:59Z'));
  }
});

test('JSON Lines says what the CSV says, with the reasons of gaps', async () => {
  expect(await tablesAs('jsonl')).toEqual(['data', 'visits', 'events']);
  const text = await readFile(join(folder, 'data.jsonl'), 'utf8');
  const rows = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(rows).toHaveLength(lines.length);
  for (const [at, line] of lines.entries()) {
    const { _missing: missing = {}, ...values } = rows[at];
    expect(Object.keys(values)).toEqual(header);
    for (const name of header) {
      const value = values[name];
      const { text: expected, reason } = cellOf(name, line);
      if (missing[name]) expect([value, missing[name]], name).toEqual([null, reason]);
      else if (typeof value === 'string') expect(value, name).toBe(plainText(line[header.indexOf(name)] ?? ''));
      else expect(value, name).toBe(expected === null ? null : Number(expected));
    }
  }
});

describe('the zip', () => {
  beforeAll(async () => {
    const path = join(folder, 'all.zip');
    await exportParts(context, 'exports', ['survey'], 'zip', () => createWriteStream(path));
    if (here.unzip) expect(spawnSync('unzip', ['-q', '-o', path, '-d', join(folder, 'all')]).status).toBe(0);
  });
  const inside = (name: string) => join(folder, 'all', name);

  test.skipIf(!here.R || !here.unzip)(
    'has a script by which R reads labelled factors, gaps and the same scores',
    async () => {
      const program = `source("data.R")
stopifnot(is.factor(d$colour), identical(attr(d$colour, "codes")[[1]], 1))
scores <- grep("^score_", names(d), value = TRUE)
for (s in scores) {
  rebuilt <- d[[sub("^score_", "rebuilt_", s)]]
  stopifnot(length(rebuilt) == nrow(d), identical(is.na(rebuilt), is.na(d[[s]])), all(abs(rebuilt - d[[s]]) < 1e-12, na.rm = TRUE))
}
entries <- new.env()
source("visits.R", local = entries)
stopifnot(identical(nrow(entries$d), nrow(read.csv("visits.csv"))), nrow(entries$d) > 0, entries$d$response %in% d$response)
cat(nrow(d), length(scores), sum(gaps$colour %in% "declined"), sum(!is.na(d$on_day)), class(d$on_day), sep = "\\n")
writeLines(enc2utf8(as.character(d$words)), "words.txt", sep = "\\u2029", useBytes = TRUE)
writeLines(enc2utf8(ifelse(is.na(d$colour), "", as.character(d$colour))), "colours.txt", useBytes = TRUE)`;
      await writeFile(inside('read.R'), program);
      const ran = spawnSync('Rscript', ['read.R'], {
        cwd: join(folder, 'all'),
        encoding: 'utf8',
        env: { ...process.env, LC_ALL: 'C.UTF-8' },
      });
      expect(ran.status, ran.stderr).toBe(0);
      const of = (name: string) => lines.map((line) => cellOf(name, line));
      const scores = header.filter((name) => name.startsWith('score_'));
      expect(scores.length).toBeGreaterThan(0);
      expect(ran.stdout.trim().split('\n')).toEqual([
        String(lines.length),
        String(scores.length),
        String(of('colour').filter(({ reason }) => reason === 'declined').length),
        String(of('on_day').filter(({ text }) => text !== null).length),
        'Date',
      ]);
      const words = (await readFile(inside('words.txt'), 'utf8')).split('\u2029').slice(0, -1);
      // read.csv makes line feeds of all ends of lines.
      const expected = of('words').map(({ text, reason }) => (reason ? 'NA' : (text ?? '').replaceAll(/\r\n?/g, '\n')));
      expect(words.map((text) => text.replaceAll(/\r\n?/g, '\n'))).toEqual(expected);
    },
  );

  test.skipIf(!here.PSPP || !here.unzip)('has syntax by which PSPP makes the same scores', async () => {
    const scores = header.filter((name) => name.startsWith('score_'));
    const pairs = scores.map((name) => [name, name.replace(/^score_/, 'rebuilt_')] as const);
    const check = pairs.map(
      ([score, rebuilt], at) =>
        `COMPUTE same${at} = (MISSING(${score}) AND MISSING(${rebuilt})) OR ABS(${score} - ${rebuilt}) < 1e-12.\nRECODE same${at} (SYSMIS=0).\n`,
    );
    const syntax = `${await readFile(inside('scores.sps'), 'utf8')}${check.join('')}DESCRIPTIVES ${pairs.map((_, at) => `same${at}`).join(' ')} /STATISTICS=MIN MAX.\n`;
    await writeFile(inside('check.sps'), syntax);
    const ran = spawnSync('pspp', ['-O', 'format=csv', 'check.sps'], { cwd: join(folder, 'all'), encoding: 'utf8' });
    expect(ran.status, ran.stdout).toBe(0);
    for (const at of pairs.keys()) expect(ran.stdout).toContain(`same${at},${lines.length},1.00,1.00`);
  });

  test.skipIf(!here.xmllint || !here.unzip)('has a DDI document that is valid, with every variable', async () => {
    const ran = spawnSync('xmllint', ['--xpath', 'count(//*[local-name()="var"])', inside('ddi.xml')], {
      encoding: 'utf8',
    });
    expect(ran.status, ran.stderr).toBe(0);
    expect(Number(ran.stdout)).toBeGreaterThan(header.length);
    checkAgainstDdi([inside('ddi.xml')]);
  });

  test.skipIf(!here.unzip)('has a data package that names each file and column', async () => {
    const { resources } = JSON.parse(await readFile(inside('datapackage.json'), 'utf8'));
    for (const { path, schema } of resources) {
      const [names = ''] = (await readFile(inside(path), 'utf8')).split('\r\n');
      expect(schema.fields.map(({ name }: { name: string }) => name)).toEqual(names.split(','));
    }
    const page = await readFile(inside('codebook.html'), 'utf8');
    for (const name of header) expect(page).toContain(`<th scope="row">${name}</th>`);
  });
});
