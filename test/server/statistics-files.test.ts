/**
 * Files for SPSS and Stata, read back by other people's readers: R's haven and PSPP. On a machine without them the test
 * says so and passes by.
 */
import { spawnSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missingReasons } from '../../instruments/missing.ts';
import type { Context } from '../../server/context.ts';
import { exportFileTables } from '../../server/datasets/export.ts';
import type { FileRow, FileVariable } from '../../server/datasets/file-columns.ts';
import type { FileTable } from '../../server/datasets/file-table.ts';
import { plainText } from '../../server/datasets/formats/csv.ts';
import { writeDta } from '../../server/datasets/formats/dta.ts';
import { writeSav } from '../../server/datasets/formats/sav.ts';
import { testDatabase } from '../database.ts';
import { csvRows, exportsStudy } from './exports.ts';
import { contextOn } from './people.ts';

const starts = (command: string, ...args: readonly string[]) => spawnSync(command, args).status === 0;
const haven = starts('Rscript', '-e', 'library(haven)');
const pspp = starts('pspp', '--version');
const absent = [...(haven ? [] : ['R with haven']), ...(pspp ? [] : ['PSPP'])];
if (absent.length > 0) process.stdout.write(`Not here, so .sav and .dta are not read by: ${absent.join(', ')}\n`);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fidelis-formats-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const variable = (name: string, kind: FileVariable['kind'], more: Partial<FileVariable> = {}): FileVariable => ({
  name,
  label: `About ${name}`,
  kind,
  measurement: 'nominal',
  values: [],
  gaps: false,
  ...more,
});

/** A table in memory; what a part measures of its rows is measured here. */
function tableOf(variables: readonly FileVariable[], rows: readonly FileRow[], title = 'A table'): FileTable {
  const column = (at: number) => rows.map(({ values }) => values[at] ?? null);
  return {
    name: 'data',
    title,
    at: new Date('2026-11-22T12:00:00Z'),
    variables,
    rows: rows.length,
    widths: variables.map(({ kind }, at) =>
      kind === 'text' ? Math.max(0, ...column(at).map((value) => Buffer.byteLength(String(value ?? '')))) : 0,
    ),
    ranges: variables.map(({ kind }, at) => {
      const numbers = column(at).filter((value) => typeof value === 'number');
      return kind === 'integer' && numbers.length > 0 ? { min: Math.min(...numbers), max: Math.max(...numbers) } : null;
    }),
    async *read() {
      yield [...rows];
    },
  };
}

const row = (...values: readonly (number | string | null)[]): FileRow => ({ values, reasons: values.map(() => null) });

/** What a reader says, as JSON. */
interface ReadColumn {
  readonly name: string;
  readonly label: string | null;
  readonly class: string;
  /** Numbers as text with 17 digits, texts as they are, null where nothing is. */
  readonly values: (string | null)[];
  /** Stata's tags of missing values. */
  readonly tags?: (string | null)[];
  readonly labels: Record<string, string> | null;
}

const script = `
suppressPackageStartupMessages(library(haven))
arguments <- commandArgs(TRUE)
data <- if (grepl("sav$", arguments[1])) read_sav(arguments[1], user_na = TRUE) else read_dta(arguments[1])
quoted <- function(x) {
  x <- gsub("\\\\", "\\\\\\\\", x, fixed = TRUE); x <- gsub("\\"", "\\\\\\"", x, fixed = TRUE)
  x <- gsub("\\n", "\\\\n", x, fixed = TRUE); x <- gsub("\\r", "\\\\r", x, fixed = TRUE); x <- gsub("\\t", "\\\\t", x, fixed = TRUE); x <- gsub("\\a", "\\\\u0007", x, fixed = TRUE)
  paste0("\\"", x, "\\"")
}
written <- function(x) ifelse(is.na(x), "null", quoted(x))
listed <- function(x) paste0("[", paste(x, collapse = ","), "]")
text <- function(x) if (is.character(x)) as.vector(x) else if (inherits(x, "POSIXct")) format(x, "%Y-%m-%dT%H:%M:%S", tz = "UTC") else if (inherits(x, "Date")) format(x) else { v <- as.vector(unclass(x)); ifelse(is.na(v), NA, format(v, digits = 17, trim = TRUE, scientific = FALSE)) }
columns <- vapply(names(data), function(n) {
  x <- data[[n]]
  labels <- attr(x, "labels")
  keys <- if (is.null(labels)) character() else ifelse(is.na(labels), paste0(".", na_tag(labels)), format(labels, digits = 17, trim = TRUE))
  tags <- if (is.double(x)) na_tag(x) else rep(NA, length(x))
  paste0("{\\"name\\":", quoted(n), ",\\"label\\":", if (is.null(attr(x, "label"))) "null" else quoted(attr(x, "label")),
    ",\\"class\\":", quoted(class(x)[1]), ",\\"values\\":", listed(written(text(x))), ",\\"tags\\":", listed(written(tags)),
    ",\\"labels\\":", if (is.null(labels)) "null" else paste0("{", paste0(quoted(keys), ":", quoted(names(labels)), collapse = ","), "}"), "}")
}, "")
writeLines(enc2utf8(listed(columns)), arguments[2], useBytes = TRUE)
`;

