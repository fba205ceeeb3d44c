/** Missing values beyond the oracle: closed forms, invariances, Rubin's rules held against mice, and what cannot be said. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attrition } from '../../analysis/attrition.ts';
import { emMoments } from '../../analysis/em-moments.ts';
import { littleTest } from '../../analysis/little-test.ts';
import { missingPatterns } from '../../analysis/missing-patterns.ts';
import { pooledEstimate } from '../../analysis/pooling.ts';
import { expectClose } from '../oracle.ts';

const cell = fc.option(fc.integer({ min: -9, max: 9 }), { freq: 4 });
const rows = fc.array(fc.tuple(cell, cell, cell), { minLength: 12, maxLength: 40 });
const columnsOf = (cases: readonly (readonly (number | null)[])[]) =>
  [0, 1, 2].map((place) => cases.map((row) => row[place] ?? null));

test('without gaps the moments are those of the data, in two rounds', () => {
  const { moments, notes } = emMoments([
    [1, 2, 3, 6],
    [2, 1, 5, 4],
  ]);
  expect(notes).toEqual([]);
  expect(moments?.iterations).toBe(2);
  expect(moments?.means).toEqual([3, 3]);
  expectClose(moments?.covariances[0]?.[0], 14 / 4, 1e-13, 'variance');
  expectClose(moments?.covariances[0]?.[1], 7 / 4, 1e-13, 'covariance');
});

test('with gaps in the second column alone, its mean is the regression at the mean of the first', () => {
  const x = [1, 2, 3, 4, 5, 6, 7, 10];
  const y = [2, 1, 4, 3, 6, null, null, null];
  const { moments } = emMoments([x, y]);
  // Of the five complete rows: mean of x 3, of y 3.2, slope 1; Anderson (1957).
  expectClose(moments?.means[1], 3.2 + (4.75 - 3), 1e-10, 'mean');
  const residual = (4 * 3.7 - 10) / 5;
  expectClose(moments?.covariances[1]?.[1], residual + (moments?.covariances[0]?.[0] ?? 0), 1e-10, 'variance');
});

test('order of rows, shift and scale move the moments as they must and the test not at all', () => {
  fc.assert(
    fc.property(rows, (cases) => {
      const columns = columnsOf(cases);
      const one = littleTest(columns);
      if (one.chiSquare === null || (one.moments?.iterations ?? 0) > 500) return;
      const moved = littleTest(
        columns.map((column, place) =>
          [...column].reverse().map((value) => (value === null ? null : (place + 2) * value + 50)),
        ),
      );
      expect(moved.df).toBe(one.df);
      expect((moved.chiSquare ?? 0) / one.chiSquare).toBeCloseTo(1, 6);
      expect(moved.moments?.means[1]).toBeCloseTo(3 * (one.moments?.means[1] ?? 0) + 50, 6);
      expect(moved.moments?.covariances[0]?.[2]).toBeCloseTo(8 * (one.moments?.covariances[0]?.[2] ?? 0), 5);
    }),
    { seed: 21501, numRuns: 40 },
  );
});

test('the likelihood never falls from round to round', () => {
  fc.assert(
    fc.property(rows, (cases) => {
      let before = Number.NEGATIVE_INFINITY;
      for (let rounds = 1; rounds <= 6; rounds += 1) {
        const { moments, notes } = emMoments(columnsOf(cases), { maxIterations: rounds });
        if (moments === null) return;
        expect(moments.logLikelihood).toBeGreaterThanOrEqual(before - 1e-9 * Math.abs(before));
        before = moments.logLikelihood;
        if (rounds === 1) expect(notes[0]?.code).toBe('not-converged');
      }
    }),
    { seed: 21502, numRuns: 40 },
  );
});

test('patterns hold every row that has a value, once', () => {
  fc.assert(
    fc.property(rows, (cases) => {
      const { patterns, n, emptyRows } = missingPatterns(columnsOf(cases));
      const seen = patterns.flatMap(({ rows: members }) => members);
      expect(new Set(seen).size).toBe(n);
      expect(seen.length + emptyRows).toBe(cases.length);
      for (const { observed, missing } of patterns) expect(observed.length + missing.length).toBe(3);
    }),
    { seed: 21503, numRuns: 40 },
  );
});

test('moments and their test say why they cannot be had', () => {
  const code = (...columns: (number | null)[][]) => littleTest(columns).notes[0]?.code;
  expect(code([])).toBe('too-few-values');
  expect(code([1])).toBe('too-few-values');
  expect(code([null, null], [1, 2])).toBe('too-few-values');
  expect(code([4, 4, 4], [1, 2, null])).toBe('no-variance');
  expect(code([1, 2, 3, 5], [2, 4, 6, 10], [1, null, 2, 5])).toBe('collinear');
  expect(code([1, 2, 4], [3, 1, 2])).toBe('no-gaps');
  expect(
    littleTest([
      [1, 2, 4, 3],
      [3, 1, 2, 5],
    ]).moments?.n,
  ).toBe(4);
  expect(() => littleTest([])).toThrow(RangeError);
  expect(() => littleTest([[1, 2], [1]])).toThrow(RangeError);
  expect(() =>
    littleTest([
      [1, Number.NaN],
      [1, 2],
    ]),
  ).toThrow(RangeError);
  expect(() => emMoments([[1, 2, 3]], { maxIterations: 0 })).toThrow(RangeError);
});

test("Rubin's rules agree with mice 3.15.0 on five imputations of nhanes", () => {
  const estimates = [-5.49908235663401, -4.44266449667658, -4.20201091960394, -4.54811021573066, -5.40861430596799];
  const errors = [0.894452974046756, 1.071487481374, 0.796001833125789, 0.958720382526373, 0.730194399112687];
  const pooled = pooledEstimate(estimates, errors, 22);
  expectClose(pooled.estimate.value, -4.82009645892264, 1e-13, 'estimate');
  expectClose(pooled.total, 1.22856669187798, 1e-12, 'variance');
  expectClose(pooled.df, 9.55151620247732, 1e-12, 'df');
  expectClose(pooled.p, 0.00161128118425631, 1e-11, 'p');
  expectClose(pooled.estimate.interval?.lower, -7.30559088379494, 1e-11, 'lower');
  expectClose(pooled.relativeIncrease, 0.522735006641842, 1e-12, 'increase');
  expectClose(pooled.missingShare, 0.343286917527859, 1e-12, 'share');
  expectClose(pooled.fractionMissing, 0.447929746629657, 1e-12, 'fraction');
});

test('imputations that agree give the analysis of one of them; scale carries through', () => {
  const same = pooledEstimate([2, 2, 2], [0.5, 0.5, 0.5], 40);
  expect(same.total).toBe(0.25);
  expectClose(same.missingShare, 0, 0, 'share');
  expectClose(same.df, 40 * (41 / 43), 2e-4, 'df');
  fc.assert(
    fc.property(fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 2, maxLength: 9 }), (values) => {
      const errors = values.map((_, i) => 1 + i / 10);
      const one = pooledEstimate(values, errors, 30);
      const other = pooledEstimate(
        [...values].reverse().map((value) => 4 * value),
        [...errors].reverse().map((e) => 4 * e),
        30,
      );
      expect(other.t).toBeCloseTo(one.t ?? 0, 9);
      expect(other.df).toBeCloseTo(one.df ?? 0, 8);
      expect(one.df).toBeLessThanOrEqual(30);
      expect(one.total ?? 0).toBeGreaterThanOrEqual(one.within ?? 0);
    }),
    { seed: 21504, numRuns: 50 },
  );
});

test("Rubin's rules at their limits", () => {
  expect(pooledEstimate([], []).estimate).toMatchObject({ value: null, notes: [{ code: 'too-few-imputations' }] });
  expect(pooledEstimate([3], [1]).estimate).toMatchObject({ value: 3, interval: null });
  expect(pooledEstimate([3, 3], [0, 0]).estimate.notes[0]?.code).toBe('no-variance');
  expect(pooledEstimate([1, 3], [0, 0], 10)).toMatchObject({ missingShare: 1, fractionMissing: null });
  expect(pooledEstimate([1, 2, 3], [1, 1, 1]).df).toBeCloseTo(2 / (4 / 7) ** 2, 12);
  expect(() => pooledEstimate([1, 2], [1])).toThrow(RangeError);
  expect(() => pooledEstimate([1, Number.NaN], [1, 1])).toThrow(RangeError);
  expect(() => pooledEstimate([1, 2], [1, -1])).toThrow(RangeError);
  expect(() => pooledEstimate([1, 2], [1, 1], 0)).toThrow(RangeError);
  expect(() => pooledEstimate([1, 2], [1, 1], 5, 1.5)).toThrow(RangeError);
});

test('attrition of arms that lost nobody, everybody, or are not there, and with a predictor that is called arm', () => {
  const none = attrition([1, 2, 3, 4], [1, 0, 1, 0]);
  expect(none.overall.value).toBe(0);
  expect(none.differential.difference.value).toBe(0);
  expect(none).toMatchObject({ model: null, notes: [{ code: 'no-variance' }] });
  const all = attrition([null, null, 3, 4], [1, 1, 0, 0]);
  expect(all.differential.difference.value).toBe(1);
  expect(all.notes[0]?.code).toBe('separation');
  const oneArm = attrition([1, null], [1, 1]);
  expect(oneArm.comparison).toMatchObject({ value: null, notes: [{ code: 'no-cases' }] });
  expect(oneArm.differential.difference.notes[0]?.code).toBe('no-cases');
  expect(attrition([], []).overall.notes[0]?.code).toBe('no-cases');
  const predictor = [4, 1, 2, 5, 2, 4, 3, 1];
  const outcome = [1, null, 2, null, null, 3, 4, 5];
  const arm = [1, 1, 1, 1, 0, 0, 0, 0];
  const named = attrition(outcome, arm, { arm: predictor });
  const other = attrition(outcome, arm, { other: predictor });
  expect(named.model?.coefficients.map(({ term }) => term)).toEqual(['(Intercept)', 'trial arm', 'arm']);
  expect([named.armTerm, other.armTerm]).toEqual(['trial arm', 'arm']);
  expect(named.model?.coefficients.map(({ estimate }) => estimate)).toEqual(
    other.model?.coefficients.map(({ estimate }) => estimate),
  );
  expect(attrition([null, 1, 2], [null, 1, 0]).overall).toMatchObject({ value: 0, n: 2 });
  expect(() => attrition([1], [])).toThrow(RangeError);
  expect(() => attrition([1, 2], [1, 2])).toThrow(RangeError);
});
