/** What stands around the form of an instrument: its title, whose wording it is, and where it comes from. */
import { type PermissionRecord, type Source, subjects } from '../../../../instruments/instrument.ts';
import { isObject } from '../../../../instruments/json.ts';
import type { DraftContent } from '../../../shared/instruments-api.ts';
import { Field, Select, TextArea } from '../../parts/form.tsx';
import { useRowKeys } from '../../parts/use-row-keys.ts';
import { permissionTitles, subjectTitles } from '../words.ts';
import { textOf } from './content.ts';

interface Props {
  readonly content: DraftContent;
  change(next: DraftContent): void;
}

const statuses = Object.entries(permissionTitles).map(([value, title]) => ({ value, title }));

export function DetailsPanel({ content, change }: Props) {
  const permission = isObject(content.permission) ? content.permission : {};
  const setPermission = (part: Partial<PermissionRecord>) =>
    change({ ...content, permission: { holder: '', status: 'missing', note: '', ...permission, ...part } });
  const sources = (Array.isArray(content.sources) ? content.sources.filter(isObject) : []).map((source) => ({
    reference: textOf(source.reference),
    ...(typeof source.url === 'string' ? { url: source.url } : {}),
    use: textOf(source.use),
  }));
  const { keys, drop } = useRowKeys(sources.length);
  const setSource = (position: number, next: Source | null) =>
    change({ ...content, sources: sources.flatMap((one, at) => (at === position ? (next ? [next] : []) : [one])) });
  return (
    <div className="stack">
      <section className="card form" aria-label="The instrument">
        <h3>The instrument</h3>
        <Field
          label="Title of the instrument"
          name="title"
          value={textOf(content.title)}
          onChange={(event) => change({ ...content, title: event.target.value })}
        />
        <TextArea
          label="Description"
          name="description"
          rows={3}
          value={textOf(content.description)}
          onChange={(description) => change({ ...content, description })}
        />
        <Select
          label="Whom a response speaks for"
          name="subject"
          value={textOf(content.subject)}
          onChange={(subject) => change({ ...content, subject })}
          options={subjects.map((value) => ({ value, title: subjectTitles[value] }))}
        />
      </section>
      <section className="card form" aria-label="Permission">
        <h3>Permission</h3>
        <p className="soft">Whose wording it is. It can be published when they have agreed, or need not be asked.</p>
        <Field
          label="Holder of the rights"
          name="holder"
          value={textOf(permission.holder)}
          onChange={(event) => setPermission({ holder: event.target.value })}
        />
        <Select
          label="State of the permission"
          name="status"
          value={textOf(permission.status)}
          onChange={(status) => setPermission({ status: status as PermissionRecord['status'] })}
          options={statuses}
        />
        <TextArea
          label="Note on the permission"
          name="note"
          rows={2}
          value={textOf(permission.note)}
          onChange={(note) => setPermission({ note })}
        />
      </section>
      <section className="card form" aria-label="Sources">
        <h3>Sources</h3>
        {sources.map((source, position) => (
          <fieldset key={keys[position]} className="form">
            <legend>Source {position + 1}</legend>
            <Field
              label="Reference"
              name="reference"
              value={source.reference}
              onChange={(event) => setSource(position, { ...source, reference: event.target.value })}
            />
            <Field
              label="How it is used"
              name="use"
              value={source.use}
              onChange={(event) => setSource(position, { ...source, use: event.target.value })}
            />
            <p>
              <button
                type="button"
                className="button button-small"
                onClick={() => {
                  drop(position);
                  setSource(position, null);
                }}
              >
                Remove source {position + 1}
              </button>
            </p>
          </fieldset>
        ))}
        <p>
          <button
            type="button"
            className="button button-small"
            onClick={() => change({ ...content, sources: [...sources, { reference: '', use: '' }] })}
          >
            Add a source
          </button>
        </p>
      </section>
    </div>
  );
}
