/** Difference-in-differences: did one arm change more than the other? Called by plans, on matched data with its weights. */
import { type ClusterRobustModel, type ClusterRobustOptions, clusterRobustModel } from './cluster-robust.ts';
import type { Values } from './descriptives.ts';
import type { Note } from './result.ts';

/** One label for each unit: units of one label may be alike. */
export type ClusterLabels = readonly (string | number | null)[];

/**
 * Difference-in-differences by least squares on two rows a unit: outcome = treated + after + treated x after. The last
 * coefficient (`treated:after`) is the change of the treated minus that of the controls. It is the effect if both arms
 * would have changed alike without the treatment. Errors are robust for clusters: the unit itself where no others are
 * given, the pair of a matching, or the school or district. Units with a gap before, after or in the arm are left out, so
 * that both means are of the same units; as are those of weight 0.
 *
 * Notes and null as `clusterRobustModel`.
 *
 * Reference: Angrist and Pischke (2009), Mostly Harmless Econometrics, chapter 5. Agrees with R's `lm` and clubSandwich to
 * 1e-9.
 *
 * @param treated 1 for treated units, 0 for controls
 * @throws RangeError for columns of unequal length, an arm other than 0, 1 and null, and as `clusterRobustModel`
 * @example
 * differenceInDifferences([1, 2, 1, 3], [4, 6, 2, 5], [1, 1, 0, 0]).model.coefficients[3].estimate // => 2
 */
export function differenceInDifferences(
  before: Values,
  after: Values,
  treated: Values,
  options: ClusterRobustOptions & { readonly clusters?: ClusterLabels } = {},
): { model: ClusterRobustModel | null; notes: readonly Note[] } {
  const { clusters = [...before.keys()], weights, ...rest } = options;
  const columns = [after, treated, clusters, ...(weights ? [weights] : [])];
  if (columns.some((column) => column.length !== before.length)) {
    throw new RangeError('differenceInDifferences requires columns of one length');
  }
  if (treated.some((arm) => arm !== null && arm !== 0 && arm !== 1)) {
    throw new RangeError('differenceInDifferences requires arms of 0 and 1');
  }
  const both = [...before.keys()].filter((unit) =>
    [before, after, treated].every((column) => (column[unit] ?? null) !== null),
  );
  const twice = <Value>(column: readonly (Value | null)[]) => {
    const kept = both.map((unit) => column[unit] ?? null);
    return [...kept, ...kept];
  };
  const outcome = [...both.map((unit) => before[unit] ?? null), ...both.map((unit) => after[unit] ?? null)];
  const arm = twice(treated);
  const time = outcome.map((_, row) => Number(row >= both.length));
  const interaction = arm.map((value, row) => (value === null ? null : value * (time[row] ?? 0)));
  return clusterRobustModel(
    outcome,
    { treated: arm, after: time, 'treated:after': interaction },
    twice(clusters),
    weights ? { ...rest, weights: twice(weights) } : rest,
  );
}
