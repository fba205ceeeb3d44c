/**
 * The one-time link through which the first administrator makes their account. Issued at every start while there is no
 * account (serve.ts); used by the set-up routes.
 */
import { createHash, randomBytes } from 'node:crypto';
import { Schema } from 'mongoose';
import type { Context } from '../context.ts';
import { collectionOf } from '../database/models.ts';
import { Problem } from '../problems.ts';
import { type NewAccount, prepareAccount, storeAccount } from './create.ts';
import { anyAccount, type StoredAccount } from './store.ts';

interface SetupDocument {
  _id: string;
  tokenHash: string;
  issuedAt: Date;
}

const setups = collectionOf<SetupDocument>(
  'setups',
  new Schema<SetupDocument>({
    _id: { type: String, required: true },
    tokenHash: { type: String, required: true },
    issuedAt: { type: Date, required: true },
  }),
);

/** There is never more than one set-up link: it makes the first administrator. */
const onlyOne = 'first-administrator';

/**
 * The address of a new set-up link, in place of the former one; null when there is an account already. The token is
 * 128 random bits and only its hash is stored, so that the link can be read nowhere but where it is printed.
 */
export async function issueSetupLink({ db, config, clock }: Context): Promise<string | null> {
  if (await anyAccount(db)) {
    await setups(db).deleteOne({ _id: onlyOne });
    return null;
  }
  const token = randomBytes(16).toString('base64url');
  await setups(db).updateOne(
    { _id: onlyOne },
    { $set: { tokenHash: hashOf(token), issuedAt: clock() } },
    { upsert: true },
  );
  return `${config.publicUrl}/setup/${token}`;
}

/** Throws `setup-done` when there is an account, and `setup-link-invalid` unless the link may be used. */
export async function requireSetupLink({ db }: Context, token: string): Promise<void> {
  if (await anyAccount(db)) throw new Problem('setup-done');
  const known = await setups(db).exists({
    _id: onlyOne,
    tokenHash: hashOf(token),
  });
  if (!known) throw new Problem('setup-link-invalid');
}

/**
 * Makes the first administrator. The link is taken away in one step before the account is stored, so that of two
 * people who use it at once one succeeds; whoever comes second gets `setup-done`. A refused password or address
 * does not use the link up.
 */
export async function setUpFirstAdministrator(
  context: Context,
  token: string,
  wanted: Omit<NewAccount, 'role'>,
): Promise<StoredAccount> {
  await requireSetupLink(context, token);
  const account = await prepareAccount(context, {
    ...wanted,
    role: 'administrator',
  });
  const { deletedCount } = await setups(context.db).deleteOne({
    _id: onlyOne,
    tokenHash: hashOf(token),
  });
  if (deletedCount !== 1) throw new Problem('setup-done');
  await storeAccount(context, account);
  return account;
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
