/** Declared tests that compare groups or columns. Listed in all.ts. */

import { z } from 'zod';
import { counted } from '../../instruments/zod-words.ts';
import { leveneTest, oneWayAnova } from '../anova.ts';
import { type MeanTest, pairedTTest, pooledTTest, welchTest } from '../compare.ts';
import { chiSquareTest, crossTable, fisherExactTest } from '../contingency.ts';
import { kendallTau, pearsonCorrelation, spearmanCorrelation } from '../correlation.ts';
import { describe, meanInterval } from '../descriptives.ts';
import { kruskalWallis, rankSumTest } from '../ranks.ts';
import type { CellValue, Table } from '../result.ts';
import { declareAnalysis, named } from './analysis.ts';
import { estimateChart } from './charts.ts';
import { allGroups, compareIssues, twoGroupOptions, twoGroups } from './grouping.ts';
import { categories, column, level, numericColumn, numericColumns } from './options.ts';
import { count, figure, figureTable, table, text } from './tables.ts';

const meanTest = declareAnalysis({
  name: 't-test',
  title: 't test of two groups',
  question: 'Do two groups differ in their mean?',
  options: z.strictObject({
    outcome: numericColumn(),
    ...twoGroupOptions(),
    variances: z.enum(['welch', 'pooled']).default('welch').describe('unequal (Welch), or equal'),
    level: level(),
  }),
  check: compareIssues,
  run(data, options) {
    const [first, second] = twoGroups(data, options.outcome, options);
    const test = (options.variances === 'welch' ? welchTest : pooledTTest)(first, second, options.level);
    return {
      text: `${options.outcome} of ${options.compare[0]} minus ${options.compare[1]}; people are treated as independent.`,
      estimates: [named('difference', 'Difference of the means', test.difference)],
      tables: [meanTestTable(options.compare.map(String), test)],
    };
  },
});

const pairedTest = declareAnalysis({
  name: 'paired-t-test',
  title: 'Paired t test',
  question: 'Did the same people change from one column to the other?',
  options: z.strictObject({ before: numericColumn(), after: numericColumn(), level: level() }),
  run(data, { before, after, level: confidence }) {
    const test = pairedTTest(data.numeric(after), data.numeric(before), confidence);
    return {
      text: `${after} minus ${before} of those who have both.`,
      estimates: [named('change', 'Mean change', test.difference)],
      tables: [meanTestTable([after, before], test)],
    };
  },
});

function meanTestTable([first = '', second = '']: readonly string[], { t, df, p, means }: MeanTest): Table {
  return figureTable('test', 'Test', [
    [`Mean of ${first}`, means[0]],
    [`Mean of ${second}`, means[1]],
    ['t', t],
    ['Degrees of freedom', df],
    ['p, two-sided', p],
  ]);
}

const ranksTold = {
  exact: '; p is exact',
  approximate: '; p from the normal approximation, corrected for ties and continuity',
};

const rankSum = declareAnalysis({
  name: 'rank-sum-test',
  title: 'Rank sum test',
  question: 'Does one of two groups tend to larger values (Wilcoxon, Mann and Whitney)?',
  options: z.strictObject({ outcome: numericColumn(), ...twoGroupOptions() }),
  check: compareIssues,
  run(data, options) {
    const groups = twoGroups(data, options.outcome, options);
    const { statistic, p, notes, method } = rankSumTest(...groups);
    const [first, second] = groups.map((values) => describe(values).n);
    const pairs = (first ?? 0) * (second ?? 0);
    return {
      text: `${options.outcome} of ${options.compare[0]} against ${options.compare[1]}${p === null ? '' : ranksTold[method]}.`,
      estimates: [
        named('larger', `Share of pairs in which ${options.compare[0]} is larger, ties half`, {
          value: statistic === null || pairs === 0 ? null : statistic / pairs,
          n: (first ?? 0) + (second ?? 0),
          interval: null,
          method: 'W over the number of pairs (Mann and Whitney)',
          notes,
        }),
      ],
      tables: [
        figureTable(
          'test',
          'Test',
          [
            ['W', statistic],
            ['p, two-sided', p],
          ],
          notes,
        ),
      ],
    };
  },
});

