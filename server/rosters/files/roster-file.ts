/**
 * A roster file, whatever its format, as tables of clusters, schools and people: a CSV file holds one of them, a workbook
 * one or several on sheets of those names. Read in blocks, in the order in which members refer to each other. Called by
 * the import's check.
 */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { plainText } from '../../datasets/formats/csv.ts';
import { type CsvRecord, NotUtf8, readRecords } from '../../responses/import-file.ts';
import { type MemberKind, memberKinds } from '../models.ts';
import { kindOfHeader } from './columns.ts';
import { openWorkbook } from './xlsx-reader.ts';
import { BrokenFile } from './zip-reader.ts';

export interface RosterTable {
  readonly kind: MemberKind;
  /** Null in a CSV file. */
  readonly sheet: string | null;
  readonly header: CsvRecord;
  /** The rows below the header. */
  rows(): AsyncGenerator<readonly CsvRecord[], void, undefined>;
}

/** What a file can be refused for as a whole, by code. */
export class RefusedFile extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

const oldExcel = Buffer.from([0xd0, 0xcf, 0x11, 0xe0]);
const zipStart = Buffer.from([0x50, 0x4b]);
const utf16 = [Buffer.from([0xff, 0xfe]), Buffer.from([0xfe, 0xff])];
const notUtf8 =
  'The file is not UTF-8, so names with accents would be spoilt. Save it as "CSV UTF-8" or as .xlsx and try again.';

/** The tables of a file. Throws RefusedFile when it is no roster file at all; reading the rows may throw it too. */
export async function openRosterFile(path: string): Promise<readonly RosterTable[]> {
  const start = await firstBytes(path);
  if (start.length === 0) throw new RefusedFile('no-header', 'The file is empty; its first row names the columns.');
  if (start.subarray(0, 4).equals(oldExcel)) {
    const message =
      'This is an old or protected workbook (.xls). Save it as .xlsx without a password, or as CSV UTF-8.';
    throw new RefusedFile('old-workbook', message);
  }
  if (!start.subarray(0, 2).equals(zipStart) && isBinary(start)) {
    const message =
      'This is neither a CSV file nor an .xlsx workbook. Open it in a spreadsheet and save it as one of them.';
    throw new RefusedFile('not-a-table', message);
  }
  return refusing(() => (start.subarray(0, 2).equals(zipStart) ? workbookTables(path) : csvTables(path, start)));
}

/** Texts have tabs and line breaks, and once in a while another control character; UTF-16, which has zeros, is told apart. */
function isBinary(start: Buffer): boolean {
  const controls = start.filter((byte) => (byte > 0 && byte < 9) || (byte > 13 && byte < 32)).length;
  return controls > start.length / 100;
}

async function firstBytes(path: string): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(65_536);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function csvTables(path: string, start: Buffer): Promise<RosterTable[]> {
  if (utf16.some((mark) => start.subarray(0, 2).equals(mark)) || start.includes(0)) {
    throw new RefusedFile('not-utf-8', notUtf8);
  }
  const delimiter = delimiterOf(start.toString('latin1'));
  const records = () => plain(readRecords(createReadStream(path), delimiter));
  const header = await firstOf(records());
  if (!header) throw new RefusedFile('no-header', 'The file is empty; its first row names the columns.');
  return [{ kind: kindOfHeader(header.cells), sheet: null, header, rows: () => inWords(below(records())) }];
}

async function workbookTables(path: string): Promise<RosterTable[]> {
  const { sheets } = await openWorkbook(path);
  const named = sheets.flatMap((sheet) => {
    const kind = memberKinds.find((one) => one === sheet.name.trim().toLowerCase());
    return kind ? [{ sheet, kind }] : [];
  });
  const [only] = sheets;
  if (named.length === 0 && (sheets.length !== 1 || !only)) {
    const message = 'The workbook has several sheets. Name those that hold a roster Clusters, Schools and People.';
    throw new RefusedFile('unknown-sheets', message);
  }
  const wanted = named.length > 0 ? named : only ? [{ sheet: only, kind: null }] : [];
  const tables: RosterTable[] = [];
  for (const { sheet, kind } of wanted) {
    const header = await firstOf(sheet.rows());
    // A sheet of the template that nobody has filled in.
    if (!header && named.length > 1) continue;
    if (!header) throw new RefusedFile('no-header', 'The sheet is empty; its first row names the columns.');
    const rows = () => inWords(below(sheet.rows()));
    tables.push({ kind: kind ?? kindOfHeader(header.cells), sheet: sheet.name, header, rows });
  }
  return tables.sort((one, other) => memberKinds.indexOf(one.kind) - memberKinds.indexOf(other.kind));
}

/** The separator that the first line uses most, outside quotes. */
function delimiterOf(text: string): ',' | ';' | '\t' {
  const [line = ''] = text
    .replaceAll(/"[^"]*"/g, '')
    .split(/\r?\n|\r/)
    .filter((one) => one.trim() !== '');
  const counts = ([',', ';', '\t'] as const).map((mark) => ({ mark, count: line.split(mark).length }));
  return counts.reduce((most, one) => (one.count > most.count ? one : most)).mark;
}

async function firstOf(blocks: AsyncGenerator<readonly CsvRecord[]>): Promise<CsvRecord | null> {
  for await (const [first] of blocks) if (first) return first;
  return null;
}

/** What spreadsheets would take for a formula has an apostrophe before it in files of Fidelis. */
async function* plain(blocks: AsyncGenerator<CsvRecord[]>): AsyncGenerator<CsvRecord[]> {
  for await (const block of blocks) yield block.map((record) => ({ ...record, cells: record.cells.map(plainText) }));
}

async function* below(
  blocks: AsyncGenerator<readonly CsvRecord[]>,
): AsyncGenerator<readonly CsvRecord[], void, undefined> {
  let headed = false;
  for await (const block of blocks) {
    yield headed ? block : block.slice(1);
    headed = headed || block.length > 0;
  }
}

function refusedOf(error: unknown): unknown {
  if (error instanceof NotUtf8) return new RefusedFile('not-utf-8', notUtf8);
  return error instanceof BrokenFile ? new RefusedFile(error.code, error.message) : error;
}

async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw refusedOf(error);
  }
}

async function* inWords(
  blocks: AsyncGenerator<readonly CsvRecord[], void, undefined>,
): AsyncGenerator<readonly CsvRecord[], void, undefined> {
  try {
    yield* blocks;
  } catch (error) {
    throw refusedOf(error);
  }
}
