/** Waves of a study: a new one, and other days or another name for one. Called by the routes. */
import { randomUUID } from 'node:crypto';
import { standingOf, waveHasBegun } from '../../instruments/administration-rules.ts';
import type { Issue } from '../../instruments/instrument.ts';
import type { Administration, Study, Wave } from '../../instruments/study.ts';
import { settleChanges } from '../amendments/settle.ts';
import type { Context } from '../context.ts';
import { Problem } from '../problems.ts';
import { addWave, getStudy, replaceWave } from '../studies/store.ts';
import { dayIn } from './availability.ts';
import { listAdministrations } from './store.ts';

/** Throws `invalid-request` and `already-exists`. */
export async function createWave(context: Context, studyId: string, wave: Wave): Promise<Wave> {
  await getStudy(context.db, studyId);
  refuseAny(orderIssues(wave));
  if (!(await addWave(context.db, studyId, wave))) {
    throw new Problem('already-exists', { detail: `The study has a wave "${wave.id}".` });
  }
  return wave;
}

/**
 * Changes title and days. Days of a wave that has begun are moved as an amendment. Throws `not-found`, `reason-needed`,
 * `invalid-request` when an administration would stand outside, and `conflict`.
 */
export async function changeWave(
  context: Context,
  by: string,
  studyId: string,
  { reason, ...wave }: Wave & { readonly reason?: string | undefined },
): Promise<Wave> {
  const { db } = context;
  await settleChanges(context, studyId);
  const study = await getStudy(db, studyId);
  const was = study.waves.find(({ id }) => id === wave.id);
  if (!was) throw new Problem('not-found', { detail: `The study has no wave "${wave.id}".` });
  const administrations = await listAdministrations(db, studyId);
  refuseAny([...orderIssues(wave), ...leftOutside(was, wave, administrations)]);
  const at = context.clock();
  const changes = [
    { what: 'first day', old: was.opens, new: wave.opens },
    { what: 'last day', old: was.closes, new: wave.closes },
  ].filter(({ old, new: to }) => old !== to);
  const amends = changes.length > 0 && waveHasBegun(was, administrations, dayIn(study.timeZone, at));
  if (amends && reason === undefined) throw new Problem('reason-needed');
  const amendment = amends
    ? {
        ...{ id: randomUUID(), study: studyId, at, by, why: reason ?? '', changes },
        thing: { kind: 'wave' as const, id: wave.id, title: wave.title },
      }
    : null;
  if (!(await replaceWave(db, studyId, was, wave, amendment))) throw new Problem('conflict');
  await settleChanges(context, studyId);
  return wave;
}

/**
 * What an edit of the whole study may not do in passing: days of a wave that has begun, or of one that would leave an
 * administration outside, are moved one by one and with a reason; and another time zone would move every window that is
 * open.
 */
export function movedInPassing(
  study: Study,
  edit: Pick<Study, 'waves' | 'timeZone'>,
  administrations: readonly Administration[],
  today: string,
): Issue[] {
  const waves = edit.waves.flatMap((wave, at): Issue[] => {
    const was = study.waves.find(({ id }) => id === wave.id);
    if (!was || (was.opens === wave.opens && was.closes === wave.closes)) return [];
    if (waveHasBegun(was, administrations, today)) {
      const message = `“${was.title}” has begun: move its days under Waves and languages, with a reason.`;
      return [{ code: 'wave-begun', path: `body.waves.${at}`, message }];
    }
    return leftOutside(was, wave, administrations);
  });
  const begun = administrations.some((one) => standingOf(one, today) === 'running');
  if (edit.timeZone === study.timeZone || !begun) return waves;
  const message = 'An administration has begun: another time zone would move the hours at which it opens and closes.';
  return [...waves, { code: 'administration-begun', path: 'body.timeZone', message }];
}

function orderIssues({ opens, closes }: Wave): Issue[] {
  if (opens <= closes) return [];
  return [{ code: 'bad-order', path: 'body.closes', message: 'The last day comes before the first.' }];
}

/** Administrations that stand within the wave as it was and would not any more. */
function leftOutside(was: Wave, { opens, closes }: Wave, administrations: readonly Administration[]): Issue[] {
  const inside = administrations.filter(
    (one) => one.wave === was.id && one.opens >= was.opens && one.closes <= was.closes,
  );
  const refuse = (field: 'opens' | 'closes', { title, opens: first, closes: last }: Administration) => ({
    code: 'administration-outside',
    path: `body.${field}`,
    message: `“${title}” takes answers from ${first} to ${last}. Move its days first.`,
  });
  return inside.flatMap((one) => [
    ...(one.opens < opens ? [refuse('opens', one)] : []),
    ...(one.closes > closes ? [refuse('closes', one)] : []),
  ]);
}

function refuseAny(issues: readonly Issue[]): void {
  if (issues.length > 0) throw new Problem('invalid-request', { issues });
}
