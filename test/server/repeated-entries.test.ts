/** A log whose links take an entry after each event: each is a row, each person counts once, and all are taken back at once. */
import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { beforeAll, expect, test } from 'vitest';
import { loadDataset } from '../../server/datasets/dataset.ts';
import { streamRows } from '../../server/datasets/rows.ts';
import { loadLibrary } from '../../server/instruments/library.ts';
import { countComplete, countResponses, countWithdrawn } from '../../server/responses/counts.ts';
import { sweepDrafts } from '../../server/responses/partials.ts';
import { withdrawPerson } from '../../server/rights/withdraw.ts';
import { createStudy } from '../../server/studies/create.ts';
import { findStudy } from '../../server/studies/store.ts';
import { makeWorld, type TestLink, type World } from './world.ts';

const consent = { information: 1, agreed: true };
const entry = (day: string) => ({ period_start: day, period_end: day, cluster_schools: 4 });

let world: World;
beforeAll(async () => {
  const log = (await loadLibrary()).find(({ id }) => id === 'implementation-log');
  if (!log) throw new Error('the library has no log');
  world = await makeWorld({
    instruments: [log],
    people: { coordinator: 3 },
    administrations: [
      {
        ...{ id: 'log', instrument: 'implementation-log', version: 1, repeats: true },
        audience: { arms: ['partnership'], roles: ['coordinator'] },
      },
    ],
  });
});

const send = (link: TestLink, body: object) => request(world.app).post(`/api${link.path}/responses`).send(body);
const bodyOf = (day: string) => ({ key: randomUUID(), answers: entry(day), consent });

async function rows(): Promise<string[]> {
  const { administration } = await loadDataset(world.context, 'trial', 'log');
  const days: string[] = [];
  for await (const { response } of streamRows(world.context, administration))
    days.push(`${response.person} ${response.answers.period_end} ${response.completion}`);
  return days.sort();
}

async function counted(): Promise<{ complete: number; partial: number; withdrawn: number }> {
  const groups = await countResponses(world.context.db, 'trial', 'log', 'all');
  const sum = (of: 'complete' | 'partial' | 'withdrawn') => groups.reduce((total, group) => total + group[of], 0);
  return { complete: sum('complete'), partial: sum('partial'), withdrawn: sum('withdrawn') };
}

test('three entries of one link are three rows of one person, and sending one of them again adds nothing', async () => {
  const link = world.takeLink('log');
  const bodies = ['2026-02-01', '2026-03-01', '2026-04-01'].map(bodyOf);
  for (const body of bodies) expect((await send(link, body)).status).toBe(201);
  for (const body of bodies) expect((await send(link, body)).status).toBe(200);
  const changed = await send(link, { ...bodies[1], answers: entry('2026-05-01') });
  expect([changed.status, changed.body.code]).toEqual([409, 'answers-differ']);
  const { person } = link.invitation;
  expect(await rows()).toEqual(bodies.map(({ answers }) => `${person} ${answers.period_end} complete`));
  expect(await counted()).toEqual({ complete: 1, partial: 0, withdrawn: 0 });
  expect(await countComplete(world.context.db, 'trial', 'log')).toEqual([{ administration: 'log', n: 1 }]);

  const page = await request(world.app).get(link.path);
  expect(page.status).toBe(200);
  expect(page.text).toContain('You have sent 3 entries, the last on');
  expect(page.text).toContain('Fill in another');
  const other = world.takeLink('log');
  const stolen = await send(other, bodies[2] ?? {});
  expect([stolen.status, stolen.body.code]).toEqual([400, 'invalid-request']);
  expect((await request(world.app).get(other.path)).text).not.toContain('You have sent');
});

test('two entries that arrive at the same moment are both kept', async () => {
  const link = world.takeLink('log');
  const before = (await rows()).length;
  const sent = await Promise.all(['2026-02-02', '2026-02-03'].map((day) => send(link, bodyOf(day))));
  expect(sent.map(({ status }) => status)).toEqual([201, 201]);
  expect((await rows()).length).toBe(before + 2);
  expect(await counted()).toEqual({ complete: 2, partial: 0, withdrawn: 0 });
});

