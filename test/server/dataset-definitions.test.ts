/**
 * Datasets from stored definitions: what they hold, how versions are pooled, what is refused, and that the same definition
 * gives the same bytes. Two administrations ask versions 1 and 2 of one instrument.
 */
import { createHash } from 'node:crypto';
import Papa from 'papaparse';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Instrument } from '../../instruments/instrument.ts';
import { parseInstrument } from '../../instruments/parse.ts';
import { PlaceLinks } from '../../server/datasets/definitions/controlled.ts';
import type { Visitor } from './people.ts';
import { fixtureInstrument, makeWorld, type World } from './world.ts';

let world: World;
let analyst: Visitor;
const datasets = '/api/studies/trial/datasets';

/** Asks the years in other words, and one thing more. */
async function secondVersion(): Promise<Instrument> {
  const first = await fixtureInstrument('staffroom.v1');
  const json = JSON.parse(JSON.stringify(first).replace('"version":1', '"version":2')) as {
    survey: { pages: { elements: { name: string; title?: string }[] }[] };
  };
  const elements = json.survey.pages[0]?.elements ?? [];
  for (const element of elements) if (element.name === 'years') element.title = 'Years in this school, in all';
  elements.push({ type: 'boolean', name: 'mentor', title: 'Are you a mentor?' } as never);
  const parsed = parseInstrument(json);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.value;
}

const plain = (name: string, more: object = {}) => ({
  name,
  title: 'Both waves',
  purpose: 'The report of the trial',
  administrations: ['first', 'second'],
  ...more,
});

beforeAll(async () => {
  world = await makeWorld({
    instruments: [await secondVersion()],
    study: {
      waves: [
        { id: 'baseline', title: 'Baseline', opens: '2020-01-01', closes: '2099-12-31' },
        { id: 'endline', title: 'Endline', opens: '2020-01-01', closes: '2099-12-31' },
      ],
    },
    administrations: [
      { id: 'first' },
      { id: 'second', version: 2, wave: 'endline' },
      { id: 'unnamed', mode: 'anonymous' },
    ],
  });
  analyst = await world.asAnalyst();
  const statements = { help: 1, plan: 2, alone: 1 };
  for (let person = 0; person < 7; person += 1) await world.answer('first', { role: 1, years: person, statements });
  await world.answer('second', {
    role: 1,
    years: 5,
    mentor: true,
    statements,
    took_part: true,
    what_helped: 'Visits',
    visits: [{ visit_days: 3 }, { visit_days: 4 }],
  });
});

async function define(definition: { name: string }) {
  const made = await analyst.send('POST', datasets, definition);
  expect(made.status, made.text).toBe(201);
}

async function csv(name: string) {
  const { text, status } = await analyst.send('GET', `${datasets}/${name}.csv`);
  expect(status, text).toBe(200);
  return Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true }).data;
}

test('a rename without codes is stored as it is meant, in every format and in the feed', async () => {
  const map = [{ instrument: 'staffroom', version: 2, variable: 'mentor', to: 'mentoring' }];
  await define(plain('renamed', { map }));
  const rows = await csv('renamed');
  expect(rows.filter(({ mentoring }) => mentoring === '1')).toHaveLength(1);
  const feed = await analyst.send('GET', '/api/studies/trial/odata/$metadata');
  expect(feed.status).toBe(200);
  expect(feed.text).toContain('mentoring');
  for (const wrong of [{ to: '1 bad name' }, { codes: { 1: -991 } }]) {
    const refused = await analyst.send('POST', datasets, plain('wrong', { map: [{ ...map[0], ...wrong }] }));
    expect([refused.status, refused.body.code]).toEqual([400, 'invalid-request']);
  }
  expect((await analyst.send('DELETE', `${datasets}/renamed`)).status).toBe(204);
});

