/** Errors of least squares for independent people of unequal spread. Called by plan/regression.ts and by the checks. */
import type { Values } from '../descriptives.ts';
import type { Predictors } from '../linear-model.ts';
import { sum } from '../numeric/sums.ts';
import { crossProducts } from './adjustments.ts';
import { leastSquares } from './least-squares.ts';

/**
 * Standard errors in the order of the coefficients, the intercept first; null when there is no fit, and HC2 and HC3 when a
 * row alone determines a coefficient.
 */
export interface IndependentErrors {
  readonly HC0: readonly number[] | null;
  readonly HC1: readonly number[] | null;
  readonly HC2: readonly number[] | null;
  readonly HC3: readonly number[] | null;
}

/**
 * Standard errors that hold when residuals differ in spread from person to person: HC0 plain, HC1 times n / (n - p), HC2
 * and HC3 with each squared residual divided by 1 - leverage once and twice. HC3 is the one for fewer than 250 rows.
 *
 * References: White (1980), Econometrica 48, 817-838; MacKinnon and White (1985), Journal of Econometrics 29, 305-325.
 * Agrees with R's sandwich to 1e-10.
 *
 * @throws RangeError for columns of unequal length or a negative weight
 * @example
 * independentErrors([1, 3], {}).HC0 // => [Math.SQRT1_2]
 */
export function independentErrors(outcome: Values, predictors: Predictors, weights?: Values): IndependentErrors {
  const { fit } = leastSquares(
    outcome,
    predictors,
    outcome.map((_, row) => row),
    weights,
  );
  if (fit === null) return { HC0: null, HC1: null, HC2: null, HC3: null };
  const [n, p] = [fit.residuals.length, fit.columns.length];
  const leverage = fit.residuals.map(
    (_, row) => (fit.weights[row] ?? 0) * sum(fit.columns.map((column) => (column[row] ?? 0) ** 2)),
  );
  const alone = leverage.some((each) => each > 1 - 1e-10);
  const errors = (share: (leverage: number) => number) => {
    const scores = fit.columns.map((column) =>
      column.map(
        (value, row) =>
          value * (fit.weights[row] ?? 0) * (fit.residuals[row] ?? 0) * Math.sqrt(share(leverage[row] ?? 0)),
      ),
    );
    const meat = crossProducts(scores, scores);
    return fit.back.map((line) =>
      Math.sqrt(sum(line.map((left, i) => left * sum(line.map((right, j) => right * (meat[i]?.[j] ?? 0)))))),
    );
  };
  return {
    HC0: errors(() => 1),
    HC1: errors(() => n / (n - p)),
    HC2: alone ? null : errors((each) => 1 / (1 - each)),
    HC3: alone ? null : errors((each) => 1 / (1 - each) ** 2),
  };
}
