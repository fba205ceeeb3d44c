/** The schools and clusters of the programme in each cycle, as they stood on its last day. Called by the scores and the lists. */
import type { Window } from '../../instruments/fidelity/windows.ts';
import { isClusterThere, type Places, schoolAt } from '../../instruments/membership.ts';
import type { ProcessInput } from './input.ts';

export interface CyclePlaces {
  /** Clusters that are there, with the schools that are in them. */
  readonly clusters: ReadonlyMap<string, readonly string[]>;
  /** The cluster of each school that is there; null: in none. */
  readonly schools: ReadonlyMap<string, string | null>;
}

export function placesOf({ clusters, schools }: Pick<ProcessInput, 'clusters' | 'schools'>): Places {
  const clusterById = new Map(clusters.map((cluster) => [cluster.id, cluster]));
  const schoolById = new Map(schools.map((school) => [school.id, school]));
  return { cluster: (id) => clusterById.get(id), school: (id) => schoolById.get(id) };
}

/** A cycle that still runs is looked at today, or on the day that is named. */
export function placesIn(
  input: Pick<ProcessInput, 'clusters' | 'schools' | 'today' | 'standing'>,
  { to }: Window,
): CyclePlaces {
  const standing = input.standing ?? input.today;
  const day = to < standing ? to : standing;
  const places = placesOf(input);
  const members = new Map<string, string[]>(
    input.clusters.filter((cluster) => isClusterThere(cluster, day)).map(({ id }) => [id, []]),
  );
  const schools = new Map<string, string | null>();
  for (const school of input.schools) {
    const standing = schoolAt(school, day, places);
    if (!standing) continue;
    schools.set(school.id, standing.cluster);
    if (standing.cluster !== null) members.get(standing.cluster)?.push(school.id);
  }
  return { clusters: members, schools };
}

/** Which arm places belong to, and which arms have the programme. */
export interface PlaceArms {
  readonly isIn: (arm: string | undefined) => boolean;
  readonly ofCluster: (id: string) => string | undefined;
  /** A school goes with the cluster that it is in. */
  readonly ofSchool: (id: string, cluster: string | null) => string | undefined;
}

export function armsOf({ arms, clusters, schools }: Pick<ProcessInput, 'arms' | 'clusters' | 'schools'>): PlaceArms {
  const programme = new Set(arms.filter(({ kind }) => kind === 'intervention').map(({ id }) => id));
  const byCluster = new Map(clusters.map(({ id, arm }) => [id, arm]));
  const bySchool = new Map(schools.map(({ id, arm }) => [id, arm]));
  return {
    isIn: (arm) => arm !== undefined && programme.has(arm),
    ofCluster: (id) => byCluster.get(id),
    ofSchool: (id, cluster) => (cluster === null ? undefined : byCluster.get(cluster)) ?? bySchool.get(id),
  };
}
