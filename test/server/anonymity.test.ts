/**
 * Whoever holds the whole database and every log line cannot tell which invitation an anonymous response came through.
 * Thirty people answer in a known order; then each channel is tried (`server/responses/anonymous.ts` names them).
 */
import { createHash } from 'node:crypto';
import request from 'supertest';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { findInvitationByHash } from '../../server/invitations/store.ts';
import { sweepAnonymous } from '../../server/responses/anonymous.ts';
import { anonymousDays } from '../../server/responses/days.ts';
import { responseId } from '../../server/responses/submit.ts';
import { makeWorld, type TestLink, type World } from './world.ts';

const consent = { information: 1, agreed: true };
const people = 30;
/** The same keys in every run, so that an order is what it is and no luck. */
const keyOf = (at: number) =>
  createHash('sha256')
    .update(`respondent ${at}`)
    .digest('hex')
    .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5');
const answersOf = (at: number) => ({ role: 1, years: at, took_part: false });

type Document = Record<string, unknown>;
let world: World;
let links: TestLink[];
/** Lines that were logged while people answered. */
let lines: string[];

const all = (name: string, order: Record<string, 1> = { $natural: 1 }) =>
  world.context.db.collection(name).find().sort(order).toArray() as Promise<Document[]>;
/** In which turn a response came, as only this test knows. */
const turnOf = (response: Document) => (response.answers as { years: number }).years;

beforeAll(async () => {
  world = await makeWorld({
    people: { teacher: 10 },
    administrations: [{ id: 'quiet', mode: 'anonymous', opens: '2026-03-01' }],
  });
  // A shuffled order of the links, known here: 7 and 30 have no common divisor.
  links = Array.from({ length: people }, (_, at) => world.links('quiet')[(at * 7) % people] as TestLink);
  const from = world.logLines.length;
  const start = Date.parse('2026-03-02T08:00:00Z');
  for (const [at, link] of links.entries()) {
    // Each at an hour of their own, over several days.
    world.setClock(new Date(start + at * 3 * 3_600_000));
    await request(world.app).get(`/api${link.path}`).expect(200);
    const draft = { answers: { years: at }, page: 0, consent };
    await request(world.app).put(`/api${link.path}/draft`).send(draft).expect(200);
    const paradata = { device: 'phone', pages: [{ page: 0, milliseconds: 1000 + at }] };
    const body = { key: keyOf(at), answers: answersOf(at), consent, paradata };
    await request(world.app).post(`/api${link.path}/responses`).send(body).expect(201);
    // A lost answer makes a browser try again, and a curious person opens the link once more.
    if (at % 5 === 0) await request(world.app).post(`/api${link.path}/responses`).send(body).expect(200);
    if (at % 7 === 0) await request(world.app).get(`/api${link.path}`).expect(409);
  }
  await vi.waitFor(async () => {
    expect(await world.context.db.collection('paradata').countDocuments()).toBe(people);
    expect(await world.context.db.collection('drafts').countDocuments()).toBe(0);
    expect(await world.context.db.collection('responseDays').countDocuments()).toBe(4);
  });
  lines = world.logLines.slice(from);
  world.setClock(null);
});

/** How many of the thirty an order puts in the turn in which they came; one is what chance gives on average. */
const hits = (turns: readonly number[]) => turns.filter((turn, place) => turn === place).length;

/** Spearman's rank correlation of an order with the turns: 1 - 6 * sum of squared differences / (n (n^2 - 1)). */
function rankCorrelation(turns: readonly number[]): number {
  const squares = turns.reduce((sum, turn, place) => sum + (turn - place) ** 2, 0);
  return 1 - (6 * squares) / (turns.length * (turns.length ** 2 - 1));
}

