/**
 * Loads the demonstration study: roster, administrations, links for everybody and simulated responses, in bulk. Called
 * by the server on an empty data folder, by the workbench's button and by `fidelis demo load`.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { type Random, randomOf } from '../../instruments/random.ts';
import type { Administration, Study } from '../../instruments/study.ts';
import { dayIn } from '../administrations/availability.ts';
import { insertAdministration } from '../administrations/store.ts';
import type { Context } from '../context.ts';
import { insertDemoModel } from '../fidelity/shipped.ts';
import { ensureLibrary } from '../instruments/library.ts';
import { invitationFor, isInvited } from '../invitations/invite.ts';
import { type Invitation, insertInvitations } from '../invitations/store.ts';
import { Problem } from '../problems.ts';
import { insertResponsesBulk } from '../responses/store.ts';
import { insertClusters, insertPeople, insertSchools, type Person } from '../rosters/store.ts';
import { deleteStudy } from '../studies/delete.ts';
import { findStudy, insertStudy } from '../studies/store.ts';
import { doesRespond } from './answers.ts';
import { type DemoWave, demoAdministrations, demoId, demoStudy } from './plan.ts';
import { beginLoad, demoProgress, noteLoad } from './progress.ts';
import { simulatedWriter } from './responses.ts';
import { demoRoster } from './roster.ts';

export { demoSurveyLink } from './link.ts';

export interface LoadOptions {
  readonly onProgress?: (progress: { done: number; total: number }) => void;
  readonly seed?: string;
}

/** One person asked in one administration, and when the answer came; null: none came. */
export interface Asked {
  readonly invitation: Invitation;
  readonly person: Person;
  readonly answeredAt: Date | null;
}

const batchSize = 1000;
const responseBatchSize = 250;

/**
 * Loads the study unless it is there whole; what a broken load left is removed first. The study itself is stored last,
 * so that a study that can be seen is complete. Throws `state-not-allowed` while another process is loading it.
 */
export async function loadDemo(context: Context, options: LoadOptions = {}): Promise<{ loaded: boolean }> {
  const { db, clock } = context;
  if ((await demoProgress(db, clock())).state === 'loaded') return { loaded: false };
  await requireFreeName(db);
  if (!(await beginLoad(db, clock()))) {
    throw new Problem('state-not-allowed', { detail: 'The demonstration study is being loaded at this moment.' });
  }
  let [done, total, noted] = [0, 1, 0];
  const step = async (count: number) => {
    done += count;
    options.onProgress?.({ done, total });
    // Not every step, so that the note costs nothing.
    if (clock().getTime() - noted < 250) return;
    noted = clock().getTime();
    await noteLoad(db, { state: 'loading', done, total }, clock());
  };
  try {
    await ensureLibrary(context);
    await deleteStudy(context, demoId);
    const random = randomOf(options.seed ?? 'schools-partnership-programme');
    const study = demoStudy(dayIn('Europe/London', clock()));
    const roster = demoRoster(random.fork('roster'));
    const administrations = demoAdministrations(study);
    const asked = new Map(
      administrations.map((one) => [one, askedIn(context, random, study, one, roster.people)] as const),
    );
    const lists = [...asked.values()];
    const answers = lists.flat().filter(({ answeredAt }) => answeredAt !== null).length;
    total = roster.people.length + lists.flat().length + answers;

    await insertClusters(db, demoId, roster.clusters);
    await insertSchools(db, demoId, roster.schools);
    for (const administration of administrations) await insertAdministration(db, administration);
    for (const people of chunks(roster.people, batchSize)) {
      await insertPeople(db, demoId, people);
      await step(people.length);
    }
    await insertAll(lists.flat(), batchSize, async (batch) => {
      await insertInvitations(
        db,
        batch.map(({ invitation }) => invitation),
      );
      await step(batch.length);
    });
    for (const [administration, list] of asked) {
      const among = { people: list.map(({ person }) => person), minimumCell: study.minimumCell };
      const write = await simulatedWriter(context, random, administration, roster.schools, among);
      // In no order that follows the roster: ids of anonymous responses must not tell who answered.
      const answered = random
        .fork(`order ${administration.id}`)
        .shuffle(list.filter(({ answeredAt }) => answeredAt !== null));
      await insertAll(answered, responseBatchSize, async (batch, at) => {
        await insertResponsesBulk(
          db,
          batch.map((one, index) => write(one, at + index)),
        );
        await step(batch.length);
      });
    }
    await insertDemoModel(context, study);
    await insertStudy(db, study, clock());
    await noteLoad(db, { state: 'loaded', done: total, total }, clock());
    options.onProgress?.({ done: total, total });
    return { loaded: true };
  } catch (error) {
    await noteLoad(db, { state: 'failed', done, total }, clock()).catch(() => {});
    throw error;
  }
}

