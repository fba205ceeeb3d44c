/** One kind of member as a table: searched, filtered and paged by the server, as allocated or as at a day. */
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useId, useState } from 'react';
import { roles, roleTitles, type Study } from '../../../instruments/study.ts';
import {
  listRoster,
  type MemberKind,
  type RosterFilter,
  type RosterMember,
  type StudyDetail,
} from '../../shared/api.ts';
import { counted, formatDay, formatNumber, formatPercent, noFigure } from '../../shared/format.ts';
import { rosterKey, studyKey } from '../keys.ts';
import { Select } from '../parts/form.tsx';
import { Empty, Loaded } from '../parts/loaded.tsx';
import { Part } from '../parts/page.tsx';
import { ScrollRegion } from '../parts/scroll-region.tsx';
import { setFilter, useSearch } from '../parts/search.ts';
import { Pager } from '../parts/table-controls.tsx';
import { useMay } from '../session.tsx';
import { ManageDialog } from './manage-dialog.tsx';
import { AddDialog, oneOf } from './member-form.tsx';
import { AsAtPicker, useAsAt, useRosterStudy } from './rosters.tsx';

const titles: Readonly<Record<MemberKind, string>> = { clusters: 'Clusters', schools: 'Schools', people: 'People' };
const searches: Readonly<Record<MemberKind, string>> = {
  clusters: 'Search by name or id',
  schools: 'Search by name, id or national number',
  people: 'Search by pseudonym or school',
};
const pageLength = 50;

export function MemberList({ kind }: { kind: MemberKind }) {
  const detail = useRosterStudy();
  const { study } = detail;
  const [asAt] = useAsAt();
  const [search, setSearch] = useSearch();
  const mayManage = useMay('roster.manage', study.id);
  const [adding, setAdding] = useState(false);
  const [managed, setManaged] = useState<string | null>(null);
  const client = useQueryClient();
  const filter: RosterFilter = {
    asAt,
    search: search.get('search') ?? '',
    cluster: search.get('cluster') ?? '',
    school: search.get('school') ?? '',
    arm: search.get('arm') ?? '',
    role: search.get('role') ?? '',
    page: Number(search.get('page') ?? '1') || 1,
  };
  const filtered = [filter.search, filter.cluster, filter.school, filter.arm, filter.role].some(Boolean);
  const query = useQuery({
    queryKey: [...rosterKey(study.id), kind, filter],
    queryFn: () => listRoster(study.id, kind, filter),
    placeholderData: keepPreviousData,
  });
  const change = (name: string, value: string) => setSearch((next) => setFilter(next, name, value));
  const refresh = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: rosterKey(study.id) }),
      client.invalidateQueries({ queryKey: studyKey(study.id), exact: true }),
    ]);
  return (
    <Part
      title={titles[kind]}
      of={`Rosters of ${study.title}`}
      actions={
        mayManage && (
          <button type="button" className="button" onClick={() => setAdding(true)}>
            Add a {oneOf[kind]}
          </button>
        )
      }
    >
      <AsAtPicker />
      <Filters kind={kind} filter={filter} change={change} />
      <Loaded query={query} what={`the ${kind}`}>
        {({ members, page, pages, total }) => (
          <div className="card" aria-busy={query.isPlaceholderData}>
            <p role="status" className="soft list-count">
              {counted(total, oneOf[kind], kind)}
            </p>
            {members.length === 0 ? (
              <Empty title={filtered ? `Nothing fits these filters` : `No ${kind} yet`} />
            ) : (
              <Table kind={kind} detail={detail} members={members} manage={mayManage ? setManaged : null} />
            )}
            {pages > 1 && (
              <Pager
                what={kind}
                page={page}
                pages={pages}
                first={(page - 1) * pageLength + 1}
                last={Math.min(total, (page - 1) * pageLength + members.length)}
                total={total}
                go={(next) => change('page', String(next))}
              />
            )}
          </div>
        )}
      </Loaded>
      {adding && <AddDialog kind={kind} detail={detail} done={refresh} close={() => setAdding(false)} />}
      {managed !== null && (
        <ManageDialog kind={kind} detail={detail} id={managed} done={refresh} close={() => setManaged(null)} />
      )}
    </Part>
  );
}

