/** The fields of a dataset's definition. Used by `dataset.tsx`. */

import { idFrom } from '../../../instruments/ids.ts';
import type { StudyDetail } from '../../shared/api.ts';
import type { DatasetDefinition, DatasetLevel, DatasetTable } from '../../shared/datasets-api.ts';
import { Checks } from '../parts/checks.tsx';
import { Field, Select, TextArea, type Wrong } from '../parts/form.tsx';
import { ComplianceField } from './compliance-field.tsx';
import { MapFields } from './map-fields.tsx';
import { levelTexts, levelTitles, tableTitles } from './words.ts';

interface DatasetFieldsProps {
  readonly detail: StudyDetail;
  readonly isNew: boolean;
  readonly definition: DatasetDefinition;
  readonly change: (more: Partial<DatasetDefinition>) => void;
  readonly wrong: Wrong;
}

const contents = [
  { value: 'scores', title: 'Scale scores' },
  { value: 'flags', title: 'Signs of careless answering' },
  { value: 'paradata', title: 'Device and time taken' },
  { value: 'texts', title: "Answers in people's own words" },
  { value: 'partial', title: 'Responses of people who broke off' },
] as const;

export function DatasetFields({ detail, isNew, definition, change, wrong }: DatasetFieldsProps) {
  const { administrations } = detail;
  const named = definition.variables === 'all' ? '' : definition.variables.join('\n');
  const isDay = !['answered', 'allocated'].includes(definition.places);
  const about = (path: string) =>
    Object.entries(wrong).find(([name]) => name === path || name.startsWith(`${path}.`))?.[1] ?? null;
  return (
    <>
      <Field
        label="Title"
        name="title"
        required
        value={definition.title}
        onChange={({ target }) => change({ title: target.value, ...(isNew ? { name: idFrom(target.value) } : {}) })}
        error={about('title')}
      />
      {isNew && (
        <Field
          label="Name"
          name="name"
          required
          value={definition.name}
          onChange={({ target }) => change({ name: target.value })}
          hint="Stands in addresses and files, and stays: small letters, digits, hyphens."
          error={about('name')}
        />
      )}
      <Field
        label="What it is for"
        name="purpose"
        required
        value={definition.purpose}
        onChange={({ target }) => change({ purpose: target.value })}
        hint="Stands in the audit each time that it is taken away."
        error={about('purpose')}
      />
      <Checks
        legend="Administrations"
        options={administrations.map(({ id, title, wave }) => ({ value: id, title: `${title} (${wave})` }))}
        chosen={definition.administrations}
        choose={(chosen) => change({ administrations: chosen })}
        error={about('administrations')}
      />
      <Select
        label="Rows"
        name="rows"
        value={definition.rows}
        onChange={(rows) => change({ rows: rows === 'wide' ? 'wide' : 'long' })}
        options={[
          { value: 'long', title: 'Long: a row for each response' },
          { value: 'wide', title: 'Wide: a row for each person, waves side by side' },
        ]}
        error={about('rows')}
      />
      <Select
        label="Arm, cluster, school and role"
        name="places-kind"
        value={isDay ? 'day' : definition.places}
        onChange={(places) => change({ places: places === 'day' ? new Date().toISOString().slice(0, 10) : places })}
        options={[
          { value: 'answered', title: 'As each response was given' },
          { value: 'allocated', title: 'As allocated' },
          { value: 'day', title: 'As at a day' },
        ]}
      />
      {isDay && (
        <Field
          label="Day"
          name="places"
          type="date"
          required
          value={definition.places}
          onChange={({ target }) => change({ places: target.value })}
          error={about('places')}
        />
      )}
      <Checks
        legend="What it holds besides the variables"
        options={contents}
        chosen={contents.map(({ value }) => value).filter((value) => definition[value])}
        choose={(chosen) => change(Object.fromEntries(contents.map(({ value }) => [value, chosen.includes(value)])))}
        error={about('texts') ?? about('paradata')}
      />
      <TextArea
        label="Variables"
        name="variables"
        rows={3}
        value={named}
        onChange={(text) => {
          const names = text.split(/[\s,;]+/).filter((name) => name !== '');
          change({ variables: names.length === 0 ? 'all' : names });
        }}
        hint="Names as in the codebook, one in each line. Empty: all of them."
        error={about('variables')}
      />
      <MapFields
        administrations={administrations.filter(({ id }) => definition.administrations.includes(id))}
        map={definition.map}
        change={(map) => change({ map })}
        about={about}
      />
      <Checks
        legend="Tables beside it"
        options={Object.entries(tableTitles).map(([value, title]) => ({ value, title }))}
        chosen={definition.tables}
        choose={(chosen) => change({ tables: chosen as readonly DatasetTable[] })}
        error={about('tables')}
      />
      <ComplianceField
        compliance={definition.compliance}
        choose={(compliance) => change({ compliance })}
        error={about('compliance')}
      />
      <Select
        label="How much it tells of people"
        name="level"
        value={definition.level}
        onChange={(level) => change({ level: level as DatasetLevel })}
        hint={levelTexts[definition.level]}
        options={Object.entries(levelTitles).map(([value, title]) => ({ value, title }))}
        error={about('level')}
      />
      {definition.tables.includes('schools') && (
        <Field
          label="Fewest schools of one kind"
          name="k"
          type="number"
          min={2}
          max={50}
          required
          value={definition.k}
          onChange={({ target }) => change({ k: Number(target.value) })}
          hint="Fewer schools with the same arm, phase, pupils and disadvantage are pointed out."
          error={about('k')}
        />
      )}
    </>
  );
}
