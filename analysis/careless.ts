/** Signs of answers given without reading: strings of one answer, no variation, halves that disagree, odd patterns. Called by plans. */

import { type Columns, rowCount } from './covariance.ts';
import { among, emMoments } from './em-moments.ts';
import { chiSquareTails } from './numeric/chi-square.ts';
import { cholesky, solveCholesky } from './numeric/cholesky.ts';
import { mean, sum, sumOfSquaredDeviations } from './numeric/sums.ts';
import { type ShareDone, untold } from './progress.ts';
import type { Note } from './result.ts';

/** One figure for each row; null where the row cannot say. */
export type RowFigures = (number | null)[];

/**
 * Longstring: the longest run of one and the same answer on consecutive items. Items stand in the order in which they were
 * shown, as they were answered (not reversed). A gap ends a run. Long runs across items that point in both directions are a
 * sign of careless answers; what is long depends on the items, so look at its distribution. Null for a row without answers.
 *
 * References: Johnson (2005), Journal of Research in Personality 39, 103-129; Meade and Craig (2012), Psychological Methods
 * 17, 437-455.
 *
 * @throws RangeError for columns of unequal length
 * @example
 * longestString([[4, 1], [3, 2], [3, 3], [3, null], [3, 3], [3, 3], [2, 4]]) // => [5, 2]
 */
export function longestString(items: Columns): RowFigures {
  return eachRow(items, (answers) => {
    let longest: number | null = null;
    let run = 0;
    answers.forEach((answer, item) => {
      run = answer !== null && answer === answers[item - 1] ? run + 1 : 1;
      if (answer !== null) longest = Math.max(longest ?? 0, run);
    });
    return longest;
  });
}

/**
 * Intra-individual response variability: the standard deviation (n - 1) of a person's own answers over the items, as they
 * were answered (not reversed). Near 0 for whoever gives all items much the same answer, large for answers at random. Gaps
 * are left out; null for fewer than two answers.
 *
 * Reference: Dunn, Heggestad, Shanock and Theilgard (2018), Journal of Business and Psychology 33, 105-121.
 *
 * @throws RangeError for columns of unequal length
 * @example
 * intraIndividualVariability([[3, 1], [3, 5], [3, 3]]) // => [0, 2]
 */
export function intraIndividualVariability(items: Columns): RowFigures {
  return eachRow(items, (answers) => {
    const given = answers.filter((answer) => answer !== null);
    return given.length < 2 ? null : Math.sqrt(sumOfSquaredDeviations(given) / (given.length - 1));
  });
}

/**
 * Even-odd consistency: do the halves of a person's scales agree? Each scale is split into its first, third, … and its
 * second, fourth, … item; the means of the halves are correlated over scales within the person, and stepped up to whole
 * scales by Spearman and Brown, 2 r / (1 + r), not below -1. Near 1 for whoever answers by content, near 0 for answers at
 * random. Wants many scales of one direction of keying inside each (reverse first) and a common range. A half is the mean
 * of what was answered; a scale without an answer in one half is left out. Null for fewer than three scales or halves that
 * do not vary.
 *
 * References: Johnson (2005), Journal of Research in Personality 39, 103-129; Meade and Craig (2012), Psychological Methods
 * 17, 437-455.
 *
 * @param scales the items of each scale
 * @throws RangeError for columns of unequal length
 * @example
 * evenOddConsistency([[[1], [1]], [[3], [3]], [[5], [5]]]) // => [1]
 * evenOddConsistency([[[1], [2]], [[2], [1]], [[3], [3]]]) // => [2 * 0.5 / 1.5]
 */
export function evenOddConsistency(scales: readonly Columns[]): RowFigures {
  const rows = rowCount(scales.flat());
  return Array.from({ length: rows }, (_, row) => {
    const halves = scales.flatMap((items) => {
      const answers = items.map((item) => item[row] ?? null);
      const [odd, even] = [0, 1].map((parity) =>
        answers.filter((answer, item): answer is number => answer !== null && item % 2 === parity),
      );
      return odd?.length && even?.length ? [{ odd: mean(odd), even: mean(even) }] : [];
    });
    if (halves.length < 3) return null;
    const r = correlationOf(
      halves.map(({ odd }) => odd),
      halves.map(({ even }) => even),
    );
    return r === null ? null : r <= -1 / 3 ? -1 : (2 * r) / (1 + r);
  });
}

export interface OddPatterns {
  /** Squared Mahalanobis distance of each row from the centre, on the items that it answered. */
  readonly squaredDistances: RowFigures;
  /** Probability of a distance as large or larger under a normal distribution. */
  readonly p: RowFigures;
  readonly notes: readonly Note[];
}

/**
 * Mahalanobis distance: how unusual is a person's pattern of answers, given how items go together? D² = (x - m)' S⁻¹ (x - m)
 * with the means m and covariance S (n - 1) of all rows. Under a normal distribution D² is chi-square with as many degrees
 * of freedom as answered items; answers on few steps are not normal, so p is a guide for ordering people. Where there are
 * gaps, m and S are those of `emMoments`, and the distance is over what the row answered. Null for a row without answers.
 *
 * Null everywhere with the notes of `emMoments`: `too-few-values`, `no-variance`, `collinear`.
 *
 * References: Mahalanobis (1936), Proceedings of the National Institute of Sciences of India 2, 49-55; Meade and Craig
 * (2012), Psychological Methods 17, 437-455. Agrees with R's `mahalanobis` to 1e-11.
 *
 * @throws RangeError without items, for columns of unequal length, NaN or infinite values
 * @example
 * mahalanobisDistances([[1, 2, 3]]).squaredDistances // => [1, 0, 1]
 */
export function mahalanobisDistances(items: Columns, onShare: ShareDone = untold): OddPatterns {
  const { moments, notes } = emMoments(items, { onShare });
  const rows = rowCount(items);
  const squaredDistances: RowFigures = new Array<number | null>(rows).fill(null);
  const p: RowFigures = new Array<number | null>(rows).fill(null);
  if (moments === null) return { squaredDistances, p, notes };
  const { means, covariances, n } = moments;
  for (const { observed, rows: members } of moments.patterns) {
    // `emMoments` has shown that these are positive definite.
    const factor = cholesky(among(covariances, observed)) ?? [];
    for (const row of members) {
      const away = observed.map((item) => (items[item]?.[row] ?? 0) - (means[item] ?? 0));
      const solved = solveCholesky(factor, away);
      const squared = (sum(away.map((value, j) => value * (solved[j] ?? 0))) * (n - 1)) / n;
      squaredDistances[row] = squared;
      p[row] = chiSquareTails(squared, observed.length).upper;
    }
  }
  return { squaredDistances, p, notes };
}

function eachRow(items: Columns, figure: (answers: (number | null)[]) => number | null): RowFigures {
  return Array.from({ length: rowCount(items) }, (_, row) => figure(items.map((item) => item[row] ?? null)));
}

/** Null when either does not vary. */
function correlationOf(a: readonly number[], b: readonly number[]): number | null {
  const [ofA, ofB] = [mean(a), mean(b)];
  const spread = Math.sqrt(sumOfSquaredDeviations(a) * sumOfSquaredDeviations(b));
  if (!(spread > 0)) return null;
  return Math.max(-1, Math.min(1, sum(a.map((value, i) => (value - ofA) * ((b[i] ?? 0) - ofB))) / spread));
}
