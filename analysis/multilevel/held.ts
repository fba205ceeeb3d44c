/**
 * The least deviance of a random-intercept model with one of its parameters held at a value, by full likelihood. Called by
 * mixed-profile.ts.
 */
import { multiplyVector } from '../numeric/matrix.ts';
import { minimise } from '../numeric/optimise.ts';
import { byTheta, type Solution, solutionAt } from './deviance.ts';
import type { Fitted } from './fitted.ts';

/** A parameter at its estimate, a first step away from it, and the least deviance with it held. */
export interface Held {
  readonly estimate: number;
  readonly step: number;
  readonly deviance: (value: number) => number;
}

interface Slope {
  readonly value: number;
  /** By the relative variances. */
  readonly slope: readonly number[];
}

/**
 * Holds the residual standard deviation.
 *
 * @example
 * fixedResidualSd(fittedModel([1, 3, 5, 7], {}, [{ name: 's', groups: [1, 1, 2, 2] }], 'ml', []).fitted, 2).estimate // => 2
 */
export function fixedResidualSd(fitted: Fitted, estimate: number): Held {
  return {
    estimate,
    step: estimate / 10,
    deviance: (sd) =>
      sd === 0 ? Number.POSITIVE_INFINITY : leastOver(fitted, fitted.fit.theta, (solution) => atSd(solution, sd)),
  };
}

/**
 * Holds the standard deviation of the groups of a level. It is theta times the residual one, so with theta free the
 * residual one follows.
 *
 * @param at place of the level, innermost 0
 * @example
 * fixedGroupSd(fittedModel([1, 3, 5, 7], {}, [{ name: 's', groups: [1, 1, 2, 2] }], 'ml', []).fitted, 0, 2).step // => 0.2
 */
export function fixedGroupSd(fitted: Fitted, at: number, estimate: number): Held {
  const { structure, fit } = fitted;
  const { n } = structure;
  const residualSd = Math.sqrt(fit.point.solution.residual / fit.point.solution.df);
  return {
    estimate,
    step: estimate > 0 ? estimate / 10 : residualSd / 100,
    deviance: (sd) => {
      // At zero the level is gone; otherwise the search is over the logarithm of the residual standard deviation.
      if (sd === 0) return leastOver(fitted, fit.theta, atBestSd, at);
      const thetaOf = (point: readonly number[]) =>
        fit.theta.map((_, i) => (i === at ? sd / Math.exp(point[i] ?? 0) : (point[i] ?? 0)));
      const evaluate = (point: readonly number[]) => {
        const theta = thetaOf(point);
        const own = Math.exp(point[at] ?? 0);
        const solution = solutionAt(structure.momentsAt(structure.relative(theta)), n, 'ml');
        if (solution === null) return null;
        const { value, slope } = atSd(solution, own);
        const { gradient } = byTheta(structure, theta, slope, noBend(slope.length));
        const byLog = 2 * n - (2 * solution.residual) / own ** 2 - (gradient[at] ?? 0) * (theta[at] ?? 0);
        return { value, gradient: gradient.map((each, i) => (i === at ? byLog : each)) };
      };
      const start = fit.theta.map((value, i) => (i === at ? Math.log(residualSd) : value));
      return minimise(
        {
          value: (point) => evaluate(point)?.value ?? Number.POSITIVE_INFINITY,
          gradient: (point) => evaluate(point)?.gradient ?? [],
        },
        start,
        { tolerance: 1e-15 },
      ).value;
    },
  };
}

/**
 * Holds a combination of the coefficients of the centred columns.
 *
 * @param withMean whether the outcome's mean belongs to it, as for the intercept
 * @example
 * fixedCoefficient(fittedModel([1, 3, 5, 7], {}, [{ name: 's', groups: [1, 1, 2, 2] }], 'ml', []).fitted, [1], true).estimate // => 4
 */
export function fixedCoefficient(fitted: Fitted, contrast: readonly number[], withMean: boolean): Held {
  const { fit, rows } = fitted;
  const { solution } = fit.point;
  const shift = withMean ? (rows.means.at(-1) ?? 0) : 0;
  const variance = (solution.residual / solution.df) * dot(multiplyVector(solution.inverse, contrast), contrast);
  return {
    estimate: dot(contrast, solution.coefficients) + shift,
    step: Math.sqrt(variance),
    deviance: (value) => leastOver(fitted, fit.theta, (at) => atCoefficient(at, contrast, value - shift)),
  };
}

/** The least over theta, a level's held at zero when it is given. */
function leastOver(
  { structure, rows }: Fitted,
  start: readonly number[],
  at: (solution: Solution) => Slope,
  zero?: number,
): number {
  const evaluate = (point: readonly number[]) => {
    const theta = point.map((value, i) => (i === zero ? 0 : value));
    const solution = solutionAt(structure.momentsAt(structure.relative(theta)), rows.n, 'ml');
    if (solution === null) return null;
    const { value, slope } = at(solution);
    return { value, gradient: byTheta(structure, theta, slope, noBend(slope.length)).gradient };
  };
  // Zero is a place without slope: the search must not start there.
  const from = start.map((value, i) => (i === zero ? 0 : Math.max(value, 1e-2)));
  const found = minimise(
    {
      value: (point) => evaluate(point)?.value ?? Number.POSITIVE_INFINITY,
      gradient: (point) => evaluate(point)?.gradient ?? [],
    },
    from,
    { tolerance: 1e-15 },
  );
  return found.value;
}

function atSd({ logVolume, volumeSlope, residual, residualSlope, df }: Solution, sd: number): Slope {
  return {
    value: df * Math.log(2 * Math.PI * sd ** 2) + logVolume + residual / sd ** 2,
    slope: volumeSlope.map((value, a) => value + (residualSlope[a] ?? 0) / sd ** 2),
  };
}

function atBestSd({ deviance, volumeSlope, residual, residualSlope, df }: Solution): Slope {
  return { value: deviance, slope: volumeSlope.map((value, a) => value + (df * (residualSlope[a] ?? 0)) / residual) };
}

/** Holding c'b at a value adds its squared distance over c'(X'V⁻¹X)⁻¹c to the residual sum of squares. */
function atCoefficient(solution: Solution, contrast: readonly number[], value: number): Slope {
  const { inverse, coefficients, moments, residual, residualSlope, logVolume, volumeSlope, df } = solution;
  const weights = multiplyVector(inverse, contrast);
  const [distance, size] = [value - dot(contrast, coefficients), dot(weights, contrast)];
  const held = residual + distance ** 2 / size;
  const toResidual = [...coefficients.map((each) => -each), 1];
  const slope = moments.first.map(({ products }, a) => {
    const moved = dot(weights, multiplyVector(products, toResidual).slice(0, -1));
    const grown = -dot(weights, multiplyVector(products.slice(0, -1), [...weights, 0]));
    const change = (-2 * distance * moved) / size - (distance ** 2 * grown) / size ** 2;
    return (volumeSlope[a] ?? 0) + (df * ((residualSlope[a] ?? 0) + change)) / held;
  });
  return { value: logVolume + df * (1 + Math.log((2 * Math.PI * held) / df)), slope };
}

function noBend(size: number): number[][] {
  return Array.from({ length: size }, () => new Array<number>(size).fill(0));
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((total, value, i) => total + value * (b[i] ?? 0), 0);
}
