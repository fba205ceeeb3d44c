/** Means and covariances of columns with gaps, from everything that was observed. Called by Little's test and by plans. */

import { type Columns, rowCount } from './covariance.ts';
import { present } from './descriptives.ts';
import { itemsDo } from './item-names.ts';
import { type MissingPattern, missingPatterns } from './missing-patterns.ts';
import { cholesky, solveCholesky } from './numeric/cholesky.ts';
import { mean, sumOfSquaredDeviations } from './numeric/sums.ts';
import { type ShareDone, searchSteps, untold } from './progress.ts';
import type { Note } from './result.ts';

export interface Moments {
  readonly means: readonly number[];
  /** Maximum likelihood, divided by n. */
  readonly covariances: readonly (readonly number[])[];
}

export interface IncompleteMoments extends Moments {
  readonly n: number;
  readonly emptyRows: number;
  readonly logLikelihood: number;
  readonly iterations: number;
  readonly patterns: readonly MissingPattern[];
}

export interface MomentOptions {
  /** Stop when nothing moved by more than this share of itself and of what the columns vary; 1e-13. Units do not matter. */
  readonly tolerance?: number;
  readonly maxIterations?: number;
  readonly onShare?: ShareDone | undefined;
}

/**
 * Means and covariances by full-information maximum likelihood: which normal distribution makes the observed values most
 * probable? By the EM algorithm: each round fills every gap with its mean given what the row does hold, adds the spread
 * that this mean leaves out, and takes the moments anew. Starts from the means and variances of each column. Assumes normal
 * values and gaps that depend on observed values only (missing at random). Rows without any value are left out.
 *
 * Null with a note: `too-few-values` when a column has fewer than two values, `no-variance` when one is constant,
 * `collinear` when columns determine one another in the rows that have them. Note `not-converged` beside the values after
 * 20,000 rounds.
 *
 * Reference: Little and Rubin (2019), Statistical Analysis with Missing Data, 3rd edition, section 11.2. Agrees with R's
 * lavaan to the accuracy of its stop, and to 1e-10 with an EM run as far.
 *
 * @throws RangeError without columns, for columns of unequal length, NaN or infinite values
 * @example
 * emMoments([[1, 2, 3, 4], [2, 1, 4, null]]).moments.means[0] // => 2.5
 * emMoments([[1, 1, 1]]).notes[0].code // => 'no-variance'
 */
export function emMoments(
  columns: Columns,
  options: MomentOptions = {},
): { moments: IncompleteMoments | null; notes: readonly Note[] } {
  const { tolerance = 1e-13, maxIterations = 20_000, onShare = untold } = options;
  if (columns.length === 0) throw new RangeError('emMoments requires columns');
  rowCount(columns);
  const { patterns, n, emptyRows } = missingPatterns(columns);
  const none = (code: string, text: string) => ({ moments: null, notes: [{ code, text }] });
  const start = startOf(columns);
  if (start === null) {
    const few = columns.flatMap((column, i) => (present(column).length < 2 ? [i + 1] : []));
    return none('too-few-values', itemsDo(few, ['has', 'have'], 'fewer than two values, so no moments.', 'Column'));
  }
  const constant = start.covariances.flatMap((line, i) => (line[i] === 0 ? [i + 1] : []));
  if (constant.length > 0) {
    return none('no-variance', itemsDo(constant, ['does', 'do'], 'not vary, so no moments.', 'Column'));
  }
  const collinear = () => none('collinear', 'Columns determine one another where they are observed, so no moments.');
  let moments: Moments = start;
  const onStep = searchSteps(onShare, 100);
  for (let iterations = 1; iterations <= maxIterations; iterations += 1) {
    onStep();
    const next = improved(moments, patterns, n);
    if (next === null) return collinear();
    const change = changeBetween(moments, next);
    moments = next;
    if (change < tolerance || iterations === maxIterations) {
      const logLikelihood = logLikelihoodOf(moments, patterns);
      if (logLikelihood === null) return collinear();
      const text = `The moments did not settle within ${maxIterations} rounds.`;
      const notes = change < tolerance ? [] : [{ code: 'not-converged', text }];
      return { moments: { ...moments, n, emptyRows, logLikelihood, iterations, patterns }, notes };
    }
  }
  throw new RangeError('emMoments requires at least one iteration');
}

/** Means and variances of the columns, without covariances; null when a column has fewer than two values. */
function startOf(columns: Columns): Moments | null {
  const values = columns.map(present);
  if (values.some(({ length }) => length < 2)) return null;
  return {
    means: values.map((column) => mean(column)),
    covariances: values.map((column, i) =>
      values.map((_, j) => (i === j ? sumOfSquaredDeviations(column) / (column.length - 1) : 0)),
    ),
  };
}

