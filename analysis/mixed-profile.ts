/**
 * Profile intervals of a mixed model: which values of a standard deviation or a coefficient are as likely as the data allow?
 * Called by plan/mixed.ts where the normal interval of a variance will not do, as for few groups.
 */
import type { Values } from './descriptives.ts';
import type { Predictors } from './linear-model.ts';
import { fittedModel } from './multilevel/fitted.ts';
import { fixedCoefficient, fixedGroupSd, fixedResidualSd, type Held } from './multilevel/held.ts';
import type { Level } from './multilevel/rows.ts';
import { chiSquareQuantile } from './numeric/chi-square.ts';
import { brentRoot } from './numeric/root.ts';
import type { Note } from './result.ts';

export interface ProfileInterval {
  /** The name of a level, `Residual`, or a term. */
  readonly name: string;
  readonly kind: 'standard-deviation' | 'coefficient';
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
  readonly level: number;
}

/** How far from the estimate an end is looked for, in standard errors or in the estimate itself. */
const farthest = 1e4;

/**
 * Intervals from the likelihood: a value belongs to the interval when the best fit with it raises the deviance by no more
 * than the quantile of chi-square on one degree of freedom. For random-intercept models by full likelihood. A standard
 * deviation that may be zero has the lower end 0. Null with a note as `mixedModel`.
 *
 * Reference: Bates and others (2015), Journal of Statistical Software 67(1), section 5.1. lme4 interpolates the deviance
 * between some twenty points; ours are its exact values.
 *
 * @param levels outermost first
 * @throws RangeError as `mixedModel`
 * @example
 * profileIntervals([1, 3, 5, 7, 2, 6], {}, [{ name: 'school', groups: ['a', 'a', 'b', 'b', 'c', 'c'] }]).intervals[0].lower // => 0
 */
export function profileIntervals(
  outcome: Values,
  predictors: Predictors,
  levels: readonly Level[],
  level = 0.95,
): { intervals: readonly ProfileInterval[] | null; notes: readonly Note[] } {
  if (!(level > 0 && level < 1)) throw new RangeError('profileIntervals requires a level between 0 and 1');
  const { fitted, notes } = fittedModel(outcome, predictors, levels, 'ml', []);
  if (fitted === null) return { intervals: null, notes };
  const { rows, fit, back } = fitted;
  const { solution } = fit.point;
  const rise = chiSquareQuantile(level, 1);
  const sd = Math.sqrt(solution.residual / solution.df);
  const between = (name: string, kind: ProfileInterval['kind'], held: Held, lowest: number): ProfileInterval => {
    const above = (value: number) => held.deviance(value) - solution.deviance - rise;
    const end = (sign: 1 | -1) => endOf(above, held.estimate, sign * held.step, lowest);
    return { name, kind, estimate: held.estimate, lower: end(-1), upper: end(1), level };
  };
  const terms = ['(Intercept)', ...Object.keys(predictors)];
  return {
    intervals: [
      ...rows.groupings.map(({ name }, at) =>
        between(name, 'standard-deviation', fixedGroupSd(fitted, at, (fit.theta[at] ?? 0) * sd), 0),
      ),
      between('Residual', 'standard-deviation', fixedResidualSd(fitted, sd), 0),
      ...terms.map((term, k) =>
        between(term, 'coefficient', fixedCoefficient(fitted, back[k] ?? [], k === 0), Number.NEGATIVE_INFINITY),
      ),
    ],
    notes,
  };
}

/** Where the function crosses zero on one side of the estimate; `lowest` when it does not before there. */
function endOf(above: (value: number) => number, estimate: number, step: number, lowest: number): number {
  let near = estimate;
  for (let reach = step; Math.abs(reach) < farthest * Math.abs(step); reach *= 2) {
    const far = Math.max(estimate + reach, lowest);
    if (above(far) > 0) return brentRoot(above, Math.min(near, far), Math.max(near, far), { tolerance: 1e-12 });
    if (far === lowest) return lowest;
    near = far;
  }
  return step > 0 ? Number.POSITIVE_INFINITY : lowest;
}
