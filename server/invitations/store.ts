/** Invitations in MongoDB: who may answer which administration, and what has become of it. */
import { type Connection, Schema } from 'mongoose';
import type { Role } from '../../instruments/study.ts';
import { type Scope, withinScope } from '../authority.ts';
import { inGroups } from '../database/in-groups.ts';
import { collectionOf } from '../database/models.ts';

/**
 * Whether somebody is still asked. `declined`: chose not to take part, and may reconsider with the same link.
 * `ineligible`: was asked by mistake or is away, as an evaluator found; the link takes no answers then.
 */
export const standings = ['asked', 'declined', 'ineligible'] as const;
export type Standing = (typeof standings)[number];

/** Which standing may follow which. */
export const standingTransitions: Readonly<Record<Standing, readonly Standing[]>> = {
  asked: ['declined', 'ineligible'],
  declined: ['asked', 'ineligible'],
  ineligible: ['asked'],
};

export const ineligibleReasons = ['left-school', 'wrong-role', 'on-leave', 'other'] as const;
export type IneligibleReason = (typeof ineligibleReasons)[number];

export interface Invitation {
  /** Random, so that its order tells nothing. */
  readonly _id: string;
  readonly study: string;
  readonly administration: string;
  /** Pseudonym; null for a link that a whole staffroom or a cluster shares. */
  readonly person: string | null;
  /** Many answer through it; `person` is null then. Not there: it takes answers once. */
  readonly shared?: boolean;
  readonly school: string | null;
  readonly cluster: string | null;
  readonly arm: string;
  readonly role: Role;
  /** Counts re-issues of the link, from 1. */
  readonly serial: number;
  readonly tokenHash: string;
  /** Hashes of links that a re-issue replaced, so that whoever opens one is told so. */
  readonly formerHashes?: readonly string[];
  /**
   * `used` is set in anonymous administrations; in confidential ones the response itself says so. `withdrawn`: the person
   * took their answers back, or wants to give none.
   */
  readonly state: 'open' | 'revoked' | 'used' | 'withdrawn';
  readonly openedAt: Date | null;
  /** Set only while an anonymous submission is being stored. */
  readonly claim: string | null;
  /** Not there: asked. */
  readonly standing?: Exclude<Standing, 'asked'>;
  /** The day since when it stands so, in the study's time zone; no more is kept of when somebody declined. */
  readonly standingSince?: string;
  /** Why somebody is ineligible. */
  readonly reason?: IneligibleReason;
}

/** Who was invited, and what of it is to be seen at a glance, is counted from this index alone. */
export const invitedIndex = {
  study: 1,
  administration: 1,
  state: 1,
  arm: 1,
  cluster: 1,
  school: 1,
  role: 1,
  openedAt: 1,
} as const;
/** The few who declined or are ineligible. */
export const standingIndex = { study: 1, administration: 1, standing: 1 } as const;
/** What is held on a person, and those whom messages do not reach. */
export const personIndex = { study: 1, person: 1 } as const;
/** Links that a whole staffroom shares. */
export const sharedIndex = { study: 1, administration: 1, arm: 1, cluster: 1, school: 1 } as const;

/** The collection; `counts.ts` counts in it. */
export const invitations = collectionOf<Invitation>(
  'invitations',
  new Schema<Invitation>({
    _id: { type: String, required: true },
    study: { type: String, required: true },
    administration: { type: String, required: true },
    person: { type: String, default: null },
    shared: { type: Boolean },
    school: { type: String, default: null },
    cluster: { type: String, default: null },
    arm: { type: String, required: true },
    role: { type: String, required: true },
    serial: { type: Number, required: true },
    tokenHash: { type: String, required: true },
    formerHashes: { type: [String], default: undefined },
    state: { type: String, required: true },
    openedAt: { type: Date, default: null },
    claim: { type: String, default: null },
    standing: { type: String },
    standingSince: { type: String },
    reason: { type: String },
  })
    .index({ tokenHash: 1 }, { unique: true })
    .index({ formerHashes: 1 }, { sparse: true })
    .index({ study: 1, administration: 1, school: 1, role: 1 })
    .index(personIndex)
    .index(invitedIndex)
    .index(standingIndex, { partialFilterExpression: { standing: { $type: 'string' } } })
    .index(sharedIndex, { partialFilterExpression: { shared: true } }),
);

export const bare = { __v: 0 } as const;

export async function insertInvitations(db: Connection, documents: readonly Invitation[]): Promise<void> {
  await invitations(db).insertMany([...documents], { lean: true });
}

/** Stores invitations; those whose id is there already stay as they are. How many are new. */
export async function insertNewInvitations(db: Connection, documents: readonly Invitation[]): Promise<number> {
  if (documents.length === 0) return 0;
  const { upsertedCount } = await invitations(db).bulkWrite(
    documents.map(({ _id, ...rest }) => ({
      updateOne: { filter: { _id }, update: { $setOnInsert: rest }, upsert: true },
    })),
    { ordered: false },
  );
  return upsertedCount;
}

/** Withdraws the links among these that are open. */
export async function revokeUnused(db: Connection, ids: readonly string[]): Promise<void> {
  await invitations(db).updateMany({ _id: { $in: [...ids] }, state: 'open' }, { $set: { state: 'revoked' } });
}