test('where a map gives items of a scale other codes, no syntax claims to rebuild its score', async () => {
  const map = [
    { instrument: 'staffroom', version: 1, variable: 'help', to: 'help', codes: { 1: 9 } },
    { instrument: 'staffroom', version: 2, variable: 'help', to: 'help', codes: { 1: 9 } },
  ];
  const { body } = await analyst.send('POST', `${datasets}/preview`, plain('recoded', { map }));
  expect(body.notes?.join(' ') ?? JSON.stringify(body)).toContain('score_together is made of the codes as answered');
});

describe('long rows', () => {
  test('pool what versions share, and say so of each', async () => {
    await define(plain('long'));
    const rows = await csv('long');
    expect(rows).toHaveLength(8);
    const [second] = rows.filter(({ administration }) => administration === 'second');
    expect(second).toMatchObject({ wave: 'endline', years: '5', mentor: '1', version: '2' });
    const firsts = rows.filter(({ administration }) => administration === 'first');
    expect(new Set(firsts.map(({ mentor }) => mentor))).toEqual(new Set(['-991']));
    expect(firsts.map(({ years }) => years).sort()).toEqual(['0', '1', '2', '3', '4', '5', '6']);
    expect(Object.keys(rows[0] ?? {})).not.toContain('what_helped');
    // help 1, plan 2, alone 1 turned on 1 to 3: the mean of 1, 2 and 3.
    expect(new Set(rows.map(({ score_together }) => score_together))).toEqual(new Set(['2']));

    const { body } = await analyst.send('POST', `${datasets}/preview`, plain('long'));
    expect(body.counts).toEqual({ responses: 8, partial: 0, withdrawn: 0, simulated: 0 });
    expect(body.first).toHaveLength(8);
    expect(body.notes.join(' ')).toContain('1 open text is left out: what_helped.');
    const rules = body.rules.filter(({ version }: { version: number }) => version === 2);
    const ruleOf = (column: string) => rules.find((one: { column: string }) => one.column === column)?.rule;
    expect([ruleOf('years'), ruleOf('role'), ruleOf('mentor')]).toEqual(['other words', 'same', 'as asked']);
    expect(body.rules).toContainEqual(expect.objectContaining({ column: 'mentor', version: 1, rule: 'not asked' }));
  });

  test('hold the entries of panels beside them, linked by the response', async () => {
    const { body } = await analyst.send('POST', `${datasets}/preview`, plain('long'));
    expect(body.tables.map(({ name, rows }: { name: string; rows: number }) => [name, rows])).toEqual([
      ['data', 8],
      ['visits', 2],
    ]);
  });

  test('are the same bytes whenever they are made, in every format', async () => {
    await define(plain('bytes'));
    const hashOf = async (format: string) => {
      const { body, status } = await analyst.agent
        .get(`${datasets}/bytes.${format}`)
        .buffer(true)
        .parse((response, done) => {
          const hash = createHash('sha256');
          response.on('data', (chunk: Buffer) => hash.update(chunk));
          response.on('end', () => done(null, hash.digest('hex')));
        });
      expect(status).toBe(200);
      return body as string;
    };
    const formats = ['csv', 'sav', 'dta', 'parquet', 'jsonl', 'xlsx', 'zip', 'r', 'ddi'];
    const first = await Promise.all(formats.map(hashOf));
    world.setClock(new Date('2031-05-06T07:08:09Z'));
    expect(await Promise.all(formats.map(hashOf))).toEqual(first);
    world.setClock(null);
  });

  test('are pulled only when they have changed, and page by page', async () => {
    const whole = await analyst.send('GET', `${datasets}/long.json`);
    expect(whole.body).toMatchObject({ rows: 8, next: null });
    const tag = String(whole.headers.etag);
    const same = await analyst.agent.get(`${datasets}/long.json`).set('If-None-Match', tag);
    expect([same.status, same.text]).toEqual([304, '']);
    const page = await analyst.send('GET', `${datasets}/long.json?limit=5`);
    expect(page.body.data).toEqual(whole.body.data.slice(0, 5));
    const rest = await analyst.send('GET', page.body.next);
    expect(rest.body.data).toEqual(whole.body.data.slice(5));
    expect(rest.body.next).toBeNull();
  });
});

