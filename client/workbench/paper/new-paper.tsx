/** Begins a paper form: the person or the serial number, the day of the form, and that it bears the consent. Used by `paper.tsx`. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { roles, roleTitles } from '../../../instruments/study.ts';
import { formatDay } from '../../shared/format.ts';
import { ApiProblem } from '../../shared/http.ts';
import { beginPaper, listPaperPeople, type NewPaper, type PaperList, paperForm } from '../../shared/paper-api.ts';
import { useFieldwork } from '../fieldwork/administration.tsx';
import { administrationKey } from '../keys.ts';
import { Field, Form, Select, type Wrong } from '../parts/form.tsx';
import { standingWords } from './words.ts';

/** A stack of forms is of one school and most often of one day: kept while the workbench is open. */
const kept = new Map<string, { kind: NewPaper['kind']; place: string; role: string; day: string }>();

export function NewPaperForm({ list }: { list: PaperList }) {
  const { administration, detail } = useFieldwork();
  const navigate = useNavigate();
  const anonymous = administration.mode === 'anonymous';
  const name = `${detail.study.id}/${administration.id}`;
  const before = kept.get(name);
  const [kind, setKind] = useState<NewPaper['kind']>(anonymous ? 'serial' : (before?.kind ?? 'person'));
  const [place, setPlace] = useState(before?.place ?? '');
  const { arms } = administration.audience;
  const schools = detail.schools.filter(({ arm }) => arms.includes(arm));
  const clusters = detail.clusters.filter(({ arm }) => arms.includes(arm));
  const asked = roles.filter((role) => administration.audience.roles.includes(role));

  const numbered = kind === 'serial' || administration.repeats === true;

  const send = async (values: Readonly<Record<string, string>>) => {
    const [day, role] = [values.day ?? '', asked.find((one) => one === values.role) ?? asked[0]];
    const own =
      kind === 'person'
        ? ({
            kind,
            invitation: values.invitation ?? '',
            ...(administration.repeats ? { serial: values.serial ?? '' } : {}),
          } as const)
        : ({ kind, serial: values.serial ?? '', school: place, role: role ?? 'teacher' } as const);
    kept.set(name, { kind, place, role: role ?? '', day });
    const form = await beginPaper(detail.study.id, administration.id, { ...own, day, agreed: true });
    // The form of somebody who was quicker is opened all the same: its page says whose turn it is.
    await paperForm(detail.study.id, administration.id, form.id)
      .take()
      .catch((error: unknown) => {
        if (!(error instanceof ApiProblem) || error.status !== 409) throw error;
      });
    await navigate(form.id);
  };
  const check = (values: Readonly<Record<string, string>>): Wrong => ({
    ...(kind === 'person' && !values.invitation ? { invitation: 'Choose the person.' } : {}),
    ...(numbered && !values.serial?.trim() ? { serial: 'Type the number that stands on the form.' } : {}),
    ...(place === '' ? { school: 'Choose the school.' } : {}),
    ...(values.day ? {} : { day: 'Give the day on which the form was filled in.' }),
    ...(values.agreed ? {} : { agreed: 'Without it the answers are not taken.' }),
  });

  return (
    <Form submit="Begin to type" send={send} check={check} keeps>
      {(wrong) => (
        <>
          {!anonymous && (
            <Select
              label="Whose form"
              name="kind"
              value={kind}
              onChange={(value) => setKind(value === 'serial' ? 'serial' : 'person')}
              options={[
                { value: 'person', title: 'Of a person who has a link' },
                { value: 'serial', title: 'Without a name, with a serial number' },
              ]}
            />
          )}
          <Select
            label="School"
            name="school"
            value={place}
            onChange={setPlace}
            error={wrong.school ?? null}
            options={[
              { value: '', title: 'Choose' },
              ...schools.map((school) => ({ value: school.id, title: school.name })),
              ...(kind === 'person'
                ? clusters.map((cluster) => ({ value: `cluster:${cluster.id}`, title: `${cluster.name}, no school` }))
                : []),
            ]}
          />
          {kind === 'person' ? (
            <People key={place} place={place} error={wrong.invitation ?? null} />
          ) : (
            <Select
              label="Role"
              name="role"
              defaultValue={before?.role ?? ''}
              options={asked.map((role) => ({ value: role, title: roleTitles[role] }))}
            />
          )}
          {numbered && (
            <Field
              label="Serial number"
              name="serial"
              autoComplete="off"
              maxLength={40}
              hint="The number on the form. Where there is none, write one on it."
              error={wrong.serial ?? null}
            />
          )}
          <Field
            label="Filled in on"
            name="day"
            type="date"
            min={list.firstDay}
            max={list.lastDay}
            defaultValue={before?.day ?? ''}
            hint={`From ${formatDay(list.firstDay)} to ${formatDay(list.lastDay)}.${anonymous ? ' It is checked, and not kept.' : ''}`}
            error={wrong.day ?? null}
          />
          <Consent text={list.consent} error={wrong.agreed ?? null} />
        </>
      )}
    </Form>
  );
}

function People({ place, error }: { place: string; error: string | null }) {
  const { administration, detail } = useFieldwork();
  const where = place.startsWith('cluster:') ? { cluster: place.slice(8) } : { school: place };
  const query = useQuery({
    queryKey: [...administrationKey(detail.study.id, administration.id), 'paper', 'people', place],
    queryFn: () => listPaperPeople(detail.study.id, administration.id, where),
    enabled: place !== '',
    staleTime: 0,
  });
  const people = query.data?.people ?? [];
  const first = place === '' ? 'Choose the school first' : query.isPending ? 'Loading…' : 'Choose';
  return (
    <Select
      label="Person"
      name="invitation"
      error={error}
      options={[
        { value: '', title: place !== '' && query.data && people.length === 0 ? 'Nobody has a link here' : first },
        ...people.map(({ invitation, person, role, standing }) => ({
          value: invitation,
          title: `${person}, ${roleTitles[role].toLocaleLowerCase('en-GB')}${standing === 'open' ? '' : ` (${standingWords[standing]})`}`,
        })),
      ]}
    />
  );
}

function Consent({ text, error }: { text: string; error: string | null }) {
  return (
    <div className={error ? 'field field-wrong' : 'field'}>
      {error && (
        <p className="field-error" id="paper-agreed-error">
          {error}
        </p>
      )}
      <div className="choice-option">
        <input
          type="checkbox"
          id="paper-agreed"
          name="agreed"
          value="yes"
          aria-describedby={error ? 'paper-agreed-error paper-agreed-text' : 'paper-agreed-text'}
        />
        <label htmlFor="paper-agreed">The form bears the consent</label>
        <p className="field-hint" id="paper-agreed-text">
          “{text}”
        </p>
      </div>
    </div>
  );
}
