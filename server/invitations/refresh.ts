/**
 * Follows the roster after an administration was planned: links for staff who have come, and a mark for those who have left
 * without an answer. Counted beforehand, and done when somebody asks for it. Called by the routes of the link list.
 */
import type { Administration, Study } from '../../instruments/study.ts';
import { dayIn } from '../administrations/availability.ts';
import { currentAdministration } from '../administrations/current.ts';
import { getAdministration } from '../administrations/store.ts';
import type { Scope } from '../authority.ts';
import type { Context } from '../context.ts';
import { Problem } from '../problems.ts';
import { respondedInvitations } from '../responses/store.ts';
import { withdrawnPeople } from '../rights/store.ts';
import { peopleThere } from '../rosters/as-at.ts';
import { getStudy } from '../studies/store.ts';
import { audienceDay, giveLinks, isWaitedFor, staffOf } from './audience.ts';
import { isInvited } from './invite.ts';
import { invitedAmong, listInvitations } from './lists.ts';
import { markLeft } from './standing.ts';

export interface RefreshedLinks {
  /** People of the audience who have no link. */
  readonly newLinks: number;
  /** People with a link and no answer who are not on the roster any more. */
  readonly left: number;
}

/** What `refreshLinks` would do now, within a scope; nothing once the administration is closed. */
export async function countLinksToRefresh(
  context: Context,
  study: string,
  id: string,
  scope: Scope,
): Promise<RefreshedLinks> {
  const administration = await getAdministration(context.db, study, id);
  if (administration.state === 'closed') return { newLinks: 0, left: 0 };
  const { people, links } = await toRefresh(context, await getStudy(context.db, study), administration, scope);
  return { newLinks: people.length, left: links.length };
}

/** Safe to repeat: what was done already is not done again. Throws `state-not-allowed` once the administration is closed. */
export async function refreshLinks(
  context: Context,
  studyId: string,
  id: string,
  scope: Scope,
): Promise<RefreshedLinks> {
  const { study, administration, today } = await currentAdministration(context, studyId, id);
  if (administration.state === 'closed') {
    throw new Problem('state-not-allowed', { detail: 'The administration is closed. Reopen it first.' });
  }
  const { people, links } = await toRefresh(context, study, administration, scope);
  const place = { study: studyId, administration: id };
  const newLinks = await giveLinks(context, administration, people);
  return { newLinks, left: await markLeft(context.db, place, links, today) };
}

/** Those who have come count where they stand now, those who have left where their link says; nobody else is read. */
async function toRefresh(context: Context, study: Study, administration: Administration, scope: Scope) {
  const { db } = context;
  const asked = (await staffOf(context, study, administration, scope)).filter((one) => isInvited(administration, one));
  const [links, known, withdrawn] = await Promise.all([
    listInvitations(db, study.id, administration.id, {}, undefined, scope),
    invitedAmong(db, administration, idsOf(asked)),
    withdrawnPeople(db, study.id, idsOf(asked)),
  ]);
  const ofLinks = links.invitations.map(({ _id }) => _id);
  const responded = await respondedInvitations(db, study.id, administration.id, ofLinks);
  const waited = links.invitations.filter((link) => isWaitedFor(link, responded));
  const day = audienceDay(administration, dayIn(study.timeZone, context.clock()));
  const people = waited.flatMap(({ person }) => person ?? []);
  const there = await peopleThere(db, study.id, day, people);
  return {
    people: asked.filter(({ id }) => !known.has(id) && !withdrawn.has(id)),
    links: waited.filter(({ person }) => person !== null && !there.has(person)).map(({ _id }) => _id),
  };
}

const idsOf = (people: readonly { readonly id: string }[]) => people.map(({ id }) => id);
