/** Studies in MongoDB: one document each, with its arms and waves inside. */
import { type Connection, Schema } from 'mongoose';
import type { AggregationGate, Study, Wave } from '../../instruments/study.ts';
import type { NewAmendment } from '../amendments/amendment.ts';
import { collectionOf } from '../database/models.ts';
import { Problem } from '../problems.ts';

type StudyDocument = Omit<Study, 'id'> & {
  _id: string;
  createdAt: Date;
  /** Amendments of waves that are not in the log yet; `amendments/settle.ts` puts them there. */
  pendingAmendments?: NewAmendment[];
};

const studies = collectionOf<StudyDocument>(
  'studies',
  new Schema<StudyDocument>({
    _id: { type: String, required: true },
    title: { type: String, required: true },
    description: { type: String, default: '' },
    simulated: { type: Boolean, required: true },
    timeZone: { type: String, required: true },
    minimumCell: { type: Number, required: true },
    withdrawUntil: { type: String, default: null },
    arms: { type: [{ _id: false, id: String, title: String, kind: { type: String } }], required: true },
    waves: { type: [{ _id: false, id: String, title: String, opens: String, closes: String }], required: true },
    clusterSize: { type: { _id: false, least: Number, most: Number } },
    schoolColumns: { type: [String], default: undefined },
    gate: { type: { _id: false, icc1: Number, icc2: Number, rwgJ: Number, minimumGroup: Number } },
    languages: { type: [String], default: undefined },
    createdAt: { type: Date, required: true },
    pendingAmendments: { type: [Schema.Types.Mixed], default: undefined },
  }),
);

/** Stores a new study. Throws `already-exists` when the id is taken. */
export async function insertStudy(db: Connection, study: Study, createdAt: Date): Promise<void> {
  const { id, ...rest } = study;
  await studies(db).create({ _id: id, ...rest, createdAt });
}

export async function findStudy(db: Connection, id: string): Promise<Study | null> {
  const document = await studies(db).findById(id).lean();
  return document ? plain(document) : null;
}

/** Throws `not-found` when there is no such study. */
export async function getStudy(db: Connection, id: string): Promise<Study> {
  const study = await findStudy(db, id);
  if (!study) throw new Problem('not-found', { detail: `There is no study "${id}".` });
  return study;
}

/** Replaces everything but the id and the day on which it was made. */
export async function updateStudy(db: Connection, { id, ...rest }: Study): Promise<void> {
  const absent = (['clusterSize', 'schoolColumns', 'gate'] as const).filter((name) => rest[name] === undefined);
  await studies(db).updateOne(
    { _id: id },
    { $set: rest, ...(absent.length > 0 ? { $unset: Object.fromEntries(absent.map((name) => [name, 1])) } : {}) },
  );
}

/** Adds names of further columns of schools behind those that are there. */
export async function addSchoolColumns(db: Connection, id: string, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  await studies(db).updateOne({ _id: id }, { $addToSet: { schoolColumns: { $each: [...names] } } });
}

/** All studies, or those of the ids. */
export async function listStudies(db: Connection, ids?: readonly string[]): Promise<Study[]> {
  const documents = await studies(db)
    .find(ids ? { _id: { $in: [...ids] } } : {})
    .sort({ createdAt: 1 })
    .lean();
  return documents.map(plain);
}

/** Sets the last day on which people may take their answers back. */
export async function setWithdrawUntil(db: Connection, id: string, day: string | null): Promise<void> {
  await studies(db).updateOne({ _id: id }, { $set: { withdrawUntil: day } });
}

/** Adds a wave. False when the study has one of that id. */
export async function addWave(db: Connection, study: string, wave: Wave): Promise<boolean> {
  const { matchedCount } = await studies(db).updateOne(
    { _id: study, 'waves.id': { $ne: wave.id } },
    { $push: { waves: wave } },
  );
  return matchedCount === 1;
}

/** Changes a wave that is still as it was read, with the amendment that says so. False when somebody else was quicker. */
export async function replaceWave(
  db: Connection,
  study: string,
  was: Wave,
  wave: Wave,
  amendment: NewAmendment | null,
): Promise<boolean> {
  const { id, title, opens, closes } = was;
  const { matchedCount } = await studies(db).updateOne(
    { _id: study, waves: { $elemMatch: { id, title, opens, closes } } },
    { $set: { 'waves.$': wave }, ...(amendment ? { $push: { pendingAmendments: amendment } } : {}) },
  );
  return matchedCount === 1;
}

export async function listPendingAmendments(db: Connection, study?: string): Promise<NewAmendment[]> {
  const found = await studies(db)
    .find(
      { ...(study === undefined ? {} : { _id: study }), 'pendingAmendments.id': { $type: 'string' } },
      { pendingAmendments: 1 },
    )
    .lean();
  return found.flatMap(({ pendingAmendments = [] }) => pendingAmendments);
}

export async function clearPendingAmendment(db: Connection, { study, id }: NewAmendment): Promise<void> {
  await studies(db).updateOne({ _id: study }, { $pull: { pendingAmendments: { id } } });
}

/** The languages in which a study speaks to people. */
export async function saveLanguages(db: Connection, study: string, languages: readonly string[]): Promise<void> {
  await studies(db).updateOne({ _id: study }, { $set: { languages: [...languages] } });
}

export async function removeStudy(db: Connection, id: string): Promise<void> {
  await studies(db).deleteOne({ _id: id });
}

/** The fields alone, in one order. */
function gateOf({ icc1, icc2, rwgJ, minimumGroup }: AggregationGate): AggregationGate {
  return { icc1, icc2, rwgJ, minimumGroup };
}

function plain(document: StudyDocument): Study {
  const { _id, createdAt: _, ...rest } = document;
  return {
    id: _id,
    title: rest.title,
    description: rest.description,
    simulated: rest.simulated,
    timeZone: rest.timeZone,
    minimumCell: rest.minimumCell,
    ...(rest.withdrawUntil ? { withdrawUntil: rest.withdrawUntil } : {}),
    arms: rest.arms,
    waves: rest.waves,
    ...(rest.clusterSize ? { clusterSize: { least: rest.clusterSize.least, most: rest.clusterSize.most } } : {}),
    ...(rest.schoolColumns ? { schoolColumns: rest.schoolColumns } : {}),
    ...(rest.languages ? { languages: rest.languages } : {}),
    ...(rest.gate ? { gate: gateOf(rest.gate) } : {}),
  };
}
