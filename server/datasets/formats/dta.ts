/**
 * Stata files (.dta, format 118: Stata 14 and later): UTF-8, with labels, value labels and the reason of each gap as a
 * tagged missing value, .a to .g. Every part's place is known before the first byte, so it is written in one go; texts of
 * more than 2,045 bytes stand behind the data and take a second reading of the rows. The layout follows Stata's own
 * documentation of the format.
 */
import type { Writable } from 'node:stream';
import { type MissingReason, missingReasons } from '../../../instruments/missing.ts';
import type { FileRow, FileVariable } from '../file-columns.ts';
import { type FileTable, gapLabels } from '../file-table.ts';
import { sendBody, writeBytes } from './body.ts';
import { type ByteWriter, byteWriter, cutToBytes } from './bytes.ts';
import { millisecondsOf } from './moments.ts';

const limits = { shortText: 2045, label: 80, name: 32, valueLabel: 32_000 } as const;
const millisecondsTo1960 = 315_619_200_000;
const day = 86_400_000;

/** How a column is stored: its type in the file, its bytes, the smallest missing value, and the range of true values. */
const stores = {
  byte: { type: 65_530, bytes: 1, missing: 101, min: -127, max: 100 },
  int: { type: 65_529, bytes: 2, missing: 32_741, min: -32_767, max: 32_740 },
  long: { type: 65_528, bytes: 4, missing: 2_147_483_621, min: -2_147_483_647, max: 2_147_483_620 },
  double: { type: 65_526, bytes: 8, missing: 0, min: 0, max: 0 },
  longText: { type: 32_768, bytes: 8, missing: 0, min: 0, max: 0 },
} as const;

interface Column {
  readonly variable: FileVariable;
  readonly store: keyof typeof stores | 'text';
  readonly type: number;
  readonly bytes: number;
  /** Name of its value labels; '' without any. */
  readonly labels: string;
}

/** Tags of a column's gaps: `.` for none, then `.a`, `.b`, … in the order of the reasons. */
const tagOf = new Map(missingReasons.map((reason, at): [MissingReason, number] => [reason, at + 1]));

/** Writes the table into `out`, then ends it. Throws `ReaderGone` when the reader hangs up. */
export async function writeDta(out: Writable, table: FileTable): Promise<void> {
  const columns = columnsOf(table);
  const longTexts = await lengthOfLongTexts(table, columns);
  const parts = dictionary(table, columns);
  const labels = valueLabels(columns);
  const rowBytes = columns.reduce((sum, { bytes }) => sum + bytes, 0);
  const places = placesOf(parts, table.rows * rowBytes, longTexts, labels.length);
  await sendBody(out, async (body) => {
    const bytes = byteWriter();
    bytes.bytes(parts.header);
    bytes.text('<map>', 5);
    for (const place of places) bytes.uint64(place);
    bytes.text('</map>', 6);
    for (const part of parts.rest) bytes.bytes(part);
    bytes.text('<data>', 6);
    let row = 0;
    for await (const batch of table.read()) {
      for (const each of batch) {
        row += 1;
        putRow(bytes, each, columns, row);
      }
      await writeBytes(body, bytes.take());
    }
    bytes.text('</data><strls>', 14);
    if (longTexts > 0) {
      for await (const block of longTextBlocks(table, columns))
        await writeBytes(body, Buffer.concat([bytes.take(), block]));
    }
    bytes.text('</strls>', 8);
    bytes.bytes(labels);
    bytes.text('</stata_dta>', 12);
    await writeBytes(body, bytes.take());
    body.end();
  });
}

function columnsOf({ variables, widths, ranges }: FileTable): Column[] {
  return variables.map((variable, at) => {
    const labelled =
      (variable.kind === 'integer' || variable.kind === 'number') && (variable.values.length > 0 || variable.gaps);
    const width = widths[at] ?? 0;
    if (variable.kind === 'text' && width <= limits.shortText) {
      const bytes = Math.max(1, width);
      return { variable, store: 'text', type: bytes, bytes, labels: '' };
    }
    const store = storeOf(variable, ranges[at] ?? null);
    return { variable, store, ...stores[store], labels: labelled ? cutToBytes(variable.name, limits.name) : '' };
  });
}

function storeOf({ kind, values }: FileVariable, range: { min: number; max: number } | null): keyof typeof stores {
  if (kind === 'text') return 'longText';
  if (kind !== 'integer') return 'double';
  const codes = values.map(({ code }) => code);
  const min = Math.min(range?.min ?? 0, ...codes);
  const max = Math.max(range?.max ?? 0, ...codes);
  return (['byte', 'int', 'long'] as const).find((one) => min >= stores[one].min && max <= stores[one].max) ?? 'double';
}