const severalGroups = declareAnalysis({
  name: 'one-way-anova',
  title: 'Analysis of variance',
  question: 'Do several groups differ in their mean, in their spread (Levene), in their ranks (Kruskal and Wallis)?',
  options: z.strictObject({ outcome: numericColumn(), group: column(), level: level() }),
  run(data, { outcome, group, level: confidence }) {
    const groups = allGroups(data, outcome, group);
    const values = groups.map((each) => each.values);
    const [anova, levene, ranks] = [oneWayAnova(values), leveneTest(values), kruskalWallis(values)];
    const spread = anova.sumOfSquaresBetween + anova.sumOfSquaresWithin;
    const means = groups.map((each, at) =>
      named(`group-${at + 1}`, `Mean of ${each.label}`, meanInterval(each.values, confidence)),
    );
    return {
      text: `${outcome} by ${group}, ${counted(groups.length, 'group')}; people are treated as independent.`,
      estimates: [
        named('eta-squared', 'Share of the variance between groups', {
          value: anova.f === null || !(spread > 0) ? null : anova.sumOfSquaresBetween / spread,
          n: anova.dfBetween + anova.dfWithin + 1,
          interval: null,
          method: 'Sum of squares between groups over all (eta squared)',
          notes:
            anova.f === null || spread > 0 ? anova.notes : [{ code: 'no-variance', text: 'All values are the same.' }],
        }),
        ...means,
      ],
      charts: estimateChart(`${outcome} by ${group}`, outcome, means),
      tables: [
        table(
          'tests',
          'Tests',
          [
            text('test', 'Test'),
            figure('statistic', 'Statistic'),
            count('df1', 'df'),
            count('df2', 'df within'),
            figure('p', 'p', 4),
          ],
          [
            ['F test of means', anova.f, anova.dfBetween, anova.dfWithin, anova.p],
            ['Levene’s test of spreads, from medians', levene.f, levene.dfBetween, levene.dfWithin, levene.p],
            ['Kruskal-Wallis test of ranks', ranks.statistic, anova.dfBetween, null, ranks.p],
          ],
          [...anova.notes, ...levene.notes, ...ranks.notes],
        ),
        table(
          'groups',
          'Groups',
          [text('group', 'Group'), count('n', 'n'), figure('mean', 'Mean'), figure('sd', 'SD')],
          groups.map((each): CellValue[] => {
            const { n, mean, sd } = describe(each.values);
            return [String(each.label), n, mean, sd];
          }),
        ),
      ],
    };
  },
});

const correlations = declareAnalysis({
  name: 'correlations',
  title: 'Correlations',
  question: 'How closely do columns go together, along a line (Pearson) and in order (Spearman, Kendall’s tau-b)?',
  options: z.strictObject({ columns: numericColumns(2), level: level() }),
  run(data, { columns, level: confidence }) {
    const pairs = columns.flatMap((first, at) => columns.slice(at + 1).map((second) => [first, second] as const));
    const tested = pairs.map(([first, second]) => {
      const [x, y] = [data.numeric(first), data.numeric(second)];
      return {
        label: `${first} and ${second}`,
        ...pearsonCorrelation(x, y, confidence),
        spearman: spearmanCorrelation(x, y),
        kendall: kendallTau(x, y),
      };
    });
    return {
      text: 'Each pair of columns, from the rows that have both.',
      estimates: tested.map(({ label, correlation }, at) => named(`pair-${at + 1}`, label, correlation)),
      charts: estimateChart(
        'Correlations',
        'Pearson’s correlation',
        tested.map(({ label, correlation }, at) => named(`pair-${at + 1}`, label, correlation)),
        'estimates',
        { value: 0, label: 'No correlation' },
      ),
      tables: [
        table(
          'tests',
          'Tests and orders',
          [
            text('pair', 'Columns'),
            figure('t', 't'),
            count('df', 'df'),
            figure('p', 'p', 4),
            figure('spearman', 'Spearman'),
            figure('kendall', 'Kendall'),
          ],
          tested.map(({ label, t, df, p, spearman, kendall }) => [label, t, df, p, spearman, kendall]),
        ),
      ],
    };
  },
});

const chiSquare = declareAnalysis({
  name: 'chi-square-test',
  title: 'Chi-square test',
  question: 'Do two columns of labels have anything to do with one another?',
  options: z.strictObject({
    rows: categories().describe('column of labels, at most 100 different ones'),
    columns: categories().describe('column of labels, at most 100 different ones'),
  }),
  run(data, options) {
    const counts = crossTable(data.column(options.rows), data.column(options.columns));
    const test = chiSquareTest(counts.counts);
    const [[a, b] = [], [c, d] = []] = counts.counts;
    const isTwoByTwo = counts.rows.length === 2 && counts.columns.length === 2;
    const exact = isTwoByTwo
      ? fisherExactTest([
          [a ?? 0, b ?? 0],
          [c ?? 0, d ?? 0],
        ])
      : null;
    const n = counts.counts.flat().reduce((all, each) => all + each, 0);
    return {
      text: `${options.rows} by ${options.columns}; people are treated as independent.`,
      estimates: [
        named('cramers-v', 'Cramér’s V', {
          value: test.cramersV,
          n,
          interval: null,
          method: 'Root of chi-square over its largest possible value (Cramér)',
          notes: test.notes,
        }),
      ],
      tables: [
        table(
          'counts',
          'Counts',
          [
            text('row', options.rows),
            ...counts.columns.map((name, at) => count(`c${at + 1}`, `${options.columns} ${name}`)),
          ],
          counts.rows.map((name, at) => [String(name), ...(counts.counts[at] ?? [])]),
        ),
        figureTable(
          'test',
          'Test',
          [
            ['Chi-square', test.chiSquare],
            ['Degrees of freedom', test.df],
            ['p', test.p],
            ['Chi-square with Yates’s correction', test.corrected?.chiSquare ?? null],
            ['p with the correction', test.corrected?.p ?? null],
            ['p of Fisher’s exact test', exact],
            ['Cramér’s V', test.cramersV],
          ],
          test.notes,
        ),
      ],
    };
  },
});

export const comparisonAnalyses = [meanTest, pairedTest, rankSum, severalGroups, correlations, chiSquare];