async function readByHaven(format: 'sav' | 'dta', table: FileTable): Promise<Map<string, ReadColumn>> {
  const path = join(folder, `table.${format}`);
  await (format === 'sav' ? writeSav : writeDta)(createWriteStream(path), table);
  return haveRead(path);
}

async function haveRead(path: string): Promise<Map<string, ReadColumn>> {
  const program = join(folder, 'read.R');
  await writeFile(program, script);
  const answer = join(folder, 'answer.json');
  const environment = { ...process.env, LC_ALL: 'C.UTF-8' };
  const { status, stderr } = spawnSync('Rscript', [program, path, answer], { encoding: 'utf8', env: environment });
  if (status !== 0) throw new Error(stderr);
  const columns = JSON.parse(await readFile(answer, 'utf8')) as ReadColumn[];
  return new Map(columns.map((column) => [column.name, column]));
}

const longest = 'n'.repeat(32);
const texts = [
  'x'.repeat(32_000),
  '😀'.repeat(700),
  'e\u0301a\u0308'.repeat(100),
  'مدرسة شراكة',
  'a "quote"',
  'two\nlines',
  '=1+1',
  ' blanks ',
  '',
] as const;

describe.skipIf(!haven).each(['sav', 'dta'] as const)('%s as haven reads it', (format) => {
  test('texts of every kind and length', async () => {
    const names = texts.map((_, at) => `text_${at}`);
    const variables = names.flatMap((name) => [variable(name, 'text'), variable(`${name}_after`, 'integer')]);
    const rows = [row(...texts.flatMap((text, at) => [text, at + 1])), row(...texts.flatMap((_, at) => ['', -at - 1]))];
    const columns = await readByHaven(format, tableOf(variables, rows));
    // Readers take blanks at the end of a text for padding.
    expect(names.map((name) => columns.get(name)?.values)).toEqual(texts.map((text) => [text.trimEnd(), '']));
    expect(names.map((name) => columns.get(`${name}_after`)?.values.map(Number))).toEqual(
      texts.map((_, at) => [at + 1, -at - 1]),
    );
  });

  test('numbers, days and times exactly', async () => {
    const numbers = [0.1 + 0.2, -1e-300, 1e300, 151, 152, -99, -100, 2 ** 31, -(2 ** 40), 0];
    const days = ['1582-10-15', '1752-09-14', '1899-12-31', '1900-01-01', '2026-03-29', '9999-12-31'];
    const clocks = ['2026-03-29T01:30', '2026-10-25T01:30', '1899-12-31T23:59', '1970-01-01T00:00'];
    const hours = ['00:00', '23:59', '12:30:15'];
    const rows = numbers.map((number, at) =>
      row(number, Number.isInteger(number) ? number : null, days[at] ?? null, clocks[at] ?? null, hours[at] ?? null),
    );
    const columns = await readByHaven(
      format,
      tableOf(
        [
          variable('number', 'number'),
          variable('whole', 'integer'),
          variable('on_day', 'date'),
          variable('at', 'datetime'),
          variable('time', 'time'),
        ],
        rows,
      ),
    );
    const read = (name: string) => columns.get(name)?.values.map((value) => (value === null ? null : Number(value)));
    expect(read('number')).toEqual(numbers);
    expect(read('whole')).toEqual(numbers.map((number) => (Number.isInteger(number) ? number : null)));
    expect(columns.get('on_day')).toMatchObject({ class: 'Date', values: [...days, null, null, null, null] });
    expect(columns.get('at')?.class).toBe('POSIXct');
    expect(columns.get('at')?.values.slice(0, 4)).toEqual(clocks.map((clock) => `${clock}:00`));
    const seconds = [0, 86_340, 45_015];
    if (format === 'sav') expect(read('time')?.slice(0, 3)).toEqual(seconds);
    else
      expect(columns.get('time')?.values.slice(0, 3)).toEqual(
        hours.map((hour) => `1960-01-01T${hour.padEnd(8, ':00')}`),
      );
  });

  test('labels, and the reason of each gap', async () => {
    const values = [
      { code: 1, label: 'Yes, "quite"' },
      { code: 2, label: 'Two\nlines' },
      { code: 3, label: '=3' },
    ];
    const rows = [1, 2, 3]
      .map((code) => row(code, code / 2))
      .concat(missingReasons.map((reason): FileRow => ({ values: [null, null], reasons: [reason, reason] })));
    const columns = await readByHaven(
      format,
      tableOf(
        [
          variable('answer', 'integer', { values, gaps: true, label: 'Zoë’s “label”' }),
          variable('score', 'number', { gaps: true }),
        ],
        rows,
      ),
    );
    const answer = columns.get('answer');
    expect(answer?.label).toBe('Zoë’s “label”');
    expect(answer?.labels).toMatchObject({ '1': 'Yes, "quite"', '2': 'Two\nlines', '3': '=3' });
    for (const name of ['answer', 'score']) {
      const column = columns.get(name);
      if (format === 'sav') {
        expect(column?.values.slice(3).map(Number)).toEqual([-991, -992, -993, -994, -995, -996, -997]);
        expect(column?.labels).toMatchObject({ '-993': 'Seen and left blank', '-997': 'Withdrawn' });
      } else {
        expect(column?.tags).toEqual([null, null, null, 'a', 'b', 'c', 'd', 'e', 'f', 'g']);
        expect(column?.labels).toMatchObject({ '.c': 'Seen and left blank', '.g': 'Withdrawn' });
      }
    }
  });

  test('no row, one row, an empty column, a name and a label as long as can be', async () => {
    const variables = [
      variable(longest, 'integer', { label: 'ä'.repeat(400) }),
      variable('empty', 'text'),
      variable('gone', 'number'),
    ];
    for (const rows of [[], [row(null, '', null)]]) {
      const columns = await readByHaven(format, tableOf(variables, rows, 'ö'.repeat(300)));
      expect([...columns.keys()]).toEqual([longest, 'empty', 'gone']);
      expect(columns.get(longest)?.values).toEqual(rows.map(() => null));
      expect(columns.get('empty')?.values).toEqual(rows.map(() => ''));
      expect(columns.get(longest)?.label).toMatch(/^ä{80,127}$/);
    }
  });
});

