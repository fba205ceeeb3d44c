/**
 * Parquet files: typed columns, Snappy, one row group after the other, so that memory stays flat. A missing value is null;
 * behind each column that may miss values for a reason `<name>_gap` tells the reason in words. Labels, codes and levels are
 * in the metadata under `fidelis`, as a Table Schema, with the name of the column that tells the gaps of each. The only importer of hyparquet-writer.
 */
import type { Writable } from 'node:stream';
import type { SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { freeName } from '../columns.ts';
import type { FileKind, FileRow } from '../file-columns.ts';
import type { FileTable } from '../file-table.ts';
import { tableSchema } from '../table-schema.ts';
import { sendBody, writeBytes } from './body.ts';
import { millisecondsOf } from './moments.ts';

/** Rows and cells that are held at a time, whichever is reached first: memory is counted in cells. */
const mostRows = 10_000;
const mostCells = 600_000;
const greatest = 2 ** 31 - 1;

type Value = string | number | bigint | null;

/** A column of the file, and its value in a row. */
interface Column {
  readonly element: SchemaElement;
  /** Name of the column whose gaps it tells. */
  readonly tells?: string;
  valueIn(row: FileRow): Value;
}

/** Writes the table into `out`, then ends it. Throws `ReaderGone` when the reader hangs up. */
export async function writeParquet(out: Writable, table: FileTable): Promise<void> {
  const columns = columnsOf(table);
  const schema: SchemaElement[] = [
    { name: 'data', num_children: columns.length },
    ...columns.map(({ element }) => element),
  ];
  const groupRows = Math.max(1, Math.min(mostRows, Math.floor(mostCells / columns.length)));
  await sendBody(out, async (body) => {
    const bytes = new ByteWriter();
    const described = { ...tableSchema(table), gapColumns: gapColumnsOf(columns) };
    const kvMetadata = [{ key: 'fidelis', value: JSON.stringify(described) }];
    const parquet = new ParquetWriter({ writer: bytes, schema, kvMetadata, createdBy: 'Fidelis' });
    const take = async () => {
      await writeBytes(body, new Uint8Array(bytes.buffer.slice(0, bytes.index)));
      bytes.index = 0;
    };
    const send = async (rows: readonly FileRow[]) => {
      const columnData = columns.map(({ element: { name }, valueIn }) => ({ name, data: rows.map(valueIn) }));
      await parquet.write({ columnData, rowGroupSize: groupRows });
      await take();
    };
    let waiting: FileRow[] = [];
    for await (const batch of table.read()) {
      waiting.push(...batch);
      if (waiting.length < groupRows) continue;
      await send(waiting.slice(0, groupRows));
      waiting = waiting.slice(groupRows);
    }
    if (waiting.length > 0) await send(waiting);
    await parquet.finish();
    await take();
    body.end();
  });
}

function columnsOf({ variables, ranges }: FileTable): Column[] {
  const names = new Set(variables.map(({ name }) => name));
  return variables.flatMap(({ name, kind, gaps, gapOf }, at): Column[] => {
    const reason: Column['valueIn'] = ({ reasons }) => reasons[at] ?? null;
    if (gapOf !== undefined) return [{ element: textElement(name), tells: gapOf, valueIn: reason }];
    // A text with a gap is empty in the table; the column behind it tells why.
    const told = variables[at + 1]?.gapOf === name;
    const { min = 0, max = 0 } = ranges[at] ?? {};
    const long = kind === 'integer' && (max > greatest || min < -greatest);
    const column = {
      element: elementOf(name, kind, long),
      valueIn: (row: FileRow) => (told && row.reasons[at + 1] ? null : typedValue(kind, long, row, at)),
    };
    return gaps
      ? [column, { element: textElement(freeName(`${name.slice(0, 28)}_gap`, names)), tells: name, valueIn: reason }]
      : [column];
  });
}

/** A long name is cut before `_gap`, and numbered where two are cut to the same: only this says for certain which is whose. */
function gapColumnsOf(columns: readonly Column[]): Record<string, string> {
  return Object.fromEntries(
    columns.flatMap(({ tells, element }) => (tells === undefined ? [] : [[tells, element.name]])),
  );
}

const textElement = (name: string): SchemaElement => ({
  name,
  type: 'BYTE_ARRAY',
  converted_type: 'UTF8',
  repetition_type: 'OPTIONAL',
});

function elementOf(name: string, kind: FileKind, long: boolean): SchemaElement {
  const optional = { name, repetition_type: 'OPTIONAL' } as const;
  switch (kind) {
    case 'text':
      return textElement(name);
    case 'integer':
      return { ...optional, type: long ? 'INT64' : 'INT32' };
    case 'number':
      return { ...optional, type: 'DOUBLE' };
    case 'date':
      return { ...optional, type: 'INT32', converted_type: 'DATE' };
    case 'time':
      return { ...optional, type: 'INT32', converted_type: 'TIME_MILLIS' };
    case 'datetime':
      // A local time that knows no zone.
      return {
        ...optional,
        type: 'INT64',
        logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: false, unit: 'MILLIS' },
      };
  }
}

function typedValue(kind: FileKind, long: boolean, { values, reasons }: FileRow, at: number): Value {
  const value = values[at] ?? null;
  if (value === null || (reasons[at] ?? null) !== null) return null;
  if (kind === 'text' || kind === 'number') return value;
  if (kind === 'integer') return long ? BigInt(value) : value;
  const moment = millisecondsOf(kind, String(value));
  if (moment === null) return null;
  if (kind === 'date') return moment / 86_400_000;
  return kind === 'time' ? moment : BigInt(moment);
}
