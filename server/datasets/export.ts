/** Writes datasets in the formats there are. Called by the routes (one administration) and by `fidelis export`. */
import type { Writable } from 'node:stream';
import type { Context } from '../context.ts';
import { Problem } from '../problems.ts';
import { codedCells } from './cells.ts';
import type { Dataset } from './dataset.ts';
import { writeCsv } from './formats/csv.ts';
import { sheetLimits, writeWorkbook } from './formats/xlsx.ts';
import { writeZip } from './formats/zip.ts';
import { contentsOf, loadPart, type Part } from './part.ts';
import { datasetRows } from './rows.ts';

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
  context: Pick<Context, 'db' | 'clock'>,
  study: string,
  administrations: readonly string[],
  format: 'xlsx' | 'zip',
  open: (parts: readonly Part[]) => Writable,
): Promise<readonly Part[]> {
  const parts: Part[] = [];
  try {
    for (const administration of administrations) {
      parts.push(await loadPart(context, study, administration, administrations.length > 1 ? administration : ''));
    }
    if (format === 'xlsx') for (const part of parts) requireFit(part);
    const contents = administrations.length > 1 ? contentsOf(parts) : null;
    await (format === 'xlsx' ? writeWorkbook : writeZip)(open(parts), parts, contents);
    return parts;
  } finally {
    for (const { spool } of parts) await spool.close();
  }
}

function requireFit({ dataset, spool }: Part): void {
  const rows = Math.max(spool.rows, ...spool.linked.map((table) => table.rows));
  if (rows < sheetLimits.rows && dataset.columns.names.length <= sheetLimits.columns) return;
  throw new Problem('too-large-for-workbook', {
    detail: `${dataset.administration.id}: ${rows} rows and ${dataset.columns.names.length} columns.`,
  });
}
