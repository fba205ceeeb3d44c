/**
 * Least squares in orthonormal columns: with Q'WQ = I the coefficients are Q'Wy, and no cross products have to be
 * inverted. Called by the models with cluster-robust errors and by two-stage least squares.
 */
import { sum } from '../numeric/sums.ts';

export interface OrthonormalDesign {
  /** One list of rows for each column; the first is the intercept's. */
  readonly columns: readonly Float64Array[];
  /** Upper triangular: coefficients of the given columns = back · coefficients of the orthonormal ones. */
  readonly back: readonly (readonly number[])[];
}

/** A column of which so little is left, relative to its own size, is determined by the others. */
const leastRest = 1e-10;

/**
 * Makes the columns orthonormal under the weights, one after another, each projection twice so that rounding leaves no
 * trace (modified Gram-Schmidt). Null when a column is determined by those before it.
 *
 * Reference: Björck (1996), Numerical Methods for Least Squares Problems, section 2.4.
 *
 * @example
 * orthonormalDesign([[1, 1, 1, 1], [0, 0, 2, 2]], [1, 1, 1, 1]).back[1] // => [0, 0.5]
 */
export function orthonormalDesign(
  given: readonly ArrayLike<number>[],
  weights: ArrayLike<number>,
): OrthonormalDesign | null {
  const columns: Float64Array[] = [];
  const back = given.map(() => new Array<number>(given.length).fill(0));
  for (const [j, source] of given.entries()) {
    const column = Float64Array.from(source);
    const size = Math.sqrt(weightedProduct(column, column, weights));
    const shares = new Array<number>(columns.length).fill(0);
    for (let pass = 0; pass < 2; pass += 1) {
      for (const [k, known] of columns.entries()) {
        const share = weightedProduct(known, column, weights);
        shares[k] = (shares[k] ?? 0) + share;
        for (let row = 0; row < column.length; row += 1) column[row] = (column[row] ?? 0) - share * (known[row] ?? 0);
      }
    }
    const left = Math.sqrt(weightedProduct(column, column, weights));
    if (!(left > leastRest * size)) return null;
    columns.push(column.map((value) => value / left));
    // column = (given - Σ share known) / left, and each known one is a combination of the given ones before it.
    for (const line of back) {
      const before = sum(shares.map((share, k) => share * (line[k] ?? 0)));
      line[j] = -before / left;
    }
    const own = back[j];
    if (own) own[j] = (own[j] ?? 0) + 1 / left;
  }
  return { columns, back };
}

/**
 * Σ w a b, with compensation for rounding.
 *
 * @example
 * weightedProduct([1, 2], [3, 4], [1, 10]) // => 83
 */
export function weightedProduct(a: ArrayLike<number>, b: ArrayLike<number>, weights: ArrayLike<number>): number {
  const terms = new Float64Array(a.length);
  for (let row = 0; row < a.length; row += 1) terms[row] = (weights[row] ?? 0) * (a[row] ?? 0) * (b[row] ?? 0);
  return sum(terms);
}

/**
 * Σ coefficient · column, row by row.
 *
 * @example
 * combined([[1, 1], [0, 2]], [3, 4]) // => [3, 11]
 */
export function combined(columns: readonly ArrayLike<number>[], coefficients: readonly number[]): Float64Array {
  const total = new Float64Array(columns[0]?.length ?? 0);
  for (const [j, column] of columns.entries()) {
    const coefficient = coefficients[j] ?? 0;
    for (let row = 0; row < total.length; row += 1) total[row] = (total[row] ?? 0) + coefficient * (column[row] ?? 0);
  }
  return total;
}
