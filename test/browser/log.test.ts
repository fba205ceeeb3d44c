/**
 * A coordinator with a phone logs an event: finds three people of the cluster and ticks them, attaches a file, sends; an analyst
 * takes the file away beside the event. Without network the list is there, and a file is not attached and says so.
 */
import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseFidelityModel } from '../../instruments/fidelity/parse.ts';
import { parseInstrument } from '../../instruments/parse.ts';
import { insertModel } from '../../server/fidelity/models.ts';
import { hashModel } from '../../server/fidelity/shipped.ts';
import { saveIdentities } from '../../server/identities/store.ts';
import { insertInvitations } from '../../server/invitations/store.ts';
import { hashToken, tokenFor } from '../../server/invitations/tokens.ts';
import { insertPeople } from '../../server/rosters/store.ts';
import { goodPassword } from '../server/people.ts';
import { makeWorld, type World } from '../server/world.ts';
import { expectAccessible, launchBrowser, listen, picture, type Site, visit } from './browser.ts';
import { signIn } from './workbench.ts';

let world: World;
let site: Site;
let browser: Browser;
let path = '';
const names = ['Ada Quill', 'Benedict Osei', 'Chloé Brandt'];

beforeAll(async () => {
  const log = parseInstrument(
    JSON.parse(
      await readFile(new URL('../../instruments/library/implementation-log.v2.json', import.meta.url), 'utf8'),
    ),
  );
  if (!log.ok) throw new Error(JSON.stringify(log.issues));
  world = await makeWorld({
    instruments: [log.value],
    people: { teacher: 9, 'improvement-champion': 1 },
    administrations: [
      {
        ...{ id: 'log', title: 'Implementation log', instrument: 'implementation-log', version: 2 },
        audience: { arms: ['partnership'], roles: ['coordinator'] },
      },
    ],
  });
  const { context } = world;
  const coordinator = { id: 'lead', school: null, cluster: 'elm', arm: 'partnership', role: 'coordinator' } as const;
  await insertPeople(context.db, 'trial', [coordinator]);
  const ids = ['elm-1-teacher-1', 'elm-1-teacher-2', 'elm-2-improvement-champion-1'];
  await saveIdentities(
    context,
    'trial',
    ids.map((person, at) => ({ person, name: names[at] ?? null, email: null, language: null })),
  );
  const token = tokenFor(context, 'log-lead', 1);
  path = `/s/${token}`;
  await insertInvitations(context.db, [
    {
      ...{ _id: 'log-lead', study: 'trial', administration: 'log', person: 'lead', school: null, cluster: 'elm' },
      ...{ arm: 'partnership', role: 'coordinator', serial: 1, tokenHash: hashToken(token), state: 'open' },
      ...{ openedAt: null, claim: null },
    },
  ]);
  const model = parseFidelityModel({
    ...{ id: 'attendance', version: 1, title: 'Attendance', index: { weights: 'sum-to-one' } },
    cycles: [{ id: '1', title: 'First cycle', from: '2026-01-01', to: '2026-12-31' }],
    components: [
      {
        ...{ id: 'came', title: 'Staff who came', dimension: 'reach', core: true, level: 'cluster', cycles: ['1'] },
        ...{ weight: 1, expected: null },
        source: { instrument: 'implementation-log', table: 'events', where: [], day: 'ev_date' },
        rule: { kind: 'share', variable: 'attended', outOf: 'people' },
      },
    ],
    compliance: { decided: '2026-01-01', index: 0.5 },
  });
  if (!model.ok) throw new Error(JSON.stringify(model.issues));
  await insertModel(context.db, {
    ...{ study: 'trial', version: 1, state: 'published', revision: 1, model: model.value, pending: null },
    ...{ hash: hashModel(model.value), history: [] },
  });
  site = await listen(world.app);
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await site.close();
});

const next = (page: Page) => page.getByRole('button', { name: 'Next' }).click();
const choose = (page: Page, text: string) => page.locator('label').filter({ hasText: text }).first().click();

/** Chooses a file as a person does: SurveyJS listens to the field only once its button was pressed. */
async function attach(page: Page, file: { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.locator('.sd-file__choose-btn:visible').last().click(),
  ]);
  await chooser.setFiles(file);
}

