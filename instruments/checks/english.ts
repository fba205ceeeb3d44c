/** The English words of an instrument, for checks that read. Other languages are not read. */
import { baseOf } from '../languages.ts';

/** The first language of an instrument that is English, or null. */
export function englishOf(languages: readonly string[]): string | null {
  return languages.find((language) => baseOf(language) === 'en') ?? null;
}

/** A text without markup and insertions. */
export const readable = (text: string): string =>
  text
    .replace(/<[^<>]*>/g, ' ')
    .replace(/\{[^{}]*\}/g, ' something ')
    .trim();

export const wordsIn = (text: string): string[] => readable(text).match(/[\p{L}\p{N}][\p{L}\p{N}'’-]*/gu) ?? [];

/**
 * Syllables of an English word by its groups of vowels, without a silent e at the end; within one of the dictionary for nearly
 * all words, which is what formulas of reading ease were made with.
 *
 * @example
 * syllablesIn('collective') // => 3
 * syllablesIn('school') // => 1
 */
export function syllablesIn(word: string): number {
  const letters = word.toLowerCase().replace(/[^a-z]/g, '');
  if (letters.length <= 3) return 1;
  const shortened = letters.replace(/(?:[^laeiouy]es|[^td]ed|[^laeiouy]e)$/, (end) => end.charAt(0)).replace(/^y/, '');
  return Math.max(1, (shortened.match(/[aeiouy]{1,2}/g) ?? []).length);
}
