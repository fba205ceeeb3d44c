/**
 * Recomputes 10. Columns and groups are read from the descriptions of the cases (`score_post, treat 1 minus 0`), inline
 * data too. Some descriptions of clustered cases name columns in words: then the column that begins so is taken.
 */

import { pooledTTest, welchTest } from '../../analysis/compare.ts';
import type { Values } from '../../analysis/descriptives.ts';
import { approximateSmallSampleFactor, smallSampleFactor, standardisedDifference } from '../../analysis/effect-size.ts';
import {
  type ClusteredEffect,
  clusteredEffectSize,
  type EqualSizeEffect,
  iccWithinArms,
} from '../../analysis/effect-size-clustered.ts';
import { modelEffectSize } from '../../analysis/effect-size-model.ts';
import { standardisedChange } from '../../analysis/effect-size-paired.ts';
import { randomIntercept } from '../../analysis/random-intercept.ts';
import type { Estimate } from '../../analysis/result.ts';
import { attempt, eachCase, listAt, numberAt, objectAt, textAt } from './cases.ts';
import type { DataFrame, DataSource, FigureObject, Figures, JsonObject, Recompute, Tolerance } from './types.ts';

const bounds = ({ interval }: Estimate): Figures => [interval?.lower, interval?.upper];

/** Numbers of a description: `5.1,6.2` or `10..15`. */
function inline(text: string): number[] {
  const range = /^(\d+)\.\.(\d+)$/.exec(text.trim());
  if (!range) return text.split(',').map(Number);
  const [from, to] = [Number(range[1]), Number(range[2])];
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

/** The two groups of `x = …; y = …`, `… vs …` or `outcome, [column value,] column value minus value`. */
function twoGroups(options: JsonObject, data: DataSource): [Values, Values] {
  const text = textAt(options, 'desc');
  if (textAt(options, 'data') === 'inline') {
    const [, x = '', y = ''] = /^(?:x = )?(.+?)(?:; y = | vs )(.+)$/.exec(text) ?? [];
    return [inline(x), inline(y)];
  }
  const frame = data(textAt(options, 'data'));
  const parts = text.split(', ');
  const outcome = frame.numeric(parts[0] ?? '');
  const [, column = '', first = '', second = ''] = /^(\S+) (\S+) minus (\S+)$/.exec(parts.at(-1) ?? '') ?? [];
  const kept = keptRows(frame, parts.slice(1, -1));
  const labels = frame.column(column);
  const group = (label: string) => outcome.filter((_, row) => kept[row] && String(labels[row]) === label);
  return [group(first), group(second)];
}

/** Rows that meet every `column value`. */
function keptRows(frame: DataFrame, filters: readonly string[]): boolean[] {
  const conditions = filters.map((filter) => filter.split(' '));
  const columns = conditions.map(([name = '']) => frame.column(name));
  return Array.from({ length: frame.rows }, (_, row) =>
    conditions.every(([, value], i) => String(columns[i]?.[row]) === value),
  );
}

function independent(options: JsonObject, data: DataSource): FigureObject {
  const [x, y] = twoGroups(options, data);
  const found = standardisedDifference(x, y);
  const { textbook, cohenD, hedgesG, glassDelta, hedgesGNormal } = found;
  const pooled = pooledTTest(x, y);
  const welch = welchTest(x, y);
  const interval = ({ interval: each }: Estimate) => ({ lower: each?.lower, upper: each?.upper });
  return {
    n1: found.n[0],
    n2: found.n[1],
    mean1: found.means[0],
    mean2: found.means[1],
    sd1: found.sds[0],
    sd2: found.sds[1],
    sd_pooled: found.pooledSd,
    df: found.df,
    cohen_d: cohenD.value,
    J_exact: smallSampleFactor(found.df),
    J_approx: textbook?.factor,
    hedges_g_exact: hedgesG.value,
    hedges_g_approx: textbook?.g,
    ci95_noncentral_d: bounds(cohenD),
    ci95_noncentral_g: bounds(hedgesG),
    effectsize_hedges_g: { g: hedgesG.value, ...interval(hedgesG) },
    effectsize_cohens_d: { d: cohenD.value, ...interval(cohenD) },
    effectsize_glass_delta: { delta: glassDelta.value, ...interval(glassDelta) },
    metafor_SMD: {
      g: hedgesGNormal.value,
      vi: found.variance,
      ci95_normal: bounds(hedgesGNormal),
      vi_UB: found.unbiasedVariance,
    },
    var_d_borenstein: textbook?.varianceOfD,
    var_g_borenstein: textbook?.varianceOfG,
    t_pooled: pooled.t,
    p_pooled: pooled.p,
    ci95_diff_pooled: bounds(pooled.difference),
    t_welch: welch.t,
    df_welch: welch.df,
    p_welch: welch.p,
    ci95_diff_welch: bounds(welch.difference),
  };
}

/** The columns of `pre … vs post …` or the numbers of `pre …; post …`. */
function beforeAfter(options: JsonObject, data: DataSource): [Values, Values] {
  const text = textAt(options, 'desc');
  if (textAt(options, 'data') === 'inline') {
    const [, pre = '', post = ''] = /^pre (.+); post (.+)$/.exec(text) ?? [];
    return [inline(pre), inline(post)];
  }
  const [, pre = '', post = ''] = /^(\S+) vs (\S+)/.exec(text) ?? [];
  const frame = data(textAt(options, 'data'));
  return [frame.numeric(pre), frame.numeric(post)];
}

function paired(options: JsonObject, data: DataSource): FigureObject {
  const [pre, post] = beforeAfter(options, data);
  const found = standardisedChange(pre, post);
  const { textbook } = found;
  const metafor = ({ estimate, variance }: typeof found.inSdBefore) => ({
    g: estimate.value,
    vi: variance,
    ci: bounds(estimate),
  });
  return {
    n_pairs: found.pairs,
    mean_pre: found.means[0],
    mean_post: found.means[1],
    sd_pre: found.sds[0],
    sd_post: found.sds[1],
    r: found.correlation,
    mean_change: found.meanChange,
    sd_change: found.sdOfChange,
    t: found.t,
    p: found.p,
    d_z: found.dz.value,
    g_z_exact: found.gz.value,
    g_z_approx: textbook?.gz,
    ci95_noncentral_d_z: bounds(found.dz),
    ci95_noncentral_g_z: bounds(found.gz),
    effectsize_hedges_g_paired: {
      g: found.gz.value,
      lower: found.gz.interval?.lower,
      upper: found.gz.interval?.upper,
    },
    d_av: textbook?.dav,
    g_av_approx: textbook?.gav,
    d_rm: textbook?.drm,
    g_rm_approx: textbook?.grm,
    d_pre_sd: textbook?.dBefore,
    var_d_av_borenstein: textbook?.varianceOfDav,
    metafor_SMCC: metafor(found.inSdOfChange),
    metafor_SMCR: metafor(found.inSdBefore),
    metafor_SMCRH: metafor(found.inSdBeforeUnequal),
  };
}

function equalSize({ size, effect, variance, df, factor, g }: EqualSizeEffect): FigureObject {
  const d = { n: size, d_T: effect.value, var_d_T: variance, se: Math.sqrt(variance) };
  return { ...d, h: df, omega_h: factor, g_T: g, ci95: bounds(effect) };
}

function unequalSize({ effect, variance }: ClusteredEffect['unequal']): FigureObject {
  return { d_T: effect.value, var: variance, se: Math.sqrt(variance), ci95: bounds(effect) };
}

function hedges2007(
  outcome: Values,
  treated: Values,
  clusters: readonly (string | number | null)[],
  icc: number,
): Figures {
  const { effect } = clusteredEffectSize(outcome, treated, clusters, icc);
  if (effect === null) return null;
  const { equalAtMeanSize, clearinghouse } = effect;
  return {
    b: effect.difference,
    S_total_pooled: effect.sd,
    raw_d: effect.plain,
    icc,
    NT: effect.people[0],
    NC: effect.people[1],
    mT: effect.clusters[0],
    mC: effect.clusters[1],
    n_UT: effect.effectiveSizes[0],
    n_UC: effect.effectiveSizes[1],
    n_tilde: effect.weightedSize,
    n_bar: effect.meanSize,
    equal_size_formula_nbar: equalSize(equalAtMeanSize),
    equal_size_formula_nU: equalSize(effect.equalAtEffectiveSize),
    unequal_size_formula: unequalSize(effect.unequal),
    wwc: {
      gamma: clearinghouse.gamma,
      h: equalAtMeanSize.df,
      omega: equalAtMeanSize.factor,
      g: clearinghouse.g,
      se: clearinghouse.standardError,
    },
  };
}

/** The columns of `outcome by treatment, cluster`, or of `outcome, column value, cluster` with the treatment `treated`. */
function clusteredColumns(options: JsonObject, data: DataSource) {
  const frame = data(textAt(options, 'data'));
  const parts = textAt(options, 'desc').split(', ');
  const [outcome = '', treatment = 'treated'] = (parts[0] ?? '').split(' by ');
  const cluster = parts.at(-1) ?? '';
  const column = frame.names.includes(cluster)
    ? cluster
    : (frame.names.find((name) => name.startsWith(cluster)) ?? cluster);
  const kept = keptRows(frame, parts.slice(1, -1));
  const within = <Value>(values: readonly Value[]) => values.filter((_, row) => kept[row]);
  return {
    outcome: within(frame.numeric(outcome)),
    treated: within(frame.numeric(treatment)),
    clusters: within(frame.column(column)),
  };
}

function clustered(options: JsonObject, data: DataSource): FigureObject {
  const { outcome, treated, clusters } = clusteredColumns(options, data);
  const anova = iccWithinArms(outcome, treated, clusters);
  const at = (icc: number | null) => attempt(() => (icc === null ? null : hedges2007(outcome, treated, clusters, icc)));
  // The case states the ICC that it takes as known.
  const rows = outcome.flatMap((value, row) =>
    value === null || treated[row] === null || clusters[row] === null ? [] : [row],
  );
  const { fit } = randomIntercept(
    rows.map((row) => outcome[row] ?? 0),
    [],
    rows.map((row) => clusters[row] ?? ''),
  );
  const reml = fit === null ? null : fit.between / (fit.between + fit.within);
  const known = (name: string) => at(numberAt(objectAt(options, name), 'icc'));
  const rest = Object.keys(options).filter((name) => /^hedges2007_icc_\d+$/.test(name));
  return {
    icc_reml_null_model: reml,
    icc_anova_within_arm: anova,
    hedges2007_icc_reml: at(reml),
    hedges2007_icc_anova: at(anova),
    ...Object.fromEntries(rest.map((name) => [name, known(name)])),
  };
}

/** `outcome ~ treatment + covariates + (1 | cluster)`; the treatment is the first predictor. */
function modelled(options: JsonObject, data: DataSource): Figures {
  const frame = data(textAt(options, 'data'));
  const [left = '', right = ''] = textAt(options, 'formula').split('~');
  const [, cluster = ''] = /\(1 \| ([^)]+)\)/.exec(right) ?? [];
  const [treatment = '', ...covariates] = right
    .split('+')
    .map((term) => term.trim())
    .filter((term) => !term.startsWith('('));
  const { effect } = modelEffectSize(
    frame.numeric(left.trim()),
    frame.numeric(treatment),
    covariates.map((name) => frame.numeric(name)),
    frame.column(cluster.trim()),
  );
  if (effect === null) return null;
  const { corrected, between, within } = effect;
  const eef = (total: number, found: ClusteredEffect | null) => ({
    S2_total: total,
    icc: found?.icc,
    g_total_unequal: found === null ? null : unequalSize(found.unequal),
  });
  return {
    b: effect.coefficient,
    se: effect.standardError,
    tau2: between,
    sigma2: within,
    delta_total_conditional: effect.inTotalSd,
    delta_within_conditional: effect.inWithinSd,
    eef_conditional: eef(between + within, effect.conditional),
    eef_unconditional: eef(effect.nullBetween + effect.nullWithin, effect.unconditional),
    delta_raw_pooled_sd: { sd: effect.pooledSd, delta: effect.inPooledSd, se: effect.standardErrorInPooledSd },
    lmeInfo_g_mlm: {
      g_AB: corrected.g,
      SE_g_AB: corrected.standardError,
      delta_AB: effect.inTotalSd,
      nu: corrected.df,
      J_nu: corrected.factor,
      theta: { [`Tau.${cluster}.${cluster}.var((Intercept))`]: between, sigma_sq: within },
    },
  };
}

