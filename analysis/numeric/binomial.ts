/** The binomial distribution, for exact tests and intervals of proportions. */
import { betaTails } from './beta.ts';
import type { Tails } from './tails.ts';

/**
 * P(X <= successes) and P(X > successes) among `n` independent cases with the given probability: the tails of the beta
 * distribution with shapes successes + 1 and n - successes, swapped. Relative error as of `betaTails`.
 *
 * @throws RangeError for counts that are not whole, a negative n, or a probability outside [0, 1]
 * @example
 * binomialTails(0, 2, 0.5) // => { lower: 0.25, upper: 0.75 }
 * binomialTails(2, 2, 0.3) // => { lower: 1, upper: 0 }
 */
export function binomialTails(successes: number, n: number, probability: number): Tails {
  if (!(Number.isSafeInteger(successes) && Number.isSafeInteger(n) && n >= 0)) {
    throw new RangeError('binomialTails requires whole numbers');
  }
  if (!(probability >= 0 && probability <= 1)) throw new RangeError('binomialTails requires a share between 0 and 1');
  if (successes < 0) return { lower: 0, upper: 1 };
  if (successes >= n) return { lower: 1, upper: 0 };
  const { lower, upper } = betaTails(probability, successes + 1, n - successes);
  return { lower: upper, upper: lower };
}
