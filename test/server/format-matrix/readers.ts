/** The readers of each format, what they can tell, and which of them are on this machine. Called by the matrix. */
import type { BuiltFormat } from '../../../server/datasets/definitions/files.ts';
import { plainText } from '../../../server/datasets/formats/csv.ts';
import { pathOf } from './files.ts';
import type { Hazard } from './hazards.ts';
import { readCsv, readJsonLines, readParquet, readWorkbook } from './js-readers.ts';
import { readByLibreOffice, readByPspp, readByR, readByReadStat, starts, tableOfR } from './programs.ts';
import type { Limits, ReadTable } from './table.ts';

export interface Reader {
  readonly format: BuiltFormat;
  readonly name: string;
  readonly here: boolean;
  readonly limits: Limits;
  /** Whether it tells labels of variables and of values. */
  readonly labels: boolean;
  /** Hazards that it cannot read in anybody's files. */
  readonly cannot?: readonly string[];
  read(folder: string, hazard: Hazard): Promise<ReadTable>;
}

const hasR = (name: string) => starts('Rscript', '-e', `library(${name})`);
const json = hasR('jsonlite');
const here = {
  R: json,
  haven: json && hasR('haven'),
  readstata13: json && hasR('readstata13'),
  readxl: json && hasR('readxl'),
  PSPP: starts('pspp', '--version'),
  ReadStat: starts('readstat', '--help'),
  LibreOffice: starts('soffice', '--version'),
};
export const hasXmllint = starts('xmllint', '--version');
export const hasUnzip = starts('unzip', '-v');

export const absent = [
  ...Object.entries({ ...here, xmllint: hasXmllint, unzip: hasUnzip }).flatMap(([name, is]) => (is ? [] : [name])),
];

/** The answer of a program about all files, asked for once. */
function once<T>(ask: (folder: string) => Promise<T>): (folder: string) => Promise<T> {
  let asked: Promise<T> | null = null;
  return (folder) => {
    asked ??= ask(folder);
    return asked;
  };
}
const byR = once(readByR);
const byR_ =
  (name: string, ending: string) =>
  async (folder: string, { id }: Hazard) =>
    tableOfR((await byR(folder)).get(`${name}|${id}|${ending}`));
function byProgram(ask: (folder: string) => Promise<Map<string, ReadTable>>) {
  const asked = once(ask);
  return async (folder: string, { id }: Hazard): Promise<ReadTable> => {
    const found = (await asked(folder)).get(id);
    if (!found) throw new Error(`it has not read ${id}`);
    return found;
  };
}
const inPath = (format: BuiltFormat, read: (path: string) => Promise<ReadTable>) => (folder: string, hazard: Hazard) =>
  read(pathOf(folder, hazard, format));

/** SPSS holds 32,767 bytes of a text, between two characters as people see them. */
const segments = new Intl.Segmenter('en', { granularity: 'grapheme' });
function inBytes(text: string): string {
  if (Buffer.byteLength(text) <= 32_767) return text;
  let [kept, length] = ['', 0];
  for (const { segment } of segments.segment(text)) {
    length += Buffer.byteLength(segment);
    if (length > 32_767) break;
    kept += segment;
  }
  return kept;
}
/** A cell of a workbook holds 32,767 characters; the end says that there was more. */
const cutMark = ' … [cut: the whole text is in the CSV file]';
function inCharacters(text: string): string {
  if (text.length <= 32_767) return text;
  let [kept, room] = ['', 32_767 - cutMark.length];
  for (const { segment } of segments.segment(text)) {
    room -= segment.length;
    if (room < 0) break;
    kept += segment;
  }
  return kept + cutMark;
}

const sheet: Limits = { codes: 'all', unmarked: plainText, cut: inCharacters };
const since1960 = Date.UTC(1960, 0, 1);
const stata: Limits['moment'] = (kind, cell) => {
  const at = new Date(since1960 + cell * (kind === 'date' ? 86_400_000 : 1)).toISOString();
  return { date: at.slice(0, 10), time: at.slice(11, 19) }[kind as string] ?? at.slice(0, 19);
};

export const readers: readonly Reader[] = [
  {
    ...{ format: 'csv', name: 'papaparse', here: true, labels: false },
    limits: { codes: 'all', unmarked: plainText },
    read: inPath('csv', readCsv),
  },
  {
    ...{ format: 'csv', name: 'read.csv', here: here.R, labels: false },
    limits: { codes: 'all', unmarked: plainText, lineFeeds: true },
    read: byR_('read.csv', 'csv'),
  },
  {
    ...{ format: 'xlsx', name: 'exceljs', here: true, labels: false },
    limits: sheet,
    read: inPath('xlsx', readWorkbook),
  },
  {
    ...{ format: 'xlsx', name: 'readxl', here: here.readxl, labels: false },
    limits: { ...sheet, lineFeeds: true, blankless: true },
    read: byR_('readxl', 'xlsx'),
  },
  {
    ...{ format: 'xlsx', name: 'LibreOffice', here: here.LibreOffice, labels: false },
    limits: { ...sheet, lineFeeds: true, digits: 15 },
    read: byProgram(readByLibreOffice),
  },
  {
    ...{ format: 'sav', name: 'haven', here: here.haven, labels: true },
    limits: { codes: 'numbers', trims: true, cut: inBytes },
    read: byR_('haven', 'sav'),
  },
  {
    ...{ format: 'sav', name: 'PSPP', here: here.PSPP, labels: false },
    limits: { codes: 'numbers', trims: true, cut: inBytes, lineFeeds: true },
    read: byProgram(readByPspp),
  },
  {
    ...{ format: 'dta', name: 'haven', here: here.haven, labels: true },
    limits: { trims: true },
    read: byR_('haven', 'dta'),
  },
  {
    ...{ format: 'dta', name: 'readstata13', here: here.readstata13, labels: true },
    limits: {},
    // It makes one row of what stands behind the data where there is none.
    cannot: ['no-row'],
    read: byR_('readstata13', 'dta'),
  },
  {
    ...{ format: 'dta', name: 'ReadStat', here: here.ReadStat, labels: false },
    limits: { trims: true, decimals: 6, reasonless: true, moment: stata },
    read: byProgram(readByReadStat),
  },
  {
    ...{ format: 'parquet', name: 'hyparquet', here: true, labels: true },
    limits: {},
    read: inPath('parquet', readParquet),
  },
  {
    ...{ format: 'r', name: 'R', here: here.R, labels: true },
    limits: { lineFeeds: true },
    read: byR_('the script in R', 'R'),
  },
  {
    ...{ format: 'jsonl', name: 'JSON.parse', here: true, labels: false },
    limits: {},
    read: inPath('jsonl', readJsonLines),
  },
];
