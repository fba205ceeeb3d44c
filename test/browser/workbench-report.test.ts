/** The report in a browser: charts are drawn, saved as pictures and tables; every page is accessible on every screen. */
import { readFile } from 'node:fs/promises';
import type { Download, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report, Table } from '../../analysis/result.ts';
import { expectAccessible, picture, type Screen, screens } from './browser.ts';
import { csvRows, downloadBy, focused, heading, openWorkbench, type Workbench } from './workbench.ts';

const efficacy = '/studies/demo/administrations/efficacy-end';

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench({ demo: true });
});
afterAll(() => bench.close());

/** Share of the pixels of each canvas that are drawn on. */
function inkOf(page: Page): Promise<number[]> {
  return page.locator('canvas').evaluateAll((canvases) =>
    canvases.map((canvas) => {
      if (!(canvas instanceof HTMLCanvasElement) || canvas.width === 0) return 0;
      // A copy, so that the page's own canvas stays one that is only written to.
      const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
      copy?.drawImage(canvas, 0, 0);
      const pixels = copy?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      let drawn = 0;
      for (let at = 3; at < pixels.length; at += 4) if ((pixels[at] ?? 0) > 0) drawn += 1;
      return drawn / (canvas.width * canvas.height);
    }),
  );
}

/** What a saved picture holds: its size, its corners, and how many pixels have a colour. */
async function pixelsOf(page: Page, download: Download, colour: readonly [number, number, number]) {
  const base64 = (await readFile(await download.path())).toString('base64');
  return page.evaluate(
    async ({ base64, colour }) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
      const context = canvas.getContext('2d');
      if (!context) throw new Error('no canvas');
      context.drawImage(bitmap, 0, 0);
      const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
      let [coloured, marked] = [0, 0];
      for (let at = 0; at < data.length; at += 4) {
        const [red = 0, green = 0, blue = 0] = data.subarray(at, at + 3);
        if (red + green + blue < 3 * 250) coloured += 1;
        if (red === colour[0] && green === colour[1] && blue === colour[2]) marked += 1;
      }
      const corner = [...data.subarray(0, 4)];
      return { width: bitmap.width, height: bitmap.height, corner, inked: coloured / (data.length / 4), marked };
    },
    { base64, colour },
  );
}

async function openReport(page: Page): Promise<Report> {
  await page.goto(`${efficacy}/report`);
  await page.getByRole('heading', { name: 'Report', level: 2 }).waitFor();
  await page.locator('canvas').first().waitFor();
  return (await page.request.get(`/api${efficacy}/report`)).json();
}

function tableOf(report: Report, id: string): Table {
  const table = report.sections.flatMap(({ tables }) => tables).find((candidate) => candidate.id === id);
  if (!table) throw new Error(`the report has no table ${id}`);
  return table;
}

describe.each(Object.keys(screens) as Screen[])('on a %s', (screen) => {
  test('while the report is computed, the page says how much is done', async () => {
    const seen = await bench.signedIn('analyst', screen);
    const { page } = seen;
    // It may stand there for a moment only: the page itself keeps what it has shown.
    await page.addInitScript(() => {
      new MutationObserver(() => {
        const bar = document.querySelector('progress');
        if (bar) sessionStorage.setItem('bar', bar.labels[0]?.textContent ?? '');
      }).observe(document, { childList: true, subtree: true });
    });
    await openReport(page);
    expect(await page.evaluate(() => sessionStorage.getItem('bar'))).toBe('Computing the report…');
    expect(await page.locator('progress').count()).toBe(0);
    await seen.end();
  });

  test('every chart of the report is drawn and says what it shows', async () => {
    const seen = await bench.signedIn('analyst', screen);
    const { page } = seen;
    const report = await openReport(page);
    const groups = new Set(report.sections.flatMap(({ charts }) => charts.map(({ table }) => table)));
    await expect.poll(() => page.locator('canvas').count()).toBe(groups.size);
    await expect.poll(async () => Math.min(...(await inkOf(page)))).toBeGreaterThan(0.02);
    const summaries = report.sections.flatMap(({ charts }) => charts.map(({ summary }) => summary));
    for (const canvas of await page.locator('canvas').all()) {
      expect(await canvas.getAttribute('role')).toBe('img');
      expect(summaries).toContain(await canvas.getAttribute('aria-label'));
    }
    await page.getByText('Simulated data.').waitFor();
    await expectAccessible(page);
    await picture(page, `workbench-report-${screen}`);

    await page.getByRole('button', { name: 'Show the table of every chart' }).click();
    await expectAccessible(page);
    await seen.end();
  });
});

