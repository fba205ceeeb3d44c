/**
 * Response rates while a wave runs: every outcome counted once, in the right place, with rates worked by hand; refusals
 * and the ineligible; what an unchanged table costs; who sees which schools.
 */
import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { saveStudyAccess } from '../../server/accounts/study-roles.ts';
import { listOpenInvitations } from '../../server/invitations/lists.ts';
import { insertInvitations } from '../../server/invitations/store.ts';
import { hashToken } from '../../server/invitations/tokens.ts';
import { markBounced, optOut } from '../../server/mail/stops.ts';
import { accountOf, Visitor } from './people.ts';
import { makeWorld, type TestLink, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await makeWorld({
    administrations: [
      { id: 'wave' },
      { id: 'hidden', mode: 'anonymous' },
      { id: 'staffroom' },
      { id: 'stopped' },
      { id: 'refusing' },
      { id: 'days', opens: '2026-03-01' },
    ],
  });
});

const answers = { role: 1, years: 7, statements: { help: 3, plan: 2, alone: 1 }, took_part: false };
/** A table is kept for a moment, the longer the slower the machine is. */
const patience = { timeout: 20_000, interval: 200 };
const consent = { information: 1, agreed: true };
const ratesOf = (id: string) => `/api/studies/trial/administrations/${id}/rates`;

const open = async ({ path, invitation }: TestLink) => {
  expect((await request(world.app).get(`/api${path}`)).status).toBe(200);
  // The opening is remembered without making anybody wait for it.
  await vi.waitFor(async () => {
    const invitations = world.context.db.collection<{ _id: string; openedAt: Date | null }>('invitations');
    expect((await invitations.findOne({ _id: invitation._id }))?.openedAt).toBeInstanceOf(Date);
  });
};
const begin = ({ path }: TestLink, given: object) =>
  request(world.app).put(`/api${path}/draft`).send({ answers: given, page: 0, consent });
const send = ({ path }: TestLink) =>
  request(world.app).post(`/api${path}/responses`).send({ key: randomUUID(), answers, consent });
const decline = ({ path }: TestLink) => request(world.app).post(`/api${path}/decline`);

function linksIn(administration: string, school: string): TestLink[] {
  return world.links(administration).filter(({ invitation }) => invitation.school === school);
}

/** The table as an evaluator sees it now. */
async function rates(administration: string, by: string, visitor?: Visitor) {
  const answer = await (visitor ?? (await world.asEvaluator())).send('GET', `${ratesOf(administration)}?by=${by}`);
  expect(answer.status).toBe(200);
  return answer.body;
}

