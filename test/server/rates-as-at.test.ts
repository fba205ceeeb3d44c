/**
 * Response rates as at a day follow the roster: whoever has moved counts where they stood on that day, whoever was not there
 * counts nowhere, and the table without a day stays as the links say. Six teachers and a headteacher in each school.
 */
import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { beforeAll, describe, expect, test } from 'vitest';
import { saveStudyAccess } from '../../server/accounts/study-roles.ts';
import { insertInvitations } from '../../server/invitations/store.ts';
import { hashToken } from '../../server/invitations/tokens.ts';
import { countCells, sumCounts } from '../../server/rates/cells.ts';
import { accountOf, Visitor } from './people.ts';
import { makeWorld, type TestLink, type World } from './world.ts';

let world: World;
let evaluator: Visitor;
const modes = ['confidential', 'anonymous'] as const;
const consent = { information: 1, agreed: true };
const linkOf = (administration: string, person: string) =>
  world.links(administration).find(({ invitation }) => invitation.person === person) as TestLink;

async function change(person: string, told: object) {
  const url = `/api/studies/trial/rosters/people/members/${person}/changes`;
  const answer = await evaluator.send('POST', url, { revision: 0, reason: 'As the school told us', ...told });
  expect(answer.status, answer.text).toBe(204);
}

beforeAll(async () => {
  const audience = { arms: ['partnership', 'comparison'], roles: ['teacher' as const, 'headteacher' as const] };
  world = await makeWorld({
    people: { teacher: 6, headteacher: 1, 'middle-leader': 4 },
    administrations: [
      ...modes.map((mode) => ({ id: mode, mode, audience })),
      { id: 'everybody', mode: 'anonymous', audience: { ...audience, roles: [...audience.roles, 'middle-leader'] } },
      { id: 'shared' },
    ],
  });
  evaluator = await world.asEvaluator();
  world.setClock(new Date('2026-03-20T12:00:00Z'));
  for (const mode of modes) {
    for (const person of ['elm-1-teacher-1', 'elm-1-teacher-3', 'oak-1-teacher-1', 'elm-2-headteacher-1']) {
      const body = { key: randomUUID(), answers: { role: 1, years: 3 }, consent };
      const { path } = linkOf(mode, person);
      expect((await request(world.app).post(`/api${path}/responses`).send(body)).status).toBe(201);
    }
    expect((await request(world.app).post(`/api${linkOf(mode, 'elm-1-teacher-2').path}/decline`)).status).toBe(204);
  }
  // Two move to another arm, one with an answer and one who declined; one leaves; one gets another role.
  const place = { school: 'oak-1', cluster: null };
  await change('elm-1-teacher-1', { kind: 'move', on: '2026-03-10', place });
  await change('elm-1-teacher-2', { kind: 'move', on: '2026-03-10', place });
  await change('elm-2-teacher-1', { kind: 'leave', on: '2026-03-09' });
  await change('elm-2-teacher-2', { kind: 'move', on: '2026-03-10', place: { role: 'headteacher' } });
});

type Row = Record<string, number> & { id: string };
const keys = ['invited', 'responded', 'declined', 'notReached'];
async function rates(mode: string, query: string) {
  const { status, body } = await evaluator.send('GET', `/api/studies/trial/administrations/${mode}/rates?${query}`);
  expect(status).toBe(200);
  const figures = (row: Row) => keys.map((key) => row[key]);
  return {
    rows: Object.fromEntries(body.rows.map((row: Row) => [row.id, figures(row)])),
    total: figures(body.total),
  };
}

