/**
 * Recomputes 02. A case states data set, items, which are reversed, and their range. The level of the intervals is in the
 * name of the figure. Where one of two items is deleted, psych prints figures of a single item that are not reliabilities;
 * they are put together here and are no part of analysis/. So is what psych gives for items that tell all of one another
 * (psych-shares.ts), of which reliabilityDetail says nothing.
 */

import { pearsonCorrelation } from '../../analysis/correlation.ts';
import {
  type Columns,
  completeRows,
  correlationMatrix,
  covarianceMatrix,
  pairwiseCorrelations,
  rowCount,
} from '../../analysis/covariance.ts';
import { describe, type Values } from '../../analysis/descriptives.ts';
import { principalComponents } from '../../analysis/factors/extraction.ts';
import type { SquareMatrix } from '../../analysis/numeric/cholesky.ts';
import { cronbachAlpha, feldtInterval } from '../../analysis/reliability.ts';
import { type ReliabilityDetail, reliabilityDetail, splitHalves } from '../../analysis/reliability-detail.ts';
import { personScores } from '../../analysis/scoring.ts';
import { attempt, eachCase, listAt, reversedOf, textAt } from './cases.ts';
import { withSharesOfPsych } from './psych-shares.ts';
import type { DataSource, FigureObject, JsonObject, Recompute } from './types.ts';

function itemsOf(options: JsonObject, data: DataSource): Columns {
  const frame = data(textAt(options, 'data'));
  const reversed = reversedOf(options);
  const [low, high] = listAt(options, 'scale').map(Number);
  return listAt(options, 'items').map((item) => {
    const answers = frame.numeric(String(item));
    if (!reversed.includes(item)) return answers;
    return answers.map((value) => (value === null ? null : Number(low) + Number(high) - value));
  });
}

const without = <Part>(parts: readonly Part[], item: number) => parts.filter((_, i) => i !== item);
const scores = (columns: Columns) => personScores(columns, 1);
const standardError = ({ alphaDeviation }: ReliabilityDetail, n: number) =>
  (alphaDeviation ?? Number.NaN) / Math.sqrt(n);
const firstComponent = (correlations: SquareMatrix) =>
  principalComponents(correlations, 1).loadings.map((line) => line[0] ?? 0);
const correlation = (a: Values, b: Values) => pearsonCorrelation(a, b).correlation.value;

function analysis(columns: Columns, names: readonly string[]): FigureObject {
  const found = cronbachAlpha(columns);
  const covariance = covarianceMatrix(columns);
  const correlations = correlationMatrix(covariance);
  const detail = reliabilityDetail(covariance);
  const n = rowCount(columns);
  const k = columns.length;
  const alpha = found.alpha.value ?? Number.NaN;
  const error = standardError(detail, n);
  const variance = covariance.flat().reduce((total, value) => total + value, 0);
  const scale = describe(scores(columns));
  return {
    n_rows: n,
    n_complete: found.complete,
    k,
    alpha_raw: alpha,
    alpha_std: found.standardised.value,
    G6_smc: detail.standardisedLambda6 ?? withSharesOfPsych(correlations).lambda6,
    average_r: found.averageCorrelation,
    median_r: detail.medianCorrelation,
    signal_noise: detail.signalToNoise,
    ase: error,
    scale_mean: scale.mean,
    scale_sd: scale.sd,
    feldt_95: { ...found.alpha.interval, n_used: found.alpha.n },
    feldt_90: { ...feldtInterval(alpha, n, k, 0.9) },
    wald_duhachek_95: { lower: alpha - 1.96 * error, upper: alpha + 1.96 * error },
    sem: Math.sqrt(variance * (1 - alpha)),
    variance_of_sum: variance,
    if_deleted: columns.map((_, item) => {
      const name = { item: names[item], _row: names[item] };
      if (k === 2) return { ...name, ...singleItem(covariance, item) };
      const rest = without(covariance, item).map((line) => without(line, item));
      const left = reliabilityDetail(rest);
      return {
        ...name,
        raw_alpha: found.items[item]?.alphaIfDeleted,
        'std.alpha': found.items[item]?.standardisedIfDeleted,
        'G6(smc)': left.standardisedLambda6 ?? withSharesOfPsych(correlationMatrix(rest)).lambda6,
        average_r: left.averageCorrelation,
        'S/N': left.signalToNoise,
        'alpha se': standardError(left, n),
        'var.r': left.correlationVariance ?? undefined,
        'med.r': left.medianCorrelation,
      };
    }),
    items: found.items.map((item, i) => ({
      item: names[i],
      _row: names[i],
      n: item.n,
      'raw.r': correlation(columns[i] ?? [], scores(columns)),
      'std.r': detail.itemTotals[i],
      'r.cor': detail.correctedItemTotals[i] ?? withSharesOfPsych(correlations).itemTotals[i],
      'r.drop': item.itemRest,
      mean: item.mean,
      sd: item.sd,
    })),
    covariance,
    correlation: correlations,
  };
}

