/** Binds a version of an information sheet to an administration: checks its languages, freezes it, and takes a copy. */
import { bestOf } from '../../instruments/languages.ts';
import type { InformationSheet, InformationText } from '../../instruments/study.ts';
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
  const draft = await getSheetVersion(db, study, sheet, version);
  textsIn(draft.texts, languages);
  // A draft may have been edited between the two: what is frozen is what counts.
  const { texts } = await freezeVersion(db, study, sheet, version, clock());
  const [[, text], ...others] = textsIn(texts, languages);
  return { version, ...text, sheet, ...(others.length > 0 ? { translations: Object.fromEntries(others) } : {}) };
}

type Spoken = [language: string, text: InformationText];

/** The text in each language; British English stands in for English, and the like. */
function textsIn(
  texts: Readonly<Record<string, InformationText>>,
  languages: readonly string[],
): [Spoken, ...Spoken[]] {
  const found = languages.flatMap((language): Spoken[] => {
    const text = texts[bestOf([language], Object.keys(texts)) ?? ''];
    return text ? [[language, text]] : [];
  });
  const missing = languages.filter((language) => !found.some(([known]) => known === language));
  const [first, ...others] = found;
  if (first && missing.length === 0) return [first, ...others];
  throw new Problem('invalid-request', {
    issues: missing.map((language) => ({
      code: 'language-missing',
      path: 'body.information',
      message: `This version of the information sheet has no ${language}. Add it in a new version, or leave the language out.`,
    })),
  });
}
