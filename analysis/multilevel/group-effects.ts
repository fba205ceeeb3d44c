/**
 * How far each group lies from what the predictors say: the best linear unbiased prediction, drawn towards zero by as much
 * as the group is small. Called by mixed-model.ts.
 */
import { multiply, multiplyVector, transpose } from '../numeric/matrix.ts';
import type { Solution } from './deviance.ts';
import { groupSums } from './nested-intercepts.ts';
import { covarianceOf, type SlopeStructure, shrinkage } from './random-slopes.ts';
import type { MixedRows } from './rows.ts';

export interface GroupEffect {
  readonly group: string;
  /** The intercept's, and those of the slopes in their order. */
  readonly effects: readonly number[];
  /** Given the variances and the coefficients, in the same order. */
  readonly standardErrors: readonly number[];
}

export interface LevelEffects {
  readonly name: string;
  readonly groups: readonly GroupEffect[];
}

type Solved = Pick<Solution, 'coefficients' | 'residual' | 'df'>;

/**
 * Predictions for one or two levels of intercepts, innermost level first. What an outer group shows is taken from its inner
 * ones, each shrunk; what is left belongs to the inner ones.
 *
 * Reference: Robinson (1991), Statistical Science 6, 15-32.
 *
 * @example
 * interceptEffects(
 *   mixedRows([1, 3, 5, 7], {}, [{ name: 'school', groups: ['a', 'a', 'b', 'b'] }]), [3.5],
 *   { coefficients: [0], residual: 6, df: 3 },
 * )[0].groups[1].effects // => [1.75]
 */
export function interceptEffects(rows: MixedRows, relative: readonly number[], solution: Solved): LevelEffects[] {
  const { width, sums, count } = groupSums(rows);
  const [inner, outer] = rows.groupings;
  const variance = solution.residual / solution.df;
  const toResidual = [...solution.coefficients.map((value) => -value), 1];
  const [r = 0, q = 0] = relative;
  const groups = Array.from({ length: count }, (_, group) => {
    let residual = 0;
    for (let i = 0; i < width; i += 1) residual += (toResidual[i] ?? 0) * (sums[group * width + i] ?? 0);
    const n = sums[group * width] ?? 0;
    return { n, residual, share: 1 / (1 + n * r) };
  });
  const outerTotals = (outer?.labels ?? []).map(() => ({ worth: 0, residual: 0 }));
  for (const [group, { n, residual, share }] of groups.entries()) {
    const total = outerTotals[inner?.parents[group] ?? -1];
    if (!total) continue;
    total.worth += n * share;
    total.residual += residual * share;
  }
  const outerEffects = outerTotals.map(({ worth, residual }, group) => {
    const shrunk = q / (1 + worth * q);
    return effectOf(outer?.labels[group] ?? '', shrunk * residual, variance * shrunk);
  });
  const innerEffects = groups.map(({ n, residual, share }, group) => {
    const around = outerEffects[inner?.parents[group] ?? -1];
    const effect = r * share * (residual - n * (around?.effects[0] ?? 0));
    const ofAround = (n * r * share * (around?.standardErrors[0] ?? 0)) ** 2;
    return effectOf(inner?.labels[group] ?? '', effect, variance * r * share + ofAround);
  });
  const levels = [{ name: inner?.name ?? '', groups: innerEffects }];
  return outer ? [...levels, { name: outer.name, groups: outerEffects }] : levels;
}

function effectOf(group: string, effect: number, variance: number): GroupEffect {
  return { group, effects: [effect], standardErrors: [Math.sqrt(variance)] };
}

/**
 * Predictions for one level with slopes: D Z'V⁻¹ residual, with D the relative covariance of the effects. They are made for
 * the standardised predictors, and given back for the predictors as they are.
 *
 * @example
 * slopeEffects(
 *   { given: [[1]], groups: [{ own: [[2]], with: [[2], [4]] }] }, { name: 'school', labels: ['a'] }, [1],
 *   { coefficients: [0], residual: 3, df: 1 },
 * ).groups[0].effects // => [4 / 3]
 */
export function slopeEffects(
  structure: Pick<SlopeStructure, 'groups' | 'given'>,
  grouping: { readonly name: string; readonly labels: readonly string[] },
  relative: readonly number[],
  solution: Solved,
): LevelEffects {
  const variance = solution.residual / solution.df;
  const toResidual = [...solution.coefficients.map((value) => -value), 1];
  const groups = structure.groups.map((group, place) => {
    const covariance = covarianceOf(relative, group.own.length);
    const { shrunk } = shrinkage(group, covariance);
    const residual = multiplyVector(transpose(multiply(group.with, shrunk)), toResidual);
    const known = multiply(multiply(multiply(covariance, group.own), shrunk), covariance);
    const unknown = covariance.map((line, i) => line.map((value, j) => value - (known[i]?.[j] ?? 0)));
    const spread = multiply(multiply(structure.given, unknown), transpose(structure.given));
    return {
      group: grouping.labels[place] ?? '',
      effects: multiplyVector(structure.given, multiplyVector(covariance, residual)),
      standardErrors: spread.map((line, i) => Math.sqrt(variance * Math.max(0, line[i] ?? 0))),
    };
  });
  return { name: grouping.name, groups };
}
