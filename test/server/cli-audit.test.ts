/** `fidelis audit` and what commands leave in the audit, in processes of their own. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AuditEntry } from '../../server/audit/store.ts';
import { connectDatabase, type Database } from '../../server/database/connect.ts';
import { fidelis } from './command.ts';

const patience = 120_000;
const log = pino({ level: 'silent' });
let folder: string;
let dataFolder: string;
let database: Database;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fidelis-test-audit-'));
  dataFolder = join(folder, 'data');
  // As a running server does: commands find its engine through the data folder and join it.
  database = await connectDatabase({ dataFolder, log });
}, patience);
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

const audit = (...args: string[]) => fidelis(dataFolder, ['audit', ...args]);

test(
  'a command is recorded with its user, and the chain is verified, exported and found broken',
  async () => {
    expect((await audit('verify')).out).toBe('The audit is whole: 0 entries.\n');
    const person = ['user', 'add', '--email', 'one@example.org', '--name', 'One', '--role', 'analyst'];
    await fidelis(dataFolder, person);
    expect((await fidelis(dataFolder, person)).code).toBe(1);
    const whole = await audit('verify', '--json');
    const { head, ...check } = JSON.parse(whole.out) as { head: { number: number; hash: string } };
    expect(check).toEqual({ ok: true, entries: 3, faults: [] });
    const noted = `${head.number}:${head.hash}`;
    expect(await audit('verify', '--noted', noted)).toMatchObject({
      code: 0,
      out: `The audit is whole: 3 entries, head ${noted}.\n`,
    });
    expect((await audit('verify', '--noted', 'nonsense')).code).toBe(2);

    const out = join(folder, 'audit.csv');
    expect((await audit('export', '--out', out)).code).toBe(0);
    const lines = (await readFile(out, 'utf8')).trimEnd().split('\r\n');
    expect(lines).toHaveLength(5);
    expect(lines[1]).toContain(`,account.manage,command,${userInfo().username},`);
    expect(lines[3]).toContain(',refused,already-exists,');
    expect(lines[4]).toContain(',audit.read,command,');

    const entries = database.connection.collection<AuditEntry>('audit');
    await entries.deleteOne({ _id: 2 });
    const broken = await audit('verify');
    expect(broken).toMatchObject({ code: 1, out: expect.stringContaining('Entry 2 is missing.') });
    await entries.deleteMany({ _id: { $gte: 3 } });
    expect(JSON.parse((await audit('verify', '--json')).out)).toMatchObject({
      ok: false,
      faults: [{ entry: 2, code: 'end-missing' }],
    });
  },
  patience,
);
