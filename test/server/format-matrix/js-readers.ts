/** Readers in JavaScript that are not our own writers: papaparse, exceljs, hyparquet, JSON.parse, saxes. Called by `readers.ts`. */
import { readFile } from 'node:fs/promises';
import ExcelJS from 'exceljs';
import { parquetMetadata, parquetReadObjects, parquetSchema } from 'hyparquet';
import Papa from 'papaparse';
import { SaxesParser } from 'saxes';
import type { ReadColumn, ReadTable } from './table.ts';

/** Rows of cells below a header. */
export function tableOfRows([header = [], ...lines]: readonly (readonly (string | null)[])[]): ReadTable {
  const names = header.map((name) => name ?? '');
  const columns = names.map((name, at): [string, ReadColumn] => [
    name,
    { cells: lines.map((line) => line[at] ?? null) },
  ]);
  return { names, columns: new Map(columns) };
}

export function readCsvText(text: string): ReadTable {
  const { data, errors } = Papa.parse<string[]>(text.replace(/\r?\n$/, ''));
  if (errors.length > 0) throw new Error(JSON.stringify(errors));
  return tableOfRows(data);
}

export async function readCsv(path: string): Promise<ReadTable> {
  return readCsvText(await readFile(path, 'utf8'));
}

export async function readWorkbook(path: string): Promise<ReadTable> {
  const book = new ExcelJS.Workbook();
  await book.xlsx.readFile(path);
  const labelled = tableOfRows(rowsOf(book, 'labelled')).columns;
  return {
    ...tableOfRows(rowsOf(book, 'data')),
    labelled: new Map([...labelled].map(([name, { cells }]) => [name, cells])),
  };
}

function rowsOf(book: ExcelJS.Workbook, name: string): (string | null)[][] {
  const sheet = book.getWorksheet(name);
  if (!sheet) throw new Error(`there is no sheet ${name}`);
  const rows: (string | null)[][] = [];
  for (let line = 1; line <= sheet.rowCount; line += 1) {
    const cells: (string | null)[] = [];
    for (let at = 1; at <= sheet.columnCount; at += 1) {
      const { value } = sheet.getRow(line).getCell(at);
      // A formula, a link or a rich text is an object: none of these may come out of a text.
      if (typeof value === 'object' && value !== null)
        throw new Error(`${name} ${line},${at} is ${JSON.stringify(value)}`);
      cells.push(value === null || value === undefined ? null : String(value));
    }
    rows.push(cells);
  }
  return rows;
}

export async function readParquet(path: string): Promise<ReadTable> {
  const { buffer, byteOffset, byteLength } = await readFile(path);
  const file = buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
  const metadata = parquetMetadata(file);
  const names = parquetSchema(metadata).children.map(({ element }) => element.name);
  const rows = await parquetReadObjects({ file });
  const { fields, gapColumns } = JSON.parse(
    metadata.key_value_metadata?.find(({ key }) => key === 'fidelis')?.value ?? '{}',
  ) as { fields: Field[]; gapColumns: Record<string, string> };
  const described = new Map(fields.map((field) => [field.name, field]));
  const columns = names.map((name): [string, ReadColumn] => {
    const kind = described.get(name)?.type;
    const cells = rows.map((row) => cellOf(row[name], kind));
    return [name, { cells, reasons: reasonsOf(rows, gapColumns[name]), ...labelsOf(described.get(name)) }];
  });
  return { names, columns: new Map(columns) };
}

interface Field {
  readonly name: string;
  readonly title: string;
  readonly type: string;
  readonly categories?: readonly { readonly value: number; readonly label: string }[];
}

const labelsOf = (field: Field | undefined) => ({
  label: field?.title ?? null,
  values: Object.fromEntries((field?.categories ?? []).map(({ value, label }) => [String(value), label])),
});

function cellOf(value: unknown, kind: string | undefined): string | null {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return value.toISOString().slice(0, kind === 'date' ? 10 : 19);
  return kind === 'time' ? new Date(Number(value)).toISOString().slice(11, 19) : String(value);
}

/** The column behind one that may miss values for a reason. */
function reasonsOf(rows: readonly Record<string, unknown>[], column: string | undefined): (string | null)[] {
  return rows.map((row) => (column === undefined || row[column] === null ? null : String(row[column])));
}

export async function readJsonLines(path: string): Promise<ReadTable> {
  const text = await readFile(path, 'utf8');
  const rows = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const names = Object.keys(rows[0] ?? {}).filter((name) => name !== '_missing');
  const columns = names.map((name): [string, ReadColumn] => {
    const cells = rows.map((row) => (row[name] === null ? null : String(row[name])));
    const reasons = rows.map((row) => (row._missing as Record<string, string> | undefined)?.[name] ?? null);
    return [name, { cells, reasons }];
  });
  return { names, columns: new Map(columns) };
}

export interface DdiVariable {
  readonly name: string;
  readonly label: string;
  readonly values: Readonly<Record<string, string>>;
  readonly gaps: number;
}

/** Variables of a DDI document with their words, and the titles; throws for what is no XML or refers to nothing. */
export async function readDdi(path: string): Promise<{ title: string; cases: string; variables: DdiVariable[] }> {
  const parser = new SaxesParser({ xmlns: false });
  const stack: { name: string; text: string }[] = [];
  const ids = new Set<string>();
  const references: string[] = [];
  const variables: (DdiVariable & { values: Record<string, string>; label: string; gaps: number })[] = [];
  let [title, cases, code, missing] = ['', '', '', false];
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    stack.push({ name, text: '' });
    const { ID: id, files, name: own, missing: is } = attributes;
    if (id !== undefined && ids.has(id)) throw new Error(`the ID ${id} stands twice`);
    if (id !== undefined) ids.add(id);
    if (files !== undefined) references.push(...files.split(' '));
    if (name === 'var') variables.push({ name: own ?? '', label: '', values: {}, gaps: 0 });
    if (name === 'catgry') missing = is === 'Y';
  });
  parser.on('text', (text) => {
    const open = stack.at(-1);
    if (open) open.text += text;
  });
  parser.on('closetag', () => {
    const { name, text } = stack.pop() ?? { name: '', text: '' };
    const within = stack.at(-1)?.name;
    const variable = variables.at(-1);
    if (name === 'titl') title = text;
    if (name === 'caseQnty') cases = text;
    if (name === 'catValu') code = text;
    if (name !== 'labl' || !variable) return;
    if (within === 'var') variable.label = text;
    else if (missing) variable.gaps += 1;
    else variable.values[code] = text;
  });
  parser.write(await readFile(path, 'utf8')).close();
  const dangling = references.find((reference) => !ids.has(reference));
  if (dangling !== undefined) throw new Error(`nothing has the ID ${dangling}`);
  return { title, cases, variables };
}
