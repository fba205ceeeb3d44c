/**
 * The languages of an instrument as people have read them: who wrote the texts of each last, and the second reader who signed
 * them off. A record holds for the texts with its hash: where they read otherwise, nobody has signed them. Used by the saves
 * of drafts, by publishing and by `sign-off.ts`.
 */
import { createHash } from 'node:crypto';
import { Schema } from 'mongoose';
import { canonicalJson } from '../../../instruments/canonical.ts';
import { languageTag } from '../../../instruments/languages.ts';
import { completeness, formTexts, readTexts } from '../../../instruments/translations.ts';

/** Somebody did something with exactly these texts. */
interface Mark {
  /** SHA-256 of the texts beside those in the first language. */
  readonly hash: string;
  /** Id of the account. */
  readonly by: string;
  readonly at: Date;
}

/** By language. */
export type Marks = Readonly<Record<string, Mark>>;

export const marksField = { type: Schema.Types.Mixed, default: () => ({}) } as const;

/** A language of a draft or of a version, as its texts stand there. */
export interface LanguageRecord {
  readonly language: string;
  readonly hash: string;
  /** Texts that it has, and texts that there are. */
  readonly done: number;
  readonly all: number;
  /** Who changed its texts last; null where nobody knows. */
  readonly writtenBy: string | null;
  readonly signedOff: { readonly by: string; readonly at: Date } | null;
}

type Content = Readonly<Record<string, unknown>>;

interface Read {
  readonly language: string;
  readonly hash: string;
  readonly done: number;
  readonly all: number;
}

/** The languages of a draft's content, which may be wrong in any way. */
export function readLanguages(content: Content): Read[] {
  const given = Array.isArray(content.languages) ? content.languages : [];
  const languages = [...new Set(given)].filter((one) => typeof one === 'string' && languageTag.test(one)).slice(0, 100);
  const texts = formTexts(content.survey, languages);
  return languages.map((language) => ({
    language,
    hash: createHash('sha256')
      .update(canonicalJson(readTexts(content.survey, languages, language)))
      .digest('hex'),
    ...completeness(texts, language),
  }));
}

/** Who wrote the texts of each language last, after somebody saved them: texts that read as before have the writer they had. */
export function writersAfter(
  before: { readonly writers: Marks; readonly content: Content },
  content: Content,
  { by, at }: Pick<Mark, 'by' | 'at'>,
): Marks {
  const known = new Map(readLanguages(before.content).map(({ language, hash }) => [language, hash]));
  return Object.fromEntries(
    readLanguages(content).flatMap(({ language, hash }) => {
      if (known.get(language) !== hash) return [[language, { hash, by, at }]];
      const was = before.writers[language];
      return was ? [[language, was]] : [];
    }),
  );
}

export function languageRecords(
  content: Content,
  { writers, signOffs }: { readonly writers: Marks; readonly signOffs: Marks },
): LanguageRecord[] {
  const of = (marks: Marks, { language, hash }: Read) => (marks[language]?.hash === hash ? marks[language] : null);
  return readLanguages(content).map((read) => {
    const signed = of(signOffs, read);
    return {
      ...read,
      writtenBy: of(writers, read)?.by ?? null,
      signedOff: signed ? { by: signed.by, at: signed.at } : null,
    };
  });
}

/** The writers and second readers that a draft begins with when its texts are those of a version. */
export function marksOf(records: readonly LanguageRecord[], at: Date): { writers: Marks; signOffs: Marks } {
  return {
    writers: Object.fromEntries(
      records.flatMap(({ language, hash, writtenBy }) =>
        writtenBy === null ? [] : [[language, { hash, by: writtenBy, at }]],
      ),
    ),
    signOffs: Object.fromEntries(
      records.flatMap(({ language, hash, signedOff }) => (signedOff ? [[language, { hash, ...signedOff }]] : [])),
    ),
  };
}
