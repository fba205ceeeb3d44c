/** The workbench on the real application with the demonstration study in it; used by the workbench's browser tests. */

import { readFile } from 'node:fs/promises';
import Papa from 'papaparse';
import type { Browser, BrowserContextOptions, Download, Page } from 'playwright-core';
import { createApp } from '../../server/app.ts';
import type { Context } from '../../server/context.ts';
import { loadDemo } from '../../server/demo/load.ts';
import { ensureLibrary } from '../../server/instruments/library.ts';
import type { AccountRole } from '../../server/permissions.ts';
import { testDatabase } from '../database.ts';
import { accountOf, contextOn, goodPassword } from '../server/people.ts';
import { launchBrowser, listen, type Screen, type Site, type Visit, visit } from './browser.ts';

export interface Workbench {
  readonly context: Context;
  readonly site: Site;
  readonly browser: Browser;
  /** A new visit of somebody with a role, who has signed in and stands before the list of studies. */
  signedIn(role: AccountRole, screen: Screen, options?: BrowserContextOptions): Promise<Visit>;
  close(): Promise<void>;
}

/** Call it in `beforeAll`. */
export async function openWorkbench({
  demo,
  environment = {},
}: {
  demo: boolean;
  environment?: Record<string, string>;
}): Promise<Workbench> {
  const { context } = contextOn(await testDatabase(), environment);
  await ensureLibrary(context);
  if (demo) await loadDemo(context);
  const site = await listen(createApp(context));
  const browser = await launchBrowser();
  const accounts = new Map<AccountRole, Promise<unknown>>();
  return {
    context,
    site,
    browser,
    async signedIn(role, screen, options) {
      const account = accounts.get(role) ?? accountOf(context, role);
      accounts.set(role, account);
      await account;
      const seen = await visit(browser, site, screen, options);
      await seen.page.goto('/sign-in');
      await signIn(seen.page, `${role}@example.org`);
      await heading(seen.page, 'Studies');
      return seen;
    },
    async close() {
      await browser.close();
      await site.close();
    },
  };
}

export async function signIn(page: Page, email: string, password = goodPassword): Promise<void> {
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Waits for the page or part with this heading. */
export async function heading(page: Page, name: string | RegExp): Promise<void> {
  await page
    .getByRole('heading', { name, level: typeof name === 'string' ? undefined : 1 })
    .first()
    .waitFor();
}

/** The file that a click hands over. */
export async function downloadBy(page: Page, click: () => Promise<void>): Promise<Download> {
  const [download] = await Promise.all([page.waitForEvent('download'), click()]);
  return download;
}

/** A downloaded CSV file as rows of texts. */
export async function csvRows(download: Download): Promise<string[][]> {
  const text = await readFile(await download.path(), 'utf8');
  return Papa.parse<string[]>(text, { skipEmptyLines: 'greedy' }).data;
}

/** The text of what has the focus. */
export function focused(page: Page): Promise<string> {
  return page.evaluate(() => document.activeElement?.textContent ?? '');
}
