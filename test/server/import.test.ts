import { createReadStream, readFileSync } from 'node:fs';
import { PassThrough, Readable } from 'node:stream';
import Papa from 'papaparse';
import { beforeAll, describe, expect, it } from 'vitest';
import { cronbachAlpha } from '../../analysis/reliability.ts';
import type { Administration } from '../../instruments/study.ts';
import type { Context } from '../../server/context.ts';
import { loadDataset } from '../../server/datasets/dataset.ts';
import { exportCsv } from '../../server/datasets/export.ts';
import { datasetRows } from '../../server/datasets/rows.ts';
import { type ImportResult, importResponses } from '../../server/responses/import.ts';
import { streamResponses } from '../../server/responses/store.ts';
import { insertSchools } from '../../server/rosters/store.ts';
import { testDatabase } from '../database.ts';
import { everyType } from '../instruments/every-type.ts';
import { contextOn } from './people.ts';
import { smallStudy, storeResponses } from './small-study.ts';

const here = (path: string) => new URL(`../${path}`, import.meta.url);
const json = (path: string): unknown => JSON.parse(readFileSync(here(path), 'utf8'));

let context: Context;
beforeAll(async () => {
  ({ context } = contextOn(await testDatabase()));
});

async function exported(study: string): Promise<string> {
  const chunks: Buffer[] = [];
  const out = new PassThrough();
  out.on('data', (chunk: Buffer) => void chunks.push(chunk));
  await exportCsv(context, await loadDataset(context, study, 'survey'), out);
  return Buffer.concat(chunks).toString('utf8');
}

function table(text: string): { header: string[]; rows: string[][] } {
  const [header = [], ...rows] = Papa.parse<string[]>(text, { skipEmptyLines: true }).data;
  return { header, rows };
}

describe.each([
  { id: 'bfi', rows: 2800, school: undefined },
  { id: 'lq2002', rows: 2042, school: 'COMPID' },
])('real answers: $id', ({ id, rows: expectedRows, school }) => {
  const file = here(`oracles/${id}.csv`);
  const original = table(readFileSync(file, 'utf8'));
  const options = {
    study: id,
    administration: 'survey',
    open: () => createReadStream(file),
    schoolColumn: school,
  };
  let first: ImportResult;

  beforeAll(async () => {
    const audience: Partial<Administration> = { audience: { arms: ['programme'], roles: ['teacher'] } };
    await smallStudy(context, json(`fixtures/instruments/${id}.v1.json`), id, audience);
    if (school) {
      const column = original.header.indexOf(school);
      const groups = [...new Set(original.rows.map((row) => row[column] ?? ''))];
      await insertSchools(
        context.db,
        id,
        groups.map((group) => ({
          id: group,
          name: `Company ${group}`,
          arm: 'programme',
          cluster: null,
          phase: '',
          pupils: null,
          disadvantaged: null,
        })),
      );
    }
    first = await importResponses(context, options);
  });

  it('are imported whole, and the same file again writes nothing new', async () => {
    expect(first).toEqual({ rows: expectedRows, created: expectedRows, unchanged: 0, alike: 0, problems: [] });
    expect(await importResponses(context, options)).toEqual({
      rows: expectedRows,
      created: 0,
      unchanged: expectedRows,
      alike: 0,
      problems: [],
    });
  });

  it('come out of the export as they went in: every value, every gap', async () => {
    const { header, rows } = table(await exported(id));
    const columns = original.header.map((name) => header.indexOf(name.toLowerCase()));
    expect(columns.every((column) => column >= 0)).toBe(true);
    // Responses are ordered by id; rows are compared as sorted lists.
    const cellOf = (text: string) => (text === '' ? '-993' : String(Number(text)));
    const given = original.rows.map((row) => row.map(cellOf).join(','));
    const out = rows.map((row) => columns.map((column) => row[column]).join(','));
    expect(out.sort()).toEqual(given.sort());
    if (school)
      expect(rows.every((row) => row[header.indexOf('school')] === row[header.indexOf(school.toLowerCase())])).toBe(
        true,
      );
  });

  it('give the reliability that R gives, to 1e-10', async () => {
    const oracle = (
      json('oracles/02_reliability.json') as {
        results: Record<
          string,
          {
            items: string[];
            reversed: string | string[];
            scale: [number, number];
            pairwise: { alpha_raw: number };
            listwise: { alpha_raw: number };
          }
        >;
      }
    ).results;
    const dataset = await loadDataset(context, id, 'survey');
    const names = dataset.compiled.codebook.variables.map(({ name }) => name);
    const rows: (number | null)[][] = [];
    for await (const batch of datasetRows(context, dataset)) {
      for (const { coded } of batch) rows.push(coded.values.map((value) => (typeof value === 'number' ? value : null)));
    }
    const expected = Object.values(oracle).filter(
      (one) => (one as { data?: string }).data === id && one.pairwise && one.items.length > 2,
    );
    expect(expected.length).toBeGreaterThanOrEqual(3);
    for (const { items, pairwise, listwise } of expected) {
      // The instrument says which items are reversed, and with which range.
      const scale = dataset.instrument.scales.find(
        (one) => one.items.map(({ name }) => name).join() === items.join().toLowerCase(),
      );
      if (!scale) throw new Error(`no scale of ${items.join()}`);
      const columns = scale.items.map(({ name, reversed }) => {
        const at = names.indexOf(name);
        return rows.map((row) => {
          const value = row[at] ?? null;
          return value === null || !reversed ? value : scale.range.min + scale.range.max - value;
        });
      });
      for (const [use, figure] of [
        ['pairwise', pairwise.alpha_raw],
        ['listwise', listwise.alpha_raw],
      ] as const) {
        const { value } = cronbachAlpha(columns, { use }).alpha;
        expect(Math.abs((value ?? 0) - figure), `${scale.id} ${use}`).toBeLessThan(1e-10);
      }
    }
  });
});

