/** One administration as a part of a file: its dataset, its spooled rows, and what tells it from other parts. */

import type { LinkedTable } from '../../instruments/codebook.ts';
import type { AsAt } from '../../instruments/membership.ts';
import type { Context } from '../context.ts';
import { type Cell, codedCell } from './cells.ts';
import type { CellTable } from './codebook-table.ts';
import { responseColumns } from './columns.ts';
import { type Dataset, loadDataset } from './dataset.ts';
import { ReaderGone } from './formats/body.ts';
import { type DataRow, datasetRows } from './rows.ts';
import { type Spool, spoolRows } from './spool.ts';

export interface Part {
  readonly dataset: Dataset;
  readonly spool: Spool;
  /** Folder or beginning of sheet names; '' when the part is alone. */
  readonly prefix: string;
}

const completionAt = responseColumns.findIndex((column) => column.id === 'completion');

/**
 * Reads the rows of an administration once and keeps them on disk: from then on nothing about the database can go
 * wrong in the middle of a file. The caller closes the spool. Throws `ReaderGone` when the signal is given meanwhile.
 */
export async function loadPart(
  context: Pick<Context, 'db' | 'clock' | 'secret'>,
  study: string,
  administration: string,
  options: {
    readonly prefix?: string;
    readonly signal?: AbortSignal | undefined;
    /** Told how many rows have been read since it was told last. */
    readonly onRows?: ((rows: number) => void) | undefined;
    readonly asAt?: AsAt | null | undefined;
  } = {},
): Promise<Part> {
  const dataset = await loadDataset(context, study, administration, options.asAt ?? null);
  const { columns } = dataset;
  const shape = {
    variables: columns.variables.length,
    scales: columns.scores.length,
    tables: columns.tables.map((table) => table.variables.length),
  };
  const rows = watched(datasetRows(context, dataset), options);
  return { dataset, spool: await spoolRows(rows, shape, completionAt), prefix: options.prefix ?? '' };
}

/** The same batches; the cursor behind them is closed and `ReaderGone` thrown when nobody waits for them any more. */
export async function* watched<T>(
  batches: AsyncIterable<readonly T[]>,
  { signal, onRows }: { signal?: AbortSignal | undefined; onRows?: ((rows: number) => void) | undefined },
): AsyncGenerator<T[], void, undefined> {
  for await (const batch of batches) {
    if (signal?.aborted) throw new ReaderGone();
    onRows?.(batch.length);
    yield batch as T[];
  }
}

/** The rows of one response in a linked table, in codes. */
export function linkedCells(row: DataRow, table: number): Cell[][] {
  const [response] = row.response;
  return (row.coded.tables[table]?.rows ?? []).map(({ values, reasons }, at) => [
    response ?? null,
    at + 1,
    ...values.map((value, column) => codedCell(value, reasons[column] ?? null)),
  ]);
}

const otherFiles: ReadonlySet<string> = new Set(['data', 'codebook', 'scales', 'administrations']);

/** Stem of the file of a linked table: its name, unless another file of the dataset is called so. */
export function tableFile({ name }: Pick<LinkedTable, 'name'>): string {
  return otherFiles.has(name) ? `${name}_rows` : name;
}

/** The list of administrations at the head of a file that holds several. */
export function contentsOf(parts: readonly Part[]): CellTable {
  return {
    header: ['administration', 'title', 'wave', 'mode', 'instrument', 'version', 'responses', 'simulated'],
    rows: parts.map(({ dataset: { administration, study }, spool }) => [
      administration.id,
      administration.title,
      administration.wave,
      administration.mode,
      administration.instrument,
      administration.version,
      spool.rows,
      String(study.simulated),
    ]),
  };
}

/** How many responses the parts hold together. */
export function responsesIn(parts: readonly Part[]): number {
  return parts.reduce((sum, { spool }) => sum + spool.rows, 0);
}
