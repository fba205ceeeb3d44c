/**
 * Withdrawal: a person takes answers back. What was asked for is on record before anything is removed, each step may be
 * repeated, and the sweeper finishes what was cut off. A tombstone keeps the counts right (`tombstoneOf` in
 * responses/withdrawal.ts). Called by the respondent's pages, the workbench's routes and `fidelis person withdraw`.
 */
import { createHmac } from 'node:crypto';
import type { Study } from '../../instruments/study.ts';
import { dayIn, mayWithdraw } from '../administrations/availability.ts';
import { listAdministrations } from '../administrations/store.ts';
import { removeTicks } from '../attendance/ticks.ts';
import type { Context } from '../context.ts';
import { removeEvidenceOf } from '../evidence/store.ts';
import { forgetExports } from '../exports/forget.ts';
import { invitationsOfPerson, withdrawInvitations } from '../invitations/endings.ts';
import type { Invitation } from '../invitations/store.ts';
import { tokenFor } from '../invitations/tokens.ts';
import { optOut } from '../mail/stops.ts';
import { cancelMessages } from '../outbox/store.ts';
import { removePapersOf } from '../paper/store.ts';
import { Problem } from '../problems.ts';
import { removeDraftOf } from '../responses/drafts.ts';
import { removeParadataOf } from '../responses/paradata.ts';
import { grouped, hashReceipt } from '../responses/receipts.ts';
import { findByReceipt, withdrawResponses } from '../responses/withdrawal.ts';
import { findPerson } from '../rosters/store.ts';
import { getStudy } from '../studies/store.ts';
import { advanceWithdrawal, beginWithdrawal, findWithdrawal, unsettledWithdrawals, type Withdrawal } from './store.ts';

type Asked = Pick<Withdrawal, 'scope' | 'person' | 'invitation' | 'response' | 'administration' | 'by'>;
const nothing = { person: null, invitation: null, response: null, administration: null } as const;

/** Takes back all that a person gave to a study; nobody asks them again. Throws `not-found`, `withdrawal-closed`. */
export async function withdrawPerson(
  context: Context,
  studyId: string,
  person: string,
  by: Withdrawal['by'],
): Promise<Withdrawal> {
  const study = await getStudy(context.db, studyId);
  if (!(await findPerson(context.db, studyId, person))) {
    throw new Problem('not-found', { detail: `The study "${studyId}" has no person "${person}".` });
  }
  return withdraw(context, study, { ...nothing, scope: 'study', person, by });
}

/** Takes back what came through one personal link. Throws `withdrawal-closed`. */
export async function withdrawLink(
  context: Context,
  { study: studyId, _id, person, administration }: Invitation,
  by: Withdrawal['by'],
): Promise<Withdrawal> {
  const study = await getStudy(context.db, studyId);
  return withdraw(context, study, { ...nothing, scope: 'link', person, invitation: _id, administration, by });
}

/** Takes back the answers of a receipt code, in any study or this one. Throws `receipt-unknown`, `withdrawal-closed`. */
export async function withdrawReceipt(
  context: Context,
  code: string,
  by: Withdrawal['by'],
  within?: string,
): Promise<Withdrawal> {
  const hash = hashReceipt(code);
  const found = hash === null ? null : await findByReceipt(context.db, hash);
  if (!found || (within !== undefined && found.study !== within)) throw new Problem('receipt-unknown');
  const study = await getStudy(context.db, found.study);
  const { _id: response, administration } = found;
  return withdraw(context, study, { ...nothing, scope: 'response', response, administration, by });
}

/** Finishes withdrawals that were cut off, and settles those that were applied; called by the sweeper. */
export async function sweepWithdrawals(context: Context): Promise<void> {
  for (const withdrawal of await unsettledWithdrawals(context.db)) await apply(context, withdrawal);
}

async function withdraw(context: Context, study: Study, asked: Asked): Promise<Withdrawal> {
  const _id = [study.id, asked.scope, asked.response ?? asked.invitation ?? asked.person].join('/');
  const known = await findWithdrawal(context.db, _id);
  // A second request, perhaps because the first answer was lost: also after the last day, it was in time.
  if (!known && !mayWithdraw(study, context.clock())) throw new Problem('withdrawal-closed');
  const on = dayIn(study.timeZone, context.clock());
  const withdrawal =
    known ??
    (await beginWithdrawal(context.db, { _id, study: study.id, ...asked, confirmation: proof(context, _id), on }));
  return withdrawal.state === 'begun' ? apply(context, withdrawal) : withdrawal;
}

/** A short code for the conversation afterwards; it opens nothing. */
function proof({ secret }: Context, id: string): string {
  return grouped(createHmac('sha256', secret.derive('withdrawals')).update(id).digest(), 8);
}

/** Removes everything that a withdrawal is about. Any step may have been done before. */
async function apply(context: Context, withdrawal: Withdrawal): Promise<Withdrawal> {
  const { db } = context;
  const { study, scope, person, invitation, response } = withdrawal;
  const mine = scope === 'response' || person === null ? [] : await invitationsOfPerson(db, study, person, invitation);
  const ids = mine.map(({ _id }) => _id);
  // Links first, so that nothing new comes in behind what is removed.
  await withdrawInvitations(db, study, ids);
  const removed = await withdrawResponses(db, study, {
    ids: response === null ? [] : [response],
    invitations: ids,
    person: scope === 'study' ? person : null,
  });
  // What was begun before and cut off is a tombstone already.
  const responses = response === null ? removed : [...removed, response];
  await removeEvidenceOf(db, study, { responses, invitations: ids });
  await removeParadataOf(db, study, responses);
  await removePapersOf(db, study, {
    person: scope === 'study' ? person : null,
    invitations: ids,
    responses,
  });
  const ticked = scope === 'study' && person !== null ? await removeTicks(db, study, person) : 0;
  await removeDrafts(context, study, mine);
  if (scope === 'study' && person !== null) await optOut(context, study, person);
  // Once it is applied a later look removes what was on its way only, and most often nothing.
  if (withdrawal.state === 'begun' || removed.length > 0 || ticked > 0) await forgetExports(context, study);
  await cancelMessages(db, study, scope === 'study' ? { person: person ?? '' } : { invitations: ids });
  return (await advanceWithdrawal(db, withdrawal, removed.length)) ?? withdrawal;
}

/** Drafts go in anonymous administrations too: their names come from the links' tokens, which can be made again. */
async function removeDrafts(context: Context, study: string, invitations: readonly Invitation[]): Promise<void> {
  if (invitations.length === 0) return;
  const administrations = new Map((await listAdministrations(context.db, study)).map((one) => [one.id, one]));
  for (const invitation of invitations) {
    const administration = administrations.get(invitation.administration);
    const token = tokenFor(context, invitation._id, invitation.serial);
    if (administration) await removeDraftOf(context.db, { administration, invitation, token });
  }
}
