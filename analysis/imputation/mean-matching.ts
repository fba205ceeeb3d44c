/** Predictive mean matching: one column filled from the others, once. Called by imputation.ts. */
import type { Random } from '../../instruments/random.ts';
import { cholesky, solveCholesky } from '../numeric/cholesky.ts';
import { chiSquareDraw } from './draws.ts';

/** Why a column was not filled as it should be; null when it was. */
export type Doubt = 'too-few-values' | 'collinear' | null;

export interface Filled {
  /** One value for each missing row, in their order. */
  readonly values: readonly number[];
  readonly doubt: Doubt;
}

/** What predictors that determine one another are held apart with, relative to their own size. */
const ridge = 1e-5;

/**
 * Values for the missing rows of a column: each is the observed value of a row that is predicted much the same.
 *
 * Regression of the observed values on the predictors gives the coefficients b. New ones b* are drawn from what the data
 * leave open: σ*² = residual sum of squares / chi-square, b* normal around b with covariance σ*² (X'X)⁻¹. Each missing row
 * is predicted with b*, the observed ones with b; of the `donors` observed rows that are nearest one is picked, and its
 * value given. So imputed values are always values that somebody has.
 *
 * With fewer observed rows than coefficients, any observed value is given (doubt `too-few-values`); predictors that
 * determine one another are held apart by a small ridge (`collinear`).
 *
 * References: Little (1988), Journal of Business & Economic Statistics 6, 287-296; van Buuren (2018), Flexible Imputation of
 * Missing Data, 2nd edition, section 3.4, type 1 matching.
 *
 * @param values the column; only its observed rows are read
 * @param predictors complete columns
 * @example
 * meanMatched([7, NaN], [], [0], [1], 5, { pick: (list) => list[0] }).values // => [7]
 */
export function meanMatched(
  values: ArrayLike<number>,
  predictors: readonly ArrayLike<number>[],
  observed: readonly number[],
  missing: readonly number[],
  donors: number,
  random: Random,
): Filled {
  const design = designOf(predictors, values.length);
  const df = observed.length - design.length;
  if (df < 1) {
    return { values: missing.map(() => values[random.pick(observed)] ?? 0), doubt: 'too-few-values' };
  }
  const known = design.map((column) => at(column, observed));
  const outcome = at(values, observed);
  const { factor, doubt } = factored(known.map((a, i) => known.map((b, j) => (j <= i ? product(a, b) : 0))));
  const fitted = solveCholesky(
    factor,
    known.map((column) => product(column, outcome)),
  );
  const predicted = combination(known, fitted);
  const residuals = outcome.map((value, place) => value - (predicted[place] ?? 0));
  const squares = product(residuals, residuals);
  const sigma = Math.sqrt(squares / chiSquareDraw(random, df));
  const noise = solveTransposed(
    factor,
    design.map(() => random.normal()),
  );
  const drawn = fitted.map((value, j) => value + sigma * (noise[j] ?? 0));
  // Rows predicted alike stand in random order, so that none of them is preferred.
  const order = random.shuffle([...predicted.keys()]).sort((a, b) => (predicted[a] ?? 0) - (predicted[b] ?? 0));
  const sorted = Float64Array.from(order, (place) => predicted[place] ?? 0);
  const wanted = combination(
    design.map((column) => at(column, missing)),
    drawn,
  );
  const given = Array.from(wanted, (value) => {
    const donor = nearOne(sorted, value, Math.min(donors, order.length), random);
    return values[observed[order[donor] ?? 0] ?? 0] ?? 0;
  });
  return { values: given, doubt };
}

/** The intercept, and each predictor that varies, centred and scaled so that cross products are well conditioned. */
function designOf(predictors: readonly ArrayLike<number>[], rows: number): Float64Array[] {
  const varying = predictors.flatMap((column) => {
    let [sum, varies] = [0, false];
    for (let row = 0; row < rows; row += 1) {
      sum += column[row] ?? 0;
      varies ||= column[row] !== column[0];
    }
    if (!varies) return [];
    const centred = new Float64Array(rows);
    for (let row = 0; row < rows; row += 1) centred[row] = (column[row] ?? 0) - sum / rows;
    const spread = Math.sqrt(product(centred, centred) / rows);
    for (let row = 0; row < rows; row += 1) centred[row] = (centred[row] ?? 0) / spread;
    return [centred];
  });
  return [new Float64Array(rows).fill(1), ...varying];
}

function at(column: ArrayLike<number>, rows: readonly number[]): Float64Array {
  const values = new Float64Array(rows.length);
  for (let place = 0; place < rows.length; place += 1) values[place] = column[rows[place] ?? 0] ?? 0;
  return values;
}

function product(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let i = 0; i < a.length; i += 1) total += (a[i] ?? 0) * (b[i] ?? 0);
  return total;
}

/** The sum of the columns, each times its coefficient. */
function combination(columns: readonly Float64Array[], coefficients: readonly number[]): Float64Array {
  const total = new Float64Array(columns[0]?.length ?? 0);
  columns.forEach((column, j) => {
    const coefficient = coefficients[j] ?? 0;
    for (let i = 0; i < total.length; i += 1) total[i] = (total[i] ?? 0) + coefficient * (column[i] ?? 0);
  });
  return total;
}

/** Cholesky's factor of a matrix of which the lower half is read. */
function factored(matrix: number[][]): { factor: number[][]; doubt: Doubt } {
  const factor = cholesky(matrix, 1e-10);
  if (factor) return { factor, doubt: null };
  const apart = matrix.map((line, i) => line.map((value, j) => (i === j ? value * (1 + ridge) + ridge : value)));
  return { factor: cholesky(apart) ?? [], doubt: 'collinear' };
}

/** The solution of L' x = right. */
function solveTransposed(factor: readonly (readonly number[])[], right: readonly number[]): number[] {
  const solution = [...right];
  for (let i = right.length - 1; i >= 0; i -= 1) {
    let rest = right[i] ?? 0;
    for (let k = i + 1; k < right.length; k += 1) rest -= (factor[k]?.[i] ?? 0) * (solution[k] ?? 0);
    solution[i] = rest / (factor[i]?.[i] ?? 1);
  }
  return solution;
}

/** One of the `count` places in an ascending list that are nearest to a value. */
function nearOne(sorted: Float64Array, value: number, count: number, random: Random): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  // The window [from, to) grows to the nearer side.
  let from = low;
  let to = low;
  while (to - from < count) {
    const toLeft = from > 0 ? value - (sorted[from - 1] ?? 0) : Number.POSITIVE_INFINITY;
    const toRight = to < sorted.length ? (sorted[to] ?? 0) - value : Number.POSITIVE_INFINITY;
    if (toLeft < toRight || (toLeft === toRight && random.chance(0.5))) from -= 1;
    else to += 1;
  }
  return random.integer(from, to - 1);
}
