/** Wilson's interval against R's prop.test, and response rates. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { responseRate, wilsonInterval } from '../../analysis/proportions.ts';
import { expectClose, oracleResults } from '../oracle.ts';

interface Case {
  readonly x: number;
  readonly n: number;
  readonly conf: number;
  readonly p: number;
  readonly wilson: readonly [number, number];
}

test('shares and bounds agree with R at every level of the oracle', () => {
  const { proportions } = oracleResults<{ proportions: Case[] }>('14_survey_props.json');
  expect(proportions.length).toBeGreaterThan(5);
  for (const { x, n, conf, p, wilson } of proportions) {
    const { value, interval } = wilsonInterval(x, n, conf);
    expectClose(value, p, 1e-14, `${x}/${n}`);
    // R leaves 1e-17 where the bound is exactly 0.
    expect(Math.abs((interval?.lower ?? Number.NaN) - wilson[0])).toBeLessThan(1e-14);
    expectClose(interval?.upper, wilson[1], 1e-13, `${x}/${n} upper`);
  }
});

test('the bounds solve the score equation, mirror each other, and hold the share between them', () => {
  const counts = fc
    .integer({ min: 1, max: 5000 })
    .chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)));
  fc.assert(
    fc.property(counts, ([x, n]) => {
      const { value, interval } = wilsonInterval(x, n);
      const mirror = wilsonInterval(n - x, n).interval;
      if (value === null || !interval || !mirror) throw new Error('an interval was expected');
      expect(interval.lower).toBeLessThanOrEqual(value);
      expect(interval.upper).toBeGreaterThanOrEqual(value);
      expect(interval.lower).toBeGreaterThanOrEqual(0);
      expect(interval.upper).toBeLessThanOrEqual(1);
      expect(Math.abs(mirror.lower - (1 - interval.upper))).toBeLessThan(1e-13);
      for (const bound of [interval.lower, interval.upper]) {
        const reach = 1.959963984540054 * Math.sqrt((bound * (1 - bound)) / n);
        expect(Math.abs(Math.abs(value - bound) - reach)).toBeLessThan(1e-12);
      }
    }),
    { seed: 20266 },
  );
});

test('nobody asked gives no share, and says why', () => {
  expect(wilsonInterval(0, 0)).toMatchObject({ value: null, n: 0, interval: null, notes: [{ code: 'no-cases' }] });
  expect(responseRate(0, 0).notes[0]?.code).toBe('no-cases');
});

test('more responses than invitations give no rate and a note; otherwise a rate is a proportion', () => {
  expect(responseRate(2800, 0)).toMatchObject({ value: null, interval: null, notes: [{ code: 'more-than-invited' }] });
  expect(responseRate(11, 10).value).toBeNull();
  expect(responseRate(7, 10)).toEqual(wilsonInterval(7, 10));
});

test('wrong counts and levels are the caller’s mistake', () => {
  for (const wrong of [
    () => wilsonInterval(3, 2),
    () => wilsonInterval(-1, 2),
    () => wilsonInterval(0.5, 2),
    () => wilsonInterval(1, Number.NaN),
    () => wilsonInterval(1, 2, 95),
    () => responseRate(1.5, 2),
    () => responseRate(2, -1),
  ]) {
    expect(wrong).toThrow(RangeError);
  }
});
