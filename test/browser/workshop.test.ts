/**
 * The workshop of instruments in a real browser: an eight-item trust scale designed with the mouse, mended by what the checks
 * say, published, changed, graded and published again, tried in a pilot, answered under both versions and pooled; the same
 * draft in two pages, and its second reader; the JSON editor.
 */
import { readFileSync } from 'node:fs';
import Papa from 'papaparse';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formTexts } from '../../instruments/translations.ts';
import { createDraft } from '../../server/instruments/drafts/create.ts';
import { getDraft } from '../../server/instruments/drafts/store.ts';
import { findItemMap } from '../../server/instruments/item-maps.ts';
import { findInstrumentVersion } from '../../server/instruments/store.ts';
import { unzipped } from '../server/exports.ts';
import { expectAccessible, picture } from './browser.ts';
import { heading, openWorkbench, type Workbench } from './workbench.ts';
import { answerAll, askBothVersions } from './workshop-study.ts';

const patience = { timeout: 300_000 };
let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench({ demo: false });
});
afterAll(() => bench.close());

const statements = [
  'The headteacher keeps promises.',
  'Colleagues are open with one another.',
  'Parents are honest with us.',
  'Colleagues can be relied on.',
  'Colleagues put their own interest first.',
  'The headteacher looks after staff.',
  'Pupils can be believed.',
  'People here know their work.',
];

const panel = (page: Page, name: string) =>
  page.getByRole('button', { name: new RegExp(`^${name}( \\(\\d+\\))?$`) }).click();
const question = (page: Page, name: string) => page.locator(`.svc-question__content [data-name="${name}"]`);

/**
 * Writes over a text of the form where it stands, again where the form was drawn anew under the hands. The key leaves it: Enter
 * behind the last answer would add another.
 */
async function rewrite(
  page: Page,
  name: string,
  text: string,
  place = '.sd-question__title .sv-string-editor',
  key = 'Enter',
): Promise<void> {
  const editor = question(page, name).locator(place).first();
  const write = async () => {
    await editor.click();
    await page.keyboard.press('Control+A');
    await page.keyboard.type(text);
    await page.keyboard.press(key);
    return editor.textContent();
  };
  await expect.poll(write, { timeout: 30_000, interval: 500 }).toBe(text);
}

async function saved(page: Page): Promise<void> {
  await page.getByText('All changes are saved').waitFor();
}

async function startWith(page: Page, version: string): Promise<void> {
  await page.goto(`/instruments/new?version=${version}`);
  await page.getByRole('button', { name: 'Start with this version' }).click();
  await page.locator('.svc-creator').waitFor();
}

