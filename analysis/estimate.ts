/** Small makers of `Estimate` values, so that every statistic says "the data cannot say" in the same way. */
import type { Estimate, Note } from './result.ts';

/**
 * An estimate without a value, for data that cannot say; the note tells why.
 *
 * @example
 * noEstimate(0, 'Arithmetic mean', { code: 'no-values', text: 'Nobody answered.' }).value // => null
 */
export function noEstimate(n: number, method: string, ...notes: readonly Note[]): Estimate {
  return { value: null, n, interval: null, method, notes };
}

/** Throws RangeError unless `level` is a confidence level between 0 and 1, like 0.95. */
export function requireLevel(caller: string, level: number): void {
  if (!(level > 0 && level < 1)) throw new RangeError(`${caller} requires a level between 0 and 1, like 0.95`);
}
