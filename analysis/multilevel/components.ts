/** The variances and covariances of a mixed model as a table. Called by mixed-model.ts. */
import { covarianceOf } from './random-slopes.ts';

export interface VarianceComponent {
  /** The level, or `Residual`. */
  readonly group: string;
  /** The effect that varies, `(Intercept)` or a predictor; null for the residual. */
  readonly effect: string | null;
  /** The other effect, for a covariance. */
  readonly with: string | null;
  /** Variance, or covariance. */
  readonly variance: number;
  /** Standard deviation, or correlation. */
  readonly sd: number;
}

/**
 * One line for each variance, then one for each covariance of a level; the residual last.
 *
 * @example
 * varianceComponents([{ name: 'school' }], [], [0.5], 8)[0].variance // => 4
 */
export function varianceComponents(
  groupings: readonly { readonly name: string }[],
  slopes: readonly string[],
  relative: readonly number[],
  residual: number,
): VarianceComponent[] {
  const components = slopes.length > 0 ? ofSlopes(groupings[0]?.name ?? '', slopes, relative, residual) : [];
  if (slopes.length === 0) {
    for (const [i, { name }] of groupings.entries()) {
      const variance = (relative[i] ?? 0) * residual;
      components.push({ group: name, effect: '(Intercept)', with: null, variance, sd: Math.sqrt(variance) });
    }
  }
  components.push({ group: 'Residual', effect: null, with: null, variance: residual, sd: Math.sqrt(residual) });
  return components;
}

function ofSlopes(group: string, slopes: readonly string[], relative: readonly number[], residual: number) {
  const effects = ['(Intercept)', ...slopes];
  const covariance = covarianceOf(relative, effects.length).map((line) => line.map((value) => value * residual));
  const at = (i: number, j: number) => covariance[i]?.[j] ?? 0;
  const components: VarianceComponent[] = effects.map((effect, i) => {
    return { group, effect, with: null, variance: at(i, i), sd: Math.sqrt(at(i, i)) };
  });
  for (const [i, effect] of effects.entries()) {
    for (const [j, other] of effects.entries()) {
      if (j <= i) continue;
      const correlation = at(i, j) / Math.sqrt(at(i, i) * at(j, j));
      components.push({ group, effect, with: other, variance: at(i, j), sd: correlation });
    }
  }
  return components;
}