/** One round of EM; null when the observed columns of a pattern have a singular covariance. */
function improved({ means, covariances }: Moments, patterns: readonly MissingPattern[], n: number): Moments | null {
  // Expected sums and products around the present means, so that a large mean costs no digits.
  const sums = means.map(() => 0);
  const products = means.map(() => means.map(() => 0));
  for (const pattern of patterns) {
    const filled = expectedOf(pattern, means, covariances);
    if (filled === null) return null;
    for (let i = 0; i < means.length; i += 1) {
      sums[i] = (sums[i] ?? 0) + (filled.sums[i] ?? 0);
      const line = products[i] ?? [];
      for (let j = 0; j < means.length; j += 1) line[j] = (line[j] ?? 0) + (filled.products[i]?.[j] ?? 0);
    }
  }
  const shift = sums.map((total) => total / n);
  return {
    means: means.map((value, i) => value + (shift[i] ?? 0)),
    covariances: products.map((line, i) => line.map((value, j) => value / n - (shift[i] ?? 0) * (shift[j] ?? 0))),
  };
}

/** What the rows of a pattern are expected to add to the sums and products around the means. */
function expectedOf(pattern: MissingPattern, means: readonly number[], covariances: Moments['covariances']) {
  const { observed, missing, rows } = pattern;
  const n = rows.length;
  const distance = observed.map((place, j) => (pattern.means[j] ?? 0) - (means[place] ?? 0));
  const around = pattern.products.map((line, i) =>
    line.map((value, j) => value + n * (distance[i] ?? 0) * (distance[j] ?? 0)),
  );
  const regressions = regressionsOn(pattern, covariances);
  if (regressions === null) return null;
  const sums = means.map(() => 0);
  const products = means.map(() => means.map(() => 0));
  const put = (row: number, column: number, value: number) => {
    const line = products[row];
    if (line) line[column] = value;
  };
  observed.forEach((place, i) => {
    sums[place] = n * (distance[i] ?? 0);
    observed.forEach((other, j) => {
      put(place, other, around[i]?.[j] ?? 0);
    });
  });
  missing.forEach((place, m) => {
    const slopes = regressions[m] ?? [];
    sums[place] = n * dot(slopes, distance);
    const withObserved = around.map((line) => dot(slopes, line));
    observed.forEach((other, j) => {
      put(place, other, withObserved[j] ?? 0);
      put(other, place, withObserved[j] ?? 0);
    });
    missing.forEach((other, k) => {
      const otherSlopes = regressions[k] ?? [];
      const explained = dot(
        slopes,
        observed.map((at) => covariances[at]?.[other] ?? 0),
      );
      const left = (covariances[place]?.[other] ?? 0) - explained;
      put(place, other, dot(otherSlopes, withObserved) + n * left);
    });
  });
  return { sums, products };
}

/** The slopes of each missing column on the observed ones; null when these determine one another. */
function regressionsOn({ observed, missing }: MissingPattern, covariances: Moments['covariances']): number[][] | null {
  if (missing.length === 0) return [];
  const factor = cholesky(among(covariances, observed));
  if (factor === null) return null;
  return missing.map((place) =>
    solveCholesky(
      factor,
      observed.map((other) => covariances[other]?.[place] ?? 0),
    ),
  );
}

/**
 * The part of a matrix that belongs to some columns.
 *
 * @example
 * among([[1, 2, 3], [4, 5, 6], [7, 8, 9]], [0, 2]) // => [[1, 3], [7, 9]]
 */
export function among(matrix: Moments['covariances'], places: readonly number[]): number[][] {
  return places.map((i) => places.map((j) => matrix[i]?.[j] ?? 0));
}

function dot(a: readonly number[], b: readonly number[]): number {
  let total = 0;
  for (let i = 0; i < a.length; i += 1) total += (a[i] ?? 0) * (b[i] ?? 0);
  return total;
}

/** The largest move: of a mean relative to itself and the spread, of a covariance relative to both spreads. */
function changeBetween(before: Moments, after: Moments): number {
  const spreads = before.covariances.map((line, i) => Math.sqrt(line[i] ?? 0));
  const spread = (i: number) => spreads[i] ?? 0;
  const ofMeans = before.means.map(
    (value, i) => Math.abs((after.means[i] ?? 0) - value) / (spread(i) + Math.abs(value)),
  );
  const ofCovariances = before.covariances.flatMap((line, i) =>
    line.map((value, j) => Math.abs((after.covariances[i]?.[j] ?? 0) - value) / spread(i) / spread(j)),
  );
  return Math.max(...ofMeans, ...ofCovariances);
}

/** Logarithm of the density of all observed values; null when a covariance is singular. */
function logLikelihoodOf({ means, covariances }: Moments, patterns: readonly MissingPattern[]): number | null {
  let total = 0;
  for (const { observed, rows, means: centre, products } of patterns) {
    const n = rows.length;
    const factor = cholesky(among(covariances, observed));
    if (factor === null) return null;
    const distance = observed.map((place, j) => (centre[j] ?? 0) - (means[place] ?? 0));
    const logDeterminant = 2 * factor.reduce((sum, line, i) => sum + Math.log(line[i] ?? 0), 0);
    const spread = products.reduce((sum, line, i) => sum + (solveCholesky(factor, line)[i] ?? 0), 0);
    const quadratic = spread + n * dot(distance, solveCholesky(factor, distance));
    total -= (n * (observed.length * Math.log(2 * Math.PI) + logDeterminant) + quadratic) / 2;
  }
  return total;
}
