/** Compliance beside a dataset, on a model of two components, held against values worked by hand. */
import { readFileSync } from 'node:fs';
import Papa from 'papaparse';
import { beforeAll, expect, test } from 'vitest';
import type { FidelityModel } from '../../instruments/fidelity-model.ts';
import { buildDataset } from '../../server/datasets/definitions/build.ts';
import { type DatasetDefinition, definitionSchema } from '../../server/datasets/definitions/definition.ts';
import { ensureLibrary } from '../../server/instruments/library.ts';
import { hashAnswers } from '../../server/responses/hash-answers.ts';
import { insertResponsesBulk } from '../../server/responses/store.ts';
import { responseId } from '../../server/responses/submit.ts';
import type { Visitor } from './people.ts';
import { makeWorld, type World } from './world.ts';

let world: World;
let evaluator: Visitor;
const datasets = '/api/studies/trial/datasets';
const models = '/api/studies/trial/fidelity/models';

/** Self-review (of each school, by 31 May) weighs 0.6, training day 1 (of the cluster, by 1 May) 0.4; one cycle. */
function smallModel(): FidelityModel {
  const shipped: FidelityModel = JSON.parse(
    readFileSync(new URL('../../instruments/models/spp.v1.json', import.meta.url), 'utf8'),
  );
  const weights = new Map([
    ['self-review', 0.6],
    ['training-day-1', 0.4],
  ]);
  const kept = shipped.components.filter(({ id }) => weights.has(id));
  return {
    ...shipped,
    cycles: shipped.cycles.slice(0, 1),
    components: kept.map((one) => ({ ...one, after: [], cycles: ['1'], weight: weights.get(one.id) ?? 0 })),
    ...{ comparisons: [], usualPractice: null, adaptations: null },
  };
}

async function log(): Promise<void> {
  const held = { ev_held: 1, ev_adapted: false };
  const events = [
    { ...held, ev_kind: 4, ev_training_day: 1, ev_days: 1, ev_date: '2026-02-03', ev_schools: 2 },
    { ...held, ev_kind: 1, ev_school: 'elm-1', ev_date: '2026-03-02' },
  ];
  const answers = { period_start: '2026-01-01', period_end: '2026-06-20', cycle: 1, cluster_schools: 2, events };
  await insertResponsesBulk(world.context.db, [
    {
      ...{ _id: responseId({ study: 'trial', id: 'log' }, 'first'), study: 'trial', administration: 'log' },
      ...{ instrument: 'implementation-log', version: 1, wave: 'mid', arm: 'partnership', cluster: 'elm' },
      ...{ school: null, role: 'coordinator', subject: { kind: 'cluster', id: 'elm' }, person: null },
      ...{ invitation: null, answers, answersHash: hashAnswers(answers), completion: 'complete', lastPage: null },
      ...{ consent: null, receivedAt: new Date('2026-06-25T09:00:00Z'), source: 'web', replaces: null },
      withdrawn: false,
    },
  ]);
}

const definition = (name: string, more: object = {}) => ({
  ...{ name, title: 'For complier analyses', purpose: 'A test', administrations: ['survey'], places: 'allocated' },
  ...{ tables: ['schools', 'clusters'], compliance: true, ...more },
});

async function issuesOf(more: object): Promise<[string, string][]> {
  const { body } = await evaluator.send('POST', datasets, definition('refused', more));
  return (body.issues ?? []).map(({ code, path }: { code: string; path: string }) => [code, path]);
}

async function built(wanted: object) {
  const parsed: DatasetDefinition = definitionSchema.parse(wanted);
  const found = await buildDataset(world.context, 'trial', parsed);
  const table = async (name: string) => {
    const one = found.tables.find((candidate) => candidate.name === name);
    const rows: Record<string, unknown>[] = [];
    for await (const batch of one?.read() ?? []) {
      for (const { values } of batch) {
        rows.push(Object.fromEntries(one?.variables.map((variable, at) => [variable.name, values[at]]) ?? []));
      }
    }
    return rows.map(({ school, cluster, compliance, compliance_index: index }) => [
      school ?? cluster,
      compliance,
      index,
    ]);
  };
  const [schools, clusters] = [await table('schools'), await table('clusters')];
  await found.close();
  return { ...found, schools, clusters };
}

beforeAll(async () => {
  world = await makeWorld({
    study: {
      waves: [
        { id: 'baseline', title: 'Baseline', opens: '2026-01-01', closes: '2026-01-31' },
        { id: 'mid', title: 'Middle', opens: '2026-06-01', closes: '2026-06-30' },
      ],
    },
    administrations: [
      { id: 'survey', opens: '2026-06-01', closes: '2026-06-30', wave: 'mid' },
      { id: 'log', title: 'Log', instrument: 'implementation-log', wave: 'mid', opens: '2026-06-01' },
    ],
  });
  world.setClock(new Date('2026-06-10T09:00:00Z'));
  await ensureLibrary(world.context);
  evaluator = await world.asEvaluator();
  await world.answer('survey', { role: 1, years: 4, statements: { help: 1 } });
});

test('is refused without a published model, and where a code would lead to a place', async () => {
  expect(await issuesOf({})).toEqual([['no-compliance-rule', 'compliance']]);
  expect(await issuesOf({ level: 'controlled' })).toEqual([['not-at-this-level', 'compliance']]);
  expect(await issuesOf({ tables: ['panels'], compliance: false })).toEqual([]);
});

