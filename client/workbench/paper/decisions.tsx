/** Where two entries of a form differ: each field with both values, a decision on it, and the record. Used by `form.tsx`. */
import { useState } from 'react';
import type { CompiledInstrument } from '../../../instruments/compile.ts';
import { cellAt, type PaperCell } from '../../../instruments/paper-entry/cells.ts';
import { fieldsOf, type PaperField } from '../../../instruments/paper-entry/fields.ts';
import { allowedWords, isWords, readTyped } from '../../../instruments/paper-entry/typing.ts';
import { counted, formatInstant } from '../../shared/format.ts';
import type { PaperDecision, PaperDetail, paperForm } from '../../shared/paper-api.ts';
import { announce } from '../parts/announce.tsx';
import { Field, TextArea } from '../parts/form.tsx';
import { ProblemView } from '../parts/loaded.tsx';
import { ScrollRegion } from '../parts/scroll-region.tsx';
import { cellText, fieldTitle } from './words.ts';

interface DecisionsProps {
  readonly form: PaperDetail;
  readonly compiled: CompiledInstrument;
  readonly steps: ReturnType<typeof paperForm>;
  readonly changed: (form: PaperDetail) => void;
}

export function Decisions({ form, compiled, steps, changed }: DecisionsProps) {
  const [error, setError] = useState<unknown>(null);
  const { comparison } = form;
  if (!comparison) return null;
  const { open, settled, differences, issues } = comparison;
  const asked = fieldsOf(compiled, settled);
  const concerned = new Set([
    ...open,
    ...differences.map(({ key }) => key),
    ...issues.map(({ path }) => path),
    ...form.decisions.map(({ key }) => key),
  ]);
  const shown = asked.filter(({ key }) => concerned.has(key));
  const closed = differences.filter(({ key }) => !asked.some((field) => field.key === key));
  const send = async () => {
    setError(null);
    try {
      changed(await steps.send());
      announce('The answers are taken.');
    } catch (reason) {
      setError(reason);
    }
  };
  return (
    <>
      <p className="measure">
        Fields that differ: {form.differ ?? 0} of {form.compared ?? 0}. Look at the form, and decide what stands there.
        Each decision is kept with your name.
      </p>
      {shown.map((field) => (
        <DecisionForm
          key={field.key}
          field={field}
          first={differences.find(({ key }) => key === field.key)?.first ?? null}
          second={differences.find(({ key }) => key === field.key)?.second ?? null}
          last={form.decisions.findLast(({ key }) => key === field.key) ?? null}
          settled={cellAt(settled, field.key)}
          issue={issues.find(({ path }) => path === field.key)?.message ?? null}
          keep={async (choice, value, note) => {
            changed(await steps.decide({ revision: form.revision, key: field.key, choice, value, note }));
            announce('The decision is kept.');
          }}
        />
      ))}
      {closed.length > 0 && (
        <p className="soft">Not asked after what is decided so far: {closed.map(({ key }) => key).join(', ')}.</p>
      )}
      {error !== null && <ProblemView error={error} />}
      <p role="status">
        {open.length > 0
          ? `${counted(open.length, 'field')} still to decide.`
          : 'Everything is decided. The answers can be taken.'}
      </p>
      <p>
        <button
          type="button"
          className="button button-main"
          aria-disabled={open.length > 0}
          onClick={() => open.length === 0 && void send()}
        >
          Take the answers
        </button>
      </p>
    </>
  );
}

interface DecisionFormProps {
  readonly field: PaperField;
  readonly first: PaperCell | null;
  readonly second: PaperCell | null;
  readonly last: PaperDecision | null;
  readonly settled: PaperCell | undefined;
  readonly issue: string | null;
  readonly keep: (choice: PaperDecision['choice'], value: PaperCell | undefined, note: string) => Promise<void>;
}

