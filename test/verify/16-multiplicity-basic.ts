/**
 * Recomputes 16. The lists of p values are in the cases, and a case of `descriptives` is named after its column. The tests
 * do not state their columns: they are those of the script, on `sim_trial` and `MathAchieve`; the predictors of the models
 * are those that their coefficients name.
 */
import { type Adjustment, adjustPValues } from '../../analysis/adjust.ts';
import { leveneTest, oneWayAnova } from '../../analysis/anova.ts';
import { groupsOf, type MeanTest, pairedTTest, pooledTTest, welchTest } from '../../analysis/compare.ts';
import { chiSquareTest, crossTable } from '../../analysis/contingency.ts';
import { kendallTau, pearsonCorrelation, spearmanCorrelation } from '../../analysis/correlation.ts';
import { describe, present, quantile, type Values } from '../../analysis/descriptives.ts';
import { linearModel, type Predictors } from '../../analysis/linear-model.ts';
import { logisticModel } from '../../analysis/logistic-model.ts';
import { kurtosis, median, medianAbsoluteDeviation, skewness } from '../../analysis/moments.ts';
import { kruskalWallis, rankSumTest } from '../../analysis/ranks.ts';
import { attempt, byLabel, eachCase, isObject, listAt, numberAt, objectAt } from './cases.ts';
import { glmAtItsStop } from './glm.ts';
import { columnsOfTerms } from './terms.ts';
import type { DataFrame, FigureObject, Figures, JsonObject, JsonValue, Recompute, Tolerance } from './types.ts';

const adjustments: Readonly<Record<string, Adjustment>> = {
  bonferroni: 'bonferroni',
  holm: 'holm',
  hochberg: 'hochberg',
  hommel: 'hommel',
  BH: 'benjamini-hochberg',
  BY: 'benjamini-yekutieli',
};

function adjusted(options: JsonObject): FigureObject {
  const p = listAt(options, 'p').map((value) => (typeof value === 'number' ? value : null));
  const family = 'n' in options ? numberAt(options, 'n') : undefined;
  // R writes a list of one as a single number.
  const shape = (values: readonly (number | null)[]): Figures => (Array.isArray(options.p) ? values : values[0]);
  const methods = Object.keys(options).filter((name) => name in adjustments);
  return {
    p: shape(p),
    n: family,
    ...Object.fromEntries(methods.map((name) => [name, shape(adjustPValues(p, adjustments[name] ?? 'holm', family))])),
  };
}

const shares = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95];

function described(values: Values): FigureObject {
  const { n, missing, mean, sd } = describe(values);
  const kept = present(values);
  return {
    n,
    missing,
    mean,
    sd,
    se: sd === null ? null : sd / Math.sqrt(n),
    median: median(values),
    'mad_x1.4826': medianAbsoluteDeviation(values),
    quantile_type7: shares.map((share) => quantile(values, share, 7)),
    quantile_type6: shares.map((share) => quantile(values, share, 6)),
    skew_g1: skewness(values, 1),
    kurt_g2: kurtosis(values, 1),
    skew_G1_spss: skewness(values, 2),
    kurt_G2_spss: kurtosis(values, 2),
    skew_b1_type3: skewness(values, 3),
    // Spread into arguments, a long column would overflow the stack.
    min: kept.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY),
    max: kept.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY),
  };
}

function meanTest({ t, df, p, difference, means }: MeanTest): FigureObject {
  return { t, df, p, ci: [difference.interval?.lower, difference.interval?.upper], est: means };
}

/** The outcome after, in the intervention arm and in the other. */
function arms(trial: DataFrame): [Values, Values] {
  const [control, intervention] = groupsOf(trial.numeric('score_post'), trial.numeric('treat'));
  return [intervention?.values ?? [], control?.values ?? []];
}

type Test = (trial: () => DataFrame, schools: () => DataFrame, options: () => JsonObject) => Figures;

