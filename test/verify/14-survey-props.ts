/**
 * Recomputes 14. Counts and levels are in the cases, and designs are read from their descriptions (`apistrat by stype,
 * fpc`). What a description leaves out is as in the script: the columns `pw` and `fpc` of the data sets, outcome and
 * columns of ratio, quantile and regression, and strata of `apistrat`.
 */
import type { Values } from '../../analysis/descriptives.ts';
import { describe } from '../../analysis/descriptives.ts';
import {
  type ProportionMethod,
  proportionDifference,
  proportionInterval,
} from '../../analysis/proportion-intervals.ts';
import type { Estimate } from '../../analysis/result.ts';
import { type Label, postStratify, type SurveyDesign, surveyDesign } from '../../analysis/survey/design.ts';
import { surveyMean, surveyQuantile, surveyRatio, surveyTotal } from '../../analysis/survey/estimates.ts';
import { surveyProportion } from '../../analysis/survey/proportion.ts';
import { surveyRegression } from '../../analysis/survey/regression.ts';
import { attempt, eachInList, isObject, listAt, numberAt, objectAt, textAt } from './cases.ts';
import type { DataFrame, DataSource, FigureObject, Figures, JsonObject, JsonValue, Recompute } from './types.ts';

const bounds = ({ interval }: Estimate): Figures => [interval?.lower, interval?.upper];

const methods: Readonly<Record<string, ProportionMethod>> = {
  wilson: 'wilson',
  wilson_continuity: 'wilson-continuity',
  clopper_pearson: 'clopper-pearson',
  wald: 'wald',
  agresti_coull: 'agresti-coull',
  jeffreys: 'jeffreys',
  hmisc_wilson: 'wilson-modified',
};

function proportion(options: JsonValue): FigureObject {
  const [x, n, conf] = [numberAt(options, 'x'), numberAt(options, 'n'), numberAt(options, 'conf')];
  const intervals = Object.entries(methods).map(([name, method]) => [
    name,
    bounds(proportionInterval(x, n, method, conf)),
  ]);
  return { x, n, conf, p: proportionInterval(x, n, 'wald', conf).value, ...Object.fromEntries(intervals) };
}

function twoProportions(options: JsonValue): FigureObject {
  const [x1, n1] = [numberAt(options, 'x1'), numberAt(options, 'n1')];
  const [x2, n2] = [numberAt(options, 'x2'), numberAt(options, 'n2')];
  const { difference, wald, chiSquare, p, exactP } = proportionDifference(x1, n1, x2, n2);
  const both = { newcombe10: bounds(difference), wald: [wald?.lower, wald?.upper] };
  return { x1, n1, x2, n2, diff: difference.value, ...both, chisq: chiSquare, p, fisher_p: exactP };
}

const labels = (frame: DataFrame, name: string) => frame.column(name).map((value): Label => value ?? '');
const numbers = (frame: DataFrame, name: string) => frame.numeric(name).map((value) => value ?? 0);
const rowsOf = (frame: DataFrame) => Array.from({ length: frame.rows }, (_, row) => row);

/** The design that a description names, with its data. */
function designed(description: string, data: DataSource): { frame: DataFrame; design: SurveyDesign } {
  const name = /^\w+/.exec(description)?.[0] ?? '';
  const frame = data(name);
  const stages = /(\w+) then (\w+), (\w+) (\w+)/.exec(description);
  if (stages) {
    const [, unit1 = '', unit2 = '', fpc1 = '', fpc2 = ''] = stages;
    const stage = (unit: string, fpc: string) => ({ units: labels(frame, unit), population: numbers(frame, fpc) });
    return { frame, design: surveyDesign({ stages: [stage(unit1, fpc1), stage(unit2, fpc2)] }) };
  }
  const finite = /no fpc/.test(description) ? {} : { population: numbers(frame, 'fpc') };
  const strata = /by (\w+)/.exec(description)?.[1] ?? (name === 'apistrat' ? 'stype' : undefined);
  const unit = /PSU (\w+)/.exec(description)?.[1] ?? (name === 'apiclus1' ? 'dnum' : undefined);
  const drawn = surveyDesign({
    stages: [{ units: unit === undefined ? rowsOf(frame) : labels(frame, unit), ...finite }],
    ...(strata === undefined ? {} : { strata: labels(frame, strata) }),
    ...(/SRS/.test(description) ? {} : { weights: numbers(frame, 'pw') }),
  });
  const post = /post-stratified to (\w+) ([\d/]+)/.exec(description);
  if (!post) return { frame, design: drawn };
  const column = labels(frame, post[1] ?? '');
  const known = [...new Set(column)].sort();
  const sizes = (post[2] ?? '').split('/').map(Number);
  const population = new Map(known.map((label, i) => [label, sizes[i] ?? Number.NaN]));
  return { frame, design: postStratify(drawn, column, population) };
}

