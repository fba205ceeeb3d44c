/**
 * Draws the charts of a report as pictures for documents, from the same specifications as the workbench. The server's only
 * importer of chart.js, chartjs-chart-error-bars and @napi-rs/canvas; loaded with the first document that has a chart.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setImmediate as otherWork } from 'node:timers/promises';
import { type Canvas, createCanvas, GlobalFonts } from '@napi-rs/canvas';
import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  type ChartConfiguration,
  type ChartItem,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  ScatterController,
} from 'chart.js';
import {
  BarWithErrorBar,
  BarWithErrorBarsController,
  PointWithErrorBar,
  ScatterWithErrorBarsController,
} from 'chartjs-chart-error-bars';
import { drawableConfig, heightOf, hintsOf } from '../../../analysis/chart-options.ts';
import type { ChartSpec } from '../../../analysis/result.ts';
import { valueLabels } from '../../../analysis/value-labels.ts';

Chart.register(
  BarController,
  BarElement,
  BarWithErrorBar,
  BarWithErrorBarsController,
  CategoryScale,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  PointWithErrorBar,
  ScatterController,
  ScatterWithErrorBarsController,
);
Chart.defaults.font.family = '"Noto Sans", sans-serif';

const files = createRequire(import.meta.url);
for (const script of ['latin', 'latin-ext', 'greek', 'cyrillic']) {
  for (const weight of [400, 600]) {
    GlobalFonts.register(
      readFileSync(files.resolve(`@fontsource/noto-sans/files/noto-sans-${script}-${weight}-normal.woff2`)),
      'Noto Sans',
    );
  }
}

export interface ChartPicture {
  readonly png: Buffer;
  /** In CSS pixels. */
  readonly width: number;
  readonly height: number;
}

/** Widths in CSS pixels: of a page of A4 between its margins, and of a phone. */
export const pictureWidths = { paper: 680, phone: 330 } as const;

/**
 * The pictures of these charts, by their ids. Other requests get their turn after each: a drawing takes some 50 ms, and
 * in one go they would hold much memory.
 */
export async function chartPictures(
  charts: readonly ChartSpec[],
  size: keyof typeof pictureWidths = 'paper',
): Promise<Map<string, ChartPicture>> {
  const pictures = new Map<string, ChartPicture>();
  for (const chart of charts) {
    pictures.set(chart.id, draw(chart, size));
    await otherWork();
  }
  return pictures;
}

function draw(chart: ChartSpec, size: keyof typeof pictureWidths): ChartPicture {
  const narrow = size === 'phone';
  const width = pictureWidths[size];
  const height = heightOf(chart, narrow);
  const canvas = createCanvas(width, height);
  const white = { id: 'white-ground', beforeDraw: whiten };
  const drawn = new Chart(
    canvas as unknown as ChartItem,
    {
      ...drawableConfig(chart, narrow, { responsive: false, ratio: 2 }),
      plugins: [white, valueLabels(hintsOf(chart))],
    } as unknown as ChartConfiguration,
  );
  try {
    return { png: canvas.toBuffer('image/png'), width, height };
  } finally {
    drawn.destroy();
  }
}

/** Paper is white, but a reader in dark mode would see letters on black. */
function whiten({ canvas }: { readonly canvas: unknown }): void {
  const { width, height } = canvas as Canvas;
  const context = (canvas as Canvas).getContext('2d');
  context.save();
  context.resetTransform();
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, width, height);
  context.restore();
}
