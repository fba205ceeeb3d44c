/**
 * The audit in MongoDB: append-only and chained. Each entry carries the hash of the one before it, so that a line that was
 * changed or removed shows. Written by `record.ts`; no entry is ever updated or deleted here.
 */
import { type Connection, Schema } from 'mongoose';
import { translateDatabaseError } from '../database/errors.ts';
import { collectionOf } from '../database/models.ts';

export interface AuditEntry {
  /** Number in the chain, from 1 without gaps. */
  readonly _id: number;
  readonly at: Date;
  /** One of `verb-list.ts`, or what an earlier version called it. Permission grammar: `study.create`, `account.sign-in`. */
  readonly verb: string;
  readonly actor: {
    readonly kind: 'account' | 'token' | 'command' | 'system' | 'stranger';
    readonly id: string | null;
  };
  readonly study: string | null;
  /** Ids of what it was done to, never names or answers: `{ administration: 'trust-end' }`. */
  readonly thing: Readonly<Record<string, string>>;
  readonly outcome: 'done' | 'refused';
  /** Code of a refusal, the reason that a person gave, numbers: short and without personal data. */
  readonly detail: string | null;
  /** Network address; null for commands and jobs. */
  readonly from: string | null;
  readonly request: string | null;
  /** `hash` of the entry before; of the first: 64 zeros. */
  readonly previous: string;
  readonly hash: string;
}

const audit = collectionOf<AuditEntry>(
  'audit',
  new Schema<AuditEntry>(
    {
      _id: { type: Number, required: true },
      at: { type: Date, required: true },
      verb: { type: String, required: true },
      actor: { type: Schema.Types.Mixed, required: true },
      study: { type: String, default: null },
      thing: { type: Schema.Types.Mixed, required: true },
      outcome: { type: String, required: true },
      detail: { type: String, default: null },
      from: { type: String, default: null },
      request: { type: String, default: null },
      previous: { type: String, required: true },
      hash: { type: String, required: true },
    },
    { minimize: false, versionKey: false },
  )
    .index({ study: 1, _id: -1 })
    .index({ 'actor.id': 1, _id: -1 }),
);

/** How far the chain has come: that its last lines were cut off shows here. */
export interface AuditHead {
  readonly number: number;
  readonly hash: string;
}

const heads = collectionOf<AuditHead & { _id: string }>(
  'audit-heads',
  new Schema<AuditHead & { _id: string }>({
    _id: { type: String, required: true },
    number: { type: Number, required: true },
    hash: { type: String, required: true },
  }),
);

/** There is one chain and one head. */
const onlyOne = 'audit';

export async function lastAuditEntry(db: Connection): Promise<AuditEntry | null> {
  return audit(db).findOne().sort({ _id: -1 }).lean<AuditEntry>();
}

/** Appends entries in order; answers how many, fewer than all when somebody else was quicker with a number. */
export async function appendAuditEntries(db: Connection, entries: readonly AuditEntry[]): Promise<number> {
  try {
    await audit(db).bulkWrite(
      entries.map((document) => ({ insertOne: { document: { ...document } } })),
      { ordered: true },
    );
    return entries.length;
  } catch (error) {
    if (translateDatabaseError(error)?.kind !== 'duplicate-key') throw error;
    const { insertedCount } = error as { insertedCount?: number };
    return insertedCount ?? 0;
  }
}

export async function findAuditHead(db: Connection): Promise<AuditHead | null> {
  return heads(db).findById(onlyOne, { _id: 0, number: 1, hash: 1 }).lean<AuditHead>();
}

/** Moves the head forwards; never back, when two servers append at once. */
export async function raiseAuditHead(db: Connection, { number, hash }: AuditHead): Promise<void> {
  try {
    await heads(db).updateOne({ _id: onlyOne, number: { $lt: number } }, { $set: { number, hash } }, { upsert: true });
  } catch (error) {
    // The head is further on already.
    if (translateDatabaseError(error)?.kind !== 'duplicate-key') throw error;
  }
}

/** What is looked for; everything that is left out fits. */
export interface AuditFilter {
  readonly study?: string | null;
  /** Ids of accounts, or kinds of actors that are none. */
  readonly actors?: { readonly ids: readonly string[]; readonly kinds: readonly string[] };
  readonly verb?: string;
  readonly from?: Date;
  /** Up to but not including this moment. */
  readonly before?: Date;
  readonly outcome?: AuditEntry['outcome'];
}

/** One page of what fits, newest first, and how many entries fit in all. */
export async function findAuditEntries(
  db: Connection,
  filter: AuditFilter,
  { skip, limit }: { skip: number; limit: number },
): Promise<{ entries: AuditEntry[]; total: number }> {
  const where = conditions(filter);
  const [entries, total] = await Promise.all([
    audit(db).find(where).sort({ _id: -1 }).skip(skip).limit(limit).lean<AuditEntry[]>(),
    audit(db).countDocuments(where),
  ]);
  return { entries, total };
}

/** All that fits, oldest first, one at a time. */
export function readAuditEntries(db: Connection, filter: AuditFilter = {}): AsyncIterable<AuditEntry> {
  return audit(db).find(conditions(filter)).sort({ _id: 1 }).lean<AuditEntry>().cursor();
}

export async function listAuditVerbs(db: Connection, study?: string): Promise<string[]> {
  return (await audit(db).distinct('verb', study ? { study } : {})).sort();
}

function conditions({ study, actors, verb, from, before, outcome }: AuditFilter): Record<string, unknown> {
  return {
    ...(study ? { study } : {}),
    ...(actors ? { $or: [{ 'actor.id': { $in: actors.ids } }, { 'actor.kind': { $in: actors.kinds } }] } : {}),
    ...(verb ? { verb } : {}),
    ...(outcome ? { outcome } : {}),
    ...(from || before ? { at: { ...(from ? { $gte: from } : {}), ...(before ? { $lt: before } : {}) } } : {}),
  };
}

/** Entries of a study about one of its people, the latest first: who read or changed what of them. */
export async function listAuditOfPerson(db: Connection, study: string, person: string): Promise<AuditEntry[]> {
  return audit(db).find({ study, 'thing.person': person }).sort({ _id: -1 }).lean<AuditEntry[]>();
}
