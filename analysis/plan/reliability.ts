/** Declared analyses of scales: Cronbach's alpha, Guttman's bounds, scores. Listed in all.ts. */
import { z } from 'zod';
import { completeRows, correlationMatrix, covarianceMatrix } from '../covariance.ts';
import { cronbachAlpha } from '../reliability.ts';
import { reliabilityDetail, splitHalves } from '../reliability-detail.ts';
import { declareAnalysis, named } from './analysis.ts';
import { itemColumns, itemOptions, level, reversalIsClear } from './options.ts';
import { count, figure, figureTable, table, text } from './tables.ts';

const missing = z
  .enum(['pairwise', 'listwise'])
  .default('pairwise')
  .describe('covariances of those who answered both items, or of those who answered all');

const cronbachAlphaAnalysis = declareAnalysis({
  name: 'cronbach-alpha',
  title: 'Cronbach’s alpha',
  question: 'How consistent is the sum of these items, and what does each of them do to it?',
  options: z.strictObject({ ...itemOptions(2), missing, level: level() }).check(reversalIsClear),
  run(data, options) {
    const { alpha, standardised, averageCorrelation, items, rows, complete } = cronbachAlpha(
      itemColumns(data, options),
      {
        use: options.missing,
        level: options.level,
      },
    );
    return {
      text: `Internal consistency of ${options.items.length} items with Feldt’s interval; ${complete} of ${rows} rows are complete.`,
      estimates: [named('alpha', 'Alpha', alpha), named('standardised', 'Standardised alpha', standardised)],
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
  options: z.strictObject({ ...itemOptions(2), missing }).check(reversalIsClear),
  run(data, options) {
    const columns = itemColumns(data, options);
    const covariances = covarianceMatrix(options.missing === 'listwise' ? completeRows(columns) : columns);
    const detail = reliabilityDetail(covariances);
    const halves =
      options.items.length > 16 ? [] : splitHalves(correlationMatrix(covariances)).filter((each) => each !== null);
    return {
      text: `Bounds from the covariances of ${options.items.length} items.`,
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
        ...detail.notes,
        ...(options.items.length > 16
          ? [{ code: 'too-many-items', text: 'Splits into halves are tried for at most 16 items.' }]
          : []),
      ],
    };
  },
});

export const reliabilityAnalyses = [cronbachAlphaAnalysis, guttmanBounds];
