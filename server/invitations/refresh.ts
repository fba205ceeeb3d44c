/**
 * Follows the roster after an administration was planned: links for staff who have come, a mark for those who have left
 * without an answer or stand outside the audience now, and none any more for those who are back. Counted beforehand, and done when somebody asks for it. Called by the routes of the link list.
 */
import type { Connection } from 'mongoose';
import type { Standing } from '../../instruments/membership.ts';
import type { Administration, Study } from '../../instruments/study.ts';
import { dayIn } from '../administrations/availability.ts';
import { currentAdministration } from '../administrations/current.ts';
import { getAdministration } from '../administrations/store.ts';
import type { Scope } from '../authority.ts';
import type { Context } from '../context.ts';
import { erasedAmong } from '../identities/store.ts';
import { Problem } from '../problems.ts';
import { respondedInvitations } from '../responses/store.ts';
import { withdrawnPeople } from '../rights/store.ts';
import { listPlacesAt, peopleThere, standingsOf, thereSince } from '../rosters/as-at.ts';
import type { Person } from '../rosters/store.ts';
import { getStudy } from '../studies/store.ts';
import { audienceDay, giveLinks, isWaitedFor, staffOf } from './audience.ts';
import { isInvited } from './invite.ts';
import { invitedAmong, listInvitations } from './lists.ts';
import { askAgain, markIneligible } from './standing.ts';
import type { IneligibleReason, Invitation } from './store.ts';

export interface RefreshedLinks {
  /** People of the audience who have no link. */
  readonly newLinks: number;
  /** People with a link and no answer who are not on the roster any more. */
  readonly left: number;
  /** People with a link and no answer whose role or arm is not asked any more. */
  readonly moved: number;
  /** People who were marked as ineligible before they came back into the audience. */
  readonly returned: number;
}

const nothingToDo: RefreshedLinks = { newLinks: 0, left: 0, moved: 0, returned: 0 };

/** What `refreshLinks` would do now, within a scope; nothing once the administration is closed. */
export async function countLinksToRefresh(
  context: Context,
  study: string,
  id: string,
  scope: Scope,
): Promise<RefreshedLinks> {
  const administration = await getAdministration(context.db, study, id);
  if (administration.state === 'closed') return nothingToDo;
  const { people, left, moved, returned } = await toRefresh(
    context,
    await getStudy(context.db, study),
    administration,
    scope,
  );
  return {
    newLinks: people.length,
    left: left.length,
    moved: moved.role.length + moved.arm.length,
    returned: returned.length,
  };
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
  const { people, left, moved, returned } = await toRefresh(context, study, administration, scope);
  const place = { study: studyId, administration: id };
  const newLinks = await giveLinks(context, administration, people);
  const mark = (links: readonly string[], reason: IneligibleReason) =>
    markIneligible(context.db, place, links, { on: today, reason });
  return {
    newLinks,
    left: await mark(left, 'left-school'),
    moved: (await mark(moved.role, 'wrong-role')) + (await mark(moved.arm, 'other')),
    returned: await askAgain(context.db, place, returned),
  };
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
  const waited = links.invitations.flatMap((link) => (isWaitedFor(link, responded) ? [link] : []));
  const day = audienceDay(administration, dayIn(study.timeZone, context.clock()));
  const people = waited.map(({ person }) => person);
  const [there, { places }] = await Promise.all([
    peopleThere(db, study.id, day, people),
    listPlacesAt(db, study.id, day, scope),
  ]);
  // Whoever stands in a school of somebody else's clusters now is theirs to see to.
  const standings = await standingsOf(db, study.id, day, { places, ids: people });
  const { arms, roles } = administration.audience;
  const inRole = ({ role }: Standing) => role !== null && roles.includes(role);
  const out = waited.flatMap((link) => {
    const standing = standings.get(link.person);
    return standing && !(inRole(standing) && arms.includes(standing.arm)) ? [{ link, standing }] : [];
  });
  const returned = await backAgain(db, study.id, links.invitations, { asked, day });
  const uninvited = asked.filter(({ id }) => !known.has(id) && !withdrawn.has(id));
  // Who was erased is not asked again, whatever the roster says of the pseudonym.
  const back = new Map(links.invitations.map(({ _id, person }) => [_id, person ?? '']));
  const erased = await erasedAmong(db, study.id, [
    ...idsOf(uninvited),
    ...returned.map((link) => back.get(link) ?? ''),
  ]);
  return {
    people: uninvited.filter(({ id }) => !erased.has(id)),
    left: waited.filter(({ person }) => !there.has(person)).map(({ _id }) => _id),
    moved: {
      role: out.filter(({ standing }) => !inRole(standing)).map(({ link }) => link._id),
      arm: out.filter(({ standing }) => inRole(standing)).map(({ link }) => link._id),
    },
    returned: returned.filter((link) => !erased.has(back.get(link) ?? '')),
  };
}

/**
 * Links that were marked as ineligible before their people came back into the audience. A mark of somebody who has been
 * there all the time was made by hand, and stays.
 */
async function backAgain(
  db: Connection,
  study: string,
  links: readonly Invitation[],
  { asked, day }: { asked: readonly Person[]; day: string },
): Promise<string[]> {
  const inAudience = new Set(idsOf(asked));
  const marked = links.filter(
    ({ person, state, standing }) =>
      standing === 'ineligible' && state === 'open' && person !== null && inAudience.has(person),
  );
  const people = marked.flatMap(({ person }) => person ?? []);
  const since = await thereSince(db, study, day, people);
  return marked
    .filter(({ person, standingSince }) => {
      const from = since.get(person ?? '') ?? null;
      return from !== null && standingSince !== undefined && from >= standingSince;
    })
    .map(({ _id }) => _id);
}

const idsOf = (people: readonly { readonly id: string }[]) => people.map(({ id }) => id);
