/** The aggregation gate in a study's form: when a mean of staff may stand for their school. */
import type { AggregationGate } from '../../../instruments/study.ts';
import { Field, type Wrong } from '../parts/form.tsx';

const figures = [
  { name: 'icc1', label: 'ICC(1)', min: -1 },
  { name: 'icc2', label: 'ICC(2)', min: -100 },
  { name: 'rwgJ', label: 'rwg(j)', min: 0 },
] as const;

export function GateFields({ gate, wrong }: { gate: AggregationGate; wrong: Wrong }) {
  return (
    <fieldset className="choice">
      <legend>When a mean of staff may stand for their school</legend>
      {figures.map(({ name, label, min }) => (
        <Field
          key={name}
          label={`${label} at least`}
          name={name}
          type="number"
          min={min}
          max={1}
          step="any"
          defaultValue={gate[name]}
          error={wrong[`gate.${name}`] ?? null}
        />
      ))}
      <Field
        label="People in a school at least"
        name="minimumGroup"
        type="number"
        min={1}
        max={100}
        defaultValue={gate.minimumGroup}
        hint="Reports show a school mean only where all four are reached, and say so elsewhere."
        error={wrong.minimumGroup ?? wrong['gate.minimumGroup'] ?? null}
      />
    </fieldset>
  );
}
