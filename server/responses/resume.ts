/** Where a person goes on: the draft of a link, or, where it closed and opened again, what was collected at the closing. */
import type { Context } from '../context.ts';
import { type Draft, loadDraft } from './drafts.ts';
import type { Link } from './offers.ts';
import { isShared } from './shared-link.ts';
import { findResponseOfInvitation } from './store.ts';

/** The answers to go on with, or null. */
export async function findDraft(context: Context, link: Link): Promise<Omit<Draft, 'lastPage'> | null> {
  if (isShared(link)) return null;
  const draft = await loadDraft(context.db, link);
  // What was unfinished at a closing stays an entry of its own.
  if (draft || link.administration.mode === 'anonymous' || link.administration.repeats) return draft;
  const partial = await findResponseOfInvitation(context.db, link.invitation);
  if (partial?.completion !== 'partial') return null;
  const { answers, lastPage, receivedAt, consent } = partial;
  return {
    answers,
    page: lastPage ?? 0,
    savedAt: receivedAt,
    // Version 0 is no sheet: consent that is not on record is asked for again.
    consent: { ...consent, information: consent?.information ?? 0, agreedAt: consent?.agreedAt ?? receivedAt },
    language: consent?.language,
  };
}
