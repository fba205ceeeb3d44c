/** Mixed models: closed forms for balanced groups, derivatives, invariances, boundaries, and what they refuse. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { likelihoodRatio } from '../../analysis/likelihood-ratio.ts';
import { linearModel } from '../../analysis/linear-model.ts';
import { mixedModel } from '../../analysis/mixed-model.ts';
import { profileIntervals } from '../../analysis/mixed-profile.ts';
import { devianceAt } from '../../analysis/multilevel/deviance.ts';
import { nestedIntercepts } from '../../analysis/multilevel/nested-intercepts.ts';
import { randomSlopes } from '../../analysis/multilevel/random-slopes.ts';
import { mixedRows } from '../../analysis/multilevel/rows.ts';

const value = fc.integer({ min: -20, max: 20 });
type Row = [number, number, number, number];
/** Outcome, predictor, and labels of school and class. */
const rows = fc.array(fc.tuple(value, value, fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 2 })), {
  minLength: 24,
  maxLength: 50,
});
const columnsOf = (cases: readonly Row[]) => ({
  y: cases.map(([y]) => y),
  x: cases.map(([, x]) => x),
  school: cases.map(([, , school]) => `s${school}`),
  class: cases.map(([, , , label]) => label),
});

test('restricted likelihood of balanced groups is the analysis of variance', () => {
  const groups = ['a', 'b', 'c', 'd'];
  const y = [3, 5, 4, 9, 7, 8, 1, 2, 6, 12, 11, 7];
  const school = groups.flatMap((group) => [group, group, group]);
  const { model } = mixedModel(y, {}, [{ name: 'school', groups: school }]);
  const means = [4, 8, 3, 10];
  const within = (2 + 2 + 14 + 14) / 8;
  const between = (3 * means.reduce((total, mean) => total + (mean - 6.25) ** 2, 0)) / 3;
  expect(model?.components.map(({ variance }) => variance)).toEqual([
    expect.closeTo((between - within) / 3, 10),
    expect.closeTo(within, 10),
  ]);
  expect(model?.coefficients[0]).toMatchObject({
    estimate: expect.closeTo(6.25, 12),
    standardError: expect.closeTo(Math.sqrt(between / 12), 10),
    df: expect.closeTo(3, 8),
  });
});

test('balanced classes in schools: the three mean squares, and the degrees of freedom of schools', () => {
  // Two schools of three classes of two: means of squares by hand from the nested analysis of variance.
  const effects = [
    [0, 4, 8],
    [20, 21, 28],
  ];
  const cells = effects.flatMap((classes, school) => classes.map((mean, label) => ({ mean, school, label })));
  const y = cells.flatMap(({ mean }) => [mean - 1, mean + 1]);
  const twice = <T>(of: (cell: (typeof cells)[number]) => T) => cells.flatMap((cell) => [of(cell), of(cell)]);
  const { model } = mixedModel(y, {}, [
    { name: 'school', groups: twice(({ school }) => school) },
    { name: 'class', groups: twice(({ label }) => label) },
  ]);
  const classSquare = (2 * (32 + 38)) / 4;
  const schoolSquare = 6 * (2 * 9.5 ** 2);
  expect(model?.components.map(({ variance }) => variance)).toEqual([
    expect.closeTo((classSquare - 2) / 2, 8),
    expect.closeTo((schoolSquare - classSquare) / 6, 7),
    expect.closeTo(2, 9),
  ]);
  expect(model?.coefficients[0]?.df).toBeCloseTo(1, 7);
  expect(model?.groups).toEqual([
    { name: 'class:school', count: 6 },
    { name: 'school', count: 2 },
  ]);
});

test('gradient and second derivatives are those of the deviance, for both structures and methods', () => {
  fc.assert(
    fc.property(rows, fc.constantFrom('reml' as const, 'ml' as const), fc.boolean(), (cases, method, slopes) => {
      const { y, x, school, class: label } = columnsOf(cases as Row[]);
      const levels = [{ name: 'school', groups: school }];
      const data = mixedRows(y, { x }, slopes ? levels : [...levels, { name: 'class', groups: label }]);
      const structure = slopes ? randomSlopes(data, [0]) : nestedIntercepts(data);
      const theta = slopes ? [0.5, -0.02, 0.03] : [0.5, 0.3];
      const here = devianceAt(structure, theta, method);
      if (here === null) return;
      const step = 1e-4;
      for (const i of theta.keys()) {
        const [up, down] = [step, -step].map((change) =>
          devianceAt(
            structure,
            theta.map((each, j) => (j === i ? each + change : each)),
            method,
          ),
        );
        const slope = ((up?.value ?? 0) - (down?.value ?? 0)) / (2 * step);
        expect(Math.abs(slope - (here.gradient[i] ?? 0))).toBeLessThan(2e-4 * (1 + Math.abs(slope)));
        for (const j of theta.keys()) {
          const bend = ((up?.gradient[j] ?? 0) - (down?.gradient[j] ?? 0)) / (2 * step);
          expect(Math.abs(bend - (here.curvature[i]?.[j] ?? 0))).toBeLessThan(2e-3 * (1 + Math.abs(bend)));
        }
      }
    }),
    { seed: 20801, numRuns: 40 },
  );
});

