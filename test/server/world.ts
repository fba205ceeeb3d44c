/**
 * A small study in a database of its own, with the real application in front: schools, people, administrations and their
 * links. Used by the HTTP, browser and flow tests, which ask for what they need of it.
 */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Express } from 'express';
import request from 'supertest';
import type { Instrument } from '../../instruments/instrument.ts';
import { parseInstrument } from '../../instruments/parse.ts';
import type { Administration, Cluster, Role, School, Study } from '../../instruments/study.ts';
import { insertAdministration } from '../../server/administrations/store.ts';
import { createApp } from '../../server/app.ts';
import type { Context } from '../../server/context.ts';
import type { Database } from '../../server/database/connect.ts';
import { ensureIndexes } from '../../server/database/models.ts';
import { publishInstrument } from '../../server/instruments/store.ts';
import { type Invitation, insertInvitations } from '../../server/invitations/store.ts';
import { hashToken, tokenFor } from '../../server/invitations/tokens.ts';
import type { AccountRole } from '../../server/permissions.ts';
import { insertClusters, insertPeople, insertSchools, type Person } from '../../server/rosters/store.ts';
import { insertStudy } from '../../server/studies/store.ts';
import { testDatabase } from '../database.ts';
import { contextOn, signedInAs, type Visitor } from './people.ts';

export interface TestLink {
  readonly invitation: Invitation;
  readonly token: string;
  /** Path of the respondent's page. */
  readonly path: string;
}

export interface World {
  readonly database: Database;
  readonly context: Context;
  readonly app: Express;
  readonly study: Study;
  readonly clusters: readonly Cluster[];
  readonly schools: readonly School[];
  readonly people: readonly Person[];
  readonly administrations: readonly Administration[];
  /** What the application has logged, line by line. */
  readonly logLines: readonly string[];
  /** The links of an administration in order of school and person. */
  links(administration: string): readonly TestLink[];
  /** The next link of an administration that no other test has been given. */
  takeLink(administration: string): TestLink;
  /** Answers through the next link of an administration that no other test has been given. */
  answer(administration: string, answers: object): Promise<TestLink>;
  /** Sets the application's clock; null: the real time. */
  setClock(now: Date | null): void;
  /** Somebody signed in with a role; the same person when asked again. */
  as(role: AccountRole): Promise<Visitor>;
  asAdministrator(): Promise<Visitor>;
  asEvaluator(): Promise<Visitor>;
  asAnalyst(): Promise<Visitor>;
  asViewer(): Promise<Visitor>;
}

export interface WorldOptions {
  /** Published beside the fixture `staffroom`. */
  readonly instruments?: readonly Instrument[];
  /** Each with an id and whatever differs from an open, confidential administration of `staffroom` to all teachers. */
  readonly administrations?: readonly (Partial<Administration> & { id: string })[];
  /** People in each school and their roles; by default eight teachers and a headteacher. */
  readonly people?: Partial<Record<Role, number>>;
  readonly study?: Partial<Study>;
  readonly environment?: Record<string, string>;
  /** A database that the test opens and closes itself; by default a new one on the run's engine. */
  readonly database?: Database;
}

/** A fixture instrument by its file name without `.json`. */
export async function fixtureInstrument(name: string): Promise<Instrument> {
  const file = new URL(`../fixtures/instruments/${name}.json`, import.meta.url);
  const parsed = parseInstrument(JSON.parse(await readFile(file, 'utf8')));
  if (!parsed.ok) throw new Error(`the fixture ${name} is refused: ${JSON.stringify(parsed.issues)}`);
  return parsed.value;
}

