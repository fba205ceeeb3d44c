/** `fidelis rates`: the table for people, the same as JSON, and what is refused. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EmbeddedEngine, startEngine } from '../../server/database/embedded.ts';
import { fidelis, studyFile } from './command.ts';

const patience = 180_000;
const rates = ['rates', '--study', 'counted', '--administration'];

let folder: string;
let dataFolder: string;
let engine: EmbeddedEngine;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fidelis-test-cli-rates-'));
  dataFolder = join(folder, 'data');
  engine = await startEngine({ dataFolder, log: pino({ level: 'silent' }), shared: true });
  const file = await studyFile(folder, 'counted', 'collective-efficacy', false);
  const created = await fidelis(dataFolder, ['studies', 'create', '--file', file, '--json']);
  expect(JSON.parse(created.out)).toMatchObject({ study: 'counted', invitations: 2 });
}, patience);

afterAll(async () => {
  await engine.stop();
  await rm(folder, { recursive: true, force: true });
});

test(
  'a table for people has a line for each school, everybody last, and the rates with their intervals',
  async () => {
    const { code, out } = await fidelis(dataFolder, [...rates, 'survey', '--by', 'school', '--as-at', '2026-02-01']);
    expect(code).toBe(0);
    const lines = out.split('\n');
    expect(lines[0]).toBe('Survey, as at 2026-02-01');
    expect(lines[2]).toMatch(/^school +Invited +Eligible +Opened .* RR1 +95% interval$/);
    expect(lines.slice(3, 6).map((line) => line.split(/ {2,}/).slice(0, 3))).toEqual([
      ['First', '1', '1'],
      ['Second', '1', '1'],
      ['All', '2', '2'],
    ]);
    // Nobody of two: Wilson's upper bound is z² / (2 + z²) = 3.8415 / 5.8415.
    expect(out).toContain('Response rate, complete (RR1): 0.0%, 95% interval 0.0% to 65.8%');
    expect(out).toContain('Cooperation rate (COOP1): –');
  },
  patience,
);

test(
  'as JSON it is what the server answers; what cannot be is refused',
  async () => {
    const { code, out } = await fidelis(dataFolder, [...rates, 'survey', '--by', 'role', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      ...{ study: 'counted', administration: 'survey', by: 'role', withheld: false },
      total: { invited: 2, eligible: 2, responded: 0, notReached: 2, rates: { rr1: { value: 0, n: 2 } } },
      rows: [{ id: 'teacher', title: 'Teacher', invited: 2 }],
    });
    const unknown = await fidelis(dataFolder, [...rates, 'nothing', '--json']);
    expect([unknown.code, JSON.parse(unknown.out).problem.code]).toEqual([1, 'not-found']);
    expect((await fidelis(dataFolder, [...rates, 'survey', '--by', 'moon'])).code).toBe(2);
    expect((await fidelis(dataFolder, [...rates, 'survey', '--as-at', 'today'])).code).toBe(2);
    expect((await fidelis(dataFolder, [...rates, 'survey', '--as-at', '2026-99-01'])).code).toBe(2);
  },
  patience,
);
