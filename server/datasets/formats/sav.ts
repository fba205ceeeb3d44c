/**
 * SPSS system files (.sav): UTF-8, row-compressed, with labels, value labels, measurement levels and the reserved codes of
 * gaps as user-missing values. Written in one pass over the rows, block by block. The layout follows what the PSPP project
 * documents of the format.
 */
import type { Writable } from 'node:stream';
import { type MissingReason, missingCodes } from '../../../instruments/missing.ts';
import type { FileRow, FileVariable } from '../file-columns.ts';
import { type FileTable, gapLabels } from '../file-table.ts';
import { sendBody, writeBytes } from './body.ts';
import { type ByteWriter, byteWriter, cutToBytes } from './bytes.ts';
import { millisecondsOf } from './moments.ts';
import { bias, type SavCommands, savCommands } from './sav-commands.ts';

/** What SPSS takes; longer texts are cut between two characters, and the codebook holds them whole. */
const limits = { text: 32_767, label: 255, valueLabel: 120, fileLabel: 64 } as const;
/** Seconds from the first day of SPSS's calendar, 14 October 1582, to 1 January 1970. */
const calendarStart = 12_219_379_200;
/** Very long strings are kept in pieces: each holds 255 bytes in a space of 256, but is counted as 252. */
const piece = { holds: 255, counts: 252 } as const;
const formats = { A: 1, F: 5, SDATE: 39, DATETIME: 22, TIME: 21 } as const;
/** The number above that which stands for no value: LOWEST in ranges of missing values. */
const lowest = -1.7976931348623155e308;

interface Column {
  readonly variable: FileVariable;
  /** Name of at most eight bytes, unique: what older readers see; the real one follows in a record of its own. */
  readonly shortName: string;
  /** Bytes of a text; 0 for numbers. */
  readonly width: number;
  /** Widths of the pieces that stand in the dictionary; one 0 for a number. */
  readonly pieces: readonly number[];
}

/** Writes the table into `out`, then ends it. Throws `ReaderGone` when the reader hangs up. */
export async function writeSav(out: Writable, table: FileTable): Promise<void> {
  const columns = columnsOf(table);
  await sendBody(out, async (body) => {
    const bytes = byteWriter();
    putDictionary(bytes, table, columns);
    await writeBytes(body, bytes.take());
    const commands = savCommands();
    for await (const batch of table.read()) {
      for (const row of batch) putRow(commands, row, columns);
      await writeBytes(body, commands.take());
    }
    await writeBytes(body, commands.end());
    body.end();
  });
}

function columnsOf({ variables, widths }: FileTable): Column[] {
  return variables.map((variable, at) => {
    const width = variable.kind === 'text' ? Math.min(Math.max(1, widths[at] ?? 1), limits.text) : 0;
    return { variable, width, pieces: piecesOf(width), shortName: `V${(at + 1).toString(36).toUpperCase()}` };
  });
}

function piecesOf(width: number): number[] {
  if (width <= piece.holds) return [width];
  const count = Math.ceil(width / piece.counts);
  const pieces = new Array<number>(count).fill(piece.holds);
  pieces[count - 1] = width - (count - 1) * piece.counts;
  return pieces;
}

function putDictionary(bytes: ByteWriter, table: FileTable, columns: readonly Column[]): void {
  putHeader(bytes, table, columns);
  for (const column of columns) putVariable(bytes, column);
  let index = 1;
  for (const column of columns) {
    putValueLabels(bytes, column, index);
    index += slotsOf(column);
  }
  putNumbers(bytes, 3, [22, 0, 0, -1, 1, 1, 2, 65_001]);
  putHead(bytes, 4, 8, 3);
  for (const value of [-Number.MAX_VALUE, Number.MAX_VALUE, lowest]) bytes.double(value);
  putNumbers(
    bytes,
    11,
    columns.flatMap(({ variable: { measurement, kind }, width, pieces }) => {
      const level = { nominal: 1, ordinal: 2, scale: 3 }[measurement];
      const shown = kind === 'text' ? [Math.min(Math.max(width, 8), 32), 0] : [kind === 'datetime' ? 20 : 10, 1];
      return pieces.flatMap(() => [level, ...shown]);
    }),
  );
  putText(bytes, 13, columns.map(({ variable, shortName }) => `${shortName}=${variable.name}`).join('\t'));
  const long = columns.filter(({ pieces }) => pieces.length > 1);
  if (long.length > 0) {
    putText(
      bytes,
      14,
      long.map(({ shortName, width }) => `${shortName}=${String(width).padStart(5, '0')}\0\t`).join(''),
    );
  }
  putHead(bytes, 16, 8, 2);
  bytes.uint64(1);
  bytes.uint64(table.rows);
  putText(bytes, 20, 'UTF-8');
  bytes.int32(999);
  bytes.int32(0);
}

function putHeader(bytes: ByteWriter, { title, at, rows }: FileTable, columns: readonly Column[]): void {
  const [day, month, year] = [at.getUTCDate(), at.getUTCMonth(), at.getUTCFullYear()];
  const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
  bytes.text('$FL2', 4);
  bytes.text('@(#) SPSS DATA FILE Fidelis', 60);
  bytes.int32(2);
  bytes.int32(columns.reduce((sum, column) => sum + slotsOf(column), 0));
  bytes.int32(1);
  bytes.int32(0);
  bytes.int32(rows > 0x7f_ff_ff_ff ? -1 : rows);
  bytes.double(bias);
  bytes.text(`${String(day).padStart(2, '0')} ${months[month] ?? ''} ${String(year % 100).padStart(2, '0')}`, 9);
  bytes.text(at.toISOString().slice(11, 19), 8);
  bytes.text(cutToBytes(title, limits.fileLabel), limits.fileLabel);
  bytes.text('', 3, 0);
}

