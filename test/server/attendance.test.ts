/**
 * Attendance lists: whom a link may tick, who is refused with the place, what is stored, what datasets and fidelity make of it,
 * and that somebody who withdraws is taken out of what others sent.
 */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import Papa from 'papaparse';
import request from 'supertest';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseFidelityModel } from '../../instruments/fidelity/parse.ts';
import type { FidelityModel } from '../../instruments/fidelity-model.ts';
import type { Instrument } from '../../instruments/instrument.ts';
import { parseInstrument } from '../../instruments/parse.ts';
import { fidelityOf } from '../../server/fidelity/fidelity.ts';
import { insertModel } from '../../server/fidelity/models.ts';
import { hashModel } from '../../server/fidelity/shipped.ts';
import { eraseIdentities, saveIdentities } from '../../server/identities/store.ts';
import { insertInvitations } from '../../server/invitations/store.ts';
import { hashToken, tokenFor } from '../../server/invitations/tokens.ts';
import { loadOffer } from '../../server/responses/offers.ts';
import { findDraft } from '../../server/responses/resume.ts';
import { findResponse } from '../../server/responses/store.ts';
import { responseId } from '../../server/responses/submit.ts';
import { loadPersonRecord } from '../../server/rights/record.ts';
import { withdrawPerson } from '../../server/rights/withdraw.ts';
import { insertPeople } from '../../server/rosters/store.ts';
import { unzipped } from './exports.ts';
import { makeWorld, type TestLink, type World } from './world.ts';

let world: World;
let lead: TestLink;
const key = randomUUID();

async function libraryLog(): Promise<Instrument> {
  const file = new URL('../../instruments/library/implementation-log.v2.json', import.meta.url);
  const parsed = parseInstrument(JSON.parse(await readFile(file, 'utf8')));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.value;
}

const consent = { information: 1, agreed: true };
const event = (more: object = {}) => ({ ev_kind: 4, ev_held: 1, ev_date: '2026-03-02', ...more });
const log = (events: readonly object[]) => ({
  period_start: '2026-01-01',
  period_end: '2026-07-31',
  cluster_schools: 2,
  events,
});
const send = (link: Pick<TestLink, 'path'>, answers: object, chosen: string = randomUUID()) =>
  request(world.app).post(`/api${link.path}/responses`).send({ key: chosen, answers, consent });

interface Listed {
  readonly value: string;
  readonly text: string;
}
/** The list of people in what a link answers; null: it has none. */
function listIn(survey: unknown): readonly Listed[] | null {
  if (Array.isArray(survey)) return survey.map(listIn).find((found) => found !== null) ?? null;
  if (survey === null || typeof survey !== 'object') return null;
  const { fidelisChoices, choices } = survey as { fidelisChoices?: unknown; choices?: Listed[] };
  if (fidelisChoices === 'people') return choices ?? [];
  return listIn(Object.values(survey));
}
async function offered({ path }: Pick<TestLink, 'path'>): Promise<readonly Listed[] | null> {
  const answer = await request(world.app).get(`/api${path}`);
  expect(answer.status, answer.text).toBe(200);
  return listIn(answer.body.instrument.survey);
}

beforeAll(async () => {
  world = await makeWorld({
    instruments: [await libraryLog()],
    people: { teacher: 3, headteacher: 2, 'improvement-champion': 2 },
    administrations: [
      {
        id: 'log',
        instrument: 'implementation-log',
        version: 2,
        audience: { arms: ['partnership'], roles: ['teacher', 'headteacher', 'improvement-champion', 'coordinator'] },
      },
    ],
  });
  const { context } = world;
  const base = { arm: 'partnership', cluster: 'elm' };
  await insertPeople(context.db, 'trial', [
    { id: 'lead', school: null, role: 'coordinator', ...base },
    {
      ...{ id: 'leaver', school: 'elm-2', role: 'teacher', ...base },
      spells: [{ from: null, to: '2026-02-10', school: 'elm-2', cluster: 'elm', role: 'teacher' }],
    },
    {
      // Was of another school before, which is no part of the cluster.
      ...{ id: 'mover', school: 'oak-1', role: 'teacher', arm: 'comparison', cluster: null },
      spells: [
        { from: null, to: '2026-03-31', school: 'oak-1', cluster: null, role: 'teacher' },
        { from: '2026-04-01', to: null, school: 'elm-1', cluster: 'elm', role: 'teacher' },
      ],
    },
  ]);
  const named = (person: string, name: string) => ({ person, name, email: null, language: null });
  await saveIdentities(context, 'trial', [
    named('elm-1-teacher-1', 'Ada <b>Quill</b>'),
    named('leaver', 'Lena Brook'),
    named('oak-1-teacher-1', 'Oliver Far'),
  ]);
  const token = tokenFor(context, 'log-lead', 1);
  lead = {
    token,
    path: `/s/${token}`,
    invitation: {
      ...{ _id: 'log-lead', study: 'trial', administration: 'log', person: 'lead', school: null, role: 'coordinator' },
      ...{ cluster: 'elm', arm: 'partnership', serial: 1, tokenHash: hashToken(token), state: 'open' },
      ...{ openedAt: null, claim: null },
    },
  };
  await insertInvitations(context.db, [lead.invitation]);
});

