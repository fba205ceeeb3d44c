/**
 * The fieldwork of a trial told once, on the built server started as people start it and with a real mail server beside
 * it: an evaluator makes the study on screen and from roster files, plans an administration and opens it, invites more
 * than five hundred people, reminds those who have not answered, moves a day, and reads rates, amendments and audit. Five
 * people answer by the links of their mails, one declines, one does not finish, one takes the answers back.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectAccessible, launchBrowser, picture, type Visit, visit } from '../browser/browser.ts';
import { csvRows, downloadBy, heading } from '../browser/workbench.ts';
import { type MailServerForTests, startMailServer } from '../mail-server.ts';
import { type ServerProcess, startServerProcess } from '../server-process.ts';
import { type SppFiles, writeSppFiles } from '../spp-roster.ts';
import { answer, answerInPart, decline, openLink, type Way, withdraw } from './answering.ts';
import { arrived, checkRoster, lastMail, longDay, look, mailsTo, peopleInData, send } from './fieldwork-steps.ts';
import { evaluatorByMail, evaluatorOf, makeStudy, planEfficacy, writeSheet } from './setting-up.ts';
import { type Audience, audienceOf, expectedRow, type Outcome, oneOf } from './spp-programme.ts';

const id = 'schools-partnership-programme';
const study = `/studies/${id}`;
const path = `${study}/administrations/efficacy-baseline`;
const timeZone = 'Europe/London';
const figure = new Intl.NumberFormat('en-GB');

/** ISO day in the study's time zone, so many days from now. */
const day = (later: number) =>
  new Intl.DateTimeFormat('en-CA', { timeZone }).format(new Date(Date.now() + later * 86_400_000));
const days = { first: day(0), tomorrow: day(1), last: day(20), amended: day(27), waveEnds: day(60) };

let mail: MailServerForTests;
let server: ServerProcess;
let browser: Browser;
let folder: string;
let files: SppFiles;
let paths: readonly string[];
let audience: Audience;
/** The addresses of all who are asked. */
let everybody: string[];
let evaluator: Visit;
/** What each of those who did anything has done so far. */
const outcomes = new Map<string, Outcome>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fidelis-test-fieldwork-'));
  ({ paths, files } = await writeSppFiles(folder));
  audience = audienceOf(files);
  everybody = audience.people.map(({ email }) => email);
  mail = await startMailServer();
  server = await startServerProcess({
    environment: { FIDELIS_DEMO: 'off', SMTP_URL: mail.url, MAIL_FROM: 'Evaluation team <team@example.org>' },
  });
  browser = await launchBrowser();
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await server?.close();
  await mail?.close();
  await rm(folder, { recursive: true, force: true });
});

test('an administrator invites an evaluator by mail, who makes a study with its arms and waves', async () => {
  evaluator = await evaluatorByMail(browser, server, mail);
  const { page } = evaluator;
  await look(page, 'fieldwork-no-study');
  const end = { opens: day(300), closes: day(360) };
  expect(await makeStudy(page, { baseline: { opens: days.first, closes: days.waveEnds }, end })).toBe(id);
  await look(page, 'fieldwork-study-empty');
});

