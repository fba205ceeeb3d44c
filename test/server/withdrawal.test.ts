/** Taking answers back: by link, by receipt code, through the evaluator; what goes, what stays, and after a crash. */
import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Administration } from '../../instruments/study.ts';
import { insertAdministration } from '../../server/administrations/store.ts';
import { loadDataset } from '../../server/datasets/dataset.ts';
import { streamRows } from '../../server/datasets/rows.ts';
import { followAudience, nobody } from '../../server/invitations/audience.ts';
import { enqueue } from '../../server/outbox/store.ts';
import { loadAdministrationReport } from '../../server/reports/administration-report.ts';
import { countWithdrawn } from '../../server/responses/counts.ts';
import { receiptCode } from '../../server/responses/receipts.ts';
import { findResponse, type StoredResponse } from '../../server/responses/store.ts';
import { responseId } from '../../server/responses/submit.ts';
import { beginWithdrawal, listWithdrawals, withdrawnPeople } from '../../server/rights/store.ts';
import { sweepWithdrawals, withdrawPerson } from '../../server/rights/withdraw.ts';
import { setWithdrawUntil } from '../../server/studies/store.ts';
import { makeWorld, type TestLink, type World } from './world.ts';

const answers = { role: 1, years: 7, statements: { help: 3, plan: 2, alone: 1 }, took_part: false };
const consent = { information: 1, agreed: true };
const teachers = 24;

let world: World;
beforeAll(async () => {
  world = await makeWorld({
    people: { teacher: teachers },
    administrations: [{ id: 'first' }, { id: 'second' }, { id: 'anonymous', mode: 'anonymous' }],
  });
});
beforeEach(() => setWithdrawUntil(world.context.db, 'trial', null));

const post = (path: string, body: object) => request(world.app).post(path).send(body);
const collection = (name: string) => world.context.db.collection(name);
const idOf = (administration: string, key: string) => responseId({ study: 'trial', id: administration }, key);

async function answer(link: TestLink, key: string = randomUUID()) {
  const paradata = { device: 'phone', pages: [{ page: 0, milliseconds: 4200 }] };
  const sent = await post(`/api${link.path}/responses`, { key, answers, consent, paradata });
  expect(sent.status).toBe(201);
  return { key, code: sent.body.receiptCode as string | null };
}

async function rowsOf(administration: string): Promise<string[]> {
  const dataset = await loadDataset(world.context, 'trial', administration);
  const ids: string[] = [];
  for await (const { response } of streamRows(world.context, dataset.administration)) ids.push(response._id);
  return ids;
}

/** Exactly what may stay of a response. */
function expectTombstone(stored: StoredResponse | null, link: TestLink, administration: string): void {
  const { school, cluster, arm, role } = link.invitation;
  const { _id, receivedAt, receipt: _, ...rest } = stored as StoredResponse;
  expect(rest).toEqual({
    study: 'trial',
    administration,
    instrument: 'staffroom',
    version: 1,
    wave: 'baseline',
    arm,
    cluster,
    school,
    role,
    subject: { kind: 'person', id: null },
    person: null,
    invitation: null,
    answers: {},
    answersHash: '',
    completion: 'complete',
    lastPage: null,
    consent: null,
    source: 'web',
    replaces: null,
    withdrawn: true,
  });
  expect(receivedAt.toISOString()).toMatch(/T00:00:00\.000Z$/);
}