describe('what is refused, by row and column', () => {
  const imported = (
    text: string | Buffer,
    more: { schoolColumn?: string; personColumn?: string } = {},
    study = 'refused',
  ) =>
    importResponses(context, {
      study,
      administration: 'survey',
      open: () => Readable.from([Buffer.from(text)]),
      ...more,
    });
  const problems = async (text: string | Buffer, more = {}) =>
    (await imported(text, more)).problems.map(({ code, path }) => `${code}: ${path}`);

  beforeAll(async () => {
    const flat = everyType.survey.pages.map((page) => ({
      ...page,
      elements: page.elements.filter(({ type }) => type !== 'matrixdynamic' && type !== 'paneldynamic'),
    }));
    await smallStudy(context, { ...everyType, id: 'flat', survey: { ...everyType.survey, pages: flat } }, 'refused', {
      audience: { arms: ['programme'], roles: ['teacher'] },
    });
  });

  const head = 'colour,tags_1,tags_2,tags_3,Stars,words,count';

  it.each([
    ['an empty file', '', ['no-header: row 1']],
    ['a header alone', `${head}\n`, ['no-rows: row 2']],
    ['semicolons', 'colour;stars\n1;2\n', ['wrong-separator: row 1']],
    [
      'unknown columns',
      `${head},mood,x\n1,1,0,0,2,,,1,1\n`,
      ['unknown-column: row 1, column mood', 'unknown-column: row 1, column x'],
    ],
    ['a column twice', `${head},STARS\n1,1,0,0,2,,,1\n`, ['duplicate-column: row 1, column STARS']],
    ['a column that is needed', 'tags_1,tags_2,tags_3\n1,0,0\n', ['missing-column: row 1, column colour']],
    ['half of a question', 'colour,tags_1,tags_2\n1,0,1\n', ['missing-column: row 1, column tags_3']],
    ['a text for a number', `${head}\n1,1,0,0,many,,\n`, ['not-a-number: row 2, column Stars']],
    [
      'a leading zero',
      `${head}\n01,1,0,0,2,,00.5\n`,
      ['leading-zero: row 2, column colour', 'leading-zero: row 2, column count'],
    ],
    [
      'a blank within a number',
      `${head}\n1 2,1,0,0,2,,- 1\n`,
      ['not-a-number: row 2, column colour', 'not-a-number: row 2, column count'],
    ],
    ['NA for a gap', `${head}\n1,1,0,0,NA,,\n`, ['not-a-number: row 2, column Stars']],
    [
      'a code that does not exist',
      `${head}\n1,1,0,0,2,,\n9,1,0,0,4,,\n`,
      ['unknown-code: row 3, column colour', 'unknown-code: row 3, column Stars'],
    ],
    ['a row that is too short', `${head}\n1,1,0,0\n`, ['wrong-number-of-cells: row 2, column 4']],
    ['a quote that never ends', `${head}\n1,1,0,0,2,"open,3\n`, ['broken-quotes: row 2, column 1']],
    ['a required cell that is empty', `${head}\n,1,0,0,2,,\n`, ['required: row 2, column colour']],
    ['a school that is not there', `${head},school\n1,1,0,0,2,,,elsewhere\n`, ['unknown-school: row 2, column school']],
    ['an arm that is not there', `${head},arm\n1,1,0,0,2,,,third\n`, ['unknown-arm: row 2, column arm']],
    [
      'another arm than the roster has',
      `${head},school,arm\n1,1,0,0,2,,,n1,comparison\n`,
      ['other-arm: row 2, column arm'],
    ],
    ['a role that is not there', `${head},role\n1,1,0,0,2,,,cook\n`, ['unknown-role: row 2, column role']],
    ['another instrument', `${head},instrument\n1,1,0,0,2,,,bfi\n`, ['other-instrument: row 2, column instrument']],
    ['a day that is none', `${head},received_on\n1,1,0,0,2,,,yesterday\n`, ['bad-format: row 2, column received_on']],
  ])('%s', async (_what, text, expected) => {
    expect(await problems(text)).toEqual(expected);
    const stored: unknown[] = [];
    for await (const response of streamResponses(context.db, 'refused', 'survey')) stored.push(response);
    expect(stored).toEqual([]);
  });

  it('a column to read schools from that is not there', async () => {
    expect(await problems(`${head}\n1,1,0,0,2,,\n`, { schoolColumn: 'site' })).toEqual([
      'missing-column: row 1, column site',
    ]);
  });

  it('bytes that are no UTF-8', async () => {
    const latin = Buffer.concat([Buffer.from(`${head}\n1,1,0,0,2,Zo`), Buffer.from([0xeb]), Buffer.from(',3\n')]);
    expect(await problems(latin)).toEqual(['not-utf-8: file']);
  });

  it('says no more than a hundred problems, and how many more there are', async () => {
    const { rows, problems: found } = await imported(`${head}\n${'1,1,0,0,4,,\n'.repeat(250)}`);
    expect(rows).toBe(250);
    expect(found.length).toBe(101);
    expect(found.at(-1)).toMatchObject({ code: 'too-many-problems', message: 'There are 150 more; mend these first.' });
  });
});

