/** What the four parts of an administration share: heading, state and its buttons, dates, and the way between them. */
import { useQuery } from '@tanstack/react-query';
import { Link, NavLink, Outlet, useOutletContext, useParams } from 'react-router';
import { ownName } from '../../../instruments/languages.ts';
import type { Study } from '../../../instruments/study.ts';
import { type AdministrationDetail, getAdministration, getStudy, type StudyDetail } from '../../shared/api.ts';
import { formatDays } from '../../shared/format.ts';
import { administrationKey, studyKey } from '../keys.ts';
import { Loaded } from '../parts/loaded.tsx';
import { Facts, PilotNotice, SimulatedNotice, StateMark } from '../parts/marks.tsx';
import { PageHead } from '../parts/page.tsx';
import { useMay } from '../session.tsx';
import { audienceOf } from '../studies/administration-list.tsx';
import { StateButtons } from './state-buttons.tsx';

/** What every part is given. */
export interface Fieldwork extends AdministrationDetail {
  readonly detail: StudyDetail;
}

export const useFieldwork = () => useOutletContext<Fieldwork>();

/** The first parts of the name of every file saved here. */
export const fileStem = ({ detail, administration }: Fieldwork) => [detail.study.id, administration.id];

export function AdministrationLayout() {
  const { study = '', administration = '' } = useParams();
  const studyQuery = useQuery({ queryKey: studyKey(study), queryFn: () => getStudy(study) });
  const query = useQuery({
    queryKey: administrationKey(study, administration),
    queryFn: () => getAdministration(study, administration),
  });
  const known = studyQuery.data?.administrations.find(({ id }) => id === administration);
  const heading = known?.title ?? 'Administration';
  return (
    <Loaded query={query} what="the administration" heading={heading}>
      {(found) => (
        <Loaded query={studyQuery} what="the study" heading={found.administration.title}>
          {(detail) => <Frame fieldwork={{ ...found, detail }} />}
        </Loaded>
      )}
    </Loaded>
  );
}

function Frame({ fieldwork }: { fieldwork: Fieldwork }) {
  const { administration, instrument, detail } = fieldwork;
  const { study } = detail;
  const mayManage = useMay('administration.manage', study.id);
  return (
    <>
      <PageHead
        title={administration.title}
        crumbs={[
          { to: '/', title: 'Studies' },
          { to: `/studies/${study.id}`, title: study.title },
        ]}
        actions={mayManage && <StateButtons administration={administration} study={study} />}
      />
      {study.simulated && <SimulatedNotice />}
      {administration.pilot && <PilotNotice />}
      <Facts
        facts={[
          ['State', <StateMark key="state" state={administration.state} />],
          ['Takes answers', formatDays(administration.opens, administration.closes)],
          ['Wave', waveTitle(study, administration.wave)],
          ['Asked', audienceOf(administration, study)],
          ...(administration.languages ? [languagesFact(administration.languages)] : []),
          ['Mode', administration.mode === 'confidential' ? 'Confidential' : 'Anonymous'],
          [
            'Instrument',
            <Link key="instrument" to={`/instruments/${instrument.id}/versions/${instrument.version}`}>
              {instrument.title}, version&nbsp;{instrument.version}
            </Link>,
          ],
        ]}
      />
      <PartsNav study={study.id} base={`/studies/${study.id}/administrations/${administration.id}`} />
      <Outlet context={fieldwork} />
    </>
  );
}

const languagesFact = (languages: readonly string[]) =>
  [languages.length > 1 ? 'Languages' : 'Language', languages.map(ownName).join(', ')] as const;

const waveTitle = (study: Study, id: string) => study.waves.find((wave) => wave.id === id)?.title ?? id;

function PartsNav({ study, base }: { study: string; base: string }) {
  const mayLinks = useMay('invitation.read', study);
  const mayPaper = useMay('paper.enter', study);
  const mayMessages = useMay('message.read', study);
  const mayData = useMay('dataset.export', study);
  const mayReport = useMay('report.read', study);
  return (
    <nav className="parts-nav" aria-label="Parts of this administration">
      <NavLink to={base} end>
        Response rates
      </NavLink>
      <NavLink to={`${base}/plan`}>Plan</NavLink>
      {mayLinks && <NavLink to={`${base}/calls`}>Calls</NavLink>}
      {mayLinks && <NavLink to={`${base}/links`}>Links</NavLink>}
      {mayPaper && <NavLink to={`${base}/paper`}>Paper</NavLink>}
      {mayMessages && <NavLink to={`${base}/messages`}>Messages</NavLink>}
      {mayData && <NavLink to={`${base}/data`}>Data</NavLink>}
      {mayReport && <NavLink to={`${base}/report`}>Report</NavLink>}
    </nav>
  );
}
