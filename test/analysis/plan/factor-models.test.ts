/** Factor models asked for through a plan: the figures are those of the oracles. */
import { expect, test } from 'vitest';
import { datasetOf } from '../../../analysis/plan/dataset.ts';
import { parsePlan } from '../../../analysis/plan.ts';
import { ask, estimateOf, oracleData, rowOf } from './ask.ts';

const pupils = oracleData('HolzingerSwineford1939');
const people = oracleData('bfi');
const factors = [
  { name: 'visual', items: ['x1', 'x2', 'x3'] },
  { name: 'textual', items: ['x4', 'x5', 'x6'] },
  { name: 'speed', items: ['x7', 'x8', 'x9'] },
];
const neuroticism = [{ name: 'f', items: ['N1', 'N2', 'N3', 'N4', 'N5'] }];

test('three factors of nine mental tests, plain and robust', () => {
  const section = ask(pupils, 'confirmatory-factor-analysis', { factors });
  // From 04_cfa.json, hs_3factor_marker.
  expect(estimateOf(section, 'cfi').value).toBeCloseTo(0.930559651799335, 8);
  expect(estimateOf(section, 'rmsea')).toMatchObject({ n: 301, interval: { level: 0.9 } });
  expect(estimateOf(section, 'rmsea').interval?.lower).toBeCloseTo(0.0714184904399386, 6);
  expect(rowOf(section, 'fit', 'Chi-square')[1]).toBeCloseTo(85.3055217699732, 6);
  const [, estimate, se] = rowOf(section, 'loadings', 'visual =~ x2');
  expect(estimate).toBeCloseTo(0.553500293763662, 5);
  expect(se).toBeCloseTo(0.0996651187683112, 5);
  expect(rowOf(section, 'modifications', 'visual =~ x9')[1]).toBeCloseTo(36.411, 2);
  const robust = ask(pupils, 'confirmatory-factor-analysis', { factors, robust: true });
  expect(rowOf(robust, 'fit', 'Scaled chi-square')[1]).toBeLessThan(90);
  const shared = ask(pupils, 'confirmatory-factor-analysis', { factors, residualCovariances: [['x7', 'x8']] });
  expect(rowOf(shared, 'variances', 'x7 ~~ x8')[1]).toBeGreaterThan(0);
});

test('invariance between groups, whole and partial', () => {
  const section = ask(people, 'measurement-invariance', { factors: neuroticism, group: 'gender' });
  // From 05_invariance.json, bfi_neuro_by_gender.
  const [, chiSquare, df, , , , rise, riseDf, p] = rowOf(section, 'steps', 'scalar');
  expect(chiSquare).toBeCloseTo(546.080725701577, 5);
  expect(df).toBe(18);
  expect(rise).toBeCloseTo(141.233892035742, 4);
  expect(riseDf).toBe(4);
  expect(p).toBeLessThan(1e-20);
  const means = section.tables.find(({ id }) => id === 'x-means')?.rows ?? [];
  expect(means.map(([, group]) => group)).toEqual(['1', '2']);
  expect(section.notes?.map(({ code }) => code)).toEqual(['rows-left-out']);
  const partial = ask(people, 'measurement-invariance', {
    factors: neuroticism,
    group: 'gender',
    freeIntercepts: ['N4'],
  });
  expect(rowOf(partial, 'steps', 'scalar')[2]).toBe(17);
});

test('what cannot be a model is refused by path, what data cannot say is a note', () => {
  const issues = (options: object, analysis = 'confirmatory-factor-analysis') => {
    const parsed = parsePlan({ title: 'T', analyses: [{ analysis, options }] });
    return parsed.ok ? [] : parsed.issues.map(({ path }) => path);
  };
  expect(issues({ factors: [] })).toEqual(['analyses[0].options.factors']);
  expect(issues({ factors: [{ name: 'x1', items: ['x1', 'x2'] }] })).toEqual(['analyses[0].options.factors[0].name']);
  expect(issues({ factors: [{ name: 'f', items: ['a b', 'x2'] }] })).toEqual([
    'analyses[0].options.factors[0].items[0]',
  ]);
  expect(issues({ factors, residualCovariances: [['x1', 'y']] })).toEqual([
    'analyses[0].options.residualCovariances[0][1]',
  ]);
  expect(issues({ factors, group: 'school', freeLoadings: ['y'] }, 'measurement-invariance')).toEqual([
    'analyses[0].options.freeLoadings[0]',
  ]);
  const flat = datasetOf({ a: [1, 1, 1, 1, 1], b: [1, 2, 3, 4, 6], c: [2, 1, 4, 3, 5], g: [1, 1, 1, 1, 1] });
  const codes = (analysis: string, options: object) => ask(flat, analysis, options).notes?.map(({ code }) => code);
  const one = [{ name: 'f', items: ['a', 'b', 'c'] }];
  expect(codes('confirmatory-factor-analysis', { factors: one })).toEqual(['no-variance']);
  expect(codes('measurement-invariance', { factors: one, group: 'g' })).toEqual(['one-group']);
});
