/**
 * Recomputes 14. Counts and levels are in the cases, designs are read from their descriptions (`apistrat by stype, fpc`).
 * What only the script has is taken from it: the columns `pw` and `fpc` of the data sets; sample and outcome of `by_COLUMN`,
 * ratio, quantile and regression; the columns of the ratio; the shares of three quantiles; the arm `treat`.
 */
import { describe, type Values } from '../../analysis/descriptives.ts';
import {
  type ProportionMethod,
  proportionDifference,
  proportionInterval,
} from '../../analysis/proportion-intervals.ts';
import type { Estimate } from '../../analysis/result.ts';
import { surveyDesign } from '../../analysis/survey/design.ts';
import { surveyMean, surveyQuantile, surveyRatio, surveyTotal } from '../../analysis/survey/estimates.ts';
import { surveyProportion } from '../../analysis/survey/proportion.ts';
import { surveyRegression } from '../../analysis/survey/regression.ts';
import { attempt, eachCase, eachInList, listAt, numberAt, objectAt, textAt } from './cases.ts';
import { labelsOf, numbersOf, sampleOf, termColumn } from './survey-designs.ts';
import type { DataSource, FigureObject, Figures, JsonObject, JsonValue, Recompute } from './types.ts';

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

function surveyCase(options: JsonObject, cases: JsonObject, data: DataSource): FigureObject {
  const { frame, design } = sampleOf(textAt(options, 'design'), cases, data);
  const terms = Object.keys(objectAt(options, 'mean'));
  const values = terms.map((term) => termColumn(frame, term));
  const means = values.map((column) => surveyMean(design, column));
  const totals = values.map((column) => surveyTotal(design, column));
  const named = (figures: readonly (number | null)[]) => Object.fromEntries(terms.map((term, i) => [term, figures[i]]));
  return {
    mean: named(means.map(({ estimate }) => estimate.value)),
    se: named(means.map(({ standardError }) => standardError)),
    deff: named(means.map(({ designEffect }) => designEffect)),
    ci95_z: means.map(({ estimate }) => bounds(estimate)),
    ci95_t: values.map((column) => bounds(surveyMean(design, column, { interval: 't' }).estimate)),
    df: design.df,
    total: named(totals.map(({ estimate }) => estimate.value)),
    total_se: named(totals.map(({ standardError }) => standardError)),
  };
}

