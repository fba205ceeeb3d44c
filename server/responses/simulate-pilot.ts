/**
 * Sends answers of simulated people to a pilot as people would send theirs: through its staffroom links, checked and stored by
 * `submit.ts`, so that its rates, report and data are what real answers would give. Called by the route.
 */
import { randomOf } from '../../instruments/random.ts';
import { simulateAnswers } from '../../instruments/simulate.ts';
import { structured } from '../../instruments/simulate-structure.ts';
import { availabilityOf } from '../administrations/availability.ts';
import type { Context } from '../context.ts';
import { listInvitations } from '../invitations/lists.ts';
import { makeSharedLinks } from '../invitations/shared.ts';
import type { Invitation } from '../invitations/store.ts';
import { tokenFor } from '../invitations/tokens.ts';
import { Problem } from '../problems.ts';
import { countBySource } from './by-source.ts';
import { loadOffer, type Offer } from './offers.ts';
import { findStanding } from './store.ts';
import { responseId, submitResponse } from './submit.ts';

export interface PilotSimulation {
  readonly people: number;
  readonly seed: string;
  /** Correlation of items with the standing on their scale. */
  readonly loading: number;
  /** Correlation of any two scales. */
  readonly factorCorrelation: number;
  /** Share of the variance of a scale that lies between schools. */
  readonly icc: number;
  /** Chance that an item that may be left blank is. */
  readonly missing: number;
}

/**
 * The same wish again adds nobody, also where schools have come or gone since. Throws `not-found`, and `state-not-allowed` where
 * the administration is no pilot or people have answered it (made-up answers never mix with real ones), is not open, asks no
 * school, or asks for what chance does not find.
 */
export async function simulatePilot(
  context: Context,
  { study, administration }: { readonly study: string; readonly administration: string },
  { people, ...wish }: PilotSimulation,
): Promise<{ created: number; unchanged: number }> {
  const offer = await loadOffer(context, study, administration);
  requirePilot(context, offer);
  await requireNobody(context, offer);
  const links = await staffroomLinks(context, offer);
  const { seed, loading, ...structure } = wish;
  const random = randomOf(JSON.stringify([study, administration, seed]));
  const keys = Array.from({ length: people }, (_, number) => `simulated|${JSON.stringify(wish)}|${number}`);
  const idOf = (key: string) => responseId(offer.administration, key);
  const there = await findStanding(context.db, keys.map(idOf));
  let created = 0;
  for (const [number, key] of keys.entries()) {
    const link = links[number % links.length];
    // Whoever has answered stays in the school where they did, whatever links there are by now.
    if (!link || there.has(idOf(key))) continue;
    const place = { cluster: link.cluster, school: link.school, person: `person ${number}` };
    const standing = structured(random, { ...structure, loadings: loading }, place, offer.compiled);
    const answers = answersOf(offer, { random: random.fork(`answers ${number}`), ...standing });
    const { receipt } = await submitResponse(context, tokenFor(context, link._id, link.serial), 'simulation', {
      key,
      answers,
      consent: { information: offer.administration.information.version, agreed: true },
      source: 'simulated',
    });
    if (receipt.created) created += 1;
  }
  return { created, unchanged: people - created };
}

function requirePilot({ clock }: Context, { administration, study }: Offer): void {
  if (!administration.pilot) {
    const detail = 'People answer this administration. Simulated answers go into a pilot alone: plan one.';
    throw new Problem('state-not-allowed', { detail });
  }
  if (availabilityOf(administration, study, clock()) !== 'open') {
    throw new Problem('state-not-allowed', { detail: 'The pilot takes no answers now. Open it first.' });
  }
}

/** One answer of a person among made-up ones, and nobody could tell any more what people have said. */
async function requireNobody({ db }: Context, { administration, study }: Offer): Promise<void> {
  const { people } = await countBySource(db, study.id, administration.id);
  if (people === 0) return;
  const detail = `${people === 1 ? 'One person has' : `${people} people have`} answered this pilot. Plan another one for simulated people.`;
  throw new Problem('state-not-allowed', { detail });
}

/** In order of school and role, so that the same people come from the same schools. */
async function staffroomLinks(context: Context, { administration, study }: Offer): Promise<Invitation[]> {
  await makeSharedLinks(context, administration, {}, 'all');
  const { invitations } = await listInvitations(context.db, study.id, administration.id, { state: 'open' });
  const shared = invitations.filter((one) => one.shared);
  if (shared.length > 0) return shared;
  throw new Problem('state-not-allowed', {
    detail: 'The pilot asks nobody in a school. Fill the rosters, or choose other arms and roles.',
  });
}

function answersOf({ compiled }: Offer, options: Parameters<typeof simulateAnswers>[1]) {
  try {
    return simulateAnswers(compiled, options).answers;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const detail = `Chance finds no answers that this instrument allows (${error.message}). Answer the pilot by hand.`;
    throw new Problem('state-not-allowed', { detail, cause: error });
  }
}
