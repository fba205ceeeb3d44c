/** Until when a study keeps what, and the log of what was removed, in MongoDB. Used by `sweep.ts` and the routes. */
import { type Connection, Schema } from 'mongoose';
import { translateDatabaseError } from '../database/errors.ts';
import { collectionOf } from '../database/models.ts';
import { type RetentionKind, retentionKinds } from './rules.ts';

/** Last day of each kind as an ISO date; null: for good. */
export type RetentionDates = Readonly<Record<RetentionKind, string | null>>;

interface RetentionDocument extends RetentionDates {
  /** The study. */
  readonly _id: string;
}

/** `begun`: the removal is on record before it happens; `done`: nothing of it is left. */
export interface RetentionEntry {
  readonly _id: string;
  readonly study: string;
  readonly kind: RetentionKind;
  /** The last day on which it was kept. */
  readonly until: string;
  readonly at: Date;
  readonly state: 'begun' | 'done';
  /** How many there were to remove. */
  readonly removed: number;
}

const text = { type: String, default: null };
const dates = collectionOf<RetentionDocument>(
  'retention',
  new Schema<RetentionDocument>({
    _id: { type: String, required: true },
    identities: text,
    links: text,
    messages: text,
    paradata: text,
    answers: text,
  }),
);
const log = collectionOf<RetentionEntry>(
  'retentionLog',
  new Schema<RetentionEntry>({
    _id: { type: String, required: true },
    study: { type: String, required: true },
    kind: { type: String, enum: retentionKinds, required: true },
    until: { type: String, required: true },
    at: { type: Date, required: true },
    state: { type: String, required: true },
    removed: { type: Number, required: true },
  }).index({ study: 1, at: -1 }),
);
const bare = { __v: 0 } as const;

/** Nothing has a last day until somebody sets one. */
export async function findRetention(db: Connection, study: string): Promise<RetentionDates> {
  const found = await dates(db).findById(study, bare).lean<RetentionDocument>();
  return Object.fromEntries(retentionKinds.map((kind) => [kind, found?.[kind] ?? null])) as Record<
    RetentionKind,
    string | null
  >;
}

export async function setRetention(db: Connection, study: string, set: RetentionDates): Promise<void> {
  await dates(db).replaceOne({ _id: study }, { ...set }, { upsert: true });
}

export async function listRetention(db: Connection): Promise<{ study: string; dates: RetentionDates }[]> {
  const found = await dates(db).find({}, bare).lean<RetentionDocument[]>();
  return found.map(({ _id, ...rest }) => ({ study: _id, dates: rest }));
}

/** Puts a removal on record. False when this one is there already. */
export async function beginRemoval(db: Connection, entry: Omit<RetentionEntry, 'state'>): Promise<boolean> {
  try {
    await log(db).create({ ...entry, state: 'begun' });
    return true;
  } catch (error) {
    if (translateDatabaseError(error)?.kind !== 'duplicate-key') throw error;
    return false;
  }
}

/** True for the one who finished it; of two servers, one. */
export async function finishRemoval(db: Connection, id: string): Promise<boolean> {
  const { modifiedCount } = await log(db).updateOne({ _id: id, state: 'begun' }, { $set: { state: 'done' } });
  return modifiedCount === 1;
}

/** Removals that were cut off. */
export async function unfinishedRemovals(db: Connection): Promise<RetentionEntry[]> {
  return log(db).find({ state: 'begun' }, bare).lean<RetentionEntry[]>();
}

export async function listRemovals(db: Connection, study: string): Promise<RetentionEntry[]> {
  return log(db).find({ study }, bare).sort({ at: -1, _id: 1 }).lean<RetentionEntry[]>();
}

export async function removeRetention(db: Connection, study: string): Promise<void> {
  await dates(db).deleteOne({ _id: study });
  await log(db).deleteMany({ study });
}
