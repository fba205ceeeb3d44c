/** Standardised mean changes of the same people. Called by plans. */
import { completePairs, pairedTTest } from './compare.ts';
import { pearsonCorrelation } from './correlation.ts';
import { describe, type Values } from './descriptives.ts';
import { approximateSmallSampleFactor, noncentralInterval, normalInterval, smallSampleFactor } from './effect-size.ts';
import { noEstimate, requireLevel } from './estimate.ts';
import type { Estimate } from './result.ts';

export interface StandardisedChange {
  readonly pairs: number;
  /** Of the complete pairs: before, after. */
  readonly means: readonly [number | null, number | null];
  readonly sds: readonly [number | null, number | null];
  readonly correlation: number | null;
  readonly meanChange: number | null;
  readonly sdOfChange: number | null;
  readonly t: number | null;
  readonly p: number | null;
  /** Change in standard deviations of the change, plain and times the small-sample factor; noncentral t intervals. */
  readonly dz: Estimate;
  readonly gz: Estimate;
  /** g of the change with a normal interval, variance 1/n + g² / (2 n). */
  readonly inSdOfChange: StandardisedWithVariance;
  /** In standard deviations before; variance 2 (1 - r) / n + g² / (2 n), which assumes equal spreads. */
  readonly inSdBefore: StandardisedWithVariance;
  /** The same without assuming equal spreads. */
  readonly inSdBeforeUnequal: StandardisedWithVariance;
  readonly textbook: {
    readonly factor: number;
    readonly gz: number;
    /** In the root of the mean of both variances, plain and corrected, and the variance of the plain one. */
    readonly dav: number;
    readonly gav: number;
    readonly varianceOfDav: number;
    /** In the standard deviation that unpaired groups would have. */
    readonly drm: number;
    readonly grm: number;
    /** In the standard deviation before, without correction. */
    readonly dBefore: number;
  } | null;
}

export interface StandardisedWithVariance {
  readonly estimate: Estimate;
  readonly variance: number | null;
}

const names = {
  dz: 'Standardised change d_z with noncentral t interval',
  gz: 'Standardised change g_z with noncentral t interval',
  change: 'Standardised change with normal interval, in standard deviations of the change',
  before: 'Standardised change with normal interval, in standard deviations before',
};

/**
 * The standardised change of the same people (after minus before): by how many standard deviations did they change? Which
 * standard deviation matters: of the change itself (d_z, larger when the columns correlate), or of people (d_av, d_rm, in
 * standard deviations before), comparable with two groups. Assumes normal columns. Pairs with a gap are left out. Fewer
 * than two pairs (three for intervals from variances): note `too-few-values`; no spread: `no-variance`.
 *
 * References: Morris and DeShon (2002), Psychological Methods 7, 105-125; Bonett (2008), Psychological Methods 13,
 * 99-109; Borenstein et al. (2009), chapter 4. Agrees with R's effectsize and metafor; intervals to 1e-10.
 *
 * @throws RangeError for columns of unequal length, NaN, an infinite value or a level outside (0, 1)
 * @example
 * standardisedChange([3, 4, 5, 2, 6], [4, 4, 7, 3, 6]).meanChange // => 0.8
 */
export function standardisedChange(before: Values, after: Values, level = 0.95): StandardisedChange {
  requireLevel('standardisedChange', level);
  const { x, y } = completePairs(before, after);
  const [a, b] = [describe(x), describe(y)];
  const change = describe(y.map((value, i) => value - (x[i] ?? 0)));
  const n = x.length;
  const { t, p } = pairedTTest(y, x, level);
  const r = pearsonCorrelation(x, y, level).correlation.value;
  const basics = { pairs: n, means: [a.mean, b.mean] as const, sds: [a.sd, b.sd] as const, correlation: r };
  const summary = { ...basics, meanChange: change.mean, sdOfChange: change.sd, t, p };
  if (n < 3 || t === null || r === null || !a.sd || !b.sd || change.mean === null || change.sd === null) {
    const few = { code: 'too-few-values', text: 'Fewer than three pairs, so no effect size.' };
    const none = n < 3 ? few : { code: 'no-variance', text: 'A column or the change is constant, so no effect size.' };
    const lacking = (method: string) => ({ estimate: noEstimate(n, method, none), variance: null });
    return {
      ...summary,
      dz: noEstimate(n, names.dz, none),
      gz: noEstimate(n, names.gz, none),
      inSdOfChange: lacking(names.change),
      inSdBefore: lacking(names.before),
      inSdBeforeUnequal: lacking(names.before),
      textbook: null,
    };
  }
  const factor = smallSampleFactor(n - 1);
  const dz = change.mean / change.sd;
  const [lower, upper] = noncentralInterval(t, n - 1, level).map((bound) => bound / Math.sqrt(n)) as [number, number];
  const exact = (scale: number, method: string): Estimate => ({
    value: scale * dz,
    n,
    interval: { lower: scale * lower, upper: scale * upper, level },
    method,
    notes: [],
  });
  const withVariance = (value: number, variance: number, method: string) => ({
    estimate: normalInterval(value, variance, n, level, method),
    variance,
  });
  const dBefore = change.mean / a.sd;
  const gBefore = factor * dBefore;
  // As metafor has it: the small-sample factor is also in the second term.
  const unequal = change.sd ** 2 / (a.sd ** 2 * (n - 1)) + (gBefore * gBefore) / (2 * (n - 1));
  const approximate = approximateSmallSampleFactor(n - 1);
  const dav = change.mean / Math.sqrt((a.sd ** 2 + b.sd ** 2) / 2);
  const drm = dz * Math.sqrt(2 * (1 - r));
  return {
    ...summary,
    dz: exact(1, names.dz),
    gz: exact(factor, names.gz),
    inSdOfChange: withVariance(factor * dz, 1 / n + (factor * dz) ** 2 / (2 * n), names.change),
    inSdBefore: withVariance(gBefore, (2 * (1 - r)) / n + (gBefore * gBefore) / (2 * n), names.before),
    inSdBeforeUnequal: withVariance(gBefore, factor * factor * unequal, names.before),
    textbook: {
      factor: approximate,
      gz: approximate * dz,
      dav,
      gav: approximate * dav,
      varianceOfDav: (1 / n + (dav * dav) / (2 * n)) * 2 * (1 - r),
      drm,
      grm: approximate * drm,
      dBefore,
    },
  };
}
