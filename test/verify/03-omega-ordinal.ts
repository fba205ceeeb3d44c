/**
 * Recomputes 03. A case states data set, items and which of them are reversed; only the script states the range for the
 * reversal, which is taken to be that of all answers to the items. Searches stop where R's stop.
 */
import { type Columns, completeRows, pairwiseCorrelations, rowCount } from '../../analysis/covariance.ts';
import type { Values } from '../../analysis/descriptives.ts';
import { minimumResidual } from '../../analysis/factors/extraction.ts';
import { symmetricEigenvalues } from '../../analysis/numeric/eigen.ts';
import { omegaHierarchical, omegaTotal, ordinalAlpha, ordinalOmega } from '../../analysis/omega.ts';
import { omegaWithGaps } from '../../analysis/omega-gaps.ts';
import { omegaOrdinal } from '../../analysis/omega-ordinal.ts';
import type { FitTest } from '../../analysis/ordinal-factor.ts';
import { polychoricCorrelations } from '../../analysis/polychoric.ts';
import { polychoricLikelihood } from '../../analysis/polychoric-likelihood.ts';
import { cronbachAlpha } from '../../analysis/reliability.ts';
import { attempt, eachCase, listAt, reversedOf, textAt } from './cases.ts';
import type { DataSource, FigureObject, Figures, JsonObject, Recompute, Tolerance } from './types.ts';

const asOptim = { reduction: 1e7 * Number.EPSILON };
const asPackages = { tolerance: 1e-5 };
const asOptimise = { tolerance: Number.EPSILON ** 0.25 };

type Matrix = readonly (readonly number[])[];

function columnsOf(options: JsonObject, data: DataSource): Columns {
  const frame = data(textAt(options, 'data'));
  const items = listAt(options, 'items');
  const columns = items.map((item) => frame.numeric(String(item)));
  const answers = columns.flat().flatMap((value) => value ?? []);
  const ends = answers.reduce((a, b) => Math.min(a, b), Infinity) + answers.reduce((a, b) => Math.max(a, b), -Infinity);
  const reversed = reversedOf(options);
  return columns.map((column, i) =>
    reversed.includes(items[i] ?? null) ? column.map((value) => (value === null ? null : ends - value)) : column,
  );
}

function named(items: readonly string[], values: readonly number[] | null | undefined): FigureObject {
  return Object.fromEntries(items.map((item, i) => [item, values?.[i]]));
}

function oneFactor(columns: Columns, items: readonly string[]): FigureObject {
  const found = omegaTotal(columns);
  const omega = found.omega.value;
  const observed = found.omegaObserved.value;
  const sign = Math.sign(found.loadings?.[0] ?? 1);
  const turned = (values: readonly number[] | null) => values?.map((value) => sign * value);
  return {
    omega_total_model: omega,
    omega_total_observed_denominator: observed,
    omega_standardised_loadings: found.omegaStandardised.value,
    AVE: found.averageVarianceExtracted,
    semTools_alpha: cronbachAlpha(columns, { use: 'listwise' }).alpha.value,
    semTools_omega: omega,
    semTools_omega2: omega,
    semTools_omega3: observed,
    compRelSEM: observed,
    compRelSEM_obsvarFALSE: omega,
    loadings_raw: named(items, turned(found.loadings)),
    residual_variances: named(items, found.residualVariances),
    loadings_std: named(items, turned(found.standardisedLoadings)),
  };
}

function withGaps(columns: Columns): FigureObject {
  const { n, value } = omegaWithGaps(columns);
  return { n, omega_total_model: value };
}

function minresFactor(r: Matrix): FigureObject {
  const { loadings, uniquenesses } = minimumResidual(r, 1, asOptim);
  const rest = uniquenesses.reduce((total, value) => total + value, 0);
  const all = r.flat().reduce((total, value) => total + value, 0);
  return {
    loadings: loadings.map((line) => line[0]),
    uniquenesses,
    omega_total: 1 - rest / all,
    omega_total_model: ordinalOmega(r, asOptim),
  };
}

