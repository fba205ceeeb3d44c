/**
 * One factor behind ordered answers: fitted to polychoric correlations, each weighted by how exactly it is known. omega-ordinal.ts
 * makes reliabilities of it.
 */

import { type Columns, completeRows } from './covariance.ts';
import { minimumResidual } from './factors/extraction.ts';
import { itemsDo } from './item-names.ts';
import { chiSquareTails } from './numeric/chi-square.ts';
import { inversePositiveDefinite } from './numeric/cholesky.ts';
import { type Matrix, multiply, transpose } from './numeric/matrix.ts';
import { minimise } from './numeric/optimise.ts';
import { sum } from './numeric/sums.ts';
import { type PolychoricErrors, polychoricErrors } from './polychoric-errors.ts';
import { type ShareDone, untold } from './progress.ts';
import type { Note } from './result.ts';

export interface FitTest {
  readonly chiSquare: number;
  readonly degreesOfFreedom: number;
  readonly p: number | null;
  /** Comparative fit, Tucker-Lewis and root mean square error; null without degrees of freedom. */
  readonly comparativeFit: number | null;
  readonly tuckerLewis: number | null;
  readonly rmsea: number | null;
}

export interface OrdinalFactor {
  readonly n: number;
  /** Of the variables behind the answers, with variance 1, and their standard errors. */
  readonly loadings: readonly number[];
  readonly standardErrors: readonly (number | null)[];
  readonly thresholds: readonly (readonly number[])[];
  readonly correlations: Matrix;
  /** Misfit as weighted, which follows no chi-square distribution, and scaled and shifted so that it nearly does. */
  readonly plain: FitTest;
  readonly scaled: FitTest;
  /** Standardised root mean square residual of the correlations. */
  readonly srmr: number;
}

export interface OrdinalFactorFit {
  /** Null when the items cannot say. */
  readonly factor: OrdinalFactor | null;
  readonly notes: readonly Note[];
}

/**
 * Does one factor account for the polychoric correlations of ordered items? Loadings minimise Σ (r - l l')² / variance of r
 * (diagonally weighted least squares); standard errors and the scaled and shifted test take account of how the errors of the
 * correlations go together (WLSMV of Mplus and lavaan). Complete rows.
 *
 *     scaled = plain · a + df - a · trace(UΓ),   a = sqrt(df / trace((UΓ)²)),   U = W - WΔ (Δ'WΔ)⁻¹ Δ'W
 *
 * Misfit is times n - 1, and so are errors, as in lavaan; Mplus takes n.
 *
 * Null with a note: `constant-item` for items with one category among the complete rows. Notes beside a factor: `heywood` for
 * a loading above 1, `not-converged`, `not-identified` (errors are null, scaled figures NaN).
 *
 * References: Muthén, du Toit and Spisic (1997); Asparouhov and Muthén (2010), Simple second order chi-square correction.
 * Agrees with R's lavaan to 1e-5.
 *
 * @throws RangeError for fewer than three items
 * @example
 * ordinalFactor([[1, 1, 2, 2, 1, 2, 2, 1], [1, 2, 2, 2, 1, 1, 2, 1], [1, 1, 2, 2, 2, 2, 1, 1]]).factor.plain.degreesOfFreedom // => 0
 */
export function ordinalFactor(columns: Columns, onShare: ShareDone = untold): OrdinalFactorFit {
  const k = columns.length;
  if (k < 3) throw new RangeError('ordinalFactor requires at least three items');
  const constant = completeRows(columns).flatMap((column, i) => (new Set(column).size < 2 ? [i + 1] : []));
  if (constant.length > 0) {
    const text = itemsDo(constant, ['has', 'have'], 'one answer or none among the complete rows, so no factor.');
    return { factor: null, notes: [{ code: 'constant-item', text }] };
  }
  const errors = polychoricErrors(columns, onShare);
  const { n, correlations, pairs, covariance } = errors;
  const weights = covariance.map((line, i) => 1 / (line[i] ?? Number.NaN));
  if (
    !weights.every((weight) => weight > 0 && Number.isFinite(weight)) ||
    !correlations.flat().every(Number.isFinite)
  ) {
    const text = 'The complete rows are too few or too alike for errors of the correlations, so no factor.';
    return { factor: null, notes: [{ code: 'no-errors', text }] };
  }
  const observed = pairs.map(([i, j]) => correlations[i]?.[j] ?? 0);
  const found = weightedLoadings(errors, observed, weights);
  const loadings = [...found.point];
  const residuals = observed.map((r, at) => r - productAt(loadings, pairs[at]));
  const slopes = slopesAt(loadings, pairs);
  const unknown = loadings.map(() => loadings.map(() => Number.NaN));
  const bread = inversePositiveDefinite(crossWeighted(slopes, weights));
  const lean = multiply(bread ?? unknown, transpose(slopes)).map((line) =>
    line.map((value, at) => value * (weights[at] ?? 0)),
  );
  const spread = multiply(multiply(lean, covariance), transpose(lean));
  const degreesOfFreedom = pairs.length - k;
  const misfit = (rests: readonly number[]) => (n - 1) * sum(rests.map((rest, at) => rest * rest * (weights[at] ?? 0)));
  const model = momentsOfMisfit(weights, covariance, slopes, lean);
  const none = momentsOfMisfit(weights, covariance, [], []);
  const plain = misfit(residuals);
  const baseline = misfit(observed);
  const heywood = loadings.flatMap((value, i) => (Math.abs(value) > 1 ? [i + 1] : []));
  const notes: Note[] = [];
  if (heywood.length > 0) {
    notes.push({ code: 'heywood', text: itemsDo(heywood, ['has', 'have'], 'a loading above 1 (Heywood case).') });
  }
  if (bread === null) {
    const text = 'The correlations do not determine the loadings: some are 0, and errors are not known.';
    notes.push({ code: 'not-identified', text });
  }
  if (!found.converged) notes.push({ code: 'not-converged', text: 'The search for the loadings did not settle.' });
  const factor: OrdinalFactor = {
    n,
    loadings,
    standardErrors: spread.map((line, i) => (bread ? Math.sqrt((line[i] ?? Number.NaN) / (n - 1)) : null)),
    thresholds: errors.thresholds,
    correlations,
    plain: tested(plain, degreesOfFreedom, baseline, pairs.length, n),
    scaled: tested(
      shifted(plain, degreesOfFreedom, model),
      degreesOfFreedom,
      shifted(baseline, pairs.length, none),
      pairs.length,
      n,
    ),
    srmr: Math.sqrt(sum(residuals.map((rest) => rest * rest)) / ((k * (k + 1)) / 2)),
  };
  return { factor, notes };
}

