/** Reads the oracle files in `test/oracles/` and compares figures with them; used by the tests of analysis/. */
import { readFileSync } from 'node:fs';
import Papa from 'papaparse';
import { expect } from 'vitest';

const folder = new URL('./oracles/', import.meta.url);

/** The `results` of an oracle file, like `oracleResults<Reliability>('02_reliability.json')`. */
export function oracleResults<Results>(file: string): Results {
  return (JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as { results: Results }).results;
}

/** The named numeric columns of an oracle's data set; empty cells are null. */
export function oracleColumns(file: string, names: readonly string[]): (number | null)[][] {
  const text = readFileSync(new URL(file, folder), 'utf8');
  const { data } = Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true });
  return names.map((name) =>
    data.map((row) => {
      const cell = row[name];
      if (cell === undefined) throw new Error(`${file} has no column ${name}`);
      return cell === '' ? null : Number(cell);
    }),
  );
}

/** Asserts that a figure agrees with the expected one within a relative tolerance (absolute below 1e-300). */
export function expectClose(actual: number | null | undefined, expected: number, tolerance: number, where = ''): void {
  if (typeof actual !== 'number') throw new Error(`${where} is ${actual}, expected ${expected}`);
  const distance = Math.abs(actual - expected);
  expect(distance, `${where}: ${actual} against ${expected}`).toBeLessThanOrEqual(
    tolerance * Math.abs(expected) + 1e-300,
  );
}

/** A column of an oracle's data set as the texts that stand in the file. */
export function oracleTexts(file: string, name: string): string[] {
  const text = readFileSync(new URL(file, folder), 'utf8');
  const { data } = Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true });
  return data.map((row) => row[name] ?? '');
}
