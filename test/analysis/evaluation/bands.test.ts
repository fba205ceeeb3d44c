/** Bands of scores in groups within groups: nobody in a small cell, and none by adding and subtracting at any level. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CountTree, type ShownTree, suppressTree } from '../../../analysis/disclosure.ts';
import {
  type BandTree,
  bandCounts,
  bandsOf,
  type ShownBands,
  suppressBands,
} from '../../../analysis/evaluation/bands.ts';
import { type Equation, exactlyKnown } from '../attack.ts';

const minimum = 5;
const leaf = fc.tuple(...[0, 1, 2].map(() => fc.integer({ min: 0, max: 9 })));
const tree: fc.Arbitrary<BandTree> = fc
  .array(fc.array(leaf, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 })
  .map((clusters) => {
    const group = (bands: readonly number[], parts: readonly BandTree[]): BandTree => ({
      count: bands.reduce((a, b) => a + b, 0),
      bands,
      hidden: false,
      parts,
    });
    const over = (parts: readonly BandTree[]) =>
      group(
        [0, 1, 2].map((band) => parts.reduce((a, p) => a + (p.bands[band] ?? 0), 0)),
        parts,
      );
    return over(clusters.map((schools) => over(schools.map((bands) => group(bands, [])))));
  });

/** As the reports do it: first the counts of groups, then the bands within what is left. */
function published(whole: BandTree): ShownBands {
  const counts = (group: BandTree): CountTree => ({ count: group.count, parts: group.parts.map(counts) });
  const marked = (group: BandTree, shown: ShownTree): BandTree => ({
    ...group,
    hidden: shown.count === null,
    parts: group.parts.map((part, at) => marked(part, shown.parts[at] ?? { count: null, parts: [] })),
  });
  return suppressBands(marked(whole, suppressTree(counts(whole), minimum)), minimum);
}

/** Every cell by its name, and all sums that a reader knows to hold, at every level and across the levels. */
function knowledge(whole: ShownBands) {
  const shown = new Map<string, number | null>();
  const equations: Equation[] = [];
  const visit = (group: ShownBands, name: string): void => {
    shown.set(name, group.count);
    group.bands.forEach((count, band) => {
      shown.set(`${name}:${band}`, count);
    });
    equations.push([
      { cell: name, sign: -1 },
      ...group.bands.map((_, band) => ({ cell: `${name}:${band}`, sign: 1 as const })),
    ]);
    group.parts.forEach((part, at) => {
      visit(part, `${name}/${at}`);
    });
    if (group.parts.length === 0) return;
    for (const ending of ['', ':0', ':1', ':2']) {
      equations.push([
        { cell: `${name}${ending}`, sign: -1 },
        ...group.parts.map((_, at) => ({ cell: `${name}/${at}${ending}`, sign: 1 as const })),
      ]);
    }
  };
  visit(whole, 'all');
  return { shown, equations };
}

/** A reader puts what is shown into the sums and moves it over: the constants do not matter for what can be solved. */
test('no hidden cell of any level can be had from the others, and no shown one is small', () => {
  let attacked = 0;
  fc.assert(
    fc.property(tree, (whole) => {
      const { shown, equations } = knowledge(published(whole));
      for (const value of shown.values()) if (value !== null) expect(value === 0 || value >= minimum).toBe(true);
      attacked += [...shown.values()].filter((value) => value === null).length;
      expect(exactlyKnown({ truth: new Map(), shown, equations })).toEqual([]);
    }),
    { seed: 20290, numRuns: 150 },
  );
  expect(attacked).toBeGreaterThan(1000);
});

test('what another table shows of a group stays shown: bands give way, not counts', () => {
  fc.assert(
    fc.property(tree, (whole) => {
      const counts = (group: BandTree): CountTree => ({ count: group.count, parts: group.parts.map(counts) });
      const before = suppressTree(counts(whole), minimum);
      const compare = (a: ShownTree, b: ShownBands): void => {
        expect(b.count).toBe(a.count);
        a.parts.forEach((part, at) => {
          const other = b.parts[at];
          if (other) compare(part, other);
        });
      };
      compare(before, published(whole));
    }),
    { seed: 20291, numRuns: 150 },
  );
});

test('bands are the thirds of the range, a bound belongs to the upper one, and sums have the range of sums', () => {
  const scale = { range: { min: 1, max: 5 }, score: 'mean' as const, items: [] };
  const bands = bandsOf(scale);
  expect(bands.map(({ from }) => Math.round(from * 1000) / 1000)).toEqual([1, 2.333, 3.667]);
  expect(bandCounts([1, 7 / 3, 11 / 3, 5, null, 2.3], bands)).toEqual([2, 1, 2]);
  const items = [1, 2, 3].map((at) => ({ name: `q${at}`, reversed: false }));
  expect(bandsOf({ ...scale, score: 'sum', items }).map(({ from }) => from)).toEqual([3, 7, 11]);
});

test('two in a band of twelve hide one more band, and nothing is hidden where nothing is small', () => {
  expect(suppressBands({ count: 12, bands: [2, 10, 0], hidden: false, parts: [] }, 5)).toEqual({
    count: 12,
    bands: [null, null, 0],
    parts: [],
  });
  expect(suppressBands({ count: 18, bands: [6, 7, 5], hidden: false, parts: [] }, 5).bands).toEqual([6, 7, 5]);
});
