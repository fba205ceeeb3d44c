/**
 * Who the people of a study are, in MongoDB: names and e-mail addresses in a collection of their own, each field encrypted,
 * apart from roster and answers. Deleting a document here leaves a pseudonym that nobody can resolve. Called by the roster
 * import, by messages and by the use cases of people's rights.
 */
import { type Connection, Schema } from 'mongoose';
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
  })
    .index({ study: 1, person: 1 }, { unique: true })
    .index({ study: 1, emailDigest: 1 }),
);

const batchSize = 1000;
const fields = ['name', 'email'] as const;
type Keyed = Pick<Context, 'db' | 'config' | 'secret'>;

/** Stores identities, each replacing the one that the person had; 1,000 in one go at most. */
export async function saveIdentities(context: Keyed, study: string, members: readonly Identity[]): Promise<void> {
  for (let at = 0; at < members.length; at += batchSize) {
    await identities(context.db).bulkWrite(
      members.slice(at, at + batchSize).map((identity) => {
        const document = documentOf(context, study, identity);
        return { replaceOne: { filter: { _id: document._id }, replacement: document, upsert: true } };
      }),
      { ordered: false },
    );
  }
}

/** The identities of these people; whoever has none is not in the answer. Throws UnreadableIdentity. */
export async function findIdentities(
  context: Keyed,
  study: string,
  people: readonly string[],
): Promise<Map<string, Identity>> {
  const found = await identities(context.db)
    .find({ study, person: { $in: [...people] } })
    .lean<IdentityDocument[]>();
  return new Map(found.map((document) => [document.person, plain(context, document)]));
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

function documentOf(context: Keyed, study: string, { person, name, email, language }: Identity): IdentityDocument {
  const sealedField = (field: (typeof fields)[number], text: string | null) =>
    text === null ? null : seal(context, { study, person, field }, text);
  return {
    _id: `${study}/${person}`,
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
