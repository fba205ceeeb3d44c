/**
 * The random-intercept model without predictors, where everything is in closed form but one root. Called by the
 * reliability of group means; with predictors see random-intercept.ts.
 */
import type { Values } from './descriptives.ts';
import { filledGroups, type GroupMoments, momentsOfLists } from './group-moments.ts';
import { brentRoot } from './numeric/root.ts';
import { sum } from './numeric/sums.ts';
import type { Note } from './result.ts';

export interface GroupVariance {
  /** Variance between groups, and within them; null when the data cannot say. */
  readonly between: number | null;
  readonly within: number | null;
  /** Share of the variance that lies between groups. */
  readonly icc: number | null;
  /** Mean over groups, weighted by what each tells, with its standard error. */
  readonly mean: number | null;
  readonly standardError: number | null;
  readonly notes: readonly Note[];
}

/**
 * How much do groups differ beyond chance? Fits value = mean + group + residual by restricted (`reml`) or full (`ml`)
 * maximum likelihood. With r = between / within, a group of n has weight w = n / (1 + n r), and r is the root of the slope
 * of the deviance (N or N - 1) log(SSW + Σ w (mean - centre)²) + Σ log(1 + n r), with log Σ w added for `reml`. Assumes
 * independent groups, and normal groups and residuals with one variance each. Missing values are left out.
 *
 * Notes: `too-few-groups`, `too-few-values`, `no-variance` instead of values; `singular` beside between = 0.
 *
 * Reference: Harville (1977), Journal of the American Statistical Association 72, 320-338. Agrees with R's lme4 to 1e-6.
 *
 * @param values the values of each group, or what one pass over a column of all groups gives (`groupMoments`)
 * @throws RangeError for NaN or an infinite value
 * @example
 * groupVariance([[1, 3], [5, 7]], 'reml').within // => 2
 */
export function groupVariance(values: readonly Values[] | GroupMoments, method: 'reml' | 'ml'): GroupVariance {
  const groups = filledGroups('sizes' in values ? values : momentsOfLists(values));
  const n = sum(groups.sizes);
  const inside = sum(groups.squares);
  const none = (code: string, text: string): GroupVariance => ({
    between: null,
    within: null,
    icc: null,
    mean: null,
    standardError: null,
    notes: [{ code, text }],
  });
  if (groups.sizes.length < 2)
    return none('too-few-groups', 'Fewer than two groups with values, so no variance between them.');
  if (n === groups.sizes.length)
    return none('too-few-values', 'No group has two values, so no variance within groups.');
  if (!(inside > 0)) return none('no-variance', 'Within each group all values are the same, so no model.');
  const df = method === 'reml' ? n - 1 : n;
  const slope = (ratio: number) => {
    const { weights, centre, residual } = fitAt(groups, inside, ratio);
    const ofResidual = -sum(weights.map((weight, g) => (weight * ((groups.means[g] ?? 0) - centre)) ** 2));
    const ofWeights = -sum(weights.map((weight) => weight * weight)) / sum(weights);
    return (df * ofResidual) / residual + sum(weights) + (method === 'reml' ? ofWeights : 0);
  };
  const singular = slope(0) >= 0;
  let high = 1;
  while (!singular && high < 1e8 && slope(high) < 0) high *= 4;
  const ratio = singular ? 0 : brentRoot(slope, 0, high);
  const { weights, centre, residual } = fitAt(groups, inside, ratio);
  const within = residual / df;
  const text = 'The groups differ no more than chance allows: their variance is estimated as 0.';
  return {
    between: ratio * within,
    within,
    icc: ratio / (1 + ratio),
    mean: centre,
    standardError: Math.sqrt(within / sum(weights)),
    notes: singular ? [{ code: 'singular', text }] : [],
  };
}

function fitAt({ sizes, means }: GroupMoments, inside: number, ratio: number) {
  const weights = sizes.map((size) => size / (1 + size * ratio));
  const centre = sum(weights.map((weight, g) => weight * (means[g] ?? 0))) / sum(weights);
  const residual = inside + sum(weights.map((weight, g) => weight * ((means[g] ?? 0) - centre) ** 2));
  return { weights, centre, residual };
}
