/** The fields of a member, and the dialogs that add one, correct one, or tell of a change with its day and reason. */
import { useState } from 'react';
import { roles, roleTitles } from '../../../instruments/study.ts';
import {
  addRosterMember,
  changeRosterMember,
  editRosterMember,
  type MemberDetail,
  type MemberKind,
  type RosterMember,
  type StudyDetail,
} from '../../shared/api.ts';
import { announce } from '../parts/announce.tsx';
import { Field, Select, type Wrong } from '../parts/form.tsx';
import { useMay } from '../session.tsx';
import { FormDialog } from './form-dialog.tsx';

export const oneOf: Readonly<Record<MemberKind, string>> = {
  clusters: 'cluster',
  schools: 'school',
  people: 'person',
};

type Values = Readonly<Record<string, string>>;

const none = { value: '', title: 'None' };

interface PlaceProps {
  readonly kind: MemberKind;
  readonly detail: StudyDetail;
  readonly member: Partial<RosterMember>;
  readonly wrong: Wrong;
}

/** Where a member stands: cluster, school, role. */
function PlaceFields({ kind, detail, member }: PlaceProps) {
  const clusters = [none, ...detail.clusters.map(({ id, name }) => ({ value: id, title: name }))];
  const schools = [none, ...detail.schools.map(({ id, name }) => ({ value: id, title: name }))];
  return (
    <>
      {kind === 'people' && (
        <>
          <Select label="School" name="school" defaultValue={member.school ?? ''} options={schools} />
          <Select
            label="Role"
            name="role"
            defaultValue={member.role ?? 'teacher'}
            options={roles.map((role) => ({ value: role, title: roleTitles[role] }))}
          />
        </>
      )}
      {kind !== 'clusters' && (
        <Select
          label="Cluster"
          name="cluster"
          {...(kind === 'people' ? { hint: 'Only for somebody who works for a whole cluster.' } : {})}
          defaultValue={kind === 'people' && member.school ? '' : (member.cluster ?? '')}
          options={clusters}
        />
      )}
    </>
  );
}

function ArmField({ kind, detail, member }: PlaceProps) {
  if (kind === 'people') return null;
  const arms = detail.study.arms.map(({ id, title }) => ({ value: id, title }));
  return (
    <Select
      label="Arm"
      name="arm"
      {...(kind === 'schools' ? { hint: 'A school in a cluster is in the arm of the cluster.' } : {})}
      defaultValue={member.arm ?? arms[0]?.value ?? ''}
      options={kind === 'schools' ? [none, ...arms] : arms}
    />
  );
}

function OwnFields({ kind, detail, member, wrong }: PlaceProps) {
  if (kind === 'people') return null;
  return (
    <>
      <Field
        label="Name"
        name="name"
        required
        defaultValue={member.name ?? ''}
        error={wrong['fields.name'] ?? wrong.name ?? null}
      />
      {kind === 'schools' && (
        <>
          <Field label="National number" name="number" defaultValue={member.number ?? ''} />
          <Field label="Phase" name="phase" defaultValue={member.phase ?? ''} />
          <Field
            label="Pupils"
            name="pupils"
            inputMode="numeric"
            defaultValue={member.pupils ?? ''}
            error={wrong.pupils ?? null}
          />
          <Field
            label="Disadvantaged pupils, per cent"
            name="disadvantaged"
            inputMode="decimal"
            defaultValue={member.disadvantaged == null ? '' : Number((member.disadvantaged * 100).toPrecision(10))}
            error={wrong.disadvantaged ?? null}
          />
          {(detail.study.schoolColumns ?? []).map((name) => (
            <Field key={name} label={name} name={`extra ${name}`} defaultValue={member.extra?.[name] ?? ''} />
          ))}
        </>
      )}
    </>
  );
}

