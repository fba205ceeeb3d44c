/**
 * The texts that a study has given itself in place of those that ship, in MongoDB: append-only versions for each kind and
 * language, so that what was sent can be read later. Called by the routes of messages and by the writers of letters.
 */
import { type Connection, Schema } from 'mongoose';
import { translateDatabaseError } from '../database/errors.ts';
import { collectionOf } from '../database/models.ts';
import { Problem } from '../problems.ts';
import type { Template } from './template.ts';
import { defaultTemplates, shippedLanguageOf, shippedLanguages, type TemplateKind, templateKinds } from './words.ts';

export interface TemplateVersion extends Template {
  readonly kind: TemplateKind;
  /** BCP 47 tag. */
  readonly language: string;
  /** 0: the text that ships. */
  readonly version: number;
  readonly savedAt: Date | null;
  /** Id of the account. */
  readonly savedBy: string | null;
}

type TemplateDocument = TemplateVersion & { readonly _id: string; readonly study: string };

const templates = collectionOf<TemplateDocument>(
  'messageTemplates',
  new Schema<TemplateDocument>({
    _id: { type: String, required: true },
    study: { type: String, required: true },
    kind: { type: String, required: true },
    language: { type: String, required: true },
    version: { type: Number, required: true },
    subject: { type: String, required: true },
    body: { type: String, required: true },
    savedAt: { type: Date, required: true },
    savedBy: { type: String, default: null },
  }).index({ study: 1, kind: 1, language: 1, version: -1 }),
);

/** The newest version of each text of a study, those that ship included where the study has none of its own. */
export async function listTemplates(db: Connection, study: string): Promise<TemplateVersion[]> {
  const own = await templates(db)
    .find({ study }, { _id: 0, __v: 0, study: 0 })
    .sort({ version: 1 })
    .lean<TemplateVersion[]>();
  const newest = new Map<string, TemplateVersion>();
  for (const language of shippedLanguages) {
    for (const kind of templateKinds) newest.set(`${kind}/${language}`, shipped(kind, language));
  }
  for (const version of own) newest.set(`${version.kind}/${version.language}`, version);
  return [...newest.values()];
}

/** The newest text for a language: the study's own, or in its base language, or the one that ships. */
export async function findTemplate(
  db: Connection,
  study: string,
  kind: TemplateKind,
  language: string,
): Promise<TemplateVersion> {
  const base = language.split('-')[0] ?? language;
  for (const tag of new Set([language, base])) {
    const own = await templates(db)
      .findOne({ study, kind, language: tag }, { _id: 0, __v: 0, study: 0 })
      .sort({ version: -1 })
      .lean<TemplateVersion>();
    if (own) return own;
  }
  return shipped(kind, shippedLanguageOf(language));
}

/** Stores the next version. Throws `conflict` when somebody else has stored one since `after`. */
export async function saveTemplate(
  db: Connection,
  study: string,
  after: number,
  template: Omit<TemplateVersion, 'version'>,
): Promise<TemplateVersion> {
  const { kind, language } = template;
  const newest = await templates(db).findOne({ study, kind, language }).sort({ version: -1 }).lean<TemplateVersion>();
  if ((newest?.version ?? 0) !== after) throw new Problem('conflict');
  const saved = { ...template, version: after + 1 };
  try {
    await templates(db).create({ _id: `${study}/${kind}/${language}/${saved.version}`, study, ...saved });
  } catch (error) {
    if (translateDatabaseError(error)?.kind === 'duplicate-key') throw new Problem('conflict');
    throw error;
  }
  return saved;
}

export async function removeTemplates(db: Connection, study: string): Promise<void> {
  await templates(db).deleteMany({ study });
}

function shipped(kind: TemplateKind, language: (typeof shippedLanguages)[number]): TemplateVersion {
  return { kind, language, version: 0, savedAt: null, savedBy: null, ...defaultTemplates[language][kind] };
}
