/** Every declared analysis on data that can say nothing or little: it gives notes or refuses by path, and never fails otherwise. */
import { describe, expect, it } from 'vitest';
import { analyses } from '../../../analysis/plan/all.ts';
import { type Cell, type Dataset, datasetOf } from '../../../analysis/plan/dataset.ts';
import { PlanError } from '../../../analysis/plan.ts';
import { ask } from './ask.ts';
import { items, options } from './options.ts';

/** Rows of the answers, the arm, whether somebody took part, and the cluster. */
function data(rows: number, answer: (row: number, item: number) => Cell, arm = (row: number) => row % 2): Dataset {
  const of = (value: (row: number) => Cell) => Array.from({ length: rows }, (_, row) => value(row));
  return datasetOf({
    ...Object.fromEntries(items.map((name, item) => [name, of((row) => answer(row, item))])),
    t: of(arm),
    u: of((row) => row % 2),
    k: of((row) => `k${row % 4}`),
  });
}

const worlds: Readonly<Record<string, Dataset>> = {
  'no rows': data(0, () => 1),
  'one row': data(1, (_, item) => 1 + (item % 5)),
  'two rows': data(2, (row, item) => 1 + ((row + item) % 5)),
  'nothing answered': data(12, () => null),
  'one answer throughout': data(12, () => 3),
  'columns that determine one another': data(12, (row) => 1 + (row % 5)),
  'one arm': data(
    12,
    (row, item) => 1 + ((row * (item + 2)) % 5),
    () => 1,
  ),
  'an arm for each answer': data(12, (row) => 1 + (row % 2)),
};

it('every analysis is tried', () => {
  // A new analysis needs a line above.
  expect(analyses.map(({ name }) => name).filter((name) => !(name in options))).toEqual([]);
});

describe.each(Object.entries(worlds))('%s', (_world, dataset) => {
  it.each(analyses.map(({ name }) => [name, options[name] ?? {}] as const))('%s', (analysis, chosen) => {
    try {
      const { tables, charts, estimates = [] } = ask(dataset, analysis, chosen);
      expect(tables.length).toBeGreaterThan(0);
      expect(estimates.length).toBeGreaterThan(0);
      for (const { table } of charts) expect(tables.map(({ id }) => id)).toContain(table);
      for (const { columns, rows } of tables) {
        for (const row of rows) {
          expect(row).toHaveLength(columns.length);
          for (const cell of row) expect(Number.isNaN(cell), JSON.stringify(row)).toBe(false);
        }
      }
      for (const { estimate } of estimates) {
        if (estimate.value !== null) expect(Number.isFinite(estimate.value)).toBe(true);
        else expect(estimate.notes.length, JSON.stringify(estimate)).toBeGreaterThan(0);
        for (const bound of [estimate.interval?.lower ?? 0, estimate.interval?.upper ?? 0]) {
          expect(Number.isFinite(bound)).toBe(true);
        }
      }
    } catch (error) {
      // Of these data only labels that are not there make a wrong plan; all else the data cannot say.
      if (!(error instanceof PlanError)) throw error;
      expect(error.message).toMatch(/^analyses\[0\]\.options\.compare\[[01]\]: no row has [01] in column t$/);
    }
  });
});
