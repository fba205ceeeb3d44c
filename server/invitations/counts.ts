/** Invitations counted, from indexes wherever there are many of them. Called by the response rates (server/rates). */
import type { Connection } from 'mongoose';
import { type Scope, withinScope } from '../authority.ts';
import { type Invitation, invitations, invitedIndex, personIndex, sharedIndex, standingIndex } from './store.ts';

const bare = { __v: 0 } as const;

/** How many eligible people were invited to each administration of a study, or to one of them. Reads indexes alone. */
export async function countInvited(
  db: Connection,
  study: string,
  administration?: string,
  scope: Scope = 'all',
): Promise<{ administration: string; n: number }[]> {
  const where = { study, ...(administration ? { administration } : {}), ...withinScope(scope) };
  const byAdministration = [
    { $group: { _id: '$administration', n: { $sum: 1 } } },
    { $project: { _id: 0, administration: '$_id', n: 1 } },
  ];
  type Count = { administration: string; n: number };
  const [all, ineligible] = await Promise.all([
    invitations(db)
      .aggregate<Count>([{ $match: { ...where, state: { $ne: 'revoked' } } }, ...byAdministration])
      .hint(invitedIndex),
    invitations(db)
      .aggregate<Count>([
        { $match: { ...where, standing: 'ineligible', state: { $ne: 'revoked' } } },
        ...byAdministration,
      ])
      // Left to choose among many, the embedded engine wants a part of itself that it was built without.
      .hint(standingIndex),
  ]);
  const fewer = new Map(ineligible.map((count) => [count.administration, count.n]));
  return all.map(({ administration: id, n }) => ({ administration: id, n: n - (fewer.get(id) ?? 0) }));
}

/** Administrations of a study in which staffrooms share links. From an index alone. */
export async function listSharedAdministrations(db: Connection, study: string, scope: Scope): Promise<string[]> {
  const groups = await invitations(db)
    .aggregate<{ _id: string }>([
      { $match: { study, shared: true, ...withinScope(scope) } },
      { $group: { _id: '$administration' } },
    ])
    .hint(sharedIndex);
  return groups.map(({ _id }) => _id);
}

/** Where an invitation counts. */
export type InvitationPlace = Pick<Invitation, 'school' | 'cluster' | 'arm' | 'role'>;

const byPlace = { school: '$school', cluster: '$cluster', arm: '$arm', role: '$role' } as const;

export interface InvitationCount extends InvitationPlace {
  readonly invited: number;
  readonly opened: number;
  /** Anonymous answers came through them. */
  readonly used: number;
  readonly withdrawn: number;
}

/** Invitations counted by place: how many there are, and how many were opened or (anonymous) used. From the index alone. */
export async function countInvitations(
  db: Connection,
  study: string,
  administration: string,
  scope: Scope,
): Promise<InvitationCount[]> {
  const groups = await invitations(db)
    .aggregate<{ _id: InvitationPlace } & Omit<InvitationCount, keyof InvitationPlace>>([
      { $match: { study, administration, state: { $ne: 'revoked' }, ...withinScope(scope) } },
      {
        $group: {
          _id: byPlace,
          invited: { $sum: 1 },
          used: { $sum: { $cond: [{ $eq: ['$state', 'used'] }, 1, 0] } },
          withdrawn: { $sum: { $cond: [{ $eq: ['$state', 'withdrawn'] }, 1, 0] } },
          opened: { $sum: { $cond: [{ $or: [{ $ne: ['$openedAt', null] }, { $eq: ['$state', 'used'] }] }, 1, 0] } },
        },
      },
    ])
    .hint(invitedIndex);
  return groups.map(({ _id, ...counts }) => ({ ..._id, ...counts }));
}

/** Links of each place that were ever made, in whatever state, for one person or for a staffroom. */
export async function countEverAsked(
  db: Connection,
  study: string,
  administration: string,
): Promise<(InvitationPlace & { own: number; shared: number })[]> {
  const groups = await invitations(db).aggregate<{ _id: InvitationPlace; own: number; shared: number }>([
    { $match: { study, administration } },
    {
      $group: {
        _id: byPlace,
        own: { $sum: { $cond: [{ $eq: ['$shared', true] }, 0, 1] } },
        shared: { $sum: { $cond: [{ $eq: ['$shared', true] }, 1, 0] } },
      },
    },
  ]);
  return groups.map(({ _id, ...counts }) => ({ ..._id, ...counts }));
}

