/**
 * How links end otherwise than by an answer: their person withdraws, a study forgets its links, a claim is left by a crash.
 * Called by withdrawal, retention and the sweep of anonymous administrations.
 */
import type { Connection } from 'mongoose';
import { type Invitation, invitations } from './store.ts';

const bare = { __v: 0 } as const;

/** The invitations of a person in a study, or the one that is named. */
export async function invitationsOfPerson(
  db: Connection,
  study: string,
  person: string,
  id: string | null = null,
): Promise<Invitation[]> {
  return invitations(db)
    .find({ study, person, ...(id === null ? {} : { _id: id }) }, bare)
    .sort({ administration: 1, _id: 1 })
    .lean<Invitation[]>();
}

/** Closes links whose person withdrew. A used one (anonymous) stays: its answers cannot be found. */
export async function withdrawInvitations(db: Connection, study: string, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await invitations(db).updateMany({ _id: { $in: [...ids] }, study, state: 'open' }, { $set: { state: 'withdrawn' } });
}

/** Drops the claims that crashes have left in an administration. */
export async function releaseAllClaims(db: Connection, study: string, administration: string): Promise<void> {
  await invitations(db).updateMany({ study, administration, claim: { $ne: null } }, { $set: { claim: null } });
}

/** Invitations through which an anonymous response has come for certain. */
export async function usedInvitations(
  db: Connection,
  study: string,
  administration: string,
): Promise<Pick<Invitation, '_id' | 'serial'>[]> {
  return invitations(db)
    .find({ study, administration, state: 'used', claim: null }, { serial: 1 })
    .lean<Pick<Invitation, '_id' | 'serial'>[]>();
}

const spent = 'spent:';

/** How many links of a study can still be opened or told apart by whoever kept one. */
export async function countLinks(db: Connection, study: string): Promise<number> {
  return invitations(db).countDocuments({ study, tokenHash: { $not: { $regex: `^${spent}` } } });
}

/**
 * Forgets the links of a study for good: what stays of an invitation says who was invited and what became of it, to the
 * day, and no link leads to it any more. The number forgotten.
 */
export async function forgetLinks(db: Connection, study: string): Promise<number> {
  const { modifiedCount } = await invitations(db).updateMany(
    { study, tokenHash: { $not: { $regex: `^${spent}` } } },
    [
      {
        $set: {
          tokenHash: { $concat: [spent, '$_id'] },
          openedAt: { $dateTrunc: { date: '$openedAt', unit: 'day' } },
          claim: null,
        },
      },
      { $unset: 'formerHashes' },
    ],
    { updatePipeline: true },
  );
  return modifiedCount;
}
