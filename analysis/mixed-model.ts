/**
 * Mixed models of people in groups, and of groups in groups: effects of predictors with errors that know of the groups, and
 * how much the groups differ. Called by plans; its steps are in multilevel/.
 */

import { backTransformed } from './cluster-robust.ts';
import { twoSided } from './compare.ts';
import type { Values } from './descriptives.ts';
import type { Predictors } from './linear-model.ts';
import { type VarianceComponent, varianceComponents } from './multilevel/components.ts';
import { containmentDegrees } from './multilevel/containment.ts';
import { type DegreesOf, jointTest, satterthwaiteDegrees, type TermTest } from './multilevel/degrees.ts';
import type { Method } from './multilevel/deviance.ts';
import { fittedModel } from './multilevel/fitted.ts';
import { interceptEffects, type LevelEffects, slopeEffects } from './multilevel/group-effects.ts';
import { kenwardRoger } from './multilevel/kenward-roger.ts';
import { inGivenUnits } from './multilevel/random-slopes.ts';
import type { Level } from './multilevel/rows.ts';
import type { Matrix } from './numeric/matrix.ts';
import { studentTQuantile } from './numeric/student-t.ts';
import { partOf, type ShareDone, searchSteps, untold } from './progress.ts';
import type { Note } from './result.ts';

/** Of the whole time the search takes about this share; the rest is degrees of freedom. Most searches take so many steps. */
const searchShare = 0.9;
const usualSteps = 4;

export interface MixedOptions {
  /** Restricted likelihood, the default, for variances and errors; full likelihood to compare models by their deviance. */
  readonly method?: Method;
  /** Predictors whose effect differs between groups; with one level of groups only. */
  readonly slopes?: readonly string[];
  /** How well variances are known: Satterthwaite's, Kenward and Roger's for few groups (with enlarged errors), or counted. */
  readonly degrees?: 'satterthwaite' | 'kenward-roger' | 'containment';
  readonly level?: number;
  readonly onShare?: ShareDone;
}

export interface MixedCoefficient {
  readonly term: string;
  readonly estimate: number;
  readonly standardError: number;
  readonly t: number;
  readonly df: number;
  readonly p: number;
  readonly interval: { readonly lower: number; readonly upper: number; readonly level: number };
}

export interface MixedModel {
  readonly method: Method;
  /** The intercept first. */
  readonly coefficients: readonly MixedCoefficient[];
  readonly covariance: Matrix;
  /** Variances and covariances of the groups' effects, innermost level first, and last the residual. */
  readonly components: readonly VarianceComponent[];
  /** Standard deviations of the groups over the residual one; with slopes, the Cholesky factor by columns. */
  readonly theta: readonly number[];
  readonly residualSd: number;
  readonly logLikelihood: number;
  /** -2 log-likelihood, restricted for `reml`. */
  readonly deviance: number;
  /** Coefficients, variances and covariances. */
  readonly parameters: number;
  readonly aic: number;
  readonly bic: number;
  readonly n: number;
  /** Number of groups of each level, innermost first. */
  readonly groups: readonly { readonly name: string; readonly count: number }[];
  readonly groupEffects: readonly LevelEffects[];
  readonly iterations: number;
  /** F test of some coefficients at once, by their names. Null when it is not known or nothing is left to test. */
  readonly testOf: (terms: readonly string[]) => TermTest | null;
}

/**
 * Linear mixed model with random intercepts of one or two nested levels, or with intercepts and slopes of one level: how
 * does the outcome go with the predictors, when people of one group are alike? Outcome = predictors + group (+ slope ×
 * predictor) + residual. Assumes normal residuals and group effects with one variance each, and groups unrelated to the
 * predictors. Rows with a gap are left out, which is right when gaps depend on the predictors only.
 *
 * Null with a note: `too-few-groups` (fewer than two at a level), `too-few-values` (not more rows than coefficients and
 * groups), `no-variance`, `collinear`. Notes beside a model: `singular` when a group variance is estimated as zero or a
 * correlation as one; `not-converged`.
 *
 * References: Laird and Ware (1982), Biometrics 38, 963-974; Bates, Mächler, Bolker and Walker (2015), Journal of
 * Statistical Software 67(1). Agrees with R's lme4 to 1e-7, its degrees of freedom with lmerTest's to 1e-5.
 *
 * @param levels outermost first, like `[{ name: 'cluster', groups }, { name: 'school', groups }]`
 * @throws RangeError for columns of unequal length, no level or more than two, an unknown slope, slopes with two levels
 * @example
 * mixedModel([1, 3, 5, 7], {}, [{ name: 'school', groups: ['a', 'a', 'b', 'b'] }]).model.coefficients[0].estimate // => 4
 */
