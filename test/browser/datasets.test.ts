/** A dataset from its definition to a release, on the pages of the workbench: defined, previewed, taken away, frozen, checked. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runExports } from '../../server/exports/run.ts';
import { expectAccessible, picture, type Screen } from './browser.ts';
import { csvRows, downloadBy, heading, openWorkbench, type Workbench } from './workbench.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench({ demo: true });
});
afterAll(() => bench.close());

const patience = { timeout: 300_000 };

test.each(['phone', 'desktop'] as Screen[])(
  'an evaluator defines, previews, takes and freezes: %s',
  patience,
  async (screen) => {
    const seen = await bench.signedIn('evaluator', screen);
    const { page } = seen;
    page.setDefaultTimeout(120_000);
    seen.expectConsole(/Failed to load resource: the server responded with a status of 422/);
    await page.goto('/studies/demo/datasets');
    await page.getByRole('link', { name: 'Define a dataset' }).click();
    await heading(page, 'Define a dataset');

    // What the server says against it stands beside the field.
    await page.getByLabel('Title').fill(`Trust on a ${screen}`);
    await page.getByLabel('What it is for').fill('The report of the process evaluation');
    await page.getByLabel('Variables').fill('years_school nonsense');
    await page
      .getByLabel('Trust, start')
      .or(page.getByLabel(/^Trust, baseline/))
      .first()
      .check();
    await page.getByLabel(/^Trust, end/).check();
    await page.getByRole('button', { name: 'Define it' }).click();
    await page.getByText('No instrument of this dataset has a variable "nonsense".', { exact: true }).waitFor();
    await expectAccessible(page);

    await page.getByLabel('Variables').fill('');
    await page.getByRole('button', { name: 'Add a rule' }).click();
    const rule = page.getByRole('group', { name: 'Rule 1' });
    await rule.getByLabel('the variable').fill('nonsense');
    await rule.getByLabel('stands for').fill('years_school');
    await rule.getByLabel('with its codes').fill('1=5, 2=4');
    await page.getByRole('button', { name: 'Show a preview' }).click();
    await page
      .getByText(/has no variable "nonsense"/)
      .first()
      .waitFor();
    await expectAccessible(page);
    await picture(page, `dataset-rule-${screen}`);
    await page.getByRole('button', { name: 'Remove rule 1' }).click();
    await page.getByRole('checkbox', { name: 'Schools' }).check();
    await page.getByRole('button', { name: 'Show a preview' }).click();
    await page.getByRole('heading', { name: 'First rows' }).waitFor();
    await page.getByText('1 open text is left out: role_other.').waitFor();
    await page.getByRole('heading', { name: 'Schools that could be told' }).waitFor();
    await expectAccessible(page);
    await picture(page, `dataset-preview-${screen}`);
    await page.getByRole('button', { name: 'Define it' }).click();
    await heading(page, 'Datasets and releases');

    const tile = page
      .getByRole('listitem')
      .filter({ hasText: `Trust on a ${screen}` })
      .first();
    const file = await downloadBy(page, () => tile.getByRole('link', { name: /as CSV/ }).click());
    expect(file.suggestedFilename()).toBe(`demo-trust-on-a-${screen}.csv`);
    const [header = [], ...rows] = await csvRows(file);
    expect(new Set(rows.map((row) => row[header.indexOf('wave')]))).toEqual(new Set(['baseline', 'end']));

    await tile.getByRole('button', { name: /^Make a file in the background/ }).click();
    await page.getByLabel('Format').selectOption('zip');
    await page.getByRole('button', { name: 'Make the file' }).click();
    const made = page.getByRole('listitem').filter({ hasText: `Trust on a ${screen}: Everything` });
    await made.getByText('Waiting for its turn').waitFor();
    await expectAccessible(page);
    await picture(page, `dataset-export-${screen}`);
    expect(await runExports(bench.context)).toBe(1);
    await made.getByText(`demo-trust-on-a-${screen}.zip`, { exact: false }).first().waitFor();
    const zip = await downloadBy(page, () => made.getByRole('link', { name: /^Download/ }).click());
    expect(zip.suggestedFilename()).toBe(`demo-trust-on-a-${screen}.zip`);

    await tile.getByRole('button', { name: /^Make a file in the background/ }).click();
    await page.getByRole('button', { name: 'Make the file' }).click();
    await made.getByRole('button', { name: /^Cancel/ }).click();
    await made.getByText(/^Cancelled/).waitFor();

    await tile.getByRole('button', { name: /^Freeze as a release/ }).click();
    await page.getByLabel('What is the release for?').fill('Deposit in an archive');
    await page.getByRole('button', { name: 'Freeze it' }).click();
    const frozen = page.getByRole('listitem').filter({ hasText: `Trust on a ${screen}: release` });
    await frozen.getByText('Waiting for its turn').waitFor();
    expect(await runExports(bench.context)).toBe(1);
    await frozen.getByText('Frozen: Deposit in an archive').waitFor();
    const release = page
      .getByRole('listitem')
      .filter({ hasText: `: Trust on a ${screen}` })
      .first();
    await release.getByText('Deposit in an archive').waitFor();
    await release.getByRole('button', { name: /^Check against the data/ }).click();
    await release.getByText('The data give the same tables.').waitFor();
    await expectAccessible(page);
    await picture(page, `datasets-${screen}`);

    await bench.context.db
      .collection('responses')
      .deleteOne({ study: 'demo', administration: 'trust-end', completion: 'complete' });
    await release.getByRole('button', { name: /^Check against the data/ }).click();
    await release.getByText('data: 0 rows added, 1 gone, 0 changed').waitFor();
    await seen.end();
  },
);
