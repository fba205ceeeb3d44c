/** The report of an administration: sections of charts and tables, drawn from the report value of the server alone. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Report } from '../../../analysis/result.ts';
import { getReport } from '../../shared/api.ts';
import { fileStem, useFieldwork } from '../fieldwork/administration.tsx';
import { administrationKey } from '../keys.ts';
import { Empty, Loaded } from '../parts/loaded.tsx';
import { Part } from '../parts/page.tsx';
import { ReportBody } from './report-body.tsx';
import { Computing } from './sections.tsx';

export function ReportPart() {
  const { administration, detail } = useFieldwork();
  const [share, setShare] = useState<number | null>(null);
  const query = useQuery({
    queryKey: [...administrationKey(detail.study.id, administration.id), 'report'],
    // Given up when the page is left: the server then stops computing, too.
    queryFn: ({ signal }) => getReport(detail.study.id, administration.id, { signal, onShare: setShare }),
    staleTime: 60_000,
    refetchOnWindowFocus: false,
  });
  return (
    <Part
      title="Report"
      of={administration.title}
      actions={
        query.data && (
          <button type="button" className="button" onClick={() => window.print()}>
            Print or save as PDF
          </button>
        )
      }
    >
      {query.isPending && share !== null ? (
        <Computing share={share} />
      ) : (
        <Loaded query={query} what="the report">
          {(report) => <ReportView report={report} />}
        </Loaded>
      )}
    </Part>
  );
}

function ReportView({ report }: { report: Report }) {
  const fieldwork = useFieldwork();
  // Without answers every other section would be a row of empty tables.
  const nothing = report.notes.some(({ code }) => code === 'no-responses');
  const sections = nothing ? report.sections.filter(({ id }) => id === 'response') : report.sections;
  return (
    <ReportBody
      report={report}
      sections={sections}
      // That the data are simulated stands above every part of the administration, that there are none below.
      notes={report.notes.filter(({ code }) => code !== 'simulated' && code !== 'no-responses')}
      stem={fileStem(fieldwork)}
      source={`${fieldwork.detail.study.title} · ${fieldwork.administration.title}`}
    >
      {nothing && (
        <Empty title="No response yet">
          <p>Items, scales and reliability will stand here once the first response has come in.</p>
        </Empty>
      )}
    </ReportBody>
  );
}
