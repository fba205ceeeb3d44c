/** The audit: one chain from several servers, what breaks it shows, and it can be searched by those who may. */
import { beforeAll, describe, expect, test } from 'vitest';
import { saveStudyAccess } from '../../server/accounts/study-roles.ts';
import { type AuditFact, recordAudit } from '../../server/audit/record.ts';
import type { AuditEntry, AuditHead } from '../../server/audit/store.ts';
import { verifyAudit } from '../../server/audit/verify.ts';
import type { Context } from '../../server/context.ts';
import { testDatabase } from '../database.ts';
import { contextOn, signedInAs, Visitor } from './people.ts';
import { makeWorld, type World } from './world.ts';

const fact: AuditFact = {
  verb: 'study.create',
  actor: { kind: 'system', id: null },
  study: null,
  thing: {},
  outcome: 'done',
  detail: null,
  from: null,
  request: null,
};

const entriesOf = (context: Context) => context.db.collection<AuditEntry>('audit');
const headOf = (context: Context) => context.db.collection<AuditHead & { _id: string }>('audit-heads');

/** A chain of `n` entries in a database of its own. */
async function chainOf(n: number): Promise<Context> {
  const { context } = contextOn(await testDatabase());
  for (let at = 0; at < n; at += 1) await recordAudit(context, { ...fact, thing: { at: String(at) } });
  return context;
}

describe('the chain', () => {
  test('of nothing is whole, and so is one that two servers have written at the same time', async () => {
    const { context } = contextOn(await testDatabase());
    expect(await verifyAudit(context.db)).toEqual({ ok: true, entries: 0, head: null, faults: [] });
    // A second connection has a queue of its own, as another process has.
    const second = { ...context, db: context.db.useDb(context.db.name, { useCache: false }) };
    const writes = Array.from({ length: 60 }, (_, at) =>
      recordAudit(at % 2 === 0 ? context : second, { ...fact, thing: { at: String(at) } }),
    );
    await Promise.all(writes);
    const check = await verifyAudit(context.db);
    expect(check).toMatchObject({ ok: true, entries: 60, head: { number: 60 } });
    expect(new Set((await entriesOf(context).find().toArray()).map(({ thing }) => thing.at)).size).toBe(60);
    expect(await headOf(context).findOne()).toMatchObject(check.head ?? {});
  });

  test('shows a change, a removal, and a cut at either end', async () => {
    const faultsAfter = async (harm: (context: Context) => Promise<unknown>) => {
      const context = await chainOf(6);
      await harm(context);
      const { ok, faults } = await verifyAudit(context.db);
      expect(ok).toBe(false);
      return faults.map(({ entry, code }) => `${entry} ${code}`);
    };
    expect(await faultsAfter((c) => entriesOf(c).updateOne({ _id: 3 }, { $set: { outcome: 'refused' } }))).toEqual([
      '3 entry-changed',
    ]);
    expect(await faultsAfter((c) => entriesOf(c).deleteOne({ _id: 3 }))).toEqual(['3 entry-missing']);
    expect(await faultsAfter((c) => entriesOf(c).deleteMany({ _id: { $lte: 2 } }))).toEqual(['1 entry-missing']);
    expect(await faultsAfter((c) => entriesOf(c).deleteMany({ _id: { $gte: 5 } }))).toEqual(['5 end-missing']);
    expect(await faultsAfter((c) => headOf(c).deleteMany({}))).toEqual(['6 head-missing']);
  });

  test('that was written anew from some entry on is not the one whose head was noted', async () => {
    const context = await chainOf(3);
    const { head: noted } = await verifyAudit(context.db);
    await entriesOf(context).deleteMany({});
    await headOf(context).deleteMany({});
    for (let at = 0; at < 4; at += 1) await recordAudit(context, { ...fact, detail: 'rewritten' });
    expect(await verifyAudit(context.db)).toMatchObject({ ok: true });
    expect(await verifyAudit(context.db, noted)).toMatchObject({ faults: [{ entry: 3, code: 'head-differs' }] });
  });

  test('goes on behind what a broken-off write has left', async () => {
    const context = await chainOf(2);
    await headOf(context).updateOne({}, { $set: { number: 1 } });
    await recordAudit(context, fact);
    expect(await verifyAudit(context.db)).toMatchObject({ ok: true, head: { number: 3 } });
  });
});

