/**
 * One question of every type, answered as a person does on both screens and taken by the server: what SurveyJS collects
 * and what the strict checker allows are two programs that have to agree.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeRow } from '../../instruments/coding.ts';
import { compiledInstrument } from '../../server/instruments/store.ts';
import { findResponseOfInvitation } from '../../server/responses/store.ts';
import { fixtureInstrument, makeWorld, type World } from '../server/world.ts';
import { expectAccessible, launchBrowser, listen, picture, type Site, screens, visit } from './browser.ts';

let world: World;
let site: Site;
let browser: Browser;
beforeAll(async () => {
  world = await makeWorld({
    instruments: [await fixtureInstrument('all-types.v1')],
    administrations: [{ id: 'types', instrument: 'all-types' }],
  });
  site = await listen(world.app);
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await site.close();
});

const question = (page: Page, name: string) => page.locator(`[data-name="${name}"]`).first();

async function choose(page: Page, name: string, ...texts: string[]): Promise<void> {
  for (const text of texts) await question(page, name).locator('label').filter({ hasText: text }).first().click();
}

/** Opens a drop-down list and takes options from it; a list that closes as it opens is opened again, as a person would. */
async function pick(page: Page, name: string, ...texts: string[]): Promise<void> {
  const list = page.locator('.sv-list__item:visible');
  for (const text of texts) {
    const option = list.filter({ hasText: text }).first();
    await expect
      .poll(
        async () => {
          if (!(await option.isVisible()))
            await question(page, name).locator('.sd-dropdown, .sd-tagbox').first().click();
          return option.click({ timeout: 2000 }).then(
            () => true,
            () => false,
          );
        },
        { timeout: 20_000 },
      )
      .toBe(true);
  }
  if (await list.first().isVisible()) await page.keyboard.press('Escape');
  await list.first().waitFor({ state: 'hidden' });
}

test.each(Object.keys(screens) as (keyof typeof screens)[])('every type of question on a %s', async (screen) => {
  const link = world.takeLink('types');
  const seen = await visit(browser, site, screen);
  const { page } = seen;
  await page.goto(link.path);
  await page.getByLabel('I have read').check();
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByRole('heading', { name: 'Choosing' }).waitFor();

  await choose(page, 'phase', 'Secondary');
  await choose(page, 'took_place', 'Self-review', 'Workshop');
  await pick(page, 'tags', 'Reading', 'Number');
  await pick(page, 'season', 'Autumn');
  await question(page, 'agreed').getByText('Yes').click();
  await choose(page, 'quality', '4');
  await question(page, 'share').locator('input[type=range]').first().focus();
  for (let n = 0; n < 3; n += 1) await page.keyboard.press('ArrowRight');
  await question(page, 'span').locator('input[type=range]:not([aria-hidden])').first().focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await question(page, 'wants').locator('.sv-ranking-item').nth(1).focus();
  await page.keyboard.press('ArrowUp');
  await expectAccessible(page);
  await picture(page, `question-types-choosing-${screen}`);
  await page.getByRole('button', { name: 'Next' }).click();

  await page.getByRole('heading', { name: 'Writing' }).waitFor();
  await page.getByLabel('A word').fill('Together');
  await page.getByLabel('Days', { exact: true }).fill('3');
  await page.getByLabel('Held on').fill('2026-03-29');
  await page.getByLabel('Began at').fill('09:30');
  await page.getByLabel('E-mail').fill('somebody@example.org');
  await page.getByLabel('Remark').fill('Two lines\nof text, “quoted”.');
  // On a phone the field unfolds when its label is touched.
  for (const [label, text] of [
    ['First', 'One'],
    ['Second', 'Two'],
  ] as const) {
    await question(page, 'several').locator('label').filter({ hasText: label }).click();
    await page.keyboard.type(text);
  }
  await expectAccessible(page);
  await picture(page, `question-types-writing-${screen}`);
  await page.getByRole('button', { name: 'Next' }).click();

  // A question that may open one more page is still to be answered.
  await page.getByRole('heading', { name: 'Page 3 of 4' }).waitFor();
  await page
    .getByRole('radio', { name: /View one.*Agree$/ })
    .last()
    .check({ force: true });
  await page.getByRole('radio', { name: /View two.*Disagree/ }).check({ force: true });
  await question(page, 'cells').locator('input[type=number]').fill('2');
  await pick(page, 'cells', 'Meeting');
  await question(page, 'people').locator('input').first().fill('Chair');
  await question(page, 'visits').getByLabel('School visited').fill('Oak Primary');
  await choose(page, 'useful', 'Very much');
  // An answer that opens one more page, and one that closes it again.
  await choose(page, 'again', 'Never again');
  await page.getByRole('heading', { name: 'Page 3 of 4' }).waitFor();
  await page.getByRole('button', { name: 'Next' }).waitFor();
  await choose(page, 'again', 'Any time');
  await page.getByRole('heading', { name: 'Page 3 of 3' }).waitFor();
  await expectAccessible(page);
  await picture(page, `question-types-tables-${screen}`);
  await page.getByRole('button', { name: 'Send my answers' }).click();
  await page.getByRole('heading', { name: 'Thank you' }).waitFor();

  const response = await findResponseOfInvitation(world.context.db, link.invitation);
  expect(response?.answers).toEqual({
    phase: 2,
    took_place: [1, 3],
    tags: [1, 2],
    season: 2,
    agreed: true,
    quality: 4,
    share: 30,
    span: [2, 10],
    wants: [2, 1, 3],
    word: 'Together',
    days: 3,
    held_on: '2026-03-29',
    began_at: '09:30',
    mail: 'somebody@example.org',
    remark: 'Two lines\nof text, “quoted”.',
    several: { first_word: 'One', second_word: 'Two' },
    double_days: 6,
    views: { view_one: 2, view_two: 1 },
    cells: { autumn: { length: 2, kind: 2 } },
    people: [{ part: 'Chair' }],
    visits: [{ visited: 'Oak Primary', useful: 2 }],
    again: 2,
  });
  const compiled = await compiledInstrument(world.context.db, 'all-types', 1);
  const row = codeRow(compiled, { answers: response?.answers ?? {}, completion: 'complete' });
  expect(row.reasons.filter((reason) => reason !== null)).toEqual(['hidden']);
  await seen.end();
});
