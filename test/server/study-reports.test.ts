/** Reports of a study over HTTP: the same figures as page, PDF, Word and workbook; suppression; release step by step. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ExcelJS from 'exceljs';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Report, Table } from '../../analysis/result.ts';
import { saveStudyAccess } from '../../server/accounts/study-roles.ts';
import { loadStudyFigures } from '../../server/reports/study-figures.ts';
import { getStudy } from '../../server/studies/store.ts';
import { unzipped } from './exports.ts';
import { signedInAs, type Visitor } from './people.ts';
import { answer, schoolMeans } from './school-means.ts';
import type { World } from './world.ts';

let world: World;
let lead: Visitor;
let coordinator: Visitor;
const reports = '/api/studies/trial/reports';

beforeAll(async () => {
  world = await schoolMeans();
  const member = async (role: 'school-lead' | 'coordinator', places: { clusters: string[]; schools: string[] }) => {
    const visitor = await signedInAs(world.app, world.context, 'member', `${role}@example.org`);
    const { id } = (await visitor.look()).body.account;
    await saveStudyAccess(world.context.db, { study: 'trial', account: id, role, ...places });
    return visitor;
  };
  lead = await member('school-lead', { clusters: [], schools: ['elm-1'] });
  coordinator = await member('coordinator', { clusters: ['elm'], schools: [] });
});

const tableOf = (report: Report, id: string): Table => {
  const found = report.sections.flatMap(({ tables }) => tables).find((table) => table.id === id);
  if (!found) throw new Error(`no table ${id}`);
  return found;
};

async function bytesOf(visitor: Visitor, path: string): Promise<{ status: number; type: string; body: Buffer }> {
  const { status, headers, body } = await visitor.agent
    .get(path)
    .buffer(true)
    .parse((response, done) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => done(null, Buffer.concat(parts)));
    });
  return { status, type: String(headers['content-type']), body: body as Buffer };
}

async function textOfPdf(pdf: Buffer): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'fidelis-test-report-'));
  const file = join(folder, 'report.pdf');
  await writeFile(file, pdf);
  const { stdout } = await promisify(execFile)('pdftotext', ['-layout', file, '-']);
  await rm(folder, { recursive: true });
  return stdout.replace(/[ \t]+/g, ' ');
}

describe('the evaluation report', () => {
  test('tells flow, response, measures and means as the answers give them, with progress before', async () => {
    // Two who ask at once wait for one computation.
    const study = await getStudy(world.context.db, 'trial');
    const [one, other] = await Promise.all([1, 2].map(() => loadStudyFigures(world.context, study)));
    expect(other).toBe(one);
    const analyst = await world.asAnalyst();
    const { status, text } = await analyst.send('GET', `${reports}/evaluation.ndjson`);
    expect(status).toBe(200);
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const report = lines.at(-1).report as Report;
    expect(lines.slice(0, -1).every(({ share }) => share >= 0 && share <= 1)).toBe(true);
    expect((await analyst.send('GET', `${reports}/evaluation`)).body).toEqual(JSON.parse(JSON.stringify(report)));
    expect(tableOf(report, 'response-by-arm').rows.map((row) => row.slice(2, 7))).toEqual([
      ['Partnership', 2, 2, 16, 12],
      ['Comparison', 1, 1, 8, 6],
    ]);
    const [spread] = tableOf(report, 'school-spread').rows;
    expect(spread?.slice(2, 4)).toEqual([3, 3]);
    expect(
      report.sections
        .flatMap(({ tables }) => tables)
        .find(({ id }) => id.startsWith('schools-1-'))
        ?.rows.map((row) => [row[0], row[3], row[4]]),
    ).toEqual([
      ['Elm Primary 1', 6, 2],
      ['Elm Primary 2', 6, 2.5],
      ['Oak Primary 1', 6, 1.5],
    ]);
  });

  test('is the same as a page that loads nothing, a tagged PDF, a Word document and a workbook', async () => {
    const analyst = await world.asAnalyst();
    const page = await analyst.send('GET', `${reports}/evaluation/html`);
    expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-/);
    expect(page.text).toContain('<html lang="en-GB">');
    expect(page.text).not.toMatch(/<script|src="http|href="http/);
    expect(
      page.text.match(/<img src="data:image\/png;base64,[^"]+" width="680" height="\d+" alt="[^"]{20,}">/g)?.length,
    ).toBeGreaterThan(0);
    expect(page.text).toContain('<caption>Response by administration and arm</caption>');
    expect(page.text).toContain('<dt>Working together</dt><dd>12 of 16 people, 2 of 2 schools</dd>');

    const pdf = await bytesOf(analyst, `${reports}/evaluation/pdf`);
    expect([pdf.status, pdf.type]).toEqual([200, 'application/pdf']);
    expect(pdf.body.toString('latin1')).toContain('/MarkInfo');
    const printed = await textOfPdf(pdf.body);
    expect(printed).toContain('Evaluation report');
    expect(printed).toMatch(/Elm Primary 2 Elm cluster Partnership 6 2\.50 0\.55/);
    expect(printed).toContain('12 of 16 people, 2 of 2 schools');

    const word = await bytesOf(analyst, `${reports}/evaluation/docx`);
    const files = unzipped(word.body);
    const document = files.get('word/document.xml') ?? '';
    expect(document).toContain('w:val="Heading1"');
    expect(document.match(/<w:tblHeader\/>|<w:tblHeader w:val="true"\/>/g)?.length).toBeGreaterThan(4);
    expect(document).toMatch(/<wp:docPr [^>]*descr="[^"]{20,}"/);
    expect(document).toContain('12 of 16 people, 2 of 2 schools');
    expect(document).toContain('>2.50<');

    const book = new ExcelJS.Workbook();
    await book.xlsx.load((await bytesOf(analyst, `${reports}/evaluation/xlsx`)).body as unknown as ArrayBuffer);
    const report = (await analyst.send('GET', `${reports}/evaluation`)).body as Report;
    const tables = report.sections.flatMap((section) => section.tables);
    expect(book.worksheets.length).toBe(tables.length + 1);
    const schools = book.worksheets.find((sheet) => sheet.name.startsWith('schools-1'));
    expect(schools?.getRow(3).values).toEqual(
      expect.arrayContaining(['Elm Primary 2', 'Elm cluster', 'Partnership', 6, 2.5]),
    );
  }, 240_000);

  test('hides what readers without coded data must not see, and is closed to those with a few schools', async () => {
    const report = (await (await world.asViewer()).send('GET', `${reports}/evaluation`)).body as Report;
    expect(report.notes.map(({ code }) => code)).toContain('suppression');
    const shares = report.sections
      .flatMap(({ tables }) => tables)
      .find(({ id }) => id.endsWith('-means'))
      ?.rows[1]?.slice(-3);
    // Comparison: three each of six scored in the lower and the middle third.
    expect(shares).toEqual(['suppressed', 'suppressed', 0]);
    for (const visitor of [lead, coordinator]) {
      expect((await visitor.send('GET', `${reports}/evaluation`)).body.code).toBe('not-permitted');
      expect((await visitor.send('GET', `${reports}/evaluation/pdf`)).body.code).toBe('not-permitted');
    }
    expect((await (await world.asAnalyst()).send('GET', `${reports}/evaluation/txt`)).status).toBe(400);
  });
});

describe('a school’s feedback report', () => {
  const path = `${reports}/schools/elm-1`;
  const release = async (state: string, by?: Visitor) =>
    (by ?? (await world.asEvaluator())).send('PUT', `${path}/release`, { state, why: 'The head asked for it.' });

  test('is released to head, cluster lead and staff in that order, and to nobody else', async () => {
    const viewer = await world.asViewer();
    expect((await viewer.send('GET', path)).body).toMatchObject({ state: 'withheld' });
    for (const visitor of [lead, coordinator]) {
      expect((await visitor.send('GET', path)).body.code).toBe('not-found');
      expect((await visitor.send('GET', `${reports}/schools`)).body).toEqual({ schools: [] });
      expect((await release('head', visitor)).body.code).toBe('not-permitted');
    }
    expect((await release('head', viewer)).body.code).toBe('not-permitted');
    expect((await release('staff')).body).toMatchObject({
      code: 'state-not-allowed',
      detail: 'This report is "withheld" and can become "head" next, not "staff".',
    });

    expect((await release('head')).body).toMatchObject({
      state: 'head',
      history: [{ state: 'head', why: 'The head asked for it.' }],
    });
    const read = (await lead.send('GET', path)).body as { state: string; report: Report };
    expect(read.state).toBe('head');
    expect(read.report.notes[0]?.text).toBe('Released to the headteacher. Please do not pass it on yet.');
    expect((await lead.send('GET', `${reports}/schools`)).body.schools).toMatchObject([
      { id: 'elm-1', state: 'head', history: [] },
    ]);
    expect((await coordinator.send('GET', path)).body.code).toBe('not-found');
    expect((await lead.send('GET', `${reports}/schools/elm-2`)).body.code).toBe('not-found');

    expect((await release('cluster-lead')).status).toBe(200);
    expect((await coordinator.send('GET', path)).body.state).toBe('cluster-lead');
    expect((await release('staff')).status).toBe(200);
    expect((await release('staff')).body.history).toHaveLength(3);
    expect((await release('head')).body.code).toBe('state-not-allowed');
  });

  test('stays as it was released while answers come in, so that two readings cannot be laid over each other', async () => {
    const before = (await lead.send('GET', path)).body as { report: Report };
    const scale = before.report.sections.flatMap(({ tables }) => tables).find(({ id }) => id.startsWith('scale-1-'));
    expect(scale?.rows.map((row) => row.slice(1, 4))).toEqual([
      ['Your school', 6, 2],
      ['All schools', 18, 2],
    ]);
    const [, , , , , , free] = world.links('survey').filter(({ invitation }) => invitation.school === 'elm-1');
    await answer(world, free?.path ?? '', 3);
    expect((await lead.send('GET', path)).body).toEqual(before);
    expect((await release('withheld')).status).toBe(200);
    expect((await lead.send('GET', path)).body.code).toBe('not-found');
    // A count of a moment ago may still stand for the draft.
    const viewer = await world.asViewer();
    const draft = async () => ((await viewer.send('GET', path)).body as { report: Report }).report;
    await expect
      .poll(async () => tableOf(await draft(), scale?.id ?? '').rows[0]?.slice(1, 3), {
        timeout: 120_000,
        interval: 250,
      })
      .toEqual(['Your school', 7]);
  }, 180_000);

  test('is a tagged PDF in plain words', async () => {
    await release('head');
    const { body } = await bytesOf(lead, `${path}/pdf`);
    const text = await textOfPdf(body);
    expect(text).toContain('Feedback report: Elm Primary 1');
    expect(text).toContain('Released to the headteacher. Please do not pass it on yet.');
    expect(text.replace(/\s+/g, ' ')).toContain(
      'the mean of 7 people of your school is 2.14 on a scale from 1 to 3; of all 19 people of the study it is 2.05.',
    );
    expect(body.toString('latin1')).toContain('/MarkInfo');
    const { history } = (await release('withheld')).body;
    expect(history.map(({ state }: { state: string }) => state)).toEqual([
      'head',
      'cluster-lead',
      'staff',
      'withheld',
      'head',
      'withheld',
    ]);
  }, 120_000);

  test('is not there for a school or a study that is not', async () => {
    const viewer = await world.asViewer();
    expect((await viewer.send('GET', `${reports}/schools/nowhere`)).body.code).toBe('not-found');
    expect((await viewer.send('GET', '/api/studies/none/reports/evaluation')).body.code).toBe('not-found');
  });
});
