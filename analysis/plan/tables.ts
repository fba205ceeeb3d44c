/** Short ways to write the tables of findings. Used by the definitions in this folder. */
import type { CellValue, Column, Note, SectionEstimate, Table } from '../result.ts';

/**
 * A column of texts.
 *
 * @example
 * text('item', 'Item') // => { id: 'item', title: 'Item', kind: 'text' }
 */
export function text(id: string, title: string): Column {
  return { id, title, kind: 'text' };
}

/**
 * A column of counts.
 *
 * @example
 * count('n', 'n').kind // => 'integer'
 */
export function count(id: string, title: string): Column {
  return { id, title, kind: 'integer' };
}

/**
 * A column of numbers; files keep full precision.
 *
 * @example
 * figure('mean', 'Mean').digits // => 3
 */
export function figure(id: string, title: string, digits = 3): Column {
  return { id, title, kind: 'number', digits };
}

/**
 * A table; its notes default to none.
 *
 * @example
 * table('t', 'T', [text('a', 'A')], [['x']]).notes // => []
 */
export function table(
  id: string,
  title: string,
  columns: readonly Column[],
  rows: readonly (readonly CellValue[])[],
  notes: readonly Note[] = [],
): Table {
  return { id, title, columns, rows, notes };
}

/**
 * A table of one named figure a row. Figures that are not there are null.
 *
 * @example
 * figureTable('fit', 'Fit', [['AIC', 12.5]]).rows // => [['AIC', 12.5]]
 */
export function figureTable(
  id: string,
  title: string,
  figures: readonly (readonly [string, CellValue])[],
  notes: readonly Note[] = [],
): Table {
  return table(id, title, [text('figure', 'Figure'), figure('value', 'Value')], figures, notes);
}

/**
 * The estimates of a section as a table, their notes below it with the names of those that they are said of.
 *
 * @example
 * estimateTable([{ id: 'a', label: 'A', estimate: { value: 1, n: 5, interval: null, method: 'm', notes: [] } }]).rows // => [['A', 1, null, null, null, 5, 'm']]
 */
export function estimateTable(estimates: readonly SectionEstimate[], notes: readonly Note[] = []): Table {
  return table(
    'estimates',
    'Estimates',
    [
      text('label', 'Figure'),
      figure('value', 'Estimate'),
      figure('lower', 'Lower'),
      figure('upper', 'Upper'),
      figure('level', 'Level', 2),
      count('n', 'n'),
      text('method', 'Method'),
    ],
    estimates.map(({ label, estimate: { value, interval, n, method } }): CellValue[] => [
      label,
      value,
      interval?.lower ?? null,
      interval?.upper ?? null,
      interval?.level ?? null,
      n,
      method,
    ]),
    [...notes, ...estimateNotes(estimates)],
  );
}

/** Each note once, with the labels of the estimates that it is said of. */
function estimateNotes(estimates: readonly SectionEstimate[]): Note[] {
  const said = new Map<string, { readonly note: Note; readonly labels: string[] }>();
  for (const { label, estimate } of estimates) {
    for (const note of estimate.notes) {
      const key = `${note.code} ${note.text}`;
      const known = said.get(key);
      if (known) known.labels.push(label);
      else said.set(key, { note, labels: [label] });
    }
  }
  return [...said.values()].map(({ note, labels }) => ({
    code: note.code,
    text: `${labels.join(', ')}: ${note.text}`,
  }));
}
