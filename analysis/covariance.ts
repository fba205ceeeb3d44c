/** Covariances of several columns with gaps. Reliability stands on them. */
import { present, type Values } from './descriptives.ts';
import { mean } from './numeric/sums.ts';

/** Columns of equal length: one per item, one row per person, null where an answer is missing. */
export type Columns = readonly Values[];

/** `pairwise`: each covariance from the rows that have both. `listwise`: all from the rows that have everything. */
export type MissingUse = 'pairwise' | 'listwise';

/**
 * The number of rows. Throws RangeError when the columns are not equally long.
 *
 * @example
 * rowCount([[1, 2], [3, null]]) // => 2
 */
export function rowCount(columns: Columns): number {
  const rows = columns[0]?.length ?? 0;
  if (columns.some((column) => column.length !== rows)) throw new RangeError('columns must be equally long');
  return rows;
}

/**
 * The columns reduced to the rows without any gap.
 *
 * @example
 * completeRows([[1, 2, null], [4, null, 6]]) // => [[1], [4]]
 */
export function completeRows(columns: Columns): Columns {
  const complete: number[] = [];
  for (let row = 0; row < rowCount(columns); row += 1) {
    if (columns.every((column) => column[row] !== null)) complete.push(row);
  }
  return columns.map((column) => complete.map((row) => column[row] ?? null));
}

/**
 * The covariance matrix (n - 1), each covariance from the rows in which both columns have a value, with the means of
 * those rows. NaN where fewer than two rows have both. With gaps the matrix need not be positive definite. Columns are
 * centred first, so a large mean costs no digits. Agrees with R's `cov(x, use = "pairwise")` to 1e-13.
 *
 * @throws RangeError for columns of unequal length, NaN or infinite values
 * @example
 * covarianceMatrix([[1, 2, 3], [2, 4, 6]]) // => [[1, 2], [2, 4]]
 */
export function covarianceMatrix(columns: Columns): number[][] {
  rowCount(columns);
  const centred = columns.map(centre);
  const matrix = columns.map(() => new Array<number>(columns.length).fill(Number.NaN));
  centred.forEach((a, i) => {
    for (let j = 0; j <= i; j += 1) {
      const value = covariance(a, centred[j] ?? a);
      for (const [row, column] of [
        [i, j],
        [j, i],
      ] as const) {
        const line = matrix[row];
        if (line) line[column] = value;
      }
    }
  });
  return matrix;
}

/** Deviations from the mean of the column; NaN marks a gap, because it spreads into every product by itself. */
function centre(values: Values): Float64Array {
  const kept = present(values);
  const middle = kept.length === 0 ? 0 : mean(kept);
  return Float64Array.from(values, (value) => (value === null ? Number.NaN : value - middle));
}

function covariance(a: Float64Array, b: Float64Array): number {
  let n = 0;
  let sumOfA = 0;
  let sumOfB = 0;
  let products = 0;
  for (let row = 0; row < a.length; row += 1) {
    const x = a[row] ?? Number.NaN;
    const y = b[row] ?? Number.NaN;
    const product = x * y;
    if (Number.isNaN(product)) continue;
    n += 1;
    sumOfA += x;
    sumOfB += y;
    products += product;
  }
  return n < 2 ? Number.NaN : (products - (sumOfA * sumOfB) / n) / (n - 1);
}

/**
 * Correlations of a covariance matrix. NaN where a variance is zero or unknown.
 *
 * @example
 * correlationMatrix([[4, 1], [1, 1]]) // => [[1, 0.5], [0.5, 1]]
 */
export function correlationMatrix(covariances: readonly (readonly number[])[]): number[][] {
  const deviations = covariances.map((line, i) => Math.sqrt(line[i] ?? Number.NaN));
  return covariances.map((line, i) =>
    line.map((value, j) => (i === j ? value / value : value / ((deviations[i] ?? 0) * (deviations[j] ?? 0)))),
  );
}

/**
 * The correlation matrix, each correlation with the means and deviations of the rows in which both columns have a value, as
 * R's `cor(x, use = "pairwise")`; without gaps it is the `correlationMatrix` of the covariances. NaN where fewer than two
 * rows have both or one of the columns does not vary in them.
 *
 * @throws RangeError for columns of unequal length, NaN or infinite values
 * @example
 * pairwiseCorrelations([[1, 2, 3, null], [2, 4, 6, 1]]) // => [[1, 1], [1, 1]]
 */
export function pairwiseCorrelations(columns: Columns): number[][] {
  rowCount(columns);
  const centred = columns.map(centre);
  const matrix = columns.map(() => new Array<number>(columns.length).fill(Number.NaN));
  centred.forEach((a, i) => {
    for (let j = 0; j <= i; j += 1) {
      const b = centred[j] ?? a;
      const restricted = (own: Float64Array) => own.map((value, row) => value + 0 * (a[row] ?? 0) * (b[row] ?? 0));
      const variances = [a, b].map((own) => covariance(restricted(own), own));
      const value = covariance(a, b) / Math.sqrt((variances[0] ?? Number.NaN) * (variances[1] ?? Number.NaN));
      for (const [row, column] of [
        [i, j],
        [j, i],
      ] as const) {
        const line = matrix[row];
        if (line) line[column] = Number.isFinite(value) ? (i === j ? 1 : value) : Number.NaN;
      }
    }
  });
  return matrix;
}
