import { beforeAll, describe, expect, it } from 'vitest';
import { checkAnswers } from '../../instruments/checker.ts';
import type { Administration } from '../../instruments/study.ts';
import { availabilityOf } from '../../server/administrations/availability.ts';
import { listAdministrations } from '../../server/administrations/store.ts';
import { createApp } from '../../server/app.ts';
import type { Context } from '../../server/context.ts';
import { streamRows } from '../../server/datasets/rows.ts';
import { demoSurveyLink, loadDemo } from '../../server/demo/load.ts';
import { beginLoad, demoProgress, noteLoad } from '../../server/demo/progress.ts';
import { compiledInstrument } from '../../server/instruments/store.ts';
import { listInvitations } from '../../server/invitations/lists.ts';
import { findInvitationByHash } from '../../server/invitations/store.ts';
import { hashToken } from '../../server/invitations/tokens.ts';
import { loadRates } from '../../server/rates/tables.ts';
import { respondedInvitations, type StoredResponse, streamResponses } from '../../server/responses/store.ts';
import { insertClusters, listClusters, listPeople, listSchools } from '../../server/rosters/store.ts';
import { deleteStudy } from '../../server/studies/delete.ts';
import { findStudy, getStudy, insertStudy } from '../../server/studies/store.ts';
import { testDatabase } from '../database.ts';
import { contextOn, signedInAs } from './people.ts';

const patience = 180_000;
let context: Context;
let administrations: Administration[];
const steps: { done: number; total: number }[] = [];

beforeAll(async () => {
  ({ context } = contextOn(await testDatabase()));
  expect(await loadDemo(context, { onProgress: (step) => void steps.push(step) })).toEqual({ loaded: true });
  administrations = await listAdministrations(context.db, 'demo');
}, patience);

function administration(id: string): Administration {
  const found = administrations.find((one) => one.id === id);
  if (!found) throw new Error(`no administration ${id}`);
  return found;
}

async function responsesOf(id: string): Promise<StoredResponse[]> {
  const all: StoredResponse[] = [];
  for await (const response of streamResponses(context.db, 'demo', id)) all.push(response);
  return all;
}

