/** Comparisons of mixed models, profile intervals and robust errors, asked for through a plan: the figures are R's. */
import { describe, expect, it } from 'vitest';
import { datasetOf } from '../../../analysis/plan/dataset.ts';
import { expectClose, oracleResults } from '../../oracle.ts';
import { ask, estimateOf, oracleData, rowOf } from './ask.ts';

const trial = oracleData('sim_trial');
const score = { outcome: 'score_post', predictors: ['treat', 'score_pre'], levels: ['cluster', 'school'] };
const close = (actual: unknown, expected: number | undefined, tolerance: number) =>
  expectClose(typeof actual === 'number' ? actual : null, expected ?? Number.NaN, tolerance, String(actual));

describe('comparisons of mixed models', () => {
  const { lrt_score } = oracleResults<{
    lrt_score: Record<'cluster_variance' | 'treat', Record<'chisq' | 'p' | 'p_naive' | 'p_half', number>>;
  }>('08_mixed.json');

  it('tests a predictor and the variance of a level as lme4 does', () => {
    const treat = ask(trial, 'mixed-comparison', { ...score, without: { predictors: ['treat'] } });
    close(estimateOf(treat, 'chi-square').value, lrt_score.treat.chisq, 1e-6);
    close(estimateOf(treat, 'p').value, lrt_score.treat.p, 1e-5);
    expect(estimateOf(treat, 'p')).toMatchObject({ n: 1599, notes: [] });
    const clusters = ask(trial, 'mixed-comparison', { ...score, without: { level: 'cluster' } });
    close(estimateOf(clusters, 'chi-square').value, lrt_score.cluster_variance.chisq, 1e-6);
    close(estimateOf(clusters, 'p').value, lrt_score.cluster_variance.p_half, 1e-6);
    close(clusters.tables.find(({ id }) => id === 'x-test')?.rows[0]?.[2], lrt_score.cluster_variance.p_naive, 1e-6);
    expect(estimateOf(clusters, 'p').notes.map(({ code }) => code)).toEqual(['boundary']);
  });

  it('tests the only level against least squares, and a slope with its covariance', () => {
    const one = { ...score, levels: ['cluster'] };
    // R: logLik(lmer(score_post ~ score_pre + treat + (1 | cluster), REML = FALSE)) against logLik(lm(...)), half of p.
    const groups = ask(trial, 'mixed-comparison', { ...one, without: { level: 'cluster' } });
    close(estimateOf(groups, 'chi-square').value, 9.10636939242431, 1e-6);
    close(estimateOf(groups, 'p').value, 0.001273604741359, 1e-6);
    // R: with (scale(score_pre) | cluster) against (1 | cluster); 0.5 * pchisq(x, 1) + 0.5 * pchisq(x, 2), upper tails.
    const slope = ask(trial, 'mixed-comparison', { ...one, slopes: ['score_pre'], without: { slope: 'score_pre' } });
    close(estimateOf(slope, 'p').value, 0.960726102226415, 1e-5);
    close(rowOf(slope, 'models', 'Larger')[2], -5776.80315614969, 1e-9);
    expect(rowOf(slope, 'models', 'Larger')[1]).toBe(7);
  });

  it('compares on the rows of the larger model, and tests a factor as a whole', () => {
    const people = { y: [3, 5, 4, 9, 7, 8, 1, 2, 6, 5, 7, 4], k: [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4] };
    const gaps = people.y.map((_, row) => (row === 4 ? null : (['a', 'b', 'c'][row % 3] ?? null)));
    const options = { outcome: 'y', factors: ['f'], levels: ['k'], without: { predictors: ['f'] } };
    const found = ask(datasetOf({ ...people, f: gaps }), 'mixed-comparison', options);
    expect(estimateOf(found, 'chi-square').n).toBe(11);
    expect(found.tables.find(({ id }) => id === 'x-test')?.rows[0]?.[1]).toBe(2);
    const none = ask(datasetOf({ ...people, f: people.y.map(() => 'a') }), 'mixed-comparison', options);
    expect(none.notes?.map(({ code }) => code)).toContain('nothing-left-out');
  });

  it('refuses by path what is no smaller model', () => {
    const refused = (more: object) => () => ask(trial, 'mixed-comparison', { ...score, ...more });
    expect(refused({ without: {} })).toThrow('options.without');
    expect(refused({ without: { level: 'school', predictors: ['treat'] } })).toThrow('options.without');
    expect(refused({ without: { level: 'pair' } })).toThrow('options.without.level');
    expect(refused({ without: { predictors: ['pre'] } })).toThrow('options.without.predictors[0]');
    expect(refused({ without: { slope: 'treat' } })).toThrow('options.without.slope');
    const withSlope = { levels: ['cluster'], slopes: ['treat'] };
    expect(refused({ ...withSlope, without: { predictors: ['treat'] } })).toThrow('options.without.predictors[0]');
    expect(refused({ ...withSlope, without: { level: 'cluster' } })).toThrow('options.without.level');
    expect(refused({ ...withSlope, levels: score.levels, without: { slope: 'treat' } })).toThrow('options.slopes');
  });
});

