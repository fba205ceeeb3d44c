/**
 * A study set up in the browser: made on screen, filled from roster files, changed by hand with days and reasons, taken
 * back, looked at as allocated and as at a day. On a phone and on a desktop, each step clean for axe.
 */

import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listPeople } from '../../server/rosters/store.ts';
import { expectAccessible, picture, type Screen, screens } from './browser.ts';
import { downloadBy, heading, openWorkbench, type Workbench } from './workbench.ts';

let bench: Workbench;
let folder: string;
beforeAll(async () => {
  bench = await openWorkbench({ demo: false });
  folder = await mkdtemp(join(tmpdir(), 'fidelis-test-roster-'));
});
afterAll(async () => {
  await bench.close();
  await rm(folder, { recursive: true, force: true });
});

const clusters = 'id,name,arm\nelm,Elm cluster,intervention-schools\noak,Oak cluster,Intervention schools\n';
const schools =
  'id,name,number,arm,cluster,phase,pupils,disadvantaged\n' +
  'elm-1,Elm Primary,0101,,elm,primary,210,23%\nelm-2,Elm Junior,0102,,elm,primary,180,0.2\n' +
  'ash,Ash Primary,0103,Comparison schools,,primary,150,0.1\n';
const people =
  'id,school,role,name,email\np1,elm-1,teacher,Ada North,ada@elm.example\n' +
  'p2,elm-1,improvement-champion,Bea South,bea@elm.example\np3,ash,headteacher,Cy West,cy@ash.example\n';

async function importFile(page: Page, name: string, content: string): Promise<void> {
  const path = join(folder, name);
  await writeFile(path, content);
  await page.getByLabel('Roster file').setInputFiles(path);
  await page.getByRole('button', { name: 'Check the file' }).click();
}

describe.each(Object.keys(screens) as Screen[])('on a %s', (screen) => {
  test('a study is made, filled from files, changed, taken back and looked at as at a day', async () => {
    const seen = await bench.signedIn('administrator', screen);
    const { page } = seen;
    const id = `trial-of-${screen}`;

    await page.getByRole('link', { name: 'New study' }).click();
    await heading(page, 'New study');
    await page.getByLabel('Title', { exact: true }).fill(`Trial of ${screen}`);
    expect(await page.getByLabel('Id', { exact: true }).inputValue()).toBe(id);
    await page.getByRole('button', { name: 'Make the study' }).click();
    await page.getByText('Give the day.').first().waitFor();
    await expectAccessible(page);
    await page.getByLabel('First day of wave 1').fill('2026-09-01');
    await page.getByLabel('Last day of wave 1').fill('2026-10-31');
    await picture(page, `rosters-new-study-${screen}`);
    await page.getByRole('button', { name: 'Make the study' }).click();
    await heading(page, `Trial of ${screen}`);

    await page.getByRole('link', { name: 'Rosters' }).click();
    await page.getByText('No clusters yet').waitFor();
    await page.getByRole('link', { name: 'Import', exact: true }).click();
    const template = await downloadBy(page, () => page.getByRole('link', { name: 'Schools (.csv)' }).click());
    expect(readFileSync(await template.path(), 'utf8')).toMatch(/^\uFEFFid,name,number,arm,cluster/);
    await importFile(page, 'broken.csv', clusters.replace('intervention-schools', 'nowhere'));
    await page.getByText('Nothing was imported. Mend the file').waitFor();
    await page.getByText('The study has these arms').waitFor();
    await expectAccessible(page);
    await picture(page, `rosters-import-broken-${screen}`);

    for (const [name, content] of [
      ['clusters.csv', clusters.replace('intervention-schools', 'intervention')],
      ['schools.csv', schools],
      ['people.csv', people],
    ] as const) {
      await importFile(page, name, content);
      await page.getByText(name).waitFor();
      await page.getByRole('button', { name: 'Import', exact: true }).waitFor();
      await page.getByText('The first rows', { exact: true }).first().waitFor();
      if (name === 'people.csv') {
        await page.getByText('Ada North').first().waitFor();
        await expectAccessible(page);
        await picture(page, `rosters-import-checked-${screen}`);
      }
      await page.getByRole('button', { name: 'Import', exact: true }).click();
      await page.getByText(/^Imported [23] rows\./).waitFor();
    }
    expect(await listPeople(bench.context.db, id)).toHaveLength(3);

    await page.getByRole('link', { name: 'See the checks of the design' }).click();
    await page.getByText('Oak cluster has no Improvement Champion.').waitFor();
    await page.getByText('Elm cluster has 2 schools; at least 3 are expected.').waitFor();
    await expectAccessible(page);

    await page.getByRole('link', { name: 'People', exact: true }).click();
    await page.getByRole('button', { name: 'Open Ada North' }).click();
    await page.getByRole('button', { name: 'Tell of a change' }).click();
    const dialog = page.getByRole('dialog', { name: /^A change of/ });
    await dialog.getByLabel('Day').fill('2026-10-01');
    await dialog.getByLabel('School').selectOption('elm-2');
    await dialog.getByRole('button', { name: 'Save the change' }).click();
    await dialog.getByText('Say why, in a few words.').waitFor();
    await dialog.getByLabel('Reason').fill('A new post');
    await expectAccessible(page);
    await picture(page, `rosters-change-${screen}`);
    await dialog.getByRole('button', { name: 'Save the change' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('Moved').waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Close' }).click();

    const row = page.getByRole('row', { name: /Ada North/ });
    await expect.poll(() => row.textContent()).toMatch(/Elm Primary/);
    await page.getByLabel('Members').selectOption('day');
    await page.getByLabel('Day', { exact: true }).fill('2026-10-01');
    await expect.poll(() => row.textContent()).toMatch(/Elm Junior/);
    await page.getByLabel('Day', { exact: true }).fill('2026-09-30');
    await expect.poll(() => row.textContent()).toMatch(/Elm Primary/);
    await expectAccessible(page);
    await picture(page, `rosters-people-${screen}`);

    await page.getByRole('button', { name: 'Open Ada North' }).click();
    await page.getByRole('button', { name: 'Take the last change back' }).click();
    await page.getByText('Nothing has changed since it was added.').waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    expect((await listPeople(bench.context.db, id)).find((one) => one.id === 'p1')?.spells).toBeUndefined();

    await page.getByLabel('Search by pseudonym or school').fill('ash');
    await expect.poll(() => page.getByRole('row').count()).toBe(2);
    await page.getByRole('link', { name: 'Schools', exact: true }).click();
    await page.getByRole('button', { name: 'Add a school' }).click();
    const add = page.getByRole('dialog', { name: 'Add a school' });
    await add.getByLabel('Id').fill('oak-1');
    await add.getByLabel('Name').fill('Oak Primary');
    await add.getByLabel('National number').fill('0107');
    await add.getByLabel('Cluster').selectOption('oak');
    await expectAccessible(page);
    await add.getByRole('button', { name: 'Add the school' }).click();
    await page.getByRole('row', { name: /Oak Primary/ }).waitFor();
    await expectAccessible(page);
    await picture(page, `rosters-schools-${screen}`);
    await seen.end();
  });
});
