/**
 * Draws the charts of a report with chart.js, on the screen and for a picture. The client's only importer of chart.js and
 * chartjs-chart-error-bars; loaded when the first chart is shown.
 */
import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  type ChartConfiguration,
  Filler,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  ScatterController,
  Tooltip,
} from 'chart.js';
import {
  BarWithErrorBar,
  BarWithErrorBarsController,
  PointWithErrorBar,
  ScatterWithErrorBarsController,
} from 'chartjs-chart-error-bars';
import { useEffect, useRef } from 'react';
import { drawableConfig, heightOf, hintsOf } from '../../../analysis/chart-options.ts';
import type { ChartSpec } from '../../../analysis/result.ts';
import { valueLabels } from '../../../analysis/value-labels.ts';
import { useNarrow } from '../parts/narrow.ts';

Chart.register(
  BarController,
  BarElement,
  BarWithErrorBar,
  BarWithErrorBarsController,
  CategoryScale,
  Filler,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  PointWithErrorBar,
  ScatterController,
  ScatterWithErrorBarsController,
  Tooltip,
);

Chart.defaults.font.family = '"Noto Sans", system-ui, sans-serif';

/** A page of A4 between its margins, in CSS pixels; a chart leaves room for its title and words. */
const paperWidth = 680;
const paperHeight = 860;

/** On paper a chart is drawn anew in the width of the page and twice as fine; afterwards it returns to the screen. */
function whenPrinted(drawn: Chart, height: number): () => void {
  const before = () => {
    drawn.options.devicePixelRatio = 2;
    drawn.resize(paperWidth, Math.min(height, paperHeight));
  };
  const after = () => {
    drawn.options.devicePixelRatio = window.devicePixelRatio;
    drawn.resize();
  };
  window.addEventListener('beforeprint', before);
  window.addEventListener('afterprint', after);
  return () => {
    window.removeEventListener('beforeprint', before);
    window.removeEventListener('afterprint', after);
  };
}

/** A chart in the width of its place. For screen readers it is its summary; the table beside it says the rest. */
export function ChartCanvas({ chart }: { chart: ChartSpec }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const narrow = useNarrow();

  useEffect(() => {
    const drawn = canvas.current && draw(canvas.current, chart, drawableConfig(chart, narrow, { responsive: true }));
    let gone = false;
    // The typeface may arrive after the first drawing: measured again, labels stand where they belong.
    document.fonts.load('400 12px "Noto Sans"').then(
      () => gone || drawn?.update('none'),
      () => undefined,
    );
    const stopPrinting = drawn && whenPrinted(drawn, heightOf(chart, false));
    return () => {
      gone = true;
      stopPrinting?.();
      drawn?.destroy();
    };
  }, [chart, narrow]);

  return (
    <div className="chart-canvas" style={{ blockSize: heightOf(chart, narrow) }}>
      <canvas ref={canvas} role="img" aria-label={chart.summary} />
    </div>
  );
}

/** A chart of a given width for a picture, `ratio` pixels to a CSS pixel; release it once it has been copied. */
export function drawPicture(spec: ChartSpec, width: number, ratio: number) {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = spec.height;
  const drawn = draw(canvas, spec, drawableConfig(spec, false, { responsive: false, ratio }));
  return { canvas, release: () => drawn.destroy() };
}

function draw(canvas: HTMLCanvasElement, spec: ChartSpec, config: Record<string, unknown>): Chart {
  return new Chart(canvas, { ...config, plugins: [valueLabels(hintsOf(spec))] } as unknown as ChartConfiguration);
}
