/**
 * Recomputes 11. Cases state formula and options; the data set is the first part of `distance_ref` (or of the name). What
 * belongs to a data set stands in matching-samples.ts, as only the script says it. Rows are numbered from 1.
 */

import type { ClusterRobustType } from '../../analysis/cluster-robust/adjustments.ts';
import { type ClusterRobustModel, clusterRobustModel } from '../../analysis/cluster-robust.ts';
import type { Values } from '../../analysis/descriptives.ts';
import { type ClusterLabels, differenceInDifferences } from '../../analysis/difference-in-differences.ts';
import type { Predictors } from '../../analysis/linear-model.ts';
import type { BalanceRow } from '../../analysis/matching/balance.ts';
import { numericCovariates } from '../../analysis/matching/covariates.ts';
import type { MatchOrder } from '../../analysis/matching/nearest.ts';
import { type Matching, type MatchingOptions, matchNearest } from '../../analysis/matching.ts';
import { mean, sum } from '../../analysis/numeric/sums.ts';
import { attempt, isObject, numberAt, objectAt, textAt } from './cases.ts';
import { glmAtItsStop } from './glm.ts';
import { covariatesOf, type Sample, sampleOf } from './matching-samples.ts';
import type { DataSource, FigureObject, Figures, JsonObject, Recompute, Tolerance } from './types.ts';

/** `treatment ~ a + b` or `~a`. */
function sidesOf(formula: string): { left: string; right: string[] } {
  const [left = '', right = ''] = formula.split('~').map((side) => side.trim());
  return { left, right: right.split('+').map((term) => term.trim()) };
}

function optionsOf(options: JsonObject): MatchingOptions {
  const order = options['m.order'];
  return {
    distance: options.link === 'linear.logit' ? 'logit' : 'probability',
    replace: options.replace === true,
    ...(typeof order === 'string' && { order: order as MatchOrder }),
    ...('ratio' in options && { ratio: numberAt(options, 'ratio') }),
    ...('caliper' in options && { caliper: numberAt(options, 'caliper') }),
    caliperUnit: options['std.caliper'] === false ? 'distance' : 'sd',
    exact: typeof options.exact === 'string' ? sidesOf(options.exact).right : [],
  };
}

function matchingOf(sample: Sample, formula: string, options: MatchingOptions): Matching {
  const { left, right } = sidesOf(formula);
  const { matching, notes } = matchNearest(sample.numeric(left), covariatesOf(sample, right), options);
  if (matching === null) throw new RangeError(notes.map(({ text }) => text).join(' '));
  return matching;
}

/** Numbers of the last coefficient, or of the second, with each kind of error. */
function errorsOf(estimated: (type: ClusterRobustType) => ClusterRobustModel | null, place: number): FigureObject {
  const types = ['CR0', 'CR1', 'CR1S', 'CR2'] as const;
  const models = types.map((type) => ({ type, model: estimated(type) }));
  const first = models[0]?.model;
  const of = (model: ClusterRobustModel | null) => {
    const row = model?.coefficients[place];
    return { se: row?.standardError, df: row?.df, p: row?.p };
  };
  return {
    estimate: first?.coefficients[place]?.estimate,
    clusters: first?.clusters,
    // HC1 of clusters in sandwich has the factor of CR1S.
    vcovCL_HC1: models[2]?.model?.coefficients[place]?.standardError,
    ...Object.fromEntries(models.map(({ type, model }) => [type, of(model)])),
  };
}

function matchedCase(options: JsonObject, name: string, data: DataSource): FigureObject {
  const reference = typeof options.distance_ref === 'string' ? options.distance_ref : name;
  const sample = sampleOf(reference.split('_')[0] ?? '', data);
  const matching = matchingOf(sample, textAt(options, 'formula'), optionsOf(objectAt(options, 'options')));
  const { weights, distances, matches, treated, controls } = matching;
  const idOf = (unit: number) => sample.ids[unit];
  const gap = (a: number, b: number) => Math.abs((distances[a] ?? 0) - (distances[b] ?? 0));
  return {
    options: { ...objectAt(options, 'options') },
    caliper_absolute: matching.caliper,
    n_input: sample.ids.length,
    n_matched_treated: treated.matched,
    n_matched_control: controls.matched,
    propensity_ties: distances.length - new Set(distances).size,
    pairs: matches.flatMap((match) =>
      match.controls.map((control) => ({ treated: idOf(match.treated), control: idOf(control) })),
    ),
    weights_nonzero: weights.flatMap((weight, unit) => (weight > 0 ? [{ row: idOf(unit), weight }] : [])),
    balance: {
      all: matching.balance.all.map(balanceFigures),
      matched: matching.balance.matched.map(balanceFigures),
      n: {
        control: [controls.all, controls.all, controls.effective, controls.matched, controls.unmatched, 0],
        treated: [treated.all, treated.all, treated.effective, treated.matched, treated.unmatched, 0],
      },
    },
    mean_abs_smd: {
      all: meanDifference(matching.balance.all),
      matched: meanDifference(matching.balance.matched),
    },
    sum_abs_gap: sum(matches.flatMap((match) => match.controls.map((control) => gap(match.treated, control)))),
    ...outcomes(sample, matching),
  };
}

function balanceFigures(row: BalanceRow): FigureObject {
  return {
    mean_t: row.treatedMean,
    mean_c: row.controlMean,
    smd: row.standardisedDifference,
    var_ratio: row.varianceRatio,
    ecdf_mean: row.meanShareDifference,
    ecdf_max: row.largestShareDifference,
  };
}

const meanDifference = (rows: readonly BalanceRow[]) =>
  mean(rows.map(({ standardisedDifference }) => Math.abs(standardisedDifference ?? 0)));

