/**
 * The two-level model with a random intercept, by restricted maximum likelihood: group sums once, then one root in one
 * dimension. Called by the effect sizes; models with more levels or random slopes are fitted elsewhere.
 */

import { inversePositiveDefinite } from './numeric/cholesky.ts';
import { brentRoot } from './numeric/root.ts';
import { mean, sum } from './numeric/sums.ts';
import { type ShareDone, searchSteps, untold } from './progress.ts';
import type { Note } from './result.ts';

export interface RandomIntercept {
  /** In the order of the predictors, the intercept first. */
  readonly coefficients: readonly number[];
  readonly covariance: readonly (readonly number[])[];
  /** Variance between groups and within them. */
  readonly between: number;
  readonly within: number;
  /** Expected information of (between, within). */
  readonly information: readonly (readonly number[])[];
  readonly n: number;
  readonly groups: number;
  readonly notes: readonly Note[];
}

type Matrix = readonly (readonly number[])[];

/** Cross products of all rows, and size and sums of each group; columns are the predictors and, last, the outcome. */
interface Products {
  readonly n: number;
  readonly all: number[][];
  readonly groups: readonly { readonly size: number; readonly sums: readonly number[] }[];
}

/** What a ratio of the variances implies: coefficients, residual sum of squares and the slope of the deviance. */
interface Fit {
  readonly coefficients: readonly number[];
  readonly inverse: Matrix;
  readonly residual: number;
  readonly slope: number;
}

/**
 * Fits outcome = predictors + group + residual. The ratio of the variances, between over within, is the root of the slope
 * of the restricted deviance; everything else follows from it in closed form, since (I + ratio J)⁻¹ = I - ratio / (1 + n
 * ratio) J for a group of n. Columns are centred first. A ratio of zero: note `singular`. Null with a note when predictors
 * determine one another (`collinear`), nothing is left to explain (`no-variance`) or there are fewer than two groups.
 *
 * Reference: Harville (1977), Journal of the American Statistical Association 72, 320-338. Agrees with lme4 to 1e-8.
 *
 * @param predictors columns without the intercept, which is always there
 * @throws RangeError for columns of unequal length
 * @example
 * randomIntercept([1, 3, 5, 7], [], ['a', 'a', 'b', 'b']).fit.within // => 2
 */
export function randomIntercept(
  outcome: readonly number[],
  predictors: readonly (readonly number[])[],
  groups: readonly (string | number)[],
  onShare: ShareDone = untold,
): { fit: RandomIntercept | null; notes: readonly Note[] } {
  if ([...predictors, groups].some((column) => column.length !== outcome.length)) {
    throw new RangeError('randomIntercept requires columns of one length');
  }
  const none = (code: string, text: string) => ({ fit: null, notes: [{ code, text }] });
  const means = predictors.map((column) => mean(column));
  const centre = outcome.length === 0 ? 0 : mean(outcome);
  const columns = [
    outcome.map(() => 1),
    ...predictors.map((column, j) => column.map((value) => value - (means[j] ?? 0))),
    outcome.map((value) => value - centre),
  ];
  const products = productsOf(columns, groups);
  if (products.groups.length < 2) return none('too-few-groups', 'Fewer than two groups, so no model.');
  if (products.n <= products.groups.length) return none('too-few-values', 'No group has two rows, so no model.');
  const plain = fitAt(products, 0);
  if (plain === null) return none('collinear', 'The predictors determine one another, so no model.');
  // What is left is a difference of sums of squares, so below this share of them it is rounding.
  if (!(plain.residual > 1e-12 * (products.all.at(-1)?.at(-1) ?? 0)) || products.n <= plain.coefficients.length) {
    return none('no-variance', 'The predictors leave nothing to explain, so no model.');
  }
  const onStep = searchSteps(onShare, 15);
  const slope = (ratio: number) => {
    onStep();
    return fitAt(products, ratio)?.slope ?? Number.NaN;
  };
  let high = 1;
  while (high < 1e8 && slope(high) < 0) high *= 4;
  if (plain.slope < 0 && !(slope(high) >= 0)) {
    return none('no-variance', 'Within each group the predictors leave nothing to explain, so no model.');
  }
  const ratio = plain.slope >= 0 ? 0 : brentRoot(slope, 0, high);
  const fit = fitAt(products, ratio);
  if (fit === null) return none('collinear', 'The predictors determine one another, so no model.');
  const within = fit.residual / (products.n - fit.coefficients.length);
  const between = ratio * within;
  // Back from the centred columns: the intercept is the value where all predictors are zero.
  const shift = [1, ...means.map((value) => -value)];
  const covariance = fit.inverse.map((line) => line.map((value) => value * within));
  const singular = {
    code: 'singular',
    text: 'The groups differ no more than chance allows: their variance is estimated as 0.',
  };
  const notes = ratio === 0 ? [singular] : [];
  return {
    fit: {
      coefficients: fit.coefficients.map((value, j) => (j === 0 ? dot(shift, fit.coefficients) + centre : value)),
      covariance: uncentred(covariance, shift),
      between,
      within,
      information: information(products, covariance, between, within),
      n: products.n,
      groups: products.groups.length,
      notes,
    },
    notes,
  };
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((total, value, i) => total + value * (b[i] ?? 0), 0);
}

