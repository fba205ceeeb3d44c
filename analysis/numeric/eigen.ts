/** Eigenvalues and eigenvectors of symmetric matrices, for components, factors and the check of what a matrix can be. */
import type { SquareMatrix } from './cholesky.ts';

export interface SymmetricEigen {
  /** In descending order. */
  readonly values: number[];
  /** The unit vector of each value, in the same order; its sign is arbitrary. */
  readonly vectors: number[][];
}

/** QL needs two or three steps for each value. */
const mostSteps = 100;

/** What is smaller than this beside numbers around 1 is nothing: its square cannot be held with all digits. */
const lost = 1e-140;

/**
 * Eigenvalues and eigenvectors of a symmetric matrix: Householder reflections make it tridiagonal, then implicit QL
 * rotations make it diagonal. Absolute error: a few roundings of the largest value.
 *
 * References: Wilkinson and Reinsch (1971), Handbook for Automatic Computation II; Golub and Van Loan (2013), Matrix
 * Computations, sections 5.1 and 8.3.
 *
 * @throws RangeError for a matrix that is not square or holds NaN or infinite values
 * @example
 * symmetricEigen([[2, 0], [0, 5]]).values // => [5, 2]
 */
export function symmetricEigen(matrix: SquareMatrix): SymmetricEigen {
  const basis = matrix.map((_, i) => new Float64Array(matrix.length).fill(1, i, i + 1));
  const unit = unitOf(matrix);
  const { diagonal, beside } = tridiagonal(matrix, unit, basis);
  qlRotations(diagonal, beside, basis);
  const order = Array.from(diagonal.keys()).sort((a, b) => (diagonal[b] ?? 0) - (diagonal[a] ?? 0));
  return {
    values: order.map((place) => (diagonal[place] ?? 0) * unit),
    vectors: order.map((place) => Array.from(basis[place] ?? [])),
  };
}

/**
 * The eigenvalues alone, in descending order; several times faster.
 *
 * @throws RangeError for a matrix that is not square or holds NaN or infinite values
 * @example
 * symmetricEigenvalues([[2, 0], [0, 5]]) // => [5, 2]
 */
export function symmetricEigenvalues(matrix: SquareMatrix): number[] {
  const unit = unitOf(matrix);
  const { diagonal, beside } = tridiagonal(matrix, unit, []);
  qlRotations(diagonal, beside, []);
  return Array.from(diagonal, (value) => value * unit).sort((a, b) => b - a);
}

/** The power of two that brings the largest number of a matrix between 1 and 2. */
function unitOf(matrix: SquareMatrix): number {
  let largest = 0;
  for (const row of matrix) for (const value of row) largest = Math.max(largest, Math.abs(value));
  return largest > 0 && Number.isFinite(largest) ? 2 ** Math.floor(Math.log2(largest)) : 1;
}

/** Σ a[i] b[i] from `from` on. */
function dot(a: Float64Array, b: Float64Array, from: number): number {
  let total = 0;
  for (let i = from; i < a.length; i += 1) total += (a[i] ?? 0) * (b[i] ?? 0);
  return total;
}

/** a += factor · b from `from` on. */
function addScaled(a: Float64Array, factor: number, b: Float64Array, from: number): void {
  for (let i = from; i < a.length; i += 1) a[i] = (a[i] ?? 0) + factor * (b[i] ?? 0);
}

/**
 * Reflects column after column onto the element beside the diagonal. `basis`, when given, goes through the same
 * reflections; its rows become the eigenvectors.
 */
function tridiagonal(matrix: SquareMatrix, unit: number, basis: readonly Float64Array[]) {
  const size = matrix.length;
  if (matrix.some((row) => row.length !== size)) throw new RangeError('symmetricEigen requires a square matrix');
  const rows = matrix.map((row) => scaled(row, unit));
  const diagonal = new Float64Array(size);
  const beside = new Float64Array(size);
  const turned = new Float64Array(size);
  const along = new Float64Array(size);
  for (const [k, mirror] of rows.entries()) {
    // The line has given its part to those below it, so it can hold the reflection.
    diagonal[k] = mirror[k] ?? 0;
    const length = Math.sqrt(dot(mirror, mirror, k + 1));
    const first = mirror[k + 1] ?? 0;
    beside[k] = first > 0 ? -length : length;
    // All is zero already, or so small that its square is lost.
    if (dot(mirror, mirror, k + 2) < lost * lost) {
      beside[k] = first;
      continue;
    }
    mirror[k + 1] = first - (beside[k] ?? 0);
    const scale = 2 / dot(mirror, mirror, k + 1);
    for (let i = k + 1; i < size; i += 1) turned[i] = scale * dot(rows[i] ?? mirror, mirror, k + 1);
    addScaled(turned, (-scale / 2) * dot(turned, mirror, k + 1), mirror, k + 1);
    for (let i = k + 1; i < size; i += 1) {
      const line = rows[i] ?? turned;
      addScaled(line, -(mirror[i] ?? 0), turned, k + 1);
      addScaled(line, -(turned[i] ?? 0), mirror, k + 1);
    }
    if (basis.length > 0) reflect(basis, mirror, scale, k + 1, along);
  }
  return { diagonal, beside };
}

