/** Declared analyses of reliability from factors: omega total, hierarchical and of ordered answers. Listed in all.ts. */

import { z } from 'zod';
import { counted } from '../../instruments/zod-words.ts';
import { namingItems, withNames } from '../item-names.ts';
import { omegaHierarchical, omegaTotal, ordinalAlpha, ordinalOmega } from '../omega.ts';
import { omegaWithGaps } from '../omega-gaps.ts';
import { omegaOrdinal } from '../omega-ordinal.ts';
import { polychoricCorrelations } from '../polychoric.ts';
import { partOf } from '../progress.ts';
import type { Estimate, Note } from '../result.ts';
import { declareAnalysis, named, withoutFigure } from './analysis.ts';
import { categoryIssues, correlationOptions, itemCorrelations } from './item-correlations.ts';
import { across, answersOutside, itemColumns, itemOptions, numericCategories, reversalIsClear } from './options.ts';
import { figure, figureTable, table, text } from './tables.ts';

function plain(value: number, n: number, method: string, notes: readonly Note[] = []): Estimate {
  if (Number.isFinite(value)) return { value, n, interval: null, method, notes };
  const why = notes.length > 0 ? notes : [{ code: 'no-variance', text: 'What it is a share of does not vary.' }];
  return { value: null, n, interval: null, method, notes: why };
}

function namedItems(id: string, label: string, estimate: Estimate, items: readonly string[]) {
  return named(id, label, namingItems(estimate, items));
}

const omegaTotalAnalysis = declareAnalysis({
  name: 'omega-total',
  sizes: 'ordinary',
  title: 'Omega total',
  question: 'How much of the variance of the sum of these items is due to one factor behind all of them?',
  options: z
    .strictObject({
      ...itemOptions(2),
      gaps: z.boolean().default(true).describe('give omega of all rows with an answer beside that of complete rows'),
    })
    .check(reversalIsClear()),
  check: answersOutside,
  run(data, options) {
    const columns = itemColumns(data, options);
    const found = omegaTotal(columns);
    const gaps = options.gaps && columns.some((column) => column.includes(null));
    return {
      text: `One factor of ${options.items.length} items by maximum likelihood; ${found.omega.n} of ${counted(data.rows, 'row')} ${found.omega.n === 1 ? 'is' : 'are'} complete.`,
      estimates: [
        namedItems('omega', 'Omega total', found.omega, options.items),
        ...(gaps ? [namedItems('omega-gaps', 'Omega total, all rows', omegaWithGaps(columns), options.items)] : []),
        namedItems('omega-observed', 'Omega, observed variance of the sum', found.omegaObserved, options.items),
        namedItems('omega-standardised', 'Omega of standardised items', found.omegaStandardised, options.items),
      ],
      tables: [
        table(
          'loadings',
          'Loadings',
          [
            text('item', 'Item'),
            figure('loading', 'Loading'),
            figure('standardised', 'Standardised'),
            figure('residual', 'Residual variance'),
          ],
          options.items.map((item, at) => [
            item,
            found.loadings?.[at] ?? null,
            found.standardisedLoadings?.[at] ?? null,
            found.residualVariances?.[at] ?? null,
          ]),
        ),
        figureTable('summary', 'Summary', [['Average variance extracted', found.averageVarianceExtracted]]),
      ],
    };
  },
});

