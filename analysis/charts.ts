/**
 * From figures to chart.js 4 configurations as plain data: no functions, so they travel as JSON. Called by report.ts;
 * drawn by the workbench, which registers chart.js and chartjs-chart-error-bars and reads the hints below.
 *
 * Conventions for whoever draws:
 * - all bars lie (`indexAxis: 'y'`) and all points stand in rows, one row per label, in the order of `data.labels`; a
 *   label of several lines is an array of strings;
 * - shares are in per cent, 0 to 100. Segments of a diverging or stacked bar are floating bars `[from, to]`, so the
 *   datasets lie over each other (`y.stacked`, not `x.stacked`) and a neutral middle is one segment around zero; null
 *   where a figure is suppressed or there is none;
 * - intervals are the points `{ x, xMin, xMax, y }` of chartjs-chart-error-bars, without xMin and xMax where there is
 *   no interval; `y` is the label of the row;
 * - what a function would have to format stands in `options.plugins.fidelis` as a `ChartHints`. Read it from
 *   `chart.config.options.plugins.fidelis`, not through chart.js's option resolution, which takes arrays apart.
 */
import {
  between,
  type ChartHints,
  chartSpec,
  type Frame,
  labelLines,
  onePercent,
  percent,
  twoDigits,
  uniqueLabels,
  wholePercent,
} from './chart-frame.ts';
import {
  barColour,
  categoryColours,
  divergingColours,
  ink,
  labelColourOn,
  seriesColour,
  whiskerColour,
  white,
} from './palette.ts';
import type { ChartSpec, Estimate } from './result.ts';

/** One row of a stacked chart: a share from 0 to 1 per option, null where it is suppressed. */
export interface SharesRow {
  readonly label: string;
  readonly shares: readonly (number | null)[];
}

/** One row of a chart of estimates; without `interval` a bare bar or point. */
export interface EstimateRow {
  readonly label: string;
  readonly value: number | null;
  readonly interval: Estimate['interval'];
  readonly n: number;
}

interface StackedFrame extends Frame {
  /** Labels of the options, in the order of the shares. */
  readonly options: readonly string[];
  readonly rows: readonly SharesRow[];
}

/**
 * Diverging stacked bars: the lower half of the options lies left of zero, the upper half right, and a neutral middle
 * option half on either side. What the reader compares is how far a bar reaches to each side.
 *
 * @throws RangeError for fewer than two or more than eleven options
 * @example
 * divergingChart({ id: 'i', title: 'T', summary: 'S', table: 't', options: ['No', 'Yes'], rows: [{ label: 'Item', shares: [0.25, 0.75] }] }).config.data.datasets[0].data // => [[-25, 0]]
 */
export function divergingChart(frame: StackedFrame): ChartSpec {
  const middle = (frame.options.length - 1) / 2;
  const leftOf = ({ shares }: SharesRow) =>
    shares.reduce<number>((sum, share, i) => sum + (share ?? 0) * (i < middle ? 1 : i === middle ? 0.5 : 0), 0);
  const reach = Math.max(0.1, ...frame.rows.map((row) => Math.max(leftOf(row), total(row) - leftOf(row))));
  const edge = Math.min(100, Math.ceil(reach * 5) * 20);
  return {
    ...stacked(frame, divergingColours(frame.options.length), (row) => -leftOf(row), { min: -edge, max: edge }),
    kind: 'diverging',
  };
}

/**
 * Ordinary stacked bars from zero, for options without an order.
 *
 * @throws RangeError for more than eight options
 * @example
 * stackedChart({ id: 'i', title: 'T', summary: 'S', table: 't', options: ['No', 'Yes'], rows: [{ label: 'Item', shares: [0.25, 0.75] }] }).config.data.datasets[1].data // => [[25, 100]]
 */
export function stackedChart(frame: StackedFrame): ChartSpec {
  return stacked(frame, categoryColours(frame.options.length), () => 0, { min: 0, max: 100 });
}

function total({ shares }: SharesRow): number {
  return shares.reduce<number>((sum, share) => sum + (share ?? 0), 0);
}

function stacked(
  frame: StackedFrame,
  colours: readonly string[],
  start: (row: SharesRow) => number,
  axis: { min: number; max: number },
): ChartSpec {
  const segments = frame.rows.map((row) => {
    let from = start(row);
    return row.shares.map((share) => {
      if (share === null) return null;
      const segment = [percent(from), percent(from + share)] as const;
      from += share;
      return segment;
    });
  });
  const datasets = frame.options.map((label, option) => ({
    label,
    data: segments.map((row) => row[option] ?? null),
    backgroundColor: colours[option],
    borderColor: white,
    borderWidth: 1,
    borderSkipped: false,
    barPercentage: 0.9,
    categoryPercentage: 0.85,
  }));
  const text = (option: number, say: (share: number, row: SharesRow) => string) =>
    frame.rows.map((row) => {
      const share = row.shares[option] ?? null;
      return share === null ? '' : say(share, row);
    });
  const hints: ChartHints = {
    absolutePercentTicks: true,
    labels: frame.options.map((_, option) => text(option, (share) => (share > 0 ? wholePercent(share) : ''))),
    labelColours: colours.map(labelColourOn),
    labelPlace: 'inside',
    tooltips: frame.options.map((label, option) => text(option, (share) => `${label}: ${onePercent(share)}`)),
    lines: [],
  };
  const labels = frame.rows.map((row) => labelLines(row.label));
  const titled = { ...axis, title: 'Per cent of those who answered' };
  return chartSpec(frame, { kind: 'bar', type: 'bar', labels, datasets, axis: titled, legend: true, hints });
}

