/** Broken and unusual roster files: each is refused by row and column, and changes nothing; or is read as it was meant. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import ExcelJS from 'exceljs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Context } from '../../server/context.ts';
import { importRoster } from '../../server/rosters/import-roster.ts';
import { insertClusters, insertPeople, insertSchools, listPeople, listSchools } from '../../server/rosters/store.ts';
import { insertStudy } from '../../server/studies/store.ts';
import { testDatabase } from '../database.ts';
import { contextOn } from './people.ts';

let context: Context;
let folder: string;
const study = 'trial';

beforeAll(async () => {
  ({ context } = contextOn(await testDatabase()));
  folder = await mkdtemp(join(tmpdir(), 'fidelis-test-roster-'));
  const arms = [
    { id: 'programme', title: 'Programme', kind: 'intervention' as const },
    { id: 'comparison', title: 'Comparison', kind: 'comparison' as const },
  ];
  const waves = [{ id: 'only', title: 'Only', opens: '2026-01-01', closes: '2030-12-31' }];
  const plain = { title: 'Trial', description: '', simulated: false, timeZone: 'Europe/London', minimumCell: 5 };
  await insertStudy(context.db, { id: study, ...plain, arms, waves }, context.clock());
  await insertClusters(context.db, study, [{ id: 'elm', name: 'Elm cluster', arm: 'programme' }]);
  const school = { arm: 'programme', cluster: 'elm', phase: 'primary', pupils: null, disadvantaged: null };
  await insertSchools(context.db, study, [{ id: 'elm-1', name: 'Elm Primary', number: '0123', ...school }]);
  const person = { school: 'elm-1', cluster: 'elm', arm: 'programme', role: 'teacher' as const };
  await insertPeople(context.db, study, [{ id: 'p1', ...person }]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let files = 0;
async function importing(content: string | Buffer, { dryRun = true } = {}) {
  files += 1;
  const path = join(folder, `${files}`);
  await writeFile(path, content);
  return importRoster(context, { study, path, file: 'a file', by: 'A test', dryRun });
}

/** A zip of stored or deflated entries; `claimed` lies about the size of the last. */
function zipOf(entries: readonly (readonly [name: string, content: Buffer])[], claimed?: number): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, content] of entries) {
    const packed = deflateRawSync(content);
    const size = claimed !== undefined && name === entries.at(-1)?.[0] ? claimed : content.length;
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(8, 8);
    local.writeUInt16LE(name.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(8, 10);
    central.writeUInt32LE(packed.length, 20);
    central.writeUInt32LE(size, 24);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE(at, 42);
    parts.push(local, Buffer.from(name), packed);
    directory.push(central, Buffer.from(name));
    at += 30 + name.length + packed.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, list, end]);
}

const workbookXml = '<workbook xmlns:r="r"><sheets><sheet name="people" sheetId="1" r:id="rId1"/></sheets></workbook>';
const relsXml = '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>';
const workbookOf = (sheet: string | Buffer, claimed?: number) =>
  zipOf(
    [
      ['xl/workbook.xml', Buffer.from(workbookXml)],
      ['xl/_rels/workbook.xml.rels', Buffer.from(relsXml)],
      ['xl/worksheets/sheet1.xml', Buffer.from(sheet)],
    ],
    claimed,
  );

const head = 'id,school,role,name,email,from,to\n';
type Expected = readonly [row: number | null, column: string | null, code: string];

