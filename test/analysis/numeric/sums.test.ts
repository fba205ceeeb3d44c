/** Sums that keep what plain addition loses. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mean, sum, sumOfSquaredDeviations } from '../../../analysis/numeric/sums.ts';

test('small terms survive beside large ones', () => {
  expect(sum([1, 1e100, 1, -1e100])).toBe(2);
  expect(sum(new Array(1e6).fill(0.1))).toBe(100_000);
  expect(sum([])).toBe(0);
});

test('the mean of equal values is that value, and their spread is exactly zero', () => {
  fc.assert(
    fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.integer({ min: 1, max: 40 }), (value, n) => {
      const values = new Array<number>(n).fill(value);
      expect(mean(values)).toBe(value);
      expect(sumOfSquaredDeviations(values)).toBe(0);
    }),
    { seed: 20264 },
  );
});

test('a shift by a power of two changes nothing in the spread', () => {
  // 1, 2, 3, 4 have the sum of squares 5 by hand; 2^40 + x is exact in a double.
  expect(sumOfSquaredDeviations([1, 2, 3, 4].map((x) => x + 2 ** 40))).toBe(5);
});

test('the order of the terms does not matter beyond the last digit', () => {
  const values = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(values, (list) => {
      const size = list.reduce((total, value) => total + Math.abs(value), 0);
      expect(Math.abs(sum(list) - sum([...list].reverse()))).toBeLessThanOrEqual(1e-15 * size);
    }),
    { seed: 20265 },
  );
});
