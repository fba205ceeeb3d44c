/** Omega and polychoric correlations: closed forms, R's figures, what cannot be said, and what must not matter. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Columns } from '../../analysis/covariance.ts';
import { omegaHierarchical, omegaTotal, ordinalAlpha, ordinalOmega } from '../../analysis/omega.ts';
import { omegaWithGaps } from '../../analysis/omega-gaps.ts';
import { omegaOrdinal } from '../../analysis/omega-ordinal.ts';
import { ordinalFactor } from '../../analysis/ordinal-factor.ts';
import { polychoricErrors } from '../../analysis/polychoric-errors.ts';
import { cronbachAlpha } from '../../analysis/reliability.ts';
import { expectClose, oracleColumns, oracleResults } from '../oracle.ts';

interface Case {
  readonly items: string[];
  readonly omega_cfa_ml_listwise: { readonly omega_total_model: number; readonly AVE: number };
  readonly wlsmv: { readonly omega_green_yang: number; readonly chisq_scaled: number; readonly se: number[] };
  readonly ordinal: { readonly lavaan_two_step_listwise: { readonly alpha: number; readonly polychoric: number[][] } };
}
const { lq2002_hostile: hostile } = oracleResults<{ lq2002_hostile: Case }>('03_omega_ordinal.json');
const hostility = oracleColumns('lq2002.csv', hostile.items);
const codes = (notes: readonly { code: string }[]) => notes.map(({ code }) => code);

const scale = fc
  .array(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 4, maxLength: 4 }), { minLength: 25, maxLength: 40 })
  .map((rows) => [0, 1, 2, 3].map((item) => rows.map((row, person) => (row[item] ?? 0) + (person % 5))));

describe('omega total', () => {
  it('agrees with lavaan', () => {
    const found = omegaTotal(hostility);
    expectClose(found.omega.value, hostile.omega_cfa_ml_listwise.omega_total_model, 1e-6);
    expectClose(found.averageVarianceExtracted, hostile.omega_cfa_ml_listwise.AVE, 1e-6);
    expectClose(omegaWithGaps(hostility).value, found.omega.value ?? 0, 1e-7);
  });

  it('is alpha when loadings and errors are equal', () => {
    const person = [1, 2, 3, 4, 5, 6, 7, 8];
    const noise = [
      [1, -1, 1, -1, -1, 1, -1, 1],
      [1, 1, -1, -1, -1, -1, 1, 1],
      [1, -1, -1, 1, 1, -1, -1, 1],
    ];
    const columns = noise.map((part) => person.map((value, i) => value + (part[i] ?? 0)));
    expectClose(omegaTotal(columns).omega.value, cronbachAlpha(columns).alpha.value ?? 0, 1e-7);
  });

  it('does not depend on the order of rows and items; standardised, nor on units', () => {
    fc.assert(
      fc.property(scale, (columns) => {
        const found = omegaTotal(columns);
        if (found.omega.value === null || found.omega.notes.length > 0) return;
        const moved = [...columns].reverse().map((column) => [...column].reverse());
        expectClose(omegaTotal(moved).omega.value, found.omega.value, 1e-6);
        const stretched = columns.map((column, i) => column.map((value) => value * (i + 1) - 7));
        expectClose(omegaTotal(stretched).omegaStandardised.value, found.omegaStandardised.value ?? 0, 1e-6);
      }),
      { seed: 31, numRuns: 40 },
    );
  });

  it('says why there is no value', () => {
    const refusal = (columns: Columns) => codes(omegaTotal(columns).omega.notes);
    expect(
      refusal([
        [1, 2, 3],
        [2, 1, 3],
      ]),
    ).toEqual(['too-few-items']);
    expect(refusal([[], [], []])).toEqual(['too-few-rows']);
    expect(refusal([[1], [2], [3]])).toEqual(['too-few-rows']);
    expect(
      refusal([
        [null, 1],
        [1, null],
        [1, 2],
      ]),
    ).toEqual(['too-few-rows']);
    expect(
      refusal([
        [1, 2, 3],
        [2, 1, 3],
        [4, 4, 4],
      ]),
    ).toEqual(['no-variance']);
    expect(
      refusal([
        [1, 2, 3, 4],
        [2, 1, 4, 3],
        [2, 4, 6, 8],
      ]),
    ).toEqual(['collinear-items']);
    expect(
      omegaTotal([
        [1, 2, 3],
        [2, 1, 3],
      ]).loadings,
    ).toBeNull();
    expect(() => omegaTotal([[1, 2]])).toThrow(RangeError);
    expect(() => omegaTotal([[1, 2], [1]])).toThrow(RangeError);
    expect(
      codes(
        omegaWithGaps([
          [1, 2, 3],
          [2, 1, 3],
        ]).notes,
      ),
    ).toEqual(['too-few-items']);
    expect(
      omegaWithGaps([
        [null, null],
        [null, null],
        [null, null],
      ]).value,
    ).toBeNull();
    expect(() => omegaWithGaps([[1]])).toThrow(RangeError);
  });

  it('says what to doubt: gaps, items the other way round, Heywood cases', () => {
    const [first = [], ...others] = hostility;
    const turned = [first.map((value) => (value === null ? null : -value)), ...others];
    expect(codes(omegaTotal(turned).omega.notes)).toContain('negative-loading');
    expect(codes(omegaTotal([[null, ...first.slice(1)], ...others]).omega.notes)).toEqual(['listwise']);
    const heywood = [
      [1, 2, 3, 4, 5, 6],
      [1, 3, 2, 4, 6, 5],
      [2, 1, 3, 5, 4, 6],
    ];
    expect(codes(omegaTotal(heywood).omega.notes)).toContain('heywood');
  });
});

describe('omega hierarchical', () => {
  const general = [0.7, 0.6, 0.5, 0.7, 0.6, 0.5, 0.7, 0.6, 0.5];
  const rest = 0.4;
  const r = general.map((a, i) =>
    general.map((b, j) =>
      i === j ? 1 : a * b + (Math.floor(i / 3) === Math.floor(j / 3) ? (rest * rest * a * b) / 0.36 : 0),
    ),
  );

  it('tells a general factor from groups that it was mixed with', () => {
    const found = omegaHierarchical(r, 3);
    const variance = r.flat().reduce((total, value) => total + value, 0);
    expect(found.hierarchical).toBeCloseTo(general.reduce((total, value) => total + value, 0) ** 2 / variance, 5);
    expect(found.hierarchical).toBeLessThan(found.total);
    expect(found.asymptotic).toBeCloseTo(found.hierarchical / found.total, 12);
  });

  it('turns items that go against the general factor and says so', () => {
    const turned = r.map((row, i) => row.map((value, j) => ((i === 0) === (j === 0) ? value : -value)));
    const found = omegaHierarchical(turned, 3);
    expect(codes(found.notes)).toContain('flipped-item');
    expect(found.hierarchical).toBeCloseTo(omegaHierarchical(r, 3).hierarchical, 6);
  });

  it('is refused for gaps and too many groups', () => {
    expect(() =>
      omegaHierarchical(
        [
          [1, Number.NaN],
          [Number.NaN, 1],
        ],
        1,
      ),
    ).toThrow(RangeError);
    expect(() =>
      omegaHierarchical(
        [
          [1, 0.5],
          [0.5, 1],
        ],
        3,
      ),
    ).toThrow(RangeError);
    expect(ordinalAlpha([[1]])).toBeNaN();
    expect(() =>
      ordinalOmega([
        [1, Number.NaN],
        [Number.NaN, 1],
      ]),
    ).toThrow(RangeError);
  });
});

describe('one factor of ordered answers', () => {
  it('agrees with lavaan and semTools', () => {
    const { ofAnswers, factor } = omegaOrdinal(hostility);
    expectClose(ofAnswers.value, hostile.wlsmv.omega_green_yang, 1e-6);
    expectClose(factor?.scaled.chiSquare, hostile.wlsmv.chisq_scaled, 1e-6);
    expectClose(factor?.standardErrors[0], hostile.wlsmv.se[0] ?? 0, 1e-5);
  });

  it('needs three items that vary, and says when loadings are not determined', () => {
    expect(
      codes(
        omegaOrdinal([
          [1, 2],
          [2, 1],
        ]).ofAnswers.notes,
      ),
    ).toEqual(['too-few-items']);
    expect(
      codes(
        omegaOrdinal([
          [1, 2, 1],
          [2, 1, 2],
          [3, 3, 3],
        ]).ofAnswers.notes,
      ),
    ).toEqual(['constant-item']);
    expect(codes(omegaOrdinal([[], [], []]).ofAnswers.notes)).toEqual(['constant-item']);
    expect(() =>
      ordinalFactor([
        [1, 2],
        [1, 2],
      ]),
    ).toThrow(RangeError);
    expect(() =>
      polychoricErrors([
        [1, 1],
        [1, 2],
      ]),
    ).toThrow(RangeError);
    const unrelated = [
      [1, 1, 1, 1, 2, 2, 2, 2],
      [1, 1, 2, 2, 1, 1, 2, 2],
      [1, 2, 1, 2, 1, 2, 1, 2],
    ];
    const { factor } = ordinalFactor(unrelated);
    expect(factor?.standardErrors.every((error) => error === null || Number.isFinite(error))).toBe(true);
  });
});
