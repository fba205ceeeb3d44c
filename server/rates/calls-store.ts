/** Calls to schools in MongoDB: who called whom when, and what was said. Nothing is changed later; a call is added. */
import { type Connection, Schema } from 'mongoose';
import { translateDatabaseError } from '../database/errors.ts';
import { collectionOf } from '../database/models.ts';

export interface SchoolCall {
  /** Chosen by whoever writes it down, so that a repeated request finds it there. */
  readonly _id: string;
  readonly study: string;
  readonly administration: string;
  readonly school: string;
  /** ISO date of the call. */
  readonly on: string;
  /** Who called, and what was said: plain text. */
  readonly by: string;
  readonly said: string;
  /** The school is not on the list before this ISO date; null: it stays there. */
  readonly hideUntil: string | null;
  /** Account that wrote it down, and when. */
  readonly account: string;
  readonly at: Date;
}

const calls = collectionOf<SchoolCall>(
  'school-calls',
  new Schema<SchoolCall>({
    _id: { type: String, required: true },
    study: { type: String, required: true },
    administration: { type: String, required: true },
    school: { type: String, required: true },
    on: { type: String, required: true },
    by: { type: String, required: true },
    said: { type: String, required: true },
    hideUntil: { type: String, default: null },
    account: { type: String, required: true },
    at: { type: Date, required: true },
  }).index({ study: 1, administration: 1, at: 1 }),
);

/** Stores a call. False when one with its key is there already. */
export async function insertCall(db: Connection, call: SchoolCall): Promise<boolean> {
  try {
    await calls(db).create(call);
    return true;
  } catch (error) {
    if (translateDatabaseError(error)?.kind !== 'duplicate-key') throw error;
    return false;
  }
}

export async function findCall(db: Connection, id: string): Promise<SchoolCall | null> {
  return calls(db).findById(id, { __v: 0 }).lean<SchoolCall>();
}

/** The calls of an administration to these schools in the order in which they were written down. */
export async function listCalls(
  db: Connection,
  study: string,
  administration: string,
  schools: readonly string[],
): Promise<SchoolCall[]> {
  return calls(db)
    .find({ study, administration, school: { $in: [...schools] } }, { __v: 0 })
    .sort({ at: 1, _id: 1 })
    .lean<SchoolCall[]>();
}

export async function removeCalls(db: Connection, study: string): Promise<void> {
  await calls(db).deleteMany({ study });
}
