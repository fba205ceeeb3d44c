/**
 * What the likelihood of a mixed model needs of the data, whatever its random effects: the logarithm of the determinant of
 * V and the cross products [X y]'V⁻¹[X y], with their first and second derivatives. V is the covariance of the rows,
 * divided by the residual variance; the derivatives are by its parameters, the relative variances and covariances of the
 * random effects. Everything else (deviance, gradient, degrees of freedom) follows from these small matrices.
 */
import type { Matrix } from '../numeric/matrix.ts';

/** A value, or one of its derivatives. */
export interface Part {
  logDeterminant: number;
  /** Columns are the intercept, the predictors and, last, the outcome. */
  readonly products: number[][];
}

export interface Moments extends Part {
  readonly first: readonly Part[];
  /** second[i][j] for j <= i. */
  readonly second: readonly (readonly Part[])[];
}

/** How the rows vary together; `nested-intercepts.ts` and `random-slopes.ts` make them. */
export interface RandomStructure {
  readonly n: number;
  /** Number of columns of `products`. */
  readonly width: number;
  /** How many of theta there are; `scales` tells which of them are standard deviations and so not negative. */
  readonly scales: readonly boolean[];
  /** The relative variances and covariances that theta, the relative standard deviations, stands for. */
  readonly relative: (theta: readonly number[]) => number[];
  /** jacobian[a][i]: derivative of the relative covariance a by theta i. */
  readonly jacobian: (theta: readonly number[]) => Matrix;
  /** curvature[a][i][j]: its second derivative, which is constant. */
  readonly curvature: readonly Matrix[];
  readonly momentsAt: (relative: readonly number[]) => Moments;
}

/**
 * Moments of zeros, to add to.
 *
 * @example
 * emptyMoments(1, 2).second.length // => 1
 */
export function emptyMoments(parameters: number, width: number): Moments {
  const part = (): Part => ({
    logDeterminant: 0,
    products: Array.from({ length: width }, () => new Array<number>(width).fill(0)),
  });
  const each = <T>(count: number, make: (i: number) => T) => Array.from({ length: count }, (_, i) => make(i));
  return { ...part(), first: each(parameters, part), second: each(parameters, (i) => each(i + 1, part)) };
}

/**
 * Adds factor · a b' to the lower half, and with `other` the transposed product too, so that the sum is symmetric.
 *
 * @example
 * addProduct([[1]], 2, [3], [5]) // => [[31]]
 */
export function addProduct(
  matrix: number[][],
  factor: number,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  bothWays = false,
): number[][] {
  for (let i = 0; i < matrix.length; i += 1) {
    const line = matrix[i];
    if (!line) continue;
    const left = factor * (a[i] ?? 0);
    const right = bothWays ? factor * (b[i] ?? 0) : 0;
    for (let j = 0; j <= i; j += 1) line[j] = (line[j] ?? 0) + left * (b[j] ?? 0) + right * (a[j] ?? 0);
  }
  return matrix;
}

/**
 * Copies the lower half of every part to its upper half.
 *
 * @example
 * mirrored(emptyMoments(1, 2)).logDeterminant // => 0
 */
export function mirrored(moments: Moments): Moments {
  for (const { products } of [moments, ...moments.first, ...moments.second.flat()]) {
    for (const [i, line] of products.entries()) {
      for (let j = i + 1; j < products.length; j += 1) line[j] = products[j]?.[i] ?? 0;
    }
  }
  return moments;
}
