/** Simulated responses to one administration of the demonstration study. Called by `load.ts`. */
import type { Random } from '../../instruments/random.ts';
import { simulateAnswers } from '../../instruments/simulate.ts';
import type { Administration, School } from '../../instruments/study.ts';
import type { Context } from '../context.ts';
import { compiledInstrument } from '../instruments/store.ts';
import { askedCells, coarsePlaces } from '../responses/coarse-places.ts';
import { storedSimulation } from '../responses/simulated.ts';
import type { StoredResponse } from '../responses/store.ts';
import type { Person } from '../rosters/store.ts';
import { knownAnswers, logAnswers, reviewAnswers, traitsOf } from './answers.ts';
import type { Asked } from './load.ts';
import { type DemoWave, shiftDay } from './plan.ts';

/**
 * Makes the response of one person; `number` is its place in the shuffled order.
 * @param people all who are asked
 */
export async function simulatedWriter(
  context: Context,
  random: Random,
  administration: Administration,
  schools: readonly School[],
  { people, minimumCell }: { readonly people: readonly Person[]; readonly minimumCell: number },
): Promise<(asked: Asked & { answeredAt: Date | null }, number: number) => StoredResponse> {
  const { instrument: id, version, opens, mode, state } = administration;
  const wave = administration.wave as DemoWave;
  const compiled = await compiledInstrument(context.db, id, version);
  // As real answers would be, so that what the demonstration exports is what an anonymous survey gives.
  const places = mode === 'anonymous' ? coarsePlaces(askedCells(people), minimumCell) : null;
  const byId = new Map(schools.map((school) => [school.id, school]));
  return ({ invitation, person, answeredAt }, number) => {
    const own = random.fork(`answers ${person.id} ${administration.id}`);
    const school = person.school === null ? undefined : byId.get(person.school);
    const cluster = schools.filter((one) => one.cluster === person.cluster);
    let known: Record<string, unknown> | null = null;
    if (id === 'implementation-log') known = logAnswers(own, cluster, wave, opens);
    if (id === 'peer-review-observation') known = reviewAnswers(own, wave, opens);
    const simulated = simulateAnswers(compiled, {
      random: own,
      traits: traitsOf(random, compiled.instrument, person, school, wave),
      missing: 0.025,
      declined: 0.015,
      // Whoever broke off shows once an administration has closed; in anonymous ones nobody can know.
      dropOut: state === 'closed' && mode === 'confidential' && !known ? 0.04 : 0,
      known: known ?? knownAnswers(random, person, wave),
      days: { from: shiftDay(opens, -90), to: opens },
    });
    const key = `demonstration|${number}`;
    return storedSimulation(administration, compiled, invitation, simulated, {
      key,
      receivedAt: answeredAt ?? new Date(Date.parse(opens)),
      place: places?.of(invitation),
    });
  };
}
