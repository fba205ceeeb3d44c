/** How well factors reproduce the correlations they come from. */
import { chiSquareTails } from '../numeric/chi-square.ts';
import type { SquareMatrix } from '../numeric/cholesky.ts';
import { type Matrix, multiply, solveLinear, transpose } from '../numeric/matrix.ts';
import { chiSquareNoncentrality } from '../numeric/noncentral-chi-square.ts';
import { smoothed } from './loadings.ts';

export interface FactorFit {
  readonly degreesOfFreedom: number;
  /** ln |model| + trace (R model^-1) - ln |R| - items, with ones on the diagonal of the model. */
  readonly objective: number;
  /** Of the objective, with Bartlett's correction; `p` is null without degrees of freedom. */
  readonly chiSquare: number;
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
}

/**
 * How well do the loadings reproduce the correlations of n people? The discrepancy of maximum likelihood is taken of any
 * loadings, as R's psych does, so methods can be compared; for those that do not minimise it the chi-square is too large.
 *
 *     chi-square = (n - 1 - (2 k + 5) / 6 - 2 m / 3) · objective
 *     Tucker-Lewis = (F0 / df0 - F / df) / (F0 / df0 - 1 / that factor),  F0 of no factors
 *     RMSEA = sqrt(chi-square / (df n) - 1 / (n - 1)), its limits from the non-central chi-square
 *
 * Null where there are no degrees of freedom. A matrix that is not positive definite is smoothed first. Assumes normal items
 * for all that stands on chi-square.
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
  const trace = (solution ?? []).reduce((total, line, i) => total + (line[i] ?? 0), 0);
  const observedDeterminant = solveLinear(observed, observed).determinant;
  const objective = trace - Math.log(observedDeterminant / determinant) - k;
  const weight = n - 1 - (2 * k + 5) / 6 - (2 * factors) / 3;
  const chiSquare = Math.max(objective * weight, 0);
  const none = -Math.log(observedDeterminant) / ((k * (k - 1)) / 2);
  const free = degreesOfFreedom > 0;
  return {
    degreesOfFreedom,
    objective,
    chiSquare,
    p: free ? chiSquareTails(chiSquare, degreesOfFreedom).upper : null,
    empiricalChiSquare: residual * n,
    rootMeanSquareResidual: Math.sqrt(residual / (k * (k - 1))),
    tuckerLewis: free ? (none - objective / degreesOfFreedom) / (none - 1 / weight) : null,
    bic: free ? chiSquare - degreesOfFreedom * Math.log(n) : null,
    rmsea: free ? errorOfApproximation(chiSquare, degreesOfFreedom, n, level) : null,
  };
}

function errorOfApproximation(chiSquare: number, df: number, n: number, level: number) {
  const value = Math.sqrt(Math.max(chiSquare / (df * n) - 1 / (n - 1), 0));
  const tail = (1 - level) / 2;
  const limit = (p: number) => Math.sqrt(chiSquareNoncentrality(chiSquare, df, p) / (n - 1) / df);
  return { value, lower: limit(1 - tail), upper: limit(tail), level };
}
