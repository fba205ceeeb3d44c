/**
 * Columns of very large or very small numbers, like 1e150: their squares, or the products of these, are beyond what a number can
 * hold. Statistics that do not depend on the unit are computed in another one. Used before values are squared.
 */

/** Fourth powers of such values, and sums of many of them, are numbers with all their digits. */
const ordinary = 1e60;

/**
 * The power of two by which values are to be multiplied so that the largest is near 1; 1 where they are of an ordinary size.
 * A power of two changes no digit.
 *
 * @example
 * unitOf([3, null, 5]) // => 1
 * unitOf([2 ** 500, 0]) // => 2 ** -500
 */
export function unitOf(...columns: readonly ArrayLike<number | null>[]): number {
  const largest = columns.reduce((most, column) => Math.max(most, largestOf(column)), 0);
  if (largest === 0 || (largest < ordinary && largest > 1 / ordinary)) return 1;
  return 2 ** -Math.max(-1000, Math.min(1000, Math.round(Math.log2(largest))));
}

/**
 * The largest absolute value; 0 where there is none.
 *
 * @example
 * largestOf([3, null, -5]) // => 5
 */
export function largestOf(values: ArrayLike<number | null>): number {
  let largest = 0;
  for (let i = 0; i < values.length; i += 1) {
    const size = Math.abs(values[i] ?? 0);
    if (size > largest) largest = size;
  }
  return largest;
}

/**
 * The values in another unit; the very same list where the unit is 1.
 *
 * @example
 * inUnit([2, null], 4) // => [8, null]
 */
export function inUnit<Column extends readonly (number | null)[]>(values: Column, unit: number): Column {
  return unit === 1
    ? values
    : (values.map((value) => (value === null ? null : value * unit)) as readonly (number | null)[] as Column);
}
