/**
 * Formats by hazards: every file of data as other people's readers read it, cell by cell. A reader that is not on this
 * machine is named, and those in JavaScript still read. `.ci/run` installs them all.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { plainText } from '../../../server/datasets/formats/csv.ts';
import { unzippedBytes } from '../exports.ts';
import { checkAgainstDdi } from './ddi-schema.ts';
import { formats, pathOf, writeAll } from './files.ts';
import { hazards, tableOf } from './hazards.ts';
import { readDdi } from './js-readers.ts';
import { run } from './programs.ts';
import { absent, hasUnzip, hasXmllint, readers } from './readers.ts';
import { expectedCells, foundCells, shownVariables } from './table.ts';

if (absent.length > 0) process.stdout.write(`Not here, so the format matrix is not read by: ${absent.join(', ')}\n`);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fidelis-matrix-'));
  await writeAll(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

for (const reader of readers) {
  describe.skipIf(!reader.here)(`.${reader.format} as ${reader.name} reads it`, { timeout: 120_000 }, () => {
    test.each(hazards.filter(({ id }) => !reader.cannot?.includes(id)))('$id', async (hazard) => {
      const table = tableOf(hazard);
      const read = await reader.read(folder, hazard);
      const { limits } = reader;
      const shown = shownVariables(table);
      if (reader.format !== 'jsonl' || table.rows > 0) {
        expect(read.names.filter((name) => shown.some((variable) => variable.name === name))).toEqual(
          shown.map(({ name }) => name),
        );
      }
      const [expected, found] = [await expectedCells(table, limits), foundCells(table, read, limits)];
      for (const [name, cells] of expected) expect(found.get(name), name).toEqual(cells);
      for (const { name, values } of shown) {
        const labels = new Map(values.map(({ code, label }) => [String(code), label]));
        const words = (read.labelled?.get(name) ?? []).map((cell) => (cell === null ? null : plainText(cell)));
        if (read.labelled?.size && labels.size > 0) {
          expect(words, name).toEqual(
            (expected.get(name) ?? []).map((cell) => (cell === null ? null : (labels.get(cell) ?? cell))),
          );
        }
        if (!reader.labels) continue;
        const column = read.columns.get(name);
        expectLabel(column?.label, shown.find((variable) => variable.name === name)?.label ?? '');
        for (const [code, label] of labels) expectLabel(column?.values?.[code], label);
      }
    });
  });
}

/** Labels stand whole, or cut between two characters where the format holds no more: 80 characters in Stata, 120 bytes in SPSS. */
function expectLabel(found: string | null | undefined, label: string): void {
  const whole = found === label || (label.length > 80 && (found ?? '').length >= 60 && label.startsWith(found ?? '?'));
  expect(whole, `${JSON.stringify(found)} for ${JSON.stringify(label)}`).toBe(true);
}

describe('.xml, the DDI document', () => {
  test.each(hazards)('$id, as saxes reads it', async (hazard) => {
    const table = tableOf(hazard);
    const { title, cases, variables } = await readDdi(pathOf(folder, hazard, 'ddi'));
    expect(title).toBe(`${hazard.title}: ${hazard.title}`);
    expect(cases).toBe(String(table.rows));
    expect(variables.map(({ name, label, gaps }) => [name, label, gaps])).toEqual(
      table.variables.map(({ name, label, gaps }) => [name, label, gaps ? 7 : 0]),
    );
    for (const [at, { values }] of table.variables.entries()) {
      expect(variables[at]?.values).toEqual(Object.fromEntries(values.map(({ code, label }) => [String(code), label])));
    }
  });

  test.skipIf(!hasXmllint)('is valid for every hazard', () => {
    checkAgainstDdi(hazards.map((hazard) => pathOf(folder, hazard, 'ddi')));
  });
});

describe('.zip', () => {
  test.each(hazards)('$id: holds the other files byte for byte, and says what they hold', async (hazard) => {
    const table = tableOf(hazard);
    const files = unzippedBytes(await readFile(pathOf(folder, hazard, 'zip')));
    for (const format of ['csv', 'sav', 'dta', 'parquet', 'ddi'] as const) {
      const inside = files.get(format === 'ddi' ? 'ddi.xml' : `data.${format}`);
      expect(inside?.equals(await readFile(pathOf(folder, hazard, format))), format).toBe(true);
    }
    const shown = shownVariables(table).map(({ name, label }) => [name, label]);
    const [described] = JSON.parse(files.get('datapackage.json')?.toString('utf8') ?? '').resources;
    const { fields } = described.schema as { fields: { name: string; title: string }[] };
    expect(fields.map(({ name, title }) => [name, title])).toEqual(shown);
    const codebook = JSON.parse(files.get('codebook.json')?.toString('utf8') ?? '') as Record<string, string>[];
    expect(codebook.map(({ variable, label }) => [variable, label])).toEqual(shown);
  });

  test.skipIf(!hasUnzip)('every one is whole, as unzip says', () => {
    for (const hazard of hazards) {
      expect(run('unzip', ['-tq', pathOf(folder, hazard, 'zip')], folder)).toContain('No errors detected');
    }
  });
});

test('every format there is has a reader', () => {
  const read = new Set<string>([...readers.map(({ format }) => format), 'ddi', 'zip']);
  expect(formats.filter((format) => !read.has(format))).toEqual([]);
});
