/** The cases of 10 about trials of whole clusters, and the reading of conditions that all its cases share. */
import type { Values } from '../../analysis/descriptives.ts';
import {
  type ClusteredEffect,
  clusteredEffectSize,
  type EqualSizeEffect,
  iccWithinArms,
} from '../../analysis/effect-size-clustered.ts';
import { modelEffectSize } from '../../analysis/effect-size-model.ts';
import { randomIntercept } from '../../analysis/random-intercept.ts';
import type { Estimate } from '../../analysis/result.ts';
import { attempt, isObject, numberAt, objectAt, textAt } from './cases.ts';
import { parseFormula } from './formula.ts';
import type { DataFrame, DataSource, FigureObject, Figures, JsonObject } from './types.ts';

/** The bounds of an interval, as R writes them. */
export const bounds = ({ interval }: Estimate): Figures => [interval?.lower, interval?.upper];

/** Rows that meet every `column value`. */
export function keptRows(frame: DataFrame, filters: readonly string[]): boolean[] {
  const conditions = filters.map((filter) => filter.split(' '));
  const columns = conditions.map(([name = '']) => frame.column(name));
  return Array.from({ length: frame.rows }, (_, row) =>
    conditions.every(([, value], i) => String(columns[i]?.[row]) === value),
  );
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

export function clustered(options: JsonObject, data: DataSource): FigureObject {
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

/** `outcome ~ predictors + (1 | cluster)`. */
export function modelled(options: JsonObject, results: JsonObject, data: DataSource): Figures {
  const frame = data(textAt(options, 'data'));
  const { outcome, terms: predictors, random } = parseFormula(textAt(options, 'formula'));
  const [part] = random;
  const [cluster] = part?.groups ?? [];
  if (cluster === undefined || random.length > 1 || part?.slopes.length !== 0 || part.groups.length > 1) {
    return new Error('effects are of models with a random intercept of one level of groups');
  }
  const treatment = treatmentAmong(predictors, cluster, options, results, frame);
  const covariates = predictors.filter((name) => name !== treatment);
  const { effect, notes } = modelEffectSize(
    frame.numeric(outcome),
    frame.numeric(treatment),
    covariates.map((name) => frame.numeric(name)),
    frame.column(cluster),
  );
  if (effect === null) throw new RangeError(notes[0]?.text);
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

/**
 * The case does not say which predictor is the treatment: it is the only one of 0 and 1, or of several the one that other
 * cases compare on the same data, or the only one that whole clusters share.
 */
function treatmentAmong(
  predictors: readonly string[],
  cluster: string,
  options: JsonObject,
  results: JsonObject,
  frame: DataFrame,
): string {
  const binary = predictors.filter((name) =>
    frame.column(name).every((cell) => cell === null || cell === 0 || cell === 1),
  );
  const descriptions = ['clustered', 'independent']
    .flatMap((kind) => Object.values(objectAt(results, kind)))
    .filter((each) => isObject(each) && each.data === options.data)
    .map((each) => textAt(each, 'desc'));
  const compared = binary.filter((name) =>
    descriptions.some((text) => text.includes(` by ${name},`) || text.includes(`, ${name} 1 minus 0`)),
  );
  const labels = frame.column(cluster);
  const shared = binary.filter((name) => {
    const arms = frame.column(name);
    const rows = [...arms.keys()].filter((row) => arms[row] !== null && labels[row] !== null);
    const both = new Set(rows.map((row) => `${arms[row]} ${labels[row]}`));
    return both.size === new Set(rows.map((row) => labels[row])).size;
  });
  const found = [binary, compared, shared].find((names) => names.length === 1)?.[0];
  if (found === undefined) throw new RangeError('the case does not say which of its predictors is the treatment');
  return found;
}

/** The script holds its own Hedges formulas against eefAnalytics on the conditional model of this data set. */
export function crosscheck(data: DataSource): Figures {
  const frame = data('eef_crtData');
  const columns = ['Posttest', 'Intervention', 'Prettest'].map((name) => frame.numeric(name));
  const [outcome = [], treated = [], before = []] = columns;
  const found = modelEffectSize(outcome, treated, [before], frame.column('School')).effect?.conditional?.unequal;
  if (!found) return null;
  const [g, se] = [found.effect.value ?? Number.NaN, Math.sqrt(found.variance)];
  return { g, 'lower_1.96': g - 1.96 * se, 'upper_1.96': g + 1.96 * se, own_d_T: g, own_se: se };
}
