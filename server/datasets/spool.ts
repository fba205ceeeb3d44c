/**
 * Rows kept on disk between two passes: one scan of the database counts and codes them, then every sheet or file is
 * written from this copy, so that all parts of an export tell of the same responses and memory stays flat.
 */
import type { Row } from '../../instruments/coding.ts';
import type { MissingReason } from '../../instruments/missing.ts';
import { type CellPacker, type CellReader, cellPacker, cellReader } from './packed-cells.ts';
import type { DataRow } from './rows.ts';
import { openNameless, readBlocks } from './spool-file.ts';

export interface Spool {
  /** Rows in the main table. */
  readonly rows: number;
  /** Cells of each response column that are not empty. */
  readonly present: readonly number[];
  /** Answered values of each variable, in codebook order; of each scale score; of each variable of linked tables. */
  readonly answered: readonly number[];
  readonly scored: readonly number[];
  readonly linked: readonly { readonly rows: number; readonly answered: readonly number[] }[];
  readonly complete: number;
  /** The rows again, in batches, as often as wanted. */
  read(): AsyncGenerator<DataRow[], void, undefined>;
  close(): Promise<void>;
}

/** Copies all rows to the spool and counts them. The caller closes it. */
export async function spoolRows(
  batches: AsyncIterable<readonly DataRow[]>,
  shape: Shape,
  completionAt: number,
): Promise<Spool> {
  const file = await openNameless();
  try {
    const present: number[] = [];
    const answered = new Array<number>(shape.variables).fill(0);
    const scored = new Array<number>(shape.scales).fill(0);
    const linked = shape.tables.map((size) => ({ rows: 0, answered: new Array<number>(size).fill(0) }));
    let rows = 0;
    let complete = 0;
    const packer = cellPacker();
    const blocks: number[] = [];
    let names: Names | null = null;
    for await (const batch of batches) {
      for (const row of batch) {
        rows += 1;
        if (row.response[completionAt] === 'complete') complete += 1;
        row.response.forEach((cell, at) => {
          present[at] = (present[at] ?? 0) + (cell === null ? 0 : 1);
        });
        countAnswered(row.coded.reasons, answered);
        row.scores.forEach((score, at) => {
          if (score.reason === null) scored[at] = (scored[at] ?? 0) + 1;
        });
        row.coded.tables.forEach((table, at) => {
          const count = linked[at];
          if (!count) return;
          count.rows += table.rows.length;
          for (const entry of table.rows) countAnswered(entry.reasons, count.answered);
        });
      }
      for (const row of batch) packRow(packer, row, shape);
      const block = packer.take();
      await file.appendFile(block);
      blocks.push(block.length);
      if (names === null && batch[0]) names = namesOf(batch[0]);
    }
    const counts = { rows, present, answered, scored, linked, complete };
    const layout = { ...shape, response: present.length, names: names ?? { scales: [], tables: [] } };
    const read = async function* (): AsyncGenerator<DataRow[], void, undefined> {
      for await (const block of readBlocks(file, blocks)) yield unpackRows(block, layout);
    };
    return { ...counts, read, close: () => file.close() };
  } catch (error) {
    await file.close();
    throw error;
  }
}

function countAnswered(reasons: readonly (MissingReason | null)[], counts: number[]): void {
  for (let at = 0; at < reasons.length; at += 1) {
    if (reasons[at] === null) counts[at] = (counts[at] ?? 0) + 1;
  }
}

/** What all rows have in common, and is kept once. */
interface Names {
  readonly scales: readonly string[];
  readonly tables: readonly string[];
}

function namesOf({ scores, coded }: DataRow): Names {
  return { scales: scores.map(({ scale }) => scale), tables: coded.tables.map(({ name }) => name) };
}

interface Shape {
  readonly variables: number;
  readonly scales: number;
  /** Number of variables of each linked table. */
  readonly tables: readonly number[];
}

function packRow(packer: CellPacker, { response, coded, scores }: DataRow, shape: Shape): void {
  for (let at = 0; at < response.length; at += 1) packer.put(response[at] ?? null, null);
  packEntry(packer, coded, shape.variables);
  for (const { value, reason, answered, of } of scores) {
    packer.put(value, reason);
    packer.put(answered, null);
    packer.put(of, null);
  }
  coded.tables.forEach(({ rows }, at) => {
    packer.count(rows.length);
    for (const entry of rows) packEntry(packer, entry, shape.tables[at] ?? 0);
  });
}

function packEntry(packer: CellPacker, { values, reasons }: Pick<Row, 'values' | 'reasons'>, width: number): void {
  for (let at = 0; at < width; at += 1) packer.put(values[at] ?? null, reasons[at] ?? null);
}

type Layout = Shape & { readonly response: number; readonly names: Names };

function unpackRows(block: Buffer, layout: Layout): DataRow[] {
  const reader = cellReader(block);
  const rows: DataRow[] = [];
  while (!reader.ended) rows.push(unpackRow(reader, layout));
  return rows;
}

function unpackRow(reader: CellReader, { response, variables, tables, names }: Layout): DataRow {
  const { values: cells } = reader.cells(response);
  const coded = reader.cells(variables);
  const scores = names.scales.map((scale) => {
    const { values, reasons } = reader.cells(3);
    const [value = null, answered, of] = values;
    return {
      scale,
      value: value as number | null,
      answered: Number(answered),
      of: Number(of),
      reason: reasons[0] ?? null,
    };
  });
  const linked = names.tables.map((name, at) => ({ name, rows: unpackEntries(reader, tables[at] ?? 0) }));
  return { response: cells, coded: { ...coded, tables: linked }, scores };
}

function unpackEntries(reader: CellReader, width: number): Pick<Row, 'values' | 'reasons'>[] {
  const rows: Pick<Row, 'values' | 'reasons'>[] = [];
  for (let left = reader.count(); left > 0; left -= 1) rows.push(reader.cells(width));
  return rows;
}
