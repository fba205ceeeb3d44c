/** Giving a role in a study: which one and, for coordinators and school leads, where. Used by the page of members. */
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import {
  changeAccess,
  giveAccess,
  type PersonWithAccess,
  type Share,
  type StudyDetail,
  type StudyRole,
} from '../../shared/api.ts';
import { membersKey } from '../keys.ts';
import { announce } from '../parts/announce.tsx';
import { Checks } from '../parts/checks.tsx';
import { Field, Form, Select, type Wrong } from '../parts/form.tsx';
import { studyRoleTexts, studyRoleTitles } from './roles.ts';

type Values = Readonly<Record<string, string>>;
const roles = Object.keys(studyRoleTitles) as StudyRole[];
const nothing: Share = { role: 'viewer', clusters: [], schools: [] };

export function AddMember({ detail }: { detail: StudyDetail }) {
  const client = useQueryClient();
  const [share, setShare] = useState<Share>(nothing);
  const send = async ({ name = '', email = '' }: Values) => {
    const added = await giveAccess(detail.study.id, { ...share, name: name.trim(), email: email.trim() });
    announce(added.state === 'invited' ? `${added.name} has been invited.` : `${added.name} has access now.`);
    setShare(nothing);
    await client.invalidateQueries({ queryKey: membersKey(detail.study.id) });
  };
  return (
    <Form
      submit="Give access"
      check={(values) => ({
        ...(values.name?.trim() ? {} : { name: 'Give the name of the person.' }),
        ...(values.email?.includes('@') ? {} : { email: 'Give an e-mail address, like name@example.org.' }),
        ...checkShare(share),
      })}
      send={send}
    >
      {(wrong) => (
        <>
          <Field label="Name" name="name" autoComplete="off" required error={wrong.name ?? null} />
          <Field
            label="E-mail address"
            name="email"
            type="email"
            autoComplete="off"
            required
            hint="Whoever has no account yet is sent a link to make one."
            error={wrong.email ?? null}
          />
          <ShareFields detail={detail} share={share} change={setShare} wrong={wrong} />
        </>
      )}
    </Form>
  );
}

export function ChangeMember({
  detail,
  member,
  done,
}: {
  detail: StudyDetail;
  member: PersonWithAccess;
  done: () => void;
}) {
  const client = useQueryClient();
  const { role, clusters, schools } = member;
  const [share, setShare] = useState<Share>({ role, clusters, schools });
  const send = async () => {
    await changeAccess(detail.study.id, member.account, share);
    announce(`The role of ${member.name} has been changed.`);
    await client.invalidateQueries({ queryKey: membersKey(detail.study.id) });
    done();
  };
  return (
    <Form submit="Save the role" check={() => checkShare(share)} send={send}>
      {(wrong) => <ShareFields detail={detail} share={share} change={setShare} wrong={wrong} />}
    </Form>
  );
}

interface ShareFieldsProps {
  readonly detail: StudyDetail;
  readonly share: Share;
  readonly change: (share: Share) => void;
  readonly wrong: Wrong;
}

function ShareFields({ detail, share, change, wrong }: ShareFieldsProps) {
  const optionsOf = (list: readonly { id: string; name: string }[]) =>
    list.map(({ id, name }) => ({ value: id, title: name }));
  return (
    <>
      <Select
        label="Role"
        name="role"
        value={share.role}
        hint={studyRoleTexts[share.role]}
        onChange={(role) => change({ ...nothing, role: role as StudyRole })}
        options={roles.map((role) => ({ value: role, title: studyRoleTitles[role] }))}
      />
      {share.role === 'coordinator' && (
        <Checks
          legend="Clusters"
          options={optionsOf(detail.clusters)}
          chosen={share.clusters}
          choose={(clusters) => change({ ...share, clusters })}
          error={wrong.clusters ?? null}
        />
      )}
      {share.role === 'school-lead' && (
        <Checks
          legend="Schools"
          options={optionsOf(detail.schools)}
          chosen={share.schools}
          choose={(schools) => change({ ...share, schools })}
          error={wrong.schools ?? null}
        />
      )}
    </>
  );
}

function checkShare({ role, clusters, schools }: Share): Wrong {
  if (role === 'coordinator' && clusters.length === 0) return { clusters: 'Choose at least one cluster.' };
  if (role === 'school-lead' && schools.length === 0) return { schools: 'Choose at least one school.' };
  return {};
}
