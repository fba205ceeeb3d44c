/** Paper forms in words. */
import { isMark, type PaperCell, paperMarkTitles } from '../../../instruments/paper-entry/cells.ts';
import type { PaperField } from '../../../instruments/paper-entry/fields.ts';
import type { PaperPerson, PaperState, PaperSummary } from '../../shared/paper-api.ts';

export const stateTitles: Readonly<Record<PaperState, string>> = {
  'first-entry': 'To be typed',
  'second-entry': 'To be typed again',
  comparison: 'To be decided',
  ready: 'Not taken yet',
  sent: 'Taken',
};

/** Marks of other things that look as these states should. */
export const stateMarks: Readonly<Record<PaperState, string>> = {
  'first-entry': 'mark-planned',
  'second-entry': 'mark-planned',
  comparison: 'mark-paused',
  ready: 'mark-paused',
  sent: 'mark-open',
};

export const standingWords: Readonly<Record<Exclude<PaperPerson['standing'], 'open'>, string>> = {
  answered: 'has answered',
  typed: 'has a form here',
  ineligible: 'not eligible',
  withdrawn: 'has withdrawn',
  revoked: 'link withdrawn',
};

export const titleOf = ({ serial, person }: Pick<PaperSummary, 'serial' | 'person'>): string =>
  [person, serial === null ? null : `No. ${serial}`].filter(Boolean).join(', ');

/** A cell as people read it: the code with its label, the words, or the mark. */
export function cellText(cell: PaperCell | null | undefined, field: Pick<PaperField, 'codes'> | undefined): string {
  if (cell === null || cell === undefined) return 'Not asked';
  if (isMark(cell)) return paperMarkTitles[cell.mark];
  const label = field?.codes.find(({ code }) => code === cell)?.label ?? '';
  return label === '' || label === String(cell) ? String(cell) : `${cell} ${label}`;
}

/** What a field is called on its own. */
export const fieldTitle = ({ entry, label }: Pick<PaperField, 'entry' | 'label'>): string =>
  entry === 0 ? label : `Entry ${entry}: ${label}`;
