/** Plans that are taken back, open at once or are refused; and the numbers of the amendment log. */
import { beforeAll, expect, test } from 'vitest';
import { appendAmendment, listAmendments } from '../../server/amendments/store.ts';
import { publishInstrument } from '../../server/instruments/store.ts';
import type { Visitor } from './people.ts';
import { at, plan, planningWorld, studyPath } from './planning-world.ts';
import { fixtureInstrument, type World } from './world.ts';

let world: World;
let evaluator: Visitor;
beforeAll(async () => {
  ({ world, evaluator } = await planningWorld());
});

const links = (id: string, state: string) =>
  world.context.db.collection('invitations').countDocuments({ administration: id, state });

test('a plan can be taken back while it is planned, links and all, and only then', async () => {
  await evaluator.send('POST', `${studyPath}/administrations`, { ...plan, id: 'mistake' });
  expect(await links('mistake', 'open')).toBe(16);
  expect((await evaluator.send('DELETE', at('mistake'))).status).toBe(204);
  expect(await links('mistake', 'open')).toBe(0);
  expect((await evaluator.send('GET', at('mistake'))).status).toBe(404);
  expect((await evaluator.send('DELETE', at('running'))).body.code).toBe('state-not-allowed');
});

test('an administration for today opens at once, and so does one whose first day is moved to today', async () => {
  const today = { ...plan, id: 'today', opens: '2026-02-01' };
  const made = await evaluator.send('POST', `${studyPath}/administrations`, today);
  expect([made.status, made.body.administration?.state]).toEqual([201, 'open']);
  await evaluator.send('POST', `${studyPath}/administrations`, { ...plan, id: 'soon' });
  const moved = await evaluator.send('PUT', at('soon'), { opens: '2026-02-01', revision: 0 });
  expect([moved.status, moved.body.administration?.state]).toEqual([200, 'open']);
});

test('a plan is refused for an audience without the schools or clusters that the instrument is about', async () => {
  const log = { ...(await fixtureInstrument('three-languages.v1')), id: 'cluster-log', subject: 'cluster' as const };
  await publishInstrument(world.context.db, log, { by: 'A test', why: 'For a test.', at: new Date() });
  const about = { ...plan, id: 'log', instrument: 'cluster-log' };
  const everywhere = { ...about, audience: { arms: ['partnership', 'comparison'], roles: ['headteacher'] } };
  const refused = await evaluator.send('POST', `${studyPath}/administrations`, everywhere);
  expect(refused.body.issues).toMatchObject([{ code: 'without-subject', path: 'body.audience' }]);
  expect(refused.body.issues[0].message).toContain('1 of these people');
  expect((await evaluator.send('POST', `${studyPath}/administrations`, about)).status).toBe(201);
});

test('a plan is refused that promises to be anonymous to fewer people of an arm than the study shows together', async () => {
  const few = { ...plan, id: 'few', mode: 'anonymous', audience: { arms: ['partnership'], roles: ['headteacher'] } };
  const refused = await evaluator.send('POST', `${studyPath}/administrations`, few);
  expect(refused.body.issues).toMatchObject([{ code: 'too-few-people', path: 'body.audience' }]);
  expect(refused.body.issues[0].message).toContain('fewer than 5 people');
  const confidential = await evaluator.send('POST', `${studyPath}/administrations`, { ...few, mode: 'confidential' });
  expect(confidential.status).toBe(201);
});

test('the amendment log is numbered without gaps, also when many servers write at once, and knows an entry again', async () => {
  const { db } = world.context;
  const entry = (id: string) => ({
    ...{ id, study: 'many', at: new Date(0), by: 'test', why: 'Because.', changes: [] },
    thing: { kind: 'wave' as const, id: 'w', title: 'W' },
  });
  const ids = Array.from({ length: 20 }, (_, at) => `entry-${at}`);
  await Promise.all([...ids, ...ids].map((id) => appendAmendment(db, entry(id))));
  const log = await listAmendments(db, 'many');
  expect(log.map(({ number }) => number)).toEqual(ids.map((_, at) => at + 1));
  expect(new Set(log.map(({ id }) => id))).toEqual(new Set(ids));
});
