/** The tables of a report as a workbook: a list of them with their notes, then a sheet for each. Called by `render.ts`. */
import type { Writable } from 'node:stream';
import type { Report, Table } from '../../../analysis/result.ts';
import { sheetName } from '../../datasets/formats/sheet-xml.ts';
import { type Sheet, tableSheet, widthOf, writeSheets } from '../../datasets/formats/sheets.ts';

/** Writes the workbook into `out`, then ends it. Figures keep all their digits. Throws `ReaderGone` when the reader hangs up. */
export async function writeReportWorkbook(out: Writable, report: Report, at: Date): Promise<void> {
  const taken = new Set<string>(['history']);
  const list = sheetName('contents', taken);
  const named = report.sections.flatMap((section) =>
    section.tables.map((table) => ({ section, table, name: sheetName(table.id, taken) })),
  );
  const head = [['', report.title, report.subtitle], ...report.notes.map(({ text }) => ['', 'note', text])];
  const rows = named.flatMap(({ section, table, name }) => [
    [name, section.title, table.title],
    ...table.notes.map(({ text }) => ['', 'note', text]),
  ]);
  const contents = tableSheet(list, { header: ['sheet', 'section', 'table or note'], rows: [...head, ...rows] });
  await writeSheets(out, [contents, ...named.map(({ table, name }) => sheetOf(table, name))], [], at);
}

function sheetOf({ columns, rows }: Table, name: string): Sheet {
  return {
    name,
    header: columns.map(({ title }) => title),
    widths: columns.map(({ title, kind }) => widthOf(title, kind === 'text' ? 24 : 10)),
    rows: rows.length,
    batches: [rows],
  };
}
