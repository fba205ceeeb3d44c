/** Who was lost from a trial: attrition by arm, and what it goes with. Called by plans. */

import type { Values } from './descriptives.ts';
import type { Predictors } from './linear-model.ts';
import { type LogisticModel, logisticModel } from './logistic-model.ts';
import { type ShareDone, untold } from './progress.ts';
import { type ProportionDifference, proportionDifference } from './proportion-intervals.ts';
import { wilsonInterval } from './proportions.ts';
import type { Estimate, Note } from './result.ts';

export interface Attrition {
  /** Shares of people without an outcome, with Wilson's interval. */
  readonly overall: Estimate;
  readonly intervention: Estimate;
  readonly comparison: Estimate;
  /** Intervention minus comparison, with Newcombe's interval and tests. */
  readonly differential: ProportionDifference;
  /** Odds of being lost by arm (the first term after the intercept) and the predictors; null where the data cannot say. */
  readonly model: LogisticModel | null;
  /** What the arm is called in the model: `arm`, or `trial arm` where a predictor has that name. */
  readonly armTerm: string;
  readonly notes: readonly Note[];
}

/**
 * Attrition: what share of each arm has no outcome, and with what does being lost go? An effect is in doubt when many are
 * lost, and more so when one arm loses more or others than the other. Intervals and tests take people as independent; in a
 * trial of clusters they are too narrow. People without an arm are left out; those with a gap in a predictor only from the
 * model. Notes of the model as `logisticModel`.
 *
 * Reference: What Works Clearinghouse (2022), Procedures and Standards Handbook, version 5.0, chapter 2, for what overall
 * and differential attrition are held against. Agrees with R's `glm` to 1e-8 and `chisq.test` to 1e-12.
 *
 * @param outcome the outcome, null where it was lost
 * @param arm 1 in the intervention, 0 in the comparison
 * @throws RangeError for columns of unequal length or an arm other than 0, 1 and null
 * @example
 * attrition([5, null, 4, 6], [1, 1, 0, 0]).differential.difference.value // => 0.5
 */
export function attrition(
  outcome: Values,
  arm: Values,
  predictors: Predictors = {},
  level = 0.95,
  onShare: ShareDone = untold,
): Attrition {
  if (outcome.length !== arm.length) throw new RangeError('attrition requires columns of one length');
  if (arm.some((value) => value !== null && value !== 0 && value !== 1)) {
    throw new RangeError('attrition requires arms of 0 and 1');
  }
  const lost = outcome.map((value, row) => ((arm[row] ?? null) === null ? null : value === null ? 1 : 0));
  const counts = (of: 0 | 1) => {
    const members = lost.filter((_, row) => arm[row] === of);
    return { lost: members.filter((value) => value === 1).length, n: members.length };
  };
  const [intervention, comparison] = [counts(1), counts(0)];
  let armTerm = 'arm';
  while (Object.hasOwn(predictors, armTerm)) armTerm = `trial ${armTerm}`;
  const { model, notes } = logisticModel(lost, { [armTerm]: arm, ...predictors }, onShare);
  return {
    overall: wilsonInterval(intervention.lost + comparison.lost, intervention.n + comparison.n, level),
    intervention: wilsonInterval(intervention.lost, intervention.n, level),
    comparison: wilsonInterval(comparison.lost, comparison.n, level),
    differential: proportionDifference(intervention.lost, intervention.n, comparison.lost, comparison.n, level),
    model,
    armTerm,
    notes,
  };
}
