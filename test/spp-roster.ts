/**
 * Roster files of the Schools Partnership Programme, as the public descriptions of it tell: more than fifty clusters of
 * three to seven schools, each with Improvement Champions, peer reviewers and a coordinator, and as many comparison schools
 * that are like them. Made from a seed, always the same; nobody in it is real. Used by the tests of rosters and fieldwork.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomOf } from '../instruments/random.ts';
import { demoRoster, type Roster } from '../server/demo/roster.ts';

/** Clusters that entered when the programme had begun, with the day. */
const late = { id: 'magnolia', name: 'Magnolia cluster', from: '2026-10-05', schools: 4 } as const;

export interface SppFiles {
  readonly clusters: string;
  readonly schools: string;
  readonly people: string;
  readonly counts: { readonly clusters: number; readonly schools: number; readonly people: number };
}

/** The arms that the files name; a study that takes them needs these. */
export const sppArms = [
  { id: 'intervention', title: 'Programme schools', kind: 'intervention' },
  { id: 'comparison', title: 'Comparison schools', kind: 'comparison' },
] as const;

export function sppFiles(): SppFiles {
  const roster = withLateCluster(demoRoster(randomOf('spp rosters')));
  const numbers = new Map(roster.schools.map(({ id }, at) => [id, String(1000 + at).padStart(6, '0')]));
  const clusters = roster.clusters.map(({ id, name, arm }) => [id, name, arm, id === late.id ? late.from : '']);
  const schools = roster.schools.map((school) => [
    ...[school.id, school.name, numbers.get(school.id) ?? '', school.cluster === null ? school.arm : ''],
    ...[school.cluster ?? '', school.phase, String(school.pupils ?? ''), String(school.disadvantaged ?? '')],
    school.id.length % 2 === 0 ? 'North' : 'South',
  ]);
  const people = roster.people.map(({ id, school, cluster, role }) => {
    const place = school ?? cluster ?? '';
    return [
      id,
      school ?? '',
      school ? '' : (cluster ?? ''),
      role,
      nameOf(role, place, id),
      `${id}@${place}.example`,
      'en',
    ];
  });
  return {
    clusters: csv(['id', 'name', 'arm', 'from'], clusters),
    schools: csv(
      ['id', 'name', 'national number', 'arm', 'cluster', 'phase', 'pupils', 'disadvantaged', 'Region'],
      schools,
    ),
    people: csv(['id', 'school', 'cluster', 'role', 'name', 'email', 'language'], people),
    counts: { clusters: clusters.length, schools: schools.length, people: people.length },
  };
}

/** Writes clusters.csv, schools.csv and people.csv; their paths in the order in which they are imported. */
export async function writeSppFiles(folder: string): Promise<{ paths: readonly string[]; files: SppFiles }> {
  const files = sppFiles();
  const paths: string[] = [];
  for (const kind of ['clusters', 'schools', 'people'] as const) {
    const path = join(folder, `${kind}.csv`);
    await writeFile(path, files[kind]);
    paths.push(path);
  }
  return { paths, files };
}

function withLateCluster(roster: Roster): Roster {
  const [clusters, schools, people] = [[...roster.clusters], [...roster.schools], [...roster.people]];
  clusters.push({ id: late.id, name: late.name, arm: 'intervention' });
  for (let number = 1; number <= late.schools; number += 1) {
    const school = { id: `${late.id}-${number}`, name: `Magnolia Primary ${number}`, arm: 'intervention' };
    schools.push({ ...school, cluster: late.id, phase: 'primary', pupils: 200 + number, disadvantaged: 0.2 });
    for (const role of ['headteacher', 'improvement-champion', 'teacher'] as const) {
      const id = `m${number}-${role}`;
      people.push({ id, school: school.id, cluster: late.id, arm: 'intervention', role });
    }
  }
  return { clusters, schools, people };
}

/** A label, not a person's name: role, place and number. */
function nameOf(role: string, place: string, id: string): string {
  return `${role.replaceAll('-', ' ')} ${id} of ${place}`;
}

function csv(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [header, ...rows].map((cells) => `${cells.join(',')}\r\n`).join('');
}
