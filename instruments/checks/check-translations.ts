/**
 * Texts that a language is without. `parseInstrument` refuses texts that lack a declared language; this adds blank ones and
 * those that are the same as in the first language, and tells how complete each language is.
 */
import type { Instrument } from '../instrument.ts';
import { isObject } from '../json.ts';
import { fault, hint, type InstrumentFinding } from './finding.ts';

interface Text {
  readonly path: string;
  readonly words: Readonly<Record<string, unknown>>;
}

/** Every text of a survey that has an entry for each language. */
function* textsIn(value: unknown, path: string, known: ReadonlySet<string>): Generator<Text> {
  if (Array.isArray(value)) {
    for (const [at, one] of value.entries()) yield* textsIn(one, `${path}[${at}]`, known);
    return;
  }
  if (!isObject(value)) return;
  const keys = Object.keys(value);
  if (keys.length > 0 && keys.every((key) => known.has(key))) {
    yield { path, words: value };
    return;
  }
  for (const key of keys) yield* textsIn(value[key], `${path}.${key}`, known);
}

const isBlank = (text: unknown): boolean => typeof text !== 'string' || text.trim() === '';

export function checkTranslations({ survey, languages }: Instrument): InstrumentFinding[] {
  const [first = 'en', ...others] = languages;
  if (others.length === 0) return [];
  const findings: InstrumentFinding[] = [];
  const texts = [...textsIn(survey, 'survey', new Set([...languages, 'default']))].filter(
    ({ words }) => !isBlank(words[first] ?? words.default),
  );
  for (const language of others) {
    let same = 0;
    for (const { path, words } of texts) {
      const text = words[language];
      if (isBlank(text)) {
        const message = `This text is blank in ${language}: translate it, or take the language out of the list.`;
        findings.push(fault('translation-blank', `${path}.${language}`, null, message));
      } else if (text === (words[first] ?? words.default) && String(text).length > 12) same += 1;
    }
    if (same > 0) {
      const message = `${same} of ${texts.length} texts in ${language} are the same as in ${first}; look whether they have been translated.`;
      findings.push(hint('translation-same', 'survey', null, message));
    }
  }
  return findings;
}
