/** ISO dates and times of a cell as numbers on the calendars of statistics programs. Their clocks know no time zone. */

/**
 * Milliseconds since 1970 of an ISO date or local date and time as if it were in UTC, or since midnight of an ISO time.
 * Null for anything else.
 *
 * @example
 * millisecondsOf('date', '1970-01-02') // => 86400000
 * millisecondsOf('time', '01:00') // => 3600000
 */
export function millisecondsOf(kind: 'date' | 'datetime' | 'time', text: string): number | null {
  if (kind === 'time') {
    const parts = /^(\d\d):(\d\d)(?::(\d\d(?:\.\d+)?))?$/.exec(text);
    return parts
      ? (Number(parts[1]) * 60 + Number(parts[2])) * 60_000 + Math.round(Number(parts[3] ?? 0) * 1000)
      : null;
  }
  if (!/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?)?$/.test(text)) return null;
  const at = Date.parse(text.length === 10 ? `${text}T00:00Z` : `${text}Z`);
  return Number.isNaN(at) ? null : at;
}
