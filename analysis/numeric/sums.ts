/**
 * Sums that keep small terms beside large ones. Every statistic adds with these, so that a figure does not
 * depend on the order of the rows beyond the last digit.
 */

/**
 * The sum of the values, by Neumaier's compensated addition: the part that rounding drops from each addition is kept
 * aside and added at the end. Error: about one rounding of the result, however many terms. An empty list sums to 0.
 *
 * Reference: Neumaier (1974), Zeitschrift für Angewandte Mathematik und Mechanik 54, 39-51.
 *
 * @example
 * sum([1, 1e100, 1, -1e100]) // => 2
 */
export function sum(values: ArrayLike<number>): number {
  let total = 0;
  let dropped = 0;
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] ?? 0;
    const next = total + value;
    dropped += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
  }
  return total + dropped;
}

/**
 * The arithmetic mean; NaN for an empty list, which callers must exclude. A second pass takes back what the division
 * rounded, so that the mean of equal values is exactly that value and their variance exactly zero.
 *
 * @example
 * mean([2, 4, 9]) // => 5
 * mean([0.1, 0.1, 0.1]) // => 0.1
 */
export function mean(values: ArrayLike<number>): number {
  const first = sum(values) / values.length;
  return first + sumOfPowers(values, first, 1) / values.length;
}

/** Σ (value - centre) or its squares, compensated as `sum`; nothing is kept for each row, which would cost more than adding. */
function sumOfPowers(values: ArrayLike<number>, centre: number, power: 1 | 2): number {
  let total = 0;
  let dropped = 0;
  for (let i = 0; i < values.length; i += 1) {
    const deviation = (values[i] ?? 0) - centre;
    const value = power === 1 ? deviation : deviation * deviation;
    const next = total + value;
    dropped += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
  }
  return total + dropped;
}

/**
 * Sum of squared deviations from the mean, in two passes: the mean first, then the deviations from it. The second
 * term takes back what rounding of the mean added (it is zero in exact arithmetic).
 *
 * Reference: Chan, Golub and LeVeque (1983), The American Statistician 37, 242-247.
 *
 * @example
 * sumOfSquaredDeviations([1, 2, 3]) // => 2
 * sumOfSquaredDeviations([1e9 + 1, 1e9 + 2, 1e9 + 3]) // => 2
 */
export function sumOfSquaredDeviations(values: ArrayLike<number>): number {
  const centre = mean(values);
  const rest = sumOfPowers(values, centre, 1);
  return sumOfPowers(values, centre, 2) - (rest * rest) / values.length;
}
