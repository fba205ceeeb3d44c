/**
 * The charts that say the same as one table, with their buttons and that table. A long row of groups comes as several
 * charts, of which one shows at a time. The drawing itself (chart.tsx) loads on its own.
 */
import { lazy, type ReactNode, Suspense, useId, useState } from 'react';
import type { ChartSpec, Table } from '../../../analysis/result.ts';
import { saveFile } from '../../shared/download.ts';
import { announce } from '../parts/announce.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { Select } from '../parts/form.tsx';
import { Loading } from '../parts/loaded.tsx';

const ChartCanvas = lazy(async () => ({ default: (await import('./chart.tsx')).ChartCanvas }));

interface ChartFigureProps {
  readonly charts: readonly ChartSpec[];
  readonly table: Table | null;
  readonly tableOpen: boolean;
  readonly tableFile: string;
  readonly pictureFile: (chart: ChartSpec) => string;
  /** Study and administration, for the foot of the picture. */
  readonly source: string;
  readonly simulated: boolean;
}

export function ChartFigure(props: ChartFigureProps) {
  const { charts, table } = props;
  const id = useId();
  const [open, setOpen] = useState(props.tableOpen);
  const [part, setPart] = useState(0);
  const [everyPart, setEveryPart] = useState(false);
  const shown = everyPart ? charts : charts.slice(part, part + 1);
  const name = table?.title ?? charts[0]?.title ?? '';
  return (
    <div className="card chart-group">
      {charts.length > 1 && (
        <PartChoice
          charts={charts}
          part={part}
          choose={setPart}
          everyPart={everyPart}
          toggle={() => setEveryPart(!everyPart)}
        />
      )}
      {shown.map((chart, at) => (
        <OneChart key={chart.id} chart={chart} {...props}>
          {table && at === shown.length - 1 && (
            <button
              type="button"
              className="button button-small"
              aria-expanded={open}
              aria-controls={`${id}-table`}
              onClick={() => setOpen(!open)}
            >
              {open ? 'Hide table' : 'Show table'}
              <span className="visually-hidden">: {name}</span>
            </button>
          )}
        </OneChart>
      ))}
      {table && (
        <div id={`${id}-table`} hidden={!open}>
          {open && <DataTable table={table} searchable={table.rows.length > 15} file={props.tableFile} />}
        </div>
      )}
    </div>
  );
}

interface PartChoiceProps {
  readonly charts: readonly ChartSpec[];
  readonly part: number;
  readonly choose: (part: number) => void;
  readonly everyPart: boolean;
  readonly toggle: () => void;
}

function PartChoice({ charts, part, choose, everyPart, toggle }: PartChoiceProps) {
  return (
    <div className="chart-choice">
      {!everyPart && (
        <Select
          label={`Chart, ${charts.length} parts`}
          name="part"
          value={String(part)}
          onChange={(value) => choose(Number(value))}
          options={charts.map((chart, at) => ({ value: String(at), title: chart.title }))}
        />
      )}
      <button type="button" className="button" aria-pressed={everyPart} onClick={toggle}>
        Show all {charts.length} parts
      </button>
    </div>
  );
}

function OneChart(props: ChartFigureProps & { chart: ChartSpec; children: ReactNode }) {
  const { chart } = props;
  const id = useId();
  const [busy, setBusy] = useState(false);

  const savePicture = async () => {
    setBusy(true);
    const file = props.pictureFile(chart);
    try {
      const { chartPicture } = await import('./picture.ts');
      saveFile(file, await chartPicture(chart, { source: props.source, simulated: props.simulated }));
      announce(`${chart.title} saved as ${file}`);
    } catch {
      announce('The picture could not be made. Reload the page and try again.');
    } finally {
      setBusy(false);
    }
  };

  return (
    <figure className="chart" aria-labelledby={`${id}-title`}>
      <figcaption>
        <h4 id={`${id}-title`}>{chart.title}</h4>
        <p className="soft">{chart.summary}</p>
      </figcaption>
      <Suspense fallback={<Loading what="the chart" />}>
        <ChartCanvas chart={chart} />
      </Suspense>
      <div className="chart-buttons">
        <button type="button" className="button button-small" disabled={busy} onClick={() => void savePicture()}>
          Save as PNG<span className="visually-hidden">: {chart.title}</span>
        </button>
        {props.children}
      </div>
    </figure>
  );
}
