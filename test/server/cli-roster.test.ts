/**
 * Rosters, studies, people and identities by command, in processes of their own on an empty data folder: what is printed as
 * JSON, the exit codes, what is refused, and that each command that changes or takes away something is in the audit.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AuditEntry } from '../../server/audit/store.ts';
import { connectDatabase, type Database } from '../../server/database/connect.ts';
import { fidelis, studyFile } from './command.ts';

const patience = 240_000;
let folder: string;
let dataFolder: string;
let database: Database;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fidelis-test-cli-roster-'));
  dataFolder = join(folder, 'data');
  // As a running server does: commands find its engine through the data folder and join it.
  database = await connectDatabase({ dataFolder, log: pino({ level: 'silent' }) });
  const file = await studyFile(folder, 'trial', 'collective-efficacy', false);
  const created = await fidelis(dataFolder, ['studies', 'create', '--file', file, '--json']);
  expect(JSON.parse(created.out)).toMatchObject({ study: 'trial', schools: 2, people: 3 });
}, patience);
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

/** What is printed as JSON, and the exit code. */
async function json(...args: string[]) {
  const { code, out, err } = await fidelis(dataFolder, [...args, '--json']);
  return { code, err, body: out === '' ? null : JSON.parse(out) };
}

async function importing(name: string, content: string | Buffer, ...more: string[]) {
  const file = join(folder, name);
  await writeFile(file, content);
  return json('roster', 'import', '--study', 'trial', '--file', file, ...more);
}

/** Verbs of the commands since the entry of this number, with how they ended. */
async function auditSince(number: number): Promise<string[]> {
  const entries = await database.connection
    .collection<AuditEntry>('audit')
    .find({ _id: { $gt: number } })
    .sort({ _id: 1 })
    .toArray();
  expect(entries.every(({ actor }) => actor.kind === 'command' && actor.id !== null)).toBe(true);
  expect(JSON.stringify(entries)).not.toMatch(/\bAda\b|example\.org/i);
  return entries.map(({ verb, outcome, detail }) => `${verb} ${detail ?? outcome}`);
}
const lastEntry = async () => (await database.connection.collection<AuditEntry>('audit').countDocuments()) ?? 0;

const people = 'id,school,role,name,email\nt1,s1,Head teacher,Ada Example,ada@example.org\np1,s1,teacher,,\n';
const done = { problems: [], notices: [], imported: true };

test(
  'a CSV file is checked, imported, and changes nothing the second time',
  async () => {
    const start = await lastEntry();
    const counts = { rows: 2, created: 1, changed: 0, unchanged: 1 };
    const dry = await importing('people.csv', people, '--dry-run');
    expect([dry.code, dry.body]).toEqual([0, { ...counts, ...done, imported: false }]);
    expect(await database.connection.collection('people').countDocuments({ id: 't1' })).toBe(0);
    expect(await auditSince(start)).toEqual([]);
    const real = await importing('people.csv', people);
    expect([real.code, real.body]).toEqual([0, { ...counts, ...done }]);
    const again = await importing('people.csv', people);
    expect([again.code, again.body]).toEqual([0, { rows: 2, created: 0, changed: 0, unchanged: 2, ...done }]);
    expect(await auditSince(start)).toEqual([
      'roster.import done',
      'roster.import made',
      'roster.import done',
      'roster.import made',
    ]);
    const imports = await database.connection
      .collection<{ _id: string; state: string }>('roster-imports')
      .find()
      .toArray();
    const audit = database.connection.collection<AuditEntry>('audit');
    const named = await audit.find({ verb: 'roster.import', detail: 'made' }).toArray();
    const ids = named.map(({ thing }) => imports.find(({ _id }) => _id === thing.import)?.state);
    expect(ids).toEqual(['done', 'done']);
    const made = await audit.findOne({ verb: 'study.create' });
    expect(made).toMatchObject({ study: 'trial', outcome: 'done' });
  },
  patience,
);

test(
  'a broken file is refused by row and column, in the order of the file, and a workbook as a CSV file is',
  async () => {
    const start = await lastEntry();
    const broken = 'id,school,role,name,email\nt8,nowhere,teacher,,\nt9,s1,janitor,,no address\n';
    const refused = await importing('broken.csv', broken);
    expect(refused.code).toBe(1);
    expect(refused.body).toMatchObject({ rows: 2, created: 0, changed: 0, unchanged: 0, imported: false });
    const where = refused.body.problems.map((one: Record<string, unknown>) => [one.row, one.column, one.code]);
    expect(where).toEqual([
      [2, 'school', 'unknown-school'],
      [3, 'role', 'unknown-role'],
      [3, 'email', 'bad-email'],
    ]);
    for (const { message } of refused.body.problems) expect(message).toMatch(/\.$/);
    expect(await auditSince(start)).toEqual(['roster.import done', 'roster.import roster-refused']);

    const book = new ExcelJS.Workbook();
    book.addWorksheet('people').addRows([
      ['id', 'school', 'role'],
      ['t2', 's2', 'teacher'],
    ]);
    const bytes = Buffer.from(await book.xlsx.writeBuffer());
    expect((await importing('people.xlsx', bytes, '--dry-run')).body).toMatchObject({ rows: 1, created: 1 });
    const real = await importing('people.xlsx', bytes);
    expect([real.code, real.body]).toEqual([0, { rows: 1, created: 1, changed: 0, unchanged: 0, ...done }]);
    const not = await importing('no-book.xlsx', Buffer.from('PK\u0003\u0004 and no workbook'));
    expect([not.code, not.body.problems.length, not.body.imported]).toEqual([1, 1, false]);
  },
  patience,
);

