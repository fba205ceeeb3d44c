/** The rows that a model with clusters stands on, and their least squares fit. Called by cluster-robust.ts and instrumental.ts. */
import type { Values } from '../descriptives.ts';
import type { Predictors } from '../linear-model.ts';
import { mean, sum } from '../numeric/sums.ts';
import type { Note } from '../result.ts';
import type { Matrix } from './adjustments.ts';
import { combined, orthonormalDesign, weightedProduct } from './orthonormal.ts';

/** Rows that are complete, as the least squares fit left them. */
export interface RowFit {
  readonly terms: readonly string[];
  readonly columns: readonly Float64Array[];
  /** Coefficients of the terms = back · those of the columns. */
  readonly back: Matrix;
  readonly coefficients: readonly number[];
  /** Scaled to a mean of 1: weights count by their ratios only. Given weights = scale · these. */
  readonly weights: Float64Array;
  readonly scale: number;
  /** Sum of squares of the outcome around its mean, under the scaled weights. */
  readonly total: number;
  readonly outcome: Float64Array;
  readonly residuals: Float64Array;
  readonly codes: Int32Array;
  readonly clusters: number;
}

/**
 * The least squares fit on the complete rows, or a note that says why there is none.
 *
 * @throws RangeError for columns of unequal length or a negative weight
 * @example
 * leastSquares([1, 3], {}, ['a', 'b']).fit.coefficients // => [2]
 */
export function leastSquares(
  outcome: Values,
  predictors: Predictors,
  clusters: readonly (string | number | null)[],
  weights?: Values,
): { fit: RowFit | null; notes: readonly Note[] } {
  const given = [outcome, ...Object.values(predictors), ...(weights ? [weights] : [])];
  if ([...given, clusters].some((column) => column.length !== outcome.length)) {
    throw new RangeError('leastSquares requires columns of one length');
  }
  if (weights?.some((weight) => weight !== null && !(weight >= 0))) {
    throw new RangeError('leastSquares requires weights that are not negative');
  }
  const none = (code: string, text: string) => ({ fit: null, notes: [{ code, text }] });
  const rows = [...outcome.keys()].filter(
    (row) =>
      given.every((column) => (column[row] ?? null) !== null) &&
      (clusters[row] ?? null) !== null &&
      (weights?.[row] ?? 1) > 0,
  );
  const kept = (column: Values) => Float64Array.from(rows, (row) => column[row] ?? 0);
  const { codes, labels } = codesOf(rows.map((row) => clusters[row] ?? null));
  if (labels.length < 2) return none('too-few-clusters', 'Fewer than two clusters, so no errors between them.');
  const terms = ['(Intercept)', ...Object.keys(predictors)];
  if (rows.length <= terms.length)
    return none('too-few-values', 'Not more complete rows than coefficients, so no model.');
  const weight = weights ? kept(weights) : new Float64Array(rows.length).fill(1);
  const scale = mean(weight);
  const scaled = weight.map((value) => value / scale);
  const y = kept(outcome);
  const design = [new Float64Array(rows.length).fill(1), ...Object.values(predictors).map(kept)];
  const orthonormal = orthonormalDesign(design, scaled);
  if (orthonormal === null) return none('collinear', 'The predictors determine one another, so no model.');
  const { columns, back } = orthonormal;
  const shares = columns.map((column) => weightedProduct(column, y, scaled));
  const centre = combined(columns.slice(0, 1), shares.slice(0, 1));
  const around = y.map((value, row) => value - (centre[row] ?? 0));
  const total = weightedProduct(around, around, scaled);
  if (y.every((value) => value === y[0])) return none('no-variance', 'The outcome is constant, so no model.');
  const fitted = combined(columns, shares);
  const residuals = y.map((value, row) => value - (fitted[row] ?? 0));
  const perfect = weightedProduct(residuals, residuals, scaled) <= 1e-26 * total;
  const text = 'The predictors fit the outcome exactly, so standard errors mean nothing.';
  return {
    fit: {
      terms,
      columns,
      back,
      coefficients: back.map((line) => sum(line.map((value, k) => value * (shares[k] ?? 0)))),
      weights: scaled,
      scale,
      total,
      outcome: y,
      residuals,
      codes,
      clusters: labels.length,
    },
    notes: perfect ? [{ code: 'perfect-fit', text }] : [],
  };
}

/**
 * Labels as whole numbers from 0 in order of appearance; null keeps no place and is -1.
 *
 * @example
 * codesOf(['b', 'a', 'b']).labels // => ['b', 'a']
 */
export function codesOf(values: readonly (string | number | null)[]) {
  const known = new Map<string | number, number>();
  const labels: (string | number)[] = [];
  const codes = new Int32Array(values.length);
  for (const [row, value] of values.entries()) {
    if (value === null) {
      codes[row] = -1;
      continue;
    }
    let code = known.get(value);
    if (code === undefined) {
      code = labels.length;
      known.set(value, code);
      labels.push(value);
    }
    codes[row] = code;
  }
  return { codes, labels };
}