describe('what is accepted', () => {
  it('places people and schools by the roster, reads texts and codes for gaps, and takes an own export back', async () => {
    const flat = everyType.survey.pages.map((page) => ({
      ...page,
      elements: page.elements.filter(({ type }) => type !== 'matrixdynamic' && type !== 'paneldynamic'),
    }));
    const instrument = { ...everyType, id: 'flat-too', survey: { ...everyType.survey, pages: flat } };
    const source = await smallStudy(context, instrument, 'source');
    const ids = await storeResponses(context, source, [
      { answers: { colour: 1, tags: [1], words: '=1+1', moods: { mood_bad: 99 }, decimal: 0.1 + 0.2 }, person: 'p1' },
      {
        answers: { colour: 2, tags: [2, 3], words: 'two\r\nlines, "quoted"' },
        school: 'c1',
        arm: 'comparison',
        cluster: null,
      },
      { answers: { colour: 3 }, completion: 'partial', lastPage: 0 },
      { answers: {}, withdrawn: true },
    ]);
    const text = await exported('source');
    await smallStudy(context, instrument, 'target');
    const open = () => Readable.from([Buffer.from(`\uFEFF${text}`)]);
    const result = await importResponses(context, { study: 'target', administration: 'survey', open });
    expect(result).toEqual({ rows: 3, created: 3, unchanged: 0, alike: 0, problems: [] });
    const strip = (csv: string) => {
      const { header, rows } = table(csv);
      const kept = header
        .map((name, at) => [name, at] as const)
        .filter(([name]) => !['response', 'study'].includes(name));
      return rows.map((row) => kept.map(([name, at]) => `${name}=${row[at]}`).join('|')).sort();
    };
    expect(strip(await exported('target'))).toEqual(strip(text));
    // Into the administration that it came from it is nothing new, and altered it is refused.
    const again = await importResponses(context, { study: 'source', administration: 'survey', open });
    expect(again).toEqual({ rows: 3, created: 0, unchanged: 3, alike: 0, problems: [] });
    const altered = text.replace("'=1+1", 'altered');
    const refused = await importResponses(context, {
      study: 'source',
      administration: 'survey',
      open: () => Readable.from([Buffer.from(altered)]),
    });
    expect(refused.problems.map(({ code }) => code)).toEqual(['answers-differ']);
    expect(ids.length).toBe(4);
  });

  it('reads a file of many blocks with flat memory', async () => {
    const study = await smallStudy(context, json('fixtures/instruments/bfi.v1.json'), 'many', {
      audience: { arms: ['programme'], roles: ['teacher'] },
    });
    const names = study.compiled.codebook.variables.map(({ name }) => name);
    function* lines() {
      yield Buffer.from(`${names.join(',')}\r\n`);
      for (let row = 0; row < 20_000; row += 1)
        yield Buffer.from(`${names.map((_, at) => 1 + ((row * 7 + at) % 2)).join(',')}\r\n`);
    }
    const options = {
      study: 'many',
      administration: 'survey',
      open: () => Readable.from(lines(), { objectMode: false }),
    };
    expect(await importResponses(context, options)).toEqual({
      rows: 20_000,
      created: 20_000,
      unchanged: 0,
      alike: 0,
      problems: [],
    });
  });
});

