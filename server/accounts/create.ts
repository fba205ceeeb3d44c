/** Makes an account. Called by the account routes, by the set-up of the first administrator and by the command line. */
import { randomBytes } from 'node:crypto';
import type { z } from 'zod';
import type { Context } from '../context.ts';
import { translateDatabaseError } from '../database/errors.ts';
import { Problem } from '../problems.ts';
import { checkPassword, hashPassword } from './passwords.ts';
import type { newAccountSchema } from './schemas.ts';
import { emailOf, insertAccount, type StoredAccount } from './store.ts';

export type NewAccount = z.output<typeof newAccountSchema>;

/**
 * Stores a new account and returns it. Throws `invalid-request` when the password is too easy and `already-exists`
 * when the e-mail address has an account.
 */
export async function createAccount(context: Context, wanted: NewAccount): Promise<StoredAccount> {
  const account = await prepareAccount(context, wanted);
  await storeAccount(context, account);
  return account;
}

/** The account as it will be stored, with its password checked and hashed. */
export async function prepareAccount(context: Context, wanted: NewAccount): Promise<StoredAccount> {
  const issues = checkPassword(wanted.password, wanted);
  if (issues.length > 0) throw new Problem('invalid-request', { issues });
  return {
    id: randomBytes(8).toString('hex'),
    name: wanted.name,
    email: emailOf(wanted.email),
    role: wanted.role,
    passwordHash: await hashPassword(wanted.password),
    generation: 1,
    state: 'active',
    createdAt: context.clock(),
  };
}

export async function storeAccount({ db, log }: Context, account: StoredAccount): Promise<void> {
  try {
    await insertAccount(db, account);
  } catch (error) {
    if (translateDatabaseError(error)?.kind !== 'duplicate-key') throw error;
    throw new Problem('already-exists', {
      detail: 'There is an account with this e-mail address.',
    });
  }
  log.info({ account: account.id, role: account.role }, 'account created');
}
