/** Parallel analysis: which eigenvalues exceed those of random numbers? */
import { type Random, randomOf } from '../../instruments/random.ts';
import { quantile } from '../descriptives.ts';
import type { SquareMatrix } from '../numeric/cholesky.ts';
import { symmetricEigenvalues } from '../numeric/eigen.ts';
import { mean, sumOfSquaredDeviations } from '../numeric/sums.ts';
import type { ShareDone } from '../progress.ts';

export interface ParallelOptions {
  /** Random data sets; default 500. */
  readonly replications?: number;
  /** Seed of the generator in instruments/random.ts, or a source of standard normal numbers, like R's. */
  readonly seed: number | string | (() => number);
  /** Quantiles of the random eigenvalues to give beside their mean; default [0.95]. */
  readonly quantiles?: readonly number[];
  /** What is taken of each random correlation matrix in place of its eigenvalues, as many numbers as items. */
  readonly reduce?: (correlations: SquareMatrix) => readonly number[];
  readonly onShare?: ShareDone;
}

export interface RandomEigenvalues {
  readonly n: number;
  readonly items: number;
  readonly replications: number;
  /** Of the largest eigenvalue, the second and so on. */
  readonly means: readonly number[];
  readonly standardDeviations: readonly number[];
  /** For each quantile asked for, those of all eigenvalues. */
  readonly quantiles: readonly (readonly number[])[];
}

/**
 * Eigenvalues of the correlations of independent normal items: what chance alone makes of n people and so many items. The
 * Monte Carlo error of a mean is its standard deviation over the root of the replications.
 *
 * Reference: Horn (1965), Psychometrika 30, 179-185. With R's normal numbers (numeric/r-random.ts) equal to R to 1e-12.
 *
 * @throws RangeError for n below 2, no items or no replications
 * @example
 * randomEigenvalues(50, 1, { replications: 2, seed: 1 }).means // => [1]
 */
export function randomEigenvalues(n: number, items: number, options: ParallelOptions): RandomEigenvalues {
  const { replications = 500, seed, quantiles = [0.95], reduce = symmetricEigenvalues, onShare } = options;
  if (!(n >= 2 && items >= 1 && replications >= 1)) {
    throw new RangeError('randomEigenvalues requires two people, an item and a replication at least');
  }
  const random: Random | null = typeof seed === 'function' ? null : randomOf(seed);
  const normal = typeof seed === 'function' ? seed : () => random?.normal() ?? 0;
  const columns = Array.from({ length: items }, () => new Float64Array(n));
  const drawn = columns.map(() => new Float64Array(replications));
  for (let replication = 0; replication < replications; replication += 1) {
    if (replication % 10 === 0) onShare?.(replication / replications);
    for (const column of columns) for (let row = 0; row < n; row += 1) column[row] = normal();
    reduce(randomCorrelations(columns)).forEach((value, k) => {
      const values = drawn[k];
      if (values) values[replication] = value;
    });
  }
  const lists = drawn.map((values) => Array.from(values));
  return {
    n,
    items,
    replications,
    means: lists.map(mean),
    standardDeviations: lists.map((values) => Math.sqrt(sumOfSquaredDeviations(values) / (replications - 1))),
    quantiles: quantiles.map((share) => lists.map((values) => quantile(values, share) ?? Number.NaN)),
  };
}

/**
 * How many eigenvalues from the largest on exceed the random ones? It ends with the first that does not.
 *
 * @example
 * exceeding([2.5, 1.2, 0.9], [1.3, 1.1, 1]) // => 2
 */
export function exceeding(observed: readonly number[], random: readonly number[]): number {
  const first = observed.findIndex((value, i) => !(value > (random[i] ?? Number.POSITIVE_INFINITY)));
  return first < 0 ? observed.length : first;
}

/** Correlations of columns without gaps; the columns are brought to mean 0 and length 1 in place. */
function randomCorrelations(columns: readonly Float64Array[]): number[][] {
  for (const column of columns) {
    let total = 0;
    for (let row = 0; row < column.length; row += 1) total += column[row] ?? 0;
    const middle = total / column.length;
    let squares = 0;
    for (let row = 0; row < column.length; row += 1) squares += ((column[row] ?? 0) - middle) ** 2;
    const length = Math.sqrt(squares);
    for (let row = 0; row < column.length; row += 1) column[row] = ((column[row] ?? 0) - middle) / length;
  }
  const matrix = columns.map(() => new Array<number>(columns.length).fill(1));
  columns.forEach((a, i) => {
    for (let j = 0; j < i; j += 1) {
      const b = columns[j] ?? a;
      let product = 0;
      for (let row = 0; row < a.length; row += 1) product += (a[row] ?? 0) * (b[row] ?? 0);
      for (const [line, place] of [
        [i, j],
        [j, i],
      ] as const) {
        const values = matrix[line];
        if (values) values[place] = product;
      }
    }
  });
  return matrix;
}
