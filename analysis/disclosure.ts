/**
 * Tables for readers who may not see identified rows: no cell that stands for fewer people than the study's minimum,
 * and none that could be had by subtraction. Called by the report; means are hidden together with their n.
 */
import { type CellEdge, hiddenCells } from './disclosure-flow.ts';

/** A count, or null where it must not be shown. */
export type ShownCount = number | null;

export interface ShownRow {
  readonly cells: readonly ShownCount[];
  readonly total: ShownCount;
}

export interface ShownTable {
  readonly cells: readonly (readonly ShownCount[])[];
  readonly rowTotals: readonly ShownCount[];
  readonly columnTotals: readonly ShownCount[];
  readonly total: ShownCount;
}

/** Counts within counts, like people in schools in clusters in arms. The parts, where there are any, add up to the count. */
export interface CountTree {
  readonly count: number;
  readonly parts: readonly CountTree[];
}

export interface ShownTree {
  readonly count: ShownCount;
  readonly parts: readonly ShownTree[];
}

/**
 * A row of counts, or a table of them with rows and columns, with all totals and without what must not be seen. What
 * may a reader learn who adds and subtracts what is shown, and knows that counts are not negative? That a hidden small
 * count lies in a span that reaches the minimum, and no more. Counts from 1 to minimum - 1 are hidden (primary), and
 * the fewest people's worth of others that closes the way back (complementary); totals are hidden only where cells do
 * not suffice. Empty cells stand for nobody and are shown, unless they are needed as a complement.
 *
 * The protection is for one table by itself: two tables over overlapping groups have to be made from one tree (see
 * `suppressTree`) or not be shown together.
 *
 * @param minimum fewest people that a shown cell may stand for; 0 or 1 hides nothing
 * @throws RangeError for counts that are not whole numbers from 0, a minimum that is not one, or rows of unequal length
 * @example
 * suppressSmallCells([20, 3, 9, 0], 5) // => { cells: [20, null, null, 0], total: 32 }
 * suppressSmallCells([20, 12], 5) // => { cells: [20, 12], total: 32 }
 */
export function suppressSmallCells(counts: readonly number[], minimum: number): ShownRow;
export function suppressSmallCells(counts: readonly (readonly number[])[], minimum: number): ShownTable;
export function suppressSmallCells(
  counts: readonly number[] | readonly (readonly number[])[],
  minimum: number,
): ShownRow | ShownTable {
  return isTable(counts) ? suppressTwoWay(counts, minimum) : suppressOneWay(counts, minimum);
}

/**
 * Counts within counts without what must not be seen, at every level at once: a school cannot be had from its cluster
 * and the other schools, nor a cluster from its arm.
 *
 * @throws RangeError as `suppressSmallCells`, and when parts do not add up to their count
 * @example
 * suppressTree({ count: 9, parts: [{ count: 9, parts: [] }] }, 5) // => { count: 9, parts: [{ count: 9, parts: [] }] }
 */
export function suppressTree(tree: CountTree, minimum: number): ShownTree {
  // Node 0 closes the circulation: it feeds the root and takes what arrives at the leaves.
  const edges: CellEdge[] = [];
  const height = (branch: CountTree): number =>
    branch.parts.length === 0 ? 0 : 1 + Math.max(...branch.parts.map(height));
  let nodes = 1;
  const visit = (branch: CountTree, parent: number): void => {
    const own = branch.parts.length === 0 ? 0 : nodes++;
    edges.push({ from: parent, to: own, count: branch.count, cost: costOf(branch.count, height(branch), tree.count) });
    for (const part of branch.parts) visit(part, own);
  };
  visit(tree, 0);
  const hidden = hiddenCells(edges, minimum);
  let place = 0;
  const shown = (branch: CountTree): ShownTree => {
    const count = hidden[place++] ? null : branch.count;
    return { count, parts: branch.parts.map(shown) };
  };
  return shown(tree);
}

/** The people who vanish from the table; and a total, the higher the more, is worth more than any cell. */
function costOf(count: number, height: number, all: number): number {
  return count + 1 + height * (all + 1);
}

function isTable(counts: readonly number[] | readonly (readonly number[])[]): counts is readonly (readonly number[])[] {
  return counts.length > 0 && counts.every((row) => Array.isArray(row));
}

function suppressOneWay(counts: readonly number[], minimum: number): ShownRow {
  const leaves = counts.map((count): CountTree => ({ count, parts: [] }));
  const total = counts.reduce((sum, count) => sum + count, 0);
  const shown = suppressTree({ count: total, parts: leaves }, minimum);
  return { cells: shown.parts.map((part) => part.count), total: shown.count };
}

function suppressTwoWay(counts: readonly (readonly number[])[], minimum: number): ShownTable {
  const rows = counts.length;
  const columns = counts[0]?.length ?? 0;
  if (counts.some((row) => row.length !== columns)) {
    throw new RangeError('suppressSmallCells requires rows of equal length');
  }
  const add = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
  const rowTotals = counts.map(add);
  const columnTotals = Array.from({ length: columns }, (_, j) => add(counts.map((row) => row[j] ?? 0)));
  // From the top through the rows' totals, the cells and the columns' totals to the bottom, and back as the grand total.
  const top = rows + columns;
  const bottom = top + 1;
  const all = add(rowTotals);
  const edge = (from: number, to: number, count: number, height: number): CellEdge => ({
    from,
    to,
    count,
    cost: costOf(count, height, all),
  });
  const edges = [
    ...counts.flatMap((row, i) => row.map((count, j) => edge(i, rows + j, count, 0))),
    ...rowTotals.map((count, i) => edge(top, i, count, 1)),
    ...columnTotals.map((count, j) => edge(rows + j, bottom, count, 1)),
    edge(bottom, top, all, 2),
  ];
  const hidden = hiddenCells(edges, minimum);
  const shown = edges.map(({ count }, place): ShownCount => (hidden[place] ? null : count));
  const cells = rows * columns;
  return {
    cells: counts.map((_, i) => shown.slice(i * columns, (i + 1) * columns)),
    rowTotals: shown.slice(cells, cells + rows),
    columnTotals: shown.slice(cells + rows, cells + rows + columns),
    total: shown[cells + rows + columns] ?? null,
  };
}