test('an entry that is begun becomes one of its own at the closing, and the link is counted as before', async () => {
  const [link] = world.links('log');
  if (!link) throw new Error('no link');
  const draft = { answers: entry('2026-05-05'), page: 1, consent };
  expect((await request(world.app).put(`/api${link.path}/draft`).send(draft)).status).toBe(200);
  const before = await rows();
  world.setClock(new Date('2100-06-01T12:00:00Z'));
  expect(await sweepDrafts(world.context)).toBe(1);
  expect(await sweepDrafts(world.context)).toBe(0);
  world.setClock(null);
  expect(await rows()).toEqual([...before, `${link.invitation.person} 2026-05-05 partial`].sort());
  expect(await counted()).toEqual({ complete: 2, partial: 0, withdrawn: 0 });
});

test('whoever takes answers back takes back all entries, and counts as one who has', async () => {
  const [link] = world.links('log');
  const person = link?.invitation.person ?? '';
  const own = (await rows()).filter((row) => row.startsWith(`${person} `));
  expect(own.length).toBe(4);
  await withdrawPerson(world.context, 'trial', person, 'evaluator');
  expect((await rows()).filter((row) => row.startsWith(`${person} `))).toEqual([]);
  expect(await counted()).toEqual({ complete: 1, partial: 0, withdrawn: 1 });
  expect(await countWithdrawn(world.context.db, 'trial', 'log')).toBe(1);
  const stored = await world.context.db.collection('responses').find({ withdrawn: true }).toArray();
  expect(stored.length).toBe(4);
  expect(stored.every((one) => one.person === null && one.invitation === null && one.entryOf === undefined)).toBe(true);
});

test('the link stays in the list, and a lost one is replaced', async () => {
  const evaluator = await world.asEvaluator();
  const list = '/api/studies/trial/administrations/log/invitations';
  const rowOf = async () => {
    const { body } = await evaluator.send('GET', `${list}?role=coordinator`);
    return body.invitations.find(({ state }: { state: string }) => state === 'responded');
  };
  const row = await rowOf();
  expect(row.url).toMatch(/\/s\//);
  const { status, body } = await evaluator.send('POST', `${list}/${row.id}/reissue`);
  expect([status, body.state]).toEqual([200, 'responded']);
  expect(body.url).not.toBe(row.url);
  expect((await request(world.app).get(new URL(row.url).pathname)).status).toBe(410);
  expect((await request(world.app).get(new URL(body.url).pathname)).status).toBe(200);
});

test('surveys and anonymous administrations are answered once', async () => {
  const refused = async (change: object) => {
    const administration = {
      ...{ id: 'one', title: 'One', instrument: 'implementation-log', version: 1, wave: 'only', mode: 'confidential' },
      ...{ opens: '2026-01-01', closes: '2030-12-31', state: 'open', repeats: true },
      audience: { arms: ['all'], roles: ['coordinator'] },
      information: { version: 1, asker: 'A', paragraphs: ['B'], consent: 'C', contact: 'D' },
      ...change,
    };
    const study = {
      ...{ id: 'other', title: 'Other', description: '', simulated: false, timeZone: 'Europe/London', minimumCell: 5 },
      arms: [{ id: 'all', title: 'All', kind: 'comparison' }],
      waves: [{ id: 'only', title: 'Only', opens: '2026-01-01', closes: '2030-12-31' }],
    };
    return createStudy(world.context, { study, administrations: [administration] }).catch((error: unknown) => error);
  };
  const issue = { code: 'not-repeated', path: 'file.administrations.0.repeats' };
  for (const change of [{ instrument: 'staffroom' }, { mode: 'anonymous' }]) {
    expect(await refused(change)).toMatchObject({ code: 'invalid-request', issues: [issue] });
  }
  expect(await findStudy(world.context.db, 'other')).toBeNull();
});
