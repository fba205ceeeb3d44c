/**
 * Which cells of a table with totals must be hidden so that nobody can work out a small one. Called by disclosure.ts.
 *
 * A table with totals is a circulation: every cell, total or not, is an edge that carries its count, and every "these
 * add up to that" is a node where what comes in goes out. Whoever knows the shown edges can change the hidden ones only
 * along closed loops of hidden edges. So a small cell is safe when loops of hidden edges allow it to be as large as the
 * minimum; each loop that is missing is closed over the cheapest shown cells, which are hidden as well.
 *
 * Reference for the idea: Gusfield (1988), A graph theoretic approach to statistical data security, SIAM Journal on
 * Computing 17, 552-571.
 */

/** A cell as an edge of the circulation. Nodes are numbered from 0. */
export interface CellEdge {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** What the reader loses when this cell is hidden, beside other cells'. */
  readonly cost: number;
}

/** One step of a loop: an edge, and whether its count rises (with its direction) or falls (against it). */
interface Step {
  readonly edge: number;
  readonly rises: boolean;
}

/**
 * For each cell whether it must be hidden. Counts from 1 to minimum - 1 are hidden, and as many others as it takes that
 * every one of these could be as large as the minimum for all that the reader sees. Empty cells stand for nobody: they
 * are shown, unless a loop needs them.
 *
 * @throws RangeError when counts or the minimum are not whole numbers, or the cells do not add up at a node
 * @example
 * hiddenCells([{ from: 0, to: 1, count: 9, cost: 9 }, { from: 1, to: 0, count: 9, cost: 9 }], 5) // => [false, false]
 */
export function hiddenCells(cells: readonly CellEdge[], minimum: number): boolean[] {
  if (!Number.isSafeInteger(minimum) || minimum < 0) throw new RangeError('suppression requires a whole minimum');
  requireCirculation(cells);
  const small = (cell: CellEdge) => cell.count > 0 && cell.count < minimum;
  const hidden = cells.map(small);
  const edgesAt = edgesByNode(cells);
  cells.forEach((cell, index) => {
    if (!small(cell)) return;
    const change = cells.map(() => 0);
    let missing = minimum - cell.count;
    while (missing > 0) {
      const loop = cheapestReturn(cells, edgesAt, index, hidden, change);
      const room = loop.map(({ edge, rises }) => (rises ? missing : (cells[edge]?.count ?? 0) + (change[edge] ?? 0)));
      const push = Math.min(missing, ...room);
      for (const { edge, rises } of loop) {
        hidden[edge] = true;
        change[edge] = (change[edge] ?? 0) + (rises ? push : -push);
      }
      missing -= push;
    }
  });
  return hidden;
}

/**
 * The cheapest way from the head of a cell back to its tail. Hidden cells cost nothing more. A count can rise
 * without limit and fall to zero. There always is a way: positive
 * counts of a circulation lie on loops of rising cells.
 */
function cheapestReturn(
  cells: readonly CellEdge[],
  edgesAt: readonly (readonly Step[])[],
  start: number,
  hidden: readonly boolean[],
  change: readonly number[],
): Step[] {
  const source = cells[start]?.to ?? 0;
  const target = cells[start]?.from ?? 0;
  const cost = edgesAt.map(() => Number.POSITIVE_INFINITY);
  const arrival: (Step | undefined)[] = edgesAt.map(() => undefined);
  const queue = new CheapestFirst();
  cost[source] = 0;
  queue.add(source, 0);
  for (let next = queue.take(); next && next.node !== target; next = queue.take()) {
    const { node, cost: soFar } = next;
    if (soFar > (cost[node] ?? 0)) continue;
    for (const step of edgesAt[node] ?? []) {
      const cell = cells[step.edge];
      if (!cell || step.edge === start) continue;
      if (!step.rises && cell.count + (change[step.edge] ?? 0) <= 0) continue;
      const end = step.rises ? cell.to : cell.from;
      const total = soFar + (hidden[step.edge] ? 0 : cell.cost);
      if (total >= (cost[end] ?? 0)) continue;
      cost[end] = total;
      arrival[end] = step;
      queue.add(end, total);
    }
  }
  const loop: Step[] = [];
  for (let node = target; node !== source; ) {
    const step = arrival[node];
    const cell = step && cells[step.edge];
    if (!cell) throw new RangeError('suppression requires counts that add up to their totals');
    loop.push(step);
    node = step.rises ? cell.from : cell.to;
  }
  return loop;
}

/** The steps that leave each node. */
function edgesByNode(cells: readonly CellEdge[]): Step[][] {
  const nodes = cells.reduce((most, { from, to }) => Math.max(most, from, to), -1) + 1;
  const steps: Step[][] = Array.from({ length: nodes }, () => []);
  cells.forEach(({ from, to }, edge) => {
    steps[from]?.push({ edge, rises: true });
    steps[to]?.push({ edge, rises: false });
  });
  return steps;
}

function requireCirculation(cells: readonly CellEdge[]): void {
  const balance = new Map<number, number>();
  for (const { from, to, count } of cells) {
    if (!Number.isSafeInteger(count) || count < 0) throw new RangeError('suppression requires whole counts from 0');
    balance.set(from, (balance.get(from) ?? 0) - count);
    balance.set(to, (balance.get(to) ?? 0) + count);
  }
  for (const rest of balance.values()) {
    if (rest !== 0) throw new RangeError('suppression requires counts that add up to their totals');
  }
}

interface Waiting {
  readonly node: number;
  readonly cost: number;
}

/** A binary heap: the node with the least cost comes out first. */
class CheapestFirst {
  readonly #heap: Waiting[] = [];

  add(node: number, cost: number): void {
    const heap = this.#heap;
    const entry = { node, cost };
    let place = heap.push(entry) - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = heap[parent];
      if (!above || above.cost <= cost) break;
      heap[place] = above;
      place = parent;
    }
    heap[place] = entry;
  }

  take(): Waiting | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (!last || heap.length === 0) return first;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      const [left, right] = [heap[child], heap[child + 1]];
      if (left && right && right.cost < left.cost) child += 1;
      const below = heap[child];
      if (!below || below.cost >= last.cost) break;
      heap[place] = below;
      place = child;
    }
    heap[place] = last;
    return first;
  }
}
