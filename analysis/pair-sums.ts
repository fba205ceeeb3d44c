/** Sums, sums of squares and of products of each pair of columns with gaps, in one pass over the rows. Called by covariance.ts. */
import { codeProducts } from './code-products.ts';
import type { Columns } from './covariance.ts';
import { present, type Values } from './descriptives.ts';
import { mean, sum } from './numeric/sums.ts';

/** Sums of two columns over the rows that both have, each column shifted by a number of its own. */
interface PairSums {
  readonly n: number;
  readonly sumOfA: number;
  readonly sumOfB: number;
  readonly products: number;
}

/** All columns summed up: codes as they are, which is exact, other numbers as deviations from their means. */
export interface Summed {
  readonly products: readonly ArrayLike<number>[];
  readonly sums: ArrayLike<number>;
  readonly gaps: readonly (readonly number[])[];
  /** 0 or null in a gap. */
  readonly values: readonly ArrayLike<number | null>[];
  readonly missed: readonly Missed[];
  readonly exact: boolean;
}

/** Over the rows that a column has no value in, for each column: its sum, that of its squares, and how many it lacks too. */
interface Missed {
  readonly sums: Float64Array;
  readonly squares: Float64Array;
  readonly lacking: Float64Array;
}

/**
 * Sums up columns of one length.
 *
 * @throws RangeError for NaN or infinite values
 * @example
 * summedUp([[1, 2, null], [3, 0, 5]]).exact // => true
 */
export function summedUp(columns: Columns): Summed {
  return summedCodes(columns) ?? summedDeviations(columns);
}

/**
 * Columns of codes summed up; null when a value is none.
 *
 * @example
 * summedCodes([[1, 2.5]]) // => null
 */
export function summedCodes(columns: Columns): Summed | null {
  const codes = codeProducts(columns);
  return codes && { ...codes, values: columns, missed: missedBy(columns, columns, codes.gaps), exact: true };
}

/**
 * Columns of any numbers summed up, by their deviations from their means.
 *
 * @throws RangeError for NaN or infinite values
 * @example
 * summedDeviations([[1, 2], [3, 5]]).products.map((line) => [...line]) // => [[0.5], [1, 2]]
 */
export function summedDeviations(columns: Columns): Summed {
  const centred = columns.map(centre);
  const values = centred.map((each) => each.values);
  const gaps = centred.map((each) => each.gaps);
  return {
    products: crossProducts(values),
    sums: centred.map((each) => each.sum),
    gaps,
    values,
    missed: missedBy(columns, values, gaps),
    exact: false,
  };
}

function missedBy(columns: Columns, values: Summed['values'], gaps: Summed['gaps']): Missed[] {
  return gaps.map((rows): Missed => {
    const empty = () => new Float64Array(columns.length);
    const [sums, squares, lacking] = [empty(), empty(), empty()];
    for (let i = 0; rows.length > 0 && i < columns.length; i += 1) {
      const own = values[i] ?? [];
      const given = columns[i] ?? [];
      let [total, ofSquares, without] = [0, 0, 0];
      for (const row of rows) {
        const value = own[row] ?? 0;
        total += value;
        ofSquares += value * value;
        if ((given[row] ?? null) === null) without += 1;
      }
      sums[i] = total;
      squares[i] = ofSquares;
      lacking[i] = without;
    }
    return { sums, squares, lacking };
  });
}

/**
 * The sums of two columns: rows that only one of them has are taken out of its sum.
 *
 * @example
 * pairOf(summedUp([[1, 2, null], [3, 0, 5]]), 0, 1) // => { n: 2, sumOfA: 3, sumOfB: 3, products: 3 }
 */
export function pairOf({ products, sums, gaps, values, missed }: Summed, i: number, j: number): PairSums {
  const rows = values[i]?.length ?? 0;
  return {
    n: rows - (gaps[i]?.length ?? 0) - (gaps[j]?.length ?? 0) + (missed[i]?.lacking[j] ?? 0),
    sumOfA: (sums[i] ?? 0) - (missed[j]?.sums[i] ?? 0),
    sumOfB: (sums[j] ?? 0) - (missed[i]?.sums[j] ?? 0),
    products: products[Math.max(i, j)]?.[Math.min(i, j)] ?? 0,
  };
}

/** A column as deviations from its mean, with zero in the gaps, so that they add nothing to a product. */
interface Centred {
  readonly values: Float64Array;
  /** Rows without a value. */
  readonly gaps: readonly number[];
  readonly sum: number;
}

function centre(values: Values): Centred {
  const kept = present(values);
  const middle = kept.length === 0 ? 0 : mean(kept);
  for (let at = 0; at < kept.length; at += 1) kept[at] = (kept[at] ?? 0) - middle;
  const total = sum(kept);
  if (kept.length === values.length) return { values: kept, gaps: [], sum: total };
  const deviations = new Float64Array(values.length);
  const gaps: number[] = [];
  let at = 0;
  for (let row = 0; row < values.length; row += 1) {
    if ((values[row] ?? null) === null) gaps.push(row);
    else {
      deviations[row] = kept[at] ?? 0;
      at += 1;
    }
  }
  return { values: deviations, gaps, sum: total };
}

/** So few rows that those of some dozen columns stay in the processor's cache while all pairs are gone through. */
const blockRows = 1024;

/** Σ a b of each column with those before it and itself, in blocks of rows. */
function crossProducts(columns: readonly Float64Array[]): Float64Array[] {
  const totals = columns.map((_, i) => new Float64Array(i + 1));
  const rows = columns[0]?.length ?? 0;
  for (let from = 0; from < rows; from += blockRows) {
    const blocks = columns.map((column) => column.subarray(from, from + blockRows));
    for (const [i, a] of blocks.entries()) {
      const line = totals[i];
      for (let j = 0; line && j <= i; j += 1) line[j] = (line[j] ?? 0) + sumOfProducts(a, blocks[j] ?? a);
    }
  }
  return totals;
}

/** Four sums side by side: the processor need not wait for one addition before it begins the next. */
function sumOfProducts(a: Float64Array, b: Float64Array): number {
  const even = a.length - (a.length % 4);
  let [first, second, third, fourth] = [0, 0, 0, 0];
  for (let row = 0; row < even; row += 4) {
    first += (a[row] ?? 0) * (b[row] ?? 0);
    second += (a[row + 1] ?? 0) * (b[row + 1] ?? 0);
    third += (a[row + 2] ?? 0) * (b[row + 2] ?? 0);
    fourth += (a[row + 3] ?? 0) * (b[row + 3] ?? 0);
  }
  for (let row = even; row < a.length; row += 1) first += (a[row] ?? 0) * (b[row] ?? 0);
  return first + second + (third + fourth);
}

/**
 * Σ a² of a column over the rows that another one has as well.
 *
 * @example
 * squaresOf(summedUp([[1, 2, null], [null, 0, 5]]), 0, 1) // => 4
 */
export function squaresOf({ products, missed }: Summed, i: number, other: number): number {
  return (products[i]?.[i] ?? 0) - (missed[other]?.squares[i] ?? 0);
}
