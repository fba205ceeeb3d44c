/** A person takes answers back: by their link, and by the receipt code of an anonymous survey; and makes a code of their own. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultQuestions } from '../../instruments/self-code.ts';
import { countWithdrawn } from '../../server/responses/counts.ts';
import { makeWorld, type TestLink, type World } from '../server/world.ts';
import { expectAccessible, launchBrowser, listen, picture, type Screen, type Site, screens, visit } from './browser.ts';

const blockedByTest = /Service Worker registration blocked by Playwright/;

let world: World;
let site: Site;
let browser: Browser;
beforeAll(async () => {
  world = await makeWorld({
    people: { teacher: 10 },
    study: { withdrawUntil: '2099-06-30' },
    administrations: [{ id: 'named' }, { id: 'quiet', mode: 'anonymous', selfCode: { questions: defaultQuestions } }],
  });
  site = await listen(world.app);
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await site.close();
});

async function choose(page: Page, text: string): Promise<void> {
  await page.locator('label').filter({ hasText: text }).first().click();
}

/** To the last page, with everything required answered, and the button to send pressed. */
async function answer(page: Page, link: TestLink): Promise<void> {
  await page.goto(link.path);
  await page.getByLabel('I have read this information').check();
  await page.getByRole('button', { name: 'Start' }).click();
  await choose(page, 'Teacher');
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('heading', { name: 'Working together' }).waitFor();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('heading', { name: 'The programme' }).waitFor();
  await choose(page, 'No');
  await page.getByRole('button', { name: 'Send my answers' }).click();
}

test.each(Object.keys(screens) as Screen[])('on a %s, by the personal link, after a second thought', async (screen) => {
  const link = world.takeLink('named');
  const seen = await visit(browser, site, screen, { serviceWorkers: 'block' });
  seen.expectConsole(blockedByTest);
  const { page } = seen;
  await answer(page, link);
  await page.getByRole('heading', { name: 'If you change your mind' }).waitFor();
  await expectAccessible(page);
  await picture(page, `respondent-thanks-withdraw-${screen}`);
  await page.getByRole('link', { name: 'Withdraw my answers' }).click();
  await page.getByRole('heading', { name: 'Withdraw my answers' }).waitFor();
  await page.getByText('You can withdraw until 30 June 2099.').waitFor();
  await expectAccessible(page);
  await picture(page, `respondent-withdraw-${screen}`);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('heading', { name: 'Withdraw for good?' }).waitFor();
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Withdraw for good?');
  await expectAccessible(page);
  await picture(page, `respondent-withdraw-sure-${screen}`);
  const before = await countWithdrawn(world.context.db, 'trial', 'named');
  await page.getByRole('button', { name: 'No, keep them' }).click();
  await page.getByRole('heading', { name: 'Withdraw my answers' }).waitFor();
  expect(await countWithdrawn(world.context.db, 'trial', 'named')).toBe(before);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'Yes, withdraw my answers' }).click();
  await page.getByRole('heading', { name: 'Your answers are withdrawn' }).waitFor();
  const code = await page.locator('#confirmation').textContent();
  expect(code).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/);
  await expectAccessible(page);
  await picture(page, `respondent-withdrawn-${screen}`);
  expect(await countWithdrawn(world.context.db, 'trial', 'named')).toBe(before + 1);
  // Opened again, the page says that it is done; the link itself too.
  await page.reload();
  await page.getByText(code ?? '').waitFor();
  await expectAccessible(page);
  seen.expectConsole(/status of 410/);
  await page.goto(link.path);
  await page.getByRole('heading', { name: 'These answers were withdrawn' }).waitFor();
  await expectAccessible(page);
  await seen.end();
});

test.each(Object.keys(screens) as Screen[])('on a %s, by the receipt code of an anonymous survey', async (screen) => {
  const link = world.takeLink('quiet');
  const seen = await visit(browser, site, screen, { serviceWorkers: 'block' });
  seen.expectConsole(blockedByTest);
  const { page } = seen;
  await answer(page, link);
  await page.getByRole('heading', { name: 'One last thing: a code of your own' }).waitFor();
  await expectAccessible(page);
  await page.getByLabel('What is the first letter').fill('M');
  await page.getByRole('button', { name: 'Send with the code' }).click();
  await page.getByText('Answer all three, or send without a code.').waitFor();
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('code-1');
  await expectAccessible(page);
  await picture(page, `respondent-code-${screen}`);
  await page.getByLabel('On which day').fill('07');
  await page.getByLabel('What is the second letter').fill('é');
  await page.getByRole('button', { name: 'Send with the code' }).click();
  await page.getByRole('heading', { name: 'Your receipt code' }).waitFor();
  const code = (await page.locator('#receipt-code').textContent()) ?? '';
  expect(code).toMatch(/^(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}$/);
  await expectAccessible(page);
  await picture(page, `respondent-receipt-${screen}`);
  const stored = await world.context.db.collection('responses').findOne({ administration: 'quiet', withdrawn: false });
  expect(stored?.code).toMatchObject({
    whole: expect.any(String),
    pairs: [expect.any(String), expect.any(String), expect.any(String)],
  });

  // The link leads nowhere; the page for codes does.
  await page.goto(`${link.path}/withdraw`);
  await page.getByText('nothing leads from this link to your answers').waitFor();
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Withdraw with a receipt code' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByText('Give the receipt code').waitFor();
  await expectAccessible(page);
  seen.expectConsole(/status of 404/);
  await page.getByLabel('Receipt code').fill('0000 0000 0000 0000');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'Yes, withdraw my answers' }).click();
  await page.getByText('There are no answers with this code').waitFor();
  await expectAccessible(page);
  await picture(page, `respondent-withdraw-code-${screen}`);
  await page.getByLabel('Receipt code').fill(code.toLowerCase().replaceAll('-', ' '));
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'Yes, withdraw my answers' }).click();
  await page.getByRole('heading', { name: 'Your answers are withdrawn' }).waitFor();
  await seen.end();
});

test('a code may be left out', async () => {
  const seen = await visit(browser, site, 'phone', { serviceWorkers: 'block' });
  seen.expectConsole(blockedByTest);
  const { page } = seen;
  await answer(page, world.takeLink('quiet'));
  await page.getByRole('button', { name: 'Send without a code' }).click();
  await page.getByRole('heading', { name: 'Thank you' }).waitFor();
  const stored = await world.context.db.collection('responses').findOne({ administration: 'quiet', withdrawn: false });
  expect(stored).not.toHaveProperty('code');
  await seen.end();
});

test('the page for receipt codes speaks the language of the browser, and another one at a tap', async () => {
  const seen = await visit(browser, site, 'phone', { serviceWorkers: 'block', locale: 'de-DE' });
  const { page } = seen;
  await page.goto('/withdraw');
  await page.getByRole('heading', { name: 'Meine Antworten zurückziehen' }).waitFor();
  await page.getByRole('button', { name: 'Weiter' }).click();
  await page.getByText('Geben Sie den Beleg-Code an').waitFor();
  await expectAccessible(page);
  await picture(page, 'respondent-withdraw-german-phone');
  await page.getByRole('link', { name: 'العربية' }).click();
  await page.getByRole('heading', { name: 'سحب إجاباتي' }).waitFor();
  expect(await page.evaluate(() => document.documentElement.dir)).toBe('rtl');
  await expectAccessible(page);
  await picture(page, 'respondent-withdraw-arabic-phone');
  await seen.end();
});
