/** Logistic regression by maximum likelihood. Called by plans. */

import type { Values } from './descriptives.ts';
import { type Coefficient, coefficientsOf, completeRowsOf, type Predictors } from './linear-model.ts';
import { cholesky, inversePositiveDefinite, solveCholesky } from './numeric/cholesky.ts';
import { normalTails } from './numeric/normal.ts';
import { sum } from './numeric/sums.ts';
import { type ShareDone, searchSteps, untold } from './progress.ts';
import type { Note } from './result.ts';

export interface LogisticModel {
  /** The intercept first; logarithms of odds ratios. */
  readonly coefficients: readonly Coefficient[];
  readonly covariance: readonly (readonly number[])[];
  /** Fitted probabilities of the complete rows. */
  readonly fitted: readonly number[];
  readonly n: number;
  readonly deviance: number;
  readonly nullDeviance: number;
  readonly aic: number;
  readonly iterations: number;
}

/** Probabilities this close to 0 and 1 are of people whom the predictors separate. */
const certain = 1e-9;

/**
 * Logistic regression: how do the odds of the outcome (0 or 1) go with each predictor, the others held? Newton's method
 * from the fit without predictors, each step halved until the deviance does not rise. Assumes independent people. Rows
 * with a gap are left out. Null with a note: `no-variance` when everybody has one outcome, `too-few-values`, `collinear`.
 * When a combination of predictors separates the outcomes the coefficients have no finite value: note `separation`, and
 * the model is null; `not-converged` after 50 steps.
 *
 * Reference: Cox (1958), Journal of the Royal Statistical Society B 20, 215-242; Albert and Anderson (1984), Biometrika
 * 71, 1-10, for separation. Agrees with R's `glm` to 1e-8.
 *
 * @throws RangeError for columns of unequal length or an outcome other than 0, 1 and null
 * @example
 * logisticModel([0, 1, 0, 1], { x: [1, 1, 2, 2] }).model.coefficients[1].estimate // => 0
 * logisticModel([0, 0, 1, 1], { x: [1, 2, 3, 4] }).notes[0].code // => 'separation'
 */
export function logisticModel(
  outcome: Values,
  predictors: Predictors,
  onShare: ShareDone = untold,
): { model: LogisticModel | null; notes: readonly Note[] } {
  if (outcome.some((value) => value !== null && value !== 0 && value !== 1)) {
    throw new RangeError('logisticModel requires an outcome of 0 and 1');
  }
  const { y, columns, terms } = completeRowsOf('logisticModel', outcome, predictors);
  const n = y.length;
  const none = (code: string, text: string) => ({ model: null, notes: [{ code, text }] });
  const successes = sum(y);
  if (successes === 0 || successes === n) return none('no-variance', 'Everybody has the same outcome, so no model.');
  if (n <= terms.length) return none('too-few-values', 'Not more complete rows than coefficients, so no model.');
  // Columns on one scale keep the information well conditioned.
  const scaled = columns.map(standardised);
  const design = [y.map(() => 1), ...scaled.map(({ values }) => values)];
  let beta = [Math.log(successes / (n - successes)), ...columns.map(() => 0)];
  let fitted = probabilities(design, beta);
  let deviance = devianceOf(y, fitted);
  const nullDeviance = deviance;
  const onStep = searchSteps(onShare, 5);
  for (let iterations = 1; iterations <= 50; iterations += 1) {
    onStep();
    const information = informationOf(design, fitted);
    const factor = cholesky(information);
    if (factor === null) return unfit(fitted, none);
    const score = design.map((column) => sum(column.map((value, row) => value * ((y[row] ?? 0) - (fitted[row] ?? 0)))));
    let change = solveCholesky(factor, score);
    let next = probabilities(design, added(beta, change));
    while (devianceOf(y, next) > deviance * (1 + 1e-12) && Math.max(...change.map(Math.abs)) > 1e-12) {
      change = change.map((value) => value / 2);
      next = probabilities(design, added(beta, change));
    }
    beta = added(beta, change);
    fitted = next;
    deviance = devianceOf(y, fitted);
    if (Math.max(...change.map(Math.abs)) > 1e-9) continue;
    if (separated(fitted)) return unfit(fitted, none);
    const inverse = inversePositiveDefinite(informationOf(design, fitted));
    if (inverse === null) return unfit(fitted, none);
    const { estimates, covariance } = unscaled(beta, inverse, scaled);
    const coefficients = coefficientsOf(terms, estimates, covariance, (z) => 2 * normalTails(-Math.abs(z)).lower);
    const aic = deviance + 2 * terms.length;
    return { model: { coefficients, covariance, fitted, n, deviance, nullDeviance, aic, iterations }, notes: [] };
  }
  return separated(fitted) ? unfit(fitted, none) : none('not-converged', 'The fit did not settle within 50 steps.');
}