describe('a wave of 24 people', () => {
  beforeAll(async () => {
    const elm = linksIn('wave', 'elm-1');
    const evaluator = await world.asEvaluator();
    for (const link of elm.slice(0, 6)) await open(link);
    for (const link of elm.slice(0, 3)) expect((await send(link)).status).toBe(201);
    expect((await begin(elm[3] as TestLink, { role: 1 })).status).toBe(200);
    expect((await decline(elm[4] as TestLink)).status).toBe(204);
    const ineligible = `/api/studies/trial/administrations/wave/invitations/${elm[7]?.invitation._id}/ineligible`;
    expect((await evaluator.send('PUT', ineligible, { reason: 'left-school' })).status).toBe(200);
    for (const link of linksIn('wave', 'oak-1').slice(0, 2)) expect((await send(link)).status).toBe(201);
    const taken = linksIn('wave', 'oak-1')[0]?.invitation._id;
    await world.context.db.collection('responses').updateOne({ invitation: taken }, { $set: { withdrawn: true } });
  });

  test('counts everybody once, and rates are those of the Standard Definitions', async () => {
    const { rows, total } = await rates('wave', 'school');
    const [elm1, elm2, oak] = rows;
    // Of eight: 3 sent in, 1 began, 1 declined, 1 only looked, 1 is untouched, 1 left the school.
    expect(elm1).toMatchObject({
      ...{ id: 'elm-1', invited: 8, eligible: 7, opened: 6, started: 4, responded: 3, partial: 1, declined: 1 },
      ...{ withdrawn: 0, silent: 1, notReached: 1, ineligible: 1 },
    });
    // I 3, P 1, R 2 (declined, only looked), NC 1.
    const expected = { rr1: 3 / 7, rr2: 4 / 7, coop1: 3 / 6, ref1: 2 / 7, con1: 6 / 7 };
    for (const [id, value] of Object.entries(expected)) expect(elm1.rates[id].value).toBeCloseTo(value, 14);
    expect(elm2).toMatchObject({ id: 'elm-2', invited: 8, opened: 0, started: 0, responded: 0, notReached: 8 });
    // Two came and one was taken back.
    expect(oak).toMatchObject({ id: 'oak-1', opened: 2, started: 2, responded: 1, withdrawn: 1, notReached: 6 });
    expect(total).toMatchObject({ invited: 24, eligible: 23, responded: 4, notReached: 15, ineligible: 1 });
    expect(total.rates.rr1.value).toBeCloseTo(4 / 23, 14);
    expect(total.rates.rr1.method).toBe('Wilson score interval');
  });

  test('every table adds up to the same total', async () => {
    const { total } = await rates('wave', 'cluster');
    for (const by of ['arm', 'school', 'role']) {
      const { rows } = await rates('wave', by);
      for (const key of ['invited', 'eligible', 'opened', 'started', 'responded', 'silent', 'notReached']) {
        const sum = rows.reduce((all: number, row: Record<string, number>) => all + (row[key] ?? 0), 0);
        expect(sum, `${key} by ${by}`).toBe(total[key]);
      }
    }
  });

  test('an unchanged table is told in no more than a header, a changed one whole', async () => {
    const evaluator = await world.asEvaluator();
    const first = await evaluator.agent.get(ratesOf('wave'));
    const again = await evaluator.agent.get(ratesOf('wave')).set('if-none-match', String(first.headers.etag));
    expect(again.status).toBe(304);
    expect(again.text).toBe('');
    await open(linksIn('wave', 'elm-2')[0] as TestLink);
    await vi.waitFor(async () => {
      const next = await evaluator.agent.get(ratesOf('wave')).set('if-none-match', String(first.headers.etag));
      expect([next.status, next.body.total?.silent]).toEqual([200, 2]);
    }, patience);
  });

  test('a coordinator sees the schools of the named clusters, in every number', async () => {
    const account = await accountOf(world.context, 'member', 'coordinator@example.org');
    const access = {
      study: 'trial',
      account: account.id,
      role: 'coordinator',
      clusters: ['elm'],
      schools: [],
    } as const;
    await saveStudyAccess(world.context.db, access);
    const coordinator = new Visitor(world.app);
    await coordinator.signIn(account.email);
    const { rows, total, arms } = await rates('wave', 'school', coordinator);
    expect(rows.map(({ id }: { id: string }) => id)).toEqual(['elm-1', 'elm-2']);
    expect(total.eligible).toBe(15);
    expect(arms.map(({ id }: { id: string }) => id)).toEqual(['partnership']);
    const other = linksIn('wave', 'oak-1')[5]?.invitation._id;
    const path = `/api/studies/trial/administrations/wave/invitations/${other}/ineligible`;
    expect((await coordinator.send('PUT', path, { reason: 'other' })).status).toBe(404);
    const calls = await coordinator.send('GET', '/api/studies/trial/administrations/wave/calls?after=0');
    expect(calls.body.rows.map(({ school }: { school: string }) => school)).not.toContain('oak-1');
  });

  test('closing keeps the counts: what was begun is partial then', async () => {
    const evaluator = await world.asEvaluator();
    const closed = await evaluator.send('PUT', '/api/studies/trial/administrations/wave/state', {
      state: 'closed',
      reason: 'Closed early in the test.',
    });
    expect(closed.status).toBe(200);
    await vi.waitFor(async () => {
      const [elm1] = (await rates('wave', 'school')).rows;
      expect(elm1).toMatchObject({ started: 4, responded: 3, partial: 1, declined: 1, silent: 1, notReached: 1 });
    }, patience);
  });
});

