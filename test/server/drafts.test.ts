/** Answers that are not sent yet: kept by the server, found from another device, and what becomes of them at the closing. */
import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { beforeAll, describe, expect, test } from 'vitest';
import { takeStep } from '../../server/administrations/state.ts';
import { getAdministration } from '../../server/administrations/store.ts';
import { countResponses } from '../../server/responses/counts.ts';
import { collectPartials, sweepDrafts } from '../../server/responses/partials.ts';
import { findResponseOfInvitation, streamResponses } from '../../server/responses/store.ts';
import { makeWorld, type TestLink, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await makeWorld({
    people: { teacher: 12 },
    administrations: [
      { id: 'confidential' },
      { id: 'anonymous', mode: 'anonymous' },
      { id: 'closing' },
      { id: 'closing-anonymous', mode: 'anonymous' },
      { id: 'ending', closes: '2030-01-31' },
      { id: 'reopened' },
    ],
  });
});

const consent = { information: 1, agreed: true };

function save(link: TestLink, answers: unknown, page = 0, given: object | undefined = consent) {
  return request(world.app).put(`/api${link.path}/draft`).send({ answers, page, consent: given });
}

function load(link: TestLink) {
  return request(world.app).get(`/api${link.path}`);
}

function send(link: TestLink, answers: object) {
  return request(world.app).post(`/api${link.path}/responses`).send({ key: randomUUID(), answers, consent });
}

function draftDocuments(): Promise<Record<string, unknown>[]> {
  return world.context.db.collection('drafts').find().toArray();
}

async function stored(administration: string) {
  const found = [];
  for await (const response of streamResponses(world.context.db, world.study.id, administration)) found.push(response);
  return found;
}

describe.each(['confidential', 'anonymous'])('in a %s administration', (administration) => {
  test('a draft is found again with its page, and a later one takes its place', async () => {
    const link = world.takeLink(administration);
    expect((await load(link)).body.draft).toBeNull();
    expect((await save(link, { role: 1 }, 0)).status).toBe(200);
    const saved = await save(link, { role: 1, years: 3 }, 1);
    const { draft } = (await load(link)).body;
    expect(draft).toMatchObject({ answers: { role: 1, years: 3 }, page: 1, savedAt: saved.body.savedAt });
    expect(draft.consent).toEqual({ information: 1, language: 'en', agreedAt: expect.any(String) });
  });

  test('a draft may lack what is required and hold what is hidden by now, but no nonsense', async () => {
    const link = world.takeLink(administration);
    expect((await save(link, {})).status).toBe(200);
    expect((await save(link, { took_part: false, what_helped: 'The visits' })).status).toBe(200);
    const wrong = await save(link, { role: 'teacher' });
    expect([wrong.status, wrong.body.code]).toEqual([422, 'invalid-answers']);
    expect((await load(link)).body.draft.answers).toEqual({ took_part: false, what_helped: 'The visits' });
  });

  test('nothing is stored without consent', async () => {
    const link = world.takeLink(administration);
    for (const given of [undefined, { information: 1, agreed: false }, { information: 2, agreed: true }]) {
      const refused = await request(world.app)
        .put(`/api${link.path}/draft`)
        .send({ answers: { role: 1 }, page: 0, consent: given });
      expect([refused.status, refused.body.code]).toEqual([422, 'consent-needed']);
    }
    expect((await load(link)).body.draft).toBeNull();
  });

  test('a draft goes when its answers are sent, and cannot come back', async () => {
    const link = world.takeLink(administration);
    const before = (await draftDocuments()).length;
    await save(link, { role: 1 });
    expect((await send(link, { role: 1 })).status).toBe(201);
    await expect.poll(async () => (await draftDocuments()).length).toBe(before);
    const late = await save(link, { role: 2 });
    expect([late.status, late.body.code]).toEqual([409, 'link-used']);
    expect((await load(link)).body.code).toBe('link-used');
  });
});

test('what is stored of an anonymous draft neither names the link nor shows an answer', async () => {
  const link = world.takeLink('anonymous');
  await save(link, { role: 1, took_part: true, what_helped: 'The visit to the harbour school' });
  const documents = (await draftDocuments()).filter(({ administration }) => administration === 'anonymous');
  expect(documents.length).toBeGreaterThan(0);
  const text = JSON.stringify(documents);
  for (const secret of [link.token, link.invitation._id, link.invitation.tokenHash, 'harbour', 'savedAt']) {
    expect(text).not.toContain(secret);
  }
  for (const document of documents) expect(document).toMatchObject({ draft: null });
});

test('the furthest page counts, wherever the person went back to', async () => {
  const link = world.takeLink('closing');
  await save(link, { role: 1, years: 2 }, 2);
  await save(link, { role: 1, years: 4 }, 0);
  expect((await load(link)).body.draft.page).toBe(0);
});

