/** What each cluster adds to the sandwich, and what of it a combination of coefficients sees. Called by sandwich.ts and joint-form.ts. */
import type { Matrix } from './adjustments.ts';

/** What a cluster adds: its score, and the cross products of its adjusted rows A. */
export interface Piece {
  /** A'e. */
  readonly score: readonly number[];
  /** A'ΘA, X'A and (ΘWX)'A, Θ being the working covariance of the errors. */
  readonly own: Matrix;
  readonly plain: Matrix;
  readonly weighted: Matrix;
}

/**
 * What a cluster has in P.
 *
 * @example
 * partsOf({ own: [[2]], plain: [[3]], weighted: [[5]] }, null, [1]) // => { d: 2, u: [3], z: [3.5] }
 */
export function partsOf(
  { own, plain, weighted }: Omit<Piece, 'score'>,
  meat: Matrix | null,
  contrast: readonly number[],
) {
  const u = times(plain, contrast);
  const half = meat === null ? u : times(meat, u);
  const z = times(weighted, contrast).map((value, i) => value - (half[i] ?? 0) / 2);
  return { d: dot(times(own, contrast), contrast), u, z };
}

/** A matrix times a vector. */
export function times(matrix: Matrix, vector: readonly number[]): number[] {
  return matrix.map((line) => dot(line, vector));
}

/** The inner product of two vectors of one length. */
export function dot(a: readonly number[], b: readonly number[]): number {
  let total = 0;
  for (let i = 0; i < a.length; i += 1) total += (a[i] ?? 0) * (b[i] ?? 0);
  return total;
}