test(
  'an eight-item scale is designed with the mouse, mended, published, changed and published again',
  patience,
  async () => {
    const seen = await bench.signedIn('evaluator', 'desktop');
    const { page } = seen;
    await page.goto('/instruments/new');
    await page.getByLabel('Title').fill('Trust in brief');
    await page.getByRole('button', { name: 'Start blank' }).click();
    await heading(page, 'Trust in brief');
    await page.locator('.svc-creator').waitFor();
    await page.getByRole('button', { name: 'Hide the panels' }).click();
    const tool = page.locator('.svc-toolbox').getByRole('button', { name: 'Radio Button Group' });
    for (const [index, statement] of statements.entries()) {
      await tool.click();
      await question(page, `question${index + 1}`).waitFor();
      await rewrite(page, `question${index + 1}`, statement);
    }
    await page.getByRole('button', { name: 'Show the panels' }).click();
    await saved(page);
    await picture(page, 'workshop-form-desktop');

    // What the checks say keeps it from being published.
    await panel(page, 'Checks');
    await page.getByRole('region', { name: 'Errors' }).getByText('permission.holder').first().waitFor();
    await panel(page, 'Publish');
    expect(await page.getByRole('button', { name: 'Publish version 1' }).count()).toBe(0);
    await panel(page, 'Details');
    await page.getByLabel('Holder of the rights').fill('The evaluation team');
    await page.getByLabel('State of the permission').selectOption('not-needed');

    await panel(page, 'Scales');
    await page.getByRole('button', { name: 'Add a scale' }).click();
    const zone = page.getByRole('region', { name: 'Scale 1' });
    await zone.getByLabel('Title of the scale').fill('Trust');
    const trust = page.getByRole('region', { name: 'Trust', exact: true });
    await page
      .getByRole('listitem')
      .filter({ hasText: 'question1' })
      .locator('.key-handle')
      .dragTo(trust.getByRole('heading'));
    await trust.getByLabel('Scale of question1').waitFor();
    for (let item = 2; item <= 8; item += 1) await page.getByLabel(`Scale of question${item}`).selectOption('Trust');
    await trust.getByLabel('Reversed: question5').check();
    await trust.getByText('Name, range and scoring').click();
    await trust.getByLabel('Fewest items answered').fill('6');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Redo' }).click();
    expect(await trust.getByLabel('Fewest items answered').inputValue()).toBe('6');
    await saved(page);
    await picture(page, 'workshop-scales-desktop');
    await expectAccessible(page);

    await panel(page, 'Codebook');
    await page.getByRole('cell', { name: 'scale_1 (reversed)' }).waitFor();
    await panel(page, 'Checks');
    await page.getByText('Nothing keeps it from being published.').waitFor();
    await panel(page, 'Preview');
    await page
      .locator('.preview-page')
      .getByText(statements[0] ?? '')
      .waitFor();
    await panel(page, 'Simulate');
    await page.getByRole('button', { name: 'Simulate them' }).click();
    await page.getByRole('row', { name: /^question8 / }).waitFor();
    await picture(page, 'workshop-simulate-desktop');
    await panel(page, 'Languages');
    await page.getByText(/\(en\): (\d+) of \1 texts/).waitFor();
    await page.getByText('You changed these texts last. Somebody else has to sign them off.').waitFor();
    await panel(page, 'Publish');
    await page.getByLabel('Why there is this version').fill('For the first wave.');
    await page.getByRole('button', { name: 'Publish version 1' }).click();
    await heading(page, 'Trust in brief, version 1');
    const { instrument } = (await findInstrumentVersion(bench.context.db, 'trust-in-brief', 1)) ?? {};
    expect(instrument?.scales).toMatchObject([{ title: 'Trust', minimumAnswered: 6, range: { min: 1, max: 3 } }]);
    expect(instrument?.scales[0]?.items).toEqual(
      statements.map((_, index) => ({ name: `question${index + 1}`, reversed: index === 4 })),
    );

    await startWith(page, 'trust-in-brief@1');
    await rewrite(page, 'question1', 'Almost always', '.sd-selectbase__item .sv-string-editor >> nth=2', 'Tab');
    await rewrite(page, 'question2', 'Colleagues tell one another what they think.');
    await saved(page);
    await panel(page, 'Publish');
    await page.getByText('2 changes since version 1').waitFor();
    const wording = page.getByRole('listitem').filter({ hasText: 'question2: wording' });
    await wording.getByText('Linkable').first().waitFor();
    await wording.getByText('Confirm or decide otherwise').click();
    await wording.getByLabel('Grade of this change').selectOption('safe');
    await wording.getByLabel('Why').fill('Read alike in the pilot.');
    await wording.getByText('Decided by you').waitFor();
    await picture(page, 'workshop-publish-desktop');
    await expectAccessible(page);
    await page.getByLabel('Why there is this version').fill('After the pilot.');
    await page.getByRole('button', { name: 'Publish version 2' }).click();
    await heading(page, 'Trust in brief, version 2');
    const kept = await findItemMap(bench.context.db, 'trust-in-brief', 2);
    expect(kept?.map.decisions).toEqual([
      { item: 'question2', what: 'wording', grade: 'safe', note: 'Read alike in the pilot.' },
    ]);
    expect(kept?.map.items).toHaveLength(8);

    await page.getByRole('link', { name: 'Compare versions' }).click();
    await heading(page, 'Compare versions of Trust in brief');
    await page.getByText('question2 safe (Read alike in the pilot.)').waitFor();
    await page.locator('.preview-page').nth(1).getByText('Almost always').waitFor();
    await picture(page, 'workshop-compare-desktop');
    await expectAccessible(page);
    await page.setViewportSize({ width: 360, height: 740 });
    await picture(page, 'workshop-compare-phone');
    await expectAccessible(page);
    await seen.end();
  },
);

