/**
 * An item map as the lines by which pooled datasets read a version: which variable stands for which, with which codes. Called
 * by the definitions of datasets, so that versions are pooled by the map that was stored with them.
 */
import type { ItemMap, ItemRule } from './item-map.ts';

export interface VariableMapLine {
  readonly instrument: string;
  /** The older version, whose variable it is. */
  readonly version: number;
  readonly variable: string;
  /** The variable of the newer version that it stands for, or a name of its own. */
  readonly to: string;
  /** Codes and what they become; null has no counterpart. Codes that are not named stay. */
  readonly codes: ItemRule['codes'];
  /** Ranges whose ends lie on each other; null where codes stay or are recoded. */
  readonly rescale: ItemRule['rescale'];
  /** Values beyond have no counterpart. */
  readonly within: ItemRule['within'];
  readonly rule: ItemRule['rule'];
  readonly reason: string;
}

/** A name for answers that stand apart: that of the variable with the version, within 32 characters. */
function apartName(name: string, version: number, taken: ReadonlySet<string>): string {
  const end = `_v${version}`;
  let candidate = name.slice(0, 32 - end.length) + end;
  for (let count = 2; taken.has(candidate); count += 1) {
    const further = `${end}_${count}`;
    candidate = name.slice(0, 32 - further.length) + further;
  }
  return candidate;
}

/** Lines for all items of the main table; items without a line keep their name and codes. */
export function variableMapsOf(map: ItemMap): VariableMapLine[] {
  const { instrument, from: version } = map;
  const main = map.items.filter(({ item, from }) => !`${item ?? from}`.includes('.'));
  const newer = new Set(main.flatMap(({ item }) => (item === null ? [] : [item])));
  const taken = new Set(main.flatMap(({ item, from }) => [item, from].filter((name) => name !== null)));
  return main.flatMap((rule): VariableMapLine[] => {
    const { item, from, codes, rescale, within } = rule;
    if (from === null) return [];
    const line = { instrument, version, variable: from, rule: rule.rule, reason: rule.reason };
    if (item === null) {
      // A name that the newer version gives to something else would put two items into one column.
      if (!newer.has(from)) return [];
      const to = apartName(from, version, taken);
      taken.add(to);
      return [{ ...line, to, codes: {}, rescale: null, within: null }];
    }
    const stays = Object.keys(codes).length === 0 && rescale === null && within === null;
    if (item === from && stays && rule.rule === 'same') return [];
    return [{ ...line, to: item, codes, rescale, within }];
  });
}
