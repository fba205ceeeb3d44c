/** Multiple imputation: against mice on real data, against maximum likelihood, and what cannot be filled. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emMoments } from '../../analysis/em-moments.ts';
import { chiSquareDraw, gammaDraw } from '../../analysis/imputation/draws.ts';
import { meanMatched } from '../../analysis/imputation/mean-matching.ts';
import { imputeChained } from '../../analysis/imputation.ts';
import { linearModel } from '../../analysis/linear-model.ts';
import { pooledCoefficients, pooledEstimate } from '../../analysis/pooling.ts';
import { randomOf } from '../../instruments/random.ts';
import { oracleColumns } from '../oracle.ts';

const names = ['age', 'bmi', 'hyp', 'chl'];
const nhanes = Object.fromEntries(oracleColumns('nhanes_mice.csv', names).map((column, i) => [names[i] ?? '', column]));

test('200 imputations of nhanes pool as 2,500 of mice 3.15.0 do, within the error of drawing', () => {
  const { datasets, notes } = imputeChained(nhanes, { seed: 'nhanes', imputations: 200 });
  expect(notes).toEqual([]);
  const models = datasets.flatMap((data) => {
    const { model } = linearModel(data.bmi ?? [], { age: data.age ?? [], chl: data.chl ?? [] });
    return model === null ? [] : [model];
  });
  const [, age, chl] = pooledCoefficients(models);
  expect(age?.term).toBe('age');
  // Four standard errors of a mean of 200 draws whose variance mice finds to be 0.5215 and 0.000141.
  expect(Math.abs((age?.pooled.estimate.value ?? 0) + 3.2035)).toBeLessThan(4 * Math.sqrt(0.5215 / 200));
  expect(Math.abs((chl?.pooled.estimate.value ?? 0) - 0.055832)).toBeLessThan(4 * Math.sqrt(0.000141 / 200));
  expect((age?.pooled.within ?? 0) / 0.7754).toBeCloseTo(1, 0);
  expect(Math.abs((age?.pooled.between ?? 0) / 0.5215 - 1)).toBeLessThan(4 * Math.sqrt(2 / 200));
  expect(age?.pooled.fractionMissing).toBeCloseTo(0.48, 0);
});

test('values that are missing at random are put back where they were lost', () => {
  const random = randomOf('lost');
  const x = Array.from({ length: 600 }, () => random.normal());
  const whole = x.map((value) => 2 + value + 0.7 * random.normal());
  // Whoever has a large x is lost more often, so that the mean of those left is too small; some are left everywhere, as
  // matching gives only values that somebody has.
  const y = whole.map((value, row) => (random.chance(1 / (1 + Math.exp(-(x[row] ?? 0)))) ? null : value));
  const { datasets, filled } = imputeChained({ x, y }, { seed: 3, imputations: 20, rounds: 2 });
  const means = datasets.map((data) => (data.y ?? []).reduce((total, value) => total + value, 0) / 600);
  const pooled = pooledEstimate(
    means,
    means.map(() => 0.05),
    599,
  );
  expect(filled.y).toBeGreaterThan(200);
  const likely = emMoments([x, y]).moments?.means[1] ?? 0;
  expect(Math.abs((pooled.estimate.value ?? 0) - likely)).toBeLessThan(0.06);
  const left = y.filter((value) => value !== null);
  expect(left.reduce((total, value) => total + value, 0) / left.length).toBeLessThan(likely - 0.2);
});

test('equal seeds give equal data, other seeds others; observed values stay; filled ones are values that somebody has', () => {
  const cell = fc.option(fc.integer({ min: 1, max: 5 }), { freq: 3 });
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell, cell), { minLength: 8, maxLength: 20 }), (cases) => {
      const columns = Object.fromEntries([0, 1, 2].map((k) => [`v${k}`, cases.map((row) => row[k] ?? null)]));
      const once = imputeChained(columns, { seed: 5, imputations: 2, rounds: 2 });
      expect(imputeChained(columns, { seed: 5, imputations: 2, rounds: 2 })).toEqual(once);
      for (const data of once.datasets) {
        for (const [name, values] of Object.entries(data)) {
          const given = columns[name] ?? [];
          values.forEach((value, row) => {
            if (given[row] !== null) expect(value).toBe(given[row]);
            else expect(given).toContain(value);
          });
        }
      }
    }),
    { seed: 21701, numRuns: 30 },
  );
  const of = (seed: number) => imputeChained(nhanes, { seed, imputations: 1 }).datasets[0];
  expect(of(1)).not.toEqual(of(2));
});

test('the trace holds one line for each data set and column with gaps, one point for each round', () => {
  const { trace, filled } = imputeChained(nhanes, { seed: 1, imputations: 3, rounds: 4 });
  expect(trace.map(({ column }) => column)).toEqual(['bmi', 'hyp', 'chl']);
  expect(filled).toEqual({ bmi: 9, hyp: 8, chl: 10 });
  expect(trace[0]?.means.map(({ length }) => length)).toEqual([4, 4, 4]);
});

test('a missing row is given what its nearest neighbour has', () => {
  const x = Array.from({ length: 40 }, (_, row) => row);
  const y = x.map((value) => 10 * value);
  const { values } = meanMatched(
    y,
    [x],
    [...x.keys()].filter((row) => row !== 20),
    [20],
    1,
    randomOf(2),
  );
  expect([190, 210]).toContain(values[0]);
});

test('draws of gamma and chi-square have their means and variances', () => {
  const random = randomOf('draws');
  for (const shape of [0.4, 1, 7.5]) {
    const draws = Array.from({ length: 20_000 }, () => gammaDraw(random, shape));
    const mean = draws.reduce((total, value) => total + value, 0) / draws.length;
    const variance = draws.reduce((total, value) => total + (value - mean) ** 2, 0) / draws.length;
    expect(Math.abs(mean - shape)).toBeLessThan(4 * Math.sqrt(shape / draws.length));
    expect(Math.abs(variance / shape - 1)).toBeLessThan(0.12);
  }
  const chi = Array.from({ length: 20_000 }, () => chiSquareDraw(random, 6));
  expect(Math.abs(chi.reduce((total, value) => total + value, 0) / 20_000 - 6)).toBeLessThan(
    4 * Math.sqrt(12 / 20_000),
  );
  expect(() => gammaDraw(random, 0)).toThrow(RangeError);
});

test('data that cannot be filled as they should be', () => {
  const of = (columns: Record<string, (number | null)[]>) =>
    imputeChained(columns, { seed: 1, imputations: 2, rounds: 2 });
  const codes = (columns: Record<string, (number | null)[]>) => of(columns).notes.map(({ code }) => code);
  expect(codes({})).toEqual(['no-gaps']);
  expect(codes({ x: [1, 2], y: [3, 4] })).toEqual(['no-gaps']);
  expect(of({ x: [1, 2], y: [3, 4] }).datasets).toEqual([{ x: [1, 2], y: [3, 4] }]);
  expect(codes({ x: [1, 2, 3], y: [null, null, null] })).toEqual(['no-gaps', 'empty-column']);
  expect(of({ x: [1, 2, 3], y: [null, null, null] }).datasets[0]).toEqual({ x: [1, 2, 3] });
  expect(codes({ x: [1, 2, 3], y: [7, null, null] })).toEqual(['too-few-values']);
  expect(of({ x: [1, 2, 3], y: [7, null, null] }).datasets[1]?.y).toEqual([7, 7, 7]);
  const line = [1, 2, 3, 4, 5, 6, 7, 8];
  expect(codes({ x: line, double: line.map((value) => 2 * value), y: [2, 1, 4, 3, 6, 5, 8, null] })).toEqual([
    'collinear',
  ]);
  expect(codes({ constant: line.map(() => 3), x: line, y: [2, 1, 4, 3, 6, 5, 8, null] })).toEqual([]);
  expect(of({ y: [5, 5, 5, null] }).datasets[0]?.y).toEqual([5, 5, 5, 5]);
  expect(() => of({ x: [1], y: [1, 2] })).toThrow(RangeError);
  expect(() => of({ x: [1, Number.NaN] })).toThrow(RangeError);
  expect(() => imputeChained({ x: [1, null] }, { seed: 1, imputations: 0 })).toThrow(RangeError);
  expect(() => imputeChained({ x: [1, null] }, { seed: 1, donors: 1.5 })).toThrow(RangeError);
});

test('models are pooled term by term', () => {
  const model = (estimate: number, df?: number) => ({
    coefficients: [{ term: 'x', estimate, standardError: 1 }],
    n: 24 - estimate,
    ...(df !== undefined && { df }),
  });
  expect(pooledCoefficients([])).toEqual([]);
  expect(pooledCoefficients([model(1, 20), model(3, 20)])[0]?.pooled).toEqual(
    pooledEstimate([1, 3], [1, 1], 20, 0.95, 21),
  );
  expect(pooledCoefficients([model(1, 20), model(3, 20)])[0]?.pooled.estimate.n).toBe(21);
  const other = { n: 24, coefficients: [{ term: 'z', estimate: 1, standardError: 1 }] };
  expect(() => pooledCoefficients([model(1), other])).toThrow(RangeError);
});
