/** The workbook of administrations: data in codes, the same labelled, codebook, scales, about, a sheet for each linked table. */
import type { Writable } from 'node:stream';
import { aboutOf } from '../about.ts';
import { type Cell, codedCells, labelledCells, labellerOf, wordsOf } from '../cells.ts';
import { type CellTable, codebookTable, scalesTable } from '../codebook-table.ts';
import { linkedColumns } from '../columns.ts';
import type { Dataset } from '../dataset.ts';
import { linkedCells, type Part } from '../part.ts';
import type { DataRow } from '../rows.ts';
import type { Spool } from '../spool.ts';
import { sheetName } from './sheet-xml.ts';
import { type Sheet, tableSheet, widthOf, writeSheets } from './sheets.ts';

/**
 * Writes a workbook with the given parts, in order, then ends `out`. `contents` is a first sheet for workbooks of
 * several parts. Throws `ReaderGone` when the reader hangs up.
 */
export async function writeWorkbook(
  out: Writable,
  parts: readonly Part[],
  contents: CellTable | null = null,
): Promise<void> {
  const taken = new Set<string>(['history']);
  const labels = parts.flatMap(({ dataset }) => dataset.columns.variables.flatMap(wordsOf));
  await writeSheets(out, allSheets(parts, contents, taken), labels);
}

function* allSheets(parts: readonly Part[], contents: CellTable | null, taken: Set<string>): Generator<Sheet> {
  if (contents) yield tableSheet(sheetName('contents', taken), contents);
  for (const part of parts) yield* sheetsOf(part, taken);
}

function* sheetsOf({ dataset, spool, prefix }: Part, taken: Set<string>): Generator<Sheet> {
  const { columns, instrument } = dataset;
  // The prefix gives way where both do not fit: what a sheet holds must stay readable.
  const named = (name: string) =>
    sheetName(prefix === '' ? name : `${prefix.slice(0, Math.max(8, 30 - name.length))} ${name}`, taken);
  const labellers = columns.variables.map(labellerOf);
  const responseWidths = columns.response.map((column) => widthOf(column.name, column.id === 'response' ? 20 : 14));
  const scoreWidths = columns.scores.flatMap((score) => [widthOf(score.score, 10), widthOf(score.answered, 10)]);
  const sheet = (name: string, cellWidth: number, cellsOf: (row: DataRow) => Cell[]): Sheet => ({
    name: named(name),
    header: columns.names,
    widths: [
      ...responseWidths,
      ...columns.variables.map((variable) => widthOf(variable.name, cellWidth)),
      ...scoreWidths,
    ],
    rows: spool.rows,
    batches: mapped(spool, (rows) => rows.map(cellsOf)),
  });
  yield sheet('data', 8, codedCells);
  yield sheet('labelled', 18, (row) => labelledCells(row, labellers));
  yield tableSheet(named('codebook'), codebookTable(columns, instrument, spool));
  yield tableSheet(named('scales'), scalesTable(columns, spool));
  yield tableSheet(named('about'), { header: ['what', 'value'], rows: aboutCells(dataset, spool) });
  for (const [at, table] of columns.tables.entries()) {
    const header = linkedColumns(table);
    yield {
      name: named(table.name),
      header,
      widths: header.map((name, column) => widthOf(name, column === 0 ? 20 : 12)),
      rows: spool.linked[at]?.rows ?? 0,
      batches: mapped(spool, (rows) => rows.flatMap((row) => linkedCells(row, at))),
    };
  }
}

function aboutCells(dataset: Dataset, spool: Spool): Cell[][] {
  return aboutOf(dataset, spool).map(([what, value]) => [what, typeof value === 'boolean' ? String(value) : value]);
}

async function* mapped(spool: Spool, map: (rows: readonly DataRow[]) => Cell[][]): AsyncGenerator<Cell[][]> {
  for await (const rows of spool.read()) yield map(rows);
}
