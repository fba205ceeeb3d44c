/** Drafts of instruments over HTTP: begun, saved without overwriting, shared, discarded; and what is refused with its place. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { sweepEditors } from '../../server/instruments/drafts/editors.ts';
import { signedInAs, type Visitor } from './people.ts';
import { makeWorld, type World } from './world.ts';

let world: World;
let ada: Visitor;
let ben: Visitor;
let trust: Record<string, unknown>;
const drafts = '/api/instrument-drafts';
const blank = { from: 'blank', title: 'Trust at school', kind: 'survey', subject: 'person', language: 'en' };
let made = 0;

beforeAll(async () => {
  world = await makeWorld();
  ada = await world.asEvaluator();
  ben = await signedInAs(world.app, world.context, 'evaluator', 'ben@example.org');
  trust = JSON.parse(await readFile('instruments/library/trust.v1.json', 'utf8'));
});

async function newDraft(more: object = {}) {
  made += 1;
  const answer = await ada.send('POST', drafts, { ...blank, id: `form-${made}`, ...more });
  expect(answer.status, answer.text).toBe(201);
  return answer.body;
}
const save = (who: Visitor, { id, revision }: { id: string; revision: number }, instrument: object) =>
  who.send('PUT', `${drafts}/${id}`, { revision, instrument });

describe('a draft', () => {
  test('begins blank, stands in the list with who saved it, and is read whole', async () => {
    const draft = await newDraft();
    expect(draft).toMatchObject({ revision: 1, state: 'open', latest: null, json: { title: blank.title, scales: [] } });
    const { body } = await ben.send('GET', drafts);
    expect(body.drafts.find(({ id }: { id: string }) => id === draft.id)).toMatchObject({
      title: blank.title,
      savedBy: 'The evaluator',
      origin: { from: 'blank' },
    });
    expect(body.drafts[0]).not.toHaveProperty('json');
    expect((await ben.send('GET', `${drafts}/${draft.id}`)).body.json).toEqual(draft.json);
  });

  test('begins with a published version, as the next one or as an instrument of its own', async () => {
    const from = { from: 'version', instrument: 'staffroom', version: 1 };
    const next = await ada.send('POST', drafts, from);
    expect(next.body).toMatchObject({ instrument: 'staffroom', latest: 1, json: { id: 'staffroom', changes: [] } });
    const copy = await ada.send('POST', drafts, { ...from, as: 'staffroom-own' });
    expect(copy.body).toMatchObject({ instrument: 'staffroom-own', latest: null, json: { id: 'staffroom-own' } });
    const taken = await ada.send('POST', drafts, { ...blank, id: 'staffroom' });
    expect(taken).toMatchObject({ status: 409, body: { code: 'already-exists' } });
    const unknown = await ada.send('POST', drafts, { ...from, version: 9 });
    expect(unknown).toMatchObject({ status: 404, body: { code: 'not-found' } });
  });

  test('is saved in whatever state it is, and the same text again changes nothing', async () => {
    const draft = await newDraft();
    const wrong = { ...draft.json, scales: 'none yet', survey: { pages: [{ elements: [{ type: 'nonsense' }] }] } };
    const saved = await save(ada, draft, wrong);
    expect(saved).toMatchObject({ status: 200, body: { revision: 2 } });
    expect((await save(ada, draft, wrong)).body).toMatchObject({ revision: 2 });
    expect((await ada.send('GET', `${drafts}/${draft.id}`)).body).toMatchObject({ revision: 2, json: wrong });
  });

  test('that somebody saved meanwhile is not overwritten: the answer holds both texts', async () => {
    const draft = await newDraft();
    const [hers, his] = [
      { ...draft.json, title: 'Hers' },
      { ...draft.json, title: 'His' },
    ];
    const answers = await Promise.all([save(ada, draft, hers), save(ben, draft, his)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const [kept, sent] = answers[0]?.status === 200 ? [hers, his] : [his, hers];
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({
      code: 'draft-newer',
      stored: { revision: 2, instrument: kept },
      sent,
    });
    expect((await ada.send('GET', `${drafts}/${draft.id}`)).body.json).toEqual(kept);
  });

  test('is discarded, out of the list, closed to saves, and comes back as it was', async () => {
    const draft = await newDraft();
    const ids = async () => (await ada.send('GET', drafts)).body.drafts.map(({ id }: { id: string }) => id);
    for (const _ of [1, 2]) expect((await ada.send('DELETE', `${drafts}/${draft.id}`)).status).toBe(204);
    expect(await ids()).not.toContain(draft.id);
    expect((await save(ada, draft, { ...draft.json, title: 'Later' })).body.code).toBe('state-not-allowed');
    for (const _ of [1, 2])
      expect((await ada.send('POST', `${drafts}/${draft.id}/restore`)).body.json).toEqual(draft.json);
    expect(await ids()).toContain(draft.id);
  });

  test('tells who else has it open, for a minute after their page was last heard of', async () => {
    const draft = await newDraft();
    const look = async (who: Visitor) => (await who.send('POST', `${drafts}/${draft.id}/editors`)).body.others;
    world.setClock(new Date('2026-05-01T08:00:00Z'));
    expect(await look(ada)).toEqual([]);
    expect(await look(ben)).toEqual([{ name: 'The evaluator', seenAt: '2026-05-01T08:00:00.000Z' }]);
    world.setClock(new Date('2026-05-01T08:01:30Z'));
    expect(await look(ben)).toEqual([]);
    expect(await look(ada)).toHaveLength(1);
    await sweepEditors(world.context.db, new Date('2026-05-02T08:02:00Z'));
    expect(await world.context.db.collection('instrument-editors').countDocuments()).toBe(0);
    world.setClock(null);
  });
});

describe('a file of another program', () => {
  const upload = (format: string, file: string) =>
    ada.agent
      .post(`${drafts}/files/${format}`)
      .set('x-csrf-token', ada.csrfToken)
      .attach('file', `test/fixtures/interop/${file}`);

  test.each([
    ['xlsform', 'xlsform/group.xlsx'],
    ['redcap', 'redcap/simple.dictionary.csv'],
  ])('of the kind %s becomes a draft, with what was left out', async (format, file) => {
    const { status, body, text } = await upload(format, file);
    expect(status, text).toBe(201);
    expect(body.draft).toMatchObject({ state: 'open', origin: { from: 'file' }, latest: null });
    expect(body.draft.json.survey.pages.length).toBeGreaterThan(0);
    for (const one of body.leftOut) expect(one.why).toMatch(/\w/);
    expect((await ada.send('GET', `${drafts}/${body.draft.id}`)).body.json).toEqual(body.draft.json);
  });

  test('that is none of its kind is refused with the reason, and no draft is made', async () => {
    const before = (await ada.send('GET', drafts)).body.drafts.length;
    const refused = await upload('xlsform', 'redcap/simple.dictionary.csv');
    expect(refused).toMatchObject({ status: 422, body: { code: 'invalid-instrument' } });
    expect(refused.body.issues[0]).toMatchObject({ path: 'the file' });
    expect((await ada.send('GET', drafts)).body.drafts).toHaveLength(before);
  });
});

describe('refused', () => {
  test('another id than that of the draft, and a draft that is not there', async () => {
    const draft = await newDraft();
    const renamed = await save(ada, draft, { ...draft.json, id: 'another' });
    expect(renamed.body.issues).toMatchObject([{ code: 'id-differs', path: 'body.instrument.id' }]);
    expect((await ada.send('GET', `${drafts}/${randomUUID()}`)).status).toBe(404);
  });

  test('ten thousand items, and more than a megabyte', async () => {
    const draft = await newDraft();
    const elements = Array.from({ length: 10_000 }, (_, i) => ({ type: 'text', name: `q${i}` }));
    const large = await save(ada, draft, { ...draft.json, survey: { pages: [{ elements }] } });
    expect(large).toMatchObject({ status: 422, body: { code: 'invalid-instrument' } });
    expect(large.body.issues).toMatchObject([{ code: 'too-many-items', path: 'survey' }]);
    const huge = await save(ada, draft, { ...draft.json, description: 'x'.repeat(1_000_001) });
    expect(huge).toMatchObject({ status: 413, body: { code: 'body-too-large' } });
  });

  test.each<[string, string, object]>([
    ['a script', 'survey.pages[0].elements[0].html', { type: 'html', name: 'x', html: '<script>alert(1)</script>' }],
    [
      'a remote choice list',
      'survey.pages[0].elements[0].choicesByUrl',
      { type: 'dropdown', name: 'x', choicesByUrl: { url: 'https://elsewhere.example/list' } },
    ],
    [
      'an unknown function',
      'survey.pages[0].elements[0].visibleIf',
      { type: 'comment', name: 'x', visibleIf: 'steal() = 1' },
    ],
  ])('a file with %s, with the place', async (_what, path, element) => {
    const file = { ...trust, scales: [], survey: { pages: [{ name: 'p', elements: [element] }] } };
    const refused = await ada.send('POST', drafts, { from: 'file', name: 'their.json', file });
    expect(refused).toMatchObject({ status: 422, body: { code: 'invalid-instrument' } });
    expect(refused.body.issues.map((issue: { path: string }) => issue.path)).toContain(path);
  });

  test('a file whose content is not that of its hash', async () => {
    const { body: file } = await ada.send('GET', '/api/instruments/staffroom/versions/1/file.json');
    const whole = await ada.send('POST', drafts, { from: 'file', name: 'staffroom.json', file });
    expect(whole).toMatchObject({ status: 201, body: { json: file.instrument, origin: { name: 'staffroom.json' } } });
    const changed = { ...file, instrument: { ...file.instrument, title: 'Another title' } };
    const refused = await ada.send('POST', drafts, { from: 'file', name: 'staffroom.json', file: changed });
    expect(refused.body.issues).toMatchObject([{ code: 'hash-differs', path: 'hash' }]);
  });
});
