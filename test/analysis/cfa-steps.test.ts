/** The steps of a factor model's fit, each alone: reading the text, moments and their derivatives, likelihood, EM, start. */
import { expect, test } from 'vitest';
import { gradientAt, informationAt } from '../../analysis/cfa/fit.ts';
import { halfDeviance, momentInformation, momentSlopes } from '../../analysis/cfa/likelihood.ts';
import { type ModelOptions, modelOf } from '../../analysis/cfa/model.ts';
import { impliedMoments, type Moments, momentCount, momentIndex } from '../../analysis/cfa/moments.ts';
import { rootMeanSquareError } from '../../analysis/cfa/rmsea.ts';
import { sampleOf } from '../../analysis/cfa/sample.ts';
import { saturatedMoments } from '../../analysis/cfa/saturated.ts';
import { startOf } from '../../analysis/cfa/start.ts';
import { parseModel } from '../../analysis/cfa/syntax.ts';
import { randomOf } from '../../instruments/random.ts';

const random = randomOf(404);
const gappy = Array.from({ length: 5 }, () =>
  Array.from({ length: 60 }, () => (random.chance(0.15) ? null : random.normal() + 2)),
);
const text = 'f =~ a + b + c\ng =~ NA*c + k*d + k*e\nf ~~ 1*f\na ~~ d';
const group = Array.from({ length: 60 }, (_, row) => (row % 3 === 0 ? 'x' : 'y'));

/** The slope of a function by its numbers, by central differences. */
function slopesOf(f: (point: readonly number[]) => number, point: readonly number[], step = 1e-5): number[] {
  return point.map((value, i) => {
    const at = (shift: number) => f(point.map((each, j) => (i === j ? value + shift : each)));
    return (at(step) - at(-step)) / (2 * step);
  });
}

function expectNear(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number) {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i += 1) {
    expect(Math.abs((actual[i] ?? Number.NaN) - (expected[i] ?? 0)), `part ${i}`).toBeLessThan(
      tolerance * (1 + Math.abs(expected[i] ?? 0)),
    );
  }
}

test('slopes and curvature of the likelihood by the moments are its differences, with gaps', () => {
  const [sample] = sampleOf(gappy, { missing: 'full-information' });
  if (!sample) throw new Error('no sample');
  const { moments } = saturatedMoments(sample);
  if (!moments) throw new Error('no moments');
  const list = [...moments.mean.map((value) => value + 0.1)];
  moments.covariance.forEach((line, i) => {
    for (let j = 0; j <= i; j += 1) list[momentIndex(i, j, 5, true)] = (line[j] ?? 0) * (i === j ? 1.2 : 0.9);
  });
  const asMoments = (point: readonly number[]): Moments => ({
    mean: point.slice(0, 5),
    covariance: moments.covariance.map((line, i) => line.map((_, j) => point[momentIndex(i, j, 5, true)] ?? 0)),
  });
  expect(list).toHaveLength(momentCount(5, true));
  const value = (point: readonly number[]) => halfDeviance(sample, asMoments(point));
  const slopes = momentSlopes(sample, asMoments(list));
  expectNear(slopes, slopesOf(value, list), 1e-6);
  const information = momentInformation(sample, asMoments(list), 'observed');
  information.forEach((line, i) => {
    expectNear(
      line,
      slopesOf((point) => momentSlopes(sample, asMoments(point))[i] ?? 0, list),
      1e-6,
    );
  });
  // At the most likely moments nothing is steep.
  for (const slope of momentSlopes(sample, moments)) expect(Math.abs(slope)).toBeLessThan(1e-9);
});

test('slopes and curvature by the free numbers are differences: bends, equal labels, groups, latent means', () => {
  for (const options of [
    { groups: 1, meanStructure: true },
    { groups: 2, equal: ['loadings', 'intercepts'], partial: ['f =~ b'] },
    { groups: 1 },
  ] satisfies ModelOptions[]) {
    const model = modelOf(text, options);
    const listwise = model.means ? 'full-information' : 'listwise';
    const samples = sampleOf(gappy, { missing: listwise, ...(options.groups === 2 ? { group } : {}) });
    const saturated = samples.flatMap((sample) => saturatedMoments(sample).moments ?? []);
    const point = startOf(model, saturated).map((value, i) => value + 0.02 * (i % 3));
    const value = (at: readonly number[]) =>
      samples.reduce((total, sample, g) => total + halfDeviance(sample, impliedMoments(model, at, g)), 0);
    expectNear(gradientAt(model, samples, point), slopesOf(value, point), 1e-5);
    informationAt(model, samples, point, 'observed').forEach((line, i) => {
      expectNear(
        line,
        slopesOf((at) => gradientAt(model, samples, at)[i] ?? 0, point),
        1e-5,
      );
    });
  }
});

