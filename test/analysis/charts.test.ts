/** Charts as plain data: right geometry, readable colours, nothing that JSON would lose. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ChartHints } from '../../analysis/chart-frame.ts';
import { divergingChart, meanChart, rateChart, stackedChart } from '../../analysis/charts.ts';
import {
  barColour,
  categoryColours,
  contrast,
  divergingColours,
  ink,
  labelColourOn,
  mostCategories,
  mostDiverging,
  seriesColour,
  whiskerColour,
} from '../../analysis/palette.ts';
import type { ChartSpec } from '../../analysis/result.ts';

interface Config {
  readonly type: string;
  readonly data: {
    readonly labels: readonly (string | readonly string[])[];
    readonly datasets: readonly {
      readonly label: string;
      readonly data: readonly unknown[];
      readonly backgroundColor: unknown;
    }[];
  };
  readonly options: {
    readonly indexAxis?: string;
    readonly scales: { readonly x: { readonly min: number; readonly max: number } };
    readonly plugins: { readonly fidelis: ChartHints };
  };
}
const config = (chart: ChartSpec) => chart.config as unknown as Config;
const frame = { id: 'c', title: 'Title', summary: 'What is to be seen.', table: 't' };
const estimate = (label: string, value: number | null, lower?: number, upper?: number) => ({
  label,
  value,
  n: 20,
  interval: lower === undefined || upper === undefined ? null : { lower, upper, level: 0.95 },
});

test('an even scale parts at zero, the lower half to the left', () => {
  const { data, options } = config(
    divergingChart({
      ...frame,
      options: ['1', '2', '3', '4'],
      rows: [{ label: 'Item', shares: [0.1, 0.2, 0.3, 0.4] }],
    }),
  );
  expect(data.datasets.map((set) => set.data)).toEqual([[[-30, -20]], [[-20, 0]], [[0, 30]], [[30, 70]]]);
  expect([options.scales.x.min, options.scales.x.max]).toEqual([-80, 80]);
  expect(options.plugins.fidelis.labels).toEqual([['10%'], ['20%'], ['30%'], ['40%']]);
  expect(options.plugins.fidelis.absolutePercentTicks).toBe(true);
});

test('the neutral middle of an odd scale lies half on either side', () => {
  const { data } = config(
    divergingChart({ ...frame, options: ['no', 'so-so', 'yes'], rows: [{ label: 'Item', shares: [0.25, 0.5, 0.25] }] }),
  );
  expect(data.datasets.map((set) => set.data)).toEqual([[[-50, -25]], [[-25, 25]], [[25, 50]]]);
});

test('a suppressed share has no segment, no label and no tooltip', () => {
  const { data, options } = config(
    divergingChart({ ...frame, options: ['a', 'b'], rows: [{ label: 'Item', shares: [null, 0.75] }] }),
  );
  expect(data.datasets.map((set) => set.data)).toEqual([[null], [[0, 75]]]);
  expect([options.plugins.fidelis.labels[0], options.plugins.fidelis.tooltips[0]]).toEqual([[''], ['']]);
});

test('segments of a stacked bar follow each other from zero to the sum of the shares', () => {
  const shares = fc
    .array(fc.integer({ min: 0, max: 50 }), { minLength: 2, maxLength: 8 })
    .filter((list) => list.some(Boolean));
  fc.assert(
    fc.property(shares, fc.boolean(), (counts, diverging) => {
      const total = counts.reduce((sum, count) => sum + count, 0);
      const rows = [{ label: 'Item', shares: counts.map((count) => count / total) }];
      const make = diverging ? divergingChart : stackedChart;
      const { data, options } = config(make({ ...frame, options: counts.map(String), rows }));
      const segments = data.datasets.map((set) => set.data[0] as [number, number]);
      segments.forEach(([from, to], i) => {
        expect(Math.abs(to - from - (100 * (counts[i] ?? 0)) / total)).toBeLessThan(1e-6);
        if (i > 0) expect(Math.abs(from - (segments[i - 1]?.[1] ?? Number.NaN))).toBeLessThan(1e-6);
      });
      expect(segments[0]?.[0]).toBeGreaterThanOrEqual(options.scales.x.min);
      expect(segments.at(-1)?.[1]).toBeLessThanOrEqual(options.scales.x.max + 1e-6);
      if (!diverging) expect(segments[0]?.[0]).toBe(0);
    }),
    { seed: 20276 },
  );
});

test('rates are bars from zero in per cent with their intervals', () => {
  const chart = rateChart({ ...frame, axis: 'Rate', rows: [estimate('A', 0.5, 0.25, 0.75), estimate('B', null)] });
  const { type, data, options } = config(chart);
  expect([type, chart.kind, options.indexAxis, options.scales.x.min, options.scales.x.max]).toEqual([
    'barWithErrorBars',
    'bar',
    'y',
    0,
    100,
  ]);
  expect(data.datasets[0]?.data).toEqual([
    { x: 50, y: 'A', xMin: 25, xMax: 75 },
    { x: null, y: 'B' },
  ]);
  expect(options.plugins.fidelis.tooltips).toEqual([['50.0%, 95% interval 25.0% to 75.0%, n = 20', '']]);
});

test('means are points on the whole scale; one without an interval is hollow; a line marks the mean of all', () => {
  const chart = meanChart({
    ...frame,
    axis: 'Mean',
    range: { min: 1, max: 6 },
    line: { value: 4.2, label: 'Mean of all 4.20' },
    rows: [estimate('A', 4, 3, 5), estimate('B', 2)],
  });
  const { type, data, options } = config(chart);
  expect([type, chart.kind, options.scales.x.min, options.scales.x.max]).toEqual([
    'scatterWithErrorBars',
    'interval',
    1,
    6,
  ]);
  expect(data.datasets[0]?.data).toEqual([
    { x: 4, y: 'A', xMin: 3, xMax: 5 },
    { x: 2, y: 'B' },
  ]);
  expect(data.datasets[0]?.backgroundColor).toEqual([seriesColour, '#ffffff']);
  expect(options.plugins.fidelis.lines).toEqual([{ value: 4.2, label: 'Mean of all 4.20' }]);
});

test('schools of one name keep rows of their own, and long labels break into lines', () => {
  const rows = ['St Mary', 'St Mary', 'St Mary (2)'].map((label) => estimate(label, 0.5));
  const { labels } = config(rateChart({ ...frame, axis: 'Rate', rows })).data;
  expect(new Set(labels).size).toBe(3);
  const words = 'When we meet a problem in our teaching, we look for its causes together before we choose what to do.';
  const chart = divergingChart({ ...frame, options: ['a', 'b'], rows: [{ label: words, shares: [0.5, 0.5] }] });
  const [broken] = config(chart).data.labels;
  expect(Array.isArray(broken) && broken.join(' ')).toBe(words);
  expect((broken as string[]).every((line) => line.length <= 47)).toBe(true);
});

test('a chart grows with its rows and survives JSON unchanged', () => {
  const rows = (n: number) => Array.from({ length: n }, (_, i) => estimate(`School ${i}`, 3, 2, 4));
  const make = (n: number) =>
    meanChart({ ...frame, axis: 'Mean', range: { min: 1, max: 6 }, line: null, rows: rows(n) });
  expect(make(40).height).toBeGreaterThan(make(4).height + 36 * 20);
  for (const chart of [
    make(3),
    rateChart({ ...frame, axis: 'Rate', rows: rows(2).map((row) => ({ ...row, value: 0.3 })) }),
    stackedChart({ ...frame, options: ['a'], rows: [{ label: 'x', shares: [1] }] }),
    divergingChart({ ...frame, options: ['a', 'b', 'c'], rows: [] }),
  ]) {
    expect(JSON.parse(JSON.stringify(chart))).toEqual(chart);
  }
});

test('every fill carries its label at 4.5:1, and bars and points stand out from white at 3:1', () => {
  // Known by definition: black on white is 21, a colour on itself 1.
  expect(contrast('#000000', '#ffffff')).toBe(21);
  expect(contrast('#445360', '#445360')).toBe(1);
  // WebAIM's published example: #777777 on white is 4.48, just too little.
  expect(contrast('#777777', '#ffffff').toFixed(2)).toBe('4.48');
  const fills = new Set<string>();
  for (let n = 2; n <= mostDiverging; n += 1) for (const colour of divergingColours(n)) fills.add(colour);
  for (let n = 0; n <= mostCategories; n += 1) for (const colour of categoryColours(n)) fills.add(colour);
  for (const fill of fills) expect(contrast(fill, labelColourOn(fill)), fill).toBeGreaterThanOrEqual(4.5);
  for (const colour of [seriesColour, barColour]) expect(contrast(colour, '#ffffff'), colour).toBeGreaterThanOrEqual(3);
  expect(contrast(whiskerColour, barColour)).toBeGreaterThanOrEqual(3);
  expect(contrast(ink, '#ffffff')).toBeGreaterThanOrEqual(7);
});

test('scales have as many different colours as options, or are refused', () => {
  for (let n = 2; n <= mostDiverging; n += 1) expect(new Set(divergingColours(n)).size).toBe(n);
  for (let n = 0; n <= mostCategories; n += 1) expect(new Set(categoryColours(n)).size).toBe(n);
  expect(() => divergingColours(1)).toThrow(RangeError);
  expect(() => divergingColours(12)).toThrow(RangeError);
  expect(() => categoryColours(9)).toThrow(RangeError);
});
