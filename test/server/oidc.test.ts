/** Sign-in through an OpenID Connect provider, against a real one that listens on this machine. */
import type { Express } from 'express';
import { OAuth2Server } from 'oauth2-mock-server';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { inviteAccount } from '../../server/accounts/invite.ts';
import { findAccountByEmail } from '../../server/accounts/store.ts';
import { createApp } from '../../server/app.ts';
import { ConfigError, loadConfig } from '../../server/config.ts';
import type { Context } from '../../server/context.ts';
import { testDatabase } from '../database.ts';
import { accountOf, contextOn, Visitor } from './people.ts';

const provider = new OAuth2Server();
let context: Context;
let app: Express;
/** Whom the provider says that it has before it. */
let person: Record<string, unknown>;

beforeAll(async () => {
  await provider.issuer.keys.generate('RS256');
  await provider.start(0, '127.0.0.1');
  ({ context } = contextOn(await testDatabase(), {
    OIDC_ISSUER: provider.issuer.url ?? '',
    OIDC_CLIENT_ID: 'fidelis',
    OIDC_CLIENT_SECRET: 'a secret of both',
    OIDC_NAME: 'Example University',
  }));
  app = createApp(context);
  provider.service.on('beforeTokenSigning', (token) => Object.assign(token.payload, person));
  await accountOf(context, 'viewer', 'viewer@example.org');
});
afterAll(() => provider.stop());
beforeEach(() => {
  person = { sub: 'person-1', email: 'viewer@example.org', email_verified: true };
});

/** As a browser goes: to the provider, and to where it sends one back. */
async function outward(visitor: Visitor, back = '/studies/demo') {
  const answer = await visitor.agent.get(`/api/session/oidc?back=${encodeURIComponent(back)}`);
  expect(answer.status).toBe(303);
  return new URL(String(answer.headers.location));
}
async function homeward(address: URL): Promise<URL> {
  const answer = await fetch(address, { redirect: 'manual' });
  return new URL(answer.headers.get('location') ?? '');
}
const arrive = (visitor: Visitor, { pathname, search }: URL) => visitor.agent.get(`${pathname}${search}`);

async function whole(visitor: Visitor): Promise<string> {
  const answer = await arrive(visitor, await homeward(await outward(visitor)));
  expect(answer.status).toBe(303);
  return String(answer.headers.location);
}

