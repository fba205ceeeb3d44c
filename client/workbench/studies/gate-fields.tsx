/** The aggregation gate in a study's form: when a mean of staff may stand for their school. */
import type { AggregationGate } from '../../../instruments/study.ts';
import { Field, type Wrong } from '../parts/form.tsx';

export function GateFields({ gate, wrong }: { gate: AggregationGate; wrong: Wrong }) {
  return (
    <fieldset className="choice">
      <legend>When a mean of staff may stand for their school</legend>
      <Field
        label="ICC(1) at least"
        name="icc1"
        type="number"
        min={-1}
        max={1}
        step="any"
        defaultValue={gate.icc1}
        error={wrong['gate.icc1'] ?? null}
      />
      <Field
        label="ICC(2) at least"
        name="icc2"
        type="number"
        min={-100}
        max={1}
        step="any"
        defaultValue={gate.icc2}
        error={wrong['gate.icc2'] ?? null}
      />
      <Field
        label="rwg(j) at least"
        name="rwgJ"
        type="number"
        min={0}
        max={1}
        step="any"
        defaultValue={gate.rwgJ}
        error={wrong['gate.rwgJ'] ?? null}
      />
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
