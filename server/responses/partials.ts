/**
 * What becomes of drafts when an administration has closed: in a confidential one those with answers become partial
 * responses; in an anonymous one nobody can open them, and they are deleted. Called when somebody closes an
 * administration, and by the sweep for those whose last day has passed. Idempotent: may be cut off and run again.
 */
import { createHash } from 'node:crypto';
import type { Administration } from '../../instruments/study.ts';
import { availabilityOf } from '../administrations/availability.ts';
import { findAdministration } from '../administrations/store.ts';
import type { Context } from '../context.ts';
import { findInvitation } from '../invitations/store.ts';
import { findStudy } from '../studies/store.ts';
import { administrationsWithDrafts, type Draft, listDrafts, removeDraft, removeDrafts } from './drafts.ts';
import { hasEntry } from './entries-store.ts';
import { hashAnswers } from './hash-answers.ts';
import { loadOffer } from './offers.ts';
import { findResponseOfInvitation, insertResponse, type StoredResponse } from './store.ts';
import { furtherEntry } from './store-response.ts';
import { fieldsOf } from './submit.ts';

/** Turns the drafts of a closed administration into partial responses; the number newly stored. */
export async function collectPartials(context: Context, administration: Administration): Promise<number> {
  const { study, id } = administration;
  if (administration.mode === 'anonymous') {
    await removeDrafts(context.db, study, id);
    return 0;
  }
  let stored = 0;
  for await (const { invitation, draft } of listDrafts(context.db, study, id)) {
    if (await collectPartial(context, administration, invitation, draft)) stored += 1;
    await removeDraft(context.db, invitation);
  }
  return stored;
}

/** Collects the partial responses of every administration that is closed by now. Called at start and every hour. */
export async function sweepDrafts(context: Context): Promise<number> {
  let stored = 0;
  for (const found of await administrationsWithDrafts(context.db)) {
    const [study, administration] = await Promise.all([
      findStudy(context.db, found.study),
      findAdministration(context.db, found.study, found.administration),
    ]);
    if (!study || !administration) await removeDrafts(context.db, found.study, found.administration);
    else if (availabilityOf(administration, study, context.clock()) === 'closed') {
      stored += await collectPartials(context, administration);
    }
  }
  return stored;
}

async function collectPartial(
  context: Context,
  { study, id }: Administration,
  invitationId: string,
  draft: Draft,
): Promise<boolean> {
  if (Object.keys(draft.answers).length === 0) return false;
  const invitation = await findInvitation(context.db, study, id, invitationId);
  // Whoever declined, is ineligible, or took the answers back leaves none.
  if (!invitation || invitation.state === 'revoked' || invitation.state === 'withdrawn') return false;
  if (invitation.standing) return false;
  const answersHash = hashAnswers(draft.answers);
  const { administration, compiled } = await loadOffer(context, study, id);
  const { repeats } = administration;
  // Cut off between sending and forgetting, the draft is an entry already.
  if (repeats && (await hasEntry(context.db, invitation, answersHash))) return false;
  const standing = repeats ? null : await findResponseOfInvitation(context.db, invitation);
  if (standing?.completion === 'complete' || standing?.answersHash === answersHash) return false;
  const replaces = standing?._id ?? null;
  const which = repeats ? answersHash : replaces;
  const partial: StoredResponse = {
    _id: createHash('sha256').update(`${study}|${id}|partial|${invitationId}|${which}`).digest('hex'),
    ...fieldsOf({ administration, invitation, compiled }),
    answers: draft.answers,
    answersHash,
    completion: 'partial',
    lastPage: draft.lastPage,
    consent: draft.consent,
    receivedAt: draft.savedAt,
    replaces,
  };
  // The first place is for an entry that was sent: by that one the person counts.
  return insertResponse(context.db, repeats ? furtherEntry(partial, invitation) : partial);
}