describe('wide rows', () => {
  test('hold a row for each person, with the columns of each wave', async () => {
    await define(plain('wide', { rows: 'wide', places: 'allocated', variables: ['years', 'mentor'] }));
    const rows = await csv('wide');
    expect(rows).toHaveLength(7);
    const both = rows.filter(({ responded_endline }) => responded_endline === '1');
    expect(both).toHaveLength(1);
    expect(both[0]).toMatchObject({
      responded_baseline: '1',
      years_endline: '5',
      mentor_endline: '1',
      years_baseline: '0',
    });
    const once = rows.find(({ responded_endline }) => responded_endline === '0');
    expect(once).toMatchObject({ years_endline: '', score_together_endline: '', score_together_baseline: '2' });
    expect(Object.keys(rows[0] ?? {})).not.toContain('mentor_baseline');
  });

  test('are refused where nobody knows whose answers they are', async () => {
    const asked = plain('no', { rows: 'wide', administrations: ['first', 'unnamed'] });
    const { status, body } = await analyst.send('POST', datasets, asked);
    expect([status, body.code]).toEqual([422, 'invalid-dataset']);
    expect(body.issues[0]).toMatchObject({ code: 'anonymous-in-wide', path: 'administrations.1' });
  });
});

describe('what cannot be built', () => {
  test.each([
    [{ administrations: ['first', 'third'] }, 'unknown-administration', 'administrations.1'],
    [{ variables: ['years', 'yeras'] }, 'unknown-variable', 'variables.1'],
    [{ variables: ['what_helped'] }, 'open-text', 'variables.0'],
    [{ level: 'controlled', texts: true }, 'not-at-this-level', 'texts'],
    [{ level: 'controlled', tables: ['people'] }, 'not-at-this-level', 'tables'],
    [{ map: [{ instrument: 'staffroom', version: 3, variable: 'years', to: 'age' }] }, 'unknown-version', 'map.0'],
    [
      { map: [{ instrument: 'staffroom', version: 2, variable: 'no', to: 'age' }] },
      'unknown-variable',
      'map.0.variable',
    ],
  ])('%j is refused with the place', async (more, code, path) => {
    const { status, body } = await analyst.send('POST', `${datasets}/preview`, plain('no', more));
    expect([status, body.code]).toEqual([422, 'invalid-dataset']);
    expect(body.issues.map((issue: { code: string; path: string }) => [issue.code, issue.path])).toContainEqual([
      code,
      path,
    ]);
  });

  test('a map says which variable stands for which, with its codes', async () => {
    const map = [{ instrument: 'staffroom', version: 2, variable: 'mentor', to: 'guide', codes: { 1: 7 } }];
    await define(plain('mapped', { map, variables: ['guide'] }));
    const rows = await csv('mapped');
    expect(rows.map(({ guide }) => guide).sort()).toEqual([...Array.from({ length: 7 }, () => '-991'), '7']);
  });

  test('names are for those who may see who people are', async () => {
    const asked = plain('names', { level: 'identified', tables: ['people'] });
    expect((await analyst.send('POST', `${datasets}/preview`, asked)).body.code).toBe('not-permitted');
    const evaluator = await world.asEvaluator();
    const { body } = await evaluator.send('POST', `${datasets}/preview`, asked);
    expect(body.tables.at(-1)).toMatchObject({ name: 'people', rows: 27 });
  });
});

