/** A database of its own for each test file that asks, on the run's engine, dropped when the file is done. */
import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, inject } from 'vitest';
import { connectDatabase, type Database } from '../server/database/connect.ts';
import { ensureIndexes } from '../server/database/models.ts';

/**
 * A connection to a new database with the indexes of every collection that is declared by then. Call it in `beforeAll`.
 *
 * @example
 * beforeAll(async () => { database = await testDatabase(); });
 */
export async function testDatabase(): Promise<Database> {
  const database = await connectDatabase({
    mongodbUri: inject('mongodbUri'),
    dataFolder: '',
    databaseName: `fidelis_test_${randomBytes(8).toString('hex')}`,
    log: pino({ level: 'silent' }),
  });
  opened.push(database);
  await ensureIndexes(database.connection);
  return database;
}

const opened: Database[] = [];

afterAll(async () => {
  for (const database of opened.splice(0)) {
    await database.connection.dropDatabase();
    await database.close();
  }
});
