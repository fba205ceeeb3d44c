/**
 * What an item map makes of one value: the only place where answers to one version become answers to another. Called by the
 * chaining of maps and by pooled datasets.
 */
import type { ItemRule } from './item-map.ts';

/** Where a number of one range lies in the other, without what binary fractions add. */
export function rescaled(value: number, { from, to }: NonNullable<ItemRule['rescale']>): number {
  const share = (value - from.min) / (from.max - from.min);
  return Number((to.min + share * (to.max - to.min)).toFixed(10)) + 0;
}

/** What becomes of the values of one item. */
export type ValueStep = Pick<ItemRule, 'codes' | 'rescale' | 'within'>;

/** A number under a rule; null where it has no counterpart. */
export function mappedValue({ codes, rescale, within }: ValueStep, value: number): number | null {
  const code = codes[value];
  if (code !== undefined) return code;
  if (within && (value < within.min || value > within.max)) return null;
  return rescale ? rescaled(value, rescale) : value;
}
