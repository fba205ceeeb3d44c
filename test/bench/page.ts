/**
 * The respondent's page on a slow line (1.6 Mbit/s, 150 ms) in Chromium: bytes that come down it, headers included, time
 * to the first words, and time until the first answer can be given when consent is given at once; a first visit and a
 * second one with what the browser has kept. Run by run.mjs.
 */
import { fileURLToPath } from 'node:url';
import type { BrowserContext } from 'playwright-core';
import { launchBrowser, screens } from '../browser/browser.ts';
import { startServerProcess } from '../server-process.ts';
import { type FigureRow, keep, median, rounded, show } from './figures.ts';
import { openSlowLine } from './slow-line.ts';

/** Runs in the page: agrees as soon as that is possible, and marks the moment when a first item can be answered. */
const consentAtOnce = fileURLToPath(new URL('./consent-at-once.mjs', import.meta.url));
const visits = Number(process.env.BENCH_VISITS ?? 5);

interface Seen {
  readonly kilobytes: number;
  readonly firstWords: number;
  readonly firstAnswer: number;
}

const line = await openSlowLine({ roundTripMs: 150, downBitsPerSecond: 1.6e6, upBitsPerSecond: 0.75e6 });
const server = await startServerProcess({ environment: { PUBLIC_URL: line.origin } });
line.leadTo(server.origin);
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
    kilobytes: rounded(median(all.map(({ kilobytes }) => kilobytes)), 1),
    firstWordsMs: rounded(median(all.map(({ firstWords }) => firstWords))),
    firstAnswerMs: rounded(median(all.map(({ firstAnswer }) => firstAnswer))),
  }));
  show(`The respondent's page at 1.6 Mbit/s and 150 ms (median of ${visits} visits)`, figures);
  await keep({ figures, seen });
} finally {
  await browser.close();
  await server.close();
  await line.close();
}

async function open(context: BrowserContext, link: string): Promise<Seen> {
  const page = await context.newPage();
  line.takeBytes();
  await page.goto(link, { waitUntil: 'commit' });
  await page.waitForFunction(() => performance.getEntriesByName('first-answer').length > 0, null, { timeout: 60_000 });
  // No named function in here: the loader would give it a helper that the page has not got.
  const [firstWords = Number.NaN, firstAnswer = Number.NaN] = await page.evaluate(() =>
    ['first-contentful-paint', 'first-answer'].map((name) => performance.getEntriesByName(name)[0]?.startTime),
  );
  // What comes afterwards belongs to the visit too: the copy that the page keeps for when the line is gone.
  await page.waitForLoadState('networkidle');
  await page.close();
  return { kilobytes: line.takeBytes() / 1024, firstWords, firstAnswer };
}
