/**
 * A server that is killed while it sends 2,000 mails, and two servers that send from one database: each mail arrives once.
 * The servers are processes of their own, as people start them; the mail server is a real one.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pino } from 'pino';
import { afterEach, expect, inject, test } from 'vitest';
import type { Context } from '../../server/context.ts';
import { connectDatabase, type Database } from '../../server/database/connect.ts';
import { saveIdentities } from '../../server/identities/store.ts';
import type { Message } from '../../server/outbox/message.ts';
import { countMessages, enqueue, listMessages, moveMessage } from '../../server/outbox/store.ts';
import { testDatabase } from '../database.ts';
import { type MailServerForTests, startMailServer } from '../mail-server.ts';
import { type ServerProcess, startServerProcess } from '../server-process.ts';
import { makeWorld, type World } from './world.ts';

const log = pino({ level: 'silent' });
const administration = 'survey';
/** The same secret as that of the tests' own contexts (people.ts). */
const secret = String.fromCharCode(7).repeat(32);

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const emailOf = (person: string) => `${person}@school.example`;

/** So many people of the world with an address and an invitation that waits. */
async function queueInvitations(world: World, n: number): Promise<string[]> {
  const links = world.links(administration).slice(0, n);
  expect(links).toHaveLength(n);
  const people = links.map(({ invitation }) => invitation.person as string);
  await saveIdentities(
    world.context,
    world.study.id,
    people.map((person) => ({ person, name: `Person ${person}`, email: emailOf(person), language: null })),
  );
  const messages = links.map(
    ({ invitation: { _id, person } }): Message => ({
      key: `invitation:${_id}:1`,
      kind: 'invitation',
      to: { kind: 'person', study: world.study.id, person: person as string },
      study: world.study.id,
      about: { administration, invitation: _id },
      sendAfter: null,
    }),
  );
  expect(await enqueue(world.context, messages)).toBe(n);
  return people.map(emailOf).sort();
}

async function mailServer(): Promise<MailServerForTests> {
  const mail = await startMailServer();
  closers.push(() => mail.close());
  return mail;
}

const environment = (mail: MailServerForTests) => ({
  SMTP_URL: mail.url,
  MAIL_FROM: 'Evaluation team <team@example.org>',
  FIDELIS_SECRET: secret,
  FIDELIS_DEMO: 'off',
});

async function started(options: Parameters<typeof startServerProcess>[0]): Promise<ServerProcess> {
  const server = await startServerProcess(options);
  closers.push(() => server.close());
  return server;
}

/** Waits until nothing is on its way any more. */
async function settled({ db }: Pick<Context, 'db'>, study: string, n: number): Promise<Record<string, number>> {
  for (const deadline = Date.now() + 240_000; Date.now() < deadline; await wait(500)) {
    const counts = await countMessages(db, study, administration);
    const { sent = 0, uncertain = 0 } = counts;
    if (sent + uncertain === n) return { sent, uncertain };
  }
  throw new Error(`not settled: ${JSON.stringify(await countMessages(db, study, administration))}`);
}

const recipients = (mail: MailServerForTests) => mail.taken.map(({ to }) => to).sort();

test('a server killed in the middle of 2,000 mails sends the rest after the restart, and none twice', async () => {
  const mail = await mailServer();
  const dataFolder = await mkdtemp(join(tmpdir(), 'fidelis-test-data-'));
  closers.push(() => rm(dataFolder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
  let database: Database = await connectDatabase({ dataFolder, log });
  const world = await makeWorld({ database, people: { teacher: 667 }, administrations: [{ id: administration }] });
  const everybody = await queueInvitations(world, 2000);
  await database.close();

  const options = { dataFolder, environment: environment(mail) };
  const first = await startServerProcess(options);
  for (const deadline = Date.now() + 120_000; mail.taken.length < 700 && Date.now() < deadline; ) await wait(2);
  await first.kill();
  const before = mail.taken.length;
  expect(before).toBeGreaterThanOrEqual(700);
  expect(before).toBeLessThan(2000);

  await started(options);
  database = await connectDatabase({ dataFolder, log, join: true });
  closers.push(() => database.close());
  const { context } = world;
  const joined = { db: database.connection, clock: context.clock };
  const { uncertain } = await settled(joined, world.study.id, 2000);

  // No more than can be on their way at once, and each of them told as such.
  expect(uncertain).toBeLessThanOrEqual(2);
  const arrived = new Set(recipients(mail));
  expect(arrived.size).toBe(mail.taken.length);
  const page = { skip: 0, limit: 0 };
  const filter = { study: world.study.id, administration, state: 'uncertain' } as const;
  const { messages: unsure } = await listMessages(joined.db, filter, page);
  const addressOf = ({ to }: (typeof unsure)[number]) => emailOf(to.kind === 'person' ? to.person : '');
  const missing = everybody.filter((address) => !arrived.has(address));
  expect(unsure.map(addressOf)).toEqual(expect.arrayContaining(missing));

  // The evaluator looks into the mail server's log and decides: then everybody has exactly one.
  for (const message of unsure) {
    const has = arrived.has(addressOf(message));
    expect(await moveMessage(joined, message._id, 'uncertain', has ? 'sent' : 'waiting')).toBe(true);
  }
  expect(await settled(joined, world.study.id, 2000)).toEqual({ sent: 2000, uncertain: 0 });
  expect(recipients(mail)).toEqual(everybody);
  const ids = mail.taken.map(({ source }) => /^Message-ID: (<.+>)\r$/im.exec(source.toString('latin1'))?.[1]);
  expect(new Set(ids).size).toBe(2000);
}, 420_000);

test('two servers on one database send each message once', async () => {
  const mail = await mailServer();
  const database = await testDatabase();
  const world = await makeWorld({ database, people: { teacher: 100 }, administrations: [{ id: administration }] });
  const uri = inject('mongodbUri').replace(/^(mongodb:\/\/[^/]+)\/?/, `$1/${database.connection.name}`);
  const options = { environment: { ...environment(mail), MONGODB_URI: uri } };
  await Promise.all([started(options), started(options)]);
  const everybody = await queueInvitations(world, 300);
  expect(await settled(world.context, world.study.id, 300)).toEqual({ sent: 300, uncertain: 0 });
  expect(recipients(mail)).toEqual(everybody);
}, 240_000);
