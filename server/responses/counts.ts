/** Responses counted from an index alone, without reading answers. Called by the response rates (server/rates). */
import type { Connection } from 'mongoose';
import { type Scope, withinScope } from '../authority.ts';
import type { PlacePart } from './coarse-places.ts';
import { furtherEntries } from './entries-store.ts';
import { rateIndex, replacedIds, responses, type StoredResponse } from './store.ts';

export type ResponsePlace = Pick<StoredResponse, 'school' | 'cluster' | 'arm' | 'role'>;

export interface ResponseCount extends ResponsePlace {
  readonly complete: number;
  readonly partial: number;
  /** Came, and were withdrawn again. */
  readonly withdrawn: number;
}

/** Responses of an administration counted by school, cluster, arm and role. Reads the index alone. */
export async function countResponses(
  db: Connection,
  study: string,
  administration: string,
  scope: Scope,
): Promise<ResponseCount[]> {
  const standing = (completion: StoredResponse['completion']) => ({
    $sum: { $cond: [{ $and: [{ $eq: ['$withdrawn', false] }, { $eq: ['$completion', completion] }] }, 1, 0] },
  });
  const groups = await responses(db)
    .aggregate<{ _id: ResponsePlace; complete: number; partial: number; withdrawn: number }>([
      { $match: { study, administration, ...(await uncounted(db, study, administration)), ...withinScope(scope) } },
      {
        $group: {
          _id: { school: '$school', cluster: '$cluster', arm: '$arm', role: '$role' },
          complete: standing('complete'),
          partial: standing('partial'),
          withdrawn: { $sum: { $cond: ['$withdrawn', 1, 0] } },
        },
      },
    ])
    .hint(rateIndex);
  return groups.map(({ _id, ...counts }) => ({ ..._id, ...counts }));
}

/** How many complete responses came on each day of a time zone. Reads the index alone. */
export async function countCompleteByDay(
  db: Connection,
  { study, administration }: Pick<StoredResponse, 'study' | 'administration'>,
  timeZone: string,
  scope: Scope,
): Promise<{ day: string; n: number }[]> {
  const counted = { completion: 'complete', withdrawn: false, ...(await uncounted(db, study, administration)) };
  return responses(db)
    .aggregate<{ day: string; n: number }>([
      { $match: { study, administration, ...counted, ...withinScope(scope) } },
      {
        $group: {
          _id: { $dateToString: { date: '$receivedAt', timezone: timeZone, format: '%Y-%m-%d' } },
          n: { $sum: 1 },
        },
      },
      { $project: { _id: 0, day: '$_id', n: 1 } },
      { $sort: { day: 1 } },
    ])
    .hint(rateIndex);
}

/** Which of these invitations have a response of any kind, complete, partial or withdrawn. */
export async function answeredInvitations(
  db: Connection,
  { study, administration }: Pick<StoredResponse, 'study' | 'administration'>,
  invitations: readonly string[],
): Promise<Set<string>> {
  if (invitations.length === 0) return new Set();
  const found = await responses(db)
    .find({ study, administration, invitation: { $in: [...invitations], $type: 'string' } }, { _id: 0, invitation: 1 })
    .lean<{ invitation: string }[]>();
  return new Set(found.map(({ invitation }) => invitation));
}

/** Complete responses to these administrations that have come since an instant, by their ids. */
export async function receivedSince(
  db: Connection,
  study: string,
  administrations: readonly string[],
  since: Date,
  scope: Scope,
): Promise<Set<string>> {
  if (administrations.length === 0) return new Set();
  // Every entry of a log is news, not the first one through a link alone.
  const replaced = { _id: { $nin: await replacedIds(db, study) } };
  const counted = { completion: 'complete' as const, withdrawn: false, ...replaced };
  const found = await responses(db)
    .find(
      {
        study,
        administration: { $in: administrations },
        receivedAt: { $gte: since },
        ...counted,
        ...withinScope(scope),
      },
      { _id: 1 },
    )
    .lean<{ _id: string }[]>();
  return new Set(found.map(({ _id }) => _id));
}

/** How many complete responses each administration of a study, or one of them, has. Reads the index alone. */
export async function countComplete(
  db: Connection,
  study: string,
  administration?: string,
  scope: Scope = 'all',
): Promise<{ administration: string; n: number }[]> {
  const counted = { completion: 'complete', withdrawn: false, ...(await uncounted(db, study, administration)) };
  return responses(db)
    .aggregate<{ administration: string; n: number }>([
      { $match: { study, ...(administration ? { administration } : {}), ...counted, ...withinScope(scope) } },
      { $group: { _id: '$administration', n: { $sum: 1 } } },
      { $project: { _id: 0, administration: '$_id', n: 1 } },
    ])
    .hint(rateIndex);
}

/** How many anonymous responses of an administration do not tell their role, school or cluster. */
export async function countUntold(
  db: Connection,
  study: string,
  administration: string,
): Promise<Record<PlacePart, number>> {
  const groups = await responses(db).aggregate<{ _id: PlacePart; n: number }>([
    { $match: { study, administration, withdrawn: false, role: null } },
    { $unwind: '$withheld' },
    { $group: { _id: '$withheld', n: { $sum: 1 } } },
  ]);
  const counts = Object.fromEntries(groups.map(({ _id, n }) => [_id, n]));
  return { role: 0, school: 0, cluster: 0, ...counts };
}

/** How many responses of an administration were withdrawn; each person's once. */
export async function countWithdrawn(db: Connection, study: string, administration: string): Promise<number> {
  return responses(db).countDocuments({
    study,
    administration,
    withdrawn: true,
    ...(await uncounted(db, study, administration)),
  });
}

/** How many responses a study holds, with those that were replaced or withdrawn. */
export async function countAllResponses(db: Connection, study: string): Promise<number> {
  return responses(db).countDocuments({ study });
}

/** How many responses of an administration are stored, whatever they are. */
export async function countStoredResponses(db: Connection, study: string, administration: string): Promise<number> {
  return responses(db).countDocuments({ study, administration });
}

/** Leaves out what a later response replaces, and entries after the first of a link: each person counts once. */
async function uncounted(
  db: Connection,
  study: string,
  administration?: string,
): Promise<{ _id?: { $nin: string[] } }> {
  const [replaced, further] = await Promise.all([replacedIds(db, study), furtherEntries(db, study, administration)]);
  const ids = [...replaced, ...further.map(({ _id }) => _id)];
  return ids.length === 0 ? {} : { _id: { $nin: ids } };
}