const linkOf = (person: string): TestLink => {
  const found = world.links('log').find(({ invitation }) => invitation.person === person);
  if (!found) throw new Error(`no link of ${person}`);
  return found;
};

describe('whom a link shows', () => {
  test('a coordinator sees the people of the cluster by name, who has left with the last day', async () => {
    const list = (await offered(lead)) ?? [];
    expect(list.length).toBe(17);
    expect(list).toContainEqual({ value: 'elm-1-teacher-1', text: 'Ada <b>Quill</b>, Elm Primary 1' });
    expect(list.at(-1)).toEqual({ value: 'leaver', text: 'Lena Brook, Elm Primary 2 (until 10 February 2026)' });
    // Nobody has told a name: the pseudonym stands for it.
    expect(list).toContainEqual({ value: 'elm-2-teacher-3', text: 'elm-2-teacher-3, Elm Primary 2' });
    expect(list.some(({ value }) => value.startsWith('oak'))).toBe(false);
  });

  test('a headteacher and a champion see their own school, a teacher and a shared link nobody', async () => {
    for (const person of ['elm-1-headteacher-1', 'elm-1-improvement-champion-1']) {
      const ids = ((await offered(linkOf(person))) ?? []).map(({ value }) => value);
      expect(ids.every((id) => id.startsWith('elm-1') || id === 'mover')).toBe(true);
      expect(ids.length).toBe(8);
    }
    expect(await offered(linkOf('elm-1-teacher-1'))).toBeNull();
    const evaluator = await world.asEvaluator();
    const made = await evaluator.send('POST', '/api/studies/trial/administrations/log/shared-links', {});
    expect(made.status, made.text).toBeLessThan(300);
    const [shared] = await world.context.db.collection('invitations').find({ shared: true, school: 'elm-1' }).toArray();
    const path = `/s/${tokenFor(world.context, String(shared?._id), 1)}`;
    const page = await request(world.app).get(path);
    expect(page.text).not.toContain('Quill');
    expect(await offered({ path })).toBeNull();
    const refused = await send({ path }, log([event({ attended: ['elm-1-teacher-1'] })]));
    expect(refused.body.issues).toMatchObject([{ code: 'people-not-offered', path: 'answers.events[0].attended' }]);
  });

  test('the page holds the list, so that it is there without network, and a name is no markup', async () => {
    const page = await request(world.app).get(lead.path);
    expect(page.status).toBe(200);
    expect(page.text).toContain('elm-2-teacher-3');
    expect(page.text).not.toContain('<b>Quill');
    expect(world.logLines.join('\n')).not.toContain('Quill');
  });
});

