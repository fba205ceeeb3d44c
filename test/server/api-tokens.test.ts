/** API tokens: what they open, what they never do, and when they end. */
import type { Express } from 'express';
import request from 'supertest';
import { beforeAll, describe, expect, test } from 'vitest';
import { removeStudyAccess, saveStudyAccess } from '../../server/accounts/study-roles.ts';
import { signedInAs, Visitor } from './people.ts';
import { makeWorld, type World } from './world.ts';

let world: World;
let app: Express;
let owner: Visitor;
let ownerId: string;
const access = { study: 'trial', role: 'owner', clusters: [], schools: [] } as const;
beforeAll(async () => {
  world = await makeWorld({ administrations: [{ id: 'first' }] });
  ({ app } = world);
  owner = await signedInAs(app, world.context, 'member', 'owner@example.org');
  ownerId = (await owner.look()).body.account.id;
  await saveStudyAccess(world.context.db, { ...access, account: ownerId });
});

const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const make = (visitor: Visitor, wanted: object = {}) =>
  visitor.send('POST', '/api/session/tokens', {
    name: 'A script',
    scopes: ['study.read', 'dataset.export'],
    study: null,
    expiresOn: day(30),
    ...wanted,
  });
const get = (path: string, text: string) => request(app).get(path).set('authorization', `Bearer ${text}`);

describe('a token', () => {
  test('is shown once, stored as a hash, and lets a program in within its scopes', async () => {
    const { status, body } = await make(owner);
    expect(status).toBe(201);
    expect(body.text).toMatch(/^fid_[\w-]{43}$/);
    expect((await get('/api/studies/trial', body.text)).status).toBe(200);
    expect((await get('/api/studies/trial/administrations/first/dataset', body.text)).status).toBe(200);
    expect((await get('/api/studies/trial/members', body.text)).body.code).toBe('not-permitted');
    expect((await get('/api/studies', body.text)).body.studies).toHaveLength(1);
    const list = await owner.send('GET', '/api/session/tokens');
    expect(list.body.tokens[0]).toMatchObject({ name: 'A script', lastUsedOn: day(0), expired: false });
    expect(list.text).not.toContain(body.text);
    const stored = JSON.stringify(await world.context.db.collection('api-tokens').find().toArray());
    expect(stored).not.toContain(body.text.slice(4));
  });

  test('needs no CSRF token, and cookies beside it count for nothing', async () => {
    const { body } = await make(owner, { scopes: ['administration.manage'] });
    const state = '/api/studies/trial/administrations/first/state';
    const sent = await request(app).put(state).set('authorization', `Bearer ${body.text}`).send({ state: 'paused' });
    expect(sent.status).toBe(200);
    const withCookie = await get('/api/studies/trial', body.text).set('cookie', `fidelis.sid=${owner.cookie()}`);
    expect(withCookie.status).toBe(403);
    expect(withCookie.headers['set-cookie']).toBeUndefined();
    const stranger = await get('/api/studies/trial', 'fid_unknown').set('cookie', `fidelis.sid=${owner.cookie()}`);
    expect(stranger).toMatchObject({ status: 401, body: { code: 'token-invalid' } });
  });

  test('makes no token, changes no password and signs nobody in or out', async () => {
    const { body } = await make(owner);
    const calls: ['post' | 'put' | 'delete' | 'get', string][] = [
      ['post', '/api/session/tokens'],
      ['get', '/api/session/tokens'],
      ['put', '/api/session/password'],
      ['post', '/api/session/second-factor/off'],
      ['delete', '/api/session/sessions'],
      ['delete', '/api/session'],
      ['get', '/api/session'],
    ];
    for (const [method, path] of calls) {
      const answer = await request(app)[method](path).set('authorization', `Bearer ${body.text}`);
      expect(answer).toMatchObject({ status: 403, body: { code: 'not-for-tokens' } });
    }
  });

  test('never has more rights than its account has at that moment', async () => {
    const { body } = await make(owner);
    await saveStudyAccess(world.context.db, { ...access, account: ownerId, role: 'viewer' });
    expect((await get('/api/studies/trial/administrations/first/dataset', body.text)).status).toBe(403);
    expect((await get('/api/studies/trial', body.text)).status).toBe(200);
    await removeStudyAccess(world.context.db, { study: 'trial', account: ownerId });
    expect((await get('/api/studies/trial', body.text)).status).toBe(403);
    expect((await get('/api/studies', body.text)).body.studies).toEqual([]);
    await saveStudyAccess(world.context.db, { ...access, account: ownerId });
  });

  test('for one study opens no other', async () => {
    const administrator = await world.asAdministrator();
    const { body } = await make(administrator, { scopes: ['study.read', 'audit.read'], study: 'trial' });
    expect((await get('/api/studies/trial', body.text)).status).toBe(200);
    expect((await get('/api/studies/another', body.text)).status).toBe(403);
    expect((await get('/api/audit', body.text)).status).toBe(403);
    expect((await get('/api/studies', body.text)).body.studies).toHaveLength(1);
  });

  test('ends on its day, when it is revoked, and with its account', async () => {
    const [expiring, revoked] = [await make(owner, { expiresOn: day(1) }), await make(owner)];
    const status = async (made: typeof revoked) => (await get('/api/studies/trial', made.body.text)).status;
    expect(await status(expiring)).toBe(200);
    world.setClock(new Date(`${day(2)}T00:00:00Z`));
    expect(await status(expiring)).toBe(401);
    world.setClock(null);
    expect((await owner.send('DELETE', `/api/session/tokens/${revoked.body.token.id}`)).status).toBe(204);
    expect(await status(revoked)).toBe(401);
    const stranger = await world.asAnalyst();
    const theirs = await make(stranger);
    expect((await owner.send('DELETE', `/api/session/tokens/${theirs.body.token.id}`)).status).toBe(404);
    const { id } = (await stranger.look()).body.account;
    await (await world.asAdministrator()).send('DELETE', `/api/accounts/${id}`);
    expect(await status(theirs)).toBe(401);
  });

  test('is refused with scopes beyond the account, without an end, and for a study of others', async () => {
    const wrong: [object, string][] = [
      [{ scopes: ['account.manage'] }, 'scope-too-wide'],
      [{ expiresOn: day(400) }, 'too-late'],
      [{ expiresOn: day(-2) }, 'in-the-past'],
      [{ study: 'another' }, 'not-in-study'],
    ];
    for (const [wanted, code] of wrong) expect((await make(owner, wanted)).body.issues).toMatchObject([{ code }]);
    const nowhere = await make(await world.asAdministrator(), { study: 'nowhere' });
    expect([nowhere.status, nowhere.body.issues]).toEqual([400, [expect.objectContaining({ code: 'unknown-study' })]]);
    expect((await make(owner, { expiresOn: null })).status).toBe(400);
    expect((await make(owner, { scopes: [] })).status).toBe(400);
  });

  test('stands in the audit with its own name', async () => {
    const { body } = await make(owner);
    await get('/api/studies/trial/administrations/first/dataset', body.text);
    const { body: audit } = await owner.send('GET', '/api/studies/trial/audit?verb=dataset.export');
    expect(audit.entries[0]).toMatchObject({ actor: { kind: 'token', id: ownerId }, thing: { token: body.token.id } });
  });
});

