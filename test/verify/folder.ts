/**
 * Reads a folder of expected figures and data sets: `expected/*.json` and `data/*.csv`, or both in the folder itself.
 * Used by run.ts and by the tests.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Papa from 'papaparse';
import { type DataFrame, type DataSource, MissingData, type OracleFile } from './types.ts';

export interface OracleFolder {
  /** Names of the expected files, in order. */
  readonly files: string[];
  /** What lies there and is not read, each with the reason. */
  readonly ignored: string[];
  /** What a file holds, whatever it is. Throws UnreadableFile when it is no JSON. */
  raw(file: string): unknown;
  /** Throws UnreadableFile when the file holds no JSON object with `results`. */
  expected(file: string): OracleFile;
  readonly data: DataSource;
}

/** An expected file that cannot be read as one; the message says why. */
export class UnreadableFile extends Error {}

/** Opens the folder. Throws when there is no such folder. Data sets are read when asked for, and kept. */
export function openFolder(folder: string): OracleFolder {
  const places = new Map<string, string>();
  const ignored: string[] = [];
  for (const place of [folder, join(folder, 'expected')]) {
    if (place !== folder && !existsSync(place)) continue;
    for (const file of readdirSync(place)) {
      if (!file.endsWith('.json')) continue;
      const known = places.get(file);
      if (known !== undefined) ignored.push(`${known}: ${join(place, file)} has the same name and is read`);
      // Beside expected/ a JSON file without a number is none of the expected ones, like a package.json.
      if (/^\d/.test(file) || place !== folder || !existsSync(join(folder, 'expected'))) {
        places.set(file, join(place, file));
      } else ignored.push(`${join(place, file)}: it is not in expected/, and its name begins with no number`);
    }
  }
  for (const file of inSubfolders(join(folder, 'expected'))) {
    ignored.push(`${file}: only expected/ itself is read, not the folders in it`);
  }
  const placeOf = (file: string): string => {
    const place = places.get(file);
    if (place === undefined) throw new Error(`${folder} holds no expected file ${file}`);
    return place;
  };
  const frames = new Map<string, DataFrame>();
  return {
    files: [...places.keys()].sort(),
    ignored,
    raw: (file) => parsed(placeOf(file)),
    expected: (file) => expectedOf(parsed(placeOf(file))),
    data: (name) => {
      const known = frames.get(name);
      if (known) return known;
      const place = ['data', 'data_fetched', '.'].map((sub) => join(folder, sub, `${name}.csv`)).find(existsSync);
      if (place === undefined) throw new MissingData(name);
      const frame = readFrame(textOf(place));
      frames.set(name, frame);
      return frame;
    },
  };
}

/** The text of a file, without the byte-order mark that spreadsheets write before it. */
function textOf(file: string): string {
  return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
}

function inSubfolders(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json') && /[\\/]/.test(file))
    .map((file) => join(folder, file));
}

function parsed(place: string): unknown {
  try {
    return JSON.parse(textOf(place));
  } catch (error) {
    throw new UnreadableFile(`the file is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The parts of an expected file. Throws UnreadableFile. */
function expectedOf(file: unknown): OracleFile {
  const results: unknown = typeof file === 'object' && file !== null && 'results' in file ? file.results : undefined;
  if (typeof results !== 'object' || results === null || Array.isArray(results)) {
    throw new UnreadableFile('the file holds no object `results` with the cases by name');
  }
  return file as OracleFile;
}

/** A data frame from CSV text with a header; empty cells are missing. */
export function readFrame(text: string): DataFrame {
  const [header = [], ...lines] = Papa.parse<string[]>(text, { skipEmptyLines: true }).data;
  const columns = new Map<string, (number | string | null)[]>();
  const columnOf = (name: string): (number | string | null)[] => {
    const known = columns.get(name);
    if (known) return known;
    const place = header.indexOf(name);
    if (place < 0) throw new RangeError(`the data set has no column ${name}`);
    const column = typed(lines.map((line) => line[place] ?? ''));
    columns.set(name, column);
    return column;
  };
  return {
    names: header,
    rows: lines.length,
    column: (name) => [...columnOf(name)],
    numeric: (name) =>
      columnOf(name).map((value) => {
        if (typeof value === 'string') throw new RangeError(`the column ${name} holds text`);
        return value;
      }),
  };
}

function typed(cells: readonly string[]): (number | string | null)[] {
  const numeric = cells.every((cell) => cell.trim() === '' || Number.isFinite(Number(cell)));
  return cells.map((cell) => (cell === '' || (numeric && cell.trim() === '') ? null : numeric ? Number(cell) : cell));
}
