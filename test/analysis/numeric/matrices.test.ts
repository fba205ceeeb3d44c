/** Eigenvalues, linear equations, searches for minima and R's random numbers, against closed forms and R. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundedMinimum } from '../../../analysis/numeric/bounded-minimum.ts';
import { symmetricEigen, symmetricEigenvalues } from '../../../analysis/numeric/eigen.ts';
import { searchLine } from '../../../analysis/numeric/line-search.ts';
import { multiply, multiplyVector, solveLinear, transpose } from '../../../analysis/numeric/matrix.ts';
import { brentMinimum } from '../../../analysis/numeric/minimum.ts';
import { rNormalSource } from '../../../analysis/numeric/r-random.ts';

const square = fc.integer({ min: 1, max: 8 }).chain((size) =>
  fc.array(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: size, maxLength: size }), {
    minLength: size,
    maxLength: size,
  }),
);
const symmetric = square.map((rows) => rows.map((row, i) => row.map((value, j) => value + (rows[j]?.[i] ?? 0))));

function farthest(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): number {
  return Math.max(0, ...a.flatMap((row, i) => row.map((value, j) => Math.abs(value - (b[i]?.[j] ?? Number.NaN)))));
}

describe('eigenvalues of symmetric matrices', () => {
  it('put the matrix together again, on axes of length 1 at right angles', () => {
    fc.assert(
      fc.property(symmetric, (matrix) => {
        const { values, vectors } = symmetricEigen(matrix);
        const scaled = vectors.map((vector, k) => vector.map((part) => part * (values[k] ?? 0)));
        expect(farthest(multiply(transpose(vectors), scaled), matrix)).toBeLessThan(1e-13);
        const unit = matrix.map((_, i) => matrix.map((__, j) => (i === j ? 1 : 0)));
        expect(farthest(multiply(vectors, transpose(vectors)), unit)).toBeLessThan(1e-13);
        expect(farthest([symmetricEigenvalues(matrix)], [values])).toBeLessThan(1e-14);
        expect(values).toEqual([...values].sort((a, b) => b - a));
      }),
      { seed: 11, numRuns: 150 },
    );
  });

  it('are known of equal correlations, of one number, of zeros and of nothing', () => {
    const equal = [0, 1, 2, 3].map((i) => [0, 1, 2, 3].map((j) => (i === j ? 1 : 0.3)));
    expect(symmetricEigenvalues(equal).map((value) => value.toFixed(12))).toEqual(
      [1.9, 0.7, 0.7, 0.7].map((value) => value.toFixed(12)),
    );
    expect(symmetricEigen([[3]])).toEqual({ values: [3], vectors: [[1]] });
    expect(
      symmetricEigenvalues([
        [0, 0],
        [0, 0],
      ]),
    ).toEqual([0, 0]);
    expect(symmetricEigen([])).toEqual({ values: [], vectors: [] });
  });

  it('are refused to what is not square or not finite', () => {
    expect(() => symmetricEigen([[1, 2]])).toThrow(RangeError);
    expect(() => symmetricEigenvalues([[Number.NaN]])).toThrow(RangeError);
  });
});

describe('linear equations', () => {
  it('are solved to what they were made of', () => {
    fc.assert(
      fc.property(square, (matrix) => {
        const size = matrix.length;
        const shifted = matrix.map((row, i) => row.map((value, j) => (i === j ? value + 2 * size : value)));
        const right = multiply(
          shifted,
          matrix.map((_, i) => [i + 1]),
        );
        const { solution } = solveLinear(shifted, right);
        expect(
          farthest(
            solution ?? [],
            matrix.map((_, i) => [i + 1]),
          ),
        ).toBeLessThan(1e-11);
      }),
      { seed: 12, numRuns: 100 },
    );
  });

  it('have no solution for lines that depend on each other', () => {
    const { solution, determinant } = solveLinear(
      [
        [1, 2],
        [2, 4],
      ],
      [[1], [2]],
    );
    expect(solution).toBeNull();
    expect(determinant).toBeCloseTo(0, 14);
    expect(solveLinear([[0]], [[1]])).toEqual({ solution: null, determinant: 0 });
  });

  it('are refused when sizes do not match', () => {
    expect(() => solveLinear([[1, 2]], [[1]])).toThrow(RangeError);
    expect(() => solveLinear([[1]], [[1], [2]])).toThrow(RangeError);
    expect(() => multiply([[1, 2]], [[1]])).toThrow(RangeError);
    expect(multiplyVector([[1, 2]], [3, 4])).toEqual([11]);
  });
});

describe('minima within bounds', () => {
  const valley = {
    value: ([x = 0, y = 0]: readonly number[]) => (1 - x) ** 2 + 100 * (y - x * x) ** 2,
    gradient: ([x = 0, y = 0]: readonly number[]) => [-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)],
  };

  it('are found at the end of a bent valley, inside and on a bound', () => {
    const inside = boundedMinimum({ ...valley, lower: -5, upper: 5 }, [-1.2, 1]);
    expect(inside.converged).toBe(true);
    inside.point.forEach((value) => {
      expect(value).toBeCloseTo(1, 7);
    });
    const bound = boundedMinimum({ ...valley, lower: -5, upper: 0.5 }, [-1.2, 0.4]);
    expect(bound.point[0]).toBeCloseTo(0.5, 8);
    expect(bound.point[1]).toBeCloseTo(0.25, 8);
  });

  it('start within the bounds and end there when the slope leads out', () => {
    const slide = { value: ([x = 0]: readonly number[]) => -x, gradient: () => [-1], lower: 0, upper: 2 };
    expect(boundedMinimum(slide, [9])).toEqual({ point: [2], value: -2, converged: true, iterations: 0 });
  });

  it('are doubted when steps run out, and refused without a value at the start', () => {
    expect(boundedMinimum({ ...valley, lower: -5, upper: 5 }, [-1.2, 1], { maxIterations: 2 }).converged).toBe(false);
    const nowhere = { value: () => Number.NaN, gradient: () => [0], lower: 0, upper: 1 };
    expect(() => boundedMinimum(nowhere, [0.5])).toThrow(RangeError);
  });

  it('need a line that descends', () => {
    expect(searchLine(() => ({ value: 0, slope: 1 }), { value: 0, slope: 1 }, 1, 2)).toBeNull();
    const step = searchLine(
      (x) => ({ value: Math.cosh(x - 3), slope: Math.sinh(x - 3) }),
      { value: Math.cosh(3), slope: -Math.sinh(3) },
      1,
      100,
    );
    expect(Math.abs(Math.sinh((step ?? 0) - 3))).toBeLessThan(0.9 * Math.sinh(3));
  });
});

describe('the minimum of a function of one number', () => {
  it('is where the closed form has it', () => {
    expect(brentMinimum((x) => x * Math.log(x), 0.01, 3)).toBeCloseTo(Math.exp(-1), 7);
    expect(brentMinimum((x) => x, 0, 1)).toBeLessThan(1e-7);
    expect(() => brentMinimum((x) => x, 1, 1)).toThrow(RangeError);
  });

  it('is where R stops: optimize(function(x) (x - 1/3)^2, c(0, 1)) and of cos on 0 to 4', () => {
    const tolerance = Number.EPSILON ** 0.25;
    expect(brentMinimum((x) => (x - 1 / 3) ** 2, 0, 1, tolerance)).toBeCloseTo(0.3333333333333333, 14);
    expect(brentMinimum(Math.cos, 0, 4, tolerance)).toBeCloseTo(3.1415930354333286, 12);
  });
});

describe('random normal numbers of R', () => {
  it('are those after set.seed in R 4.2.2', () => {
    const next = rNormalSource(42);
    const first = [next(), next(), next()];
    expect(first.map((value) => value.toPrecision(14))).toEqual([
      '1.3709584471467',
      '-0.56469817139609',
      '0.36312841133734',
    ]);
    for (let i = 3; i < 99_999; i += 1) next();
    expect(next()).toBeCloseTo(-1.0203730991117475, 13);
  });

  it('need a whole number as seed', () => {
    expect(() => rNormalSource(0.5)).toThrow(RangeError);
    expect(() => rNormalSource(2 ** 40)).toThrow(RangeError);
    expect(rNormalSource(-3)()).toBeCloseTo(0.7405714742582534, 13);
  });
});
