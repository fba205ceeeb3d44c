/** Binds a version of an information sheet to an administration: checks its languages, freezes it, and takes a copy. */
import type { InformationSheet } from '../../instruments/study.ts';
import type { Context } from '../context.ts';
import { freezeVersion, getSheetVersion } from '../information/store.ts';
import { Problem } from '../problems.ts';

export interface SheetChoice {
  readonly sheet: string;
  readonly version: number;
}

/** Throws `not-found`, or `invalid-request` when a language has no text. From here on the version never changes. */
export async function bindSheet(
  { db, clock }: Pick<Context, 'db' | 'clock'>,
  study: string,
  { sheet, version }: SheetChoice,
  languages: readonly string[],
): Promise<InformationSheet> {
  requireTexts((await getSheetVersion(db, study, sheet, version)).texts, languages);
  const { texts } = await freezeVersion(db, study, sheet, version, clock());
  // A draft may have been edited between the two: what is frozen is what counts.
  requireTexts(texts, languages);
  const [first = '', ...others] = languages;
  const text = texts[first];
  if (!text) throw new Problem('conflict');
  const translations = Object.fromEntries(
    others.flatMap((language) => (texts[language] ? [[language, texts[language]]] : [])),
  );
  return { version, ...text, sheet, ...(others.length > 0 ? { translations } : {}) };
}

function requireTexts(texts: Readonly<Record<string, unknown>>, languages: readonly string[]): void {
  const missing = languages.filter((language) => !texts[language]);
  if (missing.length === 0) return;
  throw new Problem('invalid-request', {
    issues: missing.map((language) => ({
      code: 'language-missing',
      path: 'body.information',
      message: `This version of the information sheet has no ${language}. Add it in a new version, or leave the language out.`,
    })),
  });
}
