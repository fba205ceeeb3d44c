/** /studies/new and /studies/:study/edit: what a study says of itself. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useId, useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { idFrom } from '../../../instruments/ids.ts';
import { type Arm, type Study, usualClusterSize, usualGate, type Wave } from '../../../instruments/study.ts';
import { createStudy, editStudy, getStudy, type StudyEdit } from '../../shared/api.ts';
import { studiesKey, studyKey } from '../keys.ts';
import { announce } from '../parts/announce.tsx';
import { Field, Form, Select, type Wrong } from '../parts/form.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { NotYours } from '../parts/not-yours.tsx';
import { Page } from '../parts/page.tsx';
import { useMay } from '../session.tsx';
import { GateFields } from './gate-fields.tsx';

const studiesCrumb = { to: '/', title: 'Studies' };

export function NewStudyPage() {
  const mayCreate = useMay('study.create');
  const navigate = useNavigate();
  const client = useQueryClient();
  return (
    <Page
      title="New study"
      crumbs={[studiesCrumb]}
      lead={<p>Its schools and people come next, on screen or by file.</p>}
    >
      {mayCreate ? (
        <StudyForm
          study={null}
          submit="Make the study"
          send={async (id, values) => {
            await createStudy({ ...values, id });
            announce('The study has been made.');
            await client.invalidateQueries({ queryKey: studiesKey, exact: true });
            await navigate(`/studies/${id}`);
          }}
        />
      ) : (
        <NotYours title="Studies are made by evaluators">Ask an administrator of this installation.</NotYours>
      )}
    </Page>
  );
}

export function EditStudyPage() {
  const { study: id = '' } = useParams();
  const mayManage = useMay('study.manage', id);
  const navigate = useNavigate();
  const client = useQueryClient();
  const query = useQuery({ queryKey: studyKey(id), queryFn: () => getStudy(id) });
  return (
    <Loaded query={query} what="the study" heading="Edit the study">
      {({ study }) => (
        <Page title="Edit the study" crumbs={[studiesCrumb, { to: `/studies/${id}`, title: study.title }]}>
          {mayManage ? (
            <StudyForm
              study={study}
              submit="Save"
              send={async (_id, values) => {
                await editStudy(id, values);
                announce('The study has been saved.');
                await client.invalidateQueries({ queryKey: studiesKey });
                await navigate(`/studies/${id}`);
              }}
            />
          ) : (
            <NotYours title="Studies are edited by evaluators">Ask an owner or evaluator of this study.</NotYours>
          )}
        </Page>
      )}
    </Loaded>
  );
}

interface StudyFormProps {
  readonly study: Study | null;
  readonly submit: string;
  readonly send: (id: string, values: StudyEdit) => Promise<unknown>;
}

interface Line<T> {
  readonly key: number;
  readonly value: T;
}

function StudyForm({ study, submit, send }: StudyFormProps) {
  const [title, setTitle] = useState(study?.title ?? '');
  const [id, setId] = useState<string | null>(null);
  const description = useId();
  const [arms, setArms] = useLines<Arm>(
    study?.arms ?? [
      { id: 'intervention', title: 'Intervention schools', kind: 'intervention' },
      { id: 'comparison', title: 'Comparison schools', kind: 'comparison' },
    ],
  );
  const [waves, setWaves] = useLines<Wave>(
    study?.waves ?? [{ id: 'baseline', title: 'Baseline', opens: '', closes: '' }],
  );
  const shownId = study?.id ?? id ?? idFrom(title);
  const { least, most } = study?.clusterSize ?? usualClusterSize;
  const gate = study?.gate ?? usualGate;
  const valuesOf = (given: Readonly<Record<string, string>>): StudyEdit => {
    const text = (name: string) => (given[name] ?? '').trim();
    return {
      title: text('title'),
      description: text('description'),
      timeZone: text('timeZone'),
      minimumCell: Number(text('minimumCell')),
      clusterSize: { least: Number(text('least')), most: Number(text('most')) },
      gate: {
        icc1: Number(text('icc1')),
        icc2: Number(text('icc2')),
        rwgJ: Number(text('rwgJ')),
        minimumGroup: Number(text('minimumGroup')),
      },
      arms: arms.map(({ key, value }) => ({
        id: value.id || idFrom(text(`arm-title-${key}`)),
        title: text(`arm-title-${key}`),
        kind: text(`arm-kind-${key}`) === 'comparison' ? 'comparison' : 'intervention',
      })),
      waves: waves.map(({ key, value }) => ({
        id: value.id || idFrom(text(`wave-title-${key}`)),
        title: text(`wave-title-${key}`),
        opens: text(`wave-opens-${key}`),
        closes: text(`wave-closes-${key}`),
      })),
      ...(study?.schoolColumns ? { schoolColumns: study.schoolColumns } : {}),
    };
  };
  return (
    <div className="card card-narrow">
      <Form submit={submit} check={checkStudy} send={(given) => send(shownId, valuesOf(given))}>
        {(wrong) => (
          <>
            <Field
              label="Title"
              name="title"
              required
              value={title}
              onChange={(event) => setTitle(event.target.value)}
              error={wrong.title ?? null}
            />
            {!study && (
              <Field
                label="Id"
                name="id"
                required
                value={shownId}
                onChange={(event) => setId(event.target.value)}
                hint="Stands in addresses and files, and stays: small letters, digits, hyphens."
                error={wrong.id ?? null}
              />
            )}
            <div className="field">
              <label htmlFor={description}>Description</label>
              <textarea id={description} name="description" rows={4} defaultValue={study?.description ?? ''} />
            </div>
            <Field
              label="Time zone"
              name="timeZone"
              required
              defaultValue={study?.timeZone ?? 'Europe/London'}
              hint="First and last days are meant in this time zone, like Europe/London."
              error={wrong.timeZone ?? null}
            />
            <Field
              label="Smallest number of people shown"
              name="minimumCell"
              type="number"
              min={1}
              max={50}
              defaultValue={study?.minimumCell ?? 5}
              hint="Readers without the right to single answers see no figure that stands for fewer people."
              error={wrong.minimumCell ?? null}
            />
            <fieldset className="choice">
              <legend>Schools in a cluster</legend>
              <Field label="At least" name="least" type="number" min={1} max={100} defaultValue={least} />
              <Field
                label="At most"
                name="most"
                type="number"
                min={1}
                max={100}
                defaultValue={most}
                error={wrong.most ?? wrong['clusterSize.most'] ?? null}
              />
            </fieldset>
            <GateFields gate={gate} wrong={wrong} />
            <Lines
              legend="Arms"
              one="arm"
              lines={arms}
              change={setArms}
              empty={{ id: '', title: '', kind: 'comparison' }}
            >
              {({ key, value }, number) => (
                <>
                  <Field
                    label={`Arm ${number}`}
                    name={`arm-title-${key}`}
                    required
                    defaultValue={value.title}
                    error={wrong[`arm-title-${key}`] ?? null}
                  />
                  <Select
                    label={`Kind of arm ${number}`}
                    name={`arm-kind-${key}`}
                    defaultValue={value.kind}
                    options={[
                      { value: 'intervention', title: 'Intervention' },
                      { value: 'comparison', title: 'Comparison' },
                    ]}
                  />
                </>
              )}
            </Lines>
            <Lines
              legend="Waves"
              one="wave"
              lines={waves}
              change={setWaves}
              empty={{ id: '', title: '', opens: '', closes: '' }}
            >
              {({ key, value }, number) => (
                <>
                  <Field
                    label={`Wave ${number}`}
                    name={`wave-title-${key}`}
                    required
                    defaultValue={value.title}
                    error={wrong[`wave-title-${key}`] ?? null}
                  />
                  <Field
                    label={`First day of wave ${number}`}
                    name={`wave-opens-${key}`}
                    type="date"
                    required
                    defaultValue={value.opens}
                    error={wrong[`wave-opens-${key}`] ?? null}
                  />
                  <Field
                    label={`Last day of wave ${number}`}
                    name={`wave-closes-${key}`}
                    type="date"
                    required
                    defaultValue={value.closes}
                    error={wrong[`wave-closes-${key}`] ?? null}
                  />
                </>
              )}
            </Lines>
          </>
        )}
      </Form>
    </div>
  );
}

function useLines<T>(first: readonly T[]) {
  return useState<readonly Line<T>[]>(() => first.map((value, key) => ({ key, value })));
}

function Lines<T>(props: {
  legend: string;
  one: string;
  lines: readonly Line<T>[];
  change: (lines: readonly Line<T>[]) => void;
  empty: T;
  children: (line: Line<T>, number: number) => ReactNode;
}) {
  const { legend, one, lines, change, empty } = props;
  return (
    <fieldset className="choice">
      <legend>{legend}</legend>
      {lines.map((line, at) => (
        <div key={line.key} className="form-line">
          {props.children(line, at + 1)}
          {lines.length > 1 && (
            <button
              type="button"
              className="button button-small"
              onClick={() => change(lines.filter((other) => other !== line))}
            >
              Take away {one} {at + 1}
            </button>
          )}
        </div>
      ))}
      <div>
        <button
          type="button"
          className="button button-small"
          onClick={() => change([...lines, { key: Math.max(...lines.map(({ key }) => key)) + 1, value: empty }])}
        >
          Add a further {one}
        </button>
      </div>
    </fieldset>
  );
}

function checkStudy(values: Readonly<Record<string, string>>): Wrong {
  const wrong: Record<string, string> = {};
  if (!values.title?.trim()) wrong.title = 'Give a title.';
  if ('id' in values && !/^[a-z][a-z0-9-]{0,39}$/.test(values.id ?? '')) {
    wrong.id = 'Give small letters, digits and hyphens, beginning with a letter, at most 40.';
  }
  if (!values.timeZone?.trim()) wrong.timeZone = 'Give a time zone, like Europe/London.';
  if (!(Number(values.minimumCell) >= 1 && Number(values.minimumCell) <= 50)) wrong.minimumCell = 'Give 1 to 50.';
  if (!(Number(values.minimumGroup) >= 1)) wrong.minimumGroup = 'Give a number from 1.';
  if (Number(values.most) < Number(values.least)) wrong.most = 'This is fewer than the least.';
  for (const [name, value] of Object.entries(values)) {
    if (/^(arm|wave)-title-/.test(name) && value.trim() === '') wrong[name] = 'Give a title.';
    if (/^wave-(opens|closes)-/.test(name) && value === '') wrong[name] = 'Give the day.';
    const opens = values[name.replace('closes', 'opens')] ?? '';
    if (name.startsWith('wave-closes-') && value !== '' && value < opens) wrong[name] = 'This is before the first day.';
  }
  return wrong;
}
