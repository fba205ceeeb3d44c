/** Coefficients that have degrees of freedom of their own, and tests of factors as a whole. Used by the models of people in groups in this folder. */
import { z } from 'zod';
import type { TestedCoefficient } from '../instrumental.ts';
import type { MixedCoefficient } from '../mixed-model.ts';
import type { CellValue, Estimate, Table } from '../result.ts';
import type { Dataset } from './dataset.ts';
import { predictorsOf } from './predictors.ts';
import { count, figure, table, text } from './tables.ts';

export const robustType = () =>
  z.enum(['CR0', 'CR1', 'CR1p', 'CR1S', 'CR2', 'CR3']).default('CR2').describe('CR2 for few clusters, CR1S as Stata');

/** Of any model: with a test, or without where there is none. */
type Coefficient = MixedCoefficient | TestedCoefficient;

/** Coefficients with their own degrees of freedom. */
export function coefficientsTable(
  coefficients: readonly Coefficient[],
  title = 'Coefficients',
  id = 'coefficients',
): Table {
  return table(
    id,
    title,
    [
      text('term', 'Term'),
      figure('estimate', 'Estimate'),
      figure('se', 'Standard error'),
      figure('lower', 'Lower'),
      figure('upper', 'Upper'),
      figure('t', 't'),
      figure('df', 'df', 1),
      figure('p', 'p', 4),
    ],
    coefficients.map(({ term, estimate, standardError, interval, t, df, p }): CellValue[] =>
      [term, estimate, standardError, interval?.lower ?? null, interval?.upper ?? null, t, df, p].map((cell) =>
        typeof cell === 'number' && !Number.isFinite(cell) ? null : cell,
      ),
    ),
  );
}

export function estimateOf({ estimate, interval }: Coefficient, n: number, method: string): Estimate {
  return { value: estimate, n, interval: Number.isFinite(interval?.lower) ? interval : null, method, notes: [] };
}

interface TermTest {
  readonly f: number;
  readonly df1: number;
  readonly df2: number;
  readonly p: number | null;
}

/** Factors of three labels or more have several coefficients, which are tested together. */
export function factorTests(
  data: Dataset,
  factors: readonly string[],
  testOf: (terms: readonly string[]) => TermTest | null | undefined,
): Table[] {
  const tested = factors.flatMap((factor) => {
    const terms = Object.keys(predictorsOf(data, { predictors: [], factors: [factor] }));
    const test = terms.length > 1 ? testOf(terms) : null;
    return test ? [[factor, test.f, test.df1, test.df2, test.p]] : [];
  });
  const columns = [
    text('term', 'Term'),
    figure('f', 'F'),
    count('df1', 'df'),
    figure('df2', 'df within', 1),
    figure('p', 'p', 4),
  ];
  return tested.length > 0 ? [table('factors', 'Factors as a whole', columns, tested)] : [];
}