test('the rosters come from files: first a dry run, then once, and a second time nothing', async () => {
  const { page } = evaluator;
  const [, , peopleFile = ''] = paths;
  await page.getByRole('link', { name: 'Rosters' }).click();
  await page.getByRole('link', { name: 'Import', exact: true }).click();
  const broken = join(folder, 'people with a fault.csv');
  await writeFile(broken, 'id,school,role,name\nq1,no-such-school,teacher,Somebody\nq2,,astronaut,Somebody else\n');

  for (const [at, kind] of (['clusters', 'schools', 'people'] as const).entries()) {
    const count = figure.format(files.counts[kind]);
    if (kind === 'people') {
      await checkRoster(page, broken);
      await page.getByText('Nothing was imported. Mend the file').waitFor();
      await page.getByRole('row', { name: /^2 school/ }).waitFor();
      await page.getByRole('row', { name: /^3 role/ }).waitFor();
      await look(page, 'fieldwork-import-broken');
    }
    await checkRoster(page, paths[at] ?? '');
    await page.getByText(`${count} rows can be imported.`).waitFor();
    await page.getByText('The first rows', { exact: true }).first().waitFor();
    if (kind === 'people') await look(page, 'fieldwork-import');
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByText(`Imported ${count} rows.`).waitFor();
  }
  await checkRoster(page, peopleFile);
  await page.getByText('rows can be imported.').waitFor();
  const people = page.getByRole('table', { name: 'What the file does' }).getByRole('row', { name: /^People/ });
  expect((await people.getByRole('cell').allTextContents()).slice(-3)).toEqual(['0', '0', '4,174']);
  await page.getByRole('button', { name: 'Do not import' }).click();

  await page.getByRole('link', { name: 'Checks', exact: true }).click();
  await heading(page, 'Checks');
  await look(page, 'fieldwork-checks');
  await page.goto(study);
  await page.getByText('51 clusters, 277 schools').waitFor();
  await page.getByText('0 clusters, 273 schools').waitFor();
  await look(page, 'fieldwork-study');
});

test('an information sheet is written, an administration planned with it, and opened', async () => {
  const { page } = evaluator;
  await writeSheet(page);
  await look(page, 'fieldwork-sheet');
  await page.goto(study);
  await planEfficacy(page, { opens: days.tomorrow, closes: days.last }, figure.format(everybody.length));
  await page.locator('.mark-planned').first().waitFor();
  await look(page, 'fieldwork-planned');

  // Before it has begun its days are just changed; on its first day it opens.
  await page.getByRole('link', { name: 'Plan', exact: true }).click();
  await page.getByLabel('First day').fill(days.first);
  await page.getByRole('button', { name: 'Save the changes' }).click();
  await page.locator('.mark-open').first().waitFor();
  await look(page, 'fieldwork-open');
});

test('everybody of the audience is invited by mail, once', async () => {
  const { page } = evaluator;
  await page.getByRole('link', { name: 'Messages', exact: true }).click();
  await page.getByText(`${figure.format(everybody.length)} people`, { exact: true }).waitFor();
  await look(page, 'fieldwork-messages-empty');
  await send(page, 'invitation');
  await arrived(mail, everybody);
  await page.getByText(`Sent: ${figure.format(everybody.length)}`, { exact: true }).waitFor({ timeout: 60_000 });
  await page.getByText(`${figure.format(everybody.length)} invited already`).waitFor();
  await look(page, 'fieldwork-messages-sent');
});

/** By cluster or school, and role. */
const named = (who: string) => {
  const [place = '', role] = who.split(' ');
  return oneOf(audience, place, role === 'champion' ? 'improvement-champion' : 'headteacher');
};

const agreed = [5, 4, 2, 6, 1, 5, 3, 5, 2, 4, 4, 1];
const ways: Readonly<Record<string, Way>> = {
  'alder headteacher': { role: 'Headteacher', codes: agreed },
  'alder champion': {
    role: 'Middle leader',
    codes: agreed.map((code, at) => (at === 5 ? null : code)),
    comesBack: true,
  },
  'oak headteacher': { role: 'Prefer not to say', codes: agreed.map(() => 4) },
  'magnolia champion': { role: 'Teacher', codes: agreed.map(() => null) },
  'yew headteacher': { role: 'Headteacher', codes: agreed.map((code) => 7 - code) },
};

test('five people answer on their phones by the links of their mails', async () => {
  for (const [who, way] of Object.entries(ways)) {
    const person = named(who);
    const { subject, link } = await lastMail(mail, person.email);
    expect(subject).toBe('Your invitation: Collective efficacy, baseline');
    const { page, end } = await openLink(browser, server, link);
    if (who === 'alder headteacher') {
      await expectAccessible(page);
      await picture(page, 'fieldwork-information-phone');
    }
    await answer(page, way);
    if (who === 'alder headteacher') {
      await expectAccessible(page);
      await picture(page, 'fieldwork-thanks-phone');
    }
    outcomes.set(person.id, 'finished');
    await end();
  }
});

