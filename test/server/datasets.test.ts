import { beforeAll, describe, expect, it } from 'vitest';
import type { Context } from '../../server/context.ts';
import { linkedColumns } from '../../server/datasets/columns.ts';
import { exportParts } from '../../server/datasets/export.ts';
import { csvLine, neutralText, plainText } from '../../server/datasets/formats/csv.ts';
import { sheetName } from '../../server/datasets/formats/sheet-xml.ts';
import { testDatabase } from '../database.ts';
import { cellsOf, collector, csvRows, exportsStudy, nasty, parsed, unzipped, workbook } from './exports.ts';
import { contextOn } from './people.ts';
import type { SmallStudy } from './small-study.ts';

let context: Context;
let small: SmallStudy;
let ids: string[];

beforeAll(async () => {
  ({ context } = contextOn(await testDatabase()));
  ({ small, ids } = await exportsStudy(context));
});

describe('texts in cells', () => {
  it('are neutral to formulas, and can be had back exactly', () => {
    for (const text of nasty) {
      expect(neutralText(text)).not.toMatch(/^[\s\p{Cc}\p{Cf}]*[=+\-@]|^[\t\r\n]/u);
      expect(plainText(neutralText(text))).toBe(text);
    }
    expect(neutralText('=1+1')).toBe("'=1+1");
    expect(neutralText('  =1+1')).toBe("'  =1+1");
    expect(neutralText('\t =1+1')).toBe("'\t =1+1");
    expect(neutralText('  spaces')).toBe('  spaces');
    expect(neutralText("'plain apostrophe")).toBe("'plain apostrophe");
  });

  it('are quoted as RFC 4180 says; numbers are never touched', () => {
    expect(csvLine(['a', 'b,c', 'say "hi"', 'x\r\ny', null, '', -993, 0.1 + 0.2, 1e21, -0])).toBe(
      'a,"b,c","say ""hi""","x\r\ny",,,-993,0.30000000000000004,1e+21,0\r\n',
    );
  });

  it('name sheets as Excel allows', () => {
    const taken = new Set(['data']);
    expect(sheetName('Data', taken)).toBe('Data_2');
    expect(sheetName('a/b*c?', taken)).toBe('a_b_c_');
    expect(sheetName('x'.repeat(40), taken)).toBe('x'.repeat(31));
    expect(sheetName('x'.repeat(40), taken)).toBe(`${'x'.repeat(29)}_2`);
  });
});

describe('the CSV', () => {
  it('holds one row for each response in the order of ids, every cell as it must be', async () => {
    const [header = [], ...rows] = await csvRows(context);
    const at = (row: string[], name: string) => row[header.indexOf(name)];
    expect(rows.map((row) => at(row, 'response'))).toEqual([...ids].sort());
    const rowOf = (index: number) => rows.find((row) => at(row, 'response') === ids[index]) ?? [];
    nasty.forEach((words, index) => {
      expect(plainText(at(rowOf(index), 'words') ?? '')).toBe(words);
    });
    const expected = {
      study: 'exports',
      administration: 'survey',
      wave: 'only',
      arm: 'programme',
      cluster: 'north',
      school: 'n2',
      role: 'teacher',
      person: 'p2',
      completion: 'complete',
      // Half past midnight of the next day in London's summer.
      received_on: '2026-07-01',
      instrument: 'every-type',
      version: '1',
      colour: '2',
      shade: '-995',
      stars: '3',
      likes: '1',
      coded: '1',
      pets_1: '1',
      pets_2: '0',
      pets_3: '1',
      pets_9: '0',
      tags_1: '0',
      tags_3: '1',
      order_1: '2',
      order_2: '1',
      order_3: '3',
      mood_good: '3',
      mood_bad: '-994',
      mood_odd: '-993',
      level: '4',
      band_low: '5',
      band_high: '60',
      words: '-993',
      decimal: '0.30000000000000004',
      on_day: '2026-01-31',
      remarks: '-993',
      box_words: 'in a box',
      box_count: '-993',
      doubled: '24',
      north_share: '1',
      north_why: 'because',
      south_share: '-993',
      south_why: '-992',
      south_kinds_2: '1',
      visits_n: '2',
      events_n: '0',
      sum_of: '15',
      // Two of three items are answered: 3 and 3.
      score_mood: '3',
      answered_mood: '2',
    };
    const whole = rowOf(nasty.length);
    expect(Object.fromEntries(Object.keys(expected).map((name) => [name, at(whole, name)]))).toEqual(expected);

    const partial = rowOf(nasty.length + 1);
    expect([
      at(partial, 'cluster'),
      at(partial, 'completion'),
      at(partial, 'stars'),
      at(partial, 'words'),
      at(partial, 'visits_n'),
    ]).toEqual(['', 'partial', '-993', '-996', '-992']);
  });
});

