/** Accounts of the workbench in MongoDB. Called by the verb files of this folder and by the session middleware. */
import { type Connection, Schema } from 'mongoose';
import { collectionOf } from '../database/models.ts';
import { type AccountRole, accountRoles } from '../permissions.ts';
import type { Account } from './account.ts';

/**
 * `invited`: has been sent a link and cannot sign in before using it; `removing`: on its way out and no longer able to do
 * anything (remove.ts).
 */
export const accountStates = ['invited', 'active', 'removing'] as const;
export type AccountState = (typeof accountStates)[number];

/** An account as it is stored; only sign-in and the change of a password look at more than the `Account` in it. */
export interface StoredAccount extends Account {
  /** Null: there is no password, only sign-in through an identity provider, or nothing yet. */
  readonly passwordHash: string | null;
  /** Sessions name the generation they were opened in; a new one ends all of them at once. */
  readonly generation: number;
  readonly state: AccountState;
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
    passwordHash: { type: String, default: null },
    generation: { type: Number, required: true },
    state: { type: String, enum: accountStates, required: true },
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

/** All accounts, or those of the ids. */
export async function listAccounts(db: Connection, ids?: readonly string[]): Promise<StoredAccount[]> {
  const documents = await accounts(db)
    .find(ids ? { _id: { $in: [...ids] } } : {})
    .sort({ name: 1, _id: 1 })
    .lean();
  return documents.map(plain);
}

/** Names by id, of all accounts or of those of the ids; whoever has gone is not among them. */
export async function accountNames(db: Connection, ids?: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const found = await accounts(db)
    .find(ids ? { _id: { $in: [...new Set(ids)] } } : {}, { name: 1 })
    .lean();
  return new Map(found.map(({ _id, name }) => [_id, name]));
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

/** Which state may follow which; an account that cannot be removed after all goes back to where it was. */
const transitions: Readonly<Record<AccountState, readonly AccountState[]>> = {
  invited: ['active', 'removing'],
  active: ['removing'],
  removing: ['active', 'invited'],
};

/** Moves an account between its states. False when it is in none from which that is allowed. */
export async function setAccountState(db: Connection, id: string, state: AccountState): Promise<boolean> {
  const from = accountStates.filter((one) => transitions[one].includes(state));
  const { modifiedCount } = await accounts(db).updateOne({ _id: id, state: { $in: from } }, { $set: { state } });
  return modifiedCount === 1;
}

/**
 * Makes an invited account one that can sign in, with what the person chose. False when it was not invited any more.
 * Without a password hash it signs in through an identity provider only.
 */
export async function activateAccount(
  db: Connection,
  { id, generation }: Pick<StoredAccount, 'id' | 'generation'>,
  chosen: { readonly name?: string; readonly passwordHash?: string },
): Promise<boolean> {
  const { modifiedCount } = await accounts(db).updateOne(
    { _id: id, generation, state: 'invited' },
    { $set: { ...chosen, state: 'active' }, $inc: { generation: 1 } },
  );
  return modifiedCount === 1;
}

export async function renameAccount(db: Connection, id: string, name: string): Promise<void> {
  await accounts(db).updateOne({ _id: id, state: 'active' }, { $set: { name } });
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
