/**
 * Minimising a smooth function of several numbers, for fits by likelihood or least squares. With second derivatives it
 * is Newton's method (or Fisher's, with their expectation), without them BFGS; both search along each direction.
 */
import { cholesky, type SquareMatrix, solveCholesky } from './cholesky.ts';
import { sum } from './sums.ts';

export interface Problem {
  /** Infinity or NaN where the function does not exist; the search then steps back. */
  readonly value: (point: readonly number[]) => number;
  readonly gradient: (point: readonly number[]) => readonly number[];
  /** Second derivatives or their expectation. Where they are not positive definite a gradient step is taken. */
  readonly curvature?: (point: readonly number[]) => SquareMatrix;
}

export interface MinimumOptions {
  /** Stop when the next step promises less than this, relative to 1 + |value|; default 1e-22. */
  readonly tolerance?: number;
  readonly maxIterations?: number;
  /** Called at each step, so that a long search can tell that it goes on. */
  readonly onStep?: (() => void) | undefined;
}

/** Where the search ended, and how. */
export interface Minimum {
  readonly point: readonly number[];
  readonly value: number;
  readonly gradient: readonly number[];
  /** False when the steps ran out, or no lower value was found although the slope promised one. */
  readonly converged: boolean;
  readonly iterations: number;
}

/** A promise below this, relative to 1 + |value|, is lost in the rounding of the value. */
const lostInRounding = 1e-10;

/**
 * A local minimum near `start`. Each step goes along minus (curvature)^-1 gradient, as far as Wolfe's weak conditions
 * ask; the curvature is the given one, or BFGS's estimate from the gradients passed so far. The last steps, whose gain
 * is below the rounding of the value, are judged by the gradient alone, so that the point is exact to about 1e-10.
 *
 * Reference: Nocedal and Wright (2006), Numerical Optimization, chapters 3 and 6; Lewis and Overton (2013),
 * Mathematical Programming 141, 135-163, for the line search.
 *
 * @throws RangeError when the function has no finite value at the start
 * @example
 * minimise({ value: ([x]) => (x - 3) ** 2, gradient: ([x]) => [2 * (x - 3)] }, [0]).point // => [3]
 */
export function minimise(problem: Problem, start: readonly number[], options: MinimumOptions = {}): Minimum {
  const { tolerance = 1e-22, maxIterations = 1000, onStep } = options;
  let here = at(problem, start);
  if (!Number.isFinite(here.value)) throw new RangeError('minimise requires a finite value at the start');
  let estimate: number[][] | null = null;
  for (let iterations = 0; iterations < maxIterations; iterations += 1) {
    onStep?.();
    let direction = directionAt(problem, here, estimate);
    let slope = dot(here.gradient, direction);
    if (!(slope < 0)) {
      estimate = null;
      direction = here.gradient.map((part) => -part);
      slope = dot(here.gradient, direction);
    }
    const done = (converged: boolean): Minimum => ({ ...here, converged, iterations });
    if (-slope <= tolerance * (1 + Math.abs(here.value))) return done(true);
    const next = searchAlong(problem, here, direction, slope);
    if (next === null) return done(-slope <= lostInRounding * (1 + Math.abs(here.value)));
    if (!problem.curvature) estimate = updated(estimate, here, next);
    here = next;
  }
  return { ...here, converged: false, iterations: maxIterations };
}

interface Place {
  readonly point: readonly number[];
  readonly value: number;
  readonly gradient: readonly number[];
}

function at(problem: Problem, point: readonly number[]): Place {
  const value = problem.value(point);
  return { point, value, gradient: Number.isFinite(value) ? problem.gradient(point) : [] };
}

function dot(a: readonly number[], b: readonly number[]): number {
  return sum(a.map((value, i) => value * (b[i] ?? 0)));
}

function directionAt({ curvature }: Problem, { point, gradient }: Place, inverse: SquareMatrix | null): number[] {
  const downhill = gradient.map((part) => -part);
  if (curvature) {
    const factor = cholesky(curvature(point));
    return factor === null ? downhill : solveCholesky(factor, downhill);
  }
  return inverse === null ? downhill : inverse.map((line) => dot(line, downhill));
}

/** A point along the direction that is low enough and flatter, by halving and doubling; null when there is none. */
function searchAlong(problem: Problem, here: Place, direction: readonly number[], slope: number): Place | null {
  const rounding = 16 * Number.EPSILON * (1 + Math.abs(here.value));
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  let best: Place | null = null;
  for (let step = 1, tries = 0; tries < 60; tries += 1) {
    const next = at(
      problem,
      here.point.map((part, i) => part + step * (direction[i] ?? 0)),
    );
    const slopeThere = dot(next.gradient, direction);
    // Where the gain drowns in rounding, a slope that has shrunk says as much.
    const drowned = -slope * step < rounding && Math.abs(slopeThere) < Math.abs(slope);
    const lower = next.value <= here.value + 1e-4 * step * slope || (drowned && next.value <= here.value + rounding);
    if (!lower) high = step;
    else {
      best = next;
      if (drowned || slopeThere >= 0.9 * slope) return next;
      low = step;
    }
    step = Number.isFinite(high) ? (low + high) / 2 : 2 * low;
  }
  return best;
}

/** BFGS's estimate of the inverse curvature after a step; unchanged when the step says nothing about it. */
function updated(inverse: number[][] | null, from: Place, to: Place): number[][] | null {
  const step = to.point.map((part, i) => part - (from.point[i] ?? 0));
  const change = to.gradient.map((part, i) => part - (from.gradient[i] ?? 0));
  const along = dot(step, change);
  if (!(along > 1e-14 * Math.sqrt(dot(step, step) * dot(change, change)))) return inverse;
  // The first estimate is a multiple of the identity with the curvature of the first step.
  const scale = along / dot(change, change);
  const before = inverse ?? step.map((_, i) => step.map((__, j) => (i === j ? scale : 0)));
  const turned = before.map((line) => dot(line, change));
  const growth = (1 + dot(change, turned) / along) / along;
  return before.map((line, i) =>
    line.map(
      (value, j) =>
        value +
        growth * (step[i] ?? 0) * (step[j] ?? 0) -
        ((turned[i] ?? 0) * (step[j] ?? 0) + (step[i] ?? 0) * (turned[j] ?? 0)) / along,
    ),
  );
}
