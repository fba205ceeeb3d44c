/**
 * The fit of a factor model by maximum likelihood, in visible steps: start, scoring, Newton, information. Called by
 * ../cfa.ts, and by robust.ts and modification.ts for what they need of a fitted model.
 */
import { cholesky, inversePositiveDefinite } from '../numeric/cholesky.ts';
import { minimise } from '../numeric/optimise.ts';
import { halfDeviance, type InformationKind, momentInformation, momentSlopes } from './likelihood.ts';
import type { FactorModel } from './model.ts';
import { bendOf, type Implied, impliedMoments, type Matrix, type Moments, slopeOf, zeros } from './moments.ts';
import type { GroupSample } from './sample.ts';
import type { Saturated } from './saturated.ts';
import { startOf } from './start.ts';

export interface ModelFit {
  readonly model: FactorModel;
  readonly samples: readonly GroupSample[];
  readonly saturated: readonly Saturated[];
  /** The free numbers. */
  readonly point: readonly number[];
  readonly implied: readonly Implied[];
  /** Twice the loss of log-likelihood against the saturated moments: the chi-square. */
  readonly chiSquare: number;
  readonly degreesOfFreedom: number;
  readonly converged: boolean;
  readonly iterations: number;
}

/**
 * Fits a model to the samples of its groups. The saturated moments are those of the same samples.
 *
 * @example
 * fitModel(modelOf('f =~ a + b + c'), sampleOf([[1, 2, 4, 3], [1, 3, 2, 4], [1, 2, 3, 5]]), [saturatedMoments(sampleOf([[1, 2, 4, 3], [1, 3, 2, 4], [1, 2, 3, 5]])[0]).moments]).degreesOfFreedom // => 0
 */
export function fitModel(
  model: FactorModel,
  samples: readonly GroupSample[],
  saturated: readonly Saturated[],
  onStep?: () => void,
): ModelFit {
  const weight = weightOf(samples);
  const value = (point: readonly number[]) => devianceAt(model, samples, point) / weight;
  const gradient = (point: readonly number[]) => gradientAt(model, samples, point).map((part) => part / weight);
  const information = (kind: InformationKind) => (point: readonly number[]) =>
    informationAt(model, samples, point, kind).map((line) => line.map((part) => part / weight));
  const expected = information('expected');
  const observed = information('observed');
  // Fisher's scoring finds the way from far off; Newton's method is exact near the end.
  const start = startOf(model, saturated);
  const near = minimise({ value, gradient, curvature: expected }, start, {
    tolerance: 1e-9,
    maxIterations: 300,
    onStep,
  });
  const curvature = (point: readonly number[]) => {
    const bend = observed(point);
    return cholesky(bend) === null ? expected(point) : bend;
  };
  const end = minimise({ value, gradient, curvature }, near.point, { maxIterations: 100, onStep });
  const implied = samples.map((_, group) => impliedMoments(model, end.point, group));
  return {
    model,
    samples,
    saturated,
    point: end.point,
    implied,
    chiSquare: chiSquareOf(model, samples, saturated, implied),
    degreesOfFreedom: degreesOfFreedom(model),
    converged: end.converged,
    iterations: near.iterations + end.iterations,
  };
}

/**
 * Moments of all groups minus free numbers.
 *
 * @example
 * degreesOfFreedom(modelOf('f =~ a + b + c + d')) // => 2
 */
export function degreesOfFreedom({ observed, groups, means, freeCount }: FactorModel): number {
  const items = observed.length;
  return groups * ((items * (items + 1)) / 2 + (means ? items : 0)) - freeCount;
}

/**
 * What all cases weigh: their number, or that minus one per group for Wishart's likelihood.
 *
 * @example
 * weightOf(sampleOf([[1, 2, 4]], { likelihood: 'wishart' })) // => 2
 */
export function weightOf(samples: readonly GroupSample[]): number {
  let total = 0;
  for (const { patterns } of samples) for (const { weight } of patterns) total += weight;
  return total;
}

/**
 * Twice the log-likelihood that the moments of a model lose against the saturated ones.
 *
 * @example
 * chiSquareOf({ means: false }, sampleOf([[1, 3], [1, 3]]), [{ mean: [2, 2], covariance: [[1, 0], [0, 1]] }], [{ mean: null, covariance: [[1, 0], [0, 1]] }]) // => 0
 */
export function chiSquareOf(
  { means }: Pick<FactorModel, 'means'>,
  samples: readonly GroupSample[],
  saturated: readonly Saturated[],
  implied: readonly Moments[],
): number {
  return samples.reduce((total, sample, group) => {
    const own = implied[group];
    const full = saturated[group];
    if (!own || !full) return total;
    const held = { mean: means ? full.mean : null, covariance: full.covariance };
    return total + 2 * sample.testShare * (halfDeviance(sample, own) - halfDeviance(sample, held));
  }, 0);
}

function devianceAt(model: FactorModel, samples: readonly GroupSample[], point: readonly number[]): number {
  return samples.reduce((total, sample, group) => total + halfDeviance(sample, impliedMoments(model, point, group)), 0);
}

