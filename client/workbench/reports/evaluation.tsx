/** /studies/:study/reports/evaluation: the evaluation report of a study on screen, with its files. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams } from 'react-router';
import { getStudy } from '../../shared/api.ts';
import { evaluationFileUrl, getEvaluation } from '../../shared/reports-api.ts';
import { reportsKey, studyKey } from '../keys.ts';
import { Loaded } from '../parts/loaded.tsx';
import { NotYours } from '../parts/not-yours.tsx';
import { Page } from '../parts/page.tsx';
import { useMay } from '../session.tsx';
import { Computing } from './sections.tsx';
import { Downloads, StudyReport } from './study-report.tsx';

/** The evaluation report and how far it is; shared by the pages that show it or a part of it. */
export function useEvaluation(study: string, enabled: boolean) {
  const [share, setShare] = useState<number | null>(null);
  const query = useQuery({
    queryKey: [...reportsKey(study), 'evaluation'],
    // Given up when the page is left: the server then stops computing, too.
    queryFn: ({ signal }) => getEvaluation(study, { signal, onShare: setShare }),
    staleTime: 60_000,
    refetchOnWindowFocus: false,
    enabled,
  });
  return { query, share };
}

export function EvaluationPage() {
  const { study = '' } = useParams();
  const may = useMay('report.read', study);
  const detail = useQuery({ queryKey: studyKey(study), queryFn: () => getStudy(study) });
  const { query, share } = useEvaluation(study, may);
  return (
    <Page
      title="Evaluation report"
      crumbs={[
        { to: '/', title: 'Studies' },
        { to: `/studies/${study}`, title: detail.data?.study.title ?? 'Study' },
        { to: `/studies/${study}/reports`, title: 'Reports' },
      ]}
      actions={may && <Downloads urlOf={(format) => evaluationFileUrl(study, format)} what="the evaluation report" />}
    >
      {!may ? (
        <NotYours title="The evaluation report is for the evaluation team">
          Reports of your own schools stand under Reports once they are released to you.
        </NotYours>
      ) : query.isPending && share !== null ? (
        <Computing share={share} />
      ) : (
        <Loaded query={query} what="the report">
          {(report) => <StudyReport report={report} stem={[study, 'evaluation']} title="The report" />}
        </Loaded>
      )}
    </Page>
  );
}
