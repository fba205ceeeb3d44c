/**
 * The zip of CSV files: `data.csv`, `codebook.csv`, `scales.csv`, a file for each linked table, `about.json` and a
 * README; a folder for each administration when there are several. The only importer of yazl.
 */
import { Readable, type Writable } from 'node:stream';
import { ZipFile } from 'yazl';
import { aboutOf } from '../about.ts';
import { codedCells } from '../cells.ts';
import { type CellTable, codebookTable, scalesTable } from '../codebook-table.ts';
import { linkedColumns } from '../columns.ts';
import { linkedCells, type Part, tableFile } from '../part.ts';
import { readmeOf } from '../readme.ts';
import { ReaderGone, sendBody } from './body.ts';
import { type CsvCell, csvLine } from './csv.ts';

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
    for (const part of parts) addPart(part, (name, lines) => add(name, part.dataset.at, lines));
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

function addPart({ dataset, spool, prefix }: Part, add: Add): void {
  const { columns, instrument } = dataset;
  const folder = prefix === '' ? '' : `${prefix}/`;
  add(`${folder}data.csv`, () => lines(columns.names, spool.read(), (row) => [codedCells(row)]));
  add(`${folder}codebook.csv`, () => tableText(codebookTable(columns, instrument, spool)));
  add(`${folder}scales.csv`, () => tableText(scalesTable(columns, spool)));
  columns.tables.forEach((table, at) => {
    add(`${folder}${tableFile(table)}.csv`, () =>
      lines(linkedColumns(table), spool.read(), (row) => linkedCells(row, at)),
    );
  });
  add(`${folder}about.json`, () => [`${JSON.stringify(Object.fromEntries(aboutOf(dataset, spool)), null, 2)}\n`]);
  add(`${folder}README.txt`, () => [readmeOf(dataset)]);
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
