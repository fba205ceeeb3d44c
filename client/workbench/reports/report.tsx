/** The report of an administration: sections of charts and tables, drawn from the report value of the server alone. */
import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import type { Note, Report, Section } from '../../../analysis/result.ts';
import { getReport } from '../../shared/api.ts';
import { fileName } from '../../shared/download.ts';
import { formatPercent } from '../../shared/format.ts';
import { type Fieldwork, fileStem, useFieldwork } from '../fieldwork/administration.tsx';
import { administrationKey } from '../keys.ts';
import { DataTable } from '../parts/data-table.tsx';
import { Empty, Loaded } from '../parts/loaded.tsx';
import { Part } from '../parts/page.tsx';
import { ChartFigure } from './chart-figure.tsx';

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

function Computing({ share }: { share: number }) {
  const id = useId();
  return (
    <div className="progress">
      <label htmlFor={id}>Computing the report…</label>
      <progress id={id} max={1} value={share} />
      <span aria-hidden="true">{formatPercent(share)}</span>
    </div>
  );
}

function ReportView({ report }: { report: Report }) {
  const fieldwork = useFieldwork();
  const [tables, setTables] = useState(false);
  // Without answers every other section would be a row of empty tables.
  const nothing = report.notes.some(({ code }) => code === 'no-responses');
  const sections = nothing ? report.sections.filter(({ id }) => id === 'response') : report.sections;
  return (
    <>
      <div className="report-top">
        <p className="lead">{report.subtitle}</p>
        {/* That the data are simulated stands above every part of the administration, that there are none below. */}
        <Notes notes={report.notes.filter(({ code }) => code !== 'simulated' && code !== 'no-responses')} />
        {nothing && (
          <Empty title="No response yet">
            <p>Items, scales and reliability will stand here once the first response has come in.</p>
          </Empty>
        )}
        <nav className="contents" aria-label="Sections of the report">
          <ul>
            {sections.map((section) => (
              <li key={section.id}>
                <a href={`#${section.id}`}>{section.title}</a>
              </li>
            ))}
          </ul>
        </nav>
        <div className="chart-buttons">
          <button
            type="button"
            className="button button-small"
            aria-pressed={tables}
            onClick={() => setTables(!tables)}
          >
            Show the table of every chart
          </button>
        </div>
      </div>
      {sections.map((section) => (
        <SectionView key={section.id} section={section} report={report} fieldwork={fieldwork} tables={tables} />
      ))}
    </>
  );
}

interface SectionProps {
  readonly section: Section;
  readonly report: Report;
  readonly fieldwork: Fieldwork;
  /** Every chart's table is to be open. */
  readonly tables: boolean;
}

function SectionView({ section, report, fieldwork, tables }: SectionProps) {
  const drawn = new Set(section.charts.map((chart) => chart.table));
  const ending = report.simulated ? ['simulated'] : [];
  const tableFile = (id: string) => fileName([...fileStem(fieldwork), id, ...ending], 'csv');
  return (
    <section id={section.id} className="report-section" aria-labelledby={`${section.id}-title`} tabIndex={-1}>
      <h3 id={`${section.id}-title`}>{section.title}</h3>
      {section.text && <p>{section.text}</p>}
      {[...drawn].map((id) => (
        <ChartFigure
          key={`${id} ${tables}`}
          charts={section.charts.filter((chart) => chart.table === id)}
          table={section.tables.find((table) => table.id === id) ?? null}
          tableOpen={tables}
          tableFile={tableFile(id)}
          pictureFile={(chart) => fileName([...fileStem(fieldwork), chart.id], 'png')}
          source={`${fieldwork.detail.study.title} · ${fieldwork.administration.title}`}
          simulated={report.simulated}
        />
      ))}
      {section.tables
        .filter(({ id }) => !drawn.has(id))
        .map((table) => (
          <div key={table.id} className="card">
            <DataTable table={table} searchable={table.rows.length > 15} file={tableFile(table.id)} />
          </div>
        ))}
    </section>
  );
}

function Notes({ notes }: { notes: readonly Note[] }) {
  if (notes.length === 0) return null;
  return (
    <ul className="notes">
      {notes.map((note) => (
        <li key={`${note.code} ${note.text}`}>{note.text}</li>
      ))}
    </ul>
  );
}
