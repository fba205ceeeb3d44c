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

/** A line through its points, with a band around it where they have both bounds. */
interface ScatterLine {
  readonly label: string;
  readonly points: readonly {
    readonly x: number;
    readonly y: number;
    readonly lower?: number;
    readonly upper?: number;
  }[];
}

/** The band lies within the axes, whatever its bounds. */
const within = ({ min, max }: ScatterAxis, y: number) => Math.min(max, Math.max(min, y));

/**
 * Open points, so that those that lie on each other are seen, and a dashed line in its band.
 *
 * @example
 * scatterChart({ id: 'i', title: 'T', summary: 'S', table: 't', x: { title: 'X', min: 0, max: 1 }, y: { title: 'Y', min: -1, max: 1 }, points: [], line: null }).kind // => 'scatter'
 */
export function scatterChart(
  frame: Frame & {
    readonly x: ScatterAxis;
    readonly y: ScatterAxis;
    readonly points: readonly ScatterPoint[];
    readonly line: ScatterLine | null;
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
    ...(line ? lineOf(line, y) : []),
  ];
  const hints: ChartHints = {
    absolutePercentTicks: false,
    labels: datasets.map(() => []),
    labelColours: datasets.map(() => ink),
    labelPlace: 'after',
    tooltips: [points.map(({ told }) => told), ...datasets.slice(1).map(() => [])],
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
      plugins: { legend: { display: true, position: 'top' }, filler: { propagate: false }, fidelis: hints },
    },
  };
  return { id, title, summary, kind: 'scatter', config, height: 380, table };
}

/** The line, which the legend names, and its bounds, which it does not: the lower one is filled up to the upper one. */
function lineOf({ label, points }: ScatterLine, y: ScatterAxis): Record<string, unknown>[] {
  const quiet = { pointRadius: 0, pointHitRadius: 0, pointHoverRadius: 0, showLine: true };
  const bounds = points.flatMap(({ x, lower, upper }) =>
    lower === undefined || upper === undefined ? [] : [{ x, lower: within(y, lower), upper: within(y, upper) }],
  );
  const bound = (which: 'lower' | 'upper', fill: string | false) => ({
    ...quiet,
    label: '',
    data: bounds.map((at) => ({ x: at.x, y: at[which] })),
    borderColor: 'rgba(51, 66, 78, 0.35)',
    backgroundColor: 'rgba(51, 66, 78, 0.14)',
    borderWidth: 1,
    fill,
  });
  return [
    {
      ...quiet,
      label,
      data: points.map(({ x, y: value }) => ({ x, y: value })),
      borderColor: whiskerColour,
      backgroundColor: whiskerColour,
      borderDash: [6, 4],
      borderWidth: 2,
    },
    ...(bounds.length === 0 ? [] : [bound('upper', false), bound('lower', '-1')]),
  ];
}
