/** Fidelity and change: R's slopes on a simulated trial, and what is left out and why. */
import { expect, test } from 'vitest';
import { type RelationPoint, relate } from '../../../analysis/evaluation/relations.ts';
import type { Estimate } from '../../../analysis/result.ts';
import { expectClose, oracleColumns, oracleResults, oracleTexts } from '../../oracle.ts';

interface Figure {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}
const oracle = oracleResults<
  {
    readonly schools: number;
    readonly clusters: number;
    readonly band: readonly (Figure & { readonly index: number })[];
  } & Readonly<Record<'robust' | 'mixed' | 'less' | 'more' | 'difference', Figure>>
>('reports/21_relations.json');

/** Schools of the programme: uptake as their index, and how the mean score has changed. */
function trialPoints(): RelationPoint[] {
  const columns = oracleColumns('sim_trial.csv', ['treat', 'uptake', 'score_pre', 'score_post', 'fsm']);
  const [treat = [], uptake = [], before = [], after = [], fsm = []] = columns;
  const [schools, clusters] = [oracleTexts('sim_trial.csv', 'school'), oracleTexts('sim_trial.csv', 'cluster')];
  const rowsOf = new Map<string, number[]>();
  schools.forEach((school, row) => {
    if (treat[row] === 1) rowsOf.set(school, [...(rowsOf.get(school) ?? []), row]);
  });
  const mean = (column: readonly (number | null)[], rows: readonly number[]) => {
    const values = rows.flatMap((row) => column[row] ?? []);
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  return [...rowsOf].map(([name, rows]) => ({
    name,
    cluster: clusters[rows[0] ?? 0] ?? '',
    index: mean(uptake, rows),
    change: mean(after, rows) - mean(before, rows),
    disadvantaged: (fsm[rows[0] ?? 0] ?? 0) / 100,
  }));
}

function close(found: Estimate, expected: Figure, tolerance: number, where: string) {
  const width = expected.upper - expected.lower;
  // A slope may lie near zero: compared in units of the interval.
  expect(Math.abs((found.value ?? Number.NaN) - expected.value) / width, where).toBeLessThan(tolerance);
  for (const bound of ['lower', 'upper'] as const) {
    const distance = Math.abs((found.interval?.[bound] ?? Number.NaN) - expected[bound]) / width;
    expect(distance, `${where}, ${bound}`).toBeLessThan(tolerance);
  }
}

test('slopes and their intervals agree with clubSandwich and lmerTest', () => {
  const points = trialPoints();
  const { robust, mixed, disadvantage, line } = relate(points);
  expect([robust.n, new Set(points.map(({ cluster }) => cluster)).size]).toEqual([oracle.schools, oracle.clusters]);
  close(robust, oracle.robust, 1e-9, 'robust');
  close(mixed, oracle.mixed, 1e-5, 'mixed');
  close(disadvantage.less, oracle.less, 1e-9, 'less');
  close(disadvantage.more, oracle.more, 1e-9, 'more');
  close(disadvantage.difference, oracle.difference, 1e-9, 'difference');
  // The line goes from the lowest index, 0, to the highest, 1, and has the slope of the model: ten points are a tenth of the way.
  const [lowest, highest] = [line[0], line.at(-1)];
  expectClose(((highest?.value ?? 0) - (lowest?.value ?? 0)) / 10, oracle.robust.value, 1e-9, 'line');
  for (const [at, expected] of [
    [lowest, oracle.band[0]],
    [highest, oracle.band[2]],
  ] as const) {
    expectClose(at?.index ?? Number.NaN, expected?.index ?? 0, 1e-12, 'index');
    for (const bound of ['lower', 'upper'] as const) {
      expectClose(at?.interval?.[bound] ?? Number.NaN, expected?.[bound] ?? 0, 1e-9, `line at ${at?.index}, ${bound}`);
    }
  }
  expect(disadvantage.less.n + disadvantage.more.n).toBe(oracle.schools);
});

test('what few schools or one cluster cannot say is null with the reason', () => {
  const [first, second] = trialPoints();
  if (!first || !second) throw new Error('no points');
  const two = relate([first, { ...second, cluster: first.cluster }]);
  expect([two.robust.value, two.mixed.value, two.line]).toEqual([null, null, []]);
  expect(two.robust.notes.length).toBeGreaterThan(0);
  expect(relate([]).disadvantage.median).toBeNull();
});
