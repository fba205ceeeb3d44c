/** The gamma distribution: regularised incomplete gamma functions and their inverse. Chi-square is read off it. */

import { stirlingError } from './log-gamma.ts';
import { devianceTerm } from './saddlepoint.ts';
import type { Tails } from './tails.ts';

/**
 * Both tails of the gamma distribution with the given shape and scale 1 at x. Below the shape a series of positive
 * terms gives the lower tail, above it a continued fraction the upper one; the other is the complement. Relative error
 * of the smaller tail below 5e-13 for shapes from 0.01 to 1e6 and tails down to 1e-290, mostly below 1e-14.
 *
 * Reference: Abramowitz and Stegun (1964), 6.5.29 and 6.5.31.
 *
 * @throws RangeError for a shape that is not positive or a value below 0
 * @example
 * gammaTails(1, 1).upper // => Math.exp(-1)
 * gammaTails(0, 3) // => { lower: 0, upper: 1 }
 */
export function gammaTails(x: number, shape: number): Tails {
  requireShape('gammaTails', shape);
  if (!(x >= 0)) throw new RangeError('gammaTails requires a value that is not negative');
  if (x === 0) return { lower: 0, upper: 1 };
  if (x === Number.POSITIVE_INFINITY) return { lower: 1, upper: 0 };
  if (convergesFromBelow(x, shape)) {
    const lower = Math.exp(logLowerTail(x, shape));
    return { lower, upper: 1 - lower };
  }
  const upper = Math.exp(logUpperTail(x, shape));
  return { lower: 1 - upper, upper };
}

/**
 * The value at which the gamma distribution has the given tails. Newton's method on the logarithm of the smaller tail
 * as a function of ln x: that function is concave, so the steps cannot run away. Relative error as of `gammaTails`.
 *
 * @example
 * gammaQuantile({ lower: 1 - Math.exp(-2), upper: Math.exp(-2) }, 1) // => 2
 */
export function gammaQuantile(tails: Tails, shape: number): number {
  requireShape('gammaQuantile', shape);
  const { lower, upper } = tails;
  if (!(lower >= 0 && upper >= 0)) throw new RangeError('gammaQuantile requires tails between 0 and 1');
  if (lower === 0) return 0;
  if (upper === 0) return Number.POSITIVE_INFINITY;
  const below = lower <= upper;
  const target = Math.log(below ? lower : upper);
  let logX = Math.log(shape);
  for (let step = 1; step <= 500; step += 1) {
    const x = Math.exp(logX);
    // Left of here the lower tail is a pure power of x.
    if (x < 1e-300) return below ? Math.exp(logX + (target - logPower(logX, shape)) / shape) : 0;
    const logTail = logTailAt(x, shape, below);
    const slope = Math.exp(logGammaTerm(x, shape) - logTail);
    const change = ((below ? 1 : -1) * (target - logTail)) / slope;
    // The last change is applied to x itself: a large logarithm would round it away. What it leaves is its square.
    if (Math.abs(change) < 1e-8 / (1 + Math.sqrt(shape))) return x * (1 + change);
    logX += Math.max(-100, Math.min(change, 5));
  }
  throw new RangeError(`gammaQuantile did not converge for shape ${shape} at ${lower}`);
}

/**
 * ln( x^a e^-x / Γ(a) ), the derivative of the tails by ln x, without large logarithms that cancel.
 *
 * @example
 * logGammaTerm(1, 1) // => -1
 */
export function logGammaTerm(x: number, shape: number): number {
  return 0.5 * Math.log(shape / (2 * Math.PI)) - stirlingError(shape) - devianceTerm(shape, x);
}

function convergesFromBelow(x: number, shape: number): boolean {
  return x <= shape || x < 0.6;
}

/** The logarithm of the lower (`below`) or upper tail. */
function logTailAt(x: number, shape: number, below: boolean): number {
  if (convergesFromBelow(x, shape)) {
    const logLower = logLowerTail(x, shape);
    return below ? logLower : Math.log(-Math.expm1(logLower));
  }
  const logUpper = logUpperTail(x, shape);
  return below ? Math.log1p(-Math.exp(logUpper)) : logUpper;
}

/** ln P(a, x) = ln( x^a e^-x / Γ(a + 1) ) + ln Σ x^n / ((a + 1) … (a + n)). */
function logLowerTail(x: number, shape: number): number {
  let term = 1;
  let total = 1;
  for (let n = 1; n <= 1_000_000; n += 1) {
    term *= x / (shape + n);
    total += term;
    if (term <= total * 1e-17) return logGammaTerm(x, shape) - Math.log(shape) + Math.log(total);
  }
  throw new RangeError(`gammaTails did not converge for shape ${shape} at ${x}`);
}

/** ln Q(a, x) by the continued fraction 1 / (x + 1 - a - 1 (1 - a) / (x + 3 - a - …)), evaluated by Lentz's method. */
function logUpperTail(x: number, shape: number): number {
  let denominator = x + 1 - shape;
  let c = Number.POSITIVE_INFINITY;
  let d = 1 / denominator;
  let fraction = d;
  for (let n = 1; n <= 1_000_000; n += 1) {
    const numerator = -n * (n - shape);
    denominator += 2;
    d = 1 / (denominator + numerator * d);
    c = denominator + numerator / c;
    fraction *= c * d;
    if (Math.abs(c * d - 1) <= Number.EPSILON) return logGammaTerm(x, shape) + Math.log(fraction);
  }
  throw new RangeError(`gammaTails did not converge for shape ${shape} at ${x}`);
}

/** ln( x^a / Γ(a + 1) ) for an x too small for its own exponential. */
function logPower(logX: number, shape: number): number {
  // ln Γ(a + 1) from Stirling's error, so that shapes near 0 keep their digits.
  const logFactorial = stirlingError(shape) + (shape + 0.5) * Math.log(shape) - shape + 0.5 * Math.log(2 * Math.PI);
  return shape * logX - logFactorial;
}

function requireShape(name: string, shape: number): void {
  if (!(shape > 0 && shape < Number.POSITIVE_INFINITY))
    throw new RangeError(`${name} requires a positive finite shape`);
}
