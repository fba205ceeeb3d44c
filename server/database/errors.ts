/**
 * What can go wrong with the database, in our words: errors that stop a start, and the driver's errors translated for
 * the problem writer. Called by the modules of this folder, by the problem writer and by use cases that retry.
 */
import { setTimeout as wait } from 'node:timers/promises';
import mongoose, { mongo } from 'mongoose';

/** Why there is no database. The message is a sentence for the person who starts Fidelis and holds no credentials. */
export type DatabaseStartCode =
  | 'data-folder-in-use'
  | 'data-folder-is-a-file'
  | 'data-folder-missing'
  | 'data-folder-not-writable'
  | 'disk-full'
  | 'engine-unavailable'
  | 'engine-failed'
  | 'database-uri-invalid'
  | 'database-unreachable'
  | 'database-refused-login'
  | 'database-too-old'
  | 'index-conflict';

/** Thrown while connecting: print the message, exit with 1. */
export class DatabaseStartError extends Error {
  readonly code: DatabaseStartCode;

  constructor(code: DatabaseStartCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DatabaseStartError';
    this.code = code;
  }
}

/** A driver error in our words. `fields` are the paths of the unique index that a document would have broken. */
export type DatabaseError =
  | { kind: 'duplicate-key'; fields: string[] }
  | { kind: 'unavailable' }
  | { kind: 'too-large' }
  | { kind: 'disk-full' };

/** Whether the embedded engine of this process is closed because the disk is full: unavailable, for a known reason. */
let diskIsFull = false;

/** Told by embedded.ts when it closes the engine for want of space, and when it opens it again. */
export function noteDiskFull(full: boolean): void {
  diskIsFull = full;
}

/** Server error codes: not primary, shutting down, interrupted, host unreachable and their kin. */
const UNAVAILABLE_CODES = new Set([6, 7, 89, 91, 189, 9001, 10107, 11600, 11602, 13435, 13436]);
const TOO_LARGE_CODES = new Set([10334, 17419, 17420, 17280]);
const DISK_FULL_CODES = new Set([14031, 12501]);

const LOST_SOCKET_CODES = new Set(['EPIPE', 'ECONNRESET', 'ECONNREFUSED', 'ERR_STREAM_DESTROYED']);

const UNAVAILABLE_CLASSES = [
  mongo.MongoNetworkError,
  mongo.MongoServerSelectionError,
  mongo.MongoNotConnectedError,
  mongo.MongoTopologyClosedError,
  mongoose.Error.MongooseServerSelectionError,
];

/**
 * The meaning of an error that a query or write rejected with; null when it is none of these (a fault of our own).
 *
 * @example
 * translateDatabaseError(new RangeError('not ours')) // => null
 */
export function translateDatabaseError(error: unknown): DatabaseError | null {
  if (!(error instanceof Error)) return null;
  const { code, message } = error as Error & { code?: unknown };
  if (/No space left on device|out of disk space/i.test(message)) return { kind: 'disk-full' };
  if (error instanceof mongo.MongoServerError) {
    if (code === 11000 || code === 11001) return { kind: 'duplicate-key', fields: duplicateFields(error) };
    if (typeof code !== 'number') return null;
    if (DISK_FULL_CODES.has(code)) return { kind: 'disk-full' };
    if (TOO_LARGE_CODES.has(code)) return { kind: 'too-large' };
    return UNAVAILABLE_CODES.has(code) ? unavailable() : null;
  }
  // The driver itself refuses a document over 16 MB, before or while it is written into the message.
  if (/larger than the maximum size|BSONObj ?size|document is too large/i.test(message)) return { kind: 'too-large' };
  if (code === 'ERR_OUT_OF_RANGE' && /offset|size|length/i.test(message)) return { kind: 'too-large' };
  const away =
    UNAVAILABLE_CLASSES.some((type) => error instanceof type) ||
    // The driver does not export the class for a pool whose connections are all taken.
    error.name === 'MongoWaitQueueTimeoutError' ||
    // A connection that dies while a command is being written rejects with the system's own error, not the driver's.
    (typeof code === 'string' && LOST_SOCKET_CODES.has(code));
  return away ? unavailable() : null;
}

function unavailable(): DatabaseError {
  return { kind: diskIsFull ? 'disk-full' : 'unavailable' };
}

/** The names only: the values belong to a person. */
function duplicateFields(error: mongo.MongoServerError): string[] {
  const pattern: unknown = error.keyPattern;
  if (typeof pattern === 'object' && pattern !== null) return Object.keys(pattern);
  // A bulk write carries the pattern in the message alone: `… dup key: { study: "x", key: "y" }`.
  const text = /dup key: \{(.*)\}/.exec(error.message)?.[1] ?? '';
  return [...text.matchAll(/(?:^|,)\s*([A-Za-z_][\w.]*):/g)].map((match) => match[1] ?? '').filter(Boolean);
}

/**
 * Runs `operation` again while the database is away, with pauses from 50 ms doubling to one second, for at most
 * `forMs`. For operations only that may run twice without harm (an upsert by key, an insert by a given id whose
 * duplicate counts as success): an attempt whose answer was lost may have been carried out.
 */
export async function retryWhileUnavailable<T>(operation: () => Promise<T>, { forMs }: { forMs: number }): Promise<T> {
  const deadline = Date.now() + forMs;
  for (let pause = 50; ; pause = Math.min(pause * 2, 1000)) {
    try {
      return await operation();
    } catch (error) {
      if (translateDatabaseError(error)?.kind !== 'unavailable' || Date.now() + pause > deadline) throw error;
      await wait(pause);
    }
  }
}
