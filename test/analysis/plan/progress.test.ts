/** Analyses that take long tell how far they are. */
import { expect, it } from 'vitest';
import { analyses } from '../../../analysis/plan/all.ts';
import { datasetOf } from '../../../analysis/plan/dataset.ts';
import { randomOf } from '../../../instruments/random.ts';
import { items, options } from './options.ts';

const random = randomOf('progress');
const rows = 240;
const people = Array.from({ length: rows }, (_, row) => {
  const trait = random.normal() + 0.5 * Math.sin(row % 12);
  return items.map(() => Math.min(5, Math.max(1, Math.round(3 + trait + random.normal()))));
});
const column = (of: (row: number) => number | null) => Array.from({ length: rows }, (_, row) => of(row));
const data = datasetOf({
  ...Object.fromEntries(
    items.map((item, at) => [item, column((row) => ((row + at) % 17 === 0 ? null : (people[row]?.[at] ?? null)))]),
  ),
  t: column((row) => Number(row % 12 < 6)),
  u: column((row) => Number(row % 12 < 6 && row % 5 > 0)),
  k: column((row) => row % 12),
});

/** What each analysis tells, on data with a structure and gaps. */
function toldBy(name: string): number[] {
  const told: number[] = [];
  analyses.find((one) => one.name === name)?.run(data, options[name], (share) => told.push(share));
  return told;
}

it.each(analyses.map(({ name }) => name))('%s tells shares between 0 and 1 that never fall', (name) => {
  const told = toldBy(name);
  expect(told.every((share) => share >= 0 && share <= 1)).toBe(true);
  expect(told).toEqual([...told].sort((a, b) => a - b));
});

it.each([
  ['mixed-model', 3],
  ['confirmatory-factor-analysis', 6],
  ['measurement-invariance', 12],
  ['imputed-regression', 4],
  ['number-of-factors', 10],
  ['polychoric-correlations', 15],
  ['ordinal-reliability', 30],
  ['likelihood-moments', 5],
  ['little-test', 5],
  ['matching', 4],
  ['logistic-regression', 3],
  ['model-effect', 5],
  ['careless-answers', 5],
  ['attrition', 3],
])('%s tells in the middle of its work, at least %i times', (name, least) => {
  expect(new Set(toldBy(name)).size).toBeGreaterThanOrEqual(least);
});
