/**
 * Administrations in MongoDB: one document each. Changed by `change.ts`, `state.ts` and `advance.ts`, each in one write that
 * takes hold only where nobody was quicker.
 */
import { type Connection, Schema } from 'mongoose';
import type { Administration, Audience, InformationSheet, StateChange } from '../../instruments/study.ts';
import type { NewAmendment } from '../amendments/amendment.ts';
import { collectionOf } from '../database/models.ts';
import { Problem } from '../problems.ts';

const text = {
  asker: { type: String, required: true },
  paragraphs: { type: [String], required: true },
  consent: { type: String, required: true },
  contact: { type: String, required: true },
} as const;

const information = new Schema<InformationSheet>(
  { version: { type: Number, required: true }, ...text, sheet: String, translations: Schema.Types.Mixed },
  { _id: false },
);

/**
 * What a change has still to bring about, stored with it in one write: links for a changed audience, and the entry in the
 * log of amendments. Whoever comes next finishes what a crash cut off (`settle.ts`).
 */
export interface Pending {
  /** Random; names this very piece of work. */
  readonly id: string;
  readonly amendment: NewAmendment | null;
  /** The audience before; null when links are as they should be. */
  readonly before: Audience | null;
}

type AdministrationDocument = Administration & { readonly pending?: Pending | null };

const administrations = collectionOf<AdministrationDocument>(
  'administrations',
  new Schema<AdministrationDocument>(
    {
      id: { type: String, required: true },
      study: { type: String, required: true },
      title: { type: String, required: true },
      instrument: { type: String, required: true },
      version: { type: Number, required: true },
      wave: { type: String, required: true },
      audience: { type: { arms: [String], roles: [String] }, required: true, _id: false },
      mode: { type: String, required: true },
      opens: { type: String, required: true },
      closes: { type: String, required: true },
      state: { type: String, required: true },
      information: { type: information, required: true },
      languages: { type: [String], default: undefined },
      history: { type: [{ _id: false, state: String, at: Date, by: String, why: String }], default: undefined },
      revision: { type: Number },
      pending: { type: Schema.Types.Mixed },
      selfCode: { type: Schema.Types.Mixed },
      pilot: { type: Boolean },
      repeats: { type: Boolean },
      paperEntry: { type: String },
    },
    { id: false, minimize: false },
  )
    .index({ study: 1, id: 1 }, { unique: true })
    .index({ state: 1, opens: 1, closes: 1 }),
);

const bare = { _id: 0, __v: 0, pending: 0 } as const;

/** Stores a new administration. Throws `already-exists` when the id is taken in the study. */
export async function insertAdministration(
  db: Connection,
  administration: Administration,
  pending: Pending | null = null,
): Promise<void> {
  await administrations(db).create({ ...administration, ...(pending ? { pending } : {}) } as AdministrationDocument);
}

export async function findAdministration(db: Connection, study: string, id: string): Promise<Administration | null> {
  return administrations(db).findOne({ study, id }, bare).lean<Administration>();
}

/** Throws `not-found` when the study has no such administration. */
export async function getAdministration(db: Connection, study: string, id: string): Promise<Administration> {
  const administration = await findAdministration(db, study, id);
  if (!administration) {
    throw new Problem('not-found', { detail: `The study "${study}" has no administration "${id}".` });
  }
  return administration;
}

export async function listAdministrations(db: Connection, study: string): Promise<Administration[]> {
  return administrations(db).find({ study }, bare).sort({ opens: 1, id: 1 }).lean<Administration[]>();
}

/** The pilots of all studies, as `study/administration`. */
export async function listPilots(db: Connection): Promise<ReadonlySet<string>> {
  const found = await administrations(db).find({ pilot: true }, { _id: 0, study: 1, id: 1 }).lean();
  return new Set(found.map(({ study, id }) => `${study}/${id}`));
}

/** What one write may change. */
export type AdministrationChange = Partial<
  Omit<Administration, 'id' | 'study' | 'history' | 'revision' | 'pilot' | 'repeats'>
>;

/**
 * Changes an administration that is still as it was read, and that has no work of an earlier change left to do. Null when
 * somebody else was quicker.
 */
export async function updateAdministration(
  db: Connection,
  was: Administration,
  change: AdministrationChange,
  more: { readonly step?: StateChange; readonly pending?: Pending | null } = {},
): Promise<Administration | null> {
  return administrations(db)
    .findOneAndUpdate(
      { ...asRead(was), pending: null },
      {
        $set: { ...change, ...(more.pending ? { pending: more.pending } : {}) },
        ...(more.step ? { $push: { history: more.step } } : {}),
        $inc: { revision: 1 },
      },
      { returnDocument: 'after', projection: bare },
    )
    .lean<Administration>();
}

/** Deletes an administration that is still as it was read. False when somebody else was quicker. */
export async function deleteAdministration(db: Connection, was: Administration): Promise<boolean> {
  return (await administrations(db).deleteOne(asRead(was))).deletedCount === 1;
}

/** Matches the document for as long as nobody has changed it; those of former versions count no revisions. */
function asRead({ study, id, state, revision }: Administration) {
  return { study, id, state, revision: revision ?? null };
}

/** Administrations of a study, or of all, whose change has still something to bring about. */
export async function listPending(
  db: Connection,
  study?: string,
): Promise<{ administration: Administration; pending: Pending }[]> {
  const found = await administrations(db)
    .find({ ...(study === undefined ? {} : { study }), 'pending.id': { $type: 'string' } }, { _id: 0, __v: 0 })
    .lean<(Administration & { pending: Pending })[]>();
  return found.map(({ pending, ...administration }) => ({ administration, pending }));
}

/** The work is done. */
export async function clearPending(db: Connection, { study, id }: Administration, pending: Pending): Promise<void> {
  await administrations(db).updateOne({ study, id, 'pending.id': pending.id }, { $set: { pending: null } });
}

/** Every administration, of any study, that may be due for a step of its own when it is `latest` somewhere on Earth. */
export async function listDue(db: Connection, latest: string): Promise<Administration[]> {
  return administrations(db)
    .find(
      {
        state: { $in: ['planned', 'open', 'paused'] },
        $or: [{ state: 'planned', opens: { $lte: latest } }, { closes: { $lt: latest } }],
      },
      bare,
    )
    .lean<Administration[]>();
}

export async function removeAdministrations(db: Connection, study: string): Promise<void> {
  await administrations(db).deleteMany({ study });
}
