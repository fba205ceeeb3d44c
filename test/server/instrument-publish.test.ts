/**
 * Publishing a draft, and that nothing changes a version afterwards: every route of instruments is asked to, by raw HTTP, and
 * so is the store's own model. Retiring a version and taking it back into use.
 */
import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { canonicalJson } from '../../instruments/canonical.ts';
import { findItemMap } from '../../server/instruments/item-maps.ts';
import { compiledInstrument } from '../../server/instruments/store.ts';
import { accessTable } from '../../server/permissions.ts';
import type { Method, Visitor } from './people.ts';
import { makeWorld, type World } from './world.ts';

let world: World;
let ada: Visitor;
const drafts = '/api/instrument-drafts';
const versions = '/api/instruments/staffroom/versions';
const why = 'The pilot asked for it.';

beforeAll(async () => {
  world = await makeWorld();
  ada = await world.asAdministrator();
});

type Json = Record<string, unknown>;
interface Begun {
  readonly id: string;
  readonly revision: number;
  readonly latest: number | null;
  readonly json: Json;
}

async function begin(change: (json: Json) => Json = (json) => json, more: object = {}): Promise<Begun> {
  const { body } = await ada.send('POST', drafts, { from: 'version', instrument: 'staffroom', version: 1, ...more });
  const json = change(body.json);
  const saved = await ada.send('PUT', `${drafts}/${body.id}`, { revision: 1, instrument: json });
  expect(saved.status, saved.text).toBe(200);
  return { id: body.id, revision: saved.body.revision, latest: body.latest, json };
}
const publish = ({ id, revision, latest }: Begun, who = ada, decisions: Json[] = []) =>
  who.send('POST', `${drafts}/${id}/publish`, { revision, latest, why, decisions });
const stateOf = async ({ id }: Begun) => (await ada.send('GET', `${drafts}/${id}`)).body.state;
const retitled = (title: string) => (json: Json) => ({ ...json, title });

