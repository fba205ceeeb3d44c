/** Each declared analysis gives the figures of its oracle, so that options reach the statistic as they are meant. */
import { describe, expect, it } from 'vitest';
import { datasetOf } from '../../../analysis/plan/dataset.ts';
import { oracleResults } from '../../oracle.ts';
import { ask, estimateOf, expectAll, oracleData, rowOf } from './ask.ts';

type Figures = Record<string, number>;
type Test = Figures & { readonly ci: number[]; readonly est: number[]; readonly coef: Figures; readonly se: number[] };

const trial = oracleData('sim_trial');
const arms = { group: 'treat', compare: [1, 0] };

const bounds = (estimate: ReturnType<typeof estimateOf>) => [estimate.interval?.lower, estimate.interval?.upper];

describe('comparisons, against R', () => {
  const { tests, p_adjust, descriptives } = oracleResults<{
    tests: Record<string, Test>;
    p_adjust: Record<string, { p: number[]; holm: number[]; BH: number[] }>;
    descriptives: Record<string, Figures & { quantile_type7: number[] }>;
  }>('16_multiplicity_basic.json');

  it('t tests', () => {
    const welch = ask(trial, 't-test', { outcome: 'score_post', ...arms });
    const { t, df, p, ci = [], est = [] }: Partial<Test> = tests.welch ?? {};
    expectAll(bounds(estimateOf(welch, 'difference')), ci);
    expectAll([rowOf(welch, 'test', 't')[1], rowOf(welch, 'test', 'Degrees of freedom')[1]], [t, df]);
    expectAll([rowOf(welch, 'test', 'p, two-sided')[1], rowOf(welch, 'test', 'Mean of 1')[1]], [p, est[0]]);
    const pooled = ask(trial, 't-test', { outcome: 'score_post', ...arms, variances: 'pooled' });
    expectAll([rowOf(pooled, 'test', 't')[1]], [tests.pooled?.t]);
    const paired = ask(trial, 'paired-t-test', { before: 'score_pre', after: 'score_post' });
    expectAll([estimateOf(paired, 'change').value], [tests.paired?.mean_diff]);
    const ranks = ask(trial, 'rank-sum-test', { outcome: 'score_post', ...arms });
    expectAll(
      [rowOf(ranks, 'test', 'W')[1], rowOf(ranks, 'test', 'p, two-sided')[1]],
      [tests.wilcoxon?.W, tests.wilcoxon?.p],
    );
  });

  it('several groups, correlations and tables', () => {
    const schools = oracleData('MathAchieve');
    const anova = ask(schools, 'one-way-anova', { outcome: 'MathAch', group: 'School' });
    const { F, df1, df2, p }: Partial<Test> = tests.anova_oneway ?? {};
    expectAll(rowOf(anova, 'tests', 'F test of means').slice(1), [F, df1, df2, p]);
    const ranks = ask(schools, 'one-way-anova', { outcome: 'MathAch', group: 'Minority' });
    expectAll([rowOf(ranks, 'tests', 'Kruskal-Wallis test of ranks')[1]], [tests.kruskal?.h]);
    const pair = ask(trial, 'correlations', { columns: ['score_pre', 'score_post'] });
    expectAll(
      [estimateOf(pair, 'pair-1').value, rowOf(pair, 'tests', 'score_pre and score_post')[4]],
      [tests.cor_pearson?.r, Number(tests.spearman)],
    );
    const table = ask(trial, 'chi-square-test', { rows: 'phase', columns: 'treat' });
    expectAll(
      [rowOf(table, 'test', 'Chi-square')[1], rowOf(table, 'test', 'Cramér’s V')[1]],
      [tests.chisq?.x2, tests.chisq?.cramers_v],
    );
  });

  it('regressions, with a factor', () => {
    const terms = { predictors: ['treat', 'score_pre'], factors: ['phase'] };
    const linear = ask(trial, 'linear-regression', { outcome: 'score_post', ...terms });
    const coefficients = linear.tables.find(({ id }) => id === 'x-coefficients')?.rows ?? [];
    expectAll(
      coefficients.map((row) => row[1]),
      Object.values(tests.lm?.coef ?? {}),
    );
    expectAll([rowOf(linear, 'fit', 'R²')[1]], [tests.lm?.r2]);
    const logistic = ask(trial, 'logistic-regression', { outcome: 'uptake', ...terms });
    expectAll(
      (logistic.tables.find(({ id }) => id === 'x-coefficients')?.rows ?? []).map((row) => row[2]),
      tests.logistic?.se ?? [],
      1e-6,
    );
  });

  it('a regression with errors for unequal spread', () => {
    // R: sandwich's vcovHC of lm(score_post ~ score_pre + treat), t on its residual degrees of freedom.
    const expected = {
      HC0: [0.462057116941903, 4.09209184301738e-13, 2.47309416340281],
      HC1: [0.462491177269602, 4.29944831947828e-13, 2.47224277513119],
      HC2: [0.462518306951713, 4.31273276069454e-13, 2.47218956157609],
      HC3: [0.4629802846828, 4.54498686854724e-13, 2.47128341467232],
    };
    for (const [errors, figures] of Object.entries(expected)) {
      const options = { outcome: 'score_post', predictors: ['treat', 'score_pre'], errors };
      const found = ask(trial, 'linear-regression', options);
      const [, , se, , p] = rowOf(found, 'coefficients', 'treat');
      expectAll([se, estimateOf(found, 'b1').interval?.lower], [figures[0], figures[2]]);
      expectAll([p], [figures[1]], 1e-6);
    }
    const alone = datasetOf({ y: [1, 2, 4, 3, 9], d: [0, 0, 0, 0, 1] });
    const found = ask(alone, 'linear-regression', { outcome: 'y', predictors: ['d'], errors: 'HC3' });
    expect(found.notes?.map(({ code }) => code)).toEqual(['row-determines']);
    expect(estimateOf(found, 'b1').value).toBeNull();
  });

  it('p values', () => {
    for (const { p, holm, BH } of Object.values(p_adjust)) {
      if (!Array.isArray(p)) continue;
      const rows = ask(trial, 'adjust-p-values', { p }).tables[1]?.rows ?? [];
      expectAll(
        rows.map((row) => row[2]),
        holm,
      );
      expectAll(
        rows.map((row) => row[3]),
        BH,
      );
    }
  });

  it('descriptives of columns', () => {
    const [name = '', figures] = Object.entries(descriptives)[0] ?? [];
    const found = ask(trial, 'descriptives', { columns: [name] });
    const [, n, missing, mean, sd] = rowOf(found, 'columns', name);
    expectAll([n, missing, mean, sd], [figures?.n, figures?.missing, figures?.mean, figures?.sd]);
    expectAll([rowOf(found, 'columns', name)[8]], [figures?.quantile_type7[3]]);
  });
});