test('one declines, and one does not finish', async () => {
  const declining = await openLink(browser, server, (await lastMail(mail, named('alder-3 headteacher').email)).link);
  await decline(declining.page);
  await expectAccessible(declining.page);
  await picture(declining.page, 'fieldwork-declined-phone');
  outcomes.set(named('alder-3 headteacher').id, 'declined');
  await declining.end();
  const stopping = await openLink(browser, server, (await lastMail(mail, named('alder-2 champion').email)).link);
  await answerInPart(stopping.page, { role: 'Teacher', codes: agreed });
  outcomes.set(named('alder-2 champion').id, 'partial');
  await stopping.end();
});

test('those who have not answered are reminded, and nobody else', async () => {
  const { page } = evaluator;
  const due = audience.people.filter(({ id }) => [undefined, 'partial'].includes(outcomes.get(id)));
  expect(due.length).toBe(everybody.length - 6);
  await page.reload();
  await page.getByLabel('What', { exact: true }).selectOption('reminder');
  await page.getByText(`${figure.format(due.length)} people`, { exact: true }).waitFor();
  await look(page, 'fieldwork-messages-reminders');
  await send(page, 'reminder');
  await arrived(mail, [...everybody, ...due.map(({ email }) => email)]);
  for (const who of [...Object.keys(ways), 'alder-3 headteacher'])
    expect(mailsTo(mail, named(who).email)).toHaveLength(1);
  // The reminder leads whoever has begun to where they stopped.
  const { subject, link } = await lastMail(mail, named('alder-2 champion').email);
  expect(subject).toContain('Collective efficacy, baseline');
  const { page: again, end } = await visit(browser, server, 'phone');
  await again.goto(link);
  await again.getByRole('heading', { name: 'Welcome back' }).waitFor();
  await end();
});

test('one takes the answers back by their own link: the data go, a mark stays', async () => {
  const { page } = evaluator;
  const person = named('yew headteacher');
  await page.getByRole('link', { name: 'Data', exact: true }).click();
  expect(await peopleInData(page)).toContain(person.id);
  const seen = await visit(browser, server, 'phone');
  seen.expectConsole(/status of 409/);
  await seen.page.goto((await lastMail(mail, person.email)).link);
  await seen.page.getByRole('heading', { name: 'Answers have already been sent' }).waitFor();
  await expectAccessible(seen.page);
  await picture(seen.page, 'fieldwork-used-phone');
  await seen.page.getByRole('link', { name: 'Withdraw my answers' }).click();
  const confirmation = await withdraw(seen.page);
  outcomes.set(person.id, 'withdrawn');
  await seen.end();

  await page.reload();
  expect(await peopleInData(page)).toEqual(
    Object.keys(ways)
      .map((who) => named(who).id)
      .filter((id) => id !== person.id)
      .sort(),
  );
  await look(page, 'fieldwork-data');
  await page.goto(`${study}/rights`);
  const row = page.getByRole('table', { name: 'Withdrawals' }).getByRole('row', { name: new RegExp(confirmation) });
  await row.getByText('the person').waitFor();
  await look(page, 'fieldwork-rights');
});

