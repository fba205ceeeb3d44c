/**
 * Hostile instruments in a real browser. What the parser takes as texts is shown as texts; what it refuses neither reaches the
 * respondent's page when it was written past it into the database, nor runs in the designer when it stands in a draft. Another
 * host waits for requests all the while, and a mark waits to be set by a script.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Instrument } from '../../instruments/instrument.ts';
import { parseInstrument } from '../../instruments/parse.ts';
import { goodPassword } from '../server/people.ts';
import { fixtureInstrument, makeWorld, type World } from '../server/world.ts';
import { launchBrowser, listen, type Site, visit } from './browser.ts';
import { signIn } from './workbench.ts';

let world: World;
let site: Site;
let browser: Browser;
let elsewhere: Server;
let host: string;
const asked: string[] = [];

/** Stands in a text: as HTML it would ask the other host, set the mark, or both. */
const markup = () =>
  `<img src="${host}/text.png" onerror="window.marked = 1"><script src="${host}/text.js"></script> ![x](${host}/m.png)`;
/** What no text may say, as elements of a form. */
const refusedElements = () => [
  { type: 'html', name: 'h1', html: `<img src="${host}/html.png" onerror="window.marked = 2">` },
  { type: 'html', name: 'h2', html: `<iframe src="${host}/frame"></iframe><script>window.marked = 3</script>` },
  { type: 'image', name: 'i1', imageLink: `${host}/image.png` },
  { type: 'dropdown', name: 'd1', choicesByUrl: { url: `${host}/choices.json` } },
  { type: 'imagepicker', name: 'p1', choices: [{ value: 1, imageLink: `${host}/picker.png` }] },
  { type: 'html', name: 'h3', html: '<a href="javascript:window.marked = 4">Click</a>' },
];

async function withElements(id: string, elements: readonly object[], title: string): Promise<Instrument> {
  const plain = await fixtureInstrument('staffroom.v1');
  const choice = { type: 'radiogroup', name: 'role', title, choices: [{ value: 1, text: title }] };
  const survey = { title, description: title, pages: [{ name: 'only', title, elements: [choice, ...elements] }] };
  return { ...plain, id, languages: ['en-GB'], title: 'Staffroom', survey, scales: [] };
}

beforeAll(async () => {
  elsewhere = createServer((request, response) => {
    asked.push(String(request.url));
    response.end();
  });
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
  host = `http://localhost:${(elsewhere.address() as AddressInfo).port}`;
  world = await makeWorld({
    instruments: [
      await withElements('texts', [], markup()),
      await withElements('elements', refusedElements(), 'Plain'),
    ],
    administrations: [
      { id: 'texts', instrument: 'texts' },
      { id: 'elements', instrument: 'elements' },
    ],
  });
  site = await listen(world.app);
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await site.close();
  elsewhere.close();
});

const mark = (page: Page) => page.evaluate(() => (window as { marked?: number }).marked ?? null);

test('texts that look like markup are shown as they are written, and ask and run nothing', async () => {
  expect(parseInstrument(await withElements('texts', [], markup())).ok).toBe(true);
  const seen = await visit(browser, site, 'phone');
  const { page } = seen;
  await page.goto(world.takeLink('texts').path);
  await page.getByLabel('I have read').check();
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByRole('radio').first().waitFor();
  await page.waitForLoadState('networkidle');
  expect(await page.locator('#questions').textContent()).toContain('<script src=');
  expect(await page.locator('#questions img, #questions script, #questions iframe').count()).toBe(0);
  expect([await mark(page), asked]).toEqual([null, []]);
  await seen.end();
});

test('what the parser refuses does not reach the page even where it was written past it', async () => {
  const parsed = parseInstrument(await withElements('elements', refusedElements(), 'Plain'));
  expect(parsed.ok ? [] : parsed.issues.map(({ path }) => path.replace(/^.*elements\[(\d)\].*$/, '$1'))).toEqual(
    expect.arrayContaining(['1', '2', '3', '4', '5', '6']),
  );
  const seen = await visit(browser, site, 'phone');
  seen.expectConsole(/status of \d{3}/);
  const { page } = seen;
  await page.goto(world.takeLink('elements').path);
  await page.waitForLoadState('networkidle');
  expect(await page.locator('[data-name="h1"], iframe, img[src*="localhost"]').count()).toBe(0);
  expect([await mark(page), asked]).toEqual([null, []]);
  await seen.end();
});

test('a hostile draft asks no other host and runs nothing in the designer, nor is it shown in the preview', async () => {
  const ada = await world.asEvaluator();
  const begun = await ada.send('POST', '/api/instrument-drafts', {
    from: 'version',
    instrument: 'staffroom',
    version: 1,
  });
  const { survey } = await withElements('staffroom', refusedElements(), markup());
  const saved = await ada.send('PUT', `/api/instrument-drafts/${begun.body.id}`, {
    revision: 1,
    instrument: { ...begun.body.json, survey },
  });
  expect(saved.status).toBe(200);
  const refused = await ada.send('POST', `/api/instrument-drafts/${begun.body.id}/publish`, {
    revision: 2,
    latest: 1,
    why: 'No.',
  });
  expect(refused).toMatchObject({ status: 422, body: { code: 'invalid-instrument' } });

  const seen = await visit(browser, site, 'desktop');
  // The policy says what it stopped.
  seen.expectConsole(/content security policy|Content Security Policy|ERR_BLOCKED_BY_CSP/);
  const { page } = seen;
  await page.goto('/sign-in');
  await signIn(page, 'evaluator@example.org', goodPassword);
  await page.getByRole('heading', { name: 'Studies' }).first().waitFor();
  await page.goto(`/instruments/drafts/${begun.body.id}`);
  await page.locator('.svc-question__content').first().waitFor();
  await page.waitForLoadState('networkidle');
  await page.getByRole('button', { name: /^Checks \(\d+\)$/ }).click();
  await page.getByRole('region', { name: 'Errors' }).getByRole('button', { name: 'Go to h1' }).first().click();
  await page.getByRole('button', { name: 'Preview' }).click();
  await page.getByText('It cannot be shown while there are errors').waitFor();
  expect([await mark(page), asked]).toEqual([null, []]);
  await seen.context.close();
});
