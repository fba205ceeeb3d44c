/**
 * Reliability from factors: omega total of one common factor, omega hierarchical of a general factor above groups, and alpha
 * and omega of polychoric correlations. What alpha assumes, equal loadings, is estimated here.
 */

import { counted } from '../instruments/zod-words.ts';
import { type Columns, completeRows, correlationMatrix, covarianceMatrix, rowCount } from './covariance.ts';
import { noEstimate } from './estimate.ts';
import { type ExtractionOptions, maximumLikelihood, minimumResidual } from './factors/extraction.ts';
import { squaredMultipleCorrelations } from './factors/loadings.ts';
import { type SchmidLeiman, type SchmidLeimanOptions, schmidLeiman } from './factors/schmid-leiman.ts';
import { itemsDo } from './item-names.ts';
import type { SquareMatrix } from './numeric/cholesky.ts';
import { symmetricEigenvalues } from './numeric/eigen.ts';
import { transpose } from './numeric/matrix.ts';
import { sum } from './numeric/sums.ts';
import type { Estimate, Note } from './result.ts';

export interface OneFactorReliability {
  /** (Σ loadings)² / ((Σ loadings)² + Σ residual variances). */
  readonly omega: Estimate;
  /** With the observed variance of the sum below the line; what the factor explains of the sum as it is. */
  readonly omegaObserved: Estimate;
  /** Of standardised items. */
  readonly omegaStandardised: Estimate;
  /** Σ loadings² / Σ variances: the share of the items' variance that the factor explains. */
  readonly averageVarianceExtracted: number | null;
  /** In the units of the items, of a factor with variance 1; null where they are not known. */
  readonly loadings: readonly number[] | null;
  readonly residualVariances: readonly number[] | null;
  readonly standardisedLoadings: readonly number[] | null;
}

/**
 * Omega total: how much of the variance of a sum of items is due to one factor behind them all? The loadings are those of
 * greatest likelihood (one-factor confirmatory model, errors uncorrelated) on the covariances of complete rows, with n in
 * the denominator. If the loadings are equal it is alpha. Items must be keyed in one direction.
 *
 * Missing answers: rows with gaps are left out. Notes instead of values: `too-few-items` (two items have one correlation for
 * two loadings), `too-few-rows`, `no-variance`, `collinear-items`. Notes beside values: `heywood`, `not-converged`,
 * `listwise`, `negative-loading`, `beyond-one`.
 *
 * References: McDonald (1999), Test Theory; Jöreskog (1971), Psychometrika 36, 109-133. Agrees with lavaan and semTools to
 * 1e-7.
 *
 * @throws RangeError for fewer than two items, columns of unequal length, NaN or infinite values
 * @example
 * omegaTotal([[1, 2, 3, 4, 5, 6], [1, 3, 2, 5, 4, 6], [1, 3, 5, 4, 2, 6]]).omega.value?.toFixed(6) // => '0.885362'
 */
export function omegaTotal(columns: Columns, options: ExtractionOptions = {}): OneFactorReliability {
  if (columns.length < 2) throw new RangeError('omegaTotal requires at least two items');
  const complete = completeRows(columns);
  const n = rowCount(complete);
  const method = 'Omega total, one factor by maximum likelihood, complete rows';
  const covariances = covarianceMatrix(complete).map((line) => line.map((value) => (value * (n - 1)) / n));
  const correlations = correlationMatrix(covariances);
  const refusal = cannotSay(columns.length, n, correlations);
  if (refusal) {
    const nothing = noEstimate(n, method, refusal);
    return {
      omega: nothing,
      omegaObserved: nothing,
      omegaStandardised: nothing,
      averageVarianceExtracted: null,
      loadings: null,
      residualVariances: null,
      standardisedLoadings: null,
    };
  }
  const found = maximumLikelihood(correlations, 1, options);
  const standardised = found.loadings.map((line) => line[0] ?? 0);
  const deviations = covariances.map((line, i) => Math.sqrt(line[i] ?? 0));
  const loadings = standardised.map((value, i) => value * (deviations[i] ?? 0));
  const residuals = found.uniquenesses.map((rest, i) => rest * (deviations[i] ?? 0) ** 2);
  const notes = [...found.notes, ...doubtsAbout(standardised, rowCount(columns) - n)];
  const estimate = (value: number, how: string): Estimate => ({
    value,
    n,
    interval: null,
    method: how,
    notes: [...notes, ...beyondOne(value)],
  });
  const common = sum(loadings) ** 2;
  const squares = sum(loadings.map((value) => value * value));
  const commonStandardised = sum(standardised) ** 2;
  return {
    omega: estimate(common / (common + sum(residuals)), method),
    omegaObserved: estimate(common / sum(covariances.flat()), `${method}, observed variance of the sum`),
    omegaStandardised: estimate(
      commonStandardised / (commonStandardised + sum(standardised.map((value) => 1 - value * value))),
      `${method}, standardised items`,
    ),
    averageVarianceExtracted: squares / (squares + sum(residuals)),
    loadings,
    residualVariances: residuals,
    standardisedLoadings: standardised,
  };
}

