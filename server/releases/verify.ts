/**
 * Whether a release still is what the data say: its files against their hashes, and its tables against the same definition
 * computed anew, row by row and column by column. Called by the routes and `fidelis release verify`.
 */
import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import Papa from 'papaparse';
import type { Context } from '../context.ts';
import { type BuiltDataset, buildDataset } from '../datasets/definitions/build.ts';
import type { FileTable } from '../datasets/file-table.ts';
import { csvLine } from '../datasets/formats/csv.ts';
import { codedRow, headerOf } from '../datasets/formats/table-csv.ts';
import { problemOf } from '../problem-of.ts';
import { Problem } from '../problems.ts';
import { getRelease, openReleased, type Release } from './store.ts';

export interface ChangedRow {
  readonly key: string;
  /** Columns whose cells are others now. */
  readonly columns: readonly string[];
}

export interface TableChange {
  readonly table: string;
  readonly rowsThen: number;
  readonly rowsNow: number;
  /** Columns that were added or are gone. */
  readonly columnsAdded: readonly string[];
  readonly columnsGone: readonly string[];
  readonly added: number;
  readonly gone: number;
  readonly changed: number;
  /** The first of each, by the key of the table. */
  readonly examples: {
    readonly added: readonly string[];
    readonly gone: readonly string[];
    readonly changed: readonly ChangedRow[];
  };
}

export interface ReleaseVerdict {
  readonly study: string;
  readonly number: number;
  /** `unchanged`: the data give the same tables. `changed`: they do not. `cannot-recompute`: they give none any more. */
  readonly verdict: 'unchanged' | 'changed' | 'cannot-recompute';
  /** Frozen files whose bytes are not those that were frozen. */
  readonly damagedFiles: readonly string[];
  readonly sha256Then: string;
  readonly sha256Now: string | null;
  readonly tables: readonly TableChange[];
  /** Instrument versions that are others now, and amendments that came since: a sentence each. */
  readonly notes: readonly string[];
}

const mostExamples = 20;

/** Throws `not-found`. */
export async function verifyRelease(
  context: Pick<Context, 'db' | 'clock' | 'config' | 'secret'>,
  study: string,
  number: number,
  signal?: AbortSignal,
): Promise<ReleaseVerdict> {
  const release = await getRelease(context.db, study, number);
  const damagedFiles = await damaged(context, release);
  const base = { study, number, damagedFiles, sha256Then: release.sha256 };
  let built: BuiltDataset;
  try {
    built = await buildDataset(context, study, release.definition, signal ? { signal } : {});
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const { detail, issues = [] } = problemOf(error);
    const notes = [detail ?? 'The dataset cannot be built any more.', ...issues.map(({ message }) => message)];
    return { ...base, verdict: 'cannot-recompute', sha256Now: null, tables: [], notes };
  }
  try {
    const tables: TableChange[] = [];
    if (built.sha256 !== release.sha256) {
      const comparable = built.tables.filter(({ name }) => !damagedFiles.includes(`${name}.csv`));
      for (const table of comparable) tables.push(await compareTable(context, release, table));
    }
    const changes = tables.filter(isChange);
    return {
      ...base,
      verdict: built.sha256 === release.sha256 ? 'unchanged' : 'changed',
      sha256Now: built.sha256,
      tables: changes,
      notes: [
        ...notesOf(release, built),
        ...damagedFiles
          .filter((file) => built.sha256 !== release.sha256 && file.endsWith('.csv'))
          .map((file) => `${file} is damaged, so its rows cannot be compared.`),
        ...(built.sha256 !== release.sha256 && changes.length === 0 && damagedFiles.length === 0
          ? ['The cells are the same; labels, types or names of the columns are others.']
          : []),
      ],
    };
  } finally {
    await built.close();
  }
}

async function damaged({ db }: Pick<Context, 'db'>, { study, number, files }: Release): Promise<string[]> {
  const found: string[] = [];
  for (const { name, sha256 } of files) {
    const hash = createHash('sha256');
    try {
      for await (const chunk of await openReleased(db, study, number, name)) hash.update(chunk as Buffer);
    } catch {
      // Missing or incomplete: GridFS says so while it is read.
      found.push(name);
      continue;
    }
    if (hash.digest('hex') !== sha256) found.push(name);
  }
  return found;
}

function notesOf(release: Release, built: BuiltDataset): string[] {
  const since = built.datasets.flatMap(({ amendments }) => amendments).slice(release.amendments.length);
  const versions = release.administrations.flatMap(({ id, instrument, version, sha256 }) => {
    const now = built.datasets.find(({ administration }) => administration.id === id);
    return now && now.hash !== sha256
      ? [`${id} asked version ${version} of ${instrument} then and version ${now.instrument.version} now.`]
      : [];
  });
  return [...versions, ...since.map((text) => `Amendment since: ${text}`)];
}

const isChange = ({ added, gone, changed, columnsAdded, columnsGone }: TableChange) =>
  added + gone + changed + columnsAdded.length + columnsGone.length > 0;

/** The rows of a CSV file while it is read. */
function csvRows(file: Readable): AsyncIterable<string[]> {
  const rows = Papa.parse(Papa.NODE_STREAM_INPUT, { delimiter: ',', skipEmptyLines: 'greedy' });
  // By whole characters: a block may end in the middle of one.
  file.setEncoding('utf8');
  file.once('error', (error) => rows.destroy(error));
  return file.pipe(rows);
}

async function compareTable({ db }: Pick<Context, 'db'>, release: Release, table: FileTable): Promise<TableChange> {
  const { name, variables, key = [] } = table;
  const header = headerOf(table);
  const keyOf = (names: readonly string[], cells: readonly string[]) =>
    key.map((column) => cells[names.indexOf(column)] ?? '').join('/');
  let headerThen: readonly string[] = [];
  // Each as one text: the cells of a large table would take many times the memory.
  const then = new Map<string, string>();
  if (release.files.some((file) => file.name === `${name}.csv`)) {
    for await (const cells of csvRows(await openReleased(db, release.study, release.number, `${name}.csv`))) {
      if (headerThen.length === 0) headerThen = cells;
      else then.set(keyOf(headerThen, cells), JSON.stringify(cells));
    }
  }
  const rowsThen = then.size;
  const [added, changed]: [string[], ChangedRow[]] = [[], []];
  let [addedRows, changedRows, rowsNow] = [0, 0, 0];
  for await (const batch of table.read()) {
    const text = batch.map((row) => csvLine(codedRow(variables, row))).join('');
    for (const cells of Papa.parse<string[]>(text, { skipEmptyLines: 'greedy' }).data) {
      rowsNow += 1;
      const id = keyOf(header, cells);
      const before = then.get(id);
      then.delete(id);
      if (!before) {
        addedRows += 1;
        if (added.length < mostExamples) added.push(id);
        continue;
      }
      const cellsBefore = JSON.parse(before) as string[];
      const columns = header.filter((column, at) => {
        const was = headerThen.indexOf(column);
        return was !== -1 && cellsBefore[was] !== cells[at];
      });
      if (columns.length === 0) continue;
      changedRows += 1;
      if (changed.length < mostExamples) changed.push({ key: id, columns });
    }
  }
  return {
    table: name,
    rowsThen,
    rowsNow,
    columnsAdded: header.filter((column) => !headerThen.includes(column)),
    columnsGone: headerThen.filter((column) => !header.includes(column)),
    added: addedRows,
    gone: then.size,
    changed: changedRows,
    examples: { added, gone: [...then.keys()].slice(0, mostExamples), changed },
  };
}