test('a chart is saved as a picture that says what it is, twice as fine as the screen', async () => {
  const seen = await bench.signedIn('analyst', 'phone');
  const { page } = seen;
  await openReport(page);
  const figure = page.getByRole('figure', { name: /^Collective teacher efficacy: Staff of our school/ });
  const saved = await downloadBy(page, () => figure.getByRole('button', { name: /Save as PNG/ }).click());
  expect(saved.suggestedFilename()).toBe('demo-efficacy-end-items-collective-efficacy.png');
  const simulatedInk = [0x57, 0x36, 0x88] as const;
  const found = await pixelsOf(page, saved, simulatedInk);
  expect(found.width).toBe(2048);
  expect(found.corner).toEqual([255, 255, 255, 255]);
  expect(found.inked).toBeGreaterThan(0.05);
  expect(found.marked, 'pixels of the words "Simulated data"').toBeGreaterThan(100);
  await seen.end();
});

test('the table behind a chart says the same as the report, on the screen and in the file', async () => {
  const seen = await bench.signedIn('analyst', 'desktop');
  const { page } = seen;
  const report = await openReport(page);
  const table = tableOf(report, 'response-by-cluster');
  await page.getByRole('button', { name: /Show table ?: Response by cluster/ }).click();
  const shown = page.getByRole('table', { name: table.title });
  await shown.waitFor();
  expect(await shown.getByRole('rowheader').first().textContent()).toBe(table.rows[0]?.[0]);

  const saved = await downloadBy(page, () =>
    page.getByRole('button', { name: /Save as CSV ?: Response by cluster/ }).click(),
  );
  expect(saved.suggestedFilename()).toBe('demo-efficacy-end-response-by-cluster-simulated.csv');
  const rows = await csvRows(saved);
  expect(rows.slice(1)).toEqual(table.rows.map((row) => row.map((cell) => (cell === null ? '' : String(cell)))));
  await seen.end();
});

test('a long row of groups shows one chart at a time, or all', async () => {
  const seen = await bench.signedIn('viewer', 'desktop');
  const { page } = seen;
  const report = await openReport(page);
  const charts = report.sections.flatMap((section) => section.charts).filter(({ table }) => /by-school$/.test(table));
  const group = page.locator('.chart-group').filter({ hasText: charts[0]?.title ?? '' });
  expect(await group.locator('canvas').count()).toBe(1);
  await group.getByLabel(/^Chart, \d+ parts$/).selectOption('1');
  await group.getByRole('heading', { name: charts[1]?.title ?? '' }).waitFor();
  await group.getByRole('button', { name: /^Show all/ }).click();
  await expect.poll(() => group.locator('canvas').count()).toBe(charts.length);
  await seen.end();
});

test('on paper the charts stand in the width of the page, without buttons', async () => {
  const seen = await bench.signedIn('analyst', 'desktop');
  const { page } = seen;
  await openReport(page);
  await expect.poll(async () => Math.min(...(await inkOf(page)))).toBeGreaterThan(0.02);
  // In the order in which browsers do it.
  await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
  await page.emulateMedia({ media: 'print' });
  const widths = await page.locator('canvas').evaluateAll((all) => all.map((canvas) => canvas.clientWidth));
  expect(Math.max(...widths)).toBeLessThanOrEqual(680);
  expect(Math.min(...(await inkOf(page)))).toBeGreaterThan(0.02);
  // With title and words on one sheet of A4, which is 1001 pixels high between the margins.
  const heights = await page.locator('figure').evaluateAll((all) => all.map((figure) => figure.clientHeight));
  expect(Math.max(...heights)).toBeLessThan(1000);
  for (const button of await page.getByRole('button').all()) {
    const name = (await button.textContent()) ?? '';
    if (/Save|Show|Print|Pause|Next/.test(name)) expect(await button.isVisible()).toBe(false);
  }
  await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
  await page.emulateMedia({ media: 'screen' });
  await expect.poll(async () => (await page.locator('canvas').first().boundingBox())?.width ?? 0).toBeGreaterThan(900);
  await seen.end();
});

test('by keyboard alone: the skip link, the parts of an administration, focus on what has come', async () => {
  const seen = await bench.signedIn('evaluator', 'desktop');
  const { page } = seen;
  await page.goto(efficacy);
  await heading(page, 'Response rates');
  await page.keyboard.press('Tab');
  expect(await focused(page)).toBe('Skip to the content');
  await page.keyboard.press('Enter');
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
  await page.getByRole('link', { name: 'Links', exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('table', { name: 'Links of this administration' }).waitFor();
  expect(await focused(page)).toBe('Links');
  expect(await page.title()).toBe('Links – Collective efficacy, end – Fidelis');
  await page.goBack();
  await heading(page, 'Response rates');
  await seen.end();
});
