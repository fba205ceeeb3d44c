/**
 * Second readers of languages over HTTP: who may sign off, on which texts, what takes it away, and what a version and the draft
 * after it keep of it.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { signedInAs, type Visitor } from './people.ts';
import { makeWorld, type World } from './world.ts';

let world: World;
let ada: Visitor;
let ben: Visitor;
const drafts = '/api/instrument-drafts';
type Json = Record<string, unknown>;

beforeAll(async () => {
  world = await makeWorld();
  ada = await world.asEvaluator();
  ben = await signedInAs(world.app, world.context, 'evaluator', 'ben@example.org');
});

const survey = (question: string, cwestiwn: string) => ({
  pages: [{ name: 'one', elements: [{ type: 'comment', name: 'why', title: { en: question, cy: cwestiwn } }] }],
});
const permission = { holder: 'The team', status: 'not-needed', note: '' };
let made = 0;

/** Written by Ada, in two languages. */
async function begun(more: Json = {}) {
  made += 1;
  const blank = { from: 'blank', kind: 'survey', subject: 'person', language: 'en' };
  const { body } = await ada.send('POST', drafts, { ...blank, id: `two-tongues-${made}`, title: 'Two tongues' });
  const json: Json = { ...body.json, languages: ['en', 'cy'], permission, survey: survey('Why?', 'Pam?'), ...more };
  await save(ada, body.id, json);
  return { id: body.id as string, json };
}
async function save(who: Visitor, id: string, instrument: Json): Promise<void> {
  const { revision } = (await who.send('GET', `${drafts}/${id}`)).body;
  const saved = await who.send('PUT', `${drafts}/${id}`, { revision, instrument });
  expect(saved.status, saved.text).toBe(200);
}
const standing = async (id: string, language: string) =>
  (await ada.send('GET', `${drafts}/${id}/languages`)).body.languages.find((one: Json) => one.language === language);
const sign = async (who: Visitor, id: string, language: string, hash?: string) =>
  who.send('PUT', `${drafts}/${id}/languages/${language}/sign-off`, {
    hash: hash ?? (await standing(id, language)).hash,
  });

describe('a language of a draft', () => {
  test('is signed off by a second reader, with when and on which texts; twice is once', async () => {
    const { id } = await begun();
    expect(await standing(id, 'cy')).toMatchObject({
      ...{ done: 1, all: 1, signedOff: null },
      writtenBy: { name: 'The evaluator' },
    });
    world.setClock(new Date('2026-05-01T08:00:00Z'));
    expect((await sign(ben, id, 'cy')).status).toBe(204);
    world.setClock(new Date('2026-05-02T08:00:00Z'));
    expect((await sign(ben, id, 'cy')).status).toBe(204);
    world.setClock(null);
    const signed = await standing(id, 'cy');
    expect(signed.signedOff.at).toBe('2026-05-01T08:00:00.000Z');
    expect(signed.signedOff.by.id).toBe((await ben.look()).body.account.id);
    expect(await standing(id, 'en')).toMatchObject({ signedOff: null });
    for (const _ of [1, 2]) {
      expect((await ben.send('DELETE', `${drafts}/${id}/languages/cy/sign-off`)).status).toBe(204);
      expect((await standing(id, 'cy')).signedOff).toBeNull();
    }
  });

  test('is not signed off by whoever changed its texts last, and the last is who counts', async () => {
    const { id, json } = await begun();
    const own = await sign(ada, id, 'cy');
    expect(own).toMatchObject({ status: 409, body: { code: 'state-not-allowed' } });
    expect(own.body.detail).toMatch(/Somebody else/);
    await save(ben, id, { ...json, survey: survey('Why?', 'Pam felly?') });
    expect((await sign(ben, id, 'cy')).body.code).toBe('state-not-allowed');
    expect((await sign(ada, id, 'cy')).status).toBe(204);
    // The English is Ada's still.
    expect((await sign(ada, id, 'en')).body.code).toBe('state-not-allowed');
    expect((await sign(ben, id, 'en')).status).toBe(204);
  });

  test('loses its sign-off by a change of its text or of the text that it translates, and by nothing else', async () => {
    const { id, json } = await begun();
    for (const language of ['en', 'cy']) expect((await sign(ben, id, language)).status).toBe(204);
    const signed = async () => [
      (await standing(id, 'en')).signedOff !== null,
      (await standing(id, 'cy')).signedOff !== null,
    ];
    await save(ada, id, { ...json, description: 'Another description' });
    expect(await signed()).toEqual([true, true]);
    await save(ada, id, { ...json, survey: survey('Why?', 'Pam, felly?') });
    expect(await signed()).toEqual([true, false]);
    await save(ada, id, { ...json, survey: survey('Why so?', 'Pam?') });
    expect(await signed()).toEqual([false, false]);
  });

  test('is not signed off while texts are missing, for texts that changed since, for others than evaluators, or when it is not there', async () => {
    const { id, json } = await begun({ survey: survey('Why?', '') });
    const lacking = await sign(ben, id, 'cy');
    expect(lacking).toMatchObject({ status: 409, body: { code: 'state-not-allowed' } });
    expect(lacking.body.detail).toMatch(/1 of 1 texts/);
    const { hash } = await standing(id, 'en');
    await save(ada, id, { ...json, survey: survey('Why not?', '') });
    expect((await sign(ben, id, 'en', hash)).body.code).toBe('conflict');
    expect((await sign(await world.asAnalyst(), id, 'en')).status).toBe(403);
    expect((await sign(ben, id, 'de', hash)).status).toBe(404);
    expect((await sign(ben, id, 'en', 'short')).status).toBe(400);
    await ada.send('DELETE', `${drafts}/${id}`);
    expect((await sign(ben, id, 'en')).body.code).toBe('state-not-allowed');
  });

  test('that is wrong in any way is told without a fault', async () => {
    const { id, json } = await begun();
    await save(ada, id, { ...json, languages: ['en', 7, 'constructor.x', 'en', '__proto__'], survey: 'none' });
    const { body } = await ada.send('GET', `${drafts}/${id}/languages`);
    expect(body.languages).toMatchObject([{ language: 'en', done: 0, all: 0, signedOff: null }]);
  });
});

