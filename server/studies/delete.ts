/** Deletes a study with everything that belongs to it. Used by the routes, the command line and a broken demo load. */
import { removeAdministrations } from '../administrations/store.ts';
import type { Context } from '../context.ts';
import { removeInvitations } from '../invitations/store.ts';
import { removeResponses } from '../responses/store.ts';
import { removeRosters } from '../rosters/store.ts';
import { removeStudy } from './store.ts';

/**
 * Removes links first, so that nobody can answer into a study that is going, and the study itself last, so that an
 * interrupted deletion is still listed and can be repeated.
 */
export async function deleteStudy(context: Pick<Context, 'db'>, study: string): Promise<void> {
  await removeInvitations(context.db, study);
  await removeResponses(context.db, study);
  await removeAdministrations(context.db, study);
  await removeRosters(context.db, study);
  await removeStudy(context.db, study);
}
