/** Simple agreement of several raters: Kendall's W of rankings, and the share of cases on which all agree. Called by plans. */
import { type Columns, completeRows, rowCount } from './covariance.ts';
import { noEstimate } from './estimate.ts';
import type { Category } from './kappa.ts';
import { chiSquareTails } from './numeric/chi-square.ts';
import { sum, sumOfSquaredDeviations } from './numeric/sums.ts';
import { ranks } from './ranks.ts';
import type { Estimate } from './result.ts';

export interface Concordance {
  readonly w: Estimate;
  readonly chiSquare: number | null;
  readonly df: number;
  readonly p: number | null;
}

/**
 * Kendall's W: do raters rank the subjects alike? 1 when all rankings are the same, 0 when their sums are. With S the
 * squared deviations of the n sums of ranks over m raters, W = 12 S / (m² (n³ - n) - m Σ (t³ - t)), where t are the sizes of
 * the groups of ties of each rater. Tested by chi-square = m (n - 1) W with n - 1 degrees of freedom, in large samples.
 * Subjects with a gap are left out. Null with a note: `too-few-subjects` or `too-few-raters` below two, `no-variance` when
 * each rater gave all subjects one rating.
 *
 * Reference: Kendall and Babington Smith (1939), Annals of Mathematical Statistics 10, 275-287. Agrees with R's irr
 * (`correct = TRUE`) to 1e-12.
 *
 * @param raters one column for each rater, one row for each subject
 * @throws RangeError for columns of unequal length
 * @example
 * kendallW([[1, 2, 3], [10, 20, 30]]).w.value // => 1
 */
export function kendallW(raters: Columns): Concordance {
  const method = "Kendall's W, corrected for ties";
  rowCount(raters);
  const complete = completeRows(raters);
  const n = complete[0]?.length ?? 0;
  const m = raters.length;
  const df = Math.max(0, n - 1);
  const none = (code: string, text: string): Concordance => ({
    w: noEstimate(n, method, { code, text }),
    chiSquare: null,
    df,
    p: null,
  });
  if (n < 2) return none('too-few-subjects', 'Fewer than two subjects, so no ranking.');
  if (m < 2) return none('too-few-raters', 'Fewer than two raters, so no agreement.');
  const ranked = complete.map((column) => ranks(column.map((value) => value ?? 0)));
  const sums = Array.from({ length: n }, (_, i) => sum(ranked.map((rater) => rater.ranks[i] ?? 0)));
  const ties = sum(ranked.flatMap((rater) => rater.ties.map((size) => size ** 3 - size)));
  const largest = m * m * (n ** 3 - n) - m * ties;
  if (largest === 0) return none('no-variance', 'Each rater gave all subjects one rating.');
  const value = (12 * sumOfSquaredDeviations(sums)) / largest;
  const chiSquare = m * (n - 1) * value;
  return {
    w: { value, n, interval: null, method, notes: [] },
    chiSquare,
    df,
    p: chiSquareTails(chiSquare, df).upper,
  };
}

/**
 * On what share of the cases do all raters agree? Numbers agree when the largest and the smallest are at most `tolerance`
 * apart, labels when they are the same. Not corrected for chance. Cases with a gap are left out; without any, or with fewer
 * than two raters, null with a note `no-values` or `too-few-raters`.
 *
 * @param raters one column for each rater, one row for each case
 * @throws RangeError for columns of unequal length, a negative tolerance, or a tolerance above 0 for labels
 * @example
 * agreementShare([[1, 2, 3], [1, 3, 5]]).value // => 1 / 3
 * agreementShare([[1, 2, 3], [1, 3, 5]], 1).value // => 2 / 3
 */
export function agreementShare(raters: readonly (readonly (Category | null)[])[], tolerance = 0): Estimate {
  const method = tolerance === 0 ? 'Share of full agreement' : `Share of agreement within ${tolerance}`;
  const all = raters[0]?.length ?? 0;
  if (raters.some((column) => column.length !== all))
    throw new RangeError('agreementShare requires raters of one length');
  if (!(tolerance >= 0)) throw new RangeError('agreementShare requires a tolerance of 0 or more');
  const cases = Array.from({ length: all }, (_, i) => raters.map((column) => column[i] ?? null)).filter((ratings) =>
    ratings.every((rating) => rating !== null),
  );
  const n = cases.length;
  if (n === 0) return noEstimate(n, method, { code: 'no-values', text: 'No cases, so no agreement.' });
  if (raters.length < 2) return noEstimate(n, method, { code: 'too-few-raters', text: 'Fewer than two raters.' });
  const agreed = cases.filter((ratings) => {
    if (tolerance === 0) return new Set(ratings).size === 1;
    const numbers = ratings.map((rating) => {
      if (typeof rating !== 'number') throw new RangeError('agreementShare allows a tolerance for numbers only');
      return rating;
    });
    return Math.max(...numbers) - Math.min(...numbers) <= tolerance;
  });
  return { value: agreed.length / n, n, interval: null, method, notes: [] };
}
