/**
 * Texts that a language is without. `parseInstrument` refuses texts that lack a declared language; this adds blank ones and
 * those that are the same as in the first language, and tells how complete each language is.
 */
import type { Instrument } from '../instrument.ts';
import { formTexts } from '../translations.ts';
import { fault, hint, type InstrumentFinding } from './finding.ts';

const isBlank = (text: string | undefined): boolean => text === undefined || text.trim() === '';

export function checkTranslations({ survey, languages }: Instrument): InstrumentFinding[] {
  const [first = 'en', ...others] = languages;
  if (others.length === 0) return [];
  const findings: InstrumentFinding[] = [];
  // A plain text is the same in every language.
  const texts = formTexts(survey, languages).filter(
    ({ texts }) => Object.keys(texts).length > 1 && !isBlank(texts[first]),
  );
  for (const language of others) {
    let same = 0;
    for (const { path, texts: words } of texts) {
      const text = words[language] ?? '';
      if (isBlank(text)) {
        const message = `This text is blank in ${language}: translate it, or take the language out of the list.`;
        findings.push(fault('translation-blank', `${path}.${language}`, null, message));
      } else if (text === words[first] && text.length > 12) same += 1;
    }
    if (same > 0) {
      const message = `${same} of ${texts.length} texts in ${language} are the same as in ${first}; look whether they have been translated.`;
      findings.push(hint('translation-same', 'survey', null, message));
    }
  }
  return findings;
}
