/** Tests on ranks: Wilcoxon-Mann-Whitney and Kruskal-Wallis. */
import { present, type Values } from './descriptives.ts';
import { chiSquareTails } from './numeric/chi-square.ts';
import { normalTails } from './numeric/normal.ts';
import { sum } from './numeric/sums.ts';
import type { Note } from './result.ts';

/** How the p value of a rank sum test was found. */
export interface RankSumTest extends RankTest {
  readonly method: 'exact' | 'approximate';
}

export interface RankTest {
  /** Wilcoxon's W (the pairs of which the first is larger, ties half), or Kruskal and Wallis's H. */
  readonly statistic: number | null;
  readonly p: number | null;
  readonly notes: readonly Note[];
}

const empty: RankTest = {
  statistic: null,
  p: null,
  notes: [{ code: 'too-few-groups', text: 'Fewer than two groups with values, so no test.' }],
};
const tied: Note = { code: 'no-variance', text: 'All values are the same, so no test.' };

/**
 * Ranks from 1 upwards; tied values share the mean of their ranks. `ties` holds the size of each group of equal values.
 *
 * @example
 * ranks([10, 20, 10]).ranks // => [1.5, 3, 1.5]
 */
export function ranks(values: ArrayLike<number>): { ranks: number[]; ties: number[] } {
  const order = Array.from({ length: values.length }, (_, i) => i).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const result = new Array<number>(values.length).fill(0);
  const ties: number[] = [];
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to + 1 < order.length && values[order[to + 1] ?? 0] === values[order[from] ?? 0]) to += 1;
    for (let i = from; i <= to; i += 1) result[order[i] ?? 0] = (from + to) / 2 + 1;
    ties.push(to - from + 1);
    from = to + 1;
  }
  return { ranks: result, ties };
}

/** Σ (t³ - t) over the groups of ties. */
function tieSum(ties: readonly number[]): number {
  return sum(ties.map((size) => size ** 3 - size));
}

/**
 * The rank sum test of Wilcoxon, Mann and Whitney: does one group tend to larger values? W counts the pairs in which the
 * first group's value is larger, ties half. Without ties and with fewer than 50 values in each group, p is exact: every
 * division of the ranks among the groups counts alike. Otherwise it is of the normal approximation with corrections for ties
 * and continuity. Assumes independent people; tests equal medians only when both distributions have one
 * shape. Missing values are left out. An empty group: note `too-few-groups`; all values equal: `no-variance`.
 *
 * Reference: Mann and Whitney (1947), Annals of Mathematical Statistics 18, 50-60. Agrees with R's
 * `wilcox.test` to 1e-12, which chooses likewise.
 *
 * @throws RangeError for NaN or an infinite value
 * @example
 * rankSumTest([3, 4, 5], [1, 2]).statistic // => 6
 * rankSumTest([1, 2, 3], [4, 5, 6]).p // => 0.1
 */
export function rankSumTest(first: Values, second: Values): RankSumTest {
  const x = present(first);
  const y = present(second);
  const [n1, n2] = [x.length, y.length];
  if (n1 === 0 || n2 === 0) return { ...empty, method: 'approximate' };
  const total = n1 + n2;
  const ranked = ranks([...x, ...y]);
  const statistic = sum(ranked.ranks.slice(0, n1)) - (n1 * (n1 + 1)) / 2;
  const variance = ((n1 * n2) / 12) * (total + 1 - tieSum(ranked.ties) / (total * (total - 1)));
  if (ranked.ties.length === 1) return { statistic, p: null, notes: [tied], method: 'approximate' };
  if (n1 < exactBelow && n2 < exactBelow && ranked.ties.length === total) {
    return { statistic, p: exactTwoSided(statistic, n1, n2), notes: [], method: 'exact' };
  }
  const distance = statistic - (n1 * n2) / 2;
  const z = (distance - Math.sign(distance) * 0.5) / Math.sqrt(variance);
  return { statistic, p: Math.min(1, 2 * normalTails(-Math.abs(z)).lower), notes: [], method: 'approximate' };
}

/** Groups of this size and larger have the normal approximation. */
const exactBelow = 50;

/**
 * Twice the share of divisions of the ranks with a W as far out. W is a sum of `first` different numbers of 0 to
 * first + second - 1, less the least such sum; the ways to each sum are counted rank by rank.
 */
function exactTwoSided(statistic: number, first: number, second: number): number {
  const largest = first * second;
  const least = (first * (first - 1)) / 2;
  const width = least + largest + 1;
  const ways = Array.from({ length: first + 1 }, () => new Float64Array(width));
  ways[0]?.fill(1, 0, 1);
  for (let rank = 0; rank < first + second; rank += 1) {
    for (let chosen = Math.min(first, rank + 1); chosen >= 1; chosen -= 1) {
      const [to, from] = [ways[chosen], ways[chosen - 1]];
      for (let reached = rank; to && from && reached < width; reached += 1) {
        to[reached] = (to[reached] ?? 0) + (from[reached - rank] ?? 0);
      }
    }
  }
  const counts = ways[first]?.subarray(least) ?? new Float64Array();
  // The distribution is symmetric, so that both tails are the lower one of the nearer end.
  const reach = Math.min(statistic, largest - statistic);
  return Math.min(1, (2 * sum(Array.from(counts.subarray(0, reach + 1)))) / sum(Array.from(counts)));
}

/**
 * Kruskal and Wallis's test: does any of several groups tend to larger values? H is the analysis of variance of ranks,
 * corrected for ties, chi-square with k - 1 degrees of freedom in large samples. Missing values and empty groups are left
 * out. Notes as `rankSumTest`.
 *
 * Reference: Kruskal and Wallis (1952), Journal of the American Statistical Association 47, 583-621.
 *
 * @throws RangeError for NaN or an infinite value
 * @example
 * kruskalWallis([[1, 2], [3, 4]]).statistic // => 2.4
 */
export function kruskalWallis(groups: readonly Values[]): RankTest {
  const filled = groups.map(present).filter((group) => group.length > 0);
  if (filled.length < 2) return empty;
  const pooled = filled.flatMap((group) => [...group]);
  const n = pooled.length;
  const ranked = ranks(pooled);
  if (ranked.ties.length === 1) return { statistic: null, p: null, notes: [tied] };
  let from = 0;
  const squares = filled.map((group) => {
    const rankSum = sum(ranked.ranks.slice(from, from + group.length));
    from += group.length;
    return (rankSum - (group.length * (n + 1)) / 2) ** 2 / group.length;
  });
  const statistic = ((12 / (n * (n + 1))) * sum(squares)) / (1 - tieSum(ranked.ties) / (n ** 3 - n));
  return { statistic, p: chiSquareTails(statistic, filled.length - 1).upper, notes: [] };
}
