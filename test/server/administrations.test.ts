/** Administrations over HTTP: every answer about one tells the same of it, and its counts are right and cheap. */
import { beforeAll, expect, test } from 'vitest';
import { countCells, sumCounts } from '../../server/rates/cells.ts';
import { countByAdministration } from '../../server/rates/summaries.ts';
import { insertResponsesBulk, type StoredResponse } from '../../server/responses/store.ts';
import type { Visitor } from './people.ts';
import { makeWorld, type World } from './world.ts';

let world: World;
const path = '/api/studies/trial/administrations/baseline-staffroom';

beforeAll(async () => {
  world = await makeWorld({ administrations: [{ id: 'baseline-staffroom' }, { id: 'later-staffroom' }] });
});

function responseOf(index: number, differs: Partial<StoredResponse>): StoredResponse {
  const { invitation } = world.links('baseline-staffroom')[index] ?? {};
  if (!invitation) throw new Error('there are not so many links');
  const { study, administration, arm, cluster, school, role, person } = invitation;
  return {
    ...{ study, administration, arm, cluster, school, role, person, instrument: 'staffroom', version: 1 },
    ...{ _id: `response-${index}`, wave: 'baseline', subject: { kind: 'person', id: person }, answersHash: '' },
    ...{ invitation: invitation._id, answers: {}, completion: 'complete', lastPage: null, consent: null },
    ...{ receivedAt: new Date(0), source: 'web', replaces: null, withdrawn: false, ...differs },
  };
}

test('invited are those whose link was not withdrawn; responded the complete responses that still count', async () => {
  const { db } = world.context;
  await insertResponsesBulk(db, [
    responseOf(0, {}),
    responseOf(1, { completion: 'partial' }),
    responseOf(2, { withdrawn: true }),
    responseOf(3, {}),
    responseOf(3, { _id: 'correction', replaces: 'response-3' }),
  ]);
  const evaluator = await world.asEvaluator();
  const revoked = world.links('baseline-staffroom')[9]?.invitation._id ?? '';
  expect((await evaluator.send('POST', `${path}/invitations/${revoked}/revoke`)).status).toBe(200);

  const counts = new Map([
    ['baseline-staffroom', { invited: 23, responded: 2 }],
    ['later-staffroom', { invited: 24, responded: 0 }],
  ]);
  const { administrations, study } = world;
  expect(await countByAdministration(world.context, study, administrations)).toEqual(counts);
  for (const [id, expected] of counts) {
    const one = administrations.filter((administration) => administration.id === id);
    expect(await countByAdministration(world.context, study, one)).toEqual(new Map([[id, expected]]));
    const cells = await countCells(db, { study: 'trial', id, mode: 'confidential' }, 'allocated', 'all');
    const { invited, complete } = sumCounts(cells);
    expect({ invited, responded: complete }).toEqual(expected);
  }
});

test('the counts are read from indexes, and no document is', async () => {
  const { db } = world.context;
  for (const [collection, hint] of [
    ['invitations', 'study_1_administration_1_state_1_arm_1_cluster_1_school_1_role_1_openedAt_1'],
    [
      'responses',
      'study_1_administration_1_completion_1_withdrawn_1_arm_1_cluster_1_school_1_role_1_receivedAt_1__id_1',
    ],
  ] as const) {
    const filter = collection === 'invitations' ? { state: { $ne: 'revoked' } } : { withdrawn: false };
    const plan = await db
      .collection(collection)
      .aggregate(
        [
          { $match: { study: 'trial', ...filter } },
          { $group: { _id: { administration: '$administration', school: '$school', role: '$role' }, n: { $sum: 1 } } },
        ],
        { hint },
      )
      .explain('queryPlanner');
    expect(JSON.stringify(plan)).toContain('"PROJECTION_COVERED"');
    expect(JSON.stringify(plan)).not.toContain('"FETCH"');
  }
});

