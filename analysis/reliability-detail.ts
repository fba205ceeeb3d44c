/**
 * What stands beside alpha: Guttman's bounds, the standard error of alpha, and how each item goes with the whole. All from
 * one covariance matrix (covariance.ts), so that the caller decides what becomes of missing answers.
 */

import { correlationMatrix } from './covariance.ts';
import { itemsDo } from './item-names.ts';
import { median } from './moments.ts';
import { inversePositiveDefinite, type SquareMatrix } from './numeric/cholesky.ts';
import { unitOf } from './numeric/magnitude.ts';
import { sum } from './numeric/sums.ts';
import type { Note } from './result.ts';

export interface ReliabilityDetail {
  /** Guttman's lambda 1, 2 and 6 on covariances; lambda 3 is alpha. Lambda 6 and 2 of the correlations, as psych has them. */
  readonly lambda1: number | null;
  readonly lambda2: number | null;
  readonly standardisedLambda2: number | null;
  readonly standardisedLambda6: number | null;
  /** Mean, median and variance of the correlations between items. */
  readonly averageCorrelation: number | null;
  readonly medianCorrelation: number | null;
  readonly correlationVariance: number | null;
  /** k r / (1 - r), r the mean correlation. */
  readonly signalToNoise: number | null;
  /** Standard error of alpha for n people times the square root of n. */
  readonly alphaDeviation: number | null;
  /** In the order of the items: correlation with the standardised sum, and with what the items share. */
  readonly itemTotals: readonly (number | null)[];
  readonly correctedItemTotals: readonly (number | null)[];
  /** Why figures are null: `too-few-values`, `no-variance`, `sum-without-variance`, `collinear-items`. */
  readonly notes: readonly Note[];
}

/**
 * What else does a covariance matrix say about the consistency of a sum? With V the sum of all entries, C the matrix and R
 * its correlations:
 *
 *     lambda1 = 1 - trace / V                  lambda2 = lambda1 + sqrt(k / (k - 1) Σ c²) / V, off the diagonal
 *     lambda6 = 1 - Σ (1 - smc) / Σ R          smc = 1 - 1 / diagonal of R⁻¹
 *     Q = 2 k² / ((k - 1)² V³) (V (tr C² + tr² C) - 2 tr C ΣC²),   standard error of alpha = sqrt(Q / n)
 *
 * The corrected item-total correlation has each item's smc in place of its one on the diagonal of R. The standard error
 * assumes normal items. Null with a note where the matrix is not known, an item or the sum does not vary, or, for what needs
 * the smc, R is not positive definite, as a matrix of pairwise covariances or of collinear items need not be.
 *
 * References: Guttman (1945), Psychometrika 10, 255-282; Duhachek and Iacobucci (2004), Journal of Applied Psychology 89,
 * 792-808. Agrees with R's psych to 1e-10.
 *
 * @throws RangeError for fewer than two items
 * @example
 * reliabilityDetail([[1, 0.5], [0.5, 1]]).standardisedLambda6 // => 0.5
 */
export function reliabilityDetail(given: SquareMatrix): ReliabilityDetail {
  const k = given.length;
  if (k < 2) throw new RangeError('reliabilityDetail requires at least two items');
  const unit = unitOf(...given);
  const covariances = unit === 1 ? given : given.map((line) => line.map((value) => value * unit));
  const correlations = correlationMatrix(covariances);
  const between = correlations.flatMap((line, i) => line.slice(0, i));
  const certain = !between.some(Number.isNaN);
  const average = sum(between) / between.length;
  const smc = certain ? squaredMultiple(correlations) : null;
  const corrected = smc && correlations.map((line, i) => line.map((value, j) => (i === j ? (smc[i] ?? 0) : value)));
  const total = totalOf(covariances);
  const trace = sum(covariances.map((line, i) => line[i] ?? 0));
  const spread = sum(between.map((value) => (value - average) ** 2)) / (between.length - 1);
  return {
    lambda1: known(1 - trace / total),
    lambda2: lambda2(covariances),
    standardisedLambda2: lambda2(correlations),
    standardisedLambda6: smc && known(1 - (k - sum(smc)) / totalOf(correlations)),
    averageCorrelation: known(average),
    medianCorrelation: certain ? median(between) : null,
    correlationVariance: known(spread),
    signalToNoise: 1 - average > 1e-12 ? known((k * average) / (1 - average)) : null,
    alphaDeviation: alphaDeviation(covariances, total, trace),
    itemTotals: shares(correlations),
    correctedItemTotals: corrected ? shares(corrected) : covariances.map(() => null),
    notes: doubtsAbout(covariances, certain && smc === null),
  };
}

