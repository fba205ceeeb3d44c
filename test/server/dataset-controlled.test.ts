/**
 * What keeps datasets apart from what they withhold: rows in an order that tells nothing, choices that would tell, beside
 * another dataset, what is withheld there, and who may define; and codes and words that would be read wrongly.
 */
import Papa from 'papaparse';
import request from 'supertest';
import { beforeAll, expect, test } from 'vitest';
import type { Instrument } from '../../instruments/instrument.ts';
import { parseInstrument } from '../../instruments/parse.ts';
import { buildDataset } from '../../server/datasets/definitions/build.ts';
import { definitionSchema } from '../../server/datasets/definitions/definition.ts';
import type { Visitor } from './people.ts';
import { fixtureInstrument, makeWorld, type World } from './world.ts';

const datasets = '/api/studies/trial/datasets';
let world: World;
let analyst: Visitor;

/** The words of teacher and leader at each other's codes. */
async function turnedVersion(): Promise<Instrument> {
  const json = JSON.parse(
    JSON.stringify(await fixtureInstrument('staffroom.v1')).replace('"version":1', '"version":2'),
  );
  const [role] = json.survey.pages[0].elements;
  role.choices[0].text = 'Leader';
  role.choices[1].text = 'Teacher';
  const parsed = parseInstrument(json);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.value;
}

beforeAll(async () => {
  world = await makeWorld({
    instruments: [await turnedVersion()],
    administrations: [{ id: 'first' }, { id: 'turned', version: 2 }],
  });
  analyst = await world.asAnalyst();
  for (let n = 0; n < 7; n += 1) await world.answer('first', { role: 1, years: n, statements: { help: 1 } });
});

const plain = (name: string, more: object = {}) => ({
  ...{ name, title: 'For an archive', purpose: 'A test', administrations: ['first'] },
  ...more,
});
const controlled = (name: string, more: object = {}) =>
  plain(name, { level: 'controlled', tables: ['schools', 'clusters'], ...more });
const rowsOf = (text: string) => Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true }).data;

async function issuesOf(definition: object): Promise<[string, string][]> {
  const { body } = await analyst.send('POST', datasets, definition);
  return (body.issues ?? []).map(({ code, path }: { code: string; path: string }) => [code, path]);
}

test('places of a controlled dataset stand in the order of their codes', async () => {
  expect((await analyst.send('POST', datasets, controlled('archive'))).status).toBe(201);
  const feed = await analyst.send('GET', `${datasets}/archive.ddi`);
  expect(feed.status).toBe(200);
  const orders: boolean[] = [];
  // By chance the three schools of one dataset may stand in the roster's order; those of eight do not.
  for (let n = 0; n < 8; n += 1) {
    const definition = definitionSchema.parse(controlled(`archive-${n}`));
    const built = await buildDataset(world.context, 'trial', definition);
    for (const table of built.tables.filter(({ name }) => name !== 'data')) {
      const codes: string[] = [];
      for await (const batch of table.read()) codes.push(...batch.map(({ values }) => String(values[0])));
      expect(codes).toEqual(codes.toSorted());
      if (table.name !== 'schools') continue;
      const phases: unknown[] = [];
      for await (const batch of table.read()) phases.push(...batch.map(({ values }) => values[2]));
      orders.push(phases.join() === world.schools.map(({ arm }) => arm).join());
    }
    await built.close();
  }
  expect(orders).toContain(false);
});

test('what would tell, beside another dataset, what is withheld there is refused', async () => {
  expect(await issuesOf(controlled('complete', { partial: false }))).toEqual([['not-at-this-level', 'partial']]);
  expect(await issuesOf(controlled('day', { places: '2026-03-01' }))).toEqual([['not-at-this-level', 'places']]);
  expect(await issuesOf(controlled('allocated', { places: 'allocated' }))).toEqual([['places-differ', 'places']]);
  expect(await issuesOf(plain('early', { places: '0001-01-01' }))).toHaveLength(1);
});

test('a token for controlled datasets takes them away and changes nothing', async () => {
  const { body } = await analyst.send('POST', '/api/session/tokens', {
    ...{ name: 'An archive', scopes: ['dataset.controlled'], study: 'trial' },
    expiresOn: new Date(Date.now() + 86_400_000 * 20).toISOString().slice(0, 10),
  });
  const ask = (verb: 'get' | 'put' | 'post' | 'delete', path: string, sent?: object) =>
    request(world.app)[verb](path).set('authorization', `Bearer ${body.text}`).send(sent);
  expect((await analyst.send('POST', datasets, plain('people'))).status).toBe(201);
  expect((await ask('get', `${datasets}/archive.csv`)).status).toBe(200);
  expect((await ask('get', `${datasets}/people.csv`)).status).toBe(403);
  expect((await ask('put', `${datasets}/archive`, controlled('archive'))).status).toBe(403);
  expect((await ask('post', datasets, controlled('mine'))).status).toBe(403);
  expect((await ask('post', `${datasets}/preview`, controlled('mine'))).status).toBe(403);
  expect((await ask('delete', `${datasets}/archive`)).status).toBe(403);
  const exports = '/api/studies/trial/exports';
  const { body: made } = await analyst.send('POST', exports, { dataset: 'people', format: 'csv' });
  expect((await ask('get', exports)).body.exports).toEqual([]);
  expect((await ask('get', `${exports}/${made.id}`)).status).toBe(403);
  expect((await ask('post', `${exports}/${made.id}/cancel`)).status).toBe(403);
  expect((await analyst.send('GET', `${exports}/${made.id}`)).body.state).toBe('waiting');
});

test('words that stand at other codes in another version are not pooled by code, and a map says how', async () => {
  const both = { administrations: ['first', 'turned'], variables: ['role'], tables: [] };
  expect(await issuesOf(plain('both', both))).toEqual([['versions-differ', 'map']]);
  const line = { instrument: 'staffroom', version: 2, variable: 'role', to: 'role' };
  expect(await issuesOf(plain('both', { ...both, map: [{ ...line, codes: { 7: 1 } }] }))).toEqual([
    ['unknown-code', 'map.0.codes.7'],
  ]);
  await world.answer('turned', { role: 1, years: 3, statements: { help: 1 } });
  const mapped = plain('both', { ...both, map: [{ ...line, codes: { 1: 2, 2: 1 } }] });
  expect((await analyst.send('POST', datasets, mapped)).status).toBe(201);
  const rows = rowsOf((await analyst.send('GET', `${datasets}/both.csv`)).text);
  const roles = (id: string) => rows.filter(({ administration }) => administration === id).map(({ role }) => role);
  // Whoever said "Leader" in version 2 stands with the leaders of version 1.
  expect([roles('first'), roles('turned')]).toEqual([Array(7).fill('1'), ['2']]);
});

test('a score is chosen by its name', async () => {
  const [scale] = (await fixtureInstrument('staffroom.v1')).scales;
  const wanted = plain('one-score', { variables: ['years', `score_${scale?.id}`], tables: [] });
  const { body, status } = await analyst.send('POST', `${datasets}/preview`, wanted);
  expect(status, JSON.stringify(body)).toBe(200);
  expect(body.header.filter((name: string) => name.startsWith('score_'))).toEqual([`score_${scale?.id}`]);
  expect(await issuesOf({ ...wanted, scores: false })).toEqual([['unknown-variable', 'variables.1']]);
});
