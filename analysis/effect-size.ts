/** Standardised mean differences of two groups, with exact intervals. Called by plans and by effect-size-clustered.ts. */
import { describe, type Values } from './descriptives.ts';
import { noEstimate, requireLevel } from './estimate.ts';
import { stirlingError } from './numeric/log-gamma.ts';
import { studentTNoncentrality } from './numeric/noncentral-t.ts';
import { normalQuantile } from './numeric/normal.ts';
import type { Estimate, Note } from './result.ts';

/**
 * Hedges's factor that takes the bias from a standardised difference with `df` degrees of freedom:
 * Γ(df/2) / (sqrt(df/2) Γ((df - 1)/2)). Relative error below 1e-14.
 *
 * Reference: Hedges (1981), Journal of Educational Statistics 6, 107-128.
 *
 * @throws RangeError for df of 1 or less
 * @example
 * smallSampleFactor(3) // => Math.sqrt(Math.PI / 6)
 */
export function smallSampleFactor(df: number): number {
  if (!(df > 1)) throw new RangeError('smallSampleFactor requires more than one degree of freedom');
  const half = df / 2;
  return Math.exp(-(half - 1) * Math.log1p(-0.5 / half) - 0.5 + stirlingError(half) - stirlingError(half - 0.5));
}

/**
 * The usual approximation of `smallSampleFactor`, 1 - 3 / (4 df - 1).
 *
 * @example
 * approximateSmallSampleFactor(1) // => 0
 */
export function approximateSmallSampleFactor(df: number): number {
  return 1 - 3 / (4 * df - 1);
}

export interface StandardisedDifference {
  readonly n: readonly [number, number];
  readonly means: readonly [number | null, number | null];
  readonly sds: readonly [number | null, number | null];
  readonly pooledSd: number | null;
  readonly df: number;
  /** Cohen's d: in pooled standard deviations; interval from noncentral t. */
  readonly cohenD: Estimate;
  /** Hedges' g: d times the small-sample factor; interval from noncentral t. */
  readonly hedgesG: Estimate;
  /** In standard deviations of the second group; interval from noncentral t. */
  readonly glassDelta: Estimate;
  /** Hedges' g with a normal interval from its large-sample variance 1/n1 + 1/n2 + g² / (2 (n1 + n2)). */
  readonly hedgesGNormal: Estimate;
  readonly variance: number | null;
  /** The unbiased estimate of the variance of g. */
  readonly unbiasedVariance: number | null;
  /** As in textbooks: the approximate factor, g by it, and the variances of d and g with d in place of g. */
  readonly textbook: {
    readonly factor: number;
    readonly g: number;
    readonly varianceOfD: number;
    readonly varianceOfG: number;
  } | null;
}

const methods = {
  cohenD: "Cohen's d with noncentral t interval",
  hedgesG: "Hedges' g with noncentral t interval",
  glassDelta: "Glass's delta with noncentral t interval",
  hedgesGNormal: "Hedges' g with normal interval",
};

/**
 * The standardised difference of two independent groups (first minus second): how many standard deviations apart are they?
 *
 *     d = (mean1 - mean2) / s,  s² = ((n1 - 1) s1² + (n2 - 1) s2²) / (n1 + n2 - 2),  g = J d
 *
 * The interval of d holds the effects under which t = d / sqrt(1/n1 + 1/n2) is not extreme, by the noncentral t
 * distribution. Assumes independent people, normal with one spread (for Glass's delta the groups may scatter differently);
 * when whole clusters were assigned use `clusteredEffectSize`. Missing values are left out. Fewer than two values in a
 * group: no values, note `too-few-values`; no spread: `no-variance`.
 *
 * References: Hedges (1981); Steiger and Fouladi (1997) for the interval; Borenstein et al. (2009), Introduction to
 * Meta-Analysis, chapter 4, for `textbook`. Agrees with R's effectsize and metafor; intervals to 1e-10.
 *
 * @throws RangeError for NaN, an infinite value or a level outside (0, 1)
 * @example
 * standardisedDifference([10, 12, 14], [4, 6, 8]).cohenD.value // => 3
 * standardisedDifference([1], [2, 3]).hedgesG.notes[0].code // => 'too-few-values'
 */
