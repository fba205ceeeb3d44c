/** The noncentral chi-square distribution, for intervals and power of fit indices like RMSEA. */
import { chiSquareTails } from './chi-square.ts';
import { logGammaTerm } from './gamma.ts';
import { rootFrom } from './root.ts';
import type { Tails } from './tails.ts';

/** Weights of the mixture below exp of this underflow; nothing that could matter is left out. */
const smallestLogWeight = -720;

/**
 * Both tails of chi-square with `df` degrees of freedom and noncentrality `ncp`: the mixture of central ones with
 * df + 2j degrees of freedom, j being Poisson with mean ncp/2. The lower tails are added from the largest j downwards
 * and the upper ones from the smallest upwards, so that all terms are positive and both tails keep their digits.
 * Relative error of both tails below 1e-11 for ncp and df up to 1e5, mostly below 1e-13.
 *
 * @throws RangeError for df that is not positive, a negative noncentrality or a negative value
 * @example
 * noncentralChiSquareTails(2, 2, 0).upper // => Math.exp(-1)
 */
export function noncentralChiSquareTails(x: number, df: number, ncp: number): Tails {
  if (!(df > 0)) throw new RangeError('noncentralChiSquareTails requires positive degrees of freedom');
  if (!(ncp >= 0 && ncp < Number.POSITIVE_INFINITY)) {
    throw new RangeError('noncentralChiSquareTails requires a noncentrality that is not negative');
  }
  if (ncp === 0 || x === 0 || x === Number.POSITIVE_INFINITY) return chiSquareTails(x, df);
  const { first, weights } = poissonWeights(ncp / 2);
  const half = x / 2;
  const shapeAt = (j: number) => df / 2 + first + j;
  const last = weights.length - 1;

  // P(a, x) = P(a + 1, x) + x^a e^-x / Γ(a + 1), and Q(a + 1, x) = Q(a, x) + the same.
  const steps = weights.map((_, j) => Math.exp(logGammaTerm(half, shapeAt(j))) / shapeAt(j));
  let lower = 0;
  let tail = chiSquareTails(x, 2 * shapeAt(last)).lower;
  for (let j = last; j >= 0; j -= 1) {
    if (j < last) tail += steps[j] ?? 0;
    lower += (weights[j] ?? 0) * tail;
  }
  let upper = 0;
  tail = chiSquareTails(x, 2 * shapeAt(0)).upper;
  for (let j = 0; j <= last; j += 1) {
    if (j > 0) tail += steps[j - 1] ?? 0;
    upper += (weights[j] ?? 0) * tail;
  }
  return { lower: Math.min(lower, 1), upper: Math.min(upper, 1) };
}

/** Poisson probabilities around the mean, as far as a number can hold them. */
function poissonWeights(mean: number): { first: number; weights: Float64Array } {
  const logWeight = (j: number) => (j === 0 ? -mean : logGammaTerm(mean, j) - Math.log(j));
  const mode = Math.floor(mean);
  let first = mode;
  for (let step = 1; first > 0 && logWeight(first) > smallestLogWeight; step *= 2) first = Math.max(0, first - step);
  let last = mode;
  for (let step = 1; logWeight(last) > smallestLogWeight; step *= 2) last += step;
  const weights = new Float64Array(last - first + 1);
  weights[mode - first] = Math.exp(logWeight(mode));
  for (let j = mode + 1; j <= last; j += 1) weights[j - first] = ((weights[j - first - 1] ?? 0) * mean) / j;
  for (let j = mode - 1; j >= first; j -= 1) weights[j - first] = ((weights[j - first + 1] ?? 0) * (j + 1)) / mean;
  return { first, weights };
}

/**
 * The noncentrality at which chi-square with `df` degrees of freedom falls below `x` with probability `p`; 0 when even
 * the central one does so more rarely, which is how limits of RMSEA are defined. Relative error below 1e-11.
 *
 * @throws RangeError for a probability outside (0, 1), degrees of freedom that are not positive or a negative value
 * @example
 * chiSquareNoncentrality(1, 5, 0.95) // => 0
 */
export function chiSquareNoncentrality(x: number, df: number, p: number): number {
  requireInside('chiSquareNoncentrality', p);
  const excess = (ncp: number) => difference(noncentralChiSquareTails(x, df, ncp), p);
  if (excess(0) <= 0) return 0;
  // Searched on the logarithm, so that the root cannot be negative.
  return Math.exp(rootFrom((logNcp) => excess(Math.exp(logNcp)), Math.log(Math.max(x - df, 1)), 0.5));
}

/**
 * The value below which noncentral chi-square falls with probability `p`. Relative error below 1e-11.
 *
 * @throws RangeError for a probability outside (0, 1), degrees of freedom that are not positive, a negative noncentrality
 * @example
 * noncentralChiSquareQuantile(1 - Math.exp(-1), 2, 0) // => 2
 */
export function noncentralChiSquareQuantile(p: number, df: number, ncp: number): number {
  requireInside('noncentralChiSquareQuantile', p);
  return Math.exp(
    rootFrom((log) => difference(noncentralChiSquareTails(Math.exp(log), df, ncp), p), Math.log(df + ncp), 0.5),
  );
}

/** How far the lower tail lies above p, measured in the smaller tail. */
function difference(tails: Tails, p: number): number {
  return p <= 0.5 ? tails.lower - p : 1 - p - tails.upper;
}

function requireInside(name: string, p: number): void {
  if (!(p > 0 && p < 1)) throw new RangeError(`${name} requires a probability between 0 and 1`);
}
