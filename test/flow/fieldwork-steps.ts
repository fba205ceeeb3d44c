/** Steps that the fieldwork test takes more than once: looking at a page, checking a roster, sending and reading mail. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { expectAccessible, picture, screens } from '../browser/browser.ts';
import { csvRows, downloadBy } from '../browser/workbench.ts';
import type { MailServerForTests, TakenMail } from '../mail-server.ts';

/** Looks at the page as narrow as a phone, where most can go wrong, and takes a picture of that and of the desktop. */
export async function look(page: Page, name: string): Promise<void> {
  await page.setViewportSize(screens.phone.viewport);
  await expectAccessible(page);
  await picture(page, `${name}-phone`);
  await page.setViewportSize(screens.desktop.viewport);
  await picture(page, `${name}-desktop`);
}

/** Gives a roster file to the import page, which says what it would do. */
export async function checkRoster(page: Page, path: string): Promise<void> {
  await page.getByLabel('Roster file').setInputFiles(path);
  await page.getByRole('button', { name: 'Check the file' }).click();
}

/** The mails to an address so far. */
export const mailsTo = (mail: MailServerForTests, address: string): TakenMail[] =>
  mail.taken.filter(({ to }) => to === address);

/** Subject, and the link of the last mail to an address, which may still be on its way. */
export async function lastMail(mail: MailServerForTests, address: string): Promise<{ subject: string; link: string }> {
  await expect.poll(() => mailsTo(mail, address).length, { timeout: 30_000 }).toBeGreaterThan(0);
  const [last] = mailsTo(mail, address).slice(-1);
  const { subject = '', text = '' } = last ? await mail.parse(last) : {};
  return { subject, link: /https?:\/\/\S+/.exec(text)?.[0] ?? '' };
}

/** Sends to everybody whom it reaches, and says yes when asked once more. */
export async function send(page: Page, kind: 'invitation' | 'reminder'): Promise<void> {
  await page.getByRole('button', { name: `Send ${kind}s…` }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: `Send the ${kind}s` })
    .click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

/** Waits until as many mails of the study have come, and says that they are these and no others. */
export async function arrived(mail: MailServerForTests, addresses: readonly string[]): Promise<void> {
  const toPeople = () => mail.taken.filter(({ to }) => !to.endsWith('@example.org')).map(({ to }) => to);
  await expect.poll(() => toPeople().length, { timeout: 150_000 }).toBe(addresses.length);
  expect(toPeople().sort()).toEqual(addresses.toSorted());
}

/** Pseudonyms of the data file that the page hands over. */
export async function peopleInData(page: Page): Promise<string[]> {
  const file = await downloadBy(page, () => page.getByRole('link', { name: 'Download .csv' }).click());
  const [head = [], ...rows] = await csvRows(file);
  return rows.map((cells) => cells[head.indexOf('person')] ?? '').sort();
}

/** As the workbench writes a day. */
export const longDay = (iso: string) =>
  new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(iso));
