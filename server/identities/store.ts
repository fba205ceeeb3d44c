/**
 * Who the people of a study are, in MongoDB: names and e-mail addresses in a collection of their own, each field encrypted,
 * apart from roster and answers. Deleting a document here leaves a pseudonym that nobody can resolve. Called by the roster
 * import, by messages and by the use cases of people's rights.
 */
import { type Connection, mongo, Schema } from 'mongoose';
import type { Context } from '../context.ts';
import { collectionOf } from '../database/models.ts';
import { emailDigest, type Sealed, seal, unseal } from './crypt.ts';

export interface Identity {
  /** Pseudonym. */
  readonly person: string;
  readonly name: string | null;
  readonly email: string | null;
  /** BCP 47 tag of the language in which the person is written to; null: the study's first. */
  readonly language: string | null;
}

interface IdentityDocument {
  readonly _id: string;
  readonly study: string;
  readonly person: string;
  readonly name: Sealed | null;
  readonly email: Sealed | null;
  readonly language: string | null;
  readonly emailDigest: string | null;
  /** True once the person was forgotten: an import that still knows them must not bring them back. */
  readonly erased?: boolean;
}

const sealed = { type: Schema.Types.Mixed, default: null };

const identities = collectionOf<IdentityDocument>(
  'identities',
  new Schema<IdentityDocument>({
    _id: { type: String, required: true },
    study: { type: String, required: true },
    person: { type: String, required: true },
    name: sealed,
    email: sealed,
    language: { type: String, default: null },
    emailDigest: { type: String, default: null },
    erased: { type: Boolean },
  })
    .index({ study: 1, person: 1 }, { unique: true })
    .index({ study: 1, emailDigest: 1 }),
);

const batchSize = 1000;
const fields = ['name', 'email'] as const;
type Keyed = Pick<Context, 'db' | 'config' | 'secret'>;

/**
 * Stores identities, each replacing the one that the person had; 1,000 in one go at most. Whoever was erased stays so:
 * the filter misses them, and their id is taken.
 */
export async function saveIdentities(context: Keyed, study: string, members: readonly Identity[]): Promise<void> {
  for (let at = 0; at < members.length; at += batchSize) {
    const writes = members.slice(at, at + batchSize).map((identity) => {
      const document = documentOf(context, study, identity);
      const filter = { _id: document._id, erased: { $ne: true } };
      return { replaceOne: { filter, replacement: document, upsert: true } };
    });
    await identities(context.db).bulkWrite(writes, { ordered: false }).catch(exceptTaken);
  }
}

const duplicateKey = 11000;

function exceptTaken(error: unknown): void {
  if (!(error instanceof mongo.MongoBulkWriteError)) throw error;
  const failed = Array.isArray(error.writeErrors) ? error.writeErrors : [error.writeErrors];
  // The driver's own error holds the documents, which must not come near a log.
  const worst = failed.find(({ code }) => code !== duplicateKey);
  if (worst || failed.length === 0) throw new mongo.MongoServerError({ message: '', code: worst?.code ?? error.code });
}

/** The identities of these people; whoever has none is not in the answer. Throws UnreadableIdentity. */
export async function findIdentities(
  context: Keyed,
  study: string,
  people: readonly string[],
): Promise<Map<string, Identity>> {
  const found = await identities(context.db)
    .find({ study, person: { $in: [...people] }, erased: { $ne: true } })
    .lean<IdentityDocument[]>();
  return new Map(found.map((document) => [document.person, plain(context, document)]));
}

/** Who of these people was forgotten, and must stay so. */
export async function erasedAmong(db: Connection, study: string, people: readonly string[]): Promise<Set<string>> {
  const found = await identities(db)
    .find({ study, person: { $in: [...people] }, erased: true }, { person: 1 })
    .lean<{ person: string }[]>();
  return new Set(found.map(({ person }) => person));
}

/** Who of these people has an e-mail address; nothing is decrypted. */
export async function peopleWithEmail(db: Connection, study: string, people: readonly string[]): Promise<Set<string>> {
  const found = await identities(db)
    .find({ study, person: { $in: [...people] }, emailDigest: { $type: 'string' } }, { person: 1 })
    .lean<{ person: string }[]>();
  return new Set(found.map(({ person }) => person));
}

/** Who has this e-mail address in the study: pseudonyms, usually one. */
export async function findPeopleByEmail(
  context: Pick<Context, 'db' | 'secret'>,
  study: string,
  emails: readonly string[],
): Promise<Map<string, string[]>> {
  const byDigest = new Map(emails.map((email) => [emailDigest(context, study, email), email]));
  const found = await identities(context.db)
    .find({ study, emailDigest: { $in: [...byDigest.keys()] } }, { person: 1, emailDigest: 1 })
    .lean<{ person: string; emailDigest: string }[]>();
  const people = new Map<string, string[]>();
  for (const { person, emailDigest: digest } of found) {
    const email = byDigest.get(digest) as string;
    people.set(email, [...(people.get(email) ?? []), person]);
  }
  return people;
}

