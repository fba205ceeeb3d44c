/**
 * People of the fieldwork test, each on a phone of their own, who open the link of their mail and do with the survey of
 * collective efficacy what people do. Used by fieldwork.test.ts.
 */
import type { Browser, Page } from 'playwright-core';
import { expectAccessible, picture, type Site, type Visit, visit } from '../browser/browser.ts';

const levels = ['Strongly disagree', 'Disagree', 'Slightly disagree', 'Slightly agree', 'Agree', 'Strongly agree'];
/** The beginnings of the statements, page by page. */
const statements = [
  [
    'As a staff, we find ways',
    'Between us, we know enough',
    'When a pupil takes no interest',
    'When pupils have not understood',
    'As a staff, we are at a loss',
    'Most of our pupils start',
  ],
  [
    'Many of us would need',
    'Together we can bring about',
    'Problems in the neighbourhood',
    'Shortages of equipment',
    'Families and the local area',
    'Worries about their safety',
  ],
] as const;

export interface Way {
  /** What is chosen as the main role. */
  readonly role: string;
  /** A code for each of the twelve statements; null: left out. */
  readonly codes: readonly (number | null)[];
  /** The page is loaded again in the middle, as after a call. */
  readonly comesBack?: boolean;
}

/** Opens the page of a link on a phone, before anything is agreed to. */
export async function openLink(browser: Browser, site: Site, link: string): Promise<Visit> {
  const seen = await visit(browser, site, 'phone');
  await seen.page.goto(link);
  await seen.page.getByRole('heading', { name: 'Who is asking, and why' }).waitFor();
  return seen;
}

/** From consent to the thanks. */
export async function answer(page: Page, way: Way): Promise<void> {
  await begin(page, way);
  await rate(page, 0, way.codes.slice(0, 6));
  if (way.comesBack) {
    await page.getByText('Saved', { exact: true }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
    await page.getByRole('button', { name: 'Carry on' }).click();
    await page.getByText('Page 2 of 3').waitFor();
  }
  await next(page);
  await page.getByText('Page 3 of 3').waitFor();
  await rate(page, 1, way.codes.slice(6));
  await page.getByRole('button', { name: 'Send my answers' }).click();
  await page.getByRole('heading', { name: 'Thank you' }).waitFor();
}

/** Consent, the first page and some statements of the second; then the phone goes back into the pocket. */
export async function answerInPart(page: Page, way: Way): Promise<void> {
  await begin(page, way);
  await rate(page, 0, way.codes.slice(0, 6));
  await page.getByText('Saved', { exact: true }).waitFor();
}

export async function decline(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'I do not want to take part' }).click();
  await page.getByRole('heading', { name: 'You do not take part' }).waitFor();
}

/** Takes the answers back on the page that the thanks lead to. The confirmation code. */
export async function withdraw(page: Page): Promise<string> {
  await page.getByRole('heading', { name: 'Withdraw my answers' }).waitFor();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'Yes, withdraw my answers' }).click();
  await page.getByRole('heading', { name: 'Your answers are withdrawn' }).waitFor();
  await expectAccessible(page);
  await picture(page, 'fieldwork-withdrawn-phone');
  return (await page.locator('#confirmation').textContent()) ?? '';
}

async function begin(page: Page, { role }: Way): Promise<void> {
  await page.getByLabel('I have read this information').check();
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByText('Page 1 of 3').waitFor();
  await page.locator('label').filter({ hasText: role }).first().click();
  await next(page);
  await page.getByText('Page 2 of 3').waitFor();
}

const next = (page: Page) => page.getByRole('button', { name: 'Next' }).click();

async function rate(page: Page, part: 0 | 1, codes: readonly (number | null)[]): Promise<void> {
  for (const [at, code] of codes.entries()) {
    if (code === null) continue;
    const name = new RegExp(`^row ${statements[part][at]}.*, column ${levels[code - 1]}$`);
    await page.getByRole('radio', { name }).check({ force: true });
  }
}
