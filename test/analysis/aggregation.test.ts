/** Two orders of averaging: the same with complete answers, apart with gaps. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { itemFirstMean, personFirstMean } from '../../analysis/aggregation.ts';
import { meanInterval } from '../../analysis/descriptives.ts';
import { expectClose } from '../oracle.ts';

const complete = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 2, max: 20 }))
  .chain(([k, n]) =>
    fc.array(fc.array(fc.integer({ min: 1, max: 6 }), { minLength: n, maxLength: n }), { minLength: k, maxLength: k }),
  );

test('with complete answers both orders and their intervals are the same', () => {
  fc.assert(
    fc.property(complete, fc.boolean(), (columns, sums) => {
      const k = columns.length;
      const score = (row: number) => columns.reduce((sum, column) => sum + (column[row] ?? 0), 0) / (sums ? 1 : k);
      const people = personFirstMean((columns[0] ?? []).map((_, row) => score(row)));
      const items = itemFirstMean(columns, sums ? k : 1);
      expectClose(items.value, people.value ?? Number.NaN, 1e-12, 'mean');
      expect(items.n).toBe(people.n);
      // Scores that are equal by hand can differ in their last digit; then one of the two has a tiny interval.
      const reach = (estimate: typeof items) =>
        (estimate.interval?.upper ?? estimate.value ?? 0) - (estimate.value ?? 0);
      expect(Math.abs(reach(items) - reach(people))).toBeLessThan(1e-9);
    }),
    { seed: 20275 },
  );
});

test('with gaps, items first weighs a person by the items that were answered', () => {
  // Item means 3 and 6; people's means 4 and 4.
  expect(
    itemFirstMean([
      [2, 4],
      [6, null],
    ]).value,
  ).toBe(4.5);
  expect(personFirstMean([4, 4]).value).toBe(4);
  // Sums count a mean of items k times.
  expect(
    itemFirstMean(
      [
        [2, 4],
        [6, null],
      ],
      2,
    ).value,
  ).toBe(9);
});

test('the linearised error with gaps, by hand', () => {
  // Items [1, 3, -] and [2, -, 6]: means 2 and 4. Deviations by person, each over its item's n:
  // (-1/2) + (-2/2) = -1.5, (1/2) = 0.5, (2/2) = 1; their squares add to 3.5; n = 3, k = 2:
  // the error is 1/2 sqrt(3/2 3.5). Student's t with two degrees of freedom has the quantile (2p - 1) sqrt(1 / (2p (1 - p))).
  const { value, n, interval } = itemFirstMean([
    [1, 3, null],
    [2, null, 6],
  ]);
  expect([value, n]).toEqual([3, 3]);
  expectClose(
    (interval?.upper ?? 0) - 3,
    0.95 * Math.sqrt(1 / (2 * 0.975 * 0.025)) * 0.5 * Math.sqrt(1.5 * 3.5),
    1e-12,
    'reach',
  );
});

test('one item is a plain mean', () => {
  const values = [1, null, 4, 6, 2];
  const { value, interval, n } = itemFirstMean([values]);
  const plain = meanInterval(values);
  expect([value, n]).toEqual([plain.value, plain.n]);
  expectClose(interval?.lower, plain.interval?.lower ?? Number.NaN, 1e-13, 'lower');
});

test('what the data cannot say is noted', () => {
  const codes = (columns: (number | null)[][]) => {
    const { value, notes } = itemFirstMean(columns);
    return [value, ...notes.map(({ code }) => code)];
  };
  expect(codes([[], []])).toEqual([null, 'no-values']);
  expect(codes([[null], [null]])).toEqual([null, 'no-values']);
  expect(codes([[3], [5]])).toEqual([4, 'group-of-one']);
  expect(
    codes([
      [3, 4],
      [null, null],
    ]),
  ).toEqual([3.5, 'items-without-answers']);
  expect(
    codes([
      [3, 3],
      [5, 5],
    ]),
  ).toEqual([4, 'no-variance']);
  expect(() => itemFirstMean([[1, 2], [1]])).toThrow(RangeError);
  expect(() => itemFirstMean([[1, Number.NaN]])).toThrow(RangeError);
});
