/** An evaluator builds a fidelity model from nothing on the page: every part of the file, refused at its field, published, locked. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findModel } from '../../server/fidelity/models.ts';
import { createStudy } from '../../server/studies/create.ts';
import { expectAccessible, picture, type Screen, screens } from './browser.ts';
import { focused, heading, openWorkbench, type Workbench } from './workbench.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench({ demo: false });
});
afterAll(() => bench.close());

const looked = new Set<string>();

/** Fills fields of the open dialog by their labels, a choice by the title of its option, and saves. */
async function save(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  const dialog = page.getByRole('dialog');
  for (const [label, value] of Object.entries(fields)) {
    const field = dialog.getByLabel(label, { exact: true });
    if ((await field.evaluate(({ tagName }) => tagName)) === 'SELECT') await field.selectOption({ label: value });
    else await field.fill(value);
  }
  // Each dialog is looked at once: on what it was opened does not matter.
  const kind = (await dialog.getByRole('heading', { level: 2 }).textContent())?.replace(/^Edit .*/, 'Edit') ?? '';
  if (!looked.has(`${page.viewportSize()?.width} ${kind}`)) await expectAccessible(page);
  looked.add(`${page.viewportSize()?.width} ${kind}`);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
}

test.each(Object.keys(screens) as Screen[])(
  'a model is built, published and locked on a %s',
  {
    timeout: 400_000,
  },
  async (screen) => {
    const study = `built-${screen}`;
    await createStudy(bench.context, studyOf(study));
    const seen = await bench.signedIn('evaluator', screen);
    const { page } = seen;
    // What the server does not take of a draft, and a lock without a reason, is refused; the console tells so.
    seen.expectConsole(/Failed to load resource: the server responded with a status of (400|422)/);
    const press = (name: string | RegExp) => page.getByRole('button', { name, exact: true }).click();
    const dialog = page.getByRole('dialog');

    await page.goto(`/studies/${study}/fidelity/model`);
    await page.getByText('No fidelity model yet').waitFor();
    await expectAccessible(page);
    await press('Begin with a blank model');
    // Without a name nothing begins, and the field says so.
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('Give the model a name.').waitFor();
    await save(page, { Name: 'Reading partners' });
    await heading(page, 'Reading partners');
    await page.getByText('Cycles. There is no cycle yet').waitFor();
    await page.getByText('Components. There is no component yet').waitFor();
    expect(await page.getByRole('button', { name: 'Publish' }).count()).toBe(0);
    await expectAccessible(page);
    await picture(page, `fidelity-model-blank-${screen}`);

    // The dialog with the keyboard alone: its fields in order, and back to where one was.
    await page.getByRole('button', { name: 'Add a cycle' }).focus();
    await page.keyboard.press('Enter');
    await dialog.waitFor();
    for (const label of ['Name', 'Short name', 'Counted from']) {
      await expect
        .poll(async () => {
          await page.keyboard.press('Tab');
          return page.evaluate(() => {
            const at = document.activeElement;
            return at instanceof HTMLInputElement || at instanceof HTMLSelectElement ? at.labels?.[0]?.textContent : '';
          });
        })
        .toBe(label);
      if (label === 'Name') await page.keyboard.type('First cycle');
      if (label === 'Short name') await page.keyboard.type('1');
    }
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(() => focused(page)).toBe('Add a cycle');

    // A short name that is none is refused at its field, by the server.
    await press('Add a cycle');
    await dialog.getByLabel('Name', { exact: true }).fill('First cycle');
    await dialog.getByLabel('Short name').fill('Cycle 1');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect.poll(() => dialog.getByLabel('Short name').getAttribute('aria-invalid')).toBe('true');
    await expectAccessible(page);
    const first = dialog.getByRole('group', { name: 'First day' });
    await first.getByLabel('Counted from').selectOption({ label: 'a day of the calendar' });
    await first.getByLabel('Day').fill('2026-01-05');
    const last = dialog.getByRole('group', { name: 'Last day' });
    await last.getByLabel('Counted from').selectOption({ label: 'the day on which Baseline closes' });
    await last.getByLabel('Days later').fill('100');
    await save(page, { 'Short name': '1' });
    await page.getByText('5 January – 11 May 2026').waitFor();
    await press('Add a cycle');
    await dialog.getByRole('group', { name: 'First day' }).getByLabel('Counted from').selectOption('wave end opens');
    await save(page, { Name: 'Second cycle', 'Short name': '2' });

    await press('Add a component');
    const notAfter = dialog.getByRole('group', { name: 'Not after' });
    await notAfter.getByLabel('Counted from').selectOption({ label: 'the day on which the cycle begins' });
    await notAfter.getByLabel('Days later').fill('60');
    await dialog.getByLabel('Instrument').selectOption('implementation-log');
    await dialog.getByLabel('List of entries').selectOption('events');
    await picture(page, `fidelity-model-component-${screen}`);
    await save(page, {
      Name: 'Self-review',
      'Which entries': 'ev_kind = 1\nev_held = 1, 2',
      'Variable with the day': 'ev_date',
      'Variable with the school': 'ev_sort',
      Weight: '0.6',
    });
    // The log has no such variable: said in the row, and at the field when the form is opened again.
    const lacks = 'Version 1 of "implementation-log" has no variable "ev_sort" in "events".';
    await page
      .getByRole('row', { name: /Self-review/ })
      .getByText(lacks)
      .waitFor();
    await press('Edit Self-review');
    const school = dialog.getByLabel('Variable with the school');
    await expect.poll(() => school.getAttribute('aria-invalid')).toBe('true');
    await expect.poll(() => school.evaluate((field) => field === document.activeElement)).toBe(true);
    await save(page, { 'Variable with the school': 'ev_school' });
    await expect.poll(() => page.getByText(lacks).count()).toBe(0);

    await press('Add a component');
    await dialog.getByLabel('Instrument').selectOption('programme-experience');
    await dialog.getByLabel('Rule').selectOption('scale');
    await dialog.getByLabel('Number in each cycle').fill('');
    await dialog.getByRole('group', { name: 'Comes after' }).getByLabel('Self-review').check();
    await dialog.getByRole('group', { name: 'Cycles' }).getByLabel('First cycle').uncheck();
    await save(page, {
      Name: 'How engaged staff were',
      'Short name': 'responsiveness',
      Dimension: 'responsiveness',
      Level: 'person',
      'Core: may not be changed': 'No',
      'Scale or variable': 'responsiveness',
      Weight: '0.5',
    });
    // An order that leads back to itself.
    await press('Edit Self-review');
    await dialog.getByRole('group', { name: 'Comes after' }).getByLabel('How engaged staff were').check();
    await save(page, {});
    await page
      .getByRole('row', { name: /Self-review/ })
      .getByText(/The order leads back to itself/)
      .waitFor();
    await press('Edit Self-review');
    await dialog.getByText(/The order leads back to itself/).waitFor();
    await dialog.getByRole('group', { name: 'Comes after' }).getByLabel('How engaged staff were').uncheck();
    await save(page, {});

    // .6 and .5 sum to 1.1.
    await press('Edit weights and index');
    await dialog.getByText('They sum to 1.1.').waitFor();
    await dialog.getByText('The weights sum to 1.1, not to 1.').waitFor();
    await dialog.getByLabel('How engaged staff were').fill('0.4');
    await dialog.getByText('They sum to 1.', { exact: true }).waitFor();
    await save(page, { 'Least share of the weight that has scores': '0.6' });
    await press('Edit the rule of compliance');
    await save(page, {
      'Decided on': '2026-01-02',
      'Complied: an index of at least': '0.7',
      'Places outside the programme get': 'Nothing: missing',
    });
    await page.getByText('2 January 2026').waitFor();
    // Moved with the keyboard: the same button has the focus afterwards.
    await page.getByRole('button', { name: 'Move Self-review down' }).focus();
    await page.keyboard.press('Enter');
    await expect
      .poll(() => page.locator('tbody th').allTextContents())
      .toEqual(['How engaged staff were', 'Self-review core']);
    await expect.poll(() => focused(page)).toContain('Move Self-review down');

    await press('Add adaptations');
    await dialog.getByLabel('Instrument').selectOption('implementation-log');
    await dialog.getByLabel('List of entries').selectOption('events');
    await save(page, { 'Variable that says whether it was changed': 'ev_adapted', 'What was changed': 'ev_changes_1' });
    await expectAccessible(page);
    await picture(page, `fidelity-model-built-${screen}`);

    await press('Publish');
    await dialog.getByRole('button', { name: 'Publish' }).click();
    await page.getByText('No. Lock this version before anybody sees outcomes.').waitFor();
    await press('Lock');
    await dialog.getByRole('button', { name: 'Lock' }).click();
    // The server wants a reason; the dialog stays.
    await dialog.getByRole('alert').waitFor();
    await dialog.getByLabel('Reason').fill('Before outcomes are seen.');
    await dialog.getByRole('button', { name: 'Lock' }).click();
    await page.getByText(/^Since /).waitFor();
    await expectAccessible(page);
    await seen.end();

    const stored = await findModel(bench.context.db, study, 1);
    expect(stored).toMatchObject({ state: 'locked', history: [{}, {}, { why: 'Before outcomes are seen.' }] });
    const log = { instrument: 'implementation-log', table: 'events', school: null };
    expect(stored?.model).toEqual({
      ...{ id: 'reading-partners', version: 1, title: 'Reading partners', description: '', design: '' },
      cycles: [
        { id: '1', title: 'First cycle', from: '2026-01-05', to: { wave: 'baseline', at: 'closes', days: 100 } },
        {
          ...{ id: '2', title: 'Second cycle' },
          from: { wave: 'end', at: 'opens', days: 0 },
          to: { wave: 'end', at: 'closes', days: 0 },
        },
      ],
      components: [
        {
          ...{ id: 'responsiveness', title: 'How engaged staff were', description: '', dimension: 'responsiveness' },
          ...{ core: false, level: 'person', after: ['self-review'], cycles: ['2'], expected: null },
          source: { instrument: 'programme-experience', table: null, where: [], day: null, school: null },
          rule: { kind: 'scale', scale: 'responsiveness', range: { min: 1, max: 5 } },
          ...{ weight: 0.4, cutoffs: { low: 0.5, high: 0.8 } },
        },
        {
          ...{ id: 'self-review', title: 'Self-review', description: '', dimension: 'adherence' },
          ...{ core: true, level: 'school', after: [], cycles: ['1', '2'] },
          expected: { count: 1, from: { cycle: 'begins', days: 0 }, to: { cycle: 'begins', days: 60 }, duration: null },
          source: {
            ...log,
            where: [
              { variable: 'ev_kind', is: [1] },
              { variable: 'ev_held', is: [1, 2] },
            ],
            ...{ day: 'ev_date', school: 'ev_school' },
          },
          rule: { kind: 'count', duration: null },
          ...{ weight: 0.6, cutoffs: { low: 0.5, high: 0.8 } },
        },
      ],
      ...{ comparisons: [], usualPractice: null },
      adaptations: { source: { ...log, where: [], day: null }, adapted: 'ev_adapted', codes: ['ev_changes_1'] },
      index: { weights: 'sum-to-one', least: 0.6 },
      compliance: {
        ...{ decided: '2026-01-02', index: 0.7, coreShare: 0.5, coreScore: 0.5 },
        ...{ continuous: 'index', comparison: 'missing' },
      },
    });
  },
);

function studyOf(id: string) {
  return {
    study: {
      ...{ id, title: 'Reading partners trial', description: '', simulated: false, timeZone: 'Europe/London' },
      minimumCell: 5,
      arms: [{ id: 'programme', title: 'Programme', kind: 'intervention' }],
      waves: [
        { id: 'baseline', title: 'Baseline', opens: '2026-01-01', closes: '2026-01-31' },
        { id: 'end', title: 'End', opens: '2026-09-01', closes: '2026-09-30' },
      ],
    },
    administrations: [],
  };
}
