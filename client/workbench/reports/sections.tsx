/** Sections of a report as the workbench shows them: text, diagrams, charts with their tables, tables. Called by the pages of reports. */
import { useId } from 'react';
import type { Flow, FlowBox, Note, Section } from '../../../analysis/result.ts';
import { fileName } from '../../shared/download.ts';
import { formatCell, formatPercent } from '../../shared/format.ts';
import { DataTable } from '../parts/data-table.tsx';
import { ChartFigure } from './chart-figure.tsx';

export function Computing({ share }: { share: number }) {
  const id = useId();
  return (
    <div className="progress">
      <label htmlFor={id}>Computing the report…</label>
      <progress id={id} max={1} value={share} />
      <span aria-hidden="true">{formatPercent(share)}</span>
    </div>
  );
}

interface SectionProps {
  readonly section: Section;
  readonly simulated: boolean;
  /** What names of saved files begin with. */
  readonly stem: readonly string[];
  /** For the foot of saved pictures. */
  readonly source: string;
  /** Every chart's table is to be open. */
  readonly tables: boolean;
}

export function SectionView({ section, simulated, stem, source, tables }: SectionProps) {
  const drawn = new Set(section.charts.map((chart) => chart.table));
  const ending = simulated ? ['simulated'] : [];
  const tableFile = (id: string) => fileName([...stem, id, ...ending], 'csv');
  return (
    <section id={section.id} className="report-section" aria-labelledby={`${section.id}-title`} tabIndex={-1}>
      <h3 id={`${section.id}-title`}>{section.title}</h3>
      {section.text && <p>{section.text}</p>}
      <Notes notes={section.notes ?? []} />
      {(section.flows ?? []).map((flow) => (
        <FlowFigure key={flow.id} flow={flow} />
      ))}
      {[...drawn].map((id) => (
        <ChartFigure
          key={`${id} ${tables}`}
          charts={section.charts.filter((chart) => chart.table === id)}
          table={section.tables.find((table) => table.id === id) ?? null}
          tableOpen={tables}
          tableFile={tableFile(id)}
          pictureFile={(chart) => fileName([...stem, chart.id], 'png')}
          source={source}
          simulated={simulated}
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

export function Notes({ notes }: { notes: readonly Note[] }) {
  if (notes.length === 0) return null;
  return (
    <ul className="notes">
      {notes.map((note) => (
        <li key={`${note.code} ${note.text}`}>{note.text}</li>
      ))}
    </ul>
  );
}

/** Boxes one below the other, arms side by side where there is room; the table of the section has the same counts. */
function FlowFigure({ flow }: { flow: Flow }) {
  const id = useId();
  return (
    <figure className="card flow" aria-labelledby={id}>
      <figcaption>
        <h4 id={id}>{flow.title}</h4>
        <p className="soft">{flow.summary}</p>
      </figcaption>
      <FlowStage box={flow.top} />
      <div className="flow-arms">
        {flow.columns.map((column) => (
          <div key={column.id} className="flow-arm">
            <h5>{column.title}</h5>
            {column.boxes.map((box) => (
              <FlowStage key={box.title} box={box} />
            ))}
          </div>
        ))}
      </div>
    </figure>
  );
}

function FlowStage({ box }: { box: FlowBox }) {
  return (
    <div className="flow-box">
      <p className="flow-title">{box.title}</p>
      {box.lines.length > 0 && (
        <dl>
          {box.lines.map(({ label, value }) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{formatCell(value, { id: 'count', title: '', kind: 'integer' })}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}
