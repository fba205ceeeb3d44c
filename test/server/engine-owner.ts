/**
 * A server process as far as the database goes, for tests that kill one. Started by database.test.ts with the data
 * folder as its argument; prints one JSON line `{ pid, enginePid, uri }` when the engine answers, and stays.
 */
import { execFileSync } from 'node:child_process';
import { pino } from 'pino';
import { connectDatabase } from '../../server/database/connect.ts';

const [dataFolder = '', kind = 'server'] = process.argv.slice(2);
const log = pino({ level: 'silent' });
const database = await connectDatabase({ dataFolder, join: kind === 'command', log });
process.on('SIGTERM', () => void database.close().then(() => process.exit(0)));
const processes = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
const own = processes
  .map((line) => line.trim().split(/\s+/))
  .find(([, parent, ...args]) => {
    return parent === String(process.pid) && args.join(' ').includes('engine.mjs');
  });
const enginePid = Number(own?.[0]);
process.stdout.write(`${JSON.stringify({ pid: process.pid, enginePid, uri: database.uri })}\n`);
