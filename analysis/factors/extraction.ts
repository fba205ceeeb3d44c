/** Factors of a correlation matrix, before rotation. Rotations stand in rotation.ts, what a solution leaves in fit.ts. */
import { itemsAt } from '../item-names.ts';
import { boundedMinimum } from '../numeric/bounded-minimum.ts';
import type { SquareMatrix } from '../numeric/cholesky.ts';
import { type SymmetricEigen, symmetricEigen, symmetricEigenvalues } from '../numeric/eigen.ts';
import type { Note } from '../result.ts';
import { oriented, squaredMultipleCorrelations } from './loadings.ts';

export interface Factors {
  /** One row per item, one column per factor, each column with a positive sum. */
  readonly loadings: readonly (readonly number[])[];
  /** What is left of each item's variance of 1. */
  readonly uniquenesses: readonly number[];
  /** What the method has minimised, at the end. */
  readonly objective: number;
  readonly iterations: number;
  readonly notes: readonly Note[];
}

export interface ExtractionOptions {
  /**
   * Stop when a step lowers the objective by less than this, relative to the larger of it and 1; default 1e-15. R stops at
   * `1e7 * Number.EPSILON`, some four digits from the minimum.
   */
  readonly reduction?: number;
}

/** Uniquenesses are searched between these, in percent: a unit that makes a first step of the search a small one. */
const percent = 100;
const leastUniqueness = 0.005;

/**
 * Factors that leave the smallest residual correlations (minres, unweighted least squares): the sum of squares of what
 * R - L L' leaves off the diagonal. It needs no normality and no invertible R, so it also serves matrices of pairwise or
 * polychoric correlations.
 *
 * Notes: `heywood` when a uniqueness ends on its bound of 0.005, `not-converged`, `not-identified` when the items have
 * fewer correlations than the factors have loadings, so that other solutions fit as well.
 *
 * Reference: Harman and Jones (1966), Psychometrika 31, 351-368. Agrees with R's psych::fa(fm = "minres") to 1e-7 when
 * stopped where it stops; the default goes on to the minimum.
 *
 * @throws RangeError for a matrix that is not square, holds NaN or has fewer items than factors
 * @example
 * minimumResidual([[1, 0.56, 0.48], [0.56, 1, 0.42], [0.48, 0.42, 1]], 1)
 *   .loadings.flat().map((loading) => loading.toFixed(6)) // => ['0.800000', '0.700000', '0.600000']
 */
export function minimumResidual(correlations: SquareMatrix, factors: number, options: ExtractionOptions = {}): Factors {
  requireFactors('minimumResidual', correlations, factors);
  const start = squaredMultipleCorrelations(correlations).map((shared) => 1 - shared);
  const reducedBy = (uniquenesses: readonly number[]) =>
    correlations.map((line, i) => line.map((value, j) => (i === j ? 1 - (uniquenesses[i] ?? 0) : value)));
  const loadingsOf = (uniquenesses: readonly number[]) => leading(reducedBy(uniquenesses), factors, 0);
  const found = searchUniquenesses(
    start,
    (uniquenesses) => {
      const loadings = loadingsOf(uniquenesses);
      return {
        value: residualSquares(correlations, loadings),
        gradient: uniquenesses.map((value, i) => communality(loadings[i] ?? []) + value - 1),
      };
    },
    options,
  );
  return solution(correlations, loadingsOf(found.uniquenesses), found);
}

/**
 * Factors of greatest likelihood for normal items. The objective is ln |L L' + Ψ| + trace (R (L L' + Ψ)^-1) - ln |R| - k, the
 * discrepancy that n - 1 turns into a chi-square statistic. With one factor this is the one-factor confirmatory model.
 *
 * Notes as in `minimumResidual`.
 *
 * Reference: Jöreskog (1967), Psychometrika 32, 443-482; Lawley and Maxwell (1971). Agrees with R's factanal to 1e-7 when
 * stopped where it stops.
 *
 * @throws RangeError for a matrix that is not square, holds NaN, is not invertible or has fewer items than factors
 * @example
 * maximumLikelihood([[1, 0.56, 0.48], [0.56, 1, 0.42], [0.48, 0.42, 1]], 1)
 *   .uniquenesses.map((rest) => rest.toFixed(6)) // => ['0.360000', '0.510000', '0.640000']
 */
