/**
 * What is written into a draft and not lost, in a real browser: edits when the page is left or the network fails, what somebody
 * decided about changes, a text that is no JSON yet; and publishing after somebody else published.
 */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addInstrument } from '../../server/instruments/add.ts';
import { createDraft } from '../../server/instruments/drafts/create.ts';
import { getDraft } from '../../server/instruments/drafts/store.ts';
import { findItemMap } from '../../server/instruments/item-maps.ts';
import { findInstrumentVersion } from '../../server/instruments/store.ts';
import { expectAccessible, picture, type Visit } from './browser.ts';
import { heading, openWorkbench, type Workbench } from './workbench.ts';

const patience = { timeout: 300_000 };
let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench({ demo: false, environment: { FIDELIS_DESIGNER: 'json' } });
});
afterAll(() => bench.close());

const wasTitle = 'Trust in school and between schools';

/** A draft of the trust instrument, open on the panel of its details. */
async function opened(): Promise<Visit & { readonly id: string; storedTitle(): Promise<string> }> {
  const { id } = await createDraft(bench.context, 'a test', { from: 'version', instrument: 'trust', version: 1 });
  const seen = await bench.signedIn('evaluator', 'desktop');
  await seen.page.goto(`/instruments/drafts/${id}`);
  await heading(seen.page, wasTitle);
  await panel(seen.page, 'Details');
  return { ...seen, id, storedTitle: async () => (await getDraft(bench.context.db, id)).title };
}

const panel = (page: Page, name: string) =>
  page.getByRole('button', { name: new RegExp(`^${name}( \\(\\d+\\))?$`) }).click();
const retitle = (page: Page, title: string) => page.getByLabel('Title of the instrument').fill(title);

test('an edit is saved when the page is left at once, for another page or by loading anew', patience, async () => {
  const { page, storedTitle, end } = await opened();
  await retitle(page, 'Left at once');
  await page.getByRole('navigation').getByRole('link', { name: 'Instruments' }).first().click();
  await heading(page, 'Instruments');
  await expect.poll(storedTitle, { timeout: 60_000 }).toBe('Left at once');
  await page.goBack();
  await heading(page, 'Left at once');
  await page.getByText('All changes are saved').waitFor();

  page.on('dialog', (dialog) => void dialog.accept());
  await panel(page, 'Details');
  await page.getByLabel('Title of the instrument').click();
  await retitle(page, 'Loaded anew');
  await page.reload();
  await expect.poll(storedTitle, { timeout: 60_000 }).toBe('Loaded anew');
  await end();
});

test('going back says that all is saved, and what the network broke is saved again by itself', patience, async () => {
  const { page, storedTitle, end, expectConsole } = await opened();
  expectConsole(/ERR_FAILED/);
  await retitle(page, 'Taken back');
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('All changes are saved').waitFor();
  expect(await page.getByLabel('Title of the instrument').inputValue()).toBe(wasTitle);

  await page.route('**/api/instrument-drafts/*', (route) =>
    route.request().method() === 'PUT' ? route.abort() : route.continue(),
  );
  await retitle(page, 'Saved in the end');
  await page.getByText('Not saved: The server cannot be reached.').waitFor();
  await page.unroute('**/api/instrument-drafts/*');
  await page.getByText('All changes are saved').waitFor();
  expect(await storedTitle()).toBe('Saved in the end');
  await end();
});

test('a text that is no JSON yet stays when a panel changes the instrument', patience, async () => {
  const { page, end } = await opened();
  const editor = page.getByLabel('The instrument as JSON');
  const begun = (await editor.inputValue()).replace('"kind": "survey",', '"kind": "survey"');
  await editor.fill(begun);
  await page.getByText(/Line \d+: Expected a comma/).waitFor();
  await retitle(page, 'Changed beside it');
  await page.getByText('The instrument was changed beside this text').waitFor();
  expect(await editor.inputValue()).toBe(begun);
  await picture(page, 'workshop-json-beside-desktop');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Show the changed instrument instead' }).click();
  expect(await editor.inputValue()).toContain('"title": "Changed beside it"');
  await end();
});

test(
  'decisions stay while other panels are shown, and publishing compares anew after somebody else published',
  patience,
  async () => {
    const { page, end, expectConsole } = await opened();
    expectConsole(/status of 409/);
    const editor = page.getByLabel('The instrument as JSON');
    await editor.fill((await editor.inputValue()).replace('"Strongly disagree"', '"Not at all"'));
    await panel(page, 'Publish');
    await page.getByText('1 change since version 1').waitFor();
    const change = page.getByRole('listitem').filter({ hasText: 'leadership_items' });
    const decide = async (grade: string, note: string) => {
      await change.getByText('Confirm or decide otherwise').click();
      await change.getByLabel('Grade of this change').selectOption(grade);
      await change.getByLabel('Why').fill(note);
    };
    await decide('safe', 'Read alike.');
    await page.getByLabel('Why there is this version').fill('After the pilot.');
    await panel(page, 'Checks');
    await panel(page, 'Publish');
    await change.getByText('Decided by you').waitFor();
    expect(await change.getByLabel('Why').inputValue()).toBe('Read alike.');
    expect(await page.getByLabel('Why there is this version').inputValue()).toBe('After the pilot.');

    const first = await findInstrumentVersion(bench.context.db, 'trust', 1);
    const record = { by: 'command line', why: 'Meanwhile.' };
    await addInstrument(bench.context, { ...first?.instrument, version: 2, title: 'Trust, meanwhile' }, record);
    await page.getByRole('button', { name: 'Publish version 2' }).click();
    await page.getByText('Another version was published since you compared.').waitFor();
    await page.getByText('2 changes since version 2').waitFor();
    // What was decided was about the changes since the first version.
    expect(await change.getByText('Decided by you').count()).toBe(0);
    await picture(page, 'workshop-compared-anew-desktop');
    await expectAccessible(page);
    await decide('linkable', 'As expected.');
    await change.getByText('Confirmed by you').waitFor();
    await page.setViewportSize({ width: 360, height: 740 });
    await picture(page, 'workshop-compared-anew-phone');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Publish version 3' }).click();
    await heading(page, `${wasTitle}, version 3`);
    const kept = await findItemMap(bench.context.db, 'trust', 3);
    expect(kept?.map).toMatchObject({ from: 2, to: 3, decisions: [{ grade: 'linkable', note: 'As expected.' }] });
    await end();
  },
);
