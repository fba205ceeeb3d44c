/**
 * A dataset as statistics programs want it: columns with a kind, labels and gaps with a reason, and rows that can be read
 * as often as a format needs. The binary formats (`formats/sav.ts`, `formats/dta.ts`) are written from this.
 *
 * Neither SPSS nor Stata knows reasons for gaps in texts, and a day that stands for a reason would be no day any more for
 * whoever reads the file in R: behind a column of texts, days or times a numeric column `<name>_gap` says why there is none.
 */
import { missingCodes, missingLabels, missingReasons } from '../../instruments/missing.ts';
import { linkedColumns } from './columns.ts';
import { type FileRow, type FileVariable, newCells, plain, putCoded, variableOf, withGap } from './file-columns.ts';
import { type Part, tableFile } from './part.ts';
import type { DataRow } from './rows.ts';

export interface FileTable {
  /** Name among the files of the dataset: `data`, or that of a linked table. */
  readonly name: string;
  readonly title: string;
  readonly at: Date;
  readonly variables: readonly FileVariable[];
  readonly rows: number;
  /** Longest value of each text column in bytes of UTF-8; 0 for other kinds. */
  readonly widths: readonly number[];
  /** Smallest and largest value of each integer column; null where there is none. */
  readonly ranges: readonly ({ readonly min: number; readonly max: number } | null)[];
  /** Columns that tell its rows apart; the first, and in linked tables the second with it, where nothing is said. */
  readonly key?: readonly string[];
  /** Columns that lead to rows of other tables, by the column of that name there. */
  readonly references?: readonly { readonly column: string; readonly table: string }[];
  read(): AsyncGenerator<FileRow[], void, undefined>;
}

/** The reserved codes with their words, as value labels. */
export const gapLabels = missingReasons.map((reason) => ({
  code: missingCodes[reason],
  label: missingLabels[reason],
}));

/** The tables of a part: the data first, then a table for each dynamic panel or matrix. */
export async function fileTables(part: Part): Promise<FileTable[]> {
  const { columns } = part.dataset;
  const tables = [await measured(part, mainShape(part))];
  for (const at of columns.tables.keys()) tables.push(await measured(part, linkedShape(part, at)));
  return tables;
}

/** Columns, and how a coded response becomes rows of them. */
interface Shape {
  readonly name: string;
  readonly title: string;
  readonly variables: readonly FileVariable[];
  rowsOf(row: DataRow): FileRow[];
}

function mainShape({ dataset }: Part): Shape {
  const { columns, instrument, administration } = dataset;
  const taken = new Set(columns.names);
  const asked = columns.variables.map(variableOf);
  const variables = [
    ...columns.response.map(({ name, label, text }) => plain(name, label, text ? 'text' : 'integer')),
    ...asked.flatMap((variable) => withGap(variable, taken)),
    ...columns.scores.flatMap(({ scale, score, answered }): FileVariable[] => [
      { ...plain(score, `${scale.title}: ${scale.score} of the items`, 'number'), measurement: 'scale', gaps: true },
      { ...plain(answered, `${scale.title}: number of items answered`, 'integer'), measurement: 'scale' },
    ]),
  ];
  return {
    name: 'data',
    title: `${administration.title} (${instrument.title}, version ${instrument.version})`,
    variables,
    rowsOf({ response, coded, scores }) {
      const cells = newCells(variables.length);
      for (const value of response) cells.put(value, null);
      putCoded(cells, asked, coded);
      for (const { value, reason, answered } of scores) {
        cells.put(value, reason);
        cells.put(answered, null);
      }
      return [cells.row];
    },
  };
}

function linkedShape({ dataset }: Part, at: number): Shape {
  const table = dataset.columns.tables[at];
  if (!table) throw new RangeError(`there is no linked table ${at}`);
  const names = linkedColumns(table);
  const [response = 'response', row = 'row'] = names;
  const taken = new Set(names);
  const asked = table.variables.map(variableOf);
  const variables = [
    plain(response, 'Response id', 'text'),
    plain(row, 'Number of the row within the response', 'integer'),
    ...asked.flatMap((variable) => withGap(variable, taken)),
  ];
  return {
    name: tableFile(table),
    title: table.label,
    variables,
    rowsOf({ response: [id = null], coded }) {
      return (coded.tables[at]?.rows ?? []).map((entry, index) => {
        const cells = newCells(variables.length);
        cells.put(id, null);
        cells.put(index + 1, null);
        putCoded(cells, asked, entry);
        return cells.row;
      });
    },
  };
}

async function measured({ dataset, spool }: Part, { rowsOf, ...shape }: Shape): Promise<FileTable> {
  async function* read(): AsyncGenerator<FileRow[], void, undefined> {
    for await (const batch of spool.read()) yield batch.flatMap(rowsOf);
  }
  const measures = newMeasures(shape.variables);
  for await (const batch of read()) for (const row of batch) measures.add(row);
  return { ...shape, at: dataset.at, ...measures.found(), read };
}

/** How many rows there are, how long their texts get and how large their integers, from seeing each once. */
export function newMeasures(variables: readonly Pick<FileVariable, 'kind'>[]) {
  const widths = variables.map(() => 0);
  const lowest = variables.map(() => Number.POSITIVE_INFINITY);
  const highest = variables.map(() => Number.NEGATIVE_INFINITY);
  let rows = 0;
  return {
    add({ values }: FileRow): void {
      rows += 1;
      for (let at = 0; at < values.length; at += 1) {
        const value = values[at];
        if (typeof value === 'string') {
          if (variables[at]?.kind === 'text') widths[at] = Math.max(widths[at] ?? 0, Buffer.byteLength(value));
        } else if (typeof value === 'number') {
          lowest[at] = Math.min(lowest[at] ?? value, value);
          highest[at] = Math.max(highest[at] ?? value, value);
        }
      }
    },
    found(): Pick<FileTable, 'rows' | 'widths' | 'ranges'> {
      const ranges = variables.map(({ kind }, at) => {
        const [min = Number.NaN, max = Number.NaN] = [lowest[at], highest[at]];
        return kind === 'integer' && min <= max ? { min, max } : null;
      });
      return { rows, widths, ranges };
    },
  };
}
