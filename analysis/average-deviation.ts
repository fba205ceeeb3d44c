/** Average deviations of answers from the mean and from the median of their group. Called by agreement within groups. */
import type { Values } from './descriptives.ts';
import type { GroupMoments, NumberedGroups } from './group-moments.ts';

/** By the number of the group; NaN below two answers. */
export interface AverageDeviations {
  readonly fromMean: Float64Array;
  readonly fromMedian: Float64Array;
}

/**
 * Mean distance of the values of each group from their mean, and from their median. The values are laid out by group in
 * one array, each group's sorted there, so that no list is made for a group. Missing values are left out.
 *
 * @param moments those of the same column and groups, as `groupMoments` gives them
 * @example
 * averageDeviations([1, 2, 6], { labels: ['a'], ofRow: new Int32Array(3) }, momentsOfLists([[1, 2, 6]])).fromMean // => Float64Array.from([2])
 */
export function averageDeviations(values: Values, groups: NumberedGroups, moments: GroupMoments): AverageDeviations {
  const { sizes, means } = moments;
  const { answers, ends } = byGroup(values, groups, sizes);
  const fromMean = new Float64Array(sizes.length).fill(Number.NaN);
  const fromMedian = new Float64Array(sizes.length).fill(Number.NaN);
  for (let group = 0; group < sizes.length; group += 1) {
    const size = sizes[group] ?? 0;
    if (size < 2) continue;
    const end = ends[group] ?? 0;
    const start = end - size;
    sortWithin(answers, start, end);
    const middle = start + (size - 1) / 2;
    const median = ((answers[Math.floor(middle)] ?? 0) + (answers[Math.ceil(middle)] ?? 0)) / 2;
    const mean = means[group] ?? 0;
    let [sumFromMean, sumFromMedian] = [0, 0];
    for (let at = start; at < end; at += 1) {
      const answer = answers[at] ?? 0;
      sumFromMean += Math.abs(answer - mean);
      sumFromMedian += Math.abs(answer - median);
    }
    fromMean[group] = sumFromMean / size;
    fromMedian[group] = sumFromMedian / size;
  }
  return { fromMean, fromMedian };
}

/** The values that are there, group after group, and where each group ends. */
function byGroup(values: Values, { ofRow }: NumberedGroups, sizes: Float64Array) {
  const ends = new Int32Array(sizes.length);
  let next = 0;
  for (let group = 0; group < sizes.length; group += 1) {
    ends[group] = next;
    next += sizes[group] ?? 0;
  }
  const answers = new Float64Array(next);
  for (let row = 0; row < ofRow.length; row += 1) {
    const group = ofRow[row] ?? -1;
    const value = values[row] ?? null;
    if (group < 0 || value === null) continue;
    // Begins as the start of the group, and has moved to its end when all values are placed.
    const at = ends[group] ?? 0;
    answers[at] = value;
    ends[group] = at + 1;
  }
  return { answers, ends };
}

/** Groups are mostly small, where inserting one by one is quicker than the general sort. */
function sortWithin(values: Float64Array, start: number, end: number): void {
  if (end - start > 64) {
    values.subarray(start, end).sort();
    return;
  }
  for (let at = start + 1; at < end; at += 1) {
    const value = values[at] ?? 0;
    let to = at;
    while (to > start && (values[to - 1] ?? 0) > value) {
      values[to] = values[to - 1] ?? 0;
      to -= 1;
    }
    values[to] = value;
  }
}
