/** Tests of means, ranks, correlations and tables beyond the oracles: closed forms, invariances, degenerate input. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Adjustment, adjustPValues } from '../../analysis/adjust.ts';
import { leveneTest, oneWayAnova } from '../../analysis/anova.ts';
import { completePairs, groupsOf, pairedTTest, pooledTTest, welchTest } from '../../analysis/compare.ts';
import { chiSquareTest, crossTable, fisherExactTest } from '../../analysis/contingency.ts';
import { kendallTau, pearsonCorrelation, spearmanCorrelation } from '../../analysis/correlation.ts';
import { kurtosis, median, medianAbsoluteDeviation, skewness } from '../../analysis/moments.ts';
import { kruskalWallis, rankSumTest, ranks } from '../../analysis/ranks.ts';
import { expectClose } from '../oracle.ts';

const whole = fc.integer({ min: -20, max: 20 });
const column = fc.array(whole, { minLength: 4, maxLength: 30 });
const methods: Adjustment[] = ['bonferroni', 'holm', 'hochberg', 'hommel', 'benjamini-hochberg', 'benjamini-yekutieli'];

test('adjusted p values keep their order, never fall, and never pass one; a larger family never helps', () => {
  const p = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.array(p, { minLength: 1, maxLength: 12 }), fc.constantFrom(...methods), (values, method) => {
      const adjusted = adjustPValues(values, method).map((value) => value ?? Number.NaN);
      const wider = adjustPValues(values, method, values.length + 3).map((value) => value ?? Number.NaN);
      values.forEach((value, i) => {
        expect(adjusted[i]).toBeGreaterThanOrEqual(value);
        expect(adjusted[i]).toBeLessThanOrEqual(1);
        expect(wider[i]).toBeGreaterThanOrEqual((adjusted[i] ?? 0) - 1e-15);
        values.forEach((other, j) => {
          if (value < other) expect(adjusted[i]).toBeLessThanOrEqual(adjusted[j] ?? 0);
        });
      });
      expect(adjustPValues([...values].reverse(), method).reverse()).toEqual(adjusted);
    }),
    { seed: 20401, numRuns: 200 },
  );
  expect(adjustPValues([], 'holm')).toEqual([]);
  expect(adjustPValues([null], 'hommel')).toEqual([null]);
  expect(() => adjustPValues([1.5], 'holm')).toThrow(RangeError);
  expect(() => adjustPValues([0.1, 0.2], 'holm', 1)).toThrow(RangeError);
});

test('two groups: F of the analysis of variance is t squared, and t changes only its sign when the groups swap', () => {
  fc.assert(
    fc.property(column, column, whole, fc.integer({ min: 1, max: 9 }), (x, y, shift, scale) => {
      const pooled = pooledTTest(x, y);
      if (pooled.t === null) return;
      const { f, p } = oneWayAnova([x, y]);
      expect(Math.abs((f ?? 0) - pooled.t ** 2)).toBeLessThan(1e-9 * (1 + pooled.t ** 2));
      expect(Math.abs((p ?? 0) - (pooled.p ?? 0))).toBeLessThan(1e-9);
      const moved = (values: number[]) => values.map((value) => shift + scale * value);
      for (const compare of [pooledTTest, welchTest]) {
        expect(compare(y, x).t).toBeCloseTo(-(compare(x, y).t ?? 0), 9);
        expect(compare(moved(x), moved(y)).t).toBeCloseTo(compare(x, y).t ?? 0, 8);
      }
    }),
    { seed: 20402, numRuns: 100 },
  );
});

test('tests of means without data say why', () => {
  for (const compare of [welchTest, pooledTTest]) {
    expect(compare([], [1, 2])).toMatchObject({
      t: null,
      p: null,
      difference: { value: null, notes: [{ code: 'too-few-values' }] },
    });
    expect(compare([3], [1, 2]).difference.notes[0]?.code).toBe('too-few-values');
    expect(compare([null, null], [1, 2]).difference.notes[0]?.code).toBe('too-few-values');
    expect(compare([3, 3], [1, 1]).difference.notes[0]?.code).toBe('no-variance');
    expect(() => compare([1, 2], [Number.NaN])).toThrow(RangeError);
    expect(() => compare([1, 2], [3, 4], 95)).toThrow(RangeError);
  }
  expect(pairedTTest([1, null], [null, 2]).difference.notes[0]?.code).toBe('too-few-values');
  expect(pairedTTest([2, 3, 4], [1, 2, 3]).difference.notes[0]?.code).toBe('no-variance');
  expect(() => completePairs([1], [1, 2])).toThrow(RangeError);
  expect(groupsOf([1, 2, 3], [10, 9, null])).toEqual([
    { label: 9, values: [2] },
    { label: 10, values: [1] },
  ]);
  expect(oneWayAnova([]).notes[0]?.code).toBe('too-few-groups');
  expect(oneWayAnova([[1, 2], []]).notes[0]?.code).toBe('too-few-groups');
  expect(oneWayAnova([[1], [2]]).notes[0]?.code).toBe('too-few-values');
  expect(
    oneWayAnova([
      [1, 1],
      [2, 2],
    ]).notes[0]?.code,
  ).toBe('no-variance');
  expect(
    leveneTest([
      [1, 1],
      [2, 2],
    ]).f,
  ).toBeNull();
});

test('rank tests do not change under a rising transformation, and H of two groups is z squared without continuity', () => {
  fc.assert(
    fc.property(column, column, (x, y) => {
      const rising = (values: number[]) => values.map((value) => Math.exp(value / 5));
      expect(rankSumTest(rising(x), rising(y))).toEqual(rankSumTest(x, y));
      expect((rankSumTest(x, y).statistic ?? 0) + (rankSumTest(y, x).statistic ?? 0)).toBe(x.length * y.length);
      expect(kruskalWallis([y, x]).statistic).toBeCloseTo(kruskalWallis([x, y]).statistic ?? 0, 9);
    }),
    { seed: 20403, numRuns: 100 },
  );
  expect(ranks([]).ranks).toEqual([]);
  expect(ranks([5, 5, 5])).toEqual({ ranks: [2, 2, 2], ties: [3] });
  expect(rankSumTest([], [1]).notes[0]?.code).toBe('too-few-groups');
  expect(rankSumTest([2, 2], [2]).notes[0]?.code).toBe('no-variance');
  expect(kruskalWallis([[1], []]).notes[0]?.code).toBe('too-few-groups');
  expect(kruskalWallis([[1, 1], [1]]).notes[0]?.code).toBe('no-variance');
});

test('the rank sum test is exact for small groups without ties, as wilcox.test of R 4 has it', () => {
  expectClose(rankSumTest([1, 2, 3], [4, 5, 6]).p, 0.1, 1e-15, 'two of twenty divisions');
  const small = rankSumTest([1.1, 2.3, 3.7, 9.1, 5.5], [4.2, 5.6, 6.1, 0.4, 8.8, 7.7, 9.9]);
  expect(small).toMatchObject({ statistic: 11, method: 'exact' });
  expectClose(small.p, 0.3434343434343435, 1e-14, 'five against seven');
  const squares = Array.from({ length: 49 }, (_, at) => (at + 1) ** 2);
  const steps = Array.from({ length: 40 }, (_, at) => 31 * (at + 1) + 0.5);
  expectClose(rankSumTest(squares, steps).p, 0.7027257520910581, 1e-12, '49 against 40');
  expect(rankSumTest([...squares, 0], steps).method).toBe('approximate');
  expect(rankSumTest([1, 2, 3], [3, 4]).method).toBe('approximate');
});

test('Kendall’s tau counted by sorting is the one counted pair by pair', () => {
  const few = fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 5 })), { maxLength: 25 });
  fc.assert(
    fc.property(few, (pairs) => {
      const [x, y] = [pairs.map(([a]) => a), pairs.map(([, b]) => b)];
      let [excess, differX, differY] = [0, 0, 0];
      for (let i = 0; i < x.length; i += 1)
        for (let j = 0; j < i; j += 1) {
          const a = Math.sign((x[i] ?? 0) - (x[j] ?? 0));
          const b = Math.sign((y[i] ?? 0) - (y[j] ?? 0));
          excess += a * b;
          differX += Math.abs(a);
          differY += Math.abs(b);
        }
      const tau = kendallTau(x, y);
      if (differX === 0 || differY === 0) expect(tau).toBeNull();
      else expectClose(tau, excess / Math.sqrt(differX * differY), 1e-13, 'tau');
    }),
    { seed: 20404, numRuns: 300 },
  );
});

test('correlations: straight lines, symmetry, gaps and constants', () => {
  expect(pearsonCorrelation([1, 2, 3, 4], [3, 5, 7, 9]).correlation.value).toBe(1);
  expect(spearmanCorrelation([1, 2, 3, 4], [16, 9, 4, 1])).toBe(-1);
  expect(pearsonCorrelation([1, 2, null], [3, 5, 7]).correlation.notes[0]?.code).toBe('too-few-for-interval');
  expect(pearsonCorrelation([1], [2]).correlation.notes[0]?.code).toBe('too-few-values');
  expect(pearsonCorrelation([1, 2, 3], [4, 4, 4]).correlation.notes[0]?.code).toBe('no-variance');
  expect(spearmanCorrelation([], [])).toBeNull();
  expect(spearmanCorrelation([1, 1], [1, 2])).toBeNull();
  expect(kendallTau([1], [1])).toBeNull();
  expect(() => pearsonCorrelation([1], [1, 2])).toThrow(RangeError);
});

test('tables: independence, empty margins, exact test by hand', () => {
  expect(
    chiSquareTest([
      [10, 20],
      [20, 40],
    ]),
  ).toMatchObject({ chiSquare: 0, p: 1, cramersV: 0, notes: [] });
  expect(
    chiSquareTest([
      [10, 0, 0],
      [0, 0, 10],
    ]),
  ).toMatchObject({ chiSquare: 20, df: 1, cramersV: 1 });
  expect(
    chiSquareTest([
      [1, 2],
      [3, 4],
    ]).notes[0]?.code,
  ).toBe('small-expected-counts');
  expect(chiSquareTest([]).notes[0]?.code).toBe('too-few-categories');
  expect(
    chiSquareTest([
      [1, 2],
      [0, 0],
    ]).notes[0]?.code,
  ).toBe('too-few-categories');
  expect(() =>
    chiSquareTest([
      [1.5, 2],
      [3, 4],
    ]),
  ).toThrow(RangeError);
  expect(() => chiSquareTest([[1, 2], [3]])).toThrow(RangeError);
  // Fisher's tea: 1 + 16 + 16 + 1 of 70 arrangements are as improbable.
  expectClose(
    fisherExactTest([
      [3, 1],
      [1, 3],
    ]),
    34 / 70,
    1e-15,
    'tea',
  );
  expectClose(
    fisherExactTest([
      [4, 0],
      [0, 4],
    ]),
    2 / 70,
    1e-15,
    'tea, all right',
  );
  expect(
    fisherExactTest([
      [0, 5],
      [0, 7],
    ]),
  ).toBe(1);
  expect(() =>
    fisherExactTest([
      [1, -1],
      [1, 1],
    ]),
  ).toThrow(RangeError);
  expect(crossTable(['b', null, 'a'], [2, 1, 10])).toEqual({
    rows: ['a', 'b'],
    columns: [1, 2, 10],
    counts: [
      [0, 0, 1],
      [0, 1, 0],
    ],
  });
});

test('shape: symmetric columns are not skewed, two points have the smallest kurtosis, and a few values give none', () => {
  expect(skewness([-2, -1, 0, 1, 2], 2)).toBe(0);
  expect(kurtosis([0, 1], 1)).toBe(-2);
  for (const type of [1, 2, 3] as const) {
    expect(skewness([1], type)).toBeNull();
    expect(kurtosis([3, 3, 3, 3], type)).toBeNull();
  }
  expect(skewness([1, 2], 2)).toBeNull();
  expect(kurtosis([1, 2, 4], 2)).toBeNull();
  expect(median([])).toBeNull();
  expect(medianAbsoluteDeviation([null])).toBeNull();
});
