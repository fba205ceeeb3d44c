/** Units do not matter: columns of very large or very small numbers give the same figures, or are refused in words. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oneWayAnova } from '../../analysis/anova.ts';
import { pooledTTest, welchTest } from '../../analysis/compare.ts';
import { pearsonCorrelation } from '../../analysis/correlation.ts';
import { type Columns, covarianceMatrix, pairwiseCorrelations } from '../../analysis/covariance.ts';
import { describe as describeColumn } from '../../analysis/descriptives.ts';
import { emMoments } from '../../analysis/em-moments.ts';
import { groupReliability } from '../../analysis/group-reliability.ts';
import { kurtosis, skewness } from '../../analysis/moments.ts';
import { datasetOf } from '../../analysis/plan/dataset.ts';
import { checkPlan, type Plan } from '../../analysis/plan.ts';
import { cronbachAlpha } from '../../analysis/reliability.ts';
import { reliabilityDetail } from '../../analysis/reliability-detail.ts';

const factors = [1e140, 1e-140, 1e20, 1e-20, 3];

/** Three columns of twelve answers from 1 to 7, each of which varies. */
const answers = fc
  .array(fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 12, maxLength: 12 }), { minLength: 3, maxLength: 3 })
  .filter((columns) => columns.every((column) => new Set(column).size > 2));

/** Figures that have no unit, in one list. */
const unitless: Readonly<Record<string, (columns: Columns) => readonly (number | null)[]>> = {
  'skewness and kurtosis': ([column = []]) => [skewness(column, 2), kurtosis(column, 2)],
  alpha: (columns) => {
    const { alpha, standardised, items } = cronbachAlpha(columns);
    return [alpha.value, alpha.interval?.lower ?? null, standardised.value, ...items.map(({ itemRest }) => itemRest)];
  },
  "Guttman's bounds": (columns) => {
    const { lambda1, lambda2, standardisedLambda2, alphaDeviation } = reliabilityDetail(covarianceMatrix(columns));
    return [lambda1, lambda2, standardisedLambda2, alphaDeviation];
  },
  'a correlation': ([first = [], second = []]) => {
    const { correlation, t, p } = pearsonCorrelation(first, second);
    return [correlation.value, t, p];
  },
  correlations: (columns) => pairwiseCorrelations(columns).flat(),
  'correlations with gaps': ([first = [], ...others]) =>
    pairwiseCorrelations([[null, ...first.slice(1)], ...others]).flat(),
  'ICC of groups': (columns) => {
    const { icc1, icc2, f } = groupReliability(columns);
    return [icc1.value, icc1.interval?.upper ?? null, icc2.value, f];
  },
  't tests': ([first = [], second = []]) =>
    [welchTest(first, second), pooledTTest(first, second)].flatMap(({ t, df, p }) => [t, df, p]),
  'analysis of variance': (columns) => {
    const { f, p } = oneWayAnova(columns);
    return [f, p];
  },
  'moments by likelihood': (columns) => {
    const { moments } = emMoments([[null, null, ...(columns[0] ?? []).slice(2)], ...columns.slice(1)]);
    const spread = moments?.covariances.map((line, i) => Math.sqrt(line[i] ?? 0)) ?? [];
    return moments?.means.map((value, i) => value / (spread[i] ?? 1)) ?? [];
  },
};

function scaled(columns: Columns, factor: number): Columns {
  return columns.map((column) => column.map((value) => (value === null ? null : value * factor)));
}

describe.each(Object.entries(unitless))('%s', (name, of) => {
  it('is the same in any unit', () => {
    fc.assert(
      fc.property(answers, fc.constantFrom(...factors), (columns, factor) => {
        // The moments by likelihood multiply squares; a plan refuses such columns beyond 1e30.
        const size = name === 'moments by likelihood' ? Math.min(Math.max(factor, 1e-20), 1e20) : factor;
        const [plain, other] = [of(columns), of(scaled(columns, size))];
        expect(other).toHaveLength(plain.length);
        plain.forEach((value, at) => {
          if (value === null) expect(other[at]).toBeNull();
          else expect(Math.abs((other[at] ?? Number.NaN) - value)).toBeLessThan(1e-8 * Math.max(1, Math.abs(value)));
        });
      }),
      { seed: 20905, numRuns: 60 },
    );
  });
});

it('means and standard deviations go with the unit, also where squares would be beyond what a number holds', () => {
  for (const factor of [1e140, 1e-140, 1e200, 1e-200, 1e300, 1e-300]) {
    const { mean, sd } = describeColumn([2 * factor, 4 * factor, null, 6 * factor]);
    expect((mean ?? 0) / factor).toBeCloseTo(4, 10);
    expect((sd ?? 0) / factor).toBeCloseTo(2, 10);
  }
});

it('columns that an analysis cannot take are refused by path, with what to do', () => {
  const column = (factor: number) => [1, 2, 3, 5, 4, 2, 1, 3].map((value) => value * factor);
  const data = datasetOf({
    huge: column(1e150),
    large: column(1e100),
    tiny: column(1e-160),
    plain: column(1),
    zero: column(0),
  });
  const asked = (analysis: string, options: Record<string, unknown>): string[] => {
    const plan: Plan = { title: 'T', missing: [], analyses: [{ analysis, options }] };
    return checkPlan(plan, data).map(({ code, path }) => `${code} at ${path}`);
  };
  const where = (path: string) => `size-out-of-range at analyses[0].options.${path}`;
  expect(asked('descriptives', { columns: ['plain', 'large', 'zero'] })).toEqual([]);
  expect(asked('descriptives', { columns: ['huge', 'plain', 'tiny'] })).toEqual([
    where('columns[0]'),
    where('columns[2]'),
  ]);
  expect(asked('likelihood-moments', { columns: ['large', 'plain'] })).toEqual([where('columns[0]')]);
  const [issue] = checkPlan(
    { title: 'T', missing: [], analyses: [{ analysis: 'descriptives', options: { columns: ['huge'] } }] },
    data,
  );
  expect(issue?.message).toBe(
    'the largest value of column huge is 5.0e+150; give it in a unit in which it lies between 1e-140 and 1e+140',
  );
});
