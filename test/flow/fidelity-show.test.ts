/**
 * Fidelity from end to end on the demonstration study: an evaluator builds the model on the page, coordinators log two cycles of
 * six clusters on phones (one late, one adapted, one contradicting its observer), and the heat map, the event
 * behind a score, the dose and the sources are read and held against values worked by hand (show-programme.ts).
 */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { shiftDay } from '../../server/demo/plan.ts';
import { listInvitations } from '../../server/invitations/lists.ts';
import { tokenFor } from '../../server/invitations/tokens.ts';
import { getStudy } from '../../server/studies/store.ts';
import { expectAccessible, picture, type Screen, screens, visit } from '../browser/browser.ts';
import { openWorkbench, type Workbench } from '../browser/workbench.ts';
import { begin, choose, fillLog, next, send } from './logging.ts';
import { buildModel } from './show-model.ts';
import { clusters, dose, heat, logsOf, observedOn } from './show-programme.ts';

let bench: Workbench;
/** The day on which the demonstration study was loaded. */
let today: string;
/** Paths of links by the place of whoever is asked. */
const links = new Map<string, string>();

beforeAll(async () => {
  bench = await openWorkbench({ demo: true });
  const { db } = bench.context;
  const { waves } = await getStudy(db, 'demo');
  today = shiftDay(waves.find(({ id }) => id === 'baseline')?.opens ?? '', 420);
  // The demonstration comes with a model and with logs of its own: here none of these six clusters has told anything yet.
  await db.collection('fidelitymodels').deleteMany({ study: 'demo' });
  const theirs = { study: 'demo', cluster: { $in: [...clusters] } };
  await db.collection('responses').deleteMany({ ...theirs, administration: /^(log|review)-/ });
  for (const administration of ['log-end', 'review-end']) {
    const page = { skip: 0, limit: 0 };
    const { invitations } = await listInvitations(db, 'demo', administration, {}, page);
    for (const { _id, serial, cluster, school } of invitations) {
      links.set(`${administration} ${school ?? cluster}`, `/s/${tokenFor(bench.context, _id, serial)}`);
    }
  }
}, 300_000);
afterAll(() => bench.close());

const patience = { timeout: 1_200_000 };

test('an evaluator builds the model of the programme from a blank one, publishes and locks it', patience, async () => {
  const seen = await bench.signedIn('evaluator', 'desktop');
  const { page } = seen;
  page.setDefaultTimeout(60_000);
  await page.goto('/studies/demo/fidelity/model');
  await page.getByText('No fidelity model yet').waitFor();
  await buildModel(page);
  await expectAccessible(page);
  await picture(page, 'fidelity-show-model-desktop');
  await seen.end();
});

test('coordinators log two cycles of six clusters on their phones, through one link each', patience, async () => {
  for (const cluster of clusters) {
    const seen = await visit(bench.browser, bench.site, 'phone');
    const { page } = seen;
    page.setDefaultTimeout(60_000);
    await page.goto(links.get(`log-end ${cluster}`) ?? '');
    const [first, second] = logsOf(today, cluster);
    await fillLog(page, first);
    if (cluster === 'cherry') {
      await expectAccessible(page);
      await picture(page, 'fidelity-show-logged-phone');
    }
    await page.getByRole('button', { name: 'Fill in another' }).click();
    await page.getByText('You have sent one entry').waitFor();
    await fillLog(page, second);
    await seen.end();
  }
});

