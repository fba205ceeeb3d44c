/**
 * The members of a study as allocated or as at a day: the same plain shapes with the place of that day at the top, without
 * those who were not there. Called by the roster's lists, by exports and by response rates.
 */
import type { Connection } from 'mongoose';
import {
  type AsAt,
  asAllocated,
  isClusterThere,
  type Places,
  personAt,
  type Standing,
  schoolAt,
} from '../../instruments/membership.ts';
import type { Cluster, School } from '../../instruments/study.ts';
import { bare, clusters, type Person, people, schools } from './models.ts';

export interface MembersAt {
  readonly clusters: readonly Cluster[];
  readonly schools: readonly School[];
  readonly people: readonly Person[];
}

/** Everybody and everything that belongs to the study then; 30,000 people are held at once. */
export async function listMembersAt(db: Connection, study: string, asAt: AsAt): Promise<MembersAt> {
  const { clusters, schools, places } = await listPlacesAt(db, study, asAt);
  const found: Person[] = [];
  for await (const person of streamPeopleAt(db, study, asAt, places)) found.push(person);
  return { clusters, schools, people: found };
}

/** Clusters and schools alone, and where to look any of them up, also those that are not there then. */
export async function listPlacesAt(db: Connection, study: string, asAt: AsAt) {
  const [allClusters, allSchools] = await Promise.all([
    clusters(db).find({ study }, bare).sort({ id: 1 }).lean<Cluster[]>(),
    schools(db).find({ study }, bare).sort({ id: 1 }).lean<School[]>(),
  ]);
  const clusterById = new Map(allClusters.map((cluster) => [cluster.id, cluster]));
  const schoolById = new Map(allSchools.map((school) => [school.id, school]));
  const places: Places = { cluster: (id) => clusterById.get(id), school: (id) => schoolById.get(id) };
  return {
    places,
    clusters: allClusters.filter((cluster) => isClusterThere(cluster, asAt)),
    schools: allSchools.flatMap((school) => {
      const standing = schoolAt(school, asAt, places);
      return standing ? [{ ...school, cluster: standing.cluster, arm: standing.arm }] : [];
    }),
  };
}

/** People one by one, ordered by id, as they stand then. */
export async function* streamPeopleAt(
  db: Connection,
  study: string,
  asAt: AsAt,
  places: Places,
): AsyncGenerator<Person, void, undefined> {
  for await (const person of people(db).find({ study }, bare).sort({ id: 1 }).lean<Person>().cursor()) {
    const standing = personAt(person, asAt, places);
    if (standing) yield { ...person, ...placed(standing, person) };
  }
}

function placed({ school, cluster, arm, role }: Standing, person: Person) {
  return { school, cluster, arm, role: role ?? person.role };
}

/**
 * Where each of these people stands then; whoever was not there is not in the answer. For looking up the people of a batch
 * of responses.
 */
export async function standingsOf(
  db: Connection,
  study: string,
  asAt: AsAt,
  { places, ids }: { places: Places; ids: readonly string[] },
): Promise<Map<string, Standing>> {
  const found = await people(db)
    .find({ study, id: { $in: [...ids] } }, bare)
    .lean<Person[]>();
  return new Map(
    found.flatMap((person) => {
      const standing = personAt(person, asAt, places);
      return standing ? [[person.id, standing] as const] : [];
    }),
  );
}

/** Parts of a query for people whose spell of that day is as `place` says; the school and cluster are looked up before. */
export function peopleQuery(asAt: AsAt, place: object): object {
  if (asAt === asAllocated) return place;
  const spell = {
    $and: [{ $or: [{ from: null }, { from: { $lte: asAt } }] }, { $or: [{ to: null }, { to: { $gte: asAt } }] }, place],
  };
  return { $or: [{ spells: { $exists: false }, ...place }, { spells: { $elemMatch: spell } }] };
}
