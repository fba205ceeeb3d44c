/** One-way analysis of variance, and Levene's test of equal spread. */
import { present, type Values } from './descriptives.ts';
import { filledGroups, type GroupMoments, momentsOfLists } from './group-moments.ts';
import { median } from './moments.ts';
import { fTails } from './numeric/f.ts';
import { largestOf } from './numeric/magnitude.ts';
import { sum } from './numeric/sums.ts';
import type { Note } from './result.ts';

export interface AnalysisOfVariance {
  readonly f: number | null;
  readonly dfBetween: number;
  readonly dfWithin: number;
  readonly p: number | null;
  readonly sumOfSquaresBetween: number;
  readonly sumOfSquaresWithin: number;
  readonly notes: readonly Note[];
}

/**
 * One-way analysis of variance: do the groups differ in their means? F = (SSB / (k - 1)) / (SSW / (N - k)). Assumes
 * independent people, nearly normal and with one spread in all groups. Missing values and empty groups are left out.
 *
 * Fewer than two groups, or no group with two values: no F, note `too-few-groups` or `too-few-values`. No spread within:
 * note `no-variance`.
 *
 * Reference: Fisher (1925), Statistical Methods for Research Workers. Agrees with R's `aov` to 1e-12.
 *
 * @throws RangeError for NaN or an infinite value
 * @example
 * oneWayAnova([[1, 2, 3], [2, 3, 4], [6, 7, 8]]).f // => 21
 */
export function oneWayAnova(groups: readonly Values[]): AnalysisOfVariance {
  return anovaOfMoments(momentsOfLists(groups));
}

/**
 * The same from the number, mean and squared deviations of each group, which one pass over a column gives (group-moments.ts).
 *
 * @example
 * anovaOfMoments(groupMoments([1, 2, 3, 2, 3, 4], numberGroups(['a', 'a', 'a', 'b', 'b', 'b']))).f // => 1.5
 */
export function anovaOfMoments(moments: GroupMoments): AnalysisOfVariance {
  const { sizes, means, squares } = filledGroups(moments);
  const n = sum(sizes);
  const grand = n === 0 ? 0 : sum(sizes.map((size, g) => size * (means[g] ?? 0))) / n;
  const apart = sum(sizes.map((size, g) => size * ((means[g] ?? 0) - grand) ** 2));
  // Means that are the same can differ by what rounding leaves.
  const rounding = 4 * Number.EPSILON * largestOf(means);
  const between = apart > n * rounding * rounding ? apart : 0;
  const within = sum(squares);
  const dfBetween = Math.max(sizes.length - 1, 0);
  const dfWithin = n - sizes.length;
  const result = { dfBetween, dfWithin, sumOfSquaresBetween: between, sumOfSquaresWithin: within };
  const without = (code: string, text: string) => ({ ...result, f: null, p: null, notes: [{ code, text }] });
  if (sizes.length < 2) return without('too-few-groups', 'Fewer than two groups with values, so no test.');
  if (dfWithin < 1) return without('too-few-values', 'No group has two values, so no test.');
  if (within === 0) return without('no-variance', 'Within each group all values are the same, so no test.');
  const f = between / dfBetween / (within / dfWithin);
  return { ...result, f, p: fTails(f, dfBetween, dfWithin).upper, notes: [] };
}

/**
 * Levene's test with medians (Brown and Forsythe): do the groups differ in their spread? An analysis of variance of the
 * distances from the median of the group. Notes as `oneWayAnova`.
 *
 * Reference: Brown and Forsythe (1974), Journal of the American Statistical Association 69, 364-367.
 *
 * @throws RangeError for NaN or an infinite value
 * @example
 * leveneTest([[1, 2, 3, 8], [1, 2, 3, 8]]).f // => 0
 */
export function leveneTest(groups: readonly Values[]): AnalysisOfVariance {
  return oneWayAnova(
    groups.map((group) => {
      const middle = median(group) ?? 0;
      return Array.from(present(group), (value) => Math.abs(value - middle));
    }),
  );
}
