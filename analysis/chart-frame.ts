/**
 * What all charts share: the hints for whoever draws, the frame of a chart.js configuration, labels and number formats.
 * Called by charts.ts, which tells the conventions.
 */
import type { ChartSpec, Estimate } from './result.ts';

/** What ticks, labels and tooltips must say; lists are by dataset, then by row. */
export interface ChartHints {
  /** Ticks of the value axis are shares: show `40%`, and without its sign what lies left of zero. */
  readonly absolutePercentTicks: boolean;
  /** Text on the segment or behind the bar; empty for none. Leave out what does not fit into its segment. */
  readonly labels: readonly (readonly string[])[];
  /** Colour of the text, by dataset. */
  readonly labelColours: readonly string[];
  /** `inside` the segment, centred, or `after` the end of bar and whisker. */
  readonly labelPlace: 'inside' | 'after';
  /** The whole line of the tooltip, in place of chart.js's own. */
  readonly tooltips: readonly (readonly string[])[];
  /** Vertical lines over the whole height, with their text at the top. */
  readonly lines: readonly { readonly value: number; readonly label: string }[];
}

export interface Frame {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  /** Id of the table with the same figures. */
  readonly table: string;
}

/** Two kinds of rows: bars over each other on one line (`bar`, `barWithErrorBars`), or points (`scatterWithErrorBars`). */
export type ChartType = 'bar' | 'barWithErrorBars' | 'scatterWithErrorBars';

/** What differs between charts. */
interface Drawing {
  readonly kind: ChartSpec['kind'];
  readonly type: ChartType;
  readonly labels: readonly (string | readonly string[])[];
  readonly datasets: readonly unknown[];
  readonly axis: { readonly min: number; readonly max: number; readonly title: string };
  readonly legend: boolean;
  readonly hints: ChartHints;
}

/**
 * The specification of a chart: the configuration, and a height that grows with the rows.
 *
 * @example
 * chartSpec({ id: 'i', title: 'T', summary: 'S', table: 't' }, { kind: 'bar', type: 'bar', labels: ['A'], datasets: [], axis: { min: 0, max: 1, title: 'x' }, legend: false, hints: { lines: [], labelPlace: 'after' } }).height // => 107
 */
export function chartSpec({ id, title, summary, table }: Frame, drawing: Drawing): ChartSpec {
  const { kind, type, labels, datasets, legend, hints } = drawing;
  const { title: axisTitle, ...axis } = drawing.axis;
  const points = type === 'scatterWithErrorBars';
  const rowHeight = (label: string | readonly string[]) => 12 + 15 * (typeof label === 'string' ? 1 : label.length);
  const config = {
    type,
    data: { labels, datasets },
    options: {
      ...(points ? {} : { indexAxis: 'y' }),
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      // Room for the text of the lines above, and for labels behind the longest bar.
      layout: { padding: { top: hints.lines.length > 0 ? 20 : 0, right: hints.labelPlace === 'after' ? 12 : 0 } },
      scales: {
        x: { type: 'linear', ...axis, title: { display: true, text: axisTitle } },
        y: {
          type: 'category',
          offset: true,
          ticks: { autoSkip: false },
          grid: { display: false },
          // Lays the segments of one bar over each other; for points it would add up their places.
          ...(points ? {} : { stacked: true }),
        },
      },
      plugins: { legend: { display: legend, position: 'top' }, fidelis: hints },
    },
  };
  const height = labels.reduce((sum, label) => sum + rowHeight(label), legend ? 130 : 80);
  return { id, title, summary, kind, config, height, table };
}

/**
 * Short labels that all differ; chart.js would lay two schools of one name on one row.
 *
 * @example
 * uniqueLabels(['St Mary', 'St Mary']) // => ['St Mary', 'St Mary (2)']
 */
export function uniqueLabels(labels: readonly string[]): string[] {
  const used = new Set<string>();
  return labels.map((label) => {
    const short = label.length > 48 ? `${label.slice(0, 47).trimEnd()}…` : label;
    let unique = short;
    for (let times = 2; used.has(unique); times += 1) unique = `${short} (${times})`;
    used.add(unique);
    return unique;
  });
}

/**
 * A sentence broken into lines that fit beside the bars; one line stays a string.
 *
 * @example
 * labelLines('Short') // => 'Short'
 */
export function labelLines(text: string): string | string[] {
  const result: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = result.at(-1);
    if (last !== undefined && last.length + word.length < 46) result[result.length - 1] = `${last} ${word}`;
    else result.push(word);
  }
  return result.length === 1 ? (result[0] ?? '') : result;
}

/**
 * A share as per cent without the dust of binary fractions.
 *
 * @example
 * percent(0.07) // => 7
 */
export function percent(share: number): number {
  // Adding zero turns the -0 of a rounded negative into 0, which JSON would do anyway.
  return Math.round(share * 1e10) / 1e8 + 0;
}

/**
 * @example
 * wholePercent(0.256) // => '26%'
 */
export function wholePercent(share: number): string {
  return `${Math.round(share * 100)}%`;
}

/**
 * @example
 * onePercent(0.256) // => '25.6%'
 */
export function onePercent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}

/**
 * @example
 * twoDigits(4) // => '4.00'
 */
export function twoDigits(value: number): string {
  return value.toFixed(2);
}

/**
 * The interval in words, to follow a value; empty without one.
 *
 * @example
 * between({ lower: 3, upper: 5, level: 0.95 }, twoDigits) // => ', 95% interval 3.00 to 5.00'
 */
export function between(interval: Estimate['interval'], say: (value: number) => string): string {
  if (!interval) return '';
  return `, ${wholePercent(interval.level)} interval ${say(interval.lower)} to ${say(interval.upper)}`;
}
