/** Writes datasets in the formats there are. Called by the routes (one administration) and by `fidelis export`. */

import type { Writable } from 'node:stream';
import type { AsAt } from '../../instruments/membership.ts';
import type { Context } from '../context.ts';
import { Problem } from '../problems.ts';
import { type Cell, codedCells } from './cells.ts';
import { codebookTable } from './codebook-table.ts';
import { linkedColumns } from './columns.ts';
import { type Dataset, fileStem } from './dataset.ts';
import { ddiDocument, describedAlone } from './ddi.ts';
import { type FileTable, fileTables } from './file-table.ts';
import { writeCsv } from './formats/csv.ts';
import { writeDta } from './formats/dta.ts';
import { writeJsonLines } from './formats/jsonl.ts';
import { writeParquet } from './formats/parquet.ts';
import { writeSav } from './formats/sav.ts';
import { sheetLimits } from './formats/sheets.ts';
import { writeWorkbook } from './formats/xlsx.ts';
import { writeZip } from './formats/zip.ts';
import { contentsOf, linkedCells, loadPart, type Part, tableFile } from './part.ts';
import { type DataRow, datasetRows } from './rows.ts';
import type { Spool } from './spool.ts';
import { rScript } from './syntax/r.ts';
import { scoreRules } from './syntax/scores.ts';

/** The data alone, straight from the cursor: the first line leaves before the last one is read. */
export async function exportCsv(context: Pick<Context, 'db'>, dataset: Dataset, out: Writable): Promise<void> {
  await writeCsv(out, dataset.columns.names, codedBatches(context, dataset));
}

async function* codedBatches(context: Pick<Context, 'db'>, dataset: Dataset) {
  for await (const batch of datasetRows(context, dataset)) yield batch.map(codedCells);
}

/**
 * A workbook or a zip of CSV files of one administration, or of several with a list of them at its head. The database
 * is read before the first byte is written. Throws `not-found`, `too-large-for-workbook`.
 */
export async function exportParts(
  context: Pick<Context, 'db' | 'clock' | 'secret'>,
  study: string,
  administrations: readonly string[],
  format: 'xlsx' | 'zip',
  open: (parts: readonly Part[]) => Writable,
  signal?: AbortSignal,
  asAt: AsAt | null = null,
): Promise<readonly Part[]> {
  const parts: Part[] = [];
  try {
    for (const administration of administrations) {
      const prefix = administrations.length > 1 ? administration : '';
      parts.push(await loadPart(context, study, administration, { prefix, signal, asAt }));
    }
    if (format === 'xlsx') for (const part of parts) requireFit(part);
    const contents = administrations.length > 1 ? contentsOf(parts) : null;
    await (format === 'xlsx' ? writeWorkbook : writeZip)(open(parts), parts, contents);
    return parts;
  } finally {
    for (const { spool } of parts) await spool.close();
  }
}

/**
 * The CSV files of one administration, one after the other: `data`, `codebook`, and each linked table. `file` is called
 * for each with its name, the stem of the administration's file names and what writes it; `script` last, if wanted, with
 * what makes the script that reads the data into R.
 */
export async function exportTables(
  context: Pick<Context, 'db' | 'clock' | 'secret'>,
  study: string,
  administration: string,
  file: (table: string, stem: string, write: (out: Writable) => Promise<void>) => Promise<void>,
  asAt: AsAt | null = null,
  script?: (stem: string, scriptOf: (data: string) => string) => Promise<void>,
): Promise<readonly Part[]> {
  const part = await loadPart(context, study, administration, { asAt });
  const { dataset, spool } = part;
  const { columns, instrument } = dataset;
  const stem = fileStem(dataset);
  try {
    await file('data', stem, (out) =>
      writeCsv(
        out,
        columns.names,
        mapped(spool, (row) => [codedCells(row)]),
      ),
    );
    const { header, rows } = codebookTable(columns, instrument, spool);
    await file('codebook', stem, (out) => writeCsv(out, header, [rows]));
    for (const [at, table] of columns.tables.entries()) {
      const lines = mapped(spool, (row) => linkedCells(row, at));
      await file(tableFile(table), stem, (out) => writeCsv(out, linkedColumns(table), lines));
    }
    const [main] = script ? await fileTables(part) : [];
    if (main) await script?.(stem, (data) => scriptFor(part, main, data));
    return [part];
  } finally {
    await spool.close();
  }
}

/** Formats of one table a file. */
const tableWriters = { sav: writeSav, dta: writeDta, parquet: writeParquet, jsonl: writeJsonLines } as const;
export type TableFormat = keyof typeof tableWriters;

/**
 * The data of an administration for SPSS (`sav`), Stata (`dta`), as Parquet or JSON Lines, and its linked tables if `file`
 * wants them; like `exportTables`. A file for an HTTP answer holds the data alone.
 */
export async function exportFileTables(
  context: Pick<Context, 'db' | 'clock' | 'secret'>,
  {
    study,
    administration,
    format,
    asAt,
  }: {
    study: string;
    administration: string;
    format: TableFormat;
    asAt?: AsAt | null;
  },
  file: (table: FileTable, stem: string, write: (out: Writable) => Promise<void>) => Promise<void>,
  signal?: AbortSignal,
): Promise<readonly Part[]> {
  const part = await loadPart(context, study, administration, { signal, asAt });
  try {
    for (const table of await fileTables(part)) {
      await file(table, fileStem(part.dataset), (out) => tableWriters[format](out, table));
    }
    return [part];
  } finally {
    await part.spool.close();
  }
}

/** The script that reads the CSV file of an administration into R; `data` is the name of that file. */
function scriptFor({ dataset: { columns } }: Part, { title, variables }: FileTable, data: string): string {
  return rScript({ data, title, variables, rules: scoreRules(columns) });
}

/** The DDI document of an administration, which names the files of a zip. */
export async function exportDdi(
  context: Pick<Context, 'db' | 'clock' | 'secret'>,
  { study, administration, asAt }: { study: string; administration: string; asAt: AsAt | null },
  file: (stem: string, text: string) => Promise<void>,
): Promise<readonly Part[]> {
  const part = await loadPart(context, study, administration, { asAt });
  try {
    const tables = await fileTables(part);
    await file(
      fileStem(part.dataset),
      ddiDocument(describedAlone(part.dataset), tables, ({ name }) => `${name}.csv`),
    );
    return [part];
  } finally {
    await part.spool.close();
  }
}

async function* mapped(spool: Spool, cellsOf: (row: DataRow) => Cell[][]): AsyncGenerator<Cell[][]> {
  for await (const rows of spool.read()) yield rows.flatMap(cellsOf);
}

function requireFit({ dataset, spool }: Part): void {
  const rows = Math.max(spool.rows, ...spool.linked.map((table) => table.rows));
  if (rows < sheetLimits.rows && dataset.columns.names.length <= sheetLimits.columns) return;
  throw new Problem('too-large-for-workbook', {
    detail: `${dataset.administration.id}: ${rows} rows and ${dataset.columns.names.length} columns.`,
  });
}
