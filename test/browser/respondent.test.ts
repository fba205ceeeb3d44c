/** A teacher with a phone: reads, consents, answers, loses the network, closes the browser, comes back, sends once. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { takeStep } from '../../server/administrations/state.ts';
import { findResponseOfInvitation } from '../../server/responses/store.ts';
import { makeWorld, type TestLink, type World } from '../server/world.ts';
import { expectAccessible, launchBrowser, listen, picture, type Site, visit, visitWithProfile } from './browser.ts';

const lostConnection = /ERR_INTERNET_DISCONNECTED/;
const blockedByTest = /Service Worker registration blocked by Playwright/;

let world: World;
let site: Site;
let browser: Browser;
beforeAll(async () => {
  world = await makeWorld({
    people: { teacher: 30 },
    administrations: [{ id: 'open' }, { id: 'anonymous', mode: 'anonymous' }, { id: 'closing' }, { id: 'pausing' }],
  });
  site = await listen(world.app);
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await site.close();
});

async function begin(page: Page, link: TestLink): Promise<void> {
  await page.goto(link.path);
  await page.getByLabel('I have read this information').check();
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByRole('heading', { name: 'About you' }).waitFor();
}

const next = (page: Page) => page.getByRole('button', { name: 'Next' }).click();
const saved = (page: Page) => page.getByText('Saved', { exact: true }).waitFor();
const row = (page: Page, statement: string, code: string) =>
  page.getByRole('radio', { name: new RegExp(`${statement}.*${code}`) });

/** Chooses an option by its label, as a finger does: SurveyJS hides the control itself. */
async function choose(page: Page, text: string): Promise<void> {
  await page.locator('label').filter({ hasText: text }).first().click();
}

function keptOnDevice(page: Page): Promise<string[]> {
  return page.evaluate(() => Object.keys(localStorage));
}

function keptPages(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const requests = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
    return requests.flat().map(({ url }) => new URL(url).pathname);
  });
}