describe('the thirty answers', () => {
  test('are there, each whole, and every link is used', async () => {
    const responses = await all('responses');
    expect(responses.map(turnOf).sort((a, b) => a - b)).toEqual(Array.from({ length: people }, (_, at) => at));
    expect((await all('invitations')).map(({ state }) => state)).toEqual(Array(people).fill('used'));
  });

  test('differ in their answers and in hashes of secret keys alone', async () => {
    const open = new Set(['_id', 'answers', 'answersHash', 'receipt', 'school', 'cluster', 'arm']);
    const rest = (await all('responses')).map((one) => Object.entries(one).filter(([name]) => !open.has(name)));
    expect(new Set(rest.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(rest[0]).toContainEqual(['receivedAt', new Date('2026-03-01')]);
  });

  test('leave all used links alike: no time, no claim, nothing but who they were for', async () => {
    const whose = new Set(['_id', 'person', 'tokenHash', 'school', 'cluster', 'arm']);
    const rest = (await all('invitations')).map((one) => Object.entries(one).filter(([name]) => !whose.has(name)));
    expect(new Set(rest.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(rest[0]).toEqual(
      expect.arrayContaining([
        ['openedAt', new Date('2026-03-01')],
        ['claim', null],
      ]),
    );
  });
});

describe('an order', () => {
  test.each([
    ['in which responses lie in the database', 'responses', { $natural: 1 }],
    ['of the ids of responses', 'responses', { _id: 1 }],
    ['of the index of receipts', 'responses', { receipt: 1 }],
    ['of the index of rates', 'responses', { study: 1, administration: 1, completion: 1, withdrawn: 1, arm: 1 }],
  ] as const)('%s is that of hashes, and not that in which they came', async (_, name, order) => {
    const turns = (await all(name, order as unknown as Record<string, 1>)).map(turnOf);
    // 0.47 is what a random order of thirty exceeds once in a hundred (two-sided).
    expect(Math.abs(rankCorrelation(turns))).toBeLessThan(0.47);
    expect(hits(turns)).toBeLessThanOrEqual(3);
  });

  test('in which paradata lie is that of random ids, and they name no response', async () => {
    const paradata = await all('paradata');
    const ids = paradata.map(({ _id }) => String(_id));
    expect(ids).toEqual(ids.toSorted());
    expect(new Set(paradata.map(({ response }) => response))).toEqual(new Set([null]));
  });

  test('in which links lie is that in which they were made', async () => {
    const made = world.links('quiet').map(({ invitation }) => invitation._id);
    expect((await all('invitations')).map(({ _id }) => _id)).toEqual(made);
  });

  test('of the arrivals would show with an order of arrival: the measure can tell', () => {
    const arrivals = Array.from({ length: people }, (_, at) => at);
    expect([rankCorrelation(arrivals), hits(arrivals)]).toEqual([1, people]);
    expect(rankCorrelation(arrivals.toReversed())).toBe(-1);
  });
});

test('a place is stored that at least as many people share as the study says; here each role of a school is ten', async () => {
  const shared = new Set((await all('responses')).map(({ school, role }) => `${school} ${role}`));
  expect([...shared].sort()).toEqual(['elm-1 teacher', 'elm-2 teacher', 'oak-1 teacher']);
  // A headteacher is one: `anonymous-places.test.ts` tries those who share their place with few.
  const small = await makeWorld({
    people: { teacher: 4, headteacher: 1 },
    administrations: [
      { id: 'quiet', mode: 'anonymous', audience: { arms: ['partnership'], roles: ['teacher', 'headteacher'] } },
    ],
  });
  for (const [at, { path }] of small.links('quiet').entries()) {
    const body = { key: keyOf(at), answers: answersOf(at), consent };
    await request(small.app).post(`/api${path}/responses`).send(body).expect(201);
  }
  const stored = await small.context.db.collection('responses').find().toArray();
  expect(stored.map(({ role }) => role)).toEqual(Array(10).fill(null));
  expect(JSON.stringify(stored)).not.toContain('teacher');
});

test('no document of any collection holds something of a link and something of a response', async () => {
  const ofLinks = links.flatMap(({ invitation, token }) => [
    invitation._id,
    invitation.tokenHash,
    token,
    String(invitation.person),
  ]);
  const ofResponses = (await all('responses')).flatMap(({ _id, answersHash, receipt }) =>
    [_id, answersHash, receipt].map(String),
  );
  ofResponses.push(...Array.from({ length: people }, (_, at) => keyOf(at)));
  let seen = 0;
  for (const { name } of await world.context.db.listCollections()) {
    for (const document of await all(name)) {
      const text = JSON.stringify(document);
      const link = ofLinks.some((value) => text.includes(value));
      const response = ofResponses.some((value) => text.includes(value));
      expect(link && response, name).toBe(false);
      seen += Number(link) + Number(response);
    }
  }
  expect(seen).toBeGreaterThanOrEqual(2 * people);
});

test('no log line tells that or when an anonymous link was used', () => {
  expect(lines.filter((line) => line.includes('/s/'))).toEqual([]);
});

test('days are counted for the whole administration, apart from the answers', async () => {
  // Every three hours from 08:00: six on the first day, then eight a day.
  expect(await anonymousDays(world.context.db, 'trial', 'quiet')).toEqual([
    { day: '2026-03-02', n: 6 },
    { day: '2026-03-03', n: 8 },
    { day: '2026-03-04', n: 8 },
    { day: '2026-03-05', n: 8 },
  ]);
  expect(Object.keys((await all('responseDays'))[0] ?? {}).sort()).toEqual([
    '_id',
    'administration',
    'day',
    'n',
    'study',
  ]);
});

describe('what a crash leaves', () => {
  test('a claim is made of the submission key alone, and goes at the closing', async () => {
    const { db } = world.context;
    const link = links[3] as TestLink;
    const claim = createHash('sha256')
      .update(`claim|${keyOf(3)}`)
      .digest('hex');
    await db.collection('invitations').updateOne({ tokenHash: link.invitation.tokenHash }, { $set: { claim } });
    // Whatever of a response one hashes: the claim is none of it.
    const guesses = (await all('responses')).flatMap(({ _id, answersHash, receipt }) =>
      [_id, answersHash, receipt].flatMap((value) => [
        String(value),
        ...['', 'claim|', 'receipt|'].map((before) => createHash('sha256').update(`${before}${value}`).digest('hex')),
      ]),
    );
    expect(guesses).not.toContain(claim);
    await sweepAnonymous(world.context);
    expect((await findInvitationByHash(db, link.invitation.tokenHash))?.claim).toBe(claim);
    world.setClock(new Date('2100-02-01T12:00:00Z'));
    await sweepAnonymous(world.context);
    expect((await findInvitationByHash(db, link.invitation.tokenHash))?.claim).toBeNull();
    world.setClock(null);
  });

  test('a draft of a used link goes with the next sweep, and that of an unused one stays', async () => {
    const { db } = world.context;
    const [used, unused] = [links[4], links[5]] as [TestLink, TestLink];
    for (const link of [used, unused]) {
      await db
        .collection('invitations')
        .updateOne({ tokenHash: link.invitation.tokenHash }, { $set: { state: 'open' } });
      const draft = { answers: { years: 1 }, page: 0, consent };
      await request(world.app).put(`/api${link.path}/draft`).send(draft).expect(200);
    }
    await db.collection('invitations').updateOne({ tokenHash: used.invitation.tokenHash }, { $set: { state: 'used' } });
    await sweepAnonymous(world.context);
    expect(await db.collection('drafts').countDocuments()).toBe(1);
    expect((await request(world.app).get(`/api${unused.path}`)).body.draft.answers).toEqual({ years: 1 });
  });
});

test('the id of a response is the hash of a key that nobody stores', async () => {
  const ids = new Set((await all('responses')).map(({ _id }) => _id));
  for (let at = 0; at < people; at += 1) expect(ids).toContain(responseId({ study: 'trial', id: 'quiet' }, keyOf(at)));
});
