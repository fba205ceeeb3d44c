/**
 * Anonymous answers of people who share their school and role with few: what is stored, counted, exported and previewed of
 * their place. Each of the three schools has six teachers, four middle leaders and a headteacher.
 */
import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Papa from 'papaparse';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Role } from '../../instruments/study.ts';
import { aboutOf } from '../../server/datasets/about.ts';
import { loadDataset } from '../../server/datasets/dataset.ts';
import { sweepAnonymous } from '../../server/responses/anonymous.ts';
import { importResponses } from '../../server/responses/import.ts';
import { simulateResponses } from '../../server/responses/simulate.ts';
import { makeWorld, type TestLink, type World } from './world.ts';

const everybody: Role[] = ['teacher', 'middle-leader', 'headteacher'];
const arms = ['partnership', 'comparison'];
let world: World;
let folder: string;
const receipts: string[] = [];

const consent = { information: 1, agreed: true };
const patience = { timeout: 20_000, interval: 200 };
const linksOf = (administration: string, school: string, role: Role): TestLink[] =>
  world.links(administration).filter(({ invitation }) => invitation.school === school && invitation.role === role);
/** What was answered tells only this test who it was. */
async function answer(link: TestLink, years: number, role = 1): Promise<string> {
  const body = { key: randomUUID(), answers: { role, years }, consent };
  const sent = await request(world.app).post(`/api${link.path}/responses`).send(body);
  expect(sent.status).toBe(201);
  expect((await request(world.app).post(`/api${link.path}/responses`).send(body)).status).toBe(200);
  return sent.body.receiptCode;
}
const responses = (administration: string) => world.context.db.collection('responses').find({ administration });
const placeOf = async (administration: string, years: number) => {
  const found = (await responses(administration).toArray()).find((one) => one.answers.years === years);
  return {
    arm: found?.arm,
    cluster: found?.cluster,
    school: found?.school,
    role: found?.role,
    withheld: found?.withheld,
  };
};
const get = async (path: string) => (await (await world.asEvaluator()).send('GET', `/api/studies/trial/${path}`)).body;
const rowsOf = async (by: string) => {
  const { rows, total } = await get(`administrations/quiet/rates?by=${by}`);
  const of = (key: string) =>
    Object.fromEntries(rows.map((row: Record<string, unknown>) => [row.id, row[key]])) as Record<string, number>;
  return { total, of, ids: rows.map(({ id }: { id: string }) => id) };
};

afterAll(() => rm(folder, { recursive: true, force: true }));
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fidelis-test-places-'));
  world = await makeWorld({
    people: { teacher: 6, 'middle-leader': 4, headteacher: 1 },
    administrations: [
      { id: 'quiet', mode: 'anonymous', audience: { arms, roles: everybody } },
      { id: 'heads', mode: 'anonymous', audience: { arms, roles: ['headteacher'] } },
      { id: 'former', mode: 'anonymous', audience: { arms, roles: everybody } },
      { id: 'roles', mode: 'anonymous', audience: { arms, roles: everybody } },
      { id: 'named', audience: { arms, roles: everybody } },
    ],
  });
  for (const [school, first] of [
    ['elm-1', 1],
    ['elm-2', 11],
  ] as const) {
    receipts.push(await answer(linksOf('quiet', school, 'headteacher')[0] as TestLink, first));
    receipts.push(await answer(linksOf('quiet', school, 'middle-leader')[0] as TestLink, first + 1));
    receipts.push(await answer(linksOf('quiet', school, 'teacher')[0] as TestLink, first + 2));
  }
});

