/**
 * One table as CSV in codes: a value, or the reserved code of the reason why there is none; empty where nothing applies.
 * Columns that tell the gaps of texts, days and times are not written: the code stands in the column itself. Called for
 * datasets that are built from a definition.
 */
import type { Writable } from 'node:stream';
import { type MissingReason, missingCodes } from '../../../instruments/missing.ts';
import type { Cell } from '../cells.ts';
import type { FileRow, FileVariable } from '../file-columns.ts';
import type { FileTable } from '../file-table.ts';
import { csvLine, writeCsv } from './csv.ts';

type Table = Pick<FileTable, 'variables' | 'read'>;

/** Writes the table into `out`, then ends it. Throws `ReaderGone` when the reader hangs up. */
export async function writeTableCsv(out: Writable, table: Table): Promise<void> {
  await writeCsv(out, headerOf(table), cellBatches(table));
}

/** The same as lines of text. */
export async function* tableCsvLines(table: Table): AsyncGenerator<string> {
  yield csvLine(headerOf(table));
  for await (const batch of cellBatches(table)) if (batch.length > 0) yield batch.map(csvLine).join('');
}

export function headerOf({ variables }: Pick<FileTable, 'variables'>): string[] {
  return variables.filter(({ gapOf }) => gapOf === undefined).map(({ name }) => name);
}

async function* cellBatches({ variables, read }: Table): AsyncGenerator<Cell[][]> {
  for await (const batch of read()) yield batch.map((row) => codedRow(variables, row));
}

/** The cells of a row, without the columns that tell gaps. */
export function codedRow(variables: readonly FileVariable[], { values, reasons }: FileRow): Cell[] {
  const cells: Cell[] = [];
  for (let at = 0; at < variables.length; at += 1) {
    if (variables[at]?.gapOf !== undefined) continue;
    const reason = reasonAt(variables, reasons, at);
    cells.push(reason === null ? (values[at] ?? null) : missingCodes[reason]);
  }
  return cells;
}

/** Why there is no value in a cell: said by itself, or of texts, days and times by the column behind it. */
export function reasonAt(
  variables: readonly FileVariable[],
  reasons: FileRow['reasons'],
  at: number,
): MissingReason | null {
  return reasons[at] ?? (variables[at + 1]?.gapOf === undefined ? null : (reasons[at + 1] ?? null));
}
