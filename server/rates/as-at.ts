/**
 * Personal links as at a day: a link keeps the place that it was made for, and a table as at a day counts its person where
 * the roster has them on that day, and not at all where it has them nowhere. Called by `cells.ts`.
 */
import type { Connection } from 'mongoose';
import type { Administration } from '../../instruments/study.ts';
import type { Scope } from '../authority.ts';
import { type LinkAlone, listLinksOf, listPersonalLinks } from '../invitations/lists.ts';
import { answeredInvitations } from '../responses/counts.ts';
import { respondedInvitations } from '../responses/store.ts';
import { listPlacesAt, peopleWithin, streamPeopleAt } from '../rosters/as-at.ts';
import type { Place } from './cells.ts';

export interface MovedLink {
  readonly link: LinkAlone;
  /** Where it was made for; null: outside the scope. */
  readonly from: Place | null;
  /** Null: not on the roster of the scope that day. */
  readonly to: Place | null;
  /** Of a confidential administration what came through it; an anonymous one tells no more than that it was used. */
  readonly came: 'complete' | 'partial' | null;
}

/**
 * The links of people who do not stand where their link says. Everybody on the roster within the scope is read, one by one; of
 * those who came into it from elsewhere nothing is read of where they were.
 */
export async function listMovedLinks(
  db: Connection,
  { study, id }: Pick<Administration, 'study' | 'id'>,
  asAt: string,
  scope: Scope,
): Promise<MovedLink[]> {
  const links = new Map((await listPersonalLinks(db, study, id, scope)).map((link) => [link.person, link]));
  const moved: Omit<MovedLink, 'came'>[] = [];
  const strangers = new Map<string, Place>();
  const found = await listPlacesAt(db, study, asAt, scope);
  const within = peopleWithin(asAt, found, scope);
  for await (const { id: person, arm, cluster, school, role } of streamPeopleAt(
    db,
    study,
    asAt,
    found.places,
    within,
  )) {
    const link = links.get(person);
    links.delete(person);
    if (!link) {
      if (scope !== 'all') strangers.set(person, { arm, cluster, school, role });
      continue;
    }
    const same = link.arm === arm && link.cluster === cluster && link.school === school && link.role === role;
    if (!same) moved.push({ link, from: link, to: { arm, cluster, school, role } });
  }
  moved.push(...[...links.values()].map((link) => ({ link, from: link, to: null })));
  for (const link of await listLinksOf(db, { study, id }, [...strangers.keys()])) {
    moved.push({ link, from: null, to: strangers.get(link.person) ?? null });
  }
  const ids = moved.map(({ link }) => link._id);
  const [complete, any] = await Promise.all([
    respondedInvitations(db, study, id, ids),
    answeredInvitations(db, { study, administration: id }, ids),
  ]);
  const cameBy = (link: string) => (complete.has(link) ? 'complete' : any.has(link) ? 'partial' : null);
  return moved.map((one) => ({ ...one, came: cameBy(one.link._id) }));
}
