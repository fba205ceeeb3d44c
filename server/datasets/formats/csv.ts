/**
 * The CSV of every file that Fidelis writes: UTF-8 without a byte order mark, RFC 4180 (comma, CRLF, quotes doubled).
 * Numbers are written in the shortest form that reads back as the same number and are never touched otherwise; texts
 * that a spreadsheet would run as a formula get an apostrophe before them. Also the way back, for the import.
 */
import type { Writable } from 'node:stream';
import { sendBody, writeText } from './body.ts';

export type CsvCell = string | number | null;

/**
 * What spreadsheets take for a formula, after any apostrophes, so that the mark can be taken off: tabs and line ends, and
 * the signs of a formula, also behind spaces and characters that are not seen, which some of them drop.
 */
const formula = /^'*(?:[\t\r\n]|[\s\p{Cc}\p{Cf}]*[=+\-@\uFF0B\uFF0D\uFF1D\uFF20])/u;
const quoted = /[",\r\n]/;

/**
 * A text that no spreadsheet runs: an apostrophe is put before texts that begin like a formula, and before those that
 * begin with apostrophes and then like a formula, so that `plainText` can undo it exactly.
 */
export function neutralText(text: string): string {
  return formula.test(text) ? `'${text}` : text;
}

/** The text as it was given, from a cell written by `neutralText`. */
export function plainText(cell: string): string {
  return cell.startsWith("'") && formula.test(cell) ? cell.slice(1) : cell;
}

/** One line with its CRLF. An empty cell is null or an empty text. */
export function csvLine(cells: readonly CsvCell[]): string {
  let line = '';
  for (let at = 0; at < cells.length; at += 1) {
    if (at > 0) line += ',';
    const cell = cells[at];
    if (typeof cell === 'number') line += cell;
    else if (cell) line += csvText(cell);
  }
  return `${line}\r\n`;
}

function csvText(text: string): string {
  const safe = neutralText(text);
  return quoted.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Writes a header and lines into `out` as they come, then ends it. Throws `ReaderGone` when the reader hangs up. */
export async function writeCsv(
  out: Writable,
  header: readonly string[],
  batches: AsyncIterable<readonly (readonly CsvCell[])[]> | Iterable<readonly (readonly CsvCell[])[]>,
): Promise<void> {
  await sendBody(out, async (body) => {
    await writeText(body, csvLine(header));
    for await (const batch of batches) {
      let text = '';
      for (const cells of batch) text += csvLine(cells);
      await writeText(body, text);
    }
    body.end();
  });
}
