/** Parts that the pages of a study's reports share: the report itself, and the ways to take it away. */
import { useState } from 'react';
import type { Report } from '../../../analysis/result.ts';
import { type ReportFormat, reportFormats } from '../../shared/reports-api.ts';
import { Notes, SectionView } from './sections.tsx';
import { formatTitles } from './words.ts';

/** Links to the files, made when they are asked for. */
export function Downloads({ urlOf, what }: { urlOf: (format: ReportFormat) => string; what: string }) {
  return reportFormats.map((format) => (
    <a
      key={format}
      className="button button-small"
      href={urlOf(format)}
      {...(format === 'html' ? { target: '_blank', rel: 'noreferrer' } : { download: true })}
    >
      {formatTitles[format]}
      <span className="visually-hidden">
        {' '}
        of {what}
        {format === 'html' && ', in a new tab'}
      </span>
    </a>
  ));
}

interface StudyReportProps {
  readonly report: Report;
  readonly stem: readonly string[];
  /** Heading of the report, for screen readers above its sections. */
  readonly title: string;
}

export function StudyReport({ report, stem, title }: StudyReportProps) {
  const [tables, setTables] = useState(false);
  return (
    <>
      <h2 className="visually-hidden">{title}</h2>
      <div className="report-top">
        <p className="lead">{report.subtitle}</p>
        <Notes notes={report.notes} />
        <nav className="contents" aria-label="Sections of the report">
          <ul>
            {report.sections.map((section) => (
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
      {report.sections.map((section) => (
        <SectionView
          key={section.id}
          section={section}
          simulated={report.simulated}
          stem={stem}
          source={report.subtitle}
          tables={tables}
        />
      ))}
    </>
  );
}