/** The script holds its own Hedges formulas against eefAnalytics on the conditional model of this data set. */
function crosscheck(data: DataSource): Figures {
  const frame = data('eef_crtData');
  const columns = ['Posttest', 'Intervention', 'Prettest'].map((name) => frame.numeric(name));
  const [outcome = [], treated = [], before = []] = columns;
  const found = modelEffectSize(outcome, treated, [before], frame.column('School')).effect?.conditional?.unequal;
  if (!found) return null;
  const [g, se] = [found.effect.value ?? Number.NaN, Math.sqrt(found.variance)];
  return { g, 'lower_1.96': g - 1.96 * se, 'upper_1.96': g + 1.96 * se, own_d_T: g, own_se: se };
}

export const recompute: Recompute = (results, data) => {
  const df = listAt(objectAt(results, 'J'), 'df').map((value) => (typeof value === 'number' ? value : Number.NaN));
  return {
    independent: eachCase(objectAt(results, 'independent'), (options) => independent(options, data)),
    paired: eachCase(objectAt(results, 'paired'), (options) => paired(options, data)),
    clustered: eachCase(objectAt(results, 'clustered'), (options) => clustered(options, data)),
    model_based: eachCase(objectAt(results, 'model_based'), (options) => modelled(options, data)),
    crosscheck_eefAnalytics_g_total:
      'crosscheck_eefAnalytics_g_total' in results ? attempt(() => crosscheck(data)) : undefined,
    J: { df, exact: df.map(smallSampleFactor), approx: df.map(approximateSmallSampleFactor) },
  };
};

/**
 * As the notes of the file state: effectsize finds its intervals by optimisation, to about 1e-6. Models are iterative
 * fits; nlme, on which lmeInfo stands, stops a few units of the sixth digit away from lme4's variances.
 */
export const tolerance: Tolerance = (path) => {
  if (/effectsize_.*\/(lower|upper)$/.test(path)) return { relative: 1e-6, absolute: 1e-6 };
  if (/lmeInfo_g_mlm\/theta/.test(path)) return 1e-5;
  return /model_based|icc_reml|crosscheck/.test(path) ? 1e-6 : 1e-8;
};
