/**
 * A study's overview over HTTP: where response and fidelity fall behind, what has changed since last week, what to do next. On 10
 * March, day 10 of 20 of a survey to 8 teachers in each of three schools; all counts are worked by hand in the comments.
 */
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { blankFidelityModel } from '../../instruments/fidelity/blank.ts';
import { saveStudyAccess } from '../../server/accounts/study-roles.ts';
import { appendAmendment } from '../../server/amendments/store.ts';
import { definitionSchema } from '../../server/datasets/definitions/definition.ts';
import { ensureLibrary } from '../../server/instruments/library.ts';
import { claimMessage, enqueue, moveMessage } from '../../server/outbox/store.ts';
import { createRelease } from '../../server/releases/create.ts';
import { hashAnswers } from '../../server/responses/hash-answers.ts';
import { insertResponsesBulk } from '../../server/responses/store.ts';
import { responseId } from '../../server/responses/submit.ts';
import { insertPeople } from '../../server/rosters/store.ts';
import { signedInAs, type Visitor } from './people.ts';
import { answer } from './school-means.ts';
import { makeWorld, type World } from './world.ts';

const address = '/api/studies/trial/overview';
const models = '/api/studies/trial/fidelity/models';
const days = (day: string) => new Date(`${day}T12:00:00Z`);

let world: World;
let evaluator: Visitor;
let coordinator: Visitor;
const overview = async (who: Visitor) => (await who.send('GET', address)).body;

beforeAll(async () => {
  world = await makeWorld({
    study: {
      waves: [
        { id: 'baseline', title: 'Baseline', opens: '2026-03-01', closes: '2026-03-20' },
        { id: 'mid', title: 'Middle', opens: '2026-03-22', closes: '2026-04-30' },
        { id: 'end', title: 'End', opens: '2026-11-01', closes: '2026-11-30' },
      ],
    },
    administrations: [
      { id: 'survey', title: 'Staff survey', opens: '2026-03-01', closes: '2026-03-20' },
      { id: 'pilot', title: 'A pilot', opens: '2026-03-01', closes: '2026-03-20', pilot: true },
      { id: 'later', title: 'Later survey', wave: 'end', opens: '2026-03-21', closes: '2026-11-30', state: 'planned' },
      {
        ...{ id: 'log', title: 'Log', instrument: 'implementation-log', opens: '2026-01-01', closes: '2026-12-31' },
        audience: { arms: ['partnership'], roles: ['coordinator'] },
      },
    ],
  });
  const { context, app } = world;
  world.setClock(days('2026-02-20'));
  await ensureLibrary(context);
  evaluator = await world.asEvaluator();
  coordinator = await signedInAs(app, context, 'member', 'elm@example.org');
  const account = (await coordinator.look()).body.account.id;
  const access = { study: 'trial', account, role: 'coordinator', clusters: ['elm'], schools: [] } as const;
  await saveStudyAccess(context.db, access);
});

/** So many more people of a school answer on a day. */
async function answers(school: string, n: number, day: string): Promise<void> {
  world.setClock(days(day));
  const links = world.links('survey').filter(({ invitation }) => invitation.school === school);
  const done = answered.get(school) ?? 0;
  for (const { path } of links.slice(done, done + n)) await answer(world, path, 2);
  answered.set(school, done + n);
}
const answered = new Map<string, number>();

/** Elm's coordinator tells of Elm 1's self-review, and of one in a school that nobody knows. */
async function log(): Promise<void> {
  const { db } = world.context;
  await insertPeople(db, 'trial', [
    { id: 'elm-coordinator', school: null, cluster: 'elm', arm: 'partnership', role: 'coordinator' },
  ]);
  const held = { ev_kind: 1, ev_held: 1, ev_adapted: false };
  const events = [
    { ...held, ev_date: '2026-03-03', ev_school: 'elm-1' },
    { ...held, ev_date: '2026-03-04', ev_school: 'Nowhere Primary' },
  ];
  const all = { period_start: '2026-03-01', period_end: '2026-03-07', cycle: 1, cluster_schools: 2 };
  const given = { ...all, events, attendance: [] };
  await insertResponsesBulk(db, [
    {
      ...{ _id: responseId({ study: 'trial', id: 'log' }, 'first'), study: 'trial', administration: 'log' },
      ...{ instrument: 'implementation-log', version: 1, wave: 'baseline' },
      ...{ arm: 'partnership', cluster: 'elm', school: null, role: 'coordinator' },
      subject: { kind: 'cluster', id: 'elm' },
      ...{ person: 'elm-coordinator', invitation: null, answers: given, answersHash: hashAnswers(given) },
      ...{ completion: 'complete', lastPage: null, consent: null, receivedAt: days('2026-03-08') },
      ...{ source: 'web', replaces: null, withdrawn: false },
    },
  ]);
}

