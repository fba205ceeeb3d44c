/**
 * What coordinators and school leads may not see is left out by the database: every read of a study is asked as them, and
 * neither the answer nor anything that the database has handed to the server for it tells of other clusters and schools.
 * Also on days on which schools stand elsewhere than they were allocated.
 */
import { mongo } from 'mongoose';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { connectDatabase, type Database } from '../../server/database/connect.ts';
import { accessTable, canDoInStudy, type Permission, scopedRoutes } from '../../server/permissions.ts';
import { insertPeople, insertSchools } from '../../server/rosters/store.ts';
import { foreignTo, makeScopedStudy, type ScopedStudy, scopedStudy } from './scoped-study.ts';

let database: Database;
let study: ScopedStudy;
/** Names of collections and what came back from them, while somebody asks. */
let handed: { from: string; text: string }[] | null = null;
const askedFor = new Map<number, string>();

function noteCommand({ requestId, command }: mongo.CommandStartedEvent): void {
  const name = command.find ?? command.aggregate ?? command.collection;
  if (handed && typeof name === 'string') askedFor.set(requestId, name);
}
function noteReply({ requestId, reply }: mongo.CommandSucceededEvent): void {
  const from = askedFor.get(requestId);
  if (handed && from !== undefined) handed.push({ from, text: mongo.BSON.EJSON.stringify(reply).toLowerCase() });
}

beforeAll(async () => {
  const uri = inject('mongodbUri');
  database = await connectDatabase({
    mongodbUri: `${uri}${uri.includes('?') ? '&' : '/?'}monitorCommands=true`,
    dataFolder: '',
    databaseName: `fidelis_test_scope_${process.pid}_${Date.now()}`,
    log: pino({ level: 'silent' }),
  });
  study = await makeScopedStudy({ database });
  database.connection.getClient().on('commandStarted', noteCommand).on('commandSucceeded', noteReply);
});
afterAll(async () => {
  await database.connection.dropDatabase();
  await database.close();
});

const before = { from: null, to: '2026-08-31' };
const since = { from: '2026-09-01', to: null };
const moving = { arm: 'programme', phase: 'primary', pupils: null, disadvantaged: null };

/** Fernhill comes to Hazelby on 1 September 2026, Gorsley leaves it then; somebody came to Ashford from Cedarham. */
async function addMovingSchools(): Promise<void> {
  const { db } = study.world.context;
  const [here, there] = ['hazelby', 'otherton'];
  await insertSchools(db, scopedStudy, [
    {
      ...{ id: 'fernhill-school', name: 'Fernhill School', cluster: there, ...moving },
      spells: [
        { ...before, cluster: there },
        { ...since, cluster: here },
      ],
    },
    {
      ...{ id: 'gorsley-school', name: 'Gorsley School', cluster: here, ...moving },
      spells: [
        { ...before, cluster: here },
        { ...since, cluster: there },
      ],
    },
  ]);
  const teacher = { role: 'teacher', arm: 'programme' } as const;
  await insertPeople(db, scopedStudy, [
    { id: 'fernhill-teacher-1', school: 'fernhill-school', cluster: there, ...teacher },
    { id: 'gorsley-teacher-1', school: 'gorsley-school', cluster: here, ...teacher },
    {
      ...{ id: 'ashford-mover', school: 'ashford-school', cluster: here, ...teacher },
      spells: [
        { from: null, to: '2026-01-31', school: 'cedarham-school', cluster: there, role: 'teacher' },
        { from: '2026-02-01', to: null, school: 'ashford-school', cluster: here, role: 'teacher' },
      ],
    },
  ]);
}

const standsFor: Readonly<Record<string, string>> = {
  study: scopedStudy,
  administration: 'first',
  kind: 'people',
  member: 'cedarham-teacher-1',
  person: 'cedarham-teacher-1',
  file: 'roster.xlsx',
  import: '00000000-0000-4000-8000-000000000000',
  sheet: 'none',
  version: '1',
  school: 'ashford-school',
  format: 'html',
};
const addressOf = (path: string, kind: string) =>
  path.replaceAll(/:(\w+)/g, (_, name: string) => (name === 'kind' ? kind : (standsFor[name] ?? 'none')));

