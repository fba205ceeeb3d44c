/** The embedded engine: started, joined, refused, killed, stopped. Each test has a data folder and processes of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectDatabase, type Database } from '../../server/database/connect.ts';
import { startEngine } from '../../server/database/embedded.ts';
import { findRunningEngine } from '../../server/database/engine-file.ts';
import { DatabaseStartError, retryWhileUnavailable, translateDatabaseError } from '../../server/database/errors.ts';
import { isAlive } from '../../server/lock.mjs';

const log = pino({ level: 'silent' });
type Owner = { process: ChildProcess; pid: number; enginePid: number; uri: string };

let dataFolder: string;
const databases: Database[] = [];
const owners: ChildProcess[] = [];

beforeEach(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'fidelis-test-data-'));
});
afterEach(async () => {
  for (const database of databases.splice(0)) await database.close();
  for (const owner of owners.splice(0)) await end(owner, 'SIGTERM');
  await rm(dataFolder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

async function connect(options: { join?: boolean } = {}): Promise<Database> {
  const database = await connectDatabase({ dataFolder, log, ...options });
  databases.push(database);
  return database;
}

/** A server in a process of its own that holds the data folder. */
async function startOwner(kind: 'server' | 'command' = 'server'): Promise<Owner> {
  const script = fileURLToPath(new URL('./engine-owner.ts', import.meta.url));
  const owner = spawn(process.execPath, ['--import', 'tsx', script, dataFolder, kind], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  owners.push(owner);
  const line = await new Promise<string>((resolve, reject) => {
    owner.stdout?.once('data', (data) => resolve(String(data)));
    owner.once('exit', () => reject(new Error('the owner ended early')));
  });
  return { process: owner, ...(JSON.parse(line) as Omit<Owner, 'process'>) };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await ended;
}

async function until(condition: () => boolean, forMs: number): Promise<void> {
  const deadline = Date.now() + forMs;
  while (!condition() && Date.now() < deadline) await wait(20);
  expect(condition()).toBe(true);
}

async function startErrorOf(work: Promise<unknown>): Promise<DatabaseStartError> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof DatabaseStartError) return error;
  throw new Error(`expected a start error, got ${String(error)}`);
}

/** The private folder that the engine's socket is in. */
function privateFolderOf(uri: string): string {
  return dirname(decodeURIComponent(uri.slice('mongodb://'.length).split('/')[0] ?? ''));
}

function marks({ connection }: Database) {
  return connection.collection<{ _id: number }>('marks');
}

test('what was written is there when the folder is opened again, and a clean stop leaves nothing behind', async () => {
  const first = await connect();
  const privateFolder = privateFolderOf(first.uri);
  expect(statSync(privateFolder).mode & 0o777).toBe(0o700);
  expect(statSync(join(dataFolder, 'engine.json')).mode & 0o777).toBe(0o600);
  await marks(first).insertOne({ _id: 1 });
  await first.close();
  expect(existsSync(privateFolder)).toBe(false);
  expect(existsSync(join(dataFolder, 'engine.json'))).toBe(false);

  const second = await connect();
  expect(await marks(second).countDocuments()).toBe(1);
});

test('an engine killed in the middle of writes comes back at the same address with every acknowledged write', async () => {
  const engine = await startEngine({ dataFolder, log, shared: true });
  try {
    const database = await connectDatabase({ mongodbUri: engine.uri, databaseName: 'fidelis', dataFolder, log });
    databases.push(database);
    const killed = engine.pid();
    if (killed === undefined) throw new Error('no engine process');
    const acknowledged: number[] = [];
    let next = 0;
    const writers = Array.from({ length: 16 }, async () => {
      while (next < 400) {
        const _id = next++;
        if (_id === 150) process.kill(killed, 'SIGKILL');
        await retryWhileUnavailable(
          () =>
            marks(database)
              .insertOne({ _id })
              .catch((error: unknown) => {
                // An attempt whose answer was lost was carried out all the same.
                if (translateDatabaseError(error)?.kind !== 'duplicate-key') throw error;
              }),
          { forMs: 20_000 },
        );
        acknowledged.push(_id);
      }
    });
    await Promise.all(writers);
    expect(engine.pid()).not.toBe(killed);
    expect(acknowledged).toHaveLength(400);
    expect(await marks(database).countDocuments()).toBe(400);
  } finally {
    await databases.pop()?.close();
    await engine.stop();
  }
});

