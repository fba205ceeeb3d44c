/**
 * The response-rate tables of 250, 500 and 1,000 schools with 60 invitations each, while a wave runs (two in three have
 * responded, some have opened, begun or declined), next to one raw aggregation over the same documents. Run by run.mjs.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connection } from 'mongoose';
import { pino } from 'pino';
import { randomOf } from '../../instruments/random.ts';
import type { Administration, Role } from '../../instruments/study.ts';
import { connectDatabase } from '../../server/database/connect.ts';
import { ensureIndexes } from '../../server/database/models.ts';
import { type Invitation, insertInvitations } from '../../server/invitations/store.ts';
import { loadRates, type RatesBy } from '../../server/rates/tables.ts';
import { saveDraft } from '../../server/responses/drafts.ts';
import { insertResponsesBulk, type StoredResponse } from '../../server/responses/store.ts';
import { insertSchools } from '../../server/rosters/store.ts';
import { type FigureRow, keep, median, rounded, show } from './figures.ts';
import { type BenchStudy, benchStudy, simulatePeople } from './study.ts';

const sizes = (process.env.BENCH_SCHOOLS ?? '250,500,1000').split(',').map(Number);
const perSchool = 60;
const rounds = Number(process.env.BENCH_ROUNDS ?? 5);
const roles: readonly Role[] = ['teacher', 'teacher', 'teacher', 'middle-leader', 'senior-leader'];

const dataFolder = await mkdtemp(join(tmpdir(), 'fidelis-bench-'));
const database = await connectDatabase({ dataFolder, log: pino({ level: 'silent' }) });
const db = database.connection;
try {
  await ensureIndexes(db);
  const study = await benchStudy(db);
  await insertSchools(
    db,
    study.study,
    Array.from({ length: Math.max(...sizes) }, (_, at) => ({
      ...{ id: `school-${at}`, name: `School ${at}`, arm: 'only', cluster: `cluster-${Math.floor(at / 5)}` },
      ...{ phase: 'primary', pupils: 210, disadvantaged: 0.2 },
    })),
  );
  const figures: FigureRow[] = [];
  for (const schools of sizes) {
    const administration = await study.addAdministration(`schools-${schools}`);
    await fill(study, administration, schools);
    const measured: Record<string, number[]> = {};
    // The first round is for nothing, so that nobody pays for a cold cache.
    for (let round = 0; round <= rounds; round += 1) {
      const times: [string, number][] = [['raw', await timed(() => rawAggregation(db, administration))]];
      for (const by of ['school', 'cluster', 'role', 'day'] as const) times.push([by, await table(administration, by)]);
      if (round > 0) for (const [what, time] of times) measured[what] = [...(measured[what] ?? []), time];
    }
    const raw = median(measured.raw ?? []);
    for (const [what, times] of Object.entries(measured)) {
      figures.push({
        schools,
        invitations: schools * perSchool,
        what: what === 'raw' ? 'raw aggregation' : `rates by ${what}`,
        milliseconds: rounded(median(times)),
        timesRaw: rounded(median(times) / raw, 2),
      });
    }
  }
  show(`Response-rate tables next to a raw aggregation over the same documents (median of ${rounds} in turn)`, figures);
  await keep(figures);
} finally {
  await database.close();
  await rm(dataFolder, { recursive: true, force: true });
}

function table(administration: Administration, by: RatesBy): Promise<number> {
  return timed(() => loadRates(db, administration, new Date(), { by, asAt: null, scope: 'all', suppress: false }));
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

/** What somebody would write who wanted these counts and nothing else: both collections, grouped by school and role. */
async function rawAggregation(connection: Connection, { study, id }: Administration): Promise<void> {
  const group = { school: '$school', cluster: '$cluster', arm: '$arm', role: '$role' };
  const opened = { $sum: { $cond: [{ $ne: ['$openedAt', null] }, 1, 0] } };
  const where = { study, administration: id };
  await connection
    .collection('invitations')
    .aggregate([{ $match: where }, { $group: { _id: group, n: { $sum: 1 }, opened } }])
    .toArray();
  await connection
    .collection('responses')
    .aggregate([{ $match: where }, { $group: { _id: { ...group, completion: '$completion' }, n: { $sum: 1 } } }])
    .toArray();
}

async function fill(study: BenchStudy, administration: Administration, schools: number): Promise<void> {
  const random = randomOf(administration.id);
  let invitations: Invitation[] = [];
  let responses: StoredResponse[] = [];
  let number = 0;
  for (const person of simulatePeople(study, administration, 'rates', schools * perSchool)) {
    const school = Math.floor(number / perSchool);
    const place = { school: `school-${school}`, cluster: `cluster-${Math.floor(school / 5)}` };
    const role = roles[number % roles.length] ?? 'teacher';
    const receivedAt = new Date(Date.UTC(2026, 10, 1 + (number % 28), 9));
    const responded = random.chance(2 / 3);
    const openedAt = responded || random.chance(0.3) ? receivedAt : null;
    const declined = !responded && openedAt !== null && random.chance(0.1);
    invitations.push({
      ...{ ...person.invitation, ...place, role, openedAt },
      ...(declined ? { standing: 'declined', standingSince: '2026-11-10' } : {}),
    });
    if (responded) responses.push({ ...person.document, ...place, role, receivedAt });
    else if (openedAt && !declined && random.chance(0.2)) {
      const draft = { answers: person.answers, page: 0, lastPage: 0, savedAt: receivedAt };
      const at = { administration, invitation: person.invitation, token: person.token };
      await saveDraft(db, at, { ...draft, consent: { information: 1, agreedAt: receivedAt } });
    }
    number += 1;
    if (invitations.length < 1000) continue;
    await Promise.all([insertInvitations(db, invitations), insertResponsesBulk(db, responses)]);
    invitations = [];
    responses = [];
  }
  await Promise.all([insertInvitations(db, invitations), insertResponsesBulk(db, responses)]);
}