describe('what is stored', () => {
  test('of the headteacher and of the few who could be the headteacher is the school, and of teachers the role', async () => {
    const elm = { arm: 'partnership', cluster: 'elm', school: 'elm-1' };
    expect(await placeOf('quiet', 1)).toEqual({ ...elm, role: null, withheld: ['role'] });
    expect(await placeOf('quiet', 2)).toEqual({ ...elm, role: null, withheld: ['role'] });
    expect(await placeOf('quiet', 3)).toEqual({ ...elm, role: 'teacher', withheld: undefined });
  });

  test('is the arm alone where only headteachers are asked, who are fewer than the minimum in their cluster', async () => {
    await answer(linksOf('heads', 'elm-1', 'headteacher')[0] as TestLink, 21);
    const place = await placeOf('heads', 21);
    expect(place).toMatchObject({ arm: 'partnership', cluster: null, school: null, role: null });
    expect(place.withheld).toEqual(['role', 'school', 'cluster']);
    const text = JSON.stringify(await responses('heads').toArray());
    for (const word of ['elm', 'headteacher']) expect(text).not.toContain(word);
  });

  test('of the answer that tells a role only what the place tells already', async () => {
    const roleOf = async (administration: string, years: number) =>
      (await responses(administration).toArray()).find((one) => one.answers.years === years)?.answers.role;
    // The choices of this survey: 1 is Teacher, 2 Leader, 9 prefer not to say.
    expect([await roleOf('quiet', 1), await roleOf('quiet', 2)]).toEqual([undefined, undefined]);
    expect(await roleOf('quiet', 3)).toBe(1);
    const teachers = linksOf('roles', 'elm-1', 'teacher');
    for (const [at, role] of [1, 2, 9].entries()) await answer(teachers[at] as TestLink, 60 - at, role);
    expect(await Promise.all([60, 59, 58].map((years) => roleOf('roles', years)))).toEqual([1, undefined, 9]);
    await answer(linksOf('named', 'elm-1', 'middle-leader')[0] as TestLink, 32, 2);
    expect(await roleOf('named', 32)).toBe(2);
  });

  test('of an import no more than of a link, as far as anybody is asked there', async () => {
    const path = join(folder, 'brought.csv');
    const rows = 'elm-1,headteacher,1,33\nelm-1,teacher,1,34\nelm-1,teacher,2,35\n';
    await writeFile(path, `school,response_role,role,years\n${rows}`);
    const options = { study: 'trial', administration: 'roles', open: () => createReadStream(path) };
    expect(await importResponses(world.context, options)).toMatchObject({ rows: 3, created: 3, problems: [] });
    expect(await importResponses(world.context, options)).toMatchObject({ created: 0, unchanged: 3 });
    expect(await placeOf('roles', 33)).toMatchObject({ school: 'elm-1', role: null, withheld: ['role'] });
    expect(await placeOf('roles', 34)).toMatchObject({ school: 'elm-1', role: 'teacher', withheld: undefined });
    const stored = (await responses('roles').toArray()).filter(({ source }) => source === 'import');
    const told = stored.map(({ answers }) => [answers.years, answers.role]).sort();
    expect(told).toEqual([
      [33, undefined],
      [34, 1],
      [35, undefined],
    ]);
  });

  test('is the whole place in a confidential administration', async () => {
    await answer(linksOf('named', 'elm-1', 'headteacher')[0] as TestLink, 31);
    expect(await placeOf('named', 31)).toMatchObject({ school: 'elm-1', role: 'headteacher' });
  });

  test('follows those who are asked now: without one middle leader the others and the head are too few', async () => {
    const evaluator = await world.asEvaluator();
    const away = linksOf('quiet', 'oak-1', 'middle-leader')[0]?.invitation._id;
    const path = `/api/studies/trial/administrations/quiet/invitations/${away}/ineligible`;
    expect((await evaluator.send('PUT', path, { reason: 'other' })).status).toBe(200);
    await answer(linksOf('quiet', 'oak-1', 'teacher')[0] as TestLink, 41);
    expect(await placeOf('quiet', 41)).toMatchObject({ school: 'oak-1', role: null, withheld: ['role'] });
  });
});

