/** Any number of a few things, each with a box to tick; long lists scroll and can be searched by the browser. */
import { useId } from 'react';

interface ChecksProps {
  readonly legend: string;
  readonly options: readonly { readonly value: string; readonly title: string }[];
  readonly chosen: readonly string[];
  readonly choose: (chosen: readonly string[]) => void;
  readonly hint?: string;
  readonly disabled?: boolean;
  readonly error?: string | null;
}

export function Checks({ legend, options, chosen, choose, hint, error, disabled = false }: ChecksProps) {
  const id = useId();
  return (
    <fieldset className="choice checks" disabled={disabled} {...(error ? { 'aria-describedby': `${id}-error` } : {})}>
      <legend>{legend}</legend>
      {hint && <p className="field-hint">{hint}</p>}
      {error && (
        <p className="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
      <div className="checks-list">
        {options.map(({ value, title }) => (
          <div key={value} className="choice-option">
            <input
              type="checkbox"
              id={`${id}-${value}`}
              checked={chosen.includes(value)}
              onChange={({ target }) =>
                choose(target.checked ? [...chosen, value] : chosen.filter((one) => one !== value))
              }
            />
            <label htmlFor={`${id}-${value}`}>{title}</label>
          </div>
        ))}
      </div>
    </fieldset>
  );
}
