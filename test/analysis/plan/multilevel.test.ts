/** Models of people in groups, asked for through a plan: the figures are those of the oracles. */
import { expect, test } from 'vitest';
import { datasetOf } from '../../../analysis/plan/dataset.ts';
import { parsePlan } from '../../../analysis/plan.ts';
import { ask, estimateOf, oracleData, rowOf } from './ask.ts';

const trial = oracleData('sim_trial');

test('a mixed model of teachers in schools in clusters', () => {
  const options = { outcome: 'score_post', predictors: ['treat', 'score_pre'], levels: ['cluster', 'school'] };
  const section = ask(trial, 'mixed-model', options);
  // From 08_mixed.json, sim_score_3level, reml.
  expect(estimateOf(section, 'b1')).toMatchObject({ value: expect.closeTo(3.52266565118356, 6), n: 1599 });
  const [, , se, , , t, df, p] = rowOf(section, 'coefficients', 'treat');
  expect(se).toBeCloseTo(0.77124021493763, 6);
  expect(t).toBeCloseTo(4.56753367233117, 5);
  expect(df).toBeCloseTo(21.1492572701179, 3);
  expect(p).toBeCloseTo(0.000164712818774266, 7);
  expect(rowOf(section, 'components', 'school:cluster').at(-1)).toBeCloseTo(1.78227201131798, 5);
  expect(rowOf(section, 'fit', 'Log-likelihood')[1]).toBeCloseTo(-5775.08545401384, 5);
  expect(rowOf(section, 'fit', 'Groups of cluster')[1]).toBe(30);
  const adjusted = ask(trial, 'mixed-model', { ...options, degrees: 'kenward-roger' });
  expect(rowOf(adjusted, 'coefficients', 'treat')[6]).toBeCloseTo(25.5756407207896, 4);
});

test('a factor of several labels is tested as a whole, and full likelihood can be asked for', () => {
  const section = ask(trial, 'mixed-model', {
    outcome: 'score_post',
    predictors: ['treat', 'score_pre'],
    factors: ['pair'],
    levels: ['cluster', 'school'],
    method: 'ml',
  });
  expect(rowOf(section, 'factors', 'pair').slice(2, 3)).toEqual([14]);
  expect(section.notes?.map(({ code }) => code)).toContain('singular');
});

test('a regression with cluster-robust errors, weighted or not', () => {
  const options = { outcome: 'score_post', predictors: ['treat', 'score_pre'], cluster: 'cluster' };
  const section = ask(trial, 'cluster-robust-regression', options);
  // From 12_cace.json, sim_trial, intention to treat.
  const [, estimate, se, , , , df] = rowOf(section, 'coefficients', 'treat');
  expect([estimate, se, df]).toEqual([
    expect.closeTo(3.37939677868327, 9),
    expect.closeTo(0.624532424925918, 9),
    expect.closeTo(20.0630634490486, 8),
  ]);
  const weighted = ask(trial, 'cluster-robust-regression', { ...options, weights: 'years', type: 'CR1S' });
  expect(estimateOf(weighted, 'b1').method).toBe('Least squares, CR1S');
});

test('the effect on those who took part', () => {
  const section = ask(trial, 'complier-effect', {
    outcome: 'score_post',
    takingPart: 'uptake',
    offer: 'treat',
    predictors: ['score_pre'],
    cluster: 'cluster',
  });
  expect(estimateOf(section, 'effect')).toMatchObject({
    value: expect.closeTo(4.7751251532768, 9),
    interval: { lower: expect.closeTo(2.96996743063041, 8), upper: expect.closeTo(6.58028287592319, 8), level: 0.95 },
  });
  expect(rowOf(section, 'strength', 'Took part when offered')[1]).toBeCloseTo(0.747530186608123, 12);
  expect(section.notes?.map(({ code }) => code)).toContain('complier-assumptions');
});

test('data that cannot say give a section with a note, and slopes must be predictors', () => {
  const one = datasetOf({ y: [1, 2, 3], t: [0, 1, 0], o: [0, 1, 1], g: ['a', 'a', 'a'] });
  const codes = (analysis: string, options: object) => ask(one, analysis, options).notes?.map(({ code }) => code);
  expect(codes('mixed-model', { outcome: 'y', levels: ['g'] })).toEqual(['too-few-groups']);
  expect(codes('cluster-robust-regression', { outcome: 'y', cluster: 'g' })).toEqual(['too-few-clusters']);
  expect(codes('complier-effect', { outcome: 'y', takingPart: 't', offer: 'o', cluster: 'g' })).toContain(
    'too-few-clusters',
  );
  const wrong = (options: object) =>
    parsePlan({ title: 'T', analyses: [{ analysis: 'mixed-model', options: { outcome: 'y', ...options } }] });
  expect(wrong({ levels: ['g'], slopes: ['t'] })).toMatchObject({
    ok: false,
    issues: [{ path: 'analyses[0].options.slopes[0]' }],
  });
  expect(wrong({ levels: ['g', 'o'], predictors: ['t'], slopes: ['t'] })).toMatchObject({ ok: false });
});
