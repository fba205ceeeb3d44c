/**
 * The response-rate tables of an administration: everybody, and by arm, cluster, school, role or day. Called by the
 * routes, the command line and the benchmark; `kept.ts` keeps what was counted for a moment.
 */
import type { Connection } from 'mongoose';
import { noEstimate } from '../../analysis/estimate.ts';
import { groupBy } from '../../instruments/group-by.ts';
import { type Administration, roles, roleTitles, type Study } from '../../instruments/study.ts';
import { dayIn } from '../administrations/availability.ts';
import type { Scope } from '../authority.ts';
import { countOpenedByDay } from '../invitations/counts.ts';
import { countCompleteByDay } from '../responses/counts.ts';
import { anonymousDays } from '../responses/days.ts';
import { listClusters, listSchools } from '../rosters/store.ts';
import { getStudy } from '../studies/store.ts';
import { type Cell, countCells, sumCounts } from './cells.ts';
import { type DayRow, dayRows } from './days.ts';
import { dispositionsOf, type RateRow, rowOf } from './rows.ts';
import { type ShownTables, shownDays, suppressedRows, type Tables, withheldRole } from './suppressed.ts';

export const ratesBy = ['arm', 'cluster', 'school', 'role', 'day'] as const;
export type RatesBy = (typeof ratesBy)[number];

export interface RatesAsked {
  readonly by: RatesBy;
  /**
   * ISO day for whose staff a shared link is counted, and where people with a link of their own stood then; null: today,
   * within the days of the administration, and links count where they were made for.
   */
  readonly asAt: string | null;
  readonly scope: Scope;
  /** For readers who may not see identified rows: no count stands for fewer people than the study's minimum. */
  readonly suppress: boolean;
}

export interface Rates {
  readonly by: RatesBy;
  /** The day that was asked for; null: people with a link of their own count where it was made for. */
  readonly asAt: string | null;
  /** The day whose staff a shared link stands for. */
  readonly staffOn: string;
  readonly total: RateRow;
  readonly arms: readonly RateRow[];
  /** Rows of the table asked for; of `day` there are `days` instead. */
  readonly rows: readonly RateRow[];
  readonly days: readonly DayRow[];
  /** True where the table as a whole must not be shown, because hidden counts could be worked out with it. */
  readonly withheld: boolean;
}

/** The day for whose staff a shared link is counted unless another is asked for. */
export function usualDay({ opens, closes }: Pick<Administration, 'opens' | 'closes'>, today: string): string {
  if (today < opens) return opens;
  return today > closes ? closes : today;
}

/** Counts everything anew. */
export async function loadRates(
  db: Connection,
  administration: Administration,
  now: Date,
  { by, asAt, scope, suppress }: RatesAsked,
): Promise<Rates> {
  const study = await getStudy(db, administration.study);
  const staffOn = asAt ?? usualDay(administration, dayIn(study.timeZone, now));
  const [shown, days] = await Promise.all([
    loadTables(db, study, administration, { staffOn, dated: asAt !== null, scope, suppress }),
    by === 'day' ? loadDays(db, administration, study, scope) : [],
  ]);
  const common = { by, asAt, staffOn, total: shown.total, arms: shown.arm };
  if (by === 'day') {
    const kept = suppress && days ? shownDays(days, study.minimumCell, shown.whole) : days;
    return { ...common, rows: [], days: kept ?? [], withheld: kept === null };
  }
  const rows = shown[by];
  return { ...common, rows: rows ?? [], days: [], withheld: rows === null };
}

/** What the overview of a study shows of an administration, counted once: everybody, clusters, schools, and days where they may be told. */
export interface OverviewRates extends Pick<Rates, 'total'> {
  readonly clusters: readonly RateRow[];
  readonly schools: readonly RateRow[];
  /** Null where they must not be shown, or are not known of what the reader may see. */
  readonly days: readonly DayRow[] | null;
}

export async function loadOverviewRates(
  db: Connection,
  study: Study,
  administration: Administration,
  now: Date,
  { scope, suppress }: Pick<RatesAsked, 'scope' | 'suppress'>,
): Promise<OverviewRates> {
  const staffOn = usualDay(administration, dayIn(study.timeZone, now));
  const [shown, days] = await Promise.all([
    loadTables(db, study, administration, { staffOn, dated: false, scope, suppress }),
    loadDays(db, administration, study, scope),
  ]);
  return {
    ...{ total: shown.total, clusters: shown.cluster, schools: shown.school },
    days: suppress && days ? shownDays(days, study.minimumCell, shown.whole) : days,
  };
}