describe.each(modes)('in %s mode', (mode) => {
  test('the table without a day, and that of a day before all changes, are as the links say', async () => {
    const asLinked = { 'elm-1': [7, 2, 1, 4], 'elm-2': [7, 1, 0, 6], 'oak-1': [7, 1, 0, 6] };
    for (const day of ['', '&asAt=2026-03-01']) {
      expect(await rates(mode, `by=school${day}`)).toEqual({ rows: asLinked, total: [21, 4, 1, 16] });
    }
  });

  test('a day after them counts people where they stood then, and nobody who had left', async () => {
    const asAt = 'asAt=2026-03-10';
    expect(await rates(mode, `by=school&${asAt}`)).toEqual({
      rows: { 'elm-1': [5, 1, 0, 4], 'elm-2': [6, 1, 0, 5], 'oak-1': [9, 2, 1, 6] },
      total: [20, 4, 1, 15],
    });
    expect((await rates(mode, `by=role&${asAt}`)).rows).toEqual({
      teacher: [16, 3, 1, 12],
      headteacher: [4, 1, 0, 3],
    });
    expect((await rates(mode, `by=arm&${asAt}`)).rows).toEqual({
      partnership: [11, 2, 0, 9],
      comparison: [9, 2, 1, 6],
    });
    // On its last day a membership still is one.
    expect((await rates(mode, 'by=school&asAt=2026-03-09')).total).toEqual([21, 4, 1, 16]);
  });

  test('a day is refused to who may not see identified rows: the difference of two days is those who moved', async () => {
    const account = await accountOf(world.context, 'member', `${mode}@example.org`);
    const role = { role: 'coordinator', clusters: ['elm'], schools: [] } as const;
    await saveStudyAccess(world.context.db, { study: 'trial', account: account.id, ...role });
    const coordinator = new Visitor(world.app);
    await coordinator.signIn(account.email);
    for (const reader of [coordinator, await world.asViewer()]) {
      const url = `/api/studies/trial/administrations/${mode}/rates?by=school`;
      expect((await reader.send('GET', url)).status).toBe(200);
      const { status, body } = await reader.send('GET', `${url}&asAt=2026-03-10`);
      expect([status, body.issues[0].code, body.issues[0].path]).toEqual([400, 'as-invited-only', 'query.asAt']);
    }
  });

  test('the answer names the day only when one was asked for, and always whose staff a shared link stands for', async () => {
    const url = `/api/studies/trial/administrations/${mode}/rates?by=school`;
    expect((await evaluator.send('GET', url)).body).toMatchObject({ asAt: null, staffOn: '2026-03-20' });
    const dated = (await evaluator.send('GET', `${url}&asAt=2026-03-10`)).body;
    expect(dated).toMatchObject({ asAt: '2026-03-10', staffOn: '2026-03-10' });
  });
});

describe('withdrawn answers of people who moved', () => {
  const cells = (administration: string, asAt: string | null) => {
    const where = { study: 'trial', id: administration, mode: 'anonymous' as const };
    return countCells(world.context.db, where, asAt ?? '2026-03-20', 'all', asAt !== null);
  };

  test('are no answers, as at a day as without one, whether they tell their role or not', async () => {
    // In each school six teachers, who are told, and the head and four leaders, who are not.
    for (const who of ['teacher-1', 'teacher-4', 'headteacher-1', 'middle-leader-1', 'middle-leader-2']) {
      const key = randomUUID();
      const { path } = linkOf('everybody', `elm-1-${who}`);
      const sent = await request(world.app)
        .post(`/api${path}/responses`)
        .send({ key, answers: { role: 1, years: 3 }, consent });
      expect(sent.status, sent.text).toBe(201);
      if (who !== 'teacher-1' && who !== 'middle-leader-1') continue;
      const code = sent.body.receiptCode;
      expect((await request(world.app).post('/api/withdrawals').send({ code })).status).toBe(200);
    }
    await change('elm-1-middle-leader-2', {
      kind: 'move',
      on: '2026-03-10',
      place: { school: 'oak-1', cluster: null },
    });
    const counted = async (asAt: string | null) => {
      const { complete, withdrawn, invited } = sumCounts(await cells('everybody', asAt));
      return { complete, withdrawn, invited };
    };
    // One of the teachers has left since, so a day after that has one person less.
    expect(await counted(null)).toEqual({ complete: 3, withdrawn: 2, invited: 33 });
    expect(await counted('2026-03-10')).toEqual({ complete: 3, withdrawn: 2, invited: 32 });
    for (const cell of await cells('everybody', '2026-03-10')) {
      for (const [key, n] of Object.entries(cell)) if (typeof n === 'number') expect(n, key).toBeGreaterThanOrEqual(0);
    }
  });

  test("of people with a link of their own beside their staffroom's are counted once, with a day as without", async () => {
    const { db } = world.context;
    const { invitation } = linkOf('shared', 'elm-1-teacher-1');
    await db.collection('invitations').deleteMany({ administration: 'shared', person: { $ne: invitation.person } });
    await db
      .collection<{ _id: string }>('invitations')
      .updateOne({ _id: invitation._id }, { $set: { state: 'withdrawn' } });
    const staffroom = {
      ...invitation,
      _id: 'staffroom',
      person: null,
      shared: true,
      tokenHash: hashToken('staffroom'),
    };
    await insertInvitations(db, [staffroom]);
    // Of six teachers two have moved away; one of these has a link, which was made for this school, and withdrew.
    for (const asAt of [null, '2026-03-20']) {
      const found = await cells('shared', asAt);
      const { invited, withdrawn } = sumCounts(found);
      expect([asAt, invited, withdrawn]).toEqual([asAt, 5, 1]);
    }
  });
});
