/**
 * The entries of the audit as lines of its page: a request that made something whose id the server chose has two
 * entries, before and after, and one line. A refusal stays beside what was begun: a request's id is the sender's to
 * choose, and must not hide anything. Used by the audit's pages.
 */
import type { AuditEntry } from '../../shared/api.ts';

export interface AuditLine {
  readonly entry: AuditEntry;
  /** The number of the entry that was written before the request was carried out, where another says what it made. */
  readonly began: number | null;
}

/**
 * @param entries of one page, newest first
 * @returns the entries in the same order; one that says what a request made stands for the one written before it began
 */
export function oneLineARequest(entries: readonly AuditEntry[]): AuditLine[] {
  const lines: AuditLine[] = [];
  const ends = new Map<string, number>();
  for (const entry of entries) {
    const key = `${entry.request} ${entry.verb}`;
    const end = ends.get(key);
    const line = end === undefined ? undefined : lines[end];
    if (end !== undefined && line) {
      lines[end] = { ...line, began: entry.number };
      ends.delete(key);
      continue;
    }
    if (entry.detail === 'made' && entry.request !== null) ends.set(key, lines.length);
    lines.push({ entry, began: null });
  }
  return lines;
}
