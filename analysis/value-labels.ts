/**
 * The project's own chart.js plugin: figures on segments or behind bars, and marked lines, as the hints say. A figure
 * that does not fit into its segment is left out; the table has it. Called by whoever draws, like `chart-options.ts`. What it
 * needs of chart.js is told here in shapes, so that this room imports no package.
 */
import type { ChartHints } from './chart-frame.ts';

/** A canvas to write on. */
interface Pen {
  font: string;
  textBaseline: string;
  textAlign: string;
  fillStyle: unknown;
  strokeStyle: unknown;
  lineWidth: number;
  save(): void;
  restore(): void;
  beginPath(): void;
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  stroke(): void;
  setLineDash(segments: number[]): void;
  measureText(text: string): { readonly width: number };
  fillText(text: string, x: number, y: number): void;
}

interface DrawnElement {
  getProps(names: never[], final: boolean): object;
}

/** A chart while chart.js draws it. */
interface DrawnChart {
  readonly ctx: object;
  readonly width: number;
  readonly chartArea: { readonly top: number; readonly bottom: number };
  readonly scales: { readonly [name: string]: { getPixelForValue(value: number): number } };
  readonly data: { readonly datasets: readonly { readonly data: readonly unknown[] }[] };
  getDatasetMeta(dataset: number): { readonly data: readonly DrawnElement[] };
}

interface Plugin {
  readonly id: string;
  afterDatasetsDraw(chart: DrawnChart): void;
}

const labelFont = '600 11px "Noto Sans", system-ui, sans-serif';
const lineColour = '#98211d';

export function valueLabels(hints: ChartHints): Plugin {
  return {
    id: 'value-labels',
    afterDatasetsDraw(chart) {
      const pen = chart.ctx as Pen;
      pen.save();
      pen.font = labelFont;
      pen.textBaseline = 'middle';
      drawLines(chart, hints);
      hints.labels.forEach((labels, dataset) => {
        pen.fillStyle = hints.labelColours[dataset] ?? '#17222b';
        chart.getDatasetMeta(dataset).data.forEach((element, row) => {
          const text = labels[row] ?? '';
          if (text === '') return;
          if (hints.labelPlace === 'inside') drawInside(chart, element, text);
          else drawAfter(chart, element, text, farEnd(chart.data.datasets[dataset]?.data[row]));
        });
      });
      pen.restore();
    },
  };
}

function drawInside(chart: DrawnChart, element: DrawnElement, text: string): void {
  const ctx = chart.ctx as Pen;
  const { x = 0, y = 0, base = 0, height = 0 } = placeOf(element);
  if (Math.abs(x - base) < ctx.measureText(text).width + 6 || height < 12) return;
  ctx.textAlign = 'center';
  ctx.fillText(text, (x + base) / 2, y);
}

/** Behind the bar, or behind its whisker where that reaches further. */
function drawAfter(chart: DrawnChart, element: DrawnElement, text: string, end: number | null): void {
  const { x = 0, y = 0 } = placeOf(element);
  const ctx = chart.ctx as Pen;
  const whisker = end === null ? x : (chart.scales.x?.getPixelForValue(end) ?? x);
  ctx.textAlign = 'left';
  ctx.fillText(text, Math.max(x, whisker) + 7, y);
}

/** A vertical line over the whole height with its words above, kept inside the picture. */
function drawLines(chart: DrawnChart, hints: ChartHints): void {
  const { chartArea, scales } = chart;
  const ctx = chart.ctx as Pen;
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

/** Where an element ends up; chart.js types the names by the kind of element. */
function placeOf(element: DrawnElement): Box {
  return element.getProps(['x', 'y', 'base', 'height'] as never[], true) as Box;
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
