/** A step taken by hand: open, pause, close, reopen. Called by the route. */
import { randomUUID } from 'node:crypto';
import { isAmendment } from '../../instruments/administration-rules.ts';
import { type Administration, type AdministrationState, administrationTransitions } from '../../instruments/study.ts';
import { settleChanges } from '../amendments/settle.ts';
import type { Context } from '../context.ts';
import { Problem } from '../problems.ts';
import { currentAdministration } from './current.ts';
import { updateAdministration } from './store.ts';

/**
 * Throws `state-not-allowed`, `reason-needed` when the step departs from the plan, and `conflict` when somebody else was
 * quicker.
 * @param by id of the account
 */
export async function takeStep(
  context: Context,
  by: string,
  studyId: string,
  id: string,
  to: AdministrationState,
  reason: string | null,
): Promise<Administration> {
  const { administration: was, today } = await currentAdministration(context, studyId, id);
  if (!administrationTransitions[was.state].includes(to)) {
    throw new Problem('state-not-allowed', { detail: `An administration that is ${was.state} cannot become ${to}.` });
  }
  if (to === 'open' && today > was.closes) {
    throw new Problem('state-not-allowed', { detail: 'Its last day has passed. Move the last day first.' });
  }
  if (to === 'open' && today < was.opens) {
    throw new Problem('state-not-allowed', {
      detail: `Its first day is ${was.opens}, and it opens by itself then. Move the first day to open it sooner.`,
    });
  }
  const amends = isAmendment(was, to, today);
  if (amends && reason === null) throw new Problem('reason-needed');
  const at = context.clock();
  const amendment = {
    id: randomUUID(),
    study: studyId,
    at,
    by,
    why: reason ?? '',
    thing: { kind: 'administration' as const, id, title: was.title },
    changes: [{ what: 'state', old: was.state, new: to }],
  };
  const administration = await updateAdministration(
    context.db,
    was,
    { state: to },
    {
      step: { state: to, at, by, why: reason ?? '' },
      pending: amends ? { id: amendment.id, amendment, before: null } : null,
    },
  );
  if (!administration) throw new Problem('conflict');
  await settleChanges(context, studyId);
  return administration;
}
