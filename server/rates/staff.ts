/**
 * How many people hold a role in a school on a day: the denominator of links that a whole staffroom shares. Called by
 * `cells.ts`, for administrations with such links only.
 */
import type { Connection } from 'mongoose';
import { personAt } from '../../instruments/membership.ts';
import type { Role } from '../../instruments/study.ts';
import { isWithin, type Scope } from '../authority.ts';
import { listClusters, listPeople, listSchools } from '../rosters/store.ts';

export interface StaffCount {
  readonly school: string | null;
  readonly cluster: string | null;
  readonly arm: string;
  readonly role: Role;
  readonly n: number;
}

/** Everybody on the roster on that day, counted by where they stood then. */
export async function countStaff(db: Connection, study: string, asAt: string, scope: Scope): Promise<StaffCount[]> {
  const [people, clusters, schools] = await Promise.all([
    listPeople(db, study),
    listClusters(db, study),
    listSchools(db, study),
  ]);
  const clusterById = new Map(clusters.map((cluster) => [cluster.id, cluster]));
  const schoolById = new Map(schools.map((school) => [school.id, school]));
  const places = { cluster: (id: string) => clusterById.get(id), school: (id: string) => schoolById.get(id) };
  const counts = new Map<string, StaffCount>();
  for (const person of people) {
    const standing = personAt(person, asAt, places);
    if (!standing?.role || !isWithin(scope, standing)) continue;
    const { school, cluster, arm, role } = standing;
    const key = JSON.stringify([arm, cluster, school, role]);
    counts.set(key, { school, cluster, arm, role, n: (counts.get(key)?.n ?? 0) + 1 });
  }
  return [...counts.values()];
}