test(
  'both versions are answered through links, tried in a pilot, and pooled with a table of rules',
  patience,
  async () => {
    const { first, second } = await askBothVersions(bench.context, 'trust-in-brief');
    await answerAll(bench, first, 2);
    await answerAll(bench, second, 0);
    const seen = await bench.signedIn('evaluator', 'desktop');
    const { page } = seen;
    page.setDefaultTimeout(120_000);

    await page.goto('/studies/two-versions/administrations/tryout/data');
    await page.getByRole('button', { name: 'Simulate them' }).click();
    await page.getByText('200 simulated people answered.').waitFor();
    await page.locator('.figures').getByText('200', { exact: true }).waitFor();
    await picture(page, 'pilot-data-desktop');
    await expectAccessible(page);
    await page.setViewportSize({ width: 360, height: 740 });
    await picture(page, 'pilot-data-phone');
    await expectAccessible(page);
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.getByRole('link', { name: 'the report', exact: true }).click();
    await page.getByText('PILOT: a trial of the instrument.').first().waitFor();

    await page.goto('/studies/two-versions/new-dataset');
    await page.getByLabel('Title').fill('Both versions');
    await page.getByLabel('What it is for').fill('Trust before and after');
    for (const title of [/^The first one/, /^The second one/]) await page.getByLabel(title).check();
    await page.getByRole('button', { name: 'Define it' }).click();
    await heading(page, 'Datasets and releases');
    const zip = await page.request.get('/api/studies/two-versions/datasets/both-versions.zip');
    expect(zip.status()).toBe(200);
    const files = unzipped(await zip.body());
    const tableOf = (name: string) =>
      Papa.parse<Record<string, string>>(files.get(name) ?? '', { header: true, skipEmptyLines: true }).data;
    const data = tableOf('data.csv');
    expect(
      data.map(({ administration, question2, question8 }) => [administration, question2, question8]).sort(),
    ).toEqual([
      ['first', '3', '3'],
      ['second', '1', '1'],
    ]);
    const rules = tableOf('rules.csv').filter(({ column }) => column === 'question1' || column === 'question2');
    expect(rules.map(({ column, version, source }) => [column, version, source]).sort()).toEqual([
      ['question1', '1', 'item map'],
      ['question1', '2', 'names'],
      ['question2', '1', 'names'],
      ['question2', '2', 'names'],
    ]);
    await seen.end();
  },
);

test('a text that is typed in the designer is that of the first language, and the others stay', patience, async () => {
  const file = JSON.parse(readFileSync('test/fixtures/instruments/three-languages.v1.json', 'utf8'));
  const from = { from: 'file', name: 'three-languages.json', file } as const;
  const { id } = await createDraft(bench.context, 'a test', from);
  const seen = await bench.signedIn('evaluator', 'desktop');
  const { page } = seen;
  await page.goto(`/instruments/drafts/${id}`);
  await rewrite(page, 'week', 'Was it a good week?');
  const title = async () => {
    const { survey, languages } = JSON.parse((await getDraft(bench.context.db, id)).json);
    return formTexts(survey, languages).find(({ path }) => path === 'survey.pages[0].elements[0].title')?.texts;
  };
  const others = { de: 'Wie war Ihre Woche?', ar: 'كيف كان أسبوعك؟' };
  await expect.poll(title, { timeout: 60_000 }).toEqual({ 'en-GB': 'Was it a good week?', ...others });
  await seen.end();
});

