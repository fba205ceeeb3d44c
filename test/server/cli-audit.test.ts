/** `fidelis audit` and what commands leave in the audit, in processes of their own. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AuditEntry, AuditHead } from '../../server/audit/store.ts';
import { connectDatabase, type Database } from '../../server/database/connect.ts';
import { fidelis } from './command.ts';

const patience = 120_000;
let folder: string;
let dataFolder: string;
let database: Database;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fidelis-test-audit-'));
  dataFolder = join(folder, 'data');
  // As a running server does: commands find its engine through the data folder and join it.
  database = await connectDatabase({ dataFolder, log: pino({ level: 'silent' }) });
}, patience);
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

const audit = (...args: string[]) => fidelis(dataFolder, ['audit', ...args]);
const entries = () => database.connection.collection<AuditEntry>('audit');

test(
  'a command that changes something is recorded with its user, and so is its refusal',
  async () => {
    const person = ['user', 'add', '--email', 'one@example.org', '--name', 'One', '--role', 'analyst'];
    expect((await fidelis(dataFolder, person)).code).toBe(0);
    expect((await fidelis(dataFolder, person)).code).toBe(1);
    const found = await entries().find().sort({ _id: 1 }).toArray();
    expect(found.map(({ outcome, detail }) => [outcome, detail])).toEqual([
      ['done', null],
      ['done', 'made'],
      ['done', null],
      ['refused', 'already-exists'],
    ]);
    const account = await database.connection.collection('accounts').findOne({ email: 'one@example.org' });
    expect(found.map(({ thing }) => thing)).toEqual([{}, { account: String(account?._id) }, {}, {}]);
    for (const { verb, actor } of found) {
      expect([verb, actor]).toEqual(['account.create', { kind: 'command', id: userInfo().username }]);
    }
  },
  patience,
);

test(
  'the chain is verified against a head that was noted, and exported',
  async () => {
    const head = await database.connection.collection<AuditHead>('audit-heads').findOne();
    const noted = `${head?.number}:${head?.hash}`;
    expect(await audit('verify', '--noted', noted)).toMatchObject({
      code: 0,
      out: `The audit is whole: 4 entries, head ${noted}.\n`,
    });
    const out = join(folder, 'audit.csv');
    expect((await audit('export', '--out', out)).code).toBe(0);
    const lines = (await readFile(out, 'utf8')).trimEnd().split('\r\n');
    expect(lines).toHaveLength(6);
    expect(lines[5]).toContain(`,audit.export,command,${userInfo().username},`);
  },
  patience,
);

test(
  'a removed entry is named, with exit code 1',
  async () => {
    await entries().deleteOne({ _id: 2 });
    const { code, out } = await audit('verify', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ ok: false, entries: 4, faults: [{ entry: 2, code: 'entry-missing' }] });
  },
  patience,
);
