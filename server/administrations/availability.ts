/** Whether an administration takes answers now: its state, and its days in the study's time zone. */
import type { Administration, Study } from '../../instruments/study.ts';

export type Availability = 'open' | 'not-open-yet' | 'paused' | 'closed';

const dayFormats = new Map<string, Intl.DateTimeFormat>();

/** The calendar day in a time zone, as an ISO date: `2026-03-29`. Also right on the days when clocks change. */
export function dayIn(timeZone: string, moment: Date): string {
  let format = dayFormats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
    dayFormats.set(timeZone, format);
  }
  return format.format(moment);
}

/** A moment of a day in a time zone, wherever that is. */
export function momentOf(timeZone: string, day: string): Date {
  const noon = new Date(`${day}T12:00:00Z`);
  return dayIn(timeZone, noon) === day ? noon : new Date(`${day}T00:00:00Z`);
}

/**
 * The days decide, both included, whether or not the step that they bring has been recorded yet (`advance.ts`); within
 * them, a pause and a closing by hand.
 */
export function availabilityOf(
  administration: Pick<Administration, 'state' | 'opens' | 'closes'>,
  study: Pick<Study, 'timeZone'>,
  now: Date,
): Availability {
  const today = dayIn(study.timeZone, now);
  if (administration.state === 'closed' || today > administration.closes) return 'closed';
  if (today < administration.opens) return 'not-open-yet';
  return administration.state === 'paused' ? 'paused' : 'open';
}

/** Whether answers may still be taken back: the last day counts as one on which they may. */
export function mayWithdraw(
  { withdrawUntil, timeZone }: Pick<Study, 'withdrawUntil' | 'timeZone'>,
  now: Date,
): boolean {
  return !withdrawUntil || dayIn(timeZone, now) <= withdrawUntil;
}