describe('a controlled dataset', () => {
  test('keeps the code of people whose responses tell the same place', () => {
    const links = new PlaceLinks();
    const school = { arm: 'a', cluster: 'c', school: 's', role: null };
    for (const place of [school, { ...school }]) links.add('p1', place);
    for (const place of [school, { ...school, school: null }]) links.add('p2', place);
    for (const place of [school, { ...school, school: 'other' }]) links.add('p3', place);
    for (const place of [school, { ...school, school: null }]) links.add(null, place);
    links.add('p4', school);
    expect([...links.broken].sort()).toEqual(['p2', 'p3']);
  });

  test('holds no id of the roster, no day, and no place that too few share', async () => {
    await define(plain('archive', { level: 'controlled', tables: ['schools', 'clusters'] }));
    const rows = await csv('archive');
    const text = JSON.stringify(rows);
    for (const id of ['elm-1', 'elm-2', 'elm']) expect(text).not.toContain(`"${id}"`);
    for (const { id } of world.people) expect(text).not.toContain(id);
    expect(Object.keys(rows[0] ?? {})).not.toContain('received_on');
    // The item that asks for the role would tell what the column of the roster withholds.
    expect(Object.keys(rows[0] ?? {})).toContain('response_role');
    expect(Object.keys(rows[0] ?? {})).not.toContain('role');
    // Nor does the order of the rows lead to those of other datasets.
    const codes = rows.filter(({ administration }) => administration === 'first').map(({ response }) => response);
    expect(codes).toEqual(codes.toSorted());
    // Seven teachers of one school in the first wave may be told, a single one in the second may not.
    const schools = (administration: string) =>
      new Set(rows.filter((row) => row.administration === administration).map(({ school }) => school));
    expect([...schools('first')]).toEqual([expect.stringMatching(/^s[0-9a-f]{12}$/)]);
    expect([...schools('second')]).toEqual(['']);
    // Whose school is told in the first wave and withheld in the second: by one code both would be known.
    const people = (administration: string) =>
      rows.filter((row) => row.administration === administration).map(({ person }) => person);
    expect(people('second')).toHaveLength(1);
    expect(people('first')).not.toContain(people('second')[0]);
    expect(new Set(people('first')).size).toBe(7);
    const { body } = await analyst.send(
      'POST',
      `${datasets}/preview`,
      plain('archive', { level: 'controlled', tables: ['schools'] }),
    );
    expect(body.notes.join(' ')).toContain('1 person has another code in each administration');
    expect(body.anonymity).toMatchObject({ k: 3, schools: 3, combinations: 2 });
    expect(body.anonymity.rare.map(({ arm, schools: n }: { arm: string; schools: number }) => [arm, n])).toEqual([
      ['comparison', 1],
      ['partnership', 2],
    ]);
    // One cluster, with both schools of the partnership: the only one of its size.
    expect(body.anonymity.rareClusters).toEqual([{ arm: 'partnership', schools: 2, clusters: 1 }]);
  });
});

test('definitions are listed, changed and deleted, and each step is in the audit', async () => {
  const { body } = await analyst.send('GET', datasets);
  expect(body.datasets.map(({ name }: { name: string }) => name)).toEqual([
    'archive',
    'bytes',
    'long',
    'mapped',
    'wide',
  ]);
  const twice = await analyst.send('POST', datasets, plain('long'));
  expect([twice.status, twice.body.code]).toEqual([409, 'already-exists']);
  const changed = await analyst.send('PUT', `${datasets}/mapped`, plain('mapped', { title: 'Another title' }));
  expect(changed.body.definition.title).toBe('Another title');
  expect((await analyst.send('PUT', `${datasets}/mapped`, plain('long'))).body.issues[0].path).toBe('body.name');
  expect((await analyst.send('DELETE', `${datasets}/mapped`)).status).toBe(204);
  expect((await analyst.send('DELETE', `${datasets}/mapped`)).status).toBe(404);
  const administrator = await world.asAdministrator();
  const { body: audit } = await administrator.send('GET', '/api/studies/trial/audit?verb=dataset.export');
  expect(audit.entries[0].thing).toMatchObject({
    dataset: 'archive',
    level: 'controlled',
    purpose: 'The report of the trial',
  });
});
