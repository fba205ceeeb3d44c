/** An evaluator watches a wave that runs: figures that change, schools to call, people who are not eligible. */

import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectAccessible, picture } from './browser.ts';
import { csvRows, downloadBy, openWorkbench, type Workbench } from './workbench.ts';

const efficacy = '/studies/demo/administrations/efficacy-end';

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench({ demo: true });
});
afterAll(() => bench.close());

test('figures change by themselves while answers come in, and the page on view stays where it is', async () => {
  const seen = await bench.signedIn('evaluator', 'desktop');
  const { page } = seen;
  await page.goto(`${efficacy}?by=school`);
  const everyone = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'Everyone' }) });
  const finished = async () =>
    Number((await everyone.textContent())?.replaceAll(',', '').match(/(\d+) of \d+ finished/)?.[1]);
  await expect.poll(finished).toBeGreaterThan(0);
  const before = await finished();
  await page.getByRole('button', { name: 'Next' }).click();
  const place = page.getByText(/^21–40 of/);
  await place.waitFor();

  const { db } = bench.context;
  const [one] = await db.collection<Document>('responses').find({ administration: 'efficacy-end' }).limit(1).toArray();
  await db.collection<Document>('responses').insertOne({ ...one, _id: 'one-more', invitation: null });
  await expect.poll(finished, { timeout: 30_000 }).toBe(before + 1);
  expect(await place.isVisible()).toBe(true);
  await page.getByRole('status').filter({ hasText: 'have finished' }).waitFor({ state: 'attached', timeout: 90_000 });
  await db.collection<Document>('responses').deleteOne({ _id: 'one-more' });
  await seen.end();
});

test.each(['desktop', 'phone'] as const)('rates are asked as at a day, which the address keeps (%s)', async (size) => {
  const seen = await bench.signedIn('evaluator', size);
  const { page } = seen;
  await page.goto(`${efficacy}?by=school`);
  await page.getByText('Each person counts where they were invited.').waitFor();
  await page.getByLabel('People').selectOption({ label: 'As at a day' });
  await page.getByLabel('Day', { exact: true }).fill('2026-01-15');
  await page.getByText('Each person counts where the roster has them on 15 January 2026.').waitFor();
  await page.getByText('share a link count with their staff of 15 January 2026').waitFor();
  await page.getByRole('link', { name: 'By arm' }).click();
  await expect.poll(() => new URL(page.url()).search).toBe('?by=arm&asAt=2026-01-15');
  await page.reload();
  expect(await page.getByLabel('Day', { exact: true }).inputValue()).toBe('2026-01-15');
  await page.getByRole('heading', { name: 'Response rates by arm' }).waitFor();
  await expectAccessible(page);
  await picture(page, `rates-as-at-${size}`);
  await page.getByLabel('People').selectOption({ label: 'As invited' });
  await expect.poll(() => new URL(page.url()).search).toBe('?by=arm');
  await seen.end();
});

test('a viewer is offered no day, also by an address with one', async () => {
  const seen = await bench.signedIn('viewer', 'desktop');
  const { page } = seen;
  await page.goto(`${efficacy}?by=arm&asAt=2026-01-15`);
  await page.getByRole('heading', { name: 'Response rates by arm' }).waitFor();
  expect(await page.getByLabel('People').count()).toBe(0);
  await seen.end();
});

test('an evaluator finds schools to call by a rule, notes a call and puts the school off', async () => {
  const seen = await bench.signedIn('evaluator', 'desktop');
  const { page } = seen;
  await page.goto(`${efficacy}/calls`);
  await page.getByRole('heading', { name: 'Calls', level: 2 }).waitFor();
  await page.getByLabel('Finished, below %').fill('100');
  await page.getByText('fewer than 100% have finished').waitFor();
  await page.getByLabel('From day').fill('0');
  const first = page
    .getByRole('listitem')
    .filter({ has: page.getByRole('button', { name: /^Note a call/ }) })
    .first();
  const school = (await first.getByRole('heading').textContent()) ?? '';
  await page.getByRole('button', { name: `Note a call to ${school}` }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Keep this call' }).click();
  await dialog.getByText('Say in a few words what came of the call.').waitFor();
  await expectAccessible(page);
  await dialog.getByLabel('What was said').fill('They will set time aside on Friday.');
  const later = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10);
  await dialog.getByLabel('Leave alone until').fill(later);
  await dialog.getByRole('button', { name: 'Keep this call' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByText('Put off (1)').click();
  const putOff = page.getByRole('group').filter({ hasText: 'Put off (1)' });
  await putOff.getByText('They will set time aside on Friday.').waitFor();
  await putOff.getByRole('heading', { name: school }).waitFor();
  await expectAccessible(page);
  const file = await downloadBy(page, () => page.getByRole('button', { name: 'Save as CSV' }).click());
  expect(file.suggestedFilename()).toBe('demo-efficacy-end-calls-simulated.csv');
  const rows = await csvRows(file);
  expect(rows.find((row) => row[1] === school)).toEqual(
    expect.arrayContaining(['They will set time aside on Friday.', later]),
  );
  await seen.end();
});

test('an evaluator marks somebody as ineligible, with the reason, and takes it back', async () => {
  const seen = await bench.signedIn('evaluator', 'phone');
  const { page } = seen;
  await page.goto(`${efficacy}/links?state=open`);
  await page
    .getByRole('button', { name: /^Ineligible ?: / })
    .first()
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Why').selectOption('on-leave');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Mark as ineligible' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.goto(`${efficacy}/links?state=ineligible`);
  await page.getByText('On leave').waitFor();
  await page.getByRole('button', { name: /^Ask again ?: / }).click();
  await dialog.getByRole('button', { name: 'Ask again' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByText('No link fits these filters').waitFor();
  await seen.end();
});

test('somebody who joined the roster after the planning gets a link by a button', async () => {
  const { db } = bench.context;
  const [one] = await db.collection<Document>('people').find({ study: 'demo', role: 'teacher' }).limit(1).toArray();
  await db.collection<Document>('people').insertOne({ ...one, _id: 'demo:newcomer' as never, id: 'newcomer' });
  for (const screen of ['phone', 'desktop'] as const) {
    const seen = await bench.signedIn('evaluator', screen);
    const { page } = seen;
    await page.goto(`${efficacy}/links`);
    await page.getByText('1 person of the audience has no link.').waitFor();
    await expectAccessible(page);
    await picture(page, `workbench-new-staff-${screen}`);
    await page.getByRole('button', { name: 'Links for new staff…' }).click();
    const dialog = page.getByRole('dialog');
    await expectAccessible(page);
    await picture(page, `workbench-new-staff-dialog-${screen}`);
    if (screen === 'phone') await dialog.getByRole('button', { name: 'Cancel' }).click();
    else await dialog.getByRole('button', { name: 'Bring up to date' }).click();
    await dialog.waitFor({ state: 'detached' });
    if (screen === 'desktop') await page.getByText('The roster has changed.').waitFor({ state: 'detached' });
    await seen.end();
  }
  expect(
    await db.collection('invitations').countDocuments({ administration: 'efficacy-end', person: 'newcomer' }),
  ).toBe(1);
});

interface Document {
  _id: string;
  [field: string]: unknown;
}
