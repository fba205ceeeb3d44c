/** The distribution functions against R's, against closed forms, and against themselves. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { betaQuantileOdds, betaTails } from '../../../analysis/numeric/beta.ts';
import { fQuantile, fTails } from '../../../analysis/numeric/f.ts';
import { logGamma, stirlingError } from '../../../analysis/numeric/log-gamma.ts';
import { normalQuantile, normalTails } from '../../../analysis/numeric/normal.ts';
import { devianceTerm } from '../../../analysis/numeric/saddlepoint.ts';
import { studentTQuantile, studentTTails } from '../../../analysis/numeric/student-t.ts';
import { expectClose, oracleResults } from '../../oracle.ts';

type Case = Readonly<Record<string, number>>;
const oracle = oracleResults<Record<string, Case[]>>('01_distributions.json');

/** Runs every case of one function of the oracle. */
function agree(name: string, tolerance: number, figure: (of: (argument: string) => number) => number) {
  const cases = oracle[name] ?? [];
  expect(cases.length).toBeGreaterThan(0);
  for (const each of cases) {
    const of = (argument: string) => each[argument] ?? Number.NaN;
    expectClose(figure(of), of('value'), tolerance, `${name} ${JSON.stringify(each)}`);
  }
}

test('tail probabilities agree with R to 1e-13', () => {
  agree('pnorm', 1e-13, (of) => normalTails(of('q')).lower);
  agree('pnorm_upper', 1e-13, (of) => normalTails(of('q')).upper);
  agree('pt', 1e-13, (of) => studentTTails(of('q'), of('df')).lower);
  agree('pt_upper', 1e-13, (of) => studentTTails(of('q'), of('df')).upper);
  agree('pf', 1e-13, (of) => fTails(of('q'), of('df1'), of('df2')).lower);
  agree('pf_upper', 1e-13, (of) => fTails(of('q'), of('df1'), of('df2')).upper);
  agree('pbeta', 1e-13, (of) => betaTails(of('q'), of('a'), of('b')).lower);
});

test('quantiles of the normal and the beta distribution and the log-gamma function agree with R to 1e-13', () => {
  agree('qnorm', 1e-13, (of) => normalQuantile(of('p')));
  agree('lgamma', 1e-13, (of) => logGamma(of('x')));
  agree('qbeta', 1e-13, (of) => {
    const odds = betaQuantileOdds({ lower: of('p'), upper: 1 - of('p') }, of('a'), of('b'));
    return odds / (1 + odds);
  });
});

test("quantiles of t agree with R to 1e-11, R's own limit at the ends, and are exactly 0 in the middle", () => {
  for (const { p, df, value } of oracle.qt as { p: number; df: number; value: number }[]) {
    const quantile = studentTQuantile(p, df);
    if (p === 0.5) expect(quantile).toBe(0);
    else expectClose(quantile, value, 1e-11, `qt(${p}, ${df})`);
  }
});

test('quantiles of F agree with R where R’s quantile gives back its probability, and give it back themselves everywhere', () => {
  let checked = 0;
  for (const { p, df1, df2, value } of oracle.qf as { p: number; df1: number; df2: number; value: number }[]) {
    const quantile = fQuantile(p, df1, df2);
    const back = (f: number) => Math.abs(fTails(f, df1, df2).lower / p - 1);
    expect(back(quantile)).toBeLessThan(1e-13);
    // R 4.2 solves qf(0.005, 1, 53990) only to 3e-8: its own pf() of the result is 0.0050000000745.
    if (back(value) > 1e-12) continue;
    checked += 1;
    expectClose(quantile, value, 1e-11, `qf(${p}, ${df1}, ${df2})`);
  }
  expect(checked).toBeGreaterThan(80);
});

test('closed forms hold: Cauchy, t with two degrees, uniform, arcsine, F(2, 2), factorials', () => {
  for (const t of [-1e8, -30, -1.7, -1e-3, 0.4, 2, 55]) {
    const side = t > 0 ? studentTTails(t, 1).upper : studentTTails(t, 1).lower;
    expectClose(side, Math.atan2(1, Math.abs(t)) / Math.PI, 1e-14, `Cauchy ${t}`);
    const root = Math.sqrt(2 + t * t);
    const smaller = 1 / (root * (root + Math.abs(t)));
    expectClose(t > 0 ? studentTTails(t, 2).upper : studentTTails(t, 2).lower, smaller, 1e-14, `t(2) ${t}`);
  }
  for (const x of [1e-9, 0.2, 0.5, 0.77, 1 - 1e-9]) {
    expectClose(betaTails(x, 1, 1).lower, x, 1e-14, `uniform ${x}`);
    const { lower, upper } = betaTails(x, 0.5, 0.5);
    const near = (2 / Math.PI) * Math.asin(Math.sqrt(Math.min(x, 1 - x)));
    expectClose(Math.min(lower, upper), near, 1e-14, `arcsine ${x}`);
  }
  for (const f of [0.01, 1, 30]) expectClose(fTails(f, 2, 2).upper, 1 / (1 + f), 1e-14, `F(2,2) ${f}`);
  let factorial = 1;
  for (let n = 1; n <= 20; n += 1) {
    factorial *= n;
    expect(Math.abs(logGamma(n + 1) - Math.log(factorial))).toBeLessThanOrEqual(4e-16 * Math.log(factorial) + 1e-300);
  }
  expect(logGamma(1)).toBe(0);
  expect(logGamma(2)).toBe(0);
});

