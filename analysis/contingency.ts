/** Tests of counts in a table: chi-square, Cramér's V and Fisher's exact test of two by two. */
import { chiSquareTails } from './numeric/chi-square.ts';
import { sum } from './numeric/sums.ts';
import type { Note } from './result.ts';

export interface TableTest {
  readonly chiSquare: number | null;
  readonly df: number;
  readonly p: number | null;
  /** With Yates's correction for continuity; null unless the table is two by two. */
  readonly corrected: { readonly chiSquare: number; readonly p: number } | null;
  /** 0: rows and columns are independent, 1: one follows from the other. */
  readonly cramersV: number | null;
  readonly expected: readonly (readonly number[])[];
  readonly notes: readonly Note[];
}

/**
 * Pearson's chi-square test of a table of counts: are rows and columns independent? Σ (O - E)² / E with E from the
 * margins; df = (rows - 1)(columns - 1). Assumes independent people and expected counts that are not small: note
 * `small-expected-counts` when one is below 5. Rows and columns without anybody are left out; fewer than two of either:
 * no test, note `too-few-categories`.
 *
 * References: Pearson (1900), Philosophical Magazine 50, 157-175; Yates (1934); Cramér (1946). Agrees with R's
 * `chisq.test` to 1e-13.
 *
 * @throws RangeError for counts that are not whole or below 0, or rows of unequal length
 * @example
 * chiSquareTest([[10, 20], [20, 10]]).df // => 1
 * chiSquareTest([[1, 2]]).notes[0].code // => 'too-few-categories'
 */
export function chiSquareTest(table: readonly (readonly number[])[]): TableTest {
  const width = table[0]?.length ?? 0;
  if (table.some((row) => row.length !== width || row.some((count) => !(Number.isSafeInteger(count) && count >= 0)))) {
    throw new RangeError('chiSquareTest requires rows of one length with whole counts');
  }
  const filledRows = table.filter((row) => sum(row) > 0);
  const filledColumns = Array.from({ length: width }, (_, j) => j).filter((j) =>
    filledRows.some((row) => row[j] !== 0),
  );
  const counts = filledRows.map((row) => filledColumns.map((j) => row[j] ?? 0));
  const rowSums = counts.map(sum);
  const columnSums = filledColumns.map((_, j) => sum(counts.map((row) => row[j] ?? 0)));
  const n = sum(rowSums);
  const expected = rowSums.map((row) => columnSums.map((column) => (row * column) / n));
  const smaller = Math.min(rowSums.length, columnSums.length);
  const df = Math.max(0, (rowSums.length - 1) * (columnSums.length - 1));
  if (smaller < 2) {
    const text = 'Fewer than two rows or columns have anybody, so no test.';
    return {
      chiSquare: null,
      df,
      p: null,
      corrected: null,
      cramersV: null,
      expected,
      notes: [{ code: 'too-few-categories', text }],
    };
  }
  const statistic = (correction: number) =>
    sum(
      counts.flatMap((row, i) =>
        row.map((count, j) => {
          const fitted = expected[i]?.[j] ?? 1;
          const distance = Math.abs(count - fitted);
          return (distance - Math.min(correction, distance)) ** 2 / fitted;
        }),
      ),
    );
  const chiSquare = statistic(0);
  const corrected = df === 1 ? statistic(0.5) : null;
  const small = expected.flat().filter((count) => count < 5).length;
  const text = `${small} of ${expected.flat().length} expected counts are below 5; the p value is rough.`;
  return {
    chiSquare,
    df,
    p: chiSquareTails(chiSquare, df).upper,
    corrected: corrected === null ? null : { chiSquare: corrected, p: chiSquareTails(corrected, df).upper },
    cramersV: Math.sqrt(chiSquare / (n * (smaller - 1))),
    expected,
    notes: small > 0 ? [{ code: 'small-expected-counts', text }] : [],
  };
}

/**
 * Counts of how often each label of one column meets each label of the other, labels in ascending order; rows in which
 * either is missing are left out.
 *
 * @throws RangeError for columns of unequal length
 * @example
 * crossTable(['a', 'b', 'a'], [1, 1, 0]) // => { rows: ['a', 'b'], columns: [0, 1], counts: [[1, 1], [0, 1]] }
 */
export function crossTable<A extends string | number, B extends string | number>(
  first: readonly (A | null)[],
  second: readonly (B | null)[],
): { rows: A[]; columns: B[]; counts: number[][] } {
  if (first.length !== second.length) throw new RangeError('crossTable requires columns of one length');
  const rows = labelsOf(first);
  const columns = labelsOf(second);
  const counts = rows.map(() => columns.map(() => 0));
  const rowAt = new Map(rows.map((label, i) => [label, i]));
  const columnAt = new Map(columns.map((label, j) => [label, j]));
  first.forEach((a, i) => {
    const b = second[i] ?? null;
    const line = a === null ? undefined : counts[rowAt.get(a) ?? -1];
    const column = b === null ? undefined : columnAt.get(b);
    if (line && column !== undefined) line[column] = (line[column] ?? 0) + 1;
  });
  return { rows, columns, counts };
}

function labelsOf<Label extends string | number>(values: readonly (Label | null)[]): Label[] {
  const order = (a: Label, b: Label) => (typeof a === 'number' && typeof b === 'number' ? a - b : a < b ? -1 : 1);
  return [...new Set(values.filter((value) => value !== null))].sort(order);
}

/**
 * Fisher's exact test of a two by two table, two-sided: with these margins, how probable are tables that are as
 * improbable as this one or more? For small counts, where chi-square is rough. 1 when a margin is empty. Relative error
 * below 1e-12; tables within 1e-7 of the observed probability count as equally probable, as in R's `fisher.test`.
 *
 * Reference: Fisher (1935), Journal of the Royal Statistical Society 98, 39-82.
 *
 * @throws RangeError for counts that are not whole or below 0
 * @example
 * fisherExactTest([[3, 1], [1, 3]]) // => 34 / 70
 */
export function fisherExactTest(table: readonly [readonly [number, number], readonly [number, number]]): number {
  const [[a = Number.NaN, b = Number.NaN] = [], [c = Number.NaN, d = Number.NaN] = []]: readonly (readonly number[])[] =
    table;
  if (![a, b, c, d].every((count) => Number.isSafeInteger(count) && count >= 0)) {
    throw new RangeError('fisherExactTest requires four whole counts');
  }
  const rowSum = a + b;
  const columnSum = a + c;
  const least = Math.max(0, rowSum + columnSum - (a + b + c + d));
  const most = Math.min(rowSum, columnSum);
  // Probabilities relative to the most probable table, each from its neighbour.
  const rest = a + b + c + d - rowSum - columnSum;
  const ratio = (x: number) => ((rowSum - x) * (columnSum - x)) / ((x + 1) * (rest + x + 1));
  let mode = least;
  while (mode < most && ratio(mode) > 1) mode += 1;
  const weights = new Float64Array(most - least + 1);
  weights[mode - least] = 1;
  for (let x = mode; x < most; x += 1) weights[x + 1 - least] = (weights[x - least] ?? 0) * ratio(x);
  for (let x = mode - 1; x >= least; x -= 1) weights[x - least] = (weights[x + 1 - least] ?? 0) / ratio(x);
  const limit = (weights[a - least] ?? 0) * (1 + 1e-7);
  return Math.min(1, sum(weights.filter((weight) => weight <= limit)) / sum(weights));
}
