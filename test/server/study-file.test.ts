import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { listAdministrations } from '../../server/administrations/store.ts';
import { createApp } from '../../server/app.ts';
import type { Context } from '../../server/context.ts';
import { ensureLibrary } from '../../server/instruments/library.ts';
import { listInvitations } from '../../server/invitations/lists.ts';
import { packageRoot } from '../../server/package-root.ts';
import { Problem } from '../../server/problems.ts';
import { listPeople } from '../../server/rosters/store.ts';
import { createStudy } from '../../server/studies/create.ts';
import { findStudy } from '../../server/studies/store.ts';
import { testDatabase } from '../database.ts';
import { contextOn, signedInAs } from './people.ts';

let context: Context;
beforeAll(async () => {
  ({ context } = contextOn(await testDatabase()));
  await ensureLibrary(context);
});

it('the study file that the README shows makes a study with a link for everybody who is asked', async () => {
  const readme = readFileSync(join(packageRoot, 'server', 'README.md'), 'utf8');
  const example: unknown = JSON.parse(/```json\n([\s\S]*?)```/.exec(readme)?.[1] ?? '');
  expect(await createStudy(context, example)).toEqual({
    study: 'pilot',
    clusters: 1,
    schools: 1,
    people: 1,
    administrations: 1,
    invitations: 1,
  });
  expect(await findStudy(context.db, 'pilot')).toMatchObject({ title: 'Pilot', simulated: false });
  expect((await listAdministrations(context.db, 'pilot')).map(({ id }) => id)).toEqual(['trust-baseline']);
  const { invitations } = await listInvitations(context.db, 'pilot', 'trust-baseline');
  expect(invitations).toMatchObject([{ person: 'p1', school: 'n1', cluster: 'north', role: 'teacher', state: 'open' }]);
});

it('a file of the wrong shape is refused with paths, and nothing is written', async () => {
  const refused = createStudy(context, { study: { id: 'Bad Id' }, people: [{ id: 'x' }] });
  await expect(refused).rejects.toBeInstanceOf(Problem);
  const problem = await refused.catch((error: Problem) => error);
  const paths = problem instanceof Problem ? (problem.issues ?? []).map(({ path }) => path) : [];
  expect(paths).toEqual(expect.arrayContaining(['file.study.id', 'file.study.title', 'file.people.0.role']));
  expect(await listPeople(context.db, 'Bad Id')).toEqual([]);
});

it('a study that is made over HTTP is refused with paths of the body that was sent', async () => {
  const evaluator = await signedInAs(createApp(context), context, 'evaluator', 'maker@example.org');
  const arm = { id: 'all', title: 'All', kind: 'comparison' };
  const wave = { id: 'only', title: 'Only', opens: '2026-02-01', closes: '2026-01-01' };
  const refused = await evaluator.send('POST', '/api/studies', {
    ...{ id: 'crooked', title: 'Crooked', description: '', timeZone: 'Europe/London', minimumCell: 5 },
    ...{ arms: [arm, arm], waves: [wave] },
  });
  expect(refused.status).toBe(400);
  const paths = refused.body.issues.map(({ path }: { path: string }) => path);
  expect(paths.length).toBeGreaterThan(0);
  for (const path of paths) expect(path).toMatch(/^body\.(arms|waves)/);
});