function DecisionForm({ field, first, second, last, settled, issue, keep }: DecisionFormProps) {
  const [choice, setChoice] = useState<PaperDecision['choice'] | null>(last?.choice ?? null);
  const [text, setText] = useState('');
  const [note, setNote] = useState('');
  const [wrong, setWrong] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const options = [
    ...(first === null ? [] : [{ value: 'first' as const, title: `First entry: ${cellText(first, field)}` }]),
    ...(second === null ? [] : [{ value: 'second' as const, title: `Second entry: ${cellText(second, field)}` }]),
    { value: 'other' as const, title: 'Something else' },
  ];
  const press = async () => {
    setWrong(null);
    setError(null);
    if (choice === null) return setWrong('Choose what stands on the form.');
    const typed = choice === 'other' ? readTyped(field, text) : null;
    if (typed && typed.state !== 'whole') {
      return setWrong(typed.state === 'wrong' ? typed.why : `Type what stands there: ${allowedWords(field)}.`);
    }
    try {
      await keep(choice, typed?.cell, note.trim());
      setNote('');
    } catch (reason) {
      setError(reason);
    }
  };
  return (
    <form
      className="card paper-decision"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void press();
      }}
    >
      <fieldset className="choice">
        <legend>
          <code>{field.name}</code> {fieldTitle(field)}
        </legend>
        {options.map(({ value, title }) => (
          <div key={value} className="choice-option">
            <input
              type="radio"
              id={`${field.key}-${value}`}
              name={`choice-${field.key}`}
              checked={choice === value}
              onChange={() => setChoice(value)}
            />
            <label htmlFor={`${field.key}-${value}`}>{title}</label>
          </div>
        ))}
      </fieldset>
      {choice === 'other' &&
        (field.kind === 'lines' ? (
          <TextArea label="What stands there" name="value" value={text} onChange={setText} error={wrong} />
        ) : (
          <Field
            label="What stands there"
            name="value"
            autoComplete="off"
            value={text}
            hint={
              isWords(field)
                ? 'As it is written.'
                : `${allowedWords(field)}; or b for left blank, i for illegible, t for two ticks, n for not possible.`
            }
            error={wrong}
            onChange={(event) => setText(event.target.value)}
          />
        ))}
      {choice !== 'other' && wrong && <p className="field-error">{wrong}</p>}
      {issue && <p className="field-error">{issue}</p>}
      <Field
        label="Note"
        name="note"
        value={note}
        maxLength={1000}
        hint="Where wanted: why. No names."
        onChange={(event) => setNote(event.target.value)}
      />
      {error !== null && <ProblemView error={error} />}
      <div className="page-actions">
        <button type="submit" className="button">
          {last ? 'Change the decision' : 'Keep the decision'}
          <span className="visually-hidden"> on {field.name}</span>
        </button>
        {settled !== undefined && <span className="mark mark-open">Decided: {cellText(settled, field)}</span>}
      </div>
    </form>
  );
}

/** Who decided what, for good. */
export function DecisionRecord({ form, compiled }: { form: PaperDetail; compiled: CompiledInstrument }) {
  const { variables, tables } = compiled.codebook;
  const labelOf = (key: string) => {
    const [table, entry, column] = key.split('/');
    if (column === undefined) return variables.find(({ name }) => name === key)?.label ?? key;
    const label = tables.find(({ name }) => name === table)?.variables.find(({ name }) => name === column)?.label;
    return `Entry ${entry}: ${label ?? column}`;
  };
  if (form.decisions.length === 0) return null;
  return (
    <section className="card" aria-labelledby="paper-record">
      <h3 id="paper-record">Record of decisions</h3>
      <ScrollRegion label="Record of decisions">
        <table>
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">First entry</th>
              <th scope="col">Second entry</th>
              <th scope="col">Decided</th>
              <th scope="col">By</th>
              <th scope="col">Note</th>
            </tr>
          </thead>
          <tbody>
            {form.decisions.map((decision) => (
              <tr key={`${decision.key} ${decision.at}`}>
                <th scope="row">
                  <code>{decision.key}</code> {labelOf(decision.key)}
                </th>
                <td>{decision.first === undefined ? 'Not kept' : cellText(decision.first, undefined)}</td>
                <td>{decision.second === undefined ? 'Not kept' : cellText(decision.second, undefined)}</td>
                <td>{decision.value === undefined ? decision.choice : cellText(decision.value, undefined)}</td>
                <td>
                  {decision.by}, {formatInstant(decision.at)}
                </td>
                <td>{decision.note}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </section>
  );
}
