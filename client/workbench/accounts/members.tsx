/** /studies/:study/members: the people with access to a study, their roles, and inviting colleagues. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams } from 'react-router';
import {
  getStudy,
  inviteAgain,
  listAccess,
  type PersonWithAccess,
  type StudyDetail,
  takeAccess,
} from '../../shared/api.ts';
import { membersKey, studyKey } from '../keys.ts';
import { announce } from '../parts/announce.tsx';
import { ConfirmDialog } from '../parts/dialog.tsx';
import { Empty, Loaded } from '../parts/loaded.tsx';
import { NotYours } from '../parts/not-yours.tsx';
import { Page } from '../parts/page.tsx';
import { useMay } from '../session.tsx';
import { AddMember, ChangeMember } from './member-form.tsx';
import { InvitedMark, PendingInvitation } from './pending.tsx';
import { studyRoleTitles } from './roles.ts';

const title = 'People with access';

export function MembersPage() {
  const { study = '' } = useParams();
  const query = useQuery({ queryKey: studyKey(study), queryFn: () => getStudy(study) });
  return (
    <Loaded query={query} what="the study" heading={title}>
      {(detail) => <MembersView detail={detail} />}
    </Loaded>
  );
}

function MembersView({ detail }: { detail: StudyDetail }) {
  const { study } = detail;
  const mayShare = useMay('study.share', study.id);
  return (
    <Page
      title={title}
      crumbs={[
        { to: '/', title: 'Studies' },
        { to: `/studies/${study.id}`, title: study.title },
      ]}
      lead={
        <p>
          Roles that hold in this study alone. Administrators, and people whose account has a role in all studies, see
          it as well.
        </p>
      }
    >
      {mayShare ? (
        <>
          <MemberList detail={detail} />
          <section aria-labelledby="add-member">
            <h2 id="add-member">Add somebody</h2>
            <div className="card card-narrow">
              <AddMember detail={detail} />
            </div>
          </section>
        </>
      ) : (
        <NotYours title="Access is given by the owners of a study">
          They see who else has a role in it, invite colleagues and take roles away.
        </NotYours>
      )}
    </Page>
  );
}

function MemberList({ detail }: { detail: StudyDetail }) {
  const { study } = detail;
  const client = useQueryClient();
  const query = useQuery({ queryKey: membersKey(study.id), queryFn: () => listAccess(study.id) });
  const [changing, setChanging] = useState<string | null>(null);
  const [leaving, setLeaving] = useState<PersonWithAccess | null>(null);
  const refresh = () => client.invalidateQueries({ queryKey: membersKey(study.id) });
  return (
    <Loaded query={query} what="the people with access">
      {({ members }) => (
        <>
          {members.length === 0 && (
            <Empty title="Nobody has a role in this study alone">
              <p>Add colleagues below.</p>
            </Empty>
          )}
          {members.length > 0 && (
            <ul className="card list">
              {members.map((member) => (
                <li key={member.account} className="list-row">
                  <div className="list-main">
                    <p className="list-title">
                      {member.name} {member.state === 'invited' && <InvitedMark />}
                    </p>
                    <p className="soft">{member.email}</p>
                    <p>{roleOf(member, detail)}</p>
                    {member.state === 'invited' && (
                      <PendingInvitation
                        person={member}
                        again={async () => {
                          await inviteAgain(study.id, member.account);
                          await refresh();
                        }}
                      />
                    )}
                    {changing === member.account && (
                      <ChangeMember detail={detail} member={member} done={() => setChanging(null)} />
                    )}
                  </div>
                  <p className="buttons">
                    <button
                      type="button"
                      className="button button-small"
                      aria-expanded={changing === member.account}
                      onClick={() => setChanging(changing === member.account ? null : member.account)}
                    >
                      Change<span className="visually-hidden"> the role of {member.name}</span>
                    </button>
                    <button type="button" className="button button-small" onClick={() => setLeaving(member)}>
                      Remove<span className="visually-hidden"> {member.name}</span>
                    </button>
                  </p>
                </li>
              ))}
            </ul>
          )}
          {leaving && (
            <ConfirmDialog
              title={`Take the role of ${leaving.name} away?`}
              confirm="Take the role away"
              danger
              close={() => setLeaving(null)}
              act={async () => {
                await takeAccess(study.id, leaving.account);
                announce(`${leaving.name} has no role in this study any more.`);
                await refresh();
              }}
            >
              <p>The account itself stays, with its roles in other studies.</p>
            </ConfirmDialog>
          )}
        </>
      )}
    </Loaded>
  );
}

/** `Coordinator of clusters: North, South`. */
function roleOf({ role, clusters, schools }: PersonWithAccess, detail: StudyDetail): string {
  const names = new Map([...detail.clusters, ...detail.schools].map(({ id, name }) => [id, name]));
  const places = [...clusters, ...schools].map((id) => names.get(id) ?? id);
  return places.length === 0 ? studyRoleTitles[role] : `${studyRoleTitles[role]}: ${places.join(', ')}`;
}
