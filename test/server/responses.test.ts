/** Sending answers over HTTP: once, whatever the line does, and never what the instrument does not allow. */
import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { beforeAll, describe, expect, test } from 'vitest';
import { takeStep } from '../../server/administrations/state.ts';
import { claimInvitation, findInvitationByHash, revokeInvitation } from '../../server/invitations/store.ts';
import { findResponse, findResponseOfInvitation, streamResponses } from '../../server/responses/store.ts';
import { claimOf, responseId } from '../../server/responses/submit.ts';
import { makeWorld, type TestLink, type World } from './world.ts';

const confidential = 'baseline-staffroom';
const anonymous = 'anonymous-staffroom';
const day = 24 * 60 * 60 * 1000;

let world: World;
beforeAll(async () => {
  world = await makeWorld({
    people: { teacher: 30 },
    administrations: [
      { id: confidential },
      { id: anonymous, mode: 'anonymous' },
      { id: 'planned', state: 'planned', opens: '2099-01-01' },
      { id: 'paused', state: 'paused' },
      { id: 'closed', state: 'closed' },
      { id: 'over', closes: '2020-02-01' },
      { id: 'closing' },
    ],
  });
});

const goodAnswers = { role: 1, years: 7, statements: { help: 3, plan: 2, alone: 1 }, took_part: false };
const consent = { information: 1, agreed: true };

function bodyOf(changes: Record<string, unknown> = {}) {
  return { key: randomUUID(), answers: goodAnswers, consent, lastPage: 2, ...changes };
}

function send(link: TestLink, body: object | string) {
  return request(world.app)
    .post(`/api${link.path}/responses`)
    .set('content-type', 'application/json')
    .send(typeof body === 'string' ? body : JSON.stringify(body));
}

async function stored(administration: string) {
  const found = [];
  for await (const response of streamResponses(world.context.db, world.study.id, administration)) found.push(response);
  return found;
}

describe('a confidential submission', () => {
  test('is stored whole with what its invitation says', async () => {
    const link = world.takeLink(confidential);
    const body = bodyOf({ paradata: { device: 'phone', pages: [{ page: 0, milliseconds: 4200 }] } });
    const answer = await send(link, body);
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      status: 'received',
      receivedOn: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      receiptCode: null,
    });
    const id = responseId({ study: 'trial', id: confidential }, body.key);
    expect(await findResponse(world.context.db, id)).toMatchObject({
      study: 'trial',
      administration: confidential,
      instrument: 'staffroom',
      version: 1,
      wave: 'baseline',
      arm: link.invitation.arm,
      cluster: 'elm',
      school: 'elm-1',
      role: 'teacher',
      subject: { kind: 'person', id: link.invitation.person },
      person: link.invitation.person,
      invitation: link.invitation._id,
      answers: goodAnswers,
      completion: 'complete',
      consent: { information: 1, agreedAt: expect.any(Date) },
      source: 'web',
      replaces: null,
      withdrawn: false,
    });
  });

  test('with the same key and answers again is a success with the same body', async () => {
    const link = world.takeLink(confidential);
    const body = bodyOf();
    const first = await send(link, body);
    const again = await send(link, { ...body, answers: Object.fromEntries(Object.entries(goodAnswers).reverse()) });
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body).toEqual(first.body);
  });

  test('with the same key and other answers is refused, and the first stay', async () => {
    const link = world.takeLink(confidential);
    const body = bodyOf();
    await send(link, body);
    const other = await send(link, { ...body, answers: { ...goodAnswers, years: 8 } });
    expect([other.status, other.body.code]).toEqual([409, 'answers-differ']);
    const kept = await findResponseOfInvitation(world.context.db, link.invitation);
    expect(kept?.answers).toEqual(goodAnswers);
  });

  test('with another key is a success for the same answers and refused for others', async () => {
    const link = world.takeLink(confidential);
    await send(link, bodyOf());
    const same = await send(link, bodyOf());
    const other = await send(link, bodyOf({ answers: { role: 2 } }));
    expect(same.status).toBe(200);
    expect([other.status, other.body.code]).toEqual([409, 'link-used']);
  });

  test('sent fifty times at once leaves one response', async () => {
    const link = world.takeLink(confidential);
    const body = bodyOf();
    const results = await Promise.all(Array.from({ length: 50 }, () => send(link, body)));
    expect(results.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(results.filter(({ status }) => status === 200)).toHaveLength(49);
    const found = (await stored(confidential)).filter(({ invitation }) => invitation === link.invitation._id);
    expect(found).toHaveLength(1);
  });

  test('sent at once with fifty different answers leaves one, and tells the others', async () => {
    const link = world.takeLink(confidential);
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, years) => send(link, bodyOf({ answers: { role: 1, years } }))),
    );
    expect(results.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(results.filter(({ body }) => body.code === 'link-used')).toHaveLength(49);
  });

  test('whose key was used through another link is refused, and nothing of it is lost on the other', async () => {
    const [one, two] = [world.takeLink(confidential), world.takeLink(confidential)];
    const body = bodyOf();
    await send(one, body);
    const second = await send(two, body);
    expect([second.status, second.body.code]).toEqual([400, 'invalid-request']);
    expect((await send(two, bodyOf())).status).toBe(201);
  });
});

