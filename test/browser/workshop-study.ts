/** A study of one school that asks two versions of an instrument, and a pilot of the first; used by workshop.test.ts. */
import type { Administration } from '../../instruments/study.ts';
import { insertAdministration } from '../../server/administrations/store.ts';
import type { Context } from '../../server/context.ts';
import { listInvitations } from '../../server/invitations/lists.ts';
import { makeSharedLinks } from '../../server/invitations/shared.ts';
import { tokenFor } from '../../server/invitations/tokens.ts';
import { insertSchools } from '../../server/rosters/store.ts';
import { insertStudy } from '../../server/studies/store.ts';
import { visit } from './browser.ts';
import type { Workbench } from './workbench.ts';

const days = { opens: '2020-01-01', closes: '2099-12-31' };
const arm = { id: 'all', title: 'All', kind: 'intervention' } as const;

/** Makes the study `two-versions` with the administrations `first`, `second` and `tryout`; the paths of the links of the first two. */
export async function askBothVersions(
  context: Context,
  instrument: string,
): Promise<{ first: string; second: string }> {
  const { db } = context;
  const study = 'two-versions';
  await insertStudy(
    db,
    {
      ...{ id: study, title: 'Two versions', description: '', simulated: false },
      ...{ timeZone: 'Europe/London', minimumCell: 1, arms: [arm] },
      waves: ['before', 'after'].map((id) => ({ id, title: id, ...days })),
    },
    context.clock(),
  );
  const school = { id: 'elm', name: 'Elm Primary', arm: 'all', cluster: null };
  await insertSchools(db, study, [{ ...school, phase: 'primary', pupils: 210, disadvantaged: 0.2 }]);
  const made = async (id: string, version: number, wave: string, pilot = false): Promise<string> => {
    const administration: Administration = {
      ...{ id, study, title: `The ${id} one`, instrument, version, wave, pilot, ...days },
      ...{ audience: { arms: ['all'], roles: ['teacher'] }, mode: 'confidential', state: 'open' },
      information: {
        ...{ version: 1, asker: 'The evaluation team', paragraphs: ['We ask about trust.'] },
        ...{ consent: 'I have read this information and agree.', contact: 'team@example.org' },
      },
    };
    await insertAdministration(db, administration);
    await makeSharedLinks(context, administration, {}, 'all');
    const [link] = (await listInvitations(db, study, id, { state: 'open' })).invitations;
    if (!link) throw new Error(`${id} has no link`);
    return `/s/${tokenFor(context, link._id, link.serial)}`;
  };
  const first = await made('first', 1, 'before');
  const second = await made('second', 2, 'after');
  await made('tryout', 1, 'before', true);
  return { first, second };
}

/** A teacher answers the eight items through a link, each with the option at its place. */
export async function answerAll(bench: Workbench, path: string, option: number): Promise<void> {
  const seen = await visit(bench.browser, bench.site, 'phone');
  const { page } = seen;
  await page.goto(path);
  await page.getByLabel('I have read this information').check();
  await page.getByRole('button', { name: 'Start' }).click();
  for (let item = 1; item <= 8; item += 1) {
    await page.locator(`[data-name="question${item}"] label`).nth(option).click();
  }
  await page.getByRole('button', { name: 'Send my answers' }).click();
  await page.getByRole('heading', { name: 'Thank you' }).waitFor();
  await seen.end();
}