function separated(fitted: readonly number[]): boolean {
  return fitted.some((p) => p < certain || 1 - p < certain);
}

/** Why the information cannot be inverted: people without doubt, or predictors that determine one another. */
function unfit<Result>(fitted: readonly number[], none: (code: string, text: string) => Result): Result {
  return separated(fitted)
    ? none('separation', 'The predictors separate the outcomes, so the coefficients have no finite value.')
    : none('collinear', 'The predictors determine one another, so no model.');
}

function standardised(column: readonly number[]): { values: number[]; centre: number; scale: number } {
  const centre = sum(column) / column.length;
  const spread = Math.sqrt(sum(column.map((value) => (value - centre) ** 2)) / column.length);
  const scale = spread > 0 ? spread : 1;
  return { values: column.map((value) => (value - centre) / scale), centre, scale };
}

function probabilities(design: readonly (readonly number[])[], beta: readonly number[]): number[] {
  return (design[0] ?? []).map((_, row) => {
    let logit = 0;
    for (let j = 0; j < design.length; j += 1) logit += (beta[j] ?? 0) * (design[j]?.[row] ?? 0);
    return 1 / (1 + Math.exp(-logit));
  });
}

function devianceOf(y: readonly number[], fitted: readonly number[]): number {
  return -2 * sum(y.map((value, row) => (value === 1 ? Math.log(fitted[row] ?? 0) : Math.log1p(-(fitted[row] ?? 0)))));
}

/** Cross products of the columns under the weights p (1 - p); plain sums, as the columns are on one scale. */
function informationOf(design: readonly (readonly number[])[], fitted: readonly number[]): number[][] {
  const information = design.map(() => design.map(() => 0));
  design.forEach((a, i) => {
    const weighted = Float64Array.from(fitted, (p, row) => p * (1 - p) * (a[row] ?? 0));
    for (let j = 0; j <= i; j += 1) {
      const b = design[j] ?? a;
      let total = 0;
      for (let row = 0; row < weighted.length; row += 1) total += (weighted[row] ?? 0) * (b[row] ?? 0);
      for (const [to, from] of [
        [i, j],
        [j, i],
      ] as const) {
        const line = information[to];
        if (line) line[from] = total;
      }
    }
  });
  return information;
}

function added(a: readonly number[], b: readonly number[]): number[] {
  return a.map((value, i) => value + (b[i] ?? 0));
}

/** Coefficients and their covariance for the columns as they were given. */
function unscaled(
  beta: readonly number[],
  inverse: readonly (readonly number[])[],
  scaled: readonly { readonly centre: number; readonly scale: number }[],
) {
  // Each plain coefficient as a combination of the scaled ones.
  const combination = [
    [1, ...scaled.map(({ centre, scale }) => -centre / scale)],
    ...scaled.map(({ scale }, j) => [0, ...scaled.map((_, k) => (j === k ? 1 / scale : 0))]),
  ];
  const dot = (a: readonly number[], b: readonly number[]) => sum(a.map((value, i) => value * (b[i] ?? 0)));
  const covariance = combination.map((a) =>
    combination.map((b) =>
      dot(
        a,
        inverse.map((line) => dot(line, b)),
      ),
    ),
  );
  return { estimates: combination.map((line) => dot(line, beta)), covariance };
}
