/** Every declared analysis on data that can say nothing or little: it gives notes or refuses by path, and never fails otherwise. */
import { describe, expect, it } from 'vitest';
import { analyses } from '../../../analysis/plan/all.ts';
import { type Cell, type Dataset, datasetOf } from '../../../analysis/plan/dataset.ts';
import { PlanError } from '../../../analysis/plan.ts';
import { ask } from './ask.ts';

const items = ['a', 'b', 'c', 'd', 'e', 'f'];
const range = [1, 5];
const arms = { group: 't', compare: [1, 0] };
const design = { stages: [{ units: 'k' }] };

/** Options that fit the columns of the data below. */
const options: Readonly<Record<string, object>> = {
  descriptives: { columns: items },
  'group-means': { outcome: 'a', group: 'k' },
  'scale-scores': { items, range },
  'cronbach-alpha': { items, reversed: ['b'], range },
  'guttman-bounds': { items },
  'omega-total': { items },
  'omega-hierarchical': { items },
  'ordinal-reliability': { items },
  'number-of-factors': { items, seed: 1 },
  'exploratory-factor-analysis': { items, factors: 2 },
  'polychoric-correlations': { items },
  'confirmatory-factor-analysis': {
    factors: [
      { name: 'one', items: ['a', 'b', 'c'] },
      { name: 'two', items: ['d', 'e', 'f'] },
    ],
  },
  'measurement-invariance': { factors: [{ name: 'one', items: ['a', 'b', 'c', 'd'] }], group: 't' },
  'group-reliability': { outcome: 'a', group: 'k' },
  'group-agreement': { items, range, group: 'k' },
  'group-variance': { outcome: 'a', group: 'k' },
  'cohen-kappa': { raters: ['a', 'b'] },
  'fleiss-kappa': { raters: ['a', 'b', 'c'] },
  'krippendorff-alpha': { raters: ['a', 'b', 'c'], scales: ['nominal', 'interval'] },
  'rater-reliability': { raters: ['a', 'b', 'c'] },
  'careless-answers': { items },
  'little-test': { columns: items },
  'likelihood-moments': { columns: items },
  attrition: { outcome: 'a', ...arms, predictors: ['b'] },
  'imputed-regression': { outcome: 'a', predictors: ['b', 'c'], seed: 1, imputations: 2, rounds: 1 },
  't-test': { outcome: 'a', ...arms },
  'paired-t-test': { before: 'a', after: 'b' },
  'rank-sum-test': { outcome: 'a', ...arms },
  'one-way-anova': { outcome: 'a', group: 'k' },
  correlations: { columns: items },
  'chi-square-test': { rows: 'a', columns: 'k' },
  'adjust-p-values': { p: [0.01, null] },
  'linear-regression': { outcome: 'a', predictors: ['b', 'c'], factors: ['k'] },
  'logistic-regression': { outcome: 't', predictors: ['b', 'c'] },
  'mixed-model': { outcome: 'a', predictors: ['b'], levels: ['k'] },
  'cluster-robust-regression': { outcome: 'a', predictors: ['b'], cluster: 'k' },
  'complier-effect': { outcome: 'a', takingPart: 'u', offer: 't', cluster: 'k' },
  matching: { ...arms, covariates: ['a', 'b'], effect: { before: 'c', after: 'd' } },
  'standardised-difference': { outcome: 'a', ...arms },
  'standardised-change': { before: 'a', after: 'b' },
  'clustered-effect': { outcome: 'a', ...arms, cluster: 'k' },
  'model-effect': { outcome: 'a', ...arms, cluster: 'k', predictors: ['b'] },
  proportion: { outcome: 'a', ones: [1] },
  'proportion-difference': { outcome: 'a', ...arms },
  'survey-mean': { outcomes: ['a', 'b'], by: 't', quantiles: [0.5], ...design },
  'survey-ratio': { top: 'a', bottom: 'b', ...design },
  'survey-proportion': { outcome: 'u', by: 't', ...design },
  'survey-regression': { outcome: 'a', predictors: ['b'], ...design },
  'minimum-detectable-effect': { clusters: 10, clusterSize: 5, icc: 0.1 },
  'cluster-trial-power': { clusters: 10, clusterSize: 5, icc: 0.1, effect: 0.2 },
  'design-effect': { clusterSize: 5, icc: 0.1 },
};

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
      const { tables, estimates = [], notes = [] } = ask(dataset, analysis, chosen);
      expect(tables.length + notes.length).toBeGreaterThan(0);
      for (const { columns, rows } of tables) {
        for (const row of rows) {
          expect(row).toHaveLength(columns.length);
          for (const cell of row) expect(Number.isNaN(cell), JSON.stringify(row)).toBe(false);
        }
      }
      for (const { estimate } of estimates) {
        expect(Number.isNaN(estimate.value)).toBe(false);
        if (estimate.value === null) expect(estimate.notes.length + notes.length).toBeGreaterThan(0);
      }
    } catch (error) {
      if (!(error instanceof PlanError)) throw error;
      expect(error.message).toMatch(/^analyses\[0\]\.options/);
    }
  });
});
