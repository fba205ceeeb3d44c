/**
 * Recomputes 10. Columns and groups are read from the descriptions of the cases (`score_post, treat 1 minus 0`), inline
 * data too. Some descriptions of clustered cases name columns in words: then the column that begins so is taken.
 */

import { pooledTTest, welchTest } from '../../analysis/compare.ts';
import type { Values } from '../../analysis/descriptives.ts';
import { approximateSmallSampleFactor, smallSampleFactor, standardisedDifference } from '../../analysis/effect-size.ts';
import { standardisedChange } from '../../analysis/effect-size-paired.ts';
import type { Estimate } from '../../analysis/result.ts';
import { attempt, eachCase, listAt, objectAt, textAt } from './cases.ts';
import { bounds, clustered, crosscheck, keptRows, modelled } from './clustered-effects.ts';
import type { DataSource, FigureObject, Figures, JsonObject, Recompute, Tolerance } from './types.ts';

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

/** Above this noncentrality R's `pt` is a normal approximation that misses by 1e-5 and more; ours stays exact. */
const limitOfPt = 37.62;
const beyondPt = new Error(`R's pt is rough where the noncentrality is above ${limitOfPt}`);

/** The bounds of an effect as `scale` times a noncentrality, without those that R finds by its approximation. */
function exactBounds(estimate: Estimate, scale: number): [Figures, Figures] {
  const bound = (value: number | undefined) =>
    value !== undefined && Math.abs(value / scale) > limitOfPt ? beyondPt : value;
  return [bound(estimate.interval?.lower), bound(estimate.interval?.upper)];
}

function independent(options: JsonObject, data: DataSource): FigureObject {
  const [x, y] = twoGroups(options, data);
  const found = standardisedDifference(x, y);
  const { textbook, cohenD, hedgesG, glassDelta, hedgesGNormal } = found;
  const pooled = pooledTTest(x, y);
  const welch = welchTest(x, y);
  const [n1, n2] = found.n;
  const [sd1, sd2] = found.sds;
  const scale = Math.sqrt(1 / n1 + 1 / n2);
  const scaleOfG = scale * (found.df > 1 ? smallSampleFactor(found.df) : 1);
  const scaleOfDelta = Math.sqrt(1 / n2 + (sd1 ?? 0) ** 2 / (n1 * (sd2 ?? 1) ** 2));
  const interval = (estimate: Estimate, each: number) => {
    const [lower, upper] = exactBounds(estimate, each);
    return { lower, upper };
  };
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
    J_exact: attempt(() => smallSampleFactor(found.df)),
    J_approx: textbook?.factor,
    hedges_g_exact: hedgesG.value,
    hedges_g_approx: textbook?.g,
    ci95_noncentral_d: exactBounds(cohenD, scale),
    ci95_noncentral_g: exactBounds(hedgesG, scaleOfG),
    effectsize_hedges_g: { g: hedgesG.value, ...interval(hedgesG, scaleOfG) },
    effectsize_cohens_d: { d: cohenD.value, ...interval(cohenD, scale) },
    effectsize_glass_delta: { delta: glassDelta.value, ...interval(glassDelta, scaleOfDelta) },
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
  const scale = 1 / Math.sqrt(found.pairs);
  const scaleOfG = scale * (found.pairs > 2 ? smallSampleFactor(found.pairs - 1) : 1);
  const [lower, upper] = exactBounds(found.gz, scaleOfG);
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
    ci95_noncentral_d_z: exactBounds(found.dz, scale),
    ci95_noncentral_g_z: [lower, upper],
    effectsize_hedges_g_paired: { g: found.gz.value, lower, upper },
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

/** The factors of each df; one df stands without a list, as R writes it. */
function factors(options: JsonObject): FigureObject {
  const each = (compute: (df: number) => number): Figures => {
    const found = listAt(options, 'df').map((df) => attempt(() => (typeof df === 'number' ? compute(df) : null)));
    return Array.isArray(options.df) ? found : found[0];
  };
  return { df: each((df) => df), exact: each(smallSampleFactor), approx: each(approximateSmallSampleFactor) };
}

export const recompute: Recompute = (results, data) => {
  return {
    independent: eachCase(objectAt(results, 'independent'), (options) => independent(options, data)),
    paired: eachCase(objectAt(results, 'paired'), (options) => paired(options, data)),
    clustered: eachCase(objectAt(results, 'clustered'), (options) => clustered(options, data)),
    model_based: eachCase(objectAt(results, 'model_based'), (options) => modelled(options, results, data)),
    crosscheck_eefAnalytics_g_total:
      'crosscheck_eefAnalytics_g_total' in results ? attempt(() => crosscheck(data)) : undefined,
    J: factors(objectAt(results, 'J')),
  };
};

/**
 * As the notes of the file state: effectsize finds its intervals by optimisation, to about 1e-6. Models are iterative
 * fits; nlme, on which lmeInfo stands, stops a few units of the sixth digit away from lme4's variances. A bound of an
 * effect from a model may lie near zero, where the sixth digit of the effect is far more of the bound.
 */
export const tolerance: Tolerance = (path) => {
  if (/effectsize_.*\/(lower|upper)$/.test(path)) return { relative: 1e-6, absolute: 1e-6 };
  if (/(^model_based|icc_reml).*\/ci95\/\d$/.test(path)) return { relative: 1e-6, absolute: 1e-7 };
  if (/lmeInfo_g_mlm\/theta/.test(path)) return 1e-5;
  return /model_based|icc_reml|crosscheck/.test(path) ? 1e-6 : 1e-8;
};
