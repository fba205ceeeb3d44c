/** Effect sizes of a cluster trial from its multilevel model. Called by plans. */

import { describe, type Values } from './descriptives.ts';
import { approximateSmallSampleFactor } from './effect-size.ts';
import { armsOf, type ClusteredEffect, type ClusterLabel, scaledClusteredEffect } from './effect-size-clustered.ts';
import { partOf, type ShareDone, untold } from './progress.ts';
import { randomIntercept } from './random-intercept.ts';
import type { Note } from './result.ts';

export interface ModelEffect {
  /** The coefficient of the treatment and its standard error. */
  readonly coefficient: number;
  readonly standardError: number;
  /** Variances between and within clusters, of the model and of the model without predictors. */
  readonly between: number;
  readonly within: number;
  readonly nullBetween: number;
  readonly nullWithin: number;
  /** The coefficient over the total and the within standard deviation that the predictors leave. */
  readonly inTotalSd: number;
  readonly inWithinSd: number;
  /** The coefficient in total standard deviations with Hedges's variance: of the model, and of the null model. */
  readonly conditional: ClusteredEffect | null;
  readonly unconditional: ClusteredEffect | null;
  /** The pooled standard deviation of the arms, and the coefficient and its standard error over it. */
  readonly pooledSd: number;
  readonly inPooledSd: number;
  readonly standardErrorInPooledSd: number;
  /**
   * Corrected for small samples with degrees of freedom from the information of the variances; without an error below two
   * degrees of freedom (note `few-degrees`).
   */
  readonly corrected: {
    readonly df: number;
    readonly factor: number;
    readonly g: number;
    readonly standardError: number | null;
  };
}

/**
 * The effect of a cluster trial from the model outcome = treatment + covariates + cluster by restricted maximum likelihood,
 * in standard deviations of several kinds: which effect would the trial have, adjusted for covariates, in a unit that can
 * be compared? Dividing by the conditional standard deviation gives larger effects the better the covariates predict, so
 * say which one is reported.
 *
 * `corrected`: g = J(df) · coefficient / sqrt(between + within), df = 2 (between + within)² / variance of that sum by the
 * expected information, variance of g = J² (df k² / (df - 2) + g² (df / (df - 2) - 1 / J²)) with k the standard error
 * over the standard deviation. Rows with a gap are left out. Null with a note where the model or an arm cannot be.
 *
 * References: Hedges (2007), Journal of Educational and Behavioral Statistics 32, 341-370; Pustejovsky, Hedges and Shadish
 * (2014), the same journal 39, 368-393. Agrees with lme4, eefAnalytics to 1e-8 and lmeInfo as far as nlme converges.
 *
 * @param treated 1 for the intervention, 0 for the comparison
 * @throws RangeError for columns of unequal length or a treatment other than 0 and 1
 * @example
 * modelEffectSize([1], [1], [], ['a']).effect // => null
 */
export function modelEffectSize(
  outcome: Values,
  treated: Values,
  covariates: readonly Values[],
  clusters: readonly (ClusterLabel | null)[],
  level = 0.95,
  onShare: ShareDone = untold,
): { effect: ModelEffect | null; notes: readonly Note[] } {
  if ([treated, ...covariates, clusters].some((column) => column.length !== outcome.length)) {
    throw new RangeError('modelEffectSize requires columns of one length');
  }
  const kept = [...outcome.keys()].filter((row) =>
    [outcome, treated, ...covariates, clusters].every((column) => (column[row] ?? null) !== null),
  );
  const numbers = (column: Values) => kept.map((row) => column[row] ?? 0);
  const [y, x] = [numbers(outcome), numbers(treated)];
  const groups = kept.map((row) => clusters[row] ?? '');
  const { fit, notes } = randomIntercept(y, [x, ...covariates.map(numbers)], groups, partOf(onShare, 0.05, 0.6));
  const { fit: empty, notes: emptyNotes } = randomIntercept(y, [], groups, partOf(onShare, 0.6, 1));
  if (fit === null || empty === null) return { effect: null, notes: fit === null ? notes : emptyNotes };
  const arms = armsOf(y, x, groups);
  const coefficient = fit.coefficients[1] ?? Number.NaN;
  const standardError = Math.sqrt(fit.covariance[1]?.[1] ?? Number.NaN);
  const total = fit.between + fit.within;
  const emptyTotal = empty.between + empty.within;
  const [a, b] = [describe(arms.intervention.flat()), describe(arms.comparison.flat())];
  const conditional = scaledClusteredEffect(arms, coefficient, Math.sqrt(total), fit.between / total, level);
  if (a.sd === null || b.sd === null) return { effect: null, notes: conditional.notes };
  const pooledSd = Math.sqrt(((a.n - 1) * a.sd ** 2 + (b.n - 1) * b.sd ** 2) / (a.n + b.n - 2));
  const scaledEmpty = scaledClusteredEffect(
    arms,
    coefficient,
    Math.sqrt(emptyTotal),
    empty.between / emptyTotal,
    level,
  );
  const small = corrected(coefficient, standardError, total, fit.information);
  const text = 'The clusters are too few for an error of the effect that is corrected for small samples.';
  const few = small.standardError === null ? [{ code: 'few-degrees', text }] : [];
  return {
    effect: {
      coefficient,
      standardError,
      between: fit.between,
      within: fit.within,
      nullBetween: empty.between,
      nullWithin: empty.within,
      inTotalSd: coefficient / Math.sqrt(total),
      inWithinSd: coefficient / Math.sqrt(fit.within),
      conditional: conditional.effect,
      unconditional: scaledEmpty.effect,
      pooledSd,
      inPooledSd: coefficient / pooledSd,
      standardErrorInPooledSd: standardError / pooledSd,
      corrected: small,
    },
    notes: [...notes, ...conditional.notes, ...few],
  };
}

function corrected(
  coefficient: number,
  standardError: number,
  total: number,
  information: readonly (readonly number[])[],
) {
  const [[i11 = 0, i12 = 0] = [], [, i22 = 0] = []] = information;
  // Variance of the sum of both variances: 1' I⁻¹ 1.
  const variance = (i11 + i22 - 2 * i12) / (i11 * i22 - i12 * i12);
  const df = (2 * total * total) / variance;
  const factor = approximateSmallSampleFactor(df);
  const g = (factor * coefficient) / Math.sqrt(total);
  const k = standardError / Math.sqrt(total);
  const spread = (df * k * k) / (df - 2) + g * g * (df / (df - 2) - 1 / (factor * factor));
  return { df, factor, g, standardError: df > 2 ? factor * Math.sqrt(spread) : null };
}