export function maximumLikelihood(
  correlations: SquareMatrix,
  factors: number,
  options: ExtractionOptions = {},
): Factors {
  requireFactors('maximumLikelihood', correlations, factors);
  const values = symmetricEigenvalues(correlations);
  if (!((values.at(-1) ?? 0) > 1e-12))
    throw new RangeError('maximumLikelihood requires an invertible correlation matrix');
  const weight = 1 - factors / (2 * correlations.length);
  const start = squaredMultipleCorrelations(correlations).map((shared) => weight * (1 - shared));
  const scaledBy = (uniquenesses: readonly number[]) =>
    correlations.map((line, i) =>
      line.map((value, j) => value / Math.sqrt((uniquenesses[i] ?? 1) * (uniquenesses[j] ?? 1))),
    );
  const unscaled = (loadings: readonly (readonly number[])[], uniquenesses: readonly number[]) =>
    loadings.map((line, i) => line.map((value) => value * Math.sqrt(uniquenesses[i] ?? 0)));
  const found = searchUniquenesses(
    start,
    (uniquenesses) => {
      const eigen = symmetricEigen(scaledBy(uniquenesses));
      const loadings = unscaled(leadingOf(eigen, factors, 1), uniquenesses);
      return {
        value: eigen.values.slice(factors).reduce((total, each) => total + each - Math.log(each) - 1, 0),
        gradient: uniquenesses.map((each, i) => (communality(loadings[i] ?? []) + each - 1) / (each * each)),
      };
    },
    options,
  );
  const { uniquenesses } = found;
  const loadings = unscaled(leading(scaledBy(uniquenesses), factors, 1), uniquenesses);
  return { ...solution(correlations, loadings, found), uniquenesses };
}

/**
 * Factors by iterated principal axes: the communalities on the diagonal are replaced by those of the solution until their
 * sum settles within `tolerance`. It has the same solution as `minimumResidual` where it converges, which can take long.
 *
 * Notes: `heywood` when a communality exceeds 1, `not-converged`.
 *
 * @throws RangeError for a matrix that is not square, holds NaN or has fewer items than factors
 * @example
 * principalAxis([[1, 0.56, 0.48], [0.56, 1, 0.42], [0.48, 0.42, 1]], 1, { tolerance: 1e-12 })
 *   .loadings.flat().map((loading) => loading.toFixed(6)) // => ['0.800000', '0.700000', '0.600000']
 */
export function principalAxis(
  correlations: SquareMatrix,
  factors: number,
  options: { readonly tolerance?: number; readonly maxIterations?: number } = {},
): Factors {
  requireFactors('principalAxis', correlations, factors);
  const { tolerance = 1e-10, maxIterations = 1000 } = options;
  let shared = squaredMultipleCorrelations(correlations);
  let total = shared.reduce((sum, value) => sum + value, 0);
  let loadings: number[][] = [];
  for (let iterations = 1; iterations <= maxIterations; iterations += 1) {
    const diagonal = shared;
    const reduced = correlations.map((line, i) => line.map((value, j) => (i === j ? (diagonal[i] ?? 0) : value)));
    loadings = leading(reduced, factors, 0);
    shared = loadings.map(communality);
    const next = shared.reduce((sum, value) => sum + value, 0);
    const change = Math.abs(next - total);
    total = next;
    const objective = residualSquares(correlations, loadings);
    const uniquenesses = shared.map((value) => 1 - value);
    const converged = change <= tolerance;
    if (converged || iterations === maxIterations) {
      return solution(correlations, loadings, { uniquenesses, objective, iterations, converged });
    }
  }
  throw new RangeError('principalAxis requires at least one iteration');
}

/**
 * The first principal components: correlations of the items with the weighted sums that hold most of their variance.
 *
 * @throws RangeError for a matrix that is not square, holds NaN or has fewer items than components
 * @example
 * principalComponents([[1, 0.5], [0.5, 1]], 1).loadings.flat().map((loading) => (loading ** 2 * 4) / 3) // => [1, 1]
 */
