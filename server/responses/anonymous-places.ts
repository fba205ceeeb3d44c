/**
 * How much of their place the answers of an anonymous administration tell, by who is asked at the moment: everybody with a
 * link that was not withdrawn and who is eligible, and the staff that shares one. `coarse-places.ts` has the rule. Called by
 * the submission and by the sweep of anonymous administrations.
 */

import type { CompiledInstrument } from '../../instruments/compile.ts';
import { roleQuestions, withoutRole } from '../../instruments/identifying.ts';
import type { Administration, Study } from '../../instruments/study.ts';
import { dayIn } from '../administrations/availability.ts';
import type { Context } from '../context.ts';
import { compiledInstrument } from '../instruments/store.ts';
import { audienceDay } from '../invitations/audience.ts';
import { countAsked, countEverAsked } from '../invitations/counts.ts';
import type { Invitation } from '../invitations/store.ts';
import { keeper } from '../kept.ts';
import { countStaff } from '../rates/staff.ts';
import { type AskedCell, type CoarsePlace, type CoarsePlaces, coarsePlaces } from './coarse-places.ts';
import { countResponses } from './counts.ts';
import { hashAnswers } from './hash-answers.ts';
import { collectionOfResponses } from './store.ts';

const kept = keeper<CoarsePlaces>();

/** The place that an answer through this link is stored with. */
export async function storedPlace(
  context: Pick<Context, 'db' | 'clock'>,
  { administration, study, invitation }: { administration: Administration; study: Study; invitation: Invitation },
): Promise<CoarsePlace> {
  if (administration.mode !== 'anonymous') {
    const { arm, cluster, school, role } = invitation;
    return { arm, cluster, school, role };
  }
  const name = JSON.stringify([study.id, administration.id, study.minimumCell]);
  const places = await kept(context.db, name, () => placesOf(context, administration, study));
  return places.of(invitation);
}

/** How much of a place is stored of answers that come by no link: of an import and of a simulation. */
export async function placeKeeper(
  context: Pick<Context, 'db' | 'clock'>,
  administration: Administration,
  study: Study,
): Promise<(place: Omit<CoarsePlace, 'withheld'>) => CoarsePlace> {
  if (administration.mode !== 'anonymous') return (place) => place;
  const places = await placesOf(context, administration, study);
  return ({ role, ...place }) => (role === null ? places.withoutRole(place) : places.of({ ...place, role }));
}

/** The answers that are stored beside a place: in an anonymous administration none that tells the role where the place does not. */
export function storedAnswers<A>(
  { mode }: Pick<Administration, 'mode'>,
  compiled: CompiledInstrument,
  answers: A,
  { role }: Pick<CoarsePlace, 'role'>,
): A {
  // Of checked answers others are left: their type is theirs.
  return mode === 'anonymous' ? (withoutRole(compiled, answers, role) as A) : answers;
}

/**
 * Leaves out of the answers of former versions what would not be stored of their place today. Whoever was ever given a link
 * counts here, so that nothing is lost because an audience became smaller later. May be cut off and run again.
 */
async function coarsenPlaces(
  { db }: Pick<Context, 'db'>,
  administration: Administration,
  minimum: number,
): Promise<void> {
  const { study, id } = administration;
  const told = (await countResponses(db, study, id, 'all')).flatMap(({ role, ...place }) =>
    role === null ? [] : [{ ...place, role }],
  );
  if (told.length === 0) return;
  // How many share a staffroom's link is not known of former days: there the answers are as they are.
  const asked = (await countEverAsked(db, study, id)).map(({ own, shared, ...place }) => ({
    ...place,
    n: shared > 0 ? null : own,
  }));
  const places = coarsePlaces(asked, minimum);
  const known = new Set(asked.map(({ arm, cluster, school, role }) => JSON.stringify([arm, cluster, school, role])));
  for (const { arm, cluster, school, role } of told) {
    const { withheld, ...coarse } = places.of({ arm, cluster, school, role });
    if (withheld === undefined || !known.has(JSON.stringify([arm, cluster, school, role]))) continue;
    const source = { $in: ['web' as const, 'paper' as const] };
    const where = { study, administration: id, arm, cluster, school, role, source };
    const subjects = { person: null, school: coarse.school, cluster: coarse.cluster };
    for (const [kind, subject] of Object.entries(subjects)) {
      await collectionOfResponses(db).updateMany(
        { ...where, 'subject.kind': kind },
        { $set: { ...coarse, withheld, 'subject.id': subject } },
      );
    }
  }
}

/** The same for places and for what answers tell of the role beside them. */
export async function coarsenStored(
  { db }: Pick<Context, 'db'>,
  administration: Administration,
  minimum: number,
): Promise<void> {
  await coarsenPlaces({ db }, administration, minimum);
  const { study, id, instrument, version } = administration;
  const compiled = await compiledInstrument(db, instrument, version);
  const names = roleQuestions(compiled);
  if (names.length === 0) return;
  const telling = { $or: names.map((name) => ({ [`answers.${name}`]: { $exists: true } })) };
  const where = { study, administration: id, role: null, withdrawn: false, ...telling };
  for await (const { _id, answers } of collectionOfResponses(db).find(where, { projection: { answers: 1 } })) {
    const left = storedAnswers(administration, compiled, answers, { role: null });
    const change = { $set: { answers: left, answersHash: hashAnswers(left) } };
    await collectionOfResponses(db).updateOne({ _id, withdrawn: false }, change);
  }
}

/** Counted anew. */
export async function placesOf(
  { db, clock }: Pick<Context, 'db' | 'clock'>,
  administration: Administration,
  study: Study,
): Promise<CoarsePlaces> {
  const asked = await countAsked(db, study.id, administration.id);
  if (!asked.some(({ shared }) => shared > 0)) {
    return coarsePlaces(
      asked.map(({ own, shared: _, ...place }) => ({ ...place, n: own })),
      study.minimumCell,
    );
  }
  const day = audienceDay(administration, dayIn(study.timeZone, clock()));
  const staff = await countStaff(db, study.id, day, 'all', administration.id);
  const staffed = new Set(staff.map(({ school }) => school));
  const staffAt = new Map(staff.map(({ n, others: _, ...place }) => [JSON.stringify(place), n]));
  const cells = asked.map(({ own, shared, ...place }): AskedCell => {
    if (shared === 0) return { ...place, n: own };
    const { school, cluster, arm, role } = place;
    const there = staffAt.get(JSON.stringify({ school, cluster, arm, role })) ?? 0;
    return { ...place, n: staffed.has(school) ? Math.max(own, there) : null };
  });
  return coarsePlaces(cells, study.minimumCell);
}
