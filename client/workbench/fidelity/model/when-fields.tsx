/** The fields of a day: of the calendar, or counted from a wave or from the cycle. Used by the forms of cycles and components. */
import { useState } from 'react';
import type { Wave } from '../../../../instruments/study.ts';
import { Field, Select, type Wrong } from '../../parts/form.tsx';
import type { Fields } from './part-words.ts';

interface WhenProps {
  readonly legend: string;
  readonly field: string;
  readonly was: Fields;
  readonly wrong: Wrong;
  readonly waves: readonly Wave[];
  /** Whether it may be counted from the cycle: a cycle itself may not. */
  readonly inCycle: boolean;
  /** What it is counted from when nothing is said yet. */
  readonly start: string;
}

export function WhenFields({ legend, field, was, wrong, waves, inCycle, start: usual }: WhenProps) {
  const [start, setStart] = useState(was[`${field}.start`] ?? usual);
  const cycle = [
    { value: 'cycle begins', title: 'the day on which the cycle begins' },
    { value: 'cycle ends', title: 'the day on which the cycle ends' },
  ];
  const options = [
    ...(inCycle ? cycle : []),
    ...waves.flatMap(({ id, title }) => [
      { value: `wave ${id} opens`, title: `the day on which ${title} opens` },
      { value: `wave ${id} closes`, title: `the day on which ${title} closes` },
    ]),
    { value: 'day', title: 'a day of the calendar' },
  ];
  const known = options.some(({ value }) => value === start);
  // A wave that this study has not is kept as it is, for the server to say.
  const lost = { value: start, title: `${start.replace(/^wave /, '')} (not in this study)` };
  return (
    <fieldset className="choice when-fields">
      <legend>{legend}</legend>
      <div className="field-pair">
        <Select
          label="Counted from"
          name={`${field}.start`}
          value={start}
          onChange={setStart}
          options={known ? options : [...options, lost]}
          error={wrong[`${field}.start`] ?? null}
        />
        {start === 'day' ? (
          <Field
            key="day"
            label="Day"
            name={`${field}.day`}
            type="date"
            defaultValue={was[`${field}.day`] ?? ''}
            error={wrong[`${field}.day`] ?? null}
          />
        ) : (
          <Field
            key="days"
            label="Days later"
            name={`${field}.days`}
            type="number"
            step={1}
            defaultValue={was[`${field}.days`] ?? '0'}
            error={wrong[`${field}.days`] ?? null}
          />
        )}
      </div>
    </fieldset>
  );
}
