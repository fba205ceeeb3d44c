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
