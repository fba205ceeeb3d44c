/** Planning a cluster trial: design effect, smallest detectable effect and power. Called by plans and by designers. */
import { requireLevel } from './estimate.ts';
import { noncentralTTails } from './numeric/noncentral-t.ts';
import { studentTQuantile } from './numeric/student-t.ts';

/** A two-level trial in which whole clusters are randomised to two arms. */
export interface ClusterDesign {
  readonly clusters: number;
  /** People measured in each cluster. */
  readonly clusterSize: number;
  /** Share of the variance that lies between clusters, ICC(1). */
  readonly icc: number;
  /** Share of the clusters in the intervention arm; default 1/2. */
  readonly share?: number;
  /** Share of the variance within and between clusters that covariates explain; default 0. */
  readonly explainedWithin?: number;
  readonly explainedBetween?: number;
  /** Covariates at the level of clusters, each of which costs a degree of freedom; default 0. */
  readonly clusterCovariates?: number;
  /** Two-sided; default 0.05. */
  readonly alpha?: number;
}

export interface DetectableEffect {
  readonly df: number;
  /** Standard error of the effect in standard deviations. */
  readonly standardError: number;
  /** t(1 - alpha/2) + t(power), by which the standard error is multiplied. */
  readonly multiplier: number;
  /** In standard deviations. */
  readonly effect: number;
}

export interface Power {
  readonly df: number;
  /** The effect over its standard error. */
  readonly noncentrality: number;
  readonly power: number;
}

/**
 * The design effect 1 + (n - 1) ICC of clusters of n people: by how much does the variance of a mean grow because people
 * of one cluster are alike? Assumes clusters of one size; with n = 1 there is none.
 *
 * Reference: Kish (1965), Survey Sampling, 5.4.
 *
 * @throws RangeError for a cluster size below 1 or an ICC outside [-1, 1]
 * @example
 * designEffect(21, 0.1) // => 3
 */
export function designEffect(clusterSize: number, icc: number): number {
  if (!(clusterSize >= 1)) throw new RangeError('designEffect requires at least one person in a cluster');
  if (!(icc >= -1 && icc <= 1)) throw new RangeError('designEffect requires an ICC between -1 and 1');
  return 1 + (clusterSize - 1) * icc;
}

/**
 * The smallest true effect, in standard deviations, that a trial finds significant with the given power.
 *
 *     effect = (t(1 - alpha/2) + t(power)) · SE,  df = clusters - covariates - 2
 *     SE² = ICC (1 - R²between) / (P (1 - P) J) + (1 - ICC) (1 - R²within) / (P (1 - P) J n)
 *
 * Assumes clusters of one size and normal outcomes. The sum of two t quantiles is Bloom's approximation; the power of
 * the returned effect by `clusterTrialPower` differs from the one asked for in the third digit.
 *
 * Reference: Dong and Maynard (2013), Journal of Research on Educational Effectiveness 6, 24-67. Accuracy 1e-12.
 *
 * @throws RangeError for a design that cannot be, or too few clusters for its covariates
 * @example
 * minimumDetectableEffect({ clusters: 40, clusterSize: 20, icc: 0.15 }).df // => 38
 */
export function minimumDetectableEffect(design: ClusterDesign, power = 0.8): DetectableEffect {
  requireLevel('minimumDetectableEffect', power);
  const { df, standardError, critical } = planned('minimumDetectableEffect', design);
  const multiplier = critical + studentTQuantile(power, df);
  return { df, standardError, multiplier, effect: multiplier * standardError };
}

/**
 * The probability that a two-sided t test of the arms finds the given true effect, in standard deviations: the two tails
 * of noncentral t beyond the critical value. Design and assumptions as in `minimumDetectableEffect`.
 *
 * Reference: Raudenbush (1997), Psychological Methods 2, 173-185. Accuracy 1e-11.
 *
 * @throws RangeError for a design that cannot be, or too few clusters for its covariates
 * @example
 * clusterTrialPower({ clusters: 40, clusterSize: 20, icc: 0.15 }, 0).noncentrality // => 0
 */
export function clusterTrialPower(design: ClusterDesign, effect: number): Power {
  if (!Number.isFinite(effect)) throw new RangeError('clusterTrialPower requires a finite effect');
  const { df, standardError, critical } = planned('clusterTrialPower', design);
  const noncentrality = effect / standardError;
  const power =
    noncentralTTails(critical, df, noncentrality).upper + noncentralTTails(-critical, df, noncentrality).lower;
  return { df, noncentrality, power };
}

function planned(caller: string, design: ClusterDesign): { df: number; standardError: number; critical: number } {
  const { clusters, clusterSize, icc, share = 0.5, explainedWithin = 0, explainedBetween = 0, alpha = 0.05 } = design;
  const within = (value: number, what: string) => {
    if (!(value >= 0 && value <= 1)) throw new RangeError(`${caller} requires ${what} between 0 and 1`);
  };
  within(icc, 'an ICC');
  within(explainedWithin, 'an explained share');
  within(explainedBetween, 'an explained share');
  requireLevel(caller, alpha);
  if (!(share > 0 && share < 1)) throw new RangeError(`${caller} requires a share of the intervention between 0 and 1`);
  if (!(clusterSize >= 1)) throw new RangeError(`${caller} requires at least one person in a cluster`);
  const df = clusters - (design.clusterCovariates ?? 0) - 2;
  if (!(df > 0)) throw new RangeError(`${caller} requires more than two clusters beyond the covariates`);
  const split = share * (1 - share) * clusters;
  const standardError = Math.sqrt(
    (icc * (1 - explainedBetween)) / split + ((1 - icc) * (1 - explainedWithin)) / (split * clusterSize),
  );
  if (!(standardError > 0)) throw new RangeError(`${caller} requires some unexplained variance`);
  return { df, standardError, critical: -studentTQuantile(alpha / 2, df) };
}
