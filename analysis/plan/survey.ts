/** Declared analyses of shares and of samples drawn by a design. Listed in all.ts. */

import { z } from 'zod';
import { counted } from '../../instruments/zod-words.ts';
import { studentTQuantile } from '../numeric/student-t.ts';
import { type ProportionMethod, proportionDifference, proportionInterval } from '../proportion-intervals.ts';
import type { CellValue, SectionEstimate } from '../result.ts';
import { surveyMean, surveyQuantile, surveyRatio, surveyTotal } from '../survey/estimates.ts';
import { surveyProportion } from '../survey/proportion.ts';
import { surveyRegression } from '../survey/regression.ts';
import { declareAnalysis, named } from './analysis.ts';
import { coefficientChart, estimateChart } from './charts.ts';
import type { Dataset } from './dataset.ts';
import {
  compareIssues,
  label,
  labelsOf,
  nobodyCounts,
  onesIssues,
  treatedOf,
  twoGroupOptions,
  zeroOne,
} from './grouping.ts';
import { categories, column, level, numericColumn, numericColumns } from './options.ts';
import {
  coefficientEstimates,
  coefficientTable,
  predictorOptions,
  predictorsAreClear,
  predictorsOf,
  withoutCoefficients,
} from './predictors.ts';
import { designIssues, designOf, designOptions } from './survey-design.ts';
import { count, figure, figureTable, table, text } from './tables.ts';

const methods = [
  'wilson',
  'wilson-continuity',
  'wilson-modified',
  'clopper-pearson',
  'jeffreys',
  'wald',
  'agresti-coull',
] as const satisfies ProportionMethod[];

const ones = z.array(label()).min(1).default([1]).describe('values that count; all other values do not');

const proportion = declareAnalysis({
  name: 'proportion',
  title: 'Proportion',
  question: 'Which share of people has it, with which interval?',
  options: z.strictObject({
    outcome: column(),
    ones,
    methods: z.array(z.enum(methods)).min(1).default(['wilson']),
    level: level(),
  }),
  check: (data, { outcome, ones: counting }) => onesIssues(data, outcome, counting),
  run(data, { outcome, ones: counting, methods: chosen, level: confidence }) {
    const values = zeroOne(data.column(outcome), counting).filter((value) => value !== null);
    const successes = values.filter((value) => value === 1).length;
    return {
      notes: nobodyCounts(data, outcome, counting),
      text: `${outcome} = ${counting.join(' or ')}: ${successes} of ${values.length}; people are treated as independent.`,
      estimates: chosen.map((method) =>
        named(method, outcome, proportionInterval(successes, values.length, method, confidence)),
      ),
    };
  },
});

const proportions = declareAnalysis({
  name: 'proportion-difference',
  title: 'Difference of two proportions',
  question: 'By how much do two groups differ in a share?',
  options: z.strictObject({ outcome: column(), ones, ...twoGroupOptions(), level: level() }),
  check: (data, options) => [...onesIssues(data, options.outcome, options.ones), ...compareIssues(data, options)],
  run(data, options) {
    const arms = treatedOf(data, options);
    const values = zeroOne(data.column(options.outcome), options.ones);
    const of = (arm: 0 | 1) => values.filter((value, row) => value !== null && arms[row] === arm);
    const counts = [of(1), of(0)].map((group) => ({
      ones: group.filter((value) => value === 1).length,
      n: group.length,
    }));
    const [a = { ones: 0, n: 0 }, b = { ones: 0, n: 0 }] = counts;
    const found = proportionDifference(a.ones, a.n, b.ones, b.n, options.level);
    const shares = counts.map(({ ones: x, n }, at) =>
      named(`group-${at + 1}`, String(options.compare[at]), proportionInterval(x, n, 'wilson', options.level)),
    );
    return {
      text: `${options.outcome} = ${options.ones.join(' or ')}, ${options.compare[0]} minus ${options.compare[1]}.`,
      notes: nobodyCounts(data, options.outcome, options.ones),
      estimates: [named('difference', 'Difference', found.difference), ...shares],
      charts: estimateChart(options.outcome, 'Share', shares),
      tables: [
        figureTable('test', 'Test', [
          ['Chi-square', found.chiSquare],
          ['p', found.p],
          ['p of Fisher’s exact test', found.exactP],
          ['Wald interval, lower', found.wald?.lower ?? null],
          ['Wald interval, upper', found.wald?.upper ?? null],
        ]),
      ],
    };
  },
});

const intervals = z
  .enum(['normal', 't'])
  .default('normal')
  .describe('normal as R, or t with the design’s degrees of freedom');
const by = categories(1000).optional().describe('one estimate for each label of this column, at most 1000');

/** All rows, or the rows of each label. */
function domainsOf(data: Dataset, name: string | undefined): { label: string; domain?: boolean[] }[] {
  if (name === undefined) return [{ label: 'all' }];
  const cells = data.column(name);
  // Without any label nobody belongs to a part; that of nobody says so.
  if (cells.every((cell) => cell === null)) return [{ label: 'nobody', domain: cells.map(() => false) }];
  return labelsOf(cells).map((one) => ({ label: `${name} ${one}`, domain: cells.map((cell) => cell === one) }));
}

