/**
 * Sessions of the workbench: kept in MongoDB, known to the browser by one signed cookie. The middlewares are mounted by
 * app.ts; opening and closing is called by the account routes. The only importer of express-session and connect-mongo.
 */
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { MongoStore } from 'connect-mongo';
import type { CookieOptions, Request, RequestHandler, Response } from 'express';
import session from 'express-session';
import { type Connection, Schema } from 'mongoose';
import type { Config } from '../config.ts';
import type { Context } from '../context.ts';
import { collectionOf } from '../database/models.ts';
import { csrfTokenOf } from './csrf.ts';
import { findAccount, findSessionAccount, type StoredAccount } from './store.ts';

declare module 'express-session' {
  interface SessionData {
    account: string;
    /** The account's generation when the session was opened; the session ends when the account's moves on. */
    generation: number;
    /** Somebody who has given the password and not yet the code of the second factor: signed in as nobody. */
    waiting: { account: string; generation: number; until: Date };
    /** What an identity provider has to send back (oidc.ts). */
    oidc: { state: string; nonce: string; verifier: string; back: string; until: Date };
    /** From where it was opened, for the list of one's own sessions. */
    opened: { at: Date; agent: string | null; address: string | null };
  }
}

export const sessionCookie = 'fidelis.sid';

/** A session ends twelve hours after its last request. */
const lifetimeSeconds = 12 * 60 * 60;
/** How long a session's end may lag behind its last request: it spares a write with every request. */
const touchSeconds = 5 * 60;

/** What we read of connect-mongo's documents, which are not ours to write. */
interface SessionDocument {
  _id: string;
  expires: Date;
  lastModified?: Date;
  session: Partial<session.SessionData>;
}

const sessions = collectionOf<SessionDocument>(
  'sessions',
  new Schema<SessionDocument>({ _id: String, expires: Date, lastModified: Date, session: Schema.Types.Mixed })
    .index({ expires: 1 })
    .index({ 'session.account': 1 }),
);

/** Reads and keeps `request.session`. An expired session counts as none, whether or not it has been swept away yet. */
export function sessionMiddleware({ db, config, secret }: Context): RequestHandler {
  return session({
    name: sessionCookie,
    secret: secret.derive('session').toString('base64url'),
    cookie: { ...cookieOptions(config), maxAge: lifetimeSeconds * 1000 },
    rolling: true,
    resave: false,
    saveUninitialized: false,
    store: sessionStore(db),
  });
}

function sessionStore(db: Connection): MongoStore {
  const store = MongoStore.create({
    client: db.getClient(),
    dbName: db.name,
    collectionName: sessions(db).collection.collectionName,
    ttl: lifetimeSeconds,
    touchAfter: touchSeconds,
    stringify: false,
    // The engine does not promise to delete by itself: the sweeper does.
    autoRemove: 'disabled',
    // A copy of the database opens no session.
    transformId: storedId,
  });
  const touch = store.touch.bind(store);
  // Prolonging fails when the session was ended while its last answer was on the way, a long download perhaps. As an
  // error it would cut that answer off.
  store.touch = (id, value, done) => touch(id, value, () => done?.(null));
  return store;
}

/** The name under which a session is stored, from the id in the cookie. */
function storedId(id: string): string {
  return createHash('sha256').update(id).digest('hex');
}

/** The name of the request's own session, as it stands in the list. */
export function ownSession(request: Request): string {
  return storedId(request.sessionID);
}

export interface ListedSession {
  readonly id: string;
  readonly agent: string | null;
  readonly address: string | null;
  readonly openedAt: Date | null;
  /** Up to five minutes behind. */
  readonly usedAt: Date | null;
}

/** The open sessions of an account, those of its present generation. */
export async function findSessions(db: Connection, account: string, now: Date): Promise<ListedSession[]> {
  const generation = (await findAccount(db, account))?.generation;
  const found = await sessions(db)
    .find({ 'session.account': account, 'session.generation': generation, expires: { $gt: now } })
    .lean<SessionDocument[]>();
  return found.map(({ _id, lastModified, session: { opened } }) => ({
    id: _id,
    agent: opened?.agent ?? null,
    address: opened?.address ?? null,
    openedAt: opened?.at ?? null,
    usedAt: lastModified ?? null,
  }));
}

/** Ends one session of an account, or all but one. How many there were. */
export async function endSessions(
  db: Connection,
  account: string,
  which: { only: string } | { allBut: string },
): Promise<number> {
  const _id = 'only' in which ? which.only : { $ne: which.allBut };
  const { deletedCount } = await sessions(db).deleteMany({ _id, 'session.account': account });
  return deletedCount;
}

/** Sets `request.account` from the session by reading the account, so that a removed account is out at once. */
export function accountMiddleware({ db }: Context): RequestHandler {
  return async (request, _response, next) => {
    const { account: id, generation } = request.session;
    if (id !== undefined && generation !== undefined) {
      const account = await findSessionAccount(db, id, generation);
      if (account) request.account = account;
    }
    next();
  };
}

/** Opens a session for the account under a new id, so that an id planted before sign-in is worth nothing. */
export async function openSession({ clock }: Context, request: Request, account: StoredAccount): Promise<void> {
  await regenerate(request);
  const agent = request.get('user-agent')?.slice(0, 300) ?? null;
  request.session.opened = { at: clock(), agent, address: request.ip ?? null };
  await bind(request, account);
}

/** Remembers under a new id that the password was right and a code is still to come. */
export async function awaitCode(request: Request, account: StoredAccount, until: Date): Promise<void> {
  await regenerate(request);
  request.session.waiting = { account: account.id, generation: account.generation, until };
  csrfTokenOf(request);
  await promisify(request.session.save.bind(request.session))();
}

/** After a change of password: a new id for this session, the same token for the page that is open. */
export async function renewSession(request: Request, account: StoredAccount): Promise<void> {
  const token = csrfTokenOf(request);
  const { opened } = request.session;
  await regenerate(request);
  request.session.csrfToken = token;
  if (opened) request.session.opened = opened;
  await bind(request, account);
}

/** Ends the session of the request and takes the cookie back. */
export async function closeSession(request: Request, response: Response, config: Config): Promise<void> {
  await promisify(request.session.destroy.bind(request.session))();
  response.clearCookie(sessionCookie, cookieOptions(config));
}

/** Removes expired sessions; called by the sweeper. */
export async function sweepSessions(db: Connection, now: Date): Promise<void> {
  await sessions(db).deleteMany({ expires: { $lt: now } });
}

async function regenerate(request: Request): Promise<void> {
  await promisify(request.session.regenerate.bind(request.session))();
}

/** Saved before the answer goes out: what the browser does next finds the session. */
async function bind(request: Request, account: StoredAccount): Promise<void> {
  request.session.account = account.id;
  request.session.generation = account.generation;
  request.account = {
    id: account.id,
    name: account.name,
    email: account.email,
    role: account.role,
  };
  csrfTokenOf(request);
  await promisify(request.session.save.bind(request.session))();
}

function cookieOptions(config: Config): CookieOptions {
  return {
    httpOnly: true,
    sameSite: 'lax',
    path: '/',
    secure: config.publicUrl.startsWith('https:'),
  };
}
