/**
 * The audit in MongoDB: append-only and chained. Each entry carries the hash of the one before it, so that a line that was
 * changed or removed shows. Written by `record.ts`; there is no update and no deletion here.
 */
import { type Connection, Schema } from 'mongoose';
import { collectionOf } from '../database/models.ts';

export interface AuditEntry {
  /** Number in the chain, from 1 without gaps. */
  readonly _id: number;
  readonly at: Date;
  /** Permission grammar: `study.create`, `dataset.export`, `account.sign-in`. */
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
  ).index({ study: 1, _id: -1 }),
);

export async function lastAuditEntry(db: Connection): Promise<AuditEntry | null> {
  return audit(db).findOne().sort({ _id: -1 }).lean<AuditEntry>();
}

/** Appends an entry. Rejects with the duplicate-key error when somebody else was quicker with its number. */
export async function appendAuditEntry(db: Connection, entry: AuditEntry): Promise<void> {
  await audit(db).create(entry);
}
