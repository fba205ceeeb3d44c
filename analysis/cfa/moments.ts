/**
 * What a factor model implies for means and covariances, with first and second derivatives. Called by fit.ts.
 *
 * Covariance = loadings * latent * loadings' + residual; mean = intercepts + loadings * latent means. Moments stand in
 * one list: the means, if modelled, and then the covariances of the lower triangle by row.
 */
import type { FactorModel, Parameter } from './model.ts';

export type Matrix = number[][];

/** Means and covariances of the items. */
export interface Moments {
  /** Null when the model has no mean structure. */
  readonly mean: readonly number[] | null;
  readonly covariance: Matrix;
}

/** The moments of one group and the matrices that they are made of. */
export interface Implied extends Moments {
  readonly loadings: Matrix;
  readonly latent: Matrix;
  readonly residual: Matrix;
  readonly latentMean: number[];
}

/**
 * Position of a covariance in the list of moments of `items` variables.
 *
 * @example
 * momentIndex(2, 1, 3, true) // => 7
 */
export function momentIndex(i: number, j: number, items: number, means: boolean): number {
  const [high, low] = i < j ? [j, i] : [i, j];
  return (means ? items : 0) + (high * (high + 1)) / 2 + low;
}

/**
 * How many moments there are.
 *
 * @example
 * momentCount(3, true) // => 9
 */
export function momentCount(items: number, means: boolean): number {
  return momentIndex(items, 0, items, means);
}

/**
 * A matrix of zeros.
 *
 * @example
 * zeros(1, 2) // => [[0, 0]]
 */
export function zeros(rows: number, columns: number): Matrix {
  return Array.from({ length: rows }, () => new Array<number>(columns).fill(0));
}

/** Writes both halves of a symmetric matrix. */
function setBoth(matrix: Matrix, i: number, j: number, value: number): void {
  for (const [row, column] of [
    [i, j],
    [j, i],
  ] as const) {
    const line = matrix[row];
    if (line) line[column] = value;
  }
}

/**
 * The moments of one group at `point`, the free numbers.
 *
 * @example
 * impliedMoments(modelOf('f =~ a + b'), [0.5, 1, 1, 4], 0).covariance // => [[5, 2], [2, 2]]
 */
export function impliedMoments(model: FactorModel, point: readonly number[], group: number): Implied {
  const { observed, latent: factors, means } = model;
  const loadings = zeros(observed.length, factors.length);
  const latent = zeros(factors.length, factors.length);
  const residual = zeros(observed.length, observed.length);
  const intercepts = observed.map(() => 0);
  const latentMean = factors.map(() => 0);
  for (const parameter of model.parameters) {
    if (parameter.group !== group) continue;
    const { place } = parameter;
    const value = parameter.free === null ? parameter.fixed : (point[parameter.free] ?? Number.NaN);
    const line = place.kind === 'loading' ? loadings[place.item] : undefined;
    if (place.kind === 'loading' && line) line[place.factor] = value;
    if (place.kind === 'latent') setBoth(latent, place.first, place.second, value);
    if (place.kind === 'residual') setBoth(residual, place.first, place.second, value);
    if (place.kind === 'intercept') intercepts[place.item] = value;
    if (place.kind === 'latent-mean') latentMean[place.factor] = value;
  }
  const spread = loadings.map((line) => factors.map((_, f) => product(line, latent[f] ?? [])));
  const covariance = residual.map((line, i) =>
    line.map((value, j) => value + product(spread[i] ?? [], loadings[j] ?? [])),
  );
  const mean = means ? intercepts.map((value, i) => value + product(loadings[i] ?? [], latentMean)) : null;
  return { mean, covariance, loadings, latent, residual, latentMean };
}

function product(a: readonly number[], b: readonly number[]): number {
  let total = 0;
  for (let i = 0; i < a.length; i += 1) total += (a[i] ?? 0) * (b[i] ?? 0);
  return total;
}

/** One column of loadings. */
function columnOf(matrix: Matrix, column: number): number[] {
  return matrix.map((line) => line[column] ?? 0);
}

/**
 * The derivative of the moments by one parameter, as entries of the list of moments.
 *
 * @example
 * slopeOf(impliedMoments(modelOf('f =~ a + b'), [0.5, 1, 1, 4], 0), modelOf('f =~ a + b').parameters[1], false) // => new Map([[1, 4], [2, 4]])
 */
export function slopeOf(implied: Implied, { place }: Parameter, means: boolean): Map<number, number> {
  const { loadings, latent, latentMean } = implied;
  const items = loadings.length;
  const slope = new Map<number, number>();
  const add = (index: number, value: number) => {
    if (value !== 0) slope.set(index, (slope.get(index) ?? 0) + value);
  };
  const addMean = (item: number, value: number) => {
    if (means) add(item, value);
  };
  // The derivative e v' + v e' of an outer product, e being the unit vector of an item.
  const addCross = (item: number, vector: readonly number[]) =>
    vector.forEach((value, other) => {
      add(momentIndex(item, other, items, means), other === item ? 2 * value : value);
    });
  if (place.kind === 'loading') {
    const { item, factor } = place;
    addCross(
      item,
      loadings.map((line) => product(line, latent[factor] ?? [])),
    );
    addMean(item, latentMean[factor] ?? 0);
  }
  if (place.kind === 'latent') {
    const a = columnOf(loadings, place.first);
    const b = columnOf(loadings, place.second);
    const both = place.first === place.second ? 0.5 : 1;
    for (let i = 0; i < items; i += 1) {
      for (let j = 0; j <= i; j += 1) {
        const value = (a[i] ?? 0) * (b[j] ?? 0) + (b[i] ?? 0) * (a[j] ?? 0);
        add(momentIndex(i, j, items, means), both * value);
      }
    }
  }
  if (place.kind === 'residual') add(momentIndex(place.first, place.second, items, means), 1);
  if (place.kind === 'intercept') addMean(place.item, 1);
  if (place.kind === 'latent-mean') {
    columnOf(loadings, place.factor).forEach((value, item) => {
      addMean(item, value);
    });
  }
  return slope;
}

/**
 * Second derivative of the moments by two parameters of one group, weighted by `slopes` (how the fit goes with each
 * moment) and summed. Only loadings bend: with other loadings, with factor covariances and with latent means.
 *
 * @example
 * bendOf(impliedMoments(modelOf('f =~ a + b'), [0.5, 1, 1, 4], 0), modelOf('f =~ a + b').parameters[1], modelOf('f =~ a + b').parameters[1], [0, 0, 1], false) // => 8
 */
export function bendOf(
  implied: Implied,
  a: Parameter,
  b: Parameter,
  slopes: ArrayLike<number>,
  means: boolean,
): number {
  const one = a.place;
  const other = b.place;
  if (one.kind !== 'loading') return other.kind === 'loading' ? bendOf(implied, b, a, slopes, means) : 0;
  const items = implied.loadings.length;
  const slopeAt = (i: number, j: number) => (i === j ? 2 : 1) * (slopes[momentIndex(i, j, items, means)] ?? 0);
  if (other.kind === 'loading') {
    return slopeAt(one.item, other.item) * (implied.latent[one.factor]?.[other.factor] ?? 0);
  }
  if (other.kind === 'latent-mean') return means && other.factor === one.factor ? (slopes[one.item] ?? 0) : 0;
  if (other.kind !== 'latent') return 0;
  const partner = one.factor === other.first ? other.second : one.factor === other.second ? other.first : null;
  if (partner === null) return 0;
  return product(
    columnOf(implied.loadings, partner),
    implied.loadings.map((_, i) => slopeAt(one.item, i)),
  );
}
