/** The rows that a mixed model stands on: complete, centred, and with their groups as numbers. Called by mixed-model.ts. */
import { codesOf } from '../cluster-robust/least-squares.ts';
import type { Values } from '../descriptives.ts';
import type { Predictors } from '../linear-model.ts';
import { mean } from '../numeric/sums.ts';

/** A level of groups with the label of each row's group. */
export interface Level {
  readonly name: string;
  readonly groups: readonly (string | number | null)[];
}

/** The groups of one level. */
export interface Grouping {
  readonly name: string;
  /** The group of each row, from 0. */
  readonly codes: Int32Array;
  readonly labels: readonly string[];
  /** The group of the next level that each group lies in; empty at the outermost level. */
  readonly parents: Int32Array;
}

export interface MixedRows {
  readonly n: number;
  /** The intercept, the predictors less their means, and the outcome less its mean. */
  readonly columns: readonly Float64Array[];
  /** The predictors as given. */
  readonly raw: readonly Float64Array[];
  /** Means of the predictors, and last of the outcome. */
  readonly means: readonly number[];
  /** Innermost first. */
  readonly groupings: readonly Grouping[];
}

/**
 * Keeps the rows without a gap. A group is told by its label and those of the levels around it, so that class 1 of one
 * school is not class 1 of another.
 *
 * @param levels outermost first
 * @throws RangeError for columns of unequal length
 * @example
 * mixedRows([1, 2, null], { x: [0, 1, 1] }, [{ name: 'school', groups: ['a', 'b', 'b'] }]).n // => 2
 */
export function mixedRows(outcome: Values, predictors: Predictors, levels: readonly Level[]): MixedRows {
  const given = [outcome, ...Object.values(predictors)];
  if ([...given, ...levels.map(({ groups }) => groups)].some((column) => column.length !== outcome.length)) {
    throw new RangeError('mixedModel requires columns of one length');
  }
  const kept = completeRows(given, levels);
  const n = kept.length;
  const take = (column: Values) => {
    const values = new Float64Array(n);
    for (let row = 0; row < n; row += 1) values[row] = column[kept[row] ?? 0] ?? 0;
    return values;
  };
  const raw = Object.values(predictors).map(take);
  const y = take(outcome);
  const means = [...raw, y].map((column) => (n === 0 ? 0 : mean(column)));
  const centred = [...raw, y].map((column, j) => column.map((value) => value - (means[j] ?? 0)));
  return {
    n,
    columns: [new Float64Array(n).fill(1), ...centred],
    raw,
    means,
    groupings: groupingsOf(levels, kept),
  };
}

function completeRows(columns: readonly Values[], levels: readonly Level[]): Int32Array {
  const rows = new Int32Array(columns[0]?.length ?? 0);
  let count = 0;
  for (let row = 0; row < rows.length; row += 1) {
    if (columns.some((column) => column[row] === null) || levels.some(({ groups }) => groups[row] === null)) continue;
    rows[count] = row;
    count += 1;
  }
  return rows.subarray(0, count);
}

/** Innermost first; outer codes are made first, inner ones within them. */
function groupingsOf(levels: readonly Level[], kept: Int32Array): Grouping[] {
  const groupings: Grouping[] = [];
  for (const { name, groups } of levels) {
    const [outer] = groupings;
    const own = codesOf(Array.from(kept, (row) => groups[row] ?? null));
    if (!outer) {
      groupings.unshift({ name, codes: own.codes, labels: own.labels.map(String), parents: new Int32Array() });
      continue;
    }
    // One number for the pair of both codes.
    const pairs = Array.from(own.codes, (code, row) => (outer.codes[row] ?? 0) * own.labels.length + code);
    const both = codesOf(pairs);
    const parentOf = (pair: string | number) => Math.floor(Number(pair) / own.labels.length);
    groupings.unshift({
      name: `${name}:${outer.name}`,
      codes: both.codes,
      labels: both.labels.map(
        (pair) => `${own.labels[Number(pair) % own.labels.length]}:${outer.labels[parentOf(pair)]}`,
      ),
      parents: Int32Array.from(both.labels, parentOf),
    });
  }
  return groupings;
}
