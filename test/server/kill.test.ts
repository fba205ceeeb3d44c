/**
 * Five hundred people press "Send" at once while the database engine is killed under them, twice. They are played by the
 * respondent page's own queue over HTTP against a listening server, and some lose the line just when their answer
 * arrives. The engine is this test's own, on its own data folder.
 */
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { type Kept, openShelf } from '../../client/respondent/device.ts';
import { startQueue } from '../../client/respondent/queue.ts';
import { type Refusal, serverFor } from '../../client/respondent/server.ts';
import { connectDatabase, type Database } from '../../server/database/connect.ts';
import { listInvitations } from '../../server/invitations/lists.ts';
import { type StoredResponse, streamResponses } from '../../server/responses/store.ts';
import { responseId } from '../../server/responses/submit.ts';
import { makeWorld, type TestLink, type World } from './world.ts';

const modes = ['confidential', 'anonymous'] as const;
const peoplePerMode = 250;
const killedAfter = [80, 280];
const log = pino({ level: 'silent' });

let dataFolder: string;
let database: Database;
let world: World;
let server: Server;

beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'fidelis-test-data-'));
  database = await connectDatabase({ dataFolder, log });
  world = await makeWorld({
    database,
    people: { teacher: 84 },
    administrations: modes.map((mode) => ({ id: mode, mode })),
  });
  server = createServer(world.app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(() => vi.unstubAllGlobals());
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await database.close();
  await rm(dataFolder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

interface Person {
  readonly mode: (typeof modes)[number];
  readonly link: TestLink;
  readonly key: string;
  readonly answers: Kept['answers'];
}

test('every acknowledged response survives the engine being killed twice, and none is stored twice', async () => {
  const people = modes.flatMap((mode) => world.links(mode).slice(0, peoplePerMode).map(personOf(mode)));
  expect(people).toHaveLength(500);
  const requests = stubFetch();
  const acknowledged = new Set<Person>();
  const refusals: Refusal[] = [];

  const everybody = Promise.all(
    people.map(
      (person) =>
        new Promise<void>((resolve) => {
          const queue = startQueue(
            keptBy(person),
            openShelf(person.key, null, Date.now()),
            serverFor(person.link.token),
            {
              onStanding() {},
              onReceived() {
                acknowledged.add(person);
                resolve();
              },
              onRefused(refusal) {
                refusals.push(refusal);
                resolve();
              },
            },
          );
          queue.send(person.answers, 2, { device: 'phone', pages: [] });
        }),
    ),
  );
  const killed: number[] = [];
  for (const count of killedAfter) {
    while (acknowledged.size < count) await wait(1);
    killed.push(await killEngine(killed));
    expect(acknowledged.size).toBeLessThan(people.length);
  }
  await everybody;

  expect(refusals).toEqual([]);
  expect(acknowledged.size).toBe(500);
  expect(new Set(killed).size).toBe(2);
  // The cut lines made these people send the same again.
  expect(requests.cut).toBeGreaterThan(0);
  expect(requests.sent).toBeGreaterThanOrEqual(people.length + requests.cut);

  // What the disk holds, not what a running engine remembers.
  await killEngine(killed);
  await database.close();
  database = await connectDatabase({ dataFolder, log });

  for (const mode of modes) {
    const mine = people.filter((person) => person.mode === mode);
    const responses = await storedResponses(mode);
    const expected = new Map(mine.map((person) => [idOf(person), person]));
    // As many as were acknowledged and each under its own key: none missing, none twice.
    expect(responses.map(({ _id }) => _id).sort()).toEqual([...expected.keys()].sort());
    for (const response of responses) {
      const sent = expected.get(response._id)?.answers ?? {};
      // An anonymous answer that tells another role than its place is not stored; all else is, and in full.
      const role = 'role' in response.answers || mode === 'confidential' ? {} : { role: sent.role };
      expect({ ...response.answers, ...role }).toEqual(sent);
    }

    const used = await invitationsOf(mode, mine);
    if (mode === 'confidential') {
      expect(new Set(responses.map(({ invitation }) => invitation)).size).toBe(peoplePerMode);
      for (const response of responses)
        expect(response.invitation).toBe(expected.get(response._id)?.link.invitation._id);
    } else {
      expect(responses.filter(({ invitation, person }) => invitation !== null || person !== null)).toEqual([]);
      // Every link is used and no claim, which leads to a response, was left behind.
      expect(used.filter(({ state, claim }) => state !== 'used' || claim !== null)).toEqual([]);
    }
  }
}, 180_000);

/** Each person's answers are their own, so that a mix-up would show. */
function personOf(mode: Person['mode']) {
  return (link: TestLink, index: number): Person => ({
    mode,
    link,
    key: randomUUID(),
    answers: { role: 1 + (index % 2), years: index % 61, statements: { help: 1 + (index % 3), plan: 2, alone: 1 } },
  });
}

function keptBy({ key, answers }: Person): Kept {
  const consent = { information: 1, agreed: true, agreedAt: new Date().toISOString() } as const;
  return { key, answers, page: 2, consent, changedAt: 0, savedAt: null, unsaved: false, sending: null };
}

function idOf({ mode, key }: Person): string {
  return responseId({ study: world.study.id, id: mode }, key);
}

/** A browser's `fetch` in front of the listening server; of the first 500 requests every tenth loses its answer. */
function stubFetch(): { sent: number; cut: number } {
  const { port } = server.address() as AddressInfo;
  const nodeFetch = globalThis.fetch;
  const requests = { sent: 0, cut: 0 };
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    requests.sent += 1;
    const cut = requests.sent <= 500 && requests.sent % 10 === 0;
    const response = await nodeFetch(new URL(path, `http://127.0.0.1:${port}`), init);
    if (!cut) return response;
    requests.cut += 1;
    await response.arrayBuffer();
    throw new TypeError('the line went down');
  });
  return requests;
}

/** Kills the engine that runs now with SIGKILL, once it is another one than those killed before. Its process id. */
async function killEngine(before: readonly number[]): Promise<number> {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; await wait(20)) {
    const pid = enginePid();
    if (pid === null || before.includes(pid)) continue;
    process.kill(pid, 'SIGKILL');
    return pid;
  }
  throw new Error('the engine was not restarted within 30 seconds');
}

/** The child of this process that has the data folder open. */
function enginePid(): number | null {
  const processes = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  const engine = processes
    .map((line) => line.trim().split(/\s+/))
    .find(([, parent, ...args]) => parent === String(process.pid) && args.includes(dataFolder));
  return engine ? Number(engine[0]) : null;
}

async function storedResponses(administration: string): Promise<StoredResponse[]> {
  const found = [];
  for await (const response of streamResponses(database.connection, world.study.id, administration)) {
    found.push(response);
  }
  return found;
}

async function invitationsOf(administration: string, people: readonly Person[]) {
  const ids = new Set(people.map(({ link }) => link.invitation._id));
  const { invitations } = await listInvitations(database.connection, world.study.id, administration);
  return invitations.filter(({ _id }) => ids.has(_id));
}