/** The invitation of a link that holds; null for any other. */
export async function findInvitationByHash(db: Connection, tokenHash: string): Promise<Invitation | null> {
  const found = await findLinkByHash(db, tokenHash);
  return found === 'replaced' ? null : found;
}

/**
 * The invitation of a link, `replaced` for a link in whose place there is a new one, or null. All that are asked for at the
 * same time are read in one go, by one query that is the same for every token: no answer and no work tells more than that.
 */
export const findLinkByHash: (db: Connection, tokenHash: string) => Promise<Invitation | 'replaced' | null> = inGroups(
  async (db, hashes) => {
    const asked = [...new Set(hashes)];
    const found = await invitations(db)
      .find({ $or: [{ tokenHash: { $in: asked } }, { formerHashes: { $in: asked } }] }, bare)
      .lean<Invitation[]>();
    const byHash = new Map(found.map((invitation) => [invitation.tokenHash, invitation]));
    const former = new Set(found.flatMap(({ formerHashes = [] }) => formerHashes));
    return hashes.map((hash) => byHash.get(hash) ?? (former.has(hash) ? 'replaced' : null));
  },
);

/** Whether a person, school or cluster has ever been given a link. */
export async function hasInvitationsOf(
  db: Connection,
  study: string,
  whom: Partial<Pick<Invitation, 'person' | 'school' | 'cluster'>>,
): Promise<boolean> {
  return (await invitations(db).exists({ study, ...whom })) !== null;
}

/** Whether anybody in the study has ever been given a link. */
export async function hasInvitations(db: Connection, study: string): Promise<boolean> {
  return (await invitations(db).exists({ study })) !== null;
}

export async function findInvitation(
  db: Connection,
  study: string,
  administration: string,
  id: string,
  scope: Scope = 'all',
): Promise<Invitation | null> {
  return invitations(db)
    .findOne({ _id: id, study, administration, ...withinScope(scope) }, bare)
    .lean<Invitation>();
}

/** An invitation whose id alone is known, as in the address that ends messages. */
export async function findInvitationById(db: Connection, id: string): Promise<Invitation | null> {
  return invitations(db).findById(id, bare).lean<Invitation>();
}

/** Remembers the first opening of a link; later ones change nothing. */
export async function markOpened(db: Connection, id: string, at: Date): Promise<void> {
  await invitations(db).updateOne({ _id: id, openedAt: null }, { $set: { openedAt: at } });
}

/** Withdraws a link. Null when it is used already. */
export async function revokeInvitation(db: Connection, id: string): Promise<Invitation | null> {
  return invitations(db)
    .findOneAndUpdate(
      { _id: id, state: { $in: ['open', 'revoked'] } },
      { $set: { state: 'revoked' } },
      { returnDocument: 'after', projection: bare },
    )
    .lean<Invitation>();
}

/** Gives an invitation a new link; the former one is known as replaced. Null when it is used or somebody was quicker. */
export async function reissueInvitation(
  db: Connection,
  id: string,
  from: number,
  tokenHash: string,
  former: string,
): Promise<Invitation | null> {
  return invitations(db)
    .findOneAndUpdate(
      { _id: id, serial: from, state: { $in: ['open', 'revoked'] } },
      { $set: { state: 'open', serial: from + 1, tokenHash, openedAt: null }, $addToSet: { formerHashes: former } },
      { returnDocument: 'after', projection: bare },
    )
    .lean<Invitation>();
}

/**
 * Anonymous submission, first step: the open invitation becomes used and holds the claim until the response is
 * stored. True also when this very claim is there already, so that a retry after a crash goes on.
 */
export function claimInvitation(db: Connection, id: string, claim: string): Promise<boolean> {
  return claimGrouped(db, { id, claim });
}

const claimGrouped = inGroups<Claim, boolean>(async (db, claims) => {
  await invitations(db).bulkWrite(
    claims.map(({ id, claim }) => ({
      updateOne: {
        filter: { _id: id, $or: [{ state: 'open' }, { state: 'used', claim }] },
        update: { $set: { state: 'used', claim } },
      },
    })),
    { ordered: false },
  );
  // The counts of a bulk write do not say which of them took hold; the invitations themselves do.
  const held = await invitations(db)
    .find({ _id: { $in: claims.map(({ id }) => id) }, claim: { $type: 'string' } }, { claim: 1 })
    .lean<{ _id: string; claim: string }[]>();
  const holders = new Map(held.map((invitation) => [invitation._id, invitation.claim]));
  return claims.map(({ id, claim }) => holders.get(id) === claim);
});

/** Anonymous submission, last step: nothing remains that points at the response. */
export async function releaseClaim(db: Connection, id: string, claim: string): Promise<void> {
  await releaseGrouped(db, { id, claim });
}

const releaseGrouped = inGroups<Claim, true>(async (db, claims) => {
  await invitations(db).bulkWrite(
    claims.map(({ id, claim }) => ({ updateOne: { filter: { _id: id, claim }, update: { $set: { claim: null } } } })),
    { ordered: false },
  );
  return claims.map(() => true);
});

interface Claim {
  readonly id: string;
  readonly claim: string;
}

/** Removes the invitations of a study, or of one of its administrations. */
export async function removeInvitations(db: Connection, study: string, administration?: string): Promise<void> {
  await invitations(db).deleteMany({ study, ...(administration === undefined ? {} : { administration }) });
}