describe('who declines', () => {
  test('is told so, keeps no draft, and may think again with the same link', async () => {
    const link = linksIn('refusing', 'elm-1')[0] as TestLink;
    await begin(link, { role: 1, years: 2 });
    expect((await decline(link)).status).toBe(204);
    expect((await decline(link)).status).toBe(204);
    await expect
      .poll(() => world.context.db.collection('drafts').countDocuments({ administration: 'refusing' }))
      .toBe(0);
    const evaluator = await world.asEvaluator();
    const list = async () =>
      (await evaluator.send('GET', '/api/studies/trial/administrations/refusing/invitations?state=declined')).body;
    expect((await list()).invitations).toMatchObject([{ id: link.invitation._id, state: 'declined' }]);

    // No reminder goes to them either.
    const mailed = () =>
      listOpenInvitations(world.context.db, { study: 'trial', administration: 'refusing', whom: {} }, null, 100);
    expect((await mailed()).length).toBe(23);
    expect((await send(link)).status).toBe(201);
    expect((await mailed()).length).toBe(24);
    expect((await list()).total).toBe(0);
    expect((await decline(link)).body.code).toBe('link-used');
    expect((await rates('refusing', 'school')).rows[0]).toMatchObject({ responded: 1, declined: 0 });
  });

  test('is known by the day in an anonymous administration, and by nothing once they have thought again', async () => {
    const link = linksIn('hidden', 'elm-1')[0] as TestLink;
    world.setClock(new Date('2026-03-29T23:30:00Z'));
    expect((await decline(link)).status).toBe(204);
    world.setClock(null);
    const invitations = world.context.db.collection<{ _id: string }>('invitations');
    // British summer time has begun on that day: half past midnight of the 30th.
    expect(await invitations.findOne({ _id: link.invitation._id })).toMatchObject({ standingSince: '2026-03-30' });
    expect((await send(link)).status).toBe(201);
    const found = await invitations.findOne({ _id: link.invitation._id });
    expect(Object.keys(found ?? {})).not.toEqual(expect.arrayContaining(['standing']));
    expect(found).not.toHaveProperty('standingSince');
    // Who began is not to be known there.
    expect((await rates('hidden', 'school')).rows[0]).toMatchObject({ started: null, partial: null, responded: 1 });
  });
});

describe('who is ineligible', () => {
  const path = (id: string | undefined) => `/api/studies/trial/administrations/refusing/invitations/${id}/ineligible`;

  test('cannot answer until the mark is taken back; the audit knows who set it', async () => {
    const evaluator = await world.asEvaluator();
    const link = linksIn('refusing', 'elm-2')[0] as TestLink;
    const { _id } = link.invitation;
    const marked = await evaluator.send('PUT', path(_id), { reason: 'on-leave' });
    expect(marked.body).toMatchObject({ id: _id, state: 'ineligible', reason: 'on-leave', url: null });
    expect((await send(link)).body.code).toBe('link-revoked');
    expect((await decline(link)).body.code).toBe('link-revoked');
    expect((await evaluator.send('DELETE', path(_id))).body).toMatchObject({ state: 'open', reason: null });
    expect((await evaluator.send('DELETE', path(_id))).body.code).toBe('state-not-allowed');
    expect((await send(link)).status).toBe(201);
    expect((await evaluator.send('PUT', path(_id), { reason: 'on-leave' })).body.code).toBe('link-used');
    const entries = await world.context.db
      .collection('audit')
      .find({ verb: 'invitation.mark-ineligible', 'thing.invitation': _id })
      .toArray();
    expect(entries.filter(({ outcome }) => outcome === 'done').length).toBeGreaterThanOrEqual(2);
  });

  test('wants a reason', async () => {
    const evaluator = await world.asEvaluator();
    const { _id } = (linksIn('refusing', 'elm-2')[1] as TestLink).invitation;
    expect((await evaluator.send('PUT', path(_id), { reason: 'tired' })).status).toBe(400);
  });
});

