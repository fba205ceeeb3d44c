/** Drafts of instruments in MongoDB, one document each; a save names the revision that it was made on. */
import { type Connection, Schema } from 'mongoose';
import { collectionOf } from '../../database/models.ts';
import { Problem } from '../../problems.ts';
import { type Draft, type DraftState, draftStates, draftTransitions } from './draft.ts';

type DraftDocument = Omit<Draft, 'id'> & { readonly _id: string };

const drafts = collectionOf<DraftDocument>(
  'instrument-drafts',
  new Schema<DraftDocument>(
    {
      _id: { type: String, required: true },
      instrument: { type: String, required: true },
      title: { type: String, default: '' },
      json: { type: String, required: true },
      revision: { type: Number, required: true },
      state: { type: String, enum: draftStates, required: true },
      origin: { type: Schema.Types.Mixed, required: true },
      version: { type: Number, default: null },
      createdAt: { type: Date, required: true },
      savedAt: { type: Date, required: true },
      savedBy: { type: String, required: true },
    },
    { versionKey: false },
  ).index({ state: 1, savedAt: -1 }),
);

const draftOf = ({ _id, ...rest }: DraftDocument): Draft => ({ id: _id, ...rest });

export async function insertDraft(db: Connection, { id, ...rest }: Draft): Promise<void> {
  await drafts(db).create({ _id: id, ...rest });
}

/** Those that can still become a version, the one saved last first; without their JSON. */
export async function listDrafts(db: Connection): Promise<Omit<Draft, 'json'>[]> {
  const found = await drafts(db)
    .find({ state: { $in: ['open', 'publishing'] } }, { json: 0 })
    .sort({ state: 1, savedAt: -1 })
    .lean<DraftDocument[]>();
  return found.map(draftOf);
}

/** Throws `not-found`. */
export async function getDraft(db: Connection, id: string): Promise<Draft> {
  const found = await drafts(db).findById(id).lean<DraftDocument>();
  if (!found) throw new Problem('not-found', { detail: 'There is no such draft of an instrument.' });
  return draftOf(found);
}

/** The draft as saved; null when it is no longer open at the revision that the save was made on. */
export async function replaceDraft(
  db: Connection,
  { id, revision }: Pick<Draft, 'id' | 'revision'>,
  change: Pick<Draft, 'title' | 'json' | 'savedAt' | 'savedBy'>,
): Promise<Draft | null> {
  const found = await drafts(db)
    .findOneAndUpdate(
      { _id: id, revision, state: 'open' },
      { $set: change, $inc: { revision: 1 } },
      { returnDocument: 'after' },
    )
    .lean<DraftDocument>();
  return found ? draftOf(found) : null;
}

/**
 * Takes the draft from one state to the next; null when it is not in the first, or has another revision than the one named.
 * Throws a RangeError for a step that the table does not have.
 */
export async function moveDraft(
  db: Connection,
  { id, revision }: { readonly id: string; readonly revision?: number },
  from: DraftState,
  to: DraftState,
  version: number | null = null,
): Promise<Draft | null> {
  if (!draftTransitions[from].includes(to)) throw new RangeError(`a draft does not go from ${from} to ${to}`);
  const found = await drafts(db)
    .findOneAndUpdate(
      { _id: id, state: from, ...(revision === undefined ? {} : { revision }) },
      { $set: { state: to, version } },
      { returnDocument: 'after' },
    )
    .lean<DraftDocument>();
  return found ? draftOf(found) : null;
}