describe('publishing', () => {
  test('numbers, hashes, and keeps who did it and why; once more changes nothing', async () => {
    const draft = await begin(retitled('Staffroom, second form'));
    const first = await publish(draft);
    expect(first).toMatchObject({ status: 200, body: { instrument: 'staffroom', version: 2 } });
    const { body } = await ada.send('GET', `${versions}/2`);
    expect(body).toMatchObject({ why, publishedBy: 'The administrator', hash: first.body.hash, state: 'in-use' });
    expect(body.instrument).toMatchObject({ title: 'Staffroom, second form', version: 2 });
    expect(createHash('sha256').update(canonicalJson(body.instrument)).digest('hex')).toBe(body.hash);
    expect((await publish(draft)).body).toEqual(first.body);
    expect((await ada.send('GET', `${versions}/3`)).status).toBe(404);
    const late = await ada.send('PUT', `${drafts}/${draft.id}`, {
      revision: 2,
      instrument: { ...draft.json, title: 'X' },
    });
    expect(late).toMatchObject({ status: 409, body: { code: 'state-not-allowed' } });
  });

  test('two drafts at once give one version, and the other is told to compare with it first', async () => {
    const [one, other] = [await begin(retitled('One')), await begin(retitled('Other'))];
    const answers = await Promise.all([publish(one), publish(other)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const refused = answers.find(({ status }) => status === 409);
    expect(refused?.body).toMatchObject({ code: 'version-newer', latest: 3 });
    for (const draft of [one, other]) {
      const state = await stateOf(draft);
      if (state === 'published') continue;
      expect(state).toBe('open');
      // Compared anew, it is the version after the other's.
      expect((await publish({ ...draft, latest: 3 })).body).toMatchObject({ version: 4 });
    }
    const { body } = await ada.send('GET', '/api/instruments');
    const numbers = body.instruments.filter(({ id }: Json) => id === 'staffroom').map(({ version }: Json) => version);
    expect(numbers).toEqual([1, 2, 3, 4]);
  });

  test('is refused for changes that were told against another version than the newest', async () => {
    const draft = await begin(retitled('Compared with the first'));
    for (const latest of [1, null, 9]) {
      const refused = await publish({ ...draft, latest });
      expect(refused).toMatchObject({ status: 409, body: { code: 'version-newer', latest: 4 } });
    }
    expect(await stateOf(draft)).toBe('open');
    const unnamed = await ada.send('POST', `${drafts}/${draft.id}/publish`, { revision: draft.revision, why });
    expect(unnamed.body.issues).toMatchObject([{ path: 'body.latest' }]);
  });

  test('is refused with every place while something is wrong, and the draft stays open', async () => {
    const draft = await begin((json) => ({ ...json, title: '', survey: { pages: [{ elements: [{ type: 'bad' }] }] } }));
    const refused = await publish(draft);
    expect(refused).toMatchObject({ status: 422, body: { code: 'invalid-instrument' } });
    const places = refused.body.issues.map(({ path }: Json) => path);
    expect(places).toEqual(expect.arrayContaining(['title', 'survey.pages[0].elements[0].type']));
    expect(await stateOf(draft)).toBe('open');
  });

  test.each(['missing', 'requested'])('is refused while the permission of the holder is %s', async (status) => {
    const draft = await begin((json) => ({ ...json, permission: { holder: 'A publisher', status, note: '' } }));
    const refused = await publish(draft);
    expect(refused.status).toBe(422);
    expect(refused.body.issues.map(({ path }: Json) => path)).toEqual(['permission.status']);
  });

  test('is refused for a text that the person has not seen, for a discarded draft, and for others than evaluators', async () => {
    const draft = await begin(retitled('Seen'));
    expect((await publish({ ...draft, revision: 1 })).body).toMatchObject({ code: 'draft-newer' });
    expect((await publish(draft, await world.asAnalyst())).status).toBe(403);
    await ada.send('DELETE', `${drafts}/${draft.id}`);
    expect((await publish(draft)).body).toMatchObject({ code: 'state-not-allowed' });
  });

  test('a new instrument whose id somebody published meanwhile is refused', async () => {
    const [first, second] = [await begin(undefined, { as: 'own' }), await begin(undefined, { as: 'own' })];
    expect((await publish(first)).body).toMatchObject({ instrument: 'own', version: 1 });
    expect((await publish(second)).body).toMatchObject({ code: 'already-exists' });
  });
});

describe('what has changed since the version before', () => {
  /** The statement `help` in other words. */
  const reworded = (json: Json): Json =>
    JSON.parse(JSON.stringify(json).replace('We help each other.', 'Colleagues offer one another a hand.'));
  const change = { item: 'help', what: 'wording' };

  test('stands in the version and its item map, with the grade that the evaluator decided and the note', async () => {
    const draft = await begin(reworded);
    const decisions = [{ ...change, grade: 'safe', note: 'The pilot group read both alike.' }];
    const { body: made } = await publish(draft, ada, decisions);
    const { body } = await ada.send('GET', `${versions}/${made.version}`);
    expect(body.instrument.changes).toContainEqual({ ...change, grade: 'safe', mapping: decisions[0]?.note });
    const kept = await findItemMap(world.context.db, 'staffroom', made.version);
    expect(kept?.map).toMatchObject({ from: made.version - 1, to: made.version, decisions });
    expect(kept?.map.items.find(({ item }) => item === change.item)).toMatchObject({ rule: 'same', grade: 'safe' });
  });

  test('a decision about something that has not changed is refused by its place', async () => {
    const draft = await begin();
    const decisions = [{ item: 'role', what: 'range', grade: 'safe', note: 'No reason.' }];
    const refused = await publish(draft, ada, decisions);
    expect(refused.body.issues).toMatchObject([{ code: 'unknown-change', path: 'body.decisions[0]' }]);
    expect((await publish(draft)).status).toBe(200);
  });
});

test('reasons and changes that are too long to be kept end with a sign, and the version can be read again', async () => {
  /** An item with 300 answers, all of them in other words afterwards. */
  const asked = (words: string) => (json: Json) => {
    const whole = structuredClone(json) as { survey: { pages: { elements: object[] }[] } };
    const choices = Array.from({ length: 300 }, (_, at) => ({ value: at + 1, text: `${words} ${at + 1}` }));
    const subject = { type: 'dropdown', name: 'subject', title: 'Which subject do you teach?', choices };
    whole.survey.pages[0]?.elements.push(subject);
    return whole as unknown as Json;
  };
  const first = await begin(asked('Subject'), { as: 'subjects' });
  expect((await publish(first)).status).toBe(200);
  const { body } = await ada.send('POST', drafts, { from: 'version', instrument: 'subjects', version: 1 });
  const instrument = JSON.parse(JSON.stringify(body.json).replaceAll('Subject ', 'Lessons in '));
  const { revision } = (await ada.send('PUT', `${drafts}/${body.id}`, { revision: 1, instrument })).body;
  const made = await publish({ id: body.id, revision, latest: 1, json: instrument });
  expect(made, made.text).toMatchObject({ status: 200, body: { version: 2 } });
  const told = (await ada.send('GET', '/api/instruments/subjects/versions/2')).body.instrument.changes;
  expect(told).toMatchObject([{ item: 'subject', what: 'option-text', mapping: expect.stringMatching(/…$/) }]);
  const { map } = (await findItemMap(world.context.db, 'subjects', 2)) ?? {};
  expect(map?.items.find(({ item }) => item === 'subject')?.reason).toMatch(/…$/);
  // Compiled from what is stored, as every submission does it.
  expect((await compiledInstrument(world.context.db, 'subjects', 2)).instrument.version).toBe(2);
});

describe('a published version never changes', () => {
  const stored = () => world.context.db.collection('instrumentversions').find().sort({ _id: 1 }).toArray();

  test('whatever is asked of every route of instruments', async () => {
    const before = await stored();
    const { body } = await ada.send('GET', `${versions}/1`);
    const changed = { ...body.instrument, title: 'Changed' };
    const bodies = [changed, { instrument: changed }, { revision: 1, instrument: changed, why }, { json: changed }, {}];
    const rows = Object.keys(accessTable).filter((row) => /^\w+ \/api\/instrument/.test(row));
    expect(rows.length).toBeGreaterThanOrEqual(12);
    const draft = (await begin()).id;
    const paths = new Set(rows.map((row) => row.slice(row.indexOf(' ') + 1)));
    for (const path of paths) {
      const address = path.replace(':instrument', 'staffroom').replace(':version', '1').replace(':draft', draft);
      for (const method of ['POST', 'PUT', 'DELETE'] as Method[]) {
        for (const sent of bodies) expect((await ada.send(method, address, sent)).status).toBeLessThan(500);
      }
      const patched = await ada.agent.patch(address).set('x-csrf-token', ada.csrfToken).send(changed);
      expect(patched.status).toBe(405);
    }
    // Publishing the same number again with other content is what `fidelis instruments add` would do.
    expect((await stored()).filter(({ _id }) => before.some((one) => String(one._id) === String(_id)))).toEqual(before);
  });

  test('nor by the model of the store, whose fields are immutable', async () => {
    const before = await stored();
    const model = world.context.db.models.instrumentversions;
    if (!model) throw new Error('the store has no model');
    const change = { json: '{}', hash: 'x', why: 'x', version: 9, instrument: 'x', publishedBy: 'x', publishedAt: 0 };
    await model.updateMany({}, { $set: change });
    await model.findOneAndUpdate({}, change);
    const [document] = await model.find();
    await document?.set(change).save();
    expect(await stored()).toEqual(before);
  });
});

describe('a version', () => {
  const state = (state: string, version = 1, who = ada) =>
    who.send('PUT', `${versions}/${version}/state`, { state, why });
  const versionState = async () => (await ada.send('GET', `${versions}/1`)).body.state;
  const plan = (id: string) => ({
    ...{ id, title: id, instrument: 'staffroom', version: 1, wave: 'baseline', mode: 'anonymous' },
    ...{ audience: { arms: ['partnership'], roles: ['teacher'] }, opens: '2026-01-01', closes: '2026-12-31' },
    ...{ languages: ['en-GB'], information: { sheet: 'staff', version: 1 } },
  });
  const planned = async (id: string) => {
    const { body } = await ada.send('POST', '/api/studies/trial/administrations', plan(id));
    return (body.issues ?? []).map(({ code }: Json) => code);
  };

  test('is retired: no new administration can choose it, those that have it go on, and it comes back', async () => {
    expect(await planned('before')).not.toContain('retired-instrument');
    for (const _ of [1, 2]) expect((await state('retired')).status).toBe(204);
    expect(await versionState()).toBe('retired');
    const { body } = await ada.send('GET', '/api/instruments');
    const retired = body.instruments.filter(({ state }: Json) => state === 'retired');
    expect(retired.map(({ id, version }: Json) => [id, version])).toEqual([['staffroom', 1]]);
    expect(await planned('during')).toContain('retired-instrument');
    await world.answer('baseline-staffroom', { role: 1, years: 3, statements: { help: 1 } });
    expect((await state('in-use')).status).toBe(204);
    expect(await planned('after')).not.toContain('retired-instrument');
    const kept = await world.context.db
      .collection<{ _id: string; history: object[] }>('instrument-states')
      .findOne({ _id: 'staffroom@1' });
    expect(kept?.history).toMatchObject([
      { state: 'retired', why },
      { state: 'in-use', why },
    ]);
  });

  test('that is not there cannot be retired, and only evaluators may', async () => {
    expect((await state('retired', 99)).status).toBe(404);
    expect((await state('retired', 1, await world.asAnalyst())).status).toBe(403);
    expect(await versionState()).toBe('in-use');
  });
});
