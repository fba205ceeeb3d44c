/**
 * Columns that belong together, and how a response fills them: who and where, one variable, one score, how it was answered.
 * A long table is all groups side by side; a wide one has them once for each administration. Called by `long-table.ts` and
 * `wide-table.ts`.
 */
import { intraIndividualVariability, longestString } from '../../../analysis/careless.ts';
import type { Scale } from '../../../instruments/instrument.ts';
import type { MissingReason } from '../../../instruments/missing.ts';
import { mappedValue } from '../../../instruments/versions/mapped-value.ts';
import type { Cell } from '../cells.ts';
import { type ResponseColumnId, responseColumns, toldName } from '../columns.ts';
import { type FileVariable, type newCells, plain, putCoded, withGap } from '../file-columns.ts';
import type { DataRow } from '../rows.ts';
import type { PooledVariable } from './pool.ts';
import { type AnewScore, scoreAnew } from './scores-anew.ts';

export type Cells = ReturnType<typeof newCells>;

/** A response on its way into a table. */
export interface Line {
  /** Index of its administration among those of the definition. */
  readonly source: number;
  /** Its response columns, as far as the level lets them be told. */
  readonly response: readonly Cell[];
  readonly row: DataRow;
  readonly paradata: { readonly device: string; readonly seconds: number } | null;
}

export interface ColumnGroup {
  readonly columns: readonly FileVariable[];
  /** Puts as many cells as there are columns. */
  put(cells: Cells, line: Line): void;
  /** Whether an administration has anything for it. */
  in(source: number): boolean;
}

const everywhere = () => true;

/** Some of the response columns, in their order; ones whose name a variable has are called `response_…`. */
export function responseGroup(ids: readonly ResponseColumnId[], taken: Set<string>, notes: string[]): ColumnGroup {
  const wanted = responseColumns.flatMap((column, at) => (ids.includes(column.id) ? [{ ...column, at }] : []));
  const columns = wanted.map(({ id, label, text }) => {
    const name = toldName(taken.has(id) ? `response_${id}` : id, taken, notes, label);
    if (name === `response_${id}`) notes.push(`${label} stands in ${name}: a variable has the name ${id}.`);
    return plain(name, label, text ? 'text' : 'integer');
  });
  return {
    columns,
    in: everywhere,
    put(cells, { response }) {
      for (const { at } of wanted) cells.put(response[at] ?? null, null);
    },
  };
}

/** A variable, with the column of its gaps behind texts, days and times. */
export function variableGroup({ column, from }: PooledVariable, taken: Set<string>, notes: string[]): ColumnGroup {
  const columns = withGap(column, taken);
  const [, gap] = columns;
  if (gap && gap.name !== `${column.name}_gap`) {
    notes.push(`Why there is nothing in ${column.name} stands in ${gap.name}: names have 32 characters.`);
  }
  return {
    columns,
    in: (source) => from[source] !== null,
    put(cells, { source, row }) {
      const found = from[source] ?? null;
      const value = found ? (row.coded.values[found.at] ?? null) : null;
      const reason: MissingReason | null = found ? (row.coded.reasons[found.at] ?? null) : 'not-asked';
      const mapped = typeof value === 'number' && found?.step ? mappedValue(found.step, value) : value;
      // An answer of one version that another has no value for.
      const lost: MissingReason | null = mapped === null && value !== null ? 'not-applicable' : null;
      putCoded(cells, [column], { values: [mapped], reasons: [lost ?? reason] });
    },
  };
}

/** A scale that versions of one instrument share; `from` is the index among the scales of each administration, or null. */
export interface PooledScale {
  readonly scale: Scale;
  readonly instrument: string;
  readonly score: string;
  readonly answered: string;
  readonly from: readonly (number | null)[];
  /** Aligned with `from`: how a score is made whose items an item map moves. */
  readonly anew: readonly (AnewScore | null)[];
}

export function scoreGroup({ scale, score, answered, from, anew }: PooledScale): ColumnGroup {
  return {
    columns: [
      {
        ...plain(score, `${scale.title}: ${scale.score} of the items`, 'number'),
        measurement: 'scale',
        gaps: true,
      },
      { ...plain(answered, `${scale.title}: number of items answered`, 'integer'), measurement: 'scale' },
    ],
    in: (source) => from[source] !== null,
    put(cells, { source, row }) {
      const at = from[source] ?? null;
      const found = at === null ? undefined : row.scores[at];
      const other = anew[source];
      if (found && other) {
        const { value, answered: count } = scoreAnew(other, row);
        cells.put(value, value === null ? (found.reason ?? 'skipped') : null);
        cells.put(count, null);
        return;
      }
      cells.put(found?.value ?? null, found ? found.reason : 'not-asked');
      cells.put(found?.answered ?? null, null);
    },
  };
}

/**
 * Signs of careless answering, from the items of scales in the order in which they were asked.
 * @param items where each administration's coded rows have them
 */
export function flagGroup(items: readonly (readonly number[])[], taken: Set<string>, notes: string[]): ColumnGroup {
  const [longest, variability, missing] = ['flag_longest_run', 'flag_variability', 'flag_missing'].map((name) =>
    toldName(name, taken, notes, 'A sign of careless answering'),
  );
  return {
    columns: [
      { ...plain(longest ?? '', 'Longest run of equal answers to items of scales', 'integer'), measurement: 'scale' },
      {
        ...plain(variability ?? '', 'Standard deviation of the answers to items of scales', 'number'),
        measurement: 'scale',
      },
      { ...plain(missing ?? '', 'Share of the variables shown without an answer', 'number'), measurement: 'scale' },
    ],
    in: everywhere,
    put(cells, { source, row: { coded } }) {
      const answers = (items[source] ?? []).map((at) => {
        const value = coded.reasons[at] === null ? coded.values[at] : null;
        return [typeof value === 'number' ? value : null];
      });
      cells.put(answers.length === 0 ? null : (longestString(answers)[0] ?? null), null);
      cells.put(answers.length === 0 ? null : (intraIndividualVariability(answers)[0] ?? null), null);
      const shown = coded.reasons.filter((reason) => reason !== 'hidden' && reason !== 'not-asked');
      const without = shown.filter((reason) => reason !== null).length;
      cells.put(shown.length === 0 ? null : without / shown.length, null);
    },
  };
}

/** How it was answered; empty where nothing ties that to the response, as in anonymous administrations. */
export function paradataGroup(taken: Set<string>, notes: string[]): ColumnGroup {
  const [device, seconds] = ['paradata_device', 'paradata_seconds'].map((name) =>
    toldName(name, taken, notes, 'How it was answered'),
  );
  return {
    columns: [
      plain(device ?? '', 'Kind of device', 'text'),
      { ...plain(seconds ?? '', 'Seconds on the pages of the survey', 'number'), measurement: 'scale' },
    ],
    in: everywhere,
    put(cells, { paradata }) {
      cells.put(paradata?.device ?? null, null);
      cells.put(paradata?.seconds ?? null, null);
    },
  };
}
