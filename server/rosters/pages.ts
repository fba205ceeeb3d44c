/**
 * The rosters page by page: filtered and searched by the database, as allocated or as at a day, within what the caller may
 * see. Called by the roster's routes.
 */
import type { Connection } from 'mongoose';
import { type AsAt, asAllocated, personAt } from '../../instruments/membership.ts';
import type { Cluster, Role, School } from '../../instruments/study.ts';
import type { Scope } from '../authority.ts';
import { listPlacesAt, membersQuery } from './as-at.ts';
import { bare, type Person, people } from './models.ts';

export const pageLength = 50;

export interface RosterFilter {
  readonly asAt: AsAt;
  readonly scope: Scope;
  readonly search?: string | undefined;
  readonly cluster?: string | undefined;
  readonly school?: string | undefined;
  readonly arm?: string | undefined;
  readonly role?: Role | undefined;
  readonly page: number;
}

export interface RosterPage<M> {
  readonly members: readonly M[];
  readonly page: number;
  readonly pages: number;
  readonly total: number;
}

export type ListedCluster = Cluster & { readonly schools: number; readonly pupils: number | null };

/** Clusters with their sizes. A coordinator sees the named ones. */
export async function pageOfClusters(
  db: Connection,
  study: string,
  filter: RosterFilter,
): Promise<RosterPage<ListedCluster>> {
  const places = await listPlacesAt(db, study, filter.asAt, filter.scope);
  const members = places.clusters
    .filter((cluster) => (!filter.arm || cluster.arm === filter.arm) && fits(filter.search, cluster))
    .map((cluster) => {
      const inside = places.schools.filter((school) => school.cluster === cluster.id);
      const pupils = inside.reduce((sum, school) => sum + (school.pupils ?? 0), 0);
      return { ...cluster, schools: inside.length, pupils: pupils || null };
    });
  return paged(members, filter.page);
}

export async function pageOfSchools(db: Connection, study: string, filter: RosterFilter): Promise<RosterPage<School>> {
  const { schools } = await listPlacesAt(db, study, filter.asAt, filter.scope);
  const members = schools
    .filter(
      (school) =>
        (!filter.cluster || school.cluster === filter.cluster) &&
        (!filter.arm || school.arm === filter.arm) &&
        fits(filter.search, school),
    )
    .map((school) => seenWithin(filter.scope, school, schools));
  return paged(members, filter.page);
}

/** A page of people. Whose school, or cluster, is not in the study on that day is not there either. */
export async function pageOfPeople(db: Connection, study: string, filter: RosterFilter): Promise<RosterPage<Person>> {
  const { asAt, scope, search, role, page } = filter;
  const found = await listPlacesAt(db, study, filter.asAt, filter.scope);
  const words = search?.trim() ?? '';
  const schools = found.schools.filter(
    (school) =>
      (!filter.school || school.id === filter.school) &&
      (!filter.cluster || school.cluster === filter.cluster) &&
      (!filter.arm || school.arm === filter.arm),
  );
  const inClusters = found.clusters.filter(
    (cluster) => (!filter.cluster || cluster.id === filter.cluster) && (!filter.arm || cluster.arm === filter.arm),
  );
  const roleOf = role ? { role } : {};
  const everywhere = scope === 'all' && asAt === asAllocated && !filter.school && !filter.cluster && !filter.arm;
  const places = everywhere
    ? [{ ...roleOf }]
    : [
        { school: { $in: schools.map(({ id }) => id) }, ...roleOf },
        ...(filter.school ? [] : [{ school: null, cluster: { $in: inClusters.map(({ id }) => id) }, ...roleOf }]),
        ...(filter.school || filter.cluster || scope !== 'all'
          ? []
          : [{ school: null, cluster: null, ...roleOf, ...(filter.arm ? { arm: filter.arm } : {}) }]),
      ];
  const searched = words === '' ? {} : { $or: searchedBy(words, asAt, found.schools) };
  const query = { study, $and: [searched, { $or: places.map((place) => membersQuery(asAt, place)) }] };
  const total = await people(db).countDocuments(query);
  const skip = (page - 1) * pageLength;
  const list = await people(db).find(query, bare).sort({ id: 1 }).skip(skip).limit(pageLength).lean<Person[]>();
  const members = list.map((person) => {
    const standing = personAt(person, asAt, found.places);
    const placed = standing ? { ...person, ...standing, role: standing.role ?? person.role } : person;
    return seenWithin(scope, placed, found.schools);
  });
  return { members, page, pages: Math.max(1, Math.ceil(total / pageLength)), total };
}

/** By the beginning of a pseudonym, or by words in the name of the school. */
function searchedBy(words: string, asAt: AsAt, schools: readonly School[]): object[] {
  const named = schools.filter((school) => fits(words, school)).map(({ id }) => id);
  const start = words.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return [{ id: { $regex: `^${start}`, $options: 'i' } }, membersQuery(asAt, { school: { $in: named } })];
}

function fits(
  search: string | undefined,
  { id, name, number }: { id: string; name: string; number?: string | null | undefined },
) {
  const words = search?.trim().toLowerCase() ?? '';
  return words === '' || [id, name, number ?? ''].some((text) => text.toLowerCase().includes(words));
}

interface Placed {
  readonly cluster: string | null;
  readonly school?: string | null;
}

/** A member as it is told within a scope: from when to when it stood where, without the places that lie outside. */
function seenWithin<M extends { readonly spells?: readonly Placed[] | undefined }>(
  scope: Scope,
  member: M,
  schools: readonly School[],
): M {
  if (scope === 'all' || !member.spells) return member;
  const [inSchools, inClusters] = [new Set(schools.map(({ id }) => id)), new Set(scope.clusters)];
  const own = (among: ReadonlySet<string>, id: string | null) => (id !== null && among.has(id) ? id : null);
  const spells = member.spells.map((spell) => ({
    ...spell,
    cluster: own(inClusters, spell.cluster),
    ...(spell.school === undefined ? {} : { school: own(inSchools, spell.school) }),
  }));
  return { ...member, spells };
}

function paged<M>(members: readonly M[], page: number): RosterPage<M> {
  const pages = Math.max(1, Math.ceil(members.length / pageLength));
  const start = (page - 1) * pageLength;
  return { members: members.slice(start, start + pageLength), page, pages, total: members.length };
}
