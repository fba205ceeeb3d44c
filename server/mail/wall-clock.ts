/** Times on the clock of a study's time zone, also around the days when clocks change. Used where mailings are planned. */

const formats = new Map<string, Intl.DateTimeFormat>();

/** How far a zone is ahead of UTC at an instant, in milliseconds. */
function offsetAt(timeZone: string, at: number): number {
  let format = formats.get(timeZone);
  if (!format) {
    const digits = '2-digit' as const;
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: digits,
      day: digits,
      hour: digits,
      minute: digits,
      second: digits,
    });
    formats.set(timeZone, format);
  }
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000;
}

/**
 * The instant at which a clock in the zone shows a time like `2026-03-29T09:30`. A time that the clocks skip in spring is
 * taken as much later as they skip; of a time that comes twice in autumn it is the first.
 *
 * @example
 * instantOf('Europe/London', '2026-07-01T09:00').toISOString() // => '2026-07-01T08:00:00.000Z'
 */
export function instantOf(timeZone: string, local: string): Date {
  const asUtc = Date.parse(`${local}:00Z`);
  if (Number.isNaN(asUtc)) throw new RangeError(`instantOf requires a time like 2026-03-29T09:30, not ${local}`);
  const day = 24 * 60 * 60 * 1000;
  const [before, after] = [offsetAt(timeZone, asUtc - day), offsetAt(timeZone, asUtc + day)];
  // With the offset of the day before, the first of two such times; it is the one that was meant if the clock shows it.
  const early = asUtc - before;
  if (before === after || offsetAt(timeZone, early) === before) return new Date(early);
  const late = asUtc - after;
  return new Date(offsetAt(timeZone, late) === after ? late : early);
}

/** The time that a clock in the zone shows, like `2026-03-29T09:30`. */
export function localTime(timeZone: string, at: Date): string {
  return new Date(at.getTime() + offsetAt(timeZone, at.getTime())).toISOString().slice(0, 16);
}