test('quantile and tail are inverse over the whole range', () => {
  const shape = fc.double({ min: 0.05, max: 2e4, noNaN: true });
  const probability = fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true });
  fc.assert(
    fc.property(shape, shape, probability, (a, b, p) => {
      const odds = betaQuantileOdds({ lower: p, upper: 1 - p }, a, b);
      if (!(odds > 0 && odds < 1e300)) return;
      const { lower, upper } = betaTails(odds / (1 + odds), a, b, 1 / (1 + odds));
      // The odds are rounded once before they go back in, and the tail answers with the size of the shapes.
      const tolerance = 1e-12 + (a + b) * 4e-15;
      if (p < 0.5) expectClose(lower, p, tolerance, `lower ${a} ${b}`);
      else expectClose(upper, 1 - p, tolerance, `upper ${a} ${b}`);
    }),
    { seed: 20261, numRuns: 500 },
  );
  fc.assert(
    fc.property(probability, fc.double({ min: 0.5, max: 1e6, noNaN: true }), (p, df) => {
      if (p >= 0.5) expectClose(studentTQuantile(1 - p, df), -studentTQuantile(p, df), 1e-15, `symmetry ${p} ${df}`);
      const t = studentTQuantile(p, df);
      const side = p < 0.5 ? studentTTails(t, df).lower : studentTTails(t, df).upper;
      expectClose(side, Math.min(p, 1 - p), 1e-11, `t ${p} ${df}`);
    }),
    { seed: 20262, numRuns: 300 },
  );
});

test('tails rise and fall with x, add up to one, and swap with the shapes', () => {
  const x = fc.double({ min: 0, max: 1, noNaN: true });
  const shape = fc.double({ min: 0.05, max: 500, noNaN: true });
  fc.assert(
    fc.property(x, x, shape, shape, (x1, x2, a, b) => {
      const small = betaTails(Math.min(x1, x2), a, b);
      const large = betaTails(Math.max(x1, x2), a, b);
      expect(large.lower - small.lower).toBeGreaterThanOrEqual(-1e-14);
      expect(Math.abs(small.lower + small.upper - 1)).toBeLessThan(1e-15);
      const swapped = betaTails(1 - x1, b, a, x1);
      expect(Math.abs(betaTails(x1, a, b, 1 - x1).lower - swapped.upper)).toBeLessThan(1e-13);
    }),
    { seed: 20263, numRuns: 300 },
  );
});

test('limits and ends are what they should be', () => {
  expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY);
  expect(normalQuantile(1)).toBe(Number.POSITIVE_INFINITY);
  expect(normalTails(50)).toEqual({ lower: 1, upper: 0 });
  expect(studentTTails(Number.NEGATIVE_INFINITY, 3)).toEqual({ lower: 0, upper: 1 });
  expect(studentTQuantile(0, 3)).toBe(Number.NEGATIVE_INFINITY);
  expect(studentTQuantile(1, 3)).toBe(Number.POSITIVE_INFINITY);
  expect(studentTQuantile(0.975, Number.POSITIVE_INFINITY)).toBe(normalQuantile(0.975));
  expect(studentTTails(1.5, Number.POSITIVE_INFINITY)).toEqual(normalTails(1.5));
  expect(fTails(0, 3, 4)).toEqual({ lower: 0, upper: 1 });
  expect(fTails(Number.POSITIVE_INFINITY, 3, 4)).toEqual({ lower: 1, upper: 0 });
  expect(fQuantile(0, 2, 5)).toBe(0);
  expect(fQuantile(1, 2, 5)).toBe(Number.POSITIVE_INFINITY);
  expect(devianceTerm(4, 4)).toBe(0);
  // Stirling's own bounds: 1 / (12 x + 1) < δ(x) < 1 / (12 x).
  for (const x of [0.5, 3, 7.9, 8, 40, 1e6]) {
    expect(stirlingError(x)).toBeLessThan(1 / (12 * x));
    expect(stirlingError(x)).toBeGreaterThan(1 / (12 * x + 1));
  }
});

test('a wrong caller is told so', () => {
  for (const wrong of [
    () => normalQuantile(1.2),
    () => normalQuantile(Number.NaN),
    () => normalTails(Number.NaN),
    () => studentTTails(1, 0),
    () => studentTQuantile(0.5, -1),
    () => studentTQuantile(-0.1, 3),
    () => fTails(-1, 2, 2),
    () => fQuantile(2, 2, 2),
    () => betaTails(1.1, 1, 1),
    () => betaTails(0.5, 0, 1),
    () => betaTails(0.5, 1, Number.POSITIVE_INFINITY),
    () => betaQuantileOdds({ lower: Number.NaN, upper: 0.5 }, 1, 1),
    () => logGamma(0),
    () => logGamma(Number.NaN),
  ]) {
    expect(wrong).toThrow(RangeError);
  }
});
