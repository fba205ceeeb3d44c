/** Linear regression on a sample drawn by a design. Called by plans. */

import { twoSided } from '../compare.ts';
import type { Values } from '../descriptives.ts';
import { cholesky, inversePositiveDefinite, solveCholesky } from '../numeric/cholesky.ts';
import type { Note } from '../result.ts';
import type { SurveyDesign } from './design.ts';

export interface SurveyCoefficient {
  readonly term: string;
  readonly estimate: number;
  readonly standardError: number;
  readonly t: number;
  readonly p: number;
}

export interface SurveyRegression {
  /** The intercept first; null when the predictors determine one another or there are too few rows. */
  readonly coefficients: readonly SurveyCoefficient[] | null;
  /** Degrees of freedom of the units and strata with a complete row, less the predictors. */
  readonly df: number;
  readonly n: number;
  readonly notes: readonly Note[];
}

/**
 * Weighted least squares with standard errors of the design (the sandwich of linearised totals): how does the outcome in
 * the population go with the predictors? Assumes that the design is right, not that the residuals are normal. Rows with a
 * gap are left out as another domain; the degrees of freedom count only what is left. Predictors that determine one another: no coefficients, note `collinear`. Note
 * `perfect-fit` when no residuals are left beyond rounding.
 *
 * Reference: Binder (1983), International Statistical Review 51, 279-292. Agrees with R's `svyglm` to 1e-10.
 *
 * @throws RangeError for columns of another length than the design
 * @example
 * surveyRegression(surveyDesign({ stages: [{ units: [1, 2, 3] }] }), [1, 3, 5], { x: [0, 1, 2] }).n // => 3
 */
export function surveyRegression(
  design: SurveyDesign,
  outcome: Values,
  predictors: Readonly<Record<string, Values>>,
): SurveyRegression {
  const columns = Object.values(predictors);
  if ([outcome, ...columns].some((column) => column.length !== design.rows)) {
    throw new RangeError('surveyRegression requires columns with one value for each row of the design');
  }
  const terms = ['(Intercept)', ...Object.keys(predictors)];
  const complete = outcome.map(
    (value, row) => value !== null && columns.every((column) => (column[row] ?? null) !== null),
  );
  const weights = design.weights.map((weight, row) => (complete[row] ? weight : 0));
  const n = weights.filter((weight) => weight > 0).length;
  const df = design.dfWithin(weights) + 1 - terms.length;
  // Centred predictors keep the digits that a large mean would cost.
  const total = weights.reduce((all, weight) => all + weight, 0);
  const means = columns.map(
    (column) => weights.reduce((all, weight, row) => all + weight * (column[row] ?? 0), 0) / total,
  );
  const lines = [...complete.keys()].map((row) => [
    1,
    ...columns.map((column, j) => (column[row] ?? 0) - (means[j] ?? 0)),
  ]);
  const cross = (a: (row: number) => number, b: (row: number) => number) =>
    weights.reduce((all, weight, row) => (weight === 0 ? all : all + weight * a(row) * b(row)), 0);
  const at = (j: number) => (row: number) => lines[row]?.[j] ?? 0;
  const products = terms.map((_, i) => terms.map((__, j) => cross(at(i), at(j))));
  const factor = n < terms.length ? null : cholesky(products);
  const inverse = factor === null ? null : inversePositiveDefinite(products);
  if (factor === null || inverse === null || df < 1) {
    const text = 'The predictors determine one another, or there are too few rows, so no coefficients.';
    return { coefficients: null, df, n, notes: [{ code: 'collinear', text }] };
  }
  const centred = solveCholesky(
    factor,
    terms.map((_, j) => cross(at(j), (row) => outcome[row] ?? 0)),
  );
  const residual = (row: number) =>
    (outcome[row] ?? 0) - centred.reduce((all, value, j) => all + value * at(j)(row), 0);
  // Influence of each row on each centred coefficient, then on those of the plain predictors.
  const influence = terms.map((_, i) =>
    weights.map((weight, row) =>
      weight === 0
        ? 0
        : weight * residual(row) * terms.reduce((all, __, j) => all + (inverse[i]?.[j] ?? 0) * at(j)(row), 0),
    ),
  );
  const plain = (values: readonly number[]) =>
    (values[0] ?? 0) - means.reduce((all, mean, j) => all + mean * (values[j + 1] ?? 0), 0);
  const intercept = weights.map((_, row) => plain(influence.map((column) => column[row] ?? 0)));
  const { matrix, notes } = design.covariance([intercept, ...influence.slice(1)]);
  if (matrix === null) return { coefficients: null, df, n, notes };
  const coefficients = terms.map((term, j) => {
    const estimate = j === 0 ? plain(centred) : (centred[j] ?? 0);
    // Rounding can leave a variance of 0 below it.
    const standardError = Math.sqrt(Math.max(0, matrix[j]?.[j] ?? 0));
    const t = estimate / standardError;
    return { term, estimate, standardError, t, p: Number.isNaN(t) ? t : twoSided(t, df) };
  });
  const centre = cross(at(0), (row) => outcome[row] ?? 0) / total;
  const left = cross(residual, residual);
  const around = (row: number) => (outcome[row] ?? 0) - centre;
  if (left > 1e-26 * cross(around, around)) return { coefficients, df, n, notes };
  const text = 'The predictors fit the outcome exactly, so standard errors mean nothing.';
  return { coefficients, df, n, notes: [...notes, { code: 'perfect-fit', text }] };
}
