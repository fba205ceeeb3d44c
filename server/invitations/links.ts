/** The link list as an evaluator sees it: each invitation with its link and what has become of it. */
import type { Administration, Role } from '../../instruments/study.ts';
import { getAdministration } from '../administrations/store.ts';
import type { Scope } from '../authority.ts';
import type { Context } from '../context.ts';
import { Problem } from '../problems.ts';
import { respondedInvitations } from '../responses/store.ts';
import { schoolNames } from '../rosters/store.ts';
import { type InvitationFilter, listInvitations } from './lists.ts';
import {
  findInvitation,
  type IneligibleReason,
  type Invitation,
  reissueInvitation,
  revokeInvitation,
} from './store.ts';
import { hashToken, surveyLink, tokenFor } from './tokens.ts';

export const invitationStates = [
  'open',
  'opened',
  'responded',
  'declined',
  'ineligible',
  'withdrawn',
  'revoked',
] as const;

export interface LinkRow {
  readonly id: string;
  readonly person: string | null;
  /** Many answer through it. */
  readonly shared: boolean;
  readonly school: string | null;
  readonly schoolName: string | null;
  readonly cluster: string | null;
  readonly role: Role;
  readonly state: (typeof invitationStates)[number];
  /** Why somebody is ineligible. */
  readonly reason: IneligibleReason | null;
  /** Null once the link is of no more use. */
  readonly url: string | null;
}

export interface LinkFilter extends Omit<InvitationFilter, 'state' | 'outcome'> {
  readonly state?: LinkRow['state'] | undefined;
}

/** The states that people see, in terms of what the store keeps. */
async function storeFilter(
  context: Context,
  { study, id }: Administration,
  { state, ...where }: LinkFilter,
): Promise<InvitationFilter> {
  if (state === undefined) return where;
  if (state === 'revoked' || state === 'withdrawn') return { ...where, state };
  if (state === 'declined' || state === 'ineligible') return { ...where, state: 'open', standing: state };
  const responded = await respondedInvitations(context.db, study, id, null);
  return { ...where, outcome: { is: state, responded: [...responded] } };
}

/** A page of the list (`limit` 0: all), in order of school and role. */
export async function linkRows(
  context: Context,
  administration: Administration,
  filter: LinkFilter,
  page: { skip: number; limit: number },
  scope: Scope,
): Promise<{ rows: LinkRow[]; total: number }> {
  const { study, id } = administration;
  const where = await storeFilter(context, administration, filter);
  const { invitations, total } = await listInvitations(context.db, study, id, where, page, scope);
  const placed = invitations.map(({ school }) => school);
  const names = await schoolNames(context.db, study, placed);
  const ids = invitations.map((invitation) => invitation._id);
  // Anonymous responses know no invitation: there the invitation's own state says all that is known.
  const responded = await respondedInvitations(context.db, study, id, page.limit === 0 ? null : ids);
  const known = { responded, names, repeats: administration.repeats === true };
  return { rows: invitations.map((invitation) => rowOf(context, invitation, known)), total };
}

interface LinkPlace {
  readonly study: string;
  readonly administration: string;
  readonly invitation: string;
}

/** Withdraws a link. Throws `link-used` when answers came through it. */
export async function revokeLink(
  context: Context,
  { study, administration, invitation: id }: LinkPlace,
  scope: Scope,
): Promise<LinkRow> {
  await unusedInvitation(context, study, administration, id, scope);
  const revoked = await revokeInvitation(context.db, id);
  if (!revoked) throw new Problem('link-used');
  return singleRow(context, revoked);
}

/** Makes a new link for an invitation. Throws `link-used` when answers came through it and no further ones can. */
export async function reissueLink(
  context: Context,
  { study, administration, invitation: id }: LinkPlace,
  scope: Scope,
): Promise<LinkRow> {
  const { repeats = false } = await getAdministration(context.db, study, administration);
  const invitation = await unusedInvitation(context, study, administration, id, scope, repeats);
  const token = tokenFor(context, id, invitation.serial + 1);
  const reissued = await reissueInvitation(context.db, id, invitation.serial, hashToken(token), invitation.tokenHash);
  if (!reissued) throw new Problem('conflict');
  return singleRow(context, reissued);
}

/** An invitation without answers, or (`repeats`) one that may have some. Throws `not-found` and `link-used`. */
export async function unusedInvitation(
  context: Context,
  study: string,
  administration: string,
  id: string,
  scope: Scope,
  repeats = false,
) {
  await getAdministration(context.db, study, administration);
  // What somebody may not see is not there for them.
  const invitation = await findInvitation(context.db, study, administration, id, scope);
  if (!invitation) {
    throw new Problem('not-found', { detail: 'There is no such invitation.' });
  }
  if (invitation.state === 'withdrawn') throw new Problem('answers-withdrawn');
  const responded = await respondedInvitations(context.db, study, administration, [id]);
  if (invitation.state === 'used' || (responded.has(id) && !repeats)) throw new Problem('link-used');
  return invitation;
}

/** An invitation that was changed just now, as the link list shows it. */
export async function singleRow(context: Context, invitation: Invitation): Promise<LinkRow> {
  const { study, administration, _id, school } = invitation;
  const [names, responded, { repeats = false }] = await Promise.all([
    schoolNames(context.db, study, [school]),
    respondedInvitations(context.db, study, administration, [_id]),
    getAdministration(context.db, study, administration),
  ]);
  return rowOf(context, invitation, { responded, names, repeats });
}

function rowOf(
  context: Context,
  invitation: Invitation,
  known: { responded: ReadonlySet<string>; names: ReadonlyMap<string, string>; repeats: boolean },
): LinkRow {
  const state = stateOf(invitation, known.responded);
  const usable =
    state === 'open' || state === 'opened' || state === 'declined' || (state === 'responded' && known.repeats);
  return {
    id: invitation._id,
    person: invitation.person,
    shared: invitation.shared === true,
    school: invitation.school,
    schoolName: invitation.school === null ? null : (known.names.get(invitation.school) ?? null),
    cluster: invitation.cluster,
    role: invitation.role,
    state,
    reason: state === 'ineligible' ? (invitation.reason ?? null) : null,
    url: usable ? surveyLink(context, tokenFor(context, invitation._id, invitation.serial)) : null,
  };
}

function stateOf(invitation: Invitation, responded: ReadonlySet<string>): LinkRow['state'] {
  if (invitation.state === 'revoked' || invitation.state === 'withdrawn') return invitation.state;
  if (invitation.state === 'used' || responded.has(invitation._id)) return 'responded';
  if (invitation.standing) return invitation.standing;
  return invitation.openedAt ? 'opened' : 'open';
}
