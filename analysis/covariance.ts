/** Covariances of several columns with gaps. Reliability stands on them. */
import type { Values } from './descriptives.ts';
import { inUnit, unitOf } from './numeric/magnitude.ts';
import { pairOf, squaresOf, summedCodes, summedDeviations, summedUp } from './pair-sums.ts';

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
  const rows = rowCount(columns);
  for (let row = 0; row < rows; row += 1) {
    if (columns.every((column) => column[row] !== null)) complete.push(row);
  }
  return columns.map((column) => complete.map((row) => column[row] ?? null));
}

/**
 * The covariance matrix (n - 1), each covariance from the rows in which both columns have a value, with the means of
 * those rows. NaN where fewer than two rows have both. With gaps the matrix need not be positive definite. Columns are
 * centred first, so a large mean costs no digits; sums of small whole numbers, as answers are, need not be and are exact
 * (code-products.ts). Agrees with R's `cov(x, use = "pairwise")` to 1e-13.
 *
 * @throws RangeError for columns of unequal length, NaN or infinite values
 * @example
 * covarianceMatrix([[1, 2, 3], [2, 4, 6]]) // => [[1, 2], [2, 4]]
 */
export function covarianceMatrix(columns: Columns): number[][] {
  rowCount(columns);
  const all = summedUp(columns);
  return symmetric(columns.length, (i, j) => {
    const { n, sumOfA, sumOfB, products } = pairOf(all, i, j);
    return n < 2 ? Number.NaN : (products - (sumOfA * sumOfB) / n) / (n - 1);
  });
}

function symmetric(size: number, value: (i: number, j: number) => number): number[][] {
  const matrix = Array.from({ length: size }, () => new Array<number>(size).fill(Number.NaN));
  matrix.forEach((line, i) => {
    for (let j = 0; j <= i; j += 1) {
      const own = value(i, j);
      line[j] = own;
      const other = matrix[j];
      if (other) other[i] = own;
    }
  });
  return matrix;
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
export function pairwiseCorrelations(given: Columns): number[][] {
  rowCount(given);
  const codes = summedCodes(given);
  const columns = codes ? given : given.map((column) => inUnit(column, unitOf(column)));
  const all = codes ?? summedDeviations(columns);
  const whole = (i: number) => all.gaps[i]?.length === 0;
  return symmetric(columns.length, (i, j) => {
    // Where one great value is to be taken out of a rounded sum, the digits of all others go with it.
    if (!(all.exact || (whole(i) && whole(j)))) return correlationOf(columns[i] ?? [], columns[j] ?? [], i === j);
    const { n, sumOfA, sumOfB, products } = pairOf(all, i, j);
    const ofA = squaresOf(all, i, j) - sumOfA ** 2 / n;
    const ofB = squaresOf(all, j, i) - sumOfB ** 2 / n;
    if (n < 2 || !(ofA > 0 && ofB > 0)) return Number.NaN;
    return i === j ? 1 : (products - (sumOfA * sumOfB) / n) / Math.sqrt(ofA * ofB);
  });
}

/** By the deviations from the means of the rows that both have. */
function correlationOf(a: Values, b: Values, same: boolean): number {
  let [n, sumOfA, sumOfB] = [0, 0, 0];
  const both: number[] = [];
  for (let row = 0; row < a.length; row += 1) {
    const [x, y] = [a[row] ?? null, b[row] ?? null];
    if (x === null || y === null) continue;
    both.push(row);
    n += 1;
    sumOfA += x;
    sumOfB += y;
  }
  const [first = 0] = both;
  const constant = (values: Values) => both.every((row) => values[row] === values[first]);
  if (n < 2 || constant(a) || constant(b)) return Number.NaN;
  let [products, ofA, ofB] = [0, 0, 0];
  for (const row of both) {
    const x = (a[row] ?? 0) - sumOfA / n;
    const y = (b[row] ?? 0) - sumOfB / n;
    products += x * y;
    ofA += x * x;
    ofB += y * y;
  }
  return same ? 1 : products / Math.sqrt(ofA * ofB);
}
