/**
 * Kenward and Roger's standard errors and degrees of freedom for restricted likelihood: the errors are enlarged by what is
 * not known of the variances. Called by mixed-model.ts when asked for; for few groups.
 */
import { inversePositiveDefinite } from '../numeric/cholesky.ts';
import { type Matrix, multiply, multiplyVector } from '../numeric/matrix.ts';
import type { DegreesOf } from './degrees.ts';
import type { Solution } from './deviance.ts';
import type { Part } from './moments.ts';

/** What X'V⁻¹X and log |V| are, with derivatives by the variances and, last, the residual variance. */
interface Absolute {
  readonly first: readonly { readonly information: Matrix }[];
  /** second[i][j] for all i and j. */
  readonly second: readonly (readonly { readonly information: Matrix; readonly logDeterminant: number }[])[];
}

/**
 * The enlarged covariance of the coefficients of the centred columns, and their degrees of freedom from the expected
 * information about the variances. Null when that information is singular.
 *
 * With A = X'V⁻¹X all terms of the paper are derivatives: P[i] = A[i], Q[i, j] + Q[j, i] = A[i, j] and
 * tr(V⁻¹ V[i] V⁻¹ V[j]) = -(log |V|)[i, j].
 *
 * Reference: Kenward and Roger (1997), Biometrics 53, 983-997. Agrees with R's pbkrtest to 1e-6.
 *
 * @example
 * mixedModel([1, 3, 5, 7], {}, [{ name: 'school', groups: ['a', 'a', 'b', 'b'] }], { degrees: 'kenward-roger' })
 *   .model.coefficients[0].df // => 1
 */
export function kenwardRoger(
  n: number,
  relative: readonly number[],
  solution: Solution,
): { covariance: Matrix; degreesOf: DegreesOf } | null {
  const variance = solution.residual / solution.df;
  const plain = solution.inverse.map((line) => line.map((value) => value * variance));
  const { first, second } = absolute(n, relative, solution, variance);
  const turned = first.map(({ information }) => multiply(plain, information));
  const expected = first.map((_, i) =>
    first.map((__, j) => {
      const part = second[i]?.[j];
      if (!part) return Number.NaN;
      const both = trace(multiply(turned[i] ?? [], turned[j] ?? []));
      return (-part.logDeterminant - trace(multiply(plain, part.information)) + both) / 2;
    }),
  );
  const spread = inversePositiveDefinite(expected);
  if (spread === null) return null;
  const growth = plain.map((line) => line.map(() => 0));
  for (const [i, line] of spread.entries()) {
    for (const [j, weight] of line.entries()) {
      const half = second[i]?.[j]?.information ?? [];
      const product = multiply(first[i]?.information ?? [], turned[j] ?? []);
      addTo(growth, weight / 2, half);
      addTo(growth, -weight, product);
    }
  }
  const enlarged = multiply(multiply(plain, growth), plain);
  return {
    covariance: plain.map((line, i) => line.map((value, j) => value + 2 * (enlarged[i]?.[j] ?? 0))),
    degreesOf: (contrast) => {
      const weights = multiplyVector(plain, contrast);
      const slopes = first.map(({ information }) => dot(weights, multiplyVector(information, weights)));
      return (2 * dot(weights, contrast) ** 2) / dot(slopes, multiplyVector(spread, slopes));
    },
  };
}

/** From derivatives by relative covariances, V / variance, to those by the covariances themselves and the variance. */
function absolute(n: number, relative: readonly number[], { moments, inverse }: Solution, variance: number): Absolute {
  const p = inverse.length;
  const informationOf = ({ products }: Pick<Part, 'products'>) => products.slice(0, p).map((line) => line.slice(0, p));
  const second = (i: number, j: number): Part =>
    moments.second[Math.max(i, j)]?.[Math.min(i, j)] ?? { logDeterminant: 0, products: [] };
  const mixed = (parts: readonly { readonly weight: number; readonly matrix: Matrix }[], scale: number) => {
    const total = inverse.map((line) => line.map(() => 0));
    for (const { weight, matrix } of parts) addTo(total, weight * scale, matrix);
    return total;
  };
  const own = { weight: 1, matrix: informationOf(moments) };
  const slopes = moments.first.map((part, i) => ({ weight: relative[i] ?? 0, matrix: informationOf(part) }));
  const bends = (i: number) => relative.map((weight, j) => ({ weight, matrix: informationOf(second(i, j)) }));
  const allBends = relative.flatMap((left, i) =>
    bends(i).map(({ weight, matrix }) => ({ weight: left * weight, matrix })),
  );
  const logSlopes = dot(
    relative,
    moments.first.map((part) => part.logDeterminant),
  );
  const logBends = (i: number) =>
    dot(
      relative,
      relative.map((_, j) => second(i, j).logDeterminant),
    );
  const allLogBends = dot(
    relative,
    relative.map((_, i) => logBends(i)),
  );
  const twice = (parts: typeof slopes, factor: number) =>
    parts.map((part) => ({ ...part, weight: part.weight * factor }));
  const withResidual = relative.map((_, i) => ({
    information: mixed([{ weight: -2, matrix: slopes[i]?.matrix ?? [] }, ...twice(bends(i), -1)], variance ** -3),
    logDeterminant: -((moments.first[i]?.logDeterminant ?? 0) + logBends(i)) / variance ** 2,
  }));
  const residualTwice = {
    information: mixed([{ ...own, weight: 2 }, ...twice(slopes, 4), ...allBends], variance ** -3),
    logDeterminant: (-n + 2 * logSlopes + allLogBends) / variance ** 2,
  };
  return {
    first: [
      ...slopes.map(({ matrix }) => ({ information: mixed([{ weight: 1, matrix }], variance ** -2) })),
      { information: mixed([{ ...own, weight: -1 }, ...twice(slopes, -1)], variance ** -2) },
    ],
    second: [
      ...relative.map((_, i) => [
        ...relative.map((__, j) => ({
          information: mixed([{ weight: 1, matrix: informationOf(second(i, j)) }], variance ** -3),
          logDeterminant: second(i, j).logDeterminant / variance ** 2,
        })),
        withResidual[i] ?? residualTwice,
      ]),
      [...withResidual, residualTwice],
    ],
  };
}

function addTo(to: number[][], factor: number, matrix: Matrix): void {
  for (const [i, line] of to.entries()) {
    for (let j = 0; j < line.length; j += 1) line[j] = (line[j] ?? 0) + factor * (matrix[i]?.[j] ?? 0);
  }
}

function trace(a: Matrix): number {
  return a.reduce((total, line, i) => total + (line[i] ?? 0), 0);
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((total, value, i) => total + value * (b[i] ?? 0), 0);
}
