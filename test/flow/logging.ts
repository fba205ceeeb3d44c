/**
 * Coordinators and observers of the test of fidelity, who fill in the library's implementation log and observation of a peer
 * review on a phone, event by event. Used by fidelity-show.test.ts.
 */
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

export interface LoggedEvent {
  readonly kind: 'Self-review at a school' | 'Peer review of a school' | 'Improvement workshop' | 'Training day';
  /** Id of the school; training days are the cluster's. */
  readonly school?: string;
  /** ISO dates. */
  readonly date: string;
  readonly days?: number;
  readonly schools?: number;
  readonly trainingDay?: 1 | 2 | 3 | 4;
  readonly ledBy?: string;
  /** What was different; not there: nothing was. */
  readonly changed?: string;
}

export interface Log {
  readonly from: string;
  readonly to: string;
  readonly schools: number;
  readonly events: readonly LoggedEvent[];
  /** Improvement Champions by id of the school. */
  readonly champions?: Readonly<Record<string, number>>;
  /** How far along the cluster is, 1 to 5. */
  readonly onTrack: 1 | 2 | 3 | 4 | 5;
}

/** From consent to the thanks. */
export async function fillLog(page: Page, log: Log): Promise<void> {
  await begin(page);
  await page.getByLabel('First day of the period').fill(log.from);
  await page.getByLabel('Last day of the period').fill(log.to);
  await page.getByLabel('How many schools are in the cluster now?').fill(String(log.schools));
  await next(page, 'Page 2 of 4');
  for (const [at, event] of log.events.entries()) await addEvent(page, at, event);
  await next(page, 'Page 3 of 4');
  for (const [at, [school, champions]] of Object.entries(log.champions ?? {}).entries()) {
    await page.getByRole('button', { name: 'Add a school' }).click();
    await page
      .getByRole('textbox', { name: /School \(code or name\)/ })
      .nth(at)
      .fill(school);
    await page
      .getByRole('spinbutton', { name: /Improvement Champions trained/ })
      .nth(at)
      .fill(String(champions));
  }
  await next(page, 'Page 4 of 4');
  await page.getByRole('radio', { name: new RegExp(`^${log.onTrack}`) }).check({ force: true });
  await send(page);
}

async function addEvent(page: Page, at: number, event: LoggedEvent): Promise<void> {
  await page.getByRole('button', { name: 'Add an event' }).click();
  const panel = page.locator('.sd-paneldynamic__panel-wrapper').nth(at);
  await choose(panel, 'What was it?', event.kind);
  if (event.school !== undefined) await panel.getByLabel('At which school was it, or to be?').fill(event.school);
  await check(panel, 'Did it take place?', 'Yes, on the date planned');
  await panel.getByLabel('On which day did it begin?').fill(event.date);
  if (event.days !== undefined) await panel.getByLabel('How many days did it take?').fill(String(event.days));
  if (event.schools !== undefined) {
    await panel.getByLabel('How many schools of the cluster took part?').fill(String(event.schools));
  }
  if (event.trainingDay) await choose(panel, 'Which training day was it?', `Day ${event.trainingDay}`);
  if (event.ledBy) await check(panel, 'Who led the workshop?', event.ledBy);
  await check(panel, 'Was anything done differently', event.changed ? 'Yes' : 'No');
  if (event.changed) await check(panel, 'What was different?', event.changed);
}

const questionIn = (panel: Locator, title: string) => panel.locator('.sd-question', { hasText: title }).last();

export async function choose(panel: Locator, question: string, answer: string): Promise<void> {
  const option = panel.page().locator('.sv-list__item:visible').filter({ hasText: answer }).first();
  // A list that closes as it opens is opened again, as a person would.
  await expect
    .poll(
      async () => {
        if (!(await option.isVisible())) await questionIn(panel, question).locator('.sd-dropdown').click();
        return option.click({ timeout: 3000 }).then(
          () => true,
          () => false,
        );
      },
      { timeout: 60_000 },
    )
    .toBe(true);
}

async function check(panel: Locator, question: string, answer: string): Promise<void> {
  await questionIn(panel, question).getByText(answer, { exact: true }).click();
}

export async function begin(page: Page): Promise<void> {
  await page.getByLabel(/^I have read/).check();
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByText(/^Page 1 of/).waitFor();
}

export async function next(page: Page, step: string | RegExp): Promise<void> {
  await page.getByRole('button', { name: 'Next', exact: true }).click();
  await page.getByText(step).waitFor();
}

export async function send(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Send my answers' }).click();
  await page.getByRole('heading', { name: 'Thank you' }).waitFor();
}
