/** Two item maps one after the other: answers to version 1 as answers to version 3. Called by pooled datasets. */
import { grades } from './change.ts';
import type { ItemMap, ItemRule } from './item-map.ts';
import { mappedValue, rescaled } from './mapped-value.ts';

/**
 * @param first from an older version to one between
 * @param second from the one between to a newer version
 */
export function composeItemMaps(first: ItemMap, second: ItemMap): ItemMap {
  const before = new Map(first.items.flatMap((rule) => (rule.item === null ? [] : [[rule.item, rule] as const])));
  const reached = new Set<string>();
  const items = second.items.flatMap((rule): ItemRule[] => {
    if (rule.item === null) return [];
    const earlier = rule.from === null ? undefined : before.get(rule.from);
    if (!earlier || earlier.from === null) return [{ ...rule, ...stepless, from: null, rule: 'new' }];
    const composed = inTurn(earlier, rule);
    if (composed) reached.add(earlier.from);
    return [composed ?? { ...rule, ...stepless, from: null, rule: 'new', grade: 'breaking', reason: mixed }];
  });
  const dropped = first.items.flatMap((rule): ItemRule[] => {
    if (rule.from === null || reached.has(rule.from)) return [];
    const later = second.items.find(({ from }) => from !== null && from === rule.item);
    const reason = rule.item === null ? rule.reason : (later?.reason ?? mixed);
    return [{ ...rule, ...stepless, item: null, rule: 'dropped', grade: 'breaking', reason }];
  });
  return {
    ...first,
    to: second.to,
    items: [...items, ...dropped],
    decisions: [...first.decisions, ...second.decisions],
  };
}

const stepless = { codes: {}, rescale: null, within: null };
const mixed = 'Its codes and its range have both changed on the way between the two versions.';

/** One rule behind the other; null where no single rule says both. */
function inTurn(one: ItemRule, other: ItemRule): ItemRule | null {
  const [first, second] = [Object.keys(one.codes).length > 0, Object.keys(other.codes).length > 0];
  if ((first && other.rescale) || (one.rescale && second)) return null;
  const codes: Record<string, number | null> = { ...other.codes };
  for (const [code, to] of Object.entries(one.codes)) {
    codes[code] = to === null ? null : mappedValue(other, to);
  }
  for (const [code, to] of Object.entries(codes)) if (Number(code) === to) delete codes[code];
  const rescale = bothRanges(one.rescale, other.rescale);
  const notes = [one.note, other.note].filter((note) => note !== null);
  const reworded = [one.rule, other.rule].includes('reworded');
  return {
    item: other.item,
    from: one.from,
    rule: rescale ? 'rescaled' : Object.keys(codes).length > 0 ? 'recoded' : reworded ? 'reworded' : 'same',
    codes,
    rescale,
    within: both(one.within, one.rescale ? before(other.within, one.rescale) : other.within),
    grade: grades[Math.max(grades.indexOf(one.grade), grades.indexOf(other.grade))] ?? other.grade,
    reason: [...new Set([one.reason, other.reason])].join(' '),
    note: notes.length > 0 ? notes.join(' ') : null,
  };
}

type Limits = ItemRule['within'];

/** What both limits allow. */
function both(one: Limits, other: Limits): Limits {
  if (!one || !other) return one ?? other;
  return { min: Math.max(one.min, other.min), max: Math.min(one.max, other.max) };
}

/** Limits of rescaled values, as limits of the values before. */
function before(limits: Limits, { from, to }: NonNullable<ItemRule['rescale']>): Limits {
  if (!limits) return null;
  const ends = [limits.min, limits.max].map((end) => rescaled(end, { from: to, to: from }));
  return { min: Math.min(...ends), max: Math.max(...ends) };
}

function bothRanges(one: ItemRule['rescale'], other: ItemRule['rescale']): ItemRule['rescale'] {
  if (!one || !other) return one ?? other;
  return { from: one.from, to: { min: rescaled(one.to.min, other), max: rescaled(one.to.max, other) } };
}

/**
 * The map from one version to another by way of those between; null where one of the steps has no map.
 * @param maps of one instrument
 */
export function itemMapBetween(maps: readonly ItemMap[], from: number, to: number): ItemMap | null {
  const last = maps.find((map) => map.to === to);
  if (!last || last.from < from || last.from >= to) return null;
  if (last.from === from) return last;
  const before = itemMapBetween(maps, from, last.from);
  return before && composeItemMaps(before, last);
}
