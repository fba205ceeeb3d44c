/**
 * Every page of the workbench in every state: loaded for each kind of account, on its way, failed, empty. Each has its
 * heading, fits a phone and a desktop, and gives axe nothing to find. The router's own list says which pages there are.
 */
import type { Page } from 'playwright-core';
import { matchRoutes, type RouteObject } from 'react-router';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { routes } from '../../client/workbench/routes.tsx';
import { definitionSchema } from '../../server/datasets/definitions/definition.ts';
import { insertDefinition } from '../../server/datasets/definitions/store.ts';
import type { Draft } from '../../server/instruments/drafts/draft.ts';
import { insertDraft } from '../../server/instruments/drafts/store.ts';
import { findInstrumentVersion } from '../../server/instruments/store.ts';
import type { AccountRole } from '../../server/permissions.ts';
import { createRelease } from '../../server/releases/create.ts';
import { loadEvaluationReport } from '../../server/reports/study-report.ts';
import { createStudy } from '../../server/studies/create.ts';
import { expectAccessible, picture, type Screen, screens, visit } from './browser.ts';
import { draftId, efficacy, pages, pagesOf, personPath } from './pages.ts';
import { openWorkbench, type Workbench } from './workbench.ts';

/** An answer as the server gives it when something broke in itself. */
const failed = { code: 'internal', title: 'Something went wrong on the server.', instance: 'request-1' };
const failure = { status: 500, contentType: 'application/problem+json', body: JSON.stringify(failed) };
const notFound = /Failed to load resource: the server responded with a status of 404/;

const inside = Object.values(pages).filter(({ stranger }) => !stranger);

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench({ demo: true });
  const { context } = bench;
  const definition = definitionSchema.parse({
    ...{ name: 'trust', title: 'Trust over the waves', purpose: 'The report' },
    administrations: ['trust-baseline', 'trust-end'],
  });
  await insertDefinition(context.db, { study: 'demo', name: 'trust', definition, by: 'somebody', at: context.clock() });
  await insertDraft(context.db, await draftOfTrust(context));
  // Kept from here on: pages that wait for it are looked at when it is there.
  await loadEvaluationReport(context, 'demo', false);
  await createRelease(context, 'demo', { definition, purpose: 'Deposit in an archive', by: 'somebody' });
}, 600_000);
afterAll(() => bench.close());

async function draftOfTrust({ db, clock }: Workbench['context']): Promise<Draft> {
  const found = await findInstrumentVersion(db, 'trust', 1);
  const at = clock();
  return {
    ...{ id: draftId, instrument: 'trust', title: 'Trust', json: JSON.stringify(found?.instrument), revision: 1 },
    ...{
      state: 'open',
      origin: { from: 'version', instrument: 'trust', version: 1 },
      version: null,
      publication: null,
    },
    ...{ createdAt: at, savedAt: at, savedBy: 'somebody', writers: {}, signOffs: {} },
  };
}

/** Patterns of all pages below these routes, like `studies/:study`. */
function patternsOf(children: readonly RouteObject[], above: readonly string[] = []): string[] {
  return children.flatMap(({ path, children: below }) => {
    const here = path === undefined ? above : [...above, path];
    return below ? patternsOf(below, here) : [here.join('/')];
  });
}

function patternOf(path: string): string {
  const matches = matchRoutes(routes, path.replace(/\?.*/, '')) ?? [];
  return matches.flatMap(({ route }) => (route.path === undefined ? [] : [route.path])).join('/');
}

async function settled(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForLoadState('networkidle');
  await expect.poll(() => page.locator('.loading').count()).toBe(0);
}

test('the pages looked at here are all pages of the router', () => {
  const seen = new Set(Object.values(pages).map(({ path }) => patternOf(path)));
  // A form is there once it is begun: paper-entry.test.ts looks at its page on both screens.
  seen.add('studies/:study/administrations/:administration/paper/:form');
  expect([...seen].toSorted()).toEqual(patternsOf(routes).toSorted());
});

