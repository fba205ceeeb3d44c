/**
 * Adds simulated responses to an administration of a simulated study: for links that are open first, then for
 * respondents of their own in the study's schools. Called by `fidelis simulate`.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { randomOf } from '../../instruments/random.ts';
import { nestedTrait, simulateAnswers } from '../../instruments/simulate.ts';
import { roles } from '../../instruments/study.ts';
import type { Context } from '../context.ts';
import { retryWhileUnavailable } from '../database/errors.ts';
import { loadDataset } from '../datasets/dataset.ts';
import { listInvitations } from '../invitations/lists.ts';
import type { Invitation } from '../invitations/store.ts';
import { Problem } from '../problems.ts';
import { listSchools } from '../rosters/store.ts';
import { anonymousDay } from './anonymous.ts';
import { placeKeeper } from './anonymous-places.ts';
import { storedSimulation } from './simulated.ts';
import { insertResponsesBulk, respondedInvitations } from './store.ts';

export interface SimulationRequest {
  readonly study: string;
  readonly administration: string;
  readonly responses: number;
  readonly seed: number;
  readonly onProgress?: (progress: { done: number; total: number }) => void;
}

const shares = { cluster: 0.05, school: 0.14 };
const batchSize = 500;

/**
 * The same seed again adds nothing. Throws `not-found`, and `state-not-allowed` for a study that is not simulated:
 * made-up answers never mix with real ones.
 */
export async function simulateResponses(
  context: Context,
  request: SimulationRequest,
): Promise<{ created: number; unchanged: number }> {
  const { seed, responses: total } = request;
  const { study, administration, compiled } = await loadDataset(context, request.study, request.administration);
  if (!study.simulated) {
    throw new Problem('state-not-allowed', {
      detail: `"${study.id}" is a real study; answers are simulated only in studies that are marked as simulated.`,
    });
  }
  const random = randomOf(`${study.id}/${administration.id}/${seed}`);
  const open = await openInvitations(context, study.id, administration.id);
  const places = await respondentPlaces(context, study.id, administration.audience);
  const kept = await placeKeeper(context, administration, study);
  const now = context.clock();
  const receivedAt = administration.mode === 'anonymous' ? anonymousDay(administration) : now;
  let created = 0;
  for (let done = 0; done < total; ) {
    const count = Math.min(batchSize, total - done);
    const batch = Array.from({ length: count }, (_, offset) => {
      const number = done + offset;
      const invited = administration.mode === 'confidential' ? open[number] : undefined;
      const invitation = invited ?? alone(places, study.id, administration.id, number);
      const own = random.fork(`respondent ${number}`);
      const person = invitation.person ?? `simulated-${seed}-${number}`;
      const place = { cluster: invitation.cluster, school: invitation.school, person };
      const traits = Object.fromEntries(
        compiled.instrument.scales.map(({ id }) => [id, nestedTrait(random, shares, place, id)]),
      );
      const simulated = simulateAnswers(compiled, { random: own, traits, missing: 0.03 });
      const made = { key: `simulated|${seed}|${number}`, receivedAt, alone: !invited, place: kept(invitation) };
      return storedSimulation(administration, compiled, invitation, simulated, made);
    });
    created += await retryWhileUnavailable(() => insertResponsesBulk(context.db, batch), { forMs: 30_000 });
    done += count;
    request.onProgress?.({ done, total });
    await turn();
  }
  return { created, unchanged: total - created };
}

async function openInvitations(context: Context, study: string, administration: string): Promise<Invitation[]> {
  const { invitations } = await listInvitations(context.db, study, administration, { state: 'open' });
  const responded = await respondedInvitations(context.db, study, administration, null);
  return invitations.filter(({ _id }) => !responded.has(_id));
}

type RespondentPlace = Pick<Invitation, 'school' | 'cluster' | 'arm'> & { readonly role: Invitation['role'] };

/** Every school and role that the administration is for; arms without schools count as a place each. */
async function respondentPlaces(
  context: Context,
  study: string,
  audience: { readonly arms: readonly string[]; readonly roles: readonly Invitation['role'][] },
): Promise<RespondentPlace[]> {
  const schools = (await listSchools(context.db, study)).filter(({ arm }) => audience.arms.includes(arm));
  const own = audience.roles.length > 0 ? audience.roles : roles;
  const where = [
    ...schools.map(({ id, cluster, arm }) => ({ school: id, cluster, arm })),
    ...(schools.length > 0 ? [] : audience.arms.map((arm) => ({ school: null, cluster: null, arm }))),
  ];
  return own.flatMap((role) => where.map((place) => ({ ...place, role })));
}

/** A respondent who stands for nobody in the roster. */
function alone(places: readonly RespondentPlace[], study: string, administration: string, number: number): Invitation {
  const place = places[number % places.length];
  if (!place)
    throw new Problem('state-not-allowed', { detail: 'The administration is for nobody: its audience has no arm.' });
  return {
    _id: '',
    study,
    administration,
    person: null,
    ...place,
    serial: 1,
    tokenHash: '',
    state: 'open',
    openedAt: null,
    claim: null,
  };
}
