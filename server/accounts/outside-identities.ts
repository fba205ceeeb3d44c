/**
 * Which account belongs to which person of an identity provider, in MongoDB: the provider's own name for the person
 * (`iss` and `sub`), kept at the first sign-in, because e-mail addresses change hands. Called by `oidc.ts`.
 */
import { createHash } from 'node:crypto';
import { type Connection, Schema } from 'mongoose';
import { translateDatabaseError } from '../database/errors.ts';
import { collectionOf } from '../database/models.ts';

interface IdentityDocument {
  _id: string;
  issuer: string;
  account: string;
  since: Date;
}

const identities = collectionOf<IdentityDocument>(
  'outside-identities',
  new Schema<IdentityDocument>({
    _id: { type: String, required: true },
    issuer: { type: String, required: true },
    account: { type: String, required: true },
    since: { type: Date, required: true },
  }).index({ account: 1, issuer: 1 }, { unique: true }),
);

/** Who somebody is for a provider. */
export interface OutsidePerson {
  readonly issuer: string;
  readonly subject: string;
}

export async function findAccountOf(db: Connection, person: OutsidePerson): Promise<string | null> {
  return (await identities(db).findById(keyOf(person)).lean())?.account ?? null;
}

/** Ties an account to a person. False when either is tied to another already. */
export async function tieAccount(db: Connection, person: OutsidePerson, account: string, at: Date): Promise<boolean> {
  try {
    await identities(db).create({ _id: keyOf(person), issuer: person.issuer, account, since: at });
    return true;
  } catch (error) {
    if (translateDatabaseError(error)?.kind !== 'duplicate-key') throw error;
    return (await findAccountOf(db, person)) === account;
  }
}

export async function removeOutsideIdentities(db: Connection, account: string): Promise<void> {
  await identities(db).deleteMany({ account });
}

function keyOf({ issuer, subject }: OutsidePerson): string {
  return createHash('sha256')
    .update(JSON.stringify([issuer, subject]))
    .digest('base64url');
}