describe('more of a mixed model', () => {
  it('gives profile intervals as lme4 does', () => {
    const { sim_post_2level } = oracleResults<{
      sim_post_2level: { ml: { profile_ci95: { par: string; lower: number; upper: number }[] } };
    }>('08_mixed.json');
    const options = { outcome: 'post', predictors: ['treat', 'pre'], levels: ['school'], method: 'ml', profile: true };
    const found = ask(trial, 'mixed-model', options);
    const shown = found.tables.find(({ id }) => id === 'x-profile')?.rows ?? [];
    const expected = sim_post_2level.ml.profile_ci95;
    expect(shown).toHaveLength(expected.length);
    for (const { par, lower, upper } of expected) {
      const name = par.replace('sd_(Intercept)|', '').replace('sigma', 'Residual');
      const row = rowOf(found, 'profile', name);
      close(row[3], lower, 2e-6);
      close(row[4], upper, 2e-6);
    }
  });

  it('gives cluster-robust errors as clubSandwich does, and neither of them with slopes', () => {
    const found = ask(trial, 'mixed-model', { ...score, levels: ['cluster'], robust: 'CR2' });
    const { lmer_cluster } = oracleResults<{
      lmer_cluster: { by_type: { CR2: Record<'se' | 'df' | 'p', number[]> } };
    }>('09_cluster_robust.json');
    const { se, df, p } = lmer_cluster.by_type.CR2;
    for (const [at, term] of ['(Intercept)', 'treat', 'score_pre'].entries()) {
      const row = rowOf(found, 'robust', term);
      close(row[2], se[at], 1e-6);
      close(row[6], df[at], 1e-6);
      close(row[7], p[at], 1e-4);
    }
    const refused = (more: object) => () =>
      ask(trial, 'mixed-model', { ...score, levels: ['cluster'], slopes: ['treat'], ...more });
    expect(refused({ robust: 'CR2' })).toThrow('options.robust');
    expect(refused({ profile: true })).toThrow('options.profile');
    expect(refused({ slopes: [], method: 'ml', robust: 'CR2' })).toThrow('options.robust');
  });

  it('says that two levels of the same groups cannot be told apart', () => {
    const y = [3, 5, 4, 9, 7, 8, 1, 2, 6, 5, 7, 4];
    const k = y.map((_, row) => Math.floor(row / 3));
    const codes = (inner: number[]) =>
      ask(datasetOf({ y, k, inner }), 'mixed-model', { outcome: 'y', levels: ['k', 'inner'] }).notes?.map(
        ({ code }) => code,
      ) ?? [];
    expect(codes(k.map((each) => each + 10))).toContain('same-groups');
    expect(codes(y.map((_, row) => Math.floor(row / 2)))).not.toContain('same-groups');
  });
});
