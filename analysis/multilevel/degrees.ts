/**
 * Satterthwaite's degrees of freedom in a mixed model: how well the variance of a coefficient, or of a combination of them,
 * is known. Called by mixed-model.ts.
 */
import { symmetricEigen } from '../numeric/eigen.ts';
import { fTails } from '../numeric/f.ts';
import { type Matrix, multiply, multiplyVector, transpose } from '../numeric/matrix.ts';
import { byTheta } from './deviance.ts';
import type { Fit } from './fit.ts';
import type { RandomStructure } from './moments.ts';

/** The degrees of freedom of a combination of the coefficients of the centred columns. */
export type DegreesOf = (contrast: readonly number[]) => number;

/** A combination of parameters that bends less than this, each in units of its own curvature, is not told by the data; it counts as known. */
const leastCurvature = 1e-8;

/**
 * 2 variance² / (variance of the estimated variance). The variance of a combination is a function of theta and the logarithm of
 * the residual standard deviation, whose own covariance is twice the inverse of the second derivatives of the deviance. A
 * standard deviation that is estimated as 0 counts as known. The logarithm and a unit for each theta keep the answer free of
 * the units of the columns.
 *
 * References: Giesbrecht and Burns (1985), Biometrics 41, 477-486; Kuznetsova, Brockhoff and Christensen (2017), Journal of
 * Statistical Software 82(13). lmerTest takes the derivatives numerically; agrees with it to 1e-5.
 *
 * @example
 * // Means of 2 and 6 in two schools of two: the one degree of freedom of two means.
 * Math.round(mixedModel([1, 3, 5, 7], {}, [{ name: 'school', groups: ['a', 'a', 'b', 'b'] }]).model.coefficients[0].df) // => 1
 */
export function satterthwaiteDegrees(structure: RandomStructure, { theta, point: { solution } }: Fit): DegreesOf {
  const { residual, df, inverse, moments } = solution;
  const variance = residual / df;
  const slope = solution.volumeSlope.map((value, a) => value + (solution.residualSlope[a] ?? 0) / variance);
  const bend = solution.volumeCurvature.map((line, a) =>
    line.map((value, b) => value + (solution.residualCurvature[a]?.[b] ?? 0) / variance),
  );
  const ofTheta = byTheta(structure, theta, slope, bend).curvature;
  const change = transpose(structure.jacobian(theta));
  const withLog = change.map((line) => (-2 * dot(line, solution.residualSlope)) / variance);
  const curvature = [...ofTheta.map((line, i) => [...line, withLog[i] ?? 0]), [...withLog, 4 * df]];
  const units = curvature.map((line, i) => (line[i] ? 1 / Math.sqrt(Math.abs(line[i])) : 1));
  const { values, vectors } = symmetricEigen(
    curvature.map((line, i) => line.map((each, j) => each * (units[i] ?? 1) * (units[j] ?? 1))),
  );
  const p = inverse.length;
  const byRelative = moments.first.map(({ products }) => products.slice(0, p).map((line) => line.slice(0, p)));
  return (contrast) => {
    const weights = multiplyVector(inverse, contrast);
    const relative = dot(weights, contrast);
    const falls = byRelative.map((matrix) => -variance * dot(weights, multiplyVector(matrix, weights)));
    const byParameter = [...change.map((line) => dot(line, falls)), 2 * variance * relative];
    const gradient = byParameter.map((each, i) => each * (units[i] ?? 1));
    const spread = values.reduce((total, value, k) => {
      if (value <= leastCurvature) return total;
      return total + (2 * dot(vectors[k] ?? [], gradient) ** 2) / value;
    }, 0);
    return (2 * (variance * relative) ** 2) / spread;
  };
}

export interface TermTest {
  readonly f: number;
  readonly df1: number;
  readonly df2: number;
  readonly p: number;
}

/**
 * F test of several combinations of coefficients at once. They are turned until they are independent; each then has its own
 * degrees of freedom, and those of F are such that its mean is right. Null when nothing is left to test.
 *
 * Reference: Fai and Cornelius (1996), Journal of Statistical Computation and Simulation 54, 363-378.
 *
 * @param contrasts one line for each combination
 * @example
 * jointTest([[1]], [2], [[4]], () => 10).f // => 1
 */
export function jointTest(
  contrasts: Matrix,
  coefficients: readonly number[],
  covariance: Matrix,
  degreesOf: DegreesOf,
): TermTest | null {
  const { values, vectors } = symmetricEigen(multiply(multiply(contrasts, covariance), transpose(contrasts)));
  const largest = values[0] ?? 0;
  const kept = values.flatMap((value, k) => (value > 1e-8 * largest ? [{ value, vector: vectors[k] ?? [] }] : []));
  if (kept.length === 0) return null;
  const turned = kept.map(({ value, vector }) => {
    const contrast = multiplyVector(transpose(contrasts), vector);
    return { square: dot(contrast, coefficients) ** 2 / value, df: degreesOf(contrast) };
  });
  const df1 = turned.length;
  const f = turned.reduce((total, { square }) => total + square, 0) / df1;
  const df2 = jointDegrees(turned.map(({ df }) => df));
  return { f, df1, df2, p: fTails(f, df1, df2).upper };
}

/** F with these degrees of freedom has the mean of the average of squared t's with those. */
function jointDegrees(degrees: readonly number[]): number {
  const [first = Number.NaN] = degrees;
  if (degrees.every((df) => Math.abs(df - first) < 1e-8)) return first;
  if (degrees.some((df) => df <= 2)) return 2;
  const means = degrees.reduce((total, df) => total + df / (df - 2), 0);
  return (2 * means) / (means - degrees.length);
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((total, value, i) => total + value * (b[i] ?? 0), 0);
}
