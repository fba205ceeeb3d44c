/** Which variable of one version stands for one of another, with its codes: a rule a line, added and removed. Used by `dataset-fields.tsx`. */
import type { StudyDetail } from '../../shared/api.ts';
import type { VariableMap } from '../../shared/datasets-api.ts';
import { Field, Select } from '../parts/form.tsx';
import { useRowKeys } from '../parts/use-row-keys.ts';
import { codesFrom, codesInWords } from './map-codes.ts';

interface MapFieldsProps {
  readonly administrations: StudyDetail['administrations'];
  readonly map: readonly VariableMap[];
  readonly change: (map: readonly VariableMap[]) => void;
  /** The server's objection to a part, by its path in the definition. */
  readonly about: (path: string) => string | null;
}

export function MapFields({ administrations, map, change, about }: MapFieldsProps) {
  const versions = [...new Set(administrations.map(({ instrument, version }) => `${instrument} ${version}`))].sort();
  const set = (at: number, more: Partial<VariableMap>) =>
    change(map.map((rule, index) => (index === at ? { ...rule, ...more } : rule)));
  const [first = ''] = versions;
  const { keys, drop } = useRowKeys(map.length);
  return (
    <fieldset className="choice">
      <legend>Versions that asked differently</legend>
      <p className="field-hint">
        A variable that changed between versions is refused until a rule says how it is to be read. Codes that are not
        named stay as they are.
      </p>
      {map.map((rule, at) => (
        <fieldset key={keys[at]} className="map-rule">
          <legend className="visually-hidden">Rule {at + 1}</legend>
          <Select
            label="In version"
            name={`map-${at}-version`}
            value={`${rule.instrument} ${rule.version}`}
            onChange={(chosen) => set(at, versionOf(chosen))}
            options={versions.map((value) => ({ value, title: value.replace(/ (\d+)$/, ', version $1') }))}
            error={about(`map.${at}.instrument`) ?? about(`map.${at}.version`)}
          />
          <Field
            label="the variable"
            name={`map-${at}-variable`}
            value={rule.variable}
            onChange={({ target }) => set(at, { variable: target.value.trim() })}
            error={about(`map.${at}.variable`)}
          />
          <Field
            label="stands for"
            name={`map-${at}-to`}
            value={rule.to}
            onChange={({ target }) => set(at, { to: target.value.trim() })}
            error={about(`map.${at}.to`)}
          />
          <CodesField
            at={at}
            codes={rule.codes}
            change={(codes) => set(at, { codes })}
            error={about(`map.${at}.codes`)}
          />
          <button
            type="button"
            className="button button-small"
            onClick={() => {
              drop(at);
              change(map.filter((_, index) => index !== at));
            }}
          >
            Remove<span className="visually-hidden"> rule {at + 1}</span>
          </button>
        </fieldset>
      ))}
      <button
        type="button"
        className="button button-small"
        disabled={first === ''}
        onClick={() => change([...map, { ...versionOf(first), variable: '', to: '', codes: {} }])}
      >
        Add a rule
      </button>
    </fieldset>
  );
}

function versionOf(chosen: string): Pick<VariableMap, 'instrument' | 'version'> {
  const space = chosen.lastIndexOf(' ');
  return { instrument: chosen.slice(0, space), version: Number(chosen.slice(space + 1)) };
}

/** What is typed stays as it is typed; what can be read of it goes into the definition. */
function CodesField(props: {
  at: number;
  codes: VariableMap['codes'];
  change: (codes: VariableMap['codes']) => void;
  error: string | null;
}) {
  const { at, codes, change, error } = props;
  return (
    <Field
      label="with its codes"
      name={`map-${at}-codes`}
      defaultValue={codesInWords(codes)}
      placeholder="1=5, 2=4"
      onChange={({ target }) => {
        const read = codesFrom(target.value);
        target.setCustomValidity(read === null ? 'Write each code as 1=5, with commas between them.' : '');
        if (read !== null) change(read);
      }}
      error={error}
    />
  );
}
