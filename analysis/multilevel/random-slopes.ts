/**
 * Two levels, with an intercept and slopes of its own in every group, correlated as they like. Each group is kept as its
 * cross products; with G = Z'V⁻¹Z and H = [X y]'V⁻¹Z all derivatives are products of these small matrices.
 *
 * Reference: Laird and Ware (1982), Biometrics 38, 963-974; Bates and others (2015), Journal of Statistical Software 67(1).
 */
import { type Matrix, multiply, solveLinear, transpose } from '../numeric/matrix.ts';
import { emptyMoments, type Moments, type RandomStructure } from './moments.ts';
import { groupSums } from './nested-intercepts.ts';
import type { MixedRows } from './rows.ts';

/** Cross products of one group: Z'Z, and [X y]'Z. */
export interface Group {
  readonly own: Matrix;
  readonly with: Matrix;
}

export interface SlopeStructure extends RandomStructure {
  readonly groups: readonly Group[];
  /** Effects for the predictors as given = given · those for the standardised ones, the intercept first. */
  readonly given: Matrix;
}

/**
 * The random structure of one level of groups with slopes of the standardised predictors, so that a search does not depend
 * on the units and the zero of a predictor, such as a year. theta is the lower triangle of the relative Cholesky factor,
 * column by column.
 *
 * @param slopes places of the predictors that have slopes, from 0
 * @throws RangeError for anything but one level of groups
 * @example
 * randomSlopes({
 *   n: 2, columns: [Float64Array.of(1, 1), Float64Array.of(-1, 1), Float64Array.of(-3, 3)], means: [1, 4],
 *   groupings: [{ name: 'school', codes: Int32Array.of(0, 0), labels: ['a'], parents: new Int32Array() }],
 * }, [0]).relative([2, 1, 3]) // => [4, 2, 10]
 */
export function randomSlopes(
  rows: Pick<MixedRows, 'n' | 'columns' | 'groupings' | 'means'>,
  slopes: readonly number[],
): SlopeStructure {
  const [grouping] = rows.groupings;
  if (!grouping || rows.groupings.length > 1) throw new RangeError('randomSlopes requires one level of groups');
  const spreads = slopes.map((place) => spreadOf(rows.columns[place + 1] ?? new Float64Array()));
  const effects = [
    new Float64Array(rows.n).fill(1),
    ...slopes.map((place, at) => (rows.columns[place + 1] ?? new Float64Array()).map((x) => x / (spreads[at] ?? 1))),
  ];
  const groups = crossProductsByGroup(effects, rows.columns, grouping.codes, grouping.labels.length);
  const size = effects.length;
  const { all } = groupSums(rows);
  const pairs = lowerTriangle(size);
  const factorOf = (theta: readonly number[]) => {
    const factor = effects.map(() => new Array<number>(size).fill(0));
    for (const [at, [i, j]] of pairs.entries()) {
      const line = factor[i];
      if (line) line[j] = theta[at] ?? 0;
    }
    return factor;
  };
  return {
    n: rows.n,
    width: rows.columns.length,
    groups,
    given: effects.map((_, i) =>
      effects.map((__, j) => {
        if (j === 0) return i === 0 ? 1 : 0;
        if (i !== 0 && i !== j) return 0;
        return (i === 0 ? -(rows.means[slopes[j - 1] ?? 0] ?? 0) : 1) / (spreads[j - 1] ?? 1);
      }),
    ),
    scales: pairs.map(([i, j]) => i === j),
    relative: (theta) => {
      const factor = factorOf(theta);
      return pairs.map(([i, j]) => dot(factor[i] ?? [], factor[j] ?? []));
    },
    jacobian: (theta) => {
      const factor = factorOf(theta);
      return pairs.map(([i, j]) =>
        pairs.map(([a, b]) => (a === i ? (factor[j]?.[b] ?? 0) : 0) + (a === j ? (factor[i]?.[b] ?? 0) : 0)),
      );
    },
    curvature: pairs.map(([i, j]) =>
      pairs.map(([a, b]) =>
        pairs.map(([c, d]) => (b === d ? (a === i && c === j ? 1 : 0) + (a === j && c === i ? 1 : 0) : 0)),
      ),
    ),
    momentsAt: (relative) => momentsAt(groups, all, relative, size),
  };
}

/** The standard deviation of a centred column; 1 for a constant. */
function spreadOf(column: Float64Array): number {
  const squares = column.reduce((total, value) => total + value ** 2, 0);
  return Math.sqrt(squares / column.length) || 1;
}

/** Places of the lower triangle, column by column. */
function lowerTriangle(size: number): [number, number][] {
  const places: [number, number][] = [];
  for (let j = 0; j < size; j += 1) for (let i = j; i < size; i += 1) places.push([i, j]);
  return places;
}

/**
 * The symmetric matrix of relative variances and covariances from its lower triangle, column by column.
 *
 * @example
 * covarianceOf([4, 2, 10], 2) // => [[4, 2], [2, 10]]
 */
export function covarianceOf(relative: readonly number[], size: number): number[][] {
  const matrix = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  for (const [at, [i, j]] of lowerTriangle(size).entries()) {
    for (const [a, b] of [
      [i, j],
      [j, i],
    ] as const) {
      const line = matrix[a];
      if (line) line[b] = relative[at] ?? 0;
    }
  }
  return matrix;
}

/** As theta and the relative covariances are for the predictors as given, which is how lme4 has them. */
export interface GivenUnits {
  readonly theta: readonly number[];
  readonly relative: readonly number[];
}

