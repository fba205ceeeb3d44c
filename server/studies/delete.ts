/** Deletes a study with everything that belongs to it. Used by the routes, the command line and a broken demo load. */
import { removeStudyAccess } from '../accounts/study-roles.ts';
import { removeAdministrations } from '../administrations/store.ts';
import { removeAmendments } from '../amendments/store.ts';
import type { Context } from '../context.ts';
import { removeDefinitions } from '../datasets/definitions/store.ts';
import { removeExports } from '../exports/store.ts';
import { removeModels } from '../fidelity/models.ts';
import { removeResolutions } from '../fidelity/resolutions.ts';
import { removeIdentities } from '../identities/store.ts';
import { removeSheets } from '../information/store.ts';
import { removeInvitations } from '../invitations/store.ts';
import { removeMailings } from '../mail/mailings.ts';
import { removeStops } from '../mail/stops.ts';
import { removeTemplates } from '../mail/template-store.ts';
import { removeMessages } from '../outbox/store.ts';
import { removePapers } from '../paper/store.ts';
import { removeCalls } from '../rates/calls-store.ts';
import { removeReleases } from '../releases/store.ts';
import { removeSchoolReleases } from '../reports/release-store.ts';
import { removeResponses } from '../responses/store.ts';
import { removeRetention } from '../retention/store.ts';
import { removeWithdrawals } from '../rights/store.ts';
import { removeImports } from '../rosters/imports-store.ts';
import { removeRosterState } from '../rosters/lock.ts';
import { removeRosters } from '../rosters/store.ts';
import { removeStudy } from './store.ts';

/**
 * Removes links first, so that nobody can answer into a study that is going, and the study itself last, so that an
 * interrupted deletion is still listed and can be repeated.
 */
export async function deleteStudy(context: Pick<Context, 'db'>, study: string): Promise<void> {
  await removeMailings(context.db, study);
  await removeMessages(context.db, study);
  await removeTemplates(context.db, study);
  await removeStops(context.db, study);
  await removeInvitations(context.db, study);
  await removePapers(context.db, study);
  await removeResponses(context.db, study);
  await removeExports(context.db, study);
  await removeReleases(context.db, study);
  await removeSchoolReleases(context.db, study);
  await removeDefinitions(context.db, study);
  await removeWithdrawals(context.db, study);
  await removeCalls(context.db, study);
  await removeRetention(context.db, study);
  await removeAdministrations(context.db, study);
  await removeModels(context.db, study);
  await removeResolutions(context.db, study);
  await removeAmendments(context.db, study);
  await removeSheets(context.db, study);
  await removeIdentities(context.db, study, null);
  await removeImports(context.db, study);
  await removeRosters(context.db, study);
  await removeRosterState(context.db, study);
  await removeStudyAccess(context.db, { study });
  await removeStudy(context.db, study);
}
