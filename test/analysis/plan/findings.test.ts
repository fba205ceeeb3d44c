/** Every declared analysis on data that can say something: figures with n and method, tables, and a chart where there is one to draw. */
import { expect, it } from 'vitest';
import { analyses } from '../../../analysis/plan/all.ts';
import { type Cell, datasetOf } from '../../../analysis/plan/dataset.ts';
import { ask } from './ask.ts';
import { items, options } from './options.ts';

/** Analyses of which there is nothing to draw: single figures, or tests. */
const undrawn = [
  'adjust-p-values',
  'careless-answers',
  'chi-square-test',
  'cohen-kappa',
  'design-effect',
  'group-reliability',
  'group-variance',
  'guttman-bounds',
  'krippendorff-alpha',
  'likelihood-moments',
  'little-test',
  'omega-hierarchical',
  'omega-total',
  'ordinal-reliability',
  'paired-t-test',
  'proportion',
  'rank-sum-test',
  'scale-scores',
  'survey-ratio',
  't-test',
];

const rows = 160;

/** A generator of numbers from 0 to 1 that is the same everywhere (Park and Miller). */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

function answers() {
  const draw = chance(20_261);
  const persons = Array.from({ length: rows }, () => [draw(), draw()] as const);
  const answer = (row: number, item: number): Cell => {
    if (draw() < 0.02) return null;
    const [one, two] = persons[row] ?? [0, 0];
    return 1 + Math.min(4, Math.floor(5 * (0.55 * (item < 3 ? one : two) + 0.45 * draw())));
  };
  const columns: Record<string, Cell[]> = {};
  for (const [item, name] of items.entries()) columns[name] = persons.map((_, row) => answer(row, item));
  const cluster = (row: number) => row % 16;
  columns.t = persons.map((_, row) => cluster(row) % 2);
  columns.u = persons.map((_, row) => (cluster(row) % 2 === 1 && draw() < 0.8 ? 1 : 0));
  columns.k = persons.map((_, row) => `k${cluster(row)}`);
  return datasetOf(columns);
}

const data = answers();

/** Here the designs of power tables are several, so that there is something to compare. */
const more: Readonly<Record<string, object>> = {
  'minimum-detectable-effect': { clusters: [10, 20], clusterSize: 5, icc: 0.1 },
  'cluster-trial-power': { clusters: [10, 20], clusterSize: 5, icc: 0.1, effect: 0.2 },
};

it.each(analyses.map(({ name }) => [name] as const))('%s gives figures', (name) => {
  const section = ask(data, name, more[name] ?? options[name] ?? {});
  const { estimates = [], tables, charts } = section;
  const [first] = estimates;
  expect(first?.estimate.value, JSON.stringify(section.notes)).toEqual(expect.any(Number));
  expect(first?.estimate.n).toBeGreaterThan(0);
  for (const { id, label, estimate } of estimates) {
    expect(label.length * estimate.method.length, id).toBeGreaterThan(0);
    const { value, interval } = estimate;
    if (interval === null || value === null) continue;
    expect(interval.level).toBeGreaterThan(0.5);
    expect(interval.lower, label).toBeLessThanOrEqual(value);
    expect(interval.upper, label).toBeGreaterThanOrEqual(value);
  }
  expect(new Set(estimates.map(({ id }) => id)).size).toBe(estimates.length);
  expect(tables[0]?.id).toBe('x-estimates');
  expect(charts.length > 0, 'a chart').toBe(!undrawn.includes(name));
  for (const { table, summary, title } of charts) {
    expect(tables.map(({ id }) => id)).toContain(table);
    expect(summary.length * title.length).toBeGreaterThan(0);
  }
});

it('regressions give intervals, of the level that was asked for', () => {
  for (const name of ['linear-regression', 'logistic-regression', 'survey-regression']) {
    const wide = ask(data, name, { ...options[name], level: 0.99 }).estimates?.[1]?.estimate;
    const narrow = ask(data, name, { ...options[name], level: 0.5 }).estimates?.[1]?.estimate;
    expect(wide?.interval?.level).toBe(0.99);
    expect(wide?.value).toBe(narrow?.value);
    expect(wide?.interval?.lower).toBeLessThan(narrow?.interval?.lower ?? 0);
  }
});
