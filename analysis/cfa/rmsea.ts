/** The root mean square error of approximation with its interval. Called by indices.ts. */
import { requireLevel } from '../estimate.ts';
import { chiSquareNoncentrality, noncentralChiSquareTails } from '../numeric/noncentral-chi-square.ts';

export interface Rmsea {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
  readonly level: number;
  /** Probability of a chi-square this large if the value were 0.05 in the population; null without degrees of freedom. */
  readonly closeFit: number | null;
}

/**
 * How far is the model from the covariances of the population, per degree of freedom? The root of
 * groups * max(chi-square - df, 0) / (n df); the limits put the noncentral chi-square distribution through the observed
 * one. 0 without degrees of freedom. Assumes normal answers and a model that is not far off.
 *
 * Reference: Steiger (1990), Multivariate Behavioral Research 25, 173-180; Browne and Cudeck (1992), Sociological
 * Methods and Research 21, 230-258. The factor of the groups is Steiger's (1998). Agrees with lavaan to the accuracy of
 * lavaan's search for the limits, 1e-4 in the noncentrality.
 *
 * @throws RangeError for a sample size that is not positive or a level outside (0, 1)
 * @example
 * rootMeanSquareError(20, 10, 100).value // => 0.1
 * rootMeanSquareError(8, 10, 100).lower // => 0
 */
export function rootMeanSquareError(chiSquare: number, df: number, n: number, groups = 1, level = 0.9): Rmsea {
  requireLevel('rootMeanSquareError', level);
  if (!(n > 0)) throw new RangeError('rootMeanSquareError requires a positive sample size');
  if (df === 0) return { value: 0, lower: 0, upper: 0, level, closeFit: null };
  const of = (noncentrality: number) => Math.sqrt((groups * noncentrality) / (n * df));
  const limit = (p: number) => of(chiSquareNoncentrality(chiSquare, df, p));
  return {
    value: of(Math.max(chiSquare - df, 0)),
    lower: limit((1 + level) / 2),
    upper: limit((1 - level) / 2),
    level,
    closeFit: noncentralChiSquareTails(chiSquare, df, (0.05 ** 2 * n * df) / groups).upper,
  };
}
