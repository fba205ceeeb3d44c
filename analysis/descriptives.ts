/** Means, spreads and quantiles of one column. Called by the report. Missing values are null and are left out. */
import { noEstimate, requireLevel } from './estimate.ts';
import { unitOf } from './numeric/magnitude.ts';
import { studentTQuantile } from './numeric/student-t.ts';
import { mean, sumOfSquaredDeviations } from './numeric/sums.ts';
import type { Estimate, Note } from './result.ts';

/** One value per person, null where it is missing. */
export type Values = readonly (number | null)[];

export interface Description {
  /** Values that are there, and that are not. */
  readonly n: number;
  readonly missing: number;
  readonly mean: number | null;
  /** Standard deviation with n - 1; null below two values. */
  readonly sd: number | null;
}

const meanMethod = 'Mean with Student t interval';

/**
 * The values that are there.
 *
 * @throws RangeError for NaN or an infinite value, which no answer can be
 * @example
 * present([3, null, 5]) // => Float64Array.from([3, 5])
 */
export function present(values: Values): Float64Array {
  const kept = new Float64Array(values.length);
  let n = 0;
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row] ?? null;
    if (value === null) continue;
    if (!Number.isFinite(value)) throw new RangeError('a column requires finite numbers, or null where one is missing');
    kept[n] = value;
    n += 1;
  }
  return n === values.length ? kept : kept.slice(0, n);
}

/**
 * Number, mean and standard deviation of a column. The mean is a compensated sum over n, the variance two-pass, so both
 * are right to the last digits also where the mean is large against the spread.
 *
 * @throws RangeError for NaN or an infinite value
 * @example
 * describe([2, 4, null, 6]) // => { n: 3, missing: 1, mean: 4, sd: 2 }
 * describe([7]) // => { n: 1, missing: 0, mean: 7, sd: null }
 */
export function describe(values: Values): Description {
  const kept = present(values);
  const n = kept.length;
  const unit = unitOf(kept);
  const used = unit === 1 ? kept : kept.map((value) => value * unit);
  return {
    n,
    missing: values.length - n,
    mean: n === 0 ? null : mean(used) / unit,
    sd: n < 2 ? null : Math.sqrt(sumOfSquaredDeviations(used) / (n - 1)) / unit,
  };
}

/**
 * A mean with Student's t interval: mean ± t(n - 1) sd / √n. Which population means fit these values? Assumes that the
 * values are independent draws; people within one school are alike, so an interval over many schools is too narrow by
 * the square root of the design effect. Missing values are left out.
 *
 * No values: no estimate, note `no-values`. One value: the mean without interval, note `group-of-one`. All values the
 * same: the mean without interval, note `no-variance`, since they say nothing about the spread.
 *
 * Reference: Student (1908), Biometrika 6, 1-25. Agrees with R's `t.test` to 1e-12.
 *
 * @throws RangeError for NaN or an infinite value, or a level that is not within (0, 1)
 * @example
 * meanInterval([1, 2, 3, 4, 5]).value // => 3
 * meanInterval([4]).notes[0].code // => 'group-of-one'
 */
export function meanInterval(values: Values, level = 0.95): Estimate {
  requireLevel('meanInterval', level);
  const { n, mean: centre, sd } = describe(values);
  if (centre === null) return noEstimate(0, meanMethod, { code: 'no-values', text: 'No values, so no mean.' });
  return tInterval(centre, sd === null ? null : sd / Math.sqrt(n), n, level);
}

/**
 * The t interval around a mean whose standard error is known otherwise; the same notes as `meanInterval`.
 * @param standardError null below two cases
 * @example
 * tInterval(3, 0, 5, 0.95).notes[0].code // => 'no-variance'
 */
export function tInterval(centre: number, standardError: number | null, n: number, level: number): Estimate {
  const without = (note: Note): Estimate => ({ value: centre, n, interval: null, method: meanMethod, notes: [note] });
  if (standardError === null) return without({ code: 'group-of-one', text: 'One person, so no interval.' });
  if (standardError === 0) return without({ code: 'no-variance', text: 'All values are the same, so no interval.' });
  const reach = studentTQuantile((1 + level) / 2, n - 1) * standardError;
  return {
    value: centre,
    n,
    interval: { lower: centre - reach, upper: centre + reach, level },
    method: meanMethod,
    notes: [],
  };
}

/**
 * The value below which the share `p` of the values lies, by linear interpolation between ordered values. Type 7
 * puts p at position 1 + (n - 1) p (R, Excel INC), type 6 at (n + 1) p (SPSS, Excel EXC). Null without values.
 *
 * Reference: Hyndman and Fan (1996), The American Statistician 50, 361-365.
 *
 * @throws RangeError for a share outside [0, 1], NaN or an infinite value
 * @example
 * quantile([1, 2, 3, 4], 0.5) // => 2.5
 * quantile([1, 2, 3, 4], 0.25, 6) // => 1.25
 */
export function quantile(values: Values, p: number, type: 6 | 7 = 7): number | null {
  if (!(p >= 0 && p <= 1)) throw new RangeError('quantile requires a share between 0 and 1');
  const ordered = present(values).sort();
  const last = ordered.length - 1;
  if (last < 0) return null;
  const position = type === 7 ? last * p : Math.min(Math.max((last + 2) * p - 1, 0), last);
  // A position within rounding of a whole number is that number, as in R.
  const whole = Math.round(position);
  if (Math.abs(position - whole) < 4 * Number.EPSILON * Math.max(position, 1)) return ordered[whole] ?? null;
  const below = ordered[Math.floor(position)] ?? 0;
  const above = ordered[Math.floor(position) + 1] ?? 0;
  return below + (position - Math.floor(position)) * (above - below);
}