describe('groups and scales, against R', () => {
  interface Agreement {
    per_group: { group: string; rwg_j: number; rwg_j_lindell: number; ad_mean: number }[];
  }
  const { icc, agreement } = oracleResults<{ icc: Record<string, Figures>; agreement: Record<string, Agreement> }>(
    '07_icc_rwg.json',
  );

  it('intraclass correlations', () => {
    const found = ask(oracleData('bh1996'), 'group-reliability', { outcome: 'LEAD', group: 'GRP' });
    const { MSB, MSW, n0, n_harmonic } = icc.bh1996_LEAD ?? {};
    const row = (table: string, name: string) => rowOf(found, table, name)[1];
    expectAll([row('anova', 'Mean square between'), row('anova', 'Mean square within')], [MSB, MSW]);
    expectAll([row('sizes', 'n0'), row('sizes', 'Harmonic mean')], [n0, n_harmonic]);
    expect(estimateOf(found, 'icc1').interval?.level).toBe(0.95);
  });

  it('agreement on items of which some are reversed', () => {
    const found = ask(trial, 'group-agreement', {
      items: ['pre1', 'pre2', 'pre3', 'pre4', 'pre5', 'pre6'],
      reversed: ['pre4', 'pre6'],
      range: [1, 5],
      group: 'school',
    });
    const { group = '', rwg_j, rwg_j_lindell, ad_mean } = agreement.sim_pre?.per_group[0] ?? {};
    expectAll(rowOf(found, 'groups', group).slice(2, 5), [rwg_j, rwg_j_lindell, ad_mean]);
  });

  it('the mean of a scale, people first', () => {
    // Oracle 10 has the mean of the pre scale over those who also have the post scale.
    const { paired } = oracleResults<{ paired: Record<string, Figures> }>('10_effect_sizes.json');
    const found = ask(trial, 'standardised-change', { before: 'pre', after: 'post' });
    const { mean_pre, g_z_exact, d_z } = paired.sim_pre_post ?? {};
    expectAll([estimateOf(found, 'gz').value, estimateOf(found, 'dz').value], [g_z_exact, d_z]);
    expectAll([rowOf(found, 'change', 'Mean before')[1]], [mean_pre]);
  });

  it('scores by hand', () => {
    const data = datasetOf({ a: [1, 5, null], b: [5, 4, 3] });
    const found = ask(data, 'scale-scores', { items: ['a', 'b'], reversed: ['b'], range: [1, 5], least: 1 });
    // b turned is 1, 2, 3: people's means are 1, 3.5 and 3.
    expect(estimateOf(found, 'people-first').value).toBeCloseTo(2.5, 14);
    expect(estimateOf(found, 'items-first').value).toBeCloseTo((3 + 2) / 2, 14);
  });
});

