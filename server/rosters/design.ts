/**
 * Where a roster does not fit the design of the study: sizes of clusters, Improvement Champions, arms. Warnings only: a
 * roster is seldom whole on the first day. Called by the roster's routes and by the import's check.
 */
import type { Connection } from 'mongoose';
import {
  type AsAt,
  asAllocated,
  isClusterThere,
  type Places,
  personAt,
  schoolAt,
} from '../../instruments/membership.ts';
import { type Study, usualClusterSize } from '../../instruments/study.ts';
import { bare, type Person, people } from './models.ts';
import type { PlaceIndex } from './place-index.ts';

export interface DesignWarning {
  readonly code: 'few-schools' | 'many-schools' | 'no-champion' | 'no-arm';
  readonly kind: 'clusters' | 'schools';
  readonly id: string;
  readonly name: string;
  readonly message: string;
}

export function designWarnings(
  study: Pick<Study, 'arms' | 'clusterSize'>,
  places: PlaceIndex,
  champions: ReadonlySet<string>,
  asAt: AsAt,
): DesignWarning[] {
  const { least, most } = study.clusterSize ?? usualClusterSize;
  const warnings: DesignWarning[] = [];
  const sizes = new Map<string, number>();
  const arms = new Set(study.arms.map(({ id }) => id));
  for (const school of places.allSchools()) {
    const standing = schoolAt(school, asAt, places);
    if (!standing) continue;
    if (standing.cluster !== null) sizes.set(standing.cluster, (sizes.get(standing.cluster) ?? 0) + 1);
    if (arms.has(standing.arm)) continue;
    const { id, name } = school;
    warnings.push({ code: 'no-arm', kind: 'schools', id, name, message: `${name} is in no arm of the study.` });
  }
  for (const cluster of places.allClusters()) {
    if (!isClusterThere(cluster, asAt)) continue;
    const { id, name } = cluster;
    const size = sizes.get(id) ?? 0;
    const schools = size === 1 ? '1 school' : `${size} schools`;
    const warn = (code: DesignWarning['code'], message: string) =>
      warnings.push({ code, kind: 'clusters', id, name, message });
    if (size < least) warn('few-schools', `${name} has ${schools}; at least ${least} are expected.`);
    if (size > most) warn('many-schools', `${name} has ${schools}; at most ${most} are expected.`);
    if (!champions.has(id)) warn('no-champion', `${name} has no Improvement Champion.`);
  }
  return warnings;
}

/** The clusters that have an Improvement Champion. */
export async function championClusters(
  db: Connection,
  study: string,
  places: Places,
  asAt: AsAt = asAllocated,
): Promise<Set<string>> {
  const role = 'improvement-champion';
  const found = people(db)
    .find({ study, $or: [{ role }, { 'spells.role': role }] }, bare)
    .lean<Person>()
    .cursor();
  const champions = new Set<string>();
  for await (const person of found) {
    const standing = personAt(person, asAt, places);
    if (standing?.role === role && standing.cluster !== null) champions.add(standing.cluster);
  }
  return champions;
}