test('a text is read with its modifiers, lines that go on, comments and repeated terms', () => {
  const statements = parseModel(
    '# two factors\nf =~ NA*x-1 + l1*x-1 +\n  0.5*b; g =~ c\n + d\n\nb ~~ 0*c\nb ~ i*1 ! mean',
  );
  expect(statements.map(({ left, operator, right }) => `${left}${operator}${right}`)).toEqual([
    'f=~x-1',
    'f=~b',
    'g=~c',
    'g=~d',
    'b~~c',
    'b~1',
  ]);
  expect(statements[0]).toMatchObject({ freed: true, label: 'l1', fixed: null });
  expect(statements[1]).toMatchObject({ fixed: 0.5 });
  expect(statements[4]).toMatchObject({ fixed: 0 });
  expect(statements[5]).toMatchObject({ label: 'i' });
});

test('texts that are no factor model are refused with the line and what to do', () => {
  for (const [wrong, says] of [
    ['', 'empty'],
    ['f =~ a + b\n\ny', 'line 3 of the model: "y" has no operator'],
    ['y ~ x', 'is a regression'],
    ['f =~ a + c(1,2)*b', '"c(1,2)*" is not understood'],
    ['f =~ a + + b', '"" is not a name'],
    ['f =~ a + 2', '"2" is not a name'],
    ['f =~ NA*a + 1*a', 'cannot be both free'],
    ['a ~~ b', 'no factor'],
    ['f =~ a + b\ng =~ f', 'factors of factors'],
    ['f =~ a + b\na ~~ z', 'both sides of ~~'],
    ['f =~ a + b\nf ~~ a', 'both sides of ~~'],
    ['f =~ a + b\nz ~ 1', 'both sides of ~~'],
  ] as const) {
    expect(() => modelOf(wrong), wrong).toThrow(says);
  }
  expect(() => modelOf('f =~ a + b', { partial: ['z ~ 1'] })).toThrow('no parameter "z ~ 1"');
});

test('groups share what is equal, and factors become comparable', () => {
  const count = (options: ModelOptions) => modelOf('f =~ a + b + c + d', { groups: 2, ...options }).freeCount;
  expect(count({})).toBe(24);
  expect(count({ equal: ['loadings'] })).toBe(21);
  expect(count({ equal: ['loadings', 'intercepts'] })).toBe(18);
  expect(count({ equal: ['loadings', 'intercepts', 'latent-means'] })).toBe(17);
  expect(count({ equal: ['loadings', 'intercepts', 'residuals'] })).toBe(14);
  expect(count({ equal: ['loadings'], standardisedLatent: true })).toBe(21);
  expect(count({ equal: ['loadings'], partial: ['f =~ b'] })).toBe(22);
  expect(count({ equal: ['latent-variances'] })).toBe(23);
  expect(
    modelOf('f =~ a + b + c\ng =~ d + e\na ~~ b', { groups: 2, equal: ['residual-covariances', 'latent-covariances'] })
      .freeCount,
  ).toBe(2 * (3 + 5 + 2 + 5) + 2);
  const fixedWithLabel = modelOf('f =~ k*a + k*b + c');
  expect(fixedWithLabel.parameters.slice(0, 3).map(({ free, fixed }) => [free === null, fixed])).toEqual([
    [true, 1],
    [true, 1],
    [false, 0],
  ]);
});

test('RMSEA puts the noncentral chi-square through the observed one', () => {
  const { value, lower, upper, level } = rootMeanSquareError(85.3055217699732, 24, 301);
  expect([value, lower, upper].map((each) => each.toFixed(3))).toEqual(['0.092', '0.071', '0.114']);
  expect(level).toBe(0.9);
  expect(rootMeanSquareError(5, 24, 301)).toMatchObject({ value: 0, lower: 0, upper: 0 });
  expect(rootMeanSquareError(0, 0, 301)).toMatchObject({ value: 0, closeFit: null });
  expect(() => rootMeanSquareError(5, 24, 0)).toThrow(RangeError);
  expect(() => rootMeanSquareError(5, 24, 10, 1, 1)).toThrow(RangeError);
});
