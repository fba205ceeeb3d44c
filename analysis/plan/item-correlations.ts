/** The correlations that analyses of factors start from, with the options that choose them. Used by factors.ts and omega.ts. */
import { z } from 'zod';
import {
  type Columns,
  completeRows,
  correlationMatrix,
  covarianceMatrix,
  pairwiseCorrelations,
  rowCount,
} from '../covariance.ts';
import type { SquareMatrix } from '../numeric/cholesky.ts';
import { polychoricCorrelations } from '../polychoric.ts';
import { type ShareDone, untold } from '../progress.ts';
import type { Note } from '../result.ts';
import type { OptionIssue } from './analysis.ts';
import type { Dataset } from './dataset.ts';
import { mostAnswers } from './options.ts';

/** The options `correlations` and `missing`, to be spread into a schema. */
export function correlationOptions() {
  return {
    correlations: z
      .enum(['pearson', 'polychoric'])
      .default('pearson')
      .describe('of the answers as numbers, or of normal variables behind ordered answers'),
    missing: z
      .enum(['listwise', 'pairwise'])
      .default('listwise')
      .describe('of complete rows, or of the rows that have both items'),
  };
}

/** Polychoric correlations are of few different answers; the items are numbers already. */
export function categoryIssues(
  data: Dataset,
  { items, correlations }: { readonly items: readonly string[]; readonly correlations: 'pearson' | 'polychoric' },
): OptionIssue[] {
  if (correlations === 'pearson') return [];
  return items.flatMap((name, at) => {
    const different = new Set(data.numeric(name).filter((value) => value !== null)).size;
    if (different <= mostAnswers) return [];
    const message = `column ${name} holds ${different} different values; polychoric correlations take at most ${mostAnswers}`;
    return [{ path: ['items', at], message }];
  });
}

export interface CorrelationChoice {
  readonly correlations: 'pearson' | 'polychoric';
  readonly missing: 'listwise' | 'pairwise';
}

export interface ItemCorrelations {
  /** Null when some pair of items has no correlation; a note tells. */
  readonly matrix: SquareMatrix | null;
  readonly n: number;
  readonly notes: readonly Note[];
}

/**
 * The chosen correlations of items.
 *
 * @example
 * itemCorrelations([[1, 2, 3], [1, 2, 3]], { correlations: 'pearson', missing: 'listwise' }).matrix // => [[1, 1], [1, 1]]
 * itemCorrelations([[1, 1], [1, 2]], { correlations: 'pearson', missing: 'listwise' }).matrix // => null
 */
export function itemCorrelations(
  columns: Columns,
  { correlations, missing }: CorrelationChoice,
  onShare: ShareDone = untold,
): ItemCorrelations {
  const used = missing === 'listwise' ? completeRows(columns) : columns;
  const n = rowCount(used);
  if (correlations === 'polychoric') {
    const { correlations: matrix, notes } = polychoricCorrelations(columns, { use: missing, onShare });
    return known(matrix, n, notes);
  }
  const matrix = missing === 'pairwise' ? pairwiseCorrelations(columns) : correlationMatrix(covarianceMatrix(used));
  return known(matrix, n, []);
}

function known(matrix: SquareMatrix, n: number, notes: readonly Note[]): ItemCorrelations {
  if (n >= 2 && matrix.every((line) => line.every(Number.isFinite))) return { matrix, n, notes };
  const text = 'Some items have no correlation: they do not vary, or too few people answered both.';
  return { matrix: null, n, notes: [...notes, { code: 'no-correlation', text }] };
}
