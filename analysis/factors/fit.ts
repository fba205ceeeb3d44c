/** How well factors reproduce the correlations they come from. */
import { chiSquareTails } from '../numeric/chi-square.ts';
import type { SquareMatrix } from '../numeric/cholesky.ts';
import { symmetricEigenvalues } from '../numeric/eigen.ts';
import { type Matrix, multiply, solveLinear, transpose } from '../numeric/matrix.ts';
import { chiSquareNoncentrality } from '../numeric/noncentral-chi-square.ts';
import type { Note } from '../result.ts';
import { smoothed } from './loadings.ts';

export interface FactorFit {
  readonly degreesOfFreedom: number;
  /** ln |model| + trace (R model^-1) - ln |R| - items, with ones on the diagonal of the model. */
  readonly objective: number | null;
  /** Of the objective, with Bartlett's correction; `p` is null without degrees of freedom. */
  readonly chiSquare: number | null;
  readonly p: number | null;
  /** Of the residual correlations: n · Σ residual², both triangles. */
  readonly empiricalChiSquare: number;
  /** Root mean square of the residual correlations. */
  readonly rootMeanSquareResidual: number;
  readonly tuckerLewis: number | null;
  readonly bic: number | null;
  readonly rmsea: {
    readonly value: number;
    readonly lower: number;
    readonly upper: number;
    readonly level: number;
  } | null;
  readonly notes: readonly Note[];
}

/**
 * How well do the loadings reproduce the correlations of n people? The discrepancy of maximum likelihood is taken of any
 * loadings, as R's psych does, so methods can be compared; for those that do not minimise it the chi-square is too large.
 *
 *     chi-square = (n - 1 - (2 k + 5) / 6 - 2 m / 3) · objective
 *     Tucker-Lewis = (F0 / df0 - F / df) / (F0 / df0 - 1 / that factor),  F0 of no factors
 *     RMSEA = sqrt(chi-square / (df n) - 1 / (n - 1)), its limits from the non-central chi-square
 *
 * Null where there are no degrees of freedom. All that stands on the objective assumes normal items and an R that can be
 * inverted: null with the note `collinear-items` where an item follows from the others or there are no more rows than items,
 * and with `too-few-rows` where Bartlett's correction leaves none. A matrix with a negative eigenvalue, as one of pairwise or
 * polychoric correlations can be, is smoothed first as in psych: note `smoothed`, and the figures are far too large.
 *
 * References: Bartlett (1951), Biometrika 38, 337-344; Tucker and Lewis (1973), Psychometrika 38, 1-10; Browne and Cudeck
 * (1992), Sociological Methods & Research 21, 230-258. Agrees with R's psych::fa.stats to 1e-9.
 *
 * @throws RangeError for n below 2 or a level outside (0, 1)
 * @example
 * factorFit([[1, 0.56, 0.48], [0.56, 1, 0.42], [0.48, 0.42, 1]], [[0.8], [0.7], [0.6]], [[1]], 100)
 *   .rootMeanSquareResidual < 1e-15 // => true
 */
export function factorFit(
  correlations: SquareMatrix,
  loadings: Matrix,
  factorCorrelations: Matrix,
  n: number,
  level = 0.9,
): FactorFit {
  if (!(n >= 2)) throw new RangeError('factorFit requires at least two people');
  if (!(level > 0 && level < 1)) throw new RangeError('factorFit requires a level between 0 and 1');
  const k = correlations.length;
  const factors = loadings[0]?.length ?? 0;
  const reproduced = multiply(multiply(loadings, factorCorrelations), transpose(loadings));
  const model = smoothed(reproduced.map((line, i) => line.map((value, j) => (i === j ? 1 : value))));
  const observed = smoothed(correlations);
  const squares = correlations.flatMap((line, i) =>
    line.map((value, j) => (i === j ? 0 : (value - (reproduced[i]?.[j] ?? 0)) ** 2)),
  );
  const residual = squares.reduce((total, value) => total + value, 0);
  const degreesOfFreedom = (k * (k - 1)) / 2 - k * factors + (factors * (factors - 1)) / 2;
  const { solution, determinant } = solveLinear(model, observed);
  const least = symmetricEigenvalues(correlations).at(-1) ?? 0;
  const trace = (solution ?? []).reduce((total, line, i) => total + (line[i] ?? 0), 0);
  const observedDeterminant = solveLinear(observed, observed).determinant;
  const found = trace - Math.log(observedDeterminant / determinant) - k;
  const weight = n - 1 - (2 * k + 5) / 6 - (2 * factors) / 3;
  const objective = Math.abs(least) > singular && Number.isFinite(found) ? found : null;
  const chiSquare = objective === null || weight <= 0 ? null : Math.max(objective * weight, 0);
  const none = -Math.log(observedDeterminant) / ((k * (k - 1)) / 2);
  const tested = chiSquare !== null && objective !== null && degreesOfFreedom > 0;
  return {
    degreesOfFreedom,
    objective,
    chiSquare,
    p: tested ? chiSquareTails(chiSquare, degreesOfFreedom).upper : null,
    empiricalChiSquare: residual * n,
    rootMeanSquareResidual: Math.sqrt(residual / (k * (k - 1))),
    tuckerLewis: tested ? (none - objective / degreesOfFreedom) / (none - 1 / weight) : null,
    bic: tested ? chiSquare - degreesOfFreedom * Math.log(n) : null,
    rmsea: tested ? errorOfApproximation(chiSquare, degreesOfFreedom, n, level) : null,
    notes: doubtsAbout(least, objective, weight),
  };
}

/** An eigenvalue of a correlation matrix that is 0 but for the rounding of answers. */
const singular = 1e-8;

function doubtsAbout(least: number, objective: number | null, weight: number): Note[] {
  if (objective === null) {
    const text =
      'The correlations cannot be inverted: an item follows from others, or there are no more rows than items.';
    return [{ code: 'collinear-items', text: `${text} Chi-square and what stands on it have no value.` }];
  }
  if (weight <= 0) return [{ code: 'too-few-rows', text: 'There are too few rows for a chi-square of so many items.' }];
  if (least > 0) return [];
  const text = 'No answers could have these correlations; they were smoothed. Chi-square, TLI and RMSEA say little.';
  return [{ code: 'smoothed', text }];
}

function errorOfApproximation(chiSquare: number, df: number, n: number, level: number) {
  const value = Math.sqrt(Math.max(chiSquare / (df * n) - 1 / (n - 1), 0));
  const tail = (1 - level) / 2;
  const limit = (p: number) => Math.sqrt(chiSquareNoncentrality(chiSquare, df, p) / (n - 1) / df);
  return { value, lower: limit(1 - tail), upper: limit(tail), level };
}
