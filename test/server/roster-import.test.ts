/** Roster files on the real engine: what an import creates, changes and leaves, what it refuses and where, and repeating. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Study } from '../../instruments/study.ts';
import type { Context } from '../../server/context.ts';
import { findIdentities, removeIdentities } from '../../server/identities/store.ts';
import { erasePerson } from '../../server/rights/erase.ts';
import { importRoster } from '../../server/rosters/import-roster.ts';
import { rosterState } from '../../server/rosters/lock.ts';
import { findMembers } from '../../server/rosters/members.ts';
import { listClusters, listPeople, listSchools } from '../../server/rosters/store.ts';
import { findStudy, insertStudy } from '../../server/studies/store.ts';
import { testDatabase } from '../database.ts';
import { contextOn } from './people.ts';

let context: Context;
let folder: string;
let study: string;
let number = 0;

beforeAll(async () => {
  ({ context } = contextOn(await testDatabase()));
  folder = await mkdtemp(join(tmpdir(), 'fidelis-test-roster-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const arms: Study['arms'] = [
  { id: 'programme', title: 'Programme schools', kind: 'intervention' },
  { id: 'comparison', title: 'Comparison schools', kind: 'comparison' },
];

beforeEach(async () => {
  number += 1;
  study = `trial-${number}`;
  const plain = { title: 'Trial', description: '', simulated: false, timeZone: 'Europe/London', minimumCell: 5 };
  const waves = [{ id: 'only', title: 'Only', opens: '2026-01-01', closes: '2030-12-31' }];
  await insertStudy(context.db, { id: study, ...plain, arms, waves }, context.clock());
});

async function importing(content: string | Buffer, { dryRun = false, file = 'roster.csv' } = {}) {
  const path = join(folder, `${study}-${file}`);
  await writeFile(path, content);
  const { document, imported } = await importRoster(context, { study, path, file, by: 'A test', dryRun });
  const { rows, counts, problems, notices } = document;
  const codes = problems.map(({ row, column, code }) => [row, column, code]);
  return { rows, counts, problems, codes, notices, imported, document };
}

const clusters = 'id,name,arm\nelm,Elm cluster,programme\noak,Oak cluster,Programme schools\n';
const schools =
  'id,name,national number,arm,cluster,phase,pupils,disadvantaged,Region\n' +
  'elm-1,Elm Primary 1,012345,,elm,primary,210,0.23,North\n' +
  'elm-2,Elm Primary 2,012346,,Elm cluster,primary,,23.4%,\n' +
  'ash,Ash Primary,012347,comparison,,primary,180,,South\n';
const people =
  'id;school;role;name;email;language;from;to\r\n' +
  'p1;elm-1;teacher;Ada North;ada@elm.example;en;;\r\n' +
  ';012346;Improvement Champion;"South, Bea";bea@elm.example;;2026-09-01;\r\n' +
  ';Ash Primary;headteacher;Cy West;;;;2027-03-31\r\n';

describe('an import', () => {
  test('creates clusters, schools and people, and the same files again change nothing', async () => {
    for (const [content, rows] of [
      [clusters, 2],
      [schools, 3],
      [people, 3],
    ] as const) {
      const kind = content === clusters ? 'clusters' : content === schools ? 'schools' : 'people';
      const first = await importing(content);
      expect(first.problems).toEqual([]);
      expect(first).toMatchObject({ rows, imported: true, counts: { [kind]: { created: rows, changed: 0 } } });
      const again = await importing(content);
      expect(again).toMatchObject({
        rows,
        imported: true,
        counts: { [kind]: { created: 0, changed: 0, unchanged: rows } },
      });
    }
    expect(await listClusters(context.db, study)).toEqual([
      { id: 'elm', name: 'Elm cluster', arm: 'programme' },
      { id: 'oak', name: 'Oak cluster', arm: 'programme' },
    ]);
    const found = await listSchools(context.db, study);
    expect(found).toMatchObject([
      { id: 'ash', number: '012347', arm: 'comparison', cluster: null, pupils: 180, extra: { Region: 'South' } },
      { id: 'elm-1', arm: 'programme', cluster: 'elm', disadvantaged: 0.23, extra: { Region: 'North' } },
      { id: 'elm-2', arm: 'programme', cluster: 'elm', disadvantaged: 0.234, pupils: null },
    ]);
    expect((await findStudy(context.db, study))?.schoolColumns).toEqual(['Region']);
    const members = await listPeople(context.db, study);
    expect(members.map(({ school, role, spells }) => [school, role, spells])).toEqual(
      expect.arrayContaining([
        ['elm-1', 'teacher', undefined],
        [
          'elm-2',
          'improvement-champion',
          [{ from: '2026-09-01', to: null, school: 'elm-2', cluster: 'elm', role: 'improvement-champion' }],
        ],
        ['ash', 'headteacher', [{ from: null, to: '2027-03-31', school: 'ash', cluster: null, role: 'headteacher' }]],
      ]),
    );
    expect(JSON.stringify(members)).not.toMatch(/Ada|Bea|Cy|@/);
    const identities = await findIdentities(
      context,
      study,
      members.map(({ id }) => id),
    );
    expect([...identities.values()].map(({ name }) => name).sort()).toEqual(['Ada North', 'Cy West', 'South, Bea']);
  });

  test('tells what it would do in a dry run, and does nothing', async () => {
    const told = await importing(clusters, { dryRun: true });
    expect(told).toMatchObject({ imported: false, problems: [], counts: { clusters: { created: 2 } } });
    expect(await listClusters(context.db, study)).toEqual([]);
    expect((await rosterState(context.db, study)).revision).toBe(0);
  });

  test('changes what a file says otherwise, and an empty cell takes nothing away', async () => {
    await importing(clusters);
    await importing(schools);
    const changed = await importing('id,name,pupils,Region\nelm-1,Elm Primary One,,West\nelm-2,Elm Primary 2,99,\n');
    expect(changed).toMatchObject({ problems: [], counts: { schools: { created: 0, changed: 2, unchanged: 0 } } });
    expect(await listSchools(context.db, study)).toMatchObject([
      { id: 'ash' },
      { id: 'elm-1', name: 'Elm Primary One', pupils: 210, number: '012345', extra: { Region: 'West' } },
      { id: 'elm-2', pupils: 99, cluster: 'elm' },
    ]);
  });

  test('takes a day for a move, and the move once only', async () => {
    await importing(clusters);
    await importing(schools);
    await importing(people);
    const move = 'id,school,role,from\np1,elm-2,middle leader,2027-01-05\n';
    expect(await importing(move)).toMatchObject({ problems: [], counts: { people: { changed: 1 } } });
    expect(await importing(move)).toMatchObject({ problems: [], counts: { people: { changed: 0, unchanged: 1 } } });
    const [moved] = (await listPeople(context.db, study)).filter(({ id }) => id === 'p1');
    expect(moved).toMatchObject({
      school: 'elm-1',
      role: 'teacher',
      spells: [
        { from: null, to: '2027-01-04', school: 'elm-1', role: 'teacher' },
        { from: '2027-01-05', to: null, school: 'elm-2', role: 'middle-leader' },
      ],
    });
    // The first file still tells of the allocation.
    expect(await importing(people)).toMatchObject({ problems: [], counts: { people: { changed: 0, unchanged: 3 } } });
    // Without a day, what differs from how the person stands now is named.
    const undated = async (row: string) => (await importing(`id,school,role\n${row}\n`)).codes;
    expect(await undated('p1,elm-2,teacher')).toEqual([[2, 'role', 'moved-without-date']]);
    expect(await undated('p1,ash,middle leader')).toEqual([[2, 'school', 'moved-without-date']]);
    expect((await importing('id,school,role,from\np1,elm-1,teacher,2026-10-01\n')).codes).toEqual([
      [2, 'from', 'not-after-last-change'],
    ]);
  });

  test('corrects an allocation while nobody is invited, with the people of a school that is corrected', async () => {
    await importing(clusters);
    await importing(schools);
    await importing(people);
    const corrected = await importing('id,name,cluster\nelm-1,Elm Primary 1,oak\n');
    expect(corrected).toMatchObject({ problems: [], counts: { schools: { changed: 1 } } });
    const [one] = await listPeople(context.db, study, { school: 'elm-1' });
    expect(one).toMatchObject({ id: 'p1', cluster: 'oak' });
  });

  test('counts what the good rows of a refused file would do', async () => {
    await importing(clusters);
    await importing(schools);
    await importing(people);
    const rows = 'p1,elm-1,teacher,Ada North\np8,elm-1,teacher,\np9,nowhere,teacher,\np7,elm-1,janitor,\n';
    for (const dryRun of [true, false]) {
      const refused = await importing(`id,school,role,name\n${rows}p1,elm-1,teacher,\n`, { dryRun });
      expect(refused.document.state).toBe('refused');
      expect(refused.counts).toEqual({ people: { created: 1, changed: 0, unchanged: 1 } });
    }
    expect(await findMembers(context.db, study, 'people', ['p8'])).toEqual(new Map());
  });

  test('points out an e-mail address that somebody else of the study has, by pseudonym', async () => {
    await importing(clusters);
    await importing(schools);
    await importing(people);
    const hints = async (rows: string) =>
      (await importing(`id,school,role,email\n${rows}`, { dryRun: true })).notices
        .filter(({ code }) => code === 'same-email')
        .map(({ row, column, message }) => [row, column, message]);
    const words = 'p1 in the study has this e-mail address as well.';
    expect(await hints('p1,elm-1,teacher,ada@elm.example\np5,elm-2,teacher,new@elm.example\n')).toEqual([]);
    expect(await hints('p5,elm-2,teacher,Ada@Elm.example\n')).toEqual([[2, 'email', words]]);
    // Somebody whom the file gives another address has it no longer; of two rows with one address the file's own hint tells.
    expect(await hints('p5,elm-2,teacher,ada@elm.example\np1,elm-1,teacher,a.north@elm.example\n')).toEqual([]);
    expect(await hints('p1,elm-1,teacher,ada@elm.example\np5,elm-2,teacher,ada@elm.example\n')).toEqual([
      [3, 'email', 'This e-mail address stands in row 2 as well.'],
    ]);
  });

  test('says where a row gives somebody who is known by the address another name', async () => {
    await importing(clusters);
    await importing(schools);
    await importing(people);
    const hints = async (rows: string) =>
      (await importing(`school,role,name,email\n${rows}`, { dryRun: true })).notices
        .filter(({ code }) => code === 'other-name')
        .map(({ row, column, message }) => [row, column, message.slice(0, 40)]);
    expect(await hints('elm-1,teacher,Fay Other,ada@elm.example\n')).toEqual([
      [2, 'name', 'p1 has another name in the study, and th'],
    ]);
    expect(await hints('elm-1,teacher,ada  NORTH,ada@elm.example\n')).toEqual([]);
  });

  test('keeps no name of somebody who has withdrawn, and says so', async () => {
    await importing(clusters);
    await importing(schools);
    await importing(people);
    await context.db.collection('withdrawals').insertOne({ study, scope: 'study', person: 'p1' });
    await removeIdentities(context.db, study, ['p1']);
    const again = await importing(people);
    expect(again).toMatchObject({ problems: [], counts: { people: { changed: 0, unchanged: 3 } } });
    expect(again.notices.filter(({ code }) => code === 'withdrawn').map(({ row }) => row)).toEqual([2]);
    expect(await findIdentities(context, study, ['p1'])).toEqual(new Map());
  });

  test('changes nothing of somebody who was erased, however often the file comes, and says so', async () => {
    await importing(clusters);
    await importing(schools);
    await importing(people);
    await erasePerson(context, study, 'p1', { withdraw: false, by: 'evaluator' });
    for (const _time of ['first', 'second']) {
      const again = await importing(people);
      expect(again).toMatchObject({ problems: [], counts: { people: { created: 0, changed: 0, unchanged: 3 } } });
      const [note] = again.notices.filter(({ code }) => code === 'erased');
      expect(note?.row).toBe(2);
      expect(note?.message).toContain('p1 was erased and stays so');
    }
    expect(await findIdentities(context, study, ['p1'])).toEqual(new Map());
    await erasePerson(context, study, 'p1', { withdraw: true, by: 'evaluator' });
    const withdrawn = await importing(people);
    expect(withdrawn).toMatchObject({ counts: { people: { changed: 0, unchanged: 3 } } });
    const note = withdrawn.notices.find(({ code }) => code === 'withdrawn');
    expect(note?.message).toContain('p1 has withdrawn from the study and stays so');
  });
});
