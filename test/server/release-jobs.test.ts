/**
 * Releases frozen while nobody waits: followed, cancelled in the middle without a trace, the same as one that was waited for,
 * and frozen once although its server ends between freezing and saying so. On a real database.
 */
import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { runExports } from '../../server/exports/run.ts';
import type { Visitor } from './people.ts';
import { makeWorld, type World } from './world.ts';

const patience = { timeout: 300_000 };
const path = '/api/studies/trial/exports';
const wanted = { dataset: 'survey', release: { purpose: 'Deposit in an archive' } };

let world: World;
let evaluator: Visitor;

beforeAll(async () => {
  world = await makeWorld({ administrations: [{ id: 'first' }] });
  evaluator = await world.asEvaluator();
  await world.answer('first', { role: 1, years: 22, statements: { help: 1 } });
  const stored = world.database.connection.collection<{ _id: string }>('responses');
  const one = await stored.findOne({});
  const copies = Array.from({ length: 4000 }, (_, at) => ({
    ...one,
    ...{ _id: randomUUID(), invitation: `copy-${at}`, person: `p-${at}`, receipt: `r-${at}`, key: randomUUID() },
  }));
  await stored.insertMany(copies);
  const definition = {
    ...{ name: 'survey', title: 'The whole survey', purpose: 'A test', tables: [] },
    administrations: ['first'],
  };
  expect((await evaluator.send('POST', '/api/studies/trial/datasets', definition)).status).toBe(201);
});

const stateOf = async (id: string) => (await evaluator.send('GET', `${path}/${id}`)).body;
const releases = async () => (await evaluator.send('GET', '/api/studies/trial/releases')).body.releases;
const filesKept = () => world.database.connection.collection('releases.files').countDocuments();

test('whoever may take data away but not freeze them is refused', async () => {
  const { status, body } = await (await world.asAnalyst()).send('POST', path, wanted);
  expect([status, body.detail]).toEqual([403, 'Your account may take datasets away, but not freeze them.']);
  const empty = await evaluator.send('POST', path, { dataset: 'survey', release: { purpose: ' ' } });
  expect(empty.status).toBe(400);
});

test('a release that is cancelled in the middle leaves nothing', patience, async () => {
  const { body, status } = await evaluator.send('POST', path, wanted);
  expect([status, body.state, body.freezes]).toEqual([202, 'waiting', { ...wanted.release, number: null }]);
  const run = runExports(world.context);
  await expect.poll(async () => (await stateOf(body.id)).progress?.step, { timeout: 60_000 }).toBe('writing');
  expect((await evaluator.send('POST', `${path}/${body.id}/cancel`)).body.state).toBe('cancelled');
  expect(await run).toBe(0);
  expect([await releases(), await filesKept()]).toEqual([[], 0]);
});

test('a release frozen in the background is that which is waited for, and is frozen once', patience, async () => {
  const { body: asked } = await evaluator.send('POST', path, wanted);
  expect(await runExports(world.context)).toBe(1);
  const made = await stateOf(asked.id);
  expect(made).toMatchObject({ state: 'ready', file: null, freezes: { ...wanted.release, number: 1 } });
  expect((await evaluator.send('GET', `${path}/${asked.id}/file`)).status).toBe(409);

  // As if the server had died after the release was there and before the export said so.
  await world.database.connection
    .collection<{ _id: string }>('exports')
    .updateOne({ _id: asked.id }, { $set: { state: 'waiting', freezes: { ...wanted.release, number: null } } });
  expect(await runExports(world.context)).toBe(1);
  expect((await stateOf(asked.id)).freezes.number).toBe(1);

  const direct = await evaluator.send('POST', '/api/studies/trial/releases', {
    ...{ dataset: 'survey', purpose: 'Waited for' },
  });
  expect(direct.status).toBe(201);
  const [second, first] = await releases();
  expect([first.number, second.number]).toEqual([1, 2]);
  expect(first.files).toEqual(second.files);
  expect(first).not.toHaveProperty('job');
});
