/**
 * The project's own chart.js plugin: figures on segments or behind bars, and marked lines, as the hints say. A figure
 * that does not fit into its segment is left out; the table has it. Called by chart.tsx.
 */
import type { ChartHints } from '../../../analysis/charts.ts';
import type { DrawnChart, DrawnElement, Plugin } from './chart.tsx';

const labelFont = '600 11px "Noto Sans", system-ui, sans-serif';
const lineColour = '#98211d';

export function valueLabels(hints: ChartHints): Plugin {
  return {
    id: 'value-labels',
    afterDatasetsDraw(chart) {
      chart.ctx.save();
      chart.ctx.font = labelFont;
      chart.ctx.textBaseline = 'middle';
      drawLines(chart, hints);
      hints.labels.forEach((labels, dataset) => {
        chart.ctx.fillStyle = hints.labelColours[dataset] ?? '#17222b';
        chart.getDatasetMeta(dataset).data.forEach((element, row) => {
          const text = labels[row] ?? '';
          if (text === '') return;
          if (hints.labelPlace === 'inside') drawInside(chart, element, text);
          else drawAfter(chart, element, text, farEnd(chart.data.datasets[dataset]?.data[row]));
        });
      });
      chart.ctx.restore();
    },
  };
}

function drawInside({ ctx }: DrawnChart, element: DrawnElement, text: string): void {
  const { x = 0, y = 0, base = 0, height = 0 } = element.getProps(['x', 'y', 'base', 'height'], true) as Box;
  if (Math.abs(x - base) < ctx.measureText(text).width + 6 || height < 12) return;
  ctx.textAlign = 'center';
  ctx.fillText(text, (x + base) / 2, y);
}

/** Behind the bar, or behind its whisker where that reaches further. */
function drawAfter(chart: DrawnChart, element: DrawnElement, text: string, end: number | null): void {
  const { x = 0, y = 0 } = element.getProps(['x', 'y'], true) as Box;
  const whisker = end === null ? x : (chart.scales.x?.getPixelForValue(end) ?? x);
  chart.ctx.textAlign = 'left';
  chart.ctx.fillText(text, Math.max(x, whisker) + 7, y);
}

/** A vertical line over the whole height with its words above, kept inside the picture. */
function drawLines(chart: DrawnChart, hints: ChartHints): void {
  const { ctx, chartArea, scales } = chart;
  for (const { value, label } of hints.lines) {
    const x = scales.x?.getPixelForValue(value) ?? 0;
    ctx.strokeStyle = lineColour;
    ctx.lineWidth = 1.5;
    ctx.setLineDash([5, 4]);
    ctx.beginPath();
    ctx.moveTo(x, chartArea.top);
    ctx.lineTo(x, chartArea.bottom);
    ctx.stroke();
    ctx.setLineDash([]);
    ctx.fillStyle = lineColour;
    ctx.textAlign = 'center';
    const half = ctx.measureText(label).width / 2;
    ctx.fillText(label, Math.min(Math.max(x, half + 2), chart.width - half - 2), 11);
  }
}

interface Box {
  readonly x?: number;
  readonly y?: number;
  readonly base?: number;
  readonly height?: number;
}

/** Where the whisker of a point ends, on the axis. */
function farEnd(point: unknown): number | null {
  const end = typeof point === 'object' && point !== null && 'xMax' in point ? point.xMax : null;
  return typeof end === 'number' ? end : null;
}