/** Removes the identities of some people of a study, or of all (`null`). The number removed. */
export async function removeIdentities(
  db: Connection,
  study: string,
  people: readonly string[] | null,
): Promise<number> {
  const { deletedCount } = await identities(db).deleteMany({
    study,
    ...(people === null ? {} : { person: { $in: [...people] } }),
  });
  return deletedCount;
}

/**
 * Erases who these people of a study are, or all (`null`): a mark stays under their pseudonym, so that no later import
 * brings the identity back. The number erased; whoever was erased before is not counted again.
 */
export async function eraseIdentities(
  db: Connection,
  study: string,
  people: readonly string[] | null,
): Promise<number> {
  const { modifiedCount } = await identities(db).updateMany(
    { study, ...(people === null ? {} : { person: { $in: [...people] } }), erased: { $ne: true } },
    { $set: { name: null, email: null, language: null, emailDigest: null, erased: true } },
  );
  if (people === null) return modifiedCount;
  const marks = people.map((person) => {
    const _id = identityId(study, person);
    const mark = { study, person, name: null, email: null, language: null, emailDigest: null, erased: true };
    return { updateOne: { filter: { _id }, update: { $setOnInsert: mark }, upsert: true } };
  });
  if (marks.length > 0) await identities(db).bulkWrite(marks, { ordered: false });
  return modifiedCount;
}

/** Whether an identity is kept of a person, without reading it. */
export async function hasIdentity(db: Connection, study: string, person: string): Promise<boolean> {
  return (await identities(db).exists({ study, person, erased: { $ne: true } })) !== null;
}

/** How many identities a study holds. */
export async function countIdentities(db: Connection, study: string): Promise<number> {
  return identities(db).countDocuments({ study, erased: { $ne: true } });
}

export interface SealedIdentity {
  readonly _id: string;
  readonly study: string;
  readonly person: string;
  readonly name: Sealed | null;
  readonly email: Sealed | null;
}

/** Up to `limit` identities of any study that hold a field of another key than this one, in order of their ids. */
export async function listSealedOtherwise(
  db: Connection,
  key: string,
  after: string,
  limit: number,
): Promise<SealedIdentity[]> {
  const otherwise = (field: (typeof fields)[number]) => ({ [field]: { $ne: null }, [`${field}.key`]: { $ne: key } });
  return identities(db)
    .find({ _id: { $gt: after }, $or: fields.map(otherwise) }, { study: 1, person: 1, name: 1, email: 1 })
    .sort({ _id: 1 })
    .limit(limit)
    .lean<SealedIdentity[]>();
}

/** Puts newly sealed fields in place of those that were read; not where somebody changed them meanwhile. How many. */
export async function replaceSealed(
  db: Connection,
  changes: readonly { readonly from: SealedIdentity; readonly to: Pick<SealedIdentity, 'name' | 'email'> }[],
): Promise<number> {
  if (changes.length === 0) return 0;
  const { modifiedCount } = await identities(db).bulkWrite(
    changes.map(({ from: { _id, name, email }, to }) => ({
      updateOne: { filter: { _id, name, email }, update: { $set: { ...to } } },
    })),
    { ordered: false },
  );
  return modifiedCount;
}

/** How many fields each key has sealed. */
export async function countByKey(db: Connection): Promise<Map<string, number>> {
  const groups = await identities(db).aggregate<{ _id: string; n: number }>([
    { $project: { key: fields.map((field) => `$${field}.key`) } },
    { $unwind: '$key' },
    { $match: { key: { $type: 'string' } } },
    { $group: { _id: '$key', n: { $sum: 1 } } },
    { $sort: { _id: 1 } },
  ]);
  return new Map(groups.map((group) => [group._id, group.n]));
}

const identityId = (study: string, person: string) => `${study}/${person}`;

function documentOf(context: Keyed, study: string, { person, name, email, language }: Identity): IdentityDocument {
  const sealedField = (field: (typeof fields)[number], text: string | null) =>
    text === null ? null : seal(context, { study, person, field }, text);
  return {
    _id: identityId(study, person),
    study,
    person,
    name: sealedField('name', name),
    email: sealedField('email', email),
    language,
    emailDigest: email === null ? null : emailDigest(context, study, email),
  };
}

function plain(context: Keyed, { study, person, name, email, language }: IdentityDocument): Identity {
  const text = (field: (typeof fields)[number], value: Sealed | null) =>
    value === null ? null : unseal(context, { study, person, field }, value);
  return { person, name: text('name', name), email: text('email', email), language };
}