test('an observer of a review in chestnut contradicts its coordinator', patience, async () => {
  const seen = await visit(bench.browser, bench.site, 'phone');
  const { page } = seen;
  page.setDefaultTimeout(60_000);
  await page.goto(links.get('review-end chestnut-1') ?? '');
  await begin(page);
  await page.getByLabel('First day of the review').fill(observedOn(today));
  await choose(page.locator('main'), 'You observed this review as', 'a member of the evaluation team');
  await next(page, /^Page 2 of/);
  await next(page, /^Page 3 of/);
  for (const part of ['The conversation before the review', 'Planning the evidence', 'Collecting evidence']) {
    await page
      .locator('.sd-question', { hasText: 'Parts that took place' })
      .last()
      .getByText(part, { exact: true })
      .click();
  }
  await next(page, /^Page 4 of/);
  for (const group of await page.getByRole('radiogroup').all()) {
    await group.getByRole('radio').first().check({ force: true });
  }
  await next(page, /^Page 5 of/);
  await send(page);
  await seen.end();
});

test.each(Object.keys(screens) as Screen[])(
  'heat map, dose and sources say what was worked by hand (%s)',
  patience,
  async (screen) => {
    const seen = await bench.signedIn('evaluator', screen);
    const { page } = seen;
    page.setDefaultTimeout(120_000);
    for (const [cycle, name] of [
      ['1', 'first'],
      ['2', 'second'],
    ] as const) {
      await page.goto(`/studies/demo/fidelity?cycle=${cycle}`);
      await page.getByRole('table', { name: /^Scores from 0 to 1/ }).waitFor();
      for (const cluster of clusters) {
        const cells = await cellsOf(page, new RegExp(`^${cluster} cluster`, 'i'));
        // The last column is the share of the weight that is known.
        expect([cluster, ...cells.slice(0, -1)]).toEqual([cluster, ...heat[cluster][name]]);
      }
      await expectAccessible(page);
      await picture(page, `fidelity-show-heat-${name}-${screen}`);
    }
    // From the cluster to its school, and to the event behind the score.
    await page.goto('/studies/demo/fidelity?cycle=1&cluster=cherry');
    expect((await cellsOf(page, /^Cherry Primary 2/)).slice(6, 7)).toEqual(['0.50']);
    await page.getByRole('button', { name: /Cherry Primary 2, Peer review 1: show the events/ }).click();
    await page
      .locator('.heat-told li', { hasText: /How many days did it take\?\s*0\.5/ })
      .first()
      .waitFor();
    await picture(page, `fidelity-show-event-${screen}`);
    if (screen === 'phone') {
      await seen.end();
      return;
    }

    await page.goto('/studies/demo/fidelity/dose');
    const byPlace = page.getByRole('table', { name: /by place/ });
    for (const cluster of clusters) {
      await page.getByLabel(/^Search Planned and received, by place/).fill(`${cluster} cluster`);
      const row = byPlace.getByRole('row', { name: new RegExp(`^${cluster} cluster`, 'i') }).first();
      const [, ...figures] = await row.getByRole('cell').allInnerTexts();
      expect([cluster, ...figures]).toEqual([cluster, ...dose[cluster]]);
    }
    await expectAccessible(page);
    await picture(page, `fidelity-show-dose-${screen}`);

    await page.goto('/studies/demo/fidelity/sources');
    await page.getByLabel(/^Search What each source says/).fill('chestnut');
    const contradicted = page.getByRole('row', { name: /^Chestnut cluster First cycle/ });
    await contradicted.waitFor();
    expect((await contradicted.getByRole('cell').allInnerTexts()).slice(-4)).toEqual([
      '1.00',
      'as intended',
      '0.00',
      'low',
    ]);
    await picture(page, `fidelity-show-sources-${screen}`);
    await seen.end();
  },
);

/** The texts of the cells of a row, as they are seen. */
async function cellsOf(page: Page, name: RegExp): Promise<string[]> {
  const row = page.getByRole('row', { name }).first();
  await row.waitFor();
  const cells = await row.getByRole('cell').all();
  return Promise.all(
    cells.map((cell) =>
      cell.evaluate((element) => {
        const shown = element.cloneNode(true) as HTMLElement;
        for (const hidden of shown.querySelectorAll('.visually-hidden')) hidden.remove();
        return (shown.textContent ?? '').trim();
      }),
    ),
  );
}