describe('an anonymous submission', () => {
  test('keeps school and role and nothing that leads to the link', async () => {
    const link = world.takeLink(anonymous);
    const body = bodyOf({ consent: { ...consent, agreedAt: new Date(Date.now() - day).toISOString() } });
    expect((await send(link, body)).status).toBe(201);
    const found = await findResponse(world.context.db, responseId({ study: 'trial', id: anonymous }, body.key));
    expect(found).toMatchObject({
      school: 'elm-1',
      role: 'teacher',
      person: null,
      invitation: null,
      subject: { kind: 'person', id: null },
      consent: { information: 1, agreedAt: null },
    });
    expect(found?.receivedAt.toISOString()).toMatch(/T00:00:00.000Z$/);
    const invitation = await findInvitationByHash(world.context.db, link.invitation.tokenHash);
    expect(invitation).toMatchObject({ state: 'used', claim: null });
    expect(JSON.stringify(found)).not.toContain(link.invitation._id);
  });

  test('again is a success with the same key, and refused with another', async () => {
    const link = world.takeLink(anonymous);
    const body = bodyOf();
    const results = [await send(link, body), await send(link, body), await send(link, bodyOf())];
    expect(results.map(({ status }) => status)).toEqual([201, 200, 409]);
    expect(results[1]?.body).toEqual(results[0]?.body);
    expect(results[2]?.body.code).toBe('link-used');
    const differing = await send(link, { ...body, answers: { role: 2 } });
    expect(differing.body.code).toBe('answers-differ');
  });

  test('sent fifty times at once with different keys leaves one response', async () => {
    const before = (await stored(anonymous)).length;
    const link = world.takeLink(anonymous);
    const results = await Promise.all(Array.from({ length: 50 }, () => send(link, bodyOf())));
    expect(results.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(results.filter(({ status }) => status === 409)).toHaveLength(49);
    expect(await stored(anonymous)).toHaveLength(before + 1);
  });

  test('cut off between claim and storing is finished by its own retry, and only by it', async () => {
    const link = world.takeLink(anonymous);
    const body = bodyOf();
    await claimAsIfCrashed(link, body.key);
    const page = await request(world.app).get(link.path);
    expect(page.status).toBe(200);
    const stranger = await send(link, bodyOf());
    expect([stranger.status, stranger.body.code]).toEqual([409, 'link-used']);
    expect((await send(link, body)).status).toBe(201);
    expect(await findInvitationByHash(world.context.db, link.invitation.tokenHash)).toMatchObject({ claim: null });
  });

  test('cut off between storing and release is recognised, and the claim is taken away', async () => {
    const link = world.takeLink(anonymous);
    const body = bodyOf();
    await send(link, body);
    const { db } = world.context;
    await db.collection('invitations').updateOne({ tokenHash: link.invitation.tokenHash }, { $set: { state: 'open' } });
    await claimAsIfCrashed(link, body.key);
    expect((await send(link, body)).status).toBe(200);
    expect(await findInvitationByHash(db, link.invitation.tokenHash)).toMatchObject({ state: 'used', claim: null });
  });
});

/** Leaves the database as a crash right after the first step would. */
async function claimAsIfCrashed(link: TestLink, key: string): Promise<void> {
  expect(await claimInvitation(world.context.db, link.invitation._id, claimOf(key))).toBe(true);
}

describe('what is refused', () => {
  let link: TestLink;
  beforeAll(() => {
    link = world.takeLink(confidential);
  });

  test.each([
    ['a wrong type', { role: 'teacher' }, 'wrong-type', 'answers.role'],
    ['a code that does not exist', { role: 7 }, 'unknown-code', 'answers.role'],
    [
      'a matrix code that does not exist',
      { role: 1, statements: { help: 9 } },
      'unknown-code',
      'answers.statements.help',
    ],
    ['an unknown item', { role: 1, colour: 3 }, 'unknown-item', 'answers.colour'],
    ['an unknown matrix row', { role: 1, statements: { sing: 1 } }, 'unknown-row', 'answers.statements.sing'],
    ['a hidden item that is answered', { role: 1, what_helped: 'All' }, 'hidden-item', 'answers.what_helped'],
    ['a missing required answer', { years: 3 }, 'required', 'answers.role'],
    ['a number out of its range', { role: 1, years: 61 }, 'out-of-range', 'answers.years'],
    ['a list in place of an object', [1, 2], 'not-an-object', 'answers'],
  ])('%s', async (_, given, code, path) => {
    const answer = await send(link, bodyOf({ answers: given }));
    expect([answer.status, answer.body.code]).toEqual([422, 'invalid-answers']);
    expect(answer.body.issues).toContainEqual(expect.objectContaining({ code, path }));
  });

  test('keys that reach for the prototype', async () => {
    const answer = await send(link, JSON.stringify(bodyOf()).replace('"years":7', '"__proto__":{"role":2}'));
    expect([answer.status, answer.body.code]).toEqual([422, 'invalid-answers']);
  });

  test('a hundred thousand levels of nesting', async () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const answer = await send(
      link,
      JSON.stringify(bodyOf({ answers: { role: 1, visits: 0 } })).replace('"visits":0', `"visits":${deep}`),
    );
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
  });

  test('malformed JSON', async () => {
    const answer = await send(link, '{"key": ');
    expect([answer.status, answer.body.code]).toEqual([400, 'malformed-json']);
  });

  test('a body that is not JSON', async () => {
    const answer = await request(world.app).post(`/api${link.path}/responses`).type('form').send('answers=1');
    expect([answer.status, answer.body.code]).toEqual([415, 'unsupported-media-type']);
  });

  test('a body of 5 MB', async () => {
    const answer = await send(link, bodyOf({ answers: { role: 1, what_helped: 'x'.repeat(5_000_000) } }));
    expect([answer.status, answer.body.code]).toEqual([413, 'body-too-large']);
  });

  test.each([
    ['no key', { key: undefined }],
    ['a key that is no UUID', { key: 'mine' }],
    ['a foolish page', { lastPage: -1 }],
  ])('%s', async (_, changes) => {
    const answer = await send(link, bodyOf(changes));
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid-request']);
  });

  test.each([
    ['no consent', undefined],
    ['consent that was not given', { information: 1, agreed: false }],
    ['consent to another information sheet', { information: 2, agreed: true }],
  ])('%s', async (_, given) => {
    const answer = await send(link, bodyOf({ consent: given }));
    expect([answer.status, answer.body.code]).toEqual([422, 'consent-needed']);
  });

  test('and none of it was stored: the link still takes its answers', async () => {
    expect(await findResponseOfInvitation(world.context.db, link.invitation)).toBeNull();
    expect((await send(link, bodyOf())).status).toBe(201);
  });

  test('foolish paradata are dropped without costing the answers', async () => {
    const answer = await send(world.takeLink(confidential), bodyOf({ paradata: { device: 7, pages: 'many' } }));
    expect(answer.status).toBe(201);
  });
});

