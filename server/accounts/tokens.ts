/**
 * API tokens: made by people for programs of theirs, with a part of their own rights and an end. Kept as a hash; shown once.
 * The middleware is mounted by app.ts before the sessions; the routes are in `token-routes.ts`.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import { type Connection, Schema } from 'mongoose';
import type { Context } from '../context.ts';
import { collectionOf } from '../database/models.ts';
import type { Permission } from '../permissions.ts';
import { Problem } from '../problems.ts';
import { addressOf, limiter } from '../rate-limits.ts';
import { findAccount } from './store.ts';

export interface ApiToken {
  readonly id: string;
  readonly account: string;
  readonly name: string;
  readonly scopes: readonly Permission[];
  /** The one study that it is for; null: every study. */
  readonly study: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** ISO day; more would tell of people's hours and cost a write with every request. */
  readonly lastUsedOn: string | null;
}

type TokenDocument = Omit<ApiToken, 'id'> & { _id: string; hash: string };

const tokens = collectionOf<TokenDocument>(
  'api-tokens',
  new Schema<TokenDocument>({
    _id: { type: String, required: true },
    account: { type: String, required: true },
    name: { type: String, required: true },
    scopes: { type: [String], required: true },
    study: { type: String, default: null },
    createdAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
    lastUsedOn: { type: String, default: null },
    hash: { type: String, required: true },
  })
    .index({ hash: 1 }, { unique: true })
    .index({ account: 1 }),
);

const beginning = 'fid_';

/** Makes a token and answers its text, which is nowhere afterwards: 256 random bits, of which the hash is stored. */
export async function makeToken(
  { db, clock }: Context,
  wanted: Pick<ApiToken, 'account' | 'name' | 'scopes' | 'study' | 'expiresAt'>,
): Promise<{ token: ApiToken; text: string }> {
  const text = `${beginning}${randomBytes(32).toString('base64url')}`;
  const token = { ...wanted, id: randomBytes(8).toString('hex'), createdAt: clock(), lastUsedOn: null };
  const { id, ...rest } = token;
  await tokens(db).create({ _id: id, ...rest, scopes: [...wanted.scopes], hash: hashOf(text) });
  return { token, text };
}

/** Tokens of an account, those that have expired too, newest first. */
export async function listTokens(db: Connection, account: string): Promise<ApiToken[]> {
  const found = await tokens(db).find({ account }).sort({ createdAt: -1 }).lean<TokenDocument[]>();
  return found.map(plain);
}

/** Takes a token away. False when the account has none of this id. */
export async function revokeToken(db: Connection, account: string, id: string): Promise<boolean> {
  return (await tokens(db).deleteOne({ _id: id, account })).deletedCount === 1;
}

export async function removeTokens(db: Connection, account: string): Promise<void> {
  await tokens(db).deleteMany({ account });
}

/**
 * Lets a request with a token in as the account that made it, within the limits of the token. Its cookies count for
 * nothing. Refuses with `token-invalid`, the same for unknown, expired and revoked ones.
 */
export function tokenMiddleware(context: Context): RequestHandler {
  return async (request, _response, next) => {
    const text = tokenOf(request);
    if (text !== null) await admit(context, request, text);
    next();
  };
}

/** A middleware for requests that come with a session, not with a token. */
export function withoutToken(handler: RequestHandler): RequestHandler {
  return (request, response, next) => (request.token ? next() : handler(request, response, next));
}

async function admit(context: Context, request: Request, text: string): Promise<void> {
  const failures = limiter(context, 'token', { points: 100, seconds: 15 * 60 });
  const found = text.startsWith(beginning)
    ? await tokens(context.db)
        .findOne({ hash: hashOf(text), expiresAt: { $gt: context.clock() } })
        .lean<TokenDocument>()
    : null;
  const account = found ? await findAccount(context.db, found.account) : null;
  if (!found || account?.state !== 'active') {
    await failures.consume(addressOf(request));
    throw new Problem('token-invalid');
  }
  const { id, name, email, role } = account;
  request.account = { id, name, email, role };
  request.token = { id: found._id, scopes: found.scopes, study: found.study };
  const today = context.clock().toISOString().slice(0, 10);
  if (found.lastUsedOn !== today) {
    await tokens(context.db).updateOne({ _id: found._id }, { $set: { lastUsedOn: today } });
  }
}

/** Also as the password of basic authentication, whatever the name: spreadsheets know no other way. */
function tokenOf(request: Request): string | null {
  const given = request.get('authorization') ?? '';
  const basic = /^Basic +([A-Za-z0-9+/=]+) *$/i.exec(given)?.[1];
  if (basic !== undefined) {
    const password = Buffer.from(basic, 'base64')
      .toString('utf8')
      .replace(/^[^:]*:/, '');
    return password.startsWith(beginning) ? password : null;
  }
  return /^Bearer +(\S+) *$/i.exec(given)?.[1] ?? null;
}

function hashOf(text: string): string {
  return createHash('sha256').update(`api-token:${text}`).digest('base64url');
}

function plain({ _id, hash: _, ...rest }: TokenDocument): ApiToken {
  const { account, name, scopes, study, createdAt, expiresAt, lastUsedOn } = rest;
  return { id: _id, account, name, scopes, study, createdAt, expiresAt, lastUsedOn };
}
