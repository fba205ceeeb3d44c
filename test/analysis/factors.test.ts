/** Factors, their number, rotation and fit: known answers, R's figures, what cannot be said, and what must not matter. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Columns,
  completeRows,
  correlationMatrix,
  covarianceMatrix,
  pairwiseCorrelations,
} from '../../analysis/covariance.ts';
import {
  maximumLikelihood,
  minimumResidual,
  principalAxis,
  principalComponents,
} from '../../analysis/factors/extraction.ts';
import { averagePartials, samplingAdequacy, sphericityTest } from '../../analysis/factors/factorability.ts';
import { factorFit } from '../../analysis/factors/fit.ts';
import { identity, smoothed, squaredMultipleCorrelations } from '../../analysis/factors/loadings.ts';
import { exceeding, randomEigenvalues } from '../../analysis/factors/parallel-analysis.ts';
import { arranged, oblimin, promax } from '../../analysis/factors/rotation.ts';
import { schmidLeiman } from '../../analysis/factors/schmid-leiman.ts';
import { varimax } from '../../analysis/factors/varimax.ts';
import { symmetricEigenvalues } from '../../analysis/numeric/eigen.ts';
import { multiply, transpose } from '../../analysis/numeric/matrix.ts';
import { randomOf } from '../../instruments/random.ts';
import { oracleColumns, oracleResults } from '../oracle.ts';

type Matrix = readonly (readonly number[])[];
const codes = (notes: readonly { code: string }[]) => notes.map(({ code }) => code);

function farthest(a: Matrix, b: Matrix): number {
  return Math.max(0, ...a.flatMap((row, i) => row.map((value, j) => Math.abs(value - (b[i]?.[j] ?? Number.NaN)))));
}

/** Correlations that factors with these loadings give. */
function made(loadings: Matrix): number[][] {
  return multiply(loadings, transpose(loadings)).map((row, i) => row.map((value, j) => (i === j ? 1 : value)));
}

const oneFactor = fc
  .array(fc.double({ min: 0.3, max: 0.9, noNaN: true }), { minLength: 4, maxLength: 8 })
  .map((loadings) => loadings.map((value) => [value]));
const correlations = fc
  .array(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 }), {
    minLength: 30,
    maxLength: 30,
  })
  .map((rows) => correlationMatrix(covarianceMatrix(transpose(rows))))
  .filter((r) => (symmetricEigenvalues(r).at(-1) ?? 0) > 0.02);

const items = Array.from({ length: 5 }, (_, i) => `N${i + 1}`);
const answers = completeRows(oracleColumns('bfi.csv', items));
const observed = correlationMatrix(covarianceMatrix(answers));

