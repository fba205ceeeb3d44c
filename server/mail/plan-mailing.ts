/**
 * Plans a mailing and the reminders after it, and says beforehand whom it would reach. Called by the routes.
 */
import { randomUUID } from 'node:crypto';
import type { Administration, Study } from '../../instruments/study.ts';
import { availabilityOf } from '../administrations/availability.ts';
import type { Context } from '../context.ts';
import { peopleWithEmail } from '../identities/store.ts';
import { countNotAsked, listOpenInvitations } from '../invitations/lists.ts';
import { knownKeys } from '../outbox/store.ts';
import { Problem } from '../problems.ts';
import { respondedInvitations } from '../responses/store.ts';
import { insertMailings, invitationKey, type Mailing, type Whom } from './mailings.ts';
import { stoppedPeople } from './stops.ts';
import { instantOf, localTime } from './wall-clock.ts';
import type { TemplateKind } from './words.ts';

export interface Reach {
  /** Open personal links that fit. */
  readonly links: number;
  readonly responded: number;
  readonly withoutAddress: number;
  readonly optedOut: number;
  readonly bounced: number;
  /** Chose not to take part; beside the open links. */
  readonly declined: number;
  readonly ineligible: number;
  /** Who can be written to now. */
  readonly reached: number;
  /** Of them, those for whom an invitation has been made already: they get no second one. */
  readonly invitedBefore: number;
}

const batchSize = 1000;

/** Whom a mailing would reach if it went out now. */
export async function reachOf(context: Context, { study, id }: Administration, whom: Whom): Promise<Reach> {
  const { db } = context;
  const count = { links: 0, responded: 0, withoutAddress: 0, optedOut: 0, bounced: 0, reached: 0, invitedBefore: 0 };
  let after: string | null = null;
  for (;;) {
    const batch = await listOpenInvitations(db, { study, administration: id, whom: { ...whom } }, after, batchSize);
    const last = batch.at(-1);
    if (!last) return { ...count, ...(await countNotAsked(db, { study, administration: id, whom: { ...whom } })) };
    after = last._id;
    const ids = batch.map(({ _id }) => _id);
    const people = batch.flatMap(({ person }) => (person === null ? [] : [person]));
    const [responded, reachable, stopped, written] = await Promise.all([
      respondedInvitations(db, study, id, ids),
      peopleWithEmail(db, study, people),
      stoppedPeople(db, study, people),
      knownKeys(db, batch.map(invitationKey)),
    ]);
    for (const invitation of batch) {
      const { _id, person } = invitation;
      count.links += 1;
      const stop = stopped.get(person ?? '');
      if (responded.has(_id)) count.responded += 1;
      else if (!reachable.has(person ?? '')) count.withoutAddress += 1;
      else if (stop === 'opted-out') count.optedOut += 1;
      else if (stop === 'bounced') count.bounced += 1;
      else {
        count.reached += 1;
        if (written.has(invitationKey(invitation))) count.invitedBefore += 1;
      }
    }
  }
}

export interface Plan {
  readonly kind: TemplateKind;
  readonly whom: Whom;
  /** A time on the clock of the study's time zone; null: now. */
  readonly at: string | null;
  /** Reminders, so many days after, at the same time of day. */
  readonly remindAfter: readonly number[];
}

/** Stores the mailings of a plan. Throws `invalid-request` for a time at which nobody could answer. */
export async function planMailing(
  context: Context,
  study: Study,
  administration: Administration,
  plan: Plan,
  by: string,
): Promise<Mailing[]> {
  const now = context.clock();
  if (plan.at === null && availabilityOf(administration, study, now) !== 'open') {
    throw new Problem('state-not-allowed', {
      detail: 'Messages go out while an administration is open. Open it first, or choose a later time.',
    });
  }
  const start = plan.at ?? localTime(study.timeZone, now);
  const times = [0, ...plan.remindAfter].map((days) => laterBy(start, days));
  const issues = times.flatMap((local, at) => {
    const path = at === 0 ? 'body.at' : `body.remindAfter.${at - 1}`;
    const day = local.slice(0, 10);
    if (day > administration.closes) {
      return [{ code: 'after-closing', path, message: `The last day for answers is ${administration.closes}.` }];
    }
    if (day < administration.opens) {
      return [{ code: 'before-opening', path, message: `Answers are taken from ${administration.opens} on.` }];
    }
    return at === 0 && plan.at !== null && instantOf(study.timeZone, local) < now
      ? [{ code: 'past', path, message: 'This time has passed. Choose a later one, or send now.' }]
      : [];
  });
  if (issues.length > 0) throw new Problem('invalid-request', { issues });
  const planned = times.map((local, at): Mailing => {
    const kind = at === 0 ? plan.kind : 'reminder';
    return {
      _id: randomUUID(),
      study: study.id,
      administration: administration.id,
      kind,
      whom: plan.whom,
      sendAt: at === 0 && plan.at === null ? now : instantOf(study.timeZone, local),
      state: 'planned',
      createdAt: now,
      createdBy: by,
      queued: null,
      leaseUntil: null,
    };
  });
  await insertMailings(context.db, planned);
  return planned;
}

function laterBy(local: string, days: number): string {
  const day = new Date(`${local.slice(0, 10)}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + days);
  return `${day.toISOString().slice(0, 10)}${local.slice(10)}`;
}
