/** Polychoric correlations: closed forms, R's figures, what cannot be said, and what must not matter. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ordinalAlpha } from '../../analysis/omega.ts';
import { polychoricCorrelations } from '../../analysis/polychoric.ts';
import { polychoricLikelihood } from '../../analysis/polychoric-likelihood.ts';
import { cellProbabilities, polychoricOfTable } from '../../analysis/polychoric-table.ts';
import { expectClose, oracleColumns, oracleResults } from '../oracle.ts';

interface Case {
  readonly items: string[];
  readonly ordinal: { readonly lavaan_two_step_listwise: { readonly alpha: number; readonly polychoric: number[][] } };
}
const { lq2002_hostile: hostile } = oracleResults<{ lq2002_hostile: Case }>('03_omega_ordinal.json');
const hostility = oracleColumns('lq2002.csv', hostile.items);
const codes = (notes: readonly { code: string }[]) => notes.map(({ code }) => code);

const scale = fc
  .array(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 4, maxLength: 4 }), { minLength: 25, maxLength: 40 })
  .map((rows) => [0, 1, 2, 3].map((item) => rows.map((row, person) => (row[item] ?? 0) + (person % 5))));

describe('polychoric correlations', () => {
  it('agree with lavaan', () => {
    const { correlations } = polychoricCorrelations(hostility);
    const { polychoric, alpha } = hostile.ordinal.lavaan_two_step_listwise;
    correlations.flat().forEach((value, i) => {
      expectClose(value, polychoric.flat()[i] ?? 0, 1e-7);
    });
    expectClose(ordinalAlpha(correlations), alpha, 1e-7);
  });

  it('of two median splits are the sine of the surplus (Sheppard)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 48 }), (same) => {
        const rho = polychoricOfTable(
          [
            [same, 50 - same],
            [50 - same, same],
          ],
          [0],
          [0],
        );
        expect(rho).toBeCloseTo(Math.sin((Math.PI / 2) * (same / 25 - 1)), 9);
      }),
      { seed: 32, numRuns: 47 },
    );
  });

  it('do not depend on the numbers of the categories, and turn with their order', () => {
    fc.assert(
      fc.property(scale, (columns) => {
        const [a = [], b = []] = columns;
        const value = polychoricCorrelations([a, b]).correlations[0]?.[1] ?? 0;
        expect(polychoricCorrelations([a.map((x) => x ** 3), b]).correlations[0]?.[1]).toBeCloseTo(value, 9);
        expect(polychoricCorrelations([a.map((x) => -x), b]).correlations[0]?.[1]).toBeCloseTo(-value, 8);
      }),
      { seed: 33, numRuns: 25 },
    );
  });

  it('come from cells that sum to one', () => {
    const cells = cellProbabilities(0.6, [-1, 0, 1.5], [-0.5, 0.5]).flat();
    expect(cells.every((value) => value > 0)).toBe(true);
    expect(cells.reduce((total, value) => total + value, 0)).toBeCloseTo(1, 14);
  });

  it('say what cannot be said or must be doubted', () => {
    const constant = polychoricCorrelations([
      [1, 2, 1, 2],
      [3, 3, 3, 3],
    ]);
    expect(constant.correlations[0]?.[1]).toBeNaN();
    expect(codes(constant.notes)).toContain('constant-item');
    expect(polychoricCorrelations([[], []]).correlations[0]?.[1]).toBeNaN();
    expect(
      polychoricCorrelations(
        [
          [null, 1],
          [1, null],
        ],
        { use: 'pairwise' },
      ).correlations[0]?.[1],
    ).toBeNaN();
    const separated = polychoricCorrelations([
      [1, 1, 2, 2],
      [1, 1, 2, 2],
    ]);
    expect(codes(separated.notes)).toEqual(['empty-cells', 'at-bound']);
    expect(
      polychoricOfTable(
        [
          [10, 5],
          [0, 9],
        ],
        [0],
        [0],
      ),
    ).toBeLessThan(0.99);
    expect(() =>
      polychoricCorrelations(
        [
          [1, 2],
          [1, 2],
        ],
        { emptyCells: 0.5 },
      ),
    ).toThrow(RangeError);
    expect(() =>
      polychoricOfTable(
        [
          [1, 2],
          [3, 4],
        ],
        [0, 1],
        [0],
      ),
    ).toThrow(RangeError);
    expect(() => polychoricCorrelations([[1], [1, 2]])).toThrow(RangeError);
  });
});

describe('one polychoric correlation by full likelihood', () => {
  const [first = [], second = []] = oracleColumns('lq2002.csv', ['LEAD01', 'LEAD02']);
  const table = [1, 2, 3, 4, 5].map((a) =>
    [1, 2, 3, 4, 5].map((b) => first.filter((value, person) => value === a && second[person] === b).length),
  );

  it('is at the top of the likelihood of R polycor 0.8-1, searched by BFGS', () => {
    const { correlation, standardError, rowThresholds } = polychoricLikelihood(table);
    expectClose(correlation.value, 0.677914078299, 1e-7);
    expectClose(rowThresholds[0], -1.223255693356, 1e-7);
    expectClose(standardError, 0.01416, 1e-3);
    const twoStep = polychoricLikelihood(table, { twoStep: true });
    expectClose(twoStep.correlation.value, polychoricCorrelations([first, second]).correlations[0]?.[1] ?? 0, 1e-12);
    expect(correlation.interval?.upper).toBeLessThan(1);
  });

  it('says when there is none', () => {
    expect(codes(polychoricLikelihood([[3, 4]]).correlation.notes)).toEqual(['one-category']);
    expect(codes(polychoricLikelihood([]).correlation.notes)).toEqual(['one-category']);
    const apart = polychoricLikelihood([
      [9, 0],
      [0, 9],
    ]);
    expect(codes(apart.correlation.notes)).toEqual(['at-bound']);
    expect(apart.standardError).toBeNull();
  });
});
