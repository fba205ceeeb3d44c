/** The fields of a source: an instrument, a list of entries in it, which of them, and where their day and school stand. */
import { type ReactNode, useId, useState } from 'react';
import { Field, Select, TextArea, type Wrong } from '../../parts/form.tsx';
import type { Fields } from './part-words.ts';
import { type Named, type Readable, useInstruments, useReadable } from './use-readable.ts';

interface SourceProps {
  readonly field: string;
  readonly was: Fields;
  readonly wrong: Wrong;
  /** Offers no instrument at all, in these words. */
  readonly none?: string;
  /** Fields that need what the instrument has; not shown while there is none. */
  readonly children?: (readable: Readable) => ReactNode;
}

export function SourceFields({ field, was, wrong, none, children }: SourceProps) {
  const instruments = useInstruments();
  const [instrument, setInstrument] = useState(was[`${field}.instrument`] ?? '');
  const [table, setTable] = useState(was[`${field}.table`] ?? '');
  const readable = useReadable(instrument, table);
  const props = (name: string) => ({
    name: `${field}.${name}`,
    defaultValue: was[`${field}.${name}`] ?? '',
    error: wrong[`${field}.${name}`] ?? null,
  });
  const known = new Map(instruments.map(({ id, title }) => [id, title]));
  const tables = new Map(readable.tables.map(({ name, label }) => [name, `${name}: ${label}`]));
  const withCurrent = (options: Map<string, string>, current: string) =>
    [...(current === '' || options.has(current) ? options : new Map([...options, [current, current]]))].map(
      ([value, title]) => ({ value, title }),
    );
  return (
    <>
      <Select
        label="Instrument"
        name={`${field}.instrument`}
        value={instrument}
        onChange={setInstrument}
        error={wrong[`${field}.instrument`] ?? null}
        options={[{ value: '', title: none ?? 'Choose one' }, ...withCurrent(known, instrument)]}
      />
      {instrument !== '' && (
        <>
          <Select
            label="List of entries"
            name={`${field}.table`}
            value={table}
            onChange={setTable}
            error={wrong[`${field}.table`] ?? null}
            options={[{ value: '', title: 'The response itself' }, ...withCurrent(tables, table)]}
          />
          <TextArea
            label="Which entries"
            rows={3}
            hint="One condition a line, like ev_kind = 2 or ev_days 1 to 2. Empty: all."
            {...props('where')}
          />
          <VariableField
            label="Variable with the day"
            hint="Empty: the day on which the response came."
            offers={readable.responses}
            {...props('day')}
          />
          <VariableField
            label="Variable with the school"
            hint="Empty: the place of the response."
            offers={readable.responses}
            {...props('school')}
          />
          {children?.(readable)}
        </>
      )}
    </>
  );
}

interface VariableProps {
  readonly label: string;
  readonly name: string;
  readonly hint?: string;
  readonly defaultValue: string;
  readonly error: string | null;
  readonly offers: readonly Named[];
}

/** A variable by its name; the browser offers those that there are. */
export function VariableField({ offers, ...field }: VariableProps) {
  const id = useId();
  return (
    <div>
      <Field {...field} list={id} autoComplete="off" autoCapitalize="none" spellCheck={false} />
      <datalist id={id}>
        {offers.map(({ name, label }) => (
          <option key={name} value={name}>
            {label}
          </option>
        ))}
      </datalist>
    </div>
  );
}