export function mixedModel(
  outcome: Values,
  predictors: Predictors,
  levels: readonly Level[],
  { method = 'reml', slopes = [], degrees = 'satterthwaite', level = 0.95, onShare = untold }: MixedOptions = {},
): { model: MixedModel | null; notes: readonly Note[] } {
  if (!(level > 0 && level < 1)) throw new RangeError('mixedModel requires a level between 0 and 1');
  const { fitted, notes } = fittedModel(
    outcome,
    predictors,
    levels,
    method,
    slopes,
    searchSteps(partOf(onShare, 0, searchShare), usualSteps),
  );
  if (fitted === null) return { model: null, notes };
  onShare(searchShare);
  const { rows, structure, withSlopes, fit, back } = fitted;
  const { solution } = fit.point;
  const relative = structure.relative(fit.theta);
  const given = withSlopes ? inGivenUnits(withSlopes, fit.theta) : { theta: fit.theta, relative };
  const adjusted = degrees === 'kenward-roger' ? kenwardRoger(rows.n, relative, solution) : null;
  const variance = solution.residual / solution.df;
  const centred = adjusted?.covariance ?? solution.inverse.map((line) => line.map((value) => value * variance));
  const counted = degrees === 'containment' ? containmentDegrees(rows) : null;
  const degreesOf = adjusted?.degreesOf ?? counted ?? satterthwaiteDegrees(structure, fit);
  const terms = ['(Intercept)', ...Object.keys(predictors)];
  const covariance = backTransformed(back, centred);
  const estimates = back.map((line) => dot(line, solution.coefficients));
  estimates[0] = (estimates[0] ?? 0) + (rows.means.at(-1) ?? 0);
  const parameters = terms.length + fit.theta.length + 1;
  const [grouping] = rows.groupings;
  return {
    model: {
      method,
      coefficients: coefficientsOf(terms, estimates, covariance, back, degreesOf, level),
      covariance,
      components: varianceComponents(rows.groupings, slopes, given.relative, variance),
      theta: given.theta,
      residualSd: Math.sqrt(variance),
      logLikelihood: -solution.deviance / 2,
      deviance: solution.deviance,
      parameters,
      aic: solution.deviance + 2 * parameters,
      bic: solution.deviance + Math.log(rows.n) * parameters,
      n: rows.n,
      groups: rows.groupings.map(({ name, labels }) => ({ name, count: labels.length })),
      groupEffects:
        withSlopes && grouping
          ? [slopeEffects(withSlopes, grouping, relative, solution)]
          : interceptEffects(rows, relative, solution),
      iterations: fit.iterations,
      testOf: (asked) => {
        const contrasts = asked.map((term) => back[terms.indexOf(term)]).filter((line) => line !== undefined);
        if (contrasts.length !== asked.length) return null;
        return jointTest(contrasts, solution.coefficients, centred, degreesOf);
      },
    },
    notes,
  };
}

function coefficientsOf(
  terms: readonly string[],
  estimates: readonly number[],
  covariance: Matrix,
  back: Matrix,
  degreesOf: DegreesOf,
  level: number,
): MixedCoefficient[] {
  return terms.map((term, k) => {
    const estimate = estimates[k] ?? Number.NaN;
    const standardError = Math.sqrt(covariance[k]?.[k] ?? Number.NaN);
    const df = degreesOf(back[k] ?? []);
    const t = estimate / standardError;
    // Counting can leave no degrees of freedom: then there is no test.
    const tested = df > 0 && !Number.isNaN(t);
    const reach = tested ? studentTQuantile((1 + level) / 2, df) * standardError : Number.NaN;
    const interval = { lower: estimate - reach, upper: estimate + reach, level };
    return { term, estimate, standardError, t, df, p: tested ? twoSided(t, df) : Number.NaN, interval };
  });
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((total, value, i) => total + value * (b[i] ?? 0), 0);
}
