/** An evaluator plans an administration, moves its dates after the start, and reads the log of amendments. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dayIn } from '../../server/administrations/availability.ts';
import { getAdministration } from '../../server/administrations/store.ts';
import { getStudy } from '../../server/studies/store.ts';
import { expectAccessible, picture } from './browser.ts';
import { csvRows, downloadBy, heading, openWorkbench, type Workbench } from './workbench.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench({ demo: true });
});
afterAll(() => bench.close());

const efficacy = '/studies/demo/administrations/efficacy-end';

test.each(['phone', 'desktop'] as const)(
  'on a %s: a date is moved with a reason, which the log keeps',
  async (screen) => {
    const seen = await bench.signedIn('evaluator', screen);
    const { page } = seen;
    seen.expectConsole(/status of 422/);
    const before = await getAdministration(bench.context.db, 'demo', 'efficacy-end');
    const { timeZone } = await getStudy(bench.context.db, 'demo');
    const [day] = [dayIn(timeZone, new Date(Date.now() + (screen === 'phone' ? 1 : 2) * 86_400_000))];
    await page.goto(`${efficacy}/plan`);
    await page.getByText('It has begun.').waitFor();
    // People were promised one or the other.
    expect(await page.getByLabel('Answers are').isDisabled()).toBe(true);
    expect(await page.getByLabel('Wave').isDisabled()).toBe(true);
    await page.getByLabel('Last day').fill(day);
    await page.getByRole('button', { name: 'Save the changes' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('This comes after the start').waitFor();
    await expectAccessible(page);
    await dialog.getByRole('button', { name: 'Amend' }).click();
    await dialog.getByText('Say why it is made and try again.').waitFor();
    await dialog.getByLabel('Reason').fill(`Moved on a ${screen}, because of the snow.`);
    await picture(page, `workbench-amend-${screen}`);
    await dialog.getByRole('button', { name: 'Amend' }).click();
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(() => page.getByLabel('Last day').inputValue()).toBe(day);
    expect((await getAdministration(bench.context.db, 'demo', 'efficacy-end')).closes).toBe(day);

    await page.goto('/studies/demo');
    await page.getByRole('link', { name: 'Amendments' }).click();
    await heading(page, /^Amendments$/);
    const entry = page.locator('.amendments > li').last();
    await entry.getByText(`Moved on a ${screen}, because of the snow.`).waitFor();
    await entry.getByText('The evaluator').waitFor();
    await expectAccessible(page);
    await picture(page, `workbench-amendments-${screen}`);
    const file = await downloadBy(page, () => page.getByRole('link', { name: 'Download as CSV' }).click());
    const rows = await csvRows(file);
    expect(rows.at(-1)?.slice(-3)).toEqual(['last day', before.closes, day]);

    await page.goto(`${efficacy}/report`);
    await page.getByText(`because of the snow.`).last().waitFor();
    await seen.end();
  },
);

test.each(['phone', 'desktop'] as const)(
  'on a %s: a sheet is written and an administration planned with it',
  async (screen) => {
    const seen = await bench.signedIn('evaluator', screen);
    const { page } = seen;
    const words = { asker: 'The evaluation team', consent: 'I agree.', contact: 'team@example.org' };
    await page.goto('/studies/demo/information');
    await page.getByRole('button', { name: 'New information sheet' }).click();
    await page.getByRole('button', { name: 'Save the draft' }).click();
    await page.getByText('Give a short name that begins with a letter.').waitFor();
    await expectAccessible(page);
    await page.getByLabel('Short name').fill(`staff-${screen}`);
    await page.getByLabel('Title').fill(`For staff, on a ${screen}`);
    await page.getByLabel('Who is asking').fill(words.asker);
    await page.getByLabel('Why, what happens').fill('We want to know.\n\nTaking part is up to you.');
    await page.getByLabel('What people agree to').fill(words.consent);
    await page.getByLabel('Whom to write to').fill(words.contact);
    await picture(page, `workbench-sheet-form-${screen}`);
    await page.getByRole('button', { name: 'Save the draft' }).click();
    await page.getByRole('heading', { name: `For staff, on a ${screen}` }).waitFor();
    await picture(page, `workbench-sheets-${screen}`);
    const preview = await page
      .getByRole('link', { name: /British English/ })
      .last()
      .getAttribute('href');
    await page.goto(preview ?? '');
    await page.getByText('Taking part is up to you.').waitFor();
    await page.getByLabel(words.consent).waitFor();
    await expectAccessible(page);
    await picture(page, `workbench-sheet-preview-${screen}`);

    // The wave that is running takes the new administration.
    await page.goto('/studies/demo/new-administration');
    await page.getByRole('button', { name: 'Plan the administration' }).click();
    await page.getByText('Choose at least one role.').waitFor();
    await page.getByLabel('Short name').fill(`leaders-${screen}`);
    await page.getByLabel('Title').fill(`Leaders, on a ${screen}`);
    await page.getByLabel('Instrument version').selectOption('trust@1');
    await page.getByLabel('Headteacher').check();
    await page.getByText(/This audience is [1-9]/).waitFor();
    await page.getByLabel('British English').check();
    await page.getByLabel('Information sheet and consent').selectOption(`staff-${screen}@1`);
    await expectAccessible(page);
    await picture(page, `workbench-new-administration-filled-${screen}`);
    await page.getByRole('button', { name: 'Plan the administration' }).click();
    await heading(page, new RegExp(`Leaders, on a ${screen}`));
    const made = await getAdministration(bench.context.db, 'demo', `leaders-${screen}`);
    expect(made).toMatchObject({
      mode: 'confidential',
      languages: ['en-GB'],
      information: { sheet: `staff-${screen}` },
    });
    expect(
      await bench.context.db.collection('invitations').countDocuments({ study: 'demo', administration: made.id }),
    ).toBeGreaterThan(0);
    await seen.end();
  },
);