describe('extraction', () => {
  it('finds the loadings that correlations were made of, by each method', () => {
    fc.assert(
      fc.property(oneFactor, (loadings) => {
        const r = made(loadings);
        expect(farthest(minimumResidual(r, 1).loadings, loadings)).toBeLessThan(1e-6);
        expect(farthest(maximumLikelihood(r, 1).loadings, loadings)).toBeLessThan(1e-5);
        expect(farthest(principalAxis(r, 1, { tolerance: 1e-13 }).loadings, loadings)).toBeLessThan(1e-6);
      }),
      { seed: 21, numRuns: 60 },
    );
  });

  it('does not depend on the order of the items, and turns with an item that is turned', () => {
    fc.assert(
      fc.property(correlations, fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6 }), (r, order) => {
        const first = minimumResidual(r, 1).objective;
        const moved = order.map((i) => order.map((j) => r[i]?.[j] ?? 0));
        const turned = r.map((row, i) => row.map((value, j) => ((i === 0) === (j === 0) ? value : -value)));
        expect(minimumResidual(moved, 1).objective).toBeCloseTo(first, 7);
        expect(minimumResidual(turned, 1).objective).toBeCloseTo(first, 7);
      }),
      { seed: 22, numRuns: 40 },
    );
  });

  it('never fits worse with a factor more', () => {
    fc.assert(
      fc.property(correlations, (r) => {
        const likelihood = [1, 2, 3].map((factors) => maximumLikelihood(r, factors).objective);
        expect(likelihood[1]).toBeLessThanOrEqual((likelihood[0] ?? 0) + 1e-9);
        expect(likelihood[2]).toBeLessThanOrEqual((likelihood[1] ?? 0) + 1e-9);
      }),
      { seed: 23, numRuns: 40 },
    );
  });

  it('stops where psych stops when told to, and within 1e-4 of that otherwise', () => {
    const psych = oracleResults<Record<string, { omega_minres_1f_pairwise: { loadings: number[] } }>>(
      '03_omega_ordinal.json',
    ).bfi_neuro?.omega_minres_1f_pairwise.loadings.map((value) => [value]);
    const r = pairwiseCorrelations(oracleColumns('bfi.csv', items));
    expect(farthest(minimumResidual(r, 1, { reduction: 1e7 * Number.EPSILON }).loadings, psych ?? [])).toBeLessThan(
      1e-9,
    );
    const distance = farthest(minimumResidual(r, 1).loadings, psych ?? []);
    expect(distance).toBeGreaterThan(1e-9);
    expect(distance).toBeLessThan(1e-4);
  });

  it('says when an item is explained to the last, when loadings are arbitrary, and when it did not settle', () => {
    const heywood = [
      [1, 0.9, 0.8],
      [0.9, 1, 0.3],
      [0.8, 0.3, 1],
    ];
    expect(codes(minimumResidual(heywood, 1).notes)).toContain('heywood');
    expect(codes(minimumResidual(observed, 3).notes)).toContain('not-identified');
    expect(codes(principalAxis(observed, 2, { maxIterations: 3 }).notes)).toContain('not-converged');
    expect(codes(minimumResidual(observed, 1).notes)).toEqual([]);
  });

  it('works on a matrix that no data could have, where likelihood is refused', () => {
    const impossible = [
      [1, 0.9, -0.9],
      [0.9, 1, 0.9],
      [-0.9, 0.9, 1],
    ];
    expect(minimumResidual(impossible, 1).loadings).toHaveLength(3);
    expect(() => maximumLikelihood(impossible, 1)).toThrow(RangeError);
    expect((symmetricEigenvalues(smoothed(impossible)).at(-1) ?? -1) > 0).toBe(true);
    expect(squaredMultipleCorrelations(impossible).every((value) => value >= 0 && value <= 1)).toBe(true);
  });

  it('is refused for gaps in the matrix, no factors, or more factors than items', () => {
    expect(() =>
      minimumResidual(
        [
          [1, Number.NaN],
          [Number.NaN, 1],
        ],
        1,
      ),
    ).toThrow(RangeError);
    for (const factors of [0, 1.5, 6]) {
      expect(() => minimumResidual(observed, factors)).toThrow(RangeError);
      expect(() => principalComponents(observed, factors)).toThrow(RangeError);
    }
    expect(() => principalAxis(observed, 1, { maxIterations: 0 })).toThrow(RangeError);
  });
});

