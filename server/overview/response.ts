/**
 * How response stands in the administrations in the field: against the even pace of their days and against a week ago, and the
 * clusters and schools in which the smallest share has answered. Made of the same tables as the response rates, so that
 * nothing is seen here that is hidden there. Called by `overview.ts`.
 */
import { daysBetween } from '../../instruments/fidelity/windows.ts';
import type { RateRow } from '../rates/rows.ts';
import { loadOverviewRates, type OverviewRates } from '../rates/tables.ts';
import type { Overviewed, OverviewedAdministration } from './reader.ts';

/** How many places are named at most, of each kind. */
const mostPlaces = 10;

interface FieldRow {
  readonly id: string;
  readonly title: string;
  readonly wave: string;
  readonly closes: string;
  readonly paused: boolean;
  /** The how-manieth of how many days today is. */
  readonly day: number;
  readonly days: number;
  /** Null where it must not be shown. */
  readonly eligible: number | null;
  readonly responded: number | null;
  /** Share of those asked who have answered. */
  readonly rate: number | null;
  /** The share that an even pace through its days would have by now. */
  readonly pace: number;
  /** Answers up to a week ago; null where days are not told. */
  readonly weekAgo: number | null;
}

interface SlowPlace {
  readonly level: 'cluster' | 'school';
  readonly id: string;
  readonly title: string;
  readonly administration: string;
  readonly eligible: number;
  readonly responded: number;
  readonly rate: number;
}

export interface ResponseBehind {
  /** Furthest behind the pace first. */
  readonly administrations: readonly FieldRow[];
  /** The smallest share first. */
  readonly clusters: readonly SlowPlace[];
  readonly schools: readonly SlowPlace[];
  /** True where a place is left out because too few people stand behind it. */
  readonly withheld: boolean;
}

export async function responseBehind(overviewed: Overviewed): Promise<ResponseBehind> {
  const { administrations, today } = overviewed;
  const running = administrations.filter(
    ({ repeated, state, opens, closes }) => !repeated && state !== 'closed' && opens <= today && today <= closes,
  );
  const counted: { administration: OverviewedAdministration; rates: OverviewRates }[] = [];
  // One after another: each reads the whole of its links and responses.
  for (const administration of running)
    counted.push({ administration, rates: await ratesOf(overviewed, administration) });
  const places = (level: 'cluster' | 'school', rowsOf: (rates: OverviewRates) => readonly RateRow[]) => {
    const rows = counted.flatMap(({ administration, rates }) =>
      rowsOf(rates).map((row) => ({ row, place: placeOf(level, administration.id, row) })),
    );
    const hidden = rows.some(({ row }) => row.eligible === null || row.responded === null);
    const told = rows.flatMap(({ place }) => place ?? []);
    return { told: told.sort(bySlowness).slice(0, mostPlaces), hidden };
  };
  const [clusters, schools] = [places('cluster', (one) => one.clusters), places('school', (one) => one.schools)];
  return {
    administrations: counted
      .map(({ administration, rates }) => fieldRow(overviewed, administration, rates))
      .sort((one, other) => behindOf(other) - behindOf(one)),
    clusters: clusters.told,
    schools: schools.told,
    withheld: clusters.hidden || schools.hidden,
  };
}

const ratesOf = ({ context, study, reader }: Overviewed, administration: OverviewedAdministration) =>
  loadOverviewRates(context.db, study, administration, context.clock(), reader);

const behindOf = ({ pace, rate }: FieldRow) => (rate === null ? Number.NEGATIVE_INFINITY : pace - rate);

function fieldRow(
  { study, today, since, reader }: Overviewed,
  { id, title, wave, opens, closes, state }: OverviewedAdministration,
  { total: { eligible, responded }, days }: OverviewRates,
): FieldRow {
  const [day, length] = [daysBetween(opens, today) + 1, daysBetween(opens, closes) + 1];
  return {
    ...{ id, title, closes, day, days: length, eligible, responded, paused: state === 'paused' },
    wave: study.waves.find((one) => one.id === wave)?.title ?? wave,
    rate: eligible && responded !== null ? responded / eligible : null,
    pace: day / length,
    weekAgo: weekAgoOf(days, since, reader.suppress),
  };
}

/** Where one day of all is hidden, what came before a day and what came after it would tell of it. */
function weekAgoOf(days: OverviewRates['days'], since: string, suppress: boolean): number | null {
  if (days === null || (suppress && days.some(({ finished }) => finished === null))) return null;
  return days.filter(({ day }) => day <= since).reduce((sum, { finished }) => sum + (finished ?? 0), 0);
}

function placeOf(level: SlowPlace['level'], administration: string, row: RateRow): SlowPlace | null {
  const { id, title, eligible, responded } = row;
  if (eligible === null || responded === null || eligible <= 0) return null;
  return { level, id, title, administration, eligible, responded, rate: responded / eligible };
}

function bySlowness(one: SlowPlace, other: SlowPlace): number {
  return one.rate - other.rate || other.eligible - one.eligible || (one.title < other.title ? -1 : 1);
}
