/** Tests of means: Welch, pooled and paired t. Called by plans and by the effect sizes. */
import { describe, present, type Values } from './descriptives.ts';
import { noEstimate, requireLevel } from './estimate.ts';
import { studentTQuantile, studentTTails } from './numeric/student-t.ts';
import type { Estimate, Note } from './result.ts';

export interface MeanTest {
  readonly t: number | null;
  readonly df: number | null;
  /** Two-sided. */
  readonly p: number | null;
  /** The difference of the means (first minus second), or the mean difference of pairs, with its t interval. */
  readonly difference: Estimate;
  readonly means: readonly [number | null, number | null];
}

const tooFew: Note = { code: 'too-few-values', text: 'Fewer than two values in a group, so no test.' };
const noVariance: Note = { code: 'no-variance', text: 'All values of each group are the same, so no test.' };

/** The two-sided p value of a t statistic. */
export function twoSided(t: number, df: number): number {
  return 2 * studentTTails(-Math.abs(t), df).lower;
}

/**
 * Welch's t test: do two groups differ in their mean, when their spreads may differ too? t is the difference over
 * sqrt(s1²/n1 + s2²/n2), with the degrees of freedom of Satterthwaite. Assumes independent people and nearly normal means;
 * people within one school are alike, so between schools use a model of clusters. Missing values are left out.
 *
 * Fewer than two values in a group: no test, note `too-few-values`. No spread in either: note `no-variance`.
 *
 * Reference: Welch (1947), Biometrika 34, 28-35. Agrees with R's `t.test` to 1e-12.
 *
 * @throws RangeError for NaN, an infinite value or a level outside (0, 1)
 * @example
 * welchTest([1, 2, 3], [2, 3, 4]).df // => 4
 * welchTest([1], [2, 3]).difference.notes[0].code // => 'too-few-values'
 */
export function welchTest(first: Values, second: Values, level = 0.95): MeanTest {
  return twoSampleTest('Welch t test', first, second, level, (n1, v1, n2, v2) => {
    const part1 = v1 / n1;
    const part2 = v2 / n2;
    const square = part1 + part2;
    return {
      standardError: Math.sqrt(square),
      df: 1 / ((part1 / square) ** 2 / (n1 - 1) + (part2 / square) ** 2 / (n2 - 1)),
    };
  });
}

/**
 * Student's t test with pooled variance: as `welchTest`, but assumes that both groups scatter alike;
 * df = n1 + n2 - 2.
 *
 * Reference: Student (1908), Biometrika 6, 1-25. Agrees with R's `t.test(var.equal = TRUE)` to 1e-12.
 *
 * @throws RangeError for NaN, an infinite value or a level outside (0, 1)
 * @example
 * pooledTTest([1, 2, 3], [2, 3, 4]).df // => 4
 */
export function pooledTTest(first: Values, second: Values, level = 0.95): MeanTest {
  return twoSampleTest('Pooled t test', first, second, level, (n1, v1, n2, v2) => {
    const df = n1 + n2 - 2;
    return { standardError: Math.sqrt((((n1 - 1) * v1 + (n2 - 1) * v2) / df) * (1 / n1 + 1 / n2)), df };
  });
}

type StandardError = (n1: number, v1: number, n2: number, v2: number) => { standardError: number; df: number };

function twoSampleTest(method: string, first: Values, second: Values, level: number, of: StandardError): MeanTest {
  requireLevel(method, level);
  const a = describe(first);
  const b = describe(second);
  const means = [a.mean, b.mean] as const;
  const n = a.n + b.n;
  const without = (note: Note): MeanTest => ({
    t: null,
    df: null,
    p: null,
    difference: noEstimate(n, method, note),
    means,
  });
  if (a.mean === null || b.mean === null || a.sd === null || b.sd === null) return without(tooFew);
  if (a.sd === 0 && b.sd === 0) return without(noVariance);
  const { standardError, df } = of(a.n, a.sd * a.sd, b.n, b.sd * b.sd);
  return { ...tested(method, a.mean - b.mean, standardError, df, n, level), means };
}

function tested(method: string, value: number, standardError: number, df: number, n: number, level: number) {
  const t = value / standardError;
  const reach = studentTQuantile((1 + level) / 2, df) * standardError;
  const interval = { lower: value - reach, upper: value + reach, level };
  return { t, df, p: twoSided(t, df), difference: { value, n, interval, method, notes: [] } };
}

/**
 * The paired t test: did the same people change, from the second column to the first? One-sample t of the differences,
 * df = pairs - 1. Pairs with a missing value are left out. `means` are those of the complete pairs.
 *
 * Reference: Student (1908), Biometrika 6, 1-25. Agrees with R's `t.test(paired = TRUE)` to 1e-12.
 *
 * @throws RangeError for columns of unequal length, NaN, an infinite value or a level outside (0, 1)
 * @example
 * pairedTTest([3, 5, 7], [1, 2, 6]).difference.value // => 2
 */
export function pairedTTest(first: Values, second: Values, level = 0.95): MeanTest {
  const method = 'Paired t test';
  requireLevel(method, level);
  const { x, y } = completePairs(first, second);
  const differences = x.map((value, i) => value - (y[i] ?? 0));
  const { n, mean, sd } = describe(differences);
  const means = [describe(x).mean, describe(y).mean] as const;
  const without = (note: Note): MeanTest => ({
    t: null,
    df: null,
    p: null,
    difference: noEstimate(n, method, note),
    means,
  });
  if (mean === null || sd === null)
    return without({ code: 'too-few-values', text: 'Fewer than two pairs, so no test.' });
  if (sd === 0) return without({ code: 'no-variance', text: 'All differences are the same, so no test.' });
  return { ...tested(method, mean, sd / Math.sqrt(n), n - 1, n, level), means };
}

/**
 * The rows in which both columns have a value.
 *
 * @throws RangeError for columns of unequal length, NaN or an infinite value
 * @example
 * completePairs([1, null, 3], [4, 5, 6]) // => { x: [1, 3], y: [4, 6] }
 */
export function completePairs(first: Values, second: Values): { x: number[]; y: number[] } {
  if (first.length !== second.length) throw new RangeError('completePairs requires columns of one length');
  const x: number[] = [];
  const y: number[] = [];
  first.forEach((a, row) => {
    const b = second[row] ?? null;
    if (a === null || b === null) return;
    x.push(a);
    y.push(b);
  });
  present(x);
  present(y);
  return { x, y };
}

/**
 * The values of each group, groups in the order of their labels (numbers by size, texts by character code). Rows without
 * a label are left out.
 *
 * @throws RangeError for columns of unequal length
 * @example
 * groupsOf([1, 2, 3], ['b', 'a', 'b']) // => [{ label: 'a', values: [2] }, { label: 'b', values: [1, 3] }]
 */
export function groupsOf<Label extends string | number>(values: Values, labels: readonly (Label | null)[]) {
  if (values.length !== labels.length) throw new RangeError('groupsOf requires one label for each value');
  const groups = new Map<Label, (number | null)[]>();
  labels.forEach((label, row) => {
    if (label === null) return;
    const group = groups.get(label);
    if (group) group.push(values[row] ?? null);
    else groups.set(label, [values[row] ?? null]);
  });
  const order = (a: Label, b: Label) => (typeof a === 'number' && typeof b === 'number' ? a - b : a < b ? -1 : 1);
  return [...groups.keys()].sort(order).map((label) => ({ label, values: groups.get(label) ?? [] }));
}