interface TablesAsked extends Pick<RatesAsked, 'scope' | 'suppress'> {
  readonly staffOn: string;
  /** Whether people count where they stood on that day. */
  readonly dated: boolean;
}

async function loadTables(
  db: Connection,
  study: Study,
  administration: Administration,
  { staffOn, dated, scope, suppress }: TablesAsked,
): Promise<ShownTables> {
  const [clusters, schools, cells] = await Promise.all([
    listClusters(db, study.id, scope),
    listSchools(db, study.id, scope),
    countCells(db, administration, staffOn, scope, dated),
  ]);
  const names = { clusters: namesOf(clusters), schools: namesOf(schools) };
  const tables: Tables = tablesOf(study, cells, names, administration.mode === 'anonymous');
  return suppress ? suppressedRows(tables, { study, clusters, schools, cells }) : { ...tables, whole: true };
}

/** Null where days are known of the whole administration alone, and less was asked for. */
async function loadDays(
  db: Connection,
  { id, mode }: Administration,
  study: Study,
  scope: Scope,
): Promise<DayRow[] | null> {
  const place = { study: study.id, administration: id };
  if (mode === 'anonymous') {
    // Openings carry no day there, and answers are counted by day apart from everything else that is known of them.
    return scope === 'all' ? dayRows(null, await anonymousDays(db, study.id, id)) : null;
  }
  const [opened, finished] = await Promise.all([
    countOpenedByDay(db, place, study.timeZone, scope),
    countCompleteByDay(db, place, study.timeZone, scope),
  ]);
  return dayRows(opened, finished);
}

function namesOf(members: readonly { id: string; name: string }[]): ReadonlyMap<string, string> {
  return new Map(members.map(({ id, name }) => [id, name]));
}

function tablesOf(
  study: Study,
  cells: readonly Cell[],
  names: { clusters: ReadonlyMap<string, string>; schools: ReadonlyMap<string, string> },
  anonymous: boolean,
): Tables {
  const row = (name: Pick<RateRow, 'id' | 'title'> & Partial<RateRow>, inside: readonly Cell[]) =>
    rowOf({ arm: null, cluster: null, ...name }, sumCounts(inside), { anonymous });
  const byArm = groupBy(cells, ({ arm }) => arm);
  const byRole = groupBy(cells, ({ role }) => role ?? withheldRole);
  const roleRows = [
    ...roles.map((role) => ({ id: role as string, title: roleTitles[role] })),
    { id: withheldRole, title: 'Role not told' },
  ];
  return {
    total: row({ id: 'total', title: 'All' }, cells),
    arm: study.arms.flatMap(({ id, title }) => {
      const inside = byArm.get(id);
      return inside ? [row({ id, title, arm: id }, inside)] : [];
    }),
    cluster: [...sorted(groupBy(cells, ({ cluster }) => cluster))].map(([id, inside]) =>
      row({ id, title: names.clusters.get(id) ?? id, arm: inside[0]?.arm ?? null, cluster: id }, inside),
    ),
    school: [...sorted(groupBy(cells, ({ school }) => school))].map(([id, inside]) => {
      const { arm = null, cluster = null } = inside[0] ?? {};
      return row({ id, title: names.schools.get(id) ?? id, arm, cluster }, inside);
    }),
    role: roleRows.flatMap((name) => {
      const inside = byRole.get(name.id);
      if (!inside) return [];
      const made = row(name, inside);
      return name.id !== withheldRole && isShortOfRoles(byRole.get(withheldRole) ?? []) ? [withoutRates(made)] : [made];
    }),
  };
}

/** Whether more answers are without a role than links are known to have brought, such as imported ones: then any role has too few. */
function isShortOfRoles(untold: readonly Cell[]): boolean {
  return dispositionsOf(sumCounts(untold)).noncontact < 0;
}

function withoutRates(row: RateRow): RateRow {
  const none = ({ n, method }: RateRow['rates']['rr1']) =>
    noEstimate(n, method, {
      code: 'role-not-told',
      text: 'Some answers do not tell their role and came without a link, so there are no rates by role.',
    });
  const { rr1, rr2, coop1, ref1, con1 } = row.rates;
  return { ...row, rates: { rr1: none(rr1), rr2: none(rr2), coop1: none(coop1), ref1: none(ref1), con1: none(con1) } };
}

const collator = new Intl.Collator('en', { numeric: true });

function sorted<V>(groups: ReadonlyMap<string, V>): [string, V][] {
  return [...groups].sort(([a], [b]) => collator.compare(a, b));
}
