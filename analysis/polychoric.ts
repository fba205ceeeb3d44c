/**
 * Polychoric correlations: of the normal variables that ordered answers are taken to cut into categories. For ordinal
 * alpha and omega, and for factors of items with few categories.
 */
import { counted } from '../instruments/zod-words.ts';
import { type Columns, completeRows, type MissingUse, rowCount } from './covariance.ts';
import type { Values } from './descriptives.ts';
import { smoothed } from './factors/loadings.ts';
import { itemsAt } from './item-names.ts';
import { type CorrelationSearch, polychoricOfTable, thresholdsOf } from './polychoric-table.ts';
import { type ShareDone, untold } from './progress.ts';
import type { Note } from './result.ts';

export interface PolychoricOptions extends CorrelationSearch {
  /** `listwise` (default): thresholds and tables of complete rows; `pairwise`: of the rows that have the item or the pair. */
  readonly use?: MissingUse;
  /**
   * Whose answers set the thresholds of a pair: all that an item has (`item`, default) or those in the table of the pair.
   */
  readonly thresholds?: 'item' | 'pair';
  /**
   * Added to each empty cell of a pair's table; default 0. Needs `thresholds: 'pair'`, which it moves: as in psych the margins
   * are then shares of the people counted, without what was added, and come to a little more than 1.
   */
  readonly emptyCells?: number;
  /** Raise negative eigenvalues of the matrix, which pairs by themselves can have; default false. */
  readonly smooth?: boolean;
  readonly onShare?: ShareDone;
}

export interface Polychoric {
  readonly n: number;
  readonly correlations: readonly (readonly number[])[];
  /** Of each item, between one category and the next; in standard deviations. */
  readonly thresholds: readonly (readonly number[])[];
  /** The categories of each item in ascending order. */
  readonly categories: readonly (readonly number[])[];
  readonly notes: readonly Note[];
}

/**
 * How closely do the variables behind ordered answers go together, if they are normal? Two steps: the thresholds of an item
 * from its own frequencies, then for each pair the correlation of greatest likelihood given the thresholds (Olsson's
 * two-step estimate, as lavaan and Mplus). Items with two categories give tetrachoric correlations; one empty cell of four
 * counts half a person more, with the margins kept, as its correlation would be 1 or -1 otherwise.
 *
 * NaN for an item with one category. Notes: `constant-item`, `empty-cells` (pairs of categories that nobody chose: the
 * estimate leans on few people), `at-bound`, `not-positive-definite`.
 *
 * Reference: Olsson (1979), Psychometrika 44, 443-460. Agrees with lavaan's lavCor to 1e-7; with polycor's polychor and
 * psych's polychoric to 1e-7 when its options and stopping are theirs.
 *
 * @throws RangeError for columns of unequal length, or empty cells without thresholds of the pair
 * @example
 * polychoricCorrelations([[1, 1, 2, 2], [1, 2, 1, 2]]).thresholds // => [[0], [0]]
 */
export function polychoricCorrelations(columns: Columns, options: PolychoricOptions = {}): Polychoric {
  const { use = 'listwise', thresholds: whose = 'item', emptyCells = 0, smooth = false, onShare = untold } = options;
  if (emptyCells > 0 && whose === 'item') throw new RangeError('emptyCells requires thresholds of the pair');
  const used = use === 'listwise' ? completeRows(columns) : columns;
  const items = used.map(ordinalItem);
  const matrix = items.map((_, i) => items.map((__, j) => (i === j ? 1 : Number.NaN)));
  const doubts = { empty: 0, bound: 0 };
  items.forEach((first, i) => {
    for (let j = 0; j < i; j += 1) {
      onShare((i * (i - 1) + 2 * j) / (items.length * (items.length - 1)));
      const second = items[j] ?? first;
      const table = crossed(first, second);
      if (table.flat().includes(0)) doubts.empty += 1;
      const value =
        whose === 'pair'
          ? ofPair(table, emptyCells, options)
          : polychoricOfTable(table, first.thresholds, second.thresholds, options);
      if (Math.abs(value) > 0.998) doubts.bound += 1;
      for (const [row, column] of [
        [i, j],
        [j, i],
      ] as const) {
        const line = matrix[row];
        if (line) line[column] = value;
      }
    }
  });
  const known = !matrix.flat().some(Number.isNaN);
  const possible = known ? smoothed(matrix) : matrix;
  const constant = items.flatMap(({ categories }, i) => (categories.length < 2 ? [i + 1] : []));
  return {
    n: rowCount(used),
    correlations: smooth ? possible : matrix,
    thresholds: items.map(({ thresholds }) => thresholds),
    categories: items.map(({ categories }) => categories),
    notes: notesOn(constant, doubts, known && possible !== matrix),
  };
}

