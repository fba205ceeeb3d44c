/** A study's fidelity model over HTTP: draft, publish, lock, amend; and decisions on findings about what was logged. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { FidelityModel } from '../../instruments/fidelity-model.ts';
import { ensureLibrary } from '../../server/instruments/library.ts';
import { hashAnswers } from '../../server/responses/hash-answers.ts';
import { insertResponsesBulk } from '../../server/responses/store.ts';
import { responseId } from '../../server/responses/submit.ts';
import { insertPeople } from '../../server/rosters/store.ts';
import type { Visitor } from './people.ts';
import { makeWorld, type World } from './world.ts';

let world: World;
let evaluator: Visitor;
const models = '/api/studies/trial/fidelity/models';
const shipped: FidelityModel = JSON.parse(
  readFileSync(new URL('../../instruments/models/spp.v1.json', import.meta.url), 'utf8'),
);

beforeAll(async () => {
  world = await makeWorld({
    study: {
      waves: [
        { id: 'baseline', title: 'Baseline', opens: '2026-01-01', closes: '2026-01-31' },
        { id: 'mid', title: 'Middle', opens: '2026-06-01', closes: '2026-06-30' },
        { id: 'end', title: 'End', opens: '2026-11-01', closes: '2026-11-30' },
      ],
    },
    administrations: [
      {
        ...{ id: 'log', title: 'Log', instrument: 'implementation-log', wave: 'mid' },
        audience: { arms: ['partnership'], roles: ['coordinator'] },
      },
    ],
  });
  world.setClock(new Date('2026-07-15T09:00:00Z'));
  await ensureLibrary(world.context);
  evaluator = await world.asEvaluator();
});

/** A coordinator's log of Elm, as it would stand after being sent. */
async function log(
  key: string,
  events: object[],
  { person = 'elm-coordinator', replaces = null }: { person?: string; replaces?: string | null } = {},
): Promise<string> {
  const answers = {
    period_start: '2026-01-01',
    period_end: '2026-06-20',
    cycle: 2,
    cluster_schools: 2,
    events,
    attendance: [],
  };
  const _id = responseId({ study: 'trial', id: 'log' }, key);
  await insertResponsesBulk(world.context.db, [
    {
      ...{ _id, study: 'trial', administration: 'log', instrument: 'implementation-log', version: 1, wave: 'mid' },
      ...{ arm: 'partnership', cluster: 'elm', school: null, role: 'coordinator' },
      subject: { kind: 'cluster', id: 'elm' },
      ...{ person, invitation: null, answers, answersHash: hashAnswers(answers) },
      ...{ completion: 'complete', lastPage: null, consent: null, receivedAt: new Date('2026-06-25T09:00:00Z') },
      ...{ source: 'web', replaces, withdrawn: false },
    },
  ]);
  return _id;
}

const held = (kind: number, day: string, more: object) => ({
  ev_kind: kind,
  ev_held: 1,
  ev_date: day,
  ev_adapted: false,
  ...more,
});
const read = async (who: Visitor = evaluator) => (await who.send('GET', '/api/studies/trial/fidelity')).body.fidelity;

