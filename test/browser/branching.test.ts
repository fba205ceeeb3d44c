/** An instrument whose answers open and close pages: each page that is due is shown, and only those count as seen. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeRow } from '../../instruments/coding.ts';
import { compileInstrument } from '../../instruments/compile.ts';
import { findResponseOfInvitation } from '../../server/responses/store.ts';
import { instrumentOf } from '../server/small-study.ts';
import { makeWorld, type World } from '../server/world.ts';
import { launchBrowser, listen, type Site, visit } from './browser.ts';

const scale = (name: string) => ({ type: 'rating', name, title: `Question ${name}`, rateMin: 1, rateMax: 5 });

/** Taking part opens the third page, its answer the fourth; the second stands between them for everybody. */
const branching = instrumentOf({
  id: 'branching',
  version: 1,
  kind: 'survey',
  title: 'Branching survey',
  description: 'Pages that answers open and close.',
  languages: ['en'],
  subject: 'person',
  sources: [{ reference: 'Written for the tests of Fidelis.', use: 'Test fixture.' }],
  permission: { holder: 'Fidelis', status: 'not-needed', note: 'Own wording.' },
  scales: [],
  changes: [],
  survey: {
    pages: [
      {
        name: 'start',
        title: 'Taking part',
        elements: [
          { type: 'radiogroup', name: 'takes_part', title: 'Do you take part?', choices: choices('Yes', 'No') },
        ],
      },
      { name: 'everybody', title: 'For everybody', elements: [scale('mood')] },
      {
        name: 'taking',
        title: 'The programme',
        visibleIf: '{takes_part} = 1',
        elements: [
          { type: 'radiogroup', name: 'visited', title: 'Have you visited a school?', choices: choices('Seen', 'Not') },
        ],
      },
      { name: 'visit', title: 'The visit', visibleIf: '{visited} = 1', elements: [scale('visit_quality')] },
    ],
  },
});

let world: World;
let site: Site;
let browser: Browser;
beforeAll(async () => {
  world = await makeWorld({
    instruments: [branching],
    administrations: [{ id: 'branches', instrument: 'branching', version: 1 }],
    people: { teacher: 4 },
  });
  site = await listen(world.app);
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await site.close();
});

function choices(...texts: readonly string[]) {
  return texts.map((text, index) => ({ value: index + 1, text }));
}

const next = (page: Page) => page.getByRole('button', { name: 'Next' }).click();
const send = (page: Page) => page.getByRole('button', { name: 'Send my answers' });
const heading = (page: Page, name: string) => page.getByRole('heading', { name, level: 1 }).waitFor();
const choose = (page: Page, text: string) => page.locator('label').filter({ hasText: text }).first().click();

async function begin(): Promise<{ page: Page; end(): Promise<void>; cells(): Promise<readonly unknown[]> }> {
  const link = world.takeLink('branches');
  const seen = await visit(browser, site, 'phone');
  const { page } = seen;
  await page.goto(link.path);
  await page.getByLabel('I have read this information').check();
  await page.getByRole('button', { name: 'Start' }).click();
  await heading(page, 'Taking part');
  const cells = async () => {
    await send(page).click();
    await page.getByRole('heading', { name: 'Thank you' }).waitFor();
    const response = await findResponseOfInvitation(world.context.db, link.invitation);
    if (!response) throw new Error('nothing was stored');
    const row = codeRow(compileInstrument(branching), response);
    return row.values.map((value, at) => value ?? row.reasons[at]);
  };
  return { page, end: () => seen.end(), cells };
}

test('an answer on the page before the last opens further pages, each of which is shown before sending', async () => {
  const { page, cells, end } = await begin();
  // Nothing is known yet: all four pages may come.
  await page.getByText('Page 1 of 4').waitFor();
  await choose(page, 'Yes');
  await page.getByText('Page 1 of 4').waitFor();
  await next(page);
  await heading(page, 'For everybody');
  await next(page);
  await heading(page, 'The programme');
  await page.getByText('Page 3 of 4').waitFor();
  expect(await send(page).isVisible()).toBe(false);
  await choose(page, 'Not');
  await page.getByText('Page 3 of 3').waitFor();
  expect(await send(page).isVisible()).toBe(true);
  await choose(page, 'Seen');
  await page.getByText('Page 3 of 4').waitFor();
  expect(await send(page).isVisible()).toBe(false);
  await next(page);
  await heading(page, 'The visit');
  expect(await cells()).toEqual([1, 'skipped', 1, 'skipped']);
  await end();
});

test('an answer that is taken back closes its pages, and what was said there is not sent', async () => {
  const { page, cells, end } = await begin();
  await choose(page, 'Yes');
  await next(page);
  await next(page);
  await heading(page, 'The programme');
  await choose(page, 'Seen');
  await next(page);
  await heading(page, 'The visit');
  await choose(page, '4');
  for (const name of ['The programme', 'For everybody', 'Taking part']) {
    await page.getByRole('button', { name: 'Back' }).click();
    await heading(page, name);
  }
  await choose(page, 'No');
  await page.getByText('Page 1 of 2').waitFor();
  await next(page);
  await heading(page, 'For everybody');
  await choose(page, '3');
  expect(await cells()).toEqual([2, 3, 'hidden', 'hidden']);
  await end();
});

test('who leaves out what might have opened a page goes on to the end all the same', async () => {
  const { page, cells, end } = await begin();
  await next(page);
  await heading(page, 'For everybody');
  await page.getByText('Page 2 of 4').waitFor();
  expect(await send(page).isVisible()).toBe(false);
  await next(page);
  await page.getByText('Page 2 of 2').waitFor();
  await page.getByText('Once sent, answers cannot be changed.').waitFor();
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('send');
  expect(await cells()).toEqual(['skipped', 'skipped', 'hidden', 'hidden']);
  await end();
});

test('the survey is gone on with on a page that a former answer opened', async () => {
  const { page, cells, end } = await begin();
  await choose(page, 'Yes');
  await next(page);
  await next(page);
  await heading(page, 'The programme');
  await choose(page, 'Seen');
  await next(page);
  await heading(page, 'The visit');
  await page.getByText('Saved', { exact: true }).waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'Carry on' }).click();
  await heading(page, 'The visit');
  await page.getByText('Page 4 of 4').waitFor();
  await choose(page, '5');
  expect(await cells()).toEqual([1, 'skipped', 1, 5]);
  await end();
});