describe('by a personal link', () => {
  test('the answers go, a tombstone stays, and the link takes no others', async () => {
    const link = world.takeLink('first');
    const { key } = await answer(link);
    const id = idOf('first', key);
    await expect.poll(() => collection('paradata').countDocuments({ response: id })).toBe(1);
    expect(await rowsOf('first')).toContain(id);
    const before = await countWithdrawn(world.context.db, 'trial', 'first');

    const done = await post(`/api${link.path}/withdrawal`, { scope: 'link' });
    expect(done.status).toBe(200);
    expect(done.body).toEqual({
      withdrawnOn: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      confirmation: expect.stringMatching(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/),
    });
    expectTombstone(await findResponse(world.context.db, id), link, 'first');
    expect(await collection('paradata').countDocuments({ response: id })).toBe(0);
    expect(await rowsOf('first')).not.toContain(id);
    expect(await countWithdrawn(world.context.db, 'trial', 'first')).toBe(before + 1);

    const again = await post(`/api${link.path}/withdrawal`, { scope: 'link' });
    expect([again.status, again.body]).toEqual([200, done.body]);
    expect(await countWithdrawn(world.context.db, 'trial', 'first')).toBe(before + 1);
    for (const other of [
      { key, answers },
      { key: randomUUID(), answers: { role: 2 } },
    ]) {
      const refused = await post(`/api${link.path}/responses`, { ...other, consent });
      expect([refused.status, refused.body.code]).toEqual([410, 'answers-withdrawn']);
    }
    const page = await request(world.app).get(`${link.path}/withdraw`);
    expect(page.text).toContain(done.body.confirmation);
    expect((await request(world.app).get(link.path)).text).toContain('These answers were withdrawn');
  });

  test('a draft goes too, and cannot be saved again', async () => {
    const link = world.takeLink('first');
    const draft = { answers: { years: 3 }, page: 0, consent };
    expect((await request(world.app).put(`/api${link.path}/draft`).send(draft)).status).toBe(200);
    expect((await post(`/api${link.path}/withdrawal`, { scope: 'link' })).status).toBe(200);
    expect(await collection('drafts').countDocuments({ _id: link.invitation._id as never })).toBe(0);
    const late = await request(world.app).put(`/api${link.path}/draft`).send(draft);
    expect([late.status, late.body.code]).toEqual([410, 'answers-withdrawn']);
  });

  test('all that the person gave to the study goes when they say so, with messages that wait and open links', async () => {
    const [first, second] = [world.takeLink('first'), world.links('second')[2] as TestLink];
    const person = first.invitation.person as string;
    expect(second.invitation.person).toBe(person);
    const keys = [await answer(first), await answer(second)].map(({ key }) => key);
    const to = { kind: 'person', study: 'trial', person } as const;
    const message = { key: 'm1', kind: 'reminder', to, study: 'trial', about: {}, sendAfter: null } as const;
    await enqueue(world.context, [message, { ...message, key: 'm2', to: { ...to, person: 'somebody-else' } }]);
    expect((await post(`/api${first.path}/withdrawal`, { scope: 'study' })).status).toBe(200);
    expectTombstone(await findResponse(world.context.db, idOf('first', keys[0] ?? '')), first, 'first');
    expectTombstone(await findResponse(world.context.db, idOf('second', keys[1] ?? '')), second, 'second');
    const states = await collection('outbox').find().sort({ _id: 1 }).toArray();
    expect(states.map(({ state }) => state)).toEqual(['cancelled', 'waiting']);
    // Their link of the anonymous survey, which they had not used.
    const anonymous = await collection('invitations').findOne({ person, administration: 'anonymous' });
    expect(anonymous?.state).toBe('withdrawn');
    const [record] = await listWithdrawals(world.context.db, 'trial', person);
    expect(record).toMatchObject({ scope: 'study', by: 'respondent', responses: 2, state: 'applied' });
  });

  test('an anonymous link leads to no answers, and says so', async () => {
    const link = world.takeLink('anonymous');
    await answer(link);
    const page = await request(world.app).get(`${link.path}/withdraw`);
    expect(page.text).toContain('nothing leads from this link to your answers');
    const refused = await post(`/api${link.path}/withdrawal`, { scope: 'link' });
    expect([refused.status, refused.body.code]).toEqual([409, 'state-not-allowed']);
  });
});

describe('by a receipt code', () => {
  test('only an anonymous response has one; it is stored as a hash and takes the answers back', async () => {
    const link = world.takeLink('anonymous');
    const { key, code } = await answer(link);
    expect(code).toBe(receiptCode(key));
    expect(code).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
    const everything = JSON.stringify(await collection('responses').find().toArray());
    expect(everything).not.toContain(code);
    // As somebody types it from a note.
    const typed = ` ${(code ?? '').toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')} `;
    const done = await post('/api/withdrawals', { code: typed });
    expect(done.status).toBe(200);
    expectTombstone(await findResponse(world.context.db, idOf('anonymous', key)), link, 'anonymous');
    expect((await post('/api/withdrawals', { code })).body).toEqual(done.body);
    // What the respondent's browser may still retry is told the truth.
    const retried = await post(`/api${link.path}/responses`, { key, answers, consent });
    expect([retried.status, retried.body.code]).toEqual([410, 'answers-withdrawn']);
    // The invitation is as any other that was used.
    const invitation = await collection('invitations').findOne({ tokenHash: link.invitation.tokenHash });
    expect(invitation).toMatchObject({ state: 'used', claim: null });
  });

  test('an unknown code is refused, and a search for one is stopped', async () => {
    const codes = Array.from({ length: 31 }, (_, at) => receiptCode(`unknown ${at}`));
    const statuses: number[] = [];
    for (const code of codes) statuses.push((await post('/api/withdrawals', { code })).status);
    expect(statuses).toEqual([...Array<number>(30).fill(404), 429]);
  });
});