describe('a fidelity model', () => {
  it('is nothing until one is published', async () => {
    expect(await read()).toBeNull();
    expect((await evaluator.send('GET', `${models}/1`)).status).toBe(404);
    expect((await evaluator.send('GET', '/api/studies/trial/fidelity/events')).body).toEqual({ events: [], more: 0 });
    expect((await evaluator.send('GET', '/api/studies/trial/fidelity/analysis')).body).toEqual({ analysis: null });
  });

  it('begins as a draft of the one that ships, one at a time', async () => {
    expect((await evaluator.send('POST', models, {})).body).toEqual({ version: 1 });
    const again = await evaluator.send('POST', models, {});
    expect([again.status, again.body.code]).toEqual([409, 'already-exists']);
    const { body } = await evaluator.send('GET', `${models}/1`);
    expect(body).toMatchObject({ version: 1, state: 'draft', revision: 0, issues: [] });
    expect(body.model).toEqual(shipped);
  });

  it('may have issues while it is a draft, and is not published with them', async () => {
    const [first, ...others] = shipped.components;
    const wrong = { ...shipped, components: [{ ...first, weight: 0.5, after: ['self-review'] }, ...others] };
    const saved = await evaluator.send('PUT', `${models}/1`, { revision: 0, model: wrong });
    expect([saved.status, saved.body]).toEqual([200, { revision: 1 }]);
    const refused = await evaluator.send('PUT', `${models}/1/state`, {
      revision: 1,
      state: 'published',
      why: 'Agreed.',
    });
    expect([refused.status, refused.body.code]).toEqual([422, 'invalid-model']);
    expect(refused.body.issues.map((issue: { code: string; path: string }) => [issue.code, issue.path])).toEqual([
      ['circular-order', 'components.0.after'],
      ['weights-do-not-sum', 'index.weights'],
    ]);
    expect((await evaluator.send('PUT', `${models}/1`, { revision: 0, model: shipped })).status).toBe(409);
    expect((await evaluator.send('PUT', `${models}/1`, { revision: 1, model: { id: 'x' } })).status).toBe(400);
    expect((await evaluator.send('PUT', `${models}/1`, { revision: 1, model: shipped })).body).toEqual({ revision: 2 });
  });

  it('is published, and then scores the study', async () => {
    const step = { revision: 2, state: 'published', why: 'Agreed with the delivery team.' };
    expect((await evaluator.send('PUT', `${models}/1/state`, step)).body).toMatchObject({
      state: 'published',
      revision: 3,
    });
    // The answer may have been lost: the same again is a success.
    expect((await evaluator.send('PUT', `${models}/1/state`, step)).body.revision).toBe(3);
    expect((await evaluator.send('PUT', `${models}/1`, { revision: 3, model: shipped })).body.code).toBe(
      'state-not-allowed',
    );
    expect((await read()).model).toMatchObject({ version: 1, state: 'published' });
  });

  it('is locked with a reason; what comes after is an amendment', async () => {
    const lock = { revision: 3, state: 'locked' };
    expect((await evaluator.send('PUT', `${models}/1/state`, lock)).body.code).toBe('reason-needed');
    const locked = await evaluator.send('PUT', `${models}/1/state`, { ...lock, why: 'Before outcomes are seen.' });
    expect(locked.body).toMatchObject({ state: 'locked', revision: 4 });
    expect((await evaluator.send('POST', models, {})).body).toEqual({ version: 2 });
    const changed = { ...shipped, compliance: { ...shipped.compliance, index: 0.7 } };
    await evaluator.send('PUT', `${models}/2`, { revision: 0, model: changed });
    expect((await evaluator.send('GET', `${models}/2/differences`)).body).toEqual({
      from: 1,
      differences: [{ what: 'compliance: index', old: '0.6', new: '0.7' }],
    });
    const publish = { revision: 1, state: 'published' };
    expect((await evaluator.send('PUT', `${models}/2/state`, publish)).body.code).toBe('reason-needed');
    const amended = await evaluator.send('PUT', `${models}/2/state`, { ...publish, why: 'The team asked for more.' });
    expect(amended.body).toMatchObject({ state: 'locked', revision: 2 });
    const { amendments } = (await evaluator.send('GET', '/api/studies/trial/amendments')).body;
    expect(amendments).toMatchObject([
      {
        number: 1,
        why: 'The team asked for more.',
        thing: { kind: 'fidelity-model', id: 'version 2' },
        changes: [
          { what: 'version', old: '1', new: '2' },
          { what: 'compliance: index', old: '0.6', new: '0.7' },
        ],
      },
    ]);
    expect((await read()).compliance.index).toBe(0.7);
  });

  it('of a rule on a variable that a version lacks is refused with the place', async () => {
    await evaluator.send('POST', models, {});
    const components = shipped.components.map((one) =>
      one.id === 'self-review' ? { ...one, source: { ...one.source, where: [{ variable: 'ev_sort', is: [1] }] } } : one,
    );
    await evaluator.send('PUT', `${models}/3`, { revision: 0, model: { ...shipped, components } });
    const step = { revision: 1, state: 'published', why: 'Try.' };
    const { status, body } = await evaluator.send('PUT', `${models}/3/state`, step);
    const at = components.findIndex(({ id }) => id === 'self-review');
    expect([status, body.issues[0]]).toEqual([
      422,
      {
        code: 'unknown-variable',
        path: `components.${at}.source.where.0.variable`,
        message: 'Version 1 of "implementation-log" has no variable "ev_sort" in "events".',
      },
    ]);
    expect((await evaluator.send('DELETE', `${models}/3?revision=1`)).status).toBe(204);
  });
});

