/** Versions whose languages have other tags (`en` and `en-GB`) are compared all the same. Called before versions are compared. */
import { baseOf } from '../languages.ts';
import type { Facts, ItemFact } from './facts.ts';
import type { Words } from './words.ts';

/** The tag of the newer version for each tag of the older one that is of the same language. */
function tagsOf(older: readonly string[], newer: readonly string[]): ReadonlyMap<string, string> {
  const tags = new Map<string, string>();
  for (const tag of newer) {
    const free = older.filter((one) => !tags.has(one));
    const same =
      free.find((one) => one === tag) ?? free.find((one) => baseOf(one) === baseOf(tag) && !newer.includes(one));
    if (same !== undefined) tags.set(same, tag);
  }
  const [first, to] = [older[0], newer[0]];
  // Without a common language, the first ones are all that can be held against each other.
  if (tags.size === 0 && first !== undefined && to !== undefined) tags.set(first, to);
  return tags;
}

/** The facts of the older version with its words under the tags of the newer one. */
export function alignedTo(older: Facts, newer: Facts): Facts {
  const { languages } = older.instrument;
  const tags = tagsOf(languages, newer.instrument.languages);
  if (languages.every((tag) => tags.get(tag) === tag)) return older;
  const aligned = (words: Words): Words =>
    Object.fromEntries(Object.entries(words).map(([tag, text]) => [tags.get(tag) ?? tag, text]));
  const items = older.items.map(
    (item): ItemFact => ({
      ...item,
      stem: aligned(item.stem),
      wording: aligned(item.wording),
      instruction: aligned(item.instruction),
      options: item.options.map((option) => ({ ...option, words: aligned(option.words) })),
    }),
  );
  return { ...older, items, tags };
}
