/**
 * The whole instrument as JSON text: the designer of installations with `FIDELIS_DESIGNER=json`. Every fault is told with its
 * line and place; the text is taken over whenever it is JSON, and the panels beside it follow. A text that is no JSON yet is
 * never written over: where the instrument changes elsewhere meanwhile, the person chooses.
 */
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import type { InstrumentFinding } from '../../../../instruments/checks/check-instrument.ts';
import { isObject } from '../../../../instruments/json.ts';
import type { DraftContent } from '../../../shared/instruments-api.ts';
import { lineOf, readPlaces } from './json-places.ts';

interface Props {
  readonly content: DraftContent;
  readonly findings: readonly InstrumentFinding[];
  readonly wish: { readonly path: string; readonly number: number } | null;
  change(next: DraftContent): void;
}

const written = (content: DraftContent) => JSON.stringify(content, null, 2);

export function JsonEditor({ content, findings, wish, change }: Props) {
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(() => written(content));
  const own = useRef(content);
  const places = useMemo(() => readPlaces(text), [text]);
  const lines = 'lines' in places ? places.lines : null;

  const take = () => {
    own.current = content;
    setText(written(content));
  };
  // Changed elsewhere: by a panel, by going back, or by taking over another text.
  const changedElsewhere = content !== own.current;
  const unfinished = !('value' in places && isObject(places.value));
  useEffect(() => {
    if (!changedElsewhere || unfinished) return;
    own.current = content;
    setText(written(content));
  }, [content, changedElsewhere, unfinished]);

  const followed = useRef<number | null>(null);
  useEffect(() => {
    // Once, when it is made: later changes of the text are no reason to take the focus again.
    if (!wish || followed.current === wish.number) return;
    followed.current = wish.number;
    if (lines) showLine(area.current, lineOf(lines, wish.path));
  }, [wish, lines]);

  const type = (next: string) => {
    setText(next);
    const read = readPlaces(next);
    if (!('value' in read) || !isObject(read.value)) return;
    own.current = read.value;
    change(read.value);
  };

  return (
    <div className="json-editor">
      <div className="field">
        <label htmlFor={id}>The instrument as JSON</label>
        <textarea
          ref={area}
          id={id}
          rows={28}
          spellCheck={false}
          value={text}
          aria-describedby={`${id}-faults`}
          onChange={(event) => type(event.target.value)}
        />
      </div>
      {changedElsewhere && unfinished && (
        <div className="notice notice-bad" role="alert">
          <p className="notice-title">The instrument was changed beside this text</p>
          <p>This text is no instrument yet. Once it is, it counts instead of that change.</p>
          <p>
            <button type="button" className="button button-small" onClick={take}>
              Show the changed instrument instead
            </button>
          </p>
        </div>
      )}
      <div id={`${id}-faults`} role="status">
        {!lines && 'line' in places ? (
          <p className="field-error">
            Line {places.line}: {places.message} It is saved again once it is JSON.
          </p>
        ) : (
          <ul className="findings">
            {findings
              .filter(({ severity }) => severity === 'error')
              .slice(0, 20)
              .map((finding) => {
                const line = lines ? lineOf(lines, finding.path) : 1;
                return (
                  <li key={`${finding.path} ${finding.message}`}>
                    <button type="button" className="link-button" onClick={() => showLine(area.current, line)}>
                      Line {line}
                    </button>{' '}
                    <code>{finding.path}</code>: {finding.message}
                  </li>
                );
              })}
          </ul>
        )}
      </div>
    </div>
  );
}

/** Selects a line of the text and scrolls it into sight. */
function showLine(element: HTMLTextAreaElement | null, line: number): void {
  if (!element) return;
  const lines = element.value.split('\n');
  const start = lines.slice(0, line - 1).reduce((length, text) => length + text.length + 1, 0);
  element.focus();
  element.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
  element.scrollTop = (element.scrollHeight * (line - 4)) / lines.length;
}