test('a link that a staffroom shares stands for the staff of that day', async () => {
  const { db } = world.context;
  await db.collection('invitations').deleteMany({ administration: 'staffroom' });
  const [link] = world.links('staffroom');
  if (!link) throw new Error('there are links');
  await insertInvitations(db, [
    {
      ...link.invitation,
      _id: 'shared',
      person: null,
      shared: true,
      tokenHash: hashToken('a token of the staffroom'),
      openedAt: new Date(),
    },
  ]);
  // Eight teachers of that school; one of them leaves at the end of February 2026.
  await db
    .collection('people')
    .updateOne(
      { id: 'elm-1-teacher-8' },
      { $set: { spells: [{ from: null, to: '2026-02-28', school: 'elm-1', cluster: 'elm', role: 'teacher' }] } },
    );
  const evaluator = await world.asEvaluator();
  const at = async (day: string) => (await evaluator.send('GET', `${ratesOf('staffroom')}?by=school&asAt=${day}`)).body;
  expect((await at('2026-02-28')).total).toMatchObject({ invited: 8, eligible: 8, notReached: 8, opened: 0 });
  expect((await at('2026-03-01')).total).toMatchObject({ invited: 7, eligible: 7, notReached: 7 });
  expect((await at('2026-03-01')).asAt).toBe('2026-03-01');
});

test('days are those of the study, over the change of the clocks and without gaps', async () => {
  const links = linksIn('days', 'elm-1');
  for (const [at, moment] of ['2026-03-27T09:00:00Z', '2026-03-28T23:59:00Z', '2026-03-29T23:10:00Z'].entries()) {
    world.setClock(new Date(moment));
    await open(links[at] as TestLink);
    if (at > 0) expect((await send(links[at] as TestLink)).status).toBe(201);
  }
  world.setClock(null);
  // 23:10 by Greenwich on the 29th is ten past midnight of the 30th, because the clocks have gone forward.
  expect((await rates('days', 'day')).days).toEqual([
    { day: '2026-03-27', opened: 1, finished: 0, openedSoFar: 1, finishedSoFar: 0 },
    { day: '2026-03-28', opened: 1, finished: 1, openedSoFar: 2, finishedSoFar: 1 },
    { day: '2026-03-29', opened: 0, finished: 0, openedSoFar: 2, finishedSoFar: 1 },
    { day: '2026-03-30', opened: 1, finished: 1, openedSoFar: 3, finishedSoFar: 2 },
  ]);
});

