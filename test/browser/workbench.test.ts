/** The first administrator sets up; an evaluator runs fieldwork; an analyst and a viewer see what is theirs. */

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RateRow } from '../../client/shared/api.ts';
import { issueSetupLink } from '../../server/accounts/setup.ts';
import { goodPassword } from '../server/people.ts';
import { expectAccessible, picture, visit } from './browser.ts';
import { csvRows, downloadBy, focused, heading, openWorkbench, signIn, type Workbench } from './workbench.ts';

const refused = /Failed to load resource: the server responded with a status of 4/;
const efficacy = '/studies/demo/administrations/efficacy-end';

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench({ demo: false });
});
afterAll(() => bench.close());

test('the set-up link makes the first administrator, who loads the demonstration study', async () => {
  const link = await issueSetupLink(bench.context);
  if (!link) throw new Error('no set-up link was issued');
  const path = new URL(link, bench.site.origin).pathname;
  const seen = await visit(bench.browser, bench.site, 'phone');
  const { page } = seen;

  await page.goto('/sign-in');
  await page.getByText('There is no administrator yet').waitFor();
  await expectAccessible(page);
  await page.goto(path);
  await heading(page, 'Set up Fidelis');
  await page.getByText('At least 12 characters').waitFor();
  await page.getByRole('button', { name: 'Create the account' }).click();
  await page.getByText('Give your name.').waitFor();
  expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('name');
  await expectAccessible(page);
  await picture(page, 'workbench-setup-phone');

  await page.getByLabel('Your name').fill('Ada Marlow');
  await page.getByLabel('E-mail address').fill('ada@example.org');
  await page.getByLabel('Password', { exact: true }).fill(goodPassword);
  await page.getByLabel('The same password again').fill('something else entirely');
  await page.getByRole('button', { name: 'Create the account' }).click();
  await page.getByText('The two passwords are not the same.').waitFor();
  await page.getByLabel('The same password again').fill(goodPassword);
  await page.getByRole('button', { name: 'Create the account' }).click();

  await page.getByText('No study yet').waitFor();
  expect(await page.title()).toBe('Studies – Fidelis');
  await expectAccessible(page);
  await picture(page, 'workbench-no-study-phone');
  await page.getByRole('button', { name: 'Load the demonstration study' }).click();
  await page.getByText('Loading the demonstration study…').waitFor();
  await page.getByRole('link', { name: 'Schools Partnership Programme' }).waitFor({ timeout: 120_000 });
  await page.getByText('Simulated', { exact: true }).waitFor();

  seen.expectConsole(refused);
  await page.goto(path);
  await page.getByText('This installation has been set up already').waitFor();
  await expectAccessible(page);
  await seen.end();
});

