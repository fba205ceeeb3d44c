/**
 * The whole way told once, on the built server started as people start it, with the demonstration study: an evaluator
 * sets up and looks at fieldwork, a teacher answers on a phone, an analyst takes the data and the charts away, and what
 * the analyst holds is what the teacher said.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import Papa from 'papaparse';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Report } from '../../analysis/result.ts';
import type {
  AdministrationDetail,
  DatasetSummary,
  InvitationPage,
  InvitationRow,
  RateRow,
  Rates,
} from '../../client/shared/api.ts';
import type { Codebook } from '../../instruments/codebook.ts';
import { missingCodes } from '../../instruments/missing.ts';
import { expectAccessible, launchBrowser, picture, type Visit, visit, visitWithProfile } from '../browser/browser.ts';
import { type ServerProcess, startServerProcess } from '../server-process.ts';

const path = '/studies/demo/administrations/efficacy-end';
const api = `/api${path}`;
const people = {
  evaluator: { name: 'The evaluator', email: 'evaluator@example.org', password: 'a brass teapot sings' },
  analyst: { name: 'The analyst', email: 'analyst@example.org', password: 'nine quiet lanterns' },
};

/** What the teacher answers: statement by statement, in codes. The sixth is left out. */
const levels = ['Strongly disagree', 'Disagree', 'Slightly disagree', 'Slightly agree', 'Agree', 'Strongly agree'];
const statements: readonly (readonly [start: string, code: number | null])[] = [
  ['As a staff, we find ways', 5],
  ['Between us, we know enough', 4],
  ['When a pupil takes no interest', 2],
  ['When pupils have not understood', 6],
  ['As a staff, we are at a loss', 1],
  ['Most of our pupils start', null],
  ['Many of us would need', 3],
  ['Together we can bring about', 5],
  ['Problems in the neighbourhood', 2],
  ['Shortages of equipment', 4],
  ['Families and the local area', 4],
  ['Worries about their safety', 1],
];
/** The same as the dataset must hold it, worked out by hand: statements 3, 5, 7, 9, 10 and 12 are reversed, 7 minus x. */
const teacherCells = {
  role: 1,
  role_other: missingCodes.hidden,
  years_school: 4,
  years_teaching: 12,
  ...Object.fromEntries(
    statements.map(([, code], at) => [`cte${String(at + 1).padStart(2, '0')}`, code ?? missingCodes.skipped]),
  ),
  score_collective_efficacy: (5 + 4 + 5 + 6 + 6 + 4 + 5 + 5 + 3 + 4 + 6) / 11,
  answered_collective_efficacy: 11,
};

let server: ServerProcess;
let browser: Browser;
let surveyLink: string;
let setupLink: string;
let evaluator: Visit;
/** Of the whole administration, before the teacher answers. */
let respondedBefore: number;
/** The teacher's row of the link list, before the teacher answers. */
let teacher: InvitationRow;

