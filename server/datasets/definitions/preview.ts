/** What a dataset would be, before anything is taken away: its size, its variables, its first rows. Called by the routes. */
import type { Cell } from '../cells.ts';
import { codedRow, headerOf } from '../formats/table-csv.ts';
import type { BuiltDataset } from './build.ts';

export interface DatasetPreview {
  readonly sha256: string;
  readonly counts: BuiltDataset['counts'];
  readonly notes: readonly string[];
  readonly rules: BuiltDataset['rules'];
  readonly anonymity: BuiltDataset['anonymity'];
  readonly tables: readonly {
    readonly name: string;
    readonly title: string;
    readonly rows: number;
    readonly variables: number;
    /** Cells with a reason instead of a value. */
    readonly missing: number;
  }[];
  /** The beginning of the main table, in codes. */
  readonly header: readonly string[];
  readonly first: readonly (readonly Cell[])[];
}

/** @param rows how many of the first rows */
export async function previewOf(built: BuiltDataset, rows: number): Promise<DatasetPreview> {
  const { sha256, counts, notes, rules, anonymity } = built;
  const tables: DatasetPreview['tables'][number][] = [];
  const first: Cell[][] = [];
  for (const table of built.tables) {
    let missing = 0;
    for await (const batch of table.read()) {
      for (const row of batch) {
        for (const reason of row.reasons) if (reason !== null) missing += 1;
        if (table === built.tables[0] && first.length < rows) first.push(codedRow(table.variables, row));
      }
    }
    const { name, title } = table;
    tables.push({ name, title, rows: table.rows, variables: headerOf(table).length, missing });
  }
  const [main] = built.tables;
  return { sha256, counts, notes, rules, anonymity, tables, header: main ? headerOf(main) : [], first };
}
