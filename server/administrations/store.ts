/** Administrations in MongoDB, and when they take answers. */
import { type Connection, Schema } from 'mongoose';
import {
  type Administration,
  type AdministrationState,
  administrationTransitions,
  type InformationSheet,
  type Role,
} from '../../instruments/study.ts';
import { collectionOf } from '../database/models.ts';
import { Problem } from '../problems.ts';

const information = new Schema<InformationSheet>(
  {
    version: { type: Number, required: true },
    asker: { type: String, required: true },
    paragraphs: { type: [String], required: true },
    consent: { type: String, required: true },
    contact: { type: String, required: true },
  },
  { _id: false },
);

const administrations = collectionOf<Administration>(
  'administrations',
  new Schema<Administration>(
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
    },
    { id: false },
  ).index({ study: 1, id: 1 }, { unique: true }),
);

const bare = { _id: 0, __v: 0 } as const;

/** Stores a new administration. Throws `already-exists` when the id is taken in the study. */
export async function insertAdministration(db: Connection, administration: Administration): Promise<void> {
  await administrations(db).create({
    ...administration,
    audience: { arms: [...administration.audience.arms], roles: [...administration.audience.roles] as Role[] },
  });
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

/** Moves an administration to another state, if the table of transitions allows it and nobody else was quicker. */
export async function changeState(
  db: Connection,
  study: string,
  id: string,
  to: AdministrationState,
): Promise<Administration> {
  const { state: from } = await getAdministration(db, study, id);
  if (!administrationTransitions[from].includes(to)) {
    throw new Problem('state-not-allowed', { detail: `An administration that is ${from} cannot become ${to}.` });
  }
  const changed = await administrations(db)
    .findOneAndUpdate(
      { study, id, state: from },
      { $set: { state: to } },
      { returnDocument: 'after', projection: bare },
    )
    .lean<Administration>();
  if (!changed) throw new Problem('conflict');
  return changed;
}

export async function removeAdministrations(db: Connection, study: string): Promise<void> {
  await administrations(db).deleteMany({ study });
}