const omegaHierarchicalAnalysis = declareAnalysis({
  name: 'omega-hierarchical',
  title: 'Omega hierarchical',
  question: 'How much of the variance of the sum is due to one general factor, with group factors beside it?',
  options: z
    .strictObject({
      ...itemOptions(3),
      ...correlationOptions(),
      groups: z.int().min(1).default(3).describe('group factors; three or more tell the general factor apart'),
    })
    .check(reversalIsClear())
    .check(
      across<{ items: readonly string[]; groups: number }>(['items', 'groups'], ({ groups, items }) =>
        groups < items.length ? [] : [{ path: ['groups'], message: 'There must be fewer group factors than items.' }],
      ),
    ),
  check: (data, options) => [...answersOutside(data, options), ...categoryIssues(data, options)],
  run(data, options, onShare) {
    const { matrix, n, notes } = itemCorrelations(itemColumns(data, options), options, onShare);
    const said = `Schmid-Leiman transformation of ${counted(options.groups, 'factor')} of ${options.items.length} items, ${options.correlations} correlations.`;
    if (matrix === null)
      return withoutFigure(
        said,
        'hierarchical',
        'Omega hierarchical',
        n,
        'Schmid-Leiman, minres factors',
        withNames(notes, options.items),
      );
    const found = omegaHierarchical(matrix, options.groups);
    const { general, groups, communalities } = found.factors;
    const why = found.notes.filter(({ code }) => code === 'no-variance' || code === 'beyond-one');
    return {
      text: said,
      estimates: [
        named('hierarchical', 'Omega hierarchical', plain(found.hierarchical, n, 'Schmid-Leiman, minres factors', why)),
        named('total', 'Omega total', plain(found.total, n, 'All minres factors', why)),
        named('asymptotic', 'Omega hierarchical over total', plain(found.asymptotic, n, 'Schmid-Leiman', why)),
        named('alpha', 'Alpha', plain(found.alpha, n, 'Of the same correlations', why)),
      ],
      tables: [
        table(
          'loadings',
          'Loadings',
          [
            text('item', 'Item'),
            figure('general', 'General'),
            ...Array.from({ length: options.groups }, (_, k) => figure(`group-${k + 1}`, `Group ${k + 1}`)),
            figure('communality', 'Communality'),
          ],
          options.items.map((item, at) => [
            (found.keys[at] ?? 1) < 0 ? `${item}, turned` : item,
            general[at] ?? null,
            ...(groups[at] ?? []),
            communalities[at] ?? null,
          ]),
        ),
        figureTable('by-model', 'Of the variance that the factors imply', [
          ['Omega hierarchical', found.byModel.hierarchical],
          ['Omega total', found.byModel.total],
          ['Omega hierarchical over total', found.byModel.asymptotic],
        ]),
      ],
      notes: withNames([...notes, ...found.notes], options.items),
    };
  },
});

const ordinalReliability = declareAnalysis({
  name: 'ordinal-reliability',
  title: 'Reliability of ordered answers',
  question: 'How reliable is the sum of items with few ordered answers, and the variables behind them?',
  options: z.strictObject(itemOptions(3, numericCategories)).check(reversalIsClear()),
  check: answersOutside,
  run(data, options, onShare) {
    const columns = itemColumns(data, options);
    const found = omegaOrdinal(columns, partOf(onShare, 0, 0.7));
    const { correlations, n, notes: doubts } = polychoricCorrelations(columns, { onShare: partOf(onShare, 0.7, 1) });
    const notes = withNames(doubts, options.items);
    const known = correlations.every((line) => line.every(Number.isFinite));
    const { factor } = found;
    return {
      text: `Polychoric correlations of ${options.items.length} items in ${counted(n, 'complete row')}, and one factor behind them.`,
      estimates: [
        namedItems('omega-answers', 'Omega of the sum of the answers', found.ofAnswers, options.items),
        namedItems('omega-latent', 'Omega of the variables behind them', found.ofLatentResponses, options.items),
        named(
          'ordinal-alpha',
          'Ordinal alpha',
          plain(ordinalAlpha(correlations), n, 'Of polychoric correlations', notes),
        ),
        ...(known
          ? [named('ordinal-omega', 'Ordinal omega', plain(ordinalOmega(correlations), n, 'One minres factor'))]
          : []),
      ],
      tables: factor
        ? [
            table(
              'loadings',
              'Loadings',
              [text('item', 'Item'), figure('loading', 'Loading'), figure('error', 'Standard error')],
              options.items.map((item, at) => [item, factor.loadings[at] ?? null, factor.standardErrors[at] ?? null]),
            ),
            figureTable('fit', 'Fit of one factor', [
              ['Scaled chi-square', factor.scaled.chiSquare],
              ['Degrees of freedom', factor.scaled.degreesOfFreedom],
              ['p', factor.scaled.p],
              ['CFI, scaled', factor.scaled.comparativeFit],
              ['TLI, scaled', factor.scaled.tuckerLewis],
              ['RMSEA, scaled', factor.scaled.rmsea],
              ['SRMR', factor.srmr],
            ]),
          ]
        : [],
      notes,
    };
  },
});

export const omegaAnalyses = [omegaTotalAnalysis, omegaHierarchicalAnalysis, ordinalReliability];
