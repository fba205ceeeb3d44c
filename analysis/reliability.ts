/** Internal consistency of a scale: Cronbach's alpha with its interval, and what each item does to it. */

import {
  type Columns,
  completeRows,
  correlationMatrix,
  covarianceMatrix,
  type MissingUse,
  rowCount,
} from './covariance.ts';
import { describe } from './descriptives.ts';
import { noEstimate, requireLevel } from './estimate.ts';
import { itemsAt, itemsDo } from './item-names.ts';
import { fQuantile } from './numeric/f.ts';
import { inUnit, unitOf } from './numeric/magnitude.ts';
import { sum } from './numeric/sums.ts';
import type { Estimate, Note } from './result.ts';

export interface ReliabilityOptions {
  /** What to do with people who left items out; default `pairwise`, as R's psych::alpha does. */
  readonly use?: MissingUse;
  /** Level of the interval; default 0.95. */
  readonly level?: number;
}

export interface ItemReliability {
  readonly n: number;
  readonly mean: number | null;
  readonly sd: number | null;
  /** Correlation with the sum of the other items; null where an item or the rest is constant. */
  readonly itemRest: number | null;
  /** Alpha of the other items, raw and standardised; null for a scale of two. */
  readonly alphaIfDeleted: number | null;
  readonly standardisedIfDeleted: number | null;
}

export interface Reliability {
  /** People given, and people who answered every item. */
  readonly rows: number;
  readonly complete: number;
  readonly alpha: Estimate;
  readonly standardised: Estimate;
  /** Mean of the correlations between items. */
  readonly averageCorrelation: number | null;
  /** In the order of the columns. */
  readonly items: readonly ItemReliability[];
}

type Matrix = readonly (readonly number[])[];

/**
 * Cronbach's alpha: how consistent is the sum of these items, if each measures the same thing?
 *
 *     alpha = k / (k - 1) · (1 - Σ variances / Σ of the whole covariance matrix)
 *
 * Standardised alpha is the same on the correlation matrix. The interval is Feldt's: (1 - alpha) over its estimate
 * follows F with n - 1 and (n - 1)(k - 1) degrees of freedom when items are parallel and normal. Alpha equals the
 * reliability only if items are essentially tau-equivalent with uncorrelated errors; otherwise it is a lower bound.
 * Items must be keyed in one direction before (reversed with their declared range).
 *
 * Missing answers: `pairwise` takes each covariance from the people who answered both items, and all figures come from
 * that one matrix, with n = all rows given in the interval; `listwise` keeps the people who answered everything.
 *
 * Notes instead of values: `too-few-rows`, `too-few-pairs`, `no-variance`. Notes beside values: `constant-item`,
 * `negative-alpha`, `negative-item`, `pairwise`.
 *
 * References: Cronbach (1951), Psychometrika 16, 297-334; Feldt (1965), Psychometrika 30, 357-370. Agrees with R's
 * psych::alpha to 1e-12, save for the alpha of a single item, which psych prints when one of two items is deleted.
 *
 * @throws RangeError for fewer than two items, columns of unequal length, NaN or infinite values, a level outside (0, 1)
 * @example
 * cronbachAlpha([[1, 2, 3], [1, 2, 3]]).alpha.value // => 1
 * cronbachAlpha([[1, 2, 3, 4], [2, 1, 4, 3]]).alpha.value // => 0.75
 */
export function cronbachAlpha(columns: Columns, options: ReliabilityOptions = {}): Reliability {
  const { use = 'pairwise', level = 0.95 } = options;
  if (columns.length < 2) throw new RangeError('cronbachAlpha requires at least two items');
  requireLevel('cronbachAlpha', level);
  const whole = completeRows(columns);
  const used = use === 'listwise' ? whole : columns;
  const rows = rowCount(used);
  const complete = rowCount(whole);
  const unit = unitOf(...used);
  const covariances = covarianceMatrix(used.map((column) => inUnit(column, unit)));
  const correlations = correlationMatrix(covariances);
  const items = used.map((column, item): ItemReliability => {
    const { n, mean, sd } = describe(column);
    return {
      n,
      mean,
      sd,
      itemRest: itemRestCorrelation(covariances, item),
      alphaIfDeleted: alphaOf(without(covariances, item)),
      standardisedIfDeleted: alphaOf(without(correlations, item)),
    };
  });
  const notes = notesOn(covariances, items, rows, complete, use);
  return {
    rows: rowCount(columns),
    complete,
    alpha: alphaEstimate(covariances, rows, level, `Cronbach's alpha, ${use}, Feldt interval`, notes),
    standardised: alphaEstimate(correlations, rows, null, `Standardised alpha, ${use}`, notes),
    averageCorrelation: averageOffDiagonal(correlations),
    items,
  };
}

