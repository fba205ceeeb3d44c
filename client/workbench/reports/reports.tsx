/** /studies/:study/reports: how the measures hold, the evaluation report's files, and the schools' reports with their release. */
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import type { Table } from '../../../analysis/result.ts';
import { getStudy } from '../../shared/api.ts';
import { formatDay } from '../../shared/format.ts';
import { evaluationFileUrl, listSchoolReports, type SchoolReportRow } from '../../shared/reports-api.ts';
import { reportsKey, studyKey } from '../keys.ts';
import { DataTable } from '../parts/data-table.tsx';
import { Empty, Loaded } from '../parts/loaded.tsx';
import { SimulatedNotice } from '../parts/marks.tsx';
import { Page } from '../parts/page.tsx';
import { useMay } from '../session.tsx';
import { useEvaluation } from './evaluation.tsx';
import { Computing } from './sections.tsx';
import { Downloads } from './study-report.tsx';
import { releaseTitles } from './words.ts';

export function ReportsPage() {
  const { study = '' } = useParams();
  const mayReadAll = useMay('report.read', study);
  const detail = useQuery({ queryKey: studyKey(study), queryFn: () => getStudy(study) });
  return (
    <Page
      title="Reports"
      crumbs={[
        { to: '/', title: 'Studies' },
        { to: `/studies/${study}`, title: detail.data?.study.title ?? 'Study' },
      ]}
    >
      {detail.data?.study.simulated && <SimulatedNotice />}
      {mayReadAll && <Evaluation study={study} />}
      <SchoolReports study={study} all={mayReadAll} />
    </Page>
  );
}

function Evaluation({ study }: { study: string }) {
  const { query, share } = useEvaluation(study, true);
  return (
    <>
      <section aria-labelledby="evaluation">
        <h2 id="evaluation">Evaluation report</h2>
        <p className="soft measure">
          Flow of clusters, schools and people, response, measures, outcomes by arm and wave, amendments. A PDF or Word
          document takes up to a minute.
        </p>
        <p className="chart-buttons">
          <Link className="button button-main button-small" to={`/studies/${study}/reports/evaluation`}>
            Read it here
          </Link>
          <Downloads urlOf={(format) => evaluationFileUrl(study, format)} what="the evaluation report" />
        </p>
      </section>
      <section aria-labelledby="measures">
        <h2 id="measures">Measures and the aggregation gate</h2>
        {query.isPending && share !== null ? (
          <Computing share={share} />
        ) : (
          <Loaded query={query} what="the measures">
            {(report) => {
              const section = report.sections.find(({ id }) => id === 'measures');
              const gate = section?.tables.find(({ id }) => id === 'measures-gate');
              return (
                <>
                  <p className="measure">{section?.text}</p>
                  {gate && (
                    <div className="card">
                      <DataTable
                        table={gate}
                        searchable={gate.rows.length > 15}
                        file={`${study}-measures-gate.csv`}
                        cells={{ gate: (value) => <GateMark passed={value === 'passed'} /> }}
                      />
                    </div>
                  )}
                </>
              );
            }}
          </Loaded>
        )}
      </section>
    </>
  );
}

/** Told by words and a sign, not by colour alone. */
function GateMark({ passed }: { passed: boolean }) {
  return (
    <span className={passed ? 'gate gate-passed' : 'gate'}>
      <span aria-hidden="true">{passed ? '✓' : '✗'}</span> {passed ? 'passed' : 'not passed'}
    </span>
  );
}

function SchoolReports({ study, all }: { study: string; all: boolean }) {
  const query = useQuery({
    queryKey: [...reportsKey(study), 'schools', 'list'],
    queryFn: () => listSchoolReports(study),
  });
  return (
    <section aria-labelledby="school-reports">
      <h2 id="school-reports">Feedback reports of schools</h2>
      <p className="soft measure">
        Each school’s own answers beside its cluster and all schools, in plain words. A report is released to the head
        first, then to the cluster lead, then to staff.
      </p>
      <Loaded query={query} what="the reports">
        {({ schools }) =>
          schools.length === 0 ? (
            <Empty title={all ? 'This study has no schools yet' : 'No report has been released to you yet'} />
          ) : (
            <div className="card">
              <DataTable
                table={tableOf(schools)}
                searchable={schools.length > 15}
                hidden={['id']}
                quietTitle
                cells={{
                  school: (value, row) => (
                    <Link to={`/studies/${study}/reports/schools/${encodeURIComponent(String(row[4] ?? ''))}`}>
                      {String(value)}
                    </Link>
                  ),
                }}
              />
            </div>
          )
        }
      </Loaded>
    </section>
  );
}

function tableOf(schools: readonly SchoolReportRow[]): Table {
  return {
    id: 'school-reports',
    title: 'Feedback reports and to whom they are released',
    columns: [
      { id: 'school', title: 'School', kind: 'text' },
      { id: 'cluster', title: 'Cluster', kind: 'text' },
      { id: 'state', title: 'Released to', kind: 'text' },
      { id: 'since', title: 'Since', kind: 'text' },
      { id: 'id', title: 'Id', kind: 'text' },
    ],
    rows: schools.map(({ id, name, clusterName, state, history }) => {
      const since = history.at(-1)?.at.slice(0, 10);
      return [name, clusterName, releaseTitles[state], since ? formatDay(since, 'short') : null, id];
    }),
    notes: [],
  };
}
