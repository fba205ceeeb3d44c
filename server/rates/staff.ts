/**
 * How many people hold a role in a school on a day: the denominator of links that a whole staffroom shares. Called by
 * `cells.ts`, for administrations with such links only.
 */
import type { Connection } from 'mongoose';
import type { Role } from '../../instruments/study.ts';
import type { Scope } from '../authority.ts';
import { listPlacesAt, peopleWithin, streamPeopleAt } from '../rosters/as-at.ts';

export interface StaffCount {
  readonly school: string | null;
  readonly cluster: string | null;
  readonly arm: string;
  readonly role: Role;
  readonly n: number;
}

/** Everybody on the roster on that day, counted by where they stood then. */
export async function countStaff(db: Connection, study: string, asAt: string, scope: Scope): Promise<StaffCount[]> {
  const found = await listPlacesAt(db, study, asAt, scope);
  const counts = new Map<string, StaffCount>();
  for await (const standing of streamPeopleAt(db, study, asAt, found.places, peopleWithin(asAt, found, scope))) {
    const { school, cluster, arm, role } = standing;
    const key = JSON.stringify([arm, cluster, school, role]);
    counts.set(key, { school, cluster, arm, role, n: (counts.get(key)?.n ?? 0) + 1 });
  }
  return [...counts.values()];
}
