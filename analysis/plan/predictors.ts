/** Predictors of a regression: columns of numbers, and labels turned into zeros and ones. Used by the definitions in this folder. */
import { z } from 'zod';
import type { Values } from '../descriptives.ts';
import { noEstimate } from '../estimate.ts';
import type { Predictors } from '../linear-model.ts';
import type { CellValue, Note, SectionEstimate, Table } from '../result.ts';
import { type Findings, named } from './analysis.ts';
import type { Cell, Dataset } from './dataset.ts';
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

/**
 * Findings of a regression that cannot be had: each term without a value, and the notes that tell why.
 *
 * @example
 * withoutCoefficients('Said', ['x'], 9, 'm', [{ code: 'c', text: 't' }]).estimates.map(({ label }) => label) // => ['(Intercept)', 'x']
 */
export function withoutCoefficients(
  said: string,
  predictors: readonly string[],
  n: number,
  method: string,
  notes: readonly Note[],
): Findings {
  const terms = ['(Intercept)', ...predictors];
  return {
    text: said,
    estimates: terms.map((term, at) => named(`b${at}`, term, noEstimate(n, method, ...notes))),
    notes,
  };
}

/**
 * The number of rows in which all of these columns hold a value.
 *
 * @example
 * rowsWith([1, null, 3], ['a', 'b', null]) // => 1
 */
export function rowsWith(...columns: readonly (readonly Cell[])[]): number {
  const [first = [], ...others] = columns;
  return first.reduce<number>(
    (n, cell, row) => n + Number(cell !== null && others.every((other) => (other[row] ?? null) !== null)),
    0,
  );
}
