/** Which values are missing together: the rows of a data set by the pattern of their gaps. Called by em-moments.ts and little-test.ts. */
import { type Columns, rowCount } from './covariance.ts';
import { mean } from './numeric/sums.ts';

/** Rows that lack the same columns. Columns are given by their place. */
export interface MissingPattern {
  readonly observed: readonly number[];
  readonly missing: readonly number[];
  /** Rows of this pattern, by their place. */
  readonly rows: readonly number[];
  /** Means of the observed columns over these rows, and sums of products around them. */
  readonly means: readonly number[];
  readonly products: readonly (readonly number[])[];
}

/**
 * The patterns of gaps in the data, the most frequent first, then those that lack later columns first. Rows without any
 * value are no pattern; `emptyRows` counts them.
 *
 * @throws RangeError for columns of unequal length, NaN or infinite values
 * @example
 * missingPatterns([[1, 2, null], [3, null, null]]).emptyRows // => 1
 * missingPatterns([[1, 2, null], [3, null, 5]]).patterns[1].missing // => [1]
 */
export function missingPatterns(columns: Columns): { patterns: MissingPattern[]; n: number; emptyRows: number } {
  const all = rowCount(columns);
  if (columns.some((column) => column.some((value) => value !== null && !Number.isFinite(value)))) {
    throw new RangeError('missingPatterns requires finite values');
  }
  const rowsOf = new Map<string, number[]>();
  for (let row = 0; row < all; row += 1) {
    const key = columns.map((column) => (column[row] === null ? '1' : '0')).join('');
    const known = rowsOf.get(key);
    if (known) known.push(row);
    else rowsOf.set(key, [row]);
  }
  const empty = '1'.repeat(columns.length);
  const emptyRows = rowsOf.get(empty)?.length ?? 0;
  rowsOf.delete(empty);
  const patterns = [...rowsOf]
    .sort(([a, rowsOfA], [b, rowsOfB]) => rowsOfB.length - rowsOfA.length || (a < b ? -1 : 1))
    .map(([key, rows]) => patternOf(columns, key, rows));
  return { patterns, n: all - emptyRows, emptyRows };
}

function patternOf(columns: Columns, key: string, rows: readonly number[]): MissingPattern {
  const places = [...columns.keys()];
  const observed = places.filter((place) => key[place] === '0');
  const values = observed.map((place) => rows.map((row) => columns[place]?.[row] ?? 0));
  const means = values.map((column) => mean(column));
  const centred = values.map((column, j) => column.map((value) => value - (means[j] ?? 0)));
  return {
    observed,
    missing: places.filter((place) => key[place] === '1'),
    rows,
    means,
    products: centred.map((a) => centred.map((b) => a.reduce((total, value, row) => total + value * (b[row] ?? 0), 0))),
  };
}
