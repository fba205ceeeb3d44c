/** Data that can say nothing: a null with its reason, never NaN or an infinite figure, and a refusal that names its function. */
import { expect, test } from 'vitest';
import { oneWayAnova } from '../../analysis/anova.ts';
import { confirmatoryFactorAnalysis } from '../../analysis/cfa.ts';
import { clusterRobustModel } from '../../analysis/cluster-robust.ts';
import { fisherExactTest } from '../../analysis/contingency.ts';
import { pearsonCorrelation } from '../../analysis/correlation.ts';
import { correlationMatrix, covarianceMatrix } from '../../analysis/covariance.ts';
import { groupReliability } from '../../analysis/group-reliability.ts';
import { littleTest } from '../../analysis/little-test.ts';
import { mixedModel } from '../../analysis/mixed-model.ts';
import { ordinalFactor } from '../../analysis/ordinal-factor.ts';
import { pooledEstimate } from '../../analysis/pooling.ts';
import { raterReliability } from '../../analysis/rater-reliability.ts';
import { cronbachAlpha } from '../../analysis/reliability.ts';
import { reliabilityDetail, splitHalves } from '../../analysis/reliability-detail.ts';
import { surveyDesign } from '../../analysis/survey/design.ts';
import { surveyRegression } from '../../analysis/survey/regression.ts';
import { oracleColumns } from '../oracle.ts';

const codes = (notes: readonly { code: string }[]) => notes.map(({ code }) => code);

test('pairs on one line: the correlation is 1 with p 0, as in R, and t is null', () => {
  const { correlation, t, p } = pearsonCorrelation([1, 2, 3, 4, 5], [2, 4, 6, 8, 10]);
  expect({ value: correlation.value, t, p }).toEqual({ value: 1, t: null, p: 0 });
  expect(codes(correlation.notes)).toEqual(['on-a-line']);
});

test('groups of one mean have no ICC(2), and the least ICC(1) that there is', () => {
  const found = groupReliability([
    [1, 3],
    [3, 1],
    [2, 2],
  ]);
  expect(found.icc1.value).toBe(-1);
  expect(found.icc2).toMatchObject({ value: null, interval: null });
  expect(codes(found.icc2.notes)).toContain('equal-groups');
  expect(found).toMatchObject({ icc2SteppedUp: null, effectivePeople: null });
});

test('subjects of one mean have no reliability of the mean of raters, and no test of agreement', () => {
  const found = raterReliability([
    [1, 2, 3, 4],
    [4, 3, 2, 1],
  ]);
  expect(found.consistency.single.value).toBeCloseTo(-1, 12);
  for (const { value, interval, notes } of [found.consistency.mean, found.oneWay.mean]) {
    expect({ value, interval }).toEqual({ value: null, interval: null });
    expect(codes(notes)).toEqual(['no-variance']);
  }
  // (MSR - MSE) / (MSR + (MSC - MSE) / n) with MSR = MSC = 0 is n.
  expect(found.agreement.mean).toMatchObject({ value: 4, interval: null, df2: null, notes: [{ code: 'beyond-one' }] });
});

test('columns that nobody answered together have no degrees of freedom for the test of Little', () => {
  const { chiSquare, p, notes, df } = littleTest([
    [1, 2, 4, null, null, null],
    [null, null, null, 2, 5, 3],
  ]);
  expect({ chiSquare, p }).toEqual({ chiSquare: null, p: null });
  expect(df ?? 0).toBe(0);
  expect(notes.length).toBeGreaterThan(0);
});

test('a coefficient of 0 without any residual has no cluster-robust error', () => {
  const arm = [0, 1, 0, 1, 0, 1];
  const { model, notes } = clusterRobustModel(arm, { arm }, ['a', 'a', 'b', 'b', 'c', 'c'], { type: 'CR0' });
  expect(model).toBeNull();
  expect(codes(notes)).toEqual(['perfect-fit']);
});

test('people of one cluster have estimates, but no errors and no test that allow for clusters', () => {
  const names = ['x1', 'x2', 'x3', 'x4'];
  const columns = Object.fromEntries(
    oracleColumns('HolzingerSwineford1939.csv', names).map((column, i) => [names[i] ?? '', column]),
  );
  const cluster = columns.x1?.map(() => 'one') ?? [];
  const plain = confirmatoryFactorAnalysis('f =~ x1 + x2 + x3 + x4', columns, { meanStructure: true });
  const { solution, notes } = confirmatoryFactorAnalysis('f =~ x1 + x2 + x3 + x4', columns, { cluster });
  expect(codes(notes)).toContain('one-cluster');
  expect(codes(notes)).not.toContain('not-identified');
  expect(solution?.measures).toMatchObject({ scaled: null, robust: null });
  expect(solution?.measures.chiSquare).toBeCloseTo(plain.solution?.measures.chiSquare ?? 0, 9);
  expect(solution?.parameters.every(({ free, standardError }) => !free || standardError === null)).toBe(true);
});