function hierarchical(r: Matrix, groups: number): FigureObject {
  const found = omegaHierarchical(r, groups, { extraction: asOptim, rotation: asPackages });
  const { general, groups: rest, communalities, uniquenesses } = found.factors;
  return {
    omega_h: found.hierarchical,
    omega_total: found.total,
    alpha_std: found.alpha,
    G6: found.lambda6,
    omega_lim: found.asymptotic,
    general_loadings: general,
    sl: general.map((value, i) => [
      value,
      ...(rest[i] ?? []),
      communalities[i],
      uniquenesses[i],
      value ** 2 / (communalities[i] ?? Number.NaN),
    ]),
  };
}

function farthest(a: Matrix, b: Matrix): number {
  return Math.max(...a.flatMap((line, i) => line.map((value, j) => Math.abs(value - (b[i]?.[j] ?? Number.NaN)))));
}

const nested = new Error(
  'two items have one empty cell of four: psych and polycor stop where rounding ends their search, near 1 or -1',
);

/** Whether two answers to each of two items leave one of the four pairs to nobody. */
function isNested(first: Values, second: Values): boolean {
  const pairs = Array.from(first, (value, row) => [value, second[row] ?? null] as const).filter(
    ([a, b]) => a !== null && b !== null,
  );
  const count = (values: Iterable<unknown>) => new Set(values).size;
  const four = count(pairs.map(([a]) => a)) === 2 && count(pairs.map(([, b]) => b)) === 2;
  return four && count(pairs.map(([a, b]) => `${a} ${b}`)) === 3;
}

function ordinal(columns: Columns, items: readonly string[]): FigureObject {
  const twoStep = polychoricCorrelations(columns);
  const polycor = polychoricCorrelations(columns, { thresholds: 'pair', ...asOptimise }).correlations;
  const asPsych = { use: 'pairwise', smooth: true, reach: 1, ...asOptimise } as const;
  // With items of unequal range psych takes the thresholds of each pair, and half a person for an empty cell.
  const ranges = new Set(polychoricCorrelations(columns, asPsych).categories.map((categories) => categories.at(-1)));
  const global = ranges.size === 1 ? ({} as const) : ({ thresholds: 'pair', emptyCells: 0.5 } as const);
  const psych = polychoricCorrelations(columns, { ...asPsych, ...global }).correlations;
  const local = polychoricCorrelations(columns, { ...asPsych, thresholds: 'pair' }).correlations;
  const complete = completeRows(columns);
  const doubtful = complete.map((first, i) => complete.map((second, j) => i !== j && isNested(first, second)));
  const polycorDoubtful = doubtful.flat().includes(true);
  const psychDoubtful = columns.some((first, i) => columns.some((second, j) => i < j && isNested(first, second)));
  const thresholds = twoStep.thresholds.flatMap((cuts, i) =>
    cuts.map((cut, k) => [`${items[i]}|t${k + 1}`, cut] as const),
  );
  return {
    lavaan_two_step_listwise: {
      alpha: ordinalAlpha(twoStep.correlations),
      omega_minres: ordinalOmega(twoStep.correlations, asOptim),
      polychoric: twoStep.correlations,
      thresholds: Object.fromEntries(thresholds),
    },
    // The reference is the same estimate as lavaan's, by another search; we have it once.
    reference_two_step_listwise: {
      alpha: ordinalAlpha(twoStep.correlations),
      omega_minres: ordinalOmega(twoStep.correlations, asOptim),
      polychoric: twoStep.correlations,
      eigenvalues: symmetricEigenvalues(twoStep.correlations),
    },
    max_abs_diff_reference_vs_lavaan: 0,
    max_abs_diff_reference_vs_polycor: polycorDoubtful ? nested : farthest(twoStep.correlations, polycor),
    polycor_two_step_listwise: {
      alpha: polycorDoubtful ? nested : ordinalAlpha(polycor),
      polychoric: polycor.map((line, i) => line.map((value, j) => (doubtful[i]?.[j] ? nested : value))),
    },
    psych_default: psychDoubtful
      ? nested
      : { alpha: ordinalAlpha(psych), omega_minres: ordinalOmega(psych, asOptim), polychoric: psych },
    psych_correct0_local: psychDoubtful ? nested : { alpha: ordinalAlpha(local), polychoric: local },
    max_abs_diff_lavaan_vs_polycor: polycorDoubtful ? nested : farthest(twoStep.correlations, polycor),
    max_abs_diff_lavaan_vs_psych_default: psychDoubtful ? nested : farthest(twoStep.correlations, psych),
  };
}

