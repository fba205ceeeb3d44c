/**
 * Two clerks type a paper form by the keyboard alone, the evaluator decides where they differ, and the dataset has the value
 * that was decided.
 */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { saveStudyAccess } from '../../server/accounts/study-roles.ts';
import { loadDataset } from '../../server/datasets/dataset.ts';
import { streamRows } from '../../server/datasets/rows.ts';
import { accountOf } from '../server/people.ts';
import { makeWorld, type World } from '../server/world.ts';
import { expectAccessible, launchBrowser, listen, picture, type Screen, type Site, visit } from './browser.ts';
import { heading, signIn } from './workbench.ts';

let world: World;
let site: Site;
let browser: Awaited<ReturnType<typeof launchBrowser>>;

beforeAll(async () => {
  world = await makeWorld({ administrations: [{ id: 'survey' }] });
  for (const name of ['ann', 'ben']) {
    const { id: account } = await accountOf(world.context, 'member', `${name}@example.org`);
    await saveStudyAccess(world.context.db, { study: 'trial', account, role: 'clerk', clusters: [], schools: [] });
  }
  await accountOf(world.context, 'evaluator');
  site = await listen(world.app);
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await site.close();
});

const base = '/studies/trial/administrations/survey/paper';

async function as(name: string, screen: Screen) {
  const seen = await visit(browser, site, screen);
  await seen.page.goto('/sign-in');
  await signIn(seen.page, `${name}@example.org`);
  await heading(seen.page, 'Studies');
  await seen.page.goto(base);
  await heading(seen.page, 'Paper');
  return seen;
}

const patience = { timeout: 30_000 };
/** The variable of the field that has the focus. */
const current = (page: Page) => page.evaluate(() => document.activeElement?.id.replace(/^paper-(field-)?/, '') ?? '');
const typing = async (page: Page, field: string, keys: string) => {
  await expect.poll(() => current(page), patience).toBe(field);
  await page.keyboard.type(keys);
};
async function tabTo(page: Page, what: () => Promise<boolean>): Promise<void> {
  for (let at = 0; at < 60; at++) {
    if (await what()) return;
    await page.keyboard.press('Tab');
  }
  throw new Error('the keyboard does not come there');
}
const focusedIs = (page: Page, name: RegExp) => () =>
  page.evaluate((source) => new RegExp(source).test(document.activeElement?.textContent ?? ''), name.source);

/** Role, years, the matrix; a person who took part, and what comes of that. */
async function typeForm(page: Page, years: string): Promise<void> {
  await typing(page, 'role', '1');
  await typing(page, 'years', years);
  await page.keyboard.press('Enter');
  for (const field of ['help', 'plan']) await typing(page, field, '3');
  await typing(page, 'alone', 't');
  await typing(page, 'took_part', '1');
  await typing(page, 'what_helped', 'The visits');
  await page.keyboard.press('Enter');
  await page.keyboard.type('and the talks');
  await page.keyboard.press('Control+Enter');
  // No more than three: one figure is whole.
  await typing(page, 'visits_n', '1');
  await typing(page, 'visits/1/visit_days', '2');
  await page.keyboard.press('Enter');
  await expect.poll(() => current(page), patience).toBe('finish');
}

