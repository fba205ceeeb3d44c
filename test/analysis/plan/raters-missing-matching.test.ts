/** Declared analyses of raters, gaps, matching and careless answers give the figures of their oracles. */
import { describe, expect, it } from 'vitest';
import { matchNearest } from '../../../analysis/matching.ts';
import { datasetOf } from '../../../analysis/plan/dataset.ts';
import { expectClose, oracleResults } from '../../oracle.ts';
import { ask, estimateOf, oracleData, rowOf } from './ask.ts';

type Figures = Record<string, number>;

const close = (actual: unknown, expected: number | undefined, tolerance = 1e-8) => {
  expectClose(typeof actual === 'number' ? actual : null, expected ?? Number.NaN, tolerance, String(actual));
};

describe('raters, against R', () => {
  const results = oracleResults<{
    cohen: Record<string, { table: number[][]; unweighted: Figures; quadratic: Figures }>;
    krippendorff: { canonical: { raters_by_units: (number | null)[][]; alpha: Figures } };
    rater_icc: {
      shrout_fleiss: { ratings: number[][]; psych_ICC: { icc: number }[]; kendall_W: Figures };
    };
    fleiss: { diagnoses: { fleiss: number; conger_exact: number; light_mean_pairwise: number } };
  }>('13_agreement_raters.json');

  it('two raters', () => {
    const { table, unweighted, quadratic } = results.cohen.sexual_fun ?? { table: [] };
    const pairs = table.flatMap((line, a) => line.flatMap((n, b) => Array.from({ length: n }, () => [a, b])));
    const data = datasetOf({ a: pairs.map(([a]) => a ?? null), b: pairs.map(([, b]) => b ?? null) });
    const plain = ask(data, 'cohen-kappa', { raters: ['a', 'b'] });
    close(estimateOf(plain, 'kappa').value, unweighted?.kappa);
    close(rowOf(plain, 'test', 'Standard error')[1], unweighted?.ase);
    const weighted = ask(data, 'cohen-kappa', { raters: ['a', 'b'], weights: 'quadratic' });
    close(estimateOf(weighted, 'kappa').value, quadratic?.kappa);
    const one = ask(datasetOf({ a: [1, 1], b: [1, 1] }), 'cohen-kappa', { raters: ['a', 'b'] });
    expect(one.notes?.map(({ code }) => code)).toEqual(['too-few-categories']);
  });

  it('several raters, with gaps and on scales', () => {
    const diagnoses = oracleData('irr_diagnoses');
    const several = ask(diagnoses, 'fleiss-kappa', { raters: diagnoses.names });
    close(estimateOf(several, 'fleiss').value, results.fleiss.diagnoses.fleiss);
    close(estimateOf(several, 'conger').value, results.fleiss.diagnoses.conger_exact);
    close(estimateOf(several, 'light').value, results.fleiss.diagnoses.light_mean_pairwise);
    const { raters_by_units, alpha } = results.krippendorff.canonical;
    const units = datasetOf(Object.fromEntries(raters_by_units.map((ratings, rater) => [`r${rater}`, ratings])));
    const found = ask(units, 'krippendorff-alpha', { raters: [...units.names], scales: Object.keys(alpha) });
    for (const [scale, value] of Object.entries(alpha)) close(estimateOf(found, scale).value, value);
    const { ratings, psych_ICC, kendall_W } = results.rater_icc.shrout_fleiss;
    const columns = ['a', 'b', 'c', 'd'].map((name, rater) => [name, ratings.map((row) => row[rater] ?? null)]);
    const icc = ask(datasetOf(Object.fromEntries(columns)), 'rater-reliability', { raters: ['a', 'b', 'c', 'd'] });
    close(estimateOf(icc, 'one-way-single').value, psych_ICC[0]?.icc);
    close(estimateOf(icc, 'agreement-single').value, psych_ICC[1]?.icc);
    close(estimateOf(icc, 'kendall-w').value, kendall_W.W);
  });
});

describe('gaps, against R', () => {
  const { little, attrition } = oracleResults<{
    little: Record<string, { vars: string[]; patterns: number; loglik: number; em_mean: number[] }>;
    attrition: { by_arm: Figures; chisq: Figures };
  }>('15_missing.json');

  it('of columns', () => {
    const { vars = [], patterns, loglik, em_mean } = little.airquality ?? {};
    const air = oracleData('airquality');
    const test = ask(air, 'little-test', { columns: vars });
    expect(test.tables.find(({ id }) => id === 'x-patterns')?.rows).toHaveLength(patterns ?? 0);
    expect(rowOf(test, 'patterns', 'Ozone')[1]).toBe(35);
    expect(rowOf(test, 'test', 'Degrees of freedom')[1]).toBe(14);
    const moments = ask(air, 'likelihood-moments', { columns: vars });
    close(rowOf(moments, 'fit', 'Log-likelihood')[1], loglik);
    close(rowOf(moments, 'moments', 'Ozone')[1], em_mean?.[0], 1e-6);
  });

  it('of people lost by arm', () => {
    const found = ask(oracleData('sim_trial'), 'attrition', { outcome: 'post', group: 'treat', compare: [1, 0] });
    close(estimateOf(found, 'first').value, attrition.by_arm.t1);
    close(estimateOf(found, 'differential').value, attrition.by_arm.differential);
    close(rowOf(found, 'test', 'p')[1], attrition.chisq.p);
  });
});

