/** Figures and dates as the workbench shows them: British English, calendar days without a time zone of their own. */
import { formatCell, formatNumber, formatPercent, noFigure } from '../../analysis/printed-cell.ts';

export { formatCell, formatNumber, formatPercent, noFigure };

/**
 * A count with its noun.
 *
 * @example
 * counted(1, 'school') // => '1 school'
 */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`;
}

/**
 * A calendar day (`2026-09-01`) in words; it is the same day wherever it is read.
 *
 * @example
 * formatDay('2026-09-01') // => '1 September 2026'
 */
export function formatDay(day: string, style: 'long' | 'short' = 'long'): string {
  const date = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return day;
  const month = style === 'long' ? 'long' : 'short';
  return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month, year: 'numeric', timeZone: 'UTC' }).format(date);
}

/**
 * From a first to a last day, without saying the year or month twice.
 *
 * @example
 * formatDays('2026-09-01', '2026-09-30') // => '1\u201330 September 2026'
 */
export function formatDays(first: string, last: string): string {
  const [from, to] = [first, last].map((day) => new Date(`${day}T00:00:00Z`));
  if (!from || !to || Number.isNaN(from.getTime()) || Number.isNaN(to.getTime())) return `${first} to ${last}`;
  const format = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
  return from > to ? `${format.format(from)} to ${format.format(to)}` : format.formatRange(from, to);
}

/** An instant in a time zone, to the minute; without a zone, in the reader's own. */
export function formatInstant(instant: string, timeZone?: string): string {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return instant;
  return new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    ...(timeZone ? { timeZone } : {}),
  }).format(date);
}

/**
 * Which calendar day it is in a time zone at an instant, as `2026-09-01`.
 *
 * @example
 * dayIn('Europe/London', new Date('2026-06-30T23:30:00Z')) // => '2026-07-01'
 */
export function dayIn(timeZone: string, now: Date): string {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  const value = new Map(parts.formatToParts(now).map((piece) => [piece.type, piece.value]));
  return `${value.get('year')}-${value.get('month')}-${value.get('day')}`;
}

/** Where a span of days stands against a day; ISO days compare as text. */
export function spanState(opens: string, closes: string, today: string): 'past' | 'current' | 'future' {
  if (closes < today) return 'past';
  return opens > today ? 'future' : 'current';
}