describe('score columns', () => {
  const importing = (text: string) =>
    importResponses(context, {
      study: 'scored',
      administration: 'survey',
      open: () => Readable.from([Buffer.from(text)]),
    });

  it('are compared with the scores of the row; empty cells pass', async () => {
    const { instrument } = await smallStudy(context, json('fixtures/instruments/bfi.v1.json'), 'scored', {
      audience: { arms: ['programme'], roles: ['teacher'] },
    });
    const [scale] = instrument.scales;
    if (!scale) throw new Error('bfi has scales');
    const names = scale.items.map(({ name }) => name);
    const head = [...names, `score_${scale.id}`, `answered_${scale.id}`].join(',');
    // Everybody answers 1, 2, 2, …: the mean by hand, with reversed items turned in the range.
    const answers = names.map((_, at) => (at === 0 ? 1 : 2));
    const turned = answers.map((value, at) =>
      scale.items[at]?.reversed ? scale.range.min + scale.range.max - value : value,
    );
    const mean = turned.reduce((sum, value) => sum + value, 0) / turned.length;
    const row = (...more: (string | number)[]) => [...answers, ...more].join(',');
    const wrong = await importing([head, row(mean + 0.1, 4), row('high', ''), row(-993, ''), ''].join('\n'));
    expect(wrong.problems.map(({ code, path }) => `${code}: ${path}`)).toEqual([
      `other-cell: row 2, column score_${scale.id}`,
      `other-cell: row 2, column answered_${scale.id}`,
      `other-cell: row 3, column score_${scale.id}`,
      `other-cell: row 4, column score_${scale.id}`,
    ]);
    expect(wrong.problems[0]?.message).toBe(
      `With the answers of this row this is ${mean}; correct it or leave it empty.`,
    );
    const right = await importing([head, row(mean, names.length), row('', ''), row(` ${mean}`, ''), ''].join('\n'));
    expect(right).toMatchObject({ created: 3, problems: [] });
    // Back from the export, gaps of scores and all.
    const text = await exported('scored');
    expect(await importing(text)).toMatchObject({ created: 0, unchanged: 3, problems: [] });
  });
});