test('a day is moved after the start: the log says who, when, why, old and new, and the report cites it', async () => {
  const { page } = evaluator;
  const why = 'The boiler of three schools failed in the first week.';
  await page.goto(`${path}/plan`);
  await page.getByLabel('Last day').fill(days.amended);
  await page.getByRole('button', { name: 'Save the changes' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Reason').fill(why);
  await look(page, 'fieldwork-amend');
  await dialog.getByRole('button', { name: 'Amend' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.goto(study);
  await page.getByRole('link', { name: 'Amendments' }).click();
  const entry = page.locator('.amendments > li');
  await entry.getByText(why).waitFor();
  expect(await entry.count()).toBe(1);
  expect(await entry.textContent()).toMatch(
    new RegExp(`${evaluatorOf.name}.*Last day.*${longDay(days.last)}.*${longDay(days.amended)}`),
  );
  await look(page, 'fieldwork-amendments');
  const file = await downloadBy(page, () => page.getByRole('link', { name: 'Download as CSV' }).click());
  expect(file.suggestedFilename()).toBe(`${id}-amendments.csv`);
  const [head, ...rows] = await csvRows(file);
  const known = { number: '1', day: days.first, at: expect.stringMatching(/^\d{4}-.*Z$/), by: evaluatorOf.name, why };
  const thing = { kind: 'administration', id: 'efficacy-baseline', title: 'Collective efficacy, baseline' };
  expect(rows.map((cells) => Object.fromEntries(cells.map((cell, at) => [head?.[at], cell])))).toEqual([
    { ...known, ...thing, what: 'last day', old: days.last, new: days.amended },
  ]);

  await page.goto(`${path}/report`);
  await page.getByText(why).first().waitFor();
  await look(page, 'fieldwork-report');
});

test('the table of response rates says of every cluster what has happened there', async () => {
  const { page } = evaluator;
  await page.getByRole('link', { name: 'Response rates', exact: true }).click();
  await page.getByText(`4 of ${figure.format(everybody.length)} finished; `).waitFor();
  await page.getByText('All outcomes and rates').click();
  await look(page, 'fieldwork-rates');
  const table = page.getByRole('table', { name: 'Response rates by cluster' });
  const heads = await table.getByRole('columnheader').allTextContents();
  await page.getByLabel('Search Response rates by cluster').fill('Alder');
  await expect.poll(() => table.getByRole('row').count()).toBe(2);
  const cells = await table.locator('tbody tr > *').allTextContents();
  const alder = expectedRow(audience, outcomes, 'alder');
  for (const column of ['Cluster', 'Eligible', 'Finished', 'Opened', 'Started', 'Partial', 'Declined', 'Not reached']) {
    expect(cells[heads.indexOf(column)], column).toBe(String(alder[column]));
  }

  const file = await downloadBy(page, () => page.getByRole('button', { name: 'Save as CSV' }).click());
  const [head = [], ...rows] = await csvRows(file);
  expect(rows).toHaveLength(audience.clusters.size);
  for (const cluster of audience.clusters.keys()) {
    const expected = expectedRow(audience, outcomes, cluster);
    const row = rows.find(([name]) => name === expected.Cluster) ?? [];
    const titles = head.map((title) => title.replace(/^\uFEFF| \(share, 0 to 1\)$/g, ''));
    const found = Object.fromEntries(row.map((cell, at) => [titles[at], cell]));
    for (const [column, value] of Object.entries(expected)) {
      if (typeof value === 'number') expect(Number(found[column]), `${cluster}: ${column}`).toBeCloseTo(value, 9);
      else expect(found[column], `${cluster}: ${column}`).toBe(value);
    }
  }
});

test('the audit of the study tells what was done, and by whom', async () => {
  const { page } = evaluator;
  await page.goto(`${study}/audit`);
  await heading(page, 'Audit');
  await page.locator('.audit-row').first().waitFor();
  await look(page, 'fieldwork-audit');
  const entries = await page.locator('.audit-row .list-main').allTextContents();
  const done = (title: string, who: string) =>
    entries.filter((entry) => entry.startsWith(title) && entry.includes(who)).length;
  const { name } = evaluatorOf;
  expect({
    uploaded: done('Uploaded a roster file', name),
    imported: done('Imported a roster', name),
    planned: done('Planned an administration', name),
    changed: done('Changed an administration', name),
    opened: done('Opened, paused or closed an administration', 'Fidelis itself'),
    mailings: done('Sent or planned invitations or reminders', name),
    amendments: done('Downloaded the amendments', name),
  }).toEqual({ uploaded: 5, imported: 3, planned: 1, changed: 2, opened: 1, mailings: 2, amendments: 1 });
  expect(done('Saw names or e-mail addresses', name)).toBeGreaterThan(0);
  expect(done('Read or downloaded coded data', name)).toBeGreaterThanOrEqual(2);
  await evaluator.end();
});