test('is refused while the programme runs, for a day to come, and without a table to stand in', async () => {
  const { body } = await evaluator.send('POST', models, { model: smallModel() });
  expect(body).toEqual({ version: 1 });
  const step = { revision: 0, state: 'published', why: 'Agreed.' };
  expect((await evaluator.send('PUT', `${models}/1/state`, step)).status).toBe(200);
  expect(await issuesOf({})).toEqual([['programme-running', 'compliance']]);
  expect(await issuesOf({ compliance: '2026-06-10' })).toEqual([['day-to-come', 'compliance']]);
  expect(await issuesOf({ compliance: '2026-06-09', tables: [] })).toEqual([['compliance-nowhere', 'tables']]);
  expect(await issuesOf({ compliance: 'soon' })).toHaveLength(1);
});

test('stands with its schools and clusters, by the rule', async () => {
  await log();
  world.setClock(new Date('2026-07-15T09:00:00Z'));
  const found = await built(definition('compliers'));
  // Elm 1: 0.6 × 1 + 0.4 × 1 = 1. Elm 2: 0.6 × 0 + 0.4 × 1 = 0.4, below 0.6. Elm: self-reviews 0.5, so 0.6 × 0.5 + 0.4 = 0.7.
  // The comparison school gets 0 by the rule.
  expect(found.schools).toEqual([
    ['elm-1', 1, 1],
    ['elm-2', 0, 0.4],
    ['oak-1', 0, 0],
  ]);
  expect(found.clusters).toEqual([['elm', 1, 0.7]]);
  expect(found.tables[0]?.references?.map(({ column, table }) => [column, table])).toEqual([
    ['school', 'schools'],
    ['cluster', 'clusters'],
  ]);
  const label = found.tables
    .find(({ name }) => name === 'schools')
    ?.variables.find(({ name }) => name === 'compliance')?.label;
  expect(label).toBe('Complied: rule of 2026-01-15, model version 1');
  expect(found.notes.filter((note) => /rule|programme/.test(note))).toEqual([
    expect.stringMatching(
      /^compliance and compliance_index are by the rule that was decided on 2026-01-15, of version 1 of .*\(published, SHA-256 [0-9a-f]{64}\), as at 2026-06-30\./,
    ),
    'The fidelity model is not locked: its rule may still change.',
  ]);
});

test('as at a day is of what had taken place and was due by then', async () => {
  const early = await built(definition('early', { compliance: '2026-02-15' }));
  // The training had taken place; no self-review had, and none was due: the index is of the training alone.
  expect(early.schools).toEqual([
    ['elm-1', 1, 1],
    ['elm-2', 1, 1],
    ['oak-1', 0, 0],
  ]);
  expect(early.notes).toContain('The programme went on after 2026-02-15: compliance may change.');
});

test('is of the places of that day: whoever leaves on its evening was there', async () => {
  const spells = (list: object[] | null) =>
    world.context.db
      .collection('schools')
      .updateOne({ study: 'trial', id: 'elm-2' }, list ? { $set: { spells: list } } : { $unset: { spells: true } });
  await spells([{ from: null, to: '2026-02-15', cluster: 'elm' }]);
  // As above of Elm 2, which is gone the day after.
  expect((await built(definition('early', { compliance: '2026-02-15' }))).schools[1]).toEqual(['elm-2', 1, 1]);
  expect((await built(definition('early', { compliance: '2026-02-16' }))).schools[1]?.[1]).toBeNull();
  await spells(null);
});

test('the same definition gives the same bytes on any later day, and without compliance what it gave before', async () => {
  const wanted = definition('compliers');
  const first = await built(wanted);
  world.setClock(new Date('2027-03-01T09:00:00Z'));
  expect((await built(wanted)).sha256).toBe(first.sha256);
  const { compliance: _compliance, ...without } = wanted;
  const bare = await built(without);
  expect((await built({ ...without, compliance: false })).sha256).toBe(bare.sha256);
  expect(bare.schools.at(0)).toEqual(['elm-1', undefined, undefined]);
  world.setClock(new Date('2026-07-15T09:00:00Z'));
});

test('another version of the model says so in every file', async () => {
  expect((await evaluator.send('POST', models, {})).body).toEqual({ version: 2 });
  const model = smallModel();
  const stricter = { ...model, compliance: { ...model.compliance, decided: '2026-06-20', index: 0.8 } };
  expect((await evaluator.send('PUT', `${models}/2`, { revision: 0, model: stricter })).status).toBe(200);
  const step = { revision: 1, state: 'published', why: 'Agreed.' };
  expect((await evaluator.send('PUT', `${models}/2/state`, step)).status).toBe(200);
  expect((await evaluator.send('POST', datasets, definition('compliers'))).status).toBe(201);
  const found = await built(definition('compliers'));
  expect(found.clusters).toEqual([['elm', 0, 0.7]]);
  expect(found.notes.some((note) => note.startsWith('The rule was decided after 2026-06-01'))).toBe(true);
  const { text } = await evaluator.send('GET', `${datasets}/compliers.csv`);
  expect(Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true }).data[0]?.school).toBe(
    'elm-1',
  );
});
