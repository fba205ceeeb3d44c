/** What a person may ask for: everything that is held on them, its erasure; and who may read who somebody is. */
import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { beforeAll, expect, test } from 'vitest';
import { findIdentities, saveIdentities } from '../../server/identities/store.ts';
import { enqueue } from '../../server/outbox/store.ts';
import { loadPersonRecord } from '../../server/rights/record.ts';
import { recordPage } from '../../server/rights/record-page.ts';
import { makeWorld, type TestLink, type World } from './world.ts';

const answers = { role: 1, years: 7, statements: { help: 3, plan: 2, alone: 1 }, took_part: false };
const consent = { information: 1, agreed: true };
const evil = '<script>alert(1)</script>';

let world: World;
let link: TestLink;
let person: string;
const path = (rest: string) => `/api/studies/trial/people/${person}/${rest}`;

beforeAll(async () => {
  world = await makeWorld({ administrations: [{ id: 'first' }, { id: 'later' }, { id: 'hidden', mode: 'anonymous' }] });
  link = world.takeLink('first');
  person = link.invitation.person as string;
  const { context, app } = world;
  const other = world.takeLink('first');
  await saveIdentities(context, 'trial', [
    { person, name: `Ada ${evil}`, email: 'ada@example.org', language: null },
    { person: other.invitation.person as string, name: 'Bo Other', email: 'bo@example.org', language: null },
  ]);
  for (const one of [link, other, world.takeLink('hidden')])
    await request(app).post(`/api${one.path}/responses`).send({ key: randomUUID(), answers, consent }).expect(201);
  const draft = { answers: { years: 12 }, page: 0, consent };
  await request(app)
    .put(`/api${world.takeLink('later').path}/draft`)
    .send(draft)
    .expect(200);
  const about = { administration: 'first', invitation: link.invitation._id };
  const message = { kind: 'invitation', study: 'trial', about, sendAfter: null } as const;
  const to = (id: string) => ({ kind: 'person', study: 'trial', person: id }) as const;
  await enqueue(context, [
    { ...message, key: 'mine', to: to(person) },
    { ...message, key: 'theirs', to: to(other.invitation.person as string) },
  ]);
});

test('the record holds everything of the person, in words, and nothing of anybody else', async () => {
  const evaluator = await world.asEvaluator();
  await evaluator.send('GET', path('identity'));
  const answer = await evaluator.send('GET', path('record.json'));
  expect(answer.headers['content-disposition']).toContain(`trial-${person}.json`);
  const record = JSON.parse(answer.text);
  expect(record).toMatchObject({
    person,
    roster: { id: person, school: 'elm-1', role: 'teacher' },
    identity: { name: `Ada ${evil}`, email: 'ada@example.org' },
    drafts: [{ administration: 'later', answers: { years: 12 } }],
    messages: [{ kind: 'invitation', administration: 'first', state: 'waiting' }],
  });
  expect(record.invitations.map(({ administration }: { administration: string }) => administration).sort()).toEqual([
    'first',
    'hidden',
    'later',
  ]);
  expect(record.responses).toHaveLength(1);
  const items = Object.fromEntries(record.responses[0].items.map((item: { name: string }) => [item.name, item]));
  expect(items.role).toMatchObject({ question: 'What is your role?', answer: 'Teacher' });
  expect(items.what_helped.answer).toBe('[Not shown because of an earlier answer]');
  expect(record.audit.map(({ verb }: { verb: string }) => verb)).toContain('person.export');
  for (const foreign of ['Bo Other', 'bo@example.org', link.token]) expect(answer.text).not.toContain(foreign);
});

test('the page of it is whole, readable, and takes texts as texts', async () => {
  const page = recordPage(await loadPersonRecord(world.context, 'trial', person));
  for (const words of [
    'What is your role?',
    'Teacher',
    'ada@example.org',
    'Answers to anonymous surveys are not in here',
  ])
    expect(page).toContain(words);
  expect(page).not.toContain('<script');
});

