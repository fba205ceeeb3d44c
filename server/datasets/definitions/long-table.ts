/** The long table of a built dataset: a row for each response. Called by `build.ts`. */
import type { FileRow, FileVariable } from '../file-columns.ts';
import { newCells } from '../file-columns.ts';
import type { ColumnGroup, Line } from './column-groups.ts';

export interface RowSource {
  readonly variables: readonly FileVariable[];
  /** The rows, as often as wanted. */
  read(): AsyncGenerator<FileRow[], void, undefined>;
  close(): Promise<void>;
}

/** @param lines all responses, administration by administration, as often as wanted */
export function longTable(groups: readonly ColumnGroup[], lines: () => AsyncIterable<readonly Line[]>): RowSource {
  const variables = groups.flatMap(({ columns }) => columns);
  return {
    variables,
    async *read() {
      for await (const batch of lines()) {
        yield batch.map((line) => {
          const cells = newCells(variables.length);
          for (const group of groups) group.put(cells, line);
          return cells.row;
        });
      }
    },
    close: () => Promise.resolve(),
  };
}
