import { expect, it } from 'vitest';
import { linearModel } from '../../../analysis/linear-model.ts';
import { datasetOf } from '../../../analysis/plan/dataset.ts';
import { ask, estimateOf, oracleData, rowOf } from './ask.ts';

const options = { outcome: 'y', predictors: ['x'], seed: 7 };

it('a regression without gaps is the plain one', () => {
  const [x, y] = [
    [1, 2, 3, 4, 5, 6],
    [2, 3, 5, 4, 7, 6],
  ];
  const found = ask(datasetOf({ x, y }), 'imputed-regression', options);
  expect(found.notes?.map(({ code }) => code)).toContain('no-gaps');
  const slope = linearModel(y, { x }).model?.coefficients[1]?.estimate;
  expect(estimateOf(found, 'term-2').value).toBeCloseTo(slope ?? Number.NaN, 12);
});

it('gaps are filled the same way for the same seed, and say how much was lost', () => {
  const trial = oracleData('sim_trial');
  const asked = {
    outcome: 'post',
    predictors: ['pre', 'treat'],
    auxiliary: ['score_pre'],
    seed: 1,
    imputations: 5,
    rounds: 3,
  };
  const chosen = { where: { cluster: ['C01', 'C02', 'C03', 'C04'] } };
  const once = ask(trial, 'imputed-regression', asked, chosen);
  expect(ask(trial, 'imputed-regression', asked, chosen)).toEqual(once);
  const missing = rowOf(once, 'tests', 'pre')[5];
  expect(missing).toBeGreaterThan(0);
  expect(missing).toBeLessThan(1);
  const gaps = trial
    .column('post')
    .filter((cell, row) => cell === null && /^C0[1-4]$/.test(String(trial.column('cluster')[row])));
  expect(rowOf(once, 'filled', 'post')[1]).toBe(gaps.length);
});

it('a factor with gaps is refused', () => {
  const data = datasetOf({ y: [1, 2, 3, 4], x: [1, 2, null, 3], g: ['a', null, 'b', 'a'] });
  expect(() => ask(data, 'imputed-regression', { ...options, factors: ['g'] })).toThrow(
    'analyses[0].options.factors[0]: column g, row 3: a factor may have no gaps',
  );
});

it.each([
  ['a predictor', [1, 2, 3, null], [null, null, null, null], 'b'],
  ['the outcome', [null, null, null, null], [1, 2, 3, 4], 'a'],
])('%s without any value has no regression, and is named', (_what, a, b, empty) => {
  const found = ask(datasetOf({ a, b }), 'imputed-regression', { outcome: 'a', predictors: ['b'], seed: 1 });
  expect(found.estimates?.map(({ label, estimate }) => [label, estimate.value])).toEqual([
    ['(Intercept)', null],
    ['b', null],
  ]);
  expect(found.notes).toEqual([
    { code: 'empty-column', text: `${empty} has no value at all, so no gap can be filled.` },
  ]);
});

it('data sets that were imputed elsewhere are pooled as R mice pools them', () => {
  // mice 3 of R: pool(as.mira(list of lm(y ~ x))), of three data sets of eight people; rows of 0 are those before.
  const first = { y: [3, 5, 4, 8, 7, 9, 6, 10], x: [1, 2, 2, 4, 4, 5, 3, 6] };
  const y = [first.y, [3, 5, 6, 8, 7, 9, 6, 11], [3, 5, 5, 8, 7, 9, 6, 9]].flat();
  const x = [first.x, first.x, [1, 2, 2, 4, 3, 5, 3, 6]].flat();
  const m = y.map((_, row) => 1 + Math.floor(row / 8));
  const asked = { outcome: 'y', predictors: ['x'], imputation: 'm' };
  const found = ask(datasetOf({ y, x, m }), 'pooled-regression', asked);
  const slope = estimateOf(found, 'term-2');
  expect(slope).toMatchObject({ value: expect.closeTo(1.36413481696501, 12), n: 8 });
  expect(slope.interval?.lower).toBeCloseTo(0.439181284717637, 10);
  expect(slope.interval?.upper).toBeCloseTo(2.28908834921238, 10);
  expect(rowOf(found, 'tests', 'x').slice(1)).toEqual(
    [0.185976001111107, 7.3350045641106, 1.74242673174995, 0.0260040322109829, 0.719322995483468].map((each) =>
      expect.closeTo(each, 9),
    ),
  );
  const withBefore = datasetOf({
    y: [...y, ...first.y.map(() => null)],
    x: [...x, ...first.x],
    m: [...m, ...first.y.map(() => 0)],
  });
  expect(estimateOf(ask(withBefore, 'pooled-regression', asked), 'term-2')).toEqual(slope);
});

it('one data set is nothing to pool, and sets of unequal length are noted', () => {
  const codes = (m: number[]) =>
    ask(datasetOf({ y: [3, 5, 4, 8, 7, 9, 6, 9], x: [1, 2, 2, 4, 1, 2, 4, 3], m }), 'pooled-regression', {
      outcome: 'y',
      predictors: ['x'],
      imputation: 'm',
    }).notes?.map(({ code }) => code);
  expect(codes([1, 1, 1, 1, 1, 1, 1, 1])).toEqual(['too-few-imputations']);
  expect(codes([1, 1, 1, 1, 1, 2, 2, 2])).toEqual(['unequal-imputations']);
  const inModel = { outcome: 'y', predictors: ['x'], imputation: 'x' };
  expect(() => ask(datasetOf({ y: [1], x: [1] }), 'pooled-regression', inModel)).toThrow('options.imputation');
});
