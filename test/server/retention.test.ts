/** How long a study keeps what: the preview, the day, what goes and what stays, the log, two servers, and a crash. */
import { randomUUID } from 'node:crypto';
import request from 'supertest';
import { beforeEach, expect, test } from 'vitest';
import { countIdentities, saveIdentities } from '../../server/identities/store.ts';
import { enqueue } from '../../server/outbox/store.ts';
import { beginRemoval, setRetention } from '../../server/retention/store.ts';
import { sweepRetention } from '../../server/retention/sweep.ts';
import { makeWorld, type World } from './world.ts';

const answers = { role: 1, years: 7, statements: { help: 3, plan: 2, alone: 1 }, took_part: false };
const consent = { information: 1, agreed: true };
const never = { identities: null, links: null, messages: null, paradata: null, answers: null };
const kinds = ['identities', 'links', 'messages', 'paradata', 'answers'] as const;

let world: World;
const collection = (name: string) => world.context.db.collection(name);
const removals = () => collection('retentionLog').find().sort({ _id: 1 }).toArray();

beforeEach(async () => {
  world = await makeWorld({ administrations: [{ id: 'only' }], people: { teacher: 2 } });
  const people = world.people.map(({ id }) => ({ person: id, name: `Name ${id}`, email: null, language: null }));
  await saveIdentities(world.context, 'trial', people);
  const link = world.takeLink('only');
  const paradata = { device: 'phone', pages: [] };
  await request(world.app)
    .post(`/api${link.path}/responses`)
    .send({ key: randomUUID(), answers, consent, paradata })
    .expect(201);
  await expect.poll(() => collection('paradata').countDocuments()).toBe(1);
  const to = { kind: 'person', study: 'trial', person: 'p' } as const;
  await enqueue(world.context, [{ key: 'm', kind: 'invitation', to, study: 'trial', about: {}, sendAfter: null }]);
});

async function counts() {
  const answer = await (await world.asEvaluator()).send('GET', '/api/studies/trial/retention');
  return Object.fromEntries(answer.body.kinds.map(({ kind, held }: { kind: string; held: number }) => [kind, held]));
}

test('the dates are set on screen, and the preview counts what will go', async () => {
  const evaluator = await world.asEvaluator();
  const dates = { ...never, identities: '2027-12-31', paradata: '2028-06-30' };
  const set = await evaluator.send('PUT', '/api/studies/trial/retention', { withdrawUntil: '2027-07-31', dates });
  expect(set.body).toEqual({
    withdrawUntil: '2027-07-31',
    timeZone: 'Europe/London',
    kinds: [
      { kind: 'identities', until: '2027-12-31', held: 6 },
      { kind: 'links', until: null, held: 6 },
      { kind: 'messages', until: null, held: 1 },
      { kind: 'paradata', until: '2028-06-30', held: 1 },
      { kind: 'answers', until: null, held: 1 },
    ],
    removals: [],
  });
  const wrong = await evaluator.send('PUT', '/api/studies/trial/retention', {
    withdrawUntil: null,
    dates: { ...never, answers: 'soon' },
  });
  expect([wrong.status, wrong.body.issues[0].path]).toEqual([400, 'body.dates.answers']);
  world.setClock(new Date('2027-08-01T12:00:00Z'));
  const past = await evaluator.send('PUT', '/api/studies/trial/retention', {
    withdrawUntil: '2027-07-30',
    dates: { ...dates, links: '2027-07-31', messages: '2027-08-01' },
  });
  const paths = past.body.issues.map(({ path }: { path: string }) => path);
  expect([past.status, ...paths]).toEqual([400, 'body.withdrawUntil', 'body.dates.links']);
  world.setClock(null);
  const viewer = await world.asViewer();
  const refused = await viewer.send('PUT', '/api/studies/trial/retention', { withdrawUntil: null, dates: never });
  expect(refused.status).toBe(403);
});

test.each(kinds)(
  '%s go on the day after the last one, in the time zone of the study, and nothing else does',
  async (kind) => {
    await setRetention(world.context.db, 'trial', { ...never, [kind]: '2027-06-30' });
    const before = await counts();
    // Still the last day in London.
    world.setClock(new Date('2027-06-30T22:59:00Z'));
    await sweepRetention(world.context);
    expect(await counts()).toEqual(before);
    world.setClock(new Date('2027-06-30T23:01:00Z'));
    await sweepRetention(world.context);
    const gone = kind === 'answers' ? { answers: 0, paradata: 0 } : { [kind]: 0 };
    expect(await counts()).toEqual({ ...before, ...gone });
    expect(await removals()).toMatchObject([
      { study: 'trial', kind, until: '2027-06-30', state: 'done', removed: before[kind] },
    ]);
    const audit = await collection('audit').find({ verb: 'retention.sweep' }).toArray();
    expect(audit).toMatchObject([
      { actor: { kind: 'system' }, study: 'trial', thing: { kind }, detail: `${before[kind]} removed` },
    ]);
    world.setClock(null);
  },
);

test('links that were forgotten lead nowhere, and who was invited and has responded is still counted', async () => {
  const rates = async () =>
    (await (await world.asEvaluator()).send('GET', '/api/studies/trial/administrations/only/rates')).body.total;
  const before = await rates();
  await setRetention(world.context.db, 'trial', { ...never, links: '2020-01-01' });
  await sweepRetention(world.context);
  expect((await request(world.app).get(world.takeLink('only').path)).status).toBe(404);
  expect(await rates()).toEqual(before);
});

test('two servers at once remove once and tell once', async () => {
  await setRetention(world.context.db, 'trial', { ...never, identities: '2020-01-01', messages: '2020-01-01' });
  await Promise.all(Array.from({ length: 4 }, () => sweepRetention(world.context)));
  await sweepRetention(world.context);
  expect((await removals()).map(({ kind, removed, state }) => [kind, removed, state])).toEqual([
    ['identities', 6, 'done'],
    ['messages', 1, 'done'],
  ]);
  expect(await collection('audit').countDocuments({ verb: 'retention.sweep' })).toBe(2);
});

test('a removal that was cut off is finished', async () => {
  const entry = { _id: 'cut', study: 'trial', kind: 'identities', until: '2020-01-01', removed: 6 } as const;
  await beginRemoval(world.context.db, { ...entry, at: world.context.clock() });
  await sweepRetention(world.context);
  expect(await countIdentities(world.context.db, 'trial')).toBe(0);
  expect(await removals()).toMatchObject([{ _id: 'cut', state: 'done', removed: 6 }]);
  expect(await collection('audit').countDocuments({ verb: 'retention.sweep', detail: '6 removed' })).toBe(1);
});
