/** One-dimensional root finding. Used where a quantile or a limit has no direct inverse. */

export interface RootOptions {
  /** Stop when the bracket is this narrow relative to the root; default 1e-15. */
  readonly tolerance?: number;
  readonly maxIterations?: number;
}

/**
 * The root of a continuous function between `low` and `high`, where its signs differ, by Brent's method: inverse
 * quadratic interpolation or the secant where they shrink the bracket, bisection where they do not.
 *
 * Reference: Brent (1973), Algorithms for Minimization without Derivatives, chapter 4.
 *
 * @throws RangeError when the function has the same sign at both ends or is not a number there
 * @example
 * brentRoot((x) => x * x - 4, 0, 5) // => 2
 */
export function brentRoot(f: (x: number) => number, low: number, high: number, options: RootOptions = {}): number {
  const { tolerance = 1e-15, maxIterations = 300 } = options;
  let best = high;
  let other = low;
  let atBest = f(best);
  let atOther = f(other);
  if (atBest === 0) return best;
  if (atOther === 0) return other;
  if (!(atBest * atOther < 0 || Math.sign(atBest) === -Math.sign(atOther))) {
    throw new RangeError('brentRoot requires different signs at the ends of the bracket');
  }
  let previous = other;
  let atPrevious = atOther;
  let step = best - other;
  let stepBefore = step;
  for (let i = 0; i < maxIterations; i += 1) {
    if (Math.abs(atOther) < Math.abs(atBest)) {
      [previous, best, other] = [best, other, best];
      [atPrevious, atBest, atOther] = [atBest, atOther, atBest];
    }
    const least = 2 * Number.EPSILON * Math.abs(best) + 0.5 * tolerance * Math.abs(best) + Number.MIN_VALUE;
    const half = (other - best) / 2;
    if (atBest === 0 || Math.abs(half) <= least) return best;
    const interpolated = interpolate(best, previous, other, atBest, atPrevious, atOther);
    const within = interpolated * Math.sign(half) > 0 && Math.abs(interpolated) < Math.abs(1.5 * half) - least / 2;
    if (
      Math.abs(stepBefore) >= least &&
      Math.abs(atPrevious) > Math.abs(atBest) &&
      within &&
      Math.abs(interpolated) < Math.abs(stepBefore / 2)
    ) {
      [stepBefore, step] = [step, interpolated];
    } else {
      [stepBefore, step] = [half, half];
    }
    previous = best;
    atPrevious = atBest;
    best += Math.abs(step) > least ? step : Math.sign(half) * least;
    atBest = f(best);
    if (Math.sign(atBest) === Math.sign(atOther)) {
      other = previous;
      atOther = atPrevious;
      step = best - previous;
      stepBefore = step;
    }
  }
  return best;
}

/** The step from `best` to where the parabola or line through the known points crosses zero. */
function interpolate(best: number, previous: number, other: number, fBest: number, fPrevious: number, fOther: number) {
  const s = fBest / fPrevious;
  if (previous === other) return ((other - best) * s) / (s - 1) || 0;
  const q = fPrevious / fOther;
  const r = fBest / fOther;
  const numerator = s * ((other - best) * q * (q - r) - (best - previous) * (r - 1));
  return -numerator / ((q - 1) * (r - 1) * (s - 1));
}

/**
 * The root of a function that is monotone on the whole line, from a guess and a first step: the bracket doubles outwards
 * until the signs differ.
 *
 * @throws RangeError when no change of sign is found
 * @example
 * rootFrom((x) => x - 100, 0, 1) // => 100
 */
export function rootFrom(
  f: (x: number) => number,
  guess: number,
  firstStep: number,
  options: RootOptions = {},
): number {
  for (let reach = firstStep; reach < Number.MAX_VALUE; reach *= 2) {
    const low = guess - reach;
    const high = guess + reach;
    if (f(low) * f(high) <= 0) return brentRoot(f, low, high, options);
  }
  throw new RangeError('rootFrom found no change of sign');
}
