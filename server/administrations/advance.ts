/**
 * The steps that the calendar brings: on its first day a planned administration opens, after its last day whatever is not
 * closed closes. A job (`jobs/jobs.ts`); several servers may do it at the same moment, and each step is taken and recorded
 * once. Answers are taken by the days themselves (`availability.ts`), so that nothing hangs on when this runs.
 */
import { dueState } from '../../instruments/administration-rules.ts';
import type { Administration, Study } from '../../instruments/study.ts';
import { settleChanges } from '../amendments/settle.ts';
import { recordAudit } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { collectPartials } from '../responses/partials.ts';
import { findStudy } from '../studies/store.ts';
import { dayIn } from './availability.ts';
import { getAdministration, listDue, updateAdministration } from './store.ts';

/** No calendar on Earth is ahead of this one. */
const firstZone = 'Pacific/Kiritimati';

/** Takes every step that is due; how many this call has taken. */
export async function advanceAdministrations(context: Context): Promise<number> {
  await settleChanges(context);
  const studies = new Map<string, Study | null>();
  let taken = 0;
  for (const administration of await listDue(context.db, dayIn(firstZone, context.clock()))) {
    const study = studies.get(administration.study) ?? (await findStudy(context.db, administration.study));
    studies.set(administration.study, study);
    if (study && (await takeDueStep(context, study, administration))) taken += 1;
  }
  return taken;
}

/** The administration after the step that is due, if one is. */
export async function advance(context: Context, study: Study, administration: Administration): Promise<Administration> {
  if (dueState(administration, dayIn(study.timeZone, context.clock())) === null) return administration;
  const { study: studyId, id } = administration;
  // Null: another server has taken it.
  return (await takeDueStep(context, study, administration)) ?? getAdministration(context.db, studyId, id);
}

async function takeDueStep(context: Context, study: Study, was: Administration): Promise<Administration | null> {
  const at = context.clock();
  const state = dueState(was, dayIn(study.timeZone, at));
  if (state === null) return null;
  const why = state === 'open' ? 'Its first day has come.' : 'Its last day is over.';
  const administration = await updateAdministration(
    context.db,
    was,
    { state },
    { step: { state, at, by: 'calendar', why } },
  );
  if (!administration) return null;
  await recordAudit(context, {
    verb: 'administration.change-state',
    actor: { kind: 'system', id: null },
    study: study.id,
    thing: { administration: was.id },
    outcome: 'done',
    detail: `${was.state} to ${state}: ${why}`,
    from: null,
    request: null,
  });
  if (state === 'closed') await collectPartials(context, administration);
  return administration;
}
