/** Whether a dataset has compliance beside its schools and clusters, and as at which day. Used by `dataset-fields.tsx`. */
import type { DatasetDefinition } from '../../shared/datasets-api.ts';
import { Field, Select } from '../parts/form.tsx';

interface ComplianceFieldProps {
  readonly compliance: DatasetDefinition['compliance'];
  readonly choose: (compliance: DatasetDefinition['compliance']) => void;
  readonly error: string | null;
}

export function ComplianceField({ compliance, choose, error }: ComplianceFieldProps) {
  const isDay = typeof compliance === 'string';
  return (
    <>
      <Select
        label="Compliance of schools and clusters"
        name="compliance-kind"
        value={isDay ? 'day' : compliance ? 'end' : 'none'}
        onChange={(kind) => choose(kind === 'day' ? '' : kind === 'end')}
        hint="Who complied with the programme, by the dated rule of the published fidelity model: two columns in the tables of schools and clusters."
        options={[
          { value: 'none', title: 'Leave it out' },
          { value: 'end', title: 'As at the last day of the programme' },
          { value: 'day', title: 'As at a day' },
        ]}
        error={isDay ? null : error}
      />
      {isDay && (
        <Field
          label="Last day to look at"
          name="compliance"
          type="date"
          required
          value={compliance}
          onChange={({ target }) => choose(target.value)}
          error={error}
        />
      )}
    </>
  );
}