beforeAll(async () => {
  server = await startServerProcess();
  setupLink = server.printed('first visit') ?? '';
  surveyLink = server.printed("A teacher's survey") ?? '';
  browser = await launchBrowser();
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

test('an evaluator sets up through the one-time link, signs in, and sees study, rates and links', async () => {
  const { name, email, password } = people.evaluator;
  evaluator = await visit(browser, server, 'desktop');
  const { page } = evaluator;
  await page.goto(setupLink);
  await page.getByRole('heading', { name: 'Set up Fidelis' }).waitFor();
  await expectAccessible(page);
  await page.getByLabel('Your name').fill(name);
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByLabel('The same password again').fill(password);
  await page.getByRole('button', { name: 'Create the account' }).click();
  await page.getByRole('heading', { name: 'Studies' }).waitFor();
  await page.getByRole('button', { name: 'Account:' }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await signIn(page, people.evaluator);
  await expectAccessible(page);
  await picture(page, 'flow-studies');

  await page.getByRole('link', { name: 'Schools Partnership Programme' }).click();
  await page.getByRole('heading', { name: 'Administrations' }).waitFor();
  await expectAccessible(page);
  await picture(page, 'flow-study');
  await page.getByRole('link', { name: 'Collective efficacy, end' }).click();
  await page.getByRole('heading', { name: 'Response rates by cluster' }).waitFor();
  await expectAccessible(page);
  await picture(page, 'flow-rates');
  const rates = await getJson<Rates>(page, `${api}/rates`);
  respondedBefore = rates.total.responded ?? 0;
  expect(respondedBefore).toBeGreaterThan(100);
  await page.getByText(shareOf(rates.total)).waitFor();

  await page.getByRole('link', { name: 'Links', exact: true }).click();
  await page.getByRole('heading', { name: 'Links' }).waitFor();
  await expect.poll(() => page.getByRole('row').count()).toBeGreaterThan(10);
  await expectAccessible(page);
  await picture(page, 'flow-links');
  teacher = await rowWith(page, ({ url }) => url === surveyLink);
  expect(teacher.role).toBe('teacher');

  await page.getByRole('link', { name: 'Accounts' }).first().click();
  await page.getByRole('heading', { name: 'Invite somebody' }).waitFor();
  await expectAccessible(page);
  await page.getByLabel('Name', { exact: true }).fill(people.analyst.name);
  await page.getByLabel('E-mail address').fill(people.analyst.email);
  await page.getByRole('radio', { name: 'Analyst' }).check();
  await page.getByRole('button', { name: 'Invite', exact: true }).click();
  await page.getByText(people.analyst.email).waitFor();
  const invitation = await page.evaluate(async () => {
    const { accounts } = (await (await fetch('/api/accounts')).json()) as {
      accounts: { invitation: { url: string } }[];
    };
    return accounts.find((account) => account.invitation)?.invitation.url ?? '';
  });
  const colleague = await visit(browser, server, 'phone');
  await colleague.page.goto(invitation);
  await colleague.page.getByRole('heading', { name: 'Your invitation' }).waitFor();
  await expectAccessible(colleague.page);
  await colleague.page.getByLabel('Password', { exact: true }).fill(people.analyst.password);
  await colleague.page.getByLabel('The same password again').fill(people.analyst.password);
  await colleague.page.getByRole('button', { name: 'Accept the invitation' }).click();
  await colleague.page.getByRole('heading', { name: 'Studies', level: 1 }).waitFor();
  await colleague.end();

  evaluator.expectConsole(/410/);
  await page.goto(setupLink);
  await page.getByText('This installation has been set up already').waitFor();
  await expectAccessible(page);
});

test('a teacher answers on a phone, loses the network, closes the browser, comes back, and sends once', async () => {
  const profile = await mkdtemp(join(tmpdir(), 'fidelis-profile-'));
  try {
    let seen = await visitWithProfile(profile, server, 'phone');
    let { page } = seen;
    await page.goto(surveyLink);
    await page.getByRole('heading', { name: 'Who is asking, and why' }).waitFor();
    await expectAccessible(page);
    await picture(page, 'flow-information');
    await page.getByLabel('I have read').check();
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByText('Page 1 of 3').waitFor();
    await expectAccessible(page);
    await page.locator('label').filter({ hasText: 'Teacher' }).first().click();
    // The box around the control is what a finger meets.
    await page.locator('.sd-dropdown').click();
    await page.getByRole('option', { name: '6 to 10 years' }).click();
    await page.getByLabel('How many years have you worked as a teacher').fill('12');
    await next(page);
    await page.getByText('Page 2 of 3').waitFor();
    await page.getByText('Saved', { exact: true }).waitFor();
    await answer(page, statements.slice(0, 3));
    await page.getByText('Saved', { exact: true }).waitFor();
    await expectAccessible(page);
    await picture(page, 'flow-statements');

    seen.expectConsole(/ERR_INTERNET_DISCONNECTED/);
    await seen.context.setOffline(true);
    await answer(page, statements.slice(3, 6));
    await page.getByText('No connection at the moment. Carry on').waitFor();
    await expectAccessible(page);
    await next(page);
    await answer(page, statements.slice(6, 9));
    await seen.end();

    seen = await visitWithProfile(profile, server, 'phone');
    ({ page } = seen);
    await page.goto(surveyLink);
    await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Carry on' }).click();
    await page.getByText('Page 3 of 3').waitFor();
    await expect.poll(() => box(page, 'Problems in the neighbourhood', 2).isChecked()).toBe(true);
    await answer(page, statements.slice(9));
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Send my answers' }).click();
    await page.getByRole('heading', { name: 'Thank you' }).waitFor();
    await expectAccessible(page);
    await picture(page, 'flow-thanks');

    seen.expectConsole(/409/);
    await page.goto(surveyLink);
    await page.getByRole('heading', { name: 'Answers have already been sent' }).waitFor();
    await expectAccessible(page);
    await seen.end();
  } finally {
    await rm(profile, { recursive: true, force: true });
  }
});

test('the evaluator sees one more answer', async () => {
  const { page } = evaluator;
  await page.goto(path);
  const rates = await getJson<Rates>(page, `${api}/rates`);
  expect(rates.total.responded).toBe(respondedBefore + 1);
  await page.getByText(shareOf(rates.total)).waitFor();
  // A link that was used is shown no more.
  const row = await rowWith(page, ({ id }) => id === teacher.id);
  expect(row).toEqual({ ...teacher, state: 'responded', url: null });
});

test('an analyst downloads workbook and CSV, and every cell of the teacher is what the teacher said', async () => {
  const { person, school, cluster } = teacher;
  const seen = await visit(browser, server, 'desktop');
  const { page } = seen;
  await page.goto(`${path}/data`);
  await signIn(page, people.analyst);
  await page.getByRole('heading', { name: 'Codebook', exact: true }).waitFor();
  await page.getByRole('link', { name: 'Download .xlsx' }).waitFor();
  await page.getByRole('rowheader', { name: 'cte01' }).waitFor();
  await expectAccessible(page);
  await picture(page, 'flow-data');
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.readFile(await downloaded(page, 'Download .xlsx', /\.xlsx$/));
  const csv = await readFile(await downloaded(page, 'Download .csv', /\.csv$/), 'utf8');
  const lines = Papa.parse<string[]>(csv.trimEnd()).data;
  const codes = cellsOf(workbook, 'data');
  const [header = []] = codes;

  // The workbook against the CSV: every cell of every response.
  expect(lines.length).toBe(codes.length);
  expect(codes.map((row) => row.map((cell) => String(cell ?? '')))).toEqual(lines);

  // Against the API: how many, which columns, of which instrument.
  const dataset = await getJson<DatasetSummary>(page, `${api}/dataset`);
  expect(codes.length - 1).toBe(dataset.rows);
  const { administration, instrument } = await getJson<AdministrationDetail>(page, api);
  const codebook = await getJson<Codebook>(
    page,
    `/api/instruments/${instrument.id}/versions/${instrument.version}/codebook`,
  );
  const variables = codebook.variables.map(({ name }) => name);
  expect(header.slice(13, 13 + variables.length)).toEqual(variables);
  const about = new Map(cellsOf(workbook, 'about').map(([what, value]) => [what, value]));
  expect(about.get('administration')).toBe(administration.id);
  expect(about.get('instrument_sha256')).toBe(instrument.hash);
  expect(about.get('responses')).toBe(dataset.rows);
  expect(about.get('simulated')).toBe('true');
  expect(
    cellsOf(workbook, 'codebook')
      .slice(1)
      .map(([name]) => name),
  ).toEqual(header);

  // The teacher's line, cell by cell.
  const personAt = header.indexOf('person');
  const own = codes.filter((row) => row[personAt] === person);
  expect(own).toHaveLength(1);
  const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London' }).format(new Date());
  const expected: Record<string, unknown> = {
    response: expect.stringMatching(/^[0-9a-f]+$/),
    study: 'demo',
    administration: administration.id,
    wave: 'end',
    arm: expect.stringMatching(/^(intervention|comparison)$/),
    cluster,
    school,
    response_role: 'teacher',
    person,
    completion: 'complete',
    received_on: today,
    instrument: instrument.id,
    version: instrument.version,
    ...teacherCells,
  };
  expect(named(header, own[0])).toEqual(expected);

  // The same line in words, by the labels of the codebook.
  const labelled = cellsOf(workbook, 'labelled');
  const words = named(labelled[0] ?? [], labelled[codes.indexOf(own[0] ?? [])]);
  for (const { name, values } of codebook.variables) {
    const code = expected[name];
    const label = values.find((value) => value.code === code)?.label;
    const reason = Object.entries(missingCodes).find(([, missing]) => missing === code)?.[0];
    expect([name, words[name]]).toEqual([name, reason ? `[${reason}]` : (label ?? code)]);
  }
  await seen.end();
});

test('the analyst opens the report and takes a chart and its table away', async () => {
  const seen = await visit(browser, server, 'desktop');
  const { page } = seen;
  await page.goto(`${path}/report`);
  await signIn(page, people.analyst);
  await page.getByRole('navigation', { name: 'Sections of the report' }).waitFor();
  await expect.poll(() => page.locator('canvas').count()).toBeGreaterThan(3);
  await expectAccessible(page);
  await picture(page, 'flow-report');

  const png = await readFile(await downloaded(page, 'Save as PNG', /\.png$/));
  expect([...png.subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  expect(png.readUInt32BE(16)).toBeGreaterThan(600);

  await page
    .getByRole('button', { name: /^Show table/ })
    .first()
    .click();
  const csv = await readFile(await downloaded(page, 'Save as CSV', /\.csv$/), 'utf8');
  expect(csv.charCodeAt(0)).toBe(0xfeff);
  const { data, errors } = Papa.parse<string[]>(csv.slice(1).trimEnd());
  expect(errors).toEqual([]);
  const report = await getJson<Report>(page, `${api}/report`);
  const tables = report.sections.flatMap((section) => section.tables);
  expect(
    tables.some(({ rows, columns }) => rows.length === data.length - 1 && columns.length === data[0]?.length),
  ).toBe(true);
  await seen.end();
  await evaluator.end();
});

async function signIn(page: Page, { email, password }: { email: string; password: string }): Promise<void> {
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await expectAccessible(page);
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Account:' }).waitFor();
}

const next = (page: Page) => page.getByRole('button', { name: 'Next' }).click();

function box(page: Page, start: string, code: number) {
  return page.getByRole('radio', { name: new RegExp(`^row ${start}.*, column ${levels[code - 1]}$`) });
}

async function answer(page: Page, given: typeof statements): Promise<void> {
  for (const [start, code] of given) if (code !== null) await box(page, start, code).check({ force: true });
}

async function getJson<T>(page: Page, url: string): Promise<T> {
  const response = await page.request.get(url);
  expect(response.status(), url).toBe(200);
  return (await response.json()) as T;
}

/** The row of the link list that fits. */
async function rowWith(page: Page, fits: (row: InvitationRow) => boolean): Promise<InvitationRow> {
  for (let at = 1; ; at += 1) {
    const found = await getJson<InvitationPage>(page, `${api}/invitations?role=teacher&page=${at}`);
    const row = found.invitations.find(fits);
    if (row) return row;
    if (at >= found.pages) throw new Error("the teacher's link is not in the list");
  }
}

/** As the tile of all says it. */
function shareOf({ responded, eligible }: RateRow): string {
  const figure = new Intl.NumberFormat('en-GB');
  return `${figure.format(responded ?? Number.NaN)} of ${figure.format(eligible ?? Number.NaN)} finished; `;
}

async function downloaded(page: Page, button: string, name: RegExp): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.locator('a, button').filter({ hasText: button }).first().click(),
  ]);
  expect(download.suggestedFilename()).toMatch(name);
  return download.path();
}

/** A sheet as rows of plain cells, as a person sees them: an empty one is null. */
function cellsOf(workbook: ExcelJS.Workbook, name: string): ExcelJS.CellValue[][] {
  const sheet = workbook.getWorksheet(name);
  if (!sheet) throw new Error(`no sheet ${name}`);
  const rows: ExcelJS.CellValue[][] = [];
  sheet.eachRow({ includeEmpty: true }, (row) => {
    rows.push(Array.from({ length: sheet.columnCount }, (_, at) => row.getCell(at + 1).value));
  });
  return rows;
}

function named(header: readonly ExcelJS.CellValue[], row: readonly ExcelJS.CellValue[] = []): Record<string, unknown> {
  return Object.fromEntries(header.map((name, at) => [String(name), row[at]]));
}
