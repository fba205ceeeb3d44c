/**
 * Minimising a smooth function of several numbers that have bounds, like uniquenesses between 0 and 1. Fits of factors use
 * it; without bounds optimise.ts is the place.
 */
import { cholesky, type SquareMatrix, solveCholesky } from './cholesky.ts';
import { searchLine } from './line-search.ts';
import { multiplyVector } from './matrix.ts';

export interface BoundedProblem {
  readonly value: (point: readonly number[]) => number;
  readonly gradient: (point: readonly number[]) => readonly number[];
  /** The same bounds for every number. */
  readonly lower: number;
  readonly upper: number;
}

export interface BoundedOptions {
  /** Stop when a step lowers the value by less than this, relative to the larger of |value| and 1; default 1e-15. */
  readonly reduction?: number;
  readonly maxIterations?: number;
}

export interface BoundedMinimum {
  readonly point: number[];
  readonly value: number;
  /** False when steps ran out or no lower point was found along the last direction. */
  readonly converged: boolean;
  readonly iterations: number;
}

interface Place {
  readonly point: readonly number[];
  readonly value: number;
  readonly gradient: readonly number[];
}

/** A step and the change of the gradient along it. */
interface Memory {
  readonly step: readonly number[];
  readonly change: readonly number[];
}

const remembered = 5;

/** A promise below this, relative to 1 + |value|, is lost in the rounding of the value. */
const lostInRounding = 1e-10;

/**
 * A local minimum within bounds, by the limited-memory quasi-Newton method with projected gradients (L-BFGS-B): the model
 * of the last five steps is followed along the bent path of steepest descent to its first minimum, minimised further
 * among the numbers that are off their bounds there, and the line to that point is searched.
 *
 * With `reduction: 1e7 * Number.EPSILON` it goes and stops where R's `optim(method = "L-BFGS-B")` does, which is some four
 * digits from the minimum where the value is near 0.
 *
 * Reference: Byrd, Lu, Nocedal and Zhu (1995), SIAM Journal on Scientific Computing 16, 1190-1208.
 *
 * @throws RangeError when the value is not finite at the start
 * @example
 * boundedMinimum({ value: ([x]) => (x - 3) ** 2, gradient: ([x]) => [2 * (x - 3)], lower: 0, upper: 2 }, [1]).point // => [2]
 */
export function boundedMinimum(
  problem: BoundedProblem,
  start: readonly number[],
  options: BoundedOptions = {},
): BoundedMinimum {
  const { reduction = 1e-15, maxIterations = 1000 } = options;
  let here = placeAt(
    problem,
    start.map((value) => Math.min(Math.max(value, problem.lower), problem.upper)),
  );
  if (!Number.isFinite(here.value)) throw new RangeError('boundedMinimum requires a finite value at the start');
  let memory: Memory[] = [];
  let scale = 1;
  // What the model still promised when the line to its minimum brought nothing.
  let promise = Number.POSITIVE_INFINITY;
  for (let iterations = 0; iterations < maxIterations; iterations += 1) {
    const { point, value, gradient } = here;
    const done = (converged: boolean) => ({ point: [...here.point], value: here.value, converged, iterations });
    if (gradient.every((slope, i) => slope === 0 || room(problem, point[i] ?? 0, -slope) === 0)) return done(true);
    const model = curvatureOf(memory, scale, point.length);
    const target = modelMinimum(problem, here, model, memory.length === 0);
    const next = target && placeTowards(problem, here, target, iterations === 0);
    if (next === null) {
      if (memory.length === 0) return done(promise <= lostInRounding * (1 + Math.abs(value)));
      promise = dot(gradient, point) - dot(gradient, target ?? point);
      // The model misled: forget it and start again from the slope.
      memory = [];
      scale = 1;
      continue;
    }
    here = next;
    if (value - here.value <= reduction * Math.max(Math.abs(value), Math.abs(here.value), 1)) return done(true);
    const step = here.point.map((part, i) => part - (point[i] ?? 0));
    const change = here.gradient.map((part, i) => part - (gradient[i] ?? 0));
    const along = dot(step, change);
    if (along > -Number.EPSILON * dot(step, gradient)) {
      memory = [...memory, { step, change }].slice(-remembered);
      scale = dot(change, change) / along;
    }
  }
  return { point: [...here.point], value: here.value, converged: false, iterations: maxIterations };
}

function placeAt(problem: BoundedProblem, point: readonly number[]): Place {
  return { point, value: problem.value(point), gradient: problem.gradient(point) };
}

function dot(a: readonly number[], b: readonly number[]): number {
  let total = 0;
  for (let i = 0; i < a.length; i += 1) total += (a[i] ?? 0) * (b[i] ?? 0);
  return total;
}