/**
 * Feldt's interval of an alpha from `n` people and `k` items.
 *
 * @throws RangeError unless n >= 2 and k >= 2
 * @example
 * feldtInterval(1, 10, 3, 0.95) // => { lower: 1, upper: 1, level: 0.95 }
 */
export function feldtInterval(alpha: number, n: number, k: number, level: number): NonNullable<Estimate['interval']> {
  if (!(n >= 2 && k >= 2)) throw new RangeError('feldtInterval requires at least two people and two items');
  requireLevel('feldtInterval', level);
  const tail = (1 - level) / 2;
  const bound = (p: number) => 1 - (1 - alpha) * fQuantile(p, n - 1, (n - 1) * (k - 1));
  return { lower: bound(1 - tail), upper: bound(tail), level };
}

/** Alpha of a covariance or correlation matrix; null for one item, unknown entries or no variance of the sum. */
function alphaOf(matrix: Matrix): number | null {
  const k = matrix.length;
  const total = sum(matrix.flat());
  const trace = sum(matrix.map((line, i) => line[i] ?? 0));
  if (k < 2 || !varies(total, matrix)) return null;
  return (k / (k - 1)) * (1 - trace / total);
}

/** Items that cancel each other have a sum without variance, of which rounding can leave a trace. */
function varies(total: number, matrix: Matrix): boolean {
  return total > 1e-12 * sum(matrix.flat().map(Math.abs));
}

function without(matrix: Matrix, item: number): Matrix {
  return matrix.filter((_, i) => i !== item).map((line) => line.filter((_, j) => j !== item));
}

/** Correlation of an item with the sum of the rest, from the covariance matrix alone. */
function itemRestCorrelation(covariances: Matrix, item: number): number | null {
  const line = covariances[item] ?? [];
  const own = line[item] ?? Number.NaN;
  const withRest = sum(line) - own;
  const others = without(covariances, item);
  const rest = sum(others.flat());
  const correlation = withRest / Math.sqrt(own * rest);
  return own > 0 && varies(rest, others) ? correlation : null;
}

function averageOffDiagonal(correlations: Matrix): number | null {
  const k = correlations.length;
  const average = sum(correlations.flatMap((line, i) => line.filter((_, j) => j !== i))) / (k * (k - 1));
  return Number.isNaN(average) ? null : average;
}

function alphaEstimate(
  matrix: Matrix,
  n: number,
  level: number | null,
  method: string,
  notes: readonly Note[],
): Estimate {
  if (n < 2) return noEstimate(n, method, { code: 'too-few-rows', text: 'Alpha needs the answers of two people.' });
  const value = alphaOf(matrix);
  if (value === null) {
    const unknown = matrix.flat().some(Number.isNaN);
    return noEstimate(n, method, unknown ? tooFewPairs : noVariance, ...notes);
  }
  const negative = value < 0 ? [negativeAlpha] : [];
  const interval = level === null ? null : feldtInterval(value, n, matrix.length, level);
  return { value, n, interval, method, notes: [...notes, ...negative] };
}

const tooFewPairs: Note = {
  code: 'too-few-pairs',
  text: 'Some items were not answered together by two people or more, or did not vary, so their relation is unknown.',
};
const noVariance: Note = { code: 'no-variance', text: 'The sum of the items does not vary, so alpha is not defined.' };
const negativeAlpha: Note = {
  code: 'negative-alpha',
  text: 'Alpha is negative: items contradict each other. Check which items are reversed.',
};

/** What the reader of any of the figures must know about the data. */
function notesOn(
  covariances: Matrix,
  items: readonly ItemReliability[],
  rows: number,
  complete: number,
  use: MissingUse,
): Note[] {
  const places = (test: (item: ItemReliability, i: number) => boolean) =>
    items.flatMap((item, i) => (test(item, i) ? [i + 1] : []));
  const constant = places((_, i) => covariances[i]?.[i] === 0);
  const against = places((item) => item.itemRest !== null && item.itemRest < 0);
  const notes: Note[] = [];
  if (constant.length > 0)
    notes.push({ code: 'constant-item', text: `Everybody gave the same answer to ${itemsAt(constant)}.` });
  if (against.length > 0) {
    notes.push({
      code: 'negative-item',
      text: itemsDo(against, ['goes', 'go'], 'against the sum of the others. Check the keying.'),
    });
  }
  if (use === 'pairwise' && complete < rows) {
    notes.push({
      code: 'pairwise',
      text: `Covariances from the people who answered both items; ${complete} of ${rows} answered every item.`,
    });
  }
  return notes;
}