describe('whoever comes back from the provider', () => {
  test('is signed in to the account of the verified address, and led to where they wanted to go', async () => {
    const visitor = new Visitor(app);
    expect((await visitor.look()).body.identityProvider).toBe('Example University');
    const out = await outward(visitor);
    expect(out.searchParams.get('code_challenge_method')).toBe('S256');
    expect(out.searchParams.get('redirect_uri')).toBe(`${context.config.publicUrl}/api/session/oidc/callback`);
    expect(await whole(visitor)).toBe('/studies/demo');
    expect((await visitor.look()).body.account).toMatchObject({ email: 'viewer@example.org', role: 'viewer' });
  });

  test('is known by the provider’s own name from then on, whatever the address has become', async () => {
    await whole(new Visitor(app));
    person = { sub: 'person-1', email: 'married@example.org', email_verified: true };
    const visitor = new Visitor(app);
    expect(await whole(visitor)).toBe('/studies/demo');
    expect((await visitor.look()).body.account.email).toBe('viewer@example.org');
    person = { sub: 'person-2', email: 'viewer@example.org', email_verified: true };
    expect(await whole(new Visitor(app))).toBe('/sign-in?refused=other-person');
  });

  test('accepts an invitation by it, and gets no account without one', async () => {
    await inviteAccount(context, { name: 'Invited', email: 'invited@example.org', role: 'analyst' });
    person = { sub: 'person-3', email: 'Invited@example.org', email_verified: true };
    const visitor = new Visitor(app);
    expect(await whole(visitor)).toBe('/studies/demo');
    expect((await visitor.look()).body.account).toMatchObject({ name: 'Invited', role: 'analyst' });
    expect(await findAccountByEmail(context.db, 'invited@example.org')).toMatchObject({ state: 'active' });
    person = { sub: 'person-4', email: 'nobody@example.org', email_verified: true };
    expect(await whole(new Visitor(app))).toBe('/sign-in?refused=unknown');
    expect(await findAccountByEmail(context.db, 'nobody@example.org')).toBeNull();
  });

  test.each([false, undefined, 'true'])('with an address that is verified as %s is not let in', async (verified) => {
    await accountOf(context, 'viewer', `unverified-${verified}@example.org`);
    person = { sub: `unverified-${verified}`, email: `unverified-${verified}@example.org`, email_verified: verified };
    expect(await whole(new Visitor(app))).toBe('/sign-in?refused=unverified');
  });

  test('with another state, another nonce, another browser, a second time or too late is not let in', async () => {
    const refusedBy = async (change: (home: URL, visitor: Visitor) => Promise<Visitor> | Visitor) => {
      const visitor = new Visitor(app);
      const home = await homeward(await outward(visitor));
      const comes = await change(home, visitor);
      return String((await arrive(comes, home)).headers.location).split('=')[1];
    };
    expect(
      await refusedBy((home, visitor) => {
        home.searchParams.set('state', 'forged');
        return visitor;
      }),
    ).toBe('failed');
    person = { ...person, nonce: 'forged' };
    expect(await refusedBy((_home, visitor) => visitor)).toBe('failed');
    person = { sub: 'person-1', email: 'viewer@example.org', email_verified: true };
    expect(await refusedBy(() => new Visitor(app))).toBe('expired');
    expect(
      await refusedBy(async (home, visitor) => {
        await arrive(visitor, home);
        return visitor;
      }),
    ).toBe('expired');
    const visitor = new Visitor(app);
    const home = await homeward(await outward(visitor));
    const sessions = context.db.collection('sessions');
    await sessions.updateMany({}, { $set: { 'session.oidc.until': new Date(Date.now() - 1000) } });
    expect((await arrive(visitor, home)).headers.location).toBe('/sign-in?refused=expired');
  });

  test('who said no there, or found it broken, is told so', async () => {
    const visitor = new Visitor(app);
    const out = await outward(visitor);
    const denied = `/api/session/oidc/callback?error=access_denied&state=${out.searchParams.get('state')}`;
    expect((await visitor.agent.get(denied)).headers.location).toBe('/sign-in?refused=denied');
    provider.service.once('beforeResponse', (response) => {
      response.statusCode = 500;
    });
    expect(await whole(new Visitor(app))).toBe('/sign-in?refused=failed');
  });
});

test('another site is no place to go back to', async () => {
  for (const back of ['//evil.example', 'https://evil.example/', '/\\evil.example']) {
    const answer = await new Visitor(app).agent.get(`/api/session/oidc?back=${encodeURIComponent(back)}`);
    expect(answer.status).toBe(400);
  }
});

test('a provider that is away is told as such; without one there is no such address', async () => {
  const away = {
    ...context,
    config: loadConfig({ OIDC_ISSUER: 'http://127.0.0.1:9', OIDC_CLIENT_ID: 'x', OIDC_CLIENT_SECRET: 'y' }),
  };
  const answer = await new Visitor(createApp(away)).agent.get('/api/session/oidc');
  expect(answer.headers.location).toBe('/sign-in?refused=unavailable');
  const none = createApp({ ...context, config: loadConfig({}) });
  expect((await new Visitor(none).agent.get('/api/session/oidc')).status).toBe(404);
});

test('the three settings belong together, and plain http is for this machine alone', () => {
  const wrong = (environment: Record<string, string>) => {
    try {
      loadConfig(environment);
    } catch (error) {
      return error instanceof ConfigError ? error.issues.map(({ name }) => name) : error;
    }
    return [];
  };
  expect(wrong({ OIDC_ISSUER: 'https://id.example.org' })).toEqual(['OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET']);
  expect(wrong({ OIDC_ISSUER: 'http://id.example.org', OIDC_CLIENT_ID: 'x', OIDC_CLIENT_SECRET: 'y' })).toEqual([
    'OIDC_ISSUER',
  ]);
  expect(loadConfig({}).identityProvider).toBeNull();
});
