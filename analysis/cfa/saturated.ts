/** What a factor model is held against: moments without a model, and moments of unrelated items. Called by ../cfa.ts. */

import { covarianceMatrix } from '../covariance.ts';
import { present } from '../descriptives.ts';
import { emMoments } from '../em-moments.ts';
import { itemsDo } from '../item-names.ts';
import { cholesky } from '../numeric/cholesky.ts';
import { mean, sumOfSquaredDeviations } from '../numeric/sums.ts';
import type { Note } from '../result.ts';
import type { Matrix } from './moments.ts';
import type { GroupSample } from './sample.ts';

export interface Saturated {
  readonly mean: readonly number[];
  readonly covariance: Matrix;
}

/**
 * The moments that make a group's answers most likely: of complete answers as they are, of answers with gaps by
 * maximum likelihood. Null with a note when they cannot be had (`too-few-values`, `no-variance`, `collinear`).
 *
 * @example
 * saturatedMoments(sampleOf([[1, 3, 2], [2, 6, 3]])[0]).moments.mean // => [2, 11 / 3]
 */
export function saturatedMoments(sample: GroupSample): { moments: Saturated | null; notes: readonly Note[] } {
  const { patterns, columns, n, label } = sample;
  const none = (code: string, text: string) => ({ moments: null, notes: [{ code, text }] });
  const inGroup = label === 'all' ? '' : ` in the group ${label}`;
  if (n <= columns.length) return none('too-few-values', `Not more cases than items${inGroup}, so no model.`);
  const constant = columns.flatMap((column, i) => (sumOfSquaredDeviations(present(column)) === 0 ? [i + 1] : []));
  if (constant.length > 0) {
    return none('no-variance', itemsDo(constant, ['does', 'do'], `not vary${inGroup}, so no model.`));
  }
  const [only] = patterns;
  if (only && patterns.length === 1 && only.observed.length === columns.length) {
    if (cholesky(only.covariance, 1e-12) !== null) {
      return { moments: { mean: only.mean, covariance: only.covariance }, notes: [] };
    }
    return none('collinear', `Items determine one another${inGroup}, so no model.`);
  }
  const apart = columns.some((_, i) =>
    columns.some((__, j) => !patterns.some(({ observed }) => observed.includes(i) && observed.includes(j))),
  );
  if (apart) return none('no-coverage', `Two items were never answered by the same person${inGroup}, so no model.`);
  const { moments, notes } = emMoments(columns);
  return {
    moments: moments && { mean: moments.means, covariance: moments.covariances.map((line) => [...line]) },
    notes,
  };
}

/**
 * The most likely moments of unrelated items: the mean and variance of each from all its answers.
 *
 * @example
 * unrelatedMoments(sampleOf([[1, 3], [2, 6]])[0]).covariance // => [[1, 0], [0, 4]]
 */
export function unrelatedMoments({ columns, patterns }: GroupSample): Saturated {
  const variances = columns.map((column, i) => {
    const values = present(column);
    // Complete answers carry the divisor of their likelihood.
    const [only] = patterns;
    return only && patterns.length === 1
      ? (only.covariance[i]?.[i] ?? 0)
      : sumOfSquaredDeviations(values) / values.length;
  });
  return {
    mean: columns.map((column) => mean(present(column))),
    covariance: variances.map((value, i) => variances.map((_, j) => (i === j ? value : 0))),
  };
}

/**
 * The moments as each pair of items shows them: means of all answers, covariances of those who answered both, by n.
 *
 * @example
 * availableMoments(sampleOf([[1, 3], [2, 6]])[0]).covariance // => [[1, 2], [2, 4]]
 */
export function availableMoments({ columns, n }: GroupSample): Saturated {
  return {
    mean: columns.map((column) => mean(present(column))),
    covariance: covarianceMatrix(columns).map((line) => line.map((value) => (value * (n - 1)) / n)),
  };
}
