/** Shape and robust spread of one column: median, median absolute deviation, skewness and kurtosis. */
import { present, quantile, type Values } from './descriptives.ts';
import { unitOf } from './numeric/magnitude.ts';
import { mean, sum } from './numeric/sums.ts';

/**
 * The middle of the ordered values, or the mean of the two middle ones; null without values.
 *
 * @throws RangeError for NaN or an infinite value
 * @example
 * median([5, 1, null, 2, 10]) // => 3.5
 */
export function median(values: Values): number | null {
  return quantile(values, 0.5);
}

/**
 * The median of the distances from the median, times 1.4826, which makes it the standard deviation of normal values; a
 * spread that a few wild values do not move. Null without values.
 *
 * @throws RangeError for NaN or an infinite value
 * @example
 * medianAbsoluteDeviation([1, 2, 3, 4, 100]) // => 1.4826
 */
export function medianAbsoluteDeviation(values: Values): number | null {
  const middle = median(values);
  if (middle === null) return null;
  const distances = median(Array.from(present(values), (value) => Math.abs(value - middle)));
  return distances === null ? null : 1.4826 * distances;
}

/**
 * 1: moments about the mean, over n (g1, g2). 2: unbiased for normal values (G1, G2; SPSS, SAS, Excel). 3: moments with
 * the n - 1 variance (b1, b2; psych, Minitab).
 */
export type MomentType = 1 | 2 | 3;

/**
 * Skewness: does the longer tail lie above (positive) or below? g1 = m3 / m2^1.5 with the moments m about the mean;
 * type 2 is g1 sqrt(n (n - 1)) / (n - 2), type 3 is g1 ((n - 1) / n)^1.5. Null for fewer than two values (three for type
 * 2) or when all are the same.
 *
 * Reference: Joanes and Gill (1998), The Statistician 47, 183-189. Agrees with R to 1e-12.
 *
 * @throws RangeError for NaN or an infinite value
 * @example
 * skewness([1, 2, 3], 1) // => 0
 * skewness([4, 4, 4], 1) // => null
 */
export function skewness(values: Values, type: MomentType): number | null {
  const moments = centralMoments(values);
  if (moments === null) return null;
  const { n, second, third } = moments;
  const g1 = third / second ** 1.5;
  if (type === 1) return g1;
  if (type === 3) return g1 * ((n - 1) / n) ** 1.5;
  return n < 3 ? null : (g1 * Math.sqrt(n * (n - 1))) / (n - 2);
}

/**
 * Excess kurtosis: are the tails heavier (positive) or lighter than a normal distribution's? g2 = m4 / m2² - 3; type 2 is
 * (n - 1) ((n + 1) g2 + 6) / ((n - 2) (n - 3)), type 3 is (g2 + 3) (1 - 1/n)² - 3. Null for fewer than two values (four
 * for type 2) or when all are the same.
 *
 * Reference: Joanes and Gill (1998), The Statistician 47, 183-189. Agrees with R to 1e-12.
 *
 * @throws RangeError for NaN or an infinite value
 * @example
 * kurtosis([-1, 1, -1, 1], 1) // => -2
 */
export function kurtosis(values: Values, type: MomentType): number | null {
  const moments = centralMoments(values);
  if (moments === null) return null;
  const { n, second, fourth } = moments;
  const g2 = fourth / (second * second) - 3;
  if (type === 1) return g2;
  if (type === 3) return (g2 + 3) * (1 - 1 / n) ** 2 - 3;
  return n < 4 ? null : ((n - 1) * ((n + 1) * g2 + 6)) / ((n - 2) * (n - 3));
}

function centralMoments(values: Values): { n: number; second: number; third: number; fourth: number } | null {
  const kept = present(values);
  const n = kept.length;
  if (n < 2) return null;
  // Only ratios of them are used, which do not depend on the unit.
  const unit = unitOf(kept);
  const used = unit === 1 ? kept : kept.map((value) => value * unit);
  const centre = mean(used);
  const powers = (power: number) => sum(used.map((value) => (value - centre) ** power)) / n;
  const second = powers(2);
  return second === 0 ? null : { n, second, third: powers(3), fourth: powers(4) };
}
