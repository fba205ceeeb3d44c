/**
 * Definitions that cannot be built as they are meant: what stands against them is refused with its place, or resolved with
 * a line in the export report; no column is renamed, emptied or put in another's place without a word.
 */
import Papa from 'papaparse';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Instrument } from '../../instruments/instrument.ts';
import { parseInstrument } from '../../instruments/parse.ts';
import type { Visitor } from './people.ts';
import { fixtureInstrument, makeWorld, type World } from './world.ts';

const datasets = '/api/studies/trial/datasets';
const long = (end: string) => `a${'_long'.repeat(8)}`.slice(0, 32 - end.length) + end;
let world: World;
let analyst: Visitor;

type Question = Record<string, unknown> & { type: string; name: string };

/** The fixture with other questions on its first page. */
async function version(number: number, change: (questions: Question[], panel: Question[]) => Question[]) {
  const first = JSON.parse(JSON.stringify(await fixtureInstrument('staffroom.v1')));
  first.version = number;
  const [page, , programme] = first.survey.pages;
  const panel = programme.elements.at(-1).templateElements as Question[];
  page.elements = change(page.elements as Question[], panel);
  return parsed(first);
}

function parsed(json: unknown): Instrument {
  const read = parseInstrument(json);
  if (!read.ok) throw new Error(JSON.stringify(read.issues));
  return read.value;
}

const number = (name: string): Question => ({ type: 'text', inputType: 'number', name, title: `About ${name}` });

beforeAll(async () => {
  const wave = (id: string) => ({ id, title: id, opens: '2020-01-01', closes: '2099-12-31' });
  const other = JSON.parse(JSON.stringify(await fixtureInstrument('staffroom.v1')).replace('"staffroom"', '"other"'));
  other.survey.pages[0].elements.push(number('school'), number('flag_missing'));
  world = await makeWorld({
    instruments: [
      // Years in words; a panel that asks days in words; and what may stand for years.
      await version(2, (questions, panel) => {
        for (const question of panel) if (question.name === 'visit_days') delete question.inputType;
        for (const question of panel) for (const limit of ['min', 'max']) delete question[limit];
        return questions.map(
          (question): Question =>
            question.name === 'years' ? { type: 'comment', name: 'years', title: 'Years, in words' } : question,
        );
      }),
      await version(3, (questions) => [
        ...questions,
        { type: 'boolean', name: 'mentor', title: 'Are you a mentor?' },
        { type: 'comment', name: 'remark', title: 'A remark' },
        number(long('a')),
        number(long('b')),
        { type: 'text', inputType: 'date', name: long('day'), title: 'A day' },
        { type: 'text', inputType: 'date', name: long('dax'), title: 'Another day' },
      ]),
      parsed(other),
    ],
    study: { waves: [wave('baseline'), wave('endline'), wave('the-wave-after-the-endline')] },
    administrations: [
      { id: 'first' },
      { id: 'second', version: 2, wave: 'endline' },
      { id: 'third', version: 3, wave: 'the-wave-after-the-endline' },
      { id: 'others', instrument: 'other', version: 1, wave: 'endline' },
      { id: 'doomed', version: 3, wave: 'endline' },
    ],
  });
  analyst = await world.asAnalyst();
});

const plain = (administrations: readonly string[], more: object = {}) => ({
  name: 'tried',
  title: 'Tried',
  purpose: 'A test',
  administrations,
  ...more,
});

async function preview(administrations: readonly string[], more: object = {}) {
  const { status, body } = await analyst.send('POST', `${datasets}/preview`, plain(administrations, more));
  return { status, ...body } as {
    status: number;
    notes: string[];
    header: string[];
    issues: { code: string; path: string; message: string }[];
    rules: { column: string; rule: string; variable: string | null; instrument: string }[];
  };
}