describe('sessions', () => {
  test('are listed in plain words and ended one by one, or all others', async () => {
    const first = await signedInAs(app, world.context, 'viewer', 'several@example.org');
    const firefox = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0';
    const again = async () => {
      const visitor = new Visitor(app);
      visitor.agent.set('user-agent', firefox);
      await visitor.signIn('several@example.org');
      return visitor;
    };
    const others = [await again(), await again(), await again()];
    const { body } = await first.send('GET', '/api/session/sessions');
    expect(body.sessions).toHaveLength(4);
    expect(body.sessions[0]).toMatchObject({ current: true, device: 'A program or an unknown browser' });
    expect(body.sessions[1]).toMatchObject({
      current: false,
      device: 'Firefox on Windows',
      address: expect.stringContaining('127.0.0.1'),
    });
    const ended = await first.send('DELETE', `/api/session/sessions/${body.sessions[1].id}`);
    expect(ended.status).toBe(204);
    const alive = async () => {
      const answers = await Promise.all(others.map((visitor) => visitor.send('GET', '/api/studies')));
      return answers.filter(({ status }) => status === 200).length;
    };
    expect(await alive()).toBe(2);
    const stranger = await signedInAs(app, world.context, 'viewer', 'a.stranger@example.org');
    expect((await stranger.send('DELETE', `/api/session/sessions/${body.sessions[2].id}`)).status).toBe(404);
    expect((await first.send('DELETE', '/api/session/sessions')).body).toEqual({ ended: 2 });
    expect(await alive()).toBe(0);
    expect((await first.send('GET', '/api/studies')).status).toBe(200);
  });
});
