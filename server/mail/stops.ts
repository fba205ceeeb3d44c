/**
 * Who gets no more messages of a study, in MongoDB: people who asked for that, and addresses that mail servers refused. A
 * refused address stands as a keyed digest, so that a corrected one is written to again. Called when messages are sent, by
 * the page that ends them, and where bounces are marked.
 */
import { type Connection, Schema } from 'mongoose';
import type { Context } from '../context.ts';
import { collectionOf } from '../database/models.ts';
import { emailDigest } from '../identities/crypt.ts';

export const stopReasons = ['opted-out', 'bounced'] as const;
export type StopReason = (typeof stopReasons)[number];

interface StopDocument {
  readonly _id: string;
  readonly study: string;
  readonly person: string;
  readonly reason: StopReason;
  readonly at: Date;
  /** Of a bounce: which address it was. */
  readonly addressDigest: string | null;
}

const stops = collectionOf<StopDocument>(
  'messageStops',
  new Schema<StopDocument>({
    _id: { type: String, required: true },
    study: { type: String, required: true },
    person: { type: String, required: true },
    reason: { type: String, enum: stopReasons, required: true },
    at: { type: Date, required: true },
    addressDigest: { type: String, default: null },
  }).index({ study: 1, person: 1 }),
);

type Keyed = Pick<Context, 'db' | 'clock' | 'secret'>;

/** Remembers that a person wants no more messages. Again: nothing changes. True when it is new. */
export async function optOut({ db, clock }: Keyed, study: string, person: string): Promise<boolean> {
  return store(db, { study, person, reason: 'opted-out', at: clock(), addressDigest: null });
}

/** Remembers that an address of a person does not take messages. */
export async function markBounced(context: Keyed, study: string, person: string, address: string): Promise<boolean> {
  const addressDigest = emailDigest(context, study, address);
  const { db, clock } = context;
  const document = { study, person, reason: 'bounced' as const, at: clock(), addressDigest };
  const created = await store(db, document);
  if (!created) await stops(db).updateOne({ _id: idOf(document) }, { $set: { addressDigest } });
  return created;
}

/** Why a person gets no messages at this address; null when nothing stands against it. */
export async function findStop(
  context: Keyed,
  study: string,
  person: string,
  address: string,
): Promise<StopReason | null> {
  const found = await stops(context.db).find({ study, person }).lean<StopDocument[]>();
  if (found.some(({ reason }) => reason === 'opted-out')) return 'opted-out';
  const digest = emailDigest(context, study, address);
  return found.some(({ reason, addressDigest }) => reason === 'bounced' && addressDigest === digest) ? 'bounced' : null;
}

/** Everybody in a study against whom something stands, by pseudonym. Whoever opted out is told as that alone. */
export async function listStops(db: Connection, study: string): Promise<Map<string, StopReason>> {
  const found = await stops(db)
    .find({ study }, { _id: 0, person: 1, reason: 1 })
    .lean<Pick<StopDocument, 'person' | 'reason'>[]>();
  const reasons = new Map<string, StopReason>();
  for (const { person, reason } of found) {
    if (reason === 'opted-out' || !reasons.has(person)) reasons.set(person, reason);
  }
  return reasons;
}

/** Who of these people has a reason against messages, without looking at the address; opting out before a bounce. */
export async function stoppedPeople(
  db: Connection,
  study: string,
  people: readonly string[],
): Promise<Map<string, StopReason>> {
  const found = await stops(db)
    .find({ study, person: { $in: [...people] } }, { person: 1, reason: 1 })
    .sort({ reason: 1 })
    .lean<StopDocument[]>();
  return new Map(found.map(({ person, reason }) => [person, reason]));
}

/** Removes the stops of a study, or those of some of its people who are erased. */
export async function removeStops(
  db: Connection,
  study: string,
  people: readonly string[] | null = null,
): Promise<void> {
  await stops(db).deleteMany({ study, ...(people === null ? {} : { person: { $in: [...people] } }) });
}

async function store(db: Connection, document: Omit<StopDocument, '_id'>): Promise<boolean> {
  const { upsertedCount } = await stops(db).updateOne(
    { _id: idOf(document) },
    { $setOnInsert: document },
    { upsert: true },
  );
  return upsertedCount === 1;
}

function idOf({ study, person, reason }: Pick<StopDocument, 'study' | 'person' | 'reason'>): string {
  return `${study}/${person}/${reason}`;
}