describe('what contradicts is refused', () => {
  test('types that differ across versions, without a map; left out, the rest is built', async () => {
    const both = ['first', 'second'];
    const { status, issues } = await preview(both, { tables: [], texts: true });
    expect([status, issues.map(({ code, path }) => [code, path])]).toEqual([422, [['versions-differ', 'map']]]);
    expect(issues[0]?.message).toMatch(/^"years" of "staffroom" is not the same in version 2: text instead of number/);
    expect((await preview(both, { tables: [], variables: ['role'] })).status).toBe(200);
  });

  test('types that differ within a panel', async () => {
    const { issues } = await preview(['first', 'second'], { variables: ['role'], tables: ['panels'], texts: true });
    expect(issues.map(({ code, path }) => [code, path])).toEqual([['versions-differ', 'tables']]);
    expect(issues[0]?.message).toContain('In "visits", "visit_days" of "staffroom" is not the same in version 2');
  });

  test.each([
    // Words cannot stand in a column of numbers.
    [
      [
        { variable: 'remark', to: 'years' },
        { variable: 'years', to: 'years_then' },
      ],
      'map-type-differs',
      'map',
    ],
    // `years` of version 3 would be gone without a word.
    [[{ variable: 'mentor', to: 'years' }], 'map-target-taken', 'map.0.to'],
    [
      [
        { variable: 'mentor', to: 'x' },
        { variable: 'years', to: 'x' },
      ],
      'map-target-taken',
      'map.0.to',
    ],
    [
      [
        { variable: 'mentor', to: 'x' },
        { variable: 'mentor', to: 'y' },
      ],
      'mapped-twice',
      'map.0.variable',
    ],
  ])('maps that lose something: %j', async (lines, code, path) => {
    const map = lines.map((line) => ({ instrument: 'staffroom', version: 3, ...line }));
    const { status, issues } = await preview(['first', 'third'], { map, texts: true });
    expect(status).toBe(422);
    expect(issues.map((issue) => [issue.code, issue.path])).toContainEqual([code, path]);
  });

  test('a version that has gone since the definition was kept', async () => {
    const kept = plain(['doomed', 'first'], { name: 'kept' });
    expect((await analyst.send('POST', datasets, kept)).status).toBe(201);
    const { db } = world.context;
    const versions = db.collection('instrumentversions');
    const gone = await versions.find({ instrument: 'staffroom', version: 3 }).toArray();
    expect(gone).toHaveLength(1);
    await versions.deleteOne({ _id: gone[0]?._id });
    const refused = await analyst.send('GET', `${datasets}/kept.csv`);
    expect([refused.status, refused.body.code]).toEqual([422, 'invalid-dataset']);
    expect(refused.body.issues).toEqual([
      expect.objectContaining({ code: 'retired-version', path: 'administrations.0' }),
    ]);
    await versions.insertMany(gone);
    await db.collection('administrations').deleteOne({ study: 'trial', id: 'doomed' });
    const without = await analyst.send('GET', `${datasets}/kept.csv`);
    expect(without.body.issues[0]).toMatchObject({ code: 'unknown-administration', path: 'administrations.0' });
  });
});

describe('what can be resolved is, with a line in the report', () => {
  test('a wave without data', async () => {
    const { status, notes } = await preview(['first', 'third'], { variables: ['role'] });
    expect(status).toBe(200);
    expect(notes).toContain('"first" has no response in this dataset.');
    expect(notes).toContain('"third" has no response in this dataset.');
  });

  test('a mapped code that has no words in the column keeps its own', async () => {
    const map = [{ instrument: 'staffroom', version: 3, variable: 'mentor', to: 'guide', codes: { 1: 7 } }];
    await analyst.send('POST', datasets, plain(['third'], { name: 'guides', map, variables: ['guide'] }));
    const { text } = await analyst.send('GET', `${datasets}/guides.r`);
    expect(text).toMatch(/read_column\("guide", .*c\(0, 7\), c\("No", "Yes"\)/);
  });

  test('names that two variables share after they are cut', async () => {
    const chosen = [long('a'), long('b'), long('day'), long('dax')];
    const { header, notes } = await preview(['third'], { rows: 'wide', variables: chosen, scores: false });
    const report = notes.join('\n');
    expect(new Set(header).size).toBe(header.length);
    for (const name of header) expect(name.length).toBeLessThanOrEqual(32);
    for (const name of chosen) expect(report).toContain(`${name} of the-wave-after-the-endline stands in `);
    const told = notes.flatMap((note) => / stands in ([a-z0-9_]+)/.exec(note)?.[1] ?? []);
    expect(told).toEqual(expect.arrayContaining(header.slice(-4)));
  });

  test('the column of the gaps of a long name', async () => {
    const days = [long('day'), long('dax')];
    const { notes } = await preview(['third'], { variables: days, scores: false });
    const cut = `${long('day').slice(0, 28)}_gap`;
    expect(notes).toContain(`Why there is nothing in ${days[0]} stands in ${cut}: names have 32 characters.`);
    expect(notes.filter((note) => note.startsWith(`Why there is nothing in ${days[1]} stands in `))).toHaveLength(1);
  });

  test('names of our own that a variable has, and of another instrument', async () => {
    const { header, notes, rules } = await preview(['first', 'others'], { flags: true });
    expect(header).toContain('response_school');
    expect(notes).toContain('School stands in response_school: a variable has the name school.');
    expect(notes.join('\n')).toMatch(
      /A sign of careless answering stands in flag_missing_2: the name flag_missing is taken/,
    );
    expect(notes.join('\n')).toMatch(/The score of together of other stands in score_together_2/);
    const renamed = rules.filter(({ rule }) => rule === 'other column name');
    expect(renamed).toContainEqual(
      expect.objectContaining({ column: 'other_years', variable: 'years', instrument: 'other' }),
    );
    // Every column that is not called as its variable has such a line.
    const told = new Set(renamed.map(({ column }) => column));
    for (const { column, variable } of rules)
      if (variable !== null && variable !== column) expect(told).toContain(column);
  });

  test('stands in the files as well', async () => {
    await analyst.send('POST', datasets, plain(['first', 'others'], { name: 'noted', flags: true }));
    const { text } = await analyst.send('GET', `${datasets}/noted.ddi`);
    expect(text).toContain('<notes>School stands in response_school: a variable has the name school.</notes>');
    const { text: csv } = await analyst.send('GET', `${datasets}/noted.csv`);
    expect(Papa.parse<string[]>(csv).data[0]).toContain('response_school');
  });
});