test('a changed state is answered with all that is told of the administration', async () => {
  const evaluator = await world.asEvaluator();
  const before = await evaluator.send('GET', path);
  const paused = await evaluator.send('PUT', `${path}/state`, { state: 'paused' });
  expect(paused.status).toBe(200);
  const { history, ...administration } = paused.body.administration;
  expect({ ...paused.body, administration }).toEqual({
    ...before.body,
    administration: { ...before.body.administration, state: 'paused', revision: 1 },
  });
  expect(history).toMatchObject([{ state: 'paused', why: '' }]);
  expect(paused.body.instrument).toMatchObject({
    id: 'staffroom',
    version: 1,
    hash: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

test('who may not see identified rows sees no count of fewer people than the study shows', async () => {
  type Row = { id: string; eligible: number | null; opened: number | null; responded: number | null };
  type Table = { total: Row & { rates: { rr1: unknown } }; arms: Row[]; rows: Row[]; withheld: boolean };
  const url = '/api/studies/trial/administrations/later-staffroom/rates';
  const { db } = world.context;
  const later = world.links('later-staffroom').map(({ invitation }) => invitation);
  const [first] = later;
  const ofSchool = later.filter(({ school }) => school === first?.school);
  // Three of the first school and six of every other one.
  const taken = later.filter(
    ({ school }, at) =>
      later.slice(0, at).filter((one) => one.school === school).length < (school === first?.school ? 3 : 6),
  );
  await insertResponsesBulk(
    db,
    taken.map((invitation, at) => {
      const { administration, arm, cluster, school, role, person, _id } = invitation;
      return responseOf(0, { _id: `later-${at}`, administration, arm, cluster, school, role, person, invitation: _id });
    }),
  );
  const tables = async (visitor: Visitor) => {
    const [bySchool, byCluster] = await Promise.all(
      ['school', 'cluster'].map(async (by) => (await visitor.send('GET', `${url}?by=${by}`)).body as Table),
    );
    if (!bySchool || !byCluster) throw new Error('there were two questions');
    return { total: bySchool.total, arms: bySchool.arms, bySchool: bySchool.rows, byCluster: byCluster.rows };
  };
  const full = await tables(await world.asAnalyst());
  const shown = await tables(await world.asViewer());
  const small = full.bySchool.find(({ id }) => id === first?.school);
  expect(small).toMatchObject({ eligible: ofSchool.length, responded: 3 });

  const rows = ({ total, arms, byCluster, bySchool }: typeof full) => [total, ...arms, ...byCluster, ...bySchool];
  for (const [at, row] of rows(shown).entries()) {
    const whole = rows(full)[at];
    expect(row).toMatchObject({ opened: null, started: null, partial: null, declined: null, ineligible: null });
    for (const key of ['eligible', 'responded'] as const) {
      // What is shown is true, and nothing that is shown stands for one to four people.
      expect([null, whole?.[key]]).toContain(row[key]);
      expect(row[key] === null || row[key] === 0 || row[key] >= world.study.minimumCell).toBe(true);
    }
    if (row.responded === null) expect(row).toMatchObject({ rates: { rr1: { value: null, n: 0, interval: null } } });
  }
  expect(shown.bySchool.find(({ id }) => id === small?.id)?.responded).toBeNull();
  // The small school cannot be had by taking the others from what holds them all.
  for (const level of [shown.byCluster, shown.bySchool]) {
    expect(level.filter(({ responded }) => responded === null).length).not.toBe(1);
  }
  expect(shown.total).toMatchObject({ eligible: full.total.eligible, responded: full.total.responded });
  // While something is hidden there, no table that cuts across the schools is shown at all.
  const viewer = await world.asViewer();
  for (const by of ['role', 'day']) {
    expect((await viewer.send('GET', `${url}?by=${by}`)).body).toMatchObject({ rows: [], days: [], withheld: true });
    const whole = (await (await world.asAnalyst()).send('GET', `${url}?by=${by}`)).body;
    expect([...whole.rows, ...whole.days].length).toBeGreaterThan(0);
  }
});

test('the lists and heads that show counts in passing hide small ones from the same readers', async () => {
  // The first test left two complete responses in the first administration, of 23 invited.
  const list = '/api/studies/trial';
  const first = async (visitor: Visitor) =>
    (await visitor.send('GET', list)).body.administrations.find(
      ({ id }: { id: string }) => id === 'baseline-staffroom',
    );
  expect(await first(await world.asAnalyst())).toMatchObject({ invited: 23, responded: 2 });
  expect(await first(await world.asViewer())).toMatchObject({ invited: 23, responded: null });
  expect((await (await world.asViewer()).send('GET', path)).body.administration.responded).toBeNull();
  const total = async (visitor: Visitor) => (await visitor.send('GET', '/api/studies')).body.studies[0].responses;
  // 5 documents of the first test and 15 of the one before; with both shown, the hidden one were their difference.
  expect(await total(await world.asAnalyst())).toBe(20);
  // Whoever sees the sum of documents (5 and 15) sees no administration with fewer than five of them.
  expect([null, 20]).toContain(await total(await world.asViewer()));
});
