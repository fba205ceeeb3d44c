/** The minimum of a function of one number. */

/** The square of the golden ratio's reciprocal: where a golden section divides. */
const golden = (3 - Math.sqrt(5)) / 2;

/**
 * Where a function of one number is lowest between `low` and `high`, by Brent's method: golden sections, and the vertex of
 * a parabola where that shrinks the interval faster. Never looks at the ends. The place is known to about `tolerance`
 * (default 1e-8; less than the root of machine precision cannot be seen). With `Number.EPSILON ** 0.25` it looks where R's
 * `optimize` does.
 *
 * Reference: Brent (1973), Algorithms for Minimization without Derivatives, chapter 5.
 *
 * @throws RangeError unless low < high
 * @example
 * Math.abs(brentMinimum((x) => (x - 2) ** 2, 0, 5) - 2) < 1e-7 // => true
 */
export function brentMinimum(f: (x: number) => number, low: number, high: number, tolerance = 1e-8): number {
  if (!(low < high)) throw new RangeError('brentMinimum requires low < high');
  const relative = Math.sqrt(Number.EPSILON);
  let best = low + golden * (high - low);
  let second = best;
  let third = best;
  let atBest = f(best);
  let atSecond = atBest;
  let atThird = atBest;
  let step = 0;
  let stepBefore = 0;
  for (let i = 0; i < 500; i += 1) {
    const middle = (low + high) / 2;
    const near = relative * Math.abs(best) + tolerance / 3;
    if (Math.abs(best - middle) <= 2 * near - (high - low) / 2) break;
    let golder = true;
    if (Math.abs(stepBefore) > near) {
      const r = (best - second) * (atBest - atThird);
      const q = (best - third) * (atBest - atSecond);
      let top = (best - third) * q - (best - second) * r;
      let bottom = (q - r) * 2;
      if (bottom > 0) top = -top;
      else bottom = -bottom;
      const limit = stepBefore;
      stepBefore = step;
      const shrinks = Math.abs(top) < Math.abs((bottom * limit) / 2);
      if (shrinks && top > bottom * (low - best) && top < bottom * (high - best)) {
        step = top / bottom;
        const there = best + step;
        if (there - low < 2 * near || high - there < 2 * near) step = best < middle ? near : -near;
        golder = false;
      }
    }
    if (golder) {
      stepBefore = best < middle ? high - best : low - best;
      step = golden * stepBefore;
    }
    const next = Math.abs(step) >= near ? best + step : best + (step > 0 ? near : -near);
    const atNext = f(next);
    if (atNext <= atBest) {
      if (next < best) high = best;
      else low = best;
      [third, second, best] = [second, best, next];
      [atThird, atSecond, atBest] = [atSecond, atBest, atNext];
    } else {
      if (next < best) low = next;
      else high = next;
      if (atNext <= atSecond || second === best) {
        [third, second] = [second, next];
        [atThird, atSecond] = [atSecond, atNext];
      } else if (atNext <= atThird || third === best || third === second) {
        third = next;
        atThird = atNext;
      }
    }
  }
  return best;
}