function responseRate(options: JsonObject, data: DataSource): FigureObject {
  const frame = data(textAt(options, 'data'));
  const [, outcome, unit] = /= ([\w.]+) present; PSU = ([\w.]+)/.exec(textAt(options, 'desc')) ?? [];
  if (outcome === undefined || unit === undefined) throw new RangeError('the case states neither outcome nor PSU');
  const responded: Values = frame.column(outcome).map((value) => (value === null ? 0 : 1));
  const design = surveyDesign({ stages: [{ units: labelsOf(frame, unit) }] });
  const mean = surveyMean(design, responded);
  const logit = bounds(surveyProportion(design, responded, 'logit'));
  const byArm = () =>
    eachCase(objectAt(options, 'by_arm'), (_, arm) => {
      const domain = frame.column('treat').map((treated) => String(treated) === arm);
      const within = surveyMean(design, responded, { domain });
      return { p: within.estimate.value, se: within.standardError };
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
    by_arm: attempt(byArm),
  };
}

/** Sample and outcome of the cases that state neither. */
const script = { design: 'apistrat by stype, fpc', outcome: 'api00', terms: ['ell', 'meals', 'mobility'] };

const scriptSample = (data: DataSource) => sampleOf(script.design, {}, data);

function byGroup(options: JsonValue, column: string, data: DataSource): FigureObject {
  const { frame, design } = scriptSample(data);
  const groups = listAt(options, 'group');
  const cells = frame.column(column);
  const within = groups.map((group) => {
    // R writes a logical group as true or false; the data hold it as TRUE or FALSE.
    const label = typeof group === 'boolean' ? String(group).toUpperCase() : String(group);
    if (!cells.some((cell) => String(cell) === label)) throw new RangeError(`${column} has no label ${label}`);
    return surveyMean(design, frame.numeric(script.outcome), { domain: cells.map((cell) => String(cell) === label) });
  });
  return {
    group: groups,
    mean: within.map(({ estimate }) => estimate.value),
    se: within.map(({ standardError }) => standardError),
  };
}

/** The terms of a regression that its rows name. */
function termsOf(rows: JsonValue | undefined): string[] {
  return (Array.isArray(rows) ? rows : []).map((row) => textAt(row, 'term')).filter((term) => term !== '(Intercept)');
}

function regression(terms: readonly string[], data: DataSource) {
  const { frame, design } = scriptSample(data);
  const columns = Object.fromEntries(terms.map((term) => [term, termColumn(frame, term)]));
  return surveyRegression(design, frame.numeric(script.outcome), columns);
}

/** Cases without a design of their own: what they are is their name, and what they leave out is as in the script. */
function otherCase(name: string, cases: JsonObject, data: DataSource): Figures {
  const options = cases[name] ?? null;
  const [, grouping] = /^by_(.+)$/.exec(name) ?? [];
  if (grouping !== undefined) return byGroup(options, grouping, data);
  const [, before, after] = /^regression(.*)_df(.*)$/.exec(name) ?? [];
  if (before !== undefined) {
    const terms = termsOf(cases[`regression${before}${after}`]);
    return regression(terms.length > 0 ? terms : script.terms, data).df;
  }
  if (name.startsWith('regression')) {
    return regression(termsOf(options), data).coefficients?.map(({ estimate, standardError, t, p }) => ({
      est: estimate,
      se: standardError,
      t,
      p,
    }));
  }
  const known = namedCases[name];
  return known ? known(options, data) : new Error('the case states no design');
}

const namedCases: Readonly<Record<string, (options: JsonValue, data: DataSource) => Figures>> = {
  population_truth: (_, data) => {
    const frame = data('apipop');
    const { mean } = describe(frame.numeric('api00'));
    return { api00: mean, enroll_sum: numbersOf(frame, 'enroll').reduce((a, b) => a + b, 0), N: frame.rows };
  },
  ratio: (_, data) => {
    const { frame, design } = scriptSample(data);
    const { estimate, standardError } = surveyRatio(design, frame.numeric('api.stu'), frame.numeric('enroll'));
    return { ratio: estimate.value, se: standardError };
  },
  quantile: (options, data) => {
    const shares = [0.25, 0.5, 0.75];
    if (!Array.isArray(options) || options.length !== shares.length) {
      return new Error('the case states no shares, and has not three as the script');
    }
    const { frame, design } = scriptSample(data);
    return shares.map((p) => surveyQuantile(design, frame.numeric(script.outcome), p));
  },
  hand_formula: (_, data) => {
    const frame = data('apisrs');
    const { n, mean, sd } = describe(frame.numeric('api00'));
    const population = numbersOf(frame, 'fpc')[0] ?? 0;
    const factor = Math.sqrt(1 - n / population);
    return { n, N: population, mean, sd, fpc_factor: factor, se: ((sd ?? 0) / Math.sqrt(n)) * factor };
  },
};

export const recompute: Recompute = (results, data) => {
  const cases = objectAt(results, 'fpc');
  return {
    proportions: eachInList(listAt(results, 'proportions'), proportion),
    two_proportions: eachInList(listAt(results, 'two_proportions'), twoProportions),
    response_rate_clustered: attempt(() => responseRate(objectAt(results, 'response_rate_clustered'), data)),
    fpc: eachCase(cases, (options, name) =>
      'design' in options ? surveyCase(options, cases, data) : otherCase(name, cases, data),
    ),
  };
};