function IdentityFields({ identity }: { identity: MemberDetail['identity'] }) {
  return (
    <>
      <Field
        label="Name"
        name="person-name"
        autoComplete="off"
        defaultValue={identity?.name ?? ''}
        hint="Kept encrypted, apart from the answers."
      />
      <Field
        label="E-mail address"
        name="person-email"
        type="email"
        autoComplete="off"
        defaultValue={identity?.email ?? ''}
      />
      <Field
        label="Language of messages"
        name="person-language"
        placeholder="en"
        defaultValue={identity?.language ?? ''}
      />
    </>
  );
}

function fieldsFrom(kind: MemberKind, values: Values): Record<string, unknown> {
  const text = (name: string) => (values[name] ?? '').trim();
  const placed = { cluster: text('cluster') || null };
  if (kind === 'clusters') return { name: text('name'), arm: text('arm') };
  if (kind === 'people') return { ...placed, school: text('school') || null, role: text('role') };
  const extra = Object.keys(values).filter((name) => name.startsWith('extra '));
  return {
    ...placed,
    name: text('name'),
    arm: text('arm'),
    number: text('number') || null,
    phase: text('phase'),
    pupils: text('pupils') === '' ? null : Number(text('pupils')),
    disadvantaged: text('disadvantaged') === '' ? null : Number((Number(text('disadvantaged')) / 100).toPrecision(12)),
    ...(extra.length > 0 ? { extra: Object.fromEntries(extra.map((name) => [name.slice(6), text(name)])) } : {}),
  };
}

function identityFrom(values: Values): object | null {
  if (!('person-name' in values)) return null;
  const text = (name: string) => (values[name] ?? '').trim() || null;
  return { name: text('person-name'), email: text('person-email'), language: text('person-language') };
}

function check(kind: MemberKind, values: Values): Wrong {
  const wrong: Record<string, string> = {};
  if ('id' in values && !values.id?.trim()) wrong.id = 'Give a short name, unique in the study.';
  if (kind !== 'people' && 'name' in values && !values.name?.trim()) wrong.name = 'Give a name.';
  if (!/^\d*$/.test(values.pupils?.trim() ?? '')) wrong.pupils = 'Give a whole number.';
  const share = values.disadvantaged?.trim() ?? '';
  if (share !== '' && !(Number(share) >= 0 && Number(share) <= 100))
    wrong.disadvantaged = 'Give a figure from 0 to 100.';
  if ('reason' in values && !values.reason?.trim()) wrong.reason = 'Say why, in a few words.';
  if ('on' in values && !values.on) wrong.on = 'Give the day.';
  return wrong;
}

interface DialogProps {
  readonly kind: MemberKind;
  readonly detail: StudyDetail;
  readonly done: () => Promise<unknown>;
  readonly close: () => void;
}

export function AddDialog({ kind, detail, done, close }: DialogProps) {
  const mayIdentify = useMay('identity.read', detail.study.id);
  return (
    <FormDialog
      title={`Add a ${oneOf[kind]}`}
      submit={`Add the ${oneOf[kind]}`}
      close={close}
      check={(values) => check(kind, values)}
      send={async (values) => {
        const id = values.id?.trim() ?? '';
        const identity = kind === 'people' ? identityFrom(values) : null;
        await addRosterMember(detail.study.id, kind, {
          id,
          fields: fieldsFrom(kind, values),
          from: values.from || null,
          identity,
        });
        announce(`Added ${id}.`);
        await done();
      }}
    >
      {(wrong) => (
        <>
          <Field
            label={kind === 'people' ? 'Pseudonym' : 'Id'}
            name="id"
            required
            autoComplete="off"
            hint={kind === 'people' ? 'Stands in data files instead of the name.' : 'A short name, like elm-1.'}
            error={wrong.id ?? null}
          />
          <OwnFields kind={kind} detail={detail} member={{}} wrong={wrong} />
          {kind === 'people' && mayIdentify && <IdentityFields identity={null} />}
          <PlaceFields kind={kind} detail={detail} member={{}} wrong={wrong} />
          <ArmField kind={kind} detail={detail} member={{}} wrong={wrong} />
          <Field label="First day" name="from" type="date" hint="Leave empty when it was there from the beginning." />
        </>
      )}
    </FormDialog>
  );
}

