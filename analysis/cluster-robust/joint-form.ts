/**
 * How the estimated covariance of several combinations of coefficients varies, for their joint tests. Called by joint-test.ts
 * with what sandwich.ts kept of each cluster.
 */
import type { Matrix } from './adjustments.ts';
import { dot, type Piece, partsOf } from './pieces.ts';

export interface JointForm {
  /** Expected covariance of combinations a and b, up to the factor of the type: the trace of P[a, b]. */
  trace(a: number, b: number): number;
  /** Σ over pairs of clusters of P[a, b] times P[c, d]. */
  product(a: number, b: number, c: number, d: number): number;
}

type Part = 'u' | 'z';

/**
 * For each pair of combinations a, b the estimated covariance is a quadratic form with the matrix P[a, b] of clusters: own[s] if
 * s = t, less z[a, s]'u[b, t] and u[a, s]'z[b, t]. Sums of products of two such matrices need sums over clusters only, so
 * that they take no time that grows with the square of the clusters.
 *
 * @example
 * jointForm([{ score: [1], own: [[2]], plain: [[0]], weighted: [[0]] }], null, [[1]]).trace(0, 0) // => 2
 */
export function jointForm(
  pieces: readonly Piece[],
  meat: Matrix | null,
  contrasts: readonly (readonly number[])[],
): JointForm {
  const parts = pieces.map((piece) => contrasts.map((contrast) => partsOf(piece, meat, contrast)));
  const own = (s: number, a: number, b: number) =>
    dot(
      (pieces[s]?.own ?? []).map((line) => dot(line, contrasts[b] ?? [])),
      contrasts[a] ?? [],
    );
  const cross = (s: number, a: number, b: number) => {
    const [one, other] = [parts[s]?.[a], parts[s]?.[b]];
    return one && other ? dot(one.z, other.u) + dot(one.u, other.z) : 0;
  };
  const moments = new Map<string, number[][]>();
  /** Σ over clusters of one part of a times another of b. */
  const moment = (left: Part, a: number, right: Part, b: number): number[][] => {
    const key = `${left}${a}${right}${b}`;
    const known = moments.get(key);
    if (known) return known;
    const size = contrasts[0]?.length ?? 0;
    const total = Array.from({ length: size }, () => new Array<number>(size).fill(0));
    for (const each of parts) {
      const [x, y] = [each[a]?.[left] ?? [], each[b]?.[right] ?? []];
      total.forEach((line, i) => {
        for (let j = 0; j < size; j += 1) line[j] = (line[j] ?? 0) + (x[i] ?? 0) * (y[j] ?? 0);
      });
    }
    moments.set(key, total);
    return total;
  };
  const whole = (one: Matrix, other: Matrix) => one.reduce((sum, line, i) => sum + dot(line, other[i] ?? []), 0);
  const turned: Readonly<Record<Part, Part>> = { u: 'z', z: 'u' };
  return {
    trace: (a, b) => pieces.reduce((sum, _, s) => sum + own(s, a, b) - cross(s, a, b), 0),
    product: (a, b, c, d) => {
      let total = 0;
      for (const s of pieces.keys()) {
        const [first, second] = [own(s, a, b), own(s, c, d)];
        total += first * second - first * cross(s, c, d) - second * cross(s, a, b);
      }
      for (const left of ['u', 'z'] as const) {
        for (const right of ['u', 'z'] as const) {
          total += whole(moment(left, a, right, c), moment(turned[left], b, turned[right], d));
        }
      }
      return total;
    },
  };
}
