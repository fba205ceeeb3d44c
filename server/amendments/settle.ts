/**
 * Brings about what a change has left to do: links for the new audience, then the entry in the log. Called after each
 * change, before the next one, before the log is read, and by the sweep for what a crash cut off; harmless when repeated.
 */
import { clearPending, listPending } from '../administrations/store.ts';
import type { Context } from '../context.ts';
import { clearPendingModelAmendment, listPendingModelAmendments } from '../fidelity/models.ts';
import { followAudience } from '../invitations/audience.ts';
import { clearPendingAmendment, listPendingAmendments } from '../studies/store.ts';
import { appendAmendment } from './store.ts';

/** @param study one study, or all of them */
export async function settleChanges(context: Pick<Context, 'db' | 'secret' | 'clock'>, study?: string): Promise<void> {
  const { db } = context;
  for (const { administration, pending } of await listPending(db, study)) {
    if (pending.before) await followAudience(context, administration, pending.before);
    if (pending.amendment) await appendAmendment(db, pending.amendment);
    await clearPending(db, administration, pending);
  }
  for (const amendment of await listPendingAmendments(db, study)) {
    await appendAmendment(db, amendment);
    await clearPendingAmendment(db, amendment);
  }
  for (const amendment of await listPendingModelAmendments(db, study)) {
    await appendAmendment(db, amendment);
    await clearPendingModelAmendment(db, amendment);
  }
}