describe('the demonstration study', () => {
  it('is marked as simulated, also to those who are asked', async () => {
    const study = await getStudy(context.db, 'demo');
    expect(study.simulated).toBe(true);
    expect(study.description).toMatch(/SIMULATED/);
    for (const { information } of administrations) expect(information.paragraphs[0]).toMatch(/simulated demonstration/);
  });

  it('has 50 clusters of three to seven schools, and as many comparison schools without a cluster', async () => {
    const [clusters, schools, people] = await Promise.all([
      listClusters(context.db, 'demo'),
      listSchools(context.db, 'demo'),
      listPeople(context.db, 'demo'),
    ]);
    expect(clusters.length).toBe(50);
    const sizes = clusters.map(({ id }) => schools.filter(({ cluster }) => cluster === id).length);
    expect([Math.min(...sizes), Math.max(...sizes)]).toEqual([3, 7]);
    const comparison = schools.filter(({ arm }) => arm === 'comparison');
    expect(comparison.length).toBe(schools.length - comparison.length);
    expect(comparison.every(({ cluster }) => cluster === null)).toBe(true);
    expect(new Set(schools.map(({ name }) => name)).size).toBe(schools.length);
    const staff = people.filter(({ role }) => role !== 'coordinator' && role !== 'peer-reviewer');
    expect(staff.length / schools.length).toBeGreaterThan(6);
    expect(staff.length / schools.length).toBeLessThan(8);
    expect(people.filter(({ role }) => role === 'coordinator').length).toBe(50);
    expect(people.filter(({ role, arm }) => role === 'improvement-champion' && arm === 'comparison')).toEqual([]);
  });

  it('asks each audience in its waves, and the last wave is open now', async () => {
    const study = await getStudy(context.db, 'demo');
    expect(administrations.map(({ id }) => id).sort()).toEqual(
      [
        ...['efficacy', 'trust'].flatMap((line) => [`${line}-baseline`, `${line}-mid`, `${line}-end`]),
        ...['accountability', 'conversations'].flatMap((line) => [`${line}-baseline`, `${line}-end`]),
        ...['experience', 'log', 'review'].flatMap((line) => [`${line}-mid`, `${line}-end`]),
      ].sort(),
    );
    for (const one of administrations) {
      expect(availabilityOf(one, study, context.clock())).toBe(one.wave === 'end' ? 'open' : 'closed');
      const everywhere = ['efficacy', 'trust'].includes(one.id.split('-')[0] ?? '');
      expect(one.audience.arms).toEqual(everywhere ? ['intervention', 'comparison'] : ['intervention']);
    }
    expect(administrations.filter(({ mode }) => mode === 'anonymous').map(({ id }) => id)).toEqual(['experience-end']);
  });

  it('has a link for everybody who is asked', async () => {
    const people = await listPeople(context.db, 'demo');
    for (const { id, audience } of administrations) {
      const { invitations } = await listInvitations(context.db, 'demo', id);
      const asked = people.filter(({ arm, role }) => audience.arms.includes(arm) && audience.roles.includes(role));
      expect(invitations.map(({ person }) => person).sort()).toEqual(asked.map((person) => person.id));
      expect(new Set(invitations.map(({ tokenHash }) => tokenHash)).size).toBe(asked.length);
    }
  });

  it(
    'has legal answers only, whole or broken off',
    async () => {
      for (const { id, instrument, version, state, mode } of administrations) {
        const compiled = await compiledInstrument(context.db, instrument, version);
        const responses = await responsesOf(id);
        expect(responses.length, id).toBeGreaterThan(20);
        const partial = responses.filter(({ completion }) => completion === 'partial');
        expect(partial.every(({ lastPage }) => lastPage !== null)).toBe(true);
        if (state === 'open' || mode === 'anonymous') expect(partial).toEqual([]);
        else if (responses.length > 200) expect(partial.length / responses.length).toBeGreaterThan(0.01);
        for (const response of responses) {
          expect(response.source).toBe('simulated');
          expect(checkAnswers(compiled, response.answers, { partial: response.completion === 'partial' })).toEqual([]);
          expect(response.receivedAt.getTime()).toBeLessThan(context.clock().getTime());
        }
      }
    },
    patience,
  );

  it('keeps anonymous responses without person, link and hour', async () => {
    const responses = await responsesOf('experience-end');
    for (const { person, invitation, subject, receivedAt, consent } of responses) {
      expect([person, invitation, subject.id, consent?.agreedAt, receivedAt.toISOString().slice(11)]).toEqual([
        null,
        null,
        null,
        null,
        '00:00:00.000Z',
      ]);
    }
    const { invitations } = await listInvitations(context.db, 'demo', 'experience-end', { state: 'used' });
    expect(invitations.length).toBe(responses.length);
    expect(invitations.every(({ claim, openedAt }) => claim === null && openedAt === null)).toBe(true);
  });

  it('has response rates that differ between schools and waves; the open wave is partly answered', async () => {
    const rates = await Promise.all(
      ['efficacy-baseline', 'efficacy-mid', 'efficacy-end'].map((id) =>
        loadRates(context.db, administration(id), context.clock(), {
          by: 'school',
          asAt: null,
          scope: 'all',
          suppress: false,
        }),
      ),
    );
    const values = rates.map(({ total }) => total.rates.rr1.value ?? 0);
    expect(values[0]).toBeGreaterThan(values[1] ?? 1);
    expect(values[1]).toBeGreaterThan((values[2] ?? 1) + 0.1);
    expect(values[2]).toBeGreaterThan(0.2);
    const bySchool = rates[0]?.rows.map(({ rates: { rr1 } }) => rr1.value ?? 0) ?? [];
    expect(Math.max(...bySchool) - Math.min(...bySchool)).toBeGreaterThan(0.5);
  });

  it('has an effect of the programme that grows from wave to wave', async () => {
    const differences: number[] = [];
    for (const wave of ['baseline', 'mid', 'end']) {
      const sums: Record<string, [number, number]> = {};
      for await (const { response, scores } of streamRows(context, administration(`efficacy-${wave}`))) {
        const value = scores[0]?.value;
        if (typeof value !== 'number') continue;
        const [sum, n] = sums[response.arm] ?? [0, 0];
        sums[response.arm] = [sum + value, n + 1];
      }
      const mean = (arm: string) => (sums[arm]?.[0] ?? 0) / (sums[arm]?.[1] ?? 1);
      differences.push(mean('intervention') - mean('comparison'));
    }
    const [baseline = 0, mid = 0, end = 0] = differences;
    expect(Math.abs(baseline)).toBeLessThan(0.1);
    expect(mid).toBeGreaterThan(baseline);
    expect(end).toBeGreaterThan(mid);
  });

  it('gives the link of a teacher who has not answered the open administration of collective efficacy', async () => {
    const link = await demoSurveyLink(context);
    const token = /\/s\/([\w-]{22})$/.exec(link ?? '')?.[1] ?? '';
    const invitation = await findInvitationByHash(context.db, hashToken(token));
    expect(invitation).toMatchObject({
      administration: 'efficacy-end',
      role: 'teacher',
      state: 'open',
      openedAt: null,
    });
    const id = invitation?._id ?? '';
    expect(await respondedInvitations(context.db, 'demo', 'efficacy-end', [id])).toEqual(new Set());
  });
});