describe('the schools that need a call', () => {
  const path = '/api/studies/trial/administrations/days/calls';
  const call = (changes: object) => ({
    ...{ key: randomUUID(), school: 'elm-2', on: '2026-04-01', by: 'The evaluator', said: 'Will remind everybody.' },
    ...{ hideUntil: null, ...changes },
  });

  test('are those that the rule names, most to gain first, with their reasons', async () => {
    world.setClock(new Date('2026-04-02T10:00:00Z'));
    const evaluator = await world.asEvaluator();
    // 32 days on: elm-1 has 2 of 8; nobody has opened a link in the others.
    const { body } = await evaluator.send('GET', `${path}?below=30&after=5&unopened=3`);
    expect(body).toMatchObject({ today: '2026-04-02', day: 32, rule: { below: 30, after: 5, unopened: 3 } });
    expect(body.rows).toMatchObject([
      { school: 'elm-2', eligible: 8, responded: 0, gain: 8, reasons: ['low', 'unopened'] },
      { school: 'oak-1', gain: 8, reasons: ['low', 'unopened'] },
      { school: 'elm-1', gain: 6, responded: 2, opened: 3, reasons: ['low'] },
    ]);
    // A quarter has responded in elm-1: below 25 in a hundred it is not.
    const stricter = await evaluator.send('GET', `${path}?below=25&after=40&unopened=40`);
    expect(stricter.body.rows).toEqual([]);
    const quarter = await evaluator.send('GET', `${path}?below=25&after=5&unopened=3`);
    expect(quarter.body.rows.map(({ school }: { school: string }) => school)).toEqual(['elm-2', 'oak-1']);
  });

  test('keep what was said, once, and stay away until the day that was agreed', async () => {
    const evaluator = await world.asEvaluator();
    const first = call({ hideUntil: '2026-04-08' });
    expect((await evaluator.send('POST', path, first)).status).toBe(204);
    expect((await evaluator.send('POST', path, first)).status).toBe(204);
    expect((await evaluator.send('POST', path, { ...first, said: 'Something else.' })).body.code).toBe('conflict');
    const row = async () =>
      (await evaluator.send('GET', path)).body.rows.find(({ school }: { school: string }) => school === 'elm-2');
    expect(await row()).toMatchObject({
      hiddenUntil: '2026-04-08',
      calls: [{ on: '2026-04-01', by: 'The evaluator', said: 'Will remind everybody.' }],
    });
    world.setClock(new Date('2026-04-08T10:00:00Z'));
    expect((await row()).hiddenUntil).toBeNull();
  });

  test('are refused what cannot be: a call tomorrow, a day that has passed, a school that is not there', async () => {
    world.setClock(new Date('2026-04-02T10:00:00Z'));
    const evaluator = await world.asEvaluator();
    const tomorrow = await evaluator.send('POST', path, call({ on: '2026-04-03' }));
    expect(tomorrow.body).toMatchObject({ code: 'invalid-request', issues: [{ path: 'body.on' }] });
    const passed = await evaluator.send('POST', path, call({ hideUntil: '2026-04-02' }));
    expect(passed.body.issues).toMatchObject([{ path: 'body.hideUntil' }]);
    expect((await evaluator.send('POST', path, call({ school: 'no-school' }))).status).toBe(404);
    expect((await evaluator.send('POST', path, call({ said: ' ' }))).status).toBe(400);
    world.setClock(null);
  });
});

// Last, because what stands against messages holds in every administration of the study.
test('who wants no messages has declined, and an address that bounced leaves open whether it was the right person', async () => {
  const [first, second, third] = linksIn('stopped', 'elm-1');
  if (!first || !second || !third) throw new Error('there are eight links');
  const people = [first, second, third].map(({ invitation }) => String(invitation.person));
  const [one = '', two = '', three = ''] = people;
  expect(await optOut(world.context, 'trial', one)).toBe(true);
  for (const person of [two, three]) await markBounced(world.context, 'trial', person, `${person}@example.org`);
  // The third opened the link all the same.
  await open(third);
  const [row] = (await rates('stopped', 'school')).rows;
  expect(row).toMatchObject({ eligible: 8, declined: 1, bounced: 1, silent: 1, notReached: 5, opened: 1 });
  // R 2 (no messages, only looked), NC 5, unknown 1: 2 of 8 were reached.
  expect([row.rates.con1.value, row.rates.ref1.value, row.rates.rr1.value]).toEqual([2 / 8, 2 / 8, 0]);
  const evaluator = await world.asEvaluator();
  const { body } = await evaluator.send(
    'GET',
    '/api/studies/trial/administrations/stopped/calls?below=1&after=366&unopened=366',
  );
  expect(body.rows.map(({ school }: { school: string }) => school)).toContain('elm-1');
});
