/** Work for an answer that ends when nobody waits for it any more. Called by the routes whose answers take long. */
import type { Response } from 'express';
import { ReaderGone } from './datasets/formats/body.ts';

/**
 * Runs the work with a signal that is given when whoever asked hangs up, also before the first byte. Work that ends by
 * that (with `ReaderGone`, or an AbortError of what it waits for) is nothing to report: the value is then undefined.
 */
export async function whileAwaited<T>(
  response: Response,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const gone = new AbortController();
  const abort = () => gone.abort();
  response.once('close', abort);
  try {
    return await work(gone.signal);
  } catch (error) {
    const stopped = gone.signal.aborted && error instanceof Error && error.name === 'AbortError';
    if (!stopped && !(error instanceof ReaderGone)) throw error;
    response.destroy();
    return undefined;
  } finally {
    response.off('close', abort);
  }
}
