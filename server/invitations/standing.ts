/**
 * Who is not asked any more: a respondent who declines, and people whom an evaluator or the roster finds ineligible.
 * Called by the respondent's routes, the routes of the link list and `refresh.ts`.
 */

import type { Connection } from 'mongoose';
import { dayIn } from '../administrations/availability.ts';
import { getAdministration } from '../administrations/store.ts';
import type { Scope } from '../authority.ts';
import type { Context } from '../context.ts';
import { Problem } from '../problems.ts';
import { getStudy } from '../studies/store.ts';
import { type LinkRow, singleRow, unusedInvitation } from './links.ts';
import {
  type IneligibleReason,
  type Invitation,
  invitations,
  type Standing,
  standings,
  standingTransitions,
} from './store.ts';

/**
 * Marks an invitation as ineligible, with the reason, or (null) as asked again. Throws `link-used` when answers came
 * through it, and `state-not-allowed` when it stands so that this cannot follow.
 */
export async function setIneligible(
  context: Context,
  place: { study: string; administration: string; invitation: string },
  scope: Scope,
  reason: IneligibleReason | null,
): Promise<LinkRow> {
  const { study, administration, invitation: id } = place;
  await getAdministration(context.db, study, administration);
  const invitation = await unusedInvitation(context, study, administration, id, scope);
  const to: Standing = reason === null ? 'asked' : 'ineligible';
  if (reason === null && invitation.standing !== 'ineligible') {
    throw new Problem('state-not-allowed', { detail: 'This person is not marked as ineligible.' });
  }
  const on = dayIn((await getStudy(context.db, study)).timeZone, context.clock());
  const changed = await changeStanding(context.db, { study, administration, id }, to, {
    on,
    ...(reason ? { reason } : {}),
  });
  if (!changed) {
    throw new Problem('state-not-allowed', {
      detail: 'The link was withdrawn, or the person is marked as ineligible.',
    });
  }
  return singleRow(context, changed);
}

/**
 * Remembers that a person chose not to take part: the day, and nothing else. The same again is a success.
 * In an anonymous administration nothing is lost by it, because there are no answers that it could be laid beside.
 */
export async function declineInvitation(context: Context, invitation: Invitation, timeZone: string): Promise<void> {
  // What one of many says of a shared link is not said by the others.
  if (invitation.shared) throw new Problem('state-not-allowed', { detail: 'Simply close the page of a shared link.' });
  if (invitation.standing === 'declined') return;
  const { study, administration, _id: id } = invitation;
  const on = dayIn(timeZone, context.clock());
  const declined = await changeStanding(context.db, { study, administration, id }, 'declined', { on });
  if (!declined) throw new Problem('conflict');
}

/** Somebody who declined has thought again; of the refusal nothing remains. */
export async function reconsider(
  context: Context,
  { study, administration, _id, standing }: Invitation,
): Promise<void> {
  if (standing !== 'declined') return;
  await changeStanding(context.db, { study, administration, id: _id }, 'asked', { on: '' });
}

/**
 * Marks people whom the roster finds ineligible, all at once; whoever has declined, has answered or is marked already stays so.
 * How many were marked.
 * @param on ISO date in the study's time zone
 */
export async function markIneligible(
  db: Connection,
  { study, administration }: Pick<Invitation, 'study' | 'administration'>,
  ids: readonly string[],
  { on, reason }: { on: string; reason: IneligibleReason },
): Promise<number> {
  if (ids.length === 0) return 0;
  const { modifiedCount } = await invitations(db).updateMany(
    { _id: { $in: [...ids] }, study, administration, state: 'open', standing: null },
    { $set: { standing: 'ineligible', standingSince: on, reason } },
  );
  return modifiedCount;
}

/** Takes the mark from people who are back. How many are asked again. */
export async function askAgain(
  db: Connection,
  { study, administration }: Pick<Invitation, 'study' | 'administration'>,
  ids: readonly string[],
): Promise<number> {
  if (ids.length === 0) return 0;
  const { modifiedCount } = await invitations(db).updateMany(
    { _id: { $in: [...ids] }, study, administration, state: 'open', standing: 'ineligible' },
    { $unset: { standing: 1, standingSince: 1, reason: 1 } },
  );
  return modifiedCount;
}

/** Moves an invitation to another standing. Null when it is not there, was used, or its standing does not lead there. */
async function changeStanding(
  db: Connection,
  { study, administration, id }: { study: string; administration: string; id: string },
  to: Standing,
  about: { on: string; reason?: IneligibleReason },
): Promise<Invitation | null> {
  const from = standings.filter((standing) => standingTransitions[standing].includes(to));
  // Asked is what nothing is said of.
  const standing = { $in: from.map((one) => (one === 'asked' ? null : one)) };
  const { on: standingSince, reason } = about;
  const change =
    to === 'asked'
      ? { $unset: { standing: 1, standingSince: 1, reason: 1 } }
      : {
          $set: { standing: to, standingSince, ...(reason ? { reason } : {}) },
          ...(reason ? {} : { $unset: { reason: 1 } }),
        };
  return invitations(db)
    .findOneAndUpdate({ _id: id, study, administration, state: 'open', standing }, change, {
      returnDocument: 'after',
      projection: { __v: 0 },
    })
    .lean<Invitation>();
}