/** The three regressions on the matched units. */
function outcomes(sample: Sample, { weights, pairs }: Matching): FigureObject {
  const { design, ids } = sample;
  const [before, after, treated] = [design.before, design.after, design.treatment].map(sample.numeric) as [
    Values,
    Values,
    Values,
  ];
  const change = after.map((value, unit) => (value ?? 0) - (before[unit] ?? 0));
  const labels: Readonly<Record<string, ClusterLabels | null>> = {
    by_unit: ids,
    by_pair: pairs.some((pair) => pair !== null) ? pairs : null,
    by_cluster: design.cluster === undefined ? null : sample.column(design.cluster),
  };
  const by = (
    names: readonly string[],
    estimated: (clusters: ClusterLabels, type: ClusterRobustType) => Fit,
    place: number,
  ) =>
    Object.fromEntries(
      names.map((name) => {
        const clusters = labels[name] ?? null;
        return [name, clusters === null ? undefined : errorsOf((type) => estimated(clusters, type).model, place)];
      }),
    );
  const regression = (outcome: Values, predictors: Predictors) => (clusters: ClusterLabels, type: ClusterRobustType) =>
    clusterRobustModel(outcome, predictors, clusters, { type, weights });
  const did = (clusters: ClusterLabels, type: ClusterRobustType) =>
    differenceInDifferences(before, after, treated, { clusters, type, weights });
  const ofChange = regression(change, { treated });
  const adjusted = regression(after, { treated, before });
  const [intercept, treat, post, treatPost] = did(ids, 'CR0').model?.coefficients.map(({ estimate }) => estimate) ?? [];
  const arm = (of: number) => mean(change.filter((_, unit) => treated[unit] === of));
  return {
    unmatched_dd: arm(1) - arm(0),
    did: {
      coef: { intercept, treat, post, treat_post: treatPost },
      ...by(['by_unit', 'by_pair', 'by_cluster'], did, 3),
    },
    change_score: {
      estimate: ofChange(ids, 'CR0').model?.coefficients[1]?.estimate,
      ...by(['by_pair', 'by_unit', 'by_cluster'], ofChange, 1),
    },
    ancova: {
      estimate: adjusted(ids, 'CR0').model?.coefficients[1]?.estimate,
      ...by(['by_pair', 'by_cluster'], adjusted, 1),
    },
  };
}

type Fit = ReturnType<typeof clusterRobustModel>;

/** `logit_NAME`: the propensity model of a data set. */
function propensityModel(dataSet: string, data: DataSource): FigureObject {
  const sample = sampleOf(dataSet, data);
  const { treatment, covariates } = sample.design;
  const { propensity } = matchingOf(sample, `${treatment} ~ ${covariates.join(' + ')}`, {});
  const predictors = numericCovariates(covariatesOf(sample, covariates), 'model');
  const { terms, iterations } = glmAtItsStop(sample.numeric(treatment), predictors);
  return {
    coef: Object.fromEntries(propensity.coefficients.map(({ term, estimate }) => [term, estimate])),
    se: Object.fromEntries(terms.map(({ term, se }) => [term, se])),
    deviance: propensity.deviance,
    null_deviance: propensity.nullDeviance,
    aic: propensity.aic,
    iterations,
  };
}

/** `NAME_probability` and `NAME_linear_logit`. */
function propensityScores(name: string, data: DataSource): FigureObject {
  const [dataSet = ''] = name.split('_');
  const sample = sampleOf(dataSet, data);
  const { treatment, covariates } = sample.design;
  const distance = name.endsWith('_linear_logit') ? 'logit' : 'probability';
  const { distances } = matchingOf(sample, `${treatment} ~ ${covariates.join(' + ')}`, { distance });
  return { row_ids: sample.ids, distance: distances };
}

/** `NAME_unmatched_did`: all units, errors of districts and of units. */
function unmatched(dataSet: string, data: DataSource): FigureObject {
  const sample = sampleOf(dataSet, data);
  const { before, after, treatment, cluster = '' } = sample.design;
  const estimated = (clusters: ClusterLabels) => {
    const columns = [sample.numeric(before), sample.numeric(after), sample.numeric(treatment)] as const;
    return differenceInDifferences(...columns, { clusters, type: 'CR1S' }).model;
  };
  const [byDistrict, byUnit] = [estimated(sample.column(cluster)), estimated(sample.ids)];
  return {
    coef: byUnit?.coefficients.map(({ estimate }) => estimate),
    se_district_stata: byDistrict?.coefficients.map(({ standardError }) => standardError),
    df: byDistrict?.coefficients.map(() => byDistrict.clusters - 1),
    se_unit_HC1: byUnit?.coefficients.map(({ standardError }) => standardError),
  };
}

/**
 * All stands on the propensity model, an iterative fit. A difference that vanishes leaves rounding in R, where matched
 * means are the same.
 */
export const tolerance: Tolerance = (path) => (path.includes('/balance/') ? { relative: 1e-6, absolute: 1e-14 } : 1e-6);

export const recompute: Recompute = (results, data) =>
  Object.fromEntries(
    Object.keys(results).map((name): [string, Figures] => {
      const options = results[name];
      if (!isObject(options)) return [name, undefined];
      if (name === 'propensity') {
        const scores = Object.keys(options).map((each) => [each, attempt(() => propensityScores(each, data))]);
        return [name, Object.fromEntries(scores)];
      }
      if (name.startsWith('logit_')) return [name, attempt(() => propensityModel(name.replace('logit_', ''), data))];
      if (name.endsWith('_unmatched_did')) {
        return [name, attempt(() => unmatched(name.replace('_unmatched_did', ''), data))];
      }
      return [name, attempt(() => matchedCase(options, name, data))];
    }),
  );
