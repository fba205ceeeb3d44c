/** Proportions and response rates with their intervals. Called by the report and by the fieldwork pages. */
import { noEstimate, requireLevel } from './estimate.ts';
import { normalQuantile } from './numeric/normal.ts';
import type { Estimate } from './result.ts';

const wilsonMethod = 'Wilson score interval';

/**
 * A proportion with Wilson's score interval: which population shares p would not be rejected by the score test, given
 * `successes` among `n`? The bounds solve |x/n - p| = z sqrt(p (1 - p) / n). It keeps within [0, 1] and near its level
 * for small n and extreme shares. Assumes independent cases; shares within clusters of people want a wider interval.
 * Without cases: no value and the note `no-cases`.
 *
 * Reference: Wilson (1927), Journal of the American Statistical Association 22, 209-212. Agrees with R's
 * `prop.test(x, n, correct = FALSE)` to 1e-12.
 *
 * @throws RangeError when the counts are not whole numbers with 0 <= successes <= n, or the level is not within (0, 1)
 * @example
 * wilsonInterval(5, 10).value // => 0.5
 * wilsonInterval(0, 10).interval // => { lower: 0, upper: 0.277532799862889, level: 0.95 }
 */
export function wilsonInterval(successes: number, n: number, level = 0.95): Estimate {
  if (!isCount(successes) || !isCount(n) || successes > n) {
    throw new RangeError('wilsonInterval requires whole numbers with 0 <= successes <= n');
  }
  requireLevel('wilsonInterval', level);
  if (n === 0) return noEstimate(0, wilsonMethod, { code: 'no-cases', text: 'No cases, so no proportion.' });
  const z = normalQuantile((1 + level) / 2);
  const share = successes / n;
  const scale = 1 + (z * z) / n;
  const centre = share + (z * z) / (2 * n);
  const reach = z * Math.sqrt((share * (1 - share) + (z * z) / (4 * n)) / n);
  return {
    value: share,
    n,
    interval: {
      // At the ends the bound is the share itself; rounding must not move it.
      lower: successes === 0 ? 0 : (centre - reach) / scale,
      upper: successes === n ? 1 : (centre + reach) / scale,
      level,
    },
    method: wilsonMethod,
    notes: [],
  };
}

/**
 * The share of the invited who responded, with Wilson's interval. Imported responses can outnumber the invitations;
 * that is data and no mistake of the caller, so it gives no value and the note `more-than-invited`.
 *
 * @example
 * responseRate(8, 10).value // => 0.8
 * responseRate(3, 0).notes[0].code // => 'more-than-invited'
 */
export function responseRate(responded: number, invited: number, level = 0.95): Estimate {
  if (isCount(responded) && isCount(invited) && responded > invited) {
    return noEstimate(invited, wilsonMethod, {
      code: 'more-than-invited',
      text: 'More responses than invitations, so no rate: some responses came without an invitation.',
    });
  }
  return wilsonInterval(responded, invited, level);
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
