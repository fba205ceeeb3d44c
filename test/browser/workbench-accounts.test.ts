/** One's own account and colleagues, in the browser: second factor, token, people with access, the audit. */
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { goodPassword } from '../server/people.ts';
import { expectAccessible, picture, type Screen, screens, visit } from './browser.ts';
import { heading, openWorkbench, signIn, type Workbench } from './workbench.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench({ demo: true });
});
afterAll(() => bench.close());

const codeNow = (secret: string, steps = 0) =>
  new TOTP({ secret: Secret.fromBase32(secret.replaceAll(' ', '')) }).generate({
    timestamp: Date.now() + steps * 30_000,
  });

test('somebody sets up two-factor sign-in, keeps the recovery codes, and signs in with a code', async () => {
  const seen = await bench.signedIn('viewer', 'phone');
  const { page } = seen;
  await page.getByRole('button', { name: /^Account:/ }).click();
  await page.getByRole('link', { name: 'Your account' }).click();
  await heading(page, 'Two-factor sign-in');
  await page.getByRole('button', { name: 'Set it up' }).click();
  await page.getByLabel('Present password').fill(goodPassword);
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.locator('img.qr').waitFor();
  await expectAccessible(page);
  await picture(page, 'account-second-factor-phone');
  const secret = (await page.locator('code.wrap').first().textContent()) ?? '';
  await page.getByLabel('Code').fill(codeNow(secret));
  await page.getByRole('button', { name: 'Turn it on' }).click();
  await page.getByText('Keep these recovery codes').waitFor();
  expect(await page.locator('.codes li').count()).toBe(10);
  await expectAccessible(page);
  await picture(page, 'account-recovery-codes-phone');
  const recovery = (await page.locator('.codes code').first().textContent()) ?? '';
  await seen.end();

  const again = await visit(bench.browser, bench.site, 'desktop');
  again.expectConsole(/400/);
  await again.page.goto('/sign-in');
  await signIn(again.page, 'viewer@example.org');
  await again.page.getByText('Your password was right.').waitFor();
  await expectAccessible(again.page);
  await again.page.getByLabel('Code').fill('000000');
  await again.page.getByRole('button', { name: 'Sign in' }).click();
  await again.page.locator('.field-error').waitFor();
  await expectAccessible(again.page);
  await again.page.getByLabel('Code').fill(recovery);
  await again.page.getByRole('button', { name: 'Sign in' }).click();
  await heading(again.page, 'Studies');
  await again.end();
});

test.each(Object.keys(screens) as Screen[])('a token is made, shown once and taken away on a %s', async (screen) => {
  const seen = await bench.signedIn('analyst', screen);
  const { page } = seen;
  await page.goto('/account');
  await page.getByRole('button', { name: 'Make a token' }).click();
  await page.getByRole('button', { name: 'Make the token' }).click();
  expect(await page.locator('.field-error').count()).toBe(3);
  await expectAccessible(page);
  await page.getByLabel('Name', { exact: true }).last().fill('An R script');
  await page.getByLabel('Download coded data').check();
  const day = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
  await page.getByLabel('Last day').fill(day);
  await page.getByRole('button', { name: 'Make the token' }).click();
  await page.getByText('Copy the token now').waitFor();
  await expectAccessible(page);
  await picture(page, `account-${screen}`);
  await page.getByRole('button', { name: 'Take away An R script' }).click();
  await page.getByRole('button', { name: 'Take the token away' }).click();
  await page.getByText('No token yet').waitFor();
  await seen.end();
});

test.each(Object.keys(screens) as Screen[])('a coordinator of one cluster is invited on a %s', async (screen) => {
  const seen = await bench.signedIn('administrator', screen);
  const { page } = seen;
  await page.goto('/studies/demo/members');
  const email = `coordinator.${screen}@example.org`;
  await page.getByLabel('Name', { exact: true }).fill('A Coordinator');
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Role').selectOption('coordinator');
  await page.getByRole('button', { name: 'Give access' }).click();
  await page.getByText('Choose at least one cluster.').waitFor();
  await page.locator('.checks-list input').first().check();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Give access' }).click();
  await page.getByText(email).waitFor();
  await page.getByRole('button', { name: 'Change the role of A Coordinator' }).first().click();
  await expectAccessible(page);
  await picture(page, `members-${screen}`);
  await page.goto('/audit?verb=study.share');
  await page
    .getByRole('button', { name: /^More about entry/ })
    .first()
    .click();
  await page.getByText('POST /api/studies/:study/members').waitFor();
  await expectAccessible(page);
  await picture(page, `audit-${screen}`);
  await page.getByLabel('Who').fill('nobody of this name');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByText('Nothing fits').waitFor();
  await expectAccessible(page);
  await seen.end();
});
