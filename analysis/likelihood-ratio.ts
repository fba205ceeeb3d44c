/** Whether a larger model fits better than a smaller one within it, by their likelihoods. Called by plan/mixed-comparison.ts and checks. */
import { chiSquareTails } from './numeric/chi-square.ts';

export interface LikelihoodRatio {
  /** Twice the difference of the log-likelihoods; never below 0. */
  readonly statistic: number;
  readonly df: number;
  readonly p: number;
  /**
   * For one random effect that the smaller model lacks: its variance, which cannot lie on both sides of zero, and its
   * covariances. Mean of the tails of chi-square with df and one degree less; half of p where the variance is all.
   */
  readonly pBoundary: number;
}

/** A fit by full likelihood. */
export interface Fitted {
  readonly logLikelihood: number;
  /** Coefficients, variances and covariances. */
  readonly parameters: number;
}

/** The search for a fit leaves the log-likelihood uncertain by this much, relative to it. */
const searchError = 1e-9;

/**
 * Likelihood-ratio test: is what the larger model has more than chance? Both must be fitted by full likelihood to the same
 * rows, restricted likelihoods only when the predictors are the same. Take `pBoundary` when the models differ by one
 * variance of groups, or by one random slope with its covariances.
 *
 * References: Wilks (1938), Annals of Mathematical Statistics 9, 60-62; Self and Liang (1987), Journal of the American
 * Statistical Association 82, 605-610, and Stram and Lee (1994), Biometrics 50, 1171-1177, for the boundary.
 *
 * @throws RangeError when the larger model has not more parameters or fits worse, so that the smaller is not within it
 * @example
 * likelihoodRatio({ logLikelihood: -12, parameters: 3 }, { logLikelihood: -10, parameters: 4 }).statistic // => 4
 */
export function likelihoodRatio(smaller: Fitted, larger: Fitted): LikelihoodRatio {
  const df = larger.parameters - smaller.parameters;
  const gain = larger.logLikelihood - smaller.logLikelihood;
  if (!(df > 0)) throw new RangeError('likelihoodRatio requires a larger model with more parameters');
  if (!(gain >= -searchError * (1 + Math.abs(smaller.logLikelihood)))) {
    throw new RangeError('likelihoodRatio requires the smaller model to lie within the larger');
  }
  const statistic = Math.max(0, 2 * gain);
  const p = chiSquareTails(statistic, df).upper;
  const pWithout = df > 1 ? chiSquareTails(statistic, df - 1).upper : 0;
  return { statistic, df, p, pBoundary: (p + pWithout) / 2 };
}
