/** Suppression: what is hidden, and that adding and subtracting what is shown does not bring it back. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CountTree, type ShownTree, suppressSmallCells, suppressTree } from '../../analysis/disclosure.ts';
import { type Equation, exactlyKnown, type Published } from './attack.ts';

/** The largest value that a hidden cell may have for all that is shown, up to `enough`: by trying every completion. */
function largestPossible({ shown, equations }: Published, cell: string, enough: number): number {
  const hidden = [...shown].filter(([, value]) => value === null).map(([name]) => name);
  const values = new Map([...shown].map(([name, value]) => [name, value]));
  // Solve cell by cell: try counts for one hidden cell, then let the sums force what they force.
  const settle = (): boolean => {
    for (let changed = true; changed; ) {
      changed = false;
      for (const equation of equations) {
        const open = equation.filter(({ cell: name }) => values.get(name) === null);
        const rest = equation.reduce((sum, { cell: name, sign }) => sum + sign * (values.get(name) ?? 0), 0);
        if (open.length === 0 && rest !== 0) return false;
        const [only] = open;
        if (open.length === 1 && only) {
          const value = -rest * only.sign;
          if (value < 0) return false;
          values.set(only.cell, value);
          changed = true;
        }
      }
    }
    return true;
  };
  const solve = (limit: number): boolean => {
    const before = new Map(values);
    if (settle()) {
      const next = hidden.find((name) => values.get(name) === null);
      if (next === undefined) return true;
      for (let guess = 0; guess <= limit; guess += 1) {
        values.set(next, guess);
        if (solve(limit)) return true;
        values.set(next, null);
      }
    }
    for (const [name, value] of before) values.set(name, value);
    return false;
  };
  for (let value = enough; value >= 0; value -= 1) {
    for (const [name, known] of shown) values.set(name, known);
    values.set(cell, value);
    if (solve(2 * enough + 20)) return value;
  }
  return -1;
}

function publishTable(counts: readonly (readonly number[])[], minimum: number): Published {
  const table = suppressSmallCells(counts, minimum);
  const truth = new Map<string, number>();
  const shown = new Map<string, number | null>();
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const put = (name: string, value: number, seen: number | null | undefined) => {
    truth.set(name, value);
    shown.set(name, seen ?? null);
  };
  const columns = (counts[0] ?? []).map((_, j) => j);
  counts.forEach((row, i) => {
    row.forEach((value, j) => {
      put(`${i},${j}`, value, table.cells[i]?.[j]);
    });
    put(`${i},*`, sum(row), table.rowTotals[i]);
  });
  for (const j of columns) put(`*,${j}`, sum(counts.map((row) => row[j] ?? 0)), table.columnTotals[j]);
  put('*,*', sum(counts.flat()), table.total);
  const line = (cells: string[], total: string): Equation => [
    ...cells.map((cell) => ({ cell, sign: 1 as const })),
    { cell: total, sign: -1 as const },
  ];
  return {
    truth,
    shown,
    equations: [
      ...counts.map((_, i) =>
        line(
          columns.map((j) => `${i},${j}`),
          `${i},*`,
        ),
      ),
      ...columns.map((j) =>
        line(
          counts.map((_, i) => `${i},${j}`),
          `*,${j}`,
        ),
      ),
      line(
        counts.map((_, i) => `${i},*`),
        '*,*',
      ),
      line(
        columns.map((j) => `*,${j}`),
        '*,*',
      ),
    ],
  };
}

function publishTree(tree: CountTree, minimum: number): Published {
  const truth = new Map<string, number>();
  const shown = new Map<string, number | null>();
  const equations: Equation[] = [];
  const visit = (branch: CountTree, seen: ShownTree | undefined, name: string) => {
    truth.set(name, branch.count);
    shown.set(name, seen?.count ?? null);
    if (branch.parts.length === 0) return;
    equations.push([
      ...branch.parts.map((_, i) => ({ cell: `${name}.${i}`, sign: 1 as const })),
      { cell: name, sign: -1 as const },
    ]);
    branch.parts.forEach((part, i) => {
      visit(part, seen?.parts[i], `${name}.${i}`);
    });
  };
  visit(tree, suppressTree(tree, minimum), 'all');
  return { truth, shown, equations };
}

/** What must hold for anything that is published. */
function expectSafe(published: Published, minimum: number) {
  for (const [cell, value] of published.truth) {
    const seen = published.shown.get(cell);
    if (seen !== null) expect(seen, cell).toBe(value);
    if (value > 0 && value < minimum) expect(seen, `${cell} is small`).toBeNull();
  }
  expect(exactlyKnown(published)).toEqual([]);
}

function smallCells({ truth }: Published, minimum: number): string[] {
  return [...truth].filter(([, value]) => value > 0 && value < minimum).map(([cell]) => cell);
}

test('a small count takes the next larger one with it, and the total stays', () => {
  expect(suppressSmallCells([20, 3, 9, 0], 5)).toEqual({ cells: [20, null, null, 0], total: 32 });
});

test('two small counts whose sum is small are not enough: their sum would be a cell, too', () => {
  expect(suppressSmallCells([1, 1, 30, 8], 5)).toEqual({ cells: [null, null, 30, null], total: 40 });
  expect(suppressSmallCells([4, 3, 30, 8], 5)).toEqual({ cells: [null, null, 30, 8], total: 45 });
});

