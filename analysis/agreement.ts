/** Agreement within groups: do the people of one group say the same? rwg, rwg(j), average deviation, awg. */
import { type Columns, completeRows, rowCount } from './covariance.ts';
import { present, type Values } from './descriptives.ts';
import { mean, sumOfSquaredDeviations } from './numeric/sums.ts';

export interface GroupAgreement {
  readonly group: string | number;
  /** People who answered every item. */
  readonly n: number;
  /** rwg of each item, from all who answered that item; 0 where they vary more than the null. */
  readonly items: readonly (number | null)[];
  /** Average deviation from the mean of each item, from all who answered it. */
  readonly itemDeviations: readonly (number | null)[];
  /** rwg(j) of James, Demaree and Wolf; 0 where people vary more than the null. */
  readonly rwgJ: number | null;
  /** Lindell's r*wg(j), which may be negative. */
  readonly lindell: number | null;
  /** Average deviation from the item means, and from the medians. */
  readonly deviationFromMean: number | null;
  readonly deviationFromMedian: number | null;
  /** awg of Brown and Hauenstein, over the items whose mean leaves room for disagreement. */
  readonly awg: number | null;
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
  const { range } = options;
  if (columns.length === 0) throw new RangeError('groupAgreement requires items');
  if (rowCount(columns) !== labels.length) throw new RangeError('groupAgreement requires one label for each row');
  if (!(range[1] > range[0])) throw new RangeError('groupAgreement requires a range like [1, 5]');
  const { nullVariance = rectangularNull(range[1] - range[0] + 1) } = options;
  if (!(nullVariance > 0)) throw new RangeError('groupAgreement requires a positive null variance');
  const rows = new Map<string | number, number[]>();
  labels.forEach((label, row) => {
    if (label === null) return;
    const known = rows.get(label);
    if (known) known.push(row);
    else rows.set(label, [row]);
  });
  return [...rows].map(([group, members]) => {
    const answers = columns.map((column) => members.map((row) => column[row] ?? null));
    return { group, ...agreementOf(answers, range, nullVariance) };
  });
}

/** What all indices need of the answers of one group to one item. */
interface Spread {
  readonly kept: Float64Array;
  readonly centre: number;
  /** Null below two answers. */
  readonly variance: number | null;
}

function spreadOf(column: Values): Spread {
  const kept = present(column);
  const n = kept.length;
  return {
    kept,
    centre: n === 0 ? Number.NaN : mean(kept),
    variance: n < 2 ? null : sumOfSquaredDeviations(kept) / (n - 1),
  };
}

function agreementOf(answers: Columns, range: readonly [number, number], nullVariance: number) {
  const complete = completeRows(answers);
  const n = rowCount(complete);
  const items = answers.map(spreadOf);
  const whole = n === rowCount(answers) ? items : complete.map(spreadOf);
  const relative = meanOf(whole.map(({ variance }) => variance)) ?? Number.NaN;
  const share = relative / nullVariance;
  const agreed = complete.length * (1 - Math.min(share, 1));
  return {
    n,
    items: items.map(({ variance }) => (variance === null ? null : 1 - Math.min(variance / nullVariance, 1))),
    itemDeviations: items.map(({ kept, centre }) => deviation(kept, centre)),
    rwgJ: known(agreed / (agreed + Math.min(share, 1))),
    lindell: known(1 - share),
    deviationFromMean: meanOf(whole.map(({ kept, centre }) => deviation(kept, centre))),
    deviationFromMedian: meanOf(whole.map(({ kept }) => deviation(kept, middleOf(kept)))),
    awg: meanOf(whole.map((spread) => relativeAgreement(spread, range)).filter((value) => value !== null)),
  };
}

function known(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

/** Null when one of them is unknown, or there are none. */
function meanOf(values: readonly (number | null)[]): number | null {
  const kept = values.filter((value) => value !== null);
  return kept.length === 0 || kept.length < values.length ? null : mean(kept);
}

function middleOf(kept: Float64Array): number {
  const ordered = kept.slice().sort();
  const at = (ordered.length - 1) / 2;
  return ((ordered[Math.floor(at)] ?? 0) + (ordered[Math.ceil(at)] ?? 0)) / 2;
}

function deviation(kept: Float64Array, centre: number): number | null {
  if (kept.length < 2) return null;
  let total = 0;
  for (let i = 0; i < kept.length; i += 1) total += Math.abs((kept[i] ?? 0) - centre);
  return total / kept.length;
}

/** awg of one item; null when the mean is so near to an end that people could not disagree as far as the formula says. */
function relativeAgreement({ kept, centre, variance }: Spread, [low, high]: readonly [number, number]): number | null {
  const n = kept.length;
  if (variance === null) return null;
  const least = (low * (n - 1) + high) / n;
  const most = (high * (n - 1) + low) / n;
  if (centre < least || centre > most) return null;
  return 1 - (2 * variance * (n - 1)) / (n * ((high + low) * centre - centre * centre - high * low));
}
