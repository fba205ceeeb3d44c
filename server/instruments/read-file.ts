/**
 * Reads a file that another program wrote into a draft: the door to `instruments/interop`. A workbook is unpacked under the
 * same limits as a roster's, so that no archive can harm. Called by the import route and `fidelis instruments import`.
 */
import { createReadStream } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import type { Issue } from '../../instruments/instrument.ts';
import { type Imported, type Table, UnreadableFile } from '../../instruments/interop/left-out.ts';
import { importRedcap } from '../../instruments/interop/redcap.ts';
import { importSurveyjs } from '../../instruments/interop/surveyjs-file.ts';
import { importXlsform } from '../../instruments/interop/xlsform.ts';
import { plainText } from '../datasets/formats/csv.ts';
import { Problem } from '../problems.ts';
import { NotUtf8, readRecords } from '../responses/import-file.ts';
import { openWorkbook } from '../rosters/files/xlsx-reader.ts';
import { BrokenFile } from '../rosters/files/zip-reader.ts';

export const importFormats = ['surveyjs', 'xlsform', 'redcap'] as const;
export type ImportFormat = (typeof importFormats)[number];

const mostBytes = 20_000_000;
const mostCells = 500_000;

/** Throws `invalid-instrument` with the place and the reason when nothing of the file can be taken over. */
export async function readInstrumentFile(path: string, format: ImportFormat): Promise<Imported> {
  const refuse = (code: string, message: string): never => {
    throw new Problem('invalid-instrument', { issues: [{ code, path: 'the file', message }] });
  };
  if ((await stat(path)).size > mostBytes) refuse('file-too-large', 'The file is larger than 20 MB.');
  try {
    if (format === 'xlsform') return importXlsform(await workbookTables(path));
    if (format === 'redcap') return importRedcap(await csvTable(path));
    return importSurveyjs(jsonOf(await readFile(path, 'utf8')));
  } catch (error) {
    if (error instanceof UnreadableFile) throw refused(error.issues);
    if (error instanceof BrokenFile) return refuse(error.code, error.message);
    if (error instanceof NotUtf8)
      return refuse('not-utf-8', 'The file is not UTF-8. Save it as "CSV UTF-8" and try again.');
    throw error;
  }
}

const refused = (issues: readonly Issue[]) => new Problem('invalid-instrument', { issues: [...issues] });

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = `The file is no JSON: ${error instanceof Error ? error.message.slice(0, 200) : 'it cannot be read'}.`;
    throw new UnreadableFile([{ code: 'malformed-json', path: 'the file', message }]);
  }
}

class Cells {
  #count = 0;
  /** Puts a record into its row, and empty rows before it. */
  put(table: string[][], row: number, cells: readonly string[]): void {
    this.#count += cells.length + (row - table.length);
    if (this.#count > mostCells) {
      throw new BrokenFile(
        'file-too-large',
        `The file has more than ${mostCells} cells; an instrument needs far fewer.`,
      );
    }
    while (table.length < row - 1) table.push([]);
    table.push([...cells]);
  }
}

async function workbookTables(path: string): Promise<Record<string, Table>> {
  const tables: Record<string, string[][]> = {};
  const cells = new Cells();
  for (const sheet of (await openWorkbook(path)).sheets) {
    const table: string[][] = [];
    for await (const block of sheet.rows()) for (const record of block) cells.put(table, record.row, record.cells);
    tables[sheet.name] = table;
  }
  return tables;
}

async function csvTable(path: string): Promise<Table> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    if (buffer.subarray(0, bytesRead).includes(0)) {
      throw new BrokenFile('broken-file', 'This is no CSV file. Download the data dictionary from REDCap again.');
    }
  } finally {
    await file.close();
  }
  const table: string[][] = [];
  const cells = new Cells();
  for await (const block of readRecords(createReadStream(path))) {
    for (const { row, cells: texts, broken } of block) {
      if (broken !== null) {
        const message = `Row ${row} cannot be read: its quotation marks do not close.`;
        throw new UnreadableFile([{ code: 'broken-row', path: `row ${row}`, message }]);
      }
      cells.put(table, row, texts.map(plainText));
    }
  }
  return table;
}
