/**
 * Logs beside answers in one dataset: without asking they stand among the answers, with the table `events` in one of their
 * own, linked to the same schools; also in wide rows, where each person has one row and each visit one of its own.
 */
import Papa from 'papaparse';
import { beforeAll, expect, test } from 'vitest';
import type { Instrument } from '../../instruments/instrument.ts';
import { parseInstrument } from '../../instruments/parse.ts';
import { unzipped } from './exports.ts';
import type { Visitor } from './people.ts';
import { fixtureInstrument, makeWorld, type World } from './world.ts';

let world: World;
let analyst: Visitor;
const datasets = '/api/studies/trial/datasets';

/** The same questions as a log of visits. */
async function logInstrument(): Promise<Instrument> {
  const first = await fixtureInstrument('staffroom.v1');
  const parsed = parseInstrument({ ...JSON.parse(JSON.stringify(first)), id: 'visit-log', kind: 'log' });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.value;
}

beforeAll(async () => {
  world = await makeWorld({
    instruments: [await logInstrument()],
    administrations: [{ id: 'first' }, { id: 'visits', instrument: 'visit-log', title: 'Visits' }],
  });
  analyst = await world.asAnalyst();
  for (const years of [1, 2, 3]) await world.answer('first', { role: 1, years, statements: { help: 1 } });
  const visits = [{ visit_days: 3 }, { visit_days: 4 }];
  for (const years of [8, 9]) await world.answer('visits', { role: 2, years, took_part: true, visits });
});

const definition = (more: object) => ({
  ...{ name: 'with-log', title: 'Answers and visits', purpose: 'The fidelity of the trial', places: 'allocated' },
  ...{ administrations: ['first', 'visits'], tables: ['panels', 'events', 'schools'] },
  ...more,
});

async function filesOf(name: string): Promise<Map<string, string>> {
  const answerTo = await analyst.agent
    .get(`${datasets}/${name}.zip`)
    .buffer(true)
    .parse((response, done) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => done(null, Buffer.concat(chunks)));
    });
  expect(answerTo.status).toBe(200);
  return unzipped(answerTo.body as Buffer);
}
const rowsOf = (text = '') =>
  Papa.parse<Record<string, string>>(text.replace(/^\uFEFF/, ''), { header: true, skipEmptyLines: true }).data;

test.each(['long', 'wide'])('events stand apart from the answers: %s rows', async (rows) => {
  const made = await analyst.send('POST', datasets, definition({ name: rows, rows }));
  expect(made.status, made.text).toBe(201);
  const files = await filesOf(rows);
  const data = rowsOf(files.get('data.csv'));
  const events = rowsOf(files.get('events.csv'));
  const own = Object.keys(data[0] ?? {});
  expect(data).toHaveLength(3);
  expect(events.map(({ visit_log_years: years }) => years).sort()).toEqual(['8', '9']);
  expect(own.filter((column) => column.includes('visit_log'))).toEqual([]);
  expect(own.filter((column) => /^years/.test(column))).toEqual([rows === 'long' ? 'years' : 'years_baseline']);
  expect(Object.keys(events[0] ?? {})).not.toContain('years');
  expect(new Set(events.map(({ administration }) => administration))).toEqual(new Set(['visits']));

  const { resources } = JSON.parse(files.get('datapackage.json') ?? '{}') as {
    resources: {
      name: string;
      schema: { primaryKey: unknown; foreignKeys?: { fields: unknown; reference: unknown }[] };
    }[];
  };
  const schemaOf = (name: string) => resources.find((one) => one.name === name)?.schema;
  expect(schemaOf('events')?.primaryKey).toBe('response');
  expect(JSON.stringify(schemaOf('events')?.foreignKeys)).toContain('"resource":"schools"');
  expect(JSON.stringify(schemaOf('data')?.foreignKeys)).toContain('"resource":"schools"');
  const schools = new Set(rowsOf(files.get('schools.csv')).map(({ school }) => school));
  for (const { school = '' } of [...data, ...events]) expect(schools).toContain(school);

  const panels = resources.filter(({ name }) => /visits/.test(name));
  expect(panels.map(({ schema }) => JSON.stringify(schema.foreignKeys)).join()).toContain('"resource":"events"');
  const ids = new Set(events.map(({ response }) => response));
  const entries = [...files].filter(([name]) => /visits.*\.csv$/.test(name)).flatMap(([, text]) => rowsOf(text));
  expect(entries.map(({ visit_days: days }) => days).sort()).toEqual(['3', '3', '4', '4']);
  for (const { response = '' } of entries) expect(ids).toContain(response);
});

test('without the table they stand among the answers; alone they are the data', async () => {
  const made = await analyst.send('POST', datasets, definition({ name: 'among', tables: [] }));
  expect(made.status, made.text).toBe(201);
  const files = await filesOf('among');
  expect(rowsOf(files.get('data.csv'))).toHaveLength(5);
  expect(files.has('events.csv')).toBe(false);
  const alone = await analyst.send('POST', datasets, definition({ name: 'alone', administrations: ['visits'] }));
  expect([alone.status, alone.body.issues[0].code, alone.body.issues[0].path]).toEqual([422, 'events-alone', 'tables']);
});