/** The reads of a study. A PDF is printed from the page of the same name. */
const reads = Object.entries(accessTable).filter(
  ([row]) => row.startsWith('GET ') && row.includes('/:study') && !row.endsWith('.pdf'),
);
const roles = { coordinator: 'coordinator', lead: 'school-lead' } as const;

async function ask(who: keyof typeof roles, address: string) {
  handed = [];
  const answer = await study[who].send('GET', address);
  const seen = handed;
  handed = null;
  return { answer, seen };
}

/** Who may do what is looked up by the server for itself; the study and its administrations are everybody's. */
const notRosters = new Set([
  'accounts',
  'sessions',
  'study-access',
  'studies',
  'administrations',
  'rate-limits',
  'audit',
]);

describe.each(['coordinator', 'lead'] as const)('the %s', (who) => {
  const words = foreignTo[who];

  test.each(reads)('%s, which needs %s', async (row, access) => {
    const path = row.slice('GET '.length);
    const kinds = path.includes(':kind') ? ['clusters', 'schools', 'people'] : [''];
    const mine = scopedRoutes.has(row) && canDoInStudy(roles[who], access as Permission);
    for (const kind of kinds) {
      for (const query of [
        '',
        '?by=school',
        '?by=role',
        '?asAt=2026-01-15',
        '?school=cedarham-school',
        '?search=cedar',
      ]) {
        const { answer, seen } = await ask(who, `${addressOf(path, kind)}${query}`);
        if (!mine) expect([row, answer.status]).toEqual([row, 403]);
        else expect([200, 400, 404]).toContain(answer.status);
        if (query === '' && mine) expect([row, answer.status]).toEqual([row, 200]);
        for (const word of words) {
          expect(answer.text.toLowerCase().replaceAll('cedarham-school', ''), `${word} in the answer`).not.toContain(
            word,
          );
          const leaks = seen.filter(({ from, text }) => !notRosters.has(from) && text.includes(word));
          expect(leaks, `${word} read for ${row}${query}`).toEqual([]);
        }
      }
    }
  });
});

describe('schools that move', () => {
  beforeAll(addMovingSchools);

  const list = async (kind: string, asAt: string) => {
    const { answer, seen } = await ask('coordinator', `/api/studies/${scopedStudy}/rosters/${kind}?asAt=${asAt}`);
    for (const word of ['otherton', 'cedarham']) expect(answer.text).not.toContain(word);
    const ids: string[] = answer.body.members.map(({ id }: { id: string }) => id);
    const read = seen.filter(({ from }) => from === kind).map(({ text }) => text);
    return { ids, read: ['fernhill', 'gorsley'].filter((word) => read.some((text) => text.includes(`"id":"${word}`))) };
  };

  test.each([
    ['allocated', 'gorsley'],
    ['2026-08-31', 'gorsley'],
    ['2026-09-01', 'fernhill'],
  ])('are seen where they stand: %s', async (asAt, theirs) => {
    const schools = await list('schools', asAt);
    expect(schools.ids).toEqual(['ashford-school', 'birchley-school', `${theirs}-school`]);
    expect(schools.read).toEqual([theirs]);
    const people = await list('people', asAt);
    expect(people.ids.filter((id) => /^(fern|gors)/.test(id))).toEqual([`${theirs}-teacher-1`]);
    expect(people.read).toEqual([theirs]);
    expect(people.ids).toContain('ashford-mover');
  });

  test('and so are people: whoever comes in February is not there in January, whoever asks', async () => {
    const people = `/api/studies/${scopedStudy}/rosters/people`;
    const administrator = await study.world.asAdministrator();
    for (const visitor of [study.coordinator, administrator]) {
      const at = async (day: string) => {
        const { body } = await visitor.send('GET', `${people}?school=ashford-school&asAt=${day}`);
        return body.members.map(({ id }: { id: string }) => id);
      };
      const others = ['ashford-teacher-1', 'ashford-teacher-2', 'ashford-teacher-3'];
      expect(await at('2026-01-15')).toEqual(others);
      expect(await at('2026-02-01')).toEqual(['ashford-mover', ...others]);
    }
    const before = await administrator.send('GET', `${people}?search=Cedarham&asAt=2026-01-15`);
    expect(before.body.members.map(({ id }: { id: string }) => id)).toContain('ashford-mover');
  });
});