test('who somebody is, is read one person at a time, by those who may, and each reading is in the audit', async () => {
  const before = await world.context.db.collection('audit').countDocuments({ verb: 'identity.read' });
  for (const role of ['analyst', 'viewer'] as const) {
    const refused = await (await world.as(role)).send('GET', path('identity'));
    expect([refused.status, refused.body.code]).toEqual([403, 'not-permitted']);
  }
  const read = await (await world.asEvaluator()).send('GET', path('identity'));
  expect(read.body.identity).toMatchObject({ email: 'ada@example.org' });
  const entries = await world.context.db
    .collection('audit')
    .find({ verb: 'identity.read' })
    .sort({ _id: -1 })
    .toArray();
  expect(entries).toHaveLength(before + 1);
  expect(entries[0]).toMatchObject({ study: 'trial', thing: { person }, actor: { kind: 'account' }, outcome: 'done' });
  // The page that only counts says nothing of who it is.
  const counted = await (await world.asViewer()).send('GET', path('rights'));
  expect(counted.body).toMatchObject({ held: { identity: true, invitations: 3, responses: 1, messages: 1 } });
  expect(counted.text).not.toContain('ada@');
});

test('an identity under a key that is missing is told by the id of the key', async () => {
  await world.context.db.collection('identities').updateOne({ person }, { $set: { 'name.key': 'lost' } });
  const answer = await (await world.asEvaluator()).send('GET', path('identity'));
  expect([answer.status, answer.body.code]).toEqual([409, 'identity-unreadable']);
  expect(answer.body.detail).toContain('"lost"');
  expect(answer.body.detail).toMatch(/rotate-keys .* restart the server with the same FIDELIS_IDENTITY_KEYS/);
  await world.context.db.collection('identities').updateOne({ person }, { $set: { 'name.key': 'installation' } });
});

test('erasure removes who it is and the messages, keeps the answers under the pseudonym, and may be repeated', async () => {
  const evaluator = await world.asEvaluator();
  const erased = await evaluator.send('POST', path('erasure'), { withdraw: false });
  expect(erased.body).toEqual({ identities: 1, messages: 1, withdrawal: null });
  expect((await evaluator.send('POST', path('erasure'), { withdraw: false })).body).toMatchObject({ identities: 0 });
  expect((await evaluator.send('GET', path('identity'))).body).toEqual({ identity: null });
  // A roster that still knows them does not bring them back.
  await saveIdentities(world.context, 'trial', [{ person, name: 'Ada', email: 'ada@example.org', language: null }]);
  expect((await findIdentities(world.context, 'trial', [person])).size).toBe(0);
  const record = await loadPersonRecord(world.context, 'trial', person);
  expect(record).toMatchObject({ identity: null, messages: [], responses: [{ answers }] });
  const everything = await Promise.all(
    (await world.context.db.listCollections()).map(async ({ name }) =>
      JSON.stringify(await world.context.db.collection(name).find().toArray()),
    ),
  );
  expect(everything.join()).not.toContain('ada@example.org');
});

test('erasure with withdrawal takes the answers back as well', async () => {
  const evaluator = await world.asEvaluator();
  const erased = await evaluator.send('POST', path('erasure'), { withdraw: true });
  expect(erased.body.withdrawal).toMatchObject({ person, responses: 1, by: 'evaluator', scope: 'study' });
  expect((await loadPersonRecord(world.context, 'trial', person)).responses).toEqual([]);
  const list = await evaluator.send('GET', '/api/studies/trial/withdrawals');
  expect(list.body.withdrawals).toMatchObject([{ person, responses: 1 }]);
});

test('nobody of that name is told as such', async () => {
  const evaluator = await world.asEvaluator();
  for (const [method, rest, body] of [
    ['GET', 'rights', undefined],
    ['GET', 'record.json', undefined],
    ['POST', 'withdrawal', {}],
    ['POST', 'erasure', { withdraw: true }],
  ] as const) {
    const answer = await evaluator.send(method, `/api/studies/trial/people/nobody/${rest}`, body);
    expect([answer.status, answer.body.code]).toEqual([404, 'not-found']);
  }
});