describe('searching it', () => {
  let world: World;
  let administrator: Visitor;
  let owner: Visitor;
  let ownerId: string;
  beforeAll(async () => {
    world = await makeWorld({ administrations: [{ id: 'first' }] });
    administrator = await world.asAdministrator();
    owner = await signedInAs(world.app, world.context, 'member', 'the.owner@example.org');
    ownerId = (await owner.look()).body.account.id;
    await saveStudyAccess(world.context.db, {
      study: 'trial',
      account: ownerId,
      role: 'owner',
      clusters: [],
      schools: [],
    });
    const evaluator = await world.asEvaluator();
    for (const visitor of [owner, evaluator]) {
      await visitor.send('GET', '/api/studies/trial/administrations/first/invitations');
      await visitor.send('PUT', '/api/studies/trial/administrations/first/state', { state: 'planned' });
    }
    await recordAudit(world.context, { ...fact, study: 'another' });
  });

  const verbs = (body: { entries: { verb: string }[] }) => [...new Set(body.entries.map(({ verb }) => verb))].sort();

  test('an administrator finds entries of all studies and none, by name, verb, outcome and time', async () => {
    const all = await administrator.send('GET', '/api/audit');
    expect(verbs(all.body)).toEqual(
      expect.arrayContaining(['account.sign-in', 'administration.change-state', 'invitation.read', 'study.create']),
    );
    expect(all.body.entries[0].number).toBeGreaterThan(all.body.entries.at(-1).number);
    const byName = await administrator.send('GET', '/api/audit?who=the.owner&study=trial');
    expect(byName.body.total).toBe(3);
    for (const entry of byName.body.entries) expect(entry.actor).toMatchObject({ id: ownerId, name: 'The member' });
    const refused = await administrator.send('GET', '/api/audit?outcome=refused&verb=administration.change-state');
    expect(refused.body.entries).toMatchObject([{ detail: 'state-not-allowed' }, { detail: 'state-not-allowed' }]);
    const system = await administrator.send('GET', '/api/audit?who=system');
    expect(system.body.entries).toMatchObject([{ study: 'another' }]);
    expect((await administrator.send('GET', '/api/audit?before=2020-01-01T00:00:00Z')).body.total).toBe(0);
    expect((await administrator.send('GET', '/api/audit?from=2020-01-01T00:00:00%2B01:00')).body.total).toBeGreaterThan(
      9,
    );
    expect((await administrator.send('GET', '/api/audit?from=yesterday')).status).toBe(400);
  });

  test('an owner finds entries of their own study alone, whatever they ask for', async () => {
    for (const query of ['', '?study=another', '?who=system', '?verb=study.create']) {
      const { status, body } = await owner.send('GET', `/api/studies/trial/audit${query}`);
      expect(status).toBe(200);
      expect(body.entries.every(({ study }: { study: string }) => study === 'trial')).toBe(true);
      expect(body.verbs).not.toContain('account.sign-in');
    }
    expect((await owner.send('GET', '/api/audit')).status).toBe(403);
    expect((await owner.send('GET', '/api/studies/another/audit')).status).toBe(403);
  });

  test('what fits is taken away as CSV, which is in the audit itself', async () => {
    const { text, headers } = await owner.send('GET', '/api/studies/trial/audit.csv?verb=administration.change-state');
    const lines = text.trimEnd().split('\r\n');
    expect(headers['content-disposition']).toContain('trial-audit.csv');
    expect(lines[0]).toMatch(/^number,at,verb,actor_kind,actor_id,actor_name,study,thing,/);
    expect(lines).toHaveLength(5);
    const taken = await administrator.send('GET', '/api/audit?verb=audit.export&who=the.owner');
    expect(taken.body.entries[0].thing.route).toBe('GET /api/studies/:study/audit.csv');
  });

  test('it comes in pages of fifty', async () => {
    await Promise.all(Array.from({ length: 60 }, () => recordAudit(world.context, { ...fact, study: 'trial' })));
    const first = await administrator.send('GET', '/api/audit?verb=study.create');
    expect(first.body).toMatchObject({ page: 1, pages: 2, total: 61 });
    const second = await administrator.send('GET', '/api/audit?verb=study.create&page=2');
    expect([first.body.entries.length, second.body.entries.length]).toEqual([50, 11]);
  });
});

