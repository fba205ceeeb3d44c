/**
 * Clusters and schools of a study by what files call them: id, national number, name. A few thousand at most, so they are
 * held; people never are. Called by the import and by the use cases that change a roster.
 */
import type { Connection } from 'mongoose';
import type { Places } from '../../instruments/membership.ts';
import type { Cluster, School } from '../../instruments/study.ts';
import { bare, clusters, schools } from './models.ts';

export type IndexedCluster = Pick<Cluster, 'id' | 'name' | 'arm' | 'spells'>;
export type IndexedSchool = Pick<School, 'id' | 'name' | 'number' | 'arm' | 'cluster' | 'spells'>;

export interface PlaceIndex extends Places {
  cluster(id: string): IndexedCluster | undefined;
  school(id: string): IndexedSchool | undefined;
  allClusters(): Iterable<IndexedCluster>;
  allSchools(): Iterable<IndexedSchool>;
  /** What a file calls a cluster: its id, else its name. */
  findCluster(called: string): Found<IndexedCluster>;
  /** What a file calls a school: its id, else its national number, else its name. */
  findSchool(called: string): Found<IndexedSchool>;
  addCluster(cluster: IndexedCluster): void;
  addSchool(school: IndexedSchool): void;
}

/** `several`: more than one has this name. */
type Found<M> = M | 'none' | 'several';

export async function loadPlaces(db: Connection, study: string): Promise<PlaceIndex> {
  const index = placeIndex();
  for (const cluster of await clusters(db).find({ study }, bare).lean<Cluster[]>()) index.addCluster(cluster);
  const shown = { _id: 0, id: 1, name: 1, number: 1, arm: 1, cluster: 1, spells: 1 } as const;
  for await (const school of schools(db).find({ study }, shown).lean<IndexedSchool>().cursor()) index.addSchool(school);
  return index;
}

export function placeIndex(): PlaceIndex {
  const clusterById = new Map<string, IndexedCluster>();
  const schoolById = new Map<string, IndexedSchool>();
  const clusterNames = new Map<string, Set<string>>();
  const schoolNames = new Map<string, Set<string>>();
  const schoolNumbers = new Map<string, Set<string>>();
  return {
    cluster: (id) => clusterById.get(id),
    school: (id) => schoolById.get(id),
    allClusters: () => clusterById.values(),
    allSchools: () => schoolById.values(),
    findCluster: (called) => clusterById.get(called) ?? one(clusterById, clusterNames.get(keyOf(called))),
    findSchool(called) {
      const known = schoolById.get(called);
      if (known) return known;
      const numbered = one(schoolById, schoolNumbers.get(called));
      return numbered === 'none' ? one(schoolById, schoolNames.get(keyOf(called))) : numbered;
    },
    addCluster(cluster) {
      forget(clusterNames, clusterById.get(cluster.id), (known) => keyOf(known.name));
      clusterById.set(cluster.id, cluster);
      note(clusterNames, keyOf(cluster.name), cluster.id);
    },
    addSchool(school) {
      const known = schoolById.get(school.id);
      forget(schoolNames, known, (old) => keyOf(old.name));
      forget(schoolNumbers, known, (old) => old.number ?? '');
      schoolById.set(school.id, school);
      note(schoolNames, keyOf(school.name), school.id);
      if (school.number) note(schoolNumbers, school.number, school.id);
    },
  };
}

const keyOf = (name: string) => name.normalize('NFC').trim().toLowerCase().replaceAll(/\s+/g, ' ');

function note(names: Map<string, Set<string>>, key: string, id: string): void {
  const ids = names.get(key) ?? new Set();
  names.set(key, ids.add(id));
}

function forget<M extends { id: string }>(
  names: Map<string, Set<string>>,
  known: M | undefined,
  key: (m: M) => string,
): void {
  if (known) names.get(key(known))?.delete(known.id);
}

function one<M>(byId: ReadonlyMap<string, M>, ids: ReadonlySet<string> | undefined): Found<M> {
  const [id] = ids ?? [];
  if (id === undefined) return 'none';
  return ids && ids.size > 1 ? 'several' : (byId.get(id) ?? 'none');
}
