/**
 * Whether this server has the secret that the database was used with: with another one it would send links that nobody can
 * open and refuse those that were sent. Called by serve.ts before anything is done.
 */
import { type Connection, Schema } from 'mongoose';
import { ConfigError } from './config.ts';
import { collectionOf } from './database/models.ts';
import type { Secret } from './secret.ts';

interface SecretMark {
  readonly _id: 'secret';
  /** A key derived for this alone: it says nothing of any other. */
  readonly mark: string;
}

const marks = collectionOf<SecretMark>(
  'settings',
  new Schema<SecretMark>({ _id: { type: String, required: true }, mark: { type: String, required: true } }),
);

/** The first server of a database leaves its mark; throws ConfigError for one with another secret, unless it is meant. */
export async function requireSameSecret(
  db: Connection,
  secret: Secret,
  { accept }: { accept: boolean },
): Promise<void> {
  const mark = secret.derive('secret-mark').toString('hex');
  const set = accept ? { $set: { mark } } : { $setOnInsert: { mark } };
  const found = await marks(db)
    .findOneAndUpdate({ _id: 'secret' }, set, { upsert: true, returnDocument: 'after' })
    .lean<SecretMark>();
  if (found?.mark === mark) return;
  const message =
    'is not the secret that this database was used with, so links that were sent would be dead, and new ones dead on ' +
    'the other servers. Give all servers of a database the same one. If the former secret is lost, start once with ' +
    'FIDELIS_SECRET_CHANGED=yes, and issue links and invitations anew.';
  throw new ConfigError([{ name: 'FIDELIS_SECRET', message }]);
}
