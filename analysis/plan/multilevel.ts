/** Declared models of people in groups: mixed models, cluster-robust regression, the effect on those who took part. Listed in all.ts. */
import { z } from 'zod';
import { clusterRobustModel } from '../cluster-robust.ts';
import { complierEffect, type TestedCoefficient } from '../instrumental.ts';
import { type MixedCoefficient, type MixedModel, mixedModel } from '../mixed-model.ts';
import type { CellValue, Estimate, Note, Table } from '../result.ts';
import { declareAnalysis, named, type OptionIssue, withoutFigure } from './analysis.ts';
import { coefficientChart, estimateChart } from './charts.ts';
import type { Dataset } from './dataset.ts';
import { notZeroOne } from './grouping.ts';
import { across, column, different, level, numericColumn } from './options.ts';
import { predictorOptions, predictorsAreClear, predictorsOf, rowsWith, withoutCoefficients } from './predictors.ts';
import { count, figure, figureTable, table, text } from './tables.ts';

const robustType = () =>
  z.enum(['CR0', 'CR1', 'CR1p', 'CR1S', 'CR2', 'CR3']).default('CR2').describe('CR2 for few clusters, CR1S as Stata');

/** Of any model: with a test, or without where there is none. */
type Coefficient = MixedCoefficient | TestedCoefficient;

