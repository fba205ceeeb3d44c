/**
 * From a writer of a format to whoever reads it (an HTTP response, a file): with back-pressure, so that memory stays
 * flat; stopped when the reader hangs up; cut when the writer fails, so that no half file looks whole.
 * Used by every format and by the routes.
 */
import { once } from 'node:events';
import { PassThrough, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Thrown when whoever was reading has gone: nothing is wrong on our side, the work only stops. */
export class ReaderGone extends Error {
  constructor() {
    super('the reader of this file hung up');
    this.name = 'ReaderGone';
  }
}

const blockBytes = 128 * 1024;

/**
 * Runs `produce` into `out`. `produce` ends the body itself. Resolves when everything was handed over; rejects with
 * the writer's error (after destroying `out`) or with `ReaderGone`.
 */
export async function sendBody(out: Writable, produce: (body: PassThrough) => Promise<void>): Promise<void> {
  const body = new PassThrough({ highWaterMark: blockBytes });
  let failure: unknown = null;
  const made = produce(body).catch((error: unknown) => {
    failure ??= error;
    body.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  const sent = pipeline(body, out).catch((error: unknown) => {
    failure ??= isHangUp(error) ? new ReaderGone() : error;
  });
  await Promise.all([made, sent]);
  if (failure !== null) throw failure;
}

/** Waits until the body takes more; throws `ReaderGone` when it never will. */
async function drained(body: Writable): Promise<void> {
  if (body.destroyed) throw new ReaderGone();
  if (!body.writableNeedDrain) return;
  const stop = new AbortController();
  try {
    await Promise.race([
      once(body, 'drain', { signal: stop.signal }),
      once(body, 'close', { signal: stop.signal }).then(() => Promise.reject(new ReaderGone())),
    ]);
  } finally {
    stop.abort();
  }
}

/** Hands a block of text on and waits while the reader is slower; throws `ReaderGone` when there is none any more. */
export async function writeText(body: Writable, text: string): Promise<void> {
  if (body.destroyed) throw new ReaderGone();
  if (!body.write(text, 'utf8')) await drained(body);
}

/** The same for bytes. */
export async function writeBytes(body: Writable, bytes: Uint8Array): Promise<void> {
  if (body.destroyed) throw new ReaderGone();
  if (!body.write(bytes)) await drained(body);
}

function isHangUp(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ECONNRESET' || code === 'EPIPE';
}