describe('a request that never comes to its handler', () => {
  test('leaves an entry with who sent it, whether its body is no JSON or it lacks the token of the page', async () => {
    const world = await makeWorld({ administrations: [{ id: 'first' }] });
    const administrator = await world.asAdministrator();
    const { id } = (await administrator.look()).body.account;
    const path = '/api/studies/trial/administrations/first/state';
    const put = (to: string) => administrator.agent.put(to).set('content-type', 'application/json');
    const broken = (to: string) => put(to).set('x-csrf-token', administrator.csrfToken).send('{"state": "pau');
    expect((await broken(path)).body.code).toBe('malformed-json');
    expect((await broken('/api/session/name')).body.code).toBe('malformed-json');
    expect((await put(path).send('{"state": "paused"}')).body.code).toBe('cross-site-request');
    expect((await put('/api/session/name').send('{"name": "Ada"}')).body.code).toBe('cross-site-request');
    // Strangers and respondents leave nothing.
    const stranger = new Visitor(world.app);
    await stranger.agent.put(path).set('content-type', 'application/json').send('{');
    const { token } = world.takeLink('first');
    await stranger.agent.post(`/api/s/${token}/responses`).set('content-type', 'application/json').send('{');
    const found = await entriesOf(world.context).find({ outcome: 'refused' }).sort({ _id: 1 }).toArray();
    const route = 'PUT /api/studies/:study/administrations/:administration/state';
    const state = { verb: 'administration.change-state', study: 'trial', thing: { administration: 'first', route } };
    const name = { verb: 'account.rename', study: null, thing: { route: 'PUT /api/session/name' } };
    const actor = { kind: 'account', id };
    expect(found).toMatchObject([
      { ...state, actor, detail: 'malformed-json' },
      { ...name, actor, detail: 'malformed-json' },
      { ...state, actor, detail: 'cross-site-request' },
      { ...name, actor, detail: 'cross-site-request' },
    ]);
    expect(found).toHaveLength(4);
  });
});

test('what respondents do is never recorded', async () => {
  const world = await makeWorld({ administrations: [{ id: 'first' }] });
  const { token, path } = world.takeLink('first');
  const stranger = new Visitor(world.app);
  await stranger.agent.get(path);
  await stranger.agent.get(`/api/s/${token}`);
  expect(await entriesOf(world.context).countDocuments()).toBe(0);
});

test('what people try with their own account and is refused is told as refused, once', async () => {
  const world = await makeWorld();
  const visitor = await world.asViewer();
  const tried = async (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object) => {
    const last = (await entriesOf(world.context).find().sort({ _id: -1 }).limit(1).toArray())[0]?._id ?? 0;
    const { status } = await visitor.send(method, path, body);
    const found = await entriesOf(world.context)
      .find({ _id: { $gt: last } })
      .sort({ _id: 1 })
      .toArray();
    return [status, found.map(({ verb, outcome }) => `${verb} ${outcome}`)];
  };
  expect(await tried('DELETE', '/api/session/tokens/none')).toEqual([
    404,
    ['token.revoke done', 'token.revoke refused'],
  ]);
  expect(await tried('DELETE', `/api/session/sessions/${'0'.repeat(20)}`)).toEqual([
    404,
    ['session.end done', 'session.end refused'],
  ]);
  expect(
    await tried('POST', '/api/session/second-factor/recovery-codes', { password: 'not it', code: '000000' }),
  ).toEqual([
    expect.toSatisfy((status: number) => status >= 400 && status < 500),
    ['second-factor.recovery-codes refused'],
  ]);
});
