/**
 * From a chart specification, which is plain data, to what chart.js can draw: the callbacks that the hints of
 * `charts.ts` stand for, and labels and heights that fit a narrow screen. Called by whoever draws: the workbench
 * (client/workbench/reports/chart.tsx) and the server (server/reports/render/chart-pictures.ts).
 */
import type { ChartHints } from './chart-frame.ts';
import type { ChartSpec } from './result.ts';

type Label = string | readonly string[];
type Bag = Record<string, unknown>;

const ink = '#17222b';
const soft = '#445360';
const line = '#dde3e8';
/** Characters in a line of a row's label on a narrow screen. */
const narrowLine = 17;
/** From this height on the axis stands at the top, where one begins to read. */
const tall = 700;

export function hintsOf(spec: ChartSpec): ChartHints {
  return bag(bag(bag(spec.config.options).plugins)).fidelis as ChartHints;
}

export function labelsOf(spec: ChartSpec): readonly Label[] {
  return (bag(spec.config.data).labels ?? []) as readonly Label[];
}

/** Labels as they stand beside the rows; on a narrow screen in more and shorter lines. */
export function rowLabels(spec: ChartSpec, narrow: boolean): readonly Label[] {
  if (!narrow) return labelsOf(spec);
  return labelsOf(spec).map((label) => wrap(typeof label === 'string' ? label : label.join(' '), narrowLine));
}

/** Height in CSS pixels: the suggested one, and more where labels and legend break into more lines. */
export function heightOf(spec: ChartSpec, narrow: boolean): number {
  if (!narrow) return spec.height;
  // No label stands beside a point: there are only the lines of its legend.
  if (spec.kind === 'scatter') return spec.height + 40;
  const lines = (label: Label) => (typeof label === 'string' ? 1 : label.length);
  const before = labelsOf(spec);
  const more = rowLabels(spec, true).reduce((sum, label, row) => sum + lines(label) - lines(before[row] ?? ''), 0);
  return spec.height + Math.max(0, more) * 14 + (hasLegend(spec) ? 70 : 0);
}

/** A configuration that chart.js takes as it is. `narrow`: drawn for a screen of a phone's width. */
export function drawableConfig(spec: ChartSpec, narrow: boolean, fit: { responsive: boolean; ratio?: number }): Bag {
  const hints = hintsOf(spec);
  const config = structuredClone(spec.config) as Bag;
  const options = bag(config.options);
  const scales = bag(options.scales);
  const labels = rowLabels(spec, narrow);
  const size = narrow ? 11 : 12;
  return {
    ...config,
    options: {
      ...options,
      animation: false,
      responsive: fit.responsive,
      maintainAspectRatio: false,
      ...(fit.ratio === undefined ? {} : { devicePixelRatio: fit.ratio }),
      color: ink,
      layout: {
        padding: {
          right: hints.labelPlace === 'after' && hints.absolutePercentTicks ? 44 : 12,
          top: hints.lines.length > 0 ? 22 : 4,
        },
      },
      interaction:
        spec.kind === 'line'
          ? { mode: 'index', intersect: false }
          : { mode: 'nearest', intersect: spec.kind !== 'interval' },
      scales: isPlane(spec)
        ? lineScales(scales, size, narrow)
        : {
            x: xScale(bag(scales.x), hints, heightOf(spec, narrow) > tall, narrow),
            y: {
              ...bag(scales.y),
              border: { color: soft },
              ticks: {
                ...bag(bag(scales.y).ticks),
                color: ink,
                font: { size },
                callback: (_: unknown, row: number) => labels[row] ?? '',
              },
            },
          },
      plugins: { legend: legend(spec, narrow), tooltip: tooltip(labelsOf(spec), hints) },
    },
  };
}

/** Both axes are measured: no row has a label beside it. */
function isPlane({ kind }: ChartSpec): boolean {
  return kind === 'line' || kind === 'scatter';
}

/** Days or a measure below, counts or a measure to the left. */
function lineScales(given: Bag, size: number, narrow: boolean): Bag {
  const scale = (name: string, ticks: Bag) => {
    const own = bag(given[name]);
    return {
      ...own,
      border: { color: soft },
      grid: { color: line, ...bag(own.grid) },
      title: { ...bag(own.title), color: soft },
      ticks: { ...bag(own.ticks), color: soft, font: { size }, maxRotation: 0, ...ticks },
    };
  };
  return { x: scale('x', { autoSkip: true, maxTicksLimit: narrow ? 5 : 12 }), y: scale('y', { maxTicksLimit: 7 }) };
}

function xScale(given: Bag, hints: ChartHints, high: boolean, narrow: boolean): Bag {
  return {
    ...given,
    position: high ? 'top' : 'bottom',
    border: { display: false },
    title: { ...bag(given.title), color: soft },
    grid: { color: ({ tick }: { tick: { value: number } }) => (tick.value === 0 ? soft : line) },
    ticks: {
      color: soft,
      font: { size: narrow ? 11 : 12 },
      ...stepOf(Number(given.min), Number(given.max), narrow ? 6 : 15),
      maxRotation: 0,
      ...(hints.absolutePercentTicks ? { callback: (value: number | string) => `${Math.abs(Number(value))}%` } : {}),
    },
  };
}

/** The smallest round step that divides the axis evenly into at most so many parts; chart.js finds its own without one. */
function stepOf(min: number, max: number, most: number): Bag {
  const edge = Math.max(Math.abs(min), Math.abs(max));
  const fits = (step: number) => Number.isInteger((max - min) / step) && (max - min) / step <= most;
  const even = (step: number) => min >= 0 || Number.isInteger(edge / step);
  const step = [1, 2, 5, 10, 20, 25, 50, edge].find((candidate) => fits(candidate) && even(candidate));
  return step === undefined ? { maxTicksLimit: most } : { stepSize: step, maxTicksLimit: most + 1, autoSkip: false };
}

function legend(spec: ChartSpec, narrow: boolean): Bag {
  return {
    display: hasLegend(spec),
    position: 'top',
    align: 'start',
    // A click would hide a series from those who use a mouse and from nobody else: the legend only explains.
    onClick: () => undefined,
    labels: {
      // What has no name is explained by its neighbour.
      filter: ({ text }: { readonly text: string }) => text !== '',
      color: ink,
      font: { size: narrow ? 11 : 12 },
      boxWidth: narrow ? 10 : 14,
      boxHeight: narrow ? 10 : 14,
      padding: narrow ? 8 : 12,
    },
  };
}

interface TooltipItem {
  readonly datasetIndex: number;
  readonly dataIndex: number;
}

function tooltip(labels: readonly Label[], hints: ChartHints): Bag {
  return {
    displayColors: false,
    callbacks: {
      title: (items: readonly TooltipItem[]) => [labels[items[0]?.dataIndex ?? -1] ?? ''].flat(),
      label: ({ datasetIndex, dataIndex }: TooltipItem) => hints.tooltips[datasetIndex]?.[dataIndex] ?? '',
    },
  };
}

function hasLegend(spec: ChartSpec): boolean {
  return bag(bag(bag(spec.config.options).plugins).legend).display === true;
}

/** Breaks a text at spaces into lines of at most so many characters; a longer word stands alone. */
export function wrap(text: string, most: number): Label {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= most) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.length === 1 ? (lines[0] ?? '') : lines;
}

/** What stands somewhere in a configuration, as an object; nothing there is an empty one. */
function bag(value: unknown): Bag {
  return typeof value === 'object' && value !== null ? (value as Bag) : {};
}