/** Covariance of the coefficients after the intercept has become shift · coefficients. */
function uncentred(covariance: Matrix, shift: readonly number[]): number[][] {
  const line = covariance.map((row) => dot(row, shift));
  return covariance.map((row, i) =>
    row.map((value, j) =>
      i === 0 && j === 0 ? dot(line, shift) : i === 0 ? (line[j] ?? 0) : j === 0 ? (line[i] ?? 0) : value,
    ),
  );
}

function productsOf(columns: readonly (readonly number[])[], groups: readonly (string | number)[]): Products {
  const byGroup = new Map<string | number, { size: number; sums: number[] }>();
  groups.forEach((group, row) => {
    const known = byGroup.get(group) ?? { size: 0, sums: columns.map(() => 0) };
    known.size += 1;
    columns.forEach((column, j) => {
      known.sums[j] = (known.sums[j] ?? 0) + (column[row] ?? 0);
    });
    byGroup.set(group, known);
  });
  const all = columns.map((a) => columns.map((b) => sum(a.map((value, row) => value * (b[row] ?? 0)))));
  return { n: groups.length, all, groups: [...byGroup.values()] };
}

/** A matrix minus the weighted sum of squares of the group sums. */
function reduced(all: Matrix, groups: Products['groups'], weight: (size: number) => number): number[][] {
  const result = all.map((line) => [...line]);
  for (const { size, sums } of groups) {
    const factor = weight(size);
    result.forEach((line, i) => {
      line.forEach((value, j) => {
        line[j] = value - factor * (sums[i] ?? 0) * (sums[j] ?? 0);
      });
    });
  }
  return result;
}

function fitAt({ n, all, groups }: Products, ratio: number): Fit | null {
  const last = all.length - 1;
  const weighted = reduced(all, groups, (size) => ratio / (1 + size * ratio));
  const inverse = inversePositiveDefinite(weighted.slice(0, last).map((line) => line.slice(0, last)));
  if (inverse === null) return null;
  const right = weighted.slice(0, last).map((line) => line[last] ?? 0);
  const coefficients = inverse.map((line) => dot(line, right));
  const residual = (weighted[last]?.[last] ?? 0) - dot(coefficients, right);
  let ofResidual = 0;
  let ofDeterminants = 0;
  for (const { size, sums } of groups) {
    const growth = 1 / (1 + size * ratio) ** 2;
    const left = (sums[last] ?? 0) - dot(coefficients, sums);
    ofResidual -= growth * left * left;
    const predictors = sums.slice(0, last);
    ofDeterminants +=
      size / (1 + size * ratio) -
      growth *
        dot(
          inverse.map((line) => dot(line, predictors)),
          predictors,
        );
  }
  return { coefficients, inverse, residual, slope: ((n - last) * ofResidual) / residual + ofDeterminants };
}

/** tr(Q V₁ Q V₂) / 2 for the two variances, from the closed form of V⁻¹ in each group. */
function information({ n, all, groups }: Products, covariance: Matrix, between: number, within: number): number[][] {
  const last = all.length - 1;
  const zero = all.slice(0, last).map((line) => line.slice(0, last).map(() => 0));
  const predictors = all.slice(0, last).map((line) => line.slice(0, last));
  const level = (size: number) => within + size * between;
  /** Σ weight(size) s s' over the groups, s being the sums of the predictors. */
  const ofSums = (weight: (size: number) => number) => reduced(zero, groups, (size) => -weight(size));
  /** X' V⁻ᵏ X: rows vary by `within` around their group's mean, and the mean by `level` over the size. */
  const ofRows = (power: number) => {
    const inside = reduced(predictors, groups, (size) => 1 / size);
    const outside = ofSums((size) => 1 / (size * level(size) ** power));
    return inside.map((line, i) => line.map((value, j) => value / within ** power + (outside[i]?.[j] ?? 0)));
  };
  const total = (weight: (size: number) => number) => sum(groups.map(({ size }) => weight(size)));
  const first = [ofSums((size) => 1 / level(size) ** 2), ofRows(2)];
  const entry = (trace: number, second: Matrix, i: number, j: number) =>
    (trace -
      2 * traceOf(covariance, second) +
      traceOf(times(covariance, first[i] ?? []), times(covariance, first[j] ?? []))) /
    2;
  const both = entry(
    total((size) => (size / level(size)) ** 2),
    ofSums((size) => size / level(size) ** 3),
    0,
    0,
  );
  const mixed = entry(
    total((size) => size / level(size) ** 2),
    ofSums((size) => 1 / level(size) ** 3),
    0,
    1,
  );
  const traceWithin = (n - groups.length) / within ** 2 + total((size) => 1 / level(size) ** 2);
  return [
    [both, mixed],
    [mixed, entry(traceWithin, ofRows(3), 1, 1)],
  ];
}

function times(a: Matrix, b: Matrix): number[][] {
  return a.map((line) => a.map((_, j) => sum(line.map((value, k) => value * (b[k]?.[j] ?? 0)))));
}

function traceOf(a: Matrix, b: Matrix): number {
  return sum(times(a, b).map((line, i) => line[i] ?? 0));
}
