/** Tests of Guttman's bounds, split halves and scores beyond the oracles: closed forms, order of the bounds, degenerate input. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { covarianceMatrix } from '../../analysis/covariance.ts';
import { cronbachAlpha } from '../../analysis/reliability.ts';
import { reliabilityDetail, splitHalves } from '../../analysis/reliability-detail.ts';
import { personScores } from '../../analysis/scoring.ts';
import { expectClose } from '../oracle.ts';

test('parallel items: all bounds meet where they must', () => {
  const parallel = Array.from({ length: 4 }, (_, i) => Array.from({ length: 4 }, (__, j) => (i === j ? 1 : 0.5)));
  const found = reliabilityDetail(parallel);
  expectClose(found.lambda1, 0.6, 1e-14);
  expectClose(found.lambda2, 0.8, 1e-14);
  // The smc of four items with correlations r is 3 r² / (1 + 2 r).
  expectClose(found.standardisedLambda6, 1 - (4 * (1 - 0.375)) / 10, 1e-14);
  expect(found).toMatchObject({ averageCorrelation: 0.5, medianCorrelation: 0.5, correlationVariance: 0 });
  expectClose(found.signalToNoise, 4, 1e-14);
  expect(splitHalves(parallel)).toHaveLength(3);
  for (const half of splitHalves(parallel)) expectClose(half, 0.8, 1e-14);
  // Alpha of parallel items: the standard error is (1 - alpha) sqrt(2 k / ((k - 1) n)).
  expectClose(found.alphaDeviation, 0.2 * Math.sqrt(8 / 3), 1e-12);
});

test('lambda 1 is below alpha, alpha below lambda 2, and the halves of an even scale average alpha', () => {
  const answer = fc.integer({ min: 1, max: 5 });
  const row = fc.tuple(answer, answer, answer, answer);
  fc.assert(
    fc.property(fc.array(row, { minLength: 6, maxLength: 20 }), (rows) => {
      const columns = [0, 1, 2, 3].map((item) => rows.map((answers) => answers[item] ?? null));
      const covariance = covarianceMatrix(columns);
      const alpha = cronbachAlpha(columns).alpha.value;
      const { lambda1, lambda2 } = reliabilityDetail(covariance);
      if (alpha === null) return expect(lambda2).toBeNull();
      if (alpha > 0) expect(lambda1).toBeLessThanOrEqual(alpha + 1e-12);
      expect(lambda2).toBeGreaterThanOrEqual(alpha - 1e-12);
      const halves = splitHalves(covariance).map((value) => value ?? Number.NaN);
      expect(halves.reduce((total, value) => total + value, 0) / halves.length).toBeCloseTo(alpha, 9);
    }),
    { seed: 20201, numRuns: 100 },
  );
});

test('the splits: half of the choices of an even number, all of an odd one', () => {
  const ones = (k: number) => Array.from({ length: k }, () => new Array<number>(k).fill(1));
  expect([2, 3, 4, 5, 6].map((k) => splitHalves(ones(k)).length)).toEqual([1, 3, 3, 10, 10]);
  expect(() => splitHalves(ones(1))).toThrow(RangeError);
  expect(() => splitHalves(ones(17))).toThrow(RangeError);
});

test('constant, collinear and unknown items leave null where nothing can be said', () => {
  const constant = reliabilityDetail([
    [1, 0],
    [0, 0],
  ]);
  expect(constant).toMatchObject({ lambda1: 0, averageCorrelation: null, standardisedLambda6: null });
  expect(constant.correctedItemTotals).toEqual([null, null]);
  const codes = (detail: { notes: readonly { code: string }[] }) => detail.notes.map(({ code }) => code);
  expect(codes(constant)).toEqual(['no-variance']);
  const collinear = reliabilityDetail([
    [1, 1],
    [1, 1],
  ]);
  expect(collinear).toMatchObject({ lambda2: 1, standardisedLambda6: null, signalToNoise: null });
  expect(codes(collinear)).toEqual(['collinear-items']);
  const opposite = reliabilityDetail([
    [1, -1],
    [-1, 1],
  ]);
  expect(opposite).toMatchObject({ lambda1: null, alphaDeviation: null });
  expect(codes(opposite)).toEqual(['sum-without-variance', 'collinear-items']);
  expect(
    codes(
      reliabilityDetail([
        [1, 0.5],
        [0.5, 1],
      ]),
    ),
  ).toEqual([]);
  const unknown = reliabilityDetail(
    covarianceMatrix([
      [null, 1],
      [2, null],
    ]),
  );
  expect(unknown).toMatchObject({ lambda1: null, lambda2: null, medianCorrelation: null, alphaDeviation: null });
  expect(codes(unknown)).toEqual(['too-few-values']);
  expect(
    splitHalves([
      [0, 0],
      [0, 0],
    ]),
  ).toEqual([null]);
  expect(() => reliabilityDetail([[1]])).toThrow(RangeError);
  expect(() => reliabilityDetail([])).toThrow(RangeError);
});

test('scores: too few answers give none, and a rule that cannot be met is refused', () => {
  const columns = [
    [1, null, 5, null],
    [2, 4, null, null],
    [6, 2, null, null],
  ];
  expect(personScores(columns, 1)).toEqual([3, 3, 5, null]);
  expect(personScores(columns, 2)).toEqual([3, 3, null, null]);
  expect(personScores(columns, 3)).toEqual([3, null, null, null]);
  expect(personScores([[]], 1)).toEqual([]);
  expect(() => personScores(columns, 4)).toThrow(RangeError);
  expect(() => personScores(columns, 0)).toThrow(RangeError);
  expect(() => personScores([], 1)).toThrow(RangeError);
  expect(() => personScores([[1], []], 1)).toThrow(RangeError);
});