describe('loading it', () => {
  it('tells how far it is, steadily and to the end', () => {
    expect(steps.length).toBeGreaterThan(20);
    steps.forEach(({ done, total }, at) => {
      expect(done).toBeGreaterThanOrEqual(steps[at - 1]?.done ?? 0);
      expect(done).toBeLessThanOrEqual(total);
    });
    expect(steps.at(-1)?.done).toBe(steps.at(-1)?.total);
  });

  it('again changes nothing', async () => {
    expect(await loadDemo(context)).toEqual({ loaded: false });
  });

  it(
    'over HTTP removes what a broken load left, and comes to the same study; deleted, it is absent',
    async () => {
      const before = (await responsesOf('efficacy-mid')).map(({ _id, answersHash }) => `${_id} ${answersHash}`);
      await deleteStudy(context, 'demo');
      expect((await demoProgress(context.db, context.clock())).state).toBe('absent');
      await insertClusters(context.db, 'demo', [{ id: 'left', name: 'Left behind', arm: 'intervention' }]);
      await noteLoad(context.db, { state: 'failed', done: 10, total: 100 }, context.clock());
      const evaluator = await signedInAs(createApp(context), context, 'evaluator');
      const progress = async () => (await evaluator.send('GET', '/api/studies/demo/progress')).body;
      expect(await progress()).toEqual({ state: 'failed', done: 10, total: 100 });
      const started = await evaluator.send('POST', '/api/studies/demo');
      expect([started.status, started.body]).toEqual([202, { started: true }]);
      // A second press while it loads is no second load.
      expect((await evaluator.send('POST', '/api/studies/demo')).status).toBe(202);
      const states = new Set<string>();
      for (;;) {
        const { state } = await progress();
        states.add(state);
        if (state === 'loaded' || (state === 'failed' && states.has('loading'))) break;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      expect(states).toContain('loading');
      expect(states).toContain('loaded');
      expect((await listClusters(context.db, 'demo')).length).toBe(50);
      expect((await responsesOf('efficacy-mid')).map(({ _id, answersHash }) => `${_id} ${answersHash}`)).toEqual(
        before,
      );
    },
    patience,
  );

  it('is taken by one process at a time, and taken over from one that has died', async () => {
    const other = contextOn(await testDatabase()).context;
    const now = other.clock();
    expect(await beginLoad(other.db, now)).toBe(true);
    expect(await beginLoad(other.db, now)).toBe(false);
    await expect(loadDemo(other)).rejects.toThrow(/is being loaded/);
    const later = new Date(now.getTime() + 60_000);
    expect((await demoProgress(other.db, later)).state).toBe('failed');
    expect(await beginLoad(other.db, later)).toBe(true);
  });

  it('never touches a real study of that name', async () => {
    const other = contextOn(await testDatabase()).context;
    const study = { ...(await getStudy(context.db, 'demo')), simulated: false };
    await insertStudy(other.db, study, other.clock());
    await expect(loadDemo(other)).rejects.toThrow(/of your own/);
    const evaluator = await signedInAs(createApp(other), other, 'evaluator');
    expect((await evaluator.send('POST', '/api/studies/demo')).status).toBe(409);
    expect(await demoSurveyLink(other)).toBeNull();
    expect(await findStudy(other.db, 'demo')).toMatchObject({ simulated: false });
  });
});
