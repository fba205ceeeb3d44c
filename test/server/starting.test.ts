/** The start of the server: the address is taken before anything is loaded, and tells so meanwhile. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, test } from 'vitest';
import { answerStarting } from '../../server/starting.ts';
import { collect, start } from './command.ts';

let folder: string;
let other: Server;
let port: number;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fidelis-test-starting-'));
  other = createServer(answerStarting).listen(0, '127.0.0.1');
  await once(other, 'listening');
  ({ port } = other.address() as AddressInfo);
});
afterEach(async () => {
  other.close();
  await rm(folder, { recursive: true, force: true });
});

it('a server that is not ready is alive, and asks for patience', async () => {
  const alive = await fetch(`http://127.0.0.1:${port}/healthz`);
  expect([alive.status, await alive.json()]).toEqual([200, { status: 'alive' }]);
  const ready = await fetch(`http://127.0.0.1:${port}/readyz`);
  expect([ready.status, ready.headers.get('retry-after')]).toEqual([503, '5']);
  expect(await ready.json()).toMatchObject({ code: 'starting', status: 503 });
  const sent = await fetch(`http://127.0.0.1:${port}/api/x`, { method: 'POST', body: 'x'.repeat(100_000) });
  expect(sent.status).toBe(503);
});

test.each([
  ['a port in use', () => ({ PORT: String(port) }), /^Fidelis did not start: port \d+ on 127\.0\.0\.1 is in use\./m],
  // An address for documents (RFC 5737), which no machine has.
  ['an address of no machine', () => ({ PORT: '0', HOST: '203.0.113.1' }), /HOST=203\.0\.113\.1 is not an address/],
])(
  '%s is told before the demonstration study is loaded',
  async (_what, environment, sentence) => {
    const { code, err } = await collect(start(join(folder, 'data'), ['serve'], environment()));
    expect(code).toBe(1);
    expect(err).toMatch(sentence);
    expect(err).not.toMatch(/demonstration/);
  },
  120_000,
);