export function EditDialog({ kind, detail, found, done, close }: DialogProps & { found: MemberDetail }) {
  const { member, revision, identity } = found;
  return (
    <FormDialog
      title={`Correct ${member.name ?? identity?.name ?? member.id}`}
      submit="Save the correction"
      close={close}
      check={(values) => check(kind, values)}
      send={async (values) => {
        const own = fieldsFrom(kind, values);
        const fields = Object.fromEntries(Object.entries(own).filter(([name]) => kind !== 'people' || name in values));
        const reason = values.reason?.trim() ?? '';
        await editRosterMember(detail.study.id, kind, member.id, {
          revision,
          fields,
          reason,
          identity: identityFrom(values),
        });
        announce(`Corrected ${member.id}.`);
        await done();
      }}
    >
      {(wrong) => (
        <>
          <p className="soft">A correction holds from the beginning. What changed on a day is told as a change.</p>
          <OwnFields kind={kind} detail={detail} member={member} wrong={wrong} />
          {identity && <IdentityFields identity={identity} />}
          <PlaceFields kind={kind} detail={detail} member={member} wrong={wrong} />
          <ArmField kind={kind} detail={detail} member={member} wrong={wrong} />
          <ReasonField wrong={wrong} />
        </>
      )}
    </FormDialog>
  );
}

function ReasonField({ wrong }: { wrong: Wrong }) {
  return (
    <Field
      label="Reason"
      name="reason"
      required
      hint="Kept in the history, with your name."
      error={wrong.reason ?? null}
    />
  );
}

const changeTitles: Readonly<Record<MemberKind, Readonly<Record<string, string>>>> = {
  clusters: { enter: 'Enters late: first day', leave: 'Leaves: last day', return: 'Returns: first day' },
  schools: {
    move: 'Joins, leaves or changes cluster from',
    enter: 'Joins the study late: first day',
    leave: 'Leaves the study: last day',
    return: 'Returns: first day',
  },
  people: {
    move: 'Moves school or changes role from',
    enter: 'Joined late: first day',
    leave: 'Leaves: last day',
    return: 'Returns: first day',
  },
};

export function ChangeDialog({ kind, detail, found, done, close }: DialogProps & { found: MemberDetail }) {
  const { member, revision } = found;
  const titles = changeTitles[kind];
  const [what, setWhat] = useState(Object.keys(titles)[0] ?? 'leave');
  const placed = kind !== 'clusters' && (what === 'move' || what === 'return');
  return (
    <FormDialog
      title={`A change of ${member.name ?? found.identity?.name ?? member.id}`}
      submit="Save the change"
      close={close}
      check={(values) => check(kind, values)}
      send={async (values) => {
        const { cluster, school, role } = fieldsFrom(kind, values);
        const place = kind === 'schools' ? { cluster } : { cluster, school, role };
        const body = { revision, kind: what, on: values.on, reason: values.reason?.trim(), place: placed ? place : {} };
        await changeRosterMember(detail.study.id, kind, member.id, body);
        announce(`Saved the change of ${member.id}.`);
        await done();
      }}
    >
      {(wrong) => (
        <>
          <Select
            label="What happened"
            name="kind"
            value={what}
            onChange={setWhat}
            options={Object.entries(titles).map(([value, title]) => ({ value, title }))}
          />
          <Field label="Day" name="on" type="date" required error={wrong.on ?? null} />
          {placed && (
            <PlaceFields kind={kind} detail={detail} member={{ ...member, ...member.spells?.at(-1) }} wrong={wrong} />
          )}
          <ReasonField wrong={wrong} />
        </>
      )}
    </FormDialog>
  );
}