describe('a row is known again', () => {
  const ask = {
    ...everyType,
    id: 'alike',
    survey: {
      pages: [
        {
          name: 'one',
          elements: ['a1', 'a2'].map((name) => ({ type: 'text', inputType: 'number', name, title: name })),
        },
      ],
    },
    scales: [],
  };
  const importing = (study: string, text: string, again = false) =>
    importResponses(context, {
      study,
      administration: 'survey',
      again,
      open: () => Readable.from([Buffer.from(text)]),
    });
  const answers = async (study: string) => {
    const found: unknown[] = [];
    for await (const response of streamResponses(context.db, study, 'survey')) found.push(response.answers);
    return found;
  };
  const start = (study: string) =>
    smallStudy(context, ask, study, { audience: { arms: ['programme'], roles: ['teacher'] } });

  it('by the file and its number: another file with the same cells never loses a row', async () => {
    await start('batches');
    const result = { unchanged: 0, alike: 0, problems: [] };
    expect(await importing('batches', 'a1,a2\n3,\n3,\n')).toEqual({ ...result, rows: 2, created: 2 });
    expect(await importing('batches', 'a1,a2\n3,\n3,\n')).toEqual({ ...result, rows: 2, created: 0, unchanged: 2 });
    await expect(importing('batches', 'a1,a2\n3,\n')).rejects.toMatchObject({ code: 'already-imported' });
    expect((await answers('batches')).length).toBe(2);
    expect(await importing('batches', 'a1,a2\n3,\n', true)).toEqual({ ...result, rows: 1, created: 1, alike: 1 });
    // The same file is known by its rows, and nothing of it is alike.
    expect(await importing('batches', 'a1,a2\n3,\n')).toEqual({ ...result, rows: 1, created: 0, unchanged: 1 });
    const some = await importing('batches', 'a1,a2,school\n3,,\n3,,n1\n4,,\n');
    expect(some).toEqual({ ...result, rows: 3, created: 3, alike: 1 });
  });

  it('reads a reserved code as a gap however the number is written, and blanks around a number', async () => {
    await start('written');
    await importing('written', 'a1,a2\n -993.0, 2 \n');
    const { header, rows } = table(await exported('written'));
    expect([rows[0]?.[header.indexOf('a1')], rows[0]?.[header.indexOf('a2')]]).toEqual(['-993', '2']);
  });

  it('a sorted copy, or one with its columns swapped, is not taken unasked', async () => {
    await start('copies');
    await importing('copies', 'a1,a2\n1,2\n3,4\n');
    for (const copy of ['a1,a2\n3,4\n1,2\n', 'a2,a1\n2,1\n4,3\n'])
      await expect(importing('copies', copy)).rejects.toMatchObject({ code: 'already-imported', status: 409 });
    expect((await answers('copies')).length).toBe(2);
  });

  it('by the response that it names: of other answers, or of another school, it is refused', async () => {
    await start('named');
    const first = 'response,school,a1,a2\nr1,n1,1,2\nr2,n1,3,4\n';
    expect(await importing('named', first)).toMatchObject({ created: 2 });
    const sorted = 'response,school,a2,a1\nr2,n1,4,3\nr1,n1,2,1\n';
    expect(await importing('named', sorted)).toMatchObject({ created: 0, unchanged: 2, alike: 0, problems: [] });
    for (const other of ['response,school,a1,a2\nr1,n1,1,5\n', 'response,school,a1,a2\nr1,n2,1,2\n'])
      expect((await importing('named', other)).problems).toMatchObject([
        { code: 'answers-differ', path: 'row 2, column response' },
      ]);
    // A new name says that it is another response, however alike.
    expect(await importing('named', 'response,school,a1,a2\nr3,n1,1,2\n')).toMatchObject({ created: 1, alike: 0 });
  });
});
