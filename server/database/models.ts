/**
 * The collections of the house. Every store declares its collection here at import; the indexes of all of them are
 * created at start, before the first request. Called by the stores, main.ts, the command line and the tests.
 */
import type { Connection, Model, Schema } from 'mongoose';
import { DatabaseStartError } from './errors.ts';

/** What the list of all collections needs of a model; their documents differ in type. */
type Indexed = { createIndexes(): Promise<unknown> };

const declared = new Map<string, (connection: Connection) => Indexed>();
const clustered = new Set<string>();

/**
 * Declares the collection `name` with its schema and the indexes on it, and returns the way to its model on a given
 * connection. Throws where two stores declare one name.
 *
 * @example
 * const wards = collectionOf<Ward>('wards', new Schema<Ward>({ … }).index({ study: 1, id: 1 }, { unique: true }));
 * await wards(db).findOne({ study, id }).lean();
 *
 * `inOrderOfIds`: documents lie in the database in the order of their ids, not in that of their arrival; so only in
 * collections that this version has made.
 */
export function collectionOf<T>(
  name: string,
  schema: Schema<T>,
  { inOrderOfIds = false }: { readonly inOrderOfIds?: boolean } = {},
): (connection: Connection) => Model<T> {
  if (declared.has(name)) throw new Error(`the collection ${name} is declared twice`);
  const modelOn = (connection: Connection): Model<T> => {
    const known = connection.models[name] as Model<T> | undefined;
    return known ?? connection.model<T>(name, schema, name);
  };
  declared.set(name, modelOn);
  if (inOrderOfIds) clustered.add(name);
  return modelOn;
}

/**
 * Creates every declared index that is missing. Drops nothing; may run any number of times and in several processes at
 * once. Rejects with a DatabaseStartError `index-conflict` when an index of that name exists with other properties or
 * the data break a new unique index.
 */
export async function ensureIndexes(connection: Connection): Promise<void> {
  for (const [name, modelOn] of declared) {
    try {
      if (clustered.has(name)) await createInOrderOfIds(connection, name);
      await modelOn(connection).createIndexes();
    } catch (error) {
      const { code, codeName } = error as {
        code?: unknown;
        codeName?: unknown;
      };
      // IndexOptionsConflict, IndexKeySpecsConflict, DuplicateKey: a person has to decide what to do.
      if (code === 85 || code === 86 || code === 11000) {
        throw new DatabaseStartError(
          'index-conflict',
          `The indexes of the collection ${name} cannot be created as declared (${String(codeName ?? code)}). ` +
            'Compare its indexes and data with what this version of Fidelis declares; nothing was changed.',
          { cause: error },
        );
      }
      throw error;
    }
  }
}

async function createInOrderOfIds(connection: Connection, name: string): Promise<void> {
  try {
    await connection.createCollection(name, { clusteredIndex: { key: { _id: 1 }, unique: true } });
  } catch (error) {
    // NamespaceExists: it is there, as it was made.
    if ((error as { code?: unknown }).code !== 48) throw error;
  }
}
