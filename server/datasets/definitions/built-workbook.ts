/** The workbook of a built dataset: each table in codes, the main one labelled as well, codebook, rules, about. */
import type { Writable } from 'node:stream';
import { type Cell, wordsOf } from '../cells.ts';
import type { FileRow, FileVariable } from '../file-columns.ts';
import type { FileTable } from '../file-table.ts';
import { sheetName } from '../formats/sheet-xml.ts';
import { type Sheet, tableSheet, widthOf, writeSheets } from '../formats/sheets.ts';
import { codedRow, headerOf, reasonAt } from '../formats/table-csv.ts';
import type { BuiltDataset } from './build.ts';
import { administrationTable, builtCodebook, rareTable, ruleTable } from './built-codebook.ts';

/** Writes the workbook into `out`, then ends it. Throws `ReaderGone` when the reader hangs up. */
export async function writeBuiltWorkbook(out: Writable, built: BuiltDataset): Promise<void> {
  const labels = built.tables.flatMap(({ variables }) => variables.flatMap(wordsOf));
  await writeSheets(out, sheetsOf(built), labels, built.at);
}

/** The codebook alone, for whoever reads it beside files of another format. Ends `out`. */
export async function writeBuiltCodebook(out: Writable, built: BuiltDataset): Promise<void> {
  const sheets = [
    tableSheet('codebook', builtCodebook(built.tables)),
    tableSheet('rules', ruleTable(built)),
    tableSheet('administrations', administrationTable(built)),
  ];
  await writeSheets(out, sheets, [], built.at);
}

function* sheetsOf(built: BuiltDataset): Generator<Sheet> {
  const taken = new Set<string>(['history']);
  const named = (name: string) => sheetName(name, taken);
  const [main, ...linked] = built.tables;
  if (!main) return;
  yield sheetOf(named('data'), main, 8, (row) => codedRow(main.variables, row));
  yield sheetOf(named('labelled'), main, 18, labelledRowOf(main.variables));
  for (const table of linked) yield sheetOf(named(table.name), table, 12, (row) => codedRow(table.variables, row));
  yield tableSheet(named('codebook'), builtCodebook(built.tables));
  yield tableSheet(named('rules'), ruleTable(built));
  yield tableSheet(named('administrations'), administrationTable(built));
  const rare = rareTable(built);
  if (rare) yield tableSheet(named('k-anonymity'), rare);
  yield tableSheet(named('about'), { header: ['what', 'value'], rows: aboutRows(built) });
}

function sheetOf(name: string, table: FileTable, width: number, cellsOf: (row: FileRow) => Cell[]): Sheet {
  const header = headerOf(table);
  return {
    name,
    header,
    widths: header.map((title, at) => widthOf(title, at === 0 ? 20 : width)),
    rows: table.rows,
    batches: mapped(table, cellsOf),
  };
}

async function* mapped(table: FileTable, cellsOf: (row: FileRow) => Cell[]): AsyncGenerator<Cell[][]> {
  for await (const batch of table.read()) yield batch.map(cellsOf);
}

/** Words for codes, `[reason]` for gaps. */
function labelledRowOf(variables: readonly FileVariable[]): (row: FileRow) => Cell[] {
  const words = variables.map((variable) => {
    const labels = wordsOf(variable);
    return new Map(variable.values.map(({ code }, at) => [code, labels[at] ?? null]));
  });
  return ({ values, reasons }) =>
    variables.flatMap(({ gapOf }, at): Cell[] => {
      if (gapOf !== undefined) return [];
      const reason = reasonAt(variables, reasons, at);
      if (reason !== null) return [`[${reason}]`];
      const value = values[at] ?? null;
      return [typeof value === 'number' ? (words[at]?.get(value) ?? value) : value];
    });
}

function aboutRows({ study, definition, counts, notes, datasets, sha256 }: BuiltDataset): Cell[][] {
  return [
    ['study', study.id],
    ['study_title', study.title],
    ['simulated', String(study.simulated)],
    ['dataset', definition.name],
    ['title', definition.title],
    ['purpose', definition.purpose],
    ['level', definition.level],
    ['rows', definition.rows],
    ['places', definition.places],
    ['responses', counts.responses],
    ['withdrawn_responses', counts.withdrawn],
    ...notes.map((note, at): Cell[] => [`note_${at + 1}`, note]),
    ...datasets.flatMap(({ amendments }) => amendments).map((text, at): Cell[] => [`amendment_${at + 1}`, text]),
    ['sha256', sha256],
  ];
}
