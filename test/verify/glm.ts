/**
 * The logistic model where R's `glm` stops: it ends when the deviance moves by less than 1e-8 of itself, and takes standard
 * errors from the round before. `analysis/logistic-model.ts` goes on until nothing moves, so that its errors differ in the
 * fifth digit or later; run to 1e-15, `glm` gives them. Used by the recomputations whose figures are those of `glm`.
 */
import { leastSquares } from '../../analysis/cluster-robust/least-squares.ts';
import type { Values } from '../../analysis/descriptives.ts';
import { completeRowsOf, type Predictors } from '../../analysis/linear-model.ts';
import { normalTails } from '../../analysis/numeric/normal.ts';
import { sum } from '../../analysis/numeric/sums.ts';

export interface GlmTerm {
  readonly term: string;
  readonly est: number;
  readonly se: number;
  readonly z: number;
  readonly p: number;
}

/** Coefficients by reweighted least squares from R's start to R's stop, and the rounds that it took. */
export function glmAtItsStop(outcome: Values, predictors: Predictors): { terms: GlmTerm[]; iterations: number } {
  const { y, columns, terms } = completeRowsOf('glmAtItsStop', outcome, predictors);
  const named = Object.fromEntries(columns.map((column, j) => [terms[j + 1] ?? '', column]));
  const people = [...y.keys()];
  const devianceOf = (fitted: readonly number[]) =>
    -2 * sum(y.map((value, i) => Math.log(value === 1 ? (fitted[i] ?? 0) : 1 - (fitted[i] ?? 0))));
  let fitted = y.map((value) => (value + 0.5) / 2);
  let logits = fitted.map((p) => Math.log(p / (1 - p)));
  let before = devianceOf(fitted);
  for (let iterations = 1; iterations <= 25; iterations += 1) {
    const weights = fitted.map((p) => p * (1 - p));
    const working = logits.map((logit, i) => logit + ((y[i] ?? 0) - (fitted[i] ?? 0)) / (weights[i] ?? 1));
    const { fit } = leastSquares(working, named, people, weights);
    if (fit === null) break;
    const { coefficients, back, scale } = fit;
    logits = people.map((i) =>
      columns.reduce((total, column, j) => total + (coefficients[j + 1] ?? 0) * (column[i] ?? 0), coefficients[0] ?? 0),
    );
    fitted = logits.map((logit) => 1 / (1 + Math.exp(-logit)));
    const deviance = devianceOf(fitted);
    if (Math.abs(deviance - before) / (Math.abs(deviance) + 0.1) < 1e-8) {
      const found = terms.map((term, j) => {
        const est = coefficients[j] ?? Number.NaN;
        const se = Math.sqrt(sum((back[j] ?? []).map((value) => value * value)) / scale);
        return { term, est, se, z: est / se, p: 2 * normalTails(-Math.abs(est / se)).lower };
      });
      return { terms: found, iterations };
    }
    before = deviance;
  }
  throw new RangeError('glm does not settle on these data');
}
