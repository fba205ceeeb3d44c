/** What the workbench adds to a chart specification so that chart.js can draw it: callbacks, steps, narrow labels. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawableConfig, heightOf, rowLabels, wrap } from '../../analysis/chart-options.ts';
import { divergingChart, meanChart, rateChart } from '../../analysis/charts.ts';
import type { ChartSpec } from '../../analysis/result.ts';

const sentence = 'Teachers in this school are able to reach the pupils who find learning hardest';
const frame = { id: 'c', title: 'T', summary: 'S', table: 't' };
const diverging = divergingChart({
  ...frame,
  options: ['No', 'Rather no', 'Rather yes', 'Yes'],
  rows: [
    { label: sentence, shares: [0.3, 0.36, 0.2, 0.14] },
    { label: 'We share what works', shares: [0.1, 0.2, 0.3, 0.4] },
  ],
});
const row = (label: string) => ({ label, value: 0.5, interval: { lower: 0.4, upper: 0.6, level: 0.95 }, n: 10 });
const rates = rateChart({
  ...frame,
  axis: 'Per cent',
  rows: Array.from({ length: 40 }, (_, i) => row(`School ${i + 1}`)),
});
const means = meanChart({ ...frame, range: { min: 1, max: 6 }, axis: 'Mean', line: null, rows: [row('A')] });

interface Options {
  readonly scales: {
    readonly x: {
      readonly max: number;
      readonly position: string;
      readonly ticks: { callback?(v: number): string; stepSize?: number };
    };
    readonly y: { readonly ticks: { callback(v: unknown, row: number): unknown } };
  };
  readonly plugins: {
    readonly tooltip: { readonly callbacks: { label(item: object): string; title(items: object[]): string[] } };
  };
}
const optionsOf = (spec: ChartSpec, narrow = false) =>
  drawableConfig(spec, narrow, { responsive: true }).options as Options;

describe('the axis', () => {
  test('shows shares left of zero without their sign', () => {
    expect(optionsOf(diverging).scales.x.ticks.callback?.(-40)).toBe('40%');
  });

  test('has ticks at even steps on both sides of zero, fewer on a phone', () => {
    for (const narrow of [false, true]) {
      const { max, ticks } = optionsOf(diverging, narrow).scales.x;
      const parts = max / (ticks.stepSize ?? Number.NaN);
      expect(Number.isInteger(parts)).toBe(true);
      expect(2 * parts).toBeLessThanOrEqual(narrow ? 6 : 15);
    }
  });

  test('of a scale from 1 to 6 counts in ones and has no per cent', () => {
    expect(optionsOf(means).scales.x.ticks.stepSize).toBe(1);
    expect(optionsOf(means).scales.x.ticks.callback).toBeUndefined();
  });

  test('stands at the top of a tall chart, where reading begins', () => {
    expect(optionsOf(rates).scales.x.position).toBe('top');
    expect(optionsOf(means).scales.x.position).toBe('bottom');
  });
});

describe('labels', () => {
  test('break into short lines on a phone and make the chart higher', () => {
    expect(rowLabels(diverging, true)[0]).toEqual(wrap(sentence, 17));
    expect(heightOf(diverging, true)).toBeGreaterThan(heightOf(diverging, false));
    expect(optionsOf(diverging, true).scales.y.ticks.callback(null, 1)).toEqual(['We share what', 'works']);
  });

  test('lose no word by being broken', () => {
    const word = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 25 }).filter((text) => !/\s/.test(text));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 12 }), (words) => {
        const lines = [wrap(words.join(' '), 17)].flat();
        expect(lines.join(' ')).toBe(words.join(' '));
        for (const line of lines) expect(line.length <= 17 || !line.includes(' ')).toBe(true);
      }),
      { seed: 5 },
    );
  });
});

test('the tooltip says the prepared sentence under the words of the row', () => {
  const { label, title } = optionsOf(diverging).plugins.tooltip.callbacks;
  expect(label({ datasetIndex: 3, dataIndex: 1 })).toBe('Yes: 40.0%');
  expect(title([{ datasetIndex: 3, dataIndex: 1 }])).toEqual(['We share what works']);
});

test('the specification itself stays as it was', () => {
  const before = JSON.stringify(diverging);
  drawableConfig(diverging, true, { responsive: true });
  expect(JSON.stringify(diverging)).toBe(before);
});
