/** Applies an item map to coded rows, for the property tests: the answers to one version as answers to the next. */
import type { Variable } from '../../instruments/codebook.ts';
import type { CodedEntry } from '../../instruments/coding.ts';
import type { MissingReason } from '../../instruments/missing.ts';
import type { ItemMap } from '../../instruments/versions/item-map.ts';
import { mappedValue } from '../../instruments/versions/mapped-value.ts';

/** A coded row by the names of its variables. */
interface NamedRow {
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
    const mapped = typeof value === 'number' ? mappedValue(rule, value) : value;
    values[name] = mapped;
    const lost = mapped === null && value !== null ? 'not-applicable' : null;
    reasons[name] = was === null ? 'not-asked' : mapped === null ? (lost ?? row.reasons[was] ?? 'not-asked') : null;
  }
  return { values, reasons };
}