function surveyCase(options: JsonObject, data: DataSource): FigureObject {
  const { frame, design } = designed(textAt(options, 'design'), data);
  const [variable = ''] = Object.keys(objectAt(options, 'mean'));
  const values = frame.numeric(variable);
  const mean = surveyMean(design, values);
  const total = surveyTotal(design, values);
  const named = (figure: number | null) => ({ [variable]: figure });
  return {
    mean: named(mean.estimate.value),
    se: named(mean.standardError),
    deff: named(mean.designEffect),
    ci95_z: [bounds(mean.estimate)],
    ci95_t: [bounds(surveyMean(design, values, { interval: 't' }).estimate)],
    df: design.df,
    total: named(total.estimate.value),
    total_se: named(total.standardError),
  };
}

function responseRate(options: JsonObject, data: DataSource): FigureObject {
  const frame = data(textAt(options, 'data'));
  const [, outcome = 'post', unit = 'cluster'] = /= (\w+) present; PSU = (\w+)/.exec(textAt(options, 'desc')) ?? [];
  const responded: Values = frame.column(outcome).map((value) => (value === null ? 0 : 1));
  const design = surveyDesign({ stages: [{ units: labels(frame, unit) }] });
  const mean = surveyMean(design, responded);
  const logit = bounds(surveyProportion(design, responded, 'logit'));
  const arms = Object.keys(objectAt(options, 'by_arm')).map((arm) => {
    const domain = frame.column('treat').map((treated) => String(treated) === arm);
    const within = surveyMean(design, responded, { domain });
    return [arm, { p: within.estimate.value, se: within.standardError }];
  });
  return {
    p: mean.estimate.value,
    se_linearised: mean.standardError,
    deff: mean.designEffectWithReplacement,
    df: design.df,
    ci_logit: logit,
    ci_xlogit: logit,
    ci_beta_korn_graubard: bounds(surveyProportion(design, responded, 'korn-graubard')),
    ci_mean: bounds(surveyProportion(design, responded, 'mean')),
    by_arm: Object.fromEntries(arms),
  };
}

const stratified = 'apistrat by stype, fpc';

/** Cases without a design of their own. */
const others: Readonly<Record<string, (options: JsonValue, data: DataSource) => Figures>> = {
  population_truth: (_, data) => {
    const frame = data('apipop');
    const { mean } = describe(frame.numeric('api00'));
    return { api00: mean, enroll_sum: numbers(frame, 'enroll').reduce((a, b) => a + b, 0), N: frame.rows };
  },
  by_stype: (options, data) => {
    const { frame, design } = designed(stratified, data);
    const within = listAt(options, 'group').map((group) => {
      const domain = frame.column('stype').map((label) => label === group);
      return surveyMean(design, frame.numeric('api00'), { domain });
    });
    return { mean: within.map(({ estimate }) => estimate.value), se: within.map(({ standardError }) => standardError) };
  },
  ratio: (_, data) => {
    const { frame, design } = designed(stratified, data);
    const { estimate, standardError } = surveyRatio(design, frame.numeric('api.stu'), frame.numeric('enroll'));
    return { ratio: estimate.value, se: standardError };
  },
  quantile: (_, data) => {
    const { frame, design } = designed(stratified, data);
    return [0.25, 0.5, 0.75].map((p) => surveyQuantile(design, frame.numeric('api00'), p));
  },
  regression: (options, data) => {
    const { coefficients } = regression(Array.isArray(options) ? options : [], data);
    return (
      coefficients?.map(({ estimate, standardError, t, p }) => ({ est: estimate, se: standardError, t, p })) ?? null
    );
  },
  regression_df: (_, data) => regression(undefined, data).df,
  hand_formula: (_, data) => {
    const frame = data('apisrs');
    const { n, mean, sd } = describe(frame.numeric('api00'));
    const population = numbers(frame, 'fpc')[0] ?? 0;
    const factor = Math.sqrt(1 - n / population);
    return { n, N: population, mean, sd, fpc_factor: factor, se: ((sd ?? 0) / Math.sqrt(n)) * factor };
  },
};

/** The script's regression, of the terms that the case names. */
function regression(rows: readonly JsonValue[] | undefined, data: DataSource) {
  const { frame, design } = designed(stratified, data);
  const terms = rows?.map((row) => textAt(row, 'term')).filter((term) => term !== '(Intercept)') ?? [
    'ell',
    'meals',
    'mobility',
  ];
  return surveyRegression(
    design,
    frame.numeric('api00'),
    Object.fromEntries(terms.map((term) => [term, frame.numeric(term)])),
  );
}

export const recompute: Recompute = (results, data) => {
  const survey = objectAt(results, 'fpc');
  return {
    proportions: eachInList(listAt(results, 'proportions'), proportion),
    two_proportions: eachInList(listAt(results, 'two_proportions'), twoProportions),
    response_rate_clustered: attempt(() => responseRate(objectAt(results, 'response_rate_clustered'), data)),
    fpc: Object.fromEntries(
      Object.keys(survey).map((name) => {
        const options = survey[name] ?? null;
        const compute = () =>
          isObject(options) && 'design' in options ? surveyCase(options, data) : others[name]?.(options, data);
        return [name, attempt(compute)];
      }),
    ),
  };
};
