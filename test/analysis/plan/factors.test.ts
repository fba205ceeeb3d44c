/** The declared analyses of factors and omega give the figures of their oracles, and say when data cannot tell. */
import { describe, expect, it } from 'vitest';
import { datasetOf } from '../../../analysis/plan/dataset.ts';
import { expectClose, oracleResults } from '../../oracle.ts';
import { ask, estimateOf, oracleData, rowOf } from './ask.ts';

interface Reliability {
  readonly items: string[];
  readonly reversed: string[];
  readonly omega_cfa_ml_listwise: { readonly omega_total_model: number; readonly AVE: number };
  readonly omega_cfa_fiml: { readonly omega_total_model: number };
  readonly psych_omega_nf3: { readonly omega_h: number };
  readonly ordinal: { readonly lavaan_two_step_listwise: { readonly alpha: number; readonly polychoric: number[][] } };
  readonly wlsmv: { readonly omega_green_yang: number; readonly cfi_scaled: number };
}
interface Factors {
  readonly items: string[];
  readonly eigenvalues_listwise: number[];
  readonly kmo: { readonly overall: number };
  readonly bartlett: { readonly chisq: number };
  readonly factanal_ml_none: { readonly chisq: number; readonly loadings: number[][] };
  readonly parallel_components_p95: number;
}
const trial = oracleData('sim_trial');
const people = oracleData('bfi');
const { sim_pre: reliability } = oracleResults<{ sim_pre: Reliability }>('03_omega_ordinal.json');
const { bfi25: factors } = oracleResults<{ bfi25: Factors }>('06_efa_parallel.json');
const scale = { items: reliability.items, reversed: reliability.reversed, range: [1, 5] };
const flat = datasetOf({ a: [1, 2, 3, 4], b: [2, 1, 4, 3], c: [5, 5, 5, 5] });

describe('omega, against R', () => {
  it('total, of complete rows and of all', () => {
    const section = ask(trial, 'omega-total', scale);
    expectClose(estimateOf(section, 'omega').value, reliability.omega_cfa_ml_listwise.omega_total_model, 1e-5);
    expectClose(estimateOf(section, 'omega-gaps').value, reliability.omega_cfa_fiml.omega_total_model, 1e-5);
    const [, extracted] = rowOf(section, 'summary', 'Average variance extracted');
    expectClose(Number(extracted), reliability.omega_cfa_ml_listwise.AVE, 1e-5);
    expect(ask(trial, 'omega-total', { ...scale, gaps: false }).estimates).toHaveLength(3);
  });

  it('hierarchical', () => {
    const section = ask(trial, 'omega-hierarchical', { ...scale, missing: 'pairwise' });
    expectClose(estimateOf(section, 'hierarchical').value, reliability.psych_omega_nf3.omega_h, 1e-2);
    expect(rowOf(section, 'loadings', 'pre1')).toHaveLength(6);
  });

  it('of ordered answers', () => {
    const section = ask(trial, 'ordinal-reliability', scale);
    expectClose(estimateOf(section, 'omega-answers').value, reliability.wlsmv.omega_green_yang, 1e-5);
    expectClose(estimateOf(section, 'ordinal-alpha').value, reliability.ordinal.lavaan_two_step_listwise.alpha, 1e-7);
    expectClose(Number(rowOf(section, 'fit', 'CFI, scaled')[1]), reliability.wlsmv.cfi_scaled, 1e-5);
  });

  it('says when the items cannot tell', () => {
    const codes = (analysis: string, options: object) => {
      const section = ask(flat, analysis, options);
      const notes = [
        ...section.tables.flatMap((table) => table.notes),
        ...(section.estimates ?? []).flatMap(({ estimate }) => estimate.notes),
      ];
      return JSON.stringify([section, notes]);
    };
    const items = ['a', 'b', 'c'];
    expect(codes('omega-total', { items })).toContain('no-variance');
    expect(codes('omega-hierarchical', { items, groups: 1 })).toContain('no correlation');
    expect(codes('ordinal-reliability', { items })).toContain('constant-item');
    expect(() => ask(flat, 'omega-hierarchical', { items, groups: 3 })).toThrow('fewer group factors');
  });
});

describe('factors, against R', () => {
  it('their number', () => {
    const section = ask(people, 'number-of-factors', { items: factors.items, seed: 1, replications: 20 });
    expect(rowOf(section, 'suggestions', 'Eigenvalues above the 95th percentile of random ones')[1]).toBe(
      factors.parallel_components_p95,
    );
    factors.eigenvalues_listwise.forEach((value, at) => {
      expectClose(Number(rowOf(section, 'eigenvalues', at + 1)[1]), value, 1e-9);
    });
    expectClose(Number(rowOf(section, 'shared', 'Sampling adequacy (KMO)')[1]), factors.kmo.overall, 1e-9);
    expectClose(Number(rowOf(section, 'shared', 'Bartlett’s chi-square')[1]), factors.bartlett.chisq, 1e-9);
  });

  it('by likelihood, unrotated', () => {
    const options = { items: factors.items, factors: 5, method: 'maximum-likelihood', rotation: 'none' };
    const section = ask(people, 'exploratory-factor-analysis', options);
    expectClose(Number(rowOf(section, 'fit', 'Chi-square')[1]), factors.factanal_ml_none.chisq, 1e-6);
    const [first = []] = factors.factanal_ml_none.loadings;
    const row = rowOf(section, 'loadings', factors.items[0] ?? '');
    first.forEach((value, at) => {
      expect(Math.abs(Number(row[at + 1]) - value)).toBeLessThan(1e-3);
    });
  });

  it('by each method and rotation', () => {
    const items = factors.items.slice(0, 10);
    for (const method of ['minimum-residual', 'maximum-likelihood', 'principal-axis', 'principal-components']) {
      for (const rotation of ['none', 'varimax', 'promax', 'oblimin']) {
        const section = ask(people, 'exploratory-factor-analysis', { items, factors: 2, method, rotation });
        expect(
          rowOf(section, 'loadings', 'A1')
            .slice(1)
            .every((cell) => Number.isFinite(cell)),
        ).toBe(true);
      }
    }
  });

  it('polychoric correlations', () => {
    const section = ask(trial, 'polychoric-correlations', scale);
    const { polychoric } = reliability.ordinal.lavaan_two_step_listwise;
    reliability.items.forEach((item, i) => {
      polychoric[i]?.forEach((value, j) => {
        expectClose(Number(rowOf(section, 'correlations', item)[j + 1]), value, 1e-6);
      });
    });
  });

  it('says when the items cannot tell, and refuses more factors than items', () => {
    const items = ['a', 'b', 'c'];
    for (const [analysis, options] of [
      ['number-of-factors', { items, seed: 1 }],
      ['exploratory-factor-analysis', { items, factors: 1 }],
    ] as const) {
      expect(JSON.stringify(ask(flat, analysis, options))).toContain('no-correlation');
    }
    expect(() => ask(flat, 'exploratory-factor-analysis', { items, factors: 3 })).toThrow('fewer factors');
    const same = datasetOf({ a: [1, 2, 3, 4], b: [1, 2, 3, 4], c: [2, 1, 4, 3] });
    const asked = ask(same, 'exploratory-factor-analysis', { items, factors: 1, method: 'maximum-likelihood' });
    expect(estimateOf(asked, 'explained')).toMatchObject({ value: null, notes: [{ code: 'collinear' }] });
    expect(JSON.stringify(ask(flat, 'polychoric-correlations', { items }))).toContain('constant-item');
  });
});
