/** One chart with its title, its buttons and the table behind it. The drawing itself (chart.tsx) loads on its own. */
import { lazy, Suspense, useId, useState } from 'react';
import type { ChartSpec, Table } from '../../../analysis/result.ts';
import { saveFile } from '../../shared/download.ts';
import { announce } from '../parts/announce.tsx';
import { DataTable } from '../parts/data-table.tsx';
import { Loading } from '../parts/loaded.tsx';

const ChartCanvas = lazy(async () => ({ default: (await import('./chart.tsx')).ChartCanvas }));

interface ChartFigureProps {
  readonly chart: ChartSpec;
  readonly table: Table | null;
  readonly tableOpen: boolean;
  readonly tableFile: string;
  readonly pictureFile: string;
  /** Study and administration, for the foot of the picture. */
  readonly source: string;
  readonly simulated: boolean;
}

export function ChartFigure(props: ChartFigureProps) {
  const { chart, table } = props;
  const id = useId();
  const [open, setOpen] = useState(props.tableOpen);
  const [busy, setBusy] = useState(false);

  const savePicture = async () => {
    setBusy(true);
    try {
      const { chartPicture } = await import('./picture.ts');
      saveFile(props.pictureFile, await chartPicture(chart, { source: props.source, simulated: props.simulated }));
      announce(`${chart.title} saved as ${props.pictureFile}`);
    } catch {
      announce('The picture could not be made. Reload the page and try again.');
    } finally {
      setBusy(false);
    }
  };

  return (
    <figure className="card chart" aria-labelledby={`${id}-title`}>
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
        {table && (
          <button
            type="button"
            className="button button-small"
            aria-expanded={open}
            aria-controls={`${id}-table`}
            onClick={() => setOpen(!open)}
          >
            {open ? 'Hide table' : 'Show table'}
            <span className="visually-hidden">: {chart.title}</span>
          </button>
        )}
      </div>
      {table && (
        <div id={`${id}-table`} hidden={!open}>
          {open && <DataTable table={table} searchable={table.rows.length > 15} file={props.tableFile} />}
        </div>
      )}
    </figure>
  );
}
