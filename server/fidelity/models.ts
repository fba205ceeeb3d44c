/**
 * The fidelity models of a study in versions, one document each: draft, published, locked. The newest that is not a draft is
 * the one by which the study is scored. Called by the use cases of this folder and by the deletion of a study.
 */
import { type Connection, Schema } from 'mongoose';
import type { FidelityModel } from '../../instruments/fidelity-model.ts';
import type { NewAmendment } from '../amendments/amendment.ts';
import { translateDatabaseError } from '../database/errors.ts';
import { collectionOf } from '../database/models.ts';

const modelStates = ['draft', 'published', 'locked'] as const;
type ModelState = (typeof modelStates)[number];

interface ModelStep {
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

export async function removeModels(db: Connection, study: string): Promise<void> {
  await models(db).deleteMany({ study });
}