test('what somebody else saved is not overwritten: both texts are shown, and one is chosen', patience, async () => {
  const [ada, ben] = [await bench.signedIn('evaluator', 'desktop'), await bench.signedIn('administrator', 'phone')];
  ben.expectConsole(/status of 409/);
  await startWith(ada.page, 'trust@1');
  await ben.page.goto(ada.page.url());
  await ben.page.locator('.svc-creator').waitFor();
  await ben.page.getByText('The evaluator has this draft open too.').waitFor();
  for (const [{ page }, title] of [
    [ada, 'Trust, hers'],
    [ben, 'Trust, his'],
  ] as const) {
    await panel(page, 'Details');
    await page.getByLabel('Title of the instrument').fill(title);
    if (page === ada.page) await saved(page);
  }
  await ben.page.getByText('Somebody else saved this draft while you changed it').waitFor();
  await picture(ben.page, 'workshop-two-texts-phone');
  await expectAccessible(ben.page);
  expect(await ben.page.getByLabel('Theirs, as it is saved').inputValue()).toContain('Trust, hers');
  await ben.page.getByRole('button', { name: 'Go on with theirs' }).click();
  await heading(ben.page, 'Trust, hers');
  // Neither of them has written its questions, so either may sign them off.
  await panel(ben.page, 'Languages');
  await ben.page.getByRole('button', { name: /sign British English off$/ }).click();
  await ben.page.getByText('Read and signed off by The administrator').waitFor();
  await picture(ben.page, 'workshop-languages-phone');
  await expectAccessible(ben.page);
  await panel(ada.page, 'Publish');
  await panel(ada.page, 'Languages');
  await ada.page.getByRole('button', { name: 'Take the sign-off of British English back' }).waitFor();
  await picture(ada.page, 'workshop-languages-desktop');
  await ada.end();
  await ben.end();
});

test(
  'without the Creator the same instrument is written as JSON, with line and place of every fault',
  patience,
  async () => {
    const plain = await openWorkbench({ demo: false, environment: { FIDELIS_DESIGNER: 'json' } });
    try {
      const seen = await plain.signedIn('evaluator', 'desktop');
      const { page } = seen;
      const scripts: string[] = [];
      page.on('request', (request) => scripts.push(request.url()));
      await page.goto('/instruments/new?version=trust@1');
      await page.getByRole('button', { name: 'Start with this version' }).click();
      const editor = page.getByLabel('The instrument as JSON');
      const text = await editor.inputValue();
      const lineOf = (part: string) => changed.slice(0, changed.indexOf(part)).split('\n').length;
      const changed = text
        .replace('"kind": "survey"', '"kind": "quiz"')
        .replace('"type": "radiogroup"', '"type": "quiz"');
      await editor.fill(changed);
      await page.getByRole('button', { name: `Line ${lineOf('"kind": "quiz"')}`, exact: true }).waitFor();
      await page.getByRole('button', { name: `Line ${lineOf('"type": "quiz"')}`, exact: true }).click();
      expect(
        await editor.evaluate((area: HTMLTextAreaElement) => area.value.slice(area.selectionStart, area.selectionEnd)),
      ).toContain('"type": "quiz"');
      await editor.fill(text.replace('"kind": "survey",', '"kind": "survey"'));
      await page.getByText(/Line \d+: Expected a comma or the end/).waitFor();
      await editor.fill(text.replace('Trust in school and between schools', 'Trust, as JSON'));
      await heading(page, 'Trust, as JSON');
      await saved(page);
      await panel(page, 'Preview');
      await page.locator('.preview-page').getByRole('radio').first().waitFor();
      await expectAccessible(page);
      await picture(page, 'workshop-json-desktop');
      await page.setViewportSize({ width: 360, height: 740 });
      await expectAccessible(page);
      await picture(page, 'workshop-json-phone');
      expect(scripts.filter((url) => /creator/i.test(url))).toEqual([]);
      await seen.end();
    } finally {
      await plain.close();
    }
  },
);
