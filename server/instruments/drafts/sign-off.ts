/**
 * A second reader signs a language of a draft off, and takes that back: somebody else than wrote its texts last has read them
 * all. It holds for the texts that they have read; where a text is changed, it holds no more. Called by the routes.
 */
import type { Context } from '../../context.ts';
import { Problem } from '../../problems.ts';
import type { Draft } from './draft.ts';
import { type LanguageRecord, languageRecords } from './languages.ts';
import { closed } from './save.ts';
import { getDraft, markSignOff } from './store.ts';

export const recordsOf = (draft: Draft): LanguageRecord[] => languageRecords(JSON.parse(draft.json), draft);

/**
 * Throws `not-found` for a language that the draft does not have, `state-not-allowed` when it is not open, lacks texts in that
 * language, or was written by the same person, and `conflict` when the texts have changed since they were read.
 */
export async function signOffLanguage(
  { db, clock }: Context,
  {
    id,
    language,
    hash,
    by,
  }: { readonly id: string; readonly language: string; readonly hash: string; readonly by: string },
): Promise<void> {
  const { draft, record } = await languageOf({ db, id, language });
  if (record.hash !== hash) throw changed();
  if (record.signedOff?.by === by) return;
  if (record.done < record.all) {
    const detail = `${record.all - record.done} of ${record.all} texts are missing in this language. Write them first.`;
    throw new Problem('state-not-allowed', { detail });
  }
  if (record.writtenBy === by) {
    const detail = 'You changed these texts last. Somebody else has to read them.';
    throw new Problem('state-not-allowed', { detail });
  }
  const mark = { hash, by, at: clock() };
  if (!(await markSignOff(db, draft, language, mark))) throw changed();
}

/** Takes a sign-off back; where there is none, that is a success. Throws as `signOffLanguage`. */
export async function undoSignOff(
  { db }: Context,
  { id, language }: { readonly id: string; readonly language: string },
): Promise<void> {
  const { draft, record } = await languageOf({ db, id, language });
  if (!record.signedOff) return;
  if (!(await markSignOff(db, draft, language, null))) throw changed();
}

async function languageOf({ db, id, language }: { db: Context['db']; id: string; language: string }) {
  const draft = await getDraft(db, id);
  const record = recordsOf(draft).find((one) => one.language === language);
  if (!record) throw new Problem('not-found', { detail: `The draft has no language "${language}".` });
  if (draft.state !== 'open') throw closed(draft);
  return { draft, record };
}

const changed = () =>
  new Problem('conflict', { detail: 'The draft has changed since you read its texts. Read them again, then sign.' });
