/** Points of two measures with the line through them. Called by the relations of fidelity. */
import { type ChartHints, type Frame, uniqueLabels } from './chart-frame.ts';
import { ink, seriesColour, whiskerColour } from './palette.ts';
import type { ChartSpec } from './result.ts';

export interface ScatterPoint {
  readonly label: string;
  readonly x: number;
  readonly y: number;
  /** The whole line of the tooltip after the label. */
  readonly told: string;
}

export interface ScatterAxis {
  readonly title: string;
  readonly min: number;
  readonly max: number;
}

/**
 * Open points, so that those that lie on each other are seen, and a dashed line.
 *
 * @example
 * scatterChart({ id: 'i', title: 'T', summary: 'S', table: 't', x: { title: 'X', min: 0, max: 1 }, y: { title: 'Y', min: -1, max: 1 }, points: [], line: null }).kind // => 'scatter'
 */
export function scatterChart(
  frame: Frame & {
    readonly x: ScatterAxis;
    readonly y: ScatterAxis;
    readonly points: readonly ScatterPoint[];
    readonly line: {
      readonly ends: readonly { readonly x: number; readonly y: number }[];
      readonly label: string;
    } | null;
  },
): ChartSpec {
  const { id, title, summary, table, x, y, points, line } = frame;
  const datasets = [
    {
      label: 'Schools',
      data: points.map((point) => ({ x: point.x, y: point.y })),
      borderColor: seriesColour,
      backgroundColor: 'rgba(255, 255, 255, 0.6)',
      borderWidth: 1.5,
      pointRadius: 4,
      pointHoverRadius: 6,
      pointHitRadius: 6,
      showLine: false,
    },
    ...(line
      ? [
          {
            label: line.label,
            data: line.ends,
            borderColor: whiskerColour,
            backgroundColor: whiskerColour,
            borderDash: [6, 4],
            borderWidth: 2,
            pointRadius: 0,
            pointHitRadius: 0,
            showLine: true,
          },
        ]
      : []),
  ];
  const hints: ChartHints = {
    absolutePercentTicks: false,
    labels: datasets.map(() => []),
    labelColours: datasets.map(() => ink),
    labelPlace: 'after',
    tooltips: [points.map(({ told }) => told), []],
    lines: [],
  };
  const scale = ({ title: text, ...bounds }: ScatterAxis) => ({
    type: 'linear',
    ...bounds,
    title: { display: true, text },
  });
  const config = {
    type: 'scatter',
    data: { labels: uniqueLabels(points.map(({ label }) => label)), datasets },
    options: {
      scales: { x: scale(x), y: scale(y) },
      plugins: { legend: { display: true, position: 'top' }, fidelis: hints },
    },
  };
  return { id, title, summary, kind: 'scatter', config, height: 380, table };
}
