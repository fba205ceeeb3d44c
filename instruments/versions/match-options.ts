/**
 * Which option of the newer version an older one has become: the one with its words, else the one with its code. Called by
 * the comparison of items and by the item map, so that both say the same.
 */
import type { OptionFact } from './facts.ts';
import { plainText } from './words.ts';

export interface OptionPair {
  readonly older: OptionFact;
  readonly newer: OptionFact | null;
}

export interface OptionMatch {
  /** In the order of the older version. */
  readonly pairs: readonly OptionPair[];
  readonly added: readonly OptionFact[];
}

/** Options by their words; those whose words stand twice are known by their codes alone. */
function byWords(options: readonly OptionFact[], language: string): Map<string, OptionFact> {
  const found = new Map<string, OptionFact>();
  const twice = new Set<string>();
  for (const option of options) {
    const words = plainText(option.words[language] ?? '');
    if (words === '' || found.has(words)) twice.add(words);
    found.set(words, option);
  }
  for (const words of twice) found.delete(words);
  return found;
}

/** @param language the first that both versions speak */
export function matchOptions(
  older: readonly OptionFact[],
  newer: readonly OptionFact[],
  language: string,
): OptionMatch {
  const [before, after] = [byWords(older, language), byWords(newer, language)];
  const taken = new Set<number>();
  const found = new Map<number, OptionFact>();
  for (const [words, option] of before) {
    const same = after.get(words);
    if (!same) continue;
    found.set(option.code, same);
    taken.add(same.code);
  }
  for (const option of older) {
    if (found.has(option.code)) continue;
    const same = newer.find(({ code }) => code === option.code && !taken.has(code));
    if (!same) continue;
    found.set(option.code, same);
    taken.add(same.code);
  }
  return {
    pairs: older.map((option) => ({ older: option, newer: found.get(option.code) ?? null })),
    added: newer.filter(({ code }) => !taken.has(code)),
  };
}