describe('when an administration has closed', () => {
  test('drafts with answers become partial responses, once, and are gone', async () => {
    const [empty, sent, withdrawn] = [1, 2, 3].map(() => world.takeLink('closing')) as [TestLink, TestLink, TestLink];
    const broken = world.links('closing')[0] as TestLink;
    await save(empty, {});
    await save(sent, { role: 1 });
    await send(sent, { role: 2 });
    await save(withdrawn, { role: 1 });
    const { revokeInvitation } = await import('../../server/invitations/store.ts');
    await revokeInvitation(world.context.db, withdrawn.invitation._id);

    await takeStep(world.context, 'test', 'trial', 'closing', 'closed', 'For a test.');
    const administration = await getAdministration(world.context.db, 'trial', 'closing');
    expect(await collectPartials(world.context, administration)).toBe(1);
    expect(await collectPartials(world.context, administration)).toBe(0);
    const responses = await stored('closing');
    expect(responses).toHaveLength(2);
    expect(responses.find(({ completion }) => completion === 'partial')).toMatchObject({
      invitation: broken.invitation._id,
      person: broken.invitation.person,
      answers: { role: 1, years: 4 },
      lastPage: 2,
      consent: { information: 1, agreedAt: expect.any(Date) },
      source: 'web',
    });
    const counts = await countResponses(world.context.db, 'trial', 'closing', 'all');
    expect(counts).toEqual([expect.objectContaining({ school: 'elm-1', complete: 1, partial: 1 })]);
    expect((await draftDocuments()).filter(({ administration: id }) => id === 'closing')).toEqual([]);
  });

  test('anonymous drafts are deleted, because nobody can open them', async () => {
    await save(world.takeLink('closing-anonymous'), { role: 1 });
    await takeStep(world.context, 'test', 'trial', 'closing-anonymous', 'closed', 'For a test.');
    const administration = await getAdministration(world.context.db, 'trial', 'closing-anonymous');
    expect(await collectPartials(world.context, administration)).toBe(0);
    expect(await stored('closing-anonymous')).toEqual([]);
    expect((await draftDocuments()).filter(({ administration: id }) => id === 'closing-anonymous')).toEqual([]);
  });

  test('the sweep finds those whose last day has passed, and no others', async () => {
    await save(world.takeLink('ending'), { role: 1 });
    expect(await sweepDrafts(world.context)).toBe(0);
    world.setClock(new Date('2030-02-01T00:30:00Z'));
    try {
      expect(await sweepDrafts(world.context)).toBe(1);
      expect(await sweepDrafts(world.context)).toBe(0);
    } finally {
      world.setClock(null);
    }
    expect(await stored('ending')).toHaveLength(1);
  });

  test('and is opened again, the person goes on from the partial answers and completes them', async () => {
    const link = world.takeLink('reopened');
    const { db } = world.context;
    const close = async () => {
      const closed = await takeStep(world.context, 'test', 'trial', 'reopened', 'closed', 'For a test.');
      return collectPartials(world.context, closed);
    };
    await save(link, { role: 1 }, 1);
    expect(await close()).toBe(1);
    await takeStep(world.context, 'test', 'trial', 'reopened', 'open', 'For a test.');
    await expect.poll(async () => (await load(link)).status, { timeout: 2000 }).toBe(200);
    expect((await load(link)).body.draft).toMatchObject({ answers: { role: 1 }, page: 1 });
    // Closed again without a change: nothing new. With a change: the later partial takes the former one's place.
    expect(await close()).toBe(0);
    await takeStep(world.context, 'test', 'trial', 'reopened', 'open', 'For a test.');
    await expect.poll(async () => (await save(link, { role: 1, years: 5 }, 1)).status, { timeout: 2000 }).toBe(200);
    expect(await close()).toBe(1);
    expect(await stored('reopened')).toHaveLength(1);
    await takeStep(world.context, 'test', 'trial', 'reopened', 'open', 'For a test.');
    await expect.poll(async () => (await load(link)).status, { timeout: 2000 }).toBe(200);
    expect((await send(link, { role: 1, years: 6 })).status).toBe(201);
    expect(await stored('reopened')).toEqual([
      expect.objectContaining({ completion: 'complete', answers: { role: 1, years: 6 } }),
    ]);
    expect(await findResponseOfInvitation(db, link.invitation)).toMatchObject({ completion: 'complete' });
    expect(await countResponses(db, 'trial', 'reopened', 'all')).toEqual([
      expect.objectContaining({ complete: 1, partial: 0 }),
    ]);
    const all = await db.collection('responses').countDocuments({ administration: 'reopened' });
    expect(all).toBe(3);
  });
});