/** Self-reviews are due by 6 March: 64 days after the cycle begins on 1 January. */
async function publishModel(): Promise<void> {
  world.setClock(days('2026-03-05'));
  const blank = blankFidelityModel({ id: 'trial', title: 'Reading partners' }, '2026-03-01');
  const model = {
    ...blank,
    cycles: [{ id: '1', title: 'First cycle', from: '2026-01-01', to: '2026-06-30' }],
    components: [
      {
        ...{ id: 'self-review', title: 'Self-review', description: '', dimension: 'adherence', core: true },
        ...{ level: 'school', after: [], cycles: ['1'], weight: 1, cutoffs: { low: 0.5, high: 0.8 } },
        expected: { count: 1, from: { cycle: 'begins', days: 0 }, to: { cycle: 'begins', days: 64 }, duration: null },
        source: {
          ...{ instrument: 'implementation-log', table: 'events', day: 'ev_date', school: 'ev_school' },
          where: [{ variable: 'ev_kind', is: [1] }],
        },
        rule: { kind: 'count', duration: null },
      },
    ],
  };
  await evaluator.send('POST', models, { model });
  const step = { revision: 0, state: 'published', why: 'Agreed.' };
  expect((await evaluator.send('PUT', `${models}/1/state`, step)).status).toBe(200);
}

/** One message that came back on 4 March, and one that did on 25 February; an amendment and a release of 9 March. */
async function otherNews(): Promise<void> {
  const { context } = world;
  for (const [key, day] of [
    ['old', '2026-02-25'],
    ['new', '2026-03-04'],
  ] as const) {
    world.setClock(days(day));
    const to = { kind: 'person', study: 'trial', person: 'elm-1-teacher-1' } as const;
    const about = { administration: 'survey' };
    await enqueue(context, [{ key, kind: 'invitation', to, study: 'trial', about, sendAfter: null }]);
    expect((await claimMessage(context, 'a test', 60_000))?._id).toBe(key);
    expect(await moveMessage(context, key, 'sending', 'bounced')).toBe(true);
  }
  world.setClock(days('2026-03-09'));
  const thing = { kind: 'administration', id: 'survey', title: 'Staff survey' } as const;
  const changes = [{ what: 'last day', old: '2026-03-18', new: '2026-03-20' }];
  const amendment = { id: randomUUID(), study: 'trial', at: days('2026-03-09'), by: 'somebody', why: 'Snow.' };
  await appendAmendment(context.db, { ...amendment, thing, changes });
  const definition = definitionSchema.parse({
    name: 'staff',
    title: 'Staff',
    purpose: 'A look',
    administrations: ['survey'],
  });
  await createRelease(context, 'trial', { definition, purpose: 'Interim look', by: 'somebody' });
}