/** Takes from each row of the basis, from `from` on, its share in the direction of the mirror, twice. */
function reflect(
  basis: readonly Float64Array[],
  mirror: Float64Array,
  scale: number,
  from: number,
  along: Float64Array,
): void {
  along.fill(0);
  for (let i = from; i < basis.length; i += 1) addScaled(along, scale * (mirror[i] ?? 0), basis[i] ?? along, 0);
  for (let i = from; i < basis.length; i += 1) addScaled(basis[i] ?? along, -(mirror[i] ?? 0), along, 0);
}

function scaled(row: readonly number[], unit: number): Float64Array {
  const line = new Float64Array(row.length);
  for (let i = 0; i < row.length; i += 1) {
    const value = (row[i] ?? Number.NaN) / unit;
    if (!Number.isFinite(value)) throw new RangeError('symmetricEigen requires finite numbers');
    line[i] = value;
  }
  return line;
}

/** Rotates the elements beside the diagonal away, from the last to the first, until each is rounding. */
function qlRotations(diagonal: Float64Array, beside: Float64Array, basis: readonly Float64Array[]): void {
  const count = diagonal.length;
  for (let low = 0; low < count; low += 1) {
    for (let step = 0; step < mostSteps; step += 1) {
      let high = low;
      while (high < count - 1 && !negligible(diagonal, beside, high)) high += 1;
      if (high === low) break;
      sweep(diagonal, beside, basis, low, high);
    }
  }
}

function negligible(diagonal: Float64Array, beside: Float64Array, i: number): boolean {
  const neighbours = Math.abs(diagonal[i] ?? 0) + Math.abs(diagonal[i + 1] ?? 0);
  const size = Math.abs(beside[i] ?? 0);
  return size < lost || neighbours + size === neighbours;
}

/** One implicit QL step on the rows from `low` to `high`, with Wilkinson's shift. */
function sweep(d: Float64Array, e: Float64Array, basis: readonly Float64Array[], low: number, high: number): void {
  const lowest = d[low] ?? 0;
  const half = ((d[low + 1] ?? 0) - lowest) / (2 * (e[low] ?? 0));
  const root = Math.sqrt(half * half + 1);
  let ahead = (d[high] ?? 0) - lowest + (e[low] ?? 0) / (half + (half < 0 ? -root : root));
  let sine = 1;
  let cosine = 1;
  let shift = 0;
  for (let i = high - 1; i >= low; i -= 1) {
    const bulge = sine * (e[i] ?? 0);
    const rest = cosine * (e[i] ?? 0);
    const length = Math.sqrt(bulge * bulge + ahead * ahead);
    e[i + 1] = length;
    if (length < lost) {
      e[i + 1] = 0;
      d[i + 1] = (d[i + 1] ?? 0) - shift;
      e[i] = rest;
      e[high] = 0;
      return;
    }
    sine = bulge / length;
    cosine = ahead / length;
    const upper = (d[i + 1] ?? 0) - shift;
    const mixed = ((d[i] ?? 0) - upper) * sine + 2 * cosine * rest;
    shift = sine * mixed;
    d[i + 1] = upper + shift;
    ahead = cosine * mixed - rest;
    const first = basis[i];
    const second = basis[i + 1];
    if (first && second) rotate(first, second, cosine, sine);
  }
  d[low] = (d[low] ?? 0) - shift;
  e[low] = ahead;
  e[high] = 0;
}

function rotate(first: Float64Array, second: Float64Array, cosine: number, sine: number): void {
  for (let k = 0; k < first.length; k += 1) {
    const a = first[k] ?? 0;
    const b = second[k] ?? 0;
    second[k] = sine * a + cosine * b;
    first[k] = cosine * a - sine * b;
  }
}
