/** The two fixture instruments hold what their data and the oracles made from them hold. */
import { readFileSync } from 'node:fs';
import Papa from 'papaparse';
import { describe, expect, test } from 'vitest';
import { codebookOf } from '../../instruments/codebook.ts';
import { load, readJson } from './load.ts';

const fixtures = new URL('../fixtures/instruments/', import.meta.url);
const oracles = new URL('../oracles/', import.meta.url);

describe('fixture instruments', () => {
  const cases = (
    readJson(new URL('02_reliability.json', oracles)) as {
      results: Record<string, OracleCase>;
    }
  ).results;
  interface OracleCase {
    readonly data: string;
    readonly items: readonly string[];
    readonly reversed: readonly string[] | string;
    readonly scale: readonly number[];
  }

  test.each([
    ['bfi', 'agree', 'bfi_agree'],
    ['bfi', 'conscientious', 'bfi_consc'],
    ['bfi', 'extraversion', 'bfi_extra'],
    ['bfi', 'neuroticism', 'bfi_neuro'],
    ['bfi', 'openness', 'bfi_open'],
    ['lq2002', 'leadership', 'lq2002_lead'],
    ['lq2002', 'task_significance', 'lq2002_tsig'],
    ['lq2002', 'hostility', 'lq2002_hostile'],
  ])('%s scores %s on the items, keying and range of the oracle case %s', (id, scaleId, name) => {
    const scale = load(fixtures, `${id}.v1.json`).scales.find((candidate) => candidate.id === scaleId);
    const oracle = cases[name];
    expect(oracle?.data).toBe(id);
    expect(scale?.items.map((item) => item.name)).toEqual(oracle?.items.map((item) => item.toLowerCase()));
    const keyed = [oracle?.reversed ?? []].flat().map((item) => item.toLowerCase());
    expect(scale?.items.filter((item) => item.reversed).map((item) => item.name)).toEqual(keyed);
    expect([scale?.range.min, scale?.range.max]).toEqual(oracle?.scale);
  });

  test.each(['bfi', 'lq2002'])('the codebook of %s holds every column and every value of its data', (id) => {
    const codebook = codebookOf(load(fixtures, `${id}.v1.json`));
    const { data, meta } = Papa.parse<Record<string, string>>(readFileSync(new URL(`${id}.csv`, oracles), 'utf8'), {
      header: true,
      skipEmptyLines: true,
    });
    expect(codebook.variables.map(({ name }) => name)).toEqual(meta.fields?.map((field) => field.toLowerCase()));
    for (const [index, variable] of codebook.variables.entries()) {
      const field = meta.fields?.[index] ?? '';
      const codes = new Set(variable.values.map((value) => value.code));
      const values = new Set(data.map((row) => row[field] ?? '').filter((cell) => cell !== ''));
      for (const value of [...values].map(Number)) {
        if (codes.size > 0) expect(codes.has(value), `${field} ${value}`).toBe(true);
        else expect(value >= (variable.range?.min ?? 0) && value <= (variable.range?.max ?? 0), `${field}`).toBe(true);
        if (variable.type === 'integer') expect(Number.isInteger(value), `${field} ${value}`).toBe(true);
      }
    }
  });
});
