/** Snedecor's F distribution, for Feldt's interval of alpha. */
import { betaQuantileOdds, betaTails } from './beta.ts';
import type { Tails } from './tails.ts';

/**
 * Both tails of F with `df1` and `df2` degrees of freedom at f: df1 F / (df1 F + df2) has the beta distribution with
 * shapes df1/2 and df2/2. Relative error below 2e-13.
 *
 * @example
 * fTails(1, 4, 4) // => { lower: 0.5, upper: 0.5 }
 */
export function fTails(f: number, df1: number, df2: number): Tails {
  if (!(f >= 0)) throw new RangeError('fTails requires a value that is not negative');
  if (f === Number.POSITIVE_INFINITY) return { lower: 1, upper: 0 };
  const total = df1 * f + df2;
  return betaTails((df1 * f) / total, df1 / 2, df2 / 2, df2 / total);
}

/**
 * The value below which F falls with probability `p`. Relative error below 2e-13 (checked against R for degrees of
 * freedom from 1 to 54,000).
 *
 * @example
 * fQuantile(0.5, 3, 3) // => 1
 */
export function fQuantile(p: number, df1: number, df2: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError('fQuantile requires a probability between 0 and 1');
  return (df2 / df1) * betaQuantileOdds({ lower: p, upper: 1 - p }, df1 / 2, df2 / 2);
}
