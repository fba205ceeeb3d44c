/** The template of a roster: what is downloaded, filled in with a spreadsheet and uploaded again is imported as written. */
import { setTimeout as wait } from 'node:timers/promises';
import ExcelJS from 'exceljs';
import { beforeAll, expect, test } from 'vitest';
import { listPeople, listSchools } from '../../server/rosters/store.ts';
import type { Visitor } from './people.ts';
import { makeWorld, type World } from './world.ts';

let world: World;
let evaluator: Visitor;
beforeAll(async () => {
  world = await makeWorld({ administrations: [], people: {}, study: { schoolColumns: ['Local authority'] } });
  evaluator = await world.asEvaluator();
});

async function templateBook(): Promise<ExcelJS.Workbook> {
  const answer = await evaluator.agent
    .get('/api/studies/trial/roster-templates/roster.xlsx')
    .buffer(true)
    .parse((response, callback) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => callback(null, Buffer.concat(parts)));
    });
  expect([answer.status, answer.headers['content-disposition']]).toEqual([
    200,
    'attachment; filename="trial-roster.xlsx"',
  ]);
  const book = new ExcelJS.Workbook();
  await book.xlsx.load(answer.body);
  return book;
}

/** Uploads a file and imports it; what the import says of it in the end. */
async function imported(file: Buffer, name: string) {
  const base = '/api/studies/trial/roster-imports';
  const sent = await evaluator.agent.post(base).set('x-csrf-token', evaluator.csrfToken).attach('file', file, name);
  expect(sent.status, sent.text).toBe(202);
  const until = async (...states: string[]) => {
    for (;;) {
      const { body } = await evaluator.send('GET', `${base}/${sent.body.id}`);
      if (states.includes(body.state)) return body;
      await wait(20);
    }
  };
  const checked = await until('planned', 'refused');
  expect(checked.problems).toEqual([]);
  expect((await evaluator.send('POST', `${base}/${sent.body.id}/apply`)).status).toBe(202);
  return until('done');
}

test('the workbook has a sheet for each kind and one that tells what the columns mean', async () => {
  const book = await templateBook();
  expect(book.worksheets.map(({ name }) => name)).toEqual(['clusters', 'schools', 'people', 'columns']);
  expect(book.getWorksheet('schools')?.getRow(1).values).toContain('Local authority');
});

test('filled in, it comes back as it was written, and the second time changes nothing', async () => {
  const book = await templateBook();
  const fill = (sheet: string, rows: readonly Readonly<Record<string, ExcelJS.CellValue>>[]) => {
    const page = book.getWorksheet(sheet);
    if (!page) throw new Error(`the template has no sheet ${sheet}`);
    const header = (page.getRow(1).values as string[]).slice(1);
    for (let at = 0; at < Math.max(rows.length, page.rowCount - 1); at += 1) {
      for (const [column, name] of header.entries()) page.getCell(at + 2, column + 1).value = rows[at]?.[name] ?? null;
    }
  };
  fill('clusters', [{ id: 'ash', name: 'Ash cluster', arm: 'partnership' }]);
  fill('schools', [
    // As a spreadsheet keeps them: numbers as numbers, a share as a percentage.
    { id: 'ash-1', name: 'Ash Primary', number: 100321, cluster: 'ash', phase: 'primary', pupils: 240 },
    { id: 'ash-2', name: 'Ásh Junior', cluster: 'ash', disadvantaged: 0.25, 'Local authority': 'Westshire' },
  ]);
  fill('people', [
    { id: 'a1', school: 'ash-1', role: 'Headteacher', name: 'Ada Example', email: 'ada@example.org' },
    { id: 'a2', school: 'ash-2', role: 'Improvement Champion' },
  ]);
  const file = Buffer.from(await book.xlsx.writeBuffer());
  const count = (created: number, unchanged: number) => ({ created, changed: 0, unchanged });
  const first = await imported(file, 'filled.xlsx');
  expect(first.counts).toEqual({ clusters: count(1, 0), schools: count(2, 0), people: count(2, 0) });

  const schools = (await listSchools(world.context.db, 'trial')).filter(({ cluster }) => cluster === 'ash');
  expect(schools).toMatchObject([
    { id: 'ash-1', name: 'Ash Primary', number: '100321', arm: 'partnership', pupils: 240 },
    { id: 'ash-2', name: 'Ásh Junior', disadvantaged: 0.25, extra: { 'Local authority': 'Westshire' } },
  ]);
  expect(await listPeople(world.context.db, 'trial')).toMatchObject([
    { id: 'a1', school: 'ash-1', cluster: 'ash', arm: 'partnership', role: 'headteacher' },
    { id: 'a2', school: 'ash-2', role: 'improvement-champion' },
  ]);
  const identity = await evaluator.send('GET', '/api/studies/trial/people/a1/identity');
  expect(identity.body.identity).toMatchObject({ name: 'Ada Example', email: 'ada@example.org' });
  const second = await imported(file, 'filled.xlsx');
  expect(second.counts).toEqual({ clusters: count(0, 1), schools: count(0, 2), people: count(0, 2) });
});

test('the examples that stand in it are a roster themselves', async () => {
  const book = await templateBook();
  const { counts } = await imported(Buffer.from(await book.xlsx.writeBuffer()), 'template.xlsx');
  expect(counts.clusters.created + counts.clusters.changed + counts.clusters.unchanged).toBe(2);
});
