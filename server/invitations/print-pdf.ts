/**
 * Prints a page of ours as a tagged PDF with a Chromium of this machine. One at a time: a browser is large. Called by the
 * routes of printed sheets and by the reports; the only importer of playwright-core in the server.
 */
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { Context } from '../context.ts';
import { Problem } from '../problems.ts';

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
/** A thousand sheets take seconds; whatever takes longer is stuck. */
const patienceMs = 120_000;

let last: Promise<unknown> = Promise.resolve();

/** Throws `pdf-unavailable` where no Chromium is found or it does not start. */
export function pagePdf(context: Pick<Context, 'config' | 'log'>, page: string): Promise<Buffer> {
  const printed = last.then(() => print(context, page));
  last = printed.catch(() => undefined);
  return printed;
}

async function print({ config, log }: Pick<Context, 'config' | 'log'>, html: string): Promise<Buffer> {
  const executablePath = config.chromiumPath ?? places.find((place) => existsSync(place));
  if (executablePath === undefined) throw new Problem('pdf-unavailable');
  const browser = await chromium
    .launch({
      executablePath,
      // Chromium has no sandbox for root; what it prints is our own page, which loads nothing.
      chromiumSandbox: process.getuid?.() !== 0,
      args: ['--headless', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
      timeout: 30_000,
    })
    .catch((error: unknown) => {
      log.warn({ err: error }, 'the Chromium for PDF files did not start');
      throw new Problem('pdf-unavailable', { cause: error });
    });
  try {
    const page = await browser.newPage({ javaScriptEnabled: false });
    page.setDefaultTimeout(patienceMs);
    await page.route('**/*', (route) => route.abort());
    await page.setContent(html);
    return await page.pdf({ format: 'A4', preferCSSPageSize: true, tagged: true, outline: true });
  } finally {
    await browser.close();
  }
}
