/** How answers come in day by day, as lines that add up. Called by the response rates of the workbench. */
import type { ChartHints, Frame } from './chart-frame.ts';
import { barColour, ink, seriesColour, whiskerColour } from './palette.ts';
import type { ChartSpec } from './result.ts';

export interface DayLine {
  readonly label: string;
  /** What there was until each day; null where it must not be shown. */
  readonly soFar: readonly (number | null)[];
}

/**
 * One line for each series over the days, in the order given.
 *
 * @example
 * dayChart({ id: 'i', title: 'T', summary: 'S', table: 't', days: ['1 Mar', '2 Mar'], lines: [{ label: 'Finished', soFar: [1, 3] }] }).config.data.datasets[0].data // => [1, 3]
 */
export function dayChart(
  frame: Frame & { readonly days: readonly string[]; readonly lines: readonly DayLine[] },
): ChartSpec {
  const { id, title, summary, table, days, lines } = frame;
  const colours = [seriesColour, barColour, whiskerColour];
  const hints: ChartHints = {
    absolutePercentTicks: false,
    labels: lines.map(() => []),
    labelColours: lines.map(() => ink),
    labelPlace: 'after',
    tooltips: lines.map(({ label, soFar }) => soFar.map((count) => (count === null ? '' : `${label}: ${count}`))),
    lines: [],
  };
  const datasets = lines.map(({ label, soFar }, at) => ({
    label,
    data: soFar,
    borderColor: colours[at],
    backgroundColor: colours[at],
    // Told apart without colour, too.
    borderDash: at === 0 ? [] : [6, 4],
    borderWidth: 2.5,
    pointRadius: days.length > 40 ? 0 : 3,
    tension: 0,
  }));
  const config = {
    type: 'line',
    data: { labels: days, datasets },
    options: {
      scales: {
        x: { type: 'category', grid: { display: false } },
        y: { type: 'linear', min: 0, title: { display: true, text: 'People' }, ticks: { precision: 0 } },
      },
      plugins: { legend: { display: lines.length > 1, position: 'top' }, fidelis: hints },
    },
  };
  return { id, title, summary, kind: 'line', config, height: 320, table };
}