function dictionary(table: FileTable, columns: readonly Column[]): { header: Buffer; rest: Buffer[] } {
  const bytes = byteWriter();
  const label = cutToBytes([...table.title].slice(0, limits.label).join(''), 4 * limits.label);
  const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
  const { at } = table;
  const date = `${String(at.getUTCDate()).padStart(2, '0')} ${months[at.getUTCMonth()] ?? ''} ${at.getUTCFullYear()}`;
  const stamp = `${date} ${at.toISOString().slice(11, 16)}`;
  tagged(bytes, '<stata_dta><header><release>118</release><byteorder>LSF</byteorder><K>');
  bytes.uint16(columns.length);
  tagged(bytes, '</K><N>');
  bytes.uint64(table.rows);
  tagged(bytes, '</N><label>');
  bytes.uint16(Buffer.byteLength(label));
  tagged(bytes, label);
  tagged(bytes, '</label><timestamp>');
  bytes.uint8(stamp.length);
  tagged(bytes, `${stamp}</timestamp></header>`);
  const header = bytes.take();
  const part = (name: string, put: () => void): Buffer => {
    tagged(bytes, `<${name}>`);
    put();
    tagged(bytes, `</${name}>`);
    return bytes.take();
  };
  const fixed = (width: number, textOf: (column: Column) => string) => () => {
    for (const column of columns) bytes.text(textOf(column), width, 0);
  };
  const rest = [
    part('variable_types', () => {
      for (const { type } of columns) bytes.uint16(type);
    }),
    part(
      'varnames',
      fixed(129, ({ variable }) => variable.name),
    ),
    part('sortlist', () => {
      for (let slot = 0; slot <= columns.length; slot += 1) bytes.uint16(0);
    }),
    part('formats', fixed(57, formatOf)),
    part(
      'value_label_names',
      fixed(129, ({ labels }) => labels),
    ),
    part(
      'variable_labels',
      fixed(321, ({ variable }) => [...variable.label].slice(0, limits.label).join('')),
    ),
    part('characteristics', () => putNotes(bytes, columns)),
  ];
  return { header, rest };
}

function tagged(bytes: ByteWriter, text: string): void {
  bytes.bytes(Buffer.from(text, 'utf8'));
}

function formatOf({ variable: { kind }, store, bytes }: Column): string {
  if (store === 'text') return `%-${Math.min(bytes, 244)}s`;
  return {
    text: '%-9s',
    integer: '%10.0g',
    number: '%10.0g',
    date: '%tdCCYY-NN-DD',
    datetime: '%tcCCYY-NN-DD!THH:MM',
    time: '%tcHH:MM:SS',
  }[kind];
}

/** A label that is too long for Stata stands whole in a note of its variable. */
function putNotes(bytes: ByteWriter, columns: readonly Column[]): void {
  for (const { variable } of columns) {
    if ([...variable.label].length <= limits.label) continue;
    const notes: [string, string][] = [
      ['note0', '1'],
      ['note1', variable.label],
    ];
    for (const [name, text] of notes) {
      const content = Buffer.from(text, 'utf8');
      tagged(bytes, '<ch>');
      bytes.uint32(2 * 129 + content.length + 1);
      bytes.text(variable.name, 129, 0);
      bytes.text(name, 129, 0);
      bytes.bytes(content);
      bytes.uint8(0);
      tagged(bytes, '</ch>');
    }
  }
}

/** Where each part begins, as the map in the file says it: fourteen places, the first 0 and the last the file's length. */
function placesOf(
  { header, rest }: { header: Buffer; rest: readonly Buffer[] },
  data: number,
  longTexts: number,
  labels: number,
): number[] {
  const lengths = [
    header.length,
    5 + 14 * 8 + 6,
    ...rest.map(({ length }) => length),
    '<data></data>'.length + data,
    '<strls></strls>'.length + longTexts,
    labels,
  ];
  let place = 0;
  const places = lengths.map((length) => {
    const from = place;
    place += length;
    return from;
  });
  return [...places, place, place + '</stata_dta>'.length];
}