describe('what is taken', () => {
  test.each([
    ['somebody of another place', ['elm-1-teacher-1', 'oak-1-teacher-1'], 'unknown-person', '[1]'],
    ['nobody of that id', ['nobody'], 'unknown-person', '[0]'],
    ['one person twice', ['elm-1-teacher-1', 'elm-1-teacher-1'], 'repeated-code', '[1]'],
    ['a number', [7], 'wrong-type', '[0]'],
    ['an operator of the database', [{ $ne: null }], 'wrong-type', '[0]'],
    ['a text in place of a list', 'elm-1-teacher-1', 'wrong-type', ''],
    ['too many', Array.from({ length: 1001 }, (_, at) => `p${at}`), 'too-many', ''],
  ])('refuses %s with the place', async (_what, attended, code, at) => {
    const answer = await send(lead, log([event(), event({ ev_date: '2026-03-03', attended })]));
    expect(answer.status).toBe(422);
    expect(answer.body.issues).toMatchObject([{ code, path: `answers.events[1].attended${at}` }]);
    const draft = await request(world.app)
      .put(`/api${lead.path}/draft`)
      .send({ answers: log([event(), event({ attended })]), page: 1, consent });
    expect(draft.status).toBe(422);
  });

  test('a teacher without the right cannot tick even a colleague', async () => {
    const answer = await send(linkOf('elm-1-teacher-2'), log([event({ attended: ['elm-1-teacher-1'] })]));
    expect(answer.body.issues).toMatchObject([{ code: 'people-not-offered' }]);
  });

  test('pseudonyms are stored, also of who had left; the same submission again is a success', async () => {
    const answers = log([
      event({ attended: ['elm-1-teacher-1', 'elm-1-improvement-champion-1', 'leaver'] }),
      event({ ev_date: '2026-05-04', attended: ['elm-1-teacher-1', 'elm-2-improvement-champion-2'] }),
    ]);
    expect((await send(lead, answers, key)).status).toBe(201);
    expect((await send(lead, answers, key)).status).toBe(200);
    const stored = await findResponse(world.context.db, responseId({ study: 'trial', id: 'log' }, key));
    expect(stored?.answers).toEqual(answers);
  });
});

/** A share of people for everybody, and one for Improvement Champions. */
function attendanceModel(): FidelityModel {
  const component = (id: string, more: object) => ({
    ...{ id, title: id, dimension: 'reach', core: true, level: 'cluster', cycles: ['1'], weight: 0.5 },
    expected: null,
    source: { instrument: 'implementation-log', table: 'events', where: [], day: 'ev_date' },
    rule: { kind: 'share', variable: 'attended', outOf: 'people', ...more },
  });
  const parsed = parseFidelityModel({
    ...{ id: 'attendance', version: 1, title: 'Attendance', index: { weights: 'sum-to-one' } },
    cycles: [{ id: '1', title: 'First', from: '2026-01-01', to: '2026-12-31' }],
    components: [component('all', {}), component('champions', { roles: ['improvement-champion'] })],
    compliance: { decided: '2026-01-01', index: 0.5 },
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.value;
}

describe('what is made of it', () => {
  test('a dataset has the ticks in a table of their own, none of them where it is controlled', async () => {
    const analyst = await world.asAnalyst();
    const filesOf = async (level: string) => {
      const definition = { name: level, title: 'Log', purpose: 'Test', administrations: ['log'], level };
      const made = await analyst.send('POST', '/api/studies/trial/datasets', definition);
      expect(made.status, made.text).toBe(201);
      const zip = await analyst.agent
        .get(`/api/studies/trial/datasets/${level}.zip`)
        .buffer(true)
        .parse((response, done) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => done(null, Buffer.concat(chunks)));
        });
      expect(zip.status).toBe(200);
      return unzipped(zip.body as Buffer);
    };
    const files = await filesOf('pseudonymous');
    const text = (files.get('events_attended.csv') ?? '').replace(/^\uFEFF/, '');
    const rows = Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true }).data;
    expect(rows.map(({ entry, person }) => [entry, person])).toEqual([
      ['1', 'elm-1-teacher-1'],
      ['1', 'elm-1-improvement-champion-1'],
      ['1', 'leaver'],
      ['2', 'elm-1-teacher-1'],
      ['2', 'elm-2-improvement-champion-2'],
    ]);
    expect(new Set(rows.map(({ response }) => response))).toEqual(
      new Set([responseId({ study: 'trial', id: 'log' }, key)]),
    );
    const controlled = await filesOf('controlled');
    expect(controlled.has('events_attended.csv')).toBe(false);
    for (const [name, file] of controlled) expect([name, file.includes('leaver')]).toEqual([name, false]);
  });

  test('fidelity counts who was there of those on the roster that day, and finds the tick of who had left', async () => {
    const { context, study } = world;
    const model = attendanceModel();
    await insertModel(context.db, {
      ...{ study: 'trial', version: 1, state: 'published', revision: 1, model, hash: hashModel(model), pending: null },
      history: [{ state: 'published', at: context.clock(), by: 'test', why: 'test' }],
    });
    const ask = (suppress: boolean) => fidelityOf(context, study, { cycle: null, reader: { scope: 'all', suppress } });
    const found = await ask(false);
    const cells = found?.clusters.find(({ id }) => id === 'elm')?.cells ?? [];
    // Two schools of seven people and the coordinator make 15; the leaver was gone by March, the mover came in April. On 2 March
    // two of 15 are ticked who were there, on 4 May two of 16; of the four champions one, then one.
    expect(cells.find(({ component }) => component === 'all')?.value).toBeCloseTo((2 / 15 + 2 / 16) / 2, 12);
    expect(cells.find(({ component }) => component === 'champions')?.value).toBeCloseTo(1 / 4, 12);
    const flags = found?.flags.filter(({ kind }) => kind === 'ticked-not-there') ?? [];
    expect(flags).toMatchObject([{ day: '2026-03-02', cluster: 'elm', counts: true }]);
    expect(flags[0]?.text).toBe(
      '1 person who is ticked was not on the roster on 2026-03-02; that tick does not count in shares of people.',
    );
    expect((await ask(true))?.flags.some(({ kind }) => kind === 'ticked-not-there')).toBe(false);
    const evaluator = await world.asEvaluator();
    const resolved = await evaluator.send('POST', '/api/studies/trial/fidelity/resolutions', {
      ...{ key: randomUUID(), flag: flags[0]?.id, decision: 'noted', why: 'Came back for the day.', seen: 0 },
    });
    expect(resolved.status, resolved.text).toBe(204);
    const after = (await ask(false))?.flags.find(({ id }) => id === flags[0]?.id);
    expect(after?.resolutions).toMatchObject([{ decision: 'noted', why: 'Came back for the day.' }]);
  });
});

