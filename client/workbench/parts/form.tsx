/** Form fields with what goes with them: label, rule said beforehand, and the server's objection beside the field. */
import { type FormEvent, type InputHTMLAttributes, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import type { Issue } from '../../../instruments/instrument.ts';
import type { ApiProblem } from '../../shared/http.ts';
import { ProblemView, problemOf } from './loaded.tsx';

interface FieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'id' | 'className'> {
  readonly label: string;
  readonly name: string;
  readonly hint?: string;
  readonly error?: string | null;
}

export function Field({ label, hint, error, ...input }: FieldProps) {
  const id = useId();
  const described = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ');
  return (
    <div className={error ? 'field field-wrong' : 'field'}>
      <label htmlFor={id}>{label}</label>
      {hint && (
        <p className="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p className="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
      <input
        {...input}
        id={id}
        {...(described ? { 'aria-describedby': described } : {})}
        {...(error ? { 'aria-invalid': true } : {})}
      />
    </div>
  );
}

interface TextProps {
  readonly label: string;
  readonly name: string;
  readonly defaultValue?: string;
  readonly value?: string;
  readonly rows?: number;
  readonly hint?: string;
  readonly error?: string | null;
  readonly onChange?: (value: string) => void;
}

/** Several lines of text. */
export function TextArea({ label, hint, error, rows = 4, onChange, ...rest }: TextProps) {
  const id = useId();
  const described = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ');
  return (
    <div className={error ? 'field field-wrong' : 'field'}>
      <label htmlFor={id}>{label}</label>
      {hint && (
        <p className="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p className="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
      <textarea
        {...rest}
        id={id}
        rows={rows}
        {...(described ? { 'aria-describedby': described } : {})}
        {...(error ? { 'aria-invalid': true } : {})}
        {...(onChange ? { onChange: (event) => onChange(event.target.value) } : {})}
      />
    </div>
  );
}

interface SelectProps {
  readonly label: string;
  readonly name: string;
  readonly value?: string;
  readonly defaultValue?: string;
  readonly hint?: string;
  readonly error?: string | null;
  readonly disabled?: boolean;
  readonly onChange?: (value: string) => void;
  readonly options: readonly { readonly value: string; readonly title: string }[];
}

export function Select({ label, name, hint, error, options, onChange, ...rest }: SelectProps) {
  const id = useId();
  const described = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ');
  return (
    <div className={error ? 'field field-wrong' : 'field'}>
      <label htmlFor={id}>{label}</label>
      {hint && (
        <p className="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p className="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
      <select
        {...rest}
        id={id}
        name={name}
        {...(described ? { 'aria-describedby': described } : {})}
        {...(error ? { 'aria-invalid': true } : {})}
        {...(onChange ? { onChange: (event) => onChange(event.target.value) } : {})}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.title}
          </option>
        ))}
      </select>
    </div>
  );
}

interface ChoiceProps {
  readonly legend: string;
  readonly name: string;
  readonly defaultValue: string;
  readonly options: readonly { readonly value: string; readonly title: string; readonly text: string }[];
}

/** One of a few, each with a line that says what it means. */
export function Choice({ legend, name, defaultValue, options }: ChoiceProps) {
  const id = useId();
  return (
    <fieldset className="choice">
      <legend>{legend}</legend>
      {options.map((option) => (
        <div key={option.value} className="choice-option">
          <input
            type="radio"
            id={`${id}-${option.value}`}
            name={name}
            value={option.value}
            defaultChecked={option.value === defaultValue}
            aria-describedby={`${id}-${option.value}-text`}
          />
          <label htmlFor={`${id}-${option.value}`}>{option.title}</label>
          <p id={`${id}-${option.value}-text`} className="field-hint">
            {option.text}
          </p>
        </div>
      ))}
    </fieldset>
  );
}

export type Wrong = Readonly<Record<string, string>>;

interface FormProps {
  readonly submit: string;
  /** Checks before sending: messages by field name; empty when all is well. */
  readonly check?: (values: Readonly<Record<string, string>>) => Wrong;
  /** Sends; a rejection is shown above the fields, its issues beside them. */
  readonly send: (values: Readonly<Record<string, string>>) => Promise<unknown>;
  /** Stays filled in after sending. */
  readonly keeps?: boolean;
  /** What is known to be wrong when the form opens. */
  readonly known?: readonly Issue[];
  /** The field that the path of an issue is about; null for none. Without it a path like `body.email` is about `email`. */
  readonly fieldOf?: (path: string, fields: readonly string[]) => string | null;
  readonly children: (wrong: Wrong) => ReactNode;
}

/** A form that is sent once at a time, moves the focus to the first wrong field, and empties itself on success. */
export function Form({ submit, check, send, keeps = false, known = [], fieldOf = bodyField, children }: FormProps) {
  const form = useRef<HTMLFormElement>(null);
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<Wrong>({});
  const [problem, setProblem] = useState<ApiProblem | null>(null);

  // What is known is told once, when the form opens; its fields are there only once it has been drawn.
  const opening = useRef({ known, fieldOf });
  useEffect(() => {
    const told = opening.current;
    if (told.known.length > 0) setWrong(besideOf(told.known, told.fieldOf, namesIn(form.current)));
  }, []);

  // Once the messages stand beside their fields, so that a screen reader reads both.
  useEffect(() => {
    const first = [...(form.current?.elements ?? [])].find(
      (element) => isField(element) && element.type !== 'hidden' && element.name in wrong,
    );
    if (first instanceof HTMLElement) first.focus();
  }, [wrong]);

  const submitForm = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const entries = [...new FormData(event.currentTarget).entries()];
    const values = Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
    const found = check?.(values) ?? {};
    setWrong(found);
    setProblem(null);
    if (Object.keys(found).length > 0) return;
    setBusy(true);
    try {
      await send(values);
      if (!keeps) form.current?.reset();
    } catch (error) {
      const refused = problemOf(error);
      const fields = namesIn(form.current);
      const beside = besideOf(refused.issues, fieldOf, fields);
      // What stands beside its field need not stand above the form as well.
      const told = refused.issues.length > 0 && Object.keys(beside).every((name) => fields.includes(name));
      setProblem(told ? null : refused);
      setWrong(beside);
    } finally {
      setBusy(false);
    }
  };

  return (
    <form ref={form} className="form" noValidate onSubmit={(event) => void submitForm(event)}>
      {problem && <ProblemView error={problem} />}
      {children(wrong)}
      <div>
        <button type="submit" className="button button-main" disabled={busy}>
          {busy ? 'One moment…' : submit}
        </button>
      </div>
    </form>
  );
}

const namesIn = (form: HTMLFormElement | null) =>
  [...(form?.elements ?? [])].flatMap((element) => element.getAttribute('name') ?? []);

const isField = (element: Element): element is HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement =>
  element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement;

/** Paths of a refused request look like `body.email`. */
const bodyField = (path: string) => path.replace(/^body\./, '');

/** Issues by field; what is about no field is kept under its own path. */
function besideOf(issues: readonly Issue[], fieldOf: NonNullable<FormProps['fieldOf']>, fields: readonly string[]) {
  const beside: Record<string, string> = {};
  for (const { path, message } of issues) {
    const field = fieldOf(path, fields) ?? path;
    const before = beside[field];
    if (!before?.includes(message)) beside[field] = before ? `${before} ${message}` : message;
  }
  return beside;
}

/** The rule for passwords, said before one is chosen. */
export const passwordRule =
  'At least 12 characters, and nothing easily guessed. Three or four unrelated words are good.';
export const passwordMinimum = 12;

/** A new password given twice; messages by field name. */
export function checkNewPassword(password: string, again: string, name = 'password'): Wrong {
  const wrong: Record<string, string> = {};
  if ([...password].length < passwordMinimum) wrong[name] = `Give at least ${passwordMinimum} characters.`;
  else if (password !== again) wrong.again = 'The two passwords are not the same. Give the second one again.';
  return wrong;
}
