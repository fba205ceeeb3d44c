/** An administration as it stands now, before somebody changes it: nothing of an earlier change left over, no step overdue. */
import type { Administration, Study } from '../../instruments/study.ts';
import { settleChanges } from '../amendments/settle.ts';
import type { Context } from '../context.ts';
import { getStudy } from '../studies/store.ts';
import { advance } from './advance.ts';
import { dayIn } from './availability.ts';
import { getAdministration } from './store.ts';

export interface Current {
  readonly study: Study;
  readonly administration: Administration;
  /** ISO date in the study's time zone. */
  readonly today: string;
}

/** Throws `not-found`. */
export async function currentAdministration(context: Context, studyId: string, id: string): Promise<Current> {
  const study = await getStudy(context.db, studyId);
  await settleChanges(context, studyId);
  const administration = await advance(context, study, await getAdministration(context.db, studyId, id));
  return { study, administration, today: dayIn(study.timeZone, context.clock()) };
}