describe('the workbook', () => {
  it('holds the same cells as the CSV, one by one', async () => {
    const [header = [], ...rows] = await csvRows(context);
    const [sheetHeader = [], ...sheetRows] = cellsOf(await workbook(context), 'data');
    expect(sheetHeader).toEqual(header);
    expect(sheetRows.length).toBe(rows.length);
    sheetRows.forEach((cells, index) => {
      header.forEach((name, column) => {
        const cell = cells[column];
        const text = rows[index]?.[column] ?? '';
        if (typeof cell === 'number') expect(cell, name).toBe(Number(text));
        // Control characters have the escape of the format, which Excel undoes and this reader does not.
        else
          expect((cell ?? '').toString().replaceAll('_x0007_', '\u0007').replaceAll('_x005F_', '_'), name).toBe(text);
      });
    });
  });

  it('says in words what the codes mean, on the labelled sheet', async () => {
    const book = await workbook(context);
    const [header = [], ...coded] = cellsOf(book, 'data');
    const [, ...labelled] = cellsOf(book, 'labelled');
    const reasons = new Map([
      [-992, '[hidden]'],
      [-993, '[skipped]'],
      [-994, '[declined]'],
      [-995, '[not-applicable]'],
      [-996, '[not-reached]'],
    ]);
    let compared = 0;
    for (const variable of small.compiled.codebook.variables) {
      const column = header.indexOf(variable.name);
      const labels = new Map(variable.values.map(({ code, label }) => [code, label]));
      coded.forEach((cells, index) => {
        const cell = cells[column];
        const expected = typeof cell === 'number' ? (reasons.get(cell) ?? labels.get(cell) ?? cell) : cell;
        expect(labelled[index]?.[column], `${variable.name} ${String(cell)}`).toBe(expected);
        compared += 1;
      });
    }
    expect(compared).toBe(coded.length * small.compiled.codebook.variables.length);
  });

  it('describes every column in the codebook sheet, with n and percent missing', async () => {
    const book = await workbook(context);
    expect(book.worksheets.map(({ name }) => name)).toEqual([
      'data',
      'labelled',
      'codebook',
      'scales',
      'about',
      'visits',
      'events',
    ]);
    const [header = [], ...lines] = cellsOf(book, 'codebook');
    const [names = [], ...rows] = cellsOf(book, 'data');
    const field = (line: unknown[], name: string) => line[header.indexOf(name)];
    expect(lines.filter((line) => field(line, 'table') === 'data').map((line) => field(line, 'variable'))).toEqual(
      names,
    );
    for (const line of lines.filter(
      (one) => field(one, 'table') === 'data' && ['asked', 'calculated'].includes(String(field(one, 'origin'))),
    )) {
      const column = names.indexOf(field(line, 'variable'));
      const n = rows.filter(
        (cells) => !(typeof cells[column] === 'number' && cells[column] <= -991 && cells[column] >= -997),
      ).length;
      // The text answer "-993" is no missing value: it stands there as a text.
      expect(field(line, 'n'), String(field(line, 'variable'))).toBe(n);
      expect(field(line, 'missing_percent')).toBeCloseTo((100 * (rows.length - n)) / rows.length, 10);
    }
    const ofTable = (name: string) => lines.filter((line) => field(line, 'table') === name);
    for (const name of ['visits', 'events']) {
      const [sheetHeader = [], ...entries] = cellsOf(book, name);
      expect(ofTable(name).map((line) => field(line, 'variable'))).toEqual(sheetHeader);
      for (const line of ofTable(name).slice(0, 2))
        expect([field(line, 'n'), field(line, 'missing_percent')]).toEqual([entries.length, 0]);
    }
    for (const line of lines.filter(
      (one) => field(one, 'origin') === 'administration' && field(one, 'table') === 'data',
    )) {
      const column = names.indexOf(field(line, 'variable'));
      const empty = rows.filter((cells) => (cells[column] ?? '') === '').length;
      expect(field(line, 'n'), String(field(line, 'variable'))).toBe(rows.length - empty);
      expect(field(line, 'missing_percent')).toBeCloseTo((100 * empty) / rows.length, 10);
    }
    const mood = lines.find((line) => field(line, 'variable') === 'mood_bad') ?? [];
    expect([field(mood, 'values'), field(mood, 'scale'), field(mood, 'keying'), field(mood, 'version')]).toEqual([
      '1 = Disagree; 2 = Neither; 3 = Agree',
      'mood',
      'reversed',
      1,
    ]);
  });

  it('says what it is on the about sheet, and freezes and filters the header', async () => {
    const book = await workbook(context);
    const about = new Map(cellsOf(book, 'about').map(([what, value]) => [what, value]));
    expect(about.get('study')).toBe('exports');
    expect(about.get('instrument_sha256')).toMatch(/^[0-9a-f]{64}$/);
    expect(about.get('responses')).toBe(ids.length);
    expect(about.get('withdrawn_responses')).toBe(1);
    expect(about.get('simulated')).toBe('false');
    const sheet = book.getWorksheet('data');
    expect(sheet?.views[0]).toMatchObject({ state: 'frozen', xSplit: 1, ySplit: 1 });
    expect(sheet?.autoFilter).toMatch(new RegExp(`^A1:[A-Z]+${ids.length + 1}$`));
  });

  it('gives each linked table a sheet with a row for each entry', async () => {
    const book = await workbook(context);
    const [header = [], ...rows] = cellsOf(book, 'visits');
    expect(header).toEqual(linkedColumns(small.compiled.codebook.tables[0] ?? { name: '', label: '', variables: [] }));
    expect(rows.filter(([response]) => response === ids[nasty.length])).toEqual([
      [ids[nasty.length], 1, '2026-02-02', 3],
      [ids[nasty.length], 2, '2026-02-03', -993],
    ]);
  });
});

