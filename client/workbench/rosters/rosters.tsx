/** /studies/:study/rosters: what the parts of a roster share: heading, the way between them, and the day that is looked at. */
import { useQuery } from '@tanstack/react-query';
import { NavLink, Outlet, useOutletContext, useParams, useSearchParams } from 'react-router';
import { getStudy, type StudyDetail } from '../../shared/api.ts';
import { dayIn, formatDay } from '../../shared/format.ts';
import { studyKey } from '../keys.ts';
import { Field, Select } from '../parts/form.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { SimulatedNotice } from '../parts/marks.tsx';
import { PageHead } from '../parts/page.tsx';
import { setFilter, useSearch } from '../parts/search.ts';
import { useMay } from '../session.tsx';

export const useRosterStudy = () => useOutletContext<StudyDetail>();

export function RostersLayout() {
  const { study = '' } = useParams();
  const query = useQuery({ queryKey: studyKey(study), queryFn: () => getStudy(study) });
  return (
    <Loaded query={query} what="the study" heading="Rosters">
      {(detail) => <Frame detail={detail} />}
    </Loaded>
  );
}

function Frame({ detail }: { detail: StudyDetail }) {
  const { study } = detail;
  const base = `/studies/${study.id}/rosters`;
  const [search] = useSearchParams();
  const mayManage = useMay('roster.manage', study.id);
  const asAt = search.get('asAt');
  const kept = asAt ? `?asAt=${asAt}` : '';
  return (
    <>
      <PageHead
        title={`Rosters of ${study.title}`}
        crumbs={[
          { to: '/', title: 'Studies' },
          { to: `/studies/${study.id}`, title: study.title },
        ]}
      />
      {study.simulated && <SimulatedNotice />}
      <nav className="parts-nav" aria-label="Parts of the rosters">
        <NavLink to={`${base}${kept}`} end>
          Clusters
        </NavLink>
        <NavLink to={`${base}/schools${kept}`}>Schools</NavLink>
        <NavLink to={`${base}/people${kept}`}>People</NavLink>
        <NavLink to={`${base}/checks${kept}`}>Checks</NavLink>
        {mayManage && <NavLink to={`${base}/import`}>Import</NavLink>}
      </nav>
      <Outlet context={detail} />
    </>
  );
}

/** The day that is looked at, kept in the address; `allocated` without one. */
export function useAsAt(): [asAt: string, change: (asAt: string) => void] {
  const [search, setSearch] = useSearch();
  const asAt = search.get('asAt') ?? 'allocated';
  return [asAt, (to) => setSearch((next) => setFilter(next, 'asAt', to === 'allocated' ? '' : to))];
}

export function AsAtPicker() {
  const { study } = useRosterStudy();
  const [asAt, change] = useAsAt();
  const today = dayIn(study.timeZone, new Date());
  const dated = asAt !== 'allocated';
  return (
    <fieldset className="filters">
      <legend className="visually-hidden">Which day to look at</legend>
      <Select
        label="Members"
        name="asAt"
        value={dated ? 'day' : 'allocated'}
        onChange={(value) => change(value === 'day' ? today : 'allocated')}
        options={[
          { value: 'allocated', title: 'As allocated' },
          { value: 'day', title: 'As at a day' },
        ]}
      />
      {dated && (
        <Field
          label="Day"
          name="day"
          type="date"
          value={asAt}
          onChange={(event) => event.target.value && change(event.target.value)}
        />
      )}
      <p className="soft filters-note">
        {dated ? `Who and what belonged to the study on ${formatDay(asAt)}.` : 'Where each member was allocated.'}
      </p>
    </fieldset>
  );
}