describe('the overview of a study', () => {
  it('of a new study says with what to begin', async () => {
    const arms = [{ id: 'programme', title: 'Programme', kind: 'intervention' }];
    const waves = [{ id: 'only', title: 'Only', opens: '2026-02-25', closes: '2026-03-31' }];
    const about = { id: 'new', title: 'New', description: '', timeZone: 'Europe/London', minimumCell: 5 };
    expect((await evaluator.send('POST', '/api/studies', { ...about, arms, waves })).status).toBe(201);
    const { body } = await evaluator.send('GET', '/api/studies/new/overview');
    expect(body).toEqual({
      ...{ today: '2026-02-20', since: '2026-02-13', fidelity: null, changes: [] },
      response: { administrations: [], clusters: [], schools: [], withheld: false },
      actions: [
        { kind: 'add-roster', n: null, about: null, day: null },
        { kind: 'plan-first', n: null, about: null, day: null },
        { kind: 'wave-unplanned', n: null, about: { id: 'only', title: 'Only' }, day: '2026-02-25' },
        { kind: 'begin-model', n: null, about: null, day: null },
      ],
    });
  });

  it('tells response against the pace and a week ago, the slowest places first', async () => {
    await answers('elm-1', 6, '2026-03-02');
    await answers('elm-2', 1, '2026-03-03');
    await answers('elm-2', 1, '2026-03-08');
    await answers('oak-1', 5, '2026-03-09');
    world.setClock(days('2026-03-10'));
    const { response, today, since } = await overview(evaluator);
    expect([today, since]).toEqual(['2026-03-10', '2026-03-03']);
    // 6 + 2 + 5 = 13 of 24, on day 10 of 20; up to 3 March 6 + 1 = 7. Neither the pilot nor the log is a survey in the field.
    expect(response.administrations).toEqual([
      {
        ...{ id: 'survey', title: 'Staff survey', wave: 'Baseline', closes: '2026-03-20', paused: false },
        ...{ day: 10, days: 20, pace: 0.5, eligible: 24, responded: 13, rate: 13 / 24, weekAgo: 7 },
      },
    ]);
    const told = (places: { id: string; responded: number; eligible: number }[]) =>
      places.map(({ id, responded, eligible }) => [id, responded, eligible]);
    expect(told(response.clusters)).toEqual([['elm', 8, 16]]);
    expect(told(response.schools)).toEqual([
      ['elm-2', 2, 8],
      ['oak-1', 5, 8],
      ['elm-1', 6, 8],
    ]);
    expect(response.withheld).toBe(false);
  });

  it('tells where fidelity falls behind, what is new and what to do, with what there is to do first', async () => {
    await publishModel();
    await log();
    await otherNews();
    world.setClock(days('2026-03-10'));
    const { fidelity, changes, actions } = await overview(evaluator);
    // Elm 1 has had its one self-review: 1. Elm 2 has not, and it was due on 6 March: 0, and late.
    expect(fidelity).toMatchObject({ model: { version: 1, state: 'published' }, late: 1, withheld: false });
    expect(fidelity.schools).toEqual([
      { level: 'school', id: 'elm-2', name: 'Elm Primary 2', index: 0, late: 1 },
      { level: 'school', id: 'elm-1', name: 'Elm Primary 1', index: 1, late: 0 },
    ]);
    // 13 − 7 answers; one log, of whose two events one stands in a school that is known.
    expect(changes).toEqual([
      { kind: 'answers', n: 6, told: ['Staff survey: 6'] },
      { kind: 'logs', n: 1, told: [] },
      { kind: 'events', n: 1, told: [] },
      { kind: 'late', n: 1, told: [] },
      { kind: 'model', n: 1, told: ['Version 1: published'] },
      { kind: 'amendments', n: 1, told: ['1, Staff survey: Snow.'] },
      { kind: 'bounced', n: 1, told: [] },
      { kind: 'releases', n: 1, told: ['1: Interim look'] },
    ]);
    // Elm 2 alone has fewer than half of its answers more than five days after the opening.
    expect(actions).toEqual([
      { kind: 'close-soon', n: null, about: { id: 'survey', title: 'Staff survey' }, day: '2026-03-20' },
      { kind: 'call', n: 1, about: { id: 'survey', title: 'Staff survey' }, day: null },
      { kind: 'log-late', n: 1, about: null, day: null },
      { kind: 'resolve', n: 1, about: null, day: null },
      { kind: 'open-soon', n: null, about: { id: 'later', title: 'Later survey' }, day: '2026-03-21' },
      { kind: 'wave-unplanned', n: null, about: { id: 'mid', title: 'Middle' }, day: '2026-03-22' },
      { kind: 'lock-model', n: null, about: { id: '1', title: 'Reading partners' }, day: null },
    ]);
  });

  it('is of the data as they are: an answer more is told at once', async () => {
    await answers('oak-1', 1, '2026-03-10');
    const { response, changes } = await overview(evaluator);
    expect(response.administrations[0].responded).toBe(14);
    expect(changes[0]).toEqual({ kind: 'answers', n: 7, told: ['Staff survey: 7'] });
  });

  it('has for a viewer no cell of fewer than five people, nor days from which one could be had, and nothing to do', async () => {
    const { response, changes, actions } = await overview(await world.asViewer());
    // Elm 2's two are hidden, and with them what would give them away: Elm 1 beside Elm's sum.
    const shown = [...response.administrations, ...response.clusters, ...response.schools];
    for (const { eligible, responded } of shown) {
      for (const n of [eligible, responded]) expect(n === null || n >= 5).toBe(true);
    }
    const schools = response.schools.map(({ id }: { id: string }) => id);
    expect(schools).not.toContain('elm-2');
    expect(schools.includes('elm-1') && response.clusters.length > 0).toBe(false);
    expect(response.withheld).toBe(true);
    expect(response.administrations[0].weekAgo).toBeNull();
    expect(changes[0]).toEqual({ kind: 'answers', n: null, told: [] });
    expect(changes.map(({ kind }: { kind: string }) => kind)).not.toContain('bounced');
    expect(actions).toEqual([]);
  });

  it('has for a coordinator their own clusters alone, with the calls that they may make', async () => {
    const body = await overview(coordinator);
    expect(JSON.stringify(body)).not.toMatch(/oak|Snow|Interim/i);
    expect(body.response.administrations).toMatchObject([{ id: 'survey', eligible: 16 }]);
    expect(body.actions).toEqual([
      { kind: 'call', n: 1, about: { id: 'survey', title: 'Staff survey' }, day: null },
      { kind: 'log-late', n: 1, about: null, day: null },
    ]);
    expect((await evaluator.send('GET', '/api/studies/none/overview')).status).toBe(404);
  });
});
