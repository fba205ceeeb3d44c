/**
 * Number, mean and squared deviations of each of many groups from one pass over a column, in typed arrays by the number of
 * the group. Called by the analysis of variance, intraclass correlations and agreement within groups.
 */
import { present, type Values } from './descriptives.ts';
import { mean, sumOfSquaredDeviations } from './numeric/sums.ts';

export interface NumberedGroups<Label extends string | number = string | number> {
  /** Of each group, in the order in which the rows name them first. */
  readonly labels: readonly Label[];
  /** The number of the group of each row, from 0; -1 for a row that is in none. */
  readonly ofRow: Int32Array;
}

/** By the number of the group. A group without values has size, mean and squares 0. */
export interface GroupMoments {
  readonly sizes: Float64Array;
  readonly means: Float64Array;
  /** Sum of squared deviations from the mean of the group. */
  readonly squares: Float64Array;
}

/**
 * Gives each label a number. Rows with null are in no group.
 *
 * @example
 * numberGroups(['b', 'a', null, 'b']) // => { labels: ['b', 'a'], ofRow: Int32Array.from([0, 1, -1, 0]) }
 */
export function numberGroups<Label extends string | number>(labels: readonly (Label | null)[]): NumberedGroups<Label> {
  const numbers = new Map<Label, number>();
  const ofRow = new Int32Array(labels.length);
  let before: Label | null = null;
  let number = -1;
  for (let row = 0; row < labels.length; row += 1) {
    const label = labels[row] ?? null;
    // Rows of one group often follow each other; then nothing is looked up.
    if (label !== before) {
      before = label;
      number = label === null ? -1 : (numbers.get(label) ?? numbers.size);
      if (label !== null && number === numbers.size) numbers.set(label, number);
    }
    ofRow[row] = number;
  }
  return { labels: [...numbers.keys()], ofRow };
}

/**
 * Number, mean and sum of squared deviations of each group, by Welford's update: each value moves the mean of its group and
 * adds what it is away from the mean before and after. Nothing is squared that is not a deviation, so a large mean costs no
 * digits, and equal values have squares of exactly zero. Relative error of the squares below 1e-12 for a million values.
 * Missing values are left out.
 *
 * References: Welford (1962), Technometrics 4, 419-420; Chan, Golub and LeVeque (1983), The American Statistician 37, 242-247.
 *
 * @throws RangeError for a column not as long as the labels, NaN or infinite values
 * @example
 * groupMoments([1, 3, null, 5], numberGroups(['a', 'a', 'a', 'b'])).squares // => Float64Array.from([2, 0])
 */
export function groupMoments(values: Values, { labels, ofRow }: NumberedGroups): GroupMoments {
  if (values.length !== ofRow.length) throw new RangeError('groupMoments requires one label for each value');
  const sizes = new Float64Array(labels.length);
  const means = new Float64Array(labels.length);
  const squares = new Float64Array(labels.length);
  for (let row = 0; row < ofRow.length; row += 1) {
    const group = ofRow[row] ?? -1;
    const value = values[row] ?? null;
    if (group < 0 || value === null) continue;
    if (!Number.isFinite(value))
      throw new RangeError('groupMoments requires finite numbers, or null where one is missing');
    const size = (sizes[group] ?? 0) + 1;
    const before = means[group] ?? 0;
    const after = before + (value - before) / size;
    sizes[group] = size;
    means[group] = after;
    squares[group] = (squares[group] ?? 0) + (value - before) * (value - after);
  }
  return { sizes, means, squares };
}

/**
 * The same of groups that are lists of their values, each in two passes; what `groupMoments` is held against.
 *
 * @throws RangeError for NaN or an infinite value
 * @example
 * momentsOfLists([[1, 3, null], [5], []]).means // => Float64Array.from([2, 5, 0])
 */
export function momentsOfLists(groups: readonly Values[]): GroupMoments {
  const kept = groups.map(present);
  const of = (figure: (values: Float64Array) => number) =>
    Float64Array.from(kept, (values) => (values.length === 0 ? 0 : figure(values)));
  return { sizes: of(({ length }) => length), means: of(mean), squares: of(sumOfSquaredDeviations) };
}

/**
 * Without the groups that have no values.
 *
 * @example
 * filledGroups(momentsOfLists([[], [4]])).means // => Float64Array.from([4])
 */
export function filledGroups({ sizes, means, squares }: GroupMoments): GroupMoments {
  if (!sizes.includes(0)) return { sizes, means, squares };
  const filled = (figures: Float64Array) => figures.filter((_, group) => (sizes[group] ?? 0) > 0);
  return { sizes: filled(sizes), means: filled(means), squares: filled(squares) };
}
