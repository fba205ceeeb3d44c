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
  personSpells,
  type Standing,
  schoolAt,
  schoolSpells,
  spellAt,
} from '../../instruments/membership.ts';
import type { Cluster, School } from '../../instruments/study.ts';
import type { Scope } from '../authority.ts';
import { bare, clusters, type Person, people, schools } from './models.ts';

export interface MembersAt {
  readonly clusters: readonly Cluster[];
  readonly schools: readonly School[];
  readonly people: readonly Person[];
}

/** Everybody and everything that belongs to the study then, within a scope; 30,000 people are held at once. */
export async function listMembersAt(
  db: Connection,
  study: string,
  asAt: AsAt,
  scope: Scope = 'all',
): Promise<MembersAt> {
  const { clusters, schools, places } = await listPlacesAt(db, study, asAt, scope);
  const found: Person[] = [];
  const within = peopleWithin(asAt, { clusters, schools }, scope);
  for await (const person of streamPeopleAt(db, study, asAt, places, within)) found.push(person);
  return { clusters, schools, people: found };
}

/** Which of these people belong to the study on that day, wherever they stand. */
export async function peopleThere(
  db: Connection,
  study: string,
  asAt: AsAt,
  ids: readonly string[],
): Promise<Set<string>> {
  const found = await people(db)
    .find({ study, id: { $in: [...ids] }, $and: [membersQuery(asAt, {})] }, { _id: 0, id: 1 })
    .lean<{ id: string }[]>();
  return new Set(found.map(({ id }) => id));
}

/**
 * Clusters and schools alone, and where to look any of them up, also those that are not there then. Within a scope no
 * others are read: the schools that it names and those of its clusters on that day; looked up besides are the clusters
 * that these schools are in then.
 */
export async function listPlacesAt(db: Connection, study: string, asAt: AsAt, scope: Scope = 'all') {
  const ofScope =
    scope === 'all'
      ? {}
      : {
          $or: [{ id: { $in: [...scope.schools] } }, membersQuery(asAt, { cluster: { $in: [...scope.clusters] } })],
        };
  const allSchools = await schools(db)
    .find({ study, ...ofScope }, bare)
    .sort({ id: 1 })
    .lean<School[]>();
  const named = scope === 'all' ? null : new Set(scope.clusters);
  const needed = named && {
    id: { $in: [...named, ...allSchools.map((school) => clusterThen(school, asAt))] },
  };
  const allClusters = await clusters(db)
    .find({ study, ...needed }, bare)
    .sort({ id: 1 })
    .lean<Cluster[]>();
  const clusterById = new Map(allClusters.map((cluster) => [cluster.id, cluster]));
  const schoolById = new Map(allSchools.map((school) => [school.id, school]));
  const places: Places = { cluster: (id) => clusterById.get(id), school: (id) => schoolById.get(id) };
  return {
    places,
    clusters: allClusters.filter((cluster) => (named?.has(cluster.id) ?? true) && isClusterThere(cluster, asAt)),
    schools: allSchools.flatMap((school) => {
      const standing = schoolAt(school, asAt, places);
      return standing ? [{ ...school, cluster: standing.cluster, arm: standing.arm }] : [];
    }),
  };
}

const clusterThen = (school: School, asAt: AsAt) =>
  asAt === asAllocated ? school.cluster : (spellAt(schoolSpells(school), asAt)?.cluster ?? null);

/** People one by one, ordered by id, as they stand then. */
export async function* streamPeopleAt(
  db: Connection,
  study: string,
  asAt: AsAt,
  places: Places,
  within: object = {},
): AsyncGenerator<Person, void, undefined> {
  for await (const person of people(db)
    .find({ study, ...within }, bare)
    .sort({ id: 1 })
    .lean<Person>()
    .cursor()) {
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

/** Since which day each of these people stands where they stand then; null: from the beginning. */
export async function thereSince(
  db: Connection,
  study: string,
  day: string,
  ids: readonly string[],
): Promise<Map<string, string | null>> {
  const found = await people(db)
    .find({ study, id: { $in: [...ids] } }, bare)
    .lean<Person[]>();
  return new Map(
    found.flatMap((person) => {
      const spell = spellAt(personSpells(person), day);
      return spell ? [[person.id, spell.from] as const] : [];
    }),
  );
}

/** People within a scope, of the places that `listPlacesAt` has found within it. */
export function peopleWithin(
  asAt: AsAt,
  { clusters, schools }: Pick<MembersAt, 'clusters' | 'schools'>,
  scope: Scope,
): { $or?: object[] } {
  if (scope === 'all') return {};
  return {
    $or: [
      membersQuery(asAt, { school: { $in: schools.map(({ id }) => id) } }),
      membersQuery(asAt, { school: null, cluster: { $in: clusters.map(({ id }) => id) } }),
    ],
  };
}

interface MemberPlace {
  readonly arm?: string;
  readonly [condition: string]: unknown;
}

/** Parts of a query for people or schools whose spell of that day is as `place` says. The arm is no part of a spell. */
export function membersQuery(asAt: AsAt, { arm, ...place }: MemberPlace): object {
  const ofArm = arm === undefined ? {} : { arm };
  if (asAt === asAllocated) return { ...ofArm, ...place };
  // Null is neither above nor below a day. An $or in here would be emptied by mongoose, which knows no path in a spell.
  const spell = { from: { $not: { $gt: asAt } }, to: { $not: { $lt: asAt } }, ...place };
  return { ...ofArm, $or: [{ spells: { $exists: false }, ...place }, { spells: { $elemMatch: spell } }] };
}

/** People with spells, that is those who came, moved or left: for telling who had left when something was sent. */
export async function listDatedPeople(db: Connection, study: string, scope: Scope = 'all'): Promise<Person[]> {
  const within = scope === 'all' ? {} : { cluster: { $in: [...scope.clusters] } };
  return people(db)
    .find({ study, spells: { $exists: true }, ...within }, bare)
    .sort({ id: 1 })
    .lean<Person[]>();
}

/** Everybody who stood in these places on some day, with their spells, for telling who could have taken part then. */
export async function listPeopleWithin(
  db: Connection,
  study: string,
  { clusters: named, schools: known }: Pick<MembersAt, 'clusters' | 'schools'>,
  scope: Scope,
): Promise<Person[]> {
  const within = [{ school: { $in: known.map(({ id }) => id) } }, { cluster: { $in: named.map(({ id }) => id) } }];
  const spells = within.map((place) => ({ spells: { $elemMatch: place } }));
  return people(db)
    .find({ study, ...(scope === 'all' ? {} : { $or: [...within, ...spells] }) }, bare)
    .sort({ id: 1 })
    .lean<Person[]>();
}

/** What changes whenever somebody is added to a roster or changed in it. */
export async function peopleMark(db: Connection, study: string): Promise<{ people: number; changes: number }> {
  const [found] = await people(db).aggregate<{ people: number; changes: number }>([
    { $match: { study } },
    { $group: { _id: null, people: { $sum: 1 }, changes: { $sum: '$revision' } } },
    { $project: { _id: 0 } },
  ]);
  return found ?? { people: 0, changes: 0 };
}
