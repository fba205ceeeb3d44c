/**
 * The fidelity models of a study in versions, one document each: draft, published, locked. The newest that is not a draft is
 * the one by which the study is scored. Called by the use cases of this folder and by the deletion of a study.
 */
import { type Connection, Schema } from 'mongoose';
import type { FidelityModel } from '../../instruments/fidelity-model.ts';
import type { NewAmendment } from '../amendments/amendment.ts';
import { translateDatabaseError } from '../database/errors.ts';
import { collectionOf } from '../database/models.ts';

export const modelStates = ['draft', 'published', 'locked'] as const;
export type ModelState = (typeof modelStates)[number];

/** Which state may follow which. A version that is published after a lock is locked at once. */
export const modelTransitions: Readonly<Record<ModelState, readonly ModelState[]>> = {
  draft: ['published', 'locked'],
  published: ['locked'],
  locked: [],
};

export interface ModelStep {
  readonly state: ModelState;
  readonly at: Date;
  /** Id of the account; `command` for the command line. */
  readonly by: string;
  readonly why: string;
}

export interface StoredModel {
  readonly study: string;
  readonly version: number;
  readonly state: ModelState;
  /** Counts changes of a draft, so that two people who edit at once are told. */
  readonly revision: number;
  readonly model: FidelityModel;
  /** SHA-256 of the canonical JSON of the model. */
  readonly hash: string;
  readonly history: readonly ModelStep[];
  /** The entry in the log of amendments that is still to be written. */
  readonly pending: NewAmendment | null;
}

interface ModelDocument extends StoredModel {
  readonly _id: string;
}

const models = collectionOf<ModelDocument>(
  'fidelitymodels',
  new Schema<ModelDocument>(
    {
      _id: { type: String, required: true },
      study: { type: String, required: true },
      version: { type: Number, required: true },
      state: { type: String, required: true },
      revision: { type: Number, required: true },
      model: { type: Schema.Types.Mixed, required: true },
      hash: { type: String, required: true },
      history: { type: Schema.Types.Mixed, required: true },
      pending: { type: Schema.Types.Mixed, default: null },
    },
    { versionKey: false, minimize: false },
  )
    .index({ study: 1, version: 1 }, { unique: true })
    .index({ study: 1, 'pending.id': 1 }, { partialFilterExpression: { 'pending.id': { $type: 'string' } } }),
);

const bare = { _id: 0 } as const;
const idOf = ({ study, version }: Pick<StoredModel, 'study' | 'version'>) => `${study} ${version}`;

/** All versions, the first one first. */
export async function listModels(db: Connection, study: string): Promise<StoredModel[]> {
  return models(db).find({ study }, bare).sort({ version: 1 }).lean<StoredModel[]>();
}

export async function findModel(db: Connection, study: string, version: number): Promise<StoredModel | null> {
  return models(db).findOne({ study, version }, bare).lean<StoredModel>();
}

/** The version that scores the study: the newest that is published or locked. */
export async function findCurrentModel(db: Connection, study: string): Promise<StoredModel | null> {
  return models(db)
    .findOne({ study, state: { $ne: 'draft' } }, bare)
    .sort({ version: -1 })
    .lean<StoredModel>();
}

/** False when the version is there already. */
export async function insertModel(db: Connection, model: StoredModel): Promise<boolean> {
  try {
    await models(db).create({ _id: idOf(model), ...model });
    return true;
  } catch (error) {
    if (translateDatabaseError(error)?.kind === 'duplicate-key') return false;
    throw error;
  }
}

/** Changes a draft as it was seen; false when it is not that any more. */
export async function updateDraft(
  db: Connection,
  { study, version, revision }: Pick<StoredModel, 'study' | 'version' | 'revision'>,
  { model, hash }: Pick<StoredModel, 'model' | 'hash'>,
): Promise<boolean> {
  const written = await models(db).updateOne(
    { study, version, revision, state: 'draft' },
    { $set: { model, hash }, $inc: { revision: 1 } },
  );
  return written.modifiedCount === 1;
}

export async function removeDraft(
  db: Connection,
  { study, version, revision }: Pick<StoredModel, 'study' | 'version' | 'revision'>,
): Promise<boolean> {
  return (await models(db).deleteOne({ study, version, revision, state: 'draft' })).deletedCount === 1;
}

/** Takes a step with what it leaves to do, in one write; false when the model has changed since it was seen. */
export async function takeStep(
  db: Connection,
  { study, version, revision, state }: Pick<StoredModel, 'study' | 'version' | 'revision' | 'state'>,
  step: ModelStep,
  pending: NewAmendment | null,
): Promise<boolean> {
  const written = await models(db).updateOne(
    { study, version, revision, state },
    { $set: { state: step.state, pending }, $push: { history: step }, $inc: { revision: 1 } },
  );
  return written.modifiedCount === 1;
}

/** Amendments that still have to be entered in the log; of one study, or of all. */
export async function listPendingModelAmendments(db: Connection, study?: string): Promise<NewAmendment[]> {
  const found = await models(db)
    .find({ ...(study === undefined ? {} : { study }), 'pending.id': { $type: 'string' } }, bare)
    .lean<StoredModel[]>();
  return found.flatMap(({ pending }) => pending ?? []);
}

export async function clearPendingModelAmendment(db: Connection, { study, id }: NewAmendment): Promise<void> {
  await models(db).updateOne({ study, 'pending.id': id }, { $set: { pending: null } });
}

export async function removeModels(db: Connection, study: string): Promise<void> {
  await models(db).deleteMany({ study });
}
