/**
 * Which item of the newer version an older one is: the one of its name; a choice of a question with several answers is known
 * by its words, since its name is made of its code; and an item under another name is known by unchanged words and options.
 */
import type { Facts, ItemFact } from './facts.ts';
import { plainText } from './words.ts';

export interface ItemPair {
  readonly older: ItemFact;
  readonly newer: ItemFact;
}

export interface ItemMatch {
  /** In the order of the newer version. */
  readonly pairs: readonly ItemPair[];
  readonly dropped: readonly ItemFact[];
  readonly added: readonly ItemFact[];
  /** The languages of both, first that of the newer version. */
  readonly shared: readonly string[];
}

/** Items by a key; a key that two share stands for neither. */
function uniquely(items: readonly ItemFact[], keyOf: (item: ItemFact) => string | null): Map<string, ItemFact> {
  const found = new Map<string, ItemFact>();
  const twice = new Set<string>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === null) continue;
    if (found.has(key)) twice.add(key);
    found.set(key, item);
  }
  for (const key of twice) found.delete(key);
  return found;
}

/** Words and answers of an item, for finding it under another name; null where the words are too few to know it by. */
function likeness(item: ItemFact, language: string): string | null {
  const words = plainText(item.wording[language] ?? '');
  if (words.length < 8 || item.choice !== null) return null;
  const options = item.options.map(({ code, words: text }) => `${code} ${plainText(text[language] ?? '')}`);
  const stem = plainText(item.stem[language] ?? '');
  return JSON.stringify([item.table, stem, words, item.variable.type, item.calculation, options]);
}

/** @param older aligned to the languages of `newer` */
export function matchItems(older: Facts, newer: Facts): ItemMatch {
  const spoken = new Set(older.tags?.values() ?? older.instrument.languages);
  const shared = newer.instrument.languages.filter((language) => spoken.has(language));
  const [language = 'en'] = shared;
  const partner = new Map<ItemFact, ItemFact>();
  const taken = new Set<ItemFact>();
  const pairUp = (keyOf: (item: ItemFact) => string | null): void => {
    const left = uniquely(
      older.items.filter((item) => !taken.has(item)),
      keyOf,
    );
    const right = uniquely(
      newer.items.filter((item) => !partner.has(item)),
      keyOf,
    );
    for (const [key, item] of right) {
      const found = left.get(key);
      if (!found) continue;
      partner.set(item, found);
      taken.add(found);
    }
  };
  pairUp((item) => (item.choice === null ? null : `${item.question} ${plainText(item.wording[language] ?? '')}`));
  pairUp((item) => item.name);
  pairUp((item) => likeness(item, language));
  return {
    pairs: newer.items.flatMap((item) => {
      const found = partner.get(item);
      return found ? [{ older: found, newer: item }] : [];
    }),
    dropped: older.items.filter((item) => !taken.has(item)),
    added: newer.items.filter((item) => !partner.has(item)),
    shared,
  };
}
