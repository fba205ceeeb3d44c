/**
 * Invites colleagues: an account that waits for its owner, and a link that makes it theirs. Called by the routes of
 * accounts and of the people with access to a study; accepting is open to whoever holds the link.
 */
import { randomBytes } from 'node:crypto';
import type { Context } from '../context.ts';
import { enqueue } from '../outbox/store.ts';
import type { AccountRole } from '../permissions.ts';
import { Problem } from '../problems.ts';
import { storeAccount } from './create.ts';
import { type AccountLink, addressOfLink, findLink, findLinkByToken, issueLink, spendLink } from './links.ts';
import { checkPassword, hashPassword } from './passwords.ts';
import { activateAccount, emailOf, findAccount, type StoredAccount } from './store.ts';

const validMs = 14 * 24 * 60 * 60 * 1000;

export interface Invited {
  readonly account: StoredAccount;
  readonly link: PendingLink;
}

/** The link of somebody who has not accepted yet: whoever invites may copy it where no mail is sent. */
export interface PendingLink {
  readonly url: string;
  readonly expiresAt: string;
}

/** Makes an invited account and its link. Throws `already-exists` when the address has an account. */
export async function inviteAccount(
  context: Context,
  wanted: { readonly name: string; readonly email: string; readonly role: AccountRole },
): Promise<Invited> {
  const account: StoredAccount = {
    id: randomBytes(8).toString('hex'),
    name: wanted.name,
    email: emailOf(wanted.email),
    role: wanted.role,
    passwordHash: null,
    generation: 1,
    state: 'invited',
    createdAt: context.clock(),
  };
  await storeAccount(context, account);
  return { account, link: await sendLink(context, account) };
}

/** A new link for an invited account, in place of the former. Throws `not-found` and `state-not-allowed`. */
export async function inviteAgain(context: Context, id: string): Promise<Invited> {
  const account = await findAccount(context.db, id);
  if (!account) throw new Problem('not-found', { detail: 'There is no such account.' });
  if (account.state !== 'invited') {
    throw new Problem('state-not-allowed', { detail: 'This person has accepted the invitation already.' });
  }
  return { account, link: await sendLink(context, account) };
}

/** The link of an invited account, as long as it may be used. */
export async function pendingLink(context: Context, account: StoredAccount): Promise<PendingLink | null> {
  if (account.state !== 'invited') return null;
  const link = await findLink(context, 'invitation', account.id);
  return link ? shown(context, link) : null;
}

/** Who is invited by a token. Throws `account-link-invalid`. */
export async function requireInvitation(
  context: Context,
  token: string,
): Promise<{ account: StoredAccount; link: AccountLink }> {
  const link = await findLinkByToken(context, 'invitation', token);
  const account = link ? await findAccount(context.db, link.account) : null;
  if (!link || account?.state !== 'invited' || account.generation !== link.generation) {
    throw new Problem('account-link-invalid', { detail: 'Whoever invited you can send another one.' });
  }
  return { account, link };
}

/** Makes the account its owner's. A refused password does not use the link up. */
export async function acceptInvitation(
  context: Context,
  token: string,
  chosen: { readonly name: string; readonly password: string },
): Promise<StoredAccount> {
  const { account, link } = await requireInvitation(context, token);
  const issues = checkPassword(chosen.password, { ...account, name: chosen.name });
  if (issues.length > 0) throw new Problem('invalid-request', { issues });
  const passwordHash = await hashPassword(chosen.password);
  const first = await spendLink(context.db, link);
  const { name } = chosen;
  if (!first || !(await activateAccount(context.db, account, { name, passwordHash }))) {
    throw new Problem('account-link-invalid');
  }
  context.log.info({ account: account.id }, 'invitation accepted');
  return { ...account, name, passwordHash, state: 'active', generation: account.generation + 1 };
}

async function sendLink(context: Context, account: StoredAccount): Promise<PendingLink> {
  const expiresAt = new Date(context.clock().getTime() + validMs);
  const { id, generation } = account;
  const link = await issueLink(context, { purpose: 'invitation', account: id, generation, expiresAt });
  await enqueue(context, [
    {
      key: `account-invitation:${id}:${link.serial}`,
      kind: 'account-invitation',
      to: { kind: 'account', account: id },
      study: null,
      about: { serial: link.serial },
      sendAfter: null,
    },
  ]);
  return shown(context, link);
}

function shown(context: Context, link: AccountLink): PendingLink {
  return { url: addressOfLink(context, link), expiresAt: link.expiresAt.toISOString() };
}
