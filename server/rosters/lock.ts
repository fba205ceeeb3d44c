/**
 * The state of a whole roster: a revision that every change raises, and the import that is being written, if any. While one
 * is, no other change is let in, and an import is only begun on the roster that it was checked against. So an import is all
 * or nothing to everybody who changes the roster, without a transaction. Used by the import and by the changes on screen.
 */
import { type Connection, Schema } from 'mongoose';
import { collectionOf } from '../database/models.ts';
import { Problem } from '../problems.ts';

interface RosterState {
  readonly _id: string;
  readonly revision: number;
  /** The import that is being written. */
  readonly applying: string | null;
}

const states = collectionOf<RosterState>(
  'roster-states',
  new Schema<RosterState>({
    _id: { type: String, required: true },
    revision: { type: Number, required: true },
    applying: { type: String, default: null },
  }),
);

/** Where the roster stands; it is made where it is not there. */
export async function rosterState(db: Connection, study: string): Promise<RosterState> {
  const update = { $setOnInsert: { revision: 0, applying: null } };
  const state = await states(db)
    .findOneAndUpdate({ _id: study }, update, { upsert: true, returnDocument: 'after' })
    .lean<RosterState>();
  if (!state) throw new Error('a roster state was not made');
  return state;
}

/**
 * Lets an import in, if the roster still stands where it was checked. True also when it was let in before; false when the
 * roster has changed since, or another import is being written.
 */
export async function beginApplying(
  db: Connection,
  study: string,
  { id, revision }: { id: string; revision: number },
): Promise<boolean> {
  const begun = await states(db)
    .findOneAndUpdate({ _id: study, revision, applying: { $in: [null, id] } }, { $set: { applying: id } })
    .lean();
  return begun !== null;
}

/** Opens the roster again after an import. */
export async function endApplying(db: Connection, study: string, id: string): Promise<void> {
  await states(db).updateOne({ _id: study, applying: id }, { $set: { applying: null }, $inc: { revision: 1 } });
}

/**
 * Runs a change of a single member. The revision is raised before and after: an import that was checked before, or in the
 * middle of, the change finds another roster than it was checked against. Throws `roster-busy` while an import is written.
 */
export async function changingRoster<T>(db: Connection, study: string, change: () => Promise<T>): Promise<T> {
  await rosterState(db, study);
  const raise = () =>
    states(db)
      .findOneAndUpdate({ _id: study, applying: null }, { $inc: { revision: 1 } })
      .lean();
  if (!(await raise())) throw new Problem('roster-busy', { retryAfterSeconds: 5 });
  try {
    return await change();
  } finally {
    await raise();
  }
}

/** The rosters in which an import is being written. */
export async function rostersApplying(db: Connection): Promise<{ study: string; id: string }[]> {
  const found = await states(db)
    .find({ applying: { $ne: null } })
    .lean<RosterState[]>();
  return found.map(({ _id, applying }) => ({ study: _id, id: applying as string }));
}

export async function removeRosterState(db: Connection, study: string): Promise<void> {
  await states(db).deleteOne({ _id: study });
}