test('order of rows, names of groups, shift and scale of columns change nothing that they should not', () => {
  fc.assert(
    fc.property(rows, fc.constantFrom('reml' as const, 'ml' as const), (cases, method) => {
      const { y, x, school, class: label } = columnsOf(cases as Row[]);
      const modelOf = (outcome: number[], predictor: number[], outer: string[], inner: number[]) =>
        mixedModel(
          outcome,
          { x: predictor },
          [
            { name: 'school', groups: outer },
            { name: 'class', groups: inner },
          ],
          { method },
        ).model;
      const plain = modelOf(y, x, school, label);
      if (plain === null) return;
      const moved = modelOf(
        [...y].reverse().map((each) => 3 * each + 100),
        [...x].reverse().map((each) => each / 2 - 7),
        [...school].reverse().map((each) => `${each}!`),
        [...label].reverse(),
      );
      expect(moved?.coefficients[1]?.estimate).toBeCloseTo(6 * (plain.coefficients[1]?.estimate ?? 0), 5);
      for (const [i, { variance }] of plain.components.entries()) {
        expect(moved?.components[i]?.variance).toBeCloseTo(9 * variance, 3);
      }
    }),
    { seed: 20802, numRuns: 20 },
  );
});

test('freeing a parameter never raises the deviance, and without group differences the model is least squares', () => {
  fc.assert(
    fc.property(rows, (cases) => {
      const { y, x, school, class: label } = columnsOf(cases as Row[]);
      const levels = [{ name: 'school', groups: school }];
      const deviance = (...of: Parameters<typeof mixedModel>) => mixedModel(...of).model?.deviance;
      const ml = { method: 'ml' } as const;
      const two = deviance(y, { x }, levels, ml);
      const plain = linearModel(y, { x }).model;
      if (two === undefined || plain === null) return;
      expect(two).toBeLessThanOrEqual(-2 * plain.logLikelihood + 1e-8);
      const more = [
        deviance(y, { x }, [...levels, { name: 'class', groups: label }], ml),
        deviance(y, { x }, levels, { ...ml, slopes: ['x'] }),
      ];
      for (const each of more) if (each !== undefined) expect(each).toBeLessThanOrEqual(two + 1e-6);
      expect(deviance(y, {}, levels, ml)).toBeGreaterThanOrEqual(two - 1e-8);
    }),
    { seed: 20803, numRuns: 15 },
  );
});

test('groups that are alike give a variance of exactly zero, a note, and the errors of least squares', () => {
  const y = [1, 3, 2, 2, 1, 3];
  const groups = ['a', 'a', 'b', 'b', 'c', 'c'];
  const { model, notes } = mixedModel(y, {}, [{ name: 'school', groups }]);
  expect(notes.map(({ code }) => code)).toEqual(['singular']);
  expect(model?.theta).toEqual([0]);
  expect(model?.groupEffects[0]?.groups.map(({ effects }) => effects[0])).toEqual([0, 0, 0]);
  const plain = linearModel(y, {}).model;
  expect(model?.coefficients[0]?.standardError).toBeCloseTo(plain?.coefficients[0]?.standardError ?? 0, 12);
  expect(model?.coefficients[0]?.df).toBeCloseTo(5, 8);
});

test('mixed models refuse what they cannot fit', () => {
  const school = (groups: (string | null)[]) => [{ name: 'school', groups }];
  const code = (...of: Parameters<typeof mixedModel>) => mixedModel(...of).notes[0]?.code;
  expect(code([], {}, school([]))).toBe('too-few-groups');
  expect(code([1], {}, school(['a']))).toBe('too-few-groups');
  expect(code([1, 2, 3], {}, school(['a', 'a', 'a']))).toBe('too-few-groups');
  expect(code([1, 2, null, null], {}, school(['a', 'a', 'b', 'b']))).toBe('too-few-groups');
  expect(code([null, null], {}, school(['a', 'b']))).toBe('too-few-groups');
  expect(code([1, 2, 3], {}, school(['a', 'b', 'c']))).toBe('too-few-values');
  expect(code([2, 2, 2, 2], {}, school(['a', 'a', 'b', 'b']))).toBe('no-variance');
  expect(code([1, 2, 4, 3, 5], { a: [1, 2, 3, 4, 5], b: [3, 5, 7, 9, 11] }, school(['a', 'a', 'b', 'b', 'b']))).toBe(
    'collinear',
  );
  expect(code([1, 2, 4, 3], { a: [5, 5, 5, 5] }, school(['a', 'a', 'b', 'b']))).toBe('collinear');
  expect(code([1, 1, 3, 3], {}, school(['a', 'a', 'b', 'b']))).toBe('no-variance');
  const three = ['a', 'b', 'c'].map((name) => ({ name, groups: [1, 1, 2, 2] }));
  const y = [1, 2, 4, 7];
  expect(() => mixedModel(y, {}, three)).toThrow(RangeError);
  expect(() => mixedModel(y, {}, [])).toThrow(RangeError);
  expect(() => mixedModel(y, {}, school(['a']))).toThrow(RangeError);
  expect(() => mixedModel(y, { x: y }, three.slice(1), { slopes: ['x'] })).toThrow(RangeError);
  expect(() => mixedModel(y, { x: y }, three.slice(2), { slopes: ['z'] })).toThrow(RangeError);
  expect(() => mixedModel(y, {}, three.slice(2), { level: 1 })).toThrow(RangeError);
});

