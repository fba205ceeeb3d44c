/**
 * A server process as far as the database goes, for tests that kill one. Started by database.test.ts with the data
 * folder as its argument; prints one JSON line `{ pid, enginePid, uri }` when the engine answers, and stays.
 */
import { readFileSync } from 'node:fs';
import { pino } from 'pino';
import { connectDatabase } from '../../server/database/connect.ts';

const [dataFolder = '', kind = 'server'] = process.argv.slice(2);
const log = pino({ level: 'silent' });
const database = await connectDatabase({ dataFolder, join: kind === 'command', log });
process.on('SIGTERM', () => void database.close().then(() => process.exit(0)));
const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').trim();
const enginePid = children
  .split(' ')
  .map(Number)
  .find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('engine.mjs'));
process.stdout.write(`${JSON.stringify({ pid: process.pid, enginePid, uri: database.uri })}\n`);
