/** The demonstration study with more schools: places, people, links and answers once more under other ids. Used by fidelity.ts. */
import type { Connection } from 'mongoose';
import { hashToken } from '../../server/invitations/tokens.ts';

type Stored = Record<string, unknown>;
type Rename = (id: unknown) => string;

/** Doubles, and doubles again as many as are wanted, until the study has so many schools; gives how many it has. */
export async function enlargeDemo(db: Connection, wanted: number): Promise<number> {
  const originals = (await listOf(db, 'schools')).sort((one, other) => (String(one.id) < String(other.id) ? -1 : 1));
  let schools = originals.length;
  for (let turn = 2; schools < wanted; turn += 1) {
    const taken = originals.slice(0, wanted - schools);
    await copyPlaces(db, new Set(taken.map(({ id }) => id)), (id) => `${id}-${turn}`);
    schools += taken.length;
  }
  return schools;
}

const listOf = (db: Connection, name: string) => db.collection<Stored>(name).find({ study: 'demo' }).toArray();

async function copyPlaces(db: Connection, schools: ReadonlySet<unknown>, rename: Rename): Promise<void> {
  const clusters = new Set<unknown>(
    (await listOf(db, 'schools')).flatMap(({ id, cluster }) => (schools.has(id) && cluster !== null ? [cluster] : [])),
  );
  const names = new Map([...schools, ...clusters].map((id) => [id, rename(id)]));
  const inPlaces = ({ school, cluster }: Stored) => (school === null ? clusters.has(cluster) : schools.has(school));
  await copy(db, 'clusters', ({ id }) => clusters.has(id), { id: rename, name: rename }, names);
  await copy(db, 'schools', ({ id }) => schools.has(id), { id: rename, name: rename }, names);
  await copy(db, 'people', inPlaces, { id: rename }, names);
  const links = { _id: rename, person: rename, tokenHash: (hash: unknown) => hashToken(rename(hash)) };
  await copy(db, 'invitations', inPlaces, links, names);
  await copy(db, 'responses', inPlaces, { _id: rename, person: rename, invitation: rename }, names);
}

/** Documents once more; wherever a place that is copied is named, in answers too, its copy is. */
async function copy(
  db: Connection,
  name: string,
  isTaken: (document: Stored) => boolean,
  renamed: Readonly<Record<string, Rename>>,
  places: ReadonlyMap<unknown, string>,
): Promise<void> {
  const moved = (value: unknown): unknown => {
    if (typeof value === 'string') return places.get(value) ?? value;
    if (Array.isArray(value)) return value.map(moved);
    if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, moved(one)]));
  };
  const made: Stored[] = [];
  for (const { _id, ...document } of await listOf(db, name)) {
    if (!isTaken({ _id, ...document })) continue;
    const own = { ...(typeof _id === 'string' ? { _id } : {}), ...document };
    made.push(
      Object.fromEntries(
        Object.entries(own).map(([key, value]) => {
          const change = renamed[key];
          return [key, change && value !== null ? change(value) : moved(value)];
        }),
      ),
    );
  }
  for (let at = 0; at < made.length; at += 1000) await db.collection(name).insertMany(made.slice(at, at + 1000));
}
