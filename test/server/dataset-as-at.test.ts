/** Datasets asked as at a day: the respondent's place of that day in the rows, and what the file says of itself. */
import { randomUUID } from 'node:crypto';
import Papa from 'papaparse';
import { beforeAll, expect, test } from 'vitest';
import { aboutOf } from '../../server/datasets/about.ts';
import { loadDataset } from '../../server/datasets/dataset.ts';
import type { Visitor } from './people.ts';
import { makeWorld, type World } from './world.ts';

let world: World;
let evaluator: Visitor;
const administration = 'baseline-staffroom';
const base = `/api/studies/trial/administrations/${administration}/dataset.csv`;

beforeAll(async () => {
  world = await makeWorld();
  evaluator = await world.asEvaluator();
  const { token, invitation } = world.takeLink(administration);
  const answers = { role: 1, years: 4, statements: { help: 1, plan: 2, alone: 1 } };
  const body = { key: randomUUID(), answers, consent: { information: 1, agreed: true } };
  const sent = await evaluator.agent.post(`/api/s/${token}/responses`).send(body);
  expect(sent.status, sent.text).toBe(201);
  expect(invitation).toMatchObject({ school: 'elm-1', cluster: 'elm' });
  const url = `/api/studies/trial/rosters/people/members/${invitation.person}/changes`;
  const place = { school: 'oak-1', role: 'middle-leader' };
  const change = { revision: 0, kind: 'move', on: '2026-10-01', reason: 'A new post', place };
  expect((await evaluator.send('POST', url, change)).status).toBe(204);
  const leave = { revision: 1, kind: 'leave', on: '2026-12-31', reason: 'Retired' };
  expect((await evaluator.send('POST', url, leave)).status).toBe(204);
});

async function placeIn(query: string) {
  const { text } = await evaluator.send('GET', `${base}${query}`);
  const [row] = Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true }).data;
  return [row?.arm, row?.cluster, row?.school, row?.response_role ?? row?.role];
}

test('the place is that of the answer, as allocated, of the day, or empty after the last day', async () => {
  const allocated = ['partnership', 'elm', 'elm-1', 'teacher'];
  expect(await placeIn('')).toEqual(allocated);
  expect(await placeIn('?asAt=allocated')).toEqual(allocated);
  expect(await placeIn('?asAt=2026-09-30')).toEqual(allocated);
  expect(await placeIn('?asAt=2026-10-01')).toEqual(['comparison', '', 'oak-1', 'middle-leader']);
  expect(await placeIn('?asAt=2027-01-01')).toEqual(['', '', '', '']);
  expect((await evaluator.send('GET', `${base}?asAt=tomorrow`)).body.code).toBe('invalid-request');
});

test('the file says which day it tells of, and nothing where none was asked for', async () => {
  const spool = { rows: 1, complete: 1 };
  for (const asAt of [null, '2026-10-01', 'allocated']) {
    const dataset = await loadDataset(world.context, 'trial', administration, asAt);
    const told = new Map(aboutOf(dataset, spool)).get('places_as_at');
    if (asAt === null) expect(told).toBeUndefined();
    else expect(told).toContain(asAt === 'allocated' ? 'as allocated' : 'as at 2026-10-01');
  }
});