describe('the rights of who is ticked', () => {
  const id = () => responseId({ study: 'trial', id: 'log' }, key);
  const attended = async () => {
    const { events } = ((await findResponse(world.context.db, id()))?.answers ?? {}) as {
      events: { attended?: string[] }[];
    };
    return events.map((one) => one.attended);
  };

  test('their own copy says where they are ticked', async () => {
    const { ticks } = await loadPersonRecord(world.context, 'trial', 'elm-1-teacher-1');
    expect(ticks).toMatchObject([
      { administration: 'log', list: 'Tick those who took part' },
      { administration: 'log', list: 'Tick those who took part' },
    ]);
  });

  test('who withdraws is taken out of the logs of others, sent and not sent, and is on no list any more', async () => {
    const { context } = world;
    const head = linkOf('elm-1-headteacher-2');
    const draft = { answers: log([event({ attended: ['elm-1-teacher-1'] })]), page: 1, consent };
    expect((await request(world.app).put(`/api${head.path}/draft`).send(draft)).status).toBe(200);
    await withdrawPerson(context, 'trial', 'elm-1-teacher-1', 'evaluator');
    expect(await attended()).toEqual([['elm-1-improvement-champion-1', 'leaver'], ['elm-2-improvement-champion-2']]);
    const offer = await loadOffer(context, 'trial', 'log');
    const left = await findDraft(context, { ...offer, token: head.token, invitation: head.invitation });
    expect(left?.answers).toEqual(log([event()]));
    expect((await offered(linkOf('elm-1-headteacher-1')))?.some(({ value }) => value === 'elm-1-teacher-1')).toBe(
      false,
    );
    const again = await send(linkOf('elm-1-headteacher-1'), log([event({ attended: ['elm-1-teacher-1'] })]));
    expect(again.body.issues).toMatchObject([{ code: 'unknown-person' }]);
    const found = await fidelityOf(context, world.study, { cycle: null, reader: { scope: 'all', suppress: false } });
    const cells = found?.clusters.find(({ id: cluster }) => cluster === 'elm')?.cells ?? [];
    // One of the 15 and of the 16 people who could have been ticked is on no list any more.
    expect(cells.find(({ component }) => component === 'all')?.value).toBeCloseTo((1 / 14 + 1 / 15) / 2, 12);
  });

  test('of who is erased the pseudonym stays without a name, and nobody can be ticked under it', async () => {
    await eraseIdentities(world.context.db, 'trial', ['leaver']);
    expect((await attended())[0]).toContain('leaver');
    expect((await offered(linkOf('elm-2-headteacher-1')))?.some(({ value }) => value === 'leaver')).toBe(false);
  });
});
