/** Cholesky's decomposition, for normal equations and covariance matrices of a few columns. */

export type SquareMatrix = readonly (readonly number[])[];

/**
 * The lower triangular L with L L' = the matrix; null when the matrix is not positive definite, seen by a pivot below
 * `tolerance` times its diagonal, which is what a column that others determine leaves.
 *
 * @throws RangeError for a matrix that is not square
 * @example
 * cholesky([[4, 2], [2, 5]]) // => [[2, 0], [1, 2]]
 * cholesky([[1, 1], [1, 1]]) // => null
 */
export function cholesky(matrix: SquareMatrix, tolerance = 1e-13): number[][] | null {
  const size = matrix.length;
  if (matrix.some((row) => row.length !== size)) throw new RangeError('cholesky requires a square matrix');
  const factor = matrix.map(() => new Array<number>(size).fill(0));
  for (let i = 0; i < size; i += 1) {
    const row = factor[i] ?? [];
    for (let j = 0; j <= i; j += 1) {
      const other = factor[j] ?? [];
      let rest = matrix[i]?.[j] ?? 0;
      for (let k = 0; k < j; k += 1) rest -= (row[k] ?? 0) * (other[k] ?? 0);
      if (i > j) row[j] = rest / (other[j] ?? 1);
      else if (rest > tolerance * Math.abs(matrix[i]?.[i] ?? 0)) row[i] = Math.sqrt(rest);
      else return null;
    }
  }
  return factor;
}

/**
 * The inverse of a positive definite matrix; null when it is not one.
 *
 * @throws RangeError for a matrix that is not square
 * @example
 * inversePositiveDefinite([[2, 0], [0, 4]]) // => [[0.5, 0], [0, 0.25]]
 */
export function inversePositiveDefinite(matrix: SquareMatrix): number[][] | null {
  const factor = cholesky(matrix);
  if (factor === null) return null;
  const columns = matrix.map((_, j) =>
    solveCholesky(
      factor,
      matrix.map((__, i) => (i === j ? 1 : 0)),
    ),
  );
  // Both halves are the same up to rounding; one is taken for both.
  return columns.map((column, j) => column.map((value, i) => (i < j ? (columns[i]?.[j] ?? value) : value)));
}

/**
 * The solution of L L' x = right, for a factor from `cholesky`.
 *
 * @example
 * solveCholesky([[2, 0], [1, 2]], [8, 12]) // => [1, 2]
 */
export function solveCholesky(factor: SquareMatrix, right: readonly number[]): number[] {
  const half: number[] = [];
  factor.forEach((row, i) => {
    let rest = right[i] ?? 0;
    for (let k = 0; k < i; k += 1) rest -= (row[k] ?? 0) * (half[k] ?? 0);
    half.push(rest / (row[i] ?? 1));
  });
  const solution = new Array<number>(half.length).fill(0);
  for (let i = half.length - 1; i >= 0; i -= 1) {
    let rest = half[i] ?? 0;
    for (let k = i + 1; k < half.length; k += 1) rest -= (factor[k]?.[i] ?? 0) * (solution[k] ?? 0);
    solution[i] = rest / (factor[i]?.[i] ?? 1);
  }
  return solution;
}
