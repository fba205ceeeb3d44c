/** Products and linear equations of small dense matrices, held as rows. */
import type { SquareMatrix } from './cholesky.ts';

export type Matrix = readonly (readonly number[])[];

/**
 * @example
 * transpose([[1, 2, 3], [4, 5, 6]]) // => [[1, 4], [2, 5], [3, 6]]
 */
export function transpose(matrix: Matrix): number[][] {
  return (matrix[0] ?? []).map((_, column) => matrix.map((row) => row[column] ?? 0));
}

/**
 * The product of two matrices.
 *
 * @throws RangeError when the left has not as many columns as the right has rows
 * @example
 * multiply([[1, 2]], [[3], [4]]) // => [[11]]
 */
export function multiply(left: Matrix, right: Matrix): number[][] {
  if (left.some((row) => row.length !== right.length)) throw new RangeError('multiply requires matching matrices');
  const width = right[0]?.length ?? 0;
  return left.map((row) => {
    const product = new Array<number>(width).fill(0);
    row.forEach((factor, k) => {
      const line = right[k] ?? [];
      for (let j = 0; j < width; j += 1) product[j] = (product[j] ?? 0) + factor * (line[j] ?? 0);
    });
    return product;
  });
}

/**
 * The product with a column.
 *
 * @example
 * multiplyVector([[1, 2], [3, 4]], [1, 1]) // => [3, 7]
 */
export function multiplyVector(matrix: Matrix, vector: readonly number[]): number[] {
  return matrix.map((row) => row.reduce((total, value, i) => total + value * (vector[i] ?? 0), 0));
}

/**
 * vector' · matrix · vector.
 *
 * @example
 * quadraticForm([1, 2], [[3, 0], [0, 1]]) // => 7
 */
export function quadraticForm(vector: readonly number[], matrix: Matrix): number {
  return multiplyVector(matrix, vector).reduce((total, value, i) => total + value * (vector[i] ?? 0), 0);
}

/**
 * The trace of the product of two matrices, without the product.
 *
 * @example
 * traceOfProduct([[1, 2]], [[3], [4]]) // => 11
 */
export function traceOfProduct(left: Matrix, right: Matrix): number {
  let trace = 0;
  left.forEach((row, i) => {
    row.forEach((value, k) => {
      trace += value * (right[k]?.[i] ?? 0);
    });
  });
  return trace;
}

/**
 * The solution X of matrix · X = right and the determinant of the matrix, by elimination with the largest pivot of each
 * column; X is null for a singular matrix, seen by a pivot that is rounding.
 *
 * @throws RangeError for a matrix that is not square or a right side of other length
 * @example
 * solveLinear([[0, 2], [4, 0]], [[2], [8]]) // => { solution: [[2], [1]], determinant: -8 }
 */
export function solveLinear(matrix: SquareMatrix, right: Matrix): { solution: number[][] | null; determinant: number } {
  const size = matrix.length;
  if (matrix.some((row) => row.length !== size)) throw new RangeError('solveLinear requires a square matrix');
  if (right.length !== size) throw new RangeError('solveLinear requires a right side as long as the matrix');
  const rows = matrix.map((row, i) => [...row, ...(right[i] ?? [])]);
  const largest = Math.max(0, ...matrix.flat().map(Math.abs));
  let determinant = 1;
  let singular = false;
  for (let k = 0; k < size; k += 1) {
    let pivot = k;
    for (let i = k + 1; i < size; i += 1) if (Math.abs(rows[i]?.[k] ?? 0) > Math.abs(rows[pivot]?.[k] ?? 0)) pivot = i;
    const line = rows[pivot] ?? [];
    const head = line[k] ?? 0;
    determinant *= pivot === k ? head : -head;
    if (!(Math.abs(head) > 4 * Number.EPSILON * largest)) singular = true;
    if (head === 0) break;
    rows[pivot] = rows[k] ?? [];
    rows[k] = line;
    for (let i = k + 1; i < size; i += 1) {
      const other = rows[i] ?? [];
      const factor = (other[k] ?? 0) / head;
      for (let j = k; j < other.length; j += 1) other[j] = (other[j] ?? 0) - factor * (line[j] ?? 0);
    }
  }
  if (singular) return { solution: null, determinant };
  const solution: number[][] = [];
  for (let k = size - 1; k >= 0; k -= 1) {
    const line = rows[k] ?? [];
    solution[k] = line.slice(size).map((value, column) => {
      let rest = value;
      for (let j = k + 1; j < size; j += 1) rest -= (line[j] ?? 0) * (solution[j]?.[column] ?? 0);
      return rest / (line[k] ?? 1);
    });
  }
  return { solution, determinant };
}