test(
  'what cannot be meant is refused in a sentence, with the exit code for it',
  async () => {
    const file = ['--file', join(folder, 'people.csv')];
    const nowhere = await json('roster', 'import', '--study', 'nowhere', ...file);
    expect([nowhere.code, nowhere.body.problem.code]).toEqual([1, 'not-found']);
    const missing = await json('roster', 'import', '--study', 'trial', '--file', join(folder, 'none.csv'));
    expect([missing.code, missing.body.problem.code]).toEqual([1, 'file-not-found']);
    const usage = await json('roster', 'import', '--study', 'trial');
    expect([usage.code, usage.body]).toEqual([2, null]);
    expect(usage.err).toContain("required option '--file <file>'");
    const by = await json('rates', '--study', 'trial', '--administration', 'survey', '--by', 'moon');
    expect([by.code, by.body]).toEqual([2, null]);
    const empty = await fidelis(join(folder, 'nothing-here'), ['studies', 'list', '--json']);
    expect([empty.code, JSON.parse(empty.out).problem.code]).toEqual([1, 'data-folder-missing']);
  },
  patience,
);

test(
  'studies are listed, and rates are told by cluster, school, role and arm',
  async () => {
    const listed = await json('studies', 'list');
    expect([listed.code, listed.body.studies]).toEqual([
      0,
      [expect.objectContaining({ id: 'trial', arms: ['all'], waves: ['only'], schools: 2 })],
    ]);
    for (const by of ['cluster', 'school', 'role', 'arm']) {
      const { code, body } = await json('rates', '--study', 'trial', '--administration', 'survey', '--by', by);
      expect([code, body.study, body.administration, body.by, body.total.invited]).toEqual([
        0,
        'trial',
        'survey',
        by,
        2,
      ]);
      const sum = body.rows.reduce((n: number, { invited }: { invited: number }) => n + invited, 0);
      // Neither school is in a cluster.
      expect(sum).toBe(by === 'cluster' ? 0 : 2);
    }
  },
  patience,
);

test(
  'what is held on a person is told, withdrawn and erased; keys are told and turned; each is in the audit',
  async () => {
    const start = await lastEntry();
    const ofPerson = ['--study', 'trial', '--person', 't1'];
    const record = await json('person', 'export', ...ofPerson);
    expect([record.code, record.body.identity]).toMatchObject([0, { email: 'ada@example.org' }]);
    const turned = await json('identities', 'rotate-keys');
    expect([turned.code, turned.body]).toEqual([0, { key: 'installation', people: 0, unreadable: {} }]);
    const rotation = await database.connection
      .collection<AuditEntry>('audit')
      .findOne({ verb: 'identity.rotate-keys' });
    expect(rotation?.thing).toEqual({ key: 'installation' });
    const keys = await json('identities', 'rotate-keys', '--check');
    expect([keys.code, keys.body.keys]).toEqual([0, [{ key: 'installation', fields: 2, state: 'first' }]]);
    const withdrawn = await json('person', 'withdraw', ...ofPerson);
    expect([withdrawn.code, withdrawn.body]).toMatchObject([0, { person: 't1', responses: 0 }]);
    const erased = await json('person', 'erase', ...ofPerson);
    expect([erased.code, erased.body]).toMatchObject([0, { identities: 1 }]);
    expect((await json('person', 'export', ...ofPerson)).body.identity).toBeNull();
    const unknown = await json('person', 'erase', '--study', 'trial', '--person', 'nobody');
    expect([unknown.code, unknown.body.problem.code]).toEqual([1, 'not-found']);
    expect(await auditSince(start)).toEqual([
      'person.export done',
      'identity.rotate-keys done',
      'person.withdraw done',
      'person.erase done',
      'person.export done',
      'person.erase done',
      'person.erase not-found',
    ]);
    const chain = await json('audit', 'verify');
    expect([chain.code, chain.body]).toMatchObject([0, { ok: true, faults: [] }]);
  },
  patience,
);
