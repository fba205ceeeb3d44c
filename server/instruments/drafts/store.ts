/** Drafts of instruments in MongoDB, one document each; a save names the revision that it was made on. */
import { type Connection, Schema } from 'mongoose';
import { collectionOf } from '../../database/models.ts';
import { Problem } from '../../problems.ts';
import { type Draft, type DraftState, draftStates, draftTransitions, type Publication } from './draft.ts';
import { type Marks, marksField } from './languages.ts';

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
      publication: { type: Schema.Types.Mixed, default: null },
      createdAt: { type: Date, required: true },
      savedAt: { type: Date, required: true },
      savedBy: { type: String, required: true },
      writers: marksField,
      signOffs: marksField,
    },
    { versionKey: false, minimize: false },
  ).index({ state: 1, savedAt: -1 }),
);

/** Without what only one who opens it needs. */
export type DraftSummary = Omit<Draft, 'json' | 'publication' | 'writers' | 'signOffs'>;

/** Drafts that were begun before languages were signed off have no marks. */
const draftOf = ({ _id, ...rest }: DraftDocument): Draft => ({
  id: _id,
  ...rest,
  writers: rest.writers ?? {},
  signOffs: rest.signOffs ?? {},
});

export async function insertDraft(db: Connection, { id, ...rest }: Draft): Promise<void> {
  await drafts(db).create({ _id: id, ...rest });
}

/** Those that can still become a version, the one saved last first; without their JSON. */
export async function listDrafts(db: Connection): Promise<DraftSummary[]> {
  const found = await drafts(db)
    .find({ state: { $in: ['open', 'publishing'] } }, { json: 0, publication: 0, writers: 0, signOffs: 0 })
    .sort({ state: 1, savedAt: -1 })
    .lean<DraftDocument[]>();
  return found.map(draftOf);
}

/** Throws `not-found`. */
export async function getDraft(db: Connection, id: string): Promise<Draft> {
  const found = await drafts(db).findById(id).lean<DraftDocument>();
  if (!found) throw noDraft();
  return draftOf(found);
}

const noDraft = () => new Problem('not-found', { detail: 'There is no such draft of an instrument.' });

/** Those that got their number before a moment and have not become a version since. */
export async function listPublishing(db: Connection, before: Date): Promise<Draft[]> {
  const found = await drafts(db)
    .find({ state: 'publishing', 'publication.at': { $lt: before } })
    .lean<DraftDocument[]>();
  return found.map(draftOf);
}

/** The number of its newest save alone. Throws `not-found`. */
export async function revisionOf(db: Connection, id: string): Promise<number> {
  const found = await drafts(db).findById(id, { revision: 1 }).lean<Pick<DraftDocument, 'revision'>>();
  if (!found) throw noDraft();
  return found.revision;
}

/** The draft as saved; null when it is no longer open at the revision that the save was made on. */
export async function replaceDraft(
  db: Connection,
  { id, revision }: Pick<Draft, 'id' | 'revision'>,
  change: Pick<Draft, 'title' | 'json' | 'savedAt' | 'savedBy' | 'writers'>,
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

/** Notes who signed a language off, or that nobody has; false when the draft is no longer open at that revision. */
export async function markSignOff(
  db: Connection,
  { id, revision }: Pick<Draft, 'id' | 'revision'>,
  language: string,
  mark: Marks[string] | null,
): Promise<boolean> {
  const place = `signOffs.${language}`;
  const change = mark ? { $set: { [place]: mark } } : { $unset: { [place]: 1 } };
  const { matchedCount } = await drafts(db).updateOne({ _id: id, revision, state: 'open' }, change);
  return matchedCount === 1;
}

/** Gives an open draft, at the revision that it has here, the version that it becomes; null when it is not that any more. */
export function claimDraft(
  db: Connection,
  draft: Pick<Draft, 'id' | 'revision'>,
  version: number,
  publication: Publication,
): Promise<Draft | null> {
  return step(
    db,
    { _id: draft.id, revision: draft.revision, state: 'open' },
    { state: 'publishing', version, publication },
  );
}

/**
 * Takes the draft from one state to the next; null when it is not in the first. One that is open again has no number any more.
 * Throws a RangeError for a step that the table does not have.
 */
export function moveDraft(
  db: Connection,
  { id }: Pick<Draft, 'id'>,
  from: DraftState,
  to: DraftState,
): Promise<Draft | null> {
  if (!draftTransitions[from].includes(to)) throw new RangeError(`a draft does not go from ${from} to ${to}`);
  const forgotten = to === 'open' ? { version: null, publication: null } : {};
  return step(db, { _id: id, state: from }, { state: to, ...forgotten });
}

async function step(
  db: Connection,
  from: Partial<DraftDocument>,
  change: Partial<DraftDocument>,
): Promise<Draft | null> {
  const found = await drafts(db)
    .findOneAndUpdate(from, { $set: change }, { returnDocument: 'after' })
    .lean<DraftDocument>();
  return found ? draftOf(found) : null;
}
