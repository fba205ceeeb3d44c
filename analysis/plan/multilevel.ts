/** Declared models of clusters: cluster-robust regression, the effect on those who took part. Listed in all.ts. */
import { z } from 'zod';
import { clusterRobustModel } from '../cluster-robust.ts';
import { complierEffect, type TestedCoefficient } from '../instrumental.ts';
import type { Note } from '../result.ts';
import { declareAnalysis, named, type OptionIssue, withoutFigure } from './analysis.ts';
import { coefficientChart, estimateChart } from './charts.ts';
import { coefficientsTable, estimateOf, factorTests, robustType } from './coefficients.ts';
import type { Dataset } from './dataset.ts';
import { notZeroOne } from './grouping.ts';
import { across, column, level, numericColumn } from './options.ts';
import { predictorOptions, predictorsAreClear, predictorsOf, rowsWith, withoutCoefficients } from './predictors.ts';
import { figureTable } from './tables.ts';

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

export const multilevelAnalyses = [clusterRobust, complier];
