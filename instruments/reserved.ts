/** The numbers that stand for missing values in flat files; no code, range or answer may be one of them. */

/**
 * Whether numbers from `min` to `max` reach into -999 to -990.
 *
 * @example
 * reachesReserved(-1000, 5) // => true
 * reachesReserved(0, 100) // => false
 */
export function reachesReserved(min: number, max: number): boolean {
  return max >= -999 && min <= -990;
}
