/**
 * Submissions a second through the whole HTTP path (a server process of its own, keep-alive clients, 25 items, a link
 * for each) next to raw journaled inserts of the same documents into the same engine, in turns. Run by run.mjs;
 * `BENCH_NODE_OPTIONS=--cpu-prof` profiles the server.
 */
import autocannon from 'autocannon';
import { pino } from 'pino';
import { connectDatabase } from '../../server/database/connect.ts';
import { ensureIndexes } from '../../server/database/models.ts';
import { insertInvitations } from '../../server/invitations/store.ts';
import type { StoredResponse } from '../../server/responses/store.ts';
import { startServerProcess } from '../server-process.ts';
import { keep, median, rounded, show } from './figures.ts';
import { benchStudy, type SimulatedPerson, simulatePeople } from './study.ts';

const rounds = Number(process.env.BENCH_ROUNDS ?? 4);
const perRound = 4000;
const alonePerRound = 400;
const log = pino({ level: 'silent' });

const server = await startServerProcess({
  environment: { FIDELIS_DEMO: 'off' },
  nodeOptions: (process.env.BENCH_NODE_OPTIONS ?? '').split(' ').filter(Boolean),
});
const { dataFolder, origin } = server;
const database = await connectDatabase({ dataFolder, join: true, log });
const raw = await connectDatabase({ dataFolder, join: true, databaseName: 'bench_raw', log });
await ensureIndexes(raw.connection);
try {
  const study = await benchStudy(database.connection);
  const administrations = {
    confidential: await study.addAdministration('confidential'),
    anonymous: await study.addAdministration('anonymous', 'anonymous'),
  };

  const measure = async (mode: keyof typeof administrations, name: string, count: number, clients: number) => {
    const people = [...simulatePeople(study, administrations[mode], name, count)];
    await insertInvitations(
      database.connection,
      people.map(({ invitation }) => invitation),
    );
    const http = await submit(people, clients);
    const inserts = await insertRaw(
      people.map(({ document }) => document),
      clients,
    );
    return { http, raw: inserts };
  };

  await measure('confidential', 'warm-up', 1500, 32);
  const figures: { what: string; clients: number; http: number; raw: number; ratio: number; rounds: number[][] }[] = [];
  for (const [mode, clients, count] of [
    ['confidential', 32, perRound],
    ['confidential', 1, alonePerRound],
    ['anonymous', 32, perRound],
  ] as const) {
    const measured = [];
    for (let round = 0; round < rounds; round += 1) {
      measured.push(await measure(mode, `round ${round} ${clients}`, count, clients));
    }
    const http = median(measured.map((one) => one.http));
    const inserts = median(measured.map((one) => one.raw));
    figures.push({
      what: mode,
      clients,
      http: rounded(http),
      raw: rounded(inserts),
      ratio: rounded(http / inserts, 3),
      rounds: measured.map((one) => [rounded(one.http), rounded(one.raw)]),
    });
  }
  show(
    `Submissions a second (median of ${rounds} rounds in turn with raw journaled inserts)`,
    figures.map(({ rounds: _, ...row }) => row),
  );
  await keep(figures);
} finally {
  await raw.close();
  await database.close();
  await server.close();
}

/** Submissions a second. Fails unless each was received for the first time and is in the database. */
async function submit(people: readonly SimulatedPerson[], clients: number): Promise<number> {
  const requests = people.map(({ token, key, answers }) => ({
    method: 'POST' as const,
    path: `/api/s/${token}/responses`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      key,
      answers,
      consent: { information: 1, agreed: true, agreedAt: new Date().toISOString() },
      lastPage: 5,
      paradata: { device: 'phone', pages: [0, 1, 2, 3, 4, 5].map((page) => ({ page, milliseconds: 21_000 })) },
    }),
  }));
  let client = 0;
  const started = performance.now();
  let ended = started;
  let answered = 0;
  const result = await autocannon({
    url: origin,
    connections: clients,
    amount: requests.length,
    setupClient(each) {
      const first = client;
      client += 1;
      each.setRequests(requests.filter((_, index) => index % clients === first));
      each.on('response', () => {
        answered += 1;
        if (answered === requests.length) ended = performance.now();
      });
    },
  });
  const created = result.statusCodeStats?.['201']?.count ?? 0;
  if (Number(created) !== requests.length) throw new Error(`of ${requests.length} only ${created} were received`);
  return (1000 * requests.length) / (ended - started);
}

/** Inserts a second of these documents by so many inserters at once, with the driver alone: one insert each. */
async function insertRaw(documents: readonly StoredResponse[], inserters: number): Promise<number> {
  const responses = raw.connection.getClient().db(raw.connection.name).collection<StoredResponse>('responses');
  let next = 0;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: inserters }, async () => {
      for (let document = documents[next++]; document; document = documents[next++]) {
        await responses.insertOne(document);
      }
    }),
  );
  return (1000 * documents.length) / (performance.now() - started);
}
