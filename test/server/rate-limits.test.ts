/** Rate limits on the real engine: counted right when tries come at once, in windows, and without storing who tried. */
import { setTimeout as wait } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import type { Context } from '../../server/context.ts';
import type { Database } from '../../server/database/connect.ts';
import { addressOf, limiter } from '../../server/rate-limits.ts';
import { sweep } from '../../server/sweeper.ts';
import { testDatabase } from '../database.ts';
import { contextOn } from './people.ts';

let database: Database;
let context: Context;

beforeAll(async () => {
  database = await testDatabase();
  context = contextOn(database).context;
});

/** How many of `n` tries at the same moment are let through. */
async function letThrough(name: string, key: string, n: number, limit: { points: number; seconds: number }) {
  const tries = Array.from({ length: n }, () => limiter(context, name, limit).consume(key));
  const outcomes = await Promise.allSettled(tries);
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'too-many-requests', status: 429 });
  }
  return outcomes.filter((outcome) => outcome.status === 'fulfilled').length;
}

test('of fifty tries at the same moment exactly as many pass as are allowed', async () => {
  expect(await letThrough('at-once', 'a', 50, { points: 7, seconds: 60 })).toBe(7);
  expect(await letThrough('at-once', 'b', 5, { points: 7, seconds: 60 })).toBe(5);
});

test('the refusal says how long to wait, and the window opens again', async () => {
  const limit = { points: 1, seconds: 1 };
  await limiter(context, 'window', limit).consume('a');
  const refusal = await limiter(context, 'window', limit)
    .consume('a')
    .catch((error: unknown) => error);
  expect(refusal).toMatchObject({ code: 'too-many-requests', retryAfterSeconds: 1 });
  await wait(1100);
  await limiter(context, 'window', limit).consume('a');
});

test('a try that is given back does not count, and a reset forgets all', async () => {
  const limit = limiter(context, 'give-back', { points: 2, seconds: 60 });
  for (let i = 0; i < 5; i++) {
    await limit.consume('a');
    await limit.giveBack('a');
  }
  await limit.consume('a');
  await limit.consume('a');
  await expect(limit.consume('a')).rejects.toMatchObject({ code: 'too-many-requests' });
  await limit.reset('a');
  await limit.consume('a');
});

test('another process with the same secret counts on', async () => {
  const other = { ...context, db: database.connection.useDb(database.connection.name, { useCache: false }) };
  const limit = { points: 2, seconds: 60 };
  await limiter(context, 'shared', limit).consume('a');
  await limiter(other, 'shared', limit).consume('a');
  await expect(limiter(context, 'shared', limit).consume('a')).rejects.toMatchObject({ code: 'too-many-requests' });
});

test('the database holds neither the keys nor, after a sweep, closed windows', async () => {
  await limiter(context, 'stored', { points: 2, seconds: 60 }).consume('192.0.2.77');
  const counters = database.connection.collection('rateLimits');
  expect(JSON.stringify(await counters.find().toArray())).not.toContain('192.0.2.77');
  const open = await counters.countDocuments({ expire: { $gt: new Date() } });
  expect(open).toBeGreaterThan(0);
  await sweep({ ...context, clock: () => new Date(Date.now() + 3_600_000) });
  expect(await counters.countDocuments()).toBe(0);
});

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
  ['2001:0db8:0001:0002::9', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
])('the address %s counts as %s', (ip, key) => {
  expect(addressOf({ ip })).toBe(key);
});