test('what is no table of two by two is refused by name', () => {
  const wrong = [[1, 2]] as unknown as Parameters<typeof fisherExactTest>[0];
  expect(() => fisherExactTest(wrong)).toThrow(/^fisherExactTest requires/);
  expect(() => fisherExactTest([] as unknown as typeof wrong)).toThrow(RangeError);
});

test('items with one category among the complete rows are told by number, and give no factor', () => {
  const { factor, notes } = ordinalFactor([
    [1, 2, null],
    [1, 1, 2],
    [2, 1, 1],
  ]);
  expect(factor).toBeNull();
  expect(notes).toEqual([
    { code: 'constant-item', text: 'Item 2 has one answer or none among the complete rows, so no factor.' },
  ]);
  expect(codes(ordinalFactor([[], [], []]).notes)).toEqual(['constant-item']);
});

test('items that cancel each other have no alpha and no bounds, whatever rounding leaves of their sum', () => {
  // The sum of each row is 14: its variance is 0 exactly.
  const rows = [
    [1, 3, 3],
    [2, 1, 2],
    [2, 3, 3],
    [3, 1, 1],
    [2, 2, 1],
    [3, 1, 3],
  ];
  const columns = [
    ...rows,
    rows[0]?.map((_, at) => 14.1 - rows.reduce((all, row) => all + (row[at] ?? 0) * 1.0, 0)) ?? [],
  ];
  const { alpha } = cronbachAlpha(columns);
  expect(alpha.value).toBeNull();
  expect(codes(alpha.notes)).toContain('no-variance');
  const covariances = covarianceMatrix(columns);
  expect(reliabilityDetail(covariances)).toMatchObject({ lambda1: null, lambda2: null });
  const opposite = correlationMatrix(
    covarianceMatrix([
      [3, 5],
      [1, 3],
      [4, 2],
      [5, 4],
    ]),
  );
  expect(splitHalves(opposite).every((each) => each === null)).toBe(true);
});

test('groups whose means differ by rounding alone do not differ', () => {
  const third = 1 / 3;
  const found = oneWayAnova([
    [third, 2 * third, 1],
    [1 / 3 + 1e-16, 2 * third, 1],
    [1, third, 2 * third],
  ]);
  expect(found.f).toBe(0);
  expect(found.p).toBe(1);
});

test('ordered answers of too few people have no factor, and the reason', () => {
  const { factor, notes } = ordinalFactor([
    [3, 2, 5, 3],
    [2, 3, 4, 3],
    [3, 1, 3, 1],
    [2, 3, 2, 4],
    [3, 2, 2, 1],
    [5, 4, 3, 5],
  ]);
  expect(factor).toBeNull();
  expect(codes(notes)).toEqual(['no-errors']);
});

test('groups that leave nothing within them have no mixed model', () => {
  const { model, notes } = mixedModel([2, 2, 2, 1, 1], { b: [2, 1, 2, 1, 1] }, [
    { name: 'k', groups: ['k1', 'k2', 'k0', 'k0', 'k1'] },
  ]);
  expect(model).toBeNull();
  expect(codes(notes)).toEqual(['no-variance']);
});

test('a regression on a survey that fits exactly has no test of nothing over nothing', () => {
  const design = surveyDesign({ stages: [{ units: ['k0', 'k0', 'k3', 'k1', 'k2', 'k0', 'k2', 'k3'] }] });
  const found = surveyRegression(design, [null, 1, 1, 1, 2, null, 2, 2], { b: [null, 1, null, 1, 2, null, 2, null] });
  expect(found.coefficients?.map(({ estimate }) => estimate)).toEqual([0, 1]);
  expect(found.coefficients?.[0]?.p).toBeNaN();
  expect(codes(found.notes)).toEqual(['perfect-fit']);
});

test('imputations that leave no degrees of freedom have no interval', () => {
  const { estimate } = pooledEstimate([1, 3, 2], [1e-9, 1e-9, 1e-9], 1);
  expect(estimate).toMatchObject({ value: 2, interval: null });
  expect(codes(estimate.notes)).toEqual(['no-degrees']);
});