// Some forty pages in one test: it takes as long as it takes on a machine with other work.
describe.each(Object.keys(screens) as Screen[])('on a %s', { timeout: 900_000 }, (screen) => {
  test.each(Object.entries(pagesOf))('every page suits an account of the role %s', async (role, names) => {
    const seen = await bench.signedIn(role as AccountRole, screen);
    const { page } = seen;
    for (const name of names) {
      const { path, title } = pages[name] ?? { path: '', title: / / };
      if (name === 'not-found') seen.expectConsole(notFound);
      await page.goto(path);
      await settled(page);
      expect(await page.title()).toMatch(title);
      await expectAccessible(page);
      await picture(page, `workbench-${name}-${role}-${screen}`);
    }
    // Nothing was asked for that the server refused: that would stand in the console.
    await seen.end();
  });

  test('so do the pages before signing in', async () => {
    const seen = await visit(bench.browser, bench.site, screen);
    seen.expectConsole(/Failed to load resource: the server responded with a status of 4/);
    for (const { path, title } of Object.values(pages).filter(({ stranger }) => stranger)) {
      await seen.page.goto(path);
      await settled(seen.page);
      expect(await seen.page.title()).toMatch(title);
      await expectAccessible(seen.page);
    }
    await seen.end();
  });

  test('a page that waits has a heading and can be read from the first moment', async () => {
    const seen = await bench.signedIn('administrator', screen);
    const { page } = seen;
    const waits: [path: string, held: string, heading: string, words: string][] = [
      ['/', '**/api/session', 'Fidelis', 'Loading the workbench…'],
      ['/', '**/api/studies', 'Studies', 'Loading the studies…'],
      ['/studies/demo', '**/api/studies/demo', 'Study', 'Loading the study…'],
      ['/studies/demo/rights', '**/retention', 'Rights and retention', 'Loading the dates…'],
      ['/studies/demo/code-matches', '**/code-matches?*', 'Code matches', 'Loading the matches…'],
      [personPath, '**/api/**/people/*/rights', 'Rights of a person', 'Loading what is held on the person…'],
      [efficacy, '**/api/studies/**', 'Administration', 'Loading the administration…'],
      [efficacy, '**/rates?*', 'Collective efficacy, end', 'Loading the response rates…'],
      [`${efficacy}/calls`, '**/calls?*', 'Collective efficacy, end', 'Loading the schools…'],
      [`${efficacy}/links`, '**/invitations?*', 'Collective efficacy, end', 'Loading the links…'],
      [`${efficacy}/messages`, '**/api/**/messages*', 'Collective efficacy, end', 'Loading the messages…'],
      [`${efficacy}/texts`, '**/message-templates', 'Collective efficacy, end', 'Loading the texts…'],
      [`${efficacy}/data`, '**/dataset', 'Collective efficacy, end', 'Loading the dataset…'],
      [`${efficacy}/report`, '**/api/**/report.ndjson', 'Collective efficacy, end', 'Loading the report…'],
      [`${efficacy}/report`, '**/assets/report-*.js', 'Collective efficacy, end', 'Loading the report…'],
      ['/instruments', '**/api/instruments', 'Instruments', 'Loading the instruments…'],
      ['/instruments/trust/versions/1', '**/api/instruments/**', 'Instrument', 'Loading the instrument…'],
      ['/accounts', '**/api/accounts', 'Accounts', 'Loading the accounts…'],
      ['/studies/demo/members', '**/api/**/members', 'People with access', 'Loading the people with access…'],
      ['/audit', '**/api/audit?*', 'Audit', 'Loading the audit…'],
      ['/account', '**/api/session/tokens', 'Your account', 'Loading your tokens…'],
    ];
    for (const [path, held, heading, words] of waits) {
      let release = () => {};
      const late = new Promise<void>((resolve) => {
        release = resolve;
      });
      await page.route(held, async (route) => {
        await late;
        await route.continue().catch(() => undefined);
      });
      await page.goto(path, { waitUntil: 'commit' });
      await page.getByRole('heading', { name: heading, exact: true, level: 1 }).waitFor();
      // Both while the words are still held back and when they stand there.
      await expectAccessible(page);
      await page.getByText(words).waitFor();
      await expectAccessible(page);
      release();
      await settled(page);
      await page.unroute(held);
    }
    await seen.end();
  });

  test('a page whose data fail says so, and tries again', async () => {
    const seen = await bench.signedIn('administrator', screen);
    const { page } = seen;
    seen.expectConsole(/Failed to load resource: the server responded with a status of 500/);
    // Three pages ask the server for nothing but who is there.
    const fails = inside
      .filter(({ path }) => !/password|nowhere|studies\/new/.test(path))
      .map(({ path }) => [path, /\/api\/(?!session$)/] as const);
    for (const [path, held] of [['/', /\/api\/session/] as const, ...fails]) {
      await page.route(held, (route) => route.fulfill(failure));
      await page.goto(path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await expect
        .poll(() => page.getByText(failed.title).count(), { message: path, timeout: 30_000 })
        .toBeGreaterThan(0);
      await expectAccessible(page);
      if (path === efficacy) await picture(page, `workbench-failed-${screen}`);
      await page.unroute(held);
      // Each part of a page has its own request, and its own button.
      const again = page.getByRole('button', { name: 'Try again' }).first();
      await expect
        .poll(async () => {
          if (await again.isVisible()) await again.click();
          return page.getByText(failed.title).count();
        })
        .toBe(0);
    }
    await seen.end();
  });

  test('every dialog and menu suits the screen, also when its step is refused; afterwards one is where one was', async () => {
    await (await bench.signedIn('evaluator', screen)).end();
    const seen = await bench.signedIn('administrator', screen);
    const { page } = seen;
    seen.expectConsole(/Failed to load resource: the server responded with a status of 500/);
    const openers: [path: string, opener: string | RegExp][] = [
      [efficacy, 'Pause'],
      [efficacy, 'Close'],
      [`${efficacy}/links`, /^Withdraw the link of/],
      [`${efficacy}/links`, /^New link for/],
      [`${efficacy}/links`, /^Ineligible ?: /],
      [`${efficacy}/messages`, 'Send invitations…'],
      ['/studies/demo', 'Delete this study'],
      [personPath, 'Withdraw their answers'],
      [personPath, 'Erase who this is'],
      ['/accounts', /^Remove /],
    ];
    for (const [path, name] of openers) {
      await page.goto(path);
      const opener = page.getByRole('button', { name }).first();
      await opener.click();
      const dialog = page.getByRole('dialog');
      await dialog.waitFor();
      await expectAccessible(page);
      await page.route(/\/api\//, (route) =>
        route.request().method() === 'GET' ? route.continue() : route.fulfill(failure),
      );
      await dialog.getByRole('button').last().click();
      await dialog.getByText(failed.title).waitFor();
      await expectAccessible(page);
      await page.unroute(/\/api\//);
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      expect(await opener.evaluate((button) => button === document.activeElement)).toBe(true);
    }
    await page.getByRole('button', { name: /^Account:/ }).click();
    await page.getByText('Change password').waitFor();
    await expectAccessible(page);
    await seen.end();
  });

  test('what is empty says so, and texts from outside are only texts', async () => {
    const study = `empty-${screen}`;
    const evil = '<script>alert(1)</script> <img src=x onerror=alert(1)> "&';
    await createStudy(bench.context, studyFile(study, evil));
    const seen = await bench.signedIn('administrator', screen);
    const { page } = seen;
    const administration = `/studies/${study}/administrations/trust`;
    const expected: [path: string, text: string][] = [
      ['/', evil],
      [`/studies/${study}`, 'No rows yet.'],
      [administration, 'Nobody has been invited yet'],
      [`${administration}/links`, 'Nobody has been invited yet'],
      [`${administration}/links?role=teacher`, 'No link fits these filters'],
      [`${administration}/messages`, 'No message yet'],
      [`${administration}/texts`, 'As it arrives'],
      [`${administration}/data`, 'No response yet'],
      [`${administration}/report`, 'No response yet'],
    ];
    for (const [path, text] of expected) {
      await page.goto(path);
      await settled(page);
      await page.getByText(text).first().waitFor();
      await page.getByText(evil).first().waitFor();
      expect(await page.locator('main script, main img').count()).toBe(0);
      await expectAccessible(page);
      await picture(page, `workbench-empty${path.replaceAll(/\W/g, '-')}-${screen}`);
    }
    await page.goto('/studies/demo');
    await page.getByLabel('Search Clusters').fill('no such cluster');
    await page.getByText('Nothing fits the search.').waitFor();
    await expectAccessible(page);
    await seen.end();
  });
});

test('on 256 pixels, as on a desktop enlarged five times, nothing but tables scrolls sideways', {
  timeout: 900_000,
}, async () => {
  const seen = await bench.signedIn('administrator', 'phone', { viewport: { width: 256, height: 640 } });
  const widths: Record<string, number> = {};
  for (const { path } of inside.filter(({ path }) => !path.startsWith('/nowhere'))) {
    await seen.page.goto(path);
    await settled(seen.page);
    widths[path] = await seen.page.evaluate(() => Math.max(document.documentElement.scrollWidth, window.innerWidth));
  }
  expect(Object.entries(widths).filter(([, width]) => width !== 256)).toEqual([]);
  await seen.end();
});

/** A study without people, with the same words wherever a file may bring words in. */
function studyFile(id: string, words: string) {
  return {
    study: {
      id,
      title: words,
      description: words,
      simulated: false,
      timeZone: 'Europe/London',
      minimumCell: 5,
      arms: [{ id: 'programme', title: words, kind: 'intervention' }],
      waves: [{ id: 'only', title: words, opens: '2026-01-01', closes: '2030-12-31' }],
    },
    administrations: [
      {
        id: 'trust',
        title: words,
        instrument: 'trust',
        version: 1,
        wave: 'only',
        audience: { arms: ['programme'], roles: ['teacher'] },
        mode: 'anonymous',
        opens: '2026-01-01',
        closes: '2030-12-31',
        state: 'planned',
        information: { version: 1, asker: words, paragraphs: [words], consent: words, contact: words },
      },
    ],
  };
}
