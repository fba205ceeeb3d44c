/**
 * Personal links and dated membership: who is given one when an administration is planned, and what becomes of staff who
 * join or leave after that. The days of the study are set by the test's clock.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { saveStudyAccess } from '../../server/accounts/study-roles.ts';
import { tokenFor } from '../../server/invitations/tokens.ts';
import { erasePerson } from '../../server/rights/erase.ts';
import { importRoster } from '../../server/rosters/import-roster.ts';
import { accountOf, Visitor } from './people.ts';
import { makeWorld, type World } from './world.ts';

let world: World;
let evaluator: Visitor;
let folder: string;
const studyPath = '/api/studies/trial';
const at = (id: string) => `${studyPath}/administrations/${id}`;
const noon = (day: string) => new Date(`${day}T12:00:00Z`);
const sheet = { asker: 'The team', paragraphs: ['Why.'], consent: 'I agree.', contact: 'team@example.org' };
const plan = {
  ...{ title: 'Winter survey', instrument: 'staffroom', version: 1, wave: 'baseline', mode: 'confidential' },
  ...{ audience: { arms: ['partnership', 'comparison'], roles: ['teacher'] }, languages: ['en'] },
  ...{ opens: '2026-11-27', closes: '2026-12-18', information: { sheet: 'staff', version: 1 } },
};
const query = 'arms=partnership,comparison&roles=teacher';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fidelis-test-dated-'));
  world = await makeWorld({ administrations: [], people: { teacher: 4 } });
  evaluator = await world.asEvaluator();
  world.setClock(noon('2026-11-26'));
  const made = { sheet: 'staff', title: 'For staff', texts: { en: sheet } };
  expect((await evaluator.send('POST', `${studyPath}/information`, made)).status).toBe(201);
  await change('elm-1-teacher-1', { kind: 'leave', on: '2026-11-10' });
  await change('elm-1-teacher-2', { kind: 'enter', on: '2027-02-01' });
  await change('elm-1-teacher-3', { kind: 'move', on: '2026-11-25', place: { school: 'oak-1', cluster: null } });
  // The last day of membership is a day of membership, and so is the first.
  await change('elm-2-teacher-1', { kind: 'leave', on: '2026-11-27' });
  await change('elm-2-teacher-2', { kind: 'enter', on: '2026-11-27' });
  await change('elm-2-teacher-3', { kind: 'move', on: '2026-11-27', place: { role: 'headteacher' } });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function change(person: string, told: object, revision = 0) {
  const url = `${studyPath}/rosters/people/members/${person}/changes`;
  const answer = await evaluator.send('POST', url, { revision, reason: 'As the school told us', ...told });
  expect(answer.status, answer.text).toBe(204);
}

async function planned(id: string, more: object = {}) {
  const answer = await evaluator.send('POST', `${studyPath}/administrations`, { ...plan, id, ...more });
  expect(answer.status, answer.text).toBe(201);
}

interface Link {
  _id: string;
  person: string;
  serial: number;
  school: string;
  cluster: string | null;
  arm: string;
  role: string;
  state: string;
  standing?: string;
  reason?: string;
  standingSince?: string;
}
const links = (administration: string) =>
  world.context.db.collection<Link>('invitations').find({ administration }).sort({ person: 1 }).toArray();
const linkOf = async (administration: string, person: string) =>
  (await links(administration)).find((one) => one.person === person);
const nothing = { newLinks: 0, left: 0, moved: 0, returned: 0 };
const preview = async (id: string) =>
  (await evaluator.send('GET', `${studyPath}/audience?${query}&administration=${id}`)).body;
const refresh = (id: string, visitor = evaluator) => visitor.send('POST', `${at(id)}/links/refresh`);

test('the audience is the staff of the first day, in the places of that day', async () => {
  const counted = await evaluator.send('GET', `${studyPath}/audience?${query}&opens=2026-11-27`);
  expect(counted.body).toMatchObject({ people: 9, byRole: { teacher: 9 }, newLinks: 9, withoutCluster: 5, left: 0 });
  // Today elm-2-teacher-2 has not come, and elm-2-teacher-3 is a teacher still.
  expect((await evaluator.send('GET', `${studyPath}/audience?${query}`)).body).toMatchObject({ people: 9 });
  expect((await evaluator.send('GET', `${studyPath}/audience?${query}&opens=2026-11-28`)).body.people).toBe(8);
  expect((await evaluator.send('GET', `${studyPath}/audience?${query}&opens=2027-02-01`)).body.people).toBe(9);
  await planned('winter');
  const made = await links('winter');
  expect(made.map(({ person }) => person)).toEqual([
    ...['elm-1-teacher-3', 'elm-1-teacher-4', 'elm-2-teacher-1', 'elm-2-teacher-2', 'elm-2-teacher-4'],
    ...['oak-1-teacher-1', 'oak-1-teacher-2', 'oak-1-teacher-3', 'oak-1-teacher-4'],
  ]);
  expect(made[0]).toMatchObject({ school: 'oak-1', cluster: null, arm: 'comparison' });
  expect(made[1]).toMatchObject({ school: 'elm-1', cluster: 'elm', arm: 'partnership' });
  expect(await preview('winter')).toMatchObject({ people: 9, newLinks: 0, withdrawn: 0, left: 0 });
});

test('an administration that is open already asks the staff of today', async () => {
  await planned('running', { opens: '2026-11-01' });
  const whom = (await links('running')).map(({ person }) => person);
  expect(whom).toContain('elm-2-teacher-1');
  expect(whom).toContain('elm-2-teacher-3');
  for (const away of ['elm-1-teacher-1', 'elm-1-teacher-2', 'elm-2-teacher-2']) expect(whom).not.toContain(away);
});

test('whoever moved within the audience keeps the link when the audience changes', async () => {
  await planned('moving', { opens: '2026-11-20', audience: { arms: ['partnership'], roles: ['teacher'] } });
  expect(await linkOf('moving', 'elm-1-teacher-4')).toMatchObject({ state: 'open', arm: 'partnership' });
  await change('elm-1-teacher-4', { kind: 'move', on: '2026-11-26', place: { school: 'oak-1', cluster: null } });
  const audience = { arms: ['comparison'], roles: ['teacher'] };
  expect((await evaluator.send('PUT', at('moving'), { audience, reason: 'As agreed' })).status).toBe(200);
  expect(await linkOf('moving', 'elm-1-teacher-4')).toMatchObject({ state: 'open' });
  expect(await linkOf('moving', 'elm-2-teacher-4')).toMatchObject({ state: 'revoked' });
  expect(await linkOf('moving', 'oak-1-teacher-1')).toMatchObject({ state: 'open' });
});

test('another first day brings links to those who are there by then', async () => {
  await planned('later');
  expect(await linkOf('later', 'elm-1-teacher-2')).toBeUndefined();
  const days = { opens: '2027-02-01', closes: '2027-02-20' };
  expect((await evaluator.send('PUT', at('later'), days)).status).toBe(200);
  expect(await linkOf('later', 'elm-1-teacher-2')).toMatchObject({ state: 'open', school: 'elm-1' });
  expect(await preview('later')).toMatchObject({ newLinks: 0, left: 1 });
});

test('staff who come by a roster file after the planning get links, and those who left are ineligible; once', async () => {
  world.setClock(noon('2026-12-02'));
  const path = join(folder, 'people.csv');
  await writeFile(path, 'id,school,role,from\nnew-1,elm-1,teacher,2026-12-01\nnew-2,oak-1,teacher,2026-12-03\n');
  const imported = await importRoster(world.context, {
    study: 'trial',
    path,
    file: 'people.csv',
    by: 'A test',
    dryRun: false,
  });
  expect(imported.document.problems).toEqual([]);
  await change('oak-1-teacher-1', { kind: 'leave', on: '2026-12-01' });
  await change('oak-1-teacher-2', { kind: 'leave', on: '2026-12-01' });
  await change('oak-1-teacher-3', { kind: 'leave', on: '2026-12-01' });
  const [answered, declined] = [await linkOf('winter', 'oak-1-teacher-1'), await linkOf('winter', 'oak-1-teacher-3')];
  const tokenOf = (link: Link | undefined) => tokenFor(world.context, link?._id ?? '', link?.serial ?? 0);
  const answers = { role: 1, years: 7, statements: { help: 3, plan: 2, alone: 1 }, took_part: false };
  const consent = { information: 1, agreed: true };
  const sent = await request(world.app)
    .post(`/api/s/${tokenOf(answered)}/responses`)
    .send({ key: randomUUID(), answers, consent });
  expect(sent.status, sent.text).toBe(201);
  expect((await request(world.app).post(`/api/s/${tokenOf(declined)}/decline`)).status).toBe(204);

  // elm-2-teacher-1 left after the first day, oak-1-teacher-2 just now.
  expect(await preview('winter')).toMatchObject({ newLinks: 1, withdrawn: 0, left: 2 });
  const count = await evaluator.send('GET', `${at('winter')}/links/refresh`);
  expect(count.body).toEqual({ ...nothing, newLinks: 1, left: 2 });
  const [first, second] = await Promise.all([refresh('winter'), refresh('winter')]);
  expect([first.status, second.status]).toEqual([200, 200]);
  expect(first.body.newLinks + second.body.newLinks).toBe(1);
  expect(first.body.left + second.body.left).toBe(2);
  const after = await links('winter');
  expect((await refresh('winter')).body).toEqual({ ...nothing, newLinks: 0, left: 0 });
  expect(await links('winter')).toEqual(after);

  expect(after).toHaveLength(10);
  expect(await linkOf('winter', 'new-1')).toMatchObject({ state: 'open', school: 'elm-1', arm: 'partnership' });
  const mark = { state: 'open', standing: 'ineligible', reason: 'left-school', standingSince: '2026-12-02' };
  expect(await linkOf('winter', 'elm-2-teacher-1')).toMatchObject(mark);
  expect(await linkOf('winter', 'oak-1-teacher-2')).toMatchObject(mark);
  expect(await linkOf('winter', 'oak-1-teacher-1')).not.toHaveProperty('standing');
  expect(await linkOf('winter', 'oak-1-teacher-3')).toMatchObject({ standing: 'declined' });
  const { total } = (await evaluator.send('GET', `${at('winter')}/rates?by=arm`)).body;
  expect(total).toMatchObject({ invited: 10, eligible: 8, responded: 1, declined: 1, ineligible: 2 });
});

test('whoever was erased gets no link, neither by the links of a new staff nor by a wider audience', async () => {
  world.setClock(noon('2026-12-02'));
  const path = join(folder, 'erased.csv');
  await writeFile(
    path,
    'id,school,role,from\nerased-1,elm-1,teacher,2026-12-01\nerased-2,elm-1,headteacher,2026-12-01\n',
  );
  const options = { study: 'trial', path, file: 'erased.csv', by: 'A test', dryRun: false };
  expect((await importRoster(world.context, options)).document.problems).toEqual([]);
  for (const person of ['erased-1', 'erased-2']) {
    await erasePerson(world.context, 'trial', person, { withdraw: false, by: 'evaluator' });
  }
  expect((await evaluator.send('GET', `${at('winter')}/links/refresh`)).body).toMatchObject({ newLinks: 0 });
  await refresh('winter');
  expect(await linkOf('winter', 'erased-1')).toBeUndefined();
  const { audience } = (await evaluator.send('GET', at('winter'))).body.administration;
  const wider = { ...audience, roles: ['teacher', 'headteacher'] };
  const changed = await evaluator.send('PUT', at('winter'), { audience: wider, reason: 'Heads as well' });
  expect(changed.status, changed.text).toBe(200);
  expect(await linkOf('winter', 'erased-2')).toBeUndefined();
  expect((await evaluator.send('PUT', at('winter'), { audience, reason: 'Teachers alone' })).status).toBe(200);
});

test('a link that was withdrawn by hand is not given back, and a closed administration is left alone', async () => {
  const id = (await linkOf('winter', 'oak-1-teacher-4'))?._id;
  expect((await evaluator.send('POST', `${at('winter')}/invitations/${id}/revoke`)).status).toBe(200);
  expect((await refresh('winter')).body).toEqual({ ...nothing, newLinks: 0, left: 0 });
  expect(await linkOf('winter', 'oak-1-teacher-4')).toMatchObject({ state: 'revoked' });
  world.setClock(noon('2026-12-04'));
  expect((await evaluator.send('GET', `${at('winter')}/links/refresh`)).body).toEqual({
    ...nothing,
    newLinks: 1,
    left: 0,
  });
  await evaluator.send('PUT', `${at('winter')}/state`, { state: 'closed', reason: 'Enough' });
  expect((await refresh('winter')).body.code).toBe('state-not-allowed');
  expect((await evaluator.send('GET', `${at('winter')}/links/refresh`)).body).toEqual({
    ...nothing,
    newLinks: 0,
    left: 0,
  });
});

test('a coordinator follows the roster of the named clusters alone, and a viewer does not', async () => {
  const account = await accountOf(world.context, 'member', 'coordinator@example.org');
  const role = { role: 'coordinator', clusters: ['elm'], schools: [] } as const;
  await saveStudyAccess(world.context.db, { study: 'trial', account: account.id, ...role });
  const coordinator = new Visitor(world.app);
  await coordinator.signIn(account.email);
  // In elm new-1 and elm-2-teacher-2 have come and elm-2-teacher-1 has left; new-2 and three who left are in oak-1.
  expect((await evaluator.send('GET', `${at('running')}/links/refresh`)).body).toEqual({
    newLinks: 3,
    left: 4,
    moved: 1,
    returned: 0,
  });
  expect((await refresh('running', coordinator)).body).toEqual({ ...nothing, newLinks: 2, left: 1, moved: 1 });
  expect(await linkOf('running', 'new-2')).toBeUndefined();
  expect((await evaluator.send('GET', `${at('running')}/links/refresh`)).body).toEqual({
    ...nothing,
    newLinks: 1,
    left: 3,
  });
  expect((await refresh('running', await world.asViewer())).status).toBe(403);
  expect((await refresh('running')).body).toEqual({ ...nothing, newLinks: 1, left: 3 });
});

test('whoever moved out of the audience is marked, and whoever came back is asked again by the same link', async () => {
  world.setClock(noon('2026-12-05'));
  // elm-2-teacher-3 has been a headteacher since the first day, elm-1-teacher-4 moved within the audience.
  expect(await linkOf('running', 'elm-2-teacher-3')).toMatchObject({ standing: 'ineligible', reason: 'wrong-role' });
  expect(await linkOf('running', 'elm-1-teacher-4')).not.toHaveProperty('standing');
  const byHand = await linkOf('running', 'oak-1-teacher-4');
  const path = `${at('running')}/invitations/${byHand?._id}/ineligible`;
  expect((await evaluator.send('PUT', path, { reason: 'left-school' })).status).toBe(200);
  const place = { school: 'oak-1', cluster: null, role: 'teacher' };
  await change('oak-1-teacher-2', { kind: 'return', on: '2026-12-05', place }, 1);
  await change('elm-2-teacher-3', { kind: 'move', on: '2026-12-05', place: { role: 'teacher' } }, 1);
  const before = (await linkOf('running', 'oak-1-teacher-2'))?.serial;
  expect((await evaluator.send('GET', `${at('running')}/links/refresh`)).body).toEqual({ ...nothing, returned: 2 });
  expect((await refresh('running')).body).toEqual({ ...nothing, returned: 2 });
  expect((await refresh('running')).body).toEqual(nothing);
  for (const person of ['oak-1-teacher-2', 'elm-2-teacher-3']) {
    expect(await linkOf('running', person)).toMatchObject({ state: 'open', serial: before });
    expect(await linkOf('running', person)).not.toHaveProperty('standing');
  }
  expect(await linkOf('running', 'oak-1-teacher-4')).toMatchObject({ standing: 'ineligible', reason: 'left-school' });
});
