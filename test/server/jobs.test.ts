/** Jobs: each runs on one of several servers at a time, and on another one when its server dies. */
import { setTimeout as wait } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import type { Context } from '../../server/context.ts';
import { type Job, startClockwork } from '../../server/jobs/agenda.ts';
import { jobs } from '../../server/jobs/jobs.ts';
import { testDatabase } from '../database.ts';
import { contextOn } from './people.ts';

let context: Context;
beforeAll(async () => {
  context = contextOn(await testDatabase()).context;
});

test('of two servers one runs a job at a time, and it comes round again', async () => {
  let running = 0;
  let most = 0;
  let runs = 0;
  const job: Job = {
    name: 'slow',
    everyMs: 500,
    async run() {
      running += 1;
      most = Math.max(most, running);
      await wait(300);
      running -= 1;
      runs += 1;
    },
  };
  const servers = await Promise.all([startClockwork(context, [job]), startClockwork({ ...context }, [job])]);
  await expect.poll(() => runs, { timeout: 20_000 }).toBeGreaterThanOrEqual(3);
  await Promise.all(servers.map((server) => server.stop()));
  expect(most).toBe(1);
  expect(running).toBe(0);
  const then = runs;
  await wait(1500);
  expect(runs).toBe(then);
});

test('a job that fails comes round again and stops no other', async () => {
  const ran = { failing: 0, other: 0 };
  const server = await startClockwork(context, [
    {
      name: 'failing',
      everyMs: 300,
      async run() {
        ran.failing += 1;
        throw new Error('for a test');
      },
    },
    {
      name: 'other',
      everyMs: 300,
      async run() {
        ran.other += 1;
      },
    },
  ]);
  await expect.poll(() => Math.min(ran.failing, ran.other), { timeout: 20_000 }).toBeGreaterThanOrEqual(2);
  await server.stop();
});

test('a stop waits for what runs, and tells it to end', async () => {
  let begun = false;
  let told = false;
  let ended = false;
  const server = await startClockwork(context, [
    {
      name: 'long',
      everyMs: 60_000,
      async run(_context, { signal }) {
        begun = true;
        while (!signal.aborted) await wait(20);
        told = true;
        await wait(200);
        ended = true;
      },
    },
  ]);
  await expect.poll(() => begun, { timeout: 20_000 }).toBe(true);
  await server.stop();
  expect([told, ended]).toEqual([true, true]);
});

test('every job of the server has a name and a rhythm of its own', () => {
  expect(new Set(jobs.map(({ name }) => name)).size).toBe(jobs.length);
  expect(jobs.map(({ name }) => name)).toEqual(expect.arrayContaining(['deliver', 'mailings', 'sweep']));
});
