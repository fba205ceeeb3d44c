/**
 * What has to happen when time has passed, at the start and every ten minutes: expired sessions and closed rate-limit
 * windows are deleted (the embedded engine does not promise to do so by itself; every reader checks the time besides),
 * and the drafts of administrations that have closed are collected. Started by serve.ts.
 */
import { sweepSessions } from './accounts/sessions.ts';
import type { Context } from './context.ts';
import { sweepRateLimits } from './rate-limits.ts';
import { sweepDrafts } from './responses/partials.ts';

const everyMs = 10 * 60 * 1000;

/** Sweeps once. Harmless when several processes do it at the same time. */
export async function sweep(context: Context): Promise<void> {
  const now = context.clock();
  await Promise.all([sweepSessions(context.db, now), sweepRateLimits(context.db, now), sweepDrafts(context)]);
}

/** Sweeps now and regularly for as long as the process lives. A sweep that fails is tried again the next time. */
export function startSweeper(context: Context): void {
  const once = () => {
    sweep(context).catch((error: unknown) => context.log.warn({ err: error }, 'the sweep failed'));
  };
  once();
  setInterval(once, everyMs).unref();
}
