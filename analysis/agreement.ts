/**
 * Agreement within groups: do the people of one group say the same? rwg, rwg(j) and awg from one pass over each item, average
 * deviations from a second. Called by plans.
 */
import { counted } from '../instruments/zod-words.ts';
import { averageDeviations } from './average-deviation.ts';
import { type Columns, rowCount } from './covariance.ts';
import { type GroupMoments, groupMoments, type NumberedGroups, numberGroups } from './group-moments.ts';
import type { Note } from './result.ts';

export interface WithinGroup {
  readonly group: string | number;
  /** People who answered every item. */
  readonly n: number;
  /** rwg of each item, from all who answered that item; 0 where they vary more than the null. */
  readonly items: readonly (number | null)[];
  /** rwg(j) of James, Demaree and Wolf; 0 where people vary more than the null. */
  readonly rwgJ: number | null;
  /** Lindell's r*wg(j), which may be negative. */
  readonly lindell: number | null;
  /** awg of Brown and Hauenstein, over the items whose mean leaves room for disagreement. */
  readonly awg: number | null;
}

export interface GroupAgreement extends WithinGroup {
  /** Average deviation from the mean of each item, from all who answered it. */
  readonly itemDeviations: readonly (number | null)[];
  /** Average deviation from the item means, and from the medians. */
  readonly deviationFromMean: number | null;
  readonly deviationFromMedian: number | null;
}

export interface AgreementOptions {
  /** Lowest and highest answer. */
  readonly range: readonly [number, number];
  /** Variance of answers without any agreement; default that of the rectangular null on the range. */
  readonly nullVariance?: number;
}

/** Null variances of five-point answers, after LeBreton and Senter (2008), table 2. */
export const fivePointNulls = {
  uniform: 2,
  slightSkew: 1.34,
  moderateSkew: 0.9,
  heavySkew: 0.44,
  triangular: 1.32,
  normal: 1.04,
} as const;

/**
 * The variance of answers spread evenly over `options` steps: (A² - 1) / 12.
 *
 * @throws RangeError for fewer than two options
 * @example
 * rectangularNull(5) // => 2
 */
export function rectangularNull(options: number): number {
  if (!(options >= 2)) throw new RangeError('rectangularNull requires at least two options');
  return (options * options - 1) / 12;
}

/**
 * How far do the people of each group agree on these items?
 *
 *     rwg = 1 - s² / null     rwg(j) = J (1 - m) / (J (1 - m) + m)     r*wg(j) = 1 - m
 *     average deviation = mean |answer - centre|
 *     awg = 1 - 2 s² (n - 1) / (n ((H + L) M - M² - H L))
 *
 * with s² the variance (n - 1) of an item, m the mean of s² over J items divided by the null, and M the item's mean. Items
 * must be keyed in one direction. The null is a choice: people who lean to one side by habit agree less than the
 * rectangular null says, so report a skewed null beside it.
 *
 * Missing answers: figures of single items use all who answered the item, all others those who answered every item. Groups
 * of one give null. A group of which nobody answered every item has n = 0 and null. People without a group are left out.
 *
 * References: James, Demaree and Wolf (1984), Journal of Applied Psychology 69, 85-98; Lindell, Brandt and Whitney (1999),
 * Applied Psychological Measurement 23, 127-135; Burke, Finkelstein and Dusig (1999), Organizational Research Methods 2,
 * 49-68; Brown and Hauenstein (2005), Organizational Research Methods 8, 165-184. Agrees with R's multilevel to 1e-12.
 *
 * @throws RangeError without items, for columns or labels of unequal length, NaN or infinite values, an empty range or a
 * null variance that is not positive
 * @example
 * groupAgreement([[3, 4, 3, 4]], ['a', 'a', 'b', 'b'], { range: [1, 5] })[0].rwgJ // => 0.75
 */
export function groupAgreement(
  columns: Columns,
  labels: readonly (string | number | null)[],
  options: AgreementOptions,
): GroupAgreement[] {
  const within = withinGroups(columns, labels, options);
  const deviationsIn = (groups: NumberedGroups, moments: readonly GroupMoments[]) =>
    moments.map((ofItem, i) => averageDeviations(columns[i] ?? [], groups, ofItem));
  const items = deviationsIn(within.answered, within.items);
  const whole = within.whole === within.items ? items : deviationsIn(within.complete, within.whole);
  const fromMeans = meanOverItems(whole.map(({ fromMean }) => fromMean));
  const fromMedians = meanOverItems(whole.map(({ fromMedian }) => fromMedian));
  return within.answered.labels.map((_, group) => ({
    ...agreementOf(within, group),
    itemDeviations: items.map(({ fromMean }) => known(fromMean[group])),
    deviationFromMean: known(fromMeans[group]),
    deviationFromMedian: known(fromMedians[group]),
  }));
}

/** Of each group. */
function meanOverItems(items: readonly Float64Array[]): Float64Array {
  const totals = new Float64Array(items[0]?.length ?? 0);
  for (const figures of items) {
    for (let group = 0; group < totals.length; group += 1) totals[group] = (totals[group] ?? 0) + (figures[group] ?? 0);
  }
  return totals.map((total) => total / items.length);
}

/**
 * What a reader of `groupAgreement` must know: `no-groups`, `group-of-one`, `no-complete-rows`, `beyond-null` where rwg(j)
 * was set to 0, `no-room` where awg is null. `text` counts the groups.
 *
 * @example
 * agreementNotes(groupAgreement([[2, 4, 5]], ['a', 'a', 'b'], { range: [1, 5] })).map(({ code }) => code) // => ['group-of-one']
 */
