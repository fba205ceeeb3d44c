/** The amendments that a report or a dataset of an administration must name, as sentences. */
import type { Administration, Study } from '../../instruments/study.ts';
import { dayIn } from '../administrations/availability.ts';
import type { Context } from '../context.ts';
import { citationOf } from './amendment.ts';
import { settleChanges } from './settle.ts';
import { listAmendments } from './store.ts';

/** In order of their numbers; none: an empty list. */
export async function citedAmendments(
  context: Pick<Context, 'db' | 'secret' | 'clock'>,
  study: Pick<Study, 'id' | 'timeZone'>,
  administration: Pick<Administration, 'id' | 'wave'>,
): Promise<string[]> {
  await settleChanges(context, study.id);
  const amendments = await listAmendments(context.db, study.id, administration);
  return amendments.map(({ number, at, thing, changes, why }) =>
    citationOf({ number, day: dayIn(study.timeZone, at), title: thing.title, changes, why }),
  );
}