/** Throws `already-exists` when a study of somebody's own has the name. */
export async function requireFreeName(db: Context['db']): Promise<void> {
  const study = await findStudy(db, demoId);
  if (study && !study.simulated) {
    throw new Problem('already-exists', { detail: `A study "${demoId}" of your own is there.` });
  }
}

/** Everybody whom an administration is for, with the link and, for those who answer, the moment. */
function askedIn(
  context: Context,
  random: Random,
  study: Study,
  administration: Administration,
  people: readonly Person[],
): Asked[] {
  const wave = administration.wave as DemoWave;
  const now = context.clock();
  return people
    .filter((person) => isInvited(administration, person))
    .map((person) => {
      const invitation = invitationFor(context, administration, person);
      const moment = random.fork(`moment ${person.id} ${administration.id}`);
      const answers = doesRespond(random, person, wave, administration.id);
      const answeredAt = answers ? momentIn(moment, administration, study, now) : null;
      if (!answeredAt)
        return {
          invitation: {
            ...invitation,
            openedAt: moment.chance(0.2) ? momentIn(moment, administration, study, now) : null,
          },
          person,
          answeredAt,
        };
      if (administration.mode === 'anonymous')
        return { invitation: { ...invitation, state: 'used' as const }, person, answeredAt };
      return {
        invitation: { ...invitation, openedAt: new Date(answeredAt.getTime() - 60_000 * moment.integer(4, 9)) },
        person,
        answeredAt,
      };
    });
}

/** A moment in school hours while the administration was open, most in its first days; midnight UTC if anonymous. */
function momentIn(random: Random, administration: Administration, { timeZone }: Study, now: Date): Date | null {
  const yesterday = Date.parse(dayIn(timeZone, new Date(now.getTime() - 86_400_000)));
  const last = Math.min(Date.parse(administration.closes), yesterday);
  const days = Math.round((last - Date.parse(administration.opens)) / 86_400_000);
  if (days < 0) return null;
  const day = Math.min(random.integer(0, days), random.integer(0, days));
  const midnight = Date.parse(administration.opens) + day * 86_400_000;
  return new Date(
    administration.mode === 'anonymous' ? midnight : midnight + random.integer(7 * 3600, 20 * 3600) * 1000,
  );
}

function* chunks<T>(list: readonly T[], size: number): Generator<T[]> {
  for (let at = 0; at < list.length; at += size) yield list.slice(at, at + size);
}

/** Works off a list in batches: while the database stores one, the next is made. Other requests get their turn. */
async function insertAll<T>(
  list: readonly T[],
  size: number,
  insert: (batch: T[], at: number) => Promise<void>,
): Promise<void> {
  const underWay = new Set<Promise<void>>();
  let at = 0;
  for (const batch of chunks(list, size)) {
    await turn();
    const task: Promise<void> = insert(batch, at).finally(() => underWay.delete(task));
    underWay.add(task);
    // Kept from being an unhandled rejection until it is awaited below.
    task.catch(() => {});
    if (underWay.size >= 3) await Promise.race(underWay);
    at += batch.length;
  }
  await Promise.all(underWay);
}
