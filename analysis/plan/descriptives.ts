/** Declared analyses that describe columns: moments and quantiles, means of groups, scores of persons. Listed in all.ts. */
import { z } from 'zod';
import { itemFirstMean, personFirstMean } from '../aggregation.ts';
import { describe, meanInterval, present, quantile, type Values } from '../descriptives.ts';
import { kurtosis, median, medianAbsoluteDeviation, skewness } from '../moments.ts';
import type { CellValue } from '../result.ts';
import { personScores } from '../scoring.ts';
import { declareAnalysis, named, withoutFigure } from './analysis.ts';
import { estimateChart } from './charts.ts';
import { allGroups } from './grouping.ts';
import {
  across,
  answersOutside,
  column,
  itemColumns,
  itemOptions,
  level,
  numericColumn,
  numericColumns,
  reversalIsClear,
} from './options.ts';
import { count, figure, table, text } from './tables.ts';

const shareColumns = [0.05, 0.25, 0.5, 0.75, 0.95];

const descriptives = declareAnalysis({
  name: 'descriptives',
  title: 'Descriptives',
  question: 'Where do the values of these columns lie, how far do they spread, and in which shape?',
  options: z.strictObject({
    columns: numericColumns(1),
    moments: z
      .union([z.literal(1), z.literal(2), z.literal(3)])
      .default(2)
      .describe('skewness and kurtosis: 1 of moments, 2 unbiased (SPSS), 3 with the n - 1 variance (psych)'),
    quantiles: z
      .union([z.literal(6), z.literal(7)])
      .default(7)
      .describe('7 as R, 6 as SPSS'),
    level: level(),
  }),
  run(data, options) {
    const columns = options.columns.map((name) => ({ name, values: data.numeric(name) }));
    const estimates = columns.map(({ name, values }) => named(name, name, meanInterval(values, options.level)));
    return {
      text: 'Means with Student’s t interval, which treats rows as independent.',
      estimates,
      charts: estimateChart('Means', 'Mean', estimates),
      tables: [
        table(
          'columns',
          'Columns',
          [
            text('column', 'Column'),
            count('n', 'n'),
            count('missing', 'Missing'),
            figure('mean', 'Mean'),
            figure('sd', 'SD'),
            figure('least', 'Least'),
            ...shareColumns.map((share) => figure(`q${100 * share}`, share === 0.5 ? 'Median' : `${100 * share} %`)),
            figure('most', 'Most'),
            figure('mad', 'MAD'),
            figure('skewness', 'Skewness'),
            figure('kurtosis', 'Excess kurtosis'),
          ],
          columns.map(({ name, values }) => [name, ...described(values, options.moments, options.quantiles)]),
        ),
      ],
    };
  },
});

function described(values: Values, moments: 1 | 2 | 3, type: 6 | 7): CellValue[] {
  const { n, missing, mean, sd } = describe(values);
  const sorted = present(values).sort();
  return [
    n,
    missing,
    mean,
    sd,
    sorted[0] ?? null,
    ...shareColumns.map((share) => (share === 0.5 ? median(values) : quantile(values, share, type))),
    sorted[sorted.length - 1] ?? null,
    medianAbsoluteDeviation(values),
    skewness(values, moments),
    kurtosis(values, moments),
  ];
}

const groupMeans = declareAnalysis({
  name: 'group-means',
  title: 'Means of groups',
  question: 'What is the mean of each group?',
  options: z.strictObject({ outcome: numericColumn(), group: column(), level: level() }),
  run(data, { outcome, group, level: confidence }) {
    const groups = allGroups(data, outcome, group);
    const estimates = groups.map(({ label, values }, at) =>
      named(`group-${at + 1}`, String(label), meanInterval(values, confidence)),
    );
    if (estimates.length === 0) {
      const note = { code: 'no-groups', text: `No row has a label in column ${group}.` };
      return withoutFigure(`Means of ${outcome} by ${group}.`, 'mean', 'Mean', 0, 'Arithmetic mean', [note]);
    }
    return {
      text: `Means of ${outcome} by ${group}, each with Student’s t interval.`,
      estimates,
      charts: estimateChart(`${outcome} by ${group}`, outcome, estimates, 'estimates'),
    };
  },
});

const scaleScores = declareAnalysis({
  name: 'scale-scores',
  title: 'Scores on a scale',
  question: 'What are people’s scores on a scale, and the mean of it, people first or items first?',
  options: z
    .strictObject({
      ...itemOptions(1),
      least: z.int().min(1).optional().describe('items that a person must have answered; default all'),
      level: level(),
    })
    .check(reversalIsClear())
    .check(
      across<{ items: readonly string[]; least?: number | undefined }>(['items', 'least'], ({ items, least = 1 }) =>
        least > items.length ? [{ path: ['least'], message: `There are only ${items.length} items.` }] : [],
      ),
    ),
  check: answersOutside,
  run(data, options) {
    const { items, least = items.length } = options;
    const columns = itemColumns(data, options);
    const scores = personScores(columns, least);
    const { n, missing, mean, sd } = describe(scores);
    return {
      text: `Means of ${items.length} items for people who answered at least ${least} of them.`,
      estimates: [
        named('people-first', 'Mean of people’s scores', personFirstMean(scores, options.level)),
        named('items-first', 'Mean of item means', itemFirstMean(columns, 1, options.level)),
      ],
      tables: [
        table(
          'scores',
          'Scores',
          [
            count('n', 'People with a score'),
            count('missing', 'Without'),
            figure('mean', 'Mean'),
            figure('sd', 'SD'),
            figure('median', 'Median'),
          ],
          [[n, missing, mean, sd, median(scores)]],
        ),
      ],
    };
  },
});

export const descriptiveAnalyses = [descriptives, groupMeans, scaleScores];