test('a version keeps who signed which language off, for good, and the next draft begins with it', async () => {
  const { id, json } = await begun();
  await sign(ben, id, 'cy');
  const { revision } = (await ada.send('GET', `${drafts}/${id}`)).body;
  const out = await ada.send('POST', `${drafts}/${id}/publish`, { revision, latest: null, why: 'First.' });
  expect(out.status, out.text).toBe(200);
  const { body: version } = await ada.send('GET', `/api/instruments/${String(json.id)}/versions/1`);
  const benId = (await ben.look()).body.account.id;
  expect(version.languages).toMatchObject([
    { language: 'en', signedOff: null },
    { language: 'cy', signedOff: { by: { id: benId } } },
  ]);
  const next = await ben.send('POST', drafts, { from: 'version', instrument: json.id, version: 1 });
  expect(await standing(next.body.id, 'cy')).toMatchObject({ signedOff: { by: { id: benId } } });
  // Who began the draft has not written it.
  expect((await sign(ben, next.body.id, 'en')).status).toBe(204);
  await save(ada, next.body.id, { ...next.body.json, survey: survey('Why?', 'Pam nawr?') });
  expect((await standing(next.body.id, 'cy')).signedOff).toBeNull();
  const after = await ada.send('GET', `/api/instruments/${String(json.id)}/versions/1`);
  expect(after.body.languages).toEqual(version.languages);
});

test('a version is printed on paper in each of its languages, and in no other', async () => {
  const paper = (language: string) =>
    ada.agent
      .get(`/api/instruments/staffroom/versions/1/paper.pdf?language=${language}`)
      .buffer(true)
      .parse((response, done) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => done(null, Buffer.concat(parts)));
      });
  const { body: version } = await ada.send('GET', '/api/instruments/staffroom/versions/1');
  const { status, headers, body } = await paper(version.instrument.languages[0]);
  expect(status).toBe(200);
  expect(headers['content-type']).toBe('application/pdf');
  expect(headers['content-disposition']).toContain('staffroom-v1-paper-');
  const pdf = (body as Buffer).toString('latin1');
  expect(pdf.startsWith('%PDF-')).toBe(true);
  // Tagged, so that a screen reader finds its order.
  expect(pdf).toContain('/StructTreeRoot');
  expect((await paper('cy')).status).toBe(404);
});
