/**
 * JSON Lines: one object for each row, UTF-8, lines ending in LF. Keys are the variables in their order; a missing value is
 * null, and `_missing` says why, by variable. Labels and codes are in the schema beside it (`../table-schema.ts`).
 */
import type { Writable } from 'node:stream';
import type { FileRow, FileVariable } from '../file-columns.ts';
import type { FileTable } from '../file-table.ts';
import { sendBody, writeText } from './body.ts';

/** Writes the table into `out`, then ends it. Throws `ReaderGone` when the reader hangs up. */
export async function writeJsonLines(out: Writable, { variables, read }: Pick<FileTable, 'variables' | 'read'>) {
  await sendBody(out, async (body) => {
    for await (const batch of read()) {
      let text = '';
      for (const row of batch) text += `${JSON.stringify(objectOf(variables, row))}\n`;
      await writeText(body, text);
    }
    body.end();
  });
}

/** Reasons of texts, days and times stand under the variable itself, so the columns that tell them are not needed here. */
export function objectOf(variables: readonly FileVariable[], { values, reasons }: FileRow): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  const missing: Record<string, string> = {};
  variables.forEach(({ name, gapOf }, at) => {
    const reason = reasons[at] ?? null;
    if (gapOf !== undefined) {
      if (reason === null) return;
      object[gapOf] = null;
      missing[gapOf] = reason;
      return;
    }
    object[name] = reason === null ? (values[at] ?? null) : null;
    if (reason !== null) missing[name] = reason;
  });
  // Names of variables begin with a letter.
  if (Object.keys(missing).length > 0) object._missing = missing;
  return object;
}