/** Values of eight bytes that a column takes in a row. */
function slotsOf({ pieces }: Column): number {
  return pieces.reduce((sum, width) => sum + slotsOfPiece(width), 0);
}

function slotsOfPiece(width: number): number {
  return Math.max(1, Math.ceil(width / 8));
}

function putVariable(bytes: ByteWriter, { variable, shortName, pieces }: Column): void {
  const label = cutToBytes(variable.label, limits.label);
  pieces.forEach((pieceWidth, at) => {
    const format = formatOf(variable, pieceWidth);
    bytes.int32(2);
    bytes.int32(pieceWidth);
    bytes.int32(at === 0 && label !== '' ? 1 : 0);
    bytes.int32(holdsGaps(variable) ? -2 : 0);
    bytes.int32(format);
    bytes.int32(format);
    bytes.text(at === 0 ? shortName : `${shortName}_${at.toString(36).toUpperCase()}`, 8);
    if (at === 0 && label !== '') {
      const length = Buffer.byteLength(label);
      bytes.int32(length);
      bytes.text(label, 4 * Math.ceil(length / 4));
    }
    if (holdsGaps(variable)) for (const code of lowestAndHighestGap) bytes.double(code);
    for (let slot = 1; slot < slotsOfPiece(pieceWidth); slot += 1) {
      bytes.int32(2);
      bytes.int32(-1);
      for (let field = 0; field < 4; field += 1) bytes.int32(0);
      bytes.text('', 8);
    }
  });
}

/** Only numbers hold the code of a gap: a day with a code would be no day for whoever reads it elsewhere. */
function holdsGaps({ kind, gaps }: FileVariable): boolean {
  return gaps && (kind === 'integer' || kind === 'number');
}

const gapCodes = Object.values(missingCodes);
const lowestAndHighestGap = [Math.min(...gapCodes), Math.max(...gapCodes)];

/** Decimals in the lowest byte, then the width, then the kind. */
function formatOf({ kind, values }: FileVariable, width: number): number {
  const shown = {
    text: [formats.A, width, 0],
    integer: [formats.F, values.length > 0 ? 4 : 8, 0],
    number: [formats.F, 12, 4],
    date: [formats.SDATE, 10, 0],
    datetime: [formats.DATETIME, 20, 0],
    time: [formats.TIME, 8, 0],
  }[kind];
  const [type = 0, columns = 0, decimals = 0] = shown;
  return (type << 16) | (columns << 8) | decimals;
}

function putValueLabels(bytes: ByteWriter, { variable, width }: Column, index: number): void {
  const labels = width === 0 ? [...variable.values, ...(holdsGaps(variable) ? gapLabels : [])] : [];
  if (labels.length === 0) return;
  bytes.int32(3);
  bytes.int32(labels.length);
  for (const { code, label } of labels) {
    const text = cutToBytes(label, limits.valueLabel);
    const length = Buffer.byteLength(text);
    bytes.double(code);
    bytes.uint8(length);
    // With the byte of the length a multiple of eight.
    bytes.text(text, 8 * Math.ceil((length + 1) / 8) - 1);
  }
  bytes.int32(4);
  bytes.int32(1);
  bytes.int32(index);
}

/** What precedes the body of an information record: of how many elements of which size it is made. */
function putHead(bytes: ByteWriter, subtype: number, size: number, count: number): void {
  for (const field of [7, subtype, size, count]) bytes.int32(field);
}

function putNumbers(bytes: ByteWriter, subtype: number, numbers: readonly number[]): void {
  putHead(bytes, subtype, 4, numbers.length);
  for (const number of numbers) bytes.int32(number);
}

function putText(bytes: ByteWriter, subtype: number, text: string): void {
  const body = Buffer.from(text, 'utf8');
  putHead(bytes, subtype, 1, body.length);
  bytes.bytes(body);
}

function putRow(commands: SavCommands, { values, reasons }: FileRow, columns: readonly Column[]): void {
  for (let at = 0; at < columns.length; at += 1) {
    const column = columns[at];
    if (!column) continue;
    const value = values[at] ?? null;
    if (column.width === 0) commands.number(numberOf(column.variable, value, reasons[at] ?? null));
    else putTextPieces(commands, typeof value === 'string' ? value : String(value ?? ''), column);
  }
}

function putTextPieces(commands: SavCommands, value: string, { width, pieces }: Column): void {
  const cut = cutToBytes(value, width);
  if (pieces.length === 1) {
    commands.text(cut, slotsOfPiece(width));
    return;
  }
  const text = Buffer.from(cut, 'utf8');
  let from = 0;
  for (const pieceWidth of pieces) {
    commands.bytes(text.subarray(from, from + Math.min(pieceWidth, piece.holds)), slotsOfPiece(pieceWidth));
    from += piece.holds;
  }
}

function numberOf(variable: FileVariable, value: number | string | null, reason: MissingReason | null): number | null {
  const { kind } = variable;
  if (reason !== null) return holdsGaps(variable) ? missingCodes[reason] : null;
  if (value === null || typeof value === 'number') return value;
  if (kind !== 'date' && kind !== 'datetime' && kind !== 'time') return null;
  const at = millisecondsOf(kind, value);
  if (at === null) return null;
  return kind === 'time' ? at / 1000 : at / 1000 + calendarStart;
}