/** Makes the study; call it in `beforeAll`. */
export async function makeWorld(options: WorldOptions = {}): Promise<World> {
  const database = options.database ?? (await testDatabase());
  const { context: bare, lines } = contextOn(database, options.environment);
  let now: Date | null = null;
  const context: Context = { ...bare, clock: () => now ?? new Date() };
  const app = createApp(context);
  await ensureIndexes(database.connection);
  const { db } = context;

  for (const instrument of [await fixtureInstrument('staffroom.v1'), ...(options.instruments ?? [])]) {
    await publishInstrument(db, instrument, { by: 'A test', why: 'For a test.', at: context.clock() });
  }
  const study: Study = { ...plainStudy, ...options.study };
  await insertStudy(db, study, context.clock());
  await insertClusters(db, study.id, clusters);
  await insertSchools(db, study.id, schools);
  const people = schools.flatMap((school) => peopleOf(school, options.people ?? { teacher: 8, headteacher: 1 }));
  await insertPeople(db, study.id, people);

  const links = new Map<string, TestLink[]>();
  const administrations: Administration[] = [];
  for (const given of options.administrations ?? [{ id: 'baseline-staffroom' }]) {
    const administration = { ...plainAdministration, ...given, study: study.id };
    await insertAdministration(db, administration);
    const made = people
      .filter(
        ({ arm, role }) => administration.audience.arms.includes(arm) && administration.audience.roles.includes(role),
      )
      .map((person) => linkOf(context, administration, person));
    await insertInvitations(
      db,
      made.map(({ invitation }) => invitation),
    );
    administrations.push(administration);
    links.set(administration.id, made);
  }

  const visitors = new Map<AccountRole, Promise<Visitor>>();
  const taken = new Map<string, number>();
  const linksOf = (administration: string): TestLink[] => {
    const found = links.get(administration);
    if (!found) throw new Error(`this world has no administration ${administration}`);
    return found;
  };
  const as = (role: AccountRole): Promise<Visitor> => {
    const known = visitors.get(role) ?? signedInAs(app, context, role);
    visitors.set(role, known);
    return known;
  };
  const takeLink = (administration: string): TestLink => {
    const index = taken.get(administration) ?? 0;
    taken.set(administration, index + 1);
    const link = linksOf(administration)[index];
    if (!link) throw new Error(`all links of ${administration} are taken; ask for more people`);
    return link;
  };
  return {
    database,
    context,
    app,
    study,
    clusters,
    schools,
    people,
    administrations,
    logLines: lines,
    links: linksOf,
    takeLink,
    async answer(administration, answers) {
      const link = takeLink(administration);
      const body = { key: randomUUID(), answers, consent: { information: 1, agreed: true } };
      const { status, text } = await request(app).post(`/api${link.path}/responses`).send(body);
      if (status !== 201) throw new Error(`the answers were not taken: ${status} ${text}`);
      return link;
    },
    setClock(to) {
      now = to;
    },
    as,
    asAdministrator: () => as('administrator'),
    asEvaluator: () => as('evaluator'),
    asAnalyst: () => as('analyst'),
    asViewer: () => as('viewer'),
  };
}

const plainStudy: Study = {
  id: 'trial',
  title: 'A small trial',
  description: 'Two schools in partnership and one for comparison.',
  simulated: false,
  timeZone: 'Europe/London',
  minimumCell: 5,
  arms: [
    { id: 'partnership', title: 'Partnership', kind: 'intervention' },
    { id: 'comparison', title: 'Comparison', kind: 'comparison' },
  ],
  waves: [{ id: 'baseline', title: 'Baseline', opens: '2020-01-01', closes: '2099-12-31' }],
};

const clusters: readonly Cluster[] = [{ id: 'elm', name: 'Elm cluster', arm: 'partnership' }];

const plainSchool = { phase: 'primary', pupils: 210, disadvantaged: 0.2 };
const schools: readonly School[] = [
  { id: 'elm-1', name: 'Elm Primary 1', arm: 'partnership', cluster: 'elm', ...plainSchool },
  { id: 'elm-2', name: 'Elm Primary 2', arm: 'partnership', cluster: 'elm', ...plainSchool },
  { id: 'oak-1', name: 'Oak Primary 1', arm: 'comparison', cluster: null, ...plainSchool },
];

const plainAdministration: Omit<Administration, 'id' | 'study'> = {
  title: 'Working together',
  instrument: 'staffroom',
  version: 1,
  wave: 'baseline',
  audience: { arms: ['partnership', 'comparison'], roles: ['teacher'] },
  mode: 'confidential',
  opens: '2020-01-01',
  closes: '2099-12-31',
  state: 'open',
  information: {
    version: 1,
    asker: 'The evaluation team of the small trial',
    paragraphs: ['We would like to know how staff work together.', 'You can stop at any time.'],
    consent: 'I have read this information and agree to take part.',
    contact: 'evaluation@example.org',
  },
};

function peopleOf(school: School, counts: Partial<Record<Role, number>>): Person[] {
  return Object.entries(counts).flatMap(([role, count]) =>
    Array.from({ length: count }, (_, index) => ({
      id: `${school.id}-${role}-${index + 1}`,
      school: school.id,
      cluster: school.cluster,
      arm: school.arm,
      role: role as Role,
    })),
  );
}

function linkOf(context: Context, { study, id }: Administration, person: Person): TestLink {
  const _id = `${id}-${person.id}`;
  const token = tokenFor(context, _id, 1);
  const { school, cluster, arm, role } = person;
  return {
    token,
    path: `/s/${token}`,
    invitation: {
      _id,
      study,
      administration: id,
      person: person.id,
      school,
      cluster,
      arm,
      role,
      serial: 1,
      tokenHash: hashToken(token),
      state: 'open',
      openedAt: null,
      claim: null,
    },
  };
}
