/** Gamma, chi-square, binomial, noncentral, studentised range and bivariate normal: closed forms, inverses, bad input. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { binomialTails } from '../../../analysis/numeric/binomial.ts';
import { bivariateNormalLower } from '../../../analysis/numeric/bivariate-normal.ts';
import { chiSquareQuantile, chiSquareTails } from '../../../analysis/numeric/chi-square.ts';
import { cholesky, inversePositiveDefinite, solveCholesky } from '../../../analysis/numeric/cholesky.ts';
import { gammaQuantile, gammaTails } from '../../../analysis/numeric/gamma.ts';
import { integrate } from '../../../analysis/numeric/gauss-legendre.ts';
import {
  chiSquareNoncentrality,
  noncentralChiSquareQuantile,
  noncentralChiSquareTails,
} from '../../../analysis/numeric/noncentral-chi-square.ts';
import {
  noncentralTQuantile,
  noncentralTTails,
  studentTNoncentrality,
} from '../../../analysis/numeric/noncentral-t.ts';
import { normalTails } from '../../../analysis/numeric/normal.ts';
import { brentRoot, rootFrom } from '../../../analysis/numeric/root.ts';
import { studentTTails } from '../../../analysis/numeric/student-t.ts';
import { studentisedRangeQuantile, studentisedRangeTails } from '../../../analysis/numeric/studentised-range.ts';
import { expectClose } from '../../oracle.ts';

test('gamma tails with whole shapes are Poisson sums, with shape 1/2 normal tails, and keep digits far out', () => {
  for (const x of [0.01, 0.7, 3, 40, 300, 650]) {
    expectClose(gammaTails(x, 1).upper, Math.exp(-x), 1e-13, `exponential ${x}`);
    expectClose(gammaTails(x, 3).upper, Math.exp(-x) * (1 + x + (x * x) / 2), 1e-13, `shape 3 at ${x}`);
    expectClose(chiSquareTails(x, 1).upper, 2 * normalTails(-Math.sqrt(x)).lower, 1e-12, `one degree at ${x}`);
  }
});

test('quantiles give their probability back', () => {
  const shape = fc.double({ min: 0.02, max: 1e4, noNaN: true });
  const p = fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true });
  fc.assert(
    fc.property(shape, p, (a, lower) => {
      const x = gammaQuantile({ lower, upper: 1 - lower }, a);
      if (x < 1e-290) return;
      const tails = gammaTails(x, a);
      const tolerance = 1e-12 + 4e-16 * a;
      if (lower < 0.5) expectClose(tails.lower, lower, tolerance, `lower ${a}`);
      else expectClose(tails.upper, 1 - lower, tolerance, `upper ${a}`);
    }),
    { seed: 20301, numRuns: 300 },
  );
  expect(chiSquareQuantile(0, 4)).toBe(0);
  expect(chiSquareQuantile(1, 4)).toBe(Number.POSITIVE_INFINITY);
  for (const prob of [0.001, 0.3, 0.99]) {
    expectClose(chiSquareQuantile(prob, 2), -2 * Math.log1p(-prob), 1e-13, `exponential quantile ${prob}`);
    expectClose(noncentralTTails(noncentralTQuantile(prob, 7, 1.5), 7, 1.5).lower, prob, 1e-12, 'noncentral t');
    expectClose(noncentralTTails(2.2, 7, studentTNoncentrality(2.2, 7, prob)).lower, prob, 1e-12, 'its noncentrality');
    expectClose(
      noncentralChiSquareTails(noncentralChiSquareQuantile(prob, 5, 9), 5, 9).lower,
      prob,
      1e-12,
      'chi-square',
    );
    expectClose(studentisedRangeTails(studentisedRangeQuantile(prob, 4, 11), 4, 11).lower, prob, 1e-11, 'range');
  }
  expectClose(noncentralChiSquareTails(40, 12, chiSquareNoncentrality(40, 12, 0.05)).lower, 0.05, 1e-12, 'limit');
  expect(chiSquareNoncentrality(3, 12, 0.05)).toBe(0);
});

test('one noncentral degree of freedom is a shifted normal, and adding degrees adds noncentralities', () => {
  for (const [x, ncp] of [
    [0.2, 3],
    [9, 4],
    [60, 2],
    [1e-3, 30],
  ] as const) {
    const [root, shift] = [Math.sqrt(x), Math.sqrt(ncp)];
    const upper = normalTails(shift - root).lower + normalTails(-shift - root).lower;
    expectClose(noncentralChiSquareTails(x, 1, ncp).upper, upper, 1e-12, `upper ${x} ${ncp}`);
    const lower = integrate((z) => Math.exp(-0.5 * (z - shift) ** 2) / Math.sqrt(2 * Math.PI), -root, root, 60);
    expectClose(noncentralChiSquareTails(x, 1, ncp).lower, lower, 1e-12, `lower ${x} ${ncp}`);
  }
});

test('noncentral t meets its limits: central, normal, at zero, mirrored', () => {
  for (const t of [-3, 0.4, 8]) {
    expectClose(noncentralTTails(t, 6, 1e-14).lower, studentTTails(t, 6).lower, 1e-12, 'central');
    expectClose(noncentralTTails(t, 6, 2).lower, noncentralTTails(-t, 6, -2).upper, 1e-13, 'mirror');
    expect(noncentralTTails(t, Number.POSITIVE_INFINITY, 2)).toEqual(normalTails(t - 2));
    expectClose(noncentralTTails(t, 1e8, 2).lower, normalTails(t - 2).lower, 1e-6, 'many degrees');
  }
  expect(noncentralTTails(0, 3, 1.7)).toEqual(normalTails(-1.7));
});

test('the studentised range of two means is Student’s t, also far out, and of known spread a double integral', () => {
  for (const q of [0.2, 3, 12, 30])
    for (const df of [1, 20, 5000]) {
      const both = 2 * studentTTails(-q / Math.SQRT2, df).lower;
      expectClose(studentisedRangeTails(q, 2, df).upper, both, 1e-12, `range ${q} ${df}`);
    }
  const known = studentisedRangeTails(2, 2, Number.POSITIVE_INFINITY);
  expectClose(known.upper, 2 * normalTails(-Math.SQRT2).lower, 1e-13, 'known spread');
});

test('bivariate normal: arcsine at the origin, margins, symmetry, full correlation', () => {
  for (const rho of [-0.99999, -0.95, -0.3, 0, 0.2, 0.8, 0.93, 0.9999]) {
    expectClose(bivariateNormalLower(0, 0, rho), 0.25 + Math.asin(rho) / (2 * Math.PI), 1e-12, `arcsine ${rho}`);
    for (const [h, k] of [
      [-1.2, 0.3],
      [2, -2.5],
      [0.7, 0.7],
    ] as const) {
      const all = bivariateNormalLower(h, k, rho) + bivariateNormalLower(-h, k, -rho) - normalTails(k).lower;
      expect(Math.abs(all)).toBeLessThan(2e-15);
      expect(Math.abs(bivariateNormalLower(h, k, rho) - bivariateNormalLower(k, h, rho))).toBeLessThan(2e-16);
    }
  }
  expect(bivariateNormalLower(1, 2, 1)).toBe(normalTails(1).lower);
  expectClose(bivariateNormalLower(1, 2, -1), normalTails(1).lower - normalTails(-2).lower, 1e-15, 'opposite');
  expect(bivariateNormalLower(-1, 0.5, -1)).toBe(0);
  expect(bivariateNormalLower(Number.POSITIVE_INFINITY, 0.4, 0.3)).toBe(normalTails(0.4).lower);
  expect(bivariateNormalLower(Number.NEGATIVE_INFINITY, 0.4, 0.3)).toBe(0);
});

test('binomial tails are sums of binomial probabilities', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 12 }), fc.double({ min: 0.01, max: 0.99, noNaN: true }), (k, p) => {
      let probability = (1 - p) ** 12;
      let lower = probability;
      for (let i = 1; i <= k; i += 1) {
        probability *= (((12 - i + 1) / i) * p) / (1 - p);
        lower += probability;
      }
      expectClose(binomialTails(k, 12, p).lower, lower, 1e-11, `${k} ${p}`);
    }),
    { seed: 20302, numRuns: 100 },
  );
  expect(binomialTails(-1, 5, 0.2)).toEqual({ lower: 0, upper: 1 });
});

test('roots are found to the last digits, and Cholesky solves what it should', () => {
  expectClose(
    brentRoot((x) => Math.cos(x) - x, 0, 1),
    0.7390851332151607,
    1e-15,
    'cos x = x',
  );
  expectClose(
    rootFrom((x) => x ** 3 - 5, 0, 0.1),
    Math.cbrt(5),
    1e-15,
    'cube root',
  );
  expect(brentRoot((x) => x, -1, 0)).toBe(0);
  const matrix = [
    [4, 2, 1],
    [2, 3, 0.5],
    [1, 0.5, 2],
  ];
  const factor = cholesky(matrix) ?? [];
  const solved = solveCholesky(factor, [7, 5.5, 3.5]);
  solved.forEach((value) => {
    expectClose(value, 1, 1e-14, 'solution of ones');
  });
  const inverse = inversePositiveDefinite(matrix) ?? [];
  // Cofactor over determinant: (3 · 2 - 0.5²) / 14.
  expectClose(inverse[0]?.[0], 5.75 / 14, 1e-13, 'inverse');
  expect(inverse[0]?.[2]).toBe(inverse[2]?.[0]);
  expect(
    inversePositiveDefinite([
      [1, 2],
      [2, 1],
    ]),
  ).toBeNull();
});

test('a wrong caller is told so', () => {
  for (const wrong of [
    () => gammaTails(-1, 2),
    () => gammaTails(1, 0),
    () => gammaQuantile({ lower: Number.NaN, upper: 1 }, 2),
    () => chiSquareQuantile(1.1, 2),
    () => binomialTails(0.5, 2, 0.5),
    () => binomialTails(1, 2, 1.5),
    () => noncentralChiSquareTails(1, 2, -1),
    () => noncentralChiSquareTails(1, 0, 1),
    () => chiSquareNoncentrality(1, 2, 1),
    () => noncentralTTails(1, 0, 1),
    () => noncentralTTails(Number.NaN, 2, 1),
    () => studentTNoncentrality(1, 2, 0),
    () => studentisedRangeTails(-1, 2, 5),
    () => studentisedRangeTails(1, 1, 5),
    () => studentisedRangeQuantile(0, 3, 5),
    () => bivariateNormalLower(0, 0, 1.1),
    () => bivariateNormalLower(Number.NaN, 0, 0),
    () => brentRoot((x) => x * x + 1, -1, 1),
    () => cholesky([[1, 2]]),
  ]) {
    expect(wrong).toThrow(RangeError);
  }
});
