/** The noncentral t distribution, for power and for exact intervals of standardised mean differences. */
import { normalTails } from './normal.ts';
import { rootFrom } from './root.ts';
import { averageOverScale } from './scale-average.ts';
import { studentTTails } from './student-t.ts';
import type { Tails } from './tails.ts';

/**
 * Both tails of noncentral t with `df` degrees of freedom: (Z + ncp) / s with Z standard normal and df s² chi-square. The
 * normal probability that Z + ncp <= t s is averaged over s, so that all terms are positive and both tails keep their
 * digits, also far out and for large noncentrality. Relative error below 1e-12 for df from 0.5 to 1e6 and |ncp| up to 100
 * (tails down to 1e-200).
 *
 * @throws RangeError for df that is not positive, or a value or noncentrality that is not finite
 * @example
 * noncentralTTails(0, 9, 0) // => { lower: 0.5, upper: 0.5 }
 */
export function noncentralTTails(t: number, df: number, ncp: number): Tails {
  if (!(df > 0)) throw new RangeError('noncentralTTails requires positive degrees of freedom');
  if (!Number.isFinite(ncp) || !Number.isFinite(t)) throw new RangeError('noncentralTTails requires finite numbers');
  if (ncp === 0) return studentTTails(t, df);
  if (df === Number.POSITIVE_INFINITY || t === 0) return normalTails(t - ncp);
  const steepness = Math.abs(ncp) + 1;
  return {
    lower: Math.min(
      1,
      averageOverScale((s) => normalTails(t * s - ncp).lower, df, steepness),
    ),
    upper: Math.min(
      1,
      averageOverScale((s) => normalTails(t * s - ncp).upper, df, steepness),
    ),
  };
}

/**
 * The noncentrality at which t with `df` degrees of freedom falls below `t` with probability `p`; the limits of an exact
 * interval of a standardised mean difference are two of these. Relative error below 1e-11.
 *
 * Reference: Steiger and Fouladi (1997), in Harlow, Mulaik and Steiger, What if there were no significance tests?
 *
 * @throws RangeError for a probability outside (0, 1) or df that is not positive
 * @example
 * studentTNoncentrality(0, 8, 0.5) // => 0
 */
export function studentTNoncentrality(t: number, df: number, p: number): number {
  requireInside('studentTNoncentrality', p);
  if (t === 0 && p === 0.5) return 0;
  return rootFrom((ncp) => difference(noncentralTTails(t, df, ncp), p), t, 1 + Math.abs(t) / Math.sqrt(df));
}

/**
 * The value below which noncentral t falls with probability `p`. Relative error below 1e-11 away from zero.
 *
 * @throws RangeError for a probability outside (0, 1) or df that is not positive
 * @example
 * noncentralTQuantile(0.5, 8, 0) // => 0
 */
export function noncentralTQuantile(p: number, df: number, ncp: number): number {
  requireInside('noncentralTQuantile', p);
  if (ncp === 0 && p === 0.5) return 0;
  return rootFrom((t) => difference(noncentralTTails(t, df, ncp), p), ncp, 1);
}

/** How far the lower tail lies above p, measured in the smaller tail. */
function difference(tails: Tails, p: number): number {
  return p <= 0.5 ? tails.lower - p : 1 - p - tails.upper;
}

function requireInside(name: string, p: number): void {
  if (!(p > 0 && p < 1)) throw new RangeError(`${name} requires a probability between 0 and 1`);
}
