/** Covariances of several columns with gaps. Reliability stands on them. */
import { present, type Values } from './descriptives.ts';
import { mean, sum } from './numeric/sums.ts';

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
  const products = crossProducts(centred.map(({ values }) => values));
  centred.forEach((a, i) => {
    for (let j = 0; j <= i; j += 1) {
      const value = covariance(a, centred[j] ?? a, products[i]?.[j] ?? 0);
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

/** A column as deviations from its mean, with zero in the gaps, so that they add nothing to a product. */
interface Centred {
  readonly values: Float64Array;
  /** Rows without a value, and 1 in each of them; without gaps nothing at all. */
  readonly gaps: readonly number[];
  readonly isGap: Uint8Array;
  readonly sum: number;
}

function centre(values: Values): Centred {
  const kept = present(values);
  const middle = kept.length === 0 ? 0 : mean(kept);
  for (let at = 0; at < kept.length; at += 1) kept[at] = (kept[at] ?? 0) - middle;
  const total = sum(kept);
  if (kept.length === values.length) return { values: kept, gaps: [], isGap: noGaps, sum: total };
  const deviations = new Float64Array(values.length);
  const isGap = new Uint8Array(values.length);
  const gaps: number[] = [];
  let at = 0;
  for (let row = 0; row < values.length; row += 1) {
    if ((values[row] ?? null) === null) {
      gaps.push(row);
      isGap[row] = 1;
    } else {
      deviations[row] = kept[at] ?? 0;
      at += 1;
    }
  }
  return { values: deviations, gaps, isGap, sum: total };
}

const noGaps = new Uint8Array(0);

function covariance(a: Centred, b: Centred, products: number): number {
  // Rows that only one of them has count in neither sum.
  let sumOfA = a.sum;
  let sumOfB = b.sum;
  let n = a.values.length - a.gaps.length;
  for (const row of b.gaps) {
    sumOfA -= a.values[row] ?? 0;
    n -= 1 - (a.isGap[row] ?? 0);
  }
  for (const row of a.gaps) sumOfB -= b.values[row] ?? 0;
  return n < 2 ? Number.NaN : (products - (sumOfA * sumOfB) / n) / (n - 1);
}

/** So few rows that those of some dozen columns stay in the processor's cache while all pairs are gone through. */
const blockRows = 1024;

/** Σ a b of each column with those before it and itself, in blocks of rows. */
function crossProducts(columns: readonly Float64Array[]): Float64Array[] {
  const totals = columns.map((_, i) => new Float64Array(i + 1));
  const rows = columns[0]?.length ?? 0;
  for (let from = 0; from < rows; from += blockRows) {
    const blocks = columns.map((column) => column.subarray(from, from + blockRows));
    for (const [i, a] of blocks.entries()) {
      const line = totals[i];
      for (let j = 0; line && j <= i; j += 1) line[j] = (line[j] ?? 0) + sumOfProducts(a, blocks[j] ?? a);
    }
  }
  return totals;
}

/** Four sums side by side: the processor need not wait for one addition before it begins the next. */
function sumOfProducts(a: Float64Array, b: Float64Array): number {
  const even = a.length - (a.length % 4);
  let [first, second, third, fourth] = [0, 0, 0, 0];
  for (let row = 0; row < even; row += 4) {
    first += (a[row] ?? 0) * (b[row] ?? 0);
    second += (a[row + 1] ?? 0) * (b[row + 1] ?? 0);
    third += (a[row + 2] ?? 0) * (b[row + 2] ?? 0);
    fourth += (a[row + 3] ?? 0) * (b[row + 3] ?? 0);
  }
  for (let row = even; row < a.length; row += 1) first += (a[row] ?? 0) * (b[row] ?? 0);
  return first + second + (third + fourth);
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
      const value = correlationOf(a, b);
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

/** NaN or infinite where the rows that both have do not vary, or are fewer than two. */
function correlationOf(a: Centred, b: Centred): number {
  let [n, sumOfA, sumOfB, squaresOfA, squaresOfB, products] = [0, 0, 0, 0, 0, 0];
  for (let row = 0; row < a.values.length; row += 1) {
    if (a.isGap[row] === 1 || b.isGap[row] === 1) continue;
    const x = a.values[row] ?? 0;
    const y = b.values[row] ?? 0;
    n += 1;
    sumOfA += x;
    sumOfB += y;
    squaresOfA += x * x;
    squaresOfB += y * y;
    products += x * y;
  }
  if (n < 2) return Number.NaN;
  const spread = Math.sqrt((squaresOfA - (sumOfA * sumOfA) / n) * (squaresOfB - (sumOfB * sumOfB) / n));
  return (products - (sumOfA * sumOfB) / n) / spread;
}
