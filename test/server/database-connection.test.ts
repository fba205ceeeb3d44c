/** The connection, the declared collections and the driver's errors in our words. */
import { type Connection, mongo, Schema } from 'mongoose';
import { beforeAll, expect, inject, test } from 'vitest';
import { retryWhileUnavailable, translateDatabaseError } from '../../server/database/errors.ts';
import { collectionOf, ensureIndexes } from '../../server/database/models.ts';
import { testDatabase } from '../database.ts';

type Pupil = { study: string; id: string; note?: string };

const pupils = collectionOf<Pupil>(
  'test-pupils',
  new Schema<Pupil>(
    {
      study: { type: String, required: true },
      id: { type: String, required: true },
      note: String,
    },
    { id: false },
  ).index({ study: 1, id: 1 }, { unique: true }),
);

let db: Connection;
beforeAll(async () => {
  db = (await testDatabase()).connection;
});

async function errorOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => null,
    (error: unknown) => error,
  );
}

test('a declared collection has its indexes, however often they are ensured', async () => {
  await ensureIndexes(db);
  await ensureIndexes(db);
  const names = (await pupils(db).collection.indexes()).map(({ key }) => Object.keys(key).join());
  expect(names).toEqual(['_id', 'study,id']);
  expect(pupils(db)).toBe(pupils(db));
});

test('one name cannot be declared by two stores', () => {
  expect(() => collectionOf('test-pupils', new Schema({}))).toThrow('declared twice');
});

test('every write asks for the journal, of a server that stands alone without asking for a majority', async () => {
  expect(db.getClient().options.writeConcern).toMatchObject({ w: 1, j: true });
});

test('a duplicate key is told by the fields of its index, for one document and for many', async () => {
  await pupils(db).create({ study: 's', id: 'a' });
  const single = await errorOf(pupils(db).create({ study: 's', id: 'a' }));
  expect(translateDatabaseError(single)).toEqual({
    kind: 'duplicate-key',
    fields: ['study', 'id'],
  });
  const many = await errorOf(
    pupils(db).insertMany([
      { study: 's', id: 'b' },
      { study: 's', id: 'a' },
    ]),
  );
  expect(translateDatabaseError(many)).toEqual({
    kind: 'duplicate-key',
    fields: ['study', 'id'],
  });
});

test('a document over 16 MB is told as too large, inserted or grown', async () => {
  const note = 'x'.repeat(17 * 1024 * 1024);
  expect(translateDatabaseError(await errorOf(pupils(db).create({ study: 's', id: 'big', note })))).toEqual({
    kind: 'too-large',
  });
  await pupils(db).create({
    study: 's',
    id: 'grows',
    note: 'x'.repeat(9 * 1024 * 1024),
  });
  const grown = await errorOf(
    pupils(db).updateOne({ id: 'grows' }, [{ $set: { note: { $concat: ['$note', '$note'] } } }], {
      updatePipeline: true,
    }),
  );
  expect(translateDatabaseError(grown)).toEqual({ kind: 'too-large' });
});

test('a closed connection is told as unavailable and retried for the given time only', async () => {
  const client = new mongo.MongoClient(inject('mongodbUri'));
  await client.connect();
  await client.close();
  let attempts = 0;
  const error = await errorOf(
    retryWhileUnavailable(
      () => {
        attempts += 1;
        return client.db('x').command({ ping: 1 });
      },
      { forMs: 300 },
    ),
  );
  expect(translateDatabaseError(error)).toEqual({ kind: 'unavailable' });
  expect(attempts).toBeGreaterThan(1);
});

test('an error that is not of the database is none of ours and is not retried', async () => {
  expect(translateDatabaseError(new TypeError('x'))).toBeNull();
  let attempts = 0;
  const failing = retryWhileUnavailable(
    async () => {
      attempts += 1;
      throw new TypeError('a fault');
    },
    { forMs: 1_000 },
  );
  await expect(failing).rejects.toThrow('a fault');
  expect(attempts).toBe(1);
});
