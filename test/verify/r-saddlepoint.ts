/**
 * Saddlepoint p values as clubSandwich 0.5.8 computes them: the root by R's `uniroot`, whose default tolerance of 1.2e-4 stands
 * in the fourth digit of p, the series for the middle within 0.01 of it, and 1 - pnorm(r) as a difference. Our own
 * (cluster-robust/saddlepoint.ts) solve the same equation to the end. Used by 09.
 */
import type { ClusterRobustType } from '../../analysis/cluster-robust/adjustments.ts';
import { leastSquares } from '../../analysis/cluster-robust/least-squares.ts';
import { sandwich } from '../../analysis/cluster-robust/sandwich.ts';
import { backTransformed } from '../../analysis/cluster-robust.ts';
import type { Values } from '../../analysis/descriptives.ts';
import type { Predictors } from '../../analysis/linear-model.ts';
import { symmetricEigenvalues } from '../../analysis/numeric/eigen.ts';
import { normalTails } from '../../analysis/numeric/normal.ts';
import { sum } from '../../analysis/numeric/sums.ts';

export interface RSaddlepoint {
  readonly p: number;
  /** How far the figure moves with the rounding at the pole, on which R's first step hangs and with it where R stops. */
  readonly reach: number;
}

/** One p value for each coefficient, the intercept first. The same in any order of the rows. */
export function rSaddlepoints(
  outcome: Values,
  predictors: Predictors,
  clusters: readonly (number | string | null)[],
  type: ClusterRobustType,
  weights?: Values,
): RSaddlepoint[] {
  const { fit } = leastSquares(outcome, predictors, clusters, weights);
  const errors = fit && sandwich(fit, type);
  if (!fit || !errors) throw new Error('no model');
  const covariance = backTransformed(fit.back, errors.covariance);
  return fit.coefficients.map((estimate, k) => {
    const t = estimate / Math.sqrt(covariance[k]?.[k] ?? Number.NaN);
    const values = symmetricEigenvalues(errors.formOf(fit.back[k] ?? []));
    const p = pOf(t, values, 0);
    return { p, reach: Math.max(...roundings.map((rounding) => Math.abs(pOf(t, values, rounding) - p))) };
  });
}

/** What a difference from 1 that should be 0 can be in double precision; with the other sign R finds no root and ends. */
const roundings = [Number.EPSILON / 2, Number.EPSILON];

function pOf(t: number, eigenvalues: readonly number[], atPole: number): number {
  const shares = eigenvalues.map((value) => Math.max(0, value));
  const all = sum(shares);
  const g = [1, ...shares.map((share) => (-(t ** 2) * share) / all)];
  // A plain sum: at a pole one of the terms is without bound, or as large as rounding has it.
  const fromPole = (each: number, s: number) => {
    const away = 1 - 2 * each * s;
    return Math.abs(away) <= 2 * Number.EPSILON ? atPole : away;
  };
  const slope = (s: number) => g.reduce((total, each) => total + each / fromPole(each, s), 0);
  const s = t ** 2 < 1 ? uniroot(slope, 1 / (2 * Math.min(...g)), 0) : uniroot(slope, 0, 1 / (2 * Math.max(...g)));
  if (Math.abs(s) <= 0.01) {
    const [squares, cubes] = [2, 3].map((power) => sum(g.map((each) => each ** power)));
    return 0.5 - (cubes ?? 0) / (3 * Math.sqrt(Math.PI) * (squares ?? 0) ** 1.5);
  }
  const r = Math.sign(s) * Math.sqrt(sum(g.map((each) => Math.log(1 - 2 * each * s))));
  const q = s * Math.sqrt(2 * sum(g.map((each) => (each / (1 - 2 * each * s)) ** 2)));
  const density = Math.exp((-r * r) / 2) / Math.sqrt(2 * Math.PI);
  return 1 - normalTails(r).lower - density * (1 / r - 1 / q);
}

/**
 * A root by Brent's zeroin (Brent 1973, Algorithms for Minimization without Derivatives, chapter 4), with R's tolerance, so that
 * it stops where R stops. At the pole that ends the interval the slope is without bound, which R takes as it is: the first step
 * then has no size, and R makes it the smallest one downwards. Between the ends such a value counts as the largest number.
 */
function uniroot(of: (x: number) => number, from: number, to: number): number {
  const largest = Number.MAX_VALUE;
  const value = (x: number) => Math.min(largest, Math.max(-largest, of(x)));
  const tolerance = Number.EPSILON ** 0.25;
  let [old, best] = [from, to];
  let [atOld, atBest] = [of(from), of(to)];
  let [other, atOther] = [old, atOld];
  if (atOld === 0) return old;
  for (let round = 0; round <= 1000; round += 1) {
    const before = best - old;
    if (Math.abs(atOther) < Math.abs(atBest)) {
      [old, best, other] = [best, other, best];
      [atOld, atBest, atOther] = [atBest, atOther, atBest];
    }
    const enough = 2 * Number.EPSILON * Math.abs(best) + tolerance / 2;
    const half = (other - best) / 2;
    if (Math.abs(half) <= enough || atBest === 0) return best;
    let step = half;
    if (Math.abs(before) >= enough && Math.abs(atOld) > Math.abs(atBest)) {
      const width = other - best;
      const ratio = atBest / atOld;
      let [p, q] = [width * ratio, 1 - ratio];
      if (old !== other) {
        const [a, b] = [atOld / atOther, atBest / atOther];
        p = ratio * (width * a * (a - b) - (best - old) * (b - 1));
        q = (a - 1) * (b - 1) * (ratio - 1);
      }
      if (p > 0) q = -q;
      else p = -p;
      if (p < 0.75 * width * q - Math.abs(enough * q) / 2 && p < Math.abs((before * q) / 2)) step = p / q;
    }
    if (Math.abs(step) < enough) step = step > 0 ? enough : -enough;
    [old, atOld] = [best, atBest];
    best += step;
    atBest = value(best);
    if ((atBest > 0 && atOther > 0) || (atBest < 0 && atOther < 0)) [other, atOther] = [old, atOld];
  }
  return best;
}