test('a page that is asked for before signing in comes after it; a wrong password is refused in words', async () => {
  const seen = await visit(bench.browser, bench.site, 'desktop');
  const { page } = seen;
  seen.expectConsole(refused);
  await page.goto(`${efficacy}/links?role=headteacher`);
  await heading(page, 'Sign in');
  await signIn(page, 'ada@example.org', 'not this one at all');
  await page.getByText('The e-mail address or the password is not right.').waitFor();
  await signIn(page, 'ada@example.org');
  await page.getByRole('heading', { name: 'Links', level: 2 }).waitFor();
  expect(new URL(page.url()).search).toBe('?role=headteacher');

  await page.getByRole('button', { name: 'Ada Marlow' }).click();
  await page.getByText('Administrator', { exact: true }).waitFor();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  expect(await focused(page)).toContain('Ada Marlow');
  await page.getByRole('button', { name: 'Ada Marlow' }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await heading(page, 'Sign in');
  expect(new URL(page.url()).pathname).toBe('/sign-in');
  await seen.end();
});

test('a return path never leads to another site', async () => {
  for (const back of ['//example.org', 'https://example.org', '/\\example.org', '/\t/example.org']) {
    const seen = await visit(bench.browser, bench.site, 'desktop');
    await seen.page.goto(`/sign-in?back=${encodeURIComponent(back)}`);
    await signIn(seen.page, 'ada@example.org');
    await heading(seen.page, 'Studies');
    expect(new URL(seen.page.url()).pathname).toBe('/');
    await seen.end();
  }
});

test('an evaluator reads response rates by cluster and school, sorts, searches and saves them', async () => {
  const seen = await bench.signedIn('evaluator', 'desktop');
  const { page } = seen;
  await page.getByRole('link', { name: 'Schools Partnership Programme' }).click();
  await heading(page, /Schools Partnership Programme/);
  expect(await focused(page)).toContain('Schools Partnership Programme');
  await page.getByRole('link', { name: 'Collective efficacy, end' }).click();
  await page.getByRole('heading', { name: 'Response rates', level: 2 }).waitFor();
  const ratesBy = async (by: string) => (await page.request.get(`/api${efficacy}/rates?by=${by}`)).json();
  const rates = await ratesBy('cluster');

  const everyone = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'Everyone' }) });
  await everyone.getByText(`${Math.round(rates.total.rates.rr1.value * 100)}%`, { exact: true }).waitFor();

  const region = page.getByRole('region', { name: 'Response rates by cluster' });
  await region.getByRole('button', { name: 'Rate', exact: true }).click();
  const head = region.getByRole('columnheader', { name: 'Rate' });
  expect(await head.getAttribute('aria-sort')).toBe('descending');
  const best = Math.max(...rates.rows.map((row: RateRow) => row.rates.rr1.value ?? 0));
  await expect.poll(() => region.getByRole('row').nth(1).textContent()).toContain(`${Math.round(best * 100)}%`);

  await page.getByRole('link', { name: 'By school' }).click();
  const bySchool = (await ratesBy('school')).rows as RateRow[];
  const schools = page.getByRole('region', { name: 'Response rates by school' });
  await schools.getByRole('searchbox').fill('aspen');
  await schools.getByText(`of ${bySchool.length}`).waitFor();
  for (const row of await schools.getByRole('rowheader').allInnerTexts()) expect(row).toContain('Aspen');

  const file = await downloadBy(page, () => schools.getByRole('button', { name: /Save as CSV/ }).click());
  expect(file.suggestedFilename()).toBe('demo-efficacy-end-rates-by-school-simulated.csv');
  const rows = await csvRows(file);
  expect(rows).toHaveLength(bySchool.length + 1);
  const head1 = rows[0] ?? [];
  const cell = (at: number, name: string) => Number(rows[at + 1]?.[head1.indexOf(name)]);
  bySchool.forEach((row, at) => {
    expect(rows[at + 1]?.[0]).toBe(row.title);
    const said = [cell(at, 'Invited'), cell(at, 'Only opened'), cell(at, 'Rate (share, 0 to 1)')];
    expect(said).toEqual([row.invited, row.silent, row.rates.rr1.value]);
  });

  await page.getByRole('link', { name: 'By day' }).click();
  const { days } = await ratesBy('day');
  await page
    .getByRole('img', { name: new RegExp(`${days.at(-1).finishedSoFar.toLocaleString('en-GB')} finished`) })
    .waitFor();
  await page.getByRole('table', { name: 'Opened and finished by day' }).waitFor();
  await seen.end();
});

