/**
 * The entry screen of a paper form, for the keyboard alone: a field for each variable in the order of the paper, on to the next
 * when a code is whole, what is not asked skipped, everything kept as it is typed.
 */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { CompiledInstrument } from '../../../instruments/compile.ts';
import { cellAt, type PaperMark, paperMarkTitles } from '../../../instruments/paper-entry/cells.ts';
import { checkPaper } from '../../../instruments/paper-entry/check.ts';
import { fieldsOf, type PaperField } from '../../../instruments/paper-entry/fields.ts';
import { allowedWords, isWords, markLetters, readTyped } from '../../../instruments/paper-entry/typing.ts';
import { firstOf, wordsOf } from '../../../instruments/versions/words.ts';
import { counted } from '../../shared/format.ts';
import { ApiProblem } from '../../shared/http.ts';
import type { PaperDetail, paperForm } from '../../shared/paper-api.ts';
import { announce } from '../parts/announce.tsx';
import { ProblemView } from '../parts/loaded.tsx';
import { type FieldActions, FieldRow, idOfField, markKeys } from './entry-field.tsx';
import { type Saving, useEntry } from './use-entry.ts';

interface EntryProps {
  readonly form: PaperDetail;
  readonly compiled: CompiledInstrument;
  readonly steps: ReturnType<typeof paperForm>;
  readonly finished: (form: PaperDetail) => void;
}

type Texts = Readonly<Record<string, string>>;
const without = (texts: Texts, key: string): Texts => {
  const { [key]: _, ...others } = texts;
  return others;
};
const finishId = 'paper-finish';

export function Entry({ form, compiled, steps, finished }: EntryProps) {
  const entry = useEntry(form, steps);
  const { cells } = entry;
  const [texts, setTexts] = useState<Texts>({});
  const [wrong, setWrong] = useState<Texts>({});
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [current, setCurrent] = useState<PaperField | null>(null);
  const fields = useMemo(() => fieldsOf(compiled, cells), [compiled, cells]);
  const goTo = useRef<string | null>(null);
  const [, drawAgain] = useState(0);

  // The next field may only be there once what was typed has been drawn.
  useEffect(() => {
    if (goTo.current === null) return;
    const element = document.getElementById(goTo.current);
    goTo.current = null;
    element?.focus();
    if (element instanceof HTMLInputElement) element.select();
  });
  const focus = useCallback((id: string) => {
    goTo.current = id;
    drawAgain((n) => n + 1);
  }, []);
  useEffect(() => {
    const begun = fieldsOf(compiled, form.cells ?? {}).find(({ key }) => cellAt(form.cells ?? {}, key) === undefined);
    focus(begun ? idOfField(begun.key) : finishId);
  }, [compiled, form.cells, focus]);

  /** The functions stay the same, so that only the fields that change are drawn; they find here what is now. */
  const now = useRef({ texts, wrong, undo: entry.undo });
  now.current = { texts, wrong, undo: entry.undo };
  const { put, latest } = entry;
  const actions = useMemo((): FieldActions => {
    const move = (field: PaperField, by: 1 | -1) => {
      const list = fieldsOf(compiled, latest());
      const place = list.findIndex(({ key }) => key === field.key);
      const to = list[place + by];
      if (to) focus(idOfField(to.key));
      else if (by === 1) focus(finishId);
    };
    const clear = ({ key }: PaperField) => {
      setTexts((all) => without(all, key));
      setWrong((all) => without(all, key));
    };
    const mark = (field: PaperField, given: PaperMark) => {
      clear(field);
      put(field.key, { mark: given });
      announce(paperMarkTitles[given]);
      move(field, 1);
    };
    return {
      move,
      mark,
      enter: setCurrent,
      type(field, text) {
        const typed = readTyped(field, text);
        setWrong((all) => (typed.state === 'wrong' ? { ...all, [field.key]: typed.why } : without(all, field.key)));
        if (typed.state === 'whole') {
          // As it is written for as long as it is: 1, becomes 1,5.
          const asWritten = typeof typed.cell === 'object' || String(typed.cell) === text;
          setTexts((all) => (asWritten ? without(all, field.key) : { ...all, [field.key]: text }));
          put(field.key, typed.cell);
          if (typed.jump) move(field, 1);
          return;
        }
        if (cellAt(latest(), field.key) !== undefined) put(field.key, undefined);
        setTexts((all) => (typed.state === 'empty' ? without(all, field.key) : { ...all, [field.key]: text }));
        // The next key takes the place of what is no code.
        if (typed.state === 'wrong' && !isWords(field)) focus(idOfField(field.key));
      },
      next(field) {
        const text = now.current.texts[field.key];
        const cell = cellAt(latest(), field.key);
        if (text !== undefined && cell === undefined) {
          const why = `“${text}” is not an answer yet. Allowed: ${allowedWords(field)}.`;
          setWrong((all) => ({ ...all, [field.key]: all[field.key] ?? why }));
          return focus(idOfField(field.key));
        }
        clear(field);
        if (cell === undefined) {
          if (field.kind !== 'tick') return mark(field, 'blank');
          put(field.key, 0);
        }
        move(field, 1);
      },
      undo() {
        const key = now.current.undo();
        if (key === null) return;
        setTexts((all) => without(all, key));
        setWrong((all) => without(all, key));
        announce('The last field is taken back.');
        focus(idOfField(key));
      },
    };
  }, [compiled, focus, latest, put]);

  const done = fields.filter(({ key }) => cellAt(cells, key) !== undefined).length;

  const finish = async () => {
    if (busy) return;
    setProblem(null);
    const { issues } = checkPaper(compiled, latest());
    const beside: Record<string, string> = {};
    for (const [key, text] of Object.entries(now.current.texts)) {
      if (cellAt(latest(), key) === undefined)
        beside[key] = now.current.wrong[key] ?? `“${text}” is not an answer yet.`;
    }
    for (const { path, message } of issues) beside[path] ??= message;
    const first = fields.find(({ key }) => key in beside);
    setWrong(beside);
    if (first) {
      announce(`${counted(Object.keys(beside).length, 'field')} to look at`);
      return focus(idOfField(first.key));
    }
    setBusy(true);
    try {
      await entry.flush();
      finished(await steps.finish(entry.revision(), latest()));
    } catch (error) {
      setProblem(error);
      if (error instanceof ApiProblem) {
        setWrong(Object.fromEntries(error.issues.map(({ path, message }) => [path, message])));
      }
    } finally {
      setBusy(false);
    }
  };

  return (
    <div className="paper-entry">
      <div className="paper-head card">
        <label htmlFor="paper-progress">
          {done} of {counted(fields.length, 'field')} typed
        </label>
        <progress id="paper-progress" max={fields.length} value={done} />
        <SavedNote saving={entry.saving} again={() => void entry.flush()} />
      </div>
      <Keys />
      {fields.map((field, at) => (
        <div key={field.key}>
          {(at === 0 || fields[at - 1]?.page !== field.page) && <h3>{pageTitle(compiled, field.page)}</h3>}
          <FieldRow
            field={field}
            cell={cellAt(cells, field.key)}
            text={texts[field.key]}
            wrong={wrong[field.key]}
            actions={actions}
          />
        </div>
      ))}
      {problem !== null && <ProblemView error={problem} />}
      <div className="paper-end page-actions">
        <button
          type="button"
          id={finishId}
          className="button button-main"
          aria-disabled={busy}
          onClick={() => void finish()}
        >
          {busy ? 'One moment…' : 'Finish this entry'}
        </button>
        <button type="button" className="button" aria-disabled={!entry.mayUndo} onClick={actions.undo}>
          Undo the last field
        </button>
        {current && (
          <fieldset className="paper-marks">
            <legend>
              Mark <code>{current.name}</code>
            </legend>
            {Object.values(markLetters).map((mark) => (
              <button
                key={mark}
                type="button"
                className="button button-small"
                onClick={() => actions.mark(current, mark)}
              >
                {paperMarkTitles[mark]}
              </button>
            ))}
          </fieldset>
        )}
      </div>
    </div>
  );
}