function doubtsAbout(covariances: SquareMatrix, collinear: boolean): Note[] {
  const notes: Note[] = [];
  const cells = covariances.flat();
  const add = (code: string, text: string) => notes.push({ code, text });
  const constant = covariances.flatMap((line, i) => (line[i] === 0 ? [i + 1] : []));
  if (cells.some(Number.isNaN)) add('too-few-values', 'Two items were answered together by fewer than two people.');
  if (constant.length > 0) {
    const so = constant.length === 1 ? 'it has' : 'they have';
    add('no-variance', itemsDo(constant, ['does', 'do'], `not vary, so ${so} no correlations.`));
  }
  if (cells.some((cell) => Math.abs(cell) > 0) && Number.isNaN(totalOf(covariances)))
    add('sum-without-variance', 'The sum of the items does not vary.');
  if (collinear)
    add('collinear-items', 'An item follows from the others, or pairs of items come from different people.');
  return notes;
}

/** The variance of the sum; NaN where items cancel each other, of which rounding can leave a trace. */
function totalOf(matrix: SquareMatrix): number {
  const cells = matrix.flat();
  const total = sum(cells);
  return total > 1e-12 * sum(cells.map(Math.abs)) ? total : Number.NaN;
}

function known(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function lambda2(matrix: SquareMatrix): number | null {
  const k = matrix.length;
  const total = totalOf(matrix);
  const off = matrix.flatMap((line, i) => line.filter((_, j) => j !== i));
  return known((sum(off) + Math.sqrt((k / (k - 1)) * sum(off.map((value) => value * value)))) / total);
}

/** What the other items tell of each: 1 - 1 / diagonal of the inverse. */
function squaredMultiple(correlations: SquareMatrix): number[] | null {
  const inverse = inversePositiveDefinite(correlations);
  return inverse?.map((line, i) => 1 - 1 / (line[i] ?? 1)) ?? null;
}

/** Column sums over the root of the whole: correlations of the parts with their sum. */
function shares(matrix: SquareMatrix): (number | null)[] {
  const root = Math.sqrt(totalOf(matrix));
  return matrix.map((line) => known(sum(line) / root));
}

function alphaDeviation(covariances: SquareMatrix, total: number, trace: number): number | null {
  const k = covariances.length;
  // Tr C² is the sum of squares of a symmetric matrix, and the sum of C² that of its squared line sums.
  const squares = sum(covariances.flat().map((value) => value * value));
  const lines = sum(covariances.map((line) => sum(line) ** 2));
  const q = ((2 * k * k) / ((k - 1) ** 2 * total ** 3)) * (total * (squares + trace * trace) - 2 * trace * lines);
  return total > 0 ? known(Math.sqrt(Math.max(q, 0))) : null;
}

/** More items than this have too many halves to go through. */
const mostItems = 16;

/**
 * Guttman's lambda 4 of each way to split the items into halves: 4 · covariance of the halves / V. In the order of the
 * first half's items; of an odd number it is the smaller half. The best is a bound of the reliability, flattered by chance;
 * the worst, Revelle's beta, says how much of the sum one factor holds. Give correlations for standardised items.
 *
 * Reference: Guttman (1945), Psychometrika 10, 255-282. Agrees with R's psych, which with an odd number of items goes
 * through the first half of the splits only, to 1e-12.
 *
 * @throws RangeError for fewer than 2 or more than 16 items
 * @example
 * splitHalves([[1, 0.5], [0.5, 1]]) // => [4 * 0.5 / 3]
 */
export function splitHalves(matrix: SquareMatrix): (number | null)[] {
  const k = matrix.length;
  if (k < 2 || k > mostItems) throw new RangeError(`splitHalves requires 2 to ${mostItems} items`);
  const total = totalOf(matrix);
  const size = Math.floor(k / 2);
  const found: (number | null)[] = [];
  const choose = (half: readonly number[], next: number) => {
    if (half.length < size) {
      for (let item = next; item < k; item += 1) choose([...half, item], item + 1);
    } else if (k % 2 === 1 || half[0] === 0) {
      const across = sum(half.flatMap((i) => (matrix[i] ?? []).filter((_, j) => !half.includes(j))));
      found.push(known((4 * across) / total));
    }
  };
  choose([], 0);
  return found;
}
