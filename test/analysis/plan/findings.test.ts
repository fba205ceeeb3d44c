/** Every declared analysis on data that can say something: figures with n and method, tables, and a chart where there is one to draw. */
import { expect, it } from 'vitest';
import { omegaHierarchical } from '../../../analysis/omega.ts';
import { analyses } from '../../../analysis/plan/all.ts';
import { type Cell, datasetOf } from '../../../analysis/plan/dataset.ts';
import { parsePlan, runPlan } from '../../../analysis/plan.ts';
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
  'mixed-comparison',
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

const few = datasetOf({
  y: [1, 2, 4, 3, 6, 5, 7, 9],
  z: [2, 1, 3, 5, 4, 6, 9, 7],
  arm: ['A', 'A', 'A', 'A', 'B', 'B', 'B', 'B'],
  f: ['s', 's', 't', 't', 'u', 'u', 'v', 'v'],
  cl: [1, 2, 1, 2, 1, 2, 1, 2],
  own: [1, 1, 2, 2, 3, 3, 4, 4],
});

it('rows that the plan chose none of are the reason, and the only one', () => {
  const found = ask(few, 'group-means', { outcome: 'y', group: 'f' }, { where: { arm: 'A', f: 'v' } });
  const reason = { code: 'no-rows', text: 'No row has arm = A and f = v.' };
  expect(found.notes).toEqual([reason]);
  expect(found.estimates?.flatMap(({ estimate }) => estimate.notes)).toEqual([reason]);
});

it('a value of the rows that no row has is refused by its path', () => {
  const chosen = (where: object) => () => ask(few, 'group-means', { outcome: 'y', group: 'f' }, { where });
  expect(chosen({ arm: 'Z' })).toThrow('analyses[0].where.arm: no row has Z in column arm');
  expect(chosen({ cl: [1, 3], arm: ['A', 'C'] })).toThrow('analyses[0].where.cl[1]: no row has 3 in column cl');
  expect(chosen({ cl: [1, 3], arm: ['A', 'C'] })).toThrow('analyses[0].where.arm[1]: no row has C in column arm');
  expect(chosen({ cl: '1' })().notes).toBeUndefined();
});

it('a number that no row has is named beside its share of none', () => {
  const absent = { code: 'no-such-value', text: 'No row has 3 or 4 in column cl.' };
  expect(ask(few, 'proportion', { outcome: 'cl', ones: [3, 4] }).notes).toEqual([absent]);
  const labels = () => ask(few, 'proportion', { outcome: 'arm', ones: ['A', 'D'] });
  expect(labels).toThrow('analyses[0].options.ones[1]: no row has D in column arm');
  expect(ask(few, 'proportion', { outcome: 'arm', ones: ['A'] }).notes).toBeUndefined();
});

it('labels of inner groups in several outer ones are said to be different groups', () => {
  const codes = (levels: string[]) =>
    ask(few, 'mixed-model', { outcome: 'y', predictors: ['z'], levels }).notes?.map(({ code }) => code) ?? [];
  expect(codes(['f', 'cl'])).toContain('nested-labels');
  expect(codes(['arm', 'own'])).not.toContain('nested-labels');
});

it('an offer is 0 or 1', () => {
  const options = { outcome: 'y', takingPart: 'z', offer: 'cl', cluster: 'f' };
  expect(() => ask(few, 'complier-effect', options)).toThrow('options.offer: column cl, row 3: 0 or 1 is expected');
});

it('the rank sum test says how its p was found', () => {
  const asked = { outcome: 'y', group: 'arm', compare: ['B', 'A'] };
  expect(ask(few, 'rank-sum-test', asked).text).toBe('y of B against A; p is exact.');
  expect(ask(few, 'rank-sum-test', { ...asked, outcome: 'cl', group: 'arm' }).text).toBe(
    'cl of B against A; p from the normal approximation, corrected for ties and continuity.',
  );
});

it('items that cancel each other have no omega, and notes name items by their columns', () => {
  const turned = datasetOf({
    one: [1, 2, 3, 4, 5, 6, 2, 5],
    two: [2, 1, 3, 5, 4, 6, 1, 6],
    three: [6, 5, 4, 3, 2, 1, 6, 2],
    four: [1, 3, 2, 4, 6, 5, 3, 4],
  });
  const found = ask(turned, 'omega-hierarchical', { items: ['one', 'two', 'three', 'four'], groups: 1 });
  expect(found.notes?.map(({ text }) => text).join(' ')).toContain('three goes against the general factor');
  // Each row of correlations sums to 0, and so does the variance of the sum.
  const cancelled = omegaHierarchical(
    [
      [1, -0.5, -0.5],
      [-0.5, 1, -0.5],
      [-0.5, -0.5, 1],
    ],
    2,
  );
  expect([cancelled.hierarchical, cancelled.total, cancelled.asymptotic, cancelled.alpha]).toEqual(
    Array(4).fill(Number.NaN),
  );
  expect(cancelled.notes.map(({ code }) => code)).toContain('no-variance');
});

it('one row is one row', () => {
  const parsed = parsePlan({ title: 'T', analyses: [{ analysis: 'proportion', options: { outcome: 'y' } }] });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  expect(runPlan(parsed.value, datasetOf({ y: [1] })).subtitle).toBe('1 row, 1 analysis');
});