describe.skipIf(!haven)('a study with every type of question', () => {
  let context: Context;
  let rows: readonly (readonly string[])[];
  beforeAll(async () => {
    ({ context } = contextOn(await testDatabase()));
    await exportsStudy(context);
    rows = await csvRows(context);
  });

  test.each(['sav', 'dta'] as const)('says in .%s what it says in CSV, cell by cell', async (format) => {
    const stems: string[] = [];
    const of = { study: 'exports', administration: 'survey', format };
    await exportFileTables(context, of, async ({ name }, stem, write) => {
      stems.push(`${stem} ${name}`);
      await write(createWriteStream(join(folder, `${name}.${format}`)));
    });
    expect(stems.map((stem) => stem.split(' ')[1])).toEqual(['data', 'visits', 'events']);
    const columns = await haveRead(join(folder, `data.${format}`));
    const codes = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((tag, at) => [tag, -991 - at] as const);
    const [header = [], ...lines] = rows;
    for (const [at, name] of header.entries()) {
      const column = columns.get(name);
      const cells = lines.map((line) => line[at] ?? '');
      const tags = new Map(codes);
      const read = (column?.values ?? []).map((value, line) => {
        const gap = columns.get(`${name}_gap`) ?? column;
        const tag = gap?.tags?.[line];
        const code = format === 'dta' && tag ? String(tags.get(tag as 'a')) : null;
        if (format === 'sav' && gap !== column && gap?.values[line]) return gap.values[line];
        return code ?? value ?? '';
      });
      if (['Date', 'POSIXct', 'hms'].includes(column?.class ?? '')) continue;
      const isText = column?.class === 'character';
      expect(isText ? read : read.map(Number), name).toEqual(
        isText ? cells.map((cell) => plainText(cell).trimEnd()) : cells.map(Number),
      );
    }
    const day = header.indexOf('on_day');
    expect(columns.get('on_day')?.values).toEqual(lines.map((line) => (line[day]?.startsWith('-') ? null : line[day])));
  });

  test('a linked table has its keys', async () => {
    const columns = await haveRead(join(folder, 'visits.sav'));
    expect([...columns.keys()].slice(0, 3)).toEqual(['response', 'row', 'visit_day']);
    expect(columns.get('row')?.values.length).toBeGreaterThan(50);
  });
});

test.skipIf(!pspp)('PSPP reads names, labels, levels and gaps of a .sav', async () => {
  const path = join(folder, 'pspp.sav');
  const table = tableOf(
    [
      variable(longest, 'integer', { measurement: 'ordinal', gaps: true, values: [{ code: 1, label: 'One' }] }),
      variable('words', 'text'),
      variable('on_day', 'date', { measurement: 'scale' }),
    ],
    [row(1, 'x'.repeat(600), '2026-03-29'), { values: [null, 'short', null], reasons: ['skipped', null, 'skipped'] }],
  );
  await writeSav(createWriteStream(path), table);
  const syntax = join(folder, 'read.sps');
  await writeFile(
    syntax,
    `GET FILE='${path}'.\nDISPLAY DICTIONARY.\nCOMPUTE length = LENGTH(RTRIM(words)).\nLIST ${longest} on_day length.\nFREQUENCIES ${longest}.\n`,
  );
  const { stdout, status } = spawnSync('pspp', ['-O', 'format=csv', syntax], { encoding: 'utf8' });
  expect(status, stdout).toBe(0);
  expect(stdout).not.toMatch(/warning|error/i);
  expect(stdout).toContain(`${longest},1,About ${longest},Ordinal,Input,`);
  expect(stdout).toMatch(/on_day,\d+,About on_day,Scale,Input,/);
  expect(stdout).toMatch(/-997 THRU -991/);
  expect(stdout).toMatch(/2026\/03\/29,\s*600/);
  expect(stdout).toMatch(/Missing,.*Seen and left blank,1/s);
});