const broken: Readonly<Record<string, readonly [content: string | Buffer, ...problems: Expected[]]>> = {
  'nothing at all': ['', [null, null, 'no-header']],
  'a header alone': [head, [null, null, 'no-rows']],
  'Latin-1': [
    Buffer.concat([Buffer.from(`${head}p2,elm-1,teacher,Zo`), Buffer.from([0xeb, 0x0a])]),
    [null, null, 'not-utf-8'],
  ],
  'UTF-16': [Buffer.from(`\uFEFF${head}p2,elm-1,teacher,,,,\n`, 'utf16le'), [null, null, 'not-utf-8']],
  'bytes that are no text': [
    Buffer.from(Array.from({ length: 20_000 }, (_, at) => (at * 193 + 7) % 256)),
    [null, null, 'not-a-table'],
  ],
  'an old workbook': [Buffer.from('d0cf11e0a1b11ae1', 'hex'), [null, null, 'old-workbook']],
  'a zip that is no workbook': [zipOf([['a.txt', Buffer.from('a')]]), [null, null, 'broken-file']],
  'a workbook that is cut short': [workbookOf('<worksheet/>').subarray(0, 200), [null, null, 'broken-file']],
  'a workbook that unpacks to more than it says': [
    workbookOf(Buffer.alloc(1_000_000, '<row/>'), 10_000),
    [null, null, 'broken-file'],
  ],
  'a workbook that says it unpacks to a gigabyte': [
    workbookOf('<worksheet/>', 1_000_000_000),
    [null, null, 'file-too-large'],
  ],
  'a workbook of a thousand parts': [
    zipOf(Array.from({ length: 1000 }, (_, at) => [`part-${at}`, Buffer.from('x')] as const)),
    [null, null, 'file-too-large'],
  ],
  'a workbook that defines entities': [
    workbookOf('<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet><sheetData/></worksheet>'),
    [null, null, 'broken-file'],
  ],
  'a missing column': ['id,school,name\np2,elm-1,Ada\n', [1, 'name', 'needed']],
  'no role': ['id,school,email\np2,elm-1,a@b.example\n', [1, 'name', 'missing-column'], [1, 'arm', 'missing-column']],
  'a column nobody knows': ['id,school,role,shoe size\np2,elm-1,teacher,9\n', [1, 'shoe size', 'unknown-column']],
  'a column twice': ['id,id,school,role\np2,p2,elm-1,teacher\n', [1, 'id', 'repeated-column']],
  'a role nobody knows': [`${head}p2,elm-1,janitor,,,,\n`, [2, 'role', 'unknown-role']],
  'an empty role': [`${head}p2,elm-1,,,,,\n`, [2, 'role', 'needed']],
  'a school nobody knows': [`${head}p2,oak-9,teacher,,,,\n`, [2, 'school', 'unknown-school']],
  'neither school nor cluster': [`${head}p2,,teacher,,,,\n`, [2, 'school', 'needed']],
  'nobody to be told from': [`${head},elm-1,teacher,,,,\n`, [2, 'id', 'needed']],
  'an address that is none': [`${head}p2,elm-1,teacher,,ada at home,,\n`, [2, 'email', 'bad-email']],
  'a day that is none': [`${head}p2,elm-1,teacher,,,2026-02-30,\n`, [2, 'from', 'bad-date']],
  'a day that is two days': [`${head}p2,elm-1,teacher,,,05/12/2026,\n`, [2, 'from', 'ambiguous-date']],
  'days in the wrong order': [`${head}p2,elm-1,teacher,,,2026-03-01,2026-02-01\n`, [2, 'to', 'bad-order']],
  'somebody twice in a file without ids': [
    'school,role,email\nelm-1,teacher,a@b.example\nelm-1,teacher,a@b.example\n',
    [3, 'email', 'repeated-id'],
  ],
  'somebody twice': [
    `${head}p2,elm-1,teacher,,,,\np3,elm-1,teacher,,,,\np2,elm-1,teacher,,,,\n`,
    [4, 'id', 'repeated-id'],
  ],
  'a quote that does not close': [`${head}p2,elm-1,teacher,"Ada,,,\n`, [2, null, 'broken-quotes']],
  'a cell too many': [`${head}p2,elm-1,teacher,,,,,more\n`, [2, null, 'unnamed-column']],
  'several things at once': [
    `${head}p2,oak-9,teacher,,,,\np3,elm-1,janitor,,x,,\n`,
    [2, 'school', 'unknown-school'],
    [3, 'role', 'unknown-role'],
    [3, 'email', 'bad-email'],
  ],
  'a share over one': ['id,name,disadvantaged\nelm-1,Elm Primary,23\n', [2, 'disadvantaged', 'bad-share']],
  'pupils with a separator': ['id,name,pupils\nelm-1,Elm Primary,"1,200"\n', [2, 'pupils', 'bad-number']],
  'an arm nobody knows': ['id,name,arm\noak,Oak cluster,control\n', [2, 'arm', 'unknown-arm']],
  'another arm than allocated': ['id,name,arm\nelm,Elm cluster,comparison\n', [2, 'arm', 'other-arm']],
};

describe('a file is refused with', () => {
  test.each(Object.entries(broken))('%s', async (name, [content, ...expected]) => {
    const before = [await listSchools(context.db, study), await listPeople(context.db, study)];
    const { document, imported } = await importing(content, { dryRun: false });
    const found = document.problems.map(({ row, column, code }) => [row, column, code]);
    // A file without a role is taken for clusters, and one without anything of a school as well.
    if (name === 'a missing column') expect(found.length).toBeGreaterThan(0);
    else if (name === 'no role') expect(found).toEqual(expect.arrayContaining(expected.map((one) => [...one])));
    else expect(found).toEqual(expected.map((one) => [...one]));
    expect({ state: document.state, imported }).toEqual({ state: 'refused', imported: false });
    expect([await listSchools(context.db, study), await listPeople(context.db, study)]).toEqual(before);
  });
});

