/** Invitations of colleagues, people with access to a study, and new passwords by e-mail. */
import type { Express } from 'express';
import { beforeAll, describe, expect, test } from 'vitest';
import { addressOfLink, findLink } from '../../server/accounts/links.ts';
import { findAccountByEmail } from '../../server/accounts/store.ts';
import { saveStudyAccess } from '../../server/accounts/study-roles.ts';
import type { Context } from '../../server/context.ts';
import { writers } from '../../server/mail/kinds.ts';
import type { StoredMessage } from '../../server/outbox/store.ts';
import { accountOf, goodPassword, signedInAs, Visitor } from './people.ts';
import { makeWorld, type World } from './world.ts';

let world: World;
let app: Express;
let context: Context;
let administrator: Visitor;
beforeAll(async () => {
  world = await makeWorld();
  ({ app, context } = world);
  administrator = await world.asAdministrator();
});

const next = 'seven quiet herons wade';
const hour = 3_600_000;
const tokenIn = (url: string) => url.split('/').at(-1) ?? '';

async function tokenFor(purpose: 'invitation' | 'password-reset', email: string): Promise<string> {
  const account = await findAccountByEmail(context.db, email);
  const link = await findLink(context, purpose, account?.id ?? '');
  if (!link) throw new Error(`there is no link for ${email}`);
  return tokenIn(addressOfLink(context, link));
}

const messagesTo = async (email: string) => {
  const account = await findAccountByEmail(context.db, email);
  const outbox = context.db.collection<StoredMessage>('outbox');
  return outbox.find({ 'to.account': account?.id }).sort({ createdAt: 1 }).toArray();
};

