/**
 * Limits on how often somebody may try, counted in MongoDB so that all server processes share them. Called by sign-in,
 * set-up and the respondent's routes. The only importer of rate-limiter-flexible.
 */
import { createHmac } from 'node:crypto';
import { isIPv6 } from 'node:net';
import type { Request } from 'express';
import { type Connection, Schema } from 'mongoose';
import { RateLimiterMongo, RateLimiterRes } from 'rate-limiter-flexible';
import type { Context } from './context.ts';
import { collectionOf } from './database/models.ts';
import { Problem } from './problems.ts';

export interface Limiter {
  /** Counts one try. Rejects with `too-many-requests` when there were more than `points` of them in the window. */
  consume(key: string): Promise<void>;
  /** Takes one counted try back, for limits that count failures only. */
  giveBack(key: string): Promise<void>;
  /** Forgets all tries of a key. */
  reset(key: string): Promise<void>;
}

interface Counter {
  key: string;
  points: number;
  expire: Date | null;
}

const counters = collectionOf<Counter>(
  'rateLimits',
  new Schema<Counter>({ key: String, points: Number, expire: Date })
    // One document a key is what makes the count right when two processes count at once.
    .index({ key: 1 }, { unique: true })
    .index({ expire: 1 }),
);

const made = new WeakMap<Connection, Map<string, Limiter>>();

/**
 * The limiter `name`: at most `points` tries a key in a window of `seconds` that opens with the first try. Made once
 * for a connection, so that it may be asked for in every request.
 *
 * @example
 * await limiter(context, 'sign-in-address', { points: 30, seconds: 900 }).consume(addressOf(request))
 */
export function limiter(context: Context, name: string, limit: { points: number; seconds: number }): Limiter {
  const ofConnection = made.get(context.db) ?? new Map<string, Limiter>();
  made.set(context.db, ofConnection);
  const known = ofConnection.get(name);
  if (known) return known;
  const created = createLimiter(context, name, limit);
  ofConnection.set(name, created);
  return created;
}

/** Removes the counters whose window has closed; called by the sweeper. */
export async function sweepRateLimits(db: Connection, now: Date): Promise<void> {
  await counters(db).deleteMany({ expire: { $lt: now } });
}

/**
 * The sender's network address as a key: all of an IPv4 address, the first 64 bits of an IPv6 address, because a
 * household or an attacker has all the rest of it at will.
 */
export function addressOf(request: Pick<Request, 'ip'>): string {
  const address = (request.ip ?? '').replace(/^::ffff:(?=\d+\.)/i, '');
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...Array<string>(zeros).fill('0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

function createLimiter(context: Context, name: string, { points, seconds }: { points: number; seconds: number }) {
  const counter = new RateLimiterMongo({
    // A counter lost in a crash does no harm: its write need not wait for the journal.
    storeClient: context.db.getClient().db(context.db.name, { writeConcern: { w: 1, journal: false } }),
    tableName: counters(context.db).collection.collectionName,
    disableIndexesCreation: true,
    keyPrefix: name,
    points,
    duration: seconds,
    // Once over the limit, a flood is refused from memory and costs the database nothing.
    inMemoryBlockOnConsumed: points + 1,
  });
  const secret = context.secret.derive('rate-limits');
  // Addresses are stored as keyed hashes only: who answered from where is nobody's business.
  const hidden = (key: string) => createHmac('sha256', secret).update(`${name}\n${key}`).digest('base64url');
  const created: Limiter = {
    async consume(key) {
      try {
        await counter.consume(hidden(key));
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal;
        throw new Problem('too-many-requests', {
          retryAfterSeconds: Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)),
        });
      }
    },
    async giveBack(key) {
      await counter.reward(hidden(key));
    },
    async reset(key) {
      await counter.delete(hidden(key));
    },
  };
  return created;
}
