/** p values of cluster-robust t tests by a saddlepoint, more exact than Satterthwaite's far out in the tails. Called by cluster-robust.ts. */
import { symmetricEigenvalues } from '../numeric/eigen.ts';
import type { Matrix } from '../numeric/matrix.ts';
import { normalTails } from '../numeric/normal.ts';
import { brentRoot } from '../numeric/root.ts';
import { sum } from '../numeric/sums.ts';

/** So near to the middle of the distribution its formula is nothing over nothing, and a series takes its place. */
const nearMiddle = 1e-5;

/**
 * Two-sided p of t when its squared error is a quadratic form in normal errors: P(z² > t² Σ share χ²), the shares being the
 * eigenvalues of the form over their sum. NaN when the form is zero.
 *
 * References: Lugannani and Rice (1980), Advances in Applied Probability 12, 475-490; Kuonen (1999), Biometrika 86, 929-935;
 * McCaffrey and Bell (2006), Statistics in Medicine 25, 4081-4098.
 *
 * @param form clusters by clusters, positive semidefinite
 * @example
 * Math.round(1e4 * saddlepointP(2, [[1, 0, 0], [0, 1, 0], [0, 0, 1]])) // => 1439
 */
export function saddlepointP(t: number, form: Matrix): number {
  const values = symmetricEigenvalues(form).map((value) => Math.max(0, value));
  const total = sum(values);
  if (!(total > 0) || Number.isNaN(t)) return Number.NaN;
  const weights = [1, ...values.map((value) => (-t * t * value) / total)];
  const slope = (s: number) => sum(weights.map((weight) => weight / (1 - 2 * weight * s)));
  const s = rootOf(slope, weights, t);
  if (Math.abs(s) <= nearMiddle) {
    const [squares, cubes] = [2, 3].map((power) => sum(weights.map((weight) => weight ** power)));
    return 0.5 - (cubes ?? 0) / (3 * Math.sqrt(Math.PI) * (squares ?? 0) ** 1.5);
  }
  const r = Math.sign(s) * Math.sqrt(sum(weights.map((weight) => Math.log1p(-2 * weight * s))));
  const q = s * Math.sqrt(2 * sum(weights.map((weight) => (weight / (1 - 2 * weight * s)) ** 2)));
  const density = Math.exp((-r * r) / 2) / Math.sqrt(2 * Math.PI);
  return normalTails(r).upper - density * (1 / r - 1 / q);
}

/** Where the slope is zero, between the poles on both sides of 0. */
function rootOf(slope: (s: number) => number, weights: readonly number[], t: number): number {
  if (t * t === 1) return 0;
  const pole = t * t < 1 ? 1 / (2 * Math.min(...weights)) : 1 / (2 * Math.max(...weights));
  // Towards the pole the slope has the sign of the weight there; the end is just inside.
  const end = pole * (1 - 1e-12);
  return pole < 0 ? brentRoot(slope, end, 0) : brentRoot(slope, 0, end);
}
