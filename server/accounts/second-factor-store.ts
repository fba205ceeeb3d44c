/**
 * Second factors of accounts in MongoDB: the authenticator's secret encrypted with a key derived from the installation's
 * secret and bound to its account, recovery codes as keyed hashes, so that a copy of the database holds neither. Called by
 * `second-factor.ts`.
 */
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { type Connection, Schema } from 'mongoose';
import type { Context } from '../context.ts';
import { collectionOf } from '../database/models.ts';

export interface SecondFactor {
  /** Base32, as authenticator apps take it. */
  readonly secret: string;
  /** `pending`: shown, and not yet confirmed by a first code. */
  readonly state: 'pending' | 'on';
  readonly recoveryCodes: number;
  readonly since: Date;
}

interface FactorDocument {
  _id: string;
  sealed: string;
  state: SecondFactor['state'];
  /** The last time step whose code was used: none works twice. */
  lastStep: number;
  recovery: string[];
  since: Date;
}

const factors = collectionOf<FactorDocument>(
  'second-factors',
  new Schema<FactorDocument>({
    _id: { type: String, required: true },
    sealed: { type: String, required: true },
    state: { type: String, enum: ['pending', 'on'], required: true },
    lastStep: { type: Number, required: true },
    recovery: { type: [String], required: true },
    since: { type: Date, required: true },
  }),
);

type Keyed = Pick<Context, 'db' | 'secret' | 'clock'>;

export async function findFactor(context: Keyed, account: string): Promise<SecondFactor | null> {
  const found = await factors(context.db).findById(account).lean();
  if (!found) return null;
  const { sealed, state, recovery, since } = found;
  return { secret: unseal(context, account, sealed), state, recoveryCodes: recovery.length, since };
}

/** Which of these accounts have two-factor sign-in. */
export async function accountsWithFactor(db: Connection): Promise<Set<string>> {
  return new Set((await factors(db).find({ state: 'on' }, { _id: 1 }).lean()).map(({ _id }) => _id));
}

/** Keeps a new secret until it is confirmed. False when the account has two-factor sign-in already. */
export async function savePending(context: Keyed, account: string, secret: string): Promise<boolean> {
  const pending = { sealed: seal(context, account, secret), state: 'pending', lastStep: 0, recovery: [] } as const;
  await factors(context.db).deleteOne({ _id: account, state: 'pending' });
  const { upsertedCount } = await factors(context.db).updateOne(
    { _id: account },
    { $setOnInsert: { ...pending, since: context.clock() } },
    { upsert: true },
  );
  return upsertedCount === 1;
}

/** Turns a pending factor on. False when there is none. */
export async function confirmFactor(context: Keyed, account: string, codes: readonly string[]): Promise<boolean> {
  const { modifiedCount } = await factors(context.db).updateOne(
    { _id: account, state: 'pending' },
    { $set: { state: 'on', recovery: hashes(context, account, codes), since: context.clock() } },
  );
  return modifiedCount === 1;
}

export async function replaceRecoveryCodes(context: Keyed, account: string, codes: readonly string[]): Promise<void> {
  await factors(context.db).updateOne(
    { _id: account, state: 'on' },
    { $set: { recovery: hashes(context, account, codes) } },
  );
}

/** Takes a time step as used. False when its code, or a later one, was used before: of two at once one succeeds. */
export async function spendStep(db: Connection, account: string, step: number): Promise<boolean> {
  const { modifiedCount } = await factors(db).updateOne(
    { _id: account, lastStep: { $lt: step } },
    { $set: { lastStep: step } },
  );
  return modifiedCount === 1;
}

/** Takes a recovery code out of the list. False when it is not in it. */
export async function spendRecoveryCode(context: Keyed, account: string, code: string): Promise<boolean> {
  const [hash = ''] = hashes(context, account, [code]);
  const { modifiedCount } = await factors(context.db).updateOne(
    { _id: account, state: 'on', recovery: hash },
    { $pull: { recovery: hash } },
  );
  return modifiedCount === 1;
}

export async function removeFactor(db: Connection, account: string): Promise<boolean> {
  return (await factors(db).deleteOne({ _id: account })).deletedCount === 1;
}

function hashes({ secret }: Pick<Context, 'secret'>, account: string, codes: readonly string[]): string[] {
  const key = secret.derive('recovery-codes');
  return codes.map((code) => createHmac('sha256', key).update(`${account}\n${code}`).digest('base64url'));
}

const [nonceLength, tagLength] = [12, 16];

function seal({ secret }: Pick<Context, 'secret'>, account: string, text: string): string {
  const nonce = randomBytes(nonceLength);
  const cipher = createCipheriv('aes-256-gcm', secret.derive('second-factor'), nonce).setAAD(Buffer.from(account));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
}

function unseal({ secret }: Pick<Context, 'secret'>, account: string, sealed: string): string {
  const bytes = Buffer.from(sealed, 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', secret.derive('second-factor'), bytes.subarray(0, nonceLength))
    .setAAD(Buffer.from(account))
    .setAuthTag(bytes.subarray(nonceLength, nonceLength + tagLength));
  return Buffer.concat([decipher.update(bytes.subarray(nonceLength + tagLength)), decipher.final()]).toString('utf8');
}
