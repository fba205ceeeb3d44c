/**
 * Large rosters through the real command line, in processes of its own on the run's engine: memory that does not grow with
 * the file, and an import that is killed in the middle of writing and finished by whoever comes next.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { Context } from '../../server/context.ts';
import { findIdentities } from '../../server/identities/store.ts';
import { importRoster, startImport, sweepImports } from '../../server/rosters/import-roster.ts';
import { listImports } from '../../server/rosters/imports-store.ts';
import { rosterState } from '../../server/rosters/lock.ts';
import { insertSchools, listPeople } from '../../server/rosters/store.ts';
import { secretOf } from '../../server/secret.ts';
import { insertStudy } from '../../server/studies/store.ts';
import { testDatabase } from '../database.ts';
import { collect, start } from './command.ts';
import { contextOn } from './people.ts';

const secret = 'a secret for the tests of large rosters, long enough';
const schools = 300;
let context: Context;
let folder: string;
let environment: Record<string, string>;

beforeAll(async () => {
  const database = await testDatabase();
  context = { ...contextOn(database).context, secret: secretOf(Buffer.from(secret)) };
  folder = await mkdtemp(join(tmpdir(), 'fidelis-test-roster-'));
  const uri = inject('mongodbUri').replace(/\/?(\?|$)/, `/${database.connection.name}$1`);
  environment = { MONGODB_URI: uri, FIDELIS_SECRET: secret };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function makeStudy(id: string): Promise<void> {
  const arms = [{ id: 'all', title: 'All', kind: 'comparison' as const }];
  const waves = [{ id: 'only', title: 'Only', opens: '2026-01-01', closes: '2030-12-31' }];
  const plain = { title: 'Trial', description: '', simulated: false, timeZone: 'Europe/London', minimumCell: 5 };
  await insertStudy(context.db, { id, ...plain, arms, waves }, context.clock());
  const school = { arm: 'all', cluster: null, phase: 'primary', pupils: null, disadvantaged: null };
  const list = Array.from({ length: schools }, (_, at) => ({ id: `s${at}`, name: `School ${at}`, ...school }));
  await insertSchools(context.db, id, list);
}

async function fileOf(people: number): Promise<string> {
  const path = join(folder, `${people}.csv`);
  const rows = Array.from(
    { length: people },
    (_, at) => `p${at},s${at % schools},teacher,Person Number ${at},person.${at}@school.example,en\n`,
  );
  await writeFile(path, `id,school,role,name,email,language\n${rows.join('')}`);
  return path;
}

const tellPeak = "data:text/javascript,process.on('exit',()=>console.error('peak '+process.resourceUsage().maxRSS))";

test('a roster of 30,000 people needs hardly more memory than one of 3,000, and shows how far it is', async () => {
  const peaks: number[] = [];
  for (const people of [3000, 30_000]) {
    const study = `large-${people}`;
    await makeStudy(study);
    const args = ['roster', 'import', '--study', study, '--file', await fileOf(people), '--json'];
    const child = start(folder, args, {
      ...environment,
      NODE_OPTIONS: `--max-old-space-size=160 --import "${tellPeak}"`,
    });
    const { code, out, err } = await collect(child);
    expect(code, `${out}${err}`).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ rows: people, created: people, problems: [] });
    expect(err).toMatch(/Checked rows: \d+/);
    expect(err).toMatch(/Importing: \d+ %/);
    peaks.push(Number(/peak (\d+)/.exec(err)?.[1]) / 1024);
    expect(await listPeople(context.db, study)).toHaveLength(people);
  }
  const [small = 0, large = 0] = peaks;
  expect(small).toBeGreaterThan(20);
  // With a small heap the collector cannot put its work off: what is left is what is held at once, a batch of rows.
  expect(large - small).toBeLessThan(120);
}, 480_000);

/**
 * SIGKILL at the moment at which it says that the first rows are written. Told from outside by what it prints, the signal
 * can come too late: on a busy machine an import has ended before the test is given time to read the line.
 */
const killedWhenItWrites =
  'data:text/javascript,const{stderr}=process,write=stderr.write;stderr.write=function(text,...rest){' +
  'if(String(text).startsWith(`Importing:`))process.kill(process.pid,`SIGKILL`);return write.call(this,text,...rest)}';

test('an import that is killed in the middle of writing is finished by the next one, and by the sweeper', async () => {
  for (const finisher of ['command', 'sweeper'] as const) {
    const study = `killed-${finisher}`;
    await makeStudy(study);
    const args = ['roster', 'import', '--study', study, '--file', await fileOf(3000), '--json'];
    const child = start(folder, args, { ...environment, NODE_OPTIONS: `--import "${killedWhenItWrites}"` });
    await collect(child);
    expect(child.signalCode).toBe('SIGKILL');
    const half = (await listPeople(context.db, study)).length;
    expect(half).toBeGreaterThan(0);
    expect(half).toBeLessThan(3000);
    expect((await rosterState(context.db, study)).applying).not.toBeNull();

    if (finisher === 'command') {
      const { code, out, err } = await collect(start(folder, args, environment));
      expect(code, `${out}${err}`).toBe(0);
      expect(JSON.parse(out)).toMatchObject({ created: 0, changed: 0, unchanged: 3000 });
    } else await sweepImports(context);

    expect(await listPeople(context.db, study)).toHaveLength(3000);
    const names = await findIdentities(context, study, ['p0', 'p2999']);
    expect([...names.values()].map(({ email }) => email).sort()).toEqual([
      'person.0@school.example',
      'person.2999@school.example',
    ]);
    expect((await rosterState(context.db, study)).applying).toBeNull();
    expect((await listImports(context.db, study)).every(({ state }) => state === 'done')).toBe(true);
    expect(await context.db.collection('roster-import-rows').countDocuments()).toBe(0);
  }
}, 300_000);

test('names that an ended import has left behind, because it was killed at its end, are removed by the sweeper', async () => {
  const rows = context.db.collection('roster-import-rows');
  await makeStudy('left');
  const path = await fileOf(10);
  const { document } = await importRoster(context, { study: 'left', path, file: '', by: 'A test', dryRun: false });
  await rows.insertMany(['gone-with-its-study', document._id].map((id) => ({ import: id, kind: 'people', row: 1 })));
  const { id } = await startImport(context, { study: 'left', file: '', by: 'A test' });
  await rows.insertOne({ import: id, kind: 'people', row: 1 });
  await sweepImports(context);
  expect(await rows.distinct('import')).toEqual([id]);
});