test.each(['phone', 'desktop'] as const)('on a %s', async (screen) => {
  const { invitation } = world.takeLink('survey');
  const ann = await as('ann', screen);
  const { page } = ann;
  await expectAccessible(page);
  await picture(page, `paper-new-${screen}`);

  // The form of a person, by the keyboard.
  await page.getByLabel('School').focus();
  await page.keyboard.type('Elm Primary 1');
  await expect.poll(() => page.getByLabel('School').inputValue(), patience).toBe('elm-1');
  const person = page.getByLabel('Person');
  await person
    .locator('option', { hasText: `${invitation.person}, teacher` })
    .first()
    .waitFor({ state: 'attached' });
  await page.keyboard.press('Tab');
  await page.keyboard.type(`${invitation.person}, teacher`);
  await expect.poll(() => person.inputValue(), patience).toBe(invitation._id);
  await page.keyboard.press('Tab');
  // Day and month are typed in the order of the browser, whichever that is here.
  await page.getByLabel('Filled in on').fill('2026-03-02');
  await tabTo(page, () =>
    page.getByLabel('The form bears the consent').evaluate((it) => it === document.activeElement),
  );
  await page.keyboard.press('Space');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');

  // A key that is no code is said at once, and the next one takes its place; the last field is taken back.
  await typing(page, 'role', '5');
  await page.getByText('“5” is not a code here. Allowed: 1, 2, 9.').waitFor();
  await expectAccessible(page);
  await picture(page, `paper-wrong-${screen}`);
  await page.keyboard.type('2');
  await expect.poll(() => current(page), patience).toBe('years');
  await page.keyboard.press('Control+z');
  await expect.poll(() => current(page), patience).toBe('role');
  expect(await page.locator('#paper-field-role').inputValue()).toBe('');
  // What depends on an answer is not there before it.
  expect(await page.locator('#paper-field-what_helped').count()).toBe(0);
  await page.getByText('0 of 6 fields typed').waitFor();
  await typeForm(page, '12');
  await page.getByText('9 of 9 fields typed').waitFor();
  await page.locator('#paper-field-alone-mark').getByText('Two or more ticks').waitFor();
  await page.getByText('Everything is saved.').waitFor();
  await expectAccessible(page);
  await picture(page, `paper-entry-${screen}`);

  // What was typed is there after a reload, and the page goes on where it was.
  await page.reload();
  await page.getByText('9 of 9 fields typed').waitFor();
  await expect.poll(() => current(page), patience).toBe('finish');
  await page.keyboard.press('Enter');
  await page.getByText('Your entry is finished. Somebody else types the form again.').waitFor();
  await expectAccessible(page);
  await ann.end();

  // The second clerk is given an empty form.
  const ben = await as('ben', screen);
  await tabTo(ben.page, focusedIs(ben.page, new RegExp(`^Type it: ${invitation.person}$`)));
  await ben.page.keyboard.press('Enter');
  await ben.page.getByRole('button', { name: 'Type it a second time' }).waitFor();
  await tabTo(ben.page, focusedIs(ben.page, /^Type it a second time$/));
  await ben.page.keyboard.press('Enter');
  await ben.page.getByText('0 of 6 fields typed').waitFor();
  expect(await ben.page.content()).not.toContain('The visits');
  await typeForm(ben.page, '21');
  await ben.page.keyboard.press('Enter');
  await ben.page.getByText('The two entries differ.').waitFor();
  await ben.end();

  // The evaluator decides.
  const decider = await as('evaluator', screen);
  const form = decider.page;
  await form.getByRole('link', { name: new RegExp(`^Decide ?: ${invitation.person}$`) }).click();
  await form.getByText('Fields that differ: 1 of 9.').waitFor();
  await form.getByLabel('First entry: 12').waitFor();
  await expectAccessible(form);
  await picture(form, `paper-decide-${screen}`);
  await form.getByLabel('Something else').check();
  await form.getByLabel('What stands there').fill('15');
  await form.getByLabel('Note').fill('A one and a five, close together.');
  await form.getByRole('button', { name: 'Keep the decision on years' }).click();
  await form.getByText('Everything is decided. The answers can be taken.').waitFor();
  await form.getByRole('button', { name: 'Take the answers' }).click();
  await form.getByText('The answers of this form are taken.').waitFor();
  await form.getByText('A one and a five, close together.').waitFor();
  await expectAccessible(form);
  await picture(form, `paper-sent-${screen}`);
  await form.getByRole('link', { name: 'Back to the paper forms' }).click();
  await form.getByText('fields that differ: 1 of 9').first().waitFor();
  await expectAccessible(form);
  await picture(form, `paper-list-${screen}`);
  await decider.end();

  const dataset = await loadDataset(world.context, 'trial', 'survey');
  const rows = [];
  for await (const row of streamRows(world.context, dataset.administration)) rows.push(row);
  const row = rows.find(({ response }) => response.person === invitation.person);
  const names = dataset.compiled.codebook.variables.map(({ name }) => name);
  const cells = Object.fromEntries(names.map((name, at) => [name, row?.row.values[at] ?? row?.row.reasons[at]]));
  expect(cells).toMatchObject({ role: 1, years: 15, help: 3, plan: 3, alone: 'skipped', took_part: 1, visits_n: 1 });
  expect(row?.response).toMatchObject({ source: 'paper', marks: { alone: 'two-ticks' } });
});