const tests: Readonly<Record<string, Test>> = {
  welch: (trial) => meanTest(welchTest(...arms(trial()))),
  pooled: (trial) => meanTest(pooledTTest(...arms(trial()))),
  paired: (trial) => {
    const test = pairedTTest(trial().numeric('score_post'), trial().numeric('score_pre'));
    return { ...meanTest(test), mean_diff: test.difference.value };
  },
  cor_pearson: (trial) => {
    const { correlation, t, df, p } = pearsonCorrelation(trial().numeric('score_pre'), trial().numeric('score_post'));
    return { r: correlation.value, t, df, p, ci: [correlation.interval?.lower, correlation.interval?.upper] };
  },
  spearman: (trial) => spearmanCorrelation(trial().numeric('score_pre'), trial().numeric('score_post')),
  kendall: (trial) => kendallTau(trial().numeric('pre'), trial().numeric('post')),
  chisq: (trial) => {
    const { counts } = crossTable(placesOf(trial().column('phase')), placesOf(trial().column('treat')));
    const { chiSquare, df, p, corrected, cramersV } = chiSquareTest(counts);
    return {
      table: counts,
      x2: chiSquare,
      df,
      p,
      // R corrects a table of two by two alone and gives the plain value for others.
      yates: corrected?.chiSquare ?? chiSquare,
      p_yates: corrected?.p ?? p,
      cramers_v: cramersV,
    };
  },
  anova_oneway: (_, schools) => {
    const groups = groupsOf(schools().numeric('MathAch'), schools().column('School'));
    const found = oneWayAnova(groups.map(({ values }) => values));
    return {
      F: found.f,
      df1: found.dfBetween,
      df2: found.dfWithin,
      p: found.p,
      ss: [found.sumOfSquaresBetween, found.sumOfSquaresWithin],
    };
  },
  wilcoxon: (trial) => {
    const { statistic, p } = rankSumTest(...arms(trial()));
    return { W: statistic, p };
  },
  kruskal: (_, schools) => {
    const groups = groupsOf(schools().numeric('MathAch'), schools().column('Minority'));
    const { statistic, p } = kruskalWallis(groups.map(({ values }) => values));
    return { h: statistic, p };
  },
  levene_bf: (trial) => {
    const { f, p } = leveneTest(arms(trial()));
    return { F: f, p };
  },
  lm: (trial, _, options) => {
    const { model, notes } = linearModel(trial().numeric('score_post'), predictorsOf(trial(), options()));
    if (model === null) throw new RangeError(notes[0]?.text);
    const { coefficients } = model;
    return {
      coef: Object.fromEntries(coefficients.map(({ term, estimate }) => [term, estimate])),
      se: coefficients.map(({ standardError }) => standardError),
      t: coefficients.map(({ statistic }) => statistic),
      p: coefficients.map(({ p }) => p),
      r2: model.rSquared,
      adj_r2: model.adjustedRSquared,
      sigma: model.residualSd,
      F: [model.f, coefficients.length - 1, model.df],
      vcov: model.covariance,
      logLik: model.logLikelihood,
      aic: model.aic,
      bic: model.bic,
    };
  },
  logistic: (trial, _, options) => {
    const outcome = trial().numeric('uptake');
    const predictors = predictorsOf(trial(), options());
    const { model, notes } = logisticModel(outcome, predictors);
    if (model === null) throw new RangeError(notes[0]?.text);
    return {
      coef: Object.fromEntries(model.coefficients.map(({ term, estimate }) => [term, estimate])),
      se: attempt(() => glmAtItsStop(outcome, predictors).terms.map(({ se }) => se)),
      deviance: model.deviance,
      null: model.nullDeviance,
      aic: model.aic,
    };
  },
};

function predictorsOf(trial: DataFrame, options: JsonObject): Predictors {
  const terms = Object.keys(objectAt(options, 'coef'));
  if (terms.length === 0) throw new RangeError('the case names no coefficients');
  return columnsOfTerms(trial, terms);
}

/** Each label's place in R's order of labels. */
function placesOf(labels: readonly (number | string | null)[]): (number | null)[] {
  const order = [...new Set(labels.filter((label) => label !== null))].sort(byLabel);
  const places = new Map(order.map((label, place) => [label, place]));
  return labels.map((label) => (label === null ? null : (places.get(label) ?? null)));
}

/** The logistic fit is iterative. */
export const tolerance: Tolerance = (path) => (path.startsWith('tests/logistic/') ? 1e-6 : 1e-8);

/** Whether a case outside `p_adjust` holds p values and what an adjustment makes of them, as `p_adjust_n`. */
function isAdjustment(value: JsonValue | undefined): boolean {
  return isObject(value) && 'p' in value && Object.keys(value).some((name) => name in adjustments);
}

export const recompute: Recompute = (results, data) => ({
  p_adjust: eachCase(objectAt(results, 'p_adjust'), adjusted),
  ...Object.fromEntries(
    Object.keys(results)
      .filter((name) => isAdjustment(results[name]))
      .map((name) => [name, attempt(() => adjusted(objectAt(results, name)))]),
  ),
  tests: Object.fromEntries(
    Object.keys(objectAt(results, 'tests')).map((name) => {
      const compute = tests[name];
      if (!compute) return [name, new Error('the case does not state its columns, and the script has no such test')];
      const [trial, schools] = [() => data('sim_trial'), () => data('MathAchieve')];
      return [name, attempt(() => compute(trial, schools, () => objectAt(objectAt(results, 'tests'), name)))];
    }),
  ),
  descriptives: eachCase(objectAt(results, 'descriptives'), (_, column) =>
    described(data('sim_trial').numeric(column)),
  ),
});
