/** Makes an administration, with a link for everybody in its audience, and takes back one that nobody has answered. */
import { randomUUID } from 'node:crypto';
import { standingOf } from '../../instruments/administration-rules.ts';
import type { Administration } from '../../instruments/study.ts';
import { settleChanges } from '../amendments/settle.ts';
import type { Context } from '../context.ts';
import { removeEvidence } from '../evidence/store.ts';
import { followAudience, nobody } from '../invitations/audience.ts';
import { removeInvitations } from '../invitations/store.ts';
import { removePapers } from '../paper/store.ts';
import { Problem } from '../problems.ts';
import { countStoredResponses } from '../responses/counts.ts';
import { removeDrafts } from '../responses/drafts.ts';
import { getStudy } from '../studies/store.ts';
import { advance } from './advance.ts';
import { dayIn } from './availability.ts';
import { planIssues, retiredIssues } from './check.ts';
import { currentAdministration } from './current.ts';
import { bindSheet, type SheetChoice } from './information.ts';
import { deleteAdministration, findAdministration, getAdministration, insertAdministration } from './store.ts';

export interface AdministrationPlan
  extends Pick<
    Administration,
    | 'id'
    | 'title'
    | 'instrument'
    | 'version'
    | 'wave'
    | 'audience'
    | 'mode'
    | 'opens'
    | 'closes'
    | 'selfCode'
    | 'pilot'
    | 'repeats'
  > {
  readonly languages: readonly string[];
  readonly information: SheetChoice;
}

/** Throws `invalid-request` with everything that is wrong, and `already-exists`. It is planned, and opens by its days. */
export async function planAdministration(
  context: Context,
  by: string,
  studyId: string,
  plan: AdministrationPlan,
): Promise<Administration> {
  const { db } = context;
  const study = await getStudy(db, studyId);
  const at = context.clock();
  const issues = [
    ...(await planIssues(context, study, plan, dayIn(study.timeZone, at))),
    ...(await retiredIssues(context, plan)),
  ];
  if (issues.length > 0) throw new Problem('invalid-request', { issues });
  if (await findAdministration(db, studyId, plan.id)) {
    throw new Problem('already-exists', { detail: `The study has an administration "${plan.id}".` });
  }
  const { information: choice, ...rest } = plan;
  const information = await bindSheet(context, studyId, choice, plan.languages);
  const administration: Administration = {
    ...rest,
    study: studyId,
    information,
    state: 'planned',
    history: [{ state: 'planned', at, by, why: '' }],
    revision: 0,
  };
  await insertAdministration(db, administration, { id: randomUUID(), amendment: null, before: nobody });
  await settleChanges(context, studyId);
  // Its first day may be today.
  return advance(context, study, await getAdministration(db, studyId, plan.id));
}

/**
 * Deletes an administration that is still planned and has no response. Links go first, so that an interrupted deletion can
 * be repeated. Throws `state-not-allowed` and `conflict`.
 */
export async function removePlanned(context: Context, studyId: string, id: string): Promise<void> {
  const { db } = context;
  const { administration, today } = await currentAdministration(context, studyId, id);
  if (standingOf(administration, today) !== 'planned') {
    throw new Problem('state-not-allowed', { detail: 'Only a planned administration can be deleted. Close this one.' });
  }
  if ((await countStoredResponses(db, studyId, id)) > 0) {
    throw new Problem('state-not-allowed', { detail: 'It has responses, which are kept. Close it instead.' });
  }
  await removeInvitations(db, studyId, id);
  if (!(await deleteAdministration(db, administration))) {
    // Somebody has changed it meanwhile: it stays, with its links.
    await followAudience(context, await getAdministration(db, studyId, id), nobody);
    throw new Problem('conflict');
  }
  await removeDrafts(db, studyId, id);
  await removePapers(db, studyId, id);
  await removeEvidence(db, studyId, id);
}