export function standardisedDifference(first: Values, second: Values, level = 0.95): StandardisedDifference {
  requireLevel('standardisedDifference', level);
  const a = describe(first);
  const b = describe(second);
  const df = a.n + b.n - 2;
  const basics = { n: [a.n, b.n] as const, means: [a.mean, b.mean] as const, sds: [a.sd, b.sd] as const, df };
  const without = (note: Note): StandardisedDifference => ({
    ...basics,
    pooledSd: null,
    cohenD: noEstimate(a.n + b.n, methods.cohenD, note),
    hedgesG: noEstimate(a.n + b.n, methods.hedgesG, note),
    glassDelta: noEstimate(a.n + b.n, methods.glassDelta, note),
    hedgesGNormal: noEstimate(a.n + b.n, methods.hedgesGNormal, note),
    variance: null,
    unbiasedVariance: null,
    textbook: null,
  });
  if (a.mean === null || b.mean === null || a.sd === null || b.sd === null) {
    return without({ code: 'too-few-values', text: 'Fewer than two values in a group, so no effect size.' });
  }
  const pooledSd = Math.sqrt(((a.n - 1) * a.sd ** 2 + (b.n - 1) * b.sd ** 2) / df);
  if (pooledSd === 0)
    return without({ code: 'no-variance', text: 'All values of each group are the same, so no effect size.' });
  const n = a.n + b.n;
  const difference = a.mean - b.mean;
  const d = difference / pooledSd;
  const factor = smallSampleFactor(df);
  const g = factor * d;
  const sizes = 1 / a.n + 1 / b.n;
  const exact = noncentralInterval(d / Math.sqrt(sizes), df, level);
  const scaled = (value: number, scale: number, method: string): Estimate => ({
    value,
    n,
    interval: { lower: exact[0] * scale, upper: exact[1] * scale, level },
    method,
    notes: [],
  });
  const variance = sizes + (g * g) / (2 * n);
  const varianceOfD = sizes + (d * d) / (2 * n);
  const approximate = approximateSmallSampleFactor(df);
  return {
    ...basics,
    pooledSd,
    cohenD: scaled(d, Math.sqrt(sizes), methods.cohenD),
    hedgesG: scaled(g, Math.sqrt(sizes) * factor, methods.hedgesG),
    glassDelta: glass(difference, a.n, a.sd, b.n, b.sd, level),
    hedgesGNormal: normalInterval(g, variance, n, level, methods.hedgesGNormal),
    variance,
    unbiasedVariance: sizes + (1 - (df - 2) / (df * factor * factor)) * g * g,
    textbook: { factor: approximate, g: approximate * d, varianceOfD, varianceOfG: approximate ** 2 * varianceOfD },
  };
}

/** Glass's delta: its t has the standard error of Welch and the degrees of freedom of the second group. */
function glass(difference: number, n1: number, s1: number, n2: number, s2: number, level: number): Estimate {
  const n = n1 + n2;
  if (s2 === 0) {
    return noEstimate(n, methods.glassDelta, {
      code: 'no-variance',
      text: 'All values of the second group are the same.',
    });
  }
  const scale = Math.sqrt(1 / n2 + (s1 * s1) / (n1 * s2 * s2));
  const value = difference / s2;
  const [lower, upper] = noncentralInterval(value / scale, n2 - 1, level);
  return {
    value,
    n,
    interval: { lower: lower * scale, upper: upper * scale, level },
    method: methods.glassDelta,
    notes: [],
  };
}

/**
 * The noncentralities between which a t statistic is not extreme at the given level.
 *
 * @example
 * noncentralInterval(0, 10, 0.95).length // => 2
 */
export function noncentralInterval(t: number, df: number, level: number): [number, number] {
  const tail = (1 - level) / 2;
  return [studentTNoncentrality(t, df, 1 - tail), studentTNoncentrality(t, df, tail)];
}

/** An estimate with a normal interval from its variance. */
export function normalInterval(value: number, variance: number, n: number, level: number, method: string): Estimate {
  const reach = normalQuantile((1 + level) / 2) * Math.sqrt(variance);
  return { value, n, interval: { lower: value - reach, upper: value + reach, level }, method, notes: [] };
}
