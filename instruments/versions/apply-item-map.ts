/** Applies an item map to coded rows: the answers to one version as answers to the next. Called by pooled exports and tests. */
import type { Variable } from '../codebook.ts';
import type { CodedEntry } from '../coding.ts';
import type { MissingReason } from '../missing.ts';
import type { ItemMap, ItemRule } from './item-map.ts';

/** A coded row by the names of its variables. */
export interface NamedRow {
  readonly values: Readonly<Record<string, number | string | null>>;
  /** Why a value is null; null where there is one. */
  readonly reasons: Readonly<Record<string, MissingReason | null>>;
}

/** A coded row, or an entry of a linked table, with its variables' names. */
export function namedRow(variables: readonly Pick<Variable, 'name'>[], { values, reasons }: CodedEntry): NamedRow {
  return {
    values: Object.fromEntries(variables.map(({ name }, at) => [name, values[at] ?? null])),
    reasons: Object.fromEntries(variables.map(({ name }, at) => [name, reasons[at] ?? null])),
  };
}

/** Where a number of one range lies in the other, without what binary fractions add. */
export function rescaled(value: number, { from, to }: NonNullable<ItemRule['rescale']>): number {
  const share = (value - from.min) / (from.max - from.min);
  return Number((to.min + share * (to.max - to.min)).toFixed(10)) + 0;
}

/** One value under a rule; null where it has no counterpart. */
export function mappedValue(rule: ItemRule, value: number | string | null): number | string | null {
  if (typeof value !== 'number') return value;
  if (rule.rescale) return rescaled(value, rule.rescale);
  const code = rule.codes[value];
  if (code !== undefined) return code;
  const { within } = rule;
  return within && (value < within.min || value > within.max) ? null : value;
}

/**
 * A row of the older version as one of the newer version. What the older did not ask is null (`not-asked`); so is an answer
 * that the newer version has no value for (`not-applicable`).
 * @param table a linked table, when `row` is an entry of it
 */
export function applyItemMap(map: ItemMap, row: NamedRow, table = ''): NamedRow {
  const values: Record<string, number | string | null> = {};
  const reasons: Record<string, MissingReason | null> = {};
  const prefix = table === '' ? '' : `${table}.`;
  const isHere = (name: string) => (table === '' ? !name.includes('.') : name.startsWith(prefix));
  for (const rule of map.items) {
    const { item, from } = rule;
    if (item === null || !isHere(item)) continue;
    const name = item.slice(prefix.length);
    const was = from?.slice(prefix.length) ?? null;
    const value = was === null ? null : (row.values[was] ?? null);
    const mapped = mappedValue(rule, value);
    values[name] = mapped;
    const lost = mapped === null && value !== null ? 'not-applicable' : null;
    reasons[name] = was === null ? 'not-asked' : mapped === null ? (lost ?? row.reasons[was] ?? 'not-asked') : null;
  }
  return { values, reasons };
}
