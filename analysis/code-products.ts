/**
 * Sums of products of columns that hold small whole numbers, as answers do: exact, and three pairs of columns for one
 * multiplication. Called by pair-sums.ts, whose way for all other numbers takes three times as long.
 */
import type { Columns } from './covariance.ts';

export interface CodeProducts {
  /** Σ a b of each column with those before it and itself, a gap counting 0. */
  readonly products: readonly Float64Array[];
  readonly sums: Float64Array;
  /** The rows of each column that have no value. */
  readonly gaps: readonly (readonly number[])[];
}

/** Codes are whole numbers from 0 to this, one less than a power of two. */
const largest = 15;

/** So few rows that a sum of products of codes stays below `step`. */
const blockRows = 512;

/** Three sums below this stand side by side in one number without touching one another: 2^51 is exact. */
const step = 2 ** 17;

/**
 * Sums and sums of products of columns of codes; null when a value is no whole number from 0 to 15. Block by block of rows,
 * three columns are written into one as b + 2^17 c + 2^34 d; its product with a column a, summed over the rows, holds
 * Σ a b, Σ a c and Σ a d in separate digits.
 *
 * @example
 * codeProducts([[1, 2, null], [3, 0, 5]])?.products.map((line) => [...line]) // => [[5], [3, 34]]
 * codeProducts([[1, 2.5]]) // => null
 */
export function codeProducts(columns: Columns): CodeProducts | null {
  const products = columns.map((_, i) => new Float64Array(i + 1));
  const sums = new Float64Array(columns.length);
  const gaps = columns.map((): number[] => []);
  // Columns that fill the last four and the last three up hold nothing.
  const width = Math.ceil(columns.length / 12) * 12;
  const block = Array.from({ length: width }, () => new Float64Array(blockRows));
  const packed = new Float64Array(blockRows);
  const found = new Float64Array(width);
  const rows = columns[0]?.length ?? 0;
  for (let from = 0; from < rows; from += blockRows) {
    for (const [i, column] of columns.entries()) {
      const sum = readCodes(column, from, block[i] ?? packed, gaps[i] ?? []);
      if (sum === null) return null;
      sums[i] = (sums[i] ?? 0) + sum;
    }
    for (let first = 0; first < columns.length; first += 3) {
      const last = Math.min(first + 3, columns.length);
      pack(block, first, packed);
      for (let j = 0; j < last; j += 4) addFour(packed, block, j, found);
      for (let j = 0; j < last; j += 1) unpack(found[j] ?? 0, products, first, j);
    }
  }
  return { products, sums, gaps };
}

/** Copies the codes of a block of rows, 0 for a gap and behind the last row; their sum, or null for what is no code. */
function readCodes(column: Columns[number], from: number, codes: Float64Array, gaps: number[]): number | null {
  const end = Math.min(blockRows, column.length - from);
  let sum = 0;
  for (let row = 0; row < end; row += 1) {
    const value = column[from + row] ?? null;
    if (value === null) {
      codes[row] = 0;
      gaps.push(from + row);
    } else if ((value & largest) === value) {
      codes[row] = value;
      sum += value;
    } else return null;
  }
  codes.fill(0, end);
  return sum;
}

function pack(block: readonly Float64Array[], first: number, packed: Float64Array): void {
  const [b = packed, c = packed, d = packed] = block.slice(first, first + 3);
  for (let row = 0; row < blockRows; row += 1) {
    packed[row] = (b[row] ?? 0) + step * ((c[row] ?? 0) + step * (d[row] ?? 0));
  }
}

/** The packed columns times four others: each packed number is fetched once, and the sums do not wait for one another. */
function addFour(packed: Float64Array, block: readonly Float64Array[], j: number, found: Float64Array): void {
  const [a = packed, b = packed, c = packed, d = packed] = block.slice(j, j + 4);
  let [first, second, third, fourth] = [0, 0, 0, 0];
  for (let row = 0; row < blockRows; row += 1) {
    const three = packed[row] ?? 0;
    first += three * (a[row] ?? 0);
    second += three * (b[row] ?? 0);
    third += three * (c[row] ?? 0);
    fourth += three * (d[row] ?? 0);
  }
  found[j] = first;
  found[j + 1] = second;
  found[j + 2] = third;
  found[j + 3] = fourth;
}

/** Adds the three sums that a number holds to the products of column `j` with `first` and the two after it. */
function unpack(three: number, products: readonly Float64Array[], first: number, j: number): void {
  let rest = three;
  for (let i = first; i < first + 3; i += 1) {
    const whole = Math.floor(rest / step);
    const line = products[i];
    if (line && j <= i) line[j] = (line[j] ?? 0) + (rest - whole * step);
    rest = whole;
  }
}
