/** Accounts of the workbench in MongoDB. Called by the verb files of this folder and by the session middleware. */
import { type Connection, Schema } from 'mongoose';
import { collectionOf } from '../database/models.ts';
import { type AccountRole, accountRoles } from '../permissions.ts';
import type { Account } from './account.ts';

/** An account as it is stored; only sign-in and the change of a password look at more than the `Account` in it. */
export interface StoredAccount extends Account {
  readonly passwordHash: string;
  /** Sessions name the generation they were opened in; a new one ends all of them at once. */
  readonly generation: number;
  /** `removing`: on its way out and no longer able to do anything (remove.ts). */
  readonly state: 'active' | 'removing';
  readonly createdAt: Date;
}

type AccountDocument = Omit<StoredAccount, 'id'> & { _id: string };

const accounts = collectionOf<AccountDocument>(
  'accounts',
  new Schema<AccountDocument>({
    _id: { type: String, required: true },
    name: { type: String, required: true },
    email: { type: String, required: true },
    role: { type: String, enum: accountRoles, required: true },
    passwordHash: { type: String, required: true },
    generation: { type: Number, required: true },
    state: { type: String, enum: ['active', 'removing'], required: true },
    createdAt: { type: Date, required: true },
  }).index({ email: 1 }, { unique: true }),
);

/** The one spelling of an address under which an account is found. */
export function emailOf(text: string): string {
  return text.trim().normalize('NFC').toLowerCase();
}

/** Stores a new account. Rejects with the driver's duplicate-key error when the e-mail address is taken. */
export async function insertAccount(db: Connection, account: StoredAccount): Promise<void> {
  const { id, ...rest } = account;
  await accounts(db).create({
    _id: id,
    ...rest,
    email: emailOf(account.email),
  });
}

export async function findAccount(db: Connection, id: string): Promise<StoredAccount | null> {
  const document = await accounts(db).findById(id).lean();
  return document ? plain(document) : null;
}

export async function findAccountByEmail(db: Connection, email: string): Promise<StoredAccount | null> {
  const document = await accounts(db)
    .findOne({ email: emailOf(email) })
    .lean();
  return document ? plain(document) : null;
}

/** The active account of a session; null when it was removed or when its password has changed since. */
export async function findSessionAccount(db: Connection, id: string, generation: number): Promise<Account | null> {
  const document = await accounts(db)
    .findOne({ _id: id, generation, state: 'active' })
    .select('name email role')
    .lean();
  return document ? { id, name: document.name, email: document.email, role: document.role } : null;
}

export async function listAccounts(db: Connection): Promise<StoredAccount[]> {
  const documents = await accounts(db).find().sort({ name: 1, _id: 1 }).lean();
  return documents.map(plain);
}

export async function anyAccount(db: Connection): Promise<boolean> {
  return (await accounts(db).exists({})) !== null;
}

export async function countActive(db: Connection, role: AccountRole): Promise<number> {
  return accounts(db).countDocuments({ role, state: 'active' });
}

/**
 * Sets a new password hash and opens the next generation of sessions in one write. False when the account has changed
 * since `generation`: somebody else was faster.
 */
export async function replacePassword(
  db: Connection,
  { id, generation }: Pick<StoredAccount, 'id' | 'generation'>,
  passwordHash: string,
): Promise<boolean> {
  const { modifiedCount } = await accounts(db).updateOne(
    { _id: id, generation, state: 'active' },
    { $set: { passwordHash }, $inc: { generation: 1 } },
  );
  return modifiedCount === 1;
}

/** Moves an account between its states; the only transitions are active -> removing and back. */
export async function setAccountState(db: Connection, id: string, state: StoredAccount['state']): Promise<void> {
  await accounts(db).updateOne({ _id: id }, { $set: { state } });
}

export async function deleteAccount(db: Connection, id: string): Promise<void> {
  await accounts(db).deleteOne({ _id: id });
}

function plain({ _id, name, email, role, passwordHash, generation, state, createdAt }: AccountDocument): StoredAccount {
  return {
    id: _id,
    name,
    email,
    role,
    passwordHash,
    generation,
    state,
    createdAt,
  };
}
