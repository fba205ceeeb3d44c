/**
 * Rows kept on disk between two passes: one scan of the database counts and codes them, then every sheet or file is
 * written from this copy, so that all parts of an export tell of the same responses and memory stays flat.
 */
import type { Row } from '../../instruments/coding.ts';
import { type MissingReason, missingReasons } from '../../instruments/missing.ts';
import type { DataRow } from './rows.ts';
import { openNameless, readLines } from './spool-file.ts';

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
  shape: { variables: number; scales: number; tables: readonly number[] },
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
    let bytes = 0;
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
      const block = Buffer.from(batch.map(lineOf).join(''), 'utf8');
      await file.appendFile(block);
      bytes += block.length;
    }
    const counts = { rows, present, answered, scored, linked, complete };
    return { ...counts, read: () => readLines(file, bytes, rowOfLine), close: () => file.close() };
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

type PackedEntry = [values: Row['values'], reasons: string];

/** One JSON line; reasons are packed as a digit each. */
function lineOf(row: DataRow): string {
  const pack = (entry: Pick<Row, 'values' | 'reasons'>): PackedEntry => [entry.values, packReasons(entry.reasons)];
  const tables = row.coded.tables.map((table) => [table.name, table.rows.map(pack)]);
  return `${JSON.stringify([row.response, pack(row.coded), tables, row.scores])}\n`;
}

function rowOfLine(line: string): DataRow {
  const [response, coded, tables, scores] = JSON.parse(line) as [
    DataRow['response'],
    PackedEntry,
    [string, PackedEntry[]][],
    DataRow['scores'],
  ];
  return {
    response,
    coded: {
      ...unpack(coded),
      tables: tables.map(([name, rows]) => ({ name, rows: rows.map(unpack) })),
    },
    scores,
  };
}

function unpack([values, reasons]: PackedEntry): Pick<Row, 'values' | 'reasons'> {
  return { values, reasons: unpackReasons(reasons) };
}

function packReasons(reasons: readonly (MissingReason | null)[]): string {
  let packed = '';
  for (let at = 0; at < reasons.length; at += 1) {
    const reason = reasons[at] ?? null;
    packed += reason === null ? '.' : missingReasons.indexOf(reason);
  }
  return packed;
}

const [dot, zero] = ['.'.charCodeAt(0), '0'.charCodeAt(0)];

function unpackReasons(packed: string): (MissingReason | null)[] {
  const reasons: (MissingReason | null)[] = [];
  // By the code of the digit: there are as many as cells.
  for (let at = 0; at < packed.length; at += 1) {
    const code = packed.charCodeAt(at);
    reasons.push(code === dot ? null : (missingReasons[code - zero] ?? null));
  }
  return reasons;
}
