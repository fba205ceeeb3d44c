/** /studies/:study/reports/schools/:school: the feedback report of one school, with its release. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams } from 'react-router';
import { getStudy } from '../../shared/api.ts';
import { getSchoolReport, type ReleaseState, releaseSchoolReport, schoolFileUrl } from '../../shared/reports-api.ts';
import { reportsKey, studyKey } from '../keys.ts';
import { announce } from '../parts/announce.tsx';
import { ConfirmDialog } from '../parts/dialog.tsx';
import { TextArea } from '../parts/form.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { useMay } from '../session.tsx';
import { Downloads, StudyReport } from './study-report.tsx';
import { releaseSteps, releaseTitles } from './words.ts';

export function SchoolReportPage() {
  const { study = '', school = '' } = useParams();
  const detail = useQuery({ queryKey: studyKey(study), queryFn: () => getStudy(study) });
  const query = useQuery({
    queryKey: [...reportsKey(study), 'schools', school],
    queryFn: () => getSchoolReport(study, school),
    staleTime: 60_000,
    refetchOnWindowFocus: false,
  });
  const mayRelease = useMay('report.release', study);
  return (
    <Loaded query={query} what="the report" heading="Feedback report">
      {({ state, report }) => (
        <Page
          title={report.title}
          crumbs={[
            { to: '/', title: 'Studies' },
            { to: `/studies/${study}`, title: detail.data?.study.title ?? 'Study' },
            { to: `/studies/${study}/reports`, title: 'Reports' },
          ]}
          actions={<Downloads urlOf={(format) => schoolFileUrl(study, school, format)} what="this report" />}
        >
          {mayRelease && <Release study={study} school={school} state={state} />}
          <StudyReport report={report} stem={[study, 'school', school]} title="The report" />
        </Page>
      )}
    </Loaded>
  );
}

function Release({ study, school, state }: { study: string; school: string; state: ReleaseState }) {
  const [to, setTo] = useState<{ readonly to: ReleaseState; readonly title: string } | null>(null);
  const [why, setWhy] = useState('');
  const client = useQueryClient();
  return (
    <section className="card" aria-labelledby="release">
      <h2 id="release">Release</h2>
      <p>
        Released to: <strong>{releaseTitles[state]}</strong>.{' '}
        {state === 'withheld'
          ? 'What you see is what would be released today; it is frozen with the first step.'
          : 'What you see was frozen when it was released.'}
      </p>
      <p className="chart-buttons">
        {releaseSteps[state].map((step) => (
          <button
            key={step.to}
            type="button"
            className={step.to === 'withheld' ? 'button' : 'button button-main'}
            onClick={() => setTo(step)}
          >
            {step.title}
          </button>
        ))}
      </p>
      {to && (
        <ConfirmDialog
          title={to.title}
          confirm={to.title}
          act={async () => {
            await releaseSchoolReport(study, school, to.to, why.trim());
            announce(`The report is now: ${releaseTitles[to.to]}.`);
            await client.invalidateQueries({ queryKey: [...reportsKey(study), 'schools'] });
          }}
          close={() => {
            setTo(null);
            setWhy('');
          }}
        >
          <p>
            {to.to === 'withheld'
              ? 'Nobody outside the evaluation team can read the report then. What has been downloaded stays with whoever has it.'
              : 'Look through the report first. Whoever it is released to reads it in this form.'}
          </p>
          <TextArea
            label="Reason"
            name="why"
            rows={2}
            value={why}
            onChange={setWhy}
            hint="For your colleagues; kept with the day."
          />
        </ConfirmDialog>
      )}
    </section>
  );
}