describe('effect sizes, against R', () => {
  const { independent, clustered, model_based } = oracleResults<{
    independent: Record<string, Figures>;
    clustered: { sim_post_cluster: Record<string, Figures> & { icc_anova_within_arm: number } };
    model_based: { sim: Figures };
  }>('10_effect_sizes.json');

  it('of independent groups', () => {
    const found = ask(trial, 'standardised-difference', { outcome: 'score_post', ...arms });
    const { hedges_g_exact, cohen_d } = independent.sim_score_post ?? {};
    expectAll([estimateOf(found, 'hedges-g').value, estimateOf(found, 'cohen-d').value], [hedges_g_exact, cohen_d]);
  });

  it('of clusters', () => {
    const options = { outcome: 'score_post', ...arms, cluster: 'cluster' };
    const own = ask(trial, 'clustered-effect', options);
    expectAll([rowOf(own, 'icc', 'Taken')[1]], [clustered.sim_post_cluster.icc_anova_within_arm]);
    const given = ask(trial, 'clustered-effect', { ...options, icc: 0.2 });
    expectAll(
      [rowOf(given, 'effect', 'Plain ratio')[1], rowOf(given, 'effect', 'People of each arm')[1]],
      [clustered.sim_post_cluster.hedges2007_icc_020?.raw_d, 911],
    );
  });

  it('of a model', () => {
    const found = ask(trial, 'model-effect', {
      outcome: 'score_post',
      ...arms,
      cluster: 'cluster',
      predictors: ['score_pre'],
    });
    const { b, se, delta_total_conditional } = model_based.sim;
    expectAll(
      [rowOf(found, 'model', 'Coefficient of the treatment')[1], rowOf(found, 'model', 'Its standard error')[1]],
      [b, se],
      1e-6,
    );
    expectAll(
      [rowOf(found, 'effects', 'Coefficient in total standard deviations')[1]],
      [delta_total_conditional],
      1e-6,
    );
  });
});

describe('power, against R', () => {
  const { mdes_cra2, power_cra2, deff } = oracleResults<Record<string, Figures[]>>('17_power_design.json');

  it('of designs', () => {
    for (const each of mdes_cra2 ?? []) {
      const { J: clusters, n: clusterSize, rho: icc, P: share, g: clusterCovariates, mdes } = each;
      const explained = { explainedWithin: each.r2_level1, explainedBetween: each.r2_level2 };
      const found = ask(trial, 'minimum-detectable-effect', {
        clusters,
        clusterSize,
        icc,
        share,
        clusterCovariates,
        ...explained,
      });
      expectAll([found.tables[1]?.rows[0]?.[3]], [mdes]);
    }
    const [{ J: clusters = 0, n: clusterSize = 0, rho: icc = 0, delta = 0, power } = {}] = power_cra2 ?? [];
    const found = ask(trial, 'cluster-trial-power', { clusters: [clusters, 80], clusterSize, icc, effect: [0, delta] });
    expect(found.tables[1]?.rows).toHaveLength(4);
    expectAll([found.tables[1]?.rows[1]?.[4]], [power]);
    const [{ n = 0, rho = 0, deff: effect } = {}] = deff ?? [];
    expectAll([ask(trial, 'design-effect', { clusterSize: n, icc: rho }).tables[1]?.rows[0]?.[2]], [effect]);
  });
});

describe('options that only the data show to be wrong', () => {
  it('are refused by path', () => {
    expect(() => ask(trial, 't-test', { outcome: 'post', group: 'treat', compare: [1, 7] })).toThrow(
      'analyses[0].options.compare[1]: no row has 7 in column treat',
    );
    expect(() => ask(trial, 'scale-scores', { items: ['pre1'], least: 2 })).toThrow('analyses[0].options.least');
    expect(() => ask(trial, 't-test', { outcome: 'post', ...arms }, { where: { nowhere: 1 } })).toThrow(
      'analyses[0].where.nowhere: no column nowhere',
    );
  });

  it('rows can be chosen', () => {
    const found = ask(trial, 'group-means', { outcome: 'score_post', group: 'phase' }, { where: { treat: [1] } });
    expect(found.text).toMatch(/^Rows with treat one of 1: \d+\. Means of score_post/);
    const { independent } = oracleResults<{ independent: Record<string, Figures> }>('10_effect_sizes.json');
    const n = found.estimates?.reduce((all, { estimate }) => all + estimate.n, 0);
    expect(n).toBe(independent.sim_score_post?.n1);
  });
});