function Filters(props: { kind: MemberKind; filter: RosterFilter; change: (name: string, value: string) => void }) {
  const { kind, filter, change } = props;
  const { study, clusters } = useRosterStudy();
  const id = useId();
  const [words, setWords] = useState(filter.search ?? '');
  // Not for every letter: the server searches.
  useEffect(() => {
    if (words === (filter.search ?? '')) return;
    const timer = setTimeout(() => change('search', words), 300);
    return () => clearTimeout(timer);
  });
  const all = { value: '', title: 'All' };
  return (
    <fieldset className="filters">
      <legend className="visually-hidden">Which {kind} to show</legend>
      <div className="field">
        <label htmlFor={id}>{searches[kind]}</label>
        <input id={id} type="search" value={words} onChange={(event) => setWords(event.target.value)} />
      </div>
      {kind !== 'clusters' && (
        <Select
          label="Cluster"
          name="cluster"
          value={filter.cluster ?? ''}
          onChange={(value) => change('cluster', value)}
          options={[all, ...clusters.map((cluster) => ({ value: cluster.id, title: cluster.name }))]}
        />
      )}
      <Select
        label="Arm"
        name="arm"
        value={filter.arm ?? ''}
        onChange={(value) => change('arm', value)}
        options={[all, ...study.arms.map((arm) => ({ value: arm.id, title: arm.title }))]}
      />
      {kind === 'people' && (
        <Select
          label="Role"
          name="role"
          value={filter.role ?? ''}
          onChange={(value) => change('role', value)}
          options={[all, ...roles.map((role) => ({ value: role, title: roleTitles[role] }))]}
        />
      )}
    </fieldset>
  );
}

interface Column {
  readonly title: string;
  readonly figure?: boolean;
  cell(member: RosterMember): string;
}

function columnsOf(kind: MemberKind, detail: StudyDetail): Column[] {
  const { study } = detail;
  const arm: Column = { title: 'Arm', cell: (one) => armTitle(study, one.arm) };
  const clusters = new Map(detail.clusters.map(({ id, name }) => [id, name]));
  const cluster: Column = {
    title: 'Cluster',
    cell: (one) => (one.cluster ? (clusters.get(one.cluster) ?? one.cluster) : noFigure),
  };
  const spells: Column = { title: 'There', cell: spellWords };
  if (kind === 'clusters') {
    const number: Column = { title: 'Schools', figure: true, cell: (one) => formatNumber(one.schools ?? 0) };
    return [arm, number, { title: 'Pupils', figure: true, cell: (one) => formatNumber(one.pupils ?? null) }, spells];
  }
  if (kind === 'schools') {
    return [
      { title: 'National number', cell: (one) => one.number || noFigure },
      cluster,
      arm,
      { title: 'Phase', cell: (one) => one.phase || noFigure },
      { title: 'Pupils', figure: true, cell: (one) => formatNumber(one.pupils ?? null) },
      { title: 'Disadvantaged', figure: true, cell: (one) => formatPercent(one.disadvantaged ?? null, 1) },
      ...(study.schoolColumns ?? []).map((title) => ({
        title,
        cell: (one: RosterMember) => one.extra?.[title] || noFigure,
      })),
      spells,
    ];
  }
  const schools = new Map(detail.schools.map(({ id, name }) => [id, name]));
  return [
    { title: 'Role', cell: (one) => (one.role ? roleTitles[one.role] : noFigure) },
    { title: 'School', cell: (one) => (one.school ? (schools.get(one.school) ?? one.school) : noFigure) },
    cluster,
    arm,
    spells,
  ];
}

const armTitle = (study: Study, arm: string) => study.arms.find(({ id }) => id === arm)?.title ?? (arm || 'No arm');

/** From when to when a member is there, over all its spells. */
function spellWords({ spells }: RosterMember): string {
  const [from, to] = [spells?.[0]?.from ?? null, spells?.at(-1)?.to ?? null];
  if (from === null && to === null) return spells && spells.length > 1 ? 'Throughout, with changes' : 'Throughout';
  if (to === null) return `From ${formatDay(from ?? '', 'short')}`;
  return from === null ? `Until ${formatDay(to, 'short')}` : `${formatDay(from, 'short')} to ${formatDay(to, 'short')}`;
}

function Table(props: {
  kind: MemberKind;
  detail: StudyDetail;
  members: readonly RosterMember[];
  manage: ((id: string) => void) | null;
}) {
  const { kind, detail, members, manage } = props;
  const columns = columnsOf(kind, detail);
  return (
    <ScrollRegion label={titles[kind]}>
      <table>
        <caption className="visually-hidden">{titles[kind]} of the study</caption>
        <thead>
          <tr>
            <th scope="col">{kind === 'people' ? 'Person' : 'Name'}</th>
            {columns.map(({ title, figure }) => (
              <th key={title} scope="col" className={figure ? 'integer' : 'text'}>
                {title}
              </th>
            ))}
            {manage && <th scope="col">Change</th>}
          </tr>
        </thead>
        <tbody>
          {members.map((member) => (
            <tr key={member.id}>
              <th scope="row">
                {member.name ?? member.id}
                {member.name && (
                  <>
                    <br />
                    <small className="soft">{member.id}</small>
                  </>
                )}
              </th>
              {columns.map(({ title, figure, cell }) => (
                <td key={title} className={figure ? 'integer' : 'text'}>
                  {cell(member)}
                </td>
              ))}
              {manage && (
                <td>
                  <button type="button" className="button button-small" onClick={() => manage(member.id)}>
                    Open<span className="visually-hidden"> {member.name ?? member.id}</span>
                  </button>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