function weighted(columns: Columns): FigureObject {
  const { factor, ofAnswers, ofAnswersByModel, ofLatentResponses } = omegaOrdinal(columns);
  if (factor === null) throw new Error(ofAnswers.notes.map(({ text }) => text).join(' '));
  // lavaan turns a factor so that its first item goes with it, and calls the fit of a model without degrees of freedom perfect.
  const sign = Math.sign(factor.loadings[0] ?? 1);
  const perfect = { comparativeFit: 1, tuckerLewis: 1, rmsea: 0 };
  const [plain, scaled] = [factor.plain, factor.scaled].map((test) =>
    test.degreesOfFreedom === 0 ? { ...test, ...perfect } : test,
  ) as [FitTest, FitTest];
  return {
    loadings_std: factor.loadings.map((value) => sign * value),
    se: factor.standardErrors,
    chisq: plain.chiSquare,
    df: plain.degreesOfFreedom,
    chisq_scaled: scaled.chiSquare,
    cfi: plain.comparativeFit,
    cfi_scaled: scaled.comparativeFit,
    tli: plain.tuckerLewis,
    tli_scaled: scaled.tuckerLewis,
    rmsea: plain.rmsea,
    rmsea_scaled: scaled.rmsea,
    srmr: factor.srmr,
    omega_green_yang: ofAnswers.value,
    omega_green_yang_model_denominator: ofAnswersByModel.value,
    omega_latent_response: ofLatentResponses.value,
  };
}

function scale(options: JsonObject, data: DataSource): FigureObject {
  const columns = columnsOf(options, data);
  const items = listAt(options, 'items').map(String);
  const r = pairwiseCorrelations(columns);
  const groups = Object.keys(options).flatMap((key) => /^psych_omega_nf(\d+)$/.exec(key)?.[1] ?? []);
  return {
    n_rows: rowCount(columns),
    n_complete: rowCount(completeRows(columns)),
    omega_cfa_ml_listwise: attempt(() => oneFactor(columns, items)),
    omega_cfa_fiml: attempt(() => withGaps(columns)),
    omega_minres_1f_pairwise: attempt(() => minresFactor(r)),
    ...Object.fromEntries(
      groups.map((count): [string, Figures] => [
        `psych_omega_nf${count}`,
        attempt(() => hierarchical(r, Number(count))),
      ]),
    ),
    ordinal: attempt(() => ordinal(columns, items)),
    wlsmv: attempt(() => weighted(columns)),
  };
}

/** One pair of items, given as a table of counts. */
function pair(options: JsonObject): FigureObject {
  const table = listAt(options, 'table').map((line) => (Array.isArray(line) ? line.map(Number) : []));
  const twoStep = polychoricLikelihood(table, { twoStep: true });
  const cells = table.flat();
  const doubtful = table.length === 2 && cells.length === 4 && cells.filter((count) => count === 0).length === 1;
  return {
    table,
    ml: new Error('polycor stops after 500 steps of Nelder and Mead, up to 0.006 short of the likeliest correlation'),
    two_step: doubtful ? nested : { rho: twoStep.correlation.value, se: twoStep.standardError },
  };
}

/**
 * lavaan stops before the maximum, in these cases by 1e-6 and up to 5e-5 of a parameter, as lavaan.ts says; told to go on it
 * agrees with ours to 4e-7. Polychoric correlations of lavaan and of the reference are good to 5e-8 by the note of the
 * reference, and so are differences between them. The two-step error of a single pair is from differences in polycor, good to
 * 1e-3. With one group the rest of a loading is the root of rounding, 7e-9, in psych.
 */
export const tolerance: Tolerance = (path) => {
  if (/(omega_cfa|wlsmv).*\/(loadings|residual|se\/)/.test(path)) return { relative: 1e-4, absolute: 1e-8 };
  if (/omega_cfa|wlsmv/.test(path)) return { relative: 1e-5, absolute: 1e-8 };
  if (/two_step\/(rho|se)$/.test(path)) return 1e-3;
  if (/max_abs_diff/.test(path)) return { relative: 1e-6, absolute: 1e-7 };
  return { relative: 1e-6, absolute: 2e-8 };
};

export const recompute: Recompute = (results, data) =>
  eachCase(results, (options) => ('table' in options ? pair(options) : scale(options, data)));
