/** Removes an account. Called by the account routes. */
import type { Context } from '../context.ts';
import { Problem } from '../problems.ts';
import type { Account } from './account.ts';
import { removeLinks } from './links.ts';
import { removeOutsideIdentities } from './outside-identities.ts';
import { removeFactor } from './second-factor-store.ts';
import { countActive, deleteAccount, findAccount, setAccountState } from './store.ts';
import { removeStudyAccess } from './study-roles.ts';
import { removeTokens } from './tokens.ts';

/**
 * Removes the account `id` with its roles in studies; its sessions and links end with it. Throws `not-found`, and `state-not-allowed` for one's own account
 * and for the last administrator.
 *
 * The account first leaves the active ones, then the administrators that remain are counted, and only then is it
 * deleted: when two administrators remove each other at the same moment both may be refused, but one always remains.
 */
export async function removeAccount({ db, log }: Context, id: string, by: Pick<Account, 'id'>): Promise<void> {
  const account = await findAccount(db, id);
  if (!account) throw new Problem('not-found', { detail: 'There is no such account.' });
  if (account.id === by.id) {
    throw new Problem('state-not-allowed', {
      detail: 'Nobody can remove their own account; ask another administrator.',
    });
  }
  const before = account.state === 'invited' ? 'invited' : 'active';
  await setAccountState(db, account.id, 'removing');
  if (before === 'active' && account.role === 'administrator' && (await countActive(db, 'administrator')) === 0) {
    await setAccountState(db, account.id, before);
    throw new Problem('state-not-allowed', {
      detail: 'The last administrator cannot be removed.',
    });
  }
  await removeStudyAccess(db, { account: account.id });
  await removeLinks(db, account.id);
  await removeFactor(db, account.id);
  await removeOutsideIdentities(db, account.id);
  await removeTokens(db, account.id);
  await deleteAccount(db, account.id);
  log.info({ account: account.id, by: by.id }, 'account removed');
}
