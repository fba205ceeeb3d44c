/**
 * Cells of a dataset: codes as they go into flat files, and the words for the labelled sheet. Missing values are their
 * reserved negative codes in the first and `[reason]` in the second; never an empty cell.
 */
import type { Variable } from '../../instruments/codebook.ts';
import { type MissingReason, missingCodes } from '../../instruments/missing.ts';
import type { DataRow } from './rows.ts';

export type Cell = string | number | null;

/** A value, or the code of the reason why there is none. */
export function codedCell(value: Cell, reason: MissingReason | null): Cell {
  return reason === null ? value : missingCodes[reason];
}

/** The main table's line in codes: response columns, variables, scores. */
export function codedCells(row: DataRow): Cell[] {
  const cells: Cell[] = [...row.response];
  const { values, reasons } = row.coded;
  for (let at = 0; at < values.length; at += 1) cells.push(codedCell(values[at] ?? null, reasons[at] ?? null));
  for (const score of row.scores) cells.push(codedCell(score.value, score.reason), score.answered);
  return cells;
}

/** Words for the codes of one variable, made once for a file. */
export type Labeller = (value: Cell, reason: MissingReason | null) => Cell;

export function labellerOf(variable: Variable): Labeller {
  const words = wordsOf(variable);
  const labels = new Map(variable.values.map(({ code }, at) => [code, words[at] ?? null]));
  return (value, reason) => {
    if (reason !== null) return `[${reason}]`;
    return typeof value === 'number' ? (labels.get(value) ?? value) : value;
  };
}

/** What stands for each code in words; two codes with one label stay apart. */
export function wordsOf({ values }: Pick<Variable, 'values'>): string[] {
  const uses = new Map<string, number>();
  for (const { label } of values) uses.set(label, (uses.get(label) ?? 0) + 1);
  return values.map(({ code, label }) => (uses.get(label) === 1 ? label : `${label} (${code})`));
}

/** The main table's line in words. */
export function labelledCells(row: DataRow, labellers: readonly Labeller[]): Cell[] {
  const cells: Cell[] = [...row.response];
  const { values, reasons } = row.coded;
  labellers.forEach((label, at) => {
    cells.push(label(values[at] ?? null, reasons[at] ?? null));
  });
  for (const score of row.scores) {
    cells.push(score.reason === null ? score.value : `[${score.reason}]`, score.answered);
  }
  return cells;
}
