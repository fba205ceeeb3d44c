/**
 * The zip with everything: the data and each linked table as CSV, for SPSS, Stata and as Parquet; the codebook, the scales,
 * syntax that reads the data and rebuilds the scores, descriptions for archives, `about.json` and a README; a folder for
 * each administration when there are several. The only importer of yazl.
 */
import { PassThrough, Readable, type Writable } from 'node:stream';
import { ZipFile } from 'yazl';
import { aboutOf } from '../about.ts';
import { codedCells } from '../cells.ts';
import { codebookPage } from '../codebook-html.ts';
import { type CellTable, codebookTable, scalesTable } from '../codebook-table.ts';
import { linkedColumns } from '../columns.ts';
import { dataPackage } from '../datapackage.ts';
import { ddiDocument } from '../ddi.ts';
import { fileTables } from '../file-table.ts';
import { linkedCells, type Part, tableFile } from '../part.ts';
import { readmeOf } from '../readme.ts';
import { rScript } from '../syntax/r.ts';
import { scoreRules } from '../syntax/scores.ts';
import { spssSyntax } from '../syntax/spss.ts';
import { stataSyntax } from '../syntax/stata.ts';
import { ReaderGone, sendBody } from './body.ts';
import { type CsvCell, csvLine } from './csv.ts';
import { writeDta } from './dta.ts';
import { writeParquet } from './parquet.ts';
import { writeSav } from './sav.ts';

/** Writes the zip into `out`, then ends it. Throws `ReaderGone` when the reader hangs up. */
export async function writeZip(
  out: Writable,
  parts: readonly Part[],
  contents: CellTable | null = null,
): Promise<void> {
  const zip = new ZipFile();
  await sendBody(out, async (body) => {
    const underWay = new Set<Readable>();
    const written = new Promise<void>((resolve, reject) => {
      zip.on('error', reject);
      body.on('error', reject);
      body.on('close', resolve);
    });
    const add = (name: string, at: Date, lines: Lines) => {
      zip.addReadStreamLazy(name, { mtime: at }, (give) => {
        if (body.destroyed) return give(new ReaderGone(), Readable.from([]));
        const stream = Readable.from(lines(), { objectMode: false, highWaterMark: 1 << 17 });
        underWay.add(stream);
        stream.once('close', () => underWay.delete(stream));
        stream.on('error', (error) => zip.emit('error', error));
        give(null, stream);
      });
    };
    const [first] = parts;
    if (contents && first) add('administrations.csv', first.dataset.at, () => tableText(contents));
    const addWritten = (name: string, at: Date, write: Write) => {
      zip.addReadStreamLazy(name, { mtime: at }, (give) => {
        if (body.destroyed) return give(new ReaderGone(), Readable.from([]));
        const stream = new PassThrough({ highWaterMark: 1 << 17 });
        underWay.add(stream);
        stream.once('close', () => underWay.delete(stream));
        write(stream).catch((error: unknown) => zip.emit('error', error));
        give(null, stream);
      });
    };
    for (const part of parts) {
      const { at } = part.dataset;
      await addPart(
        part,
        (name, lines) => add(name, at, lines),
        (name, write) => addWritten(name, at, write),
      );
    }
    zip.end();
    zip.outputStream.pipe(body);
    try {
      await written;
    } finally {
      for (const stream of underWay) stream.destroy();
    }
  });
}

type Lines = () => AsyncIterable<string> | Iterable<string>;
type Add = (name: string, lines: Lines) => void;
type Write = (out: Writable) => Promise<void>;

async function addPart(part: Part, add: Add, addWritten: (name: string, write: Write) => void): Promise<void> {
  const { dataset, spool, prefix } = part;
  const { columns, instrument } = dataset;
  const folder = prefix === '' ? '' : `${prefix}/`;
  add(`${folder}data.csv`, () => lines(columns.names, spool.read(), (row) => [codedCells(row)]));
  const codebook = codebookTable(columns, instrument, spool);
  const scales = scalesTable(columns, spool);
  add(`${folder}codebook.csv`, () => tableText(codebook));
  add(`${folder}codebook.json`, () => [tableJson(codebook)]);
  add(`${folder}codebook.html`, () => [codebookPage(dataset, codebook, scales)]);
  add(`${folder}scales.csv`, () => tableText(scales));
  columns.tables.forEach((table, at) => {
    add(`${folder}${tableFile(table)}.csv`, () =>
      lines(linkedColumns(table), spool.read(), (row) => linkedCells(row, at)),
    );
  });
  const tables = await fileTables(part);
  for (const table of tables) {
    addWritten(`${folder}${table.name}.sav`, (out) => writeSav(out, table));
    addWritten(`${folder}${table.name}.dta`, (out) => writeDta(out, table));
    addWritten(`${folder}${table.name}.parquet`, (out) => writeParquet(out, table));
  }
  const [main] = tables;
  const rules = scoreRules(columns);
  if (main) {
    const { title, variables } = main;
    add(`${folder}data.R`, () => [rScript({ data: 'data.csv', title, variables, rules })]);
  }
  if (rules.length > 0) {
    add(`${folder}scores.sps`, () => [spssSyntax('data.sav', rules)]);
    add(`${folder}scores.do`, () => [stataSyntax('data.dta', rules)]);
  }
  const csvOf = ({ name }: { readonly name: string }) => `${name}.csv`;
  add(`${folder}ddi.xml`, () => [ddiDocument(dataset, tables, csvOf)]);
  add(`${folder}datapackage.json`, () => [
    dataPackage(
      dataset,
      tables.map((table) => ({ path: csvOf(table), table })),
    ),
  ]);
  add(`${folder}about.json`, () => [`${JSON.stringify(Object.fromEntries(aboutOf(dataset, spool)), null, 2)}\n`]);
  add(`${folder}README.txt`, () => [readmeOf(dataset)]);
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
