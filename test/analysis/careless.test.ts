/** Signs of careless answers: examples by hand, base R 4.2.2 on 2,800 people, invariances, and what cannot be said. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  evenOddConsistency,
  intraIndividualVariability,
  longestString,
  mahalanobisDistances,
} from '../../analysis/careless.ts';
import { completeRows } from '../../analysis/covariance.ts';
import { expectClose, oracleColumns } from '../oracle.ts';

const names = ['A', 'C', 'E', 'N', 'O'].flatMap((scale) => [1, 2, 3, 4, 5].map((item) => `${scale}${item}`));
const items = oracleColumns('bfi.csv', names);
const reversed = ['A1', 'C4', 'C5', 'E1', 'E2', 'O2', 'O5'];

test('longstring counts as rle of R does', () => {
  const counts = new Map<number | null, number>();
  for (const length of longestString(items)) counts.set(length, (counts.get(length) ?? 0) + 1);
  const expected = { 1: 5, 2: 612, 3: 1110, 4: 615, 5: 292, 6: 95, 7: 47, 8: 14, 9: 5, 10: 1, 25: 4 };
  expect(Object.fromEntries([...counts].sort(([a], [b]) => Number(a) - Number(b)))).toEqual(expected);
});

test('variability is the standard deviation of each person', () => {
  const found = intraIndividualVariability(items);
  [0.9, 1.29486163997034, 1.09239797387826, 1.16619037896906].forEach((value, row) => {
    expectClose(found[row], value, 1e-13, `row ${row}`);
  });
  const total = found.reduce<number>((sum, value) => sum + (value ?? Number.NaN), 0);
  expectClose(total / found.length, 1.59054088324845, 1e-12, 'mean');
});

test('even-odd consistency agrees with correlations in R', () => {
  const keyed = items.map((column, i) =>
    reversed.includes(names[i] ?? '') ? column.map((value) => (value === null ? null : 7 - value)) : column,
  );
  const scales = [0, 5, 10, 15, 20].map((from) => keyed.slice(from, from + 5));
  const found = evenOddConsistency(scales);
  [0.814814814814815, 0, -0.193255223275256, 0.154372200339731, 0.882185221544529, 0.783458569705203].forEach(
    (value, row) => {
      expect(found[row]).toBeCloseTo(value, 12);
    },
  );
  const kept = found.filter((value) => value !== null);
  expect(found.length - kept.length).toBe(6);
  expectClose(kept.reduce((sum, value) => sum + value, 0) / kept.length, 0.665226697875757, 1e-12, 'mean');
});

test('Mahalanobis distances of complete rows agree with R, and add up to (n - 1) times the items', () => {
  const complete = completeRows(items);
  const { squaredDistances: found, p } = mahalanobisDistances(complete);
  expectClose(found[0], 13.4681922790954, 1e-11, 'first');
  expectClose(found[999], 11.0474342029551, 1e-11, 'thousandth');
  expectClose(found[752], 106.28047661372, 1e-11, 'largest');
  expect(p[752]).toBeLessThan(1e-10);
  expectClose(
    found.reduce<number>((sum, value) => sum + (value ?? Number.NaN), 0),
    25 * 2435,
    1e-11,
    'sum',
  );
});

test('with gaps a row is measured on what it answered', () => {
  const x = [1, 2, 3, 4, 5, 9];
  const { squaredDistances, p } = mahalanobisDistances([x, [2, 1, 4, 3, null, null]]);
  // The first column has no gap: its mean is 4, its variance 8.
  expectClose(squaredDistances[5], 25 / 8, 1e-10, 'distance');
  expectClose(squaredDistances[4], 1 / 8, 1e-10, 'distance');
  expect(p[5]).toBeCloseTo(0.0771, 4);
  expect(mahalanobisDistances([x, [2, 1, 4, 3, 1, null]]).squaredDistances.every((value) => value !== null)).toBe(true);
});

const people = fc.array(
  fc.array(fc.option(fc.integer({ min: 1, max: 5 }), { freq: 5 }), { minLength: 6, maxLength: 6 }),
  { minLength: 8, maxLength: 25 },
);
const columnsOf = (
  cases: readonly (readonly (number | null)[])[],
  change: (value: number) => number = (value) => value,
) =>
  [0, 1, 2, 3, 4, 5].map((item) =>
    cases.map((answers) => {
      const answer = answers[item] ?? null;
      return answer === null ? null : change(answer);
    }),
  );

test('reversing and shifting all answers moves no sign; the order of people moves with them', () => {
  fc.assert(
    fc.property(people, (cases) => {
      const [one, other] = [columnsOf(cases), columnsOf([...cases].reverse(), (value) => 20 - value)];
      const backwards = <Value>(values: readonly Value[]) => [...values].reverse();
      expect(backwards(longestString(other))).toEqual(longestString(one));
      const close = (a: (number | null)[], b: (number | null)[], digits: number) => {
        a.forEach((value, row) => {
          const second = b[row] ?? null;
          if (value === null || second === null) expect(second).toBe(value);
          else expect(second).toBeCloseTo(value, digits);
        });
      };
      close(intraIndividualVariability(one), backwards(intraIndividualVariability(other)), 10);
      const scales = (columns: (number | null)[][]) => [columns.slice(0, 2), columns.slice(2, 4), columns.slice(4)];
      close(evenOddConsistency(scales(one)), backwards(evenOddConsistency(scales(other))), 6);
      const filled = (columns: (number | null)[][]) => columns.map((column) => column.map((value) => value ?? 10));
      close(
        mahalanobisDistances(filled(one)).squaredDistances,
        backwards(mahalanobisDistances(filled(other)).squaredDistances),
        6,
      );
    }),
    { seed: 21401, numRuns: 40 },
  );
});

test('rows and data that cannot say', () => {
  expect(longestString([])).toEqual([]);
  expect(longestString([[null], [null]])).toEqual([null]);
  expect(longestString([[2], [null], [2]])).toEqual([1]);
  expect(intraIndividualVariability([[4], [null]])).toEqual([null]);
  expect(intraIndividualVariability([[0.1], [0.1], [0.1]])).toEqual([0]);
  expect(evenOddConsistency([])).toEqual([]);
  expect(
    evenOddConsistency([
      [[1], [2]],
      [[2], [1]],
    ]),
  ).toEqual([null]);
  expect(
    evenOddConsistency([
      [[3], [3]],
      [[3], [3]],
      [[3], [3]],
    ]),
  ).toEqual([null]);
  expect(
    evenOddConsistency([
      [[1], [5]],
      [[3], [3]],
      [[5], [1]],
    ]),
  ).toEqual([-1]);
  expect(
    evenOddConsistency([
      [[1], [null]],
      [[3], [3]],
      [[5], [1]],
      [[2], [2]],
    ])[0],
  ).not.toBeNull();
  const code = (...columns: (number | null)[][]) => mahalanobisDistances(columns).notes[0]?.code;
  expect(code([])).toBe('too-few-values');
  expect(code([1, null])).toBe('too-few-values');
  expect(code([3, 3, 3])).toBe('no-variance');
  expect(code([1, 2, 3, 5], [2, 4, 6, 10])).toBe('collinear');
  expect(
    mahalanobisDistances([
      [1, 2, 4, null],
      [3, 1, 2, null],
    ]).squaredDistances[3],
  ).toBeNull();
  expect(() => mahalanobisDistances([])).toThrow(RangeError);
  expect(() => longestString([[1], [1, 2]])).toThrow(RangeError);
});