describe('an invitation', () => {
  const invite = (email: string) =>
    administrator.send('POST', '/api/accounts/invitations', { name: 'A Colleague', email, role: 'analyst' });

  test('makes an account that is its owner’s once they have chosen a password, and works once', async () => {
    const { status, body } = await invite('Colleague@example.org');
    expect([status, body.state, body.email]).toEqual([201, 'invited', 'colleague@example.org']);
    const token = tokenIn(body.invitation.url);
    expect(Buffer.from(token, 'base64url')).toHaveLength(16);
    expect((await new Visitor(app).signIn('colleague@example.org')).status).toBe(401);
    const guest = new Visitor(app);
    await guest.look();
    const seen = await guest.send('GET', `/api/account-invitations/${token}`);
    expect(seen.body).toEqual({ name: 'A Colleague', email: 'colleague@example.org' });
    const accept = (password: string) =>
      guest.send('POST', `/api/account-invitations/${token}`, { name: 'Col League', password });
    expect((await accept('password1234')).body.issues).toMatchObject([{ code: 'password-too-common' }]);
    const accepted = await accept(next);
    expect(accepted).toMatchObject({ status: 201, body: { account: { name: 'Col League', role: 'analyst' } } });
    expect((await accept(next)).body.code).toBe('account-link-invalid');
    expect((await new Visitor(app).signIn('colleague@example.org', next)).status).toBe(200);
    const dump = JSON.stringify(await context.db.collection('account-links').find().toArray());
    expect(dump).not.toContain(token);
  });

  test('is sent as a message that derives the link, and again with another link', async () => {
    const first = await invite('again@example.org');
    const [message] = await messagesTo('again@example.org');
    if (!message) throw new Error('no message waits');
    const letter = await writers['account-invitation']?.(context, message);
    expect(letter).toMatchObject({ to: { address: 'again@example.org' } });
    expect(JSON.stringify(letter)).toContain(first.body.invitation.url);
    expect(JSON.stringify(message)).not.toContain(tokenIn(first.body.invitation.url));
    const second = await administrator.send('POST', `/api/accounts/${first.body.id}/invitation`);
    expect(second.body.url).not.toBe(first.body.invitation.url);
    expect(await writers['account-invitation']?.(context, message)).toEqual({ skip: 'gone' });
    const guest = new Visitor(app);
    const former = await guest.send('GET', `/api/account-invitations/${tokenIn(first.body.invitation.url)}`);
    expect(former.status).toBe(410);
    expect((await guest.send('GET', `/api/account-invitations/${tokenIn(second.body.url)}`)).status).toBe(200);
  });

  test('that is taken back or two weeks old is worth nothing', async () => {
    const taken = await invite('taken.back@example.org');
    await administrator.send('DELETE', `/api/accounts/${taken.body.id}`);
    const old = await invite('too.old@example.org');
    const guest = new Visitor(app);
    const look = ({ body }: typeof old) =>
      guest.send('GET', `/api/account-invitations/${tokenIn(body.invitation.url)}`);
    expect((await look(taken)).status).toBe(410);
    world.setClock(new Date(Date.now() + 15 * 24 * hour));
    expect((await look(old)).status).toBe(410);
    world.setClock(null);
  });

  test('accepted twice at the same moment is accepted once', async () => {
    const { body } = await invite('both.hands@example.org');
    const guests = [new Visitor(app), new Visitor(app)];
    await Promise.all(guests.map((guest) => guest.look()));
    const answers = await Promise.all(
      guests.map((guest) =>
        guest.send('POST', `/api/account-invitations/${tokenIn(body.invitation.url)}`, { name: 'B', password: next }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 410]);
  });
});

describe('the people with access to a study', () => {
  const path = '/api/studies/trial/members';
  const share = (role: string, places: object = {}) => ({ role, clusters: [], schools: [], ...places });

  test('are added by an owner: an account that is there, or somebody who is invited', async () => {
    const owner = await signedInAs(app, context, 'member', 'owner@example.org');
    const ownerId = (await owner.look()).body.account.id;
    await saveStudyAccess(context.db, { study: 'trial', account: ownerId, role: 'owner', clusters: [], schools: [] });
    const analyst = await accountOf(context, 'member', 'there@example.org');
    const there = await owner.send('POST', path, { name: 'X', email: 'There@example.org', ...share('analyst') });
    expect(there).toMatchObject({ status: 201, body: { account: analyst.id, name: 'The member', invitation: null } });
    const guest = { name: 'New Person', email: 'new@example.org' };
    const invited = await owner.send('POST', path, { ...guest, ...share('coordinator', { clusters: ['elm'] }) });
    expect(invited.body).toMatchObject({ state: 'invited', role: 'coordinator', clusters: ['elm'] });
    expect(invited.body.invitation.url).toContain('/invitation/');
    expect((await owner.send('POST', path, { ...guest, ...share('viewer') })).status).toBe(409);
    const list = await owner.send('GET', path);
    expect(list.body.members.map(({ email }: { email: string }) => email).sort()).toEqual([
      'new@example.org',
      'owner@example.org',
      'there@example.org',
    ]);
    expect((await owner.send('GET', '/api/studies')).body.studies).toHaveLength(1);
    const left = await owner.send('DELETE', `${path}/${analyst.id}`);
    expect(left.status).toBe(204);
    expect((await owner.send('DELETE', `${path}/${analyst.id}`)).status).toBe(404);
  });

  test('begin with whoever made the study, as its owner', async () => {
    const evaluator = await world.asEvaluator();
    const { simulated: _, ...study } = { ...world.study, id: 'of-my-own' };
    expect((await evaluator.send('POST', '/api/studies', study)).status).toBe(201);
    const { body } = await evaluator.send('GET', '/api/studies/of-my-own/members');
    expect(body.members).toMatchObject([{ email: 'evaluator@example.org', role: 'owner' }]);
    expect((await evaluator.send('GET', path)).status).toBe(403);
  });

  test('have roles that fit the study', async () => {
    const wrong: [object, string][] = [
      [share('coordinator'), 'clusters-needed'],
      [share('school-lead', { clusters: ['elm'] }), 'schools-needed'],
      [share('analyst', { schools: ['elm-1'] }), 'not-for-this-role'],
      [share('school-lead', { schools: ['ash-9'] }), 'not-in-study'],
    ];
    for (const [body, code] of wrong) {
      const answer = await administrator.send('POST', path, { name: 'X', email: 'x@example.org', ...body });
      expect(answer).toMatchObject({ status: 400, body: { issues: [{ code }] } });
    }
    expect(await findAccountByEmail(context.db, 'x@example.org')).toBeNull();
  });

  test('always hold an owner, also when two make each other something else', async () => {
    const ids: string[] = [];
    for (const email of ['one@example.org', 'two@example.org'])
      ids.push((await accountOf(context, 'member', email)).id);
    await context.db.collection('study-roles').deleteMany({ study: 'trial' });
    for (const account of ids) {
      await saveStudyAccess(context.db, { study: 'trial', account, role: 'owner', clusters: [], schools: [] });
    }
    const lower = (id: string) => administrator.send('PUT', `${path}/${id}`, share('viewer'));
    const [first = '', second = ''] = ids;
    const answers = await Promise.all([lower(first), lower(second)]);
    expect(answers.some(({ status }) => status === 409)).toBe(true);
    const owners = await context.db.collection('study-roles').find({ study: 'trial', role: 'owner' }).toArray();
    expect(owners.length).toBeGreaterThan(0);
    for (const { account } of owners.slice(1)) await lower(String(account));
    const last = await administrator.send('DELETE', `${path}/${owners[0]?.account}`);
    expect(last).toMatchObject({ status: 409, body: { code: 'state-not-allowed' } });
  });
});

describe('a new password by e-mail', () => {
  const ask = async (email: string) => {
    const visitor = new Visitor(app);
    await visitor.look();
    return visitor.send('POST', '/api/password-resets', { email });
  };
  const use = async (token: string, password: string) => {
    const visitor = new Visitor(app);
    await visitor.look();
    return visitor.send('POST', `/api/password-resets/${token}`, { password });
  };

  test('is had once with the link, which ends every session', async () => {
    await accountOf(context, 'viewer', 'forgetful@example.org');
    const elsewhere = new Visitor(app);
    await elsewhere.signIn('forgetful@example.org');
    expect((await ask('Forgetful@example.org')).status).toBe(204);
    const [message] = await messagesTo('forgetful@example.org');
    const token = await tokenFor('password-reset', 'forgetful@example.org');
    if (!message) throw new Error('no message waits');
    expect(JSON.stringify(await writers['password-reset']?.(context, message))).toContain(token);
    expect((await new Visitor(app).send('GET', `/api/password-resets/${token}`)).body.email).toBe(
      'forgetful@example.org',
    );
    expect((await use(token, 'short')).status).toBe(400);
    expect((await use(token, next)).status).toBe(204);
    expect((await use(token, `${next} again`)).status).toBe(410);
    expect((await elsewhere.send('GET', '/api/studies')).status).toBe(401);
    expect((await new Visitor(app).signIn('forgetful@example.org')).status).toBe(401);
    expect((await new Visitor(app).signIn('forgetful@example.org', next)).status).toBe(200);
  });

  test('is answered alike for an address that nobody has: as many writes, the same answer', async () => {
    await accountOf(context, 'viewer', 'somebody@example.org');
    const writesOf = async (email: string) => {
      const before = await context.db.collection('account-links').countDocuments();
      const answer = await ask(email);
      const { status, text, headers } = answer;
      const { date: _, 'x-request-id': __, 'set-cookie': ___, ...same } = headers;
      return { status, text, same, links: (await context.db.collection('account-links').countDocuments()) - before };
    };
    expect(await writesOf('nobody.at.all@example.org')).toEqual(await writesOf('somebody@example.org'));
    expect(JSON.stringify(await context.db.collection('account-links').find().toArray())).not.toContain(
      'nobody.at.all',
    );
    expect(await messagesTo('nobody.at.all@example.org')).toEqual([]);
  });

  test('is void after an hour, after a newer link, and after the password was changed otherwise', async () => {
    const email = 'slow@example.org';
    await accountOf(context, 'viewer', email);
    await ask(email);
    const first = await tokenFor('password-reset', email);
    await ask(email);
    const second = await tokenFor('password-reset', email);
    expect((await use(first, next)).status).toBe(410);
    world.setClock(new Date(Date.now() + hour + 1000));
    expect((await use(second, next)).status).toBe(410);
    world.setClock(null);
    const visitor = new Visitor(app);
    await visitor.signIn(email);
    await visitor.send('PUT', '/api/session/password', { current: goodPassword, next });
    expect((await use(second, `${next} too`)).status).toBe(410);
  });

  test('is limited in tries', async () => {
    const statuses: number[] = [];
    for (let at = 0; at < 6; at += 1) statuses.push((await ask('flooded@example.org')).status);
    expect(statuses).toEqual([204, 204, 204, 204, 204, 429]);
  });
});
