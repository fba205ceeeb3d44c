/** Rate rows of the server as a table of results, so that they sort, search and save like any other. */
import { outcomeRateIds, outcomeRateTitles } from '../../../analysis/outcomes.ts';
import type { Column, Table } from '../../../analysis/result.ts';
import type { DayRow, RateRow, RatesBy } from '../../shared/api.ts';

interface Names {
  readonly arms: ReadonlyMap<string, string>;
  readonly clusters: ReadonlyMap<string, string>;
}

/** What the rows of each table are. */
export const groupTitles: Readonly<Record<RatesBy, string>> = {
  cluster: 'Cluster',
  school: 'School',
  role: 'Role',
  arm: 'Arm',
  day: 'Day',
};

type CountKey = Exclude<keyof RateRow, 'id' | 'title' | 'arm' | 'cluster' | 'rates' | 'eligible' | 'responded'>;
const countTitles: Readonly<Record<CountKey, string>> = {
  invited: 'Invited',
  opened: 'Opened',
  started: 'Started',
  // Who can still be won stands where a laptop shows it.
  notReached: 'Not reached',
  partial: 'Partial',
  declined: 'Declined',
  withdrawn: 'Withdrawn',
  silent: 'Only opened',
  bounced: 'Bounced',
  ineligible: 'Ineligible',
};

/** In the file, and on the screen only where there is room for them. */
export const furtherColumns = [
  'invited',
  'withdrawn',
  'silent',
  'bounced',
  'ineligible',
  'lower',
  'upper',
  'rr2',
  'coop1',
  'ref1',
  'con1',
];

const nameOf = (names: ReadonlyMap<string, string>, id: string | null) => (id === null ? null : (names.get(id) ?? id));

/** One row for each group, with every outcome and the rates. Counts that nobody may see here have no column. */
export function rateTable(by: Exclude<RatesBy, 'day'>, rows: readonly RateRow[], names: Names): Table {
  const hidden = rows.flatMap(({ rates }) => rates.rr1.notes.filter(({ code }) => code === 'suppressed')).slice(0, 1);
  const keys = (Object.keys(countTitles) as CountKey[]).filter((key) => rows.some((row) => row[key] !== null));
  const whole = keys.includes('invited');
  const text = (id: string, title: string): Column => ({ id, title, kind: 'text' });
  const places = [
    ...(by === 'school' ? [text('cluster', 'Cluster')] : []),
    ...(by === 'school' || by === 'cluster' ? [text('arm', 'Arm')] : []),
  ];
  const others = whole ? outcomeRateIds.filter((id) => id !== 'rr1') : [];
  const share = (id: string, title: string): Column => ({ id, title, kind: 'percent' });
  return {
    id: `rates-by-${by}`,
    title: `Response rates by ${by}`,
    columns: [
      text('group', groupTitles[by]),
      ...places,
      // What matters most stands where no table scrolls away.
      { id: 'eligible', title: 'Eligible', kind: 'integer' },
      { id: 'responded', title: 'Finished', kind: 'integer' },
      share('rate', 'Rate'),
      share('lower', '95% lower'),
      share('upper', '95% upper'),
      ...keys.map((key): Column => ({ id: key, title: countTitles[key], kind: 'integer' })),
      ...others.map((id) => share(id, outcomeRateTitles[id])),
    ],
    rows: rows.map((row) => [
      row.title,
      ...places.map(({ id }) => (id === 'cluster' ? nameOf(names.clusters, row.cluster) : nameOf(names.arms, row.arm))),
      row.eligible ?? 'suppressed',
      row.responded ?? 'suppressed',
      row.rates.rr1.value ?? (row.rates.rr1.notes.some(({ code }) => code === 'suppressed') ? 'suppressed' : null),
      row.rates.rr1.interval?.lower ?? null,
      row.rates.rr1.interval?.upper ?? null,
      ...keys.map((key) => row[key]),
      ...others.map((id) => row.rates[id].value),
    ]),
    notes: hidden,
  };
}

/** Openings and complete responses day by day. */
export function dayTable(days: readonly DayRow[]): Table {
  const told = days.some(({ opened }) => opened !== null);
  const count = (id: string, title: string): Column => ({ id, title, kind: 'integer' });
  const cell = (value: number | null) => value ?? 'suppressed';
  return {
    id: 'rates-by-day',
    title: 'Opened and finished by day',
    columns: [
      { id: 'day', title: 'Day', kind: 'text' },
      ...(told ? [count('opened', 'Opened')] : []),
      count('finished', 'Finished'),
      ...(told ? [count('opened-so-far', 'Opened so far')] : []),
      count('finished-so-far', 'Finished so far'),
    ],
    rows: days.map(({ day, opened, finished, openedSoFar, finishedSoFar }) => [
      day,
      ...(told ? [cell(opened)] : []),
      cell(finished),
      ...(told ? [cell(openedSoFar)] : []),
      cell(finishedSoFar),
    ]),
    notes: [],
  };
}