describe('matching, against R', () => {
  const results =
    oracleResults<Record<string, { n_matched_control: number; caliper_absolute: number }>>('11_matching_did.json');
  const options = {
    group: 'treat',
    compare: [1, 0],
    covariates: ['age', 'educ', 'race', 'married', 'nodegree', 're74', 're75'],
  };
  const lalonde = oracleData('lalonde');

  it('matches as many, with and without a caliper', () => {
    const plain = ask(lalonde, 'matching', options);
    expect(rowOf(plain, 'units', 'Controls')[2]).toBe(results.lalonde_1to1?.n_matched_control);
    const near = ask(lalonde, 'matching', { ...options, caliper: 0.2 });
    expect(rowOf(near, 'units', 'Controls')[2]).toBe(results.lalonde_1to1_caliper02?.n_matched_control);
    const again = ask(lalonde, 'matching', { ...options, replace: true });
    expect(rowOf(again, 'units', 'Controls')[2]).toBe(results.lalonde_replace?.n_matched_control);
  });

  it('gives the effect on the matched, and refuses to match exactly on what is no covariate', () => {
    const found = ask(lalonde, 'matching', { ...options, effect: { before: 're75', after: 're78' } });
    expect(rowOf(found, 'effect', 'treated:after')).toHaveLength(7);
    expect(rowOf(found, 'effect-clusters', 'Matches')[1]).toBe(results.lalonde_1to1?.n_matched_control);
    expect(() => ask(lalonde, 'matching', { ...options, exact: ['re78'] })).toThrow('analyses[0].options.exact[0]');
  });

  it('says how many of the matched have no outcome, and how many matches that breaks', () => {
    const columns = Object.fromEntries(options.covariates.map((name) => [name, lalonde.column(name)]));
    const { matching } = matchNearest(lalonde.numeric('treat'), columns);
    const unitsOf = (pair: number) =>
      [...(matching?.pairs ?? []).keys()].filter((row) => matching?.pairs[row] === pair);
    // Of the first match both outcomes are taken away, of the next two one each.
    const pairs = [...new Set(matching?.pairs.filter((pair) => pair !== null))];
    const without = [...unitsOf(pairs[0] ?? -1), unitsOf(pairs[1] ?? -1)[0], unitsOf(pairs[2] ?? -1)[1]];
    expect(new Set(without).size).toBe(4);
    const re78 = lalonde.numeric('re78').map((each, row) => (without.includes(row) ? null : each));
    const names = ['treat', 're75', ...options.covariates];
    const data = datasetOf({ ...Object.fromEntries(names.map((name) => [name, [...lalonde.column(name)]])), re78 });
    const found = ask(data, 'matching', { ...options, effect: { before: 're75', after: 're78' } });
    const units = 2 * Number(results.lalonde_1to1?.n_matched_control);
    expect(estimateOf(found, 'effect').n).toBe(units - 4);
    expect(found.notes?.filter(({ code }) => code.startsWith('match')).map(({ text }) => text)).toEqual([
      `4 of ${units} matched units have no re75 or no re78 and are not in the effect.`,
      '3 matches are no longer whole: of 1 nobody is left, 2 stay in part, and the balance is that of all matched units.',
    ]);
    const whole = ask(lalonde, 'matching', { ...options, effect: { before: 're75', after: 're78' } });
    expect(estimateOf(whole, 'effect').n).toBe(units);
    expect(whole.notes ?? []).toEqual([]);
  });
});

it('careless answers are listed by the row of the file', () => {
  // The third person gave one answer throughout, the seventh goes against all others.
  const a = [1, 2, 3, 4, 5, 2, 1, 4];
  const b = [1, 2, 3, 4, 5, 1, 5, 5];
  const c = [2, 2, 3, 5, 5, 2, 1, 4];
  const found = ask(datasetOf({ a, b, c }), 'careless-answers', { items: ['a', 'b', 'c'], list: 1 });
  expect(rowOf(found, 'figures', 'Longest string')).toEqual(['Longest string', 8, expect.any(Number), 1, 1, 2, 3, 3]);
  expect(found.tables.find(({ id }) => id === 'x-rows')?.rows[0]?.[0]).toBe(8);
  const scales = [{ items: ['a', 'b'], reversed: ['b'] }];
  expect(() => ask(datasetOf({ a, b, c }), 'careless-answers', { items: ['a', 'b'], scales })).toThrow('options.range');
});
