/** Linear and logistic models beyond the oracle: closed forms, invariances, and what they refuse. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { oneWayAnova } from '../../analysis/anova.ts';
import { pooledTTest } from '../../analysis/compare.ts';
import { linearModel } from '../../analysis/linear-model.ts';
import { logisticModel } from '../../analysis/logistic-model.ts';
import { expectClose } from '../oracle.ts';

const value = fc.integer({ min: -20, max: 20 });
const rows = fc.array(fc.tuple(value, value, value), { minLength: 6, maxLength: 30 });

test('one predictor of 0 and 1 is the pooled t test, and F of the model that of the analysis of variance', () => {
  fc.assert(
    fc.property(rows, (cases) => {
      const y = cases.map(([a]) => a);
      const arm = cases.map((_, i) => i % 2);
      const groups = [1, 0].map((each) => y.filter((_, i) => arm[i] === each));
      const t = pooledTTest(groups[0] ?? [], groups[1] ?? []);
      const { model } = linearModel(y, { arm });
      if (t.t === null || model === null) return;
      expect(model.coefficients[1]?.statistic).toBeCloseTo(t.t, 8);
      expect(model.p ?? 0).toBeCloseTo(oneWayAnova(groups).p ?? 0, 9);
    }),
    { seed: 20601, numRuns: 60 },
  );
});

test('more predictors never raise the residuals, and the order of rows and a shift of a predictor change no slope', () => {
  fc.assert(
    fc.property(rows, (cases) => {
      const [y, a, b] = [0, 1, 2].map((k) => cases.map((row) => row[k] ?? 0)) as [number[], number[], number[]];
      const both = linearModel(y, { a, b }).model;
      const one = linearModel(y, { a }).model;
      if (both === null || one === null) return;
      expect(both.rSquared).toBeGreaterThanOrEqual(one.rSquared - 1e-12);
      const reversed = (column: number[]) => [...column].reverse();
      const moved = linearModel(reversed(y), { a: reversed(a).map((each) => each + 1e6), b: reversed(b) }).model;
      expect(moved?.coefficients[1]?.estimate).toBeCloseTo(both.coefficients[1]?.estimate ?? 0, 7);
      expect(moved?.coefficients[2]?.standardError).toBeCloseTo(both.coefficients[2]?.standardError ?? 0, 7);
    }),
    { seed: 20602, numRuns: 60 },
  );
});

test('a linear model refuses what it cannot fit, and says when nothing is left', () => {
  const code = (...of: Parameters<typeof linearModel>) => linearModel(...of).notes[0]?.code;
  expect(code([], {})).toBe('too-few-values');
  expect(code([1], {})).toBe('too-few-values');
  expect(code([null, null, 3], {})).toBe('too-few-values');
  expect(code([2, 2, 2], {})).toBe('no-variance');
  expect(code([1, 2, 4, 3], { a: [1, 2, 3, 4], b: [3, 5, 7, 9] })).toBe('collinear');
  expect(code([1, 2, 4], { a: [5, 5, 5] })).toBe('collinear');
  expect(code([1, 3, 5, 7], { a: [0, 1, 2, 3] })).toBe('perfect-fit');
  expect(linearModel([1, 2, 6], {}).model).toMatchObject({ f: null, p: null, df: 2, rSquared: 0 });
  expect(() => linearModel([1, 2], { a: [1] })).toThrow(RangeError);
});

test('a logistic model of a two by two table is its log odds ratio, with the known standard error', () => {
  const people = (count: number, each: number) => new Array<number>(count).fill(each);
  const y = [...people(12, 1), ...people(5, 0), ...people(7, 1), ...people(16, 0)];
  const x = [...people(17, 1), ...people(23, 0)];
  const { model } = logisticModel(y, { x });
  expectClose(model?.coefficients[1]?.estimate, Math.log((12 * 16) / (5 * 7)), 1e-9, 'log odds ratio');
  expectClose(model?.coefficients[1]?.standardError, Math.sqrt(1 / 12 + 1 / 5 + 1 / 7 + 1 / 16), 1e-8, 'error');
  expectClose(model?.coefficients[0]?.estimate, Math.log(7 / 16), 1e-9, 'intercept');
});

test('the deviance never rises when a predictor is freed, and swapping the outcome turns the signs', () => {
  fc.assert(
    fc.property(rows, (cases) => {
      const y = cases.map(([a, b]) => Number(a + b > 0));
      const [a, c] = [1, 2].map((k) => cases.map((row) => row[k] ?? 0)) as [number[], number[]];
      const one = logisticModel(y, { a }).model;
      const both = logisticModel(y, { a, c }).model;
      if (one === null || both === null) return;
      expect(one.deviance).toBeLessThanOrEqual(one.nullDeviance + 1e-9);
      expect(both.deviance).toBeLessThanOrEqual(one.deviance + 1e-9);
      const swapped = logisticModel(
        y.map((each) => 1 - each),
        { a },
      ).model;
      expect(swapped?.coefficients[1]?.estimate).toBeCloseTo(-(one.coefficients[1]?.estimate ?? 0), 6);
    }),
    { seed: 20603, numRuns: 60 },
  );
});

test('a logistic model refuses what it cannot fit', () => {
  const code = (...of: Parameters<typeof logisticModel>) => logisticModel(...of).notes[0]?.code;
  expect(code([], {})).toBe('no-variance');
  expect(code([1, 1, null], { x: [1, 2, 3] })).toBe('no-variance');
  expect(code([1, 0], { x: [1, 2] })).toBe('too-few-values');
  expect(code([0, 0, 0, 1, 1, 1], { x: [1, 2, 3, 4, 5, 6] })).toBe('separation');
  expect(code([0, 1, 0, 1, 1], { x: [1, 2, 3, 4, 5], y: [2, 4, 6, 8, 10] })).toBe('collinear');
  expect(() => logisticModel([0, 2], { x: [1, 2] })).toThrow(RangeError);
  expect(() => logisticModel([0, 1], { x: [1] })).toThrow(RangeError);
});
