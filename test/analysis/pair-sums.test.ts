/** Sums of pairs of columns: exact for codes however many rows there are, and those of the definition for all other numbers. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { codeProducts } from '../../analysis/code-products.ts';
import { correlationMatrix, covarianceMatrix, pairwiseCorrelations } from '../../analysis/covariance.ts';
import { randomOf } from '../../instruments/random.ts';
import { oracleColumns } from '../oracle.ts';

const code = fc.option(fc.integer({ min: 0, max: 15 }), { freq: 5 });
const rows = (width: number) => fc.array(fc.array(code, { minLength: width, maxLength: width }), { maxLength: 40 });
const table = fc.integer({ min: 1, max: 8 }).chain((width) => rows(width).map((lines) => columnsOf(lines, width)));

function columnsOf(lines: readonly (readonly (number | null)[])[], width: number): (number | null)[][] {
  return Array.from({ length: width }, (_, i) => lines.map((line) => line[i] ?? null));
}

test('sums of products of codes are the whole numbers that they are, with gaps, over many blocks of rows', () => {
  fc.assert(
    fc.property(table, fc.integer({ min: 1, max: 60 }), (columns, times) => {
      const long = columns.map((column) => Array.from({ length: times }, () => column).flat());
      const found = codeProducts(long);
      long.forEach((a, i) => {
        expect(found?.sums[i]).toBe(a.reduce((total: number, value) => total + (value ?? 0), 0));
        expect(found?.gaps[i]).toEqual(a.flatMap((value, row) => (value === null ? [row] : [])));
        for (let j = 0; j <= i; j += 1) {
          const expected = a.reduce((total: number, value, row) => total + (value ?? 0) * (long[j]?.[row] ?? 0), 0);
          expect(found?.products[i]?.[j]).toBe(expected);
        }
      });
    }),
    { seed: 50901, numRuns: 40 },
  );
  const most = [15, 15, 15, 15].map((value) => new Array<number>(5000).fill(value));
  expect(codeProducts(most)?.products.flatMap((line) => [...line])).toEqual(new Array(10).fill(225 * 5000));
});

test('what is no whole number from 0 to 15 is left to the way for all numbers', () => {
  for (const value of [16, -1, 2.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 40]) {
    expect(
      codeProducts([
        [1, 2],
        [3, value],
      ]),
    ).toBeNull();
  }
});

test('covariances and correlations of codes are those of the same codes as other numbers', () => {
  fc.assert(
    fc.property(table, (columns) => {
      const moved = columns.map((column) => column.map((value) => (value === null ? null : value / 3 + 100.25)));
      const [codes, others] = [covarianceMatrix(columns), covarianceMatrix(moved)];
      const [r, s] = [pairwiseCorrelations(columns), pairwiseCorrelations(moved)];
      codes.forEach((line, i) => {
        line.forEach((value, j) => {
          const scaled = (others[i]?.[j] ?? 0) * 9;
          if (Number.isNaN(value)) expect(scaled).toBeNaN();
          else expect(value).toBeCloseTo(scaled, 9);
          const correlation = r[i]?.[j] ?? 0;
          if (Number.isNaN(correlation)) expect(s[i]?.[j]).toBeNaN();
          else expect(correlation).toBeCloseTo(s[i]?.[j] ?? 0, 9);
        });
      });
    }),
    { seed: 50902, numRuns: 200 },
  );
});

test('without gaps both kinds of correlations are one, and one great value does not blur those that it has no part in', () => {
  const items = oracleColumns('bfi.csv', ['N1', 'N2', 'N3', 'O1', 'O2']);
  const whole = items.map((column) => column.filter((_, row) => items.every((each) => each[row] !== null)));
  const [pairs, covariances] = [pairwiseCorrelations(whole), correlationMatrix(covarianceMatrix(whole))];
  pairs.forEach((line, i) => {
    line.forEach((value, j) => {
      expect(value).toBeCloseTo(covariances[i]?.[j] ?? 0, 14);
    });
  });
  const random = randomOf('great');
  const first = Array.from({ length: 50 }, () => random.normal());
  const second = first.map((value) => value + random.normal());
  const clean = pairwiseCorrelations([first, second])[0]?.[1] ?? 0;
  const spoilt = pairwiseCorrelations([
    [...first, 1e9],
    [...second, null],
  ]);
  expect(spoilt[0]?.[1]).toBeCloseTo(clean, 13);
});
