/** The minimiser finds the minima of functions whose minimum is known, and says when it did not. */
import { expect, test } from 'vitest';
import { minimise } from '../../../analysis/numeric/optimise.ts';

const valley = {
  value: ([x = 0, y = 0]: readonly number[]) => (1 - x) ** 2 + 100 * (y - x * x) ** 2,
  gradient: ([x = 0, y = 0]: readonly number[]) => [-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)],
};

test("Rosenbrock's valley, without and with second derivatives", () => {
  const curvature = ([x = 0, y = 0]: readonly number[]) => [
    [2 - 400 * (y - 3 * x * x), -400 * x],
    [-400 * x, 200],
  ];
  for (const problem of [valley, { ...valley, curvature }]) {
    const { point, converged, value } = minimise(problem, [-1.2, 1]);
    expect(converged).toBe(true);
    expect(value).toBeLessThan(1e-20);
    for (const part of point) expect(Math.abs(part - 1)).toBeLessThan(1e-10);
  }
});

test('a function that does not exist everywhere is kept inside', () => {
  const { point, converged } = minimise(
    { value: ([x = 0]) => x - Math.log(x), gradient: ([x = 0]) => [1 - 1 / x] },
    [0.01],
  );
  expect(converged).toBe(true);
  expect(Math.abs((point[0] ?? 0) - 1)).toBeLessThan(1e-10);
  expect(() => minimise({ value: () => Number.NaN, gradient: () => [0] }, [1])).toThrow(RangeError);
});

test('a point on a hill with downward curvature is left by the gradient', () => {
  const problem = {
    value: ([x = 0]: readonly number[]) => x ** 4 - x ** 2,
    gradient: ([x = 0]: readonly number[]) => [4 * x ** 3 - 2 * x],
    curvature: ([x = 0]: readonly number[]) => [[12 * x * x - 2]],
  };
  const { point, converged } = minimise(problem, [0.1]);
  expect(converged).toBe(true);
  expect(Math.abs((point[0] ?? 0) - Math.SQRT1_2)).toBeLessThan(1e-12);
});

test('too few steps, and a function without a minimum, are told', () => {
  expect(minimise(valley, [-1.2, 1], { maxIterations: 3 })).toMatchObject({ converged: false, iterations: 3 });
  const endless = minimise({ value: ([x = 0]) => -x, gradient: () => [-1] }, [0], { maxIterations: 50 });
  expect(endless.converged).toBe(false);
});