/** An item as places among its categories. */
export interface OrdinalItem {
  readonly categories: readonly number[];
  /** Place of each answer among the categories; -1 where it is missing. */
  readonly codes: readonly number[];
  readonly thresholds: readonly number[];
}

/**
 * The categories of a column in ascending order, each answer as a place among them, and the thresholds between them.
 *
 * @example
 * ordinalItem([3, 5, null, 3, 5]) // => { categories: [3, 5], codes: [0, 1, -1, 0, 1], thresholds: [0] }
 */
export function ordinalItem(values: Values): OrdinalItem {
  const categories = [...new Set(Array.from(values).filter((value) => value !== null))].sort((a, b) => a - b);
  const places = new Map(categories.map((category, place) => [category, place]));
  const codes = Array.from(values, (value) => (value === null ? -1 : (places.get(value) ?? -1)));
  const counts = categories.map(() => 0);
  for (const code of codes) if (code >= 0) counts[code] = (counts[code] ?? 0) + 1;
  return { categories, codes, thresholds: thresholdsOf(counts) };
}

function crossed(first: OrdinalItem, second: OrdinalItem): number[][] {
  const table = first.categories.map(() => second.categories.map(() => 0));
  first.codes.forEach((row, person) => {
    const column = second.codes[person] ?? -1;
    const line = table[row];
    if (line && column >= 0) line[column] = (line[column] ?? 0) + 1;
  });
  return table;
}

/** From the table alone: categories that nobody in it chose are left out, and its margins give the thresholds. */
function ofPair(table: readonly (readonly number[])[], emptyCells: number, options: PolychoricOptions): number {
  const columns = (table[0] ?? []).map((_, j) => table.some((line) => (line[j] ?? 0) > 0));
  const people = table.flat().reduce((total, count) => total + count, 0);
  const kept = table
    .filter((line) => line.some((count) => count > 0))
    .map((line) => line.filter((_, j) => columns[j]).map((count) => (count === 0 ? emptyCells : count)));
  const across = (kept[0] ?? []).map((_, j) => kept.reduce((total, line) => total + (line[j] ?? 0), 0));
  const down = kept.map((line) => line.reduce((total, count) => total + count, 0));
  return polychoricOfTable(kept, thresholdsOf(down, people), thresholdsOf(across, people), options);
}

function notesOn(constant: readonly number[], doubts: { empty: number; bound: number }, impossible: boolean): Note[] {
  const notes: Note[] = [];
  if (constant.length > 0)
    notes.push({ code: 'constant-item', text: `Everybody gave the same answer to ${itemsAt(constant)}.` });
  if (doubts.empty > 0) {
    const text = `In ${counted(doubts.empty, 'pair')} of items some pair of answers was given by nobody, so ${doubts.empty === 1 ? 'the correlation leans' : 'their correlations lean'} on few people.`;
    notes.push({ code: 'empty-cells', text });
  }
  if (doubts.bound > 0)
    notes.push({
      code: 'at-bound',
      text: `${counted(doubts.bound, 'correlation is', 'correlations are')} as good as 1 or -1.`,
    });
  if (impossible) {
    const text = 'The correlations, each estimated by itself, cannot all hold together (not positive definite).';
    notes.push({ code: 'not-positive-definite', text });
  }
  return notes;
}
