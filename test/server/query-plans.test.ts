/**
 * Queries that several indexes suit about as well: the embedded engine was built without the part that its planner would
 * reach for where trying the plans out decides nothing.
 */
import { beforeAll, expect, test } from 'vitest';
import type { Database } from '../../server/database/connect.ts';
import { testDatabase } from '../database.ts';

let database: Database;
beforeAll(async () => {
  database = await testDatabase();
});

test('a query that finds little behind two unselective indexes is answered', async () => {
  const rows = database.connection.collection<{ study: string; a: number; b: number; person: string }>('plans');
  await rows.createIndex({ study: 1, a: 1 });
  await rows.createIndex({ study: 1, b: 1 });
  for (let at = 0; at < 30_000; at += 10_000) {
    const batch = Array.from({ length: 10_000 }, (_, i) => ({ study: 's', a: i % 7, b: i % 5, person: `p${at + i}` }));
    await rows.insertMany(batch, { writeConcern: { w: 1, journal: false } });
  }
  // The one that is there comes last in both indexes, after more documents than a trial reads.
  await rows.insertOne({ study: 's', a: 9, b: 9, person: 'wanted' });
  const found = await rows.find({ study: 's', person: 'wanted' }).sort({ b: 1, _id: 1 }).toArray();
  expect(found.map(({ person }) => person)).toEqual(['wanted']);
  expect(await rows.countDocuments({ study: 's', person: 'nobody' })).toBe(0);
});
