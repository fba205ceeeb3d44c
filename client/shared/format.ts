/** Figures and dates as the workbench shows them: British English, calendar days without a time zone of their own. */
import type { CellValue, Column } from '../../analysis/result.ts';

/** Stands where there is no figure. */
export const noFigure = '–';

const minus = '\u2212';

/**
 * A number with a fixed count of digits after the point, and a real minus sign.
 *
 * @example
 * formatNumber(-1234.5, 2) // => '\u22121,234.50'
 */
export function formatNumber(value: number | null, digits = 0): string {
  if (value === null || !Number.isFinite(value)) return noFigure;
  const text = new Intl.NumberFormat('en-GB', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
  return signed(text);
}

/**
 * A share (0 to 1) in per cent.
 *
 * @example
 * formatPercent(0.725, 1) // => '72.5%'
 */
export function formatPercent(share: number | null, digits = 0): string {
  if (share === null || !Number.isFinite(share)) return noFigure;
  return signed(`${new Intl.NumberFormat('en-GB', digitsOf(digits)).format(share * 100)}%`);
}

const digitsOf = (digits: number) => ({ minimumFractionDigits: digits, maximumFractionDigits: digits });

/** Rounded to zero is zero: "-0.0" says nothing. */
function signed(text: string): string {
  return /[1-9]/.test(text) ? text.replace('-', minus) : text.replace('-', '');
}

/** A cell of a table as its column says; texts pass as they are. */
export function formatCell(value: CellValue, column: Column): string {
  if (value === null) return noFigure;
  if (typeof value === 'string') return value;
  if (column.kind === 'percent') return formatPercent(value, column.digits ?? 1);
  if (column.kind === 'integer') return formatNumber(value, 0);
  return formatNumber(value, column.digits ?? 2);
}

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
