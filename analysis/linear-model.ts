/** Ordinary least squares with its usual standard errors. Called by plans and by the logistic model. */
import { twoSided } from './compare.ts';
import type { Values } from './descriptives.ts';
import { inversePositiveDefinite } from './numeric/cholesky.ts';
import { fTails } from './numeric/f.ts';
import { mean, sum, sumOfSquaredDeviations } from './numeric/sums.ts';
import type { Note } from './result.ts';

/** Columns by name; the intercept is always there and not among them. */
export type Predictors = Readonly<Record<string, Values>>;

export interface Coefficient {
  readonly term: string;
  readonly estimate: number;
  readonly standardError: number;
  /** t of a linear, z of a logistic model. */
  readonly statistic: number;
  readonly p: number;
}

export interface LinearModel {
  /** The intercept first. */
  readonly coefficients: readonly Coefficient[];
  readonly covariance: readonly (readonly number[])[];
  readonly n: number;
  readonly df: number;
  readonly residualSd: number;
  readonly rSquared: number;
  readonly adjustedRSquared: number;
  /** F test of all predictors together; null without any. */
  readonly f: number | null;
  readonly p: number | null;
  readonly logLikelihood: number;
  readonly aic: number;
  readonly bic: number;
}

/**
 * Least squares: how does the outcome go with each predictor, the others held? Assumes independent people and residuals
 * of one spread, nearly normal for the p values. Rows with a gap are left out. Columns are centred first, so that a large
 * mean costs no digits. Null with a note: `collinear` when predictors determine one another, `too-few-values` when there
 * are not more rows than coefficients, `no-variance` when the outcome is constant. Note `perfect-fit` when no residuals are
 * left beyond rounding: then standard errors and tests mean nothing.
 *
 * Reference: Gauss (1809); Rao (1973), Linear Statistical Inference, chapter 4. Agrees with R's `lm` to 1e-11.
 *
 * @throws RangeError for columns of unequal length
 * @example
 * linearModel([1, 3, 5, 8], { x: [0, 1, 2, 3] }).model.df // => 2
 * linearModel([1, 2], { x: [0, 1] }).notes[0].code // => 'too-few-values'
 */
export function linearModel(
  outcome: Values,
  predictors: Predictors,
): { model: LinearModel | null; notes: readonly Note[] } {
  const { y, columns, terms } = completeRowsOf('linearModel', outcome, predictors);
  const [n, p] = [y.length, terms.length];
  const none = (code: string, text: string) => ({ model: null, notes: [{ code, text }] });
  if (n <= p) return none('too-few-values', 'Not more complete rows than coefficients, so no model.');
  const total = sumOfSquaredDeviations(y);
  if (total === 0) return none('no-variance', 'The outcome is constant, so no model.');
  const means = columns.map(mean);
  const centre = mean(y);
  const centred = columns.map((column, j) => column.map((value) => value - (means[j] ?? 0)));
  const response = y.map((value) => value - centre);
  const inverse = inversePositiveDefinite(centred.map((a) => centred.map((b) => product(a, b))));
  if (inverse === null) return none('collinear', 'The predictors determine one another, so no model.');
  const moments = centred.map((column) => product(column, response));
  const slopes = inverse.map((line) => product(line, moments));
  const residuals = response.map(
    (value, row) => value - sum(slopes.map((slope, j) => slope * (centred[j]?.[row] ?? 0))),
  );
  const rest = product(residuals, residuals);
  const df = n - p;
  const variance = rest / df;
  const covariance = withIntercept(inverse, means, 1 / n).map((line) => line.map((value) => value * variance));
  const estimates = [centre - product(means, slopes), ...slopes];
  const explained = p - 1;
  const f = explained === 0 ? null : (total - rest) / explained / variance;
  const logLikelihood = (-n / 2) * (Math.log(2 * Math.PI) + Math.log(rest / n) + 1);
  const model: LinearModel = {
    coefficients: coefficientsOf(terms, estimates, covariance, (t) => twoSided(t, df)),
    covariance,
    n,
    df,
    residualSd: Math.sqrt(variance),
    rSquared: 1 - rest / total,
    adjustedRSquared: 1 - variance / (total / (n - 1)),
    f,
    p: f === null ? null : fTails(f, explained, df).upper,
    logLikelihood,
    aic: -2 * logLikelihood + 2 * (p + 1),
    bic: -2 * logLikelihood + Math.log(n) * (p + 1),
  };
  const perfect = {
    code: 'perfect-fit',
    text: 'The predictors fit the outcome exactly, so standard errors mean nothing.',
  };
  return { model, notes: rest <= 1e-26 * total ? [perfect] : [] };
}

/** Σ a b. */
export function product(a: readonly number[], b: readonly number[]): number {
  return sum(a.map((value, i) => value * (b[i] ?? 0)));
}

/** The inverse of the cross products with the intercept, from that of the centred predictors. */
function withIntercept(
  inverse: readonly (readonly number[])[],
  means: readonly number[],
  oneOverN: number,
): number[][] {
  const ofMeans = inverse.map((line) => product(line, means));
  const first = [oneOverN + product(means, ofMeans), ...ofMeans.map((value) => -value)];
  return [first, ...inverse.map((line, i) => [-(ofMeans[i] ?? 0), ...line])];
}

/** Estimates with their tests. */
export function coefficientsOf(
  terms: readonly string[],
  estimates: readonly number[],
  covariance: readonly (readonly number[])[],
  pOf: (statistic: number) => number,
): Coefficient[] {
  return terms.map((term, j) => {
    const estimate = estimates[j] ?? Number.NaN;
    const standardError = Math.sqrt(covariance[j]?.[j] ?? Number.NaN);
    const statistic = estimate / standardError;
    // Nothing over nothing, when a fit is perfect and the estimate zero, is no statistic.
    return { term, estimate, standardError, statistic, p: Number.isNaN(statistic) ? statistic : pOf(statistic) };
  });
}

/** The rows in which outcome and predictors are there. */
export function completeRowsOf(caller: string, outcome: Values, predictors: Predictors) {
  const given = Object.values(predictors);
  if (given.some((column) => column.length !== outcome.length)) {
    throw new RangeError(`${caller} requires columns of one length`);
  }
  const rows = [...outcome.keys()].filter((row) =>
    [outcome, ...given].every((column) => (column[row] ?? null) !== null),
  );
  const kept = (column: Values) => rows.map((row) => column[row] ?? 0);
  return { y: kept(outcome), columns: given.map(kept), terms: ['(Intercept)', ...Object.keys(predictors)] };
}