describe('what was logged', () => {
  it('is scored, and what cannot be is found and waits for a decision', async () => {
    await insertPeople(world.context.db, 'trial', [
      { id: 'elm-coordinator', school: null, cluster: 'elm', arm: 'partnership', role: 'coordinator' },
    ]);
    const first = await log('first', [
      held(1, '2026-03-02', { ev_school: 'elm-1' }),
      held(2, '2026-04-10', { ev_school: 'Elm  primary 1', ev_days: 0.5 }),
      held(4, '2026-02-03', { ev_training_day: 1, ev_days: 1, ev_schools: 2 }),
      held(1, '2026-03-09', { ev_school: 'Nowhere Primary' }),
    ]);
    await log('second', [held(1, '2026-03-02', { ev_school: 'elm-1' })]);
    const { schools, clusters, flags } = await read();
    const value = (place: { cells: { component: string; cycle: string; value: number | null }[] }, component: string) =>
      place.cells.find((cell) => cell.component === component && cell.cycle === '1')?.value;
    const [one, two] = schools;
    // Elm 1: self-reviewed, and reviewed for half a day of one; Elm 2: nothing of the first cycle that a log would have told.
    expect([value(one, 'self-review'), value(one, 'peer-review-1')]).toEqual([1, 0.5]);
    expect([value(two, 'self-review'), value(two, 'peer-review-1')]).toEqual([0, 0]);
    // Training day 1 held, day 2 not; two schools are fewer than three.
    const [elm] = clusters;
    expect(['training-day-1', 'training-day-2', 'cluster-formation'].map((id) => value(elm, id))).toEqual([1, 0, 0.5]);
    const found = flags.filter(({ kind }: { kind: string }) => kind !== 'late-event');
    expect(found.map(({ kind, counts }: { kind: string; counts: boolean }) => [kind, counts]).sort()).toEqual([
      ['duplicate', false],
      ['unknown-school', true],
    ]);
    const unknown = found.find(({ kind }: { kind: string }) => kind === 'unknown-school');
    expect(unknown).toMatchObject({ entry: `${first}:events:4`, told: 'Nowhere Primary', cluster: 'elm' });
    const viewer = await read(await world.asViewer());
    expect(viewer.flags.find(({ kind }: { kind: string }) => kind === 'unknown-school').told).toBeNull();
  });

  it('shows the events behind a score, with what was found about each', async () => {
    const query = '?component=self-review&cluster=elm';
    const { events, more } = (await evaluator.send('GET', `/api/studies/trial/fidelity/events${query}`)).body;
    expect(more).toBe(0);
    expect(
      events.map((one: { day: string; school: string; counts: boolean; flags: { kind: string }[] }) => [
        ...[one.day, one.school, one.counts],
        one.flags.map(({ kind }) => kind).join(),
      ]),
    ).toEqual(
      expect.arrayContaining([
        ['2026-03-02', 'elm-1', true, ''],
        ['2026-03-02', 'elm-1', false, 'duplicate'],
        ['2026-03-09', null, true, 'unknown-school'],
      ]),
    );
  });

  it('is late where it was expected and nobody has told', async () => {
    // On 15 July: self-reviews were due by 31 May (1 January and 150 days), the second training day by 10 July (190 days).
    const { late } = await read();
    const told = late.map((one: { component: string; place: string; due: string; daysLate: number }) => [
      ...[one.component, one.place, one.due, one.daysLate],
    ]);
    expect(told).toContainEqual(['self-review', 'elm-2', '2026-05-31', 45]);
    expect(told).toContainEqual(['training-day-2', 'elm', '2026-07-10', 5]);
    // Workshops were due by the end of the cycle; nothing is expected of the comparison school.
    expect(told).toContainEqual(['improvement-workshop', 'elm-1', '2026-06-30', 15]);
    expect(told.some(([, place]: string[]) => place === 'oak-1')).toBe(false);
    expect(told.some(([component, place]: string[]) => component === 'self-review' && place === 'elm-1')).toBe(false);
  });

  it('keeps every decision, and counts by the last', async () => {
    const resolutions = '/api/studies/trial/fidelity/resolutions';
    const duplicate = (await read()).flags.find(({ kind }: { kind: string }) => kind === 'duplicate');
    const decide = (decision: string, why: string, seen: number, key = randomUUID()) =>
      evaluator.send('POST', resolutions, { key, flag: duplicate.id, decision, why, seen });
    const key = randomUUID();
    expect((await decide('count', 'Two classes, one each.', 0, key)).status).toBe(204);
    expect((await decide('count', 'Two classes, one each.', 0, key)).status).toBe(204);
    expect((await decide('leave-out', 'No.', 0)).body.code).toBe('conflict');
    expect((await decide('leave-out', 'It was one after all.', 1)).status).toBe(204);
    const again = (await read()).flags.find(({ id }: { id: string }) => id === duplicate.id);
    expect(again.resolutions.map(({ decision, why }: { decision: string; why: string }) => [decision, why])).toEqual([
      ['count', 'Two classes, one each.'],
      ['leave-out', 'It was one after all.'],
    ]);
    expect((await decide('count', 'x', 2)).status).toBe(204);
    const { events } = (await evaluator.send('GET', '/api/studies/trial/fidelity/events?component=self-review')).body;
    expect(
      events.filter(({ counts, school }: { counts: boolean; school: string }) => counts && school === 'elm-1'),
    ).toHaveLength(2);
    const late = (await read()).flags.find(({ kind }: { kind: string }) => kind === 'late-event');
    const body = { key: randomUUID(), flag: late.id, decision: 'count', why: 'x', seen: 0 };
    expect((await evaluator.send('POST', resolutions, body)).body.issues[0].code).toBe('nothing-to-count');
    expect((await evaluator.send('POST', resolutions, { ...body, flag: 'none' })).status).toBe(404);
    expect((await (await world.asViewer()).send('POST', resolutions, body)).status).toBe(403);
  });

  it('is read anew after a correction, which leaves every count of responses as it was', async () => {
    const training = async () => {
      const { clusters, dataVersion } = await read();
      const cell = (one: { component: string; cycle: string }) =>
        one.component === 'training-day-1' && one.cycle === '1';
      return { value: clusters[0].cells.find(cell).value, dataVersion };
    };
    const before = await training();
    expect(before.value).toBe(1);
    const replaces = responseId({ study: 'trial', id: 'log' }, 'first');
    await log('correction', [held(1, '2026-03-02', { ev_school: 'elm-1' })], { replaces });
    const after = await training();
    expect(after.value).toBe(0);
    expect(after.dataVersion).not.toBe(before.dataVersion);
  });

  it('tells nobody who may not see rows that whoever sent it had left', async () => {
    await insertPeople(world.context.db, 'trial', [
      {
        ...{ id: 'elm-former', school: null, cluster: 'elm', arm: 'partnership', role: 'coordinator' },
        spells: [{ from: null, to: '2026-02-28', school: null, cluster: 'elm', role: 'coordinator' }],
      },
    ]);
    await log('former', [held(1, '2026-03-20', { ev_school: 'elm-2' })], { person: 'elm-former' });
    const kinds = async (who: Visitor) => {
      const { events } = (await who.send('GET', '/api/studies/trial/fidelity/events?school=elm-2')).body;
      const inEvents = events.flatMap(({ flags }: { flags: { kind: string }[] }) => flags.map(({ kind }) => kind));
      return [inEvents, (await read(who)).flags.filter(({ kind }: { kind: string }) => kind === 'person-left').length];
    };
    // One of the event, one of the log that it stands in.
    expect(await kinds(evaluator)).toEqual([['person-left'], 2]);
    expect(await kinds(await world.asViewer())).toEqual([[], 0]);
  });
});