function cannotSay(items: number, n: number, correlations: SquareMatrix): Note | null {
  if (n < 2) return { code: 'too-few-rows', text: 'Omega needs two people who answered every item.' };
  if (correlations.flat().some(Number.isNaN)) {
    return { code: 'no-variance', text: 'An item does not vary among those who answered every item.' };
  }
  if (items < 3) {
    return { code: 'too-few-items', text: 'Two items have one correlation, which cannot tell their two loadings.' };
  }
  if (!((symmetricEigenvalues(correlations).at(-1) ?? 0) > 1e-10)) {
    return {
      code: 'collinear-items',
      text: 'An item follows from the others, so the factor cannot be told from errors.',
    };
  }
  return null;
}

function doubtsAbout(loadings: readonly number[], left: number): Note[] {
  const notes: Note[] = [];
  const against = loadings.flatMap((value, i) => (value < 0 ? [i + 1] : []));
  if (left > 0) notes.push({ code: 'listwise', text: `${counted(left, 'row')} with missing answers left out.` });
  if (against.length > 0) {
    const text = itemsDo(against, ['goes', 'go'], 'against the others. Check the keying.');
    notes.push({ code: 'negative-loading', text });
  }
  return notes;
}

/** Beyond what rounding does to a share. */
function isBeyondOne(share: number): boolean {
  return share > 1 + 1e-9;
}

/**
 * A note where a share of a variance is above 1, for each of these shares that is.
 *
 * @example
 * beyondOne(1.2).map(({ code }) => code) // => ['beyond-one']
 * beyondOne(0.9) // => []
 */
export function beyondOne(share: number): Note[] {
  if (!isBeyondOne(share)) return [];
  const text = 'The factor explains more than all of the variance, so the model does not fit and this is no share.';
  return [{ code: 'beyond-one', text }];
}

export interface HierarchicalReliability {
  /** (Σ general loadings)² / V: the share of the variance of the sum that is due to the general factor. */
  readonly hierarchical: number;
  /** 1 - Σ uniquenesses / V: what is due to all factors. */
  readonly total: number;
  /** Hierarchical over total: its limit for an endless test of such items. */
  readonly asymptotic: number;
  /** The same three over the variance that the factors imply in place of the observed one: never above 1. */
  readonly byModel: { readonly hierarchical: number; readonly total: number; readonly asymptotic: number };
  /** Of the same correlations. */
  readonly alpha: number;
  readonly lambda6: number;
  /** 1, or -1 for an item that was turned because it goes against the general factor. */
  readonly keys: readonly number[];
  /** Of the items as turned. */
  readonly factors: SchmidLeiman;
  readonly notes: readonly Note[];
}

/**
 * Omega hierarchical: how much of the variance V of a sum of standardised items is due to one general factor, when there are
 * group factors as well? From the Schmid-Leiman transformation of minres factors (factors/schmid-leiman.ts). Items that load
 * negatively on the general factor are turned first, with note `flipped-item`. Three groups or more identify the model. NaN
 * with note `no-variance` where the sum does not vary. Where the factors do not fit, as when turned items cancel,
 * they can explain more than was observed: note `beyond-one`, and `byModel` is the definition that stays a share.
 *
 * Give correlations of what you want to rely on: pairwise Pearson as psych does, or polychoric.
 *
 * Reference: Zinbarg, Revelle, Yovel and Li (2005), Psychometrika 70, 123-133. Agrees with R's psych::omega to 1e-6 when all
 * searches stop where R's stop; the default goes on to the minimum, which differs in the fourth digit.
 *
 * @throws RangeError for a matrix that is not square, holds NaN or has fewer items than groups
 * @example
 * omegaHierarchical([[1, 0.5, 0.5], [0.5, 1, 0.5], [0.5, 0.5, 1]], 1).total.toFixed(6) // => '0.750000'
 */