/** Coefficients with their own degrees of freedom. */
function coefficientsTable(coefficients: readonly Coefficient[], title = 'Coefficients', id = 'coefficients'): Table {
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

function estimateOf({ estimate, interval }: Coefficient, n: number, method: string): Estimate {
  return { value: estimate, n, interval: Number.isFinite(interval?.lower) ? interval : null, method, notes: [] };
}

const mixed = declareAnalysis({
  name: 'mixed-model',
  sizes: 'ordinary',
  title: 'Mixed model',
  question:
    'How does the outcome go with each predictor when people of one group are alike, and how much do groups differ?',
  options: z
    .strictObject({
      outcome: numericColumn(),
      ...predictorOptions(),
      levels: different(z.array(column()).min(1).max(2)).describe('columns of the groups, the outermost first'),
      slopes: z
        .array(z.string())
        .default([])
        .describe('predictors whose effect differs between groups; with one level'),
      method: z.enum(['reml', 'ml']).default('reml').describe('restricted or full maximum likelihood'),
      degrees: z.enum(['satterthwaite', 'kenward-roger', 'containment']).default('satterthwaite'),
      level: level(),
    })
    .check(predictorsAreClear())
    .check(
      across<{ slopes: readonly string[]; predictors: readonly string[]; levels: readonly string[] }>(
        ['slopes', 'predictors', 'levels'],
        ({ slopes, predictors, levels }) => [
          ...slopes.flatMap((name, at): OptionIssue[] => {
            if (!predictors.includes(name))
              return [{ path: ['slopes', at], message: `${name} is not among the predictors.` }];
            return slopes.indexOf(name) < at ? [{ path: ['slopes', at], message: `${name} stands here twice.` }] : [];
          }),
          ...(slopes.length > 0 && levels.length > 1
            ? [{ path: ['slopes'], message: 'Slopes go with one level of groups.' }]
            : []),
        ],
      ),
    ),
  run(data, options, onShare) {
    const levels = options.levels.map((name) => ({ name, groups: data.column(name) }));
    const predictors = predictorsOf(data, options);
    const found = mixedModel(data.numeric(options.outcome), predictors, levels, { ...options, onShare });
    const { model } = found;
    const notes = [...found.notes, ...nestedLabels(data, options.levels)];
    const likelihood = options.method === 'reml' ? 'restricted maximum likelihood' : 'maximum likelihood';
    const within = [...options.levels].reverse().join(' in ');
    const said = `${options.outcome} of people in ${within}, by ${likelihood}.`;
    if (model === null) {
      const n = rowsWith(
        data.numeric(options.outcome),
        ...Object.values(predictors),
        ...levels.map((one) => one.groups),
      );
      return withoutCoefficients(said, Object.keys(predictors), n, 'Mixed model', notes);
    }
    const estimates = model.coefficients.map((each, at) =>
      named(`b${at}`, each.term, estimateOf(each, model.n, 'Mixed model')),
    );
    return {
      text: said,
      estimates,
      charts: coefficientChart(estimates, options.outcome),
      tables: [
        coefficientsTable(model.coefficients),
        componentsTable(model),
        ...factorTests(data, options.factors, (terms) => model.testOf(terms)),
        fitTable(model),
      ],
      notes,
    };
  },
});

/** Labels of inner groups that stand in several outer ones are of different groups: right for classes, wrong for raters. */
function nestedLabels(data: Dataset, [outer, inner]: readonly string[]): Note[] {
  if (outer === undefined || inner === undefined) return [];
  const around = data.column(outer);
  const homes = new Map<string | number, string | number>();
  const shared = data.column(inner).some((label, row) => {
    const home = around[row] ?? null;
    if (label === null || home === null) return false;
    const first = homes.get(label) ?? home;
    homes.set(label, first);
    return first !== home;
  });
  if (!shared) return [];
  const text = `Labels of ${inner} stand in several groups of ${outer}; they are taken as different groups, ${inner} within ${outer}.`;
  return [{ code: 'nested-labels', text }];
}

function componentsTable(model: MixedModel): Table {
  return table(
    'components',
    'Variances',
    [
      text('group', 'Group'),
      text('effect', 'Effect'),
      text('with', 'With'),
      figure('variance', 'Variance, covariance'),
      figure('sd', 'SD, correlation'),
    ],
    model.components.map(({ group, effect, with: other, variance, sd }): CellValue[] => [
      group,
      effect,
      other,
      variance,
      Number.isNaN(sd) ? null : sd,
    ]),
  );
}

interface TermTest {
  readonly f: number;
  readonly df1: number;
  readonly df2: number;
  readonly p: number | null;
}

/** Factors of three labels or more have several coefficients, which are tested together. */
function factorTests(
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

function fitTable(model: MixedModel): Table {
  return figureTable('fit', 'Fit', [
    ['n', model.n],
    ...model.groups.map(({ name, count: groups }): [string, number] => [`Groups of ${name}`, groups]),
    ['Log-likelihood', model.logLikelihood],
    ['Parameters', model.parameters],
    ['AIC', model.aic],
    ['BIC', model.bic],
  ]);
}

const clusterRobust = declareAnalysis({
  name: 'cluster-robust-regression',
  sizes: 'ordinary',
  title: 'Regression with cluster-robust errors',
  question: 'How does the outcome go with each predictor, with errors that hold when people of one cluster are alike?',
  options: z
    .strictObject({
      outcome: numericColumn(),
      ...predictorOptions(),
      cluster: column().describe('column of the clusters, what was assigned or sampled as a whole'),
      weights: numericColumn().optional().describe('how much each row counts'),
      type: robustType(),
      level: level(),
    })
    .check(predictorsAreClear()),
  check: (data, { weights }) => (weights === undefined ? [] : belowZero(data, weights, ['weights'])),
  run(data, options) {
    const { type, weights, level: confidence } = options;
    const outcome = data.numeric(options.outcome);
    const predictors = predictorsOf(data, options);
    const clusters = data.column(options.cluster);
    const { model, notes } = clusterRobustModel(outcome, predictors, clusters, {
      type,
      level: confidence,
      ...(weights === undefined ? {} : { weights: data.numeric(weights) }),
    });
    const said = `Least squares of ${options.outcome}, errors by ${options.cluster} (${type}).`;
    if (model === null) {
      const n = rowsWith(outcome, clusters, ...Object.values(predictors));
      return withoutCoefficients(said, Object.keys(predictors), n, `Least squares, ${type}`, notes);
    }
    const estimates = model.coefficients.map((each, at) =>
      named(`b${at}`, each.term, estimateOf(each, model.n, `Least squares, ${type}`)),
    );
    return {
      text: said,
      estimates,
      charts: coefficientChart(estimates, options.outcome),
      tables: [
        coefficientsTable(model.coefficients),
        ...factorTests(data, options.factors, (terms) => model.joint(terms)?.['hotelling-z']),
        figureTable('fit', 'Fit', [
          ['n', model.n],
          ['Clusters', model.clusters],
          ['Smallest cluster', model.smallestCluster],
          ['Largest cluster', model.largestCluster],
          ['Residual standard deviation', model.residualSd],
          ['R²', model.rSquared],
        ]),
      ],
      notes,
    };
  },
});

const complier = declareAnalysis({
  name: 'complier-effect',
  sizes: 'ordinary',
  title: 'Effect on those who took part',
  question: 'What did taking part change for those who take part if and only if it is offered (CACE)?',
  options: z
    .strictObject({
      outcome: numericColumn(),
      takingPart: numericColumn().describe('1 for who took part, 0 for who did not, or how much'),
      offer: numericColumn().describe('1 for who was assigned the offer, 0 for who was not'),
      ...predictorOptions(),
      cluster: column().describe('column of the clusters that were assigned'),
      type: robustType(),
      level: level(),
    })
    .check(predictorsAreClear())
    .check(
      across<Record<'outcome' | 'takingPart' | 'offer', string> & Record<'predictors' | 'factors', readonly string[]>>(
        ['outcome', 'takingPart', 'offer', 'predictors', 'factors'],
        ({ outcome, takingPart, offer, predictors, factors }) => {
          const covariates = [...predictors, ...factors];
          return [
            ...(takingPart === outcome || covariates.includes(takingPart)
              ? [{ path: ['takingPart'], message: `${takingPart} is in the model already.` }]
              : []),
            ...([outcome, takingPart, ...covariates].includes(offer)
              ? [{ path: ['offer'], message: `${offer} is in the model already.` }]
              : []),
          ];
        },
      ),
    ),
  check: (data, { offer }) => notZeroOne(data, offer, ['offer']),
  run(data, options) {
    const { type, level: confidence } = options;
    const covariates = predictorsOf(data, options);
    const { effect, notes } = complierEffect(
      data.numeric(options.outcome),
      data.numeric(options.takingPart),
      data.numeric(options.offer),
      data.column(options.cluster),
      { covariates, type, level: confidence },
    );
    const said = `Two-stage least squares of ${options.outcome} on ${options.takingPart}, with ${options.offer} as the instrument; errors by ${options.cluster} (${type}).`;
    const label = 'Effect on those who took part';
    if (effect === null) {
      const own = [options.outcome, options.takingPart, options.offer].map((name) => data.numeric(name));
      const n = rowsWith(...own, data.column(options.cluster), ...Object.values(covariates));
      return withoutFigure(said, 'effect', label, n, `Two-stage least squares, ${type}`, notes);
    }
    const of = (one: TestedCoefficient, method: string) => estimateOf(one, effect.n, `${method}, ${type}`);
    const assumed: Note = {
      code: 'complier-assumptions',
      text: 'It holds if the offer was random, works through taking part alone and kept nobody from taking part.',
    };
    const effects = [
      named('effect', label, of(effect.effect, 'Two-stage least squares')),
      named('offer', 'Effect of the offer', of(effect.intentionToTreat, 'Least squares')),
    ];
    return {
      text: said,
      estimates: [
        ...effects,
        named('first-stage', 'Effect of the offer on taking part', of(effect.firstStage, 'Least squares')),
      ],
      charts: estimateChart('Effects', options.outcome, effects, 'estimates', { value: 0, label: 'No effect' }),
      tables: [
        coefficientsTable(
          [effect.effect, effect.intentionToTreat, effect.firstStage].map((one, at) => ({
            ...one,
            term: ['Taking part', 'Offer', 'Offer on taking part'][at] ?? one.term,
          })),
          'Tests',
          'tests',
        ),
        figureTable('strength', 'Strength of the offer', [
          ['n', effect.n],
          ['Clusters', effect.clusters],
          ['Took part when offered', effect.takeUp.offered],
          ['Took part when not offered', effect.takeUp.notOffered],
          ['F of the first stage', effect.firstStageF?.f ?? null],
          ['F of the first stage, cluster-robust', effect.firstStageRobustF],
          ['p that taking part is unrelated to the rest', effect.endogeneity?.p ?? null],
          ['Plain regression on taking part', effect.asTreated],
        ]),
      ],
      notes: [assumed, ...notes],
    };
  },
});

function belowZero(data: Dataset, name: string, path: readonly PropertyKey[]): OptionIssue[] {
  const row = data.numeric(name).findIndex((value) => value !== null && value < 0);
  return row < 0 ? [] : [{ path, message: `column ${name}, row ${data.fileRow(row)}: a weight is 0 or more` }];
}

export const multilevelAnalyses = [mixed, clusterRobust, complier];
