/** Correlations of two columns: Pearson with its test and interval, Spearman, Kendall. */
import { completePairs, twoSided } from './compare.ts';
import type { Values } from './descriptives.ts';
import { noEstimate, requireLevel } from './estimate.ts';
import { inUnit, unitOf } from './numeric/magnitude.ts';
import { normalQuantile } from './numeric/normal.ts';
import { mean, sum } from './numeric/sums.ts';
import { ranks } from './ranks.ts';
import type { Estimate, Note } from './result.ts';

export interface CorrelationTest {
  /** With Fisher's interval, from four pairs on. */
  readonly correlation: Estimate;
  readonly t: number | null;
  readonly df: number | null;
  /** Two-sided. */
  readonly p: number | null;
}

const pearsonMethod = 'Pearson correlation with Fisher interval';

/**
 * Pearson's correlation: how closely do two columns follow a straight line? t = r sqrt((n - 2) / (1 - r²)) tests that
 * there is none; the interval is tanh(atanh r ± z / sqrt(n - 3)). Assumes independent people and nearly normal columns.
 * Rows with a gap are left out.
 *
 * Fewer than two pairs: no value, note `too-few-values`; a constant column: `no-variance`; two or three pairs: r without
 * interval, note `too-few-for-interval`. All pairs on one line: t is null and p is 0, note `on-a-line`.
 *
 * Reference: Fisher (1921), Metron 1, 3-32. Agrees with R's `cor.test` to 1e-12.
 *
 * @throws RangeError for columns of unequal length, NaN, an infinite value or a level outside (0, 1)
 * @example
 * pearsonCorrelation([1, 2, 3, 4], [2, 4, 6, 9]).df // => 2
 * pearsonCorrelation([1, 1, 1], [2, 4, 6]).correlation.notes[0].code // => 'no-variance'
 */
export function pearsonCorrelation(first: Values, second: Values, level = 0.95): CorrelationTest {
  requireLevel('pearsonCorrelation', level);
  const { x, y } = completePairs(first, second);
  const n = x.length;
  const without = (code: string, text: string): CorrelationTest => ({
    correlation: noEstimate(n, pearsonMethod, { code, text }),
    t: null,
    df: null,
    p: null,
  });
  if (n < 2) return without('too-few-values', 'Fewer than two pairs, so no correlation.');
  const r = productMoment(x, y);
  if (r === null) return without('no-variance', 'A column is constant, so no correlation.');
  const df = n - 2;
  const exact = Math.abs(r) === 1;
  const t = df < 1 || exact ? null : r * Math.sqrt(df / ((1 - r) * (1 + r)));
  const p = t === null ? (df >= 1 && exact ? 0 : null) : twoSided(t, df);
  if (n < 4) {
    const notes = [{ code: 'too-few-for-interval', text: 'Fewer than four pairs, so no interval.' }];
    return { correlation: { value: r, n, interval: null, method: pearsonMethod, notes }, t, df, p };
  }
  const reach = normalQuantile((1 + level) / 2) / Math.sqrt(n - 3);
  const interval = { lower: Math.tanh(Math.atanh(r) - reach), upper: Math.tanh(Math.atanh(r) + reach), level };
  return { correlation: { value: r, n, interval, method: pearsonMethod, notes: exact ? [onALine] : [] }, t, df, p };
}

const onALine: Note = {
  code: 'on-a-line',
  text: 'All pairs lie on one line, so t has no bound and the interval no width.',
};

/** Null when a column is constant. */
function productMoment(x: readonly number[], y: readonly number[]): number | null {
  const a = deviations(inUnit(x, unitOf(x)));
  const b = deviations(inUnit(y, unitOf(y)));
  const product = (p: readonly number[], q: readonly number[]) => sum(p.map((value, i) => value * (q[i] ?? 0)));
  const scale = Math.sqrt(product(a, a) * product(b, b));
  return scale === 0 ? null : Math.max(-1, Math.min(1, product(a, b) / scale));
}

