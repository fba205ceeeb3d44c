/**
 * Chromium in front of the real application: launching, listening, looking. A visit fails its test on a console error or
 * warning, on anything that the content security policy stopped, and on a request to another host. Used by the browser
 * and flow tests.
 */
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Express } from 'express';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { packageRoot } from '../../server/package-root.ts';

const launchOptions = {
  executablePath: process.env.CHROMIUM_PATH || '/usr/bin/chromium',
  args: [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};

/** Screens that everything is looked at on. */
export const screens = {
  phone: { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true },
  desktop: { viewport: { width: 1280, height: 800 } },
} as const satisfies Record<string, BrowserContextOptions>;
export type Screen = keyof typeof screens;

/** British people in Britain. */
const habits = { locale: 'en-GB', timezoneId: 'Europe/London' };

export function launchBrowser(): Promise<Browser> {
  return chromium.launch(launchOptions);
}

export interface Site {
  /** Like `http://127.0.0.1:41234`, without a slash at the end. */
  readonly origin: string;
  close(): Promise<void>;
}

/** Lets an application listen on a free port of this machine. */
export async function listen(app: Express): Promise<Site> {
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export interface Visit {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Everything that went wrong so far, as sentences. */
  readonly problems: readonly string[];
  /** Console messages that belong to what the test does, like a lost connection. */
  expectConsole(message: RegExp): void;
  /** Fails when anything went wrong. */
  end(): Promise<void>;
}

/** A fresh browser profile with one page, watched. */
export async function visit(
  browser: Browser,
  site: Site,
  screen: Screen,
  options: BrowserContextOptions = {},
): Promise<Visit> {
  return watch(await browser.newContext({ baseURL: site.origin, ...habits, ...screens[screen], ...options }), site);
}

/** A browser whose profile lies in `folder`, so that it can be closed and opened again. */
export async function visitWithProfile(folder: string, site: Site, screen: Screen): Promise<Visit> {
  const options = { ...launchOptions, baseURL: site.origin, ...habits, ...screens[screen] };
  return watch(await chromium.launchPersistentContext(folder, options), site);
}

async function watch(context: BrowserContext, site: Site): Promise<Visit> {
  const problems: string[] = [];
  const expected: RegExp[] = [];
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      console.error(`the content security policy stopped ${violatedDirective} ${blockedURI}`);
    });
  });
  context.on('console', (message) => {
    if (!['error', 'warning'].includes(message.type())) return;
    const text = `${message.text()} (${message.location().url})`;
    if (!expected.some((pattern) => pattern.test(text))) problems.push(`console ${message.type()}: ${text}`);
  });
  context.on('weberror', (error) => problems.push(`uncaught: ${error.error().message}`));
  context.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(`${site.origin}/`) && !/^(data|blob):/.test(url))
      problems.push(`request to another host: ${url}`);
  });
  const page = context.pages()[0] ?? (await context.newPage());
  return {
    context,
    page,
    problems,
    expectConsole: (pattern) => void expected.push(pattern),
    async end() {
      await context.close();
      expect(problems).toEqual([]);
    },
  };
}

/** Fails on any finding of axe, and on a page that is wider than its window. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const findings = violations.flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help}: ${html}`));
  expect(findings).toEqual([]);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow, 'pixels that the page is too wide').toBeLessThanOrEqual(0);
}

/** Keeps a picture of the whole page in test/output/, for people to look at. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = join(packageRoot, 'test', 'output');
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}
