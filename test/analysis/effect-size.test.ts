/** Effect sizes, planning, proportions and survey estimates beyond the oracles: closed forms, invariances, bad input. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { smallSampleFactor, standardisedDifference } from '../../analysis/effect-size.ts';
import {
  armsOf,
  clusteredEffectSize,
  iccWithinArms,
  scaledClusteredEffect,
} from '../../analysis/effect-size-clustered.ts';
import { modelEffectSize } from '../../analysis/effect-size-model.ts';
import { standardisedChange } from '../../analysis/effect-size-paired.ts';
import { clusterTrialPower, designEffect, minimumDetectableEffect } from '../../analysis/power.ts';
import {
  type ProportionMethod,
  proportionDifference,
  proportionInterval,
} from '../../analysis/proportion-intervals.ts';
import { randomIntercept } from '../../analysis/random-intercept.ts';
import { postStratify, surveyDesign } from '../../analysis/survey/design.ts';
import { surveyMean, surveyQuantile, surveyRatio, surveyTotal } from '../../analysis/survey/estimates.ts';
import { surveyProportion } from '../../analysis/survey/proportion.ts';
import { surveyRegression } from '../../analysis/survey/regression.ts';
import { expectClose } from '../oracle.ts';

const whole = fc.integer({ min: -20, max: 20 });

test('a standardised difference does not feel shift and scale, and swaps its sign with the groups', () => {
  const column = fc.array(whole, { minLength: 3, maxLength: 12 });
  fc.assert(
    fc.property(column, column, (x, y) => {
      const plain = standardisedDifference(x, y).hedgesG;
      if (plain.value === null || !plain.interval) return;
      const moved = standardisedDifference(
        x.map((value) => 3 + 7 * value),
        y.map((value) => 3 + 7 * value),
      ).hedgesG;
      const swapped = standardisedDifference(y, x).hedgesG;
      expect(moved.value).toBeCloseTo(plain.value, 9);
      expect(swapped.interval?.upper).toBeCloseTo(-plain.interval.lower, 7);
      expect(plain.interval.lower).toBeLessThan(plain.interval.upper);
    }),
    { seed: 20501, numRuns: 40 },
  );
});

test('effect sizes without data say why', () => {
  expect(standardisedDifference([], []).cohenD).toMatchObject({ value: null, notes: [{ code: 'too-few-values' }] });
  expect(standardisedDifference([1, 1], [2, 2]).glassDelta.notes[0]?.code).toBe('no-variance');
  expect(standardisedDifference([1, 2], [2, 2]).glassDelta.value).toBeNull();
  expect(standardisedChange([1, 2], [2, 4]).dz.notes[0]?.code).toBe('too-few-values');
  expect(standardisedChange([1, 2, 3], [2, 3, 4]).gz.notes[0]?.code).toBe('no-variance');
  expect(standardisedChange([1, null, 3], [2, 3, null]).pairs).toBe(1);
  expect(() => standardisedDifference([1, 2], [3, 4], 1)).toThrow(RangeError);
  expect(() => smallSampleFactor(1)).toThrow(RangeError);
  // J(df) = Γ(df/2) / (√(df/2) Γ((df-1)/2)): J(2) = 1/√π.
  expectClose(smallSampleFactor(2), 1 / Math.sqrt(Math.PI), 1e-15, 'two degrees');
});

test('clusters of one person and no ICC leave the plain difference', () => {
  const outcome = [4, 6, 7, 9, 1, 2, 4, 5];
  const treated = [1, 1, 1, 1, 0, 0, 0, 0];
  const { effect } = clusteredEffectSize(outcome, treated, [1, 2, 3, 4, 5, 6, 7, 8], 0);
  const plain = standardisedDifference(outcome.slice(0, 4), outcome.slice(4));
  expectClose(effect?.unequal.effect.value, plain.cohenD.value ?? 0, 1e-14, 'd');
  expectClose(effect?.equalAtMeanSize.df, 6, 1e-14, 'df');
  expect(clusteredEffectSize(outcome, treated, treated, 0.1).notes[0]?.code).toBe('too-few-clusters');
  expect(clusteredEffectSize([], [], [], 0.1).effect).toBeNull();
  expect(() => armsOf([1], [2], [1])).toThrow(RangeError);
  expect(() => armsOf([1], [], [1])).toThrow(RangeError);
  expect(() => scaledClusteredEffect({ intervention: [], comparison: [] }, 1, 1, 1.5)).toThrow(RangeError);
  expect(iccWithinArms([1, 2], [0, 1], [1, 2])).toBeNull();
  expect(modelEffectSize([1, 2, 3, 4], [0, 0, 1, 1], [], [1, 1, 2, 2]).effect?.conditional ?? null).toBeNull();
});

test('the balanced random-intercept model equals the analysis of variance, and zero where that is negative', () => {
  const groups = fc.array(fc.array(whole, { minLength: 4, maxLength: 4 }), { minLength: 3, maxLength: 8 });
  fc.assert(
    fc.property(groups, (values) => {
      const labels = values.flatMap((group, g) => group.map(() => g));
      const { fit, notes } = randomIntercept(values.flat(), [], labels);
      const grand = values.flat().reduce((a, b) => a + b, 0) / labels.length;
      const means = values.map((group) => group.reduce((a, b) => a + b, 0) / 4);
      const within = values
        .flatMap((group, g) => group.map((value) => (value - (means[g] ?? 0)) ** 2))
        .reduce((a, b) => a + b, 0);
      const between = 4 * means.map((value) => (value - grand) ** 2).reduce((a, b) => a + b, 0);
      if (within + between === 0) {
        expect(notes[0]?.code).toBe('no-variance');
        return;
      }
      if (within === 0) return;
      const [msb, msw] = [between / (values.length - 1), within / (labels.length - values.length)];
      expect(fit?.coefficients[0]).toBeCloseTo(grand, 9);
      if (msb > msw) {
        expectClose(fit?.within, msw, 1e-9, 'within');
        expectClose(fit?.between, (msb - msw) / 4, 1e-8, 'between');
      } else {
        expect(fit?.between).toBe(0);
        expectClose(fit?.within, (within + between) / (labels.length - 1), 1e-9, 'pooled');
        expect(notes[0]?.code).toBe('singular');
      }
    }),
    { seed: 20502, numRuns: 100 },
  );
});

test('the random-intercept model refuses what it cannot fit', () => {
  expect(randomIntercept([], [], []).notes[0]?.code).toBe('too-few-groups');
  expect(randomIntercept([1, 2], [], ['a', 'a']).notes[0]?.code).toBe('too-few-groups');
  expect(randomIntercept([1, 2], [], ['a', 'b']).notes[0]?.code).toBe('too-few-values');
  expect(
    randomIntercept(
      [1, 2, 3, 5],
      [
        [1, 2, 3, 4],
        [2, 4, 6, 8],
      ],
      ['a', 'a', 'b', 'b'],
    ).notes[0]?.code,
  ).toBe('collinear');
  expect(randomIntercept([1, 1, 1, 1], [], ['a', 'a', 'b', 'b']).notes[0]?.code).toBe('no-variance');
  expect(() => randomIntercept([1, 2], [[1]], ['a', 'b'])).toThrow(RangeError);
});

test('power is alpha without an effect, grows with it, and is about what the detectable effect asks for', () => {
  const design = { clusters: 60, clusterSize: 12, icc: 0.12, explainedBetween: 0.4, clusterCovariates: 1 };
  expectClose(clusterTrialPower(design, 0).power, 0.05, 1e-11, 'no effect');
  expect(clusterTrialPower(design, 0.3).power).toBeGreaterThan(clusterTrialPower(design, 0.2).power);
  expectClose(clusterTrialPower(design, -0.3).power, clusterTrialPower(design, 0.3).power, 1e-12, 'two-sided');
  expect(clusterTrialPower(design, minimumDetectableEffect(design).effect).power).toBeCloseTo(0.8, 2);
  expect(designEffect(1, 0.4)).toBe(1);
  for (const wrong of [
    () => designEffect(0, 0.1),
    () => minimumDetectableEffect({ clusters: 2, clusterSize: 5, icc: 0.1 }),
    () => minimumDetectableEffect({ clusters: 20, clusterSize: 5, icc: 1.1 }),
    () => minimumDetectableEffect({ clusters: 20, clusterSize: 5, icc: 0.1, share: 1 }),
    () => minimumDetectableEffect({ clusters: 20, clusterSize: 5, icc: 0.1 }, 0),
    () => clusterTrialPower({ clusters: 20, clusterSize: 0, icc: 0.1 }, 0.2),
    () => clusterTrialPower({ clusters: 20, clusterSize: 5, icc: 0.1 }, Number.NaN),
  ]) {
    expect(wrong).toThrow(RangeError);
  }
});

test('every interval of a proportion mirrors with successes and failures and narrows with n', () => {
  const methods: ProportionMethod[] = [
    'wilson',
    'wilson-continuity',
    'wilson-modified',
    'clopper-pearson',
    'jeffreys',
    'wald',
    'agresti-coull',
  ];
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.nat(60), fc.constantFrom(...methods), (n, x, method) => {
      fc.pre(x <= n);
      const own = proportionInterval(x, n, method).interval;
      const mirror = proportionInterval(n - x, n, method).interval;
      expect(own?.lower).toBeCloseTo(1 - (mirror?.upper ?? 0), 10);
      expect(own?.lower ?? 1).toBeLessThanOrEqual(own?.upper ?? 0);
    }),
    { seed: 20503, numRuns: 200 },
  );
  expect(proportionInterval(0, 0, 'wald').notes[0]?.code).toBe('no-cases');
  expect(() => proportionInterval(3, 2, 'wald')).toThrow(RangeError);
  expect(proportionDifference(0, 0, 1, 2).difference.notes[0]?.code).toBe('no-cases');
  expect(proportionDifference(0, 5, 0, 9)).toMatchObject({ chiSquare: null, p: null, exactP: 1 });
});

test('a simple random sample has the textbook standard error, with and without a finite population', () => {
  const values = [3, 5, 8, 12];
  const simple = surveyMean(surveyDesign({ stages: [{ units: [1, 2, 3, 4] }] }), values);
  const variance = (16 + 4 + 1 + 25) / 3;
  expectClose(simple.standardError, Math.sqrt(variance / 4), 1e-14, 'infinite');
  const finite = surveyDesign({ stages: [{ units: [1, 2, 3, 4], population: [16, 16, 16, 16] }] });
  expectClose(surveyMean(finite, values).standardError, Math.sqrt((variance / 4) * 0.75), 1e-14, 'finite');
  expectClose(surveyMean(finite, values).designEffect, 1, 1e-14, 'design effect');
  expect(surveyTotal(finite, values).estimate.value).toBe(112);
  const census = surveyDesign({ stages: [{ units: [1, 2], population: [2, 2] }] });
  expect(surveyMean(census, [1, 5])).toMatchObject({ standardError: 0 });
});

test('a survey regression counts the degrees of freedom of the units that are left beside the gaps', () => {
  // survey 4.1.1: svyglm(y ~ x, svydesign(id = ~u, strata = ~s, weights = ~1)); the unit e has only a gap.
  const units = ['a', 'a', 'b', 'b', 'c', 'c', 'd', 'd', 'e', 'f'];
  const design = surveyDesign({ stages: [{ units }], strata: [1, 1, 1, 1, 1, 1, 2, 2, 2, 2] });
  const x = [1, 2, null, 3, 4, null, 5, 7, null, 6];
  const found = surveyRegression(design, [1, 3, 2, 5, 4, 8, 6, 9, 2, 7], { x });
  expect(found).toMatchObject({ n: 7, df: 2 });
  expect(found.coefficients?.[1]?.standardError).toBeCloseTo(0.0837671358512972, 12);
  expect(found.coefficients?.[1]?.p).toBeCloseTo(0.00501371663376326, 12);
});

test('survey estimates without data say why, and a wrong caller is told so', () => {
  const design = surveyDesign({ stages: [{ units: ['a', 'a', 'b', 'b', 'c'] }], strata: [1, 1, 1, 1, 2] });
  expect(surveyMean(design, [1, 2, 3, 4, 5])).toMatchObject({
    standardError: null,
    estimate: { value: 3, notes: [{ code: 'lonely-unit' }] },
  });
  expect(surveyMean(design, [null, null, null, null, null]).estimate.notes[0]?.code).toBe('no-values');
  expect(surveyTotal(design, [null, null, null, null, null]).estimate.value).toBeNull();
  expect(surveyRatio(design, [1, 1, 1, 1, 1], [0, 0, 0, 0, 0]).estimate.value).toBeNull();
  expect(surveyQuantile(design, [null, null, null, null, null], 0.5)).toBeNull();
  const people = surveyDesign({ stages: [{ units: [1, 2, 3, 4, 5] }] });
  expect(surveyProportion(people, [1, 1, 1, 1, 1], 'logit').notes[0]?.code).toBe('no-variance');
  expect(surveyRegression(people, [1, 2, 3, 4, 6], { x: [1, 2, 3, 4, 5], y: [2, 4, 6, 8, 10] }).notes[0]?.code).toBe(
    'collinear',
  );
  const line = surveyRegression(people, [3, 5, 7, 9, 12], { x: [1, 2, 3, 4, 5] }).coefficients;
  expect(line?.[1]?.estimate).toBeCloseTo(2.2, 12);
  for (const wrong of [
    () => surveyDesign({ stages: [] }),
    () => surveyDesign({ stages: [{ units: [1, 2] }], weights: [1] }),
    () => surveyDesign({ stages: [{ units: [1, 2] }], weights: [1, -1] }),
    () => surveyDesign({ stages: [{ units: [1, 2], population: [1, 1] }] }),
    () => surveyMean(people, [1, 2]),
    () => surveyQuantile(people, [1, 2, 3, 4, 5], 2),
    () => surveyProportion(people, [1, 2, 3, 4, 5], 'mean'),
    () => postStratify(people, [1, 1, 1, 2, 2], new Map([[1, 10]])),
    () => surveyRegression(people, [1], {}),
  ]) {
    expect(wrong).toThrow(RangeError);
  }
});
