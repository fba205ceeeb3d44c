/**
 * How hard the words are and how long answering takes.
 *
 * Reading age: the Flesch-Kincaid grade, 0.39 words/sentences + 11.8 syllables/words - 15.59 (Kincaid, Fishburne, Rogers and
 * Chissom 1975, Naval Technical Training Command Research Branch Report 8-75), plus five years for the age. English only.
 *
 * Minutes: words at 200 a minute (adults read 238 a minute silently, Brysbaert 2019, Journal of Memory and Language 109,
 * 104047; questions are read with more care), and for each item the time to choose or type, set by the kind of answer.
 */
import { type Facts, type ItemFact, partAt } from '../versions/facts.ts';
import { firstOf, wordsOf } from '../versions/words.ts';
import { englishOf, readable, syllablesIn, wordsIn } from './english.ts';
import { hint, type InstrumentFinding } from './finding.ts';

const wordsAMinute = 200;

/** Seconds to answer once read. */
function secondsFor({ questionType, variable, choice }: ItemFact): number {
  if (variable.origin === 'calculated') return 0;
  if (questionType === 'comment') return 30;
  if (questionType === 'ranking') return 4;
  if (choice !== null) return 1;
  if (variable.type === 'text') return 12;
  if (variable.type === 'date' || variable.type === 'datetime' || variable.type === 'time') return 8;
  return questionType === 'text' || questionType === 'multipletext' ? 8 : 3;
}

/** Texts that are read: each item, and once what its question, its choices and its page say. */
function textsOf({ items, form, instrument }: Facts, language: string): string[] {
  const texts: string[] = [];
  const seen = new Set<string>();
  for (const item of items) {
    texts.push(item.wording[language] ?? firstOf(item.wording));
    if (seen.has(item.question)) continue;
    seen.add(item.question);
    texts.push(item.stem[language] ?? '', item.instruction[language] ?? '');
    for (const { words } of item.options) texts.push(words[language] ?? '');
  }
  form.pages.forEach((_, at) => {
    const page = partAt(instrument, `survey.pages[${at}]`);
    for (const key of ['title', 'description']) texts.push(wordsOf(page[key], instrument.languages)[language] ?? '');
  });
  return texts.filter((text) => text !== '');
}

/**
 * The Flesch-Kincaid grade of a text in English: years of American schooling.
 *
 * @example
 * gradeOf('The cat sat on the mat.') // => -1.45
 */
export function gradeOf(text: string): number {
  const words = wordsIn(text);
  const sentences = readable(text)
    .split(/[.!?…]+(?:\s|$)/)
    .filter((part) => part.trim() !== '').length;
  if (words.length === 0) return 0;
  const syllables = words.reduce((sum, word) => sum + syllablesIn(word), 0);
  const grade = 0.39 * (words.length / Math.max(1, sentences)) + 11.8 * (syllables / words.length) - 15.59;
  return Number(grade.toFixed(2));
}

interface Effort {
  /** Minutes for somebody who is asked everything. */
  readonly minutes: number;
  readonly words: number;
  readonly items: number;
  /** Flesch-Kincaid grade and the age that goes with it; null without English. */
  readonly grade: number | null;
  readonly age: number | null;
}

/** What an instrument asks of those who answer, all questions shown. */
function effortOf(facts: Facts): Effort {
  const { instrument, items } = facts;
  const english = englishOf(instrument.languages);
  const texts = textsOf(facts, english ?? instrument.languages[0] ?? 'en');
  const words = texts.reduce((sum, text) => sum + wordsIn(text).length, 0);
  const seconds = items.reduce((sum, item) => sum + secondsFor(item), 0);
  // Labels of one or two words are no sentences: they would make everything look easy.
  const sentences = texts
    .filter((text) => wordsIn(text).length > 4)
    .map((text) => (/[.!?…]$/.test(text) ? text : `${text}.`));
  const grade = english === null || sentences.length === 0 ? null : gradeOf(sentences.join(' '));
  return {
    minutes: Number((words / wordsAMinute + seconds / 60).toFixed(1)),
    words,
    items: items.length,
    grade,
    age: grade === null ? null : Math.round(grade + 5),
  };
}

/** Grade from which an item is told, and words. */
const hardest = 14;
const longest = 30;

export function checkReading(facts: Facts): InstrumentFinding[] {
  const { minutes, grade, age, words, items } = effortOf(facts);
  const findings: InstrumentFinding[] = [];
  if (minutes > 15) {
    const message = `Answering everything takes about ${Math.round(minutes)} minutes (${words} words, ${items} items); beyond 15 many break off. Leave out what no analysis needs.`;
    findings.push(hint('long', 'survey', null, message));
  } else {
    const message = `Answering everything takes about ${Math.max(1, Math.round(minutes))} minutes (${words} words, ${items} items).`;
    findings.push(hint('minutes', 'survey', null, message));
  }
  if (grade !== null && age !== null) {
    const advice = grade > 12 ? ' That is hard to read quickly: shorten sentences and use everyday words.' : '';
    const message = `Reading age about ${Math.max(5, age)} years (Flesch-Kincaid grade ${grade.toFixed(1)}).${advice}`;
    findings.push(hint('reading-age', 'survey', null, message));
  }
  const english = englishOf(facts.instrument.languages);
  for (const { name, path, wording, choice } of english === null ? [] : facts.items) {
    const text = wording[english ?? ''] ?? '';
    const count = wordsIn(text).length;
    if (choice !== null || count < 8) continue;
    const own = gradeOf(text);
    if (count > longest) {
      findings.push(
        hint('long-item', path, name, `${name} has ${count} words; most people remember the start of 20. Shorten it.`),
      );
    } else if (own > hardest) {
      const message = `${name} is hard to read (Flesch-Kincaid grade ${own.toFixed(1)}); use shorter words or two sentences.`;
      findings.push(hint('hard-item', path, name, message));
    }
  }
  return findings;
}