export function omegaHierarchical(
  correlations: SquareMatrix,
  groups = 3,
  options: SchmidLeimanOptions = {},
): HierarchicalReliability {
  const found = schmidLeiman(correlations, groups, options);
  const k = correlations.length;
  const keys = found.general.map((loading) => (loading < 0 ? -1 : 1));
  const turned = correlations.map((line, i) => line.map((value, j) => value * (keys[i] ?? 1) * (keys[j] ?? 1)));
  const factors: SchmidLeiman = {
    ...found,
    general: found.general.map((value, i) => value * (keys[i] ?? 1)),
    groups: found.groups.map((line, i) => line.map((value) => value * (keys[i] ?? 1))),
  };
  const all = sum(turned.flat());
  // What rounding leaves of no variance is none: items that cancel each other have a sum that does not vary.
  const variance = all > 1e-12 * k ? all : Number.NaN;
  const general = sum(factors.general) ** 2;
  const common = variance - sum(found.uniquenesses);
  const flipped = keys.flatMap((key, i) => (key < 0 ? [i + 1] : []));
  const notes = [...found.notes];
  if (flipped.length > 0) {
    const text = itemsDo(
      flipped,
      ['goes', 'go'],
      `against the general factor and ${flipped.length === 1 ? 'was' : 'were'} turned.`,
    );
    notes.push({ code: 'flipped-item', text });
  }
  if (Number.isNaN(variance))
    notes.push({ code: 'no-variance', text: 'The sum of the items does not vary, so no reliability.' });
  const shares = [general / variance, common / variance, general / common];
  if (shares.some(isBeyondOne) || common < 0) {
    const text =
      'The factors explain more of the sum than was observed of it, so they do not fit. A share that cannot pass 1 is that of the variance by the model.';
    notes.push({ code: 'beyond-one', text });
  }
  const ofFactors = general + sum(transpose(factors.groups).map((line) => sum(line) ** 2));
  const implied = ofFactors + sum(found.uniquenesses);
  return {
    hierarchical: general / variance,
    total: common / variance,
    asymptotic: common > 0 ? general / common : Number.NaN,
    byModel: {
      hierarchical: general / implied,
      total: ofFactors / implied,
      asymptotic: ofFactors > 0 ? general / ofFactors : Number.NaN,
    },
    alpha: Number.isNaN(variance) ? Number.NaN : ordinalAlpha(turned),
    lambda6: 1 - (k - sum(squaredMultipleCorrelations(turned))) / variance,
    keys,
    factors,
    notes,
  };
}

/**
 * Alpha of a correlation matrix, k / (k - 1) · (1 - k / Σ r). Of polychoric correlations it is ordinal alpha: the
 * consistency of the variables behind the answers, not of the sum of the answers themselves, which is lower. NaN for one item.
 *
 * Reference: Zumbo, Gadermann and Zeisser (2007), Journal of Modern Applied Statistical Methods 6, 21-29.
 *
 * @example
 * ordinalAlpha([[1, 0.6], [0.6, 1]]) // => 0.75
 */
export function ordinalAlpha(correlations: SquareMatrix): number {
  const k = correlations.length;
  return (k / (k - 1)) * (1 - k / sum(correlations.flat()));
}

/**
 * Omega of one minres factor of a correlation matrix, (Σ loadings)² / ((Σ loadings)² + Σ uniquenesses); ordinal omega when
 * the correlations are polychoric.
 *
 * @throws RangeError for a matrix that is not square or holds NaN
 * @example
 * ordinalOmega([[1, 0.5, 0.5], [0.5, 1, 0.5], [0.5, 0.5, 1]]).toFixed(6) // => '0.750000'
 */
export function ordinalOmega(correlations: SquareMatrix, options: ExtractionOptions = {}): number {
  const { loadings, uniquenesses } = minimumResidual(correlations, 1, options);
  const common = sum(loadings.map((line) => line[0] ?? 0)) ** 2;
  return common / (common + sum(uniquenesses));
}
