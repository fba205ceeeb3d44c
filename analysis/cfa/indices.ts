/** How well a fitted factor model agrees with the moments it was fitted to. Called by ../cfa.ts. */
import { chiSquareTails } from '../numeric/chi-square.ts';
import { chiSquareOf, type ModelFit, weightOf } from './fit.ts';
import { halfDeviance } from './likelihood.ts';
import type { Moments } from './moments.ts';
import { goodnessOfFit, residualSizes } from './residuals.ts';
import { type Rmsea, rootMeanSquareError } from './rmsea.ts';
import { completeTest, type RobustPieces, robustPieces, saturatedTrace, scalingFactor } from './robust.ts';
import { unrelatedFit } from './unrelated.ts';

export interface ChiSquareTest {
  readonly chiSquare: number;
  readonly degreesOfFreedom: number;
  /** Null without degrees of freedom. */
  readonly p: number | null;
}

/** Indices of the chi-square against that of unrelated items. */
export interface Comparison {
  readonly cfi: number;
  readonly tli: number;
  readonly rmsea: number;
}

export interface FitMeasures extends ChiSquareTest {
  readonly n: number;
  /** How many numbers were estimated. */
  readonly parameters: number;
  /** Half the minimum of the fit function, lavaan's fmin. */
  readonly minimum: number;
  /** The model of unrelated items. */
  readonly baseline: ChiSquareTest;
  readonly cfi: number;
  readonly tli: number;
  readonly nfi: number;
  readonly rfi: number;
  readonly ifi: number;
  readonly rni: number;
  readonly logLikelihood: number;
  /** Of the moments without a model. */
  readonly saturatedLogLikelihood: number;
  readonly aic: number;
  readonly bic: number;
  /** With (n + 2) / 24 for n. */
  readonly adjustedBic: number;
  readonly rmsea: Rmsea;
  /** Root mean square of the residual covariances (and means), and of the same in units of the items. */
  readonly rmr: number;
  readonly srmr: number;
  readonly gfi: number;
  readonly agfi: number;
  /** The test for answers that are not normal; null without robust corrections. */
  readonly scaled:
    | (ChiSquareTest & { readonly scalingFactor: number; readonly baseline: ChiSquareTest } & Comparison)
    | null;
  /** Indices that neither gaps nor answers that are not normal change in large samples; null where not asked for. */
  readonly robust: Comparison | null;
}

export interface MeasureOptions {
  /** Scale the tests for answers that are not normal, with these pieces of the fit; null for no scaling. */
  readonly robust: RobustPieces | null;
  readonly clustered: boolean;
  /** Answers have gaps. */
  readonly incomplete: boolean;
}

/**
 * All measures of a fit. CFI and TLI compare with unrelated items, RMSEA takes degrees of freedom into account, SRMR is
 * the size of residual correlations; several groups are weighted by their size.
 *
 * References: Bentler (1990), Psychological Bulletin 107, 238-246, for CFI and IFI; Tucker and Lewis (1973),
 * Psychometrika 38, 1-10; Brosseau-Liard and Savalei (2014), Multivariate Behavioral Research 49, 460-470, for `robust`.
 *
 * @example
 * fitMeasures(fitModel(modelOf('f =~ a + b + c'), sampleOf([[1, 2, 4, 3], [1, 3, 2, 4], [1, 2, 3, 5]]), sampleOf([[1, 2, 4, 3], [1, 3, 2, 4], [1, 2, 3, 5]]).map((sample) => saturatedMoments(sample).moments)), { robust: null, clustered: false, incomplete: false }).cfi // => 1
 */
