/**
 * Score columns of an imported file against the scores that the other cells of the row give: scores are computed, never
 * stored, so other figures would not come out again. Called by `import-row.ts`.
 */
import { codeRow } from '../../instruments/coding.ts';
import type { CompiledInstrument } from '../../instruments/compile.ts';
import { scoreRow } from '../../instruments/scoring.ts';
import { codedCell } from '../datasets/cells.ts';
import type { StoredResponse } from './store.ts';

/** A spreadsheet keeps 15 figures of a number; what is further apart is another score. */
const tolerance = 1e-12;

/**
 * The positions of cells that hold something else than the score or the number of answered items, each with what
 * belongs there. Columns are those of the scales in turn, score and answered; -1: not there. Empty cells pass.
 */
export function otherScores(
  compiled: CompiledInstrument,
  response: Pick<StoredResponse, 'answers' | 'completion' | 'lastPage' | 'withdrawn'>,
  columns: readonly number[],
  cells: readonly string[],
): { readonly position: number; readonly expected: string }[] {
  if (columns.every((position) => (cells[position] ?? '') === '')) return [];
  const scores = scoreRow(compiled, codeRow(compiled, response));
  const expected = scores.flatMap(({ value, reason, answered }) => [codedCell(value, reason), answered]);
  return columns.flatMap((position, at) => {
    const cell = (cells[position] ?? '').trim();
    const score = Number(expected[at]);
    if (cell === '' || Math.abs(Number(cell) - score) <= tolerance * Math.max(1, Math.abs(score))) return [];
    return [{ position, expected: String(score) }];
  });
}
