/**
 * Pilots: their answers never count among those of the study, respondents are told, and simulated people answer them by the
 * way of real submissions.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../analysis/result.ts';
import { collectionOfResponses } from '../../server/responses/store.ts';
import { insertSchools } from '../../server/rosters/store.ts';
import type { Visitor } from './people.ts';
import { makeWorld, type World } from './world.ts';

let world: World;
let ada: Visitor;
const study = '/api/studies/trial';
const answers = { role: 1, statements: { help: 3, plan: 3, alone: 1 }, took_part: false };
const wish = { people: 40, seed: 'one', loading: 0.8, icc: 0.2, missing: 0 };

beforeAll(async () => {
  world = await makeWorld({
    administrations: [
      { id: 'survey', title: 'The survey itself' },
      { id: 'tryout', title: 'The trial of it', pilot: true },
      { id: 'next-tryout', pilot: true, state: 'paused' },
      { id: 'filled', title: 'The trial with simulated people', pilot: true },
    ],
  });
  ada = await world.asAdministrator();
  for (let n = 0; n < 6; n += 1) await world.answer('survey', answers);
  for (let n = 0; n < 7; n += 1) await world.answer('tryout', answers);
});

const noteCodes = ({ notes }: Report) => notes.map(({ code }) => code);
const reportOf = async (administration: string) =>
  (await ada.send('GET', `${study}/administrations/${administration}/report`)).body;
const datasetOf = (administrations: string[]) =>
  ada.send('POST', `${study}/datasets`, {
    ...{ name: `d-${administrations.join('-')}`, title: 'A dataset', purpose: 'A test', administrations },
  });

describe('answers to a pilot', () => {
  test('are in its own rates, report and data, which say that it is one', async () => {
    const { body } = await ada.send('GET', `${study}/administrations/tryout`);
    expect(body.administration).toMatchObject({ pilot: true, responded: 7 });
    expect(noteCodes(await reportOf('tryout'))).toContain('pilot');
    expect(noteCodes(await reportOf('survey'))).not.toContain('pilot');
  });

  test('are in no figure of the study, and what is left out is counted', async () => {
    const { body } = await ada.send('GET', '/api/studies');
    expect(body.studies.find((one: { study: { id: string } }) => one.study.id === 'trial').responses).toBe(6);
    const { body: report } = await ada.send('GET', `${study}/reports/evaluation`);
    expect(report.notes).toContainEqual({ code: 'pilots-left-out', text: 'Answers to 3 pilots are left out.' });
    expect(JSON.stringify(report.sections)).toContain('The survey itself');
    expect(JSON.stringify(report.sections)).not.toContain('The trial of it');
  });

  test('are never pooled with others in a dataset; pilots alone are one', async () => {
    const mixed = await datasetOf(['survey', 'tryout']);
    expect(mixed).toMatchObject({ status: 422, body: { code: 'invalid-dataset' } });
    expect(mixed.body.issues).toMatchObject([{ code: 'pilot-among-others', path: 'administrations' }]);
    expect(mixed.body.issues[0].message).toContain('"tryout"');
    expect((await datasetOf(['survey'])).status).toBe(201);
    expect((await datasetOf(['tryout'])).status).toBe(201);
  });

  test('stay so: no change makes data of a pilot, or a pilot of data', async () => {
    for (const [id, pilot] of [
      ['tryout', false],
      ['survey', true],
    ] as const) {
      expect((await ada.send('PUT', `${study}/administrations/${id}`, { pilot })).status).toBe(400);
    }
  });
});

test('respondents are told that it is a pilot', async () => {
  const page = async (administration: string) => (await ada.agent.get(world.takeLink(administration).path)).text;
  expect(await page('tryout')).toContain('Pilot: this is a trial of the questions.');
  expect(await page('survey')).not.toContain('Pilot');
});

describe('simulated people', () => {
  const simulate = (administration: string, body: object = wish, who = ada) =>
    who.send('POST', `${study}/administrations/${administration}/simulation`, body);

  test('answer a pilot through its staffroom links, each once; other numbers are other people', async () => {
    expect(await simulate('filled')).toMatchObject({ status: 200, body: { created: 40, unchanged: 0 } });
    expect((await simulate('filled')).body).toEqual({ created: 0, unchanged: 40 });
    expect((await simulate('filled', { ...wish, people: 42 })).body).toEqual({ created: 2, unchanged: 40 });
    expect((await simulate('filled', { ...wish, icc: 0 })).body).toEqual({ created: 40, unchanged: 0 });
    const stored = await collectionOfResponses(world.context.db)
      .find({ administration: 'filled', source: 'simulated' })
      .toArray();
    expect(stored).toHaveLength(82);
    expect(new Set(stored.map(({ school }) => school))).toEqual(new Set(['elm-1', 'elm-2', 'oak-1']));
    for (const one of stored) expect(one).toMatchObject({ person: null, invitation: null, completion: 'complete' });
    const { body } = await ada.send('GET', `${study}/administrations/filled/dataset`);
    expect(body.rows).toBe(82);
    expect((await reportOf('filled')).notes).toContainEqual({
      code: 'simulated-answers',
      text: '82 of 82 answers are of simulated people, whom a program made up.',
    });
  });

  test('stay in their schools when another one comes, and take no room from those who share a link', async () => {
    const school = { name: 'Ash Primary', phase: 'primary', pupils: 180, disadvantaged: 0.3 } as const;
    const place = { id: 'ash-1', arm: 'partnership', cluster: 'elm' };
    await insertSchools(world.context.db, 'trial', [{ ...school, ...place }]);
    expect((await simulate('filled')).body).toEqual({ created: 0, unchanged: 40 });
    expect((await simulate('filled', { ...wish, seed: 'two' })).body).toEqual({ created: 40, unchanged: 0 });
    const schools = await collectionOfResponses(world.context.db).distinct('school', { administration: 'filled' });
    expect(schools).toContain('ash-1');
    const counted = await world.context.db
      .collection('rateLimits')
      .find({}, { projection: { key: 1 } })
      .toArray();
    expect(counted.filter(({ key }) => String(key).includes('shared-responses'))).toEqual([]);
  });

  test('never answer a pilot that people have answered', async () => {
    const refused = await simulate('tryout');
    expect(refused).toMatchObject({ status: 409, body: { code: 'state-not-allowed' } });
    expect(refused.body.detail).toBe('7 people have answered this pilot. Plan another one for simulated people.');
    const { body } = await ada.send('GET', `${study}/administrations/tryout/dataset`);
    expect(body.rows).toBe(7);
    expect(noteCodes(await reportOf('tryout'))).not.toContain('simulated-answers');
  });

  test('are refused where people answer, in a pilot that is not open, and for readers', async () => {
    for (const id of ['survey', 'next-tryout']) {
      expect(await simulate(id)).toMatchObject({ status: 409, body: { code: 'state-not-allowed' } });
    }
    expect((await simulate('filled', wish, await world.asAnalyst())).status).toBe(403);
    expect((await simulate('filled', { ...wish, people: 501 })).status).toBe(400);
    expect((await simulate('nowhere')).status).toBe(404);
    expect(await collectionOfResponses(world.context.db).countDocuments({ administration: 'survey' })).toBe(6);
  });
});
