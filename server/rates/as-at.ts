/**
 * Personal links as at a day: a link keeps the place that it was made for, and a table as at a day counts its person where
 * the roster has them on that day, and not at all where it has them nowhere. Called by `cells.ts`.
 */
import type { Connection } from 'mongoose';
import type { Administration } from '../../instruments/study.ts';
import { listPersonalLinks, type PersonalLink } from '../invitations/lists.ts';
import { answeredInvitations } from '../responses/counts.ts';
import { respondedInvitations } from '../responses/store.ts';
import { listPlacesAt, streamPeopleAt } from '../rosters/as-at.ts';
import type { Place } from './cells.ts';

export interface MovedLink {
  readonly link: PersonalLink;
  /** Null: not on the roster that day. */
  readonly to: Place | null;
  /** Of a confidential administration what came through it; an anonymous one tells no more than that it was used. */
  readonly came: 'complete' | 'partial' | null;
}

/** The links of people who do not stand where their link says. Everybody on the roster is read, one by one. */
export async function listMovedLinks(
  db: Connection,
  { study, id }: Pick<Administration, 'study' | 'id'>,
  asAt: string,
): Promise<MovedLink[]> {
  const links = new Map((await listPersonalLinks(db, study, id)).map((link) => [link.person, link]));
  const moved: { link: PersonalLink; to: Place | null }[] = [];
  const { places } = await listPlacesAt(db, study, asAt);
  for await (const { id: person, arm, cluster, school, role } of streamPeopleAt(db, study, asAt, places)) {
    const link = links.get(person);
    links.delete(person);
    if (!link) continue;
    const same = link.arm === arm && link.cluster === cluster && link.school === school && link.role === role;
    if (!same) moved.push({ link, to: { arm, cluster, school, role } });
  }
  moved.push(...[...links.values()].map((link) => ({ link, to: null })));
  const ids = moved.map(({ link }) => link._id);
  const [complete, any] = await Promise.all([
    respondedInvitations(db, study, id, ids),
    answeredInvitations(db, { study, administration: id }, ids),
  ]);
  const cameBy = (link: string) => (complete.has(link) ? 'complete' : any.has(link) ? 'partial' : null);
  return moved.map((one) => ({ ...one, came: cameBy(one.link._id) }));
}
