/** /studies/:study: one study at a glance: arms, waves, administrations, clusters, schools. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { roles, roleTitles } from '../../../instruments/study.ts';
import { deleteStudy, getStudy, type listStudies, type StudyDetail } from '../../shared/api.ts';
import { counted, formatNumber } from '../../shared/format.ts';
import { demoKey, studiesKey, studyKey } from '../keys.ts';
import { announce } from '../parts/announce.tsx';
import { ConfirmDialog } from '../parts/dialog.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Figures, SimulatedNotice } from '../parts/marks.tsx';
import { Page } from '../parts/page.tsx';
import { useMay } from '../session.tsx';
import { AdministrationList } from './administration-list.tsx';
import { ClusterTable, SchoolTable } from './roster-tables.tsx';
import { StudyLinks } from './study-links.tsx';
import { Waves } from './waves.tsx';

export function StudyPage() {
  const { study = '' } = useParams();
  const query = useQuery({ queryKey: studyKey(study), queryFn: () => getStudy(study) });
  const client = useQueryClient();
  const listed = client.getQueryData<Awaited<ReturnType<typeof listStudies>>>(studiesKey)?.studies;
  const known = listed?.find((summary) => summary.study.id === study);
  return (
    <Loaded query={query} what="the study" heading={known?.study.title ?? 'Study'}>
      {(detail) => <StudyView detail={detail} />}
    </Loaded>
  );
}

function StudyView({ detail }: { detail: StudyDetail }) {
  const { study } = detail;
  const mayDelete = useMay('study.delete', study.id);
  return (
    <Page
      title={study.title}
      crumbs={[{ to: '/', title: 'Studies' }]}
      lead={<p>{study.description}</p>}
      actions={<StudyLinks study={study.id} />}
    >
      {study.simulated && (
        <SimulatedNotice>{mayDelete && <DeleteStudy id={study.id} title={study.title} />}</SimulatedNotice>
      )}
      <Figures
        figures={[
          ['Clusters', detail.clusters.length],
          ['Schools', detail.schools.length],
          ['People', detail.people],
          ['Administrations', detail.administrations.length],
        ]}
      />
      <Waves study={study} />
      <AdministrationList detail={detail} />
      <Arms detail={detail} />
      <ClusterTable detail={detail} />
      <SchoolTable detail={detail} />
    </Page>
  );
}

function Arms({ detail }: { detail: StudyDetail }) {
  const people = roles.filter((role) => (detail.peopleByRole[role] ?? 0) > 0);
  return (
    <section aria-labelledby="arms">
      <h2 id="arms">Arms and people</h2>
      <ul className="tiles">
        {detail.study.arms.map((arm) => (
          <li key={arm.id} className="card tile">
            <h3>{arm.title}</h3>
            <p className="soft">{arm.kind === 'intervention' ? 'Intervention arm' : 'Comparison arm'}</p>
            <p>
              {counted(detail.clusters.filter((cluster) => cluster.arm === arm.id).length, 'cluster')},{' '}
              {counted(detail.schools.filter((school) => school.arm === arm.id).length, 'school')}
            </p>
          </li>
        ))}
        <li className="card tile">
          <h3>People by role</h3>
          {people.length === 0 && <p className="soft">Nobody yet.</p>}
          <dl className="count-list">
            {people.map((role) => (
              <div key={role}>
                <dt>{roleTitles[role]}</dt>
                <dd>{formatNumber(detail.peopleByRole[role] ?? 0)}</dd>
              </div>
            ))}
          </dl>
        </li>
      </ul>
    </section>
  );
}

function DeleteStudy({ id, title }: { id: string; title: string }) {
  const [asking, setAsking] = useState(false);
  const client = useQueryClient();
  const navigate = useNavigate();
  return (
    <>
      <button type="button" className="button button-small button-danger-quiet" onClick={() => setAsking(true)}>
        Delete this study
      </button>
      {asking && (
        <ConfirmDialog
          title={`Delete “${title}”?`}
          confirm="Delete the study"
          danger
          close={() => setAsking(false)}
          act={async () => {
            await deleteStudy(id);
            announce('The study has been deleted.');
            await navigate('/');
            client.removeQueries({ queryKey: studyKey(id) });
            client.removeQueries({ queryKey: demoKey });
            await client.invalidateQueries({ queryKey: studiesKey, exact: true });
          }}
        >
          <p>
            All its schools, people, links and simulated answers are removed from the database. The demonstration study
            can be loaded again at any time.
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}