test('a likelihood ratio halves p at the boundary and refuses models that are not within one another', () => {
  const smaller = { logLikelihood: -100, parameters: 4 };
  const { statistic, df, p, pBoundary } = likelihoodRatio(smaller, { logLikelihood: -98, parameters: 5 });
  expect([statistic, df]).toEqual([4, 1]);
  expect(p).toBeCloseTo(0.045500263896358, 12);
  expect(pBoundary).toBe(p / 2);
  // A slope with one covariance: R's 0.5 * pchisq(4, 1, lower = FALSE) + 0.5 * pchisq(4, 2, lower = FALSE).
  expect(likelihoodRatio(smaller, { logLikelihood: -98, parameters: 6 }).pBoundary).toBeCloseTo(
    (0.045500263896358 + Math.exp(-2)) / 2,
    12,
  );
  expect(likelihoodRatio(smaller, { logLikelihood: -100 - 1e-9, parameters: 5 })).toMatchObject({ statistic: 0, p: 1 });
  expect(() => likelihoodRatio(smaller, { logLikelihood: -98, parameters: 4 })).toThrow(RangeError);
  expect(() => likelihoodRatio(smaller, { logLikelihood: -101, parameters: 5 })).toThrow(RangeError);
});

test('profile intervals hold their estimates, move with the columns, and begin at zero where groups may be alike', () => {
  const school = ['a', 'a', 'a', 'b', 'b', 'b', 'c', 'c', 'c', 'd', 'd', 'd'];
  const y = [1, 3, 2, 9, 7, 9, 4, 5, 3, 6, 8, 7];
  const x = y.map((_, row) => row % 3);
  const levels = [{ name: 'school', groups: school }];
  const { intervals } = profileIntervals(y, { x }, levels);
  const { model } = mixedModel(y, { x }, levels, { method: 'ml' });
  expect(intervals?.map(({ name }) => name)).toEqual(['school', 'Residual', '(Intercept)', 'x']);
  for (const { estimate, lower, upper } of intervals ?? []) {
    expect(lower).toBeLessThan(estimate);
    expect(upper).toBeGreaterThan(estimate);
  }
  expect(intervals?.[0]?.estimate).toBeCloseTo(model?.components[0]?.sd ?? 0, 8);
  expect(intervals?.[2]?.estimate).toBeCloseTo(model?.coefficients[0]?.estimate ?? 0, 8);
  const moved = profileIntervals(
    y.map((each) => 2 * each + 5),
    { x },
    levels,
  ).intervals;
  for (const [at, { lower, upper, kind }] of (intervals ?? []).entries()) {
    const shift = at === 2 ? 5 : 0;
    expect(moved?.[at]?.lower).toBeCloseTo(2 * lower + shift, 5);
    expect(moved?.[at]?.upper).toBeCloseTo(2 * upper + shift, 5);
    expect(kind).toBe(at < 2 ? 'standard-deviation' : 'coefficient');
  }
});

test('a wider profile interval contains a narrower one, three levels included', () => {
  const cells = [0, 1, 2, 3, 4, 5].flatMap((label) => [0, 1, 2].map((person) => ({ label, person })));
  const y = cells.map(({ label, person }) => ((label * 17) % 7) + ((person * 5 + label) % 3));
  const levels = [
    { name: 'school', groups: cells.map(({ label }) => label % 3) },
    { name: 'class', groups: cells.map(({ label }) => label) },
  ];
  const [narrow, wide] = [0.5, 0.99].map((level) => profileIntervals(y, {}, levels, level).intervals);
  expect(narrow).toHaveLength(4);
  for (const [at, { lower, upper }] of (narrow ?? []).entries()) {
    expect(wide?.[at]?.lower ?? 0).toBeLessThanOrEqual(lower);
    expect(wide?.[at]?.upper ?? 0).toBeGreaterThan(upper);
  }
  const alike = profileIntervals([1, 3, 2, 2, 1, 3], {}, [{ name: 'school', groups: ['a', 'a', 'b', 'b', 'c', 'c'] }]);
  expect(alike.notes.map(({ code }) => code)).toEqual(['singular']);
  expect(alike.intervals?.[0]).toMatchObject({ estimate: 0, lower: 0 });
  expect(
    profileIntervals(
      [],
      {},
      levels.slice(1).map((each) => ({ ...each, groups: [] })),
    ).intervals,
  ).toBeNull();
  expect(() => profileIntervals(y, {}, levels, 1)).toThrow(RangeError);
});
