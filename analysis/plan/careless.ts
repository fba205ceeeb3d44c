/** The declared signs of answers given without reading. Listed in all.ts. */

import { z } from 'zod';
import { counted } from '../../instruments/zod-words.ts';
import {
  evenOddConsistency,
  intraIndividualVariability,
  longestString,
  mahalanobisDistances,
  type RowFigures,
} from '../careless.ts';
import { describe, present, quantile } from '../descriptives.ts';
import { withNames } from '../item-names.ts';
import type { CellValue } from '../result.ts';
import { declareAnalysis, named } from './analysis.ts';
import {
  across,
  answerRange,
  answersOutside,
  type Items,
  itemColumns,
  numericColumn,
  numericColumns,
  reversalIssues,
} from './options.ts';
import { count, figure, table, text } from './tables.ts';

const scale = z
  .strictObject({
    items: numericColumns(2),
    reversed: z.array(numericColumn()).default([]),
  })
  .describe('items of one scale');

const noDistances = {
  code: 'no-values',
  text: 'Nobody has a distance: too few answered all items, or the items do not vary.',
};
const nobody = { code: 'no-values', text: 'Nobody has this figure.' };

const careless = declareAnalysis({
  name: 'careless-answers',
  sizes: 'ordinary',
  title: 'Careless answers',
  question: 'Who may have answered without reading: long strings, no variation, halves that disagree, odd patterns?',
  options: z
    .strictObject({
      items: numericColumns(2).describe('in the order in which they were asked, as they were answered'),
      scales: z.array(scale).default([]).describe('three or more, for even-odd consistency'),
      range: answerRange().optional().describe('lowest and highest possible answer; needed to turn the reversed items'),
      list: z.int().min(0).max(1000).default(20).describe('how many of the oddest rows are listed'),
      unlikely: z
        .number()
        .gt(0)
        .lt(1)
        .default(0.001)
        .describe('p of a Mahalanobis distance below which a row counts as odd'),
    })
    .check(
      across<{ scales: readonly Omit<Items, 'range'>[]; range?: readonly [number, number] | undefined }>(
        ['scales', 'range'],
        ({ scales, range }) =>
          scales.flatMap((one, at) =>
            reversalIssues({ ...one, range }).map(({ path, message }) => ({
              message,
              path: path[0] === 'range' ? path : ['scales', at, ...path],
            })),
          ),
      ),
    ),
  check: (data, { items, scales, range }) => [
    ...answersOutside(data, { items, range }),
    ...scales.flatMap((one, at) => answersOutside(data, { ...one, range }, ['scales', at, 'items'])),
  ],
  run(data, { items, scales, range, list, unlikely }, onShare) {
    const columns = items.map((name) => data.numeric(name));
    const distances = mahalanobisDistances(columns, onShare);
    const evenOdd =
      scales.length < 3 ? [] : evenOddConsistency(scales.map((one) => itemColumns(data, { ...one, range })));
    const figures: [string, string, RowFigures][] = [
      ['longest', 'Longest string', longestString(columns)],
      ['variability', 'Variability within the person', intraIndividualVariability(columns)],
      ...(evenOdd.length > 0 ? [['even-odd', 'Even-odd consistency', evenOdd] as [string, string, RowFigures]] : []),
      ['distance', 'Squared Mahalanobis distance', distances.squaredDistances],
    ];
    const odd = [...distances.p.keys()]
      .filter((row) => distances.p[row] !== null)
      .sort((a, b) => (distances.p[a] ?? 1) - (distances.p[b] ?? 1));
    const below = odd.filter((row) => (distances.p[row] ?? 1) < unlikely).length;
    return {
      text: `${items.length} items of ${counted(data.rows, 'person', 'people')}; ${below} ${below === 1 ? 'has' : 'have'} a distance with p below ${unlikely}. A sign is no proof: look at several together.`,
      estimates: [
        named('odd', 'Share of people with an odd pattern', {
          value: odd.length > 0 ? below / odd.length : null,
          n: odd.length,
          interval: null,
          method: `Mahalanobis distance with p below ${unlikely}`,
          notes: odd.length > 0 ? [] : [noDistances],
        }),
        ...figures.map(([id, title, values]) => {
          const { n, mean } = describe(values);
          const method = 'Mean over people';
          return named(id, title, { value: mean, n, interval: null, method, notes: mean === null ? [nobody] : [] });
        }),
      ],
      tables: [
        table(
          'figures',
          'Over people',
          [
            text('figure', 'Figure'),
            count('n', 'n'),
            figure('mean', 'Mean'),
            figure('least', 'Least'),
            ...[5, 50, 95].map((share) => figure(`q${share}`, `${share} %`)),
            figure('most', 'Most'),
          ],
          figures.map(([, title, values]): CellValue[] => {
            const ordered = present(values).sort();
            const { n, mean } = describe(values);
            const shares = [0.05, 0.5, 0.95].map((share) => quantile(values, share));
            return [title, n, mean, ordered[0] ?? null, ...shares, ordered[ordered.length - 1] ?? null];
          }),
        ),
        table(
          'rows',
          'Oddest rows',
          [count('row', 'Row of the file'), ...figures.map(([id, title]) => figure(id, title)), figure('p', 'p', 4)],
          odd
            .slice(0, list)
            .map((row): CellValue[] => [
              data.fileRow(row),
              ...figures.map(([, , values]) => values[row] ?? null),
              distances.p[row] ?? null,
            ]),
        ),
      ],
      notes: withNames(distances.notes, items),
    };
  },
});

export const carelessAnalyses = [careless];
