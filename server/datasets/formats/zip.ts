/**
 * The zip with everything: the data and each linked table as CSV, for SPSS, Stata and as Parquet; the codebook, the scales,
 * syntax that reads the data and rebuilds the scores, descriptions for archives, `about.json` and a README; a folder for
 * each administration when there are several.
 */
import type { Writable } from 'node:stream';
import { aboutOf } from '../about.ts';
import { codedCells } from '../cells.ts';
import { codebookPage } from '../codebook-html.ts';
import { type CellTable, codebookTable, scalesTable } from '../codebook-table.ts';
import { linkedColumns } from '../columns.ts';
import { dataPackage } from '../datapackage.ts';
import { ddiDocument, describedAlone } from '../ddi.ts';
import { fileTables } from '../file-table.ts';
import { linkedCells, type Part, tableFile } from '../part.ts';
import { readmeOf } from '../readme.ts';
import { rScript } from '../syntax/r.ts';
import { scoreRules } from '../syntax/scores.ts';
import { spssSyntax } from '../syntax/spss.ts';
import { stataSyntax } from '../syntax/stata.ts';
import { type CsvCell, csvLine } from './csv.ts';
import { writeDta } from './dta.ts';
import { writeParquet } from './parquet.ts';
import { writeSav } from './sav.ts';
import { type Lines, writeEntries, type ZipEntry } from './zip-entries.ts';

/** Writes the zip into `out`, then ends it. Throws `ReaderGone` when the reader hangs up. */
export async function writeZip(
  out: Writable,
  parts: readonly Part[],
  contents: CellTable | null = null,
): Promise<void> {
  const entries: ZipEntry[] = [];
  const [first] = parts;
  if (contents && first) {
    entries.push({ name: 'administrations.csv', at: first.dataset.at, lines: () => tableText(contents) });
  }
  for (const part of parts) entries.push(...(await entriesOf(part)));
  await writeEntries(out, entries);
}

async function entriesOf(part: Part): Promise<ZipEntry[]> {
  const { dataset, spool, prefix } = part;
  const { columns, instrument, at } = dataset;
  const folder = prefix === '' ? '' : `${prefix}/`;
  const entries: ZipEntry[] = [];
  const add = (name: string, text: Lines) => entries.push({ name: folder + name, at, lines: text });
  add('data.csv', () => lines(columns.names, spool.read(), (row) => [codedCells(row)]));
  const codebook = codebookTable(columns, instrument, spool);
  const scales = scalesTable(columns, spool);
  add('codebook.csv', () => tableText(codebook));
  add('codebook.json', () => [tableJson(codebook)]);
  add('codebook.html', () => [codebookPage(dataset, codebook, scales)]);
  add('scales.csv', () => tableText(scales));
  columns.tables.forEach((table, index) => {
    add(`${tableFile(table)}.csv`, () => lines(linkedColumns(table), spool.read(), (row) => linkedCells(row, index)));
  });
  const tables = await fileTables(part);
  for (const table of tables) {
    const file = `${folder}${table.name}`;
    entries.push({ name: `${file}.sav`, at, write: (out) => writeSav(out, table) });
    entries.push({ name: `${file}.dta`, at, write: (out) => writeDta(out, table) });
    entries.push({ name: `${file}.parquet`, at, write: (out) => writeParquet(out, table) });
  }
  const rules = scoreRules(columns);
  const csvOf = ({ name }: { readonly name: string }) => `${name}.csv`;
  for (const [place, table] of tables.entries()) {
    const { name, title, variables } = table;
    add(`${name}.R`, () => [rScript({ data: csvOf(table), title, variables, rules: place === 0 ? rules : [] })]);
  }
  if (rules.length > 0) {
    add('scores.sps', () => [spssSyntax('data.sav', rules)]);
    add('scores.do', () => [stataSyntax('data.dta', rules)]);
  }
  add('ddi.xml', () => [ddiDocument(describedAlone(dataset), tables, csvOf)]);
  const files = tables.map((table) => ({ path: csvOf(table), table }));
  add('datapackage.json', () => [dataPackage(describedAlone(dataset), files)]);
  add('about.json', () => [`${JSON.stringify(Object.fromEntries(aboutOf(dataset, spool)), null, 2)}\n`]);
  add('README.txt', () => [readmeOf(dataset)]);
  return entries;
}

/** The same table as a list of objects. */
export function tableJson({ header, rows }: CellTable): string {
  const objects = rows.map((cells) => Object.fromEntries(header.map((name, at) => [name, cells[at] ?? null])));
  return `${JSON.stringify(objects, null, 2)}\n`;
}

/** A table that is whole in memory, as CSV text. */
export function* tableText({ header, rows }: CellTable): Generator<string> {
  yield csvLine(header);
  for (const row of rows) yield csvLine(row);
}

async function* lines<R>(
  header: readonly string[],
  batches: AsyncIterable<readonly R[]>,
  cellsOf: (row: R) => readonly (readonly CsvCell[])[],
): AsyncGenerator<string> {
  yield csvLine(header);
  for await (const batch of batches) {
    let text = '';
    for (const row of batch) for (const cells of cellsOf(row)) text += csvLine(cells);
    if (text !== '') yield text;
  }
}
