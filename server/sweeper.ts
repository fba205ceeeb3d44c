/**
 * What has to happen when time has passed: expired sessions, links and closed
 * rate-limit windows are deleted (the embedded engine does not promise to do so by itself; every reader checks the time besides),
 * the drafts of administrations that have closed are collected, files of exports go when their time is over, evidence that was
 * uploaded and never sent goes, who had drafts of instruments open a day ago is forgotten, and roster imports and publications of
 * instruments that were broken off are finished. A
 * job (jobs/jobs.ts): at the start and every ten minutes.
 */
import { sweepLinks } from './accounts/links.ts';
import { sweepSessions } from './accounts/sessions.ts';
import type { Context } from './context.ts';
import { sweepEvidence } from './evidence/attach.ts';
import { expireExports } from './exports/store.ts';
import { sweepEditors } from './instruments/drafts/editors.ts';
import { finishBrokenOff } from './instruments/drafts/finish.ts';
import { sweepRateLimits } from './rate-limits.ts';
import { sweepAnonymous } from './responses/anonymous.ts';
import { sweepDrafts } from './responses/partials.ts';
import { sweepRetention } from './retention/sweep.ts';
import { sweepWithdrawals } from './rights/withdraw.ts';
import { sweepImports } from './rosters/import-roster.ts';

/** Sweeps once. Harmless when several processes do it at the same time. */
export async function sweep(context: Context): Promise<void> {
  const now = context.clock();
  await Promise.all([
    sweepSessions(context.db, now),
    sweepRateLimits(context.db, now),
    sweepDrafts(context),
    sweepAnonymous(context),
    sweepWithdrawals(context),
    sweepImports(context),
    sweepLinks(context.db, now),
    sweepRetention(context),
    sweepEditors(context.db, now),
    finishBrokenOff(context),
    expireExports(context, 'due'),
    sweepEvidence(context),
  ]);
}