/** The BFGS matrix of the remembered steps, from `scale` times the identity on. */
function curvatureOf(memory: readonly Memory[], scale: number, size: number): number[][] {
  let matrix = Array.from({ length: size }, (_, i) => Array.from({ length: size }, (__, j) => (i === j ? scale : 0)));
  for (const { step, change } of memory) {
    const along = dot(step, change);
    const turned = multiplyVector(matrix, step);
    const size2 = dot(step, turned);
    matrix = matrix.map((line, i) =>
      line.map(
        (value, j) =>
          value + ((change[i] ?? 0) * (change[j] ?? 0)) / along - ((turned[i] ?? 0) * (turned[j] ?? 0)) / size2,
      ),
    );
  }
  return matrix;
}

/** The bounded minimum of the model: along the bent path first, then among the numbers that are free there. */
function modelMinimum(problem: BoundedProblem, { point, gradient }: Place, model: SquareMatrix, plain: boolean) {
  const { lower, upper } = problem;
  const target = [...point];
  const direction = gradient.map((slope, i) => (room(problem, point[i] ?? 0, -slope) === 0 ? 0 : -slope));
  const bends = direction
    .map((way, i) => ({
      i,
      time: way === 0 ? Number.POSITIVE_INFINITY : room(problem, point[i] ?? 0, way) / Math.abs(way),
    }))
    .filter(({ time }) => Number.isFinite(time))
    .sort((a, b) => a.time - b.time);
  const moved = () => target.map((value, i) => value - (point[i] ?? 0));
  const curvatureAlong = () => dot(direction, multiplyVector(model, direction));
  const least = Number.EPSILON * curvatureAlong();
  let before = 0;
  for (const { i, time } of [...bends, { i: -1, time: Number.POSITIVE_INFINITY }]) {
    const slope = dot(gradient, direction) + dot(moved(), multiplyVector(model, direction));
    const best = -slope / Math.max(curvatureAlong(), least);
    const stay = !(best >= time - before);
    const forward = stay ? Math.max(best, 0) : time - before;
    if (forward > 0 && Number.isFinite(forward)) {
      direction.forEach((way, k) => {
        target[k] = (target[k] ?? 0) + forward * way;
      });
    }
    if (stay || i < 0) break;
    target[i] = (direction[i] ?? 0) < 0 ? lower : upper;
    direction[i] = 0;
    before = time;
  }
  // A first model knows no more than the path has used.
  return plain ? target : withinFree(problem, target, direction, model, gradient, moved());
}

/** From the point on the path to the minimum among its free numbers, or as far as the bounds allow. */
function withinFree(
  problem: BoundedProblem,
  target: number[],
  direction: readonly number[],
  model: SquareMatrix,
  gradient: readonly number[],
  moved: readonly number[],
): number[] | null {
  const free = direction.flatMap((way, i) => (way === 0 ? [] : [i]));
  if (free.length === 0) return target;
  const slopes = multiplyVector(model, moved).map((value, i) => value + (gradient[i] ?? 0));
  const factor = cholesky(free.map((i) => free.map((j) => model[i]?.[j] ?? 0)));
  if (factor === null) return null;
  const step = solveCholesky(
    factor,
    free.map((i) => -(slopes[i] ?? 0)),
  );
  let share = 1;
  let blocking = -1;
  free.forEach((place, i) => {
    const way = step[i] ?? 0;
    const space = room(problem, target[place] ?? 0, way);
    if (way !== 0 && space < share * Math.abs(way)) {
      share = space / Math.abs(way);
      blocking = place;
    }
  });
  free.forEach((place, i) => {
    const way = step[i] ?? 0;
    const bound = way < 0 ? problem.lower : problem.upper;
    target[place] = place === blocking ? bound : (target[place] ?? 0) + share * way;
  });
  return target;
}

/** How far a number may go in a direction. */
function room({ lower, upper }: BoundedProblem, value: number, direction: number): number {
  return Math.max(direction < 0 ? value - lower : upper - value, 0);
}

/** The place on the line to the target where the search ends; null when it finds no lower one. */
function placeTowards(problem: BoundedProblem, here: Place, target: readonly number[], first: boolean): Place | null {
  const direction = target.map((value, i) => value - (here.point[i] ?? 0));
  let longest = first ? 1 : 1e10;
  direction.forEach((way, i) => {
    if (!first && way !== 0) longest = Math.min(longest, room(problem, here.point[i] ?? 0, way) / Math.abs(way));
  });
  let last = here;
  const along = (step: number) => {
    last = placeAt(problem, step === 1 ? target : here.point.map((value, i) => value + step * (direction[i] ?? 0)));
    return { value: last.value, slope: dot(last.gradient, direction) };
  };
  const found = searchLine(along, { value: here.value, slope: dot(here.gradient, direction) }, 1, longest);
  return found === null ? null : last;
}