function valueLabels(columns: readonly Column[]): Buffer {
  const bytes = byteWriter();
  tagged(bytes, '<value_labels>');
  for (const { variable, labels } of columns) {
    if (labels === '') continue;
    const tags = variable.gaps ? gapLabels.map(({ label }, at) => ({ code: stores.long.missing + at + 1, label })) : [];
    // Stata labels whole numbers of four bytes only.
    const codes = variable.values.filter(({ code }) => Number.isInteger(code) && Math.abs(code) < stores.long.max);
    const all = [...codes, ...tags].sort((a, b) => a.code - b.code);
    const texts = all.map(({ label }) => Buffer.from(`${cutToBytes(label, limits.valueLabel)}\0`, 'utf8'));
    const length = texts.reduce((sum, text) => sum + text.length, 0);
    tagged(bytes, '<lbl>');
    bytes.uint32(8 + 8 * all.length + length);
    bytes.text(labels, 129, 0);
    bytes.text('', 3, 0);
    bytes.uint32(all.length);
    bytes.uint32(length);
    let offset = 0;
    for (const text of texts) {
      bytes.uint32(offset);
      offset += text.length;
    }
    for (const { code } of all) bytes.int32(code);
    for (const text of texts) bytes.bytes(text);
    tagged(bytes, '</lbl>');
  }
  tagged(bytes, '</value_labels>');
  return bytes.take();
}

function putRow(bytes: ByteWriter, { values, reasons }: FileRow, columns: readonly Column[], row: number): void {
  for (let at = 0; at < columns.length; at += 1) {
    const column = columns[at];
    if (!column) continue;
    const value = values[at] ?? null;
    const { store } = column;
    if (store === 'text') bytes.text(typeof value === 'string' ? value : '', column.bytes, 0);
    else if (store === 'longText') putReference(bytes, typeof value === 'string' ? value : '', at + 1, row);
    else {
      const reason = reasons[at] ?? null;
      putNumber(bytes, store, numberOf(column.variable, value), reason === null ? 0 : (tagOf.get(reason) ?? 0));
    }
  }
}

const missingDouble = (tag: number) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE((0x7fe0_00n + BigInt(tag)) * 0x1_00_0000_0000n);
  return bytes;
};
/** The missing values of eight bytes, by their tag. */
const missingDoubles = [missingDouble(0), ...missingReasons.map((_, at) => missingDouble(at + 1))] as const;

function putNumber(bytes: ByteWriter, store: 'byte' | 'int' | 'long' | 'double', value: number | null, tag: number) {
  if (store === 'double') {
    if (value !== null) bytes.double(value);
    else bytes.bytes(missingDoubles[tag] ?? missingDoubles[0]);
    return;
  }
  const stored = value ?? stores[store].missing + tag;
  if (store === 'long') bytes.int32(stored);
  else if (store === 'int') bytes.uint16(stored & 0xffff);
  else bytes.uint8(stored & 0xff);
}

function numberOf({ kind }: FileVariable, value: number | string | null): number | null {
  if (value === null || typeof value === 'number') return value;
  if (kind !== 'date' && kind !== 'datetime' && kind !== 'time') return null;
  const at = millisecondsOf(kind, value);
  if (at === null) return null;
  if (kind === 'time') return at;
  return kind === 'date' ? (at + millisecondsTo1960) / day : at + millisecondsTo1960;
}

/** Where a long text stands: the number of its column and of its row; both 0 for an empty one. */
function putReference(bytes: ByteWriter, value: string, column: number, row: number): void {
  bytes.uint64(value === '' ? 0 : BigInt(column) + (BigInt(row) << 16n));
}

const textMark = 130;

async function* longTextBlocks(table: FileTable, columns: readonly Column[]): AsyncGenerator<Buffer> {
  const bytes = byteWriter();
  let row = 0;
  for await (const batch of table.read()) {
    for (const { values } of batch) {
      row += 1;
      columns.forEach(({ store }, at) => {
        const value = values[at];
        if (store !== 'longText' || typeof value !== 'string' || value === '') return;
        const content = Buffer.from(value, 'utf8');
        tagged(bytes, 'GSO');
        bytes.uint32(at + 1);
        bytes.uint64(row);
        bytes.uint8(textMark);
        bytes.uint32(content.length + 1);
        bytes.bytes(content);
        bytes.uint8(0);
      });
    }
    yield bytes.take();
  }
}

async function lengthOfLongTexts(table: FileTable, columns: readonly Column[]): Promise<number> {
  if (!columns.some(({ store }) => store === 'longText')) return 0;
  let length = 0;
  for await (const block of longTextBlocks(table, columns)) length += block.length;
  return length;
}
