/**
 * Workbooks, sheet by sheet: each is written to its end before the next begins and waits for the reader, so memory stays
 * flat. The only importer of exceljs. Called by what makes the sheets (`xlsx.ts`, `tables-xlsx.ts`).
 */
import type { Writable } from 'node:stream';
import type ExcelJS from 'exceljs';
import { missingReasons } from '../../../instruments/missing.ts';
import type { Cell } from '../cells.ts';
import type { CellTable } from '../codebook-table.ts';
import { ReaderGone, sendBody } from './body.ts';
import { columnLetters, isPlain, rowXml, type SharedTexts } from './sheet-xml.ts';

/** A sheet: a header and rows in batches. */
export interface Sheet {
  readonly name: string;
  readonly header: readonly string[];
  readonly widths: readonly number[];
  readonly rows: number;
  readonly batches: AsyncIterable<readonly (readonly Cell[])[]> | Iterable<readonly (readonly Cell[])[]>;
}

/** What Excel can hold on a sheet. */
export const sheetLimits = { rows: 1_048_576, columns: 16_384 } as const;

/**
 * Writes the sheets in order, then ends `out`. Throws `ReaderGone` when the reader hangs up.
 * @param labels texts that stand in many cells; reasons of gaps besides
 * @param at the time that the file carries, in it and in its zip; not there: now
 */
export async function writeSheets(
  out: Writable,
  sheets: Iterable<Sheet>,
  labels: readonly string[],
  at: Date = new Date(),
): Promise<void> {
  // Loaded with the first workbook: it is the slowest import of the house.
  const { default: excel } = await import('exceljs');
  await sendBody(out, async (body) => {
    const workbook = newDatedWorkbook(excel, {
      stream: body,
      useStyles: true,
      useSharedStrings: false,
      zip: { zlib: { level: 3 } },
      created: at,
    });
    workbook.creator = 'Fidelis';
    workbook.lastModifiedBy = 'Fidelis';
    workbook.modified = at;
    try {
      const shared = sharedLabels(workbook, labels);
      for (const sheet of sheets) await writeSheet(workbook, body, sheet, shared);
      await untilClosed(body, workbook.commit());
    } catch (error) {
      (workbook as unknown as { zip: { abort(): void } }).zip.abort();
      throw error;
    }
  });
}

type Writer = ExcelJS.stream.xlsx.WorkbookWriter;
type WriterOptions = Partial<ExcelJS.stream.xlsx.WorkbookStreamWriterOptions> & { readonly created: Date };

/** What the writer adds to its zip already while it is made. */
interface Making extends Writer {
  readonly zip: { append(source: unknown, data: object): unknown };
  addThemes(): Promise<void>;
}

/** exceljs dates the entries of its zip by the clock, so that no two files would be the same; here it is the given time. */
function newDatedWorkbook(excel: typeof ExcelJS, options: WriterOptions): Writer {
  const Base = excel.stream.xlsx.WorkbookWriter as unknown as new (options: WriterOptions) => Making;
  class DatedWriter extends Base {
    override addThemes(): Promise<void> {
      const append = this.zip.append.bind(this.zip);
      this.zip.append = (source, data) => append(source, { ...data, date: options.created });
      return super.addThemes();
    }
  }
  return new DatedWriter(options);
}

/** A workbook that is written as it is filled, for tables that are small. */
export async function startWorkbook(stream: Writable): Promise<ExcelJS.stream.xlsx.WorkbookWriter> {
  const { default: excel } = await import('exceljs');
  const workbook = new excel.stream.xlsx.WorkbookWriter({ stream, useStyles: true, useSharedStrings: false });
  workbook.creator = 'Fidelis';
  workbook.lastModifiedBy = 'Fidelis';
  return workbook;
}

export function tableSheet(name: string, { header, rows }: CellTable): Sheet {
  const widths = header.map((title, column) => {
    const longest = rows.reduce((most, row) => Math.max(most, String(row[column] ?? '').length), 0);
    return Math.min(Math.max(widthOf(title, 8), longest + 2), 60);
  });
  return { name, header, widths, rows: rows.length, batches: [rows] };
}

/** Characters of a column: its name with the button of the filter, or what its cells need. */
export function widthOf(name: string, least: number): number {
  return Math.max(name.length + 4, least);
}

/** Puts labels and reasons into the workbook's list of texts: as many as there are codes, however many the rows. */
function sharedLabels(workbook: ExcelJS.stream.xlsx.WorkbookWriter, labels: readonly string[]): SharedTexts {
  const { sharedStrings } = workbook as unknown as { sharedStrings: { add(text: string): number } };
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