describe('a link that takes no answers', () => {
  test.each([
    ['planned', 403, 'not-open-yet'],
    ['paused', 403, 'administration-paused'],
    ['closed', 403, 'administration-closed'],
    ['over', 403, 'administration-closed'],
  ])('because its administration is %s', async (administration, status, code) => {
    const answer = await send(world.takeLink(administration), bodyOf());
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(await stored(administration)).toEqual([]);
  });

  test('because it was withdrawn', async () => {
    const link = world.takeLink(confidential);
    await revokeInvitation(world.context.db, link.invitation._id);
    const answer = await send(link, bodyOf());
    expect([answer.status, answer.body.code]).toEqual([410, 'link-revoked']);
  });

  test('because nobody knows it', async () => {
    const answer = await send({ ...world.takeLink(confidential), path: '/s/AAAAAAAAAAAAAAAAAAAAAA' }, bodyOf());
    expect([answer.status, answer.body.code]).toEqual([404, 'link-unknown']);
  });

  test('closes within two seconds, and a retry of what was stored before is still a success', async () => {
    const [link, late] = [world.takeLink('closing'), world.takeLink('closing')];
    const body = bodyOf();
    expect((await send(link, body)).status).toBe(201);
    await takeStep(world.context, 'test', 'trial', 'closing', 'closed', 'For a test.');
    await expect
      .poll(async () => (await request(world.app).get(`/api${late.path}`)).body.code, { timeout: 2000 })
      .toBe('administration-closed');
    expect((await send(late, bodyOf())).body.code).toBe('administration-closed');
    expect((await send(link, body)).status).toBe(200);
    expect((await send(link, { ...body, answers: { role: 2 } })).body.code).toBe('answers-differ');
  });
});

test('the log holds neither tokens nor answers', () => {
  const log = world.logLines.join('\n');
  expect(log).toContain('"path":"/api/s/');
  for (const { token } of world.links(confidential)) expect(log).not.toContain(token);
  expect(log).not.toContain('what_helped');
});
