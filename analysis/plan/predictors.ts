/** Predictors of a regression: columns of numbers, and labels turned into zeros and ones. Used by the definitions in this folder. */
import { z } from 'zod';
import type { Values } from '../descriptives.ts';
import type { Predictors } from '../linear-model.ts';
import type { CellValue, SectionEstimate, Table } from '../result.ts';
import { named } from './analysis.ts';
import type { Dataset } from './dataset.ts';
import { labelsOf } from './grouping.ts';
import { across, categories, numericColumn } from './options.ts';
import { figure, table, text } from './tables.ts';

/** The options `predictors` and `factors`, to be spread into a schema. */
export function predictorOptions() {
  return {
    predictors: z.array(numericColumn()).default([]).describe('columns of numbers'),
    factors: z
      .array(categories(200))
      .default([])
      .describe('columns of labels, at most 200 in each; the first label in order is the reference'),
  };
}

/** A check for `z.strictObject({ outcome, ...predictorOptions() }).check(predictorsAreClear())`: each column stands once. */
export function predictorsAreClear() {
  return across<{
    readonly outcome: string;
    readonly predictors: readonly string[];
    readonly factors: readonly string[];
  }>(['outcome', 'predictors', 'factors'], ({ outcome, predictors, factors }) => {
    const before = new Set<string>();
    const issuesOf = (option: string, names: readonly string[]) =>
      names.flatMap((name, at) => {
        const path = [option, at];
        if (name === outcome)
          return [{ path, message: `${name} is the outcome, and cannot be a predictor of itself.` }];
        if (before.has(name)) return [{ path, message: `${name} stands twice among the predictors and factors.` }];
        before.add(name);
        return [];
      });
    return [...issuesOf('predictors', predictors), ...issuesOf('factors', factors)];
  });
}

/**
 * The columns of the predictors by name: numbers as they are, and for each label of a factor but the first a column of zeros
 * and ones, named like `phase=secondary`.
 *
 * @example
 * predictorsOf(datasetOf({ x: [1, 2, 3], g: ['a', 'b', null] }), { predictors: ['x'], factors: ['g'] }) // => { x: [1, 2, 3], 'g=b': [0, 1, null] }
 */
export function predictorsOf(
  data: Dataset,
  { predictors, factors }: { readonly predictors: readonly string[]; readonly factors: readonly string[] },
): Predictors {
  const numbers = predictors.map((name): [string, Values] => [name, data.numeric(name)]);
  const dummies = factors.flatMap((name) => {
    const cells = data.column(name);
    const [, ...others] = labelsOf(cells);
    return others.map((other): [string, Values] => [
      `${name}=${other}`,
      cells.map((cell) => (cell === null ? null : cell === other ? 1 : 0)),
    ]);
  });
  return Object.fromEntries([...numbers, ...dummies]);
}

export interface TestedCoefficient {
  readonly term: string;
  readonly estimate: number;
  readonly standardError: number;
  readonly statistic: number;
  readonly p: number;
}

/**
 * Coefficients as a table.
 *
 * @param statistic what the statistic is called, `t` or `z`
 * @example
 * coefficientTable([{ term: 'x', estimate: 1, standardError: 2, statistic: 0.5, p: 0.6 }], 't').rows // => [['x', 1, 2, 0.5, 0.6]]
 */
export function coefficientTable(coefficients: readonly TestedCoefficient[], statistic: string): Table {
  return table(
    'coefficients',
    'Coefficients',
    [
      text('term', 'Term'),
      figure('estimate', 'Estimate'),
      figure('se', 'Standard error'),
      figure('statistic', statistic),
      figure('p', 'p', 4),
    ],
    coefficients.map(({ term, estimate, standardError, statistic: value, p }): CellValue[] => [
      term,
      estimate,
      standardError,
      value,
      p,
    ]),
  );
}

/**
 * Coefficients as estimates with their intervals: the estimate and `reach` standard errors on either side.
 *
 * @example
 * coefficientEstimates([{ term: 'x', estimate: 1, standardError: 2, statistic: 0.5, p: 0.6 }], { n: 9, method: 'm', level: 0.95, reach: 2 })[0].estimate.interval.lower // => -3
 */
export function coefficientEstimates(
  coefficients: readonly TestedCoefficient[],
  {
    n,
    method,
    level,
    reach,
  }: { readonly n: number; readonly method: string; readonly level: number; readonly reach: number },
): SectionEstimate[] {
  return coefficients.map(({ term, estimate, standardError }, at) => {
    const [lower, upper] = [estimate - reach * standardError, estimate + reach * standardError];
    const known = Number.isFinite(lower) && Number.isFinite(upper);
    return named(`b${at}`, term, {
      value: estimate,
      n,
      interval: known ? { lower, upper, level } : null,
      method,
      notes: [],
    });
  });
}