export function agreementNotes(groups: readonly WithinGroup[]): Note[] {
  if (groups.length === 0) return [{ code: 'no-groups', text: 'Nobody has a group, so there is no agreement.' }];
  const notes: Note[] = [];
  const count = (code: string, which: (group: WithinGroup) => boolean, text: string) => {
    const number = groups.filter(which).length;
    if (number > 0) notes.push({ code, text: `${number} of ${counted(groups.length, 'group')}: ${text}` });
  };
  count('group-of-one', ({ n }) => n === 1, 'one person answered every item, so there is no agreement.');
  count('no-complete-rows', ({ n }) => n === 0, 'nobody answered every item, so there is no agreement.');
  count(
    'beyond-null',
    ({ lindell }) => lindell !== null && lindell < 0,
    'people vary more than the null says; rwg(j) is set to 0.',
  );
  count('no-room', ({ n, awg }) => n > 1 && awg === null, 'the means are so near an end that awg has no value.');
  return notes;
}

/**
 * The figures of `groupAgreement` that need no more than the number, mean and variance of each item in each group: one pass
 * over each item, however many groups there are.
 *
 * @throws RangeError as `groupAgreement`
 * @example
 * rwgOfGroups([[3, 4, 3, 4]], ['a', 'a', 'b', 'b'], { range: [1, 5] })[1].rwgJ // => 0.75
 */
export function rwgOfGroups(
  columns: Columns,
  labels: readonly (string | number | null)[],
  options: AgreementOptions,
): WithinGroup[] {
  const within = withinGroups(columns, labels, options);
  return within.answered.labels.map((_, group) => agreementOf(within, group));
}

/** All that rwg needs of the items, by the number of the group. */
interface Within {
  readonly range: readonly [number, number];
  readonly nullVariance: number;
  readonly answered: NumberedGroups;
  /** With the rows that miss an answer in no group; without such rows the same as `answered`. */
  readonly complete: NumberedGroups;
  /** Of each item: of all who answered it, and of those who answered every item. */
  readonly items: readonly GroupMoments[];
  readonly whole: readonly GroupMoments[];
}

function withinGroups(
  columns: Columns,
  labels: readonly (string | number | null)[],
  options: AgreementOptions,
): Within {
  const { range } = options;
  if (columns.length === 0) throw new RangeError('groupAgreement requires items');
  if (rowCount(columns) !== labels.length) throw new RangeError('groupAgreement requires one label for each row');
  if (!(range[1] > range[0])) throw new RangeError('groupAgreement requires a range like [1, 5]');
  const { nullVariance = rectangularNull(range[1] - range[0] + 1) } = options;
  if (!(nullVariance > 0)) throw new RangeError('groupAgreement requires a positive null variance');
  const answered = numberGroups(labels);
  const complete = withoutGaps(answered, columns);
  const items = columns.map((column) => groupMoments(column, answered));
  const whole = complete === answered ? items : columns.map((column) => groupMoments(column, complete));
  return { range, nullVariance, answered, complete, items, whole };
}

function withoutGaps(groups: NumberedGroups, columns: Columns): NumberedGroups {
  if (!columns.some((column) => column.includes(null))) return groups;
  const ofRow = groups.ofRow.map((group, row) => (columns.some((column) => column[row] === null) ? -1 : group));
  return { labels: groups.labels, ofRow };
}

function agreementOf({ range, nullVariance, answered, items, whole }: Within, group: number): WithinGroup {
  let shares = 0;
  let relatives = 0;
  let withRoom = 0;
  for (const moments of whole) {
    shares += varianceOf(moments, group) / nullVariance;
    const relative = relativeAgreement(moments, group, range);
    if (relative === null) continue;
    relatives += relative;
    withRoom += 1;
  }
  const share = shares / whole.length;
  const agreed = whole.length * (1 - Math.min(share, 1));
  return {
    group: answered.labels[group] ?? '',
    n: whole[0]?.sizes[group] ?? 0,
    items: items.map((moments) => known(1 - Math.min(varianceOf(moments, group) / nullVariance, 1))),
    rwgJ: known(agreed / (agreed + Math.min(share, 1))),
    lindell: known(1 - share),
    awg: withRoom === 0 ? null : relatives / withRoom,
  };
}

/** With n - 1; NaN below two answers. */
function varianceOf({ sizes, squares }: GroupMoments, group: number): number {
  const size = sizes[group] ?? 0;
  return size < 2 ? Number.NaN : (squares[group] ?? 0) / (size - 1);
}

function known(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}

/**
 * awg of one item; null when the mean is so near to an end that people could not disagree as far as the formula says. All at
 * the end itself agree wholly, as R's multilevel has it.
 */
function relativeAgreement(moments: GroupMoments, group: number, [low, high]: readonly [number, number]) {
  const n = moments.sizes[group] ?? 0;
  if (n < 2) return null;
  const centre = moments.means[group] ?? 0;
  if (centre === low || centre === high) return 1;
  const least = (low * (n - 1) + high) / n;
  const most = (high * (n - 1) + low) / n;
  // A mean that is right at a limit may be computed a rounding beside it, and still counts.
  const rounding = 1e-12 * (high - low);
  if (centre < least - rounding || centre > most + rounding) return null;
  const squares = moments.squares[group] ?? 0;
  return 1 - (2 * squares) / (n * ((high + low) * centre - centre * centre - high * low));
}