test('a table of too few people is hidden with its total', () => {
  expect(suppressSmallCells([3, 0, 0], 5)).toEqual({ cells: [null, 0, 0], total: null });
  expect(suppressSmallCells([[2]], 5)).toEqual({
    cells: [[null]],
    rowTotals: [null],
    columnTotals: [null],
    total: null,
  });
});

test('nothing is hidden without need', () => {
  expect(suppressSmallCells([20, 12, 0], 5)).toEqual({ cells: [20, 12, 0], total: 32 });
  expect(suppressSmallCells([1, 2], 1)).toEqual({ cells: [1, 2], total: 3 });
  expect(suppressSmallCells([], 5)).toEqual({ cells: [], total: 0 });
});

test('in a table with rows and columns a small cell needs a loop of four, the cheapest one', () => {
  expect(
    suppressSmallCells(
      [
        [3, 20, 30],
        [9, 8, 40],
        [50, 60, 70],
      ],
      5,
    ),
  ).toEqual({
    cells: [
      [null, null, 30],
      [null, null, 40],
      [50, 60, 70],
    ],
    rowTotals: [53, 57, 180],
    columnTotals: [62, 88, 140],
    total: 290,
  });
});

test('a school is not had from its cluster, nor the cluster from its arm', () => {
  const leaf = (count: number): CountTree => ({ count, parts: [] });
  const node = (...parts: CountTree[]): CountTree => ({ count: parts.reduce((n, part) => n + part.count, 0), parts });
  // The only other school of the small one's cluster is hidden with it; the cluster stays.
  expect(suppressTree(node(node(leaf(2), leaf(9)), node(leaf(12), leaf(15))), 5)).toMatchObject({
    count: 38,
    parts: [
      { count: 11, parts: [{ count: null }, { count: null }] },
      { count: 27, parts: [{ count: 12 }, { count: 15 }] },
    ],
  });
  // A cluster of one school hides with it, and so does the next cluster with one of its schools.
  const alone = suppressTree(node(node(leaf(2)), node(leaf(12), leaf(15))), 5);
  expect(alone).toMatchObject({
    count: 29,
    parts: [{ count: null }, { count: null, parts: [{ count: null }, { count: 15 }] }],
  });
});

const minimum = fc.integer({ min: 2, max: 8 });
const table = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 })).chain(([rows, columns]) =>
  fc.array(
    fc.array(fc.oneof(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 60 })), {
      minLength: columns,
      maxLength: columns,
    }),
    {
      minLength: rows,
      maxLength: rows,
    },
  ),
);

test('no hidden cell of any table can be had by subtraction', () => {
  fc.assert(
    fc.property(table, minimum, (counts, least) => {
      expectSafe(publishTable(counts, least), least);
    }),
    { seed: 20272, numRuns: 400 },
  );
});

const tree: fc.Arbitrary<CountTree> = fc.letrec<{ tree: CountTree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.integer({ min: 0, max: 15 }).map((count): CountTree => ({ count, parts: [] })),
    fc.array(tie('tree'), { minLength: 1, maxLength: 5 }).map(
      (parts): CountTree => ({
        count: parts.reduce((sum, part) => sum + part.count, 0),
        parts,
      }),
    ),
  ),
})).tree;

test('no hidden count of any nest of groups can be had by subtraction', () => {
  fc.assert(
    fc.property(tree, minimum, (counts, least) => {
      expectSafe(publishTree(counts, least), least);
    }),
    { seed: 20273, numRuns: 400 },
  );
});

test('for all that is shown, every small count could be as large as the minimum', () => {
  const tiny = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })).chain(([rows, columns]) =>
    fc.array(fc.array(fc.integer({ min: 0, max: 6 }), { minLength: columns, maxLength: columns }), {
      minLength: rows,
      maxLength: rows,
    }),
  );
  fc.assert(
    fc.property(tiny, fc.integer({ min: 2, max: 4 }), (counts, least) => {
      const published = publishTable(counts, least);
      for (const cell of smallCells(published, least)) {
        expect(largestPossible(published, cell, least), `${cell} of ${JSON.stringify(counts)}`).toBe(least);
      }
    }),
    { seed: 20274, numRuns: 80 },
  );
});

test('a nest of a thousand schools is done at once', () => {
  const leaf = (count: number): CountTree => ({ count, parts: [] });
  const clusters = Array.from({ length: 200 }, (_, i) => {
    const parts = Array.from({ length: 5 }, (_, j) => leaf((i * 7 + j * 13) % 23));
    return { count: parts.reduce((sum, part) => sum + part.count, 0), parts };
  });
  const published = publishTree({ count: clusters.reduce((sum, part) => sum + part.count, 0), parts: clusters }, 10);
  for (const cell of smallCells(published, 10)) expect(published.shown.get(cell)).toBeNull();
  expect(published.shown.get('all')).not.toBeNull();
});

test('what is no table of counts is refused', () => {
  for (const wrong of [
    () => suppressSmallCells([1, -2], 5),
    () => suppressSmallCells([1.5], 5),
    () => suppressSmallCells([1], 2.5),
    () => suppressSmallCells([[1, 2], [3]], 5),
    () => suppressTree({ count: 5, parts: [{ count: 4, parts: [] }] }, 5),
  ]) {
    expect(wrong).toThrow(RangeError);
  }
});
