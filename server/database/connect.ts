/**
 * The way to the database: the server that MONGODB_URI names, or the embedded engine on the data folder, one that runs
 * already or one started here. Called by main.ts, the command line and the tests.
 */
import mongoose, { mongo } from 'mongoose';
import type { Logger } from 'pino';
import { releaseClosedSockets } from './closed-sockets.ts';
import { startEngine } from './embedded.ts';
import { findRunningEngine, type RunningEngine } from './engine-file.ts';
import { DatabaseStartError } from './errors.ts';
import { dataFolderInUse } from './start-errors.ts';

export type Database = {
  connection: mongoose.Connection;
  uri: string;
  kind: 'server' | 'embedded';
  /** Closes the connection and, when it was started here, the engine. */
  close(): Promise<void>;
};

export type DatabaseOptions = {
  mongodbUri?: string | undefined;
  dataFolder: string;
  databaseName?: string;
  /** True for a command: it may use the engine of a running server. False for a server: the folder must be free. */
  join?: boolean;
  log: Logger;
};

const DEFAULT_NAME = 'fidelis';
/** How long an operation waits for a server before it fails as unavailable. */
const SELECTION_TIMEOUT = 5_000;
/** The wire version of MongoDB 6.0. */
const OLDEST_WIRE_VERSION = 17;

mongoose.set('strictQuery', true);
releaseClosedSockets();

/**
 * Connects. Rejects with a DatabaseStartError whose message is a sentence for the person at the terminal and holds no
 * credentials.
 *
 * @example
 * const database = await connectDatabase({ dataFolder: './data', log });
 * await ensureIndexes(database.connection);
 */
export async function connectDatabase(options: DatabaseOptions): Promise<Database> {
  const { mongodbUri, dataFolder, databaseName = DEFAULT_NAME, join = false, log } = options;
  if (mongodbUri !== undefined) return connectServer(mongodbUri, options.databaseName);

  const running = findRunningEngine(dataFolder);
  if (running?.shared && (await answers(running))) {
    if (!join) throw dataFolderInUse(dataFolder, running.pid);
    const connection = await openEmbedded(running.uri, databaseName);
    return {
      connection,
      uri: running.uri,
      kind: 'embedded',
      close: () => connection.close(),
    };
  }

  const engine = await startEngine({ dataFolder, log, shared: !join });
  try {
    const connection = await openEmbedded(engine.uri, databaseName);
    const close = async () => {
      await connection.close();
      await engine.stop();
    };
    return { connection, uri: engine.uri, kind: 'embedded', close };
  } catch (error) {
    await engine.stop();
    throw error;
  }
}

/** What holds for every connection: no work in the background, a bounded wait. */
const COMMON = {
  serverSelectionTimeoutMS: SELECTION_TIMEOUT,
  waitQueueTimeoutMS: 10_000,
  autoIndex: false,
  autoCreate: false,
} satisfies mongoose.ConnectOptions;

/** Every write is acknowledged when a majority of the members have it in their journals. */
const MAJORITY = { w: 'majority', journal: true } as const;

/**
 * A server that stands alone is its own majority. It is asked as one because the embedded engine (0.1.1) ignores
 * `journal` beside `w: 'majority'`: killed, it then lost up to 78 acknowledged inserts; with `w: 1` it lost none.
 */
const ALONE = { w: 1, journal: true } as const;

/** The engine runs as many commands at once as it has connections; it is back within milliseconds of a restart. */
async function openEmbedded(uri: string, databaseName: string): Promise<mongoose.Connection> {
  const pool = { maxPoolSize: 64, heartbeatFrequencyMS: 1_000, minHeartbeatFrequencyMS: 50 };
  return open(uri, { ...COMMON, ...pool, writeConcern: ALONE, dbName: databaseName });
}

async function connectServer(uri: string, databaseName: string | undefined): Promise<Database> {
  let hosts = '';
  let client: mongo.MongoClient | undefined;
  try {
    client = new mongo.MongoClient(uri, { serverSelectionTimeoutMS: SELECTION_TIMEOUT });
    const { options } = client;
    hosts = options.srvHost ?? options.hosts.map(String).join(', ');
    const hello = await client.db('admin').command({ hello: 1 });
    requireVersion(hello.maxWireVersion, hosts);
    const alone = hello.setName === undefined && hello.msg !== 'isdbgrid';

    const dbName = databaseName ?? (namesDatabase(uri) ? options.dbName : DEFAULT_NAME);
    const connection = await open(uri, { ...COMMON, writeConcern: alone ? ALONE : MAJORITY, dbName });
    return { connection, uri, kind: 'server', close: () => connection.close() };
  } catch (error) {
    throw serverErrorOf(error, hosts);
  } finally {
    await client?.close();
  }
}

async function open(uri: string, options: mongoose.ConnectOptions): Promise<mongoose.Connection> {
  const connection = mongoose.createConnection(uri, options);
  try {
    return await connection.asPromise();
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** Whether the address has a path: the driver says `test` where it has none. */
function namesDatabase(uri: string): boolean {
  return /^[^/]+:\/\/[^/]+\/[^?]/.test(uri);
}

function requireVersion(wireVersion: unknown, hosts: string): void {
  if (typeof wireVersion === 'number' && wireVersion >= OLDEST_WIRE_VERSION) return;
  throw new DatabaseStartError(
    'database-too-old',
    `The MongoDB server at ${hosts} is older than 6.0, which is needed.`,
  );
}

function serverErrorOf(error: unknown, hosts: string): DatabaseStartError {
  if (error instanceof DatabaseStartError) return error;
  // No cause here: the driver's own errors may repeat the address with the password in it.
  if (error instanceof mongo.MongoServerError && (error.code === 18 || error.code === 8000 || error.code === 13)) {
    return new DatabaseStartError(
      'database-refused-login',
      `The MongoDB server at ${hosts} refused the user name or password of MONGODB_URI.`,
    );
  }
  if (error instanceof mongo.MongoParseError || error instanceof mongo.MongoInvalidArgumentError || hosts === '') {
    return new DatabaseStartError(
      'database-uri-invalid',
      'MONGODB_URI is not a valid address of a MongoDB server. It has the form mongodb://user:password@host:27017/fidelis',
    );
  }
  return new DatabaseStartError(
    'database-unreachable',
    `No MongoDB server answered at ${hosts} within ${SELECTION_TIMEOUT / 1000} seconds (${reasonOf(error)}). ` +
      'Check MONGODB_URI and that the server runs.',
  );
}

/** The cause in a word or two, as far as it is known not to hold anything secret. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : '';
  if (text.includes('ECONNREFUSED')) return 'connection refused';
  if (/ENOTFOUND|EAI_AGAIN|querySrv|ENODATA/.test(text)) return 'the host name is not known';
  if (/certificate|TLS|SSL/i.test(text)) return 'the TLS connection failed';
  return 'no answer';
}

/** Whether a running engine answers now, or within the time that a restart of it takes. */
async function answers({ uri }: RunningEngine): Promise<boolean> {
  const client = new mongo.MongoClient(uri, {
    serverSelectionTimeoutMS: SELECTION_TIMEOUT,
    minHeartbeatFrequencyMS: 50,
  });
  try {
    await client.db('admin').command({ ping: 1 });
    return true;
  } catch {
    return false;
  } finally {
    await client.close();
  }
}