describe('rotation', () => {
  const turn = [varimax, promax, oblimin];

  it('leaves what the factors explain', () => {
    fc.assert(
      fc.property(correlations, (r) => {
        const { loadings } = minimumResidual(r, 2);
        const before = multiply(loadings, transpose(loadings));
        for (const rotate of turn) {
          for (const rotated of [rotate(loadings), arranged(rotate(loadings))]) {
            const after = multiply(multiply(rotated.loadings, rotated.correlations), transpose(rotated.loadings));
            expect(farthest(after, before)).toBeLessThan(1e-9);
            expect(farthest(multiply(loadings, rotated.rotation), rotated.loadings)).toBeLessThan(1e-9);
          }
        }
      }),
      { seed: 24, numRuns: 40 },
    );
  });

  it('finds the clusters that loadings were mixed from', () => {
    const simple = [
      [0.8, 0],
      [0.7, 0],
      [0.6, 0],
      [0, 0.7],
      [0, 0.6],
      [0, 0.5],
    ];
    const [cosine, sine] = [Math.cos(0.6), Math.sin(0.6)];
    const mixed = multiply(simple, [
      [cosine, -sine],
      [sine, cosine],
    ]);
    for (const rotate of turn) {
      expect(farthest(arranged(rotate(mixed)).loadings, simple)).toBeLessThan(1e-6);
    }
  });

  it('does nothing to one factor, bears a factor of nothing, and says when it did not settle', () => {
    for (const rotate of turn) expect(rotate([[0.5], [0.6]]).loadings).toEqual([[0.5], [0.6]]);
    const empty = varimax([
      [0.5, 0],
      [0.6, 0],
      [0.7, 0],
    ]);
    expect(empty.loadings.flat().every(Number.isFinite)).toBe(true);
    expect(codes(oblimin(minimumResidual(observed, 2).loadings, { maxIterations: 1 }).notes)).toEqual([
      'rotation-not-converged',
    ]);
  });

  it('leaves general and group loadings that explain the same', () => {
    const r = pairwiseCorrelations(
      oracleColumns('bfi.csv', ['N1', 'N2', 'N3', 'N4', 'N5', 'E1', 'E2', 'E3', 'E4', 'E5']),
    );
    const { general, groups, communalities, groupsOnGeneral } = schmidLeiman(r, 3);
    expect(groupsOnGeneral).toHaveLength(3);
    general.forEach((value, i) => {
      const rest = (groups[i] ?? []).reduce((total, loading) => total + loading * loading, 0);
      expect(value * value + rest).toBeLessThanOrEqual((communalities[i] ?? 0) + 0.2);
    });
    expect(codes(schmidLeiman(r, 2).notes)).toContain('two-groups');
    expect(codes(schmidLeiman(r, 1).notes)).toContain('one-group');
  });
});

describe('the number of factors', () => {
  it('is that of the eigenvalues above random ones, the same for the same seed', () => {
    const drawn = randomEigenvalues(100, 4, { replications: 30, seed: 'a' });
    expect(randomEigenvalues(100, 4, { replications: 30, seed: 'a' })).toEqual(drawn);
    expect(randomEigenvalues(100, 4, { replications: 30, seed: 'b' })).not.toEqual(drawn);
    expect(drawn.means.reduce((total, value) => total + value, 0)).toBeCloseTo(4, 10);
    expect(
      exceeding(symmetricEigenvalues(observed), randomEigenvalues(500, 5, { replications: 20, seed: 1 }).means),
    ).toBe(1);
    expect(exceeding([0.5], [1])).toBe(0);
    expect(exceeding([2, 1.5], [1, 1])).toBe(2);
  });

  it('needs people, items and replications', () => {
    for (const [n, count, replications] of [
      [1, 3, 5],
      [10, 0, 5],
      [10, 3, 0],
    ] as const) {
      expect(() => randomEigenvalues(n, count, { replications, seed: 1 })).toThrow(RangeError);
    }
  });

  it('cannot be asked of items that share nothing or follow from each other', () => {
    const apart = [
      [1, 0],
      [0, 1],
    ];
    const same = [
      [1, 1],
      [1, 1],
    ];
    expect(samplingAdequacy(apart)).toEqual({ overall: null, items: [null, null] });
    expect(samplingAdequacy(same).overall).toBeNull();
    expect(sphericityTest(apart, 50)).toMatchObject({ chiSquare: 0, p: 1, determinant: 1 });
    expect(sphericityTest(same, 50)).toMatchObject({ chiSquare: null, p: null });
    expect(() => averagePartials(apart, 2)).toThrow(RangeError);
  });
});

