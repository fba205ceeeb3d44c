/** From the cells of a roster table to values by column, each fault named by row and column. Called by the import's check. */
import type { CsvRecord } from '../../responses/import-file.ts';
import type { MemberKind } from '../models.ts';
import { columnNamed, type RosterColumn, rosterColumns } from './columns.ts';

/** A fault or a hint, where it stands in the file. */
export interface RosterIssue {
  /** Of a workbook; null in a CSV file. */
  readonly sheet: string | null;
  /** As a spreadsheet numbers rows: the header is 1. Null: the file as a whole. */
  readonly row: number | null;
  readonly column: string | null;
  readonly code: string;
  readonly message: string;
}

export interface FileRow {
  readonly row: number;
  /** By the column's own name: a value, or null for an empty cell. Columns that the file does not have are not there. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Cells of further columns. */
  readonly extra: Readonly<Record<string, string>>;
  readonly problems: readonly RosterIssue[];
}

export interface RowReader {
  readonly problems: readonly RosterIssue[];
  /** Names of further columns, in order; schools alone may have them. */
  readonly extras: readonly string[];
  row(record: CsvRecord): FileRow;
}

const mostColumns = 100;
const longestExtra = 500;
const extraName = /^[\p{L}\p{N}][\p{L}\p{N} _()/%&'’-]{0,39}$/u;

type Head = { readonly column: RosterColumn } | { readonly extra: string } | null;

export function rowReader(kind: MemberKind, sheet: string | null, header: CsvRecord): RowReader {
  const problems: RosterIssue[] = [];
  const refuse = (column: string | null, code: string, message: string) =>
    problems.push({ sheet, row: header.row, column, code, message });
  if (header.broken !== null) refuse(null, 'broken-quotes', 'The quotes of the first row do not close.');
  if (header.cells.length > mostColumns) refuse(null, 'too-many-columns', `At most ${mostColumns} columns are read.`);
  const taken = new Set<string>();
  const heads = header.cells.slice(0, mostColumns).map((cell): Head => {
    const name = cell.trim();
    if (name === '') return null;
    const column = columnNamed(kind, name);
    const key = column?.name ?? name.toLowerCase();
    if (taken.has(key)) refuse(name, 'repeated-column', 'This column is there twice.');
    taken.add(key);
    if (column) return { column };
    const known = rosterColumns[kind].map((one) => one.name).join(', ');
    if (kind !== 'schools') refuse(name, 'unknown-column', `A file of ${kind} has these columns: ${known}.`);
    // Its name becomes the name of a field.
    else if (!extraName.test(name)) refuse(name, 'bad-column-name', 'At most 40 letters, digits, spaces and hyphens.');
    return { extra: name };
  });
  for (const { name, needed } of rosterColumns[kind]) {
    if (needed && !taken.has(name)) refuse(name, 'missing-column', `The file needs a column ${name}.`);
  }
  const extras = heads.flatMap((head) => (head && 'extra' in head ? [head.extra] : []));
  return { problems, extras, row: (record) => readRow(heads, sheet, record) };
}

function readRow(heads: readonly Head[], sheet: string | null, { row, cells, broken }: CsvRecord): FileRow {
  const problems: RosterIssue[] = [];
  const values: Record<string, unknown> = {};
  const extra: Record<string, string> = {};
  const refuse = (column: string | null, code: string, message: string) =>
    problems.push({ sheet, row, column, code, message });
  if (broken !== null) refuse(null, 'broken-quotes', 'A quotation mark in this row does not close, or stands alone.');
  const length = Math.max(heads.length, cells.length);
  for (let at = 0; at < length; at += 1) {
    // A text that is composed otherwise is the same text.
    const cell = (cells[at] ?? '').normalize('NFC').trim();
    const head = heads[at] ?? null;
    if (head === null) {
      if (cell !== '') refuse(null, 'unnamed-column', `Cell ${at + 1} of this row has no column: name it or empty it.`);
    } else if ('extra' in head) {
      if (cell.length > longestExtra) refuse(head.extra, 'too-long', `At most ${longestExtra} characters can be kept.`);
      extra[head.extra] = cell;
    } else if (cell === '') {
      values[head.column.name] = null;
      if (head.column.needed) refuse(head.column.name, 'needed', 'This cell must not be empty.');
    } else if (/[\p{Cc}\uFFFD]/u.test(cell)) {
      refuse(head.column.name, 'bad-characters', 'The cell holds characters that cannot be read. Type it anew.');
    } else {
      const parsed = head.column.parse(cell);
      if ('code' in parsed) refuse(head.column.name, parsed.code, parsed.message);
      else values[head.column.name] = parsed.value;
    }
  }
  const { from, to } = values;
  if (typeof from === 'string' && typeof to === 'string' && to < from) {
    refuse('to', 'bad-order', 'The last day comes before the first.');
  }
  return { row, values, extra, problems };
}
