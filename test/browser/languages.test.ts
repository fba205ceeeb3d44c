/** A respondent's language: the browser's at first, another one by a tap, remembered with the answers, from right to left. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findResponseOfInvitation } from '../../server/responses/store.ts';
import { fixtureInstrument, makeWorld, type World } from '../server/world.ts';
import { expectAccessible, launchBrowser, listen, picture, type Site, visit } from './browser.ts';

let world: World;
let site: Site;
let browser: Browser;
const text = (words: string) => ({ asker: words, paragraphs: [words], consent: words, contact: 'team@example.org' });
const information = {
  ...text('The team asks.'),
  version: 3,
  sheet: 'staff',
  translations: { de: text('Das Team fragt.'), ar: text('الفريق يسأل.') },
};

beforeAll(async () => {
  const three = { instrument: 'three-languages', version: 1, languages: ['en-GB', 'de', 'ar'], information };
  world = await makeWorld({
    instruments: [await fixtureInstrument('three-languages.v1')],
    administrations: [
      { id: 'three', ...three },
      { id: 'closed', ...three, state: 'closed' },
    ],
  });
  site = await listen(world.app);
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await site.close();
});

test('a German browser gets German, another language is one tap away, and the answers remember it', async () => {
  const link = world.takeLink('three');
  const seen = await visit(browser, site, 'phone', { locale: 'de-AT' });
  const { page } = seen;
  await page.goto(link.path);
  expect(await page.locator('html').getAttribute('lang')).toBe('de');
  await page.getByRole('heading', { name: 'Wer fragt, und warum' }).waitFor();
  const languages = page.getByRole('navigation', { name: 'Sprache' });
  expect(await languages.getByRole('link').allTextContents()).toEqual(['British English', 'Deutsch', 'العربية']);
  expect(await languages.locator('[aria-current]').textContent()).toBe('Deutsch');
  await expectAccessible(page);
  await picture(page, 'respondent-german-phone');

  await page.getByLabel('Das Team fragt.').check();
  await page.getByRole('button', { name: 'Beginnen' }).click();
  await page.getByRole('heading', { name: 'Ihre Woche' }).waitFor();
  await page.getByRole('button', { name: 'Weiter' }).click();
  await page.getByText('Bitte beantworten Sie diese Frage.').waitFor();
  await page.locator('label').filter({ hasText: 'Gut' }).first().click();
  await page.getByText('Gespeichert', { exact: true }).waitFor();
  await expectAccessible(page);

  // Another language in the middle: what was answered is still there, and the way goes on.
  await page.getByRole('link', { name: 'العربية' }).click();
  await page.getByRole('button', { name: 'متابعة' }).click();
  await page.getByRole('heading', { name: 'أسبوعك' }).waitFor();
  expect(await page.locator('html').getAttribute('dir')).toBe('rtl');
  expect(await page.getByRole('radio', { name: 'جيد' }).isChecked()).toBe(true);
  await expectAccessible(page);
  await picture(page, 'respondent-arabic-phone');
  await page.getByRole('button', { name: 'التالي' }).click();
  await page.getByRole('heading', { name: 'المزيد' }).waitFor();
  await page.getByText('حُفظت', { exact: true }).waitFor();

  // The same link without a word about languages, from a browser that asks for German.
  await page.goto(link.path);
  await page.getByRole('heading', { name: 'مرحبًا بعودتك' }).waitFor();
  await page.getByRole('button', { name: 'متابعة' }).click();
  await page.getByRole('button', { name: 'إرسال إجاباتي' }).click();
  await page.getByRole('heading', { name: 'شكرًا لك' }).waitFor();
  await expectAccessible(page);
  await seen.end();

  const response = await findResponseOfInvitation(world.context.db, link.invitation);
  expect(response?.answers).toEqual({ week: 1 });
  // Agreed to was the German text; that stays true whatever language the questions were read in afterwards.
  expect(response?.consent).toMatchObject({ information: 3, sheet: 'staff', language: 'de' });
});

test('whoever asks for none of the languages gets the first, and a problem is told in the language of the browser', async () => {
  const link = world.takeLink('three');
  const french = await visit(browser, site, 'desktop', { locale: 'fr-FR' });
  await french.page.goto(link.path);
  await french.page.getByRole('heading', { name: 'Who is asking, and why' }).waitFor();
  expect(await french.page.locator('html').getAttribute('lang')).toBe('en-GB');
  await picture(french.page, 'respondent-languages-desktop');
  await french.end();

  const german = await visit(browser, site, 'phone', { locale: 'de-DE' });
  german.expectConsole(/status of 40[34]/);
  for (const [path, heading] of [
    [world.takeLink('closed').path, 'Diese Befragung ist beendet'],
    ['/s/unknown', 'Dieser Link ist nicht bekannt'],
  ] as const) {
    await german.page.goto(path);
    await german.page.getByRole('heading', { name: heading }).waitFor();
    expect(await german.page.locator('html').getAttribute('lang')).toBe('de');
    await expectAccessible(german.page);
  }
  await german.end();
});

test('what survey-core says by itself is in the language, too, and only that language is loaded', async () => {
  const seen = await visit(browser, site, 'desktop', { locale: 'de-DE' });
  const loaded: string[] = [];
  seen.page.on('request', (request) => loaded.push(new URL(request.url()).pathname));
  await seen.page.goto(world.takeLink('three').path);
  await seen.page.getByLabel('Das Team fragt.').check();
  await seen.page.getByRole('button', { name: 'Beginnen' }).click();
  await expect.poll(() => seen.page.locator('#questions').innerHTML()).toContain('Bitte auswählen...');
  const locales = loaded.filter((path) => /\/(arabic|german|french|urdu|spanish|polish)-/.test(path));
  expect(locales.map((path) => path.split('/').at(-1)?.split('-')[0])).toEqual(['german']);
  await seen.end();
});
