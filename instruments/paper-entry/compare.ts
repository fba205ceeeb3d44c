/**
 * Two entries of one paper form laid side by side, field by field, and what becomes of them by the decisions on where they
 * differ. Called by the server when the second entry is finished and when a difference is decided, and by the page of decisions.
 */
import type { CompiledInstrument } from '../compile.ts';
import { cellAt, type PaperCell, type PaperCells, sameCell } from './cells.ts';
import { fieldsOf, type PaperField } from './fields.ts';

export interface Difference {
  readonly key: string;
  /** Null: that entry was not asked for it, after its own answers. */
  readonly first: PaperCell | null;
  readonly second: PaperCell | null;
}

export interface Comparison {
  /** Fields that were asked in either entry. */
  readonly compared: number;
  /** In the order of the paper. */
  readonly differences: readonly Difference[];
}

/** @param first and second: finished entries, without cells that are not asked */
export function compareEntries(compiled: CompiledInstrument, first: PaperCells, second: PaperCells): Comparison {
  const places = new Map<string, number>();
  for (const cells of [first, second]) for (const { key, order } of fieldsOf(compiled, cells)) places.set(key, order);
  const keys = [...places].sort(([, one], [, other]) => one - other).map(([key]) => key);
  return {
    compared: keys.length,
    differences: keys.flatMap((key) => {
      const [one, other] = [cellAt(first, key), cellAt(second, key)];
      return sameCell(one, other) ? [] : [{ key, first: one ?? null, second: other ?? null }];
    }),
  };
}

export interface Decided {
  readonly key: string;
  readonly value: PaperCell;
}

/** The cells of the form: where both entries agree theirs, elsewhere what was decided last. */
export function settledCells(first: PaperCells, second: PaperCells | null, decisions: readonly Decided[]): PaperCells {
  if (second === null) return first;
  const cells: Record<string, PaperCell> = {};
  for (const [key, cell] of Object.entries(first)) if (sameCell(cell, cellAt(second, key))) cells[key] = cell;
  for (const { key, value } of decisions) cells[key] = value;
  return cells;
}

/** Fields that are asked after what is settled, and that nothing is settled for. */
export function openFields(compiled: CompiledInstrument, cells: PaperCells): PaperField[] {
  return fieldsOf(compiled, cells).filter(({ key }) => cellAt(cells, key) === undefined);
}

/** How well two people agreed over all forms. */
export interface Agreement {
  readonly forms: number;
  readonly compared: number;
  readonly differ: number;
  /** Share of fields that differ; null where nothing was compared. */
  readonly rate: number | null;
}

export function agreementOf(forms: readonly { readonly compared: number; readonly differ: number }[]): Agreement {
  const compared = forms.reduce((sum, form) => sum + form.compared, 0);
  const differ = forms.reduce((sum, form) => sum + form.differ, 0);
  return { forms: forms.length, compared, differ, rate: compared === 0 ? null : differ / compared };
}