export function principalComponents(correlations: SquareMatrix, components: number): Factors {
  requireFactors('principalComponents', correlations, components);
  const loadings = leading(correlations, components, 0);
  const objective = residualSquares(correlations, loadings);
  const uniquenesses = loadings.map((line) => 1 - communality(line));
  return { loadings: oriented(loadings), uniquenesses, objective, iterations: 0, notes: [] };
}

interface Found {
  readonly uniquenesses: readonly number[];
  readonly objective: number;
  readonly iterations: number;
  readonly converged: boolean;
}

interface Misfit {
  readonly value: number;
  readonly gradient: readonly number[];
}

function searchUniquenesses(
  start: readonly number[],
  misfit: (uniquenesses: readonly number[]) => Misfit,
  options: ExtractionOptions,
): Found {
  const shares = (point: readonly number[]) => point.map((part) => part / percent);
  // The search asks for value and gradient of one point in turn; both come from the same eigenvectors.
  let last: { readonly point: readonly number[]; readonly found: Misfit } | null = null;
  const at = (point: readonly number[]) => {
    if (last?.point !== point) last = { point, found: misfit(shares(point)) };
    return last.found;
  };
  const problem = {
    value: (point: readonly number[]) => at(point).value,
    gradient: (point: readonly number[]) => at(point).gradient.map((slope) => slope / percent),
    lower: leastUniqueness * percent,
    upper: percent,
  };
  const found = boundedMinimum(
    problem,
    start.map((part) => part * percent),
    options,
  );
  const { value: objective, iterations, converged } = found;
  return { uniquenesses: shares(found.point), objective, iterations, converged };
}

/** Eigenvectors times the roots of what their values exceed `base` by; nothing where they do not. */
function leading(matrix: SquareMatrix, factors: number, base: number): number[][] {
  return leadingOf(symmetricEigen(matrix), factors, base);
}

function leadingOf({ values, vectors }: SymmetricEigen, factors: number, base: number): number[][] {
  const columns = vectors
    .slice(0, factors)
    .map((vector, k) => vector.map((part) => part * Math.sqrt(Math.max((values[k] ?? 0) - base, 0))));
  return values.map((_, i) => columns.map((column) => column[i] ?? 0));
}

function communality(loadings: readonly number[]): number {
  return loadings.reduce((total, loading) => total + loading * loading, 0);
}

/** Σ (r - l l')² over the pairs of items. */
function residualSquares(correlations: SquareMatrix, loadings: readonly (readonly number[])[]): number {
  let total = 0;
  correlations.forEach((line, i) => {
    const own = loadings[i] ?? [];
    for (let j = 0; j < i; j += 1) {
      const other = loadings[j] ?? [];
      let model = 0;
      for (let k = 0; k < own.length; k += 1) model += (own[k] ?? 0) * (other[k] ?? 0);
      total += ((line[j] ?? 0) - model) ** 2;
    }
  });
  return total;
}

function solution(correlations: SquareMatrix, loadings: number[][], found: Found): Factors {
  const items = correlations.length;
  const factors = loadings[0]?.length ?? 0;
  const uniquenesses = loadings.map((line) => 1 - communality(line));
  const places = found.uniquenesses.flatMap((rest, i) => (rest <= leastUniqueness * (1 + 1e-9) ? [i + 1] : []));
  const notes: Note[] = [];
  if (places.length > 0) {
    const text = `Nothing of ${itemsAt(places)} is left unexplained (Heywood case). Fewer factors may do.`;
    notes.push({ code: 'heywood', text });
  }
  if (!found.converged) notes.push({ code: 'not-converged', text: 'The search for the factors did not settle.' });
  if ((items - factors) ** 2 < items + factors) {
    const text = `${items} items cannot tell ${factors} factors apart: other loadings fit as well.`;
    notes.push({ code: 'not-identified', text });
  }
  const { objective, iterations } = found;
  return { loadings: oriented(loadings), uniquenesses, objective, iterations, notes };
}

function requireFactors(caller: string, correlations: SquareMatrix, factors: number): void {
  if (!(Number.isInteger(factors) && factors >= 1 && factors <= correlations.length)) {
    throw new RangeError(`${caller} requires 1 to ${correlations.length} factors`);
  }
}
