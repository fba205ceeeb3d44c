/** Outcome rates against the formulas of the AAPOR Standard Definitions, worked by hand, and intervals against R. */
import { expect, test } from 'vitest';
import { outcomeRateIds, outcomeRates } from '../../analysis/outcomes.ts';
import { expectClose } from '../oracle.ts';

test('twelve people asked, as the example of the R package outcomerate has them', () => {
  // I 4, P 2, R 1, NC 1, O 1, UH 1, UO 1 (one more is not eligible): 11 cases, 8 of them reached.
  const rates = outcomeRates({ complete: 4, partial: 2, refusal: 1, noncontact: 1, other: 1, unknown: 2 });
  const expected = { rr1: 4 / 11, rr2: 6 / 11, coop1: 4 / 8, ref1: 1 / 11, con1: 8 / 11 };
  for (const id of outcomeRateIds) expect(rates[id].value).toBeCloseTo(expected[id], 15);
  expect(rates.coop1.n).toBe(8);
  expect(rates.rr1.n).toBe(11);
});

test("each rate carries Wilson's interval of its own cases", () => {
  // R: prop.test(30, 80, correct = FALSE)$conf.int and prop.test(30, 40, correct = FALSE)$conf.int
  const rates = outcomeRates({ complete: 30, partial: 4, refusal: 6, noncontact: 38, other: 0, unknown: 2 });
  expectClose(rates.rr1.interval?.lower, 0.2769417870153118, 1e-12);
  expectClose(rates.rr1.interval?.upper, 0.48451274536857, 1e-12);
  expectClose(rates.coop1.interval?.lower, 0.5980603857923198, 1e-12);
  expectClose(rates.coop1.interval?.upper, 0.8581288136090369, 1e-12);
});

test('without cases there is no rate, and with more responses than people to answer none either', () => {
  const none = outcomeRates({ complete: 0, partial: 0, refusal: 0, noncontact: 0, other: 0, unknown: 0 });
  expect(none.rr1).toMatchObject({ value: null, n: 0, interval: null });
  expect(none.rr1.notes[0]?.code).toBe('no-cases');
  const many = outcomeRates({ complete: 5, partial: 0, refusal: 0, noncontact: -2, other: 0, unknown: 0 });
  for (const id of outcomeRateIds) {
    expect(many[id]).toMatchObject({ value: null, n: 3 });
    expect(many[id].notes[0]?.code).toBe('more-than-invited');
  }
  // Nobody reached: no cooperation to speak of, but a response rate of nothing.
  const unreached = outcomeRates({ complete: 0, partial: 0, refusal: 0, noncontact: 7, other: 0, unknown: 0 });
  expect(unreached.coop1.value).toBeNull();
  expect(unreached.rr1.value).toBe(0);
});

test('counts that are none are refused', () => {
  const cases = { complete: 1, partial: 0, refusal: 0, noncontact: 0, other: 0, unknown: 0 };
  expect(() => outcomeRates({ ...cases, complete: 1.5 })).toThrow(RangeError);
  expect(() => outcomeRates({ ...cases, refusal: -1 })).toThrow(RangeError);
});