/** Opens the first drop-down list and takes an option; a list that closes as it opens is opened again, as a person would. */
async function pick(page: Page, text: string): Promise<void> {
  const option = page.locator('.sv-list__item:visible').filter({ hasText: text }).first();
  const taken = async (): Promise<boolean> => {
    if (!(await option.isVisible())) await page.locator('.sd-dropdown:visible').first().click();
    return option.click({ timeout: 2000 }).then(
      () => true,
      () => false,
    );
  };
  await expect.poll(taken, { timeout: 20_000 }).toBe(true);
}

const pdf = Buffer.from('%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n');

test('three people are ticked and a file goes along, on a phone; an analyst takes it away', async () => {
  const seen = await visit(browser, site, 'phone');
  const { page } = seen;
  seen.expectConsole(/ERR_INTERNET_DISCONNECTED|Service Worker registration blocked|status of 415/);
  await page.goto(path);
  await page.getByLabel('I have read this information').check();
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByRole('heading', { name: 'The period' }).waitFor();
  await page.getByLabel('First day of the period').fill('2026-01-01');
  await page.getByLabel('Last day of the period').fill('2026-07-31');
  await page.getByLabel('How many schools are in the cluster now?').fill('2');
  await next(page);
  await page.getByRole('heading', { name: 'What took place' }).waitFor();
  await page.getByRole('button', { name: 'Add an event' }).click();
  await pick(page, 'Training day');
  await choose(page, 'Yes, on the date planned');
  await page.getByLabel('On which day did it begin?').fill('2026-03-02');

  const search = page.getByRole('searchbox', { name: 'Search the list: Tick those who took part' });
  const list = page.getByRole('group', { name: 'Tick those who took part' });
  for (const [typed, name] of [
    ['quill', 'Ada Quill'],
    ['osei ben', 'Benedict Osei'],
    ['chloe', 'Chloé Brandt'],
  ] as const) {
    await search.fill(typed);
    await choose(page, name);
    expect(await list.getByRole('checkbox').count(), 'who is not meant is out of the way').toBe(1);
  }
  await page.getByText('3 ticked').waitFor();
  await search.fill('nobody at all');
  await page.getByText('Nobody of this name is on the list.').waitFor();
  await search.fill('elm primary 2');
  await page.getByText('3 ticked').waitFor();
  await expectAccessible(page);
  await picture(page, 'log-people-phone');

  await seen.context.setOffline(true);
  await attach(page, { name: 'agenda.pdf', mimeType: 'application/pdf', buffer: pdf });
  await page.getByText('There is no connection, so this file was not attached.').waitFor();
  await seen.context.setOffline(false);
  await attach(page, { name: 'page.html', mimeType: 'text/html', buffer: Buffer.from('<script>') });
  await page.getByText('Only PDF, JPEG, PNG').waitFor();
  await expectAccessible(page);
  await attach(page, { name: 'agenda of the day.pdf', mimeType: 'application/pdf', buffer: pdf });
  await page.getByText('agenda of the day.pdf').first().waitFor();
  await expectAccessible(page);
  await picture(page, 'log-evidence-phone');
  await next(page);
  await page.getByRole('heading', { name: 'School by school' }).waitFor();
  await next(page);
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByText('Your answers were received on').waitFor();
  await seen.end();

  const stored = await world.context.db.collection('responses').findOne({ administration: 'log' });
  const attended = ['elm-1-teacher-1', 'elm-1-teacher-2', 'elm-2-improvement-champion-1'];
  const events = [{ attended, ev_evidence: [{ name: 'agenda of the day.pdf' }] }];
  expect(stored?.answers).toMatchObject({ events });

  await world.asAnalyst();
  const other = await visit(browser, site, 'desktop');
  await other.page.goto('/sign-in');
  await signIn(other.page, 'analyst@example.org', goodPassword);
  await other.page.getByRole('heading', { name: 'Studies' }).waitFor();
  await other.page.goto('/studies/trial/fidelity?cycle=1&place=elm&component=came');
  const link = other.page.getByRole('link', { name: /agenda of the day\.pdf/ });
  await link.waitFor();
  await expectAccessible(other.page);
  await picture(other.page, 'log-evidence-desktop');
  const [download] = await Promise.all([other.page.waitForEvent('download'), link.click()]);
  expect(download.suggestedFilename()).toBe('agenda of the day.pdf');
  expect(await readFile(await download.path())).toEqual(pdf);
  await other.page.setViewportSize({ width: 360, height: 740 });
  await expectAccessible(other.page);
  await picture(other.page, 'log-evidence-events-phone');
  await other.end();
});
