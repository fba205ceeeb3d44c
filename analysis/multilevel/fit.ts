/** Finds theta, the relative standard deviations of the random effects, where the deviance is least. Called by mixed-model.ts. */
import { symmetricEigen } from '../numeric/eigen.ts';
import type { Matrix } from '../numeric/matrix.ts';
import { minimise } from '../numeric/optimise.ts';
import { type DeviancePoint, devianceAt, type Method } from './deviance.ts';
import type { RandomStructure } from './moments.ts';

/** Where the search ended and how. */
export interface Fit {
  readonly theta: readonly number[];
  readonly point: DeviancePoint;
  /** False when the steps ran out before the slope was gone. */
  readonly converged: boolean;
  readonly iterations: number;
}

/** Relative standard deviations to start from: an intraclass correlation of 0.14. */
const startScale = 0.4;

/** A relative standard deviation that the search has brought this near to 0 is 0. */
const nearZero = 1e-7;

/**
 * Newton's method from the second derivatives. Zero is always a place without slope for a standard deviation; the search
 * starts away from it, and if it ends there although the deviance bends down, it is started again elsewhere. Null when the
 * predictors determine one another.
 *
 * @example
 * fitTheta(nestedIntercepts(mixedRows([1, 3, 5, 7], {}, [{ name: 'school', groups: ['a', 'a', 'b', 'b'] }])), 'reml')
 *   .theta // => [Math.sqrt(3.5)]
 */
export function fitTheta(structure: RandomStructure, method: Method, onStep?: () => void): Fit | null {
  const { scales } = structure;
  const first = searchFrom(
    structure,
    method,
    scales.map((isScale) => (isScale ? startScale : 0)),
    onStep,
  );
  if (first === null) return null;
  const bendsDown = symmetricEigen(first.point.curvature).values.some((value) => value < -1e-6);
  if (!bendsDown) return first;
  const again = searchFrom(
    structure,
    method,
    first.theta.map((value, i) => (scales[i] && value === 0 ? 1 : value)),
    onStep,
  );
  return again !== null && again.point.value < first.point.value ? again : first;
}

/**
 * The search from a starting point. Null when the predictors determine one another.
 *
 * @example
 * searchFrom(nestedIntercepts(mixedRows([1, 3, 1, 3], {}, [{ name: 'school', groups: ['a', 'a', 'b', 'b'] }])), 'ml', [1])
 *   .theta // => [0]
 */
export function searchFrom(
  structure: RandomStructure,
  method: Method,
  start: readonly number[],
  onStep?: () => void,
): Fit | null {
  let known: { readonly theta: readonly number[]; readonly point: DeviancePoint | null } | null = null;
  const at = (theta: readonly number[]): DeviancePoint | null => {
    if (known?.theta !== theta) known = { theta, point: finitePoint(devianceAt(structure, theta, method)) };
    return known.point;
  };
  if (at(start) === null) return null;
  const problem = {
    value: (theta: readonly number[]) => at(theta)?.value ?? Number.POSITIVE_INFINITY,
    gradient: (theta: readonly number[]) => at(theta)?.gradient ?? [],
    curvature: (theta: readonly number[]) => upwards(at(theta)?.curvature ?? []),
  };
  const found = minimise(problem, start, { maxIterations: 200, onStep });
  const theta = withSigns(found.point, structure.scales).map((value) => (Math.abs(value) < nearZero ? 0 : value));
  const point = finitePoint(devianceAt(structure, theta, method));
  return point === null ? null : { theta, point, converged: found.converged, iterations: found.iterations };
}

/** Where nothing is left within the groups, the slopes are beyond what a number can hold: no place to go to. */
function finitePoint(point: DeviancePoint | null): DeviancePoint | null {
  if (point === null) return null;
  const numbers = [point.value, ...point.gradient, ...point.curvature.flat()];
  return numbers.every(Number.isFinite) ? point : null;
}

/** Where the deviance bends down, Newton's step would climb; there its size is kept and its direction turned. */
function upwards(curvature: Matrix): number[][] {
  const { values, vectors } = symmetricEigen(curvature);
  const least = 1e-6 * Math.max(...values.map(Math.abs), 1e-300);
  const sizes = values.map((value) => Math.max(Math.abs(value), least));
  return curvature.map((_, i) =>
    curvature.map((__, j) =>
      sizes.reduce((total, size, k) => total + size * (vectors[k]?.[i] ?? 0) * (vectors[k]?.[j] ?? 0), 0),
    ),
  );
}

/** A random effect and its mirror image are the same: scales are made positive, with all that belongs to them. */
function withSigns(theta: readonly number[], scales: readonly boolean[]): number[] {
  let sign = 1;
  return theta.map((value, i) => {
    if (scales[i]) sign = value < 0 ? -1 : 1;
    return sign * value;
  });
}
