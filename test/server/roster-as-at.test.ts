/**
 * The Schools Partnership Programme's rosters from files, asked as allocated and as at a day: lists over HTTP within what
 * the caller may see, members for other rooms, and datasets.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findAccountByEmail } from '../../server/accounts/store.ts';
import { saveStudyAccess } from '../../server/accounts/study-roles.ts';
import { listMembersAt } from '../../server/rosters/as-at.ts';
import { importRoster } from '../../server/rosters/import-roster.ts';
import { sppArms, writeSppFiles } from '../spp-roster.ts';
import { signedInAs, type Visitor } from './people.ts';
import { makeWorld, type World } from './world.ts';

let world: World;
let folder: string;
let evaluator: Visitor;
const study = 'spp';

beforeAll(async () => {
  world = await makeWorld({ administrations: [] });
  folder = await mkdtemp(join(tmpdir(), 'fidelis-test-roster-'));
  evaluator = await world.asEvaluator();
  const made = await evaluator.send('POST', '/api/studies', {
    ...{ id: study, title: 'SPP', description: '', timeZone: 'Europe/London', minimumCell: 5, arms: sppArms },
    waves: [{ id: 'baseline', title: 'Baseline', opens: '2026-09-01', closes: '2026-10-31' }],
  });
  expect(made.status, made.text).toBe(201);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const list = async (visitor: Visitor, kind: string, query = '') =>
  (await visitor.send('GET', `/api/studies/${study}/rosters/${kind}?${query}`)).body as {
    total: number;
    members: { id: string; school?: string; cluster?: string; role?: string; name?: string | null }[];
  };

test('files of 51 clusters, their schools, comparison schools and people are imported without a flaw of design', async () => {
  const { paths, files } = await writeSppFiles(folder);
  for (const path of paths) {
    const options = { study, path, file: basename(path), by: 'A test', dryRun: false };
    const { document, imported } = await importRoster(world.context, options);
    expect(document.problems).toEqual([]);
    expect(imported).toBe(true);
    expect((await importRoster(world.context, options)).document.counts).toEqual({
      [basename(path, '.csv')]: { created: 0, changed: 0, unchanged: document.rows },
    });
  }
  expect(files.counts.clusters).toBeGreaterThan(50);
  const all = await listMembersAt(world.context.db, study, 'allocated');
  expect({ clusters: all.clusters.length, schools: all.schools.length, people: all.people.length }).toEqual(
    files.counts,
  );
  const checks = await evaluator.send('GET', `/api/studies/${study}/roster-checks`);
  expect(checks.body).toEqual({ warnings: [] });
}, 240_000);

test('a cluster that enters late is there from its day, with schools and people', async () => {
  const before = await listMembersAt(world.context.db, study, '2026-10-04');
  const after = await listMembersAt(world.context.db, study, '2026-10-05');
  expect(after.clusters.length - before.clusters.length).toBe(1);
  expect(after.schools.length - before.schools.length).toBe(4);
  expect(after.people.length - before.people.length).toBe(12);
  for (const asAt of ['2026-10-04', '2026-10-05']) {
    const { people } = await listMembersAt(world.context.db, study, asAt);
    expect((await list(evaluator, 'people', `asAt=${asAt}`)).total).toBe(people.length);
    const teachers = people.filter(({ role, cluster }) => role === 'teacher' && cluster === 'alder').length;
    expect((await list(evaluator, 'people', `asAt=${asAt}&role=teacher&cluster=alder`)).total).toBe(teachers);
  }
});

test('a school that moves, by HTTP with day and reason, takes its people along from that day', async () => {
  const url = `/api/studies/${study}/rosters/schools/members/alder-1`;
  const body = { revision: 0, kind: 'move', on: '2026-11-01', reason: 'Nearer', place: { cluster: 'elm' } };
  expect((await evaluator.send('POST', `${url}/changes`, { ...body, reason: ' ' })).status).toBe(400);
  expect(
    (await evaluator.send('POST', `${url}/changes`, { ...body, place: { cluster: 'x' } })).body.issues,
  ).toMatchObject([{ code: 'unknown-cluster' }]);
  expect((await evaluator.send('POST', `${url}/changes`, body)).status).toBe(204);
  expect((await evaluator.send('POST', `${url}/changes`, body)).body.code).toBe('conflict');
  const clustersOf = async (asAt: string) => {
    const { members } = await list(evaluator, 'people', `school=alder-1&asAt=${asAt}`);
    return [...new Set(members.map(({ cluster }) => cluster))];
  };
  expect(await clustersOf('allocated')).toEqual(['alder']);
  expect(await clustersOf('2026-10-31')).toEqual(['alder']);
  expect(await clustersOf('2026-11-01')).toEqual(['elm']);
  const found = (await evaluator.send('GET', url)).body;
  expect(found.history).toMatchObject([{ kind: 'move', on: '2026-11-01', reason: 'Nearer', by: 'The evaluator' }]);
  const undo = { revision: 1, entry: found.history[0].id };
  expect((await evaluator.send('POST', `${url}/undo`, undo)).status).toBe(204);
  expect(await clustersOf('2026-11-01')).toEqual(['alder']);
  expect((await evaluator.send('DELETE', url)).body.code).toBe('state-not-allowed');
});

test('a coordinator sees the named clusters alone, and nobody sees names without the right to', async () => {
  const coordinator = await signedInAs(world.app, world.context, 'member', 'coordinator@example.org');
  const account = await findAccountByEmail(world.context.db, 'coordinator@example.org');
  if (!account) throw new Error('the account is not there');
  const access = { study, account: account.id, role: 'coordinator' as const, clusters: ['elm'], schools: ['ash-1'] };
  await saveStudyAccess(world.context.db, access);
  expect((await list(coordinator, 'clusters')).members.map(({ id }) => id)).toEqual(['elm']);
  for (const asAt of ['allocated', '2026-11-01']) {
    const schools = (await list(coordinator, 'schools', `asAt=${asAt}`)).members;
    expect(new Set(schools.map(({ id, cluster }) => (id === 'ash-1' ? 'named' : cluster)))).toEqual(
      new Set(['elm', 'named']),
    );
    const people = await list(coordinator, 'people', `asAt=${asAt}`);
    expect(people.total).toBeGreaterThan(10);
    expect(people.members.every(({ school, cluster }) => cluster === 'elm' || school === 'ash-1')).toBe(true);
    expect(people.members.some((one) => 'name' in one)).toBe(false);
    expect((await list(coordinator, 'people', `asAt=${asAt}&cluster=oak`)).total).toBe(0);
    expect((await list(coordinator, 'people', `asAt=${asAt}&search=oak`)).total).toBe(0);
  }
  expect((await list(evaluator, 'people', 'cluster=elm')).members[0]?.name).toMatch(/elm/);
  expect((await coordinator.send('GET', `/api/studies/${study}/roster-imports`)).status).toBe(403);
});
