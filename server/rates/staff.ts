/**
 * How many people hold a role in a school on a day: the denominator of links that a whole staffroom shares. Called by
 * `cells.ts`, for administrations with such links only.
 */
import type { Connection } from 'mongoose';
import type { Role } from '../../instruments/study.ts';
import type { Scope } from '../authority.ts';
import { listLinksOf } from '../invitations/lists.ts';
import { listPlacesAt, peopleWithin, streamPeopleAt } from '../rosters/as-at.ts';

interface StaffPlace {
  readonly school: string | null;
  readonly cluster: string | null;
  readonly arm: string;
  readonly role: Role;
}

export interface StaffCount extends StaffPlace {
  readonly n: number;
  readonly others: number;
}

/**
 * Everybody on the roster on that day, counted by where they stood then.
 * @param administration `others` are those who have no link of their own to it
 */
export async function countStaff(
  db: Connection,
  study: string,
  asAt: string,
  scope: Scope,
  administration: string,
): Promise<StaffCount[]> {
  const found = await listPlacesAt(db, study, asAt, scope);
  const counts = new Map<string, StaffPlace & { readonly people: string[] }>();
  for await (const standing of streamPeopleAt(db, study, asAt, found.places, peopleWithin(asAt, found, scope))) {
    const { id, school, cluster, arm, role } = standing;
    const key = JSON.stringify([arm, cluster, school, role]);
    const known = counts.get(key) ?? { school, cluster, arm, role, people: [] };
    known.people.push(id);
    counts.set(key, known);
  }
  const everybody = [...counts.values()].flatMap(({ people }) => people);
  const linked = new Set((await listLinksOf(db, { study, id: administration }, everybody)).map(({ person }) => person));
  return [...counts.values()].map(({ people, ...place }) => {
    const others = people.filter((person) => !linked.has(person)).length;
    return { ...place, n: people.length, others };
  });
}
