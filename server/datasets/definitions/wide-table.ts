/**
 * The wide table of a built dataset: a row for each person, with the columns of each administration side by side. The
 * responses are kept on disk, where each person's can be found again, so that memory holds an index and no answers.
 * Called by `build.ts`.
 */
import { freeName } from '../columns.ts';
import { type FileRow, type FileVariable, newCells, plain } from '../file-columns.ts';
import type { ColumnGroup, Line } from './column-groups.ts';
import { type LinePlace, newLineStore } from './line-store.ts';
import type { RowSource } from './long-table.ts';

export interface WideParts {
  /** What is said of a person once. */
  readonly person: ColumnGroup;
  /** What is said of each response. */
  readonly groups: readonly ColumnGroup[];
  /** What ends the columns of each administration; null for one that has none. */
  readonly suffixes: readonly (string | null)[];
}

export interface WideTable extends RowSource {
  /** One sentence for each name that had to be cut or numbered. */
  readonly renamed: readonly string[];
  /** Responses that were left out because the same person had given one already in that administration. */
  readonly repeated: number;
}

interface Place extends LinePlace {
  readonly source: number;
}

const batchSize = 200;
const longest = 32;

export async function wideTable(
  parts: WideParts,
  lines: AsyncIterable<readonly Line[]>,
  personOf: (line: Line) => string | null,
): Promise<WideTable> {
  const { person, groups, suffixes } = parts;
  const taken = new Set(person.columns.map(({ name }) => name));
  const renamed: string[] = [];
  const blocks = suffixes.map((suffix, source) => {
    if (suffix === null) return { own: [], columns: [] };
    const own = groups.filter((group) => group.in(source));
    const flag = plain(freeName(`responded${endingOf(suffix)}`, taken), `Has responded (${suffix})`, 'integer');
    return { own, columns: [flag, ...own.flatMap(({ columns }) => suffixed(columns, suffix, taken, renamed))] };
  });
  const store = await newLineStore();
  const index = new Map<string, Place[]>();
  let repeated = 0;
  try {
    for await (const batch of lines) {
      const known = batch.filter((line) => personOf(line) !== null);
      const places = await store.add(known);
      known.forEach((line, at) => {
        const [id, place] = [personOf(line) ?? '', places[at]];
        const others = index.get(id) ?? [];
        if (!place || others.some(({ source }) => source === line.source)) repeated += 1;
        else index.set(id, [...others, { ...place, source: line.source }]);
      });
    }
  } catch (error) {
    await store.close();
    throw error;
  }
  const variables = [...person.columns, ...blocks.flatMap(({ columns }) => columns)];
  const rowOf = async (places: readonly Place[]): Promise<FileRow> => {
    const found = await Promise.all(places.map((place) => store.at(place)));
    const cells = newCells(variables.length);
    const [first] = found;
    if (first) person.put(cells, first);
    blocks.forEach(({ own, columns }, source) => {
      if (columns.length === 0) return;
      const line = found.find((one) => one.source === source);
      cells.put(line ? 1 : 0, null);
      if (line) for (const group of own) group.put(cells, line);
      else for (let at = 1; at < columns.length; at += 1) cells.put(null, null);
    });
    return cells.row;
  };
  const people = [...index.keys()].sort();
  return {
    variables,
    renamed,
    repeated,
    async *read() {
      for (let at = 0; at < people.length; at += batchSize) {
        yield await Promise.all(people.slice(at, at + batchSize).map((id) => rowOf(index.get(id) ?? [])));
      }
    },
    close: () => store.close(),
  };
}

const endingOf = (suffix: string) => `_${suffix.replaceAll('-', '_')}`;

function suffixed(
  columns: readonly FileVariable[],
  suffix: string,
  taken: Set<string>,
  renamed: string[],
): FileVariable[] {
  const ending = endingOf(suffix);
  const names = new Map<string, string>();
  return columns.map((column) => {
    const wanted = `${column.name}${ending}`;
    const name = freeName(`${column.name.slice(0, Math.max(8, longest - ending.length))}${ending}`, taken);
    if (name !== wanted)
      renamed.push(`${column.name} of ${suffix} stands in ${name}: names have ${longest} characters`);
    names.set(column.name, name);
    const { gapOf } = column;
    return {
      ...column,
      name,
      label: `${column.label} (${suffix})`,
      ...(gapOf === undefined ? {} : { gapOf: names.get(gapOf) ?? gapOf }),
    };
  });
}