describe('response rates', () => {
  test('count who was asked, so that every table adds up and nobody is counted twice', async () => {
    const role = await rowsOf('role');
    expect(role.of('responded')).toEqual({ teacher: 3, 'middle-leader': 2, headteacher: 2 });
    expect(role.of('notReached')).toEqual({ teacher: 15, 'middle-leader': 9, headteacher: 1 });
    expect((await rowsOf('school')).of('responded')).toEqual({ 'elm-1': 3, 'elm-2': 3, 'oak-1': 1 });
    expect(role.total).toMatchObject({ invited: 33, eligible: 32, responded: 7, opened: 7, silent: 0, notReached: 25 });
    for (const by of ['role', 'school', 'arm'])
      for (const key of ['invited', 'responded', 'opened', 'silent', 'notReached']) {
        const { of, total } = await rowsOf(by);
        expect(
          Object.values(of(key)).reduce((sum, n) => sum + n, 0),
          `${key} by ${by}`,
        ).toBe(total[key]);
      }
  });

  test('of a cluster that its answers do not tell know by the links who answered', async () => {
    const { rows, total } = await get('administrations/heads/rates?by=school');
    expect(rows.map(({ responded }: { responded: number }) => responded)).toEqual([1, 0, 0]);
    expect(total.responded).toBe(1);
  });

  test('take a withdrawn answer off its school, and none goes below zero', async () => {
    const done = await request(world.app).post('/api/withdrawals').send({ code: receipts[0] });
    expect(done.status).toBe(200);
    await vi.waitFor(async () => {
      const { of, total } = await rowsOf('school');
      expect(of('responded')).toEqual({ 'elm-1': 2, 'elm-2': 3, 'oak-1': 1 });
      expect(of('withdrawn')).toEqual({ 'elm-1': 1, 'elm-2': 0, 'oak-1': 0 });
      expect(total).toMatchObject({ responded: 6, withdrawn: 1, notReached: 25 });
    }, patience);
    // Which role it was is not known: the head and the middle leader of that school count in a row of their own.
    const role = await rowsOf('role');
    expect(role.ids).toEqual(['teacher', 'middle-leader', 'headteacher', 'withheld']);
    expect(role.of('responded')).toEqual({ teacher: 3, 'middle-leader': 1, headteacher: 1, withheld: 1 });
    expect(role.of('withdrawn')).toEqual({ teacher: 0, 'middle-leader': 0, headteacher: 0, withheld: 1 });
    expect(role.of('invited')).toEqual({ teacher: 18, 'middle-leader': 11, headteacher: 2, withheld: 2 });
    for (const by of ['role', 'school', 'arm'])
      for (const key of ['invited', 'responded', 'withdrawn', 'opened', 'silent', 'notReached']) {
        const { of, total } = await rowsOf(by);
        const sum = Object.values(of(key)).reduce((all, n) => all + n, 0);
        expect(sum, `${key} by ${by}`).toBe(total[key]);
      }
    const viewer = await (await world.asViewer()).send('GET', '/api/studies/trial/administrations/quiet/rates?by=role');
    expect(viewer.status).toBe(200);
    const report = await get('administrations/quiet/report');
    expect(report.sections.map(({ id }: { id: string }) => id)).toContain('response');
  });
});

test('an export leaves the cells empty and says why', async () => {
  const path = '/api/studies/trial/administrations/quiet/dataset.csv';
  const { data } = Papa.parse<Record<string, string>>((await (await world.asEvaluator()).agent.get(path)).text, {
    header: true,
    skipEmptyLines: true,
  });
  const places = data.map(({ years, school, response_role: role }) => `${years} ${school} ${role}`).sort();
  expect(places).toEqual(['11 elm-2 ', '12 elm-2 ', '13 elm-2 teacher', '2 elm-1 ', '3 elm-1 teacher', '41 oak-1 ']);
  const about = async (administration: string) => {
    const dataset = await loadDataset(world.context, 'trial', administration);
    return Object.fromEntries(aboutOf(dataset, { rows: 6, complete: 6 }));
  };
  expect(await about('quiet')).toMatchObject({ role_withheld: 4, school_withheld: 0, cluster_withheld: 0 });
  expect((await about('quiet')).withheld_note).toContain('fewer than 5 people');
  expect(await about('quiet')).toMatchObject({ role_answers_withheld: 4 });
  expect((await about('quiet')).role_answers_note).toContain('the answers to role,');
  expect(Object.keys(await about('named'))).not.toContain('role_withheld');
});