describe('the last day', () => {
  test('is the last on which answers can be withdrawn, in the time zone of the study', async () => {
    const link = world.takeLink('first');
    const { key } = await answer(link);
    await setWithdrawUntil(world.context.db, 'trial', '2027-06-30');
    // Kept for a second by every process.
    await new Promise((resolve) => setTimeout(resolve, 1100));
    // 00:30 on 1 July in London is still 30 June in UTC.
    world.setClock(new Date('2027-06-30T23:30:00Z'));
    const late = await post(`/api${link.path}/withdrawal`, { scope: 'link' });
    expect([late.status, late.body.code]).toEqual([403, 'withdrawal-closed']);
    expect((await request(world.app).get(`${link.path}/withdraw`)).text).toContain(
      'last day for withdrawing has passed',
    );
    expect((await findResponse(world.context.db, idOf('first', key)))?.answers).toEqual(answers);
    world.setClock(new Date('2027-06-30T22:30:00Z'));
    const page = await request(world.app).get(`${link.path}/withdraw`);
    expect(page.text).toContain('You can withdraw until 30 June 2027.');
    const inTime = await post(`/api${link.path}/withdrawal`, { scope: 'link' });
    expect(inTime.status).toBe(200);
    world.setClock(new Date('2027-07-02T12:00:00Z'));
    // The answer to the first request may have been lost on the way.
    expect((await post(`/api${link.path}/withdrawal`, { scope: 'link' })).body).toEqual(inTime.body);
    world.setClock(null);
  });
});

describe('when it is cut off', () => {
  test('the sweep finishes it, and looks again for a submission that was on its way', async () => {
    const link = world.links('second')[15] as TestLink;
    const { key } = await answer(link);
    const { person, _id: invitation } = link.invitation;
    const nothing = { response: null, administration: null } as const;
    const asked = { ...nothing, study: 'trial', scope: 'study', person, invitation: null, by: 'evaluator' } as const;
    await beginWithdrawal(world.context.db, {
      ...asked,
      _id: `trial/study/${person}`,
      confirmation: 'X',
      on: '2026-01-01',
    });
    await sweepWithdrawals(world.context);
    const id = idOf('second', key);
    const tombstone = await findResponse(world.context.db, id);
    expectTombstone(tombstone, link, 'second');
    // A submission that had passed the check of its link before the withdrawal arrives now.
    const late = { ...tombstone, _id: 'late', person, invitation, answers, withdrawn: false };
    await collection('responses').insertOne(late as never);
    await sweepWithdrawals(world.context);
    expect(await findResponse(world.context.db, 'late')).toMatchObject({ withdrawn: true, answers: {}, person: null });
    expect(await listWithdrawals(world.context.db, 'trial', person as string)).toMatchObject([
      { state: 'settled', responses: 2 },
    ]);
  });

  test('two servers at once remove the same once', async () => {
    const link = world.links('second')[16] as TestLink;
    await answer(link);
    const person = link.invitation.person as string;
    const both = await Promise.all([0, 1, 2].map(() => withdrawPerson(world.context, 'trial', person, 'evaluator')));
    expect(new Set(both.map(({ confirmation }) => confirmation)).size).toBe(1);
    await sweepWithdrawals(world.context);
    expect(await listWithdrawals(world.context.db, 'trial', person)).toMatchObject([
      { responses: 1, state: 'settled' },
    ]);
  });
});

test('datasets and reports leave withdrawn responses out and say how many', async () => {
  const { withdrawn, administration } = await loadDataset(world.context, 'trial', 'first');
  expect(withdrawn).toBe(await collection('responses').countDocuments({ administration: 'first', withdrawn: true }));
  expect(withdrawn).toBeGreaterThan(1);
  const analyst = await world.asAnalyst();
  const zip = await analyst.agent.get('/api/studies/trial/administrations/first/dataset.csv');
  const kept = await rowsOf(administration.id);
  expect(zip.text.trim().split('\r\n')).toHaveLength(1 + kept.length);
  const note = async (suppress: boolean) =>
    (await loadAdministrationReport(world.context, 'trial', 'first', suppress)).notes.find(
      ({ code }) => code === 'withdrawn',
    )?.text;
  expect(await note(false)).toBe(`Withdrawn and left out: ${withdrawn} responses.`);
  expect(await note(true)).toBe('Some responses were withdrawn, and are left out.');
});

test('whoever withdrew from the study gets no link of a later survey', async () => {
  const { context, people } = world;
  const gone = people.at(-1)?.id ?? '';
  await withdrawPerson(context, 'trial', gone, 'evaluator');
  const later = { ...(world.administrations[0] as Administration), id: 'later' };
  await insertAdministration(context.db, later);
  await followAudience(context, later, nobody);
  const invited = await collection('invitations').find({ administration: 'later' }).toArray();
  const whom = invited.map(({ person }) => person);
  expect(whom).not.toContain(gone);
  // Others have withdrawn from the whole study in the tests before.
  expect(people.length - whom.length).toBe(new Set(await withdrawnPeople(context.db, 'trial')).size);
  expect(whom.length).toBeGreaterThan(people.length / 2);
});
