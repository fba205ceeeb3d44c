/** The other intervals of a proportion beside Wilson's, and the difference of two. Called by plans. */
import { chiSquareTest, fisherExactTest } from './contingency.ts';
import { noEstimate, requireLevel } from './estimate.ts';
import { betaQuantileOdds } from './numeric/beta.ts';
import { normalQuantile } from './numeric/normal.ts';
import { wilsonInterval } from './proportions.ts';
import type { Estimate } from './result.ts';

/**
 * `wilson`: score interval. `wilson-continuity`: with Yates's correction, as R's prop.test. `wilson-modified`: with the
 * bound of a rare event from Poisson where one person, or all but one, has it (Hmisc). `clopper-pearson`: exact, never
 * below its level. `jeffreys`: Bayesian with a flat prior. `wald` and `agresti-coull`: normal, with and without two
 * added successes and failures; both may leave [0, 1].
 */
export type ProportionMethod =
  | 'wilson'
  | 'wilson-continuity'
  | 'wilson-modified'
  | 'clopper-pearson'
  | 'jeffreys'
  | 'wald'
  | 'agresti-coull';

const names: Readonly<Record<ProportionMethod, string>> = {
  wilson: 'Wilson score interval',
  'wilson-continuity': 'Wilson score interval with continuity correction',
  'wilson-modified': 'Wilson score interval, modified for rare events',
  'clopper-pearson': 'Clopper-Pearson exact interval',
  jeffreys: 'Jeffreys interval',
  wald: 'Wald interval',
  'agresti-coull': 'Agresti-Coull interval',
};

type Bounds = readonly [number, number];

/**
 * A proportion with an interval by the given method. Assumes independent cases. Without cases: no value and the note
 * `no-cases`.
 *
 * Reference: Brown, Cai and DasGupta (2001), Statistical Science 16, 101-133. Agrees with R's prop.test, binom.test and
 * Hmisc::binconf to 1e-12.
 *
 * @throws RangeError when the counts are not whole numbers with 0 <= successes <= n, or the level is not within (0, 1)
 * @example
 * proportionInterval(0, 20, 'wald').interval // => { lower: 0, upper: 0, level: 0.95 }
 * proportionInterval(0, 0, 'jeffreys').value // => null
 */
export function proportionInterval(successes: number, n: number, method: ProportionMethod, level = 0.95): Estimate {
  const wilson = wilsonInterval(successes, n, level);
  if (wilson.interval === null || method === 'wilson') return { ...wilson, method: names[method] };
  const [lower, upper] = bounds(successes, n, method, level, [wilson.interval.lower, wilson.interval.upper]);
  return { ...wilson, interval: { lower, upper, level }, method: names[method] };
}

function bounds(x: number, n: number, method: ProportionMethod, level: number, wilson: Bounds): Bounds {
  const alpha = 1 - level;
  const z = normalQuantile((1 + level) / 2);
  const share = x / n;
  const wald = (p: number, of: number): Bounds => {
    const reach = z * Math.sqrt((p * (1 - p)) / of);
    return [p - reach, p + reach];
  };
  switch (method) {
    case 'wilson':
      return wilson;
    case 'wilson-modified':
      return [x === 1 ? -Math.log(level) / n : wilson[0], x === n - 1 ? 1 + Math.log(level) / n : wilson[1]];
    case 'wald':
      return wald(share, n);
    case 'agresti-coull':
      return wald((x + (z * z) / 2) / (n + z * z), n + z * z);
    case 'clopper-pearson':
      return [
        x === 0 ? 0 : betaQuantile(alpha / 2, x, n - x + 1),
        x === n ? 1 : betaQuantile(1 - alpha / 2, x + 1, n - x),
      ];
    case 'jeffreys':
      return [
        x === 0 ? 0 : betaQuantile(alpha / 2, x + 0.5, n - x + 0.5),
        x === n ? 1 : betaQuantile(1 - alpha / 2, x + 0.5, n - x + 0.5),
      ];
    case 'wilson-continuity': {
      // As in R, the correction never carries the share past one half.
      const correction = Math.min(0.5, Math.abs(x - n / 2)) / n;
      const bound = (p: number, sign: number) =>
        (p + (z * z) / (2 * n) + sign * z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))) / (1 + (z * z) / n);
      const low = share - correction;
      const high = share + correction;
      return [low <= 0 ? 0 : Math.max(0, bound(low, -1)), high >= 1 ? 1 : Math.min(1, bound(high, 1))];
    }
  }
}

/**
 * The quantile of the beta distribution, as a share.
 *
 * @throws RangeError for a probability outside [0, 1] or shapes that are not positive
 * @example
 * betaQuantile(0.25, 1, 1) // => 0.25
 */
export function betaQuantile(p: number, a: number, b: number): number {
  const odds = betaQuantileOdds({ lower: p, upper: 1 - p }, a, b);
  return odds === Number.POSITIVE_INFINITY ? 1 : odds / (1 + odds);
}

export interface ProportionDifference {
  /** First minus second, with Newcombe's interval. */
  readonly difference: Estimate;
  readonly wald: { readonly lower: number; readonly upper: number } | null;
  /** Test of equal shares; null when nobody or everybody has it. */
  readonly chiSquare: number | null;
  readonly p: number | null;
  /** Fisher's exact p. */
  readonly exactP: number | null;
}

/**
 * The difference of two proportions with Newcombe's hybrid score interval: by how much do two groups differ in a share?
 * The bounds combine the distances of each share from its own Wilson bounds. Assumes independent cases. A group without
 * cases: no value, note `no-cases`.
 *
 * Reference: Newcombe (1998), Statistics in Medicine 17, 873-890, method 10. Agrees with R to 1e-12.
 *
 * @throws RangeError for counts that are not whole numbers with 0 <= successes <= n, or a level outside (0, 1)
 * @example
 * proportionDifference(56, 70, 48, 80).difference.value // => 56 / 70 - 48 / 80
 */
export function proportionDifference(
  x1: number,
  n1: number,
  x2: number,
  n2: number,
  level = 0.95,
): ProportionDifference {
  requireLevel('proportionDifference', level);
  const first = wilsonInterval(x1, n1, level);
  const second = wilsonInterval(x2, n2, level);
  const method = 'Newcombe hybrid score interval';
  if (first.value === null || second.value === null || first.interval === null || second.interval === null) {
    const note = { code: 'no-cases', text: 'A group has no cases, so no difference.' };
    return { difference: noEstimate(n1 + n2, method, note), wald: null, chiSquare: null, p: null, exactP: null };
  }
  const [p1, p2] = [first.value, second.value];
  const value = p1 - p2;
  const lower = value - Math.hypot(p1 - first.interval.lower, second.interval.upper - p2);
  const upper = value + Math.hypot(first.interval.upper - p1, p2 - second.interval.lower);
  const reach = normalQuantile((1 + level) / 2) * Math.sqrt((p1 * (1 - p1)) / n1 + (p2 * (1 - p2)) / n2);
  const { chiSquare, p } = chiSquareTest([
    [x1, n1 - x1],
    [x2, n2 - x2],
  ]);
  return {
    difference: { value, n: n1 + n2, interval: { lower, upper, level }, method, notes: [] },
    wald: { lower: Math.max(-1, value - reach), upper: Math.min(1, value + reach) },
    chiSquare,
    p,
    exactP: fisherExactTest([
      [x1, n1 - x1],
      [x2, n2 - x2],
    ]),
  };
}