/**
 * The relative Cholesky factor and the relative covariances in the units of the predictors. The factor is made by turning
 * the lines of (given · factor) onto one another, which stays exact where the covariance is singular or nearly so.
 *
 * @example
 * inGivenUnits({ given: [[1, -2], [0, 1]] }, [5, 2, 0]) // => { theta: [1, 2, 0], relative: [1, 2, 4] }
 */
export function inGivenUnits({ given }: Pick<SlopeStructure, 'given'>, theta: readonly number[]): GivenUnits {
  const size = given.length;
  const pairs = lowerTriangle(size);
  const factor = given.map(() => new Array<number>(size).fill(0));
  for (const [at, [i, j]] of pairs.entries()) {
    const line = factor[i];
    if (line) line[j] = theta[at] ?? 0;
  }
  const lines = multiply(given, factor);
  const axes: number[][] = [];
  const turned = lines.map((line) => {
    let rest = [...line];
    const along = axes.map((axis) => {
      const share = dot(axis, rest);
      rest = rest.map((value, k) => value - share * (axis[k] ?? 0));
      return share;
    });
    const length = Math.hypot(...rest);
    const isNew = length > lostInRounding * Math.hypot(...line);
    axes.push(rest.map((value) => (isNew ? value / length : 0)));
    return [...along, isNew ? length : 0];
  });
  return {
    theta: pairs.map(([i, j]) => turned[i]?.[j] ?? 0),
    relative: pairs.map(([i, j]) => dot(lines[i] ?? [], lines[j] ?? [])),
  };
}

/** What is left of a line below this share of it is rounding. */
const lostInRounding = 1e-13;

function crossProductsByGroup(
  effects: readonly Float64Array[],
  columns: readonly Float64Array[],
  codes: Int32Array,
  count: number,
): Group[] {
  const empty = (width: number) => Array.from({ length: width }, () => new Array<number>(effects.length).fill(0));
  const groups = Array.from({ length: count }, () => ({ own: empty(effects.length), with: empty(columns.length) }));
  for (let row = 0; row < codes.length; row += 1) {
    const group = groups[codes[row] ?? 0];
    if (!group) continue;
    for (const [j, effect] of effects.entries()) {
      const value = effect[row] ?? 0;
      for (const [matrix, sources] of [
        [group.own, effects],
        [group.with, columns],
      ] as const) {
        for (const [i, source] of sources.entries()) {
          const line = matrix[i];
          if (line) line[j] = (line[j] ?? 0) + value * (source[row] ?? 0);
        }
      }
    }
  }
  return groups;
}

function momentsAt(groups: readonly Group[], all: Matrix, relative: readonly number[], size: number): Moments {
  const pairs = lowerTriangle(size);
  const moments = emptyMoments(pairs.length, all.length);
  for (const [i, line] of all.entries()) moments.products[i] = [...line];
  const covariance = covarianceOf(relative, size);
  /** The derivative of the covariance by each of its entries. */
  const units = pairs.map((_, at) =>
    covarianceOf(
      pairs.map((__, other) => (other === at ? 1 : 0)),
      size,
    ),
  );
  for (const group of groups) {
    const { shrunk, determinant } = shrinkage(group, covariance);
    const g = multiply(group.own, shrunk);
    const h = multiply(group.with, shrunk);
    add(moments.products, -1, multiply(multiply(h, covariance), transpose(group.with)));
    moments.logDeterminant += Math.log(determinant);
    const hUnits = units.map((unit) => multiply(h, unit));
    const gUnits = units.map((unit) => multiply(g, unit));
    for (const [i, part] of moments.first.entries()) {
      add(part.products, -1, multiply(hUnits[i] ?? [], transpose(h)));
      part.logDeterminant += trace(gUnits[i] ?? []);
      for (const [j, other] of (moments.second[i] ?? []).entries()) {
        const half = multiply(multiply(hUnits[i] ?? [], gUnits[j] ?? []), transpose(h));
        add(other.products, 1, half);
        add(other.products, 1, transpose(half));
        other.logDeterminant -= trace(multiply(gUnits[i] ?? [], gUnits[j] ?? []));
      }
    }
  }
  return moments;
}

/**
 * (I + D Z'Z)⁻¹ and the determinant of I + D Z'Z, which is that of V in the group. D may be singular.
 *
 * @example
 * shrinkage({ own: [[2]], with: [] }, [[3]]) // => { shrunk: [[1 / 7]], determinant: 7 }
 */
export function shrinkage({ own }: Group, covariance: Matrix): { shrunk: number[][]; determinant: number } {
  const identity = own.map((_, i) => own.map((__, j) => (i === j ? 1 : 0)));
  const matrix = multiply(covariance, own).map((line, i) => line.map((value, j) => value + (i === j ? 1 : 0)));
  const { solution, determinant } = solveLinear(matrix, identity);
  return { shrunk: solution ?? identity.map((line) => line.map(() => Number.NaN)), determinant };
}

function add(to: number[][], factor: number, matrix: Matrix): void {
  for (const [i, line] of to.entries()) {
    for (let j = 0; j < line.length; j += 1) line[j] = (line[j] ?? 0) + factor * (matrix[i]?.[j] ?? 0);
  }
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((total, value, i) => total + value * (b[i] ?? 0), 0);
}

function trace(a: Matrix): number {
  return a.reduce((total, line, i) => total + (line[i] ?? 0), 0);
}
