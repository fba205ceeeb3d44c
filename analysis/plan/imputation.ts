/** The declared regression on imputed data: gaps are filled several times, and the answers pooled. Listed in all.ts. */
import { z } from 'zod';
import { counted } from '../../instruments/zod-words.ts';
import { imputeChained } from '../imputation.ts';
import { linearModel, type Predictors } from '../linear-model.ts';
import { logisticModel } from '../logistic-model.ts';
import { completeCoefficients, type FittedModel, pooledCoefficients } from '../pooling.ts';
import { partOf, turnOf } from '../progress.ts';
import type { CellValue, Note } from '../result.ts';
import { declareAnalysis, named } from './analysis.ts';
import { coefficientChart } from './charts.ts';
import { notZeroOne } from './grouping.ts';
import { across, level, numericColumn, seed } from './options.ts';
import { predictorOptions, predictorsAreClear, predictorsOf, withoutCoefficients } from './predictors.ts';
import { count, figure, table, text } from './tables.ts';

const imputation = declareAnalysis({
  name: 'imputed-regression',
  sizes: 'ordinary',
  title: 'Regression on imputed data',
  question:
    'How does the outcome go with the predictors, had nobody left anything out (multiple imputation, Rubin’s rules)?',
  options: z
    .strictObject({
      outcome: numericColumn(),
      ...predictorOptions(),
      auxiliary: z.array(numericColumn()).default([]).describe('further columns that tell something about the gaps'),
      model: z.enum(['linear', 'logistic']).default('linear'),
      seed: seed().describe('the same seed gives the same figures'),
      imputations: z.int().min(2).max(200).default(20).describe('about one for each percent of rows with a gap'),
      rounds: z.int().min(1).max(200).default(10),
      donors: z.int().min(1).max(50).default(5),
      level: level(),
    })
    .check(predictorsAreClear())
    .check(
      across<{
        outcome: string;
        predictors: readonly string[];
        factors: readonly string[];
        auxiliary: readonly string[];
      }>(['outcome', 'predictors', 'factors', 'auxiliary'], ({ outcome, predictors, factors, auxiliary }) =>
        auxiliary.flatMap((name, at) =>
          [outcome, ...predictors, ...factors].includes(name) || auxiliary.indexOf(name) < at
            ? [{ path: ['auxiliary', at], message: `${name} is in the model already.` }]
            : [],
        ),
      ),
    ),
  check: (data, { outcome, model, factors }) => [
    // A label that is missing would be filled as several columns of 0 and 1 that need not make one label.
    ...factors.flatMap((name, at) => {
      const gap = data.column(name).indexOf(null);
      if (gap < 0) return [];
      return [
        { path: ['factors', at], message: `column ${name}, row ${data.fileRow(gap)}: a factor may have no gaps` },
      ];
    }),
    ...(model === 'logistic' ? notZeroOne(data, outcome, ['outcome']) : []),
  ],
  run(data, options, onShare) {
    const { outcome, imputations, rounds, donors, level: confidence } = options;
    const predictors = predictorsOf(data, options);
    const auxiliary = Object.fromEntries(options.auxiliary.map((name) => [name, data.numeric(name)]));
    const columns: Predictors = { ...auxiliary, ...predictors, [outcome]: data.numeric(outcome) };
    // An auxiliary column without values is left out; the model cannot do without one of its own.
    const empty = [outcome, ...Object.keys(predictors)].filter((name) =>
      columns[name]?.every((value) => value === null),
    );
    if (data.rows > 0 && empty.length > 0)
      return withoutCoefficients(
        `${outcome} has no regression.`,
        Object.keys(predictors),
        data.rows,
        'Rubin’s rules',
        empty.map((name) => ({ code: 'empty-column', text: `${name} has no value at all, so no gap can be filled.` })),
      );
    const filled = imputeChained(columns, {
      seed: options.seed,
      imputations,
      rounds,
      donors,
      onShare: partOf(onShare, 0, 0.9),
    });
    const models: FittedModel[] = [];
    const notes: Note[] = [...filled.notes];
    for (const [turn, complete] of filled.datasets.entries()) {
      turnOf(partOf(onShare, 0.9, 1), turn, filled.datasets.length)(0);
      const chosen = Object.fromEntries(Object.keys(predictors).map((name) => [name, complete[name] ?? []]));
      const regress = options.model === 'linear' ? linearModel : logisticModel;
      const { model, notes: doubts } = regress(complete[outcome] ?? [], chosen);
      if (model) models.push(model);
      for (const note of doubts) if (!notes.some(({ code }) => code === note.code)) notes.push(note);
    }
    const told = `${outcome} on ${counted(filled.datasets.length, 'data set')}, whose gaps were filled by chained equations with predictive mean matching (seed ${options.seed}).`;
    const rows = data.numeric(outcome).length;
    if (models.length < filled.datasets.length || models.length === 0)
      return withoutCoefficients(told, Object.keys(predictors), rows, 'Rubin’s rules', notes);
    const [only] = models;
    const complete = only !== undefined && Object.keys(filled.filled).length === 0;
    const pooled = complete ? completeCoefficients(only, confidence) : pooledCoefficients(models, confidence);
    const estimates = pooled.map(({ term, pooled: { estimate } }, at) => named(`term-${at + 1}`, term, estimate));
    return {
      text: told,
      estimates,
      charts: coefficientChart(estimates, options.model === 'linear' ? outcome : `Log odds of ${outcome}`),
      tables: [
        table(
          'tests',
          'Tests',
          [
            text('term', 'Term'),
            figure('se', 'Standard error'),
            figure('t', 't'),
            figure('df', 'df', 1),
            figure('p', 'p', 4),
            figure('missing', 'Fraction of information missing'),
          ],
          pooled.map(({ term, pooled: each }): CellValue[] => [
            term,
            each.standardError,
            each.t,
            each.df,
            each.p,
            each.fractionMissing,
          ]),
        ),
        table(
          'filled',
          'Gaps that were filled',
          [text('column', 'Column'), count('gaps', 'Gaps')],
          Object.entries(filled.filled),
        ),
      ],
      notes,
    };
  },
});

export const imputationAnalyses = [imputation];