/** How many people of each place are asked by a link of their own, and how many links of a staffroom there are. */
export async function countAsked(
  db: Connection,
  study: string,
  administration: string,
): Promise<(InvitationPlace & { own: number; shared: number })[]> {
  const where = { study, administration, state: { $ne: 'revoked' as const } };
  const placesWhere = (more: object, index: typeof standingIndex | typeof sharedIndex) =>
    invitations(db)
      .aggregate<{ _id: InvitationPlace; n: number }>([
        { $match: { ...where, ...more } },
        { $group: { _id: byPlace, n: { $sum: 1 } } },
      ])
      .hint(index);
  const [all, ineligible, shared] = await Promise.all([
    countInvitations(db, study, administration, 'all'),
    placesWhere({ standing: 'ineligible', state: { $in: ['open', 'used'] } }, standingIndex),
    placesWhere({ shared: true }, sharedIndex),
  ]);
  const keyOf = ({ school, cluster, arm, role }: InvitationPlace) => JSON.stringify([arm, cluster, school, role]);
  const countsOf = (groups: readonly { _id: InvitationPlace; n: number }[]) =>
    new Map(groups.map(({ _id, n }) => [keyOf(_id), n]));
  const [away, links] = [countsOf(ineligible), countsOf(shared)];
  return all.map(({ school, cluster, arm, role, invited, withdrawn }) => {
    const key = keyOf({ school, cluster, arm, role });
    const sharedHere = links.get(key) ?? 0;
    const own = Math.max(0, invited - withdrawn - sharedHere - (away.get(key) ?? 0));
    return { school, cluster, arm, role, own, shared: sharedHere };
  });
}

/** How many links were opened first on each day of a time zone. */
export async function countOpenedByDay(
  db: Connection,
  { study, administration }: Pick<Invitation, 'study' | 'administration'>,
  timeZone: string,
  scope: Scope,
): Promise<{ day: string; n: number }[]> {
  const match = { study, administration, state: { $ne: 'revoked' }, openedAt: { $ne: null }, ...withinScope(scope) };
  return invitations(db)
    .aggregate<{ day: string; n: number }>([
      { $match: match },
      {
        $group: {
          _id: { $dateToString: { date: '$openedAt', timezone: timeZone, format: '%Y-%m-%d' } },
          n: { $sum: 1 },
        },
      },
      { $project: { _id: 0, day: '$_id', n: 1 } },
      { $sort: { day: 1 } },
    ])
    .hint(invitedIndex);
}

/** Invitations that count one by one: those who declined or are ineligible, staffroom links, and the given ids and people. */
export async function listSingleInvitations(
  db: Connection,
  { study, administration }: Pick<Invitation, 'study' | 'administration'>,
  { ids, people }: { ids: readonly string[]; people: readonly string[] },
  scope: Scope,
): Promise<Invitation[]> {
  const where = { study, administration, state: { $ne: 'revoked' as const }, ...withinScope(scope) };
  const [standing, shared, named, stopped] = await Promise.all([
    invitations(db)
      .find({ ...where, standing: { $type: 'string' } }, bare)
      .hint(standingIndex)
      .lean<Invitation[]>(),
    invitations(db)
      .find({ ...where, shared: true }, bare)
      .hint(sharedIndex)
      .lean<Invitation[]>(),
    invitations(db)
      .find({ ...where, _id: { $in: [...ids] } }, bare)
      .hint({ _id: 1 })
      .lean<Invitation[]>(),
    people.length === 0
      ? []
      : invitations(db)
          .find({ ...where, person: { $in: [...people] } }, bare)
          .hint(personIndex)
          .lean<Invitation[]>(),
  ]);
  return [...new Map([...standing, ...shared, ...named, ...stopped].map((one) => [one._id, one])).values()];
}