test('what former versions stored becomes coarser with the next sweep, and nothing else does', async () => {
  const { db } = world.context;
  await answer(linksOf('former', 'elm-1', 'headteacher')[0] as TestLink, 51);
  await answer(linksOf('former', 'elm-1', 'teacher')[0] as TestLink, 52);
  const head = { school: 'elm-1', role: 'headteacher' };
  const { modifiedCount } = await db
    .collection('responses')
    .updateOne({ administration: 'former', role: null }, { $set: head, $unset: { withheld: 1 } });
  expect(modifiedCount).toBe(1);
  expect(await placeOf('former', 51)).toMatchObject({ ...head, withheld: undefined });
  await db.collection('responses').updateOne({ administration: 'former', ...head }, { $set: { 'answers.role': 2 } });
  await sweepAnonymous(world.context);
  expect(await placeOf('former', 51)).toMatchObject({ school: 'elm-1', role: null, withheld: ['role'] });
  expect((await responses('former').toArray()).map(({ answers }) => answers)).toEqual(
    expect.arrayContaining([{ years: 51 }, { role: 1, years: 52 }]),
  );
  expect(await placeOf('former', 52)).toMatchObject({ school: 'elm-1', role: 'teacher', withheld: undefined });
  expect(await placeOf('named', 31)).toMatchObject({ school: 'elm-1', role: 'headteacher' });
});

describe('a plan', () => {
  test('is previewed with the number of people whose role and school are left out', async () => {
    const all = await get(`audience?arms=${arms.join(',')}&roles=${everybody.join(',')}`);
    expect(all.withheld).toEqual({ role: 15, school: 0, cluster: 0, tooFew: 0 });
    const leaders = await get('audience?arms=partnership&roles=middle-leader');
    expect(leaders.withheld).toEqual({ role: 8, school: 8, cluster: 0, tooFew: 0 });
    const heads = await get('audience?arms=partnership&roles=headteacher');
    expect(heads.withheld).toMatchObject({ role: 2, tooFew: 2 });
  });
});

test('made-up answers carry the first day alone, and leave no rates by role where they came without links', async () => {
  const own = await makeWorld({
    people: { teacher: 6, 'middle-leader': 4, headteacher: 1 },
    study: { simulated: true },
    administrations: [{ id: 'made', mode: 'anonymous', opens: '2026-03-01', audience: { arms, roles: everybody } }],
  });
  expect(
    await simulateResponses(own.context, { study: 'trial', administration: 'made', responses: 20, seed: 1 }),
  ).toEqual({ created: 20, unchanged: 0 });
  const stored = await own.context.db.collection('responses').find({ administration: 'made' }).toArray();
  expect(new Set(stored.map(({ receivedAt }) => (receivedAt as Date).toISOString()))).toEqual(
    new Set(['2026-03-01T00:00:00.000Z']),
  );
  const evaluator = await own.asEvaluator();
  const { body } = await evaluator.send('GET', '/api/studies/trial/administrations/made/rates?by=role');
  const untold = body.rows.find(({ title }: { title: string }) => title === 'Role not told');
  expect(untold.responded).toBeGreaterThan(untold.eligible);
  for (const row of body.rows.filter((one: unknown) => one !== untold)) {
    expect([row.rates.rr1.value, row.rates.rr1.notes[0].code]).toEqual([null, 'role-not-told']);
  }
  expect(body.total.rates.rr1.value).toBe(20 / 33);
});
