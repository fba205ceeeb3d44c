/** How an evaluator of the fieldwork test comes to have an account, a study, an information sheet and a plan, on screen. */
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { type Visit, visit } from '../browser/browser.ts';
import { heading } from '../browser/workbench.ts';
import type { MailServerForTests } from '../mail-server.ts';
import type { ServerProcess } from '../server-process.ts';
import { lastMail, look } from './fieldwork-steps.ts';

export const evaluatorOf = { name: 'The evaluator', email: 'evaluator@example.org', password: 'a brass teapot sings' };

/** An administrator sets the installation up and invites the evaluator, who comes by the link of the mail. */
export async function evaluatorByMail(
  browser: Browser,
  server: ServerProcess,
  mail: MailServerForTests,
): Promise<Visit> {
  const administrator = await visit(browser, server, 'desktop');
  const { page } = administrator;
  await page.goto(server.printed('first visit') ?? '');
  await page.getByLabel('Your name').fill('The administrator');
  await page.getByLabel('E-mail address').fill('administrator@example.org');
  await choosePassword(page, 'nine quiet lanterns');
  await page.getByRole('button', { name: 'Create the account' }).click();
  await page.getByRole('link', { name: 'Accounts' }).first().click();
  await page.getByLabel('Name', { exact: true }).fill(evaluatorOf.name);
  await page.getByLabel('E-mail address').fill(evaluatorOf.email);
  await page.getByRole('radio', { name: 'Evaluator' }).check();
  await page.getByRole('button', { name: 'Invite', exact: true }).click();
  await page.getByText(evaluatorOf.email).waitFor();
  await administrator.end();

  const { subject, link } = await lastMail(mail, evaluatorOf.email);
  expect(subject).toBe('Your account for Fidelis');
  const evaluator = await visit(browser, server, 'desktop');
  await evaluator.page.goto(link);
  await choosePassword(evaluator.page, evaluatorOf.password);
  await evaluator.page.getByRole('button', { name: 'Accept the invitation' }).click();
  await heading(evaluator.page, 'Studies');
  return evaluator;
}

async function choosePassword(page: Page, password: string): Promise<void> {
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByLabel('The same password again').fill(password);
}

interface Span {
  /** ISO days. */
  readonly opens: string;
  readonly closes: string;
}

/** A study with two arms and two waves. The id that the page makes of the title. */
export async function makeStudy(page: Page, waves: { readonly baseline: Span; readonly end: Span }): Promise<string> {
  await page.getByRole('link', { name: 'New study' }).click();
  await heading(page, 'New study');
  await page.getByLabel('Title', { exact: true }).fill('Schools Partnership Programme');
  await page.getByLabel('Description').fill('Peer review between schools, in clusters of three to seven.');
  await page.getByLabel('Arm 1', { exact: true }).fill('Programme schools');
  await page.getByLabel('First day of wave 1').fill(waves.baseline.opens);
  await page.getByLabel('Last day of wave 1').fill(waves.baseline.closes);
  await page.getByRole('button', { name: 'Add a further wave' }).click();
  await page.getByLabel('Wave 2', { exact: true }).fill('End');
  await page.getByLabel('First day of wave 2').fill(waves.end.opens);
  await page.getByLabel('Last day of wave 2').fill(waves.end.closes);
  const id = await page.getByLabel('Id', { exact: true }).inputValue();
  await look(page, 'fieldwork-new-study');
  await page.getByRole('button', { name: 'Make the study' }).click();
  await heading(page, 'Schools Partnership Programme');
  return id;
}

/** From the study's page. */
export async function writeSheet(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Information sheets' }).click();
  await page.getByRole('button', { name: 'New information sheet' }).click();
  await page.getByLabel('Short name').fill('staff');
  await page.getByLabel('Title').fill('For staff of programme schools');
  await page.getByLabel('Who is asking').fill('The evaluation team of the Schools Partnership Programme.');
  const why = 'We want to know what staff can achieve together.\n\nTaking part is up to you.';
  await page.getByLabel('Why, what happens').fill(why);
  await page.getByLabel('What people agree to').fill('I have read this information and agree to take part.');
  await page.getByLabel('Whom to write to').fill('team@example.org');
  await page.getByRole('button', { name: 'Save the draft' }).click();
  await page.getByRole('heading', { name: 'For staff of programme schools' }).waitFor();
}

/** From the study's page. `people`: how many the page must say that it asks, as it writes them. */
export async function planEfficacy(page: Page, { opens, closes }: Span, people: string): Promise<void> {
  await page.getByRole('link', { name: 'New administration' }).click();
  await page.getByLabel('Short name').fill('efficacy-baseline');
  await page.getByLabel('Title').fill('Collective efficacy, baseline');
  await page.getByLabel('Instrument version').selectOption('collective-efficacy@1');
  await page.getByLabel('First day').fill(opens);
  await page.getByLabel('Last day').fill(closes);
  await page.getByLabel('Comparison schools').uncheck();
  await page.getByLabel('Headteacher').check();
  await page.getByLabel('Improvement Champion').check();
  await page.getByText(`This audience is ${people} people`).waitFor();
  await page.getByLabel('British English').check();
  await page.getByLabel('Information sheet and consent').selectOption('staff@1');
  await look(page, 'fieldwork-plan');
  await page.getByRole('button', { name: 'Plan the administration' }).click();
  await heading(page, 'Collective efficacy, baseline');
}
