/**
 * The workbook: data in codes, the same labelled, codebook, scales, about, and a sheet for each linked table. The only
 * importer of exceljs. Sheets are written one after the other and wait for the reader, so memory stays flat.
 */
import type { Writable } from 'node:stream';
import type ExcelJS from 'exceljs';
import { missingReasons } from '../../../instruments/missing.ts';
import { aboutOf } from '../about.ts';
import { type Cell, codedCells, labelledCells, labellerOf, wordsOf } from '../cells.ts';
import { type CellTable, codebookTable, scalesTable } from '../codebook-table.ts';
import { linkedColumns } from '../columns.ts';
import type { Dataset } from '../dataset.ts';
import { linkedCells, type Part } from '../part.ts';
import type { DataRow } from '../rows.ts';
import type { Spool } from '../spool.ts';
import { ReaderGone, sendBody } from './body.ts';
import { columnLetters, isPlain, rowXml, type SharedTexts, sheetName } from './sheet-xml.ts';

/** A sheet: a header and rows in batches. */
interface Sheet {
  readonly name: string;
  readonly header: readonly string[];
  readonly widths: readonly number[];
  readonly rows: number;
  readonly batches: AsyncIterable<readonly (readonly Cell[])[]> | Iterable<readonly (readonly Cell[])[]>;
}

/** What Excel can hold on a sheet. */
export const sheetLimits = { rows: 1_048_576, columns: 16_384 } as const;

/**
 * Writes a workbook with the given parts, in order, then ends `out`. `contents` is a first sheet for workbooks of
 * several parts. Throws `ReaderGone` when the reader hangs up.
 */
export async function writeWorkbook(
  out: Writable,
  parts: readonly Part[],
  contents: CellTable | null = null,
): Promise<void> {
  // Loaded with the first workbook: it is the slowest import of the house.
  const { default: excel } = await import('exceljs');
  await sendBody(out, async (body) => {
    const workbook = new excel.stream.xlsx.WorkbookWriter({
      stream: body,
      useStyles: true,
      useSharedStrings: false,
      zip: { zlib: { level: 3 } },
    });
    workbook.creator = 'Fidelis';
    workbook.lastModifiedBy = 'Fidelis';
    try {
      const taken = new Set<string>(['history']);
      const shared = sharedLabels(workbook, parts);
      const write = (sheet: Sheet) => writeSheet(workbook, body, sheet, shared);
      if (contents) await write(tableSheet(sheetName('contents', taken), contents));
      for (const part of parts) {
        for (const sheet of sheetsOf(part, taken)) await write(sheet);
      }
      await untilClosed(body, workbook.commit());
    } catch (error) {
      (workbook as unknown as { zip: { abort(): void } }).zip.abort();
      throw error;
    }
  });
}

/** A workbook that is written as it is filled, for tables that are small. */
export async function startWorkbook(stream: Writable): Promise<ExcelJS.stream.xlsx.WorkbookWriter> {
  const { default: excel } = await import('exceljs');
  const workbook = new excel.stream.xlsx.WorkbookWriter({ stream, useStyles: true, useSharedStrings: false });
  workbook.creator = 'Fidelis';
  workbook.lastModifiedBy = 'Fidelis';
  return workbook;
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

function tableSheet(name: string, { header, rows }: CellTable): Sheet {
  const widths = header.map((title, column) => {
    const longest = rows.reduce((most, row) => Math.max(most, String(row[column] ?? '').length), 0);
    return Math.min(Math.max(widthOf(title, 8), longest + 2), 60);
  });
  return { name, header, widths, rows: rows.length, batches: [rows] };
}

function widthOf(name: string, least: number): number {
  return Math.max(name.length + 4, least);
}

/** Puts labels and reasons into the workbook's list of texts: as many as the codebook has, however many the rows. */
function sharedLabels(workbook: ExcelJS.stream.xlsx.WorkbookWriter, parts: readonly Part[]): SharedTexts {
  const { sharedStrings } = workbook as unknown as { sharedStrings: { add(text: string): number } };
  const labels = parts.flatMap(({ dataset }) => dataset.columns.variables.flatMap(wordsOf));
  const texts = new Set([...labels, ...missingReasons.map((reason) => `[${reason}]`), 'complete', 'partial']);
  return new Map([...texts].filter(isPlain).map((text) => [text, sharedStrings.add(text)]));
}

async function writeSheet(
  workbook: ExcelJS.stream.xlsx.WorkbookWriter,
  body: Writable,
  sheet: Sheet,
  shared: SharedTexts,
): Promise<void> {
  const { name, header, widths, rows, batches } = sheet;
  const worksheet = workbook.addWorksheet(name, { views: [{ state: 'frozen', xSplit: 1, ySplit: 1 }] });
  worksheet.columns = widths.map((width) => ({ width }));
  worksheet.autoFilter = { from: { row: 1, column: 1 }, to: { row: rows + 1, column: header.length } };
  const first = worksheet.addRow([...header]);
  first.font = { bold: true };
  first.commit();
  const letters = columnLetters(header.length);
  let number = 1;
  for await (const batch of batches) {
    let xml = '';
    for (const cells of batch) {
      number += 1;
      xml += rowXml(cells, number, letters, shared);
    }
    await taken(worksheet, body, xml);
  }
  await untilClosed(body, processed(workbook, worksheet));
}

/** The stream of a sheet and the zip's end of it: an old class that tells only so whether it wants a pause. */
interface SheetStream {
  write(xml: string): unknown;
  readonly pipes: readonly (NodeJS.EventEmitter & { readonly _writableState: { readonly needDrain: boolean } })[];
}

/** exceljs hands rows on to the zip without waiting; here the waiting is done, on the pipe it made. */
async function taken(worksheet: ExcelJS.Worksheet, body: Writable, xml: string): Promise<void> {
  if (body.destroyed) throw new ReaderGone();
  const { stream } = worksheet as unknown as { stream: SheetStream };
  if (xml !== '') stream.write(xml);
  const [pipe] = stream.pipes;
  if (!pipe?._writableState.needDrain) return;
  await untilClosed(body, new Promise<void>((resolve) => pipe.once('drain', resolve)));
}

/** Ends a sheet and waits until the zip holds all of it, so that the next one does not pile up behind it. */
function processed(workbook: ExcelJS.stream.xlsx.WorkbookWriter, worksheet: ExcelJS.Worksheet): Promise<void> {
  const { zip } = workbook as unknown as {
    zip: { on(event: 'entry', listener: (entry: { name: string }) => void): void; off: NodeJS.EventEmitter['off'] };
  };
  const file = `xl/worksheets/sheet${worksheet.id}.xml`;
  return new Promise<void>((resolve) => {
    const listener = (entry: { name: string }) => {
      if (entry.name !== file) return;
      zip.off('entry', listener);
      resolve();
    };
    zip.on('entry', listener);
    worksheet.commit();
  });
}

/** The work, or `ReaderGone` when the body closes before it is done. */
async function untilClosed(body: Writable, work: Promise<unknown>): Promise<void> {
  let gone = () => {};
  try {
    await Promise.race([
      work,
      new Promise<never>((_, reject) => {
        gone = () => {
          // A body that closes after its last byte has been taken whole.
          if (!body.writableFinished) reject(new ReaderGone());
        };
        if (body.destroyed) gone();
        body.once('close', gone);
      }),
    ]);
  } finally {
    body.off('close', gone);
  }
}
