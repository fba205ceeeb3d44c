/** Declared analyses of scales: Cronbach's alpha, Guttman's bounds, scores. Listed in all.ts. */

import { z } from 'zod';
import { counted } from '../../instruments/zod-words.ts';
import { completeRows, correlationMatrix, covarianceMatrix, rowCount } from '../covariance.ts';
import type { Values } from '../descriptives.ts';
import { namingItems, withNames } from '../item-names.ts';
import { cronbachAlpha } from '../reliability.ts';
import { reliabilityDetail, splitHalves } from '../reliability-detail.ts';
import type { Note } from '../result.ts';
import { declareAnalysis, named } from './analysis.ts';
import { estimateChart } from './charts.ts';
import { answersOutside, itemColumns, itemOptions, level, reversalIsClear } from './options.ts';
import { count, figure, figureTable, table, text } from './tables.ts';

const missing = z
  .enum(['pairwise', 'listwise'])
  .default('pairwise')
  .describe('covariances of those who answered both items, or of those who answered all');

const noAlpha: Note = { code: 'too-few-items', text: 'The other items are too few, or do not vary.' };
const noBound: Note = { code: 'no-covariances', text: 'The items do not vary, or too few people answered them.' };

/** Whoever answered any item. */
function answeredBy(columns: readonly Values[]): number {
  return (columns[0] ?? []).reduce<number>(
    (n, _, row) => n + Number(columns.some((column) => column[row] !== null)),
    0,
  );
}

const cronbachAlphaAnalysis = declareAnalysis({
  name: 'cronbach-alpha',
  title: 'Cronbach’s alpha',
  question: 'How consistent is the sum of these items, and what does each of them do to it?',
  options: z.strictObject({ ...itemOptions(2), missing, level: level() }).check(reversalIsClear()),
  check: answersOutside,
  run(data, options) {
    const { alpha, standardised, averageCorrelation, items, rows, complete } = cronbachAlpha(
      itemColumns(data, options),
      {
        use: options.missing,
        level: options.level,
      },
    );
    const without = items.map((item, at) => {
      const label = `Alpha without ${options.items[at] ?? ''}`;
      const notes = item.alphaIfDeleted === null ? [noAlpha] : [];
      const method = 'Alpha of the other items';
      return named(`without-${at + 1}`, label, {
        value: item.alphaIfDeleted,
        n: alpha.n,
        interval: null,
        method,
        notes,
      });
    });
    return {
      text: `Internal consistency of ${options.items.length} items with Feldt’s interval; ${complete} of ${counted(rows, 'row')} ${complete === 1 ? 'is' : 'are'} complete.`,
      estimates: [
        named('alpha', 'Alpha', namingItems(alpha, options.items)),
        named('standardised', 'Standardised alpha', namingItems(standardised, options.items)),
      ],
      charts:
        items.length < 3 || alpha.value === null
          ? []
          : estimateChart('Alpha without each item', 'Alpha', without, 'items', {
              value: alpha.value,
              label: 'All items',
            }),
      tables: [
        table(
          'items',
          'Items',
          [
            text('item', 'Item'),
            count('n', 'n'),
            figure('mean', 'Mean'),
            figure('sd', 'SD'),
            figure('item-rest', 'Correlation with the rest'),
            figure('alpha-if-deleted', 'Alpha without it'),
            figure('standardised-if-deleted', 'Standardised alpha without it'),
          ],
          items.map((item, at) => [
            options.items[at] ?? '',
            item.n,
            item.mean,
            item.sd,
            item.itemRest,
            item.alphaIfDeleted,
            item.standardisedIfDeleted,
          ]),
        ),
        figureTable('summary', 'Summary', [['Average correlation of the items', averageCorrelation]]),
      ],
    };
  },
});

const guttmanBounds = declareAnalysis({
  name: 'guttman-bounds',
  title: 'Guttman’s bounds of the reliability',
  question: 'Which other bounds of the reliability of a sum are there, and how precise is alpha?',
  options: z.strictObject({ ...itemOptions(2), missing }).check(reversalIsClear()),
  check: answersOutside,
  run(data, options) {
    const columns = itemColumns(data, options);
    const covariances = covarianceMatrix(options.missing === 'listwise' ? completeRows(columns) : columns);
    const detail = reliabilityDetail(covariances);
    const halves =
      options.items.length > 16 ? [] : splitHalves(correlationMatrix(covariances)).filter((each) => each !== null);
    const n = options.missing === 'listwise' ? rowCount(completeRows(columns)) : answeredBy(columns);
    const bound = (id: string, label: string, value: number | null, method: string) =>
      named(id, label, { value, n, interval: null, method, notes: value === null ? [noBound] : [] });
    return {
      text: `Bounds from the covariances of ${options.items.length} items.`,
      estimates: [
        bound('lambda-2', 'Lambda 2', detail.lambda2, 'Guttman’s lambda 2'),
        bound('lambda-1', 'Lambda 1', detail.lambda1, 'Guttman’s lambda 1'),
        ...(options.items.length > 16
          ? []
          : [
              bound(
                'lambda-4',
                'Lambda 4, standardised',
                halves.length > 0 ? Math.max(...halves) : null,
                'Best split into halves',
              ),
            ]),
        bound('lambda-6', 'Lambda 6, standardised', detail.standardisedLambda6, 'Guttman’s lambda 6'),
      ],
      tables: [
        figureTable('bounds', 'Bounds', [
          ['Lambda 1', detail.lambda1],
          ['Lambda 2', detail.lambda2],
          ['Standardised lambda 2', detail.standardisedLambda2],
          ['Lambda 4, best split, standardised', halves.length > 0 ? Math.max(...halves) : null],
          ['Worst split, standardised (Revelle’s beta)', halves.length > 0 ? Math.min(...halves) : null],
          ['Standardised lambda 6', detail.standardisedLambda6],
          ['Median correlation of the items', detail.medianCorrelation],
          ['Signal to noise', detail.signalToNoise],
        ]),
        table(
          'items',
          'Items',
          [
            text('item', 'Item'),
            figure('total', 'Correlation with the sum'),
            figure('corrected', 'Corrected correlation'),
          ],
          options.items.map((item, at) => [
            item,
            detail.itemTotals[at] ?? null,
            detail.correctedItemTotals[at] ?? null,
          ]),
        ),
      ],
      notes: [
        ...withNames(detail.notes, options.items),
        ...(options.items.length > 16
          ? [{ code: 'too-many-items', text: 'Splits into halves are tried for at most 16 items.' }]
          : []),
      ],
    };
  },
});

export const reliabilityAnalyses = [cronbachAlphaAnalysis, guttmanBounds];
