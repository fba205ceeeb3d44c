/** Writes datasets in the formats there are. Called by the routes (one administration) and by `fidelis export`. */

import type { Writable } from 'node:stream';
import type { AsAt } from '../../instruments/membership.ts';
import type { Context } from '../context.ts';
import { Problem } from '../problems.ts';
import { type Cell, codedCells } from './cells.ts';
import { codebookTable } from './codebook-table.ts';
import { linkedColumns } from './columns.ts';
import { type Dataset, fileStem } from './dataset.ts';
import { type FileTable, fileTables } from './file-table.ts';
import { writeCsv } from './formats/csv.ts';
import { writeDta } from './formats/dta.ts';
import { writeSav } from './formats/sav.ts';
import { sheetLimits, writeWorkbook } from './formats/xlsx.ts';
import { writeZip } from './formats/zip.ts';
import { contentsOf, linkedCells, loadPart, type Part, tableFile } from './part.ts';
import { type DataRow, datasetRows } from './rows.ts';
import type { Spool } from './spool.ts';

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
 * for each with its name, the stem of the administration's file names and what writes it.
 */
export async function exportTables(
  context: Pick<Context, 'db' | 'clock' | 'secret'>,
  study: string,
  administration: string,
  file: (table: string, stem: string, write: (out: Writable) => Promise<void>) => Promise<void>,
  asAt: AsAt | null = null,
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
    return [part];
  } finally {
    await spool.close();
  }
}

/** Formats of statistics programs: one table a file, labels and gaps within. */
const statisticsWriters = { sav: writeSav, dta: writeDta } as const;
export type StatisticsFormat = keyof typeof statisticsWriters;

/**
 * The data of an administration for SPSS (`sav`) or Stata (`dta`), and its linked tables if `file` wants them; like
 * `exportTables`. A file for an HTTP answer holds the data alone.
 */
export async function exportStatistics(
  context: Pick<Context, 'db' | 'clock' | 'secret'>,
  {
    study,
    administration,
    format,
    asAt,
  }: {
    study: string;
    administration: string;
    format: StatisticsFormat;
    asAt?: AsAt | null;
  },
  file: (table: FileTable, stem: string, write: (out: Writable) => Promise<void>) => Promise<void>,
  signal?: AbortSignal,
): Promise<readonly Part[]> {
  const part = await loadPart(context, study, administration, { signal, asAt });
  try {
    for (const table of await fileTables(part)) {
      await file(table, fileStem(part.dataset), (out) => statisticsWriters[format](out, table));
    }
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
