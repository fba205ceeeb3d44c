/** /studies/:study/fidelity: what the parts of a study's fidelity share: heading, the way between them, and the data. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, NavLink, Outlet, useOutletContext, useParams } from 'react-router';
import { getStudy, type StudyDetail } from '../../shared/api.ts';
import { type Fidelity, getFidelity } from '../../shared/fidelity-api.ts';
import { fidelityKey, studyKey } from '../keys.ts';
import { Empty, Loaded } from '../parts/loaded.tsx';
import { SimulatedNotice } from '../parts/marks.tsx';
import { PageHead, Part } from '../parts/page.tsx';
import { useMay } from '../session.tsx';

export const useFidelityStudy = () => useOutletContext<StudyDetail>();

export function FidelityLayout() {
  const { study = '' } = useParams();
  const query = useQuery({ queryKey: studyKey(study), queryFn: () => getStudy(study) });
  return (
    <Loaded query={query} what="the study" heading="Fidelity">
      {(detail) => <Frame detail={detail} />}
    </Loaded>
  );
}

function Frame({ detail }: { detail: StudyDetail }) {
  const { study } = detail;
  const base = `/studies/${study.id}/fidelity`;
  // Whoever sees single clusters only sees no figure that is made of all of them.
  const whole = useMay('report.read', study.id);
  return (
    <>
      <PageHead
        title={`Fidelity of ${study.title}`}
        crumbs={[
          { to: '/', title: 'Studies' },
          { to: `/studies/${study.id}`, title: study.title },
        ]}
      />
      {study.simulated && <SimulatedNotice />}
      <nav className="parts-nav" aria-label="Parts of the fidelity">
        <NavLink to={base} end>
          Picture
        </NavLink>
        <NavLink to={`${base}/dose`}>Dose and timeliness</NavLink>
        {whole && <NavLink to={`${base}/sources`}>Sources compared</NavLink>}
        {whole && <NavLink to={`${base}/relations`}>Fidelity and change</NavLink>}
        <NavLink to={`${base}/late`}>Late events</NavLink>
        <NavLink to={`${base}/quality`}>Data quality</NavLink>
        {whole && <NavLink to={`${base}/model`}>Model</NavLink>}
      </nav>
      <Outlet context={detail} />
    </>
  );
}

/** A part that needs a published model; says what to do where there is none. */
export function FidelityPart({
  title,
  children,
}: {
  title: string;
  children: (fidelity: Fidelity) => React.ReactNode;
}) {
  const { study } = useFidelityStudy();
  const mayManage = useMay('fidelity.manage', study.id);
  const query = useQuery({ queryKey: fidelityKey(study.id), queryFn: () => getFidelity(study.id) });
  return (
    <Part title={title} of={`Fidelity of ${study.title}`}>
      <Loaded query={query} what="the fidelity">
        {(fidelity) =>
          fidelity ? (
            children(fidelity)
          ) : (
            <Empty title="No fidelity model yet">
              <p>
                {mayManage ? (
                  <>
                    A model says what the programme consists of.{' '}
                    <Link to={`/studies/${study.id}/fidelity/model`}>Begin one</Link> and publish it; then the logs are
                    scored.
                  </>
                ) : (
                  'Once the evaluation team has published a model of the programme, its scores stand here.'
                )}
              </p>
            </Empty>
          )
        }
      </Loaded>
    </Part>
  );
}

/** Asks for everything of the fidelity again. */
export function useRefreshFidelity(study: string): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: fidelityKey(study) });
}

/** Names of places, for lists that know ids. */
export function namesOf({ clusters, schools }: Pick<Fidelity, 'clusters' | 'schools'>) {
  const cluster = new Map(clusters.map(({ id, name }) => [id, name]));
  const school = new Map(schools.map(({ id, name }) => [id, name]));
  return {
    cluster: (id: string | null) => (id === null ? '' : (cluster.get(id) ?? id)),
    school: (id: string | null) => (id === null ? '' : (school.get(id) ?? id)),
  };
}
