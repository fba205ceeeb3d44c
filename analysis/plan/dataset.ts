/** The columns of a data file, as analyses ask for them. Made by whoever read the file; handed on by plan.ts. */
import type { Values } from '../descriptives.ts';

/** A number, a text (a label of a group, say), or null where the value is missing. */
export type Cell = number | string | null;

export interface Dataset {
  readonly names: readonly string[];
  readonly rows: number;
  /** Number of a row (from 0) in its file, for messages. */
  fileRow(row: number): number;
  /** Throws RangeError for a column that is not there. */
  column(name: string): readonly Cell[];
  /** Throws RangeError for a column that is not there, and for the first cell that is neither a number nor missing. */
  numeric(name: string): Values;
}

/**
 * A dataset of columns that are there already.
 *
 * @param fileRows number of each row in its file, for messages; default: the header is row 1 and each row one line
 * @throws RangeError for columns of unequal length
 * @example
 * datasetOf({ a: [1, 2], b: ['x', 'y'] }).rows // => 2
 * datasetOf({ a: [1, 2], b: ['x', 'y'] }).column('b') // => ['x', 'y']
 */
export function datasetOf(columns: Readonly<Record<string, readonly Cell[]>>, fileRows?: ArrayLike<number>): Dataset {
  const given = new Map(Object.entries(columns));
  const rows = [...given.values()][0]?.length ?? 0;
  for (const [name, { length }] of given) {
    if (length !== rows) throw new RangeError(`datasetOf requires columns of one length; ${name} has ${length}`);
  }
  const column = (name: string): readonly Cell[] => {
    const cells = given.get(name);
    if (!cells) throw new RangeError(`no column ${name}`);
    return cells;
  };
  return {
    names: [...given.keys()],
    rows,
    fileRow: (row) => fileRows?.[row] ?? row + 2,
    column,
    numeric: (name) => numbersOf(name, column(name), (row) => fileRows?.[row] ?? row + 2),
  };
}

/**
 * The same data in which these numbers are missing values; in a column of texts, the same numbers written as texts.
 *
 * @example
 * withMissing(datasetOf({ a: [1, -9], b: ['x', '-9'] }), [-9]).column('b') // => ['x', null]
 */
export function withMissing(data: Dataset, missing: readonly number[]): Dataset {
  if (missing.length === 0) return data;
  const gaps = new Set<Cell>([...missing, ...missing.map(String)]);
  const ready = new Map<string, readonly Cell[]>();
  const column = (name: string): readonly Cell[] => {
    const cells = ready.get(name) ?? data.column(name).map((cell) => (gaps.has(cell) ? null : cell));
    ready.set(name, cells);
    return cells;
  };
  return { ...data, column, numeric: (name) => numbersOf(name, column(name), data.fileRow) };
}

/**
 * The rows in which each of these columns holds the value, or one of the values. Numbers and texts that are written alike
 * are the same.
 *
 * @throws RangeError for a column that is not there
 * @example
 * rowsWhere(datasetOf({ a: [1, 2, 3], b: ['x', 'y', 'x'] }), { b: 'x' }).column('a') // => [1, 3]
 */
export function rowsWhere(
  data: Dataset,
  where: Readonly<Record<string, string | number | readonly (string | number)[]>>,
): Dataset {
  const conditions = Object.entries(where).map(([name, values]) => ({
    cells: data.column(name),
    values: new Set([values].flat().map(String)),
  }));
  if (conditions.length === 0) return data;
  const kept = Array.from({ length: data.rows }, (_, row) => row).filter((row) =>
    conditions.every(({ cells, values }) => cells[row] !== null && values.has(String(cells[row]))),
  );
  const ready = new Map<string, readonly Cell[]>();
  const fileRow = (row: number) => data.fileRow(kept[row] ?? 0);
  const column = (name: string): readonly Cell[] => {
    const known = ready.get(name);
    if (known) return known;
    const all = data.column(name);
    const cells = kept.map((row) => all[row] ?? null);
    ready.set(name, cells);
    return cells;
  };
  return {
    names: data.names,
    rows: kept.length,
    fileRow,
    column,
    numeric: (name) => numbersOf(name, column(name), fileRow),
  };
}

function numbersOf(name: string, cells: readonly Cell[], fileRow: (row: number) => number): Values {
  const isNumber = (cell: Cell) => cell === null || (typeof cell === 'number' && Number.isFinite(cell));
  if (cells.every(isNumber)) return cells as Values;
  // A column with a single text holds its numbers as texts too: the one that is no number is what the author looks for.
  const word = cells.findIndex((cell) => typeof cell === 'string' && !Number.isFinite(Number(cell)));
  const wrong = word >= 0 ? word : cells.findIndex((cell) => !isNumber(cell));
  throw new RangeError(`column ${name}, row ${fileRow(wrong)}: a number is expected`);
}
