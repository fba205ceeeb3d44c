/** The link list of an administration: who has which link, what has become of it, copy, withdraw, make a new one. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { roles, roleTitles } from '../../../instruments/study.ts';
import { type InvitationFilter, invitationStates, invitationsFileUrl, listInvitations } from '../../shared/api.ts';
import { counted } from '../../shared/format.ts';
import { administrationKey } from '../keys.ts';
import { Select } from '../parts/form.tsx';
import { Empty, Loaded } from '../parts/loaded.tsx';
import { NotYours } from '../parts/not-yours.tsx';
import { Part } from '../parts/page.tsx';
import { setFilter, useSearch } from '../parts/search.ts';
import { Pager } from '../parts/table-controls.tsx';
import { useMay } from '../session.tsx';
import { useFieldwork } from './administration.tsx';
import { LinkTable, linkStateTitles } from './link-table.tsx';
import { NewStaff } from './new-staff.tsx';
import { StaffroomLinks } from './staffroom-links.tsx';

const pageLength = 50;

export function LinksPart() {
  const { administration, detail } = useFieldwork();
  const mayRead = useMay('invitation.read', detail.study.id);
  if (mayRead) return <Links />;
  return (
    <Part title="Links" of={administration.title}>
      <NotYours title="The links are for evaluators and administrators">
        Whoever has a link can answer with it, so only those who hand the links out see them. How many people have
        responded stands under Response rates.
      </NotYours>
    </Part>
  );
}

function Links() {
  const { administration, detail } = useFieldwork();
  const [search, setSearch] = useSearch();
  const filter: InvitationFilter = {
    cluster: search.get('cluster') ?? '',
    school: search.get('school') ?? '',
    role: search.get('role') ?? '',
    state: search.get('state') ?? '',
    page: Number(search.get('page') ?? '1') || 1,
  };
  const filtered = [filter.cluster, filter.school, filter.role, filter.state].some(Boolean);
  const key = [...administrationKey(detail.study.id, administration.id), 'invitations'];
  const query = useQuery({
    queryKey: [...key, filter],
    queryFn: () => listInvitations(detail.study.id, administration.id, filter),
    placeholderData: keepPreviousData,
  });

  const change = (name: string, value: string) =>
    setSearch((next) => {
      setFilter(next, name, value);
      if (name === 'cluster') next.delete('school');
    });

  return (
    <Part
      title="Links"
      of={administration.title}
      actions={
        <a className="button" href={invitationsFileUrl(detail.study.id, administration.id, filter)} download>
          {filtered ? 'Download the links shown as CSV' : 'Download all links as CSV'}
        </a>
      }
    >
      <p className="soft measure">
        A personal link takes answers once. A staffroom link takes one response from everybody of a role at a school.
        Whoever has a link can answer with it: pass the list on with care. The file holds the links that fit the
        filters, on all pages.
      </p>
      <NewStaff />
      <StaffroomLinks filter={filter} refreshKey={key} />
      <Filters filter={filter} change={change} />
      <Loaded query={query} what="the links">
        {({ invitations, page, pages, total }) => (
          <div className="card" aria-busy={query.isPlaceholderData}>
            <p role="status" className="soft list-count">
              {counted(total, 'link')}
            </p>
            {invitations.length === 0 ? (
              <Empty title={filtered ? 'No link fits these filters' : 'Nobody has been invited yet'} />
            ) : (
              <LinkTable invitations={invitations} refreshKey={key} />
            )}
            {pages > 1 && (
              <Pager
                what="links"
                page={page}
                pages={pages}
                first={(page - 1) * pageLength + 1}
                last={Math.min(total, (page - 1) * pageLength + invitations.length)}
                total={total}
                go={(next) => change('page', String(next))}
              />
            )}
          </div>
        )}
      </Loaded>
    </Part>
  );
}

function Filters(props: { filter: InvitationFilter; change: (name: string, value: string) => void }) {
  const { administration, detail } = useFieldwork();
  const { filter, change } = props;
  const all = { value: '', title: 'All' };
  const inArms = (arm: string) => administration.audience.arms.includes(arm);
  const schools = detail.schools.filter(
    (school) => inArms(school.arm) && (!filter.cluster || school.cluster === filter.cluster),
  );
  return (
    <fieldset className="filters">
      <legend className="visually-hidden">Which links to show</legend>
      <Select
        label="Cluster"
        name="cluster"
        value={filter.cluster ?? ''}
        onChange={(value) => change('cluster', value)}
        options={[
          all,
          ...detail.clusters
            .filter((cluster) => inArms(cluster.arm))
            .map((cluster) => ({ value: cluster.id, title: cluster.name })),
        ]}
      />
      <Select
        label="School"
        name="school"
        value={filter.school ?? ''}
        onChange={(value) => change('school', value)}
        options={[all, ...schools.map((school) => ({ value: school.id, title: school.name }))]}
      />
      <Select
        label="Role"
        name="role"
        value={filter.role ?? ''}
        onChange={(value) => change('role', value)}
        options={[
          all,
          ...roles
            .filter((role) => administration.audience.roles.includes(role))
            .map((role) => ({ value: role, title: roleTitles[role] })),
        ]}
      />
      <Select
        label="State"
        name="state"
        value={filter.state ?? ''}
        onChange={(value) => change('state', value)}
        options={[all, ...invitationStates.map((state) => ({ value: state, title: linkStateTitles[state] }))]}
      />
    </fieldset>
  );
}
