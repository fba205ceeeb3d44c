/** One field of the entry screen: variable, question, what is typed, and the allowed codes beside it. Used by `entry.tsx`. */
import { type KeyboardEvent, memo } from 'react';
import { isMark, type PaperCell, type PaperMark, paperMarkTitles } from '../../../instruments/paper-entry/cells.ts';
import type { PaperField } from '../../../instruments/paper-entry/fields.ts';
import { allowedWords, isWords, textOfCell } from '../../../instruments/paper-entry/typing.ts';
import { fieldTitle } from './words.ts';

export const idOfField = (key: string): string => `paper-field-${key}`;

/** What a field tells the form; the same functions as long as the page is open. */
export interface FieldActions {
  readonly type: (field: PaperField, text: string) => void;
  readonly mark: (field: PaperField, mark: PaperMark) => void;
  /** Goes on, from a field with nothing in it as well. */
  readonly next: (field: PaperField) => void;
  /** To a neighbour, whatever stands in the field. */
  readonly move: (field: PaperField, by: 1 | -1) => void;
  readonly undo: () => void;
  readonly enter: (field: PaperField) => void;
}

interface FieldRowProps {
  readonly field: PaperField;
  readonly cell: PaperCell | undefined;
  /** What is typed and no answer yet. */
  readonly text: string | undefined;
  readonly wrong: string | undefined;
  readonly actions: FieldActions;
}

export const markKeys: Readonly<Record<string, PaperMark>> = {
  F2: 'blank',
  F4: 'illegible',
  F8: 'two-ticks',
  F9: 'not-possible',
};

export const FieldRow = memo(FieldRowOnce, isSame);

function isSame(one: FieldRowProps, other: FieldRowProps): boolean {
  return (
    one.field.key === other.field.key &&
    one.field.codes.length === other.field.codes.length &&
    one.cell === other.cell &&
    one.text === other.text &&
    one.wrong === other.wrong &&
    one.actions === other.actions
  );
}

function FieldRowOnce({ field, cell, text, wrong, actions }: FieldRowProps) {
  const id = idOfField(field.key);
  const shown = text ?? textOfCell(cell);
  const mark = isMark(cell) && text === undefined ? cell.mark : null;
  const press = (event: KeyboardEvent<HTMLInputElement | HTMLTextAreaElement>) => {
    const marked = markKeys[event.key];
    if (marked && !event.altKey && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      return actions.mark(field, marked);
    }
    const control = event.ctrlKey || event.metaKey;
    if (control && event.key.toLowerCase() === 'z' && (!isWords(field) || shown === '')) {
      event.preventDefault();
      return actions.undo();
    }
    if (event.key === 'Enter' && event.shiftKey && field.kind !== 'lines') {
      event.preventDefault();
      return actions.move(field, -1);
    }
    // In a text of several lines Enter begins another one, unless there is none yet.
    if (event.key === 'Enter' && (field.kind !== 'lines' || control || shown === '')) {
      event.preventDefault();
      return actions.next(field);
    }
    if (field.kind === 'lines') return;
    if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      event.preventDefault();
      actions.move(field, event.key === 'ArrowUp' ? -1 : 1);
    }
    if (event.key === 'Backspace' && mark !== null) actions.type(field, '');
  };
  const shared = {
    id,
    value: shown,
    autoComplete: 'off',
    spellCheck: field.kind === 'lines' || field.kind === 'line',
    'aria-describedby': `${id}-codes${mark ? ` ${id}-mark` : ''}${wrong ? ` ${id}-wrong` : ''}`,
    ...(wrong ? { 'aria-invalid': true } : {}),
    onKeyDown: press,
    onFocus: () => actions.enter(field),
  };
  return (
    <div className={wrong ? 'paper-row paper-row-wrong' : 'paper-row'}>
      <code className="paper-name">{field.name}</code>
      <label htmlFor={id}>{fieldTitle(field)}</label>
      <div className="paper-input">
        {field.kind === 'lines' ? (
          <textarea {...shared} rows={3} onChange={(event) => actions.type(field, event.target.value)} />
        ) : (
          <input
            {...shared}
            type="text"
            className={isWords(field) ? 'paper-wide' : ''}
            onChange={(event) => actions.type(field, event.target.value)}
          />
        )}
        {mark && (
          <span id={`${id}-mark`} className="mark mark-paused">
            {paperMarkTitles[mark]}
          </span>
        )}
      </div>
      <Codes field={field} id={`${id}-codes`} />
      {wrong && (
        <p className="field-error" id={`${id}-wrong`} role="alert">
          {wrong}
        </p>
      )}
    </div>
  );
}

function Codes({ field, id }: { field: PaperField; id: string }) {
  const labelled = field.codes.filter(({ code, label }) => label !== '' && label !== String(code));
  return (
    <p className="paper-codes" id={id}>
      {labelled.length === 0
        ? allowedWords(field)
        : labelled.map(({ code, label }) => (
            <span key={code}>
              <b>{code}</b> {label}{' '}
            </span>
          ))}
    </p>
  );
}
