/** Means, spreads, t intervals and quantiles against R on a data set with gaps. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describe, meanInterval, quantile, tInterval } from '../../analysis/descriptives.ts';
import { expectClose, oracleColumns, oracleResults } from '../oracle.ts';

interface Basic {
  readonly tests: {
    readonly paired: { readonly ci: readonly [number, number]; readonly mean_diff: number; readonly df: number };
  };
  readonly descriptives: Readonly<
    Record<
      string,
      {
        n: number;
        missing: number;
        mean: number;
        sd: number;
        median: number;
        quantile_type7: number[];
        quantile_type6: number[];
      }
    >
  >;
}
const oracle = oracleResults<Basic>('16_multiplicity_basic.json');
const shares = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95];

test('n, gaps, mean, standard deviation and both kinds of quantiles agree with R', () => {
  for (const [name, expected] of Object.entries(oracle.descriptives)) {
    const [values = []] = oracleColumns('sim_trial.csv', [name]);
    const { n, missing, mean, sd } = describe(values);
    expect([n, missing]).toEqual([expected.n, expected.missing]);
    expectClose(mean, expected.mean, 1e-14, `${name} mean`);
    expectClose(sd, expected.sd, 1e-13, `${name} sd`);
    expectClose(quantile(values, 0.5), expected.median, 1e-14, `${name} median`);
    shares.forEach((share, i) => {
      expectClose(
        quantile(values, share, 7),
        expected.quantile_type7[i] ?? Number.NaN,
        1e-13,
        `${name} type 7 ${share}`,
      );
      expectClose(
        quantile(values, share, 6),
        expected.quantile_type6[i] ?? Number.NaN,
        1e-13,
        `${name} type 6 ${share}`,
      );
    });
  }
});

test('the interval of a mean agrees with R’s t.test on paired differences', () => {
  const [before = [], after = []] = oracleColumns('sim_trial.csv', ['score_pre', 'score_post']);
  const differences = after.map((value, i) => {
    const first = before[i] ?? null;
    return value === null || first === null ? null : value - first;
  });
  const { value, n, interval } = meanInterval(differences);
  expect(n).toBe(oracle.tests.paired.df + 1);
  expectClose(value, oracle.tests.paired.mean_diff, 1e-12, 'mean');
  expectClose(interval?.lower, oracle.tests.paired.ci[0], 1e-12, 'lower');
  expectClose(interval?.upper, oracle.tests.paired.ci[1], 1e-12, 'upper');
});

test('two values have the closed form of a Cauchy interval', () => {
  // With one degree of freedom t(0.975) = tan(0.475 π).
  const { interval } = meanInterval([1, 3]);
  expectClose(interval?.upper, 2 + Math.tan(0.475 * Math.PI), 1e-13, 'upper');
  expectClose(interval?.lower, 2 - Math.tan(0.475 * Math.PI), 1e-13, 'lower');
});

test('data that cannot say give a note: none, one person, all the same', () => {
  expect(meanInterval([])).toMatchObject({ value: null, n: 0, notes: [{ code: 'no-values' }] });
  expect(meanInterval([null, null])).toMatchObject({ value: null, n: 0, notes: [{ code: 'no-values' }] });
  expect(meanInterval([4, null])).toMatchObject({ value: 4, n: 1, interval: null, notes: [{ code: 'group-of-one' }] });
  expect(meanInterval([0.1, 0.1, 0.1])).toMatchObject({ value: 0.1, interval: null, notes: [{ code: 'no-variance' }] });
  expect(describe([])).toEqual({ n: 0, missing: 0, mean: null, sd: null });
  expect(quantile([null], 0.5)).toBeNull();
  expect(quantile([3], 0.2, 6)).toBe(3);
});

test('order changes nothing, a shift shifts, a scale scales', () => {
  const values = fc.array(fc.option(fc.integer({ min: -50, max: 50 })), { minLength: 2, maxLength: 40 });
  fc.assert(
    fc.property(values, fc.integer({ min: -1000, max: 1000 }), fc.constantFrom(2, 3, 10), (column, shift, scale) => {
      const base = meanInterval(column);
      if (base.value === null || !base.interval) return;
      const reach = base.interval.upper - base.value;
      const turned = meanInterval([...column].reverse());
      const moved = meanInterval(column.map((value) => (value === null ? null : value * scale + shift)));
      expect(Math.abs((turned.value ?? Number.NaN) - base.value)).toBeLessThan(1e-12);
      expect(Math.abs((moved.value ?? Number.NaN) - (base.value * scale + shift))).toBeLessThan(1e-9);
      expectClose((moved.interval?.upper ?? Number.NaN) - (moved.value ?? 0), reach * scale, 1e-9, 'reach');
    }),
    { seed: 20267 },
  );
});

test('quantiles rise with the share and stay among the values', () => {
  const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 30 });
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(values, share, share, fc.constantFrom(6 as const, 7 as const), (column, p, q, type) => {
      const low = quantile(column, Math.min(p, q), type) ?? Number.NaN;
      const high = quantile(column, Math.max(p, q), type) ?? Number.NaN;
      expect(high - low).toBeGreaterThanOrEqual(-1e-6);
      expect(low).toBeGreaterThanOrEqual(Math.min(...column) - 1e-6);
      expect(high).toBeLessThanOrEqual(Math.max(...column) + 1e-6);
    }),
    { seed: 20268 },
  );
});

test('numbers that no answer can be, and impossible arguments, are refused', () => {
  expect(() => describe([1, Number.NaN])).toThrow(RangeError);
  expect(() => meanInterval([1, Number.POSITIVE_INFINITY])).toThrow(RangeError);
  expect(() => meanInterval([1, 2], 1)).toThrow(RangeError);
  expect(() => quantile([1], 1.5)).toThrow(RangeError);
  expect(tInterval(1, null, 1, 0.95).interval).toBeNull();
});