/**
 * Shares as bars from zero with their intervals as whiskers: response rates.
 *
 * @example
 * rateChart({ id: 'i', title: 'T', summary: 'S', table: 't', axis: 'Rate', rows: [{ label: 'A', value: 0.5, interval: null, n: 4 }] }).config.data.datasets[0].data // => [{ x: 50, y: 'A' }]
 */
export function rateChart(frame: Frame & { readonly rows: readonly EstimateRow[]; readonly axis: string }): ChartSpec {
  const labels = uniqueLabels(frame.rows.map((row) => row.label));
  const data = points(frame.rows, labels, percent);
  const hints: ChartHints = {
    absolutePercentTicks: true,
    labels: [frame.rows.map(({ value }) => (value === null ? '' : wholePercent(value)))],
    labelColours: [ink],
    labelPlace: 'after',
    tooltips: [
      frame.rows.map(({ value, interval, n }) =>
        value === null ? '' : `${onePercent(value)}${between(interval, onePercent)}, n = ${n}`,
      ),
    ],
    lines: [],
  };
  const dataset = { label: 'Rate', data, backgroundColor: barColour, barPercentage: 0.75, ...whiskers };
  const axis = { min: 0, max: 100, title: frame.axis };
  return chartSpec(frame, {
    kind: 'bar',
    type: 'barWithErrorBars',
    labels,
    datasets: [dataset],
    axis,
    legend: false,
    hints,
  });
}

/**
 * Means as points with their intervals, on the whole range of the scale so that charts compare; a line marks the mean
 * of all. A point without interval (one person) is hollow.
 *
 * @example
 * meanChart({ id: 'i', title: 'T', summary: 'S', table: 't', range: { min: 1, max: 6 }, axis: 'Mean', line: null, rows: [{ label: 'A', value: 4, interval: { lower: 3, upper: 5, level: 0.95 }, n: 9 }] }).config.data.datasets[0].data // => [{ x: 4, y: 'A', xMin: 3, xMax: 5 }]
 */
export function meanChart(
  frame: Frame & {
    readonly rows: readonly EstimateRow[];
    readonly range: { readonly min: number; readonly max: number };
    readonly axis: string;
    readonly line: { readonly value: number; readonly label: string } | null;
  },
): ChartSpec {
  const labels = uniqueLabels(frame.rows.map((row) => row.label));
  const dataset = {
    label: 'Mean',
    data: points(frame.rows, labels, (value) => value),
    backgroundColor: frame.rows.map(({ interval }) => (interval ? seriesColour : white)),
    borderColor: seriesColour,
    borderWidth: 2,
    radius: 4,
    hoverRadius: 5,
    ...whiskers,
  };
  const hints: ChartHints = {
    absolutePercentTicks: false,
    labels: [frame.rows.map(() => '')],
    labelColours: [ink],
    labelPlace: 'after',
    tooltips: [
      frame.rows.map(({ value, interval, n }) =>
        value === null ? '' : `${twoDigits(value)}${between(interval, twoDigits)}, n = ${n}`,
      ),
    ],
    lines: frame.line ? [frame.line] : [],
  };
  return chartSpec(frame, {
    kind: 'interval',
    type: 'scatterWithErrorBars',
    labels,
    datasets: [dataset],
    axis: { ...frame.range, title: frame.axis },
    legend: false,
    hints,
  });
}

const whiskers = {
  errorBarColor: whiskerColour,
  errorBarLineWidth: 1.5,
  errorBarWhiskerColor: whiskerColour,
  errorBarWhiskerLineWidth: 1.5,
  errorBarWhiskerRatio: 0,
  errorBarWhiskerSize: 8,
};

type Point = { readonly x: number | null; readonly y: string; readonly xMin?: number; readonly xMax?: number };

function points(rows: readonly EstimateRow[], labels: readonly string[], scale: (value: number) => number): Point[] {
  return rows.map(({ value, interval }, i) => {
    const point = { x: value === null ? null : scale(value), y: labels[i] ?? '' };
    return interval ? { ...point, xMin: scale(interval.lower), xMax: scale(interval.upper) } : point;
  });
}