const means = declareAnalysis({
  name: 'survey-mean',
  title: 'Survey estimates',
  question: 'What would the mean and the total be, had everybody in the population been asked?',
  options: z.strictObject({
    outcomes: numericColumns(1),
    by,
    quantiles: z.array(z.number().min(0).max(1)).default([]),
    ...designOptions(),
    interval: intervals,
    level: level(),
  }),
  check: designIssues,
  run(data, options) {
    const design = designOf(data, options);
    const { interval, level: confidence } = options;
    const parts = options.outcomes.flatMap((outcome) =>
      domainsOf(data, options.by).map(({ label: name, domain }) => {
        const values = data.numeric(outcome);
        const chosen = { interval, level: confidence, ...(domain && { domain }) };
        const within = domain ? values.map((value, row) => (domain[row] ? value : null)) : values;
        return {
          name: options.by === undefined ? outcome : `${outcome}, ${name}`,
          mean: surveyMean(design, values, chosen),
          total: surveyTotal(design, values, chosen),
          quantiles: options.quantiles.map((p) => surveyQuantile(design, within, p)),
        };
      }),
    );
    const estimates = parts.flatMap(({ name, mean, total }, at): SectionEstimate[] => [
      named(`mean-${at + 1}`, `Mean of ${name}`, mean.estimate),
      named(`total-${at + 1}`, `Total of ${name}`, total.estimate),
    ]);
    return {
      text: `${counted(design.rows, 'row')}; ${counted(design.df, 'degree')} of freedom of the design.`,
      estimates,
      tables: [
        table(
          'errors',
          'Standard errors and design effects',
          [
            text('figure', 'Outcome'),
            figure('mean-se', 'Standard error of the mean', 4),
            figure('total-se', 'Standard error of the total', 4),
            figure('effect', 'Design effect'),
            figure('effect-wr', 'Design effect, with replacement'),
            ...options.quantiles.map((p, at) => figure(`q${at + 1}`, `Quantile ${p}`)),
          ],
          parts.map(({ name, mean, total, quantiles }): CellValue[] => [
            name,
            mean.standardError,
            total.standardError,
            mean.designEffect,
            mean.designEffectWithReplacement,
            ...quantiles,
          ]),
        ),
      ],
      charts: estimateChart(
        'Means',
        'Mean',
        estimates.filter(({ id }) => id.startsWith('mean')),
        'estimates',
      ),
    };
  },
});

const ratio = declareAnalysis({
  name: 'survey-ratio',
  title: 'Ratio of two totals',
  question: 'How much of the one is there for each unit of the other in the population?',
  options: z.strictObject({
    top: numericColumn(),
    bottom: numericColumn(),
    ...designOptions(),
    interval: intervals,
    level: level(),
  }),
  check: designIssues,
  run(data, { top, bottom, interval, level: confidence, ...design }) {
    const found = surveyRatio(designOf(data, design), data.numeric(top), data.numeric(bottom), {
      interval,
      level: confidence,
    });
    return {
      text: `${top} over ${bottom}.`,
      estimates: [named('ratio', 'Ratio', found.estimate)],
      tables: [
        figureTable('errors', 'Standard error', [
          ['Standard error', found.standardError],
          ['Degrees of freedom', found.df],
        ]),
      ],
    };
  },
});

const surveyShare = declareAnalysis({
  name: 'survey-proportion',
  title: 'Proportion in a population',
  question: 'Which share of the population has it, when people of one cluster are alike?',
  options: z.strictObject({
    outcome: column(),
    ones,
    answered: z.boolean().default(false).describe('count whoever has any value: a response rate'),
    by,
    ...designOptions(),
    method: z.enum(['logit', 'korn-graubard', 'mean']).default('logit'),
    level: level(),
  }),
  check: (data, options) => [
    ...(options.answered ? [] : onesIssues(data, options.outcome, options.ones)),
    ...designIssues(data, options),
  ],
  run(data, options) {
    const design = designOf(data, options);
    const cells = data.column(options.outcome);
    const values = options.answered ? cells.map((cell) => (cell === null ? 0 : 1)) : zeroOne(cells, options.ones);
    const estimates = domainsOf(data, options.by).map(({ label: name, domain }, at) =>
      named(
        `share-${at + 1}`,
        options.by === undefined ? options.outcome : name,
        surveyProportion(design, values, options.method, { level: options.level, ...(domain && { domain }) }),
      ),
    );
    const what = options.answered ? 'any value' : options.ones.join(' or ');
    return {
      text: `${options.outcome} = ${what}; ${counted(design.df, 'degree')} of freedom of the design.`,
      notes: options.answered ? [] : nobodyCounts(data, options.outcome, options.ones),
      estimates,
      charts: options.by === undefined ? [] : estimateChart(`${options.outcome} by ${options.by}`, 'Share', estimates),
    };
  },
});

const regression = declareAnalysis({
  name: 'survey-regression',
  title: 'Regression on a survey',
  question: 'How does the outcome go with the predictors in the population?',
  options: z
    .strictObject({ outcome: numericColumn(), ...predictorOptions(), ...designOptions(), level: level() })
    .check(predictorsAreClear()),
  check: designIssues,
  run(data, options) {
    const predictors = predictorsOf(data, options);
    const found = surveyRegression(designOf(data, options), data.numeric(options.outcome), predictors);
    const told = `${options.outcome} of ${counted(found.n, 'row')}, with standard errors of the design.`;
    const method = 'Weighted least squares, errors of the design';
    if (found.coefficients === null)
      return withoutCoefficients(told, Object.keys(predictors), found.n, method, found.notes);
    const coefficients = found.coefficients.map(({ t, ...rest }) => ({ ...rest, statistic: t }));
    const estimates = coefficientEstimates(coefficients, {
      n: found.n,
      method,
      level: options.level,
      reach: found.df > 0 ? studentTQuantile((1 + options.level) / 2, found.df) : Number.NaN,
    });
    return {
      text: told,
      estimates,
      charts: coefficientChart(estimates, options.outcome),
      tables: [
        coefficientTable(coefficients, 't'),
        table('fit', 'Fit', [count('n', 'n'), count('df', 'df')], [[found.n, found.df]], found.notes),
      ],
    };
  },
});

export const surveyAnalyses = [proportion, proportions, means, ratio, surveyShare, regression];