describe('the zip', () => {
  it('holds data, codebook, scales, linked tables, about and README, equal to the other formats', async () => {
    const { out, bytes } = collector();
    await exportParts(context, 'exports', ['survey'], 'zip', () => out);
    const files = unzipped(bytes());
    expect([...files.keys()]).toEqual([
      'data.csv',
      'codebook.csv',
      'codebook.json',
      'codebook.html',
      'scales.csv',
      'visits.csv',
      'events.csv',
      ...['data', 'visits', 'events'].flatMap((name) => ['sav', 'dta', 'parquet'].map((format) => `${name}.${format}`)),
      ...['data.R', 'visits.R', 'events.R'],
      'scores.sps',
      'scores.do',
      'ddi.xml',
      'datapackage.json',
      'about.json',
      'README.txt',
    ]);
    expect(parsed(files.get('data.csv') ?? '')).toEqual(await csvRows(context));
    expect(JSON.parse(files.get('about.json') ?? '')).toMatchObject({
      study: 'exports',
      instrument: 'every-type',
      responses: ids.length,
    });
    expect(parsed(files.get('visits.csv') ?? '')).toContainEqual([ids[nasty.length], '1', '2026-02-02', '3']);
    // No cell of any file would be run by a spreadsheet.
    for (const [name, text] of files) {
      if (!name.endsWith('.csv')) continue;
      for (const cell of parsed(text).flat())
        expect(/^[=+@\t\r]|^-(?!\d+(\.\d+)?(e[+-]\d+)?$)/.test(cell), `${name}: ${cell}`).toBe(false);
    }
  });
});
