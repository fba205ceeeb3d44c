/** Reports of a study on the page: an evaluator reads and releases a school's report, its lead reads what was released. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { saveStudyAccess } from '../../server/accounts/study-roles.ts';
import { accountOf } from '../server/people.ts';
import { schoolMeans } from '../server/school-means.ts';
import type { World } from '../server/world.ts';
import { expectAccessible, launchBrowser, listen, picture, type Screen, type Site, screens, visit } from './browser.ts';
import { heading, signIn } from './workbench.ts';

let world: World;
let site: Site;
let browser: Browser;

beforeAll(async () => {
  world = await schoolMeans();
  await accountOf(world.context, 'evaluator');
  const lead = await accountOf(world.context, 'member', 'lead@example.org');
  const access = { study: 'trial', account: lead.id, role: 'school-lead', clusters: [], schools: ['elm-1'] } as const;
  await saveStudyAccess(world.context.db, access);
  site = await listen(world.app);
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser.close();
  await site.close();
});

async function signedIn(email: string, screen: Screen) {
  const seen = await visit(browser, site, screen);
  await seen.page.goto('/sign-in');
  await signIn(seen.page, email);
  await heading(seen.page, 'Studies');
  return seen;
}

test.each(Object.keys(screens) as Screen[])(
  'a report is read, released and read by the school’s lead on a %s',
  { timeout: 300_000 },
  async (screen) => {
    const seen = await signedIn('evaluator@example.org', screen);
    const { page } = seen;
    await page.goto('/studies/trial/reports');
    await page.getByText('✓ passed').waitFor();
    await expectAccessible(page);
    await picture(page, `study-reports-${screen}`);

    await page.getByRole('link', { name: 'Read it here' }).click();
    await heading(page, 'Evaluation report');
    await page.getByText('12 of 16 people, 2 of 2 schools').first().waitFor();
    await expectAccessible(page);
    await picture(page, `study-evaluation-${screen}`);

    await page.goto('/studies/trial/reports');
    await page.getByRole('link', { name: 'Elm Primary 1' }).click();
    await heading(page, 'Feedback report: Elm Primary 1');
    await page.getByText('the mean of 6 people of your school is 2.00').waitFor();
    await page.getByRole('button', { name: 'Release to the head' }).click();
    const dialog = page.getByRole('dialog');
    await expectAccessible(page);
    // A reason is needed: the server says so, the dialog stays.
    await dialog.getByLabel('Reason').fill('Looked through with the team.');
    await dialog.getByRole('button', { name: 'Release to the head' }).click();
    await page.getByText('Released to the headteacher. Please do not pass it on yet.').waitFor();
    await picture(page, `study-school-report-${screen}`);
    await seen.end();

    const other = await signedIn('lead@example.org', screen);
    await other.page.goto('/studies/trial/reports');
    await other.page.getByRole('link', { name: 'Elm Primary 1' }).click();
    await heading(other.page, 'Feedback report: Elm Primary 1');
    expect(await other.page.getByRole('button', { name: 'Withhold' }).count()).toBe(0);
    await other.page.getByText('the mean of 6 people of your school is 2.00').waitFor();
    await expectAccessible(other.page);
    expect(await other.page.getByRole('link', { name: 'PDF of this report' }).getAttribute('href')).toBe(
      '/api/studies/trial/reports/schools/elm-1/pdf',
    );
    await other.end();

    const back = await signedIn('evaluator@example.org', screen);
    await back.page.goto('/studies/trial/reports/schools/elm-1');
    await back.page.getByRole('button', { name: 'Withhold' }).click();
    await back.page.getByRole('dialog').getByLabel('Reason').fill('For the next screen.');
    await back.page.getByRole('dialog').getByRole('button', { name: 'Withhold' }).click();
    await back.page.getByText('Not released. A draft for the evaluation team').waitFor();
    await back.end();
  },
);
