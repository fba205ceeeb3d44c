/** Measures before anything is made of them: R's figures on real data, the gate worked by hand, and what data cannot say. */
import { expect, test } from 'vitest';
import { gateOf, judgeScale, judgeSchool } from '../../../analysis/evaluation/gate.ts';
import { measureOf } from '../../../analysis/evaluation/measure.ts';
import { omegaTotal } from '../../../analysis/omega.ts';
import { omegaStandardError, omegaWithInterval } from '../../../analysis/omega-interval.ts';
import type { AdministrationReportInput } from '../../../analysis/report.ts';
import type { Scale } from '../../../instruments/instrument.ts';
import { usualGate } from '../../../instruments/study.ts';
import { expectClose, oracleColumns, oracleResults } from '../../oracle.ts';
import { codebook, trust, world } from '../report-world.ts';

interface OmegaCase {
  readonly items: string[];
  readonly n: number;
  readonly omega: number;
  readonly se: number;
  readonly lower: number;
  readonly upper: number;
}
const oracle = oracleResults<{
  readonly omega: Record<'lead' | 'hostile' | 'agreeable', OmegaCase>;
  readonly lead: {
    readonly items: string[];
    readonly alpha: number;
    readonly alpha_interval: [number, number];
    readonly eigenvalues: number[];
    readonly icc1: number;
    readonly icc2: number;
    readonly rwgj_quartiles: number[];
    readonly groups: number;
    readonly sizes: Record<'least' | 'median' | 'most' | 'mean', number>;
    readonly fit: Record<'chisq' | 'chisq_scaled' | 'df' | 'cfi' | 'tli' | 'rmsea' | 'srmr', number>;
  };
}>('reports/19_measures.json');

test.each(Object.entries(oracle.omega))('omega of %s has the error and interval of lavaan', (name, one) => {
  const factor = omegaTotal(oracleColumns(name === 'agreeable' ? 'bfi.csv' : 'lq2002.csv', one.items));
  const found = omegaWithInterval(factor);
  expect(found.n).toBe(one.n);
  expectClose(found.value, one.omega, 1e-6);
  expectClose(omegaStandardError(factor.loadings ?? [], factor.residualVariances ?? [], one.n), one.se, 1e-5);
  expectClose(found.interval?.lower, one.lower, 1e-6);
  expectClose(found.interval?.upper, one.upper, 1e-6);
});

test('omega without room for error, or without an omega, has no interval and says why', () => {
  const omega = { value: 0.8, n: 50, interval: null, method: '', notes: [] };
  const found = omegaWithInterval({ omega, loadings: [1, 1, 1], residualVariances: [1, 1, 0] });
  expect(found).toMatchObject({ value: 0.8, interval: null, notes: [{ code: 'no-information' }] });
  expect(
    omegaWithInterval(
      omegaTotal([
        [1, 2],
        [2, 1],
        [1, 1],
      ]),
    ),
  ).toMatchObject({ value: null, interval: null });
});

/** The soldiers of lq2002 as staff of schools, with eleven items of one scale. */
function soldiers(): AdministrationReportInput {
  const columns = oracleColumns('lq2002.csv', oracle.lead.items);
  const [groups = []] = oracleColumns('lq2002.csv', ['COMPID']);
  const base = world([]);
  const variable = codebook.variables[1];
  if (!variable) throw new Error('the small codebook has a scale item');
  const scale: Scale = {
    ...trust,
    items: oracle.lead.items.map((name) => ({ name, reversed: false })),
    minimumAnswered: 11,
  };
  return {
    ...base,
    codebook: { ...codebook, variables: oracle.lead.items.map((name) => ({ ...variable, name })) },
    scales: [scale],
    rows: groups.map((group, person) => {
      const values = columns.map((column) => column[person] ?? null);
      const mean = values.reduce<number>((total, value) => total + (value ?? 0), 0) / values.length;
      return { school: String(group), cluster: null, arm: 'i', values, scores: [mean] };
    }),
  };
}

