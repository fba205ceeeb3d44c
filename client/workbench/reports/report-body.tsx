/** A report on the screen: what it is about, the ways to its sections, and the sections. Used by every page of a report. */
import { type ReactNode, useState } from 'react';
import type { Note, Report } from '../../../analysis/result.ts';
import { Notes, SectionView } from './sections.tsx';

interface ReportBodyProps {
  readonly report: Report;
  readonly sections?: Report['sections'];
  readonly notes?: readonly Note[];
  /** Names of the files that are saved begin so. */
  readonly stem: readonly string[];
  /** Where the figures come from, as saved charts say. */
  readonly source?: string;
  readonly children?: ReactNode;
}

export function ReportBody({ report, stem, children, ...given }: ReportBodyProps) {
  const [tables, setTables] = useState(false);
  const { sections = report.sections, notes = report.notes, source = report.subtitle } = given;
  return (
    <>
      <div className="report-top">
        <p className="lead">{report.subtitle}</p>
        <Notes notes={notes} />
        {children}
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
        <SectionView
          key={section.id}
          section={section}
          simulated={report.simulated}
          stem={stem}
          source={source}
          tables={tables}
        />
      ))}
    </>
  );
}
