/** Clusters, schools and people of a study, whole lists of them: written when a study is made, read as allocated. */
import type { Connection } from 'mongoose';
import type { Cluster, Role, School } from '../../instruments/study.ts';
import { type Scope, withinScope } from '../authority.ts';
import { bare, clusters, type Person, people, schools } from './models.ts';

export type { Person } from './models.ts';

/** Stores new members of a study. Throws `already-exists` when an id is taken. */
export async function insertClusters(db: Connection, study: string, members: readonly Cluster[]): Promise<void> {
  await clusters(db).insertMany(members.map((cluster) => ({ ...cluster, study })));
}

export async function insertSchools(db: Connection, study: string, members: readonly School[]): Promise<void> {
  await schools(db).insertMany(members.map((school) => ({ ...school, study })));
}

export async function insertPeople(db: Connection, study: string, members: readonly Person[]): Promise<void> {
  await people(db).insertMany(
    members.map((person) => ({ ...person, study })),
    { lean: true },
  );
}

/** Clusters within a scope: those that it names, and those of the schools that it names. */
export async function listClusters(db: Connection, study: string, scope: Scope = 'all'): Promise<Cluster[]> {
  const within = scope === 'all' ? {} : { id: { $in: [...scope.clusters, ...(await clustersOf(db, study, scope))] } };
  return clusters(db)
    .find({ study, ...within }, bare)
    .sort({ id: 1 })
    .lean<Cluster[]>();
}

async function clustersOf(db: Connection, study: string, { schools: named }: Exclude<Scope, 'all'>): Promise<string[]> {
  const found = await schools(db).distinct('cluster', { study, id: { $in: [...named] } });
  return found.filter((cluster) => cluster !== null);
}

/** Schools within a scope: those that it names, and those of the clusters that it names. */
export async function listSchools(db: Connection, study: string, scope: Scope = 'all'): Promise<School[]> {
  // Where a school has been before, or goes to, may lie outside.
  const shown = scope === 'all' ? bare : { ...bare, spells: 0 };
  return schools(db)
    .find({ study, ...schoolsWithin(scope) }, shown)
    .sort({ id: 1 })
    .lean<School[]>();
}

function schoolsWithin(scope: Scope): { $or?: object[] } {
  if (scope === 'all') return {};
  return { $or: [{ cluster: { $in: [...scope.clusters] } }, { id: { $in: [...scope.schools] } }] };
}

/** Null also for a school that is there and not within the scope. */
export async function findSchool(
  db: Connection,
  study: string,
  id: string,
  scope: Scope = 'all',
): Promise<School | null> {
  return schools(db)
    .findOne({ study, $and: [{ id }, schoolsWithin(scope)] }, bare)
    .lean<School>();
}

/** Names of these schools by id: of those that stand in something that was read within a scope. */
export async function schoolNames(
  db: Connection,
  study: string,
  ids: Iterable<string | null>,
): Promise<Map<string, string>> {
  const wanted = [...new Set(ids)].filter((id) => id !== null);
  const found = await schools(db)
    .find({ study, id: { $in: wanted } }, { _id: 0, id: 1, name: 1 })
    .lean<Pick<School, 'id' | 'name'>[]>();
  return new Map(found.map(({ id, name }) => [id, name]));
}

/** The roles that people of these schools hold. */
export async function rolesInSchools(
  db: Connection,
  study: string,
  ids: readonly string[],
): Promise<Map<string, Set<Role>>> {
  const found = await people(db).aggregate<{ _id: string; roles: Role[] }>([
    { $match: { study, school: { $in: [...ids] } } },
    { $group: { _id: '$school', roles: { $addToSet: '$role' } } },
  ]);
  return new Map(found.map(({ _id, roles }) => [_id, new Set(roles)]));
}

/** People of a study, all or those that match. */
export async function listPeople(
  db: Connection,
  study: string,
  filter: Partial<Pick<Person, 'school' | 'cluster' | 'arm' | 'role'>> = {},
): Promise<Person[]> {
  return people(db)
    .find({ study, ...filter }, bare)
    .sort({ id: 1 })
    .lean<Person[]>();
}

export async function findPerson(db: Connection, study: string, id: string): Promise<Person | null> {
  return people(db).findOne({ study, id }, bare).lean<Person>();
}

/** How many people within a scope hold each role. */
export async function countPeopleByRole(
  db: Connection,
  study: string,
  scope: Scope = 'all',
): Promise<Partial<Record<Role, number>>> {
  const groups = await people(db).aggregate<{ _id: Role; n: number }>([
    { $match: { study, ...withinScope(scope) } },
    { $group: { _id: '$role', n: { $sum: 1 } } },
  ]);
  return Object.fromEntries(groups.map((group) => [group._id, group.n]));
}

/** People by arm as allocated, and those of them who have left: whose last spell has an end. */
export async function countPeopleByArm(
  db: Connection,
  study: string,
): Promise<Map<string, { readonly people: number; readonly left: number }>> {
  const lastEnd = { $last: { $ifNull: ['$spells.to', [null]] } };
  const found = await people(db).aggregate<{ _id: string; people: number; left: number }>([
    { $match: { study } },
    {
      $group: {
        _id: '$arm',
        people: { $sum: 1 },
        left: { $sum: { $cond: [{ $eq: [{ $type: lastEnd }, 'string'] }, 1, 0] } },
      },
    },
  ]);
  return new Map(found.map(({ _id, ...counts }) => [_id, counts]));
}

/** Sizes of what is seen of one study's roster within a scope. */
export async function countRosterWithin(
  db: Connection,
  study: string,
  scope: Scope,
): Promise<{ clusters: number; schools: number; people: number }> {
  const [clusters, schools, people] = await Promise.all([
    listClusters(db, study, scope),
    listSchools(db, study, scope),
    countPeopleByRole(db, study, scope),
  ]);
  const sum = Object.values(people).reduce((total, n) => total + n, 0);
  return { clusters: clusters.length, schools: schools.length, people: sum };
}

/** Sizes of the rosters of every study, for the list of studies. */
export async function countRosters(
  db: Connection,
): Promise<Map<string, { clusters: number; schools: number; people: number }>> {
  const countBy = [{ $group: { _id: '$study', n: { $sum: 1 } } }];
  const [byCluster, bySchool, byPerson] = await Promise.all([
    clusters(db).aggregate<{ _id: string; n: number }>(countBy),
    schools(db).aggregate<{ _id: string; n: number }>(countBy),
    people(db).aggregate<{ _id: string; n: number }>(countBy),
  ]);
  const counts = new Map<string, { clusters: number; schools: number; people: number }>();
  const of = (study: string) => {
    const known = counts.get(study) ?? { clusters: 0, schools: 0, people: 0 };
    counts.set(study, known);
    return known;
  };
  for (const group of byCluster) of(group._id).clusters = group.n;
  for (const group of bySchool) of(group._id).schools = group.n;
  for (const group of byPerson) of(group._id).people = group.n;
  return counts;
}

/** The arms that clusters or schools are in. */
export async function listArmsInUse(db: Connection, study: string): Promise<string[]> {
  const [ofClusters, ofSchools] = await Promise.all([
    clusters(db).distinct('arm', { study }),
    schools(db).distinct('arm', { study }),
  ]);
  return [...new Set([...ofClusters, ...ofSchools])];
}

export async function removeRosters(db: Connection, study: string): Promise<void> {
  await people(db).deleteMany({ study });
  await schools(db).deleteMany({ study });
  await clusters(db).deleteMany({ study });
}
