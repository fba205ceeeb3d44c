/** Declared confirmatory factor analysis. Listed in all.ts. */

import { z } from 'zod';
import { counted } from '../../instruments/zod-words.ts';
import { confirmatoryFactorAnalysis, type FactorParameter, type FactorSolution } from '../cfa.ts';
import type { Values } from '../descriptives.ts';
import { modificationIndices } from '../modification-indices.ts';
import { partOf } from '../progress.ts';
import type { CellValue, ChartSpec, Estimate, Table } from '../result.ts';
import { declareAnalysis, named, withoutFigure } from './analysis.ts';
import { estimateChart } from './charts.ts';
import { modelFrom, modelIsClear, modelOptions } from './factor-model-options.ts';
import { figure, figureTable, table, text } from './tables.ts';

export const factorAnalysis = declareAnalysis({
  name: 'confirmatory-factor-analysis',
  sizes: 'ordinary',
  title: 'Confirmatory factor analysis',
  question: 'Do these factors account for what the items have in common, and how does each item go with its factor?',
  options: z
    .strictObject({
      ...modelOptions(),
      standardisedLatent: z.boolean().default(false).describe('factors of variance 1 in place of first loadings of 1'),
    })
    .check(modelIsClear()),
  run(data, choice, onShare) {
    const { text: model, columns, options } = modelFrom(data, choice);
    const fitted = { ...options, standardisedLatent: choice.standardisedLatent };
    const { solution, notes } = confirmatoryFactorAnalysis(model, columns, {
      ...fitted,
      onShare: partOf(onShare, 0, 0.5),
    });
    const said = `${counted(choice.factors.length, 'factor')} of ${Object.keys(columns).length} items, by maximum likelihood.`;
    if (solution === null) {
      return withoutFigure(
        said,
        'cfi',
        'CFI',
        completeOrAny(columns, choice.missing),
        'Against unrelated items',
        notes,
      );
    }
    const lacks = modificationIndices(model, columns, { ...fitted, onShare: partOf(onShare, 0.5, 1) });
    return {
      text: said,
      estimates: fitEstimates(solution),
      charts: loadingChart(solution),
      tables: [
        fitTable(solution),
        parameterTable('loadings', 'Loadings', solution, ({ operator }) => operator === '=~'),
        parameterTable('variances', 'Variances and covariances', solution, ({ operator }) => operator === '~~'),
        table(
          'modifications',
          'What the model leaves out',
          [
            text('parameter', 'Parameter'),
            figure('index', 'Fall of chi-square'),
            figure('change', 'Standardised value'),
          ],
          lacks.indices
            .slice(0, 10)
            .map(({ left, operator, right, index, standardisedChange }) => [
              `${left} ${operator} ${right}`,
              index,
              standardisedChange,
            ]),
          lacks.notes.filter(({ code }) => code === 'saturated'),
        ),
      ],
      notes,
    };
  },
});

/** Rows that the model could have been fitted to. */
function completeOrAny(columns: Readonly<Record<string, Values>>, missing: 'listwise' | 'full-information'): number {
  const [first = [], ...others] = Object.values(columns);
  const all = [first, ...others];
  const usable = (row: number) =>
    missing === 'listwise' ? all.every((each) => each[row] !== null) : all.some((each) => each[row] !== null);
  return first.reduce<number>((n, _, row) => n + Number(usable(row)), 0);
}

function loadingChart({ parameters, measures }: FactorSolution): ChartSpec[] {
  const loadings = parameters.filter(({ operator }) => operator === '=~');
  const rows = loadings.map(({ left, right, standardised }, at) =>
    named(`l${at + 1}`, `${right} on ${left}`, {
      value: Number.isFinite(standardised) ? standardised : null,
      n: measures.n,
      interval: null,
      method: 'Standardised loading',
      notes: [],
    }),
  );
  return estimateChart('Standardised loadings', 'Loading', rows, 'loadings', { value: 0, label: 'No loading' });
}

function fitEstimates({ measures }: FactorSolution) {
  const { n, rmsea } = measures;
  const plain = (value: number, method: string): Estimate => ({ value, n, interval: null, method, notes: [] });
  return [
    named('cfi', 'CFI', plain(measures.cfi, 'Against unrelated items')),
    named('tli', 'TLI', plain(measures.tli, 'Against unrelated items')),
    named('rmsea', 'RMSEA', {
      ...plain(rmsea.value, 'Noncentral chi-square'),
      interval: { lower: rmsea.lower, upper: rmsea.upper, level: rmsea.level },
    }),
    named('srmr', 'SRMR', plain(measures.srmr, 'Standardised residuals (Bentler)')),
  ];
}

function fitTable({ measures }: FactorSolution): Table {
  const { scaled, robust, baseline } = measures;
  return figureTable('fit', 'Fit', [
    ['n', measures.n],
    ['Parameters', measures.parameters],
    ['Chi-square', measures.chiSquare],
    ['Degrees of freedom', measures.degreesOfFreedom],
    ['p', measures.p],
    ['Chi-square of unrelated items', baseline.chiSquare],
    ['p of RMSEA at most 0.05', measures.rmsea.closeFit],
    ['Log-likelihood', measures.logLikelihood],
    ['AIC', measures.aic],
    ['BIC', measures.bic],
    ...(scaled
      ? ([
          ['Scaled chi-square', scaled.chiSquare],
          ['Scaling factor', scaled.scalingFactor],
          ['Scaled p', scaled.p],
        ] as const)
      : []),
    ...(robust
      ? ([
          ['Robust CFI', robust.cfi],
          ['Robust TLI', robust.tli],
          ['Robust RMSEA', robust.rmsea],
        ] as const)
      : []),
  ]);
}

function parameterTable(
  id: string,
  title: string,
  { parameters }: FactorSolution,
  chosen: (parameter: FactorParameter) => boolean,
): Table {
  return table(
    id,
    title,
    [
      text('parameter', 'Parameter'),
      figure('estimate', 'Estimate'),
      figure('se', 'Standard error'),
      figure('lower', 'Lower'),
      figure('upper', 'Upper'),
      figure('p', 'p', 4),
      figure('standardised', 'Standardised'),
    ],
    parameters
      .filter(chosen)
      .map(({ left, operator, right, estimate, standardError, lower, upper, p, standardised }): CellValue[] => [
        `${left} ${operator} ${right}`,
        estimate,
        standardError,
        lower,
        upper,
        p,
        standardised,
      ]),
  );
}