test('every figure of a scale agrees with R on 2,042 people in 49 groups', () => {
  const found = measureOf(soldiers(), 0, usualGate);
  const { lead } = oracle;
  expectClose(found.alpha.value, lead.alpha, 1e-10);
  expectClose(found.alpha.interval?.lower, lead.alpha_interval[0], 1e-10);
  expectClose(found.alpha.interval?.upper, lead.alpha_interval[1], 1e-10);
  lead.eigenvalues.forEach((value, place) => {
    expectClose(found.eigenvalues[place], value, 1e-10);
  });
  expectClose(found.icc1.value, lead.icc1, 1e-9);
  expectClose(found.icc2.value, lead.icc2, 1e-9);
  expectClose(found.rwgJ.lower, lead.rwgj_quartiles[0] ?? 0, 1e-10);
  expectClose(found.rwgJ.median, lead.rwgj_quartiles[1] ?? 0, 1e-10);
  expectClose(found.rwgJ.upper, lead.rwgj_quartiles[2] ?? 0, 1e-10);
  const { mean, ...sizes } = found.sizes;
  expect(sizes).toEqual({
    schools: lead.groups,
    least: lead.sizes.least,
    median: lead.sizes.median,
    most: lead.sizes.most,
  });
  expectClose(mean, lead.sizes.mean, 1e-14);
  expect(found.fit?.degreesOfFreedom).toBe(lead.fit.df);
  for (const [own, theirs] of [
    [found.fit?.chiSquare, lead.fit.chisq],
    [found.fit?.scaled, lead.fit.chisq_scaled],
    [found.fit?.cfi, lead.fit.cfi],
    [found.fit?.tli, lead.fit.tli],
    [found.fit?.rmsea.value, lead.fit.rmsea],
    [found.fit?.srmr, lead.fit.srmr],
  ] as const) {
    expectClose(own, theirs, 1e-5);
  }
  // RMSEA is of the chi-square that stands beside it: the root of (2593.5 - 44) / (44 × 2042), and not of the scaled one.
  expectClose(found.fit?.rmsea.value, Math.sqrt(((found.fit?.chiSquare ?? 0) - 44) / (44 * 2042)), 1e-10);
  // R's ICC(1) of 0.089, ICC(2) of 0.80 and median rwg(j) are all above 0.05, 0.7 and 0.7.
  expect(lead.rwgj_quartiles[1]).toBeGreaterThan(0.7);
  expect(found.verdict).toEqual({ passed: true, reasons: [], told: [] });
});

test('the gate of a study decides, and says what was not reached', () => {
  const strict = { icc1: 0.2, icc2: 0.7, rwgJ: 0.95, minimumGroup: 10 };
  const verdict = measureOf(soldiers(), 0, strict).verdict;
  expect(verdict.passed).toBe(false);
  expect(verdict.reasons.map((reason) => reason.split(' is ')[0])).toEqual(['ICC(1)', 'rwg(j)']);
  expect(gateOf({})).toBe(usualGate);
  expect(gateOf({ gate: strict })).toBe(strict);
});

test('a school needs the scale, enough people and agreement of its own', () => {
  const passed = judgeScale(usualGate, { icc1: 0.05, icc2: 0.7, rwgJ: 0.7, schools: 9 });
  expect(passed).toEqual({ passed: true, reasons: [], told: [] });
  expect(judgeSchool(usualGate, passed, 5, 0.7).passed).toBe(true);
  expect(judgeSchool(usualGate, passed, 4, 0.69).reasons).toHaveLength(2);
  const few = judgeScale(usualGate, { icc1: -0.01, icc2: null, rwgJ: 0.9, schools: 9 });
  expect(judgeSchool(usualGate, few, 9, 0.9).reasons).toEqual(['ICC(1) is -0.01, below 0.05', 'ICC(2) is not known']);
});

test('without answers nothing is known, and the gate is not passed', () => {
  const found = measureOf(world([]), 0, usualGate);
  expect(found).toMatchObject({
    n: 0,
    eigenvalues: [],
    fit: null,
    sizes: { schools: 0, least: null },
    rwgJ: { schools: 0, median: null },
  });
  expect(found.verdict.reasons).toEqual(['ICC(1) is not known', 'ICC(2) is not known', 'rwg(j) is not known']);
});
