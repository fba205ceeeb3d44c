/**
 * The respondent's page on a slow line (1.6 Mbit/s, 150 ms) in Chromium: bytes over the wire, time to the first words,
 * and time until the first answer can be given when consent is given at once; a first visit and a second one with the
 * browser's cache. Run by run.mjs.
 */
import { fileURLToPath } from 'node:url';
import type { BrowserContext } from 'playwright-core';
import { launchBrowser, screens } from '../browser/browser.ts';
import { startServerProcess } from '../server-process.ts';
import { type FigureRow, keep, median, rounded, show } from './figures.ts';

/** Runs in the page: agrees as soon as that is possible, and marks the moment when a first item can be answered. */
const consentAtOnce = fileURLToPath(new URL('./consent-at-once.mjs', import.meta.url));
const visits = Number(process.env.BENCH_VISITS ?? 5);
const line = { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 0.75e6 / 8 };

interface Seen {
  readonly requests: number;
  readonly kilobytes: number;
  readonly firstWords: number;
  readonly firstAnswer: number;
}

const server = await startServerProcess();
const browser = await launchBrowser();
try {
  const link = server.printed("A teacher's survey");
  if (link === null) throw new Error('the server printed no survey link');
  const seen: { cold: Seen[]; again: Seen[] } = { cold: [], again: [] };
  for (let visit = 0; visit < visits; visit += 1) {
    const context = await browser.newContext({ ...screens.phone });
    await context.addInitScript({ path: consentAtOnce });
    seen.cold.push(await open(context, link));
    seen.again.push(await open(context, link));
    await context.close();
  }
  const figures: FigureRow[] = Object.entries(seen).map(([name, all]) => ({
    visit: name === 'cold' ? 'first' : 'second',
    requests: median(all.map(({ requests }) => requests)),
    kilobytes: rounded(median(all.map(({ kilobytes }) => kilobytes)), 1),
    firstWordsMs: rounded(median(all.map(({ firstWords }) => firstWords))),
    firstAnswerMs: rounded(median(all.map(({ firstAnswer }) => firstAnswer))),
  }));
  show(`The respondent's page at 1.6 Mbit/s and 150 ms (median of ${visits} visits)`, figures);
  await keep({ figures, seen });
} finally {
  await browser.close();
  await server.close();
}

async function open(context: BrowserContext, link: string): Promise<Seen> {
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send('Network.enable');
  await devtools.send('Network.emulateNetworkConditions', line);
  let bytes = 0;
  let requests = 0;
  devtools.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
    if (encodedDataLength > 0) requests += 1;
  });
  await page.goto(link, { waitUntil: 'commit' });
  await page.waitForFunction(() => performance.getEntriesByName('first-answer').length > 0, null, { timeout: 60_000 });
  // No named function in here: the loader would give it a helper that the page has not got.
  const [firstWords = Number.NaN, firstAnswer = Number.NaN] = await page.evaluate(() =>
    ['first-contentful-paint', 'first-answer'].map((name) => performance.getEntriesByName(name)[0]?.startTime),
  );
  // What comes afterwards belongs to the visit too: the copy that the page keeps for when the line is gone.
  await page.waitForLoadState('networkidle');
  await page.close();
  return { requests, kilobytes: bytes / 1024, firstWords, firstAnswer };
}
