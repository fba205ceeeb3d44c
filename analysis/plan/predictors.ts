/** Predictors of a regression: columns of numbers, and labels turned into zeros and ones. Used by the definitions in this folder. */
import { z } from 'zod';
import type { Values } from '../descriptives.ts';
import type { Predictors } from '../linear-model.ts';
import type { CellValue, Table } from '../result.ts';
import type { Dataset } from './dataset.ts';
import { labelsOf } from './grouping.ts';
import { column, numericColumn } from './options.ts';
import { figure, table, text } from './tables.ts';

/** The options `predictors` and `factors`, to be spread into a schema. */
export function predictorOptions() {
  return {
    predictors: z.array(numericColumn()).default([]).describe('columns of numbers'),
    factors: z.array(column()).default([]).describe('columns of labels; the first label in order is the reference'),
  };
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
