/**
 * The files of a built dataset: any table in any format, and everything in one zip. Called by the routes of datasets,
 * releases and `fidelis export --definition`.
 */
import type { Writable } from 'node:stream';
import { Problem } from '../../problems.ts';
import { tablesPage } from '../codebook-html.ts';
import type { CellTable } from '../codebook-table.ts';
import { dataPackage } from '../datapackage.ts';
import { type Described, ddiDocument } from '../ddi.ts';
import type { FileTable } from '../file-table.ts';
import { sendBody, writeText } from '../formats/body.ts';
import { writeDta } from '../formats/dta.ts';
import { writeJsonLines } from '../formats/jsonl.ts';
import { writeParquet } from '../formats/parquet.ts';
import { writeSav } from '../formats/sav.ts';
import { sheetLimits } from '../formats/sheets.ts';
import { tableCsvLines, writeTableCsv } from '../formats/table-csv.ts';
import { tableJson, tableText } from '../formats/zip.ts';
import { writeEntries, type ZipEntry } from '../formats/zip-entries.ts';
import { rScript } from '../syntax/r.ts';
import { spssSyntax } from '../syntax/spss.ts';
import { stataSyntax } from '../syntax/stata.ts';
import type { BuiltDataset } from './build.ts';
import { aboutBuilt, administrationTable, builtCodebook, rareTable, ruleTable } from './built-codebook.ts';
import { builtReadme } from './built-readme.ts';
import { writeBuiltCodebook, writeBuiltWorkbook } from './built-workbook.ts';

/** Formats that hold one table a file. */
export const tableFormats = ['csv', 'sav', 'dta', 'parquet', 'jsonl'] as const;
export type BuiltTableFormat = (typeof tableFormats)[number];
/** Formats that hold all tables, or describe them. */
export const wholeFormats = ['xlsx', 'zip', 'r', 'ddi'] as const;
export type BuiltFormat = BuiltTableFormat | (typeof wholeFormats)[number];

const writers = {
  csv: writeTableCsv,
  sav: writeSav,
  dta: writeDta,
  parquet: writeParquet,
  jsonl: writeJsonLines,
} as const;

export function writeBuiltTable(out: Writable, table: FileTable, format: BuiltTableFormat): Promise<void> {
  return writers[format](out, table);
}

export function mainOf({ tables }: BuiltDataset): FileTable {
  const [main] = tables;
  if (!main) throw new RangeError('a dataset without a main table');
  return main;
}

/**
 * Writes one file of a dataset into `out`, then ends it: of the formats of one table, the main table. Throws
 * `too-large-for-workbook` before the first byte, `ReaderGone` when the reader hangs up.
 */
export async function writeBuilt(out: Writable, built: BuiltDataset, format: BuiltFormat): Promise<void> {
  switch (format) {
    case 'xlsx':
      requireSheets(built);
      return writeBuiltWorkbook(out, built);
    case 'zip':
      return writeEntries(out, entriesOf(built));
    case 'r':
      return sendText(out, builtScript(built, `${built.definition.name}.csv`));
    case 'ddi':
      return sendText(out, builtDdi(built));
    default:
      return writeBuiltTable(out, mainOf(built), format);
  }
}

function sendText(out: Writable, text: string): Promise<void> {
  return sendBody(out, async (body) => {
    await writeText(body, text);
    body.end();
  });
}

const tooLarge = ({ tables }: Pick<BuiltDataset, 'tables'>) =>
  tables.find(({ rows, variables }) => rows >= sheetLimits.rows || variables.length > sheetLimits.columns);

/** Whether a workbook can hold it. */
const fitsSheets = (built: Pick<BuiltDataset, 'tables'>) => tooLarge(built) === undefined;

export function requireSheets({ tables, definition }: BuiltDataset): void {
  const large = tooLarge({ tables });
  if (!large) return;
  const size = `${large.rows} rows and ${large.variables.length} columns`;
  throw new Problem('too-large-for-workbook', { detail: `${definition.name}: ${large.name} has ${size}.` });
}

const csvOf = ({ name }: { readonly name: string }) => `${name}.csv`;

function describedBuilt({ study, definition, at, datasets, notes }: BuiltDataset): Described {
  return { study, id: definition.name, title: `${study.title}: ${definition.title}`, at, datasets, notes };
}

export const builtDdi = (built: BuiltDataset) => ddiDocument(describedBuilt(built), built.tables, csvOf);

/** @param data name of the table's CSV file beside the script */
export function builtScript(built: BuiltDataset, data: string, table: FileTable = mainOf(built)): string {
  const { title, variables } = table;
  return rScript({ data, title, variables, rules: table === mainOf(built) ? built.scores : [] });
}

/** Everything, each file by its name. The same dataset gives the same entries in the same order. */
export function entriesOf(built: BuiltDataset): ZipEntry[] {
  const { tables, scores, at } = built;
  const entries: ZipEntry[] = [];
  const text = (name: string, content: () => string) => entries.push({ name, at, lines: () => [content()] });
  const cells = (name: string, table: CellTable) => entries.push({ name, at, lines: () => tableText(table) });
  for (const table of tables) {
    entries.push({ name: csvOf(table), at, lines: () => tableCsvLines(table) });
    for (const format of ['sav', 'dta', 'parquet', 'jsonl'] as const) {
      entries.push({ name: `${table.name}.${format}`, at, write: (out) => writeBuiltTable(out, table, format) });
    }
  }
  if (fitsSheets(built)) {
    entries.push({ name: `${built.definition.name}.xlsx`, at, write: (out) => writeBuiltWorkbook(out, built) });
  }
  const codebook = builtCodebook(tables);
  cells('codebook.csv', codebook);
  text('codebook.json', () => tableJson(codebook));
  text('codebook.html', () =>
    tablesPage(`Codebook: ${built.definition.title}`, `${built.study.title}.`, [
      ['Columns', codebook],
      ['Rules', ruleTable(built)],
      ['Administrations', administrationTable(built)],
    ]),
  );
  entries.push({ name: 'codebook.xlsx', at, write: (out) => writeBuiltCodebook(out, built) });
  cells('rules.csv', ruleTable(built));
  cells('administrations.csv', administrationTable(built));
  const rare = rareTable(built);
  if (rare) cells('k-anonymity.csv', rare);
  for (const table of tables) text(`${table.name}.R`, () => builtScript(built, csvOf(table), table));
  if (scores.length > 0) {
    text('scores.sps', () => spssSyntax('data.sav', scores));
    text('scores.do', () => stataSyntax('data.dta', scores));
  }
  text('ddi.xml', () => builtDdi(built));
  const files = tables.map((table) => ({ path: csvOf(table), table }));
  text('datapackage.json', () => dataPackage(describedBuilt(built), files));
  text('about.json', () => `${JSON.stringify(aboutBuilt(built), null, 2)}\n`);
  text('README.txt', () => builtReadme(built, [...entries.map(({ name }) => name), 'README.txt']));
  return entries;
}
