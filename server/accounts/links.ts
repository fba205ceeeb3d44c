/**
 * Links that are sent to the owner of an account and work once: to accept an invitation, to choose a new password. A token
 * is 128 bits made by HMAC from the installation's secret; the database holds its hash only, so that a copy of it uses
 * none. Called by `invite.ts` and `password-reset.ts`.
 */
import { createHash, createHmac } from 'node:crypto';
import { type Connection, Schema } from 'mongoose';
import type { Context } from '../context.ts';
import { collectionOf } from '../database/models.ts';

export type LinkPurpose = 'invitation' | 'password-reset';

/** What a token is made from: whoever sends the message later derives it again. */
export interface AccountLink {
  readonly purpose: LinkPurpose;
  readonly account: string;
  /** The account's generation when the link was made: a password that was changed since makes the link void. */
  readonly generation: number;
  /** Counts the links of an account and purpose; a new one makes the former unknown. */
  readonly serial: number;
  readonly expiresAt: Date;
}

type LinkDocument = AccountLink & { _id: string; tokenHash: string };

const links = collectionOf<LinkDocument>(
  'account-links',
  new Schema<LinkDocument>({
    _id: { type: String, required: true },
    purpose: { type: String, required: true },
    account: { type: String, required: true },
    generation: { type: Number, required: true },
    serial: { type: Number, required: true },
    tokenHash: { type: String, required: true },
    expiresAt: { type: Date, required: true },
  })
    .index({ tokenHash: 1 })
    .index({ expiresAt: 1 }),
);

const pages: Readonly<Record<LinkPurpose, string>> = { invitation: 'invitation', 'password-reset': 'password-reset' };
const keyOf = ({ purpose, account }: Pick<AccountLink, 'purpose' | 'account'>) => `${purpose}:${account}`;

/** Makes a new link in place of the one that there was. */
export async function issueLink(
  { db, secret }: Pick<Context, 'db' | 'secret'>,
  wanted: Omit<AccountLink, 'serial'>,
): Promise<AccountLink> {
  const former = await links(db).findById(keyOf(wanted)).lean();
  const link = { ...wanted, serial: (former?.serial ?? 0) + 1 };
  await links(db).replaceOne(
    { _id: keyOf(link) },
    { ...link, tokenHash: hashOf(tokenOf({ secret }, link)) },
    { upsert: true },
  );
  return link;
}

/** The address of a link. */
export function addressOfLink(context: Pick<Context, 'config' | 'secret'>, link: AccountLink): string {
  return `${context.config.publicUrl}/${pages[link.purpose]}/${tokenOf(context, link)}`;
}

/** The newest link of an account for a purpose, if it may still be used. */
export async function findLink(
  { db, clock }: Pick<Context, 'db' | 'clock'>,
  purpose: LinkPurpose,
  account: string,
): Promise<AccountLink | null> {
  const found = await links(db)
    .findOne({ _id: keyOf({ purpose, account }), tokenHash: { $ne: used }, expiresAt: { $gt: clock() } })
    .lean();
  return found ? plain(found) : null;
}

/** The link that a token opens; null when there is none, or it is used or too old. */
export async function findLinkByToken(
  { db, clock }: Pick<Context, 'db' | 'clock'>,
  purpose: LinkPurpose,
  token: string,
): Promise<AccountLink | null> {
  const found = await links(db)
    .findOne({ purpose, tokenHash: hashOf(token), expiresAt: { $gt: clock() } })
    .lean();
  return found ? plain(found) : null;
}

/** Takes a link out of use. False when somebody else was quicker: of two people with one link one succeeds. */
export async function spendLink(db: Connection, link: AccountLink): Promise<boolean> {
  const { modifiedCount } = await links(db).updateOne(
    { _id: keyOf(link), serial: link.serial, tokenHash: { $ne: used } },
    { $set: { tokenHash: used } },
  );
  return modifiedCount === 1;
}

export async function removeLinks(db: Connection, account: string): Promise<void> {
  await links(db).deleteMany({ account });
}

/** Removes links that are too old; called by the sweeper. */
export async function sweepLinks(db: Connection, now: Date): Promise<void> {
  await links(db).deleteMany({ expiresAt: { $lt: now } });
}

/** Stands in place of the hash of a used link; no token has it. */
const used = 'used';

function tokenOf({ secret }: Pick<Context, 'secret'>, link: AccountLink): string {
  const { purpose, account, generation, serial, expiresAt } = link;
  return createHmac('sha256', secret.derive('account-links'))
    .update([purpose, account, generation, serial, expiresAt.getTime()].join('\n'))
    .digest()
    .subarray(0, 16)
    .toString('base64url');
}

function hashOf(token: string): string {
  return createHash('sha256').update(`account-link:${token}`).digest('base64url');
}

function plain({ purpose, account, generation, serial, expiresAt }: LinkDocument): AccountLink {
  return { purpose, account, generation, serial, expiresAt };
}
