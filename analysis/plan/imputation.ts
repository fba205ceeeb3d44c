/** The declared regressions on imputed data: gaps are filled several times, here or before, and the answers pooled. Listed in all.ts. */
import { z } from 'zod';
import { counted } from '../../instruments/zod-words.ts';
import type { Values } from '../descriptives.ts';
import { imputeChained } from '../imputation.ts';
import { linearModel, type Predictors } from '../linear-model.ts';
import { logisticModel } from '../logistic-model.ts';
import { completeCoefficients, type FittedModel, pooledCoefficients } from '../pooling.ts';
import { partOf, turnOf } from '../progress.ts';
import type { CellValue, Note, Table } from '../result.ts';
import { declareAnalysis, type Findings, named } from './analysis.ts';
import { coefficientChart } from './charts.ts';
import { labelsOf, notZeroOne } from './grouping.ts';
import { across, categories, level, numericColumn, seed } from './options.ts';
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
    return {
      ...pooledFindings(told, pooled, options),
      tables: [
        testsTable(pooled),
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

const supplied = declareAnalysis({
  name: 'pooled-regression',
  sizes: 'ordinary',
  title: 'Regression on data sets that were imputed elsewhere',
  question: 'How does the outcome go with the predictors over imputed data sets that the file brings (Rubin’s rules)?',
  options: z
    .strictObject({
      outcome: numericColumn(),
      ...predictorOptions(),
      imputation: categories(200).describe(
        'column that numbers the imputed data sets, one below the other; rows of 0 are the data before and are left out',
      ),
      model: z.enum(['linear', 'logistic']).default('linear'),
      level: level(),
    })
    .check(predictorsAreClear())
    .check(
      across<{ outcome: string; predictors: readonly string[]; factors: readonly string[]; imputation: string }>(
        ['outcome', 'predictors', 'factors', 'imputation'],
        ({ outcome, predictors, factors, imputation: numbers }) =>
          [outcome, ...predictors, ...factors].includes(numbers)
            ? [{ path: ['imputation'], message: `${numbers} is in the model already.` }]
            : [],
      ),
    ),
  check: (data, { outcome, model }) => (model === 'logistic' ? notZeroOne(data, outcome, ['outcome']) : []),
  run(data, options) {
    const { level: confidence } = options;
    const outcome = data.numeric(options.outcome);
    const predictors = predictorsOf(data, options);
    const numbers = data.column(options.imputation);
    const sets = labelsOf(numbers).filter((label) => String(label) !== '0');
    const models: FittedModel[] = [];
    const notes: Note[] = [];
    const sizes = new Set<number>();
    for (const set of sets) {
      const rows = [...numbers.keys()].filter((row) => numbers[row] === set);
      sizes.add(rows.length);
      const of = (values: Values) => rows.map((row) => values[row] ?? null);
      const chosen = Object.fromEntries(Object.entries(predictors).map(([name, values]) => [name, of(values)]));
      const regress = options.model === 'linear' ? linearModel : logisticModel;
      const { model, notes: doubts } = regress(of(outcome), chosen);
      if (model) models.push(model);
      for (const note of doubts) if (!notes.some(({ code }) => code === note.code)) notes.push(note);
    }
    if (sizes.size > 1) {
      const text = `The data sets have ${Math.min(...sizes)} to ${Math.max(...sizes)} rows: imputations of the same people have the same number.`;
      notes.push({ code: 'unequal-imputations', text });
    }
    const told = `${options.outcome} on ${counted(sets.length, 'imputed data set')} of the file, numbered by ${options.imputation}.`;
    if (models.length < Math.max(2, sets.length)) {
      const few: Note = { code: 'too-few-imputations', text: 'Fewer than two imputed data sets, so nothing to pool.' };
      const why = sets.length < 2 ? [few, ...notes] : notes;
      return withoutCoefficients(told, Object.keys(predictors), Math.max(0, ...sizes), 'Rubin’s rules', why);
    }
    const pooled = pooledCoefficients(models, confidence);
    return { ...pooledFindings(told, pooled, options), tables: [testsTable(pooled)], notes };
  },
});

type Pooled = ReturnType<typeof pooledCoefficients>;

function pooledFindings(
  told: string,
  pooled: Pooled,
  { outcome, model }: { readonly outcome: string; readonly model: 'linear' | 'logistic' },
): Pick<Findings, 'text' | 'estimates' | 'charts'> {
  const estimates = pooled.map(({ term, pooled: { estimate } }, at) => named(`term-${at + 1}`, term, estimate));
  return {
    text: told,
    estimates,
    charts: coefficientChart(estimates, model === 'linear' ? outcome : `Log odds of ${outcome}`),
  };
}

function testsTable(pooled: Pooled): Table {
  return table(
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
  );
}

export const imputationAnalyses = [imputation, supplied];
