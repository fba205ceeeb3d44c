/**
 * What a clerk types from a paper form: one cell for each field, a value or the mark why there is none. Keys are names of
 * variables; in an entry of a linked table `table/2/column`. Used by the entry screen and by the server alike.
 */

/** Why nothing of the form stands in a field. */
export const paperMarks = ['blank', 'illegible', 'two-ticks', 'not-possible'] as const;
export type PaperMark = (typeof paperMarks)[number];

/** In words, as the clerk reads them. */
export const paperMarkTitles: Readonly<Record<PaperMark, string>> = {
  blank: 'Left blank',
  illegible: 'Cannot be read',
  'two-ticks': 'Two or more ticks',
  'not-possible': 'Not a possible answer',
};

export type PaperCell = number | string | { readonly mark: PaperMark };
export type PaperCells = Readonly<Record<string, PaperCell>>;

export function isMark(cell: PaperCell | undefined): cell is { readonly mark: PaperMark } {
  return typeof cell === 'object';
}

/** The cell of a key, never something that every object has. */
export function cellAt(cells: PaperCells, key: string): PaperCell | undefined {
  return Object.hasOwn(cells, key) ? cells[key] : undefined;
}

/** Texts are the same whatever the blanks and line breaks between their words. */
export function sameCell(one: PaperCell | undefined, other: PaperCell | undefined): boolean {
  if (isMark(one) || isMark(other)) return isMark(one) && isMark(other) && one.mark === other.mark;
  if (typeof one === 'string' && typeof other === 'string') return words(one) === words(other);
  return one === other;
}

const words = (text: string): string => text.trim().split(/\s+/).join(' ');

/** Marks beside the answers, by key; a field that was left blank needs none. */
export function marksOf(cells: PaperCells): Record<string, Exclude<PaperMark, 'blank'>> {
  return Object.fromEntries(
    Object.entries(cells).flatMap(([key, cell]) => (isMark(cell) && cell.mark !== 'blank' ? [[key, cell.mark]] : [])),
  );
}
