/**
 * Links for an audience: whom a change of it concerns, and the change itself. It is the people who are on
 * the roster on the administration's day (`audienceDay`), as they stand then. Called by the preview of an administration,
 * `amendments/settle.ts` and `refresh.ts`; may be cut off and run again, also by two servers at once.
 */
import { createHmac } from 'node:crypto';
import { type Administration, type Audience, type Role, roles, type Study } from '../../instruments/study.ts';
import { dayIn } from '../administrations/availability.ts';
import type { Scope } from '../authority.ts';
import type { Context } from '../context.ts';
import { erasedAmong } from '../identities/store.ts';
import { askedCells, type CoarsePlaces, coarsePlaces } from '../responses/coarse-places.ts';
import { respondedInvitations } from '../responses/store.ts';
import { withdrawnPeople } from '../rights/store.ts';
import { listMembersAt } from '../rosters/as-at.ts';
import type { Person } from '../rosters/store.ts';
import { findStudy } from '../studies/store.ts';
import { invitationFor, isInvited } from './invite.ts';
import { listInvitations } from './lists.ts';
import { type Invitation, insertNewInvitations, reissueInvitation, revokeUnused } from './store.ts';
import { hashToken, tokenFor } from './tokens.ts';

export const nobody: Audience = { arms: [], roles: [] };

export interface AudienceEffect {
  /** People who are in the audience on its day. */
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
  /** People with a link and no answer who are not on the roster any more; a change of the audience leaves them. */
  readonly left: number;
  /**
   * What anonymous answers do not tell: the people whose role, school or cluster is left out, because too few share it, and
   * those who are too few in their arm to be anonymous at all.
   */
  readonly withheld: CoarsePlaces['people'];
}

const within = (audience: Audience) => (one: Pick<Person, 'arm' | 'role'>) => isInvited({ audience }, one);

/**
 * The day whose staff an administration asks: its first day while that is to come, its last once that has passed, and
 * today in between.
 */
export function audienceDay({ opens, closes }: Pick<Administration, 'opens' | 'closes'>, today: string): string {
  if (today < opens) return opens;
  return today > closes ? closes : today;
}

/**
 * What an audience means, in numbers.
 * @param of the administration whose audience it is to be
 * @param day ISO date: who is a member then, and where and as what
 */
export async function audienceEffect(
  { db }: Pick<Context, 'db'>,
  { id: study, minimumCell }: Pick<Study, 'id' | 'minimumCell'>,
  audience: Audience,
  of: Administration | null,
  day: string,
): Promise<AudienceEffect> {
  const staff = (await listMembersAt(db, study, day)).people;
  const people = staff.filter(within(audience));
  const byRole = new Map<Role, number>();
  for (const { role } of people) byRole.set(role, (byRole.get(role) ?? 0) + 1);
  const effect = of ? await linksToChange(db, of, staff, { before: of.audience, after: audience }) : null;
  return {
    people: people.length,
    byRole: Object.fromEntries(roles.flatMap((role) => (byRole.has(role) ? [[role, byRole.get(role)]] : []))),
    withoutSchool: people.filter(({ school }) => school === null).length,
    withoutCluster: people.filter(({ cluster }) => cluster === null).length,
    newLinks: effect ? effect.uninvited.length + effect.revoked.length : people.length,
    withdrawn: effect?.unused.length ?? 0,
    answered: effect?.answered ?? 0,
    left: effect?.gone.length ?? 0,
    withheld: coarsePlaces(askedCells(people), minimumCell).people,
  };
}

/**
 * Gives links to those who are in the audience on its day and have none, and withdraws the unused ones of those whom a
 * change has put out of it. Whoever has left the roster keeps the link; `refresh.ts` sees to that.
 */