test('a second server on the same folder is refused by the process that holds it', async () => {
  const owner = await startOwner();
  const error = await startErrorOf(connectDatabase({ dataFolder, log }));
  expect(error.code).toBe('data-folder-in-use');
  expect(error.message).toBe(
    `Another server already uses this data folder (process ${owner.pid}): ${dataFolder}. Stop it, or choose another folder with FIDELIS_DATA.`,
  );
});

test('a command joins the engine of a running server and leaves it running', async () => {
  const owner = await startOwner();
  const joined = await connect({ join: true });
  expect(joined.uri).toBe(owner.uri);
  await marks(joined).insertOne({ _id: 1 });
  await joined.close();
  expect(isAlive(owner.enginePid)).toBe(true);
  const again = await connect({ join: true });
  expect(await marks(again).countDocuments()).toBe(1);
});

test('a command waits for another command to finish and then has the folder', async () => {
  const owner = await startOwner('command');
  expect(findRunningEngine(dataFolder)).toMatchObject({ pid: owner.pid, shared: false });
  const waiting = connect({ join: true });
  await wait(500);
  await end(owner.process, 'SIGTERM');
  expect((await waiting).uri).not.toBe(owner.uri);
});

test('a killed server takes its engine with it, and the next one starts without help', async () => {
  const owner = await startOwner();
  const joined = await connect({ join: true });
  await marks(joined).insertOne({ _id: 1 });
  await databases.pop()?.close();
  const privateFolder = privateFolderOf(owner.uri);

  await end(owner.process, 'SIGKILL');
  const next = await connect();
  expect(await marks(next).countDocuments()).toBe(1);
  await until(() => !isAlive(owner.enginePid) && !existsSync(privateFolder), 5_000);
});

test('a signal to all processes at once leaves the engine to the server, which ends it', async () => {
  const owner = await startOwner();
  for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM'] as const) process.kill(owner.enginePid, signal);
  await wait(500);
  const joined = await connect({ join: true });
  expect(await marks(joined).countDocuments()).toBe(0);
  await end(owner.process, 'SIGTERM');
  expect([isAlive(owner.enginePid), existsSync(privateFolderOf(owner.uri))]).toEqual([false, false]);
});

test('a record of an engine that is not there any more is ignored and replaced', async () => {
  const stale = { uri: 'mongodb://%2Ftmp%2Fnowhere.sock/', socketPath: '/tmp/nowhere.sock', shared: true };
  const startedAt = new Date(0).toISOString();
  for (const text of [JSON.stringify({ pid: process.ppid, startedAt, ...stale }), '{ "pid": 1']) {
    await writeFile(join(dataFolder, 'engine.json'), text);
    const database = await connect({ join: true });
    const record = JSON.parse(await readFile(join(dataFolder, 'engine.json'), 'utf8')) as unknown;
    expect(record).toMatchObject({ pid: process.pid, uri: database.uri });
    await database.close();
  }
});

test('a data folder that is a file, or cannot be made, is told as such', async () => {
  const file = join(dataFolder, 'file');
  await writeFile(file, '');
  for (const path of [file, join(file, 'below')]) {
    const error = await startErrorOf(connectDatabase({ dataFolder: path, log }));
    expect([error.code, error.message.includes(path)]).toEqual(['data-folder-is-a-file', true]);
  }
  // Nobody may make a folder here, root included.
  const forbidden = process.platform === 'darwin' ? ['/System/fidelis'] : ['/sys/fidelis', '/proc/fidelis/data'];
  for (const path of forbidden) {
    const error = await startErrorOf(connectDatabase({ dataFolder: path, log }));
    expect([error.code, error.message.includes(path)]).toEqual(['data-folder-not-writable', true]);
  }
});

test('a server that does not answer, or an address that is none, is told without the password', async () => {
  const unreachable = connectDatabase({ mongodbUri: 'mongodb://eva:hush@127.0.0.1:9/study', dataFolder, log });
  const error = await startErrorOf(unreachable);
  expect(error.code).toBe('database-unreachable');
  expect(error.message).toBe(
    'No MongoDB server answered at 127.0.0.1:9 within 5 seconds (connection refused). Check MONGODB_URI and that the server runs.',
  );
  for (const mongodbUri of ['mongodb://', 'mongodb://eva:hush@', 'mongodb://eva:hush@host:99999/x']) {
    const invalid = await startErrorOf(connectDatabase({ mongodbUri, dataFolder, log }));
    expect([invalid.code, invalid.message.includes('hush')]).toEqual(['database-uri-invalid', false]);
  }
});
