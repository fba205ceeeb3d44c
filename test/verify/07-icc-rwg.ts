/**
 * Recomputes 07. Cases state data set, outcome and group; a group made of several columns is written `A + B`. A list
 * `mult_icc_NAME` names its variables; NAME is its data set. Its group stands in the script only (`GRP` of `bh1996`): for
 * other data sets it is the one that the other cases of the same data set state.
 */
import { fivePointNulls, type GroupAgreement, groupAgreement, rectangularNull } from '../../analysis/agreement.ts';
import { groupsOf } from '../../analysis/compare.ts';
import { describe, type Values } from '../../analysis/descriptives.ts';
import { groupReliability, steppedUp } from '../../analysis/group-reliability.ts';
import { groupVariance } from '../../analysis/group-variance.ts';
import { median } from '../../analysis/moments.ts';
import {
  attempt,
  eachCase,
  eachInList,
  extremes,
  isObject,
  listAt,
  numberAt,
  objectAt,
  reversedOf,
  textAt,
} from './cases.ts';
import type { DataFrame, DataSource, FigureObject, Figures, JsonObject, Recompute, Tolerance } from './types.ts';

/** The label of each row; a remark after the names of the columns is passed over. */
function labelsOf(frame: DataFrame, group: string): (string | number | null)[] {
  const columns = group
    .replace(/ (\(|alone).*/, '')
    .split(' + ')
    .map((name) => frame.column(name));
  const [first] = columns;
  if (first && columns.length === 1) return first;
  // R pastes a missing part as the text NA, so that it makes groups of its own.
  return Array.from({ length: frame.rows }, (_, row) => columns.map((column) => column[row] ?? 'NA').join(' '));
}

function model(groups: readonly Values[], method: 'reml' | 'ml'): FigureObject {
  const { between, within, icc, mean, standardError } = groupVariance(groups, method);
  return { tau2: between, sigma2: within, icc1: icc, mean, se: standardError };
}

function icc(options: JsonObject, data: DataSource): FigureObject {
  const frame = data(textAt(options, 'data'));
  const labels = labelsOf(frame, textAt(options, 'group'));
  const groups = groupsOf(frame.numeric(textAt(options, 'y')), labels).map(({ values }) => values);
  const sizes = groups.map((group) => describe(group).n).filter((size) => size > 0);
  const found = groupReliability(groups);
  const { icc1, icc1MeanSize, icc2 } = found;
  const single = groupVariance(groups, 'reml').icc;
  const reliabilities = sizes.map((size) => steppedUp(single, size) ?? Number.NaN);
  const sizeRange = extremes(sizes);
  return {
    N: found.n,
    J: found.groups,
    singletons: found.singletons,
    n_min: sizeRange.min,
    n_max: sizeRange.max,
    n_mean: found.meanSize,
    n0: found.effectiveSize,
    n_harmonic: found.harmonicSize,
    MSB: found.meanSquareBetween,
    MSW: found.meanSquareWithin,
    df_between: found.dfBetween,
    df_within: found.dfWithin,
    F: found.f,
    p: found.p,
    eta_sq: found.etaSquared,
    omega_sq: found.omegaSquared,
    ICC1_multilevel_nbar: icc1MeanSize.value,
    ICC2_multilevel: icc2.value,
    ICC1_n0: icc1.value,
    ICC1_n0_ci95: { ...icc1.interval },
    ICC1_nbar_ci95: { ...icc1MeanSize.interval },
    ICC2_spearman_brown_nbar_of_ICC1_n0: found.icc2SteppedUp,
    ICC2_ci95: { ...icc2.interval },
    design_effect_nbar: found.designEffect,
    design_effect_kish: found.designEffectKish,
    effective_n: found.effectivePeople,
    lmer_reml: model(groups, 'reml'),
    lmer_ml: model(groups, 'ml'),
    group_mean_reliability_reml: { mean: describe(reliabilities).mean, ...extremes(reliabilities) },
  };
}

function summary(values: Values): FigureObject {
  const kept = values.filter((value) => value !== null);
  const { n, mean, sd } = describe(kept);
  const ge70 = kept.filter((value) => value >= 0.7).length / n;
  return { n, mean, median: median(kept), sd, ...extremes(kept), ge70 };
}

function agreement(options: JsonObject, data: DataSource): FigureObject {
  const frame = data(textAt(options, 'data'));
  const labels = labelsOf(frame, textAt(options, 'group'));
  const [low, high] = listAt(options, 'range').map(Number);
  if (low === undefined || high === undefined) throw new RangeError('the case states no range');
  const reversed = reversedOf(options);
  const items = listAt(options, 'items').map((item) => {
    const answers = frame.numeric(String(item));
    return reversed.includes(item) ? answers.map((value) => (value === null ? null : low + high - value)) : answers;
  });
  const range = [low, high] as const;
  const nullVariance = numberAt(options, 'ranvar');
  const found = groupAgreement(items, labels, { range, nullVariance });
  const byLabel = new Map(found.map((group) => [String(group.group), group]));
  const nulls =
    high - low === 4
      ? {
          uniform: fivePointNulls.uniform,
          slight_skew: fivePointNulls.slightSkew,
          moderate_skew: fivePointNulls.moderateSkew,
          heavy_skew: fivePointNulls.heavySkew,
          triangular: fivePointNulls.triangular,
          normal: fivePointNulls.normal,
        }
      : { uniform: rectangularNull(high - low + 1) };
  const over = (of: (group: GroupAgreement) => number | null | undefined) =>
    summary(found.map((group) => of(group) ?? null));
  return {
    ranvar: nullVariance,
    range,
    per_group: eachInList(listAt(options, 'per_group'), (row): Figures => {
      const group = byLabel.get(textAt(row, 'group'));
      if (!group) return new Error('no such group');
      return {
        n: group.n,
        rwg_item1: group.items[0],
        rwg_j: group.rwgJ,
        rwg_j_lindell: group.lindell,
        ad_mean: group.deviationFromMean,
        ad_median: group.deviationFromMedian,
        ad_item1: group.itemDeviations[0],
        awg: group.awg,
      };
    }),
    summary: {
      rwg_item1: over(({ items: [first] }) => first),
      rwg_j: over(({ rwgJ }) => rwgJ),
      rwg_j_lindell: over(({ lindell }) => lindell),
      ad_mean: over(({ deviationFromMean }) => deviationFromMean),
      ad_median: over(({ deviationFromMedian }) => deviationFromMedian),
      awg: over(({ awg }) => awg),
    },
    alt_null: Object.fromEntries(
      Object.entries(nulls).map(([name, variance]) => [
        name,
        summary(groupAgreement(items, labels, { range, nullVariance: variance }).map(({ rwgJ }) => rwgJ)),
      ]),
    ),
  };
}

const severalPrefix = 'mult_icc_';

/** The group of a list of several variables: the script's, or the only one that cases of the same data set state. */
function statedGroup(results: JsonObject, dataSet: string): string {
  if (dataSet === 'bh1996') return 'GRP';
  const cases = ['icc', 'agreement'].flatMap((part) => Object.values(objectAt(results, part)));
  const groups = new Set(
    cases.flatMap((options) =>
      isObject(options) && options.data === dataSet && typeof options.group === 'string' ? [options.group] : [],
    ),
  );
  const [group] = groups;
  if (group === undefined) throw new RangeError(`neither the list nor another case of ${dataSet} states a group`);
  if (groups.size > 1) throw new RangeError(`the list states no group, and other cases of ${dataSet} state several`);
  return group;
}

/** ICCs of several variables. The group size of ICC2 counts everybody in a group, with or without a value. */
function several(results: JsonObject, key: string, data: DataSource): Figures {
  const dataSet = key.slice(severalPrefix.length);
  const frame = data(dataSet);
  const labels = labelsOf(frame, statedGroup(results, dataSet));
  const grouped = labels.filter((label) => label !== null);
  const meanSize = grouped.length / new Set(grouped).size;
  return eachInList(listAt(results, key), (row) => {
    const groups = groupsOf(frame.numeric(textAt(row, 'Variable')), labels).map(({ values }) => values);
    const single = groupVariance(groups, 'reml').icc;
    return { ICC1: single, ICC2: steppedUp(single, meanSize) };
  });
}

/**
 * Variances by likelihood are iterative in R. Those by full likelihood get 2e-6: on `bh1996` R stops up to 1.6e-6 short of
 * the minimum, which the same deviance in 50-digit arithmetic puts where ours is, to 1e-14.
 */
export const tolerance: Tolerance = (path) => {
  if (path.includes('lmer_ml')) return 2e-6;
  return /lmer_reml|_reml\/|mult_icc/.test(path) ? 1e-6 : 1e-8;
};

export const recompute: Recompute = (results, data) => ({
  icc: eachCase(objectAt(results, 'icc'), (options) => icc(options, data)),
  ...Object.fromEntries(
    Object.keys(results)
      .filter((key) => key.startsWith(severalPrefix))
      .map((key) => [key, attempt(() => several(results, key, data))]),
  ),
  agreement: eachCase(objectAt(results, 'agreement'), (options) => agreement(options, data)),
});