describe('fit', () => {
  it('has no chi-square without degrees of freedom, and refuses one person', () => {
    const r = observed.slice(0, 3).map((row) => row.slice(0, 3));
    const { loadings } = minimumResidual(r, 1);
    expect(factorFit(r, loadings, [[1]], 100)).toMatchObject({
      degreesOfFreedom: 0,
      p: null,
      rmsea: null,
      tuckerLewis: null,
    });
    const few = minimumResidual(observed, 1).loadings;
    expect(factorFit(observed, few, [[1]], 3)).toMatchObject({
      chiSquare: null,
      rmsea: null,
      notes: [{ code: 'too-few-rows' }],
    });
    expect(() => factorFit(r, loadings, [[1]], 1)).toThrow(RangeError);
    expect(() => factorFit(r, loadings, [[1]], 100, 1)).toThrow(RangeError);
  });
});

describe('items that follow from one another', () => {
  const random = randomOf('collinear');
  const factor = Array.from({ length: 60 }, () => random.normal());
  const items = [0.8, 0.7, 0.6, 0.5].map((loading) =>
    factor.map((value) => loading * value + Math.sqrt(1 - loading ** 2) * random.normal()),
  );
  const [first = [], second = []] = items;
  const sets: Record<string, number[][]> = {
    'a sum of two': [...items, first.map((value, row) => value + (second[row] ?? 0))],
    'a copy': [...items, first],
    'all alike': [first, first, first, first],
    'fewer rows than items': [...items, first.map((value) => value ** 2)].map((column) => column.slice(0, 4)),
  };

  it.each(Object.keys(sets))('%s: residuals, and instead of a chi-square the reason', (name) => {
    const columns = sets[name] ?? [];
    const r = correlationMatrix(covarianceMatrix(columns));
    for (const factors of [1, 2]) {
      for (const extract of [minimumResidual, principalAxis]) {
        const { loadings } = arranged(varimax(extract(r, factors).loadings));
        const fit = factorFit(r, loadings, identity(factors), columns[0]?.length ?? 0);
        expect(fit).toMatchObject({
          objective: null,
          chiSquare: null,
          p: null,
          tuckerLewis: null,
          bic: null,
          rmsea: null,
        });
        expect(fit.notes.map(({ code }) => code)).toEqual(['collinear-items']);
        expect(fit.rootMeanSquareResidual).toBeLessThan(0.5);
      }
    }
  });

  it('correlations that no answers could have are smoothed, which is noted', () => {
    const r = [
      [1, 0.9, 0.2, 0.5],
      [0.9, 1, 0.9, 0.5],
      [0.2, 0.9, 1, 0.5],
      [0.5, 0.5, 0.5, 1],
    ];
    const fit = factorFit(r, minimumResidual(r, 1).loadings, [[1]], 100);
    expect(fit.chiSquare).toBeGreaterThan(0);
    expect(fit.notes.map(({ code }) => code)).toEqual(['smoothed']);
  });
});

describe('correlations of columns with gaps', () => {
  it('are 1 of a column with itself, unknown of a constant, and those of the rows that have both', () => {
    const columns: Columns = [
      [1, 2, 3, 4, null],
      [2, 1, 4, null, 9],
      [5, 5, 5, 5, 5],
    ];
    const r = pairwiseCorrelations(columns);
    const both = correlationMatrix(
      covarianceMatrix([
        [1, 2, 3],
        [2, 1, 4],
      ]),
    );
    expect(r[0]?.[0]).toBe(1);
    expect(r[0]?.[1]).toBeCloseTo(both[0]?.[1] ?? 0, 14);
    expect(r[2]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect(
      pairwiseCorrelations([[null], [null]])
        .flat()
        .every(Number.isNaN),
    ).toBe(true);
    expect(() => pairwiseCorrelations([[1], [1, 2]])).toThrow(RangeError);
  });
});
