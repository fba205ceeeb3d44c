/** Random draws that a Bayesian regression takes. Called by mean-matching.ts; the generator is always given. */
import type { Random } from '../../instruments/random.ts';

/**
 * A draw from the gamma distribution with this shape and scale 1, by Marsaglia and Tsang's squeeze of a cubed normal;
 * shapes below 1 are had from the shape one above.
 *
 * Reference: Marsaglia and Tsang (2000), ACM Transactions on Mathematical Software 26, 363-372.
 *
 * @throws RangeError for a shape that is not positive
 * @example
 * gammaDraw({ normal: () => 0, uniform: () => 0.5 }, 4 / 3) // => 1
 */
export function gammaDraw(random: Random, shape: number): number {
  if (!(shape > 0)) throw new RangeError('gammaDraw requires a positive shape');
  if (shape < 1) return gammaDraw(random, shape + 1) * (1 - random.uniform()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const z = random.normal();
    const cube = (1 + c * z) ** 3;
    // 1 - uniform is never 0, whose logarithm would accept anything.
    if (cube > 0 && Math.log(1 - random.uniform()) < (z * z) / 2 + d - d * cube + d * Math.log(cube)) return d * cube;
  }
}

/**
 * A draw from chi-square with `df` degrees of freedom.
 *
 * @throws RangeError for degrees of freedom that are not positive
 * @example
 * chiSquareDraw({ normal: () => 0, uniform: () => 0.5 }, 8 / 3) // => 2
 */
export function chiSquareDraw(random: Random, df: number): number {
  return 2 * gammaDraw(random, df / 2);
}
