/** Reliability of sums of ordered answers, from one factor behind them (ordinal-factor.ts). */

import type { Columns } from './covariance.ts';
import { noEstimate } from './estimate.ts';
import { bivariateNormalLower } from './numeric/bivariate-normal.ts';
import type { Matrix } from './numeric/matrix.ts';
import { normalTails } from './numeric/normal.ts';
import { sum } from './numeric/sums.ts';
import { beyondOne } from './omega.ts';
import { type OrdinalFactor, ordinalFactor } from './ordinal-factor.ts';
import { type ShareDone, untold } from './progress.ts';
import type { Estimate, Note } from './result.ts';

export interface OrdinalReliability {
  /** Of the sum of the answers as given (Green and Yang), with its observed variance below the line. */
  readonly ofAnswers: Estimate;
  /** The same with the variance that the model says. */
  readonly ofAnswersByModel: Estimate;
  /** Of the sum of the normal variables behind the answers. */
  readonly ofLatentResponses: Estimate;
  /** Null when the items cannot say. */
  readonly factor: OrdinalFactor | null;
}

/**
 * Green and Yang's omega: how much of the variance of a sum of ordered answers is due to one factor of the normal variables
 * behind them? Each covariance of two answers is computed from their thresholds and correlation, once for what the factor
 * gives and once for all. It is the reliability of the sum that is used, where ordinal alpha and the omega of latent responses
 * are of variables that nobody sees.
 *
 * Values null with notes `too-few-items` (fewer than three) or `constant-item`.
 *
 * Reference: Green and Yang (2009), Psychometrika 74, 155-167. Agrees with R's semTools on lavaan to 1e-5.
 *
 * @throws RangeError for columns of unequal length
 * @example
 * omegaOrdinal([[1, 2], [2, 1]]).ofAnswers.value // => null
 */
export function omegaOrdinal(columns: Columns, onShare: ShareDone = untold): OrdinalReliability {
  const method = 'Omega of ordered answers, one factor by diagonally weighted least squares';
  const refused = (...notes: readonly Note[]): OrdinalReliability => {
    const nothing = noEstimate(columns[0]?.length ?? 0, method, ...notes);
    return { ofAnswers: nothing, ofAnswersByModel: nothing, ofLatentResponses: nothing, factor: null };
  };
  if (columns.length < 3) {
    return refused({ code: 'too-few-items', text: 'Fewer than three items cannot tell their loadings.' });
  }
  const { factor, notes } = ordinalFactor(columns, onShare);
  if (factor === null) return refused(...notes);
  const { loadings, thresholds, correlations, n } = factor;
  const common = loadings.map((a) => loadings.map((b) => a * b));
  const implied = common.map((line, i) => line.map((value, j) => (i === j ? 1 : value)));
  const explained = covarianceOfSums(thresholds, common);
  const estimate = (share: number, of: number, how: string): Estimate => {
    // Loadings above 1 leave residuals below 0, and the variance by the model can be none.
    if (!(of > 0))
      return noEstimate(n, how, ...notes, { code: 'no-variance', text: 'By the model the sum has no variance.' });
    return { value: share / of, n, interval: null, method: how, notes: [...notes, ...beyondOne(share / of)] };
  };
  return {
    ofAnswers: estimate(explained, covarianceOfSums(thresholds, correlations), method),
    ofAnswersByModel: estimate(explained, covarianceOfSums(thresholds, implied), `${method}, variance by the model`),
    ofLatentResponses: estimate(sum(common.flat()), sum(implied.flat()), `${method}, latent responses`),
    factor,
  };
}

/** Variance of the sum of the numbered answers whose normal variables have the given correlations. */
function covarianceOfSums(thresholds: readonly (readonly number[])[], correlations: Matrix): number {
  const chances = thresholds.map((cuts) => sum(cuts.map((cut) => normalTails(cut).lower)));
  const parts = thresholds.flatMap((first, i) =>
    thresholds.map((second, j) => {
      const rho = Math.min(Math.max(correlations[i]?.[j] ?? 0, -1), 1);
      const both = first.flatMap((a) => second.map((b) => bivariateNormalLower(a, b, rho)));
      return sum(both) - (chances[i] ?? 0) * (chances[j] ?? 0);
    }),
  );
  return sum(parts);
}