function deviations(values: readonly number[]): number[] {
  const centre = mean(values);
  return values.map((value) => value - centre);
}

/**
 * Spearman's correlation: how closely do two columns follow one another in order? Pearson's correlation of the ranks,
 * ties sharing theirs. Null for fewer than two pairs or a constant column.
 *
 * Reference: Spearman (1904), American Journal of Psychology 15, 72-101. Agrees with R's `cor` to 1e-13.
 *
 * @throws RangeError for columns of unequal length, NaN or an infinite value
 * @example
 * spearmanCorrelation([1, 2, 3], [1, 8, 27]) // => 1
 */
export function spearmanCorrelation(first: Values, second: Values): number | null {
  const { x, y } = completePairs(first, second);
  return x.length < 2 ? null : productMoment(ranks(x).ranks, ranks(y).ranks);
}

/**
 * Kendall's tau-b: of all pairs of people that differ in both columns, how many more stand in the same order than in
 * opposite order, with pairs tied in one column in the denominator? Counted by sorting, in n log n steps. Null for fewer
 * than two pairs or a constant column.
 *
 * References: Kendall (1945), Biometrika 33, 239-251; Knight (1966), Journal of the American Statistical Association 61,
 * 436-439. Exact up to the last rounding.
 *
 * @throws RangeError for columns of unequal length, NaN or an infinite value
 * @example
 * kendallTau([1, 2, 3, 4], [1, 2, 4, 3]) // => 2 / 3
 */
export function kendallTau(first: Values, second: Values): number | null {
  const { x, y } = completePairs(first, second);
  const order = x.map((_, i) => i).sort((a, b) => (x[a] ?? 0) - (x[b] ?? 0) || (y[a] ?? 0) - (y[b] ?? 0));
  const sortedX = order.map((i) => x[i] ?? 0);
  const sortedY = Float64Array.from(order, (i) => y[i] ?? 0);
  const pairs = (x.length * (x.length - 1)) / 2;
  const tiedInX = tiedPairs(sortedX.length, (i) => sortedX[i] === sortedX[i - 1]);
  const tiedInBoth = tiedPairs(sortedX.length, (i) => sortedX[i] === sortedX[i - 1] && sortedY[i] === sortedY[i - 1]);
  const discordant = sortCountingSwaps(sortedY);
  const tiedInY = tiedPairs(sortedY.length, (i) => sortedY[i] === sortedY[i - 1]);
  if (pairs === tiedInX || pairs === tiedInY) return null;
  const excess = pairs - tiedInX - tiedInY + tiedInBoth - 2 * discordant;
  return excess / Math.sqrt(pairs - tiedInX) / Math.sqrt(pairs - tiedInY);
}

/** Pairs within runs of equal neighbours. */
function tiedPairs(length: number, sameAsBefore: (i: number) => boolean): number {
  let pairs = 0;
  let run = 1;
  for (let i = 1; i <= length; i += 1) {
    if (i < length && sameAsBefore(i)) run += 1;
    else {
      pairs += (run * (run - 1)) / 2;
      run = 1;
    }
  }
  return pairs;
}

/** Sorts in place by merging and counts the pairs that stood in the wrong order. */
function sortCountingSwaps(values: Float64Array): number {
  let swaps = 0;
  let from: Float64Array = values;
  let to: Float64Array = new Float64Array(values.length);
  for (let width = 1; width < values.length; width *= 2) {
    for (let start = 0; start < values.length; start += 2 * width) {
      const middle = Math.min(start + width, values.length);
      const end = Math.min(start + 2 * width, values.length);
      let left = start;
      let right = middle;
      for (let i = start; i < end; i += 1) {
        if (left < middle && (right >= end || (from[left] ?? 0) <= (from[right] ?? 0))) {
          to[i] = from[left] ?? 0;
          left += 1;
        } else {
          to[i] = from[right] ?? 0;
          right += 1;
          swaps += middle - left;
        }
      }
    }
    [from, to] = [to, from];
  }
  if (from !== values) values.set(from);
  return swaps;
}
