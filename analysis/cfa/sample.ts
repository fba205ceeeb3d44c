/** Rows of answers as what a factor model needs of them: by group, counts, means and covariances of each pattern of gaps. */
import { type Columns, rowCount } from '../covariance.ts';
import { missingPatterns } from '../missing-patterns.ts';
import type { Matrix } from './moments.ts';

/** The cases of a group that answered the same items. */
export interface Pattern {
  /** Positions of the items that were answered. */
  readonly observed: readonly number[];
  /** What the pattern weighs in the fit: its cases, for Wishart's likelihood their share of all cases minus groups. */
  readonly weight: number;
  /** Of the answered items. */
  readonly mean: readonly number[];
  /** Divided by the cases, or for Wishart's likelihood by cases - 1. */
  readonly covariance: Matrix;
  /** The answers, a row per case. */
  readonly rows: readonly (readonly number[])[];
  /** The number of the cluster of each case. */
  readonly clusters: readonly number[];
}

export interface GroupSample {
  readonly label: string;
  readonly n: number;
  /** What a unit of the fit's misfit counts in the chi-square; 1 but for Wishart's likelihood in several groups. */
  readonly testShare: number;
  /** A column per item, a row per case that is used. */
  readonly columns: Columns;
  readonly patterns: readonly Pattern[];
}

/** A label per row, null where there is none. */
export type Labels = readonly (string | number | null)[];

export interface SampleOptions {
  /** The group of each row; rows without one are left out. Groups stand in the order of their first row. */
  readonly group?: Labels;
  /** The cluster of each row; rows without one are left out. */
  readonly cluster?: Labels;
  /** `listwise` (the default) keeps complete rows, `full-information` all rows with any answer. */
  readonly missing?: 'listwise' | 'full-information';
  /**
   * `normal` (the default) divides by n, `wishart` by n - 1. As in lavaan, Wishart's likelihood then weighs a group by
   * its share of the cases in the fit and in the errors, and by its n - 1 in the chi-square.
   */
  readonly likelihood?: 'normal' | 'wishart';
}

/**
 * The sample of each group. A group whose rows are all left out has n = 0.
 *
 * @throws RangeError for columns of unequal length, NaN or infinite values, or full information with Wishart's likelihood
 * @example
 * sampleOf([[1, 2, 3], [1, 3, null]])[0].n // => 2
 */
export function sampleOf(columns: Columns, options: SampleOptions = {}): GroupSample[] {
  const { group, cluster, missing = 'listwise', likelihood = 'normal' } = options;
  const rows = rowCount(columns);
  for (const labels of [group, cluster]) {
    if (labels && labels.length !== rows) throw new RangeError('labels and columns must be equally long');
  }
  if (missing === 'full-information' && likelihood === 'wishart') {
    throw new RangeError("full information needs the normal likelihood, not Wishart's");
  }
  const rowsOf = new Map<string, number[]>();
  for (let row = 0; row < rows; row += 1) {
    const label = group ? (group[row] ?? null) : 'all';
    if (label === null) continue;
    const kept = rowsOf.get(String(label)) ?? [];
    rowsOf.set(String(label), kept);
    const answers = columns.filter((column) => column[row] !== null).length;
    const used = missing === 'listwise' ? answers === columns.length : answers > 0;
    if (used && !(cluster && (cluster[row] ?? null) === null)) kept.push(row);
  }
  const numbers = cluster && numbered(cluster);
  const wishart = likelihood === 'wishart';
  let cases = 0;
  for (const kept of rowsOf.values()) cases += kept.length;
  const share = wishart && cases > 0 ? (cases - rowsOf.size) / cases : 1;
  return [...rowsOf].map(([label, kept]) => {
    const own = columns.map((column) => kept.map((row) => column[row] ?? null));
    const patterns = missingPatterns(own).patterns.map(({ observed, rows: answered, means, products }): Pattern => {
      const divisor = wishart ? answered.length - 1 : answered.length;
      return {
        observed,
        weight: answered.length * share,
        mean: means,
        covariance: products.map((line) => line.map((value) => value / divisor)),
        rows: answered.map((row) => observed.map((item) => own[item]?.[row] ?? 0)),
        clusters: answered.map((row) => numbers?.[kept[row] ?? 0] ?? row),
      };
    });
    const testShare = wishart && kept.length > 0 ? (kept.length - 1) / (kept.length * share) : 1;
    return { label, n: kept.length, testShare, columns: own, patterns };
  });
}

/** The labels as numbers from 0. */
function numbered(labels: Labels): number[] {
  const numbers = new Map<string | number | null, number>();
  return labels.map((label) => {
    const number = numbers.get(label) ?? numbers.size;
    numbers.set(label, number);
    return number;
  });
}
