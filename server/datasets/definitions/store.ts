/** Dataset definitions in MongoDB, one document each. Used by the routes, releases and `fidelis export`. */
import { type Connection, Schema } from 'mongoose';
import { translateDatabaseError } from '../../database/errors.ts';
import { collectionOf } from '../../database/models.ts';
import { Problem } from '../../problems.ts';
import { type DatasetDefinition, definitionSchema } from './definition.ts';

export interface StoredDefinition {
  readonly study: string;
  readonly name: string;
  readonly definition: DatasetDefinition;
  /** Id of the account that saved it last. */
  readonly by: string;
  readonly at: Date;
}

const definitions = collectionOf<StoredDefinition>(
  'dataset-definitions',
  new Schema<StoredDefinition>({
    study: { type: String, required: true },
    name: { type: String, required: true },
    definition: { type: Schema.Types.Mixed, required: true },
    by: { type: String, required: true },
    at: { type: Date, required: true },
  })
    // Empty objects are kept: a rename is a map without codes.
    .set('minimize', false)
    .index({ study: 1, name: 1 }, { unique: true }),
);
const bare = { _id: 0, __v: 0 } as const;

export async function listDefinitions(db: Connection, study: string): Promise<StoredDefinition[]> {
  return (await definitions(db).find({ study }, bare).sort({ name: 1 }).lean<StoredDefinition[]>()).map(whole);
}

/** Throws `not-found`. */
export async function getDefinition(db: Connection, study: string, name: string): Promise<StoredDefinition> {
  const found = await definitions(db).findOne({ study, name }, bare).lean<StoredDefinition>();
  if (!found) throw new Problem('not-found', { detail: `The study "${study}" has no dataset "${name}".` });
  return whole(found);
}

/** What was stored before a field was there, or without an empty one, as it is meant. */
function whole(stored: StoredDefinition): StoredDefinition {
  const { success, data } = definitionSchema.safeParse(stored.definition);
  return success ? { ...stored, definition: data } : stored;
}

/** Throws `already-exists`. */
export async function insertDefinition(db: Connection, stored: StoredDefinition): Promise<void> {
  try {
    await definitions(db).create(stored);
  } catch (error) {
    if (translateDatabaseError(error)?.kind === 'duplicate-key') {
      throw new Problem('already-exists', { detail: `There is a dataset "${stored.name}" already.`, cause: error });
    }
    throw error;
  }
}

/** Throws `not-found`. */
export async function replaceDefinition(db: Connection, { study, name, ...rest }: StoredDefinition): Promise<void> {
  const { matchedCount } = await definitions(db).updateOne({ study, name }, { $set: rest });
  if (matchedCount === 0) throw new Problem('not-found', { detail: `The study "${study}" has no dataset "${name}".` });
}

/** Whether it was there. */
export async function removeDefinition(db: Connection, study: string, name: string): Promise<boolean> {
  const { deletedCount } = await definitions(db).deleteOne({ study, name });
  return deletedCount > 0;
}

export async function removeDefinitions(db: Connection, study: string): Promise<void> {
  await definitions(db).deleteMany({ study });
}
