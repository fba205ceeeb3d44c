/** Openings and complete responses day by day, in the study's time zone, without gaps. Called by `tables.ts`. */

export interface DayRow {
  /** ISO date. */
  readonly day: string;
  /** Null where it must not be shown, or is not known. */
  readonly opened: number | null;
  readonly finished: number | null;
  readonly openedSoFar: number | null;
  readonly finishedSoFar: number | null;
}

/** Heads of the columns. */
export const dayTitles = {
  day: 'Day',
  opened: 'Opened',
  finished: 'Finished',
  openedSoFar: 'Opened so far',
  finishedSoFar: 'Finished so far',
} as const satisfies Record<keyof DayRow, string>;

interface DayCount {
  readonly day: string;
  readonly n: number;
}

/** Longest stretch of days without anything that is still told day by day; an import may lie years before. */
const longestGap = 400;

/** From the first day with anything to the last. `opened` is null where the days of openings are not known. */
export function dayRows(opened: readonly DayCount[] | null, finished: readonly DayCount[]): DayRow[] {
  const counts = { opened: mapOf(opened ?? []), finished: mapOf(finished) };
  const eventful = [...new Set([...counts.opened.keys(), ...counts.finished.keys()])].sort();
  const rows: DayRow[] = [];
  let openedSoFar = 0;
  let finishedSoFar = 0;
  for (const [at, next] of eventful.entries()) {
    const before = eventful[at - 1];
    const days = before === undefined ? [next] : daysAfter(before, next);
    for (const day of days) {
      const here = { opened: counts.opened.get(day) ?? 0, finished: counts.finished.get(day) ?? 0 };
      openedSoFar += here.opened;
      finishedSoFar += here.finished;
      const known = opened === null ? { opened: null, openedSoFar: null } : { opened: here.opened, openedSoFar };
      rows.push({ day, finished: here.finished, finishedSoFar, ...known });
    }
  }
  return rows;
}

function mapOf(counts: readonly DayCount[]): Map<string, number> {
  return new Map(counts.map(({ day, n }) => [day, n]));
}

/** The days after one, up to and including the other. */
function daysAfter(one: string, other: string): string[] {
  const [from, to] = [Date.parse(one), Date.parse(other)];
  const dayLong = 86_400_000;
  const length = Math.round((to - from) / dayLong);
  if (length > longestGap) return [other];
  return Array.from({ length }, (_, at) => new Date(from + (at + 1) * dayLong).toISOString().slice(0, 10));
}