test('an evaluator copies a link, withdraws it and makes a new one', async () => {
  const seen = await bench.signedIn('evaluator', 'desktop', {
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const { page } = seen;
  await page.goto(`${efficacy}/links`);
  const table = page.getByRole('table', { name: 'Links of this administration' });
  await table.waitFor();
  await page.getByLabel('Cluster').selectOption({ index: 2 });
  await page.getByLabel('Role').selectOption('teacher');
  await expect.poll(async () => (await table.getByText('Headteacher').count()) === 0).toBe(true);
  const row = table
    .getByRole('row')
    .filter({ has: page.getByRole('button', { name: /Copy link/ }) })
    .first();
  const person = (await row.locator('small').textContent()) ?? '';
  const mine = table.getByRole('row').filter({ hasText: person });

  const copied = async () => {
    await mine.getByRole('button', { name: /Copy link/ }).click();
    await mine.getByText('Copied').waitFor();
    return page.evaluate(() => navigator.clipboard.readText());
  };
  const before = await copied();
  expect(new URL(before).pathname).toMatch(/^\/s\/[\w-]{22}$/);

  await table.getByRole('button', { name: `Withdraw the link of ${person}` }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Whoever opens it is told that it has been withdrawn.').waitFor();
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  expect(await focused(page)).toContain('Withdraw');
  await table.getByRole('button', { name: `Withdraw the link of ${person}` }).click();
  await dialog.getByRole('button', { name: 'Withdraw the link' }).click();
  await dialog.waitFor({ state: 'detached' });
  const token = new URL(before).pathname;
  expect((await page.request.get(`${bench.site.origin}${token}`)).status()).toBe(410);

  await mine.getByText('Withdrawn').waitFor();

  await table.getByRole('button', { name: `New link for ${person}` }).click();
  await dialog.getByRole('button', { name: 'Make a new link' }).click();
  await dialog.waitFor({ state: 'detached' });
  expect(new URL(await copied()).pathname).not.toBe(token);

  const some = await downloadBy(page, () => page.getByRole('link', { name: 'Download the links shown' }).click());
  const cluster = await page.getByLabel('Cluster').inputValue();
  expect(some.suggestedFilename()).toBe(`demo-efficacy-end-links-${cluster}-teacher.csv`);
  const [head = [], ...shown] = await csvRows(some);
  expect(await page.getByText(/^\d+ links$/).textContent()).toBe(`${shown.length} links`);
  const column = (name: string) => new Set(shown.map((row) => row[head.indexOf(name)]));
  expect([...column('cluster'), ...column('role')]).toEqual([cluster, 'teacher']);

  await page.getByLabel('Cluster').selectOption('');
  await page.getByLabel('Role').selectOption('');
  const list = await downloadBy(page, () => page.getByRole('link', { name: 'Download all links as CSV' }).click());
  expect(list.suggestedFilename()).toBe('demo-efficacy-end-links.csv');
  const rows = await csvRows(list);
  expect(rows.length).toBeGreaterThan(3000);
  expect(rows.find((row) => row.includes(person))?.join()).not.toContain(token);
  await seen.end();
});

test('the links can be narrowed to those who have not responded', async () => {
  const seen = await bench.signedIn('evaluator', 'phone');
  const { page } = seen;
  await page.goto(`${efficacy}/links?cluster=`);
  const table = page.getByRole('table', { name: 'Links of this administration' });
  await table.waitFor();
  await page.getByLabel('State').selectOption('open');
  await expect.poll(() => new URL(page.url()).searchParams.get('state')).toBe('open');
  await expect.poll(async () => (await table.getByText('Responded').count()) === 0).toBe(true);
  await seen.end();
});

test('on a phone the rate stands beside the name of the group', async () => {
  const seen = await bench.signedIn('evaluator', 'phone');
  const { page } = seen;
  await page.goto(efficacy);
  const table = page.getByRole('table', { name: 'Response rates by cluster' });
  await table.waitFor();
  expect(await table.getByRole('columnheader').allInnerTexts()).toEqual([
    'Cluster',
    'Rate',
    'Eligible',
    'Finished',
    'Opened',
    'Started',
    'Not reached',
    'Partial',
    'Declined',
    'Arm',
  ]);
  await seen.end();
});

test('an evaluator pauses and resumes an administration', async () => {
  const seen = await bench.signedIn('evaluator', 'phone');
  const { page } = seen;
  await page.goto('/studies/demo/administrations/trust-end');
  await page.getByRole('button', { name: 'Pause' }).click();
  const dialog = page.getByRole('dialog', { name: /Pause/ });
  await expectAccessible(page);
  await picture(page, 'workbench-pause-phone');
  await dialog.getByRole('button', { name: 'Pause' }).click();
  await page.getByText('Paused', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Resume' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Resume' }).click();
  await page.getByText('Open', { exact: true }).waitFor();
  await seen.end();
});

test('an analyst downloads data but sees no links and no buttons that would be refused', async () => {
  const seen = await bench.signedIn('analyst', 'desktop');
  const { page } = seen;
  await page.goto(`${efficacy}/data`);
  await page.getByRole('heading', { name: 'Data', level: 2 }).waitFor();
  const parts = page.getByRole('navigation', { name: 'Parts of this administration' });
  await parts.getByRole('link', { name: 'Report' }).waitFor();
  expect(await parts.getByRole('link', { name: 'Links' }).count()).toBe(0);
  expect(await page.getByRole('button', { name: 'Pause' }).count()).toBe(0);
  expect(await page.getByRole('link', { name: 'Accounts' }).count()).toBe(0);

  const book = await downloadBy(page, () => page.getByRole('link', { name: 'Download .xlsx' }).click());
  expect(book.suggestedFilename()).toMatch(/^demo-efficacy-end-\d{4}-\d\d-\d\d\.xlsx$/);
  const data = await downloadBy(page, () => page.getByRole('link', { name: 'Download .csv' }).click());
  const { rows } = await (await page.request.get(`/api${efficacy}/dataset`)).json();
  expect(await csvRows(data)).toHaveLength(rows + 1);
  const codebook = await downloadBy(page, () => page.getByRole('button', { name: /Save as CSV ?: Variables/ }).click());
  expect((await csvRows(codebook)).map(([name]) => name)).toContain('cte01');
  await seen.end();
});

test('an administrator invites somebody and takes that back, and changes a password', async () => {
  const seen = await bench.signedIn('administrator', 'desktop');
  const { page } = seen;
  await page.getByRole('link', { name: 'Accounts' }).click();
  await heading(page, 'Accounts');
  await page.getByLabel('Name', { exact: true }).fill('Ben Okafor');
  await page.getByLabel('E-mail address').fill('ben@example.org');
  await page.getByLabel('Viewer').check();
  await page.getByRole('button', { name: 'Invite', exact: true }).click();
  await page.getByRole('button', { name: /^Copy link ?: link for Ben Okafor$/ }).waitFor();
  await page.getByRole('button', { name: 'Remove Ben Okafor' }).click();
  await page.getByRole('button', { name: 'Remove the account' }).click();
  await page.getByText('ben@example.org', { exact: true }).waitFor({ state: 'detached' });

  seen.expectConsole(refused);
  await page.goto('/account/password');
  await page.getByLabel('Present password').fill('not the present one');
  await page.getByLabel('New password', { exact: true }).fill('another brass teapot');
  await page.getByLabel('The new password again').fill('another brass teapot');
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.locator('.field-error').first().waitFor();
  await page.getByLabel('Present password').fill(goodPassword);
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.locator('.notice-good').waitFor();
  await seen.end();
});

test('one click and a question delete the demonstration study', async () => {
  const seen = await bench.signedIn('evaluator', 'desktop');
  const { page } = seen;
  await page.goto('/studies/demo');
  await page.getByRole('button', { name: 'Delete this study' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete the study' }).click();
  await page.getByText('No study yet').waitFor();
  await page.getByRole('button', { name: 'Load the demonstration study' }).waitFor();
  seen.expectConsole(refused);
  await page.goto('/studies/demo');
  await page.getByText('There is nothing at this address.').waitFor();
  await expectAccessible(page);
  await seen.end();
});
