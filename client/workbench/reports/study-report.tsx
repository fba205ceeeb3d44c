/** Parts that the pages of a study's reports share: the report itself, and the ways to take it away. */
import type { Report } from '../../../analysis/result.ts';
import { type ReportFormat, reportFormats } from '../../shared/reports-api.ts';
import { ReportBody } from './report-body.tsx';
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
  return (
    <>
      <h2 className="visually-hidden">{title}</h2>
      <ReportBody report={report} stem={stem} />
    </>
  );
}