type Pairs = PolychoricErrors['pairs'];

function productAt(loadings: readonly number[], pair: Pairs[number] | undefined): number {
  return pair ? (loadings[pair[0]] ?? 0) * (loadings[pair[1]] ?? 0) : 0;
}

/** How the product of each pair's loadings changes with each loading. */
function slopesAt(loadings: readonly number[], pairs: Pairs): number[][] {
  return pairs.map(([i, j]) =>
    loadings.map((_, at) => (at === i ? (loadings[j] ?? 0) : at === j ? (loadings[i] ?? 0) : 0)),
  );
}

function crossWeighted(slopes: Matrix, weights: readonly number[]): number[][] {
  return multiply(
    transpose(slopes),
    slopes.map((line, at) => line.map((value) => value * (weights[at] ?? 0))),
  );
}

function weightedLoadings(
  { correlations, pairs }: PolychoricErrors,
  observed: readonly number[],
  weights: readonly number[],
) {
  const start = minimumResidual(correlations, 1).loadings.map((line) => line[0] ?? 0);
  // The size of the weights is that of people; taken out, the search does not depend on it.
  const largest = Math.max(...weights);
  const shares = weights.map((weight) => weight / largest);
  const rests = (point: readonly number[]) => observed.map((r, at) => r - productAt(point, pairs[at]));
  return minimise(
    {
      value: (point) => sum(rests(point).map((rest, at) => (rest * rest * (shares[at] ?? 0)) / 2)),
      gradient: (point) => {
        const left = rests(point).map((rest, at) => -rest * (shares[at] ?? 0));
        return transpose(slopesAt(point, pairs)).map((line) => sum(line.map((value, at) => value * (left[at] ?? 0))));
      },
      curvature: (point) => crossWeighted(slopesAt(point, pairs), shares),
    },
    start,
  );
}

/** Mean and half the variance of the misfit: the traces of UΓ and of its square. */
function momentsOfMisfit(weights: readonly number[], covariance: Matrix, slopes: Matrix, lean: Matrix) {
  const weighted = covariance.map((line, at) => line.map((value) => value * (weights[at] ?? 0)));
  const fitted = slopes.length > 0 ? multiply(slopes, multiply(lean, covariance)) : [];
  const left = weighted.map((line, i) => line.map((value, j) => value - (weights[i] ?? 0) * (fitted[i]?.[j] ?? 0)));
  const mean = sum(left.map((line, i) => line[i] ?? 0));
  const square = sum(left.flatMap((line, i) => line.map((value, j) => value * (left[j]?.[i] ?? 0))));
  return { mean, square };
}

function shifted(misfit: number, df: number, { mean, square }: { mean: number; square: number }): number {
  const factor = Math.sqrt(df / square);
  return df > 0 ? misfit * factor + df - factor * mean : misfit;
}

function tested(chiSquare: number, df: number, baseline: number, baselineDf: number, n: number): FitTest {
  const nothing = { chiSquare, degreesOfFreedom: df, p: null, comparativeFit: null, tuckerLewis: null, rmsea: null };
  // Where the correlations do not determine the loadings, the scaled misfit is not known either.
  if (df === 0 || !Number.isFinite(chiSquare)) return nothing;
  const excess = Math.max(chiSquare - df, 0);
  const baselineExcess = Math.max(chiSquare - df, baseline - baselineDf, 0);
  const perDegree = baseline / baselineDf;
  return {
    chiSquare,
    degreesOfFreedom: df,
    p: chiSquareTails(Math.max(chiSquare, 0), df).upper,
    comparativeFit: baselineExcess > 0 ? 1 - excess / baselineExcess : 1,
    tuckerLewis: (perDegree - chiSquare / df) / (perDegree - 1),
    rmsea: Math.sqrt(excess / (df * (n - 1))),
  };
}