export function fitMeasures(fit: ModelFit, options: MeasureOptions): FitMeasures {
  const { model, samples, saturated, chiSquare, degreesOfFreedom: df } = fit;
  const weight = weightOf(samples);
  const n = samples.reduce((total, sample) => total + sample.n, 0);
  const baseline = unrelatedFit(fit);
  const other = baseline.chiSquare;
  const otherDf = baseline.degreesOfFreedom;
  const logLikelihood = logLikelihoodOf(fit, fit.implied);
  const saturatedMoments = saturated.map((moments) => (model.means ? moments : { ...moments, mean: null }));
  const deviance = -2 * logLikelihood;
  const { rmr, srmr } = residualSizes(fit, n);
  const gfi = goodnessOfFit(fit, n);
  const moments = df + model.freeCount;
  const factors = options.robust && df > 0 ? scaledPair(options.robust, fit, baseline, options.clustered) : null;
  const groups = samples.length;
  return {
    ...testOf(chiSquare, df),
    n,
    parameters: model.freeCount,
    minimum: misfit(fit) / weight,
    baseline: testOf(other, otherDf),
    ...comparison(chiSquare, df, other, otherDf),
    nfi: (other - chiSquare) / other,
    rfi: df === 0 ? 1 : (other / otherDf - chiSquare / df) / (other / otherDf),
    ifi: (other - chiSquare) / (other - df),
    rni: (other - otherDf - (chiSquare - df)) / (other - otherDf),
    logLikelihood,
    saturatedLogLikelihood: logLikelihoodOf(fit, saturatedMoments),
    aic: deviance + 2 * model.freeCount,
    bic: deviance + Math.log(n) * model.freeCount,
    adjustedBic: deviance + Math.log((n + 2) / 24) * model.freeCount,
    rmsea: rootMeanSquareError(chiSquare, df, weight, groups),
    rmr,
    srmr,
    gfi,
    agfi: df === 0 ? 1 : 1 - (moments / df) * (1 - gfi),
    scaled: factors && {
      ...testOf(chiSquare / factors.own, df),
      scalingFactor: factors.own,
      baseline: testOf(other / factors.baseline, otherDf),
      ...comparison(chiSquare / factors.own, df, other / factors.baseline, otherDf),
      rmsea: Math.sqrt((groups * Math.max(chiSquare / (df * factors.own) - 1, 0)) / weight),
    },
    robust: df === 0 ? null : robustComparison(fit, baseline, options, factors),
  };
}

/** What the fit has minimised, without the misfit of the saturated moments. */
function misfit({ model, samples, saturated, implied }: ModelFit): number {
  const inFit = samples.map((sample) => ({ ...sample, testShare: 1 }));
  return chiSquareOf(model, inFit, saturated, implied) / 2;
}

function testOf(chiSquare: number, df: number): ChiSquareTest {
  const p = df > 0 && Number.isFinite(chiSquare) ? chiSquareTails(Math.max(chiSquare, 0), df).upper : null;
  return { chiSquare, degreesOfFreedom: df, p };
}

/** CFI and TLI; `scale` and `otherScale` are what the chi-squares are expected to be per degree of freedom. */
function comparison(chiSquare: number, df: number, other: number, otherDf: number, scale = 1, otherScale = 1) {
  const excess = chiSquare - scale * df;
  const otherExcess = other - otherScale * otherDf;
  const largest = Math.max(excess, otherExcess, 0);
  return {
    cfi: largest > 0 ? 1 - Math.max(excess, 0) / largest : 1,
    tli: df > 0 && otherExcess !== 0 ? 1 - (excess * otherDf) / (otherExcess * df) : 1,
  };
}

interface Factors {
  readonly own: number;
  readonly baseline: number;
}

function scaledPair(pieces: RobustPieces, fit: ModelFit, baseline: ModelFit, clustered: boolean): Factors | null {
  const saturated = saturatedTrace(fit, clustered);
  const other = robustPieces(baseline, clustered);
  return (
    other && {
      own: scalingFactor(pieces, saturated, fit.degreesOfFreedom),
      baseline: scalingFactor(other, saturated, baseline.degreesOfFreedom),
    }
  );
}

function robustComparison(fit: ModelFit, baseline: ModelFit, options: MeasureOptions, factors: Factors | null) {
  if (!options.incomplete && factors === null) return null;
  const whole = (one: ModelFit, scale: number) =>
    options.incomplete
      ? completeTest(one, options.robust !== null, options.clustered)
      : { chiSquare: one.chiSquare, scale };
  const own = whole(fit, factors?.own ?? 1);
  const other = whole(baseline, factors?.baseline ?? 1);
  const df = fit.degreesOfFreedom;
  const excess = Math.max(own.chiSquare / df - own.scale, 0);
  return {
    ...comparison(own.chiSquare, df, other.chiSquare, baseline.degreesOfFreedom, own.scale, other.scale),
    rmsea: Math.sqrt((fit.samples.length * excess) / weightOf(fit.samples)),
  };
}

function logLikelihoodOf({ samples }: ModelFit, moments: readonly Moments[]): number {
  return samples.reduce((total, sample, group) => {
    const own = moments[group];
    let values = 0;
    for (const { observed, rows } of sample.patterns) values += rows.length * observed.length;
    // Under Wishart's likelihood the cases weigh n - 1; the log-likelihood counts all of them.
    const share = sample.n / weightOf([sample]);
    return own ? total - (values / 2) * Math.log(2 * Math.PI) - share * halfDeviance(sample, own) : total;
  }, 0);
}
