/**
 * Links for an audience: whom a change of it concerns, and the change itself. Called by the preview of an administration
 * and by `amendments/settle.ts`; may be cut off and run again, also by two servers at once.
 */
import { createHmac } from 'node:crypto';
import { type Administration, type Audience, type Role, roles } from '../../instruments/study.ts';
import type { Context } from '../context.ts';
import { respondedInvitations } from '../responses/store.ts';
import { withdrawnPeople } from '../rights/store.ts';
import { listPeople, type Person } from '../rosters/store.ts';
import { invitationFor, isInvited } from './invite.ts';
import { type Invitation, insertNewInvitations, listInvitations, reissueInvitation, revokeUnused } from './store.ts';
import { hashToken, tokenFor } from './tokens.ts';

export const nobody: Audience = { arms: [], roles: [] };

export interface AudienceEffect {
  /** People of the roster in the audience. */
  readonly people: number;
  readonly byRole: Readonly<Partial<Record<Role, number>>>;
  /** Of them, people without a school or a cluster. */
  readonly withoutSchool: number;
  readonly withoutCluster: number;
  /** What changing the administration to this audience does to its links. */
  readonly newLinks: number;
  readonly withdrawn: number;
  /** Answers that came through links of people who are not in the audience any more; they stay. */
  readonly answered: number;
}

const within = (audience: Audience) => (one: Pick<Person, 'arm' | 'role'>) => isInvited({ audience }, one);

/** What an audience means, in numbers; `of`: the administration whose audience it is to be. */
export async function audienceEffect(
  context: Pick<Context, 'db'>,
  study: string,
  audience: Audience,
  of: Administration | null,
): Promise<AudienceEffect> {
  const people = (await listPeople(context.db, study)).filter(within(audience));
  const byRole = new Map<Role, number>();
  for (const { role } of people) byRole.set(role, (byRole.get(role) ?? 0) + 1);
  const effect = of ? await linksToChange(context, of, of.audience, audience) : null;
  return {
    people: people.length,
    byRole: Object.fromEntries(roles.flatMap((role) => (byRole.has(role) ? [[role, byRole.get(role)]] : []))),
    withoutSchool: people.filter(({ school }) => school === null).length,
    withoutCluster: people.filter(({ cluster }) => cluster === null).length,
    newLinks: effect ? effect.uninvited.length + effect.revoked.length : people.length,
    withdrawn: effect?.unused.length ?? 0,
    answered: effect?.answered ?? 0,
  };
}

/** Gives links to those who are new in the audience, and withdraws the unused ones of those who are not in it any more. */
export async function followAudience(
  context: Pick<Context, 'db' | 'secret'>,
  administration: Administration,
  before: Audience,
): Promise<void> {
  const { db } = context;
  const { uninvited, revoked, unused } = await linksToChange(context, administration, before, administration.audience);
  for (let at = 0; at < uninvited.length; at += batchSize) {
    await insertNewInvitations(
      db,
      uninvited.slice(at, at + batchSize).map((person) => invitationOnce(context, administration, person)),
    );
  }
  for (const { _id, serial, tokenHash } of revoked) {
    await reissueInvitation(db, _id, serial, hashToken(tokenFor(context, _id, serial + 1)), tokenHash);
  }
  for (let at = 0; at < unused.length; at += batchSize) {
    await revokeUnused(
      db,
      unused.slice(at, at + batchSize).map(({ _id }) => _id),
    );
  }
}

const batchSize = 1000;

async function linksToChange(
  { db }: Pick<Context, 'db'>,
  { study, id }: Administration,
  before: Audience,
  after: Audience,
): Promise<{ uninvited: Person[]; revoked: Invitation[]; unused: Invitation[]; answered: number }> {
  const [people, withdrawn, { invitations }, responded] = await Promise.all([
    listPeople(db, study),
    withdrawnPeople(db, study),
    listInvitations(db, study, id),
    respondedInvitations(db, study, id, null),
  ]);
  const [was, is] = [within(before), within(after)];
  const invitationOf = new Map(invitations.flatMap((one) => (one.person === null ? [] : [[one.person, one] as const])));
  // Whoever took back all that they gave is not asked again.
  const added = people.filter((person) => is(person) && !was(person) && !withdrawn.has(person.id));
  const left = invitations.filter((invitation) => was(invitation) && !is(invitation));
  const isUsed = ({ _id, state }: Invitation) => state === 'used' || responded.has(_id);
  return {
    uninvited: added.filter(({ id: person }) => !invitationOf.has(person)),
    revoked: added.flatMap(({ id: person }) => {
      const known = invitationOf.get(person);
      return known?.state === 'revoked' ? [known] : [];
    }),
    unused: left.filter((invitation) => invitation.state === 'open' && !isUsed(invitation)),
    answered: left.filter(isUsed).length,
  };
}

/** An invitation whose id comes from the secret: random to whoever reads it, and the same when two servers make it. */
function invitationOnce(
  context: Pick<Context, 'secret'>,
  administration: Pick<Administration, 'id' | 'study'>,
  person: Person,
): Invitation {
  const _id = createHmac('sha256', context.secret.derive('invitation-ids'))
    .update(JSON.stringify([administration.study, administration.id, person.id]))
    .digest()
    .subarray(0, 12)
    .toString('base64url');
  return { ...invitationFor(context, administration, person), _id, tokenHash: hashToken(tokenFor(context, _id, 1)) };
}