/** What psych prints in place of the alpha of one item: the regression of the deleted item on it, and their correlation. */
function singleItem(covariance: readonly (readonly number[])[], item: number): FigureObject {
  const r = correlationMatrix(covariance)[0]?.[1] ?? Number.NaN;
  const slope = (covariance[0]?.[1] ?? Number.NaN) / (covariance[1 - item]?.[1 - item] ?? Number.NaN);
  const same = { 'std.alpha': r, average_r: r, 'med.r': r };
  return { raw_alpha: slope, ...same, 'G6(smc)': r * r, 'S/N': r / (1 - r), 'var.r': 0 };
}

/**
 * psych turns items that go against the first component before it splits them. With an odd number of items it goes
 * through the first half of the splits, rounded up.
 */
function halves(asGiven: SquareMatrix): FigureObject {
  const signs = firstComponent(asGiven).map((loading) => (loading < 0 ? -1 : 1));
  const correlations = asGiven.map((line, i) => line.map((r, j) => r * (signs[i] ?? 1) * (signs[j] ?? 1)));
  const detail = reliabilityDetail(correlations);
  const all = splitHalves(correlations).map((value) => value ?? Number.NaN);
  const count = correlations.length % 2 === 1 ? all.length / 2 : all.length;
  const used = all.slice(0, Math.ceil(count));
  return {
    max_lambda4: Math.max(...used),
    min_beta: Math.min(...used),
    mean: used.reduce((total, value) => total + value, 0) / count,
    lambda6: detail.standardisedLambda6 ?? withSharesOfPsych(correlations).lambda6,
    lambda2_std: detail.standardisedLambda2,
  };
}

function scale(options: JsonObject, data: DataSource): FigureObject {
  const names = listAt(options, 'items').map(String);
  const columns = itemsOf(options, data);
  const complete = completeRows(columns);
  const covariance = covarianceMatrix(complete);
  const detail = reliabilityDetail(covariance);
  const k = columns.length;
  const found = cronbachAlpha(complete);
  return {
    scale: listAt(options, 'scale').map((bound) => (typeof bound === 'number' ? bound : null)),
    missing_cells: columns.flat().filter((value) => value === null).length,
    pairwise: analysis(columns, names),
    listwise: analysis(complete, names),
    listwise_classic: {
      alpha: found.alpha.value,
      n: found.complete,
      item_rest_r: found.items.map(({ itemRest }) => itemRest),
    },
    guttman_listwise: {
      lambda1: detail.lambda1,
      lambda2: detail.lambda2,
      split_half: k >= 4 && k <= 12 ? halves(correlationMatrix(covariance)) : undefined,
    },
    item_rest_personmean: columns.map((column, item) => correlation(column, scores(without(columns, item)))),
  };
}

function scoring(options: JsonObject, data: DataSource): FigureObject {
  const columns = itemsOf(options, data);
  const answered = Array.from({ length: rowCount(columns) }, (_, row) =>
    columns.filter((column) => column[row] !== null),
  );
  const table = new Map<string, number>();
  for (const { length } of answered) table.set(String(length), (table.get(String(length)) ?? 0) + 1);
  const rule = (least: number): FigureObject => {
    const { n, mean, sd } = describe(personScores(columns, least));
    return { n, mean, sd };
  };
  // How many answers a rule asks for is in its name.
  const rules = Object.keys(options).flatMap((name) => {
    const least = /^at_least_(\d+)$/.exec(name)?.[1];
    return least === undefined ? [] : [[name, attempt(() => rule(Number(least)))] as const];
  });
  return {
    answered_table: Object.fromEntries(table),
    available_mean: rule(1),
    ...Object.fromEntries(rules),
    complete_only: rule(columns.length),
  };
}

/** The items as they are, and with those reversed that go against the first component, on the range of all answers. */
function unkeyed(options: JsonObject, data: DataSource): FigureObject {
  const columns = itemsOf(options, data);
  const component = firstComponent(pairwiseCorrelations(columns));
  const answers = columns.flat().flatMap((value) => value ?? []);
  const ends = answers.reduce((a, b) => Math.min(a, b), Infinity) + answers.reduce((a, b) => Math.max(a, b), -Infinity);
  const keyed = columns.map((column, i) =>
    (component[i] ?? 0) < 0 ? column.map((value) => (value === null ? null : ends - value)) : column,
  );
  const figures = (items: Columns) => {
    const { alpha, standardised } = cronbachAlpha(items);
    return { alpha: alpha.value, std: standardised.value, scale_mean: describe(scores(items)).mean };
  };
  return { with_check_keys: figures(keyed), without: figures(columns), first_pc_loadings: component };
}

export const recompute: Recompute = (results, data) =>
  eachCase(results, (options) => {
    if ('answered_table' in options) return scoring(options, data);
    return 'without' in options ? unkeyed(options, data) : scale(options, data);
  });
