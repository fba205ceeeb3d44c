/**
 * Deletes what has expired, every ten minutes: the embedded engine does not promise to do so by itself. Expiry never
 * depends on it, because every reader checks. Started by serve.ts.
 */
import { sweepSessions } from './accounts/sessions.ts';
import type { Context } from './context.ts';
import { sweepRateLimits } from './rate-limits.ts';

const everyMs = 10 * 60 * 1000;

/** Deletes expired sessions and closed rate-limit windows once. */
export async function sweep({ db, clock }: Pick<Context, 'db' | 'clock'>): Promise<void> {
  const now = clock();
  await Promise.all([sweepSessions(db, now), sweepRateLimits(db, now)]);
}

/** Sweeps regularly and returns the way to stop. A sweep that fails is tried again the next time. */
export function startSweeper(context: Context): () => void {
  const timer = setInterval(() => {
    sweep(context).catch((error: unknown) => context.log.warn({ err: error }, 'the sweep failed'));
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}
