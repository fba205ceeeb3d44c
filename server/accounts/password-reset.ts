/**
 * A new password for whoever can read the mail of an account. Asking does the same work and gives the same answer whether
 * the address is known or not. Called by the account routes.
 */
import { createHmac } from 'node:crypto';
import type { Request } from 'express';
import { recordEvent } from '../audit/events.ts';
import type { Context } from '../context.ts';
import { enqueue } from '../outbox/store.ts';
import { Problem } from '../problems.ts';
import { addressOf, limiter } from '../rate-limits.ts';
import { type AccountLink, findLinkByToken, issueLink, spendLink } from './links.ts';
import { checkPassword, hashPassword } from './passwords.ts';
import { emailOf, findAccount, findAccountByEmail, replacePassword, type StoredAccount } from './store.ts';

const hourMs = 60 * 60 * 1000;

/** Sends a link that works for an hour to the address, if an account has it. Throws `too-many-requests`. */
export async function requestReset(context: Context, request: Request, email: string): Promise<void> {
  const address = emailOf(email);
  await limiter(context, 'reset-address', { points: 20, seconds: 3600 }).consume(addressOf(request));
  await limiter(context, 'reset-account', { points: 5, seconds: 3600 }).consume(address);
  const found = await findAccountByEmail(context.db, address);
  const account = found?.state === 'active' ? found : null;
  // Nobody's link and nobody's message: they cost as much time as somebody's, and lead nowhere.
  const id = account?.id ?? `nobody-${digestOf(context, address)}`;
  const link = await issueLink(context, {
    purpose: 'password-reset',
    account: id,
    generation: account?.generation ?? 1,
    expiresAt: new Date(context.clock().getTime() + hourMs),
  });
  if (account) {
    await enqueue(context, [
      {
        key: `password-reset:${id}:${account.generation}:${link.expiresAt.getTime()}`,
        kind: 'password-reset',
        to: { kind: 'account', account: id },
        study: null,
        about: { serial: link.serial },
        sendAfter: null,
      },
    ]);
  } else {
    await issueLink(context, link);
  }
  await recordEvent(context, request, 'account.reset-request', {
    by: null,
    ...(account ? { thing: { account: id } } : { refused: 'unknown-address' }),
  });
}

/** Throws `account-link-invalid` unless the token may be used. */
export async function requireReset(
  context: Context,
  token: string,
): Promise<{ account: StoredAccount; link: AccountLink }> {
  const link = await findLinkByToken(context, 'password-reset', token);
  const account = link ? await findAccount(context.db, link.account) : null;
  if (!link || account?.state !== 'active' || account.generation !== link.generation) {
    throw new Problem('account-link-invalid', { detail: 'Links for a new password work once and for an hour.' });
  }
  return { account, link };
}

/** Sets the new password and ends every session of the account. A refused password does not use the link up. */
export async function resetPassword(
  context: Context,
  request: Request,
  token: string,
  password: string,
): Promise<void> {
  const { account, link } = await requireReset(context, token);
  const issues = checkPassword(password, account);
  if (issues.length > 0) throw new Problem('invalid-request', { issues });
  const hash = await hashPassword(password);
  const first = await spendLink(context.db, link);
  if (!first || !(await replacePassword(context.db, account, hash))) throw new Problem('account-link-invalid');
  await recordEvent(context, request, 'account.reset-password', { by: account.id });
  context.log.info({ account: account.id }, 'password reset');
}

/** Unknown addresses are not stored. */
function digestOf({ secret }: Context, address: string): string {
  return createHmac('sha256', secret.derive('reset-addresses')).update(address).digest('hex').slice(0, 24);
}
