/**
 * Averages over an estimated standard deviation. The noncentral t and the studentised range are both a probability that
 * would be known if the standard deviation were, averaged over how the estimate of it scatters.
 */
import { logGammaTerm } from './gamma.ts';
import { integratePeak } from './trapezoid.ts';

/**
 * The mean of `f(s)` where df s² has the chi-square distribution with `df` degrees of freedom, by the trapezoidal rule in
 * ln s, which converges exponentially for smooth functions that fade at both ends. All terms are positive when f is, so
 * that tiny means keep their digits. Relative error below 1e-13 when `steepness` bounds |d ln f / d ln s| near the mass.
 *
 * @param f a smooth function of s > 0
 * @param steepness how fast f changes with ln s; the step of the rule is chosen from it
 * @throws RangeError for degrees of freedom that are not positive and finite
 * @example
 * averageOverScale(() => 1, 5, 1) // => 1
 */
export function averageOverScale(f: (s: number) => number, df: number, steepness: number): number {
  if (!(df > 0 && df < Number.POSITIVE_INFINITY))
    throw new RangeError('averageOverScale requires positive degrees of freedom');
  const shape = df / 2;
  const width = Math.min(0.1, 0.45 / Math.sqrt(2 * df), 0.45 / Math.max(1, steepness));
  const term = (logScale: number) => {
    const weight = Math.exp(logGammaTerm(shape * Math.exp(2 * logScale), shape));
    return weight === 0 ? 0 : weight * f(Math.exp(logScale));
  };
  // The density of ln s is twice that of ln s².
  return 2 * integratePeak(term, 0, width);
}
