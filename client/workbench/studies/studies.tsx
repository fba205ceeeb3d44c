/** /: all studies, and the way to the demonstration study. */
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { listStudies, type StudySummary } from '../../shared/api.ts';
import { counted, formatDays } from '../../shared/format.ts';
import { studiesKey } from '../keys.ts';
import { Empty, Loaded } from '../parts/loaded.tsx';
import { SimulatedMark } from '../parts/marks.tsx';
import { Page } from '../parts/page.tsx';
import { useMay } from '../session.tsx';
import { LoadDemo } from './load-demo.tsx';

export function StudiesPage() {
  const query = useQuery({ queryKey: studiesKey, queryFn: listStudies });
  const mayCreate = useMay('study.create');
  return (
    <Page
      title="Studies"
      lead={<p>Each study is one evaluation: its schools, its waves, and what they answered.</p>}
      actions={
        mayCreate && (
          <Link className="button" to="/studies/new">
            New study
          </Link>
        )
      }
    >
      <Loaded query={query} what="the studies">
        {({ studies }) => (
          <>
            {studies.length === 0 ? (
              <Empty title="No study yet">
                <p>
                  {mayCreate
                    ? 'Load the demonstration study to look around: a school partnership programme with two arms, three waves and simulated answers.'
                    : 'Ask an evaluator or administrator of this installation to add one.'}
                </p>
                {mayCreate && <LoadDemo main />}
              </Empty>
            ) : (
              <ul className="study-list">
                {studies.map((summary) => (
                  <StudyCard key={summary.study.id} summary={summary} />
                ))}
              </ul>
            )}
            {mayCreate && studies.length > 0 && !studies.some(({ study }) => study.id === 'demo') && <LoadDemo />}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function StudyCard({ summary }: { summary: StudySummary }) {
  const { study } = summary;
  const [first, last] = [study.waves[0], study.waves.at(-1)];
  return (
    <li className="card study-card">
      <h2>
        <Link to={`/studies/${study.id}`}>{study.title}</Link> {study.simulated && <SimulatedMark />}
      </h2>
      <p className="soft">{study.description}</p>
      <p className="study-card-facts">
        <span>{counted(summary.clusters, 'cluster')}</span>
        <span>{counted(summary.schools, 'school')}</span>
        <span>{counted(summary.people, 'person', 'people')}</span>
        <span>{counted(summary.administrations, 'administration')}</span>
        {summary.responses !== null && <span>{counted(summary.responses, 'response')}</span>}
        {first && last && <span>{formatDays(first.opens, last.closes)}</span>}
      </p>
    </li>
  );
}
