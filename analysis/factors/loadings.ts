/** Small tools on loading matrices, shared by extraction, rotation and the tests of whether items have factors at all. */
import { correlationMatrix } from '../covariance.ts';
import type { SquareMatrix } from '../numeric/cholesky.ts';
import { symmetricEigen } from '../numeric/eigen.ts';
import { type Matrix, transpose } from '../numeric/matrix.ts';
import type { Note } from '../result.ts';

export interface Rotation {
  /** Pattern: one row per item, one column per factor. */
  readonly loadings: readonly (readonly number[])[];
  /** Unrotated loadings times this are the rotated ones. */
  readonly rotation: readonly (readonly number[])[];
  /** Correlations of the factors; the identity after an orthogonal rotation. */
  readonly correlations: readonly (readonly number[])[];
  readonly notes: readonly Note[];
}

export interface RotationOptions {
  /** When to stop; see each rotation. R's packages stop at 1e-5. */
  readonly tolerance?: number;
  readonly maxIterations?: number;
}

/** What a rotation says of itself when its steps ran out. */
export const notSettled: Note = { code: 'rotation-not-converged', text: 'The rotation of the factors did not settle.' };

/**
 * @example
 * identity(2) // => [[1, 0], [0, 1]]
 */
export function identity(size: number): number[][] {
  return Array.from({ length: size }, (_, i) => Array.from({ length: size }, (__, j) => (i === j ? 1 : 0)));
}

/**
 * The share of each item's variance that the other items explain together: 1 - 1 / diagonal of the inverse. Of a singular
 * matrix the pseudo-inverse is taken, and shares outside 0 to 1 are set to the bound, as R's psych::smc does.
 *
 * @throws RangeError for a matrix that is not square or holds NaN
 * @example
 * squaredMultipleCorrelations([[1, 0], [0, 1]]) // => [0, 0]
 */
export function squaredMultipleCorrelations(correlations: SquareMatrix): number[] {
  const { values, vectors } = symmetricEigen(correlations);
  const largest = Math.max(...values.map(Math.abs));
  const kept = values.map((value) => Math.abs(value) > Math.sqrt(Number.EPSILON) * largest);
  return correlations.map((_, i) => {
    const inverse = values.reduce(
      (total, value, k) => (kept[k] ? total + (vectors[k]?.[i] ?? 0) ** 2 / value : total),
      0,
    );
    return Math.min(Math.max(1 - 1 / inverse, 0), 1);
  });
}

/**
 * The same loadings with each column turned so that its sum is positive.
 *
 * @example
 * oriented([[-0.8, 0.1], [-0.6, 0.3]]) // => [[0.8, 0.1], [0.6, 0.3]]
 */
export function oriented(loadings: Matrix): number[][] {
  const signs = columnSigns(loadings);
  return loadings.map((line) => line.map((value, k) => value * (signs[k] ?? 1)));
}

/**
 * 1 for each column with a sum of 0 or more, otherwise -1.
 *
 * @example
 * columnSigns([[-0.8, 0.1], [-0.6, 0.3]]) // => [-1, 1]
 */
export function columnSigns(loadings: Matrix): number[] {
  return transpose(loadings).map((column) => (column.reduce((total, value) => total + value, 0) < 0 ? -1 : 1));
}

/**
 * The correlation matrix itself when it is positive definite, otherwise the one that is left when its negative eigenvalues
 * are raised to almost nothing: a matrix of pairwise or polychoric correlations need not be possible.
 *
 * @example
 * smoothed([[1, 0.5], [0.5, 1]]) // => [[1, 0.5], [0.5, 1]]
 */
export function smoothed(correlations: Matrix): Matrix {
  const { values, vectors } = symmetricEigen(correlations);
  if ((values.at(-1) ?? 1) >= Number.EPSILON) return correlations;
  const raised = values.map((value) => (value < 1e-12 ? 1e-10 : value));
  const built = correlations.map((_, i) =>
    correlations.map((__, j) =>
      raised.reduce((total, value, k) => total + value * (vectors[k]?.[i] ?? 0) * (vectors[k]?.[j] ?? 0), 0),
    ),
  );
  return correlationMatrix(built);
}