describe('a file is read as it was meant', () => {
  const row = ['p9', 'elm-1', 'teacher', 'Zoë O’Neill', 'zoe@elm.example'];
  const columns = ['id', 'school', 'role', 'name', 'email'];
  test.each([
    ['with a byte order mark', `\uFEFF${columns.join(',')}\n${row.join(',')}\n`],
    ['with semicolons and CRLF', `${columns.join(';')}\r\n${row.join(';')}\r\n`],
    ['with tabs', `${columns.join('\t')}\n${row.join('\t')}\n`],
    [
      'with quotes and blank lines',
      `\n${columns.map((cell) => `"${cell}"`).join(',')}\n\n${row.map((cell) => `"${cell}"`).join(',')}\n`,
    ],
    ['with other spellings of headers', `ID, School ,ROLE,Name,E-mail\n${row.join(',')}\n`],
  ])('%s', async (_words, content) => {
    const { document } = await importing(content);
    expect(document).toMatchObject({ state: 'planned', problems: [], counts: { people: { created: 1 } } });
  });

  test('from a workbook: texts keep their zeros, formulas give their values, dates are days', async () => {
    const workbook = new ExcelJS.Workbook();
    const schools = workbook.addWorksheet('Schools');
    schools.addRow(['id', 'name', 'number', 'arm', 'pupils', 'disadvantaged', 'from']);
    schools.addRow(['ash', 'Ash', '0456', 'comparison', 200, 0.25, new Date(Date.UTC(2026, 8, 1))]);
    const second = schools.addRow(['bay', 'Bay', 789, 'comparison', 0, '12.5%', null]);
    second.getCell(3).numFmt = '00000';
    second.getCell(5).value = { formula: 'A1+B1', result: 150 };
    const people = workbook.addWorksheet('People');
    people.addRow(['id', 'school', 'role']);
    people.addRow(['p20', '0456', 'Middle leader']);
    workbook.addWorksheet('Notes').addRow(['nothing of ours']);
    const { document, imported } = await importing(Buffer.from(await workbook.xlsx.writeBuffer()), { dryRun: false });
    expect(document.problems).toEqual([]);
    expect(imported).toBe(true);
    const found = await listSchools(context.db, study);
    expect(found.find(({ id }) => id === 'ash')).toMatchObject({
      number: '0456',
      pupils: 200,
      disadvantaged: 0.25,
      spells: [{ from: '2026-09-01', to: null, cluster: null }],
    });
    expect(found.find(({ id }) => id === 'bay')).toMatchObject({ number: '00789', pupils: 150, disadvantaged: 0.125 });
    expect(await listPeople(context.db, study, { school: 'ash' })).toMatchObject([
      { id: 'p20', role: 'middle-leader' },
    ]);
  });
});

test('near-duplicates are pointed out and stop nothing, without a name in what is kept', async () => {
  const { document } = await importing(
    `${head}a1,elm-1,teacher,Margaret Hill,m@elm.example,,\n` +
      `a2,elm-1,teacher,margaret hill.,x@elm.example,,\n` +
      `a3,elm-1,teacher,Margaret Hlil,M@elm.example,,\n` +
      `a4,elm-1,teacher,Peter Vale,p@elm.example,,\n` +
      `a5,elm-1,teacher,Thomas Müller,t@elm.example,,\n` +
      `a6,elm-1,teacher,Tomas Mueller,u@elm.example,,\n`,
  );
  expect(document.state).toBe('planned');
  const hints = document.notices.filter(({ code }) => code.startsWith('like') || code.startsWith('same'));
  expect(hints.map(({ row, column, code }) => [row, column, code])).toEqual([
    [3, 'name', 'like-name'],
    [4, 'email', 'same-email'],
    [4, 'name', 'like-name'],
    [7, 'name', 'like-name'],
  ]);
  expect(JSON.stringify(document.notices)).not.toMatch(/Margaret|Peter|Thomas/i);
});

test('a file that is refused is told its hints in the same go', async () => {
  const { document } = await importing(
    `${head}b1,elm-1,teacher,Margaret Hill,,,\nb2,elm-1,teacher,Margaret Hil,,,\nb3,elm-1,janitor,,,,\n`,
  );
  expect(document.state).toBe('refused');
  expect(document.problems.map(({ row, code }) => [row, code])).toEqual([[4, 'unknown-role']]);
  expect(document.notices.map(({ row, code }) => [row, code])).toContainEqual([3, 'like-name']);
});

test('schools with like names and one national number are pointed out, and what breaks the design', async () => {
  const { document } = await importing(
    'id,name,number,arm\nx1,Chestnut Primary,777,\nx2,Chestnut Prmary,778,comparison\nx3,Other,777,comparison\n' +
      'x4,Chestnut Primary 2,779,comparison\n',
  );
  const codes = document.notices.map(({ row, code }) => [row, code]);
  expect(codes).toEqual(
    expect.arrayContaining([
      [3, 'like-name'],
      [4, 'same-number'],
      [2, 'no-arm'],
      [null, 'few-schools'],
      [null, 'no-champion'],
    ]),
  );
  expect(codes).not.toContainEqual([5, 'like-name']);
});
