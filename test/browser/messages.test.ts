/**
 * Writing to people from the workbench, to a real SMTP server, and a staffroom answering through one link: what the evaluator
 * sees, what arrives, and what a shared device says to the second person.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { saveIdentities } from '../../server/identities/store.ts';
import { startDueMailings } from '../../server/mail/run-mailings.ts';
import { deliverDue } from '../../server/outbox/deliver.ts';
import { streamResponses } from '../../server/responses/store.ts';
import { type MailServerForTests, smtpRefusal, startMailServer } from '../mail-server.ts';
import { makeWorld, type World } from '../server/world.ts';
import { expectAccessible, launchBrowser, listen, picture, type Screen, type Site, screens, visit } from './browser.ts';
import { signIn } from './workbench.ts';

let mail: MailServerForTests;
let world: World;
let site: Site;
let browser: Browser;

beforeAll(async () => {
  mail = await startMailServer();
  world = await makeWorld({
    people: { teacher: 4 },
    administrations: (Object.keys(screens) as Screen[]).map((id) => ({ id })),
    environment: { SMTP_URL: mail.url, MAIL_FROM: 'Evaluation team <team@example.org>' },
  });
  site = await listen(world.app);
  browser = await launchBrowser();
  await world.asEvaluator();
  await saveIdentities(
    world.context,
    world.study.id,
    world.people.map(({ id }) => ({ person: id, name: `Person ${id}`, email: `${id}@school.example`, language: null })),
  );
});
afterAll(async () => {
  await browser.close();
  await site.close();
  await mail.close();
});

async function deliver(): Promise<void> {
  await startDueMailings(world.context);
  await deliverDue(world.context);
}

async function signedIn(screen: Screen) {
  const seen = await visit(browser, site, screen);
  await seen.page.goto('/sign-in');
  await signIn(seen.page, 'evaluator@example.org');
  await seen.page.getByRole('heading', { name: 'Studies' }).waitFor();
  return seen;
}

const pageOf = (administration: string, part: string) =>
  `/studies/${world.study.id}/administrations/${administration}/${part}`;

test.each(Object.keys(screens) as Screen[])(
  'on a %s an evaluator writes a text, sends invitations to a school, and sees what became of each',
  async (screen) => {
    const seen = await signedIn(screen);
    const { page } = seen;
    await page.goto(pageOf(screen, 'texts'));
    await page.getByLabel('Subject').fill(`Please tell us {{nmae}} (${screen})`);
    await page.getByText('which stands for nothing').waitFor();
    await expectAccessible(page);
    await picture(page, `messages-text-wrong-${screen}`);
    await page.getByLabel('Subject').fill(`Please tell us, {{name}} (${screen})`);
    await page.getByText(`Please tell us, Alex Sample (${screen})`).waitFor();
    await page.getByRole('button', { name: 'Save the text' }).click();
    await page.getByText(/^Version \d of this study\.$/).waitFor();
    await page.getByRole('button', { name: 'Send a test to me' }).click();
    await page.getByText('The test is on its way').waitFor({ state: 'attached' });
    await deliver();
    expect(mail.taken.at(-1)?.to).toBe('evaluator@example.org');

    mail.refuse = (address) => (address.startsWith('elm-1-teacher-2') ? smtpRefusal(550, '5.1.1 no such user') : null);
    await page.goto(pageOf(screen, 'messages'));
    await page.locator('section', { hasText: 'Send messages' }).getByLabel('School').first().selectOption('elm-1');
    await page.getByText('people would be written to').waitFor();
    await page.getByRole('button', { name: 'Send invitations…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Send the invitations' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const before = mail.taken.length;
    await deliver();
    const arrived = mail.taken.slice(before);
    expect(arrived.map(({ to }) => to)).toContain('elm-1-teacher-3@school.example');
    const parsed = await mail.parse(arrived[0] as (typeof mail.taken)[number]);
    expect(parsed.subject).toMatch(new RegExp(`^Please tell us, Person elm-1-teacher-\\d \\(${screen}\\)$`));
    await page.getByText(/^Sent: \d$/).waitFor();
    await page.getByText(screen === 'phone' ? /550 5\.1\.1/ : /An earlier message to this address came back/).waitFor();
    await expectAccessible(page);
    await picture(page, `messages-log-${screen}`);
    mail.refuse = null;
    await seen.end();
  },
);

async function begin(page: Page, role: string): Promise<void> {
  await page.getByLabel('I have read this information').check();
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByRole('heading', { name: 'About you' }).waitFor();
  await page.locator('label').filter({ hasText: role }).first().click();
  await page.getByRole('button', { name: 'Next' }).click();
}

async function finish(page: Page): Promise<void> {
  await page.getByText('Page 2 of 3').waitFor();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText('Page 3 of 3').waitFor();
  await page.getByRole('button', { name: 'Send my answers' }).click();
  await page.getByRole('heading', { name: 'Thank you' }).waitFor();
}

test('a staffroom answers through one link: a device says that it has sent, and leaves nothing to the next person', async () => {
  const evaluator = await world.asEvaluator();
  const at = `/api/studies/${world.study.id}/administrations/phone`;
  await evaluator.send('POST', `${at}/shared-links`, { school: 'oak-1' });
  const { body } = await evaluator.send('GET', `${at}/invitations?school=oak-1`);
  const shared = (body.invitations as { shared: boolean; url: string }[]).find((row) => row.shared);
  const path = new URL(shared?.url ?? '').pathname;
  const seen = await visit(browser, site, 'phone');
  const { page } = seen;
  await page.goto(path);
  await page.getByText('Everybody of your role at your school uses the same link').waitFor();
  await expectAccessible(page);
  await picture(page, 'staffroom-information-phone');
  await begin(page, 'Teacher');
  expect(
    await page.evaluate(() => Object.keys(localStorage).filter((name) => name.startsWith('fidelis-answers:'))),
  ).toEqual([]);
  // Another tab of the same device, as the next person opens it, knows nothing of what is not sent.
  const other = await seen.context.newPage();
  await other.goto(path);
  await other.getByLabel('I have read this information').waitFor();
  expect(await other.getByRole('heading', { name: 'Welcome back' }).isVisible()).toBe(false);
  await other.close();
  await finish(page);
  await page.goto(path);
  await page.getByRole('heading', { name: 'Answers were sent from this device' }).waitFor();
  await expectAccessible(page);
  await picture(page, 'staffroom-again-phone');
  await page.getByRole('button', { name: 'This is a device that several of us use' }).click();
  await begin(page, 'Leader');
  await finish(page);
  await seen.end();
  const roles = [];
  for await (const { answers, person, invitation } of streamResponses(world.context.db, world.study.id, 'phone')) {
    expect([person, invitation]).toEqual([null, null]);
    roles.push(answers.role);
  }
  expect(roles.sort()).toEqual([1, 2]);
});
