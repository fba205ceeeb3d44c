/** Data that can say nothing: a null with its reason, never NaN or an infinite figure, and a refusal that names its function. */
import { expect, test } from 'vitest';
import { confirmatoryFactorAnalysis } from '../../analysis/cfa.ts';
import { clusterRobustModel } from '../../analysis/cluster-robust.ts';
import { fisherExactTest } from '../../analysis/contingency.ts';
import { pearsonCorrelation } from '../../analysis/correlation.ts';
import { groupReliability } from '../../analysis/group-reliability.ts';
import { littleTest } from '../../analysis/little-test.ts';
import { ordinalFactor } from '../../analysis/ordinal-factor.ts';
import { raterReliability } from '../../analysis/rater-reliability.ts';
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
