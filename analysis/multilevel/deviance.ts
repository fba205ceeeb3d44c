/**
 * The deviance of a mixed model as a function of theta alone, coefficients and residual variance put at their best values,
 * with its gradient and second derivatives. Called by the fit, its degrees of freedom and its profiles.
 */
import { cholesky, inversePositiveDefinite } from '../numeric/cholesky.ts';
import { type Matrix, multiply, multiplyVector } from '../numeric/matrix.ts';
import type { Moments, Part, RandomStructure } from './moments.ts';

export type Method = 'reml' | 'ml';

/** Everything that follows from theta. Derivatives are by the relative variances and covariances. */
export interface Solution {
  /** Of the columns of the structure: the intercept and the centred predictors. */
  readonly coefficients: readonly number[];
  /** (X'V⁻¹X)⁻¹: their covariance, divided by the residual variance. */
  readonly inverse: Matrix;
  /** Residual sum of squares under V⁻¹, and the degrees of freedom that it is divided by. */
  readonly residual: number;
  readonly df: number;
  readonly residualSlope: readonly number[];
  readonly residualCurvature: Matrix;
  /** log |V|, and with REML log |X'V⁻¹X| added. */
  readonly logVolume: number;
  readonly volumeSlope: readonly number[];
  readonly volumeCurvature: Matrix;
  readonly deviance: number;
  readonly moments: Moments;
}

/**
 * The best coefficients and residual variance for given relative covariances, and the deviance that they leave. Null when
 * the predictors determine one another.
 *
 * @example
 * solutionAt(
 *   { logDeterminant: 0, products: [[4, 0], [0, 8]], first: [], second: [] }, 4, 'ml',
 * ).deviance // => 4 * (1 + Math.log(4 * Math.PI))
 */
export function solutionAt(moments: Moments, n: number, method: Method): Solution | null {
  const p = moments.products.length - 1;
  const predictors = ({ products }: Part) => products.slice(0, p).map((line) => line.slice(0, p));
  const inverse = inversePositiveDefinite(predictors(moments));
  if (inverse === null) return null;
  const right = moments.products.slice(0, p).map((line) => line[p] ?? 0);
  const coefficients = multiplyVector(inverse, right);
  // Cross products with the residual, outcome less prediction, by way of the coefficients (-coefficients, 1).
  const toResidual = [...coefficients.map((value) => -value), 1];
  const against = (part: Part) => multiplyVector(part.products, toResidual);
  const squared = (part: Part) => dot(against(part), toResidual);
  const residual = squared(moments);
  const df = method === 'reml' ? n - p : n;
  const slopes = moments.first.map((part) => against(part).slice(0, p));
  const volumes = method === 'reml' ? moments.first.map((part) => multiply(inverse, predictors(part))) : null;
  const each = (value: (i: number, j: number) => number) =>
    moments.first.map((_, i) => moments.first.map((__, j) => (j <= i ? value(i, j) : value(j, i))));
  const secondPart = (i: number, j: number): Part => moments.second[i]?.[j] ?? { logDeterminant: 0, products: [] };
  const logVolume = moments.logDeterminant + (method === 'reml' ? -logDeterminantOf(inverse) : 0);
  return {
    coefficients,
    inverse,
    residual,
    df,
    residualSlope: moments.first.map(squared),
    residualCurvature: each(
      (i, j) => squared(secondPart(i, j)) - 2 * dot(slopes[i] ?? [], multiplyVector(inverse, slopes[j] ?? [])),
    ),
    logVolume,
    volumeSlope: moments.first.map((part, i) => part.logDeterminant + (volumes ? trace(volumes[i] ?? []) : 0)),
    volumeCurvature: each((i, j) => {
      const part = secondPart(i, j);
      if (!volumes) return part.logDeterminant;
      const ofSecond = trace(multiply(inverse, predictors(part)));
      return part.logDeterminant + ofSecond - trace(multiply(volumes[i] ?? [], volumes[j] ?? []));
    }),
    deviance: logVolume + df * (1 + Math.log((2 * Math.PI * residual) / df)),
    moments,
  };
}

/** The deviance at theta with its derivatives by theta. */
export interface DeviancePoint {
  readonly value: number;
  readonly gradient: readonly number[];
  readonly curvature: Matrix;
  readonly solution: Solution;
}

/**
 * The profiled deviance with its derivatives by theta; null where the predictors determine one another.
 *
 * @example
 * devianceAt({
 *   n: 4, width: 2, scales: [], relative: () => [], jacobian: () => [], curvature: [],
 *   momentsAt: () => ({ logDeterminant: 0, products: [[4, 0], [0, 8]], first: [], second: [] }),
 * }, [], 'reml').solution.df // => 3
 */
export function devianceAt(structure: RandomStructure, theta: readonly number[], method: Method): DeviancePoint | null {
  const solution = solutionAt(structure.momentsAt(structure.relative(theta)), structure.n, method);
  if (solution === null) return null;
  const { residual, df, residualSlope, residualCurvature, volumeSlope, volumeCurvature } = solution;
  const slope = volumeSlope.map((value, a) => value + (df * (residualSlope[a] ?? 0)) / residual);
  const bend = volumeCurvature.map((line, a) =>
    line.map((value, b) => {
      const product = ((residualSlope[a] ?? 0) * (residualSlope[b] ?? 0)) / residual;
      return value + (df * ((residualCurvature[a]?.[b] ?? 0) - product)) / residual;
    }),
  );
  return { value: solution.deviance, ...byTheta(structure, theta, slope, bend), solution };
}

/**
 * Derivatives by theta from those by the relative covariances, by the chain rule.
 *
 * @example
 * byTheta(
 *   { relative: ([a]) => [a * a], jacobian: ([a]) => [[2 * a]], curvature: [[[2]]] }, [3], [5], [[7]],
 * ) // => { gradient: [30], curvature: [[262]] }
 */
export function byTheta(
  { jacobian, curvature }: Pick<RandomStructure, 'jacobian' | 'curvature'>,
  theta: readonly number[],
  slope: readonly number[],
  bend: Matrix,
): { gradient: number[]; curvature: number[][] } {
  const change = jacobian(theta);
  const columnOf = (i: number) => change.map((line) => line[i] ?? 0);
  return {
    gradient: theta.map((_, i) => dot(columnOf(i), slope)),
    curvature: theta.map((_, i) =>
      theta.map(
        (__, j) =>
          dot(columnOf(i), multiplyVector(bend, columnOf(j))) +
          slope.reduce((total, value, a) => total + value * (curvature[a]?.[i]?.[j] ?? 0), 0),
      ),
    ),
  };
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((total, value, i) => total + value * (b[i] ?? 0), 0);
}

function trace(a: Matrix): number {
  return a.reduce((total, line, i) => total + (line[i] ?? 0), 0);
}

function logDeterminantOf(matrix: Matrix): number {
  const factor = cholesky(matrix, 0);
  return factor === null ? Number.NaN : 2 * factor.reduce((total, line, i) => total + Math.log(line[i] ?? 0), 0);
}