/**
 * How the half deviance of all groups changes with each free number.
 *
 * @example
 * gradientAt(modelOf('f =~ a + b'), sampleOf([[1, 3], [1, 3]]), [1, 1, 1, 0]) // => [0, 0, 0, -2]
 */
export function gradientAt(model: FactorModel, samples: readonly GroupSample[], point: readonly number[]): number[] {
  const gradient = new Array<number>(model.freeCount).fill(0);
  samples.forEach((sample, group) => {
    const implied = impliedMoments(model, point, group);
    const slopes = momentSlopes(sample, implied);
    for (const parameter of model.parameters) {
      if (parameter.free === null || parameter.group !== group) continue;
      for (const [index, value] of slopeOf(implied, parameter, model.means)) {
        gradient[parameter.free] = (gradient[parameter.free] ?? 0) + value * (slopes[index] ?? 0);
      }
    }
  });
  return gradient;
}

/**
 * The information about the free numbers at `point`: of the moments, carried over by their derivatives; the observed
 * one also counts how the moments bend, unless `bends` is false, as they do not where the model holds.
 *
 * @example
 * informationAt(modelOf('f =~ a'), sampleOf([[1, 3]]), [1, 0], 'expected') // => [[1, 1], [1, 1]]
 */
export function informationAt(
  model: FactorModel,
  samples: readonly GroupSample[],
  point: readonly number[],
  kind: InformationKind,
  bends = kind === 'observed',
): Matrix {
  const total = zeros(model.freeCount, model.freeCount);
  samples.forEach((sample, group) => {
    const implied = impliedMoments(model, point, group);
    addCarried(total, model, implied, group, momentInformation(sample, implied, kind));
    if (bends) addBends(total, model, implied, group, momentSlopes(sample, implied));
  });
  return total;
}

/**
 * Adds slopes' * (a matrix over moments) * slopes to a matrix over free numbers.
 *
 * @example
 * ((total) => addCarried(total, modelOf('f =~ a'), impliedMoments(modelOf('f =~ a'), [1, 2], 0), 0, [[5]]) ?? total)([[0, 0], [0, 0]]) // => [[5, 5], [5, 5]]
 */
export function addCarried(total: Matrix, model: FactorModel, implied: Implied, group: number, moments: Matrix): void {
  const slopes = slopesOf(model, implied, group);
  const carried = slopes.map((slope) => {
    const line = new Array<number>(moments.length).fill(0);
    for (const [index, value] of slope) {
      const row = moments[index] ?? [];
      for (let j = 0; j < line.length; j += 1) line[j] = (line[j] ?? 0) + value * (row[j] ?? 0);
    }
    return line;
  });
  total.forEach((line, a) => {
    slopes.forEach((slope, b) => {
      let value = 0;
      for (const [index, part] of slope) value += part * (carried[a]?.[index] ?? 0);
      line[b] = (line[b] ?? 0) + value;
    });
  });
}

/**
 * The derivative of a group's moments by each free number; parameters that share a number are added.
 *
 * @example
 * slopesOf(modelOf('f =~ a'), impliedMoments(modelOf('f =~ a'), [1, 2], 0), 0)[1] // => new Map([[0, 1]])
 */
export function slopesOf(model: FactorModel, implied: Implied, group: number): Map<number, number>[] {
  const slopes = Array.from({ length: model.freeCount }, () => new Map<number, number>());
  for (const parameter of model.parameters) {
    if (parameter.free === null || parameter.group !== group) continue;
    const slope = slopes[parameter.free];
    for (const [index, value] of slopeOf(implied, parameter, model.means)) {
      slope?.set(index, (slope.get(index) ?? 0) + value);
    }
  }
  return slopes;
}

function addBends(total: Matrix, model: FactorModel, implied: Implied, group: number, slopes: Float64Array): void {
  const own = model.parameters.filter((parameter) => parameter.group === group && parameter.free !== null);
  for (const a of own) {
    const line = total[a.free ?? 0] ?? [];
    for (const b of own) {
      const j = b.free ?? 0;
      line[j] = (line[j] ?? 0) + bendOf(implied, a, b, slopes, model.means);
    }
  }
}

/**
 * The inverse of an information matrix; null when it is singular, which means that the model is not identified.
 *
 * @example
 * inverseInformation([[2, 0], [0, 4]]) // => [[0.5, 0], [0, 0.25]]
 * inverseInformation([[1, 1], [1, 1]]) // => null
 */
export function inverseInformation(information: Matrix): Matrix | null {
  const scale = information.map((line, i) => Math.sqrt(line[i] ?? 0));
  const scaled = information.map((line, i) => line.map((value, j) => value / ((scale[i] ?? 0) * (scale[j] ?? 0))));
  if (cholesky(scaled, 1e-10) === null) return null;
  const inverse = inversePositiveDefinite(scaled);
  return inverse?.map((line, i) => line.map((value, j) => value / ((scale[i] ?? 0) * (scale[j] ?? 0)))) ?? null;
}