export async function followAudience(
  context: Pick<Context, 'db' | 'secret' | 'clock'>,
  administration: Administration,
  before: Audience,
): Promise<void> {
  const { db } = context;
  const study = await findStudy(db, administration.study);
  if (!study) return;
  const staff = await staffOf(context, study, administration);
  const change = { before, after: administration.audience };
  const { uninvited, revoked, unused } = await linksToChange(db, administration, staff, change);
  await giveLinks(context, administration, uninvited);
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

/** Everybody within a scope on the roster on the administration's day, where and as what they stand then. */
export async function staffOf(
  { db, clock }: Pick<Context, 'db' | 'clock'>,
  study: Study,
  administration: Administration,
  scope: Scope = 'all',
): Promise<readonly Person[]> {
  const day = audienceDay(administration, dayIn(study.timeZone, clock()));
  return (await listMembersAt(db, study.id, day, scope)).people;
}

/** A link for each of these people; whoever was given one meanwhile keeps that. How many are new. */
export async function giveLinks(
  context: Pick<Context, 'db' | 'secret'>,
  administration: Administration,
  people: readonly Person[],
): Promise<number> {
  let made = 0;
  for (let at = 0; at < people.length; at += batchSize) {
    const batch = people.slice(at, at + batchSize).map((person) => invitationOnce(context, administration, person));
    made += await insertNewInvitations(context.db, batch);
  }
  return made;
}

const batchSize = 1000;

interface LinksToChange {
  /** In the audience, and never given a link. */
  readonly uninvited: readonly Person[];
  /** Links that were withdrawn from people whom the change brings into the audience. */
  readonly revoked: readonly Invitation[];
  /** Open links of people whom the change puts out of the audience. */
  readonly unused: readonly Invitation[];
  readonly answered: number;
  /** Links without an answer whose people are not on the roster any more. */
  readonly gone: readonly Invitation[];
}

/** @param staff the people of the day; see `staffOf` */
export async function linksToChange(
  db: Context['db'],
  { study, id }: Administration,
  staff: readonly Person[],
  { before, after }: { before: Audience; after: Audience },
): Promise<LinksToChange> {
  const [withdrawn, { invitations }, responded] = await Promise.all([
    withdrawnPeople(db, study),
    listInvitations(db, study, id),
    respondedInvitations(db, study, id, null),
  ]);
  const [was, is] = [within(before), within(after)];
  const invitationOf = new Map(invitations.flatMap((one) => (one.person === null ? [] : [[one.person, one] as const])));
  const there = new Map(staff.map((person) => [person.id, person]));
  const candidates = staff.filter((person) => is(person) && !withdrawn.has(person.id));
  const erased = await erasedAmong(
    db,
    study,
    candidates.map((person) => person.id),
  );
  // Whoever took back all that they gave, or was erased, is not asked again.
  const asked = candidates.filter((person) => !erased.has(person.id));
  // An invitation keeps the place that it was made for; who has moved within the audience since is still in it.
  const isAsked = ({ person }: Invitation) => {
    const found = person === null ? undefined : there.get(person);
    return found !== undefined && is(found);
  };
  const out = invitations.filter((invitation) => was(invitation) && !is(invitation) && !isAsked(invitation));
  const isUsed = ({ _id, state }: Invitation) => state === 'used' || responded.has(_id);
  const isUnused = (invitation: Invitation) => invitation.state === 'open' && !isUsed(invitation);
  return {
    uninvited: asked.filter(({ id: person }) => !invitationOf.has(person)),
    revoked: asked.flatMap((person) => {
      const known = invitationOf.get(person.id);
      return known?.state === 'revoked' && !was(person) ? [known] : [];
    }),
    unused: out.filter(isUnused),
    answered: out.filter(isUsed).length,
    gone: invitations.filter((one) => isWaitedFor(one, responded) && !there.has(one.person)),
  };
}

/** Whether a personal link may still bring an answer; a refusal stays one. */
export function isWaitedFor(
  one: Invitation,
  responded: ReadonlySet<string>,
): one is Invitation & { readonly person: string } {
  return one.person !== null && one.standing === undefined && one.state === 'open' && !responded.has(one._id);
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
