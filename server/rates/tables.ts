/** Response rates: invitations against complete responses, by school, cluster and arm, with Wilson intervals. */
import type { Connection } from 'mongoose';
import { responseRate } from '../../analysis/proportions.ts';
import type { Estimate } from '../../analysis/result.ts';
import type { Administration, Study } from '../../instruments/study.ts';
import type { Scope } from '../authority.ts';
import { countInvitations, countInvited } from '../invitations/store.ts';
import { countComplete, countResponses } from '../responses/store.ts';
import { listClusters, listSchools } from '../rosters/store.ts';
import { getStudy } from '../studies/store.ts';
import { suppressedRates } from './suppressed.ts';

/** Counts of one school (or of a cluster's own respondents, whose school is null). */
export interface RateCount {
  readonly school: string | null;
  readonly cluster: string | null;
  readonly arm: string;
  readonly invited: number;
  readonly opened: number;
  readonly responded: number;
}

/** Counts are null where they must not be shown. */
export interface RateRow {
  readonly id: string;
  readonly title: string;
  readonly arm: string | null;
  readonly cluster: string | null;
  readonly invited: number | null;
  readonly opened: number | null;
  readonly responded: number | null;
  readonly rate: Estimate;
}

export interface RateTables {
  readonly total: RateRow;
  readonly byArm: RateRow[];
  readonly byCluster: RateRow[];
  readonly bySchool: RateRow[];
}

/** One count for each school, cluster and arm in which somebody was invited. */
export async function countRates(db: Connection, study: string, administration: string): Promise<RateCount[]> {
  const [invited, responded] = await Promise.all([
    countInvitations(db, study, administration),
    countResponses(db, study, administration),
  ]);
  const keyOf = (row: { school: string | null; cluster: string | null; arm: string }) =>
    JSON.stringify([row.school, row.cluster, row.arm]);
  const counts = new Map<string, RateCount>();
  for (const { school, cluster, arm, invited: n, opened } of invited) {
    counts.set(keyOf({ school, cluster, arm }), { school, cluster, arm, invited: n, opened, responded: 0 });
  }
  for (const { school, cluster, arm, complete } of responded) {
    const key = keyOf({ school, cluster, arm });
    const known = counts.get(key) ?? { school, cluster, arm, invited: 0, opened: 0, responded: 0 };
    // Whoever responded has opened the link, also where the opening itself was not seen (an import).
    counts.set(key, { ...known, responded: complete, opened: Math.max(known.opened, complete) });
  }
  return [...counts.values()];
}

/**
 * The tables of the fieldwork page. With `suppress`, for readers who may not see identified rows, no count stands for
 * fewer people than the study's minimum, as in the report.
 */
export async function responseRates(
  db: Connection,
  administration: Administration,
  suppress: boolean,
): Promise<RateTables> {
  const { study: studyId, id } = administration;
  const [study, clusters, schools, counts] = await Promise.all([
    getStudy(db, studyId),
    listClusters(db, studyId),
    listSchools(db, studyId),
    countRates(db, studyId, id),
  ]);
  const clusterNames = new Map(clusters.map((cluster) => [cluster.id, cluster]));
  const schoolNames = new Map(schools.map((school) => [school.id, school]));
  const tables: RateTables = {
    total: rowOf('total', 'All', null, null, counts),
    byArm: study.arms
      .map((arm) => ({ arm, rows: matching(counts, 'arm', arm.id) }))
      .filter(({ rows }) => rows.some(({ invited, responded }) => invited > 0 || responded > 0))
      .map(({ arm, rows }) => rowOf(arm.id, arm.title, arm.id, null, rows)),
    byCluster: [...groupBy(counts, 'cluster')].map(([cluster, rows]) =>
      rowOf(cluster, clusterNames.get(cluster)?.name ?? cluster, rows[0]?.arm ?? null, cluster, rows),
    ),
    bySchool: [...groupBy(counts, 'school')].map(([school, rows]) =>
      rowOf(school, schoolNames.get(school)?.name ?? school, rows[0]?.arm ?? null, rows[0]?.cluster ?? null, rows),
    ),
  };
  return suppress ? suppressedRates(tables, { study, clusters, schools, rates: counts }) : tables;
}

/**
 * Invited and responded of each administration of a study, or of one of them, within a scope. The sums of `countRates`,
 * but counted from indexes alone: no page waits for 27,000 invitations to be read.
 */
export async function countByAdministration(
  db: Connection,
  study: string,
  { administration, scope = 'all' }: { administration?: string; scope?: Scope } = {},
): Promise<Map<string, { invited: number; responded: number }>> {
  const [invited, complete] = await Promise.all([
    countInvited(db, study, administration, scope),
    countComplete(db, study, administration, scope),
  ]);
  const responded = new Map(complete.map((row) => [row.administration, row.n]));
  const counts = new Map(complete.map((row) => [row.administration, { invited: 0, responded: row.n }]));
  for (const row of invited) {
    counts.set(row.administration, { invited: row.n, responded: responded.get(row.administration) ?? 0 });
  }
  return counts;
}

/**
 * Counts as they may be shown. Of the whole study they always are; within a few schools they would tell of fewer people
 * than the study's minimum, which nobody sees without the right to identified rows.
 */
export function shownCounts({ minimumCell }: Pick<Study, 'minimumCell'>, scope: Scope, identified: boolean) {
  const hides = (n: number) => scope !== 'all' && !identified && n > 0 && n < minimumCell;
  return (counts: { invited: number; responded: number } = { invited: 0, responded: 0 }) => {
    const { invited, responded } = counts;
    // Those who have not responded are people, too.
    const hidden = hides(invited) || hides(responded) || hides(invited - responded);
    return { invited: hides(invited) ? null : invited, responded: hidden ? null : responded };
  };
}

function matching(counts: readonly RateCount[], key: 'arm', value: string): RateCount[] {
  return counts.filter((count) => count[key] === value);
}

function groupBy(counts: readonly RateCount[], key: 'cluster' | 'school'): Map<string, RateCount[]> {
  const groups = new Map<string, RateCount[]>();
  for (const count of counts) {
    const id = count[key];
    if (id === null) continue;
    const group = groups.get(id);
    if (group) group.push(count);
    else groups.set(id, [count]);
  }
  return new Map([...groups].sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true })));
}

function rowOf(
  id: string,
  title: string,
  arm: string | null,
  cluster: string | null,
  counts: readonly RateCount[],
): RateRow {
  const sum = (key: 'invited' | 'opened' | 'responded') => counts.reduce((total, count) => total + count[key], 0);
  const invited = sum('invited');
  const responded = sum('responded');
  return {
    id,
    title,
    arm,
    cluster,
    invited,
    opened: sum('opened'),
    responded,
    rate: responseRate(responded, invited),
  };
}
