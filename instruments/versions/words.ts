/** Texts by language, and how far two of them differ. Called by the facts of items and the comparison of versions. */
import { isObject, own } from '../json.ts';

/** A text in each language that it has. */
export type Words = Readonly<Record<string, string>>;

/** What a text property says in each language; a plain string is in the first one. */
export function wordsOf(value: unknown, languages: readonly string[], otherwise = ''): Words {
  const [first = 'en'] = languages;
  if (typeof value === 'string') return value === '' ? { [first]: otherwise } : { [first]: value };
  if (!isObject(value)) return { [first]: otherwise };
  const words: Record<string, string> = {};
  for (const [position, language] of languages.entries()) {
    const text = own(value, language) ?? (position === 0 ? own(value, 'default') : undefined);
    if (typeof text === 'string') words[language] = text;
  }
  words[first] ??= otherwise;
  return words;
}

/** Two texts one behind the other, in every language that either has. */
export function joinedWords(stem: Words, part: Words, sign = ': '): Words {
  const joined: Record<string, string> = {};
  for (const language of new Set([...Object.keys(stem), ...Object.keys(part)])) {
    joined[language] = [stem[language] ?? '', part[language] ?? ''].filter((text) => text !== '').join(sign);
  }
  return joined;
}

/** The text in the first language that has one. */
export const firstOf = (words: Words): string => Object.values(words).find((text) => text !== '') ?? '';

/**
 * A text without what does not change its meaning: capitals, spaces, punctuation and markup. Signs inside and before
 * numbers stay, and so do letters with all their accents.
 *
 * @example
 * plainText('We trust one another.') === plainText('We trust one  another') // => true
 * plainText('1.5 hours') === plainText('15 hours') // => false
 */
export function plainText(text: string): string {
  return text
    .normalize('NFC')
    .replace(/<[^<>]*>/g, ' ')
    .replace(/[‘’ʼ]/g, "'")
    .replace(/[−–](?=\d)/g, '-')
    .replace(/(?<=\d)[.,](?=\d)/g, '\uE001')
    .replace(/(?<![\p{L}\p{N}])-(?=\d)/gu, '\uE002')
    .replace(/[<>=≤≥%+]/g, (sign) => ` ${sign} `)
    .replace(/[^\p{L}\p{M}\p{N}<>=≤≥%+\uE001\uE002]+/gu, ' ')
    .trim()
    .toLowerCase();
}

export type Difference = 'none' | 'signs' | 'words';

/** How far a text changed: not, in its signs only, or in its words. */
export function differenceOf(older: string, newer: string): Difference {
  if (older === newer) return 'none';
  return plainText(older) === plainText(newer) ? 'signs' : 'words';
}

/** A difference in one language; the one of most weight where several differ. */
export interface WordsDifference {
  readonly difference: Difference;
  readonly before: string;
  readonly after: string;
}

/** Compares two texts in the languages that both versions speak. */
export function compareWords(older: Words, newer: Words, shared: readonly string[]): WordsDifference {
  let found: WordsDifference = { difference: 'none', before: firstOf(older), after: firstOf(newer) };
  for (const [position, language] of shared.entries()) {
    const [before, after] = [older[language] ?? '', newer[language] ?? ''];
    const difference = differenceOf(before, after);
    if (difference === 'none' || found.difference === 'words' || difference === found.difference) continue;
    const tag = position === 0 ? '' : `${language}: `;
    found = { difference, before: tag + before, after: tag + after };
  }
  return found;
}

const negations: ReadonlySet<string> = new Set([
  ...[
    'no',
    'not',
    'never',
    'nobody',
    'none',
    'nothing',
    'cannot',
    'without',
    'neither',
    'nor',
    'hardly',
    'rarely',
    'seldom',
  ],
  ...['nicht', 'kein', 'keine', 'keinen', 'nie', 'niemals', 'niemand', 'ohne', 'kaum'],
]);

/** How many words of a text turn it round. */
export function negationsIn(text: string): number {
  // The apostrophe goes with the other signs: "don't" is "don t" in plain text.
  const words =
    text
      .toLowerCase()
      .replace(/[‘’ʼ]/g, "'")
      .match(/[\p{L}\p{M}']+/gu) ?? [];
  return words.filter((word) => negations.has(word) || /n't$/.test(word)).length;
}