test('the whole way on a phone, offline in the middle, the browser closed and opened again', async () => {
  const link = world.takeLink('open');
  const profile = await mkdtemp(join(tmpdir(), 'fidelis-profile-'));
  try {
    let seen = await visitWithProfile(profile, site, 'phone');
    let { page } = seen;
    await page.goto(link.path);
    await page.getByText('The evaluation team of the small trial').waitFor();
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByText('Please tick the box if you agree.').waitFor();
    expect(await page.getByLabel('I have read').evaluate((box) => box === document.activeElement)).toBe(true);
    await expectAccessible(page);
    await picture(page, 'respondent-information-phone');
    await page.getByLabel('I have read').check();
    await page.getByRole('button', { name: 'Start' }).click();

    await page.getByRole('heading', { name: 'About you' }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('About you');
    await next(page);
    await page.getByText('Some answers need another look.').waitFor();
    await page.getByText('Please answer this question.').waitFor();
    expect(await page.evaluate(() => document.activeElement?.getAttribute('type'))).toBe('radio');
    await expectAccessible(page);
    await picture(page, 'respondent-error-phone');
    await choose(page, 'Teacher');
    await next(page);
    await page.getByText('Page 2 of 3').waitFor();
    await saved(page);
    await expectAccessible(page);
    await picture(page, 'respondent-matrix-phone');
    await expect.poll(() => keptPages(page)).toContain(link.path);

    seen.expectConsole(lostConnection);
    await seen.context.setOffline(true);
    await row(page, 'We help each other', 'Agree').check({ force: true });
    await page.getByText('No connection at the moment. Carry on').waitFor();
    await expectAccessible(page);
    await picture(page, 'respondent-offline-phone');
    await next(page);
    await page.getByRole('heading', { name: 'The programme' }).waitFor();
    await choose(page, 'Yes');
    await page.getByLabel('What helped most?').fill('The visit to the other sch');
    await seen.end();

    seen = await visitWithProfile(profile, site, 'phone');
    ({ page } = seen);
    seen.expectConsole(lostConnection);
    await seen.context.setOffline(true);
    await page.goto(link.path);
    await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
    await expectAccessible(page);
    await picture(page, 'respondent-welcome-back-phone');
    await page.getByRole('button', { name: 'Carry on' }).click();
    await page.getByRole('heading', { name: 'The programme' }).waitFor();
    expect(await page.getByLabel('What helped most?').inputValue()).toBe('The visit to the other sch');
    await page.getByLabel('What helped most?').fill('The visit to the other school');
    await page.getByRole('button', { name: 'Back' }).click();
    await page.getByRole('heading', { name: 'Working together' }).waitFor();
    expect(await row(page, 'We help each other', 'Agree').isChecked()).toBe(true);
    await next(page);
    await page.getByText('Once sent, answers cannot be changed.').waitFor();

    await page.getByRole('button', { name: 'Send my answers' }).click();
    await page.getByText('There is no connection at the moment.').waitFor();
    await expectAccessible(page);
    await picture(page, 'respondent-waiting-phone');
    expect(await findResponseOfInvitation(world.context.db, link.invitation)).toBeNull();
    await seen.context.setOffline(false);
    await page.getByRole('heading', { name: 'Thank you' }).waitFor();
    await expectAccessible(page);
    await picture(page, 'respondent-thanks-phone');
    const response = await findResponseOfInvitation(world.context.db, link.invitation);
    expect(response).toMatchObject({
      answers: { role: 1, statements: { help: 3 }, took_part: true, what_helped: 'The visit to the other school' },
      completion: 'complete',
    });

    expect(await keptOnDevice(page)).toEqual([]);
    await expect.poll(() => keptPages(page), { timeout: 6000 }).not.toContain(link.path);
    seen.expectConsole(/409/);
    await page.goto(link.path);
    await page.getByRole('heading', { name: 'Answers have already been sent' }).waitFor();
    await seen.end();
  } finally {
    await rm(profile, { recursive: true, force: true });
  }
});

test('a second device carries on where the first stopped', async () => {
  const link = world.takeLink('anonymous');
  const phone = await visit(browser, site, 'phone');
  await begin(phone.page, link);
  await choose(phone.page, 'Leader');
  await next(phone.page);
  await saved(phone.page);
  await phone.end();
  const laptop = await visit(browser, site, 'desktop');
  await laptop.page.goto(link.path);
  await laptop.page.getByRole('button', { name: 'Carry on' }).click();
  await laptop.page.getByRole('heading', { name: 'Working together' }).waitFor();
  await expectAccessible(laptop.page);
  await picture(laptop.page, 'respondent-matrix-desktop');
  await laptop.page.getByRole('button', { name: 'Back' }).click();
  await expect.poll(() => laptop.page.getByRole('radio', { name: 'Leader' }).isChecked()).toBe(true);
  await laptop.end();
});

test('an answer of the server that was lost on the way costs nothing and counts once', async () => {
  const link = world.takeLink('open');
  const seen = await visit(browser, site, 'phone');
  seen.expectConsole(/ERR_FAILED/);
  await begin(seen.page, link);
  await choose(seen.page, 'Teacher');
  await next(seen.page);
  await next(seen.page);
  let lost = 0;
  await seen.context.route('**/responses', async (route) => {
    lost += 1;
    if (lost > 1) return route.continue();
    await route.fetch();
    return route.abort();
  });
  await seen.page.getByRole('button', { name: 'Send my answers' }).click();
  await seen.page.getByRole('heading', { name: 'Thank you' }).waitFor();
  expect(lost).toBeGreaterThan(1);
  const count = await world.context.db.collection('responses').countDocuments({ invitation: link.invitation._id });
  expect(count).toBe(1);
  await seen.end();
});

test('the same answers from a second page are a success, other answers a clear refusal that keeps them', async () => {
  const link = world.takeLink('open');
  const visits = [];
  for (let n = 0; n < 3; n += 1) visits.push(await visit(browser, site, 'phone'));
  for (const [index, { page }] of visits.entries()) {
    // No drafts between them: each has its own answers.
    await page.route('**/draft', (route) => route.fulfill({ json: { savedAt: new Date().toISOString() } }));
    await begin(page, link);
    await choose(page, index < 2 ? 'Teacher' : 'Leader');
    await next(page);
    await next(page);
  }
  const [first, same, other] = visits as [(typeof visits)[0], (typeof visits)[0], (typeof visits)[0]];
  for (const { page } of [first, same]) {
    await page.getByRole('button', { name: 'Send my answers' }).click();
    await page.getByRole('heading', { name: 'Thank you' }).waitFor();
  }
  other.expectConsole(/409/);
  const { page } = other;
  await page.getByRole('button', { name: 'Send my answers' }).click();
  await page.getByRole('heading', { name: 'Answers have already been sent' }).waitFor();
  await page.getByText('A copy of your answers is still on this device.').waitFor();
  await expectAccessible(page);
  await picture(page, 'respondent-refused-phone');
  expect(await keptOnDevice(page)).toHaveLength(1);
  await page.getByRole('button', { name: 'Remove my answers from this device' }).click();
  await page.getByText('Your answers have been removed from this device.').waitFor();
  expect(await keptOnDevice(page)).toEqual([]);
  for (const each of visits) await each.end();
});

test('a page reloaded after the answer was lost still ends with thanks, and leaves nothing on the device', async () => {
  const link = world.takeLink('anonymous');
  const seen = await visit(browser, site, 'phone');
  seen.expectConsole(/ERR_FAILED|409/);
  await begin(seen.page, link);
  await choose(seen.page, 'Teacher');
  await next(seen.page);
  await next(seen.page);
  let stored = false;
  await seen.context.route('**/responses', async (route) => {
    if (!stored) await route.fetch();
    stored = true;
    return route.abort();
  });
  await seen.page.getByRole('button', { name: 'Send my answers' }).click();
  await expect.poll(() => stored).toBe(true);
  await seen.context.unroute('**/responses');
  await seen.page.goto(link.path);
  await seen.page.getByRole('heading', { name: 'Thank you' }).waitFor();
  expect(await keptOnDevice(seen.page)).toEqual([]);
  await expectAccessible(seen.page);
  await seen.end();
});

test('answers that were left behind on a device can be removed when the link is used', async () => {
  const link = world.takeLink('open');
  const [phone, laptop] = [await visit(browser, site, 'phone'), await visit(browser, site, 'desktop')];
  await begin(phone.page, link);
  await choose(phone.page, 'Teacher');
  await saved(phone.page);
  await laptop.page.goto(link.path);
  await laptop.page.getByRole('button', { name: 'Carry on' }).click();
  await next(laptop.page);
  await next(laptop.page);
  await laptop.page.getByRole('button', { name: 'Send my answers' }).click();
  await laptop.page.getByRole('heading', { name: 'Thank you' }).waitFor();
  await expectAccessible(laptop.page);
  await picture(laptop.page, 'respondent-thanks-desktop');
  phone.expectConsole(/409/);
  await phone.page.goto(link.path);
  await phone.page.getByRole('heading', { name: 'Answers have already been sent' }).waitFor();
  await phone.page.getByText('A copy of your answers is still on this device.').waitFor();
  await expectAccessible(phone.page);
  await picture(phone.page, 'respondent-used-phone');
  await phone.page.getByRole('button', { name: 'Remove my answers from this device' }).click();
  expect(await keptOnDevice(phone.page)).toEqual([]);
  await expectAccessible(phone.page);
  await laptop.end();
  await phone.end();
});

describe('when the survey changes under the hands of the person', () => {
  test('closing is said plainly, and the answers stay on the device', async () => {
    const link = world.takeLink('closing');
    const seen = await visit(browser, site, 'phone');
    await begin(seen.page, link);
    await choose(seen.page, 'Teacher');
    await next(seen.page);
    await saved(seen.page);
    await takeStep(world.context, 'test', 'trial', 'closing', 'closed', 'For a test.');
    seen.expectConsole(/403/);
    await row(seen.page, 'We plan together', 'Agree').check({ force: true });
    await seen.page.getByRole('heading', { name: 'This survey has closed' }).waitFor();
    expect(await keptOnDevice(seen.page)).toHaveLength(1);
    await expectAccessible(seen.page);
    await picture(seen.page, 'respondent-closed-phone');
    await seen.end();
  });

  test('a pause is said plainly, and saving goes on afterwards', async () => {
    const link = world.takeLink('pausing');
    const seen = await visit(browser, site, 'phone');
    await begin(seen.page, link);
    await takeStep(world.context, 'test', 'trial', 'pausing', 'paused', 'For a test.');
    seen.expectConsole(/403/);
    await new Promise((resolve) => setTimeout(resolve, 1200));
    await choose(seen.page, 'Teacher');
    await seen.page.getByText('This survey is paused for the moment.').waitFor();
    await takeStep(world.context, 'test', 'trial', 'pausing', 'open', 'For a test.');
    await new Promise((resolve) => setTimeout(resolve, 1200));
    await next(seen.page);
    await saved(seen.page);
    await expect.poll(() => seen.page.getByText('This survey is paused').isVisible()).toBe(false);
    await seen.end();
  });
});

describe('on browsers that allow less', () => {
  test('without storage the page works from memory and says what that means', async () => {
    const link = world.takeLink('open');
    const seen = await visit(browser, site, 'phone', { serviceWorkers: 'block' });
    seen.expectConsole(lostConnection);
    seen.expectConsole(blockedByTest);
    await seen.context.addInitScript(() => {
      Object.defineProperty(window, 'localStorage', {
        get: () => {
          throw new DOMException('denied', 'SecurityError');
        },
      });
    });
    await begin(seen.page, link);
    await choose(seen.page, 'Teacher');
    await next(seen.page);
    await saved(seen.page);
    await seen.context.setOffline(true);
    await seen.page.getByText('Please leave this page open until the connection is back.').waitFor();
    await seen.context.setOffline(false);
    await next(seen.page);
    await seen.page.getByRole('button', { name: 'Send my answers' }).click();
    await seen.page.getByRole('heading', { name: 'Thank you' }).waitFor();
    await seen.end();
  });

  test('over plain http, without randomUUID and service workers, answers arrive', async () => {
    const link = world.takeLink('open');
    const seen = await visit(browser, site, 'phone', { serviceWorkers: 'block' });
    await seen.context.addInitScript(() => {
      Object.defineProperty(Crypto.prototype, 'randomUUID', { value: undefined });
      Object.defineProperty(Navigator.prototype, 'serviceWorker', { value: undefined });
    });
    await begin(seen.page, link);
    await choose(seen.page, 'Teacher');
    await next(seen.page);
    await next(seen.page);
    await seen.page.getByRole('button', { name: 'Send my answers' }).click();
    await seen.page.getByRole('heading', { name: 'Thank you' }).waitFor();
    await seen.end();
  });

  test('without JavaScript the page says that it is needed', async () => {
    const seen = await visit(browser, site, 'phone', { javaScriptEnabled: false });
    await seen.page.goto(world.takeLink('open').path);
    await seen.page.locator('noscript p', { hasText: 'This survey needs JavaScript' }).waitFor();
    await seen.end();
  });
});

test('the keyboard alone is enough', async () => {
  const link = world.takeLink('open');
  const seen = await visit(browser, site, 'desktop', { reducedMotion: 'reduce' });
  const { page } = seen;
  const { keyboard } = page;
  await page.goto(link.path);
  await page.waitForSelector('#start:enabled');
  await keyboard.press('Tab');
  await keyboard.press('Space');
  await keyboard.press('Tab');
  await keyboard.press('Enter');
  await page.getByRole('heading', { name: 'About you' }).waitFor();
  await keyboard.press('Tab');
  await keyboard.press('Space');
  expect(await page.getByRole('radio', { name: 'Teacher' }).isChecked()).toBe(true);
  await keyboard.press('ArrowDown');
  expect(await page.getByRole('radio', { name: 'Leader' }).isChecked()).toBe(true);
  await keyboard.press('Tab');
  await keyboard.type('12');
  await keyboard.press('Tab');
  await keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Working together' }).waitFor();
  await keyboard.press('Tab');
  await keyboard.press('Space');
  expect(await row(page, 'We help each other', 'Disagree').isChecked()).toBe(true);
  await picture(page, 'respondent-keyboard-desktop');
  await saved(page);
  await seen.end();
});

test('text at twice its size fits a phone', async () => {
  const link = world.takeLink('open');
  const seen = await visit(browser, site, 'phone');
  await begin(seen.page, link);
  await seen.page.evaluate(() => {
    document.documentElement.style.fontSize = '200%';
  });
  await choose(seen.page, 'Teacher');
  await next(seen.page);
  await seen.page.getByRole('heading', { name: 'Working together' }).waitFor();
  await expectAccessible(seen.page);
  await picture(seen.page, 'respondent-large-text-phone');
  await seen.end();
});

describe.each(['phone', 'desktop'] as const)('pages without a survey on a %s', (screen) => {
  test('are plain and accessible', async () => {
    const seen = await visit(browser, site, screen);
    seen.expectConsole(/404|403/);
    await seen.page.goto('/s/AAAAAAAAAAAAAAAAAAAAAA');
    await seen.page.getByRole('heading', { name: 'This link is not known' }).waitFor();
    await expectAccessible(seen.page);
    await picture(seen.page, `respondent-unknown-${screen}`);
    await seen.end();
  });
});