function SavedNote({ saving, again }: { saving: Saving; again: () => void }) {
  if (saving === 'failed' || saving === 'stale') {
    return (
      <p className="field-error" role="alert">
        {saving === 'failed'
          ? 'What you type cannot be saved at the moment. It stays on this page. '
          : 'This form was changed elsewhere. Reload the page to go on from what is saved. '}
        {saving === 'failed' && (
          <button type="button" className="button button-small" onClick={again}>
            Save now
          </button>
        )}
      </p>
    );
  }
  return <p className="soft">{saving === 'saved' ? 'Everything is saved.' : 'Saving…'}</p>;
}

function Keys() {
  const marks = Object.entries(markLetters).map(([letter, mark]) => {
    const key = Object.entries(markKeys).find(([, one]) => one === mark)?.[0] ?? '';
    return { letter, key, title: paperMarkTitles[mark] };
  });
  return (
    <details className="paper-keys">
      <summary>Keys</summary>
      <ul>
        <li>
          A whole code goes on by itself. <kbd>Enter</kbd> goes on, and marks an empty field as left blank.
        </li>
        {marks.map(({ letter, key, title }) => (
          <li key={key}>
            <kbd>{letter}</kbd> or <kbd>{key}</kbd>: {title.toLocaleLowerCase('en-GB')}
          </li>
        ))}
        <li>Where words are typed, only the function keys mark. There Ctrl and Enter go on; Enter begins a line.</li>
        <li>
          <kbd>↑</kbd> and <kbd>↓</kbd>: to the field before or after. <kbd>Ctrl</kbd> <kbd>Z</kbd>: take the last field
          back.
        </li>
        <li>A box to tick: 1 is ticked, 0 is not. Enter on an empty one is not ticked.</li>
      </ul>
    </details>
  );
}

function pageTitle({ instrument }: CompiledInstrument, page: number): string {
  const pages: unknown = instrument.survey.pages;
  const one: unknown = Array.isArray(pages) ? pages[page] : null;
  const title = typeof one === 'object' && one !== null && 'title' in one ? one.title : '';
  return firstOf(wordsOf(title, instrument.languages)) || `Part ${page + 1}`;
}
