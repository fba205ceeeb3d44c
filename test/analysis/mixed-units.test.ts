/** Mixed models do not depend on the unit of the outcome, nor on the unit and the zero of a predictor with slopes. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type MixedModel, mixedModel } from '../../analysis/mixed-model.ts';
import { readFrame } from '../verify/folder.ts';

const value = fc.integer({ min: -20, max: 20 });
const rows = fc.array(fc.tuple(value, value, fc.integer({ min: 0, max: 5 })), { minLength: 24, maxLength: 50 });
const school = (groups: readonly (string | number)[]) => [{ name: 'school', groups }];
const dfOf = (model: MixedModel | null) => model?.coefficients.map(({ df }) => df) ?? [];

test('a mean of balanced groups has as many degrees of freedom as groups less one, in any unit', () => {
  const y = [3, 5, 4, 9, 7, 8, 1, 2, 6, 12, 11, 7];
  const groups = y.map((_, row) => Math.floor(row / 3));
  for (const unit of [1e-12, 1e-6, 1, 1e5, 1e6, 1e12]) {
    const outcome = y.map((each) => each * unit);
    expect(dfOf(mixedModel(outcome, {}, school(groups)).model)).toEqual([expect.closeTo(3, 8)]);
    // Groups that are alike leave least squares, with rows less one: only the residual variance is estimated.
    const alike = [1, 3, 2, 2, 1, 3].map((each) => each * unit);
    expect(dfOf(mixedModel(alike, {}, school([1, 1, 2, 2, 3, 3])).model)).toEqual([expect.closeTo(5, 8)]);
  }
});

test('outcomes a million times larger or smaller have the same degrees of freedom', () => {
  fc.assert(
    fc.property(rows, fc.constantFrom(1e-6, 1e6), fc.boolean(), (cases, unit, withSlopes) => {
      const modelFor = (times: number) =>
        mixedModel(
          cases.map(([y]) => y * times),
          { x: cases.map(([, x]) => x) },
          school(cases.map(([, , group]) => group)),
          withSlopes ? { slopes: ['x'] } : {},
        );
      const [plain, scaled] = [modelFor(1), modelFor(unit)];
      expect(scaled.notes).toEqual(plain.notes);
      for (const [k, df] of dfOf(plain.model).entries()) {
        expect(Math.abs((dfOf(scaled.model)[k] ?? 0) / df - 1)).toBeLessThan(1e-4);
      }
    }),
    { seed: 20810, numRuns: 40 },
  );
});

interface Figures {
  readonly fixed: readonly { readonly estimate: number; readonly se: number; readonly df_satterthwaite: number }[];
  readonly variance_components: readonly { readonly vcov: number }[];
  readonly theta: readonly number[];
  readonly logLik: number;
}

test('slopes of a predictor that is larger a thousand times, or far from zero, are those of R without a note', () => {
  const read = (name: string) => readFrame(readFileSync(new URL(`../oracles/${name}`, import.meta.url), 'utf8'));
  const { results } = JSON.parse(readFileSync(new URL('../oracles/08_mixed.json', import.meta.url), 'utf8')) as {
    results: { mathach_random_slope: { reml: Figures } };
  };
  const expected = results.mathach_random_slope.reml;
  const pupils = read('MathAchieve.csv');
  const ses = pupils.numeric('SES');
  const groups = pupils.column('School');
  const sums = new Map<string | number | null, { total: number; n: number }>();
  for (const [row, group] of groups.entries()) {
    const { total, n } = sums.get(group) ?? { total: 0, n: 0 };
    sums.set(group, { total: total + (ses[row] ?? 0), n: n + 1 });
  }
  const meanOf = (row: number) => {
    const { total = 0, n = 1 } = sums.get(groups[row] ?? null) ?? {};
    return total / n;
  };
  const schools = read('MathAchSchool.csv');
  const places = new Map(schools.column('School').map((each, row) => [each, row]));
  const isPublic = groups.map((each) => Number(schools.column('Sector')[places.get(each) ?? -1] === 'Public'));
  const mses = ses.map((_, row) => meanOf(row));
  const cses = ses.map((each, row) => (each ?? 0) - meanOf(row));
  const modelFor = (unit: number, zero: number) =>
    mixedModel(
      pupils.numeric('MathAch'),
      { cses: cses.map((each) => each * unit + zero), mses, isPublic },
      [{ name: 'School', groups }],
      { slopes: ['cses'] },
    );
  const close = (one: number | undefined, other: number | undefined, relative: number) =>
    expect(Math.abs((one ?? Number.NaN) / (other ?? Number.NaN) - 1)).toBeLessThan(relative);
  for (const [unit, zero] of [
    [1000, 0],
    [1e-3, 0],
    [1, 2000],
  ] as const) {
    const { model, notes } = modelFor(unit, zero);
    expect(notes).toEqual([]);
    const [intercept, slope, covariance, residual] = model?.components.map(({ variance }) => variance) ?? [];
    const [r0 = 0, r1 = 0, r01 = 0, residualOfR] = expected.variance_components.map(({ vcov }) => vcov);
    // The intercept at the new zero is the old one less the slope times its distance.
    const away = zero / unit;
    close(slope, r1 / unit ** 2, 3e-5);
    close(intercept, r0 - 2 * away * r01 + away ** 2 * r1, 3e-5);
    close(covariance, (r01 - away * r1) / unit, 2e-4);
    close(residual, residualOfR, 2e-6);
    close(model?.coefficients[1]?.estimate, (expected.fixed[1]?.estimate ?? 0) / unit, 2e-6);
    close(model?.coefficients[1]?.standardError, (expected.fixed[1]?.se ?? 0) / unit, 2e-6);
    close(model?.coefficients[1]?.df, expected.fixed[1]?.df_satterthwaite, 1e-4);
    // Restricted likelihood knows the unit of a predictor.
    close((model?.logLikelihood ?? 0) + Math.log(unit), expected.logLik, 1e-9);
    // theta is lme4's: the lower triangle of the Cholesky factor of the covariance over the residual variance.
    const [a = 0, b = 0, c = 0] = model?.theta ?? [];
    const variance = (model?.residualSd ?? 0) ** 2;
    close(a * a * variance, intercept, 1e-9);
    close(a * b * variance, covariance, 1e-9);
    close((b * b + c * c) * variance, slope, 1e-9);
  }
  for (const [i, theta] of (modelFor(1, 0).model?.theta ?? []).entries()) {
    expect(Math.abs(theta - (expected.theta[i] ?? 0))).toBeLessThan(1e-5);
  }
});

test('effects of groups are the same people, whatever the unit and the zero of the predictor', () => {
  const x = [1, 2, 3, 1, 3, 5, 2, 4, 5, 1, 4, 6, 2, 3, 7];
  const y = [3, 5, 9, 2, 3, 4, 7, 12, 14, 1, 1, 0, 6, 9, 16];
  const groups = y.map((_, row) => Math.floor(row / 3));
  const [plain, moved] = [(each: number) => each, (each: number) => each * 60 + 2000].map((of) => {
    return mixedModel(y, { x: x.map(of) }, school(groups), { slopes: ['x'] }).model?.groupEffects[0]?.groups ?? [];
  });
  expect(plain).toHaveLength(5);
  for (const [at, { effects, standardErrors }] of (plain ?? []).entries()) {
    const other = moved?.[at];
    expect(other?.effects[1]).toBeCloseTo((effects[1] ?? 0) / 60, 8);
    expect(other?.standardErrors[1]).toBeCloseTo((standardErrors[1] ?? 0) / 60, 8);
    expect((other?.effects[0] ?? 0) + 2000 * (other?.effects[1] ?? 0)).toBeCloseTo(effects[0] ?? 0, 6);
  }
});
