/**
 * Sign-in through an OpenID Connect provider: authorization code with PKCE, state and nonce. It opens accounts that are
 * there or invited, found by a verified e-mail address the first time and by the provider's own name for the person ever
 * after; it never makes an account. Called by `oidc-routes.ts`. The only importer of openid-client.
 */
import type { Request } from 'express';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import { recordEvent } from '../audit/events.ts';
import type { IdentityProvider } from '../config.ts';
import type { Context } from '../context.ts';
import { Problem } from '../problems.ts';
import { findAccountOf, type OutsidePerson, tieAccount } from './outside-identities.ts';
import { countNewSession, enter } from './sign-in.ts';
import { activateAccount, findAccount, findAccountByEmail, type StoredAccount } from './store.ts';

/** How long somebody may take at the provider. */
const withinMs = 10 * 60 * 1000;
const scope = 'openid email profile';

/** Why somebody was not let in; the sign-in page says it in words. */
export const oidcFaults = [
  'expired',
  'denied',
  'failed',
  'unavailable',
  'unverified',
  'unknown',
  'other-person',
] as const;
export type OidcFault = (typeof oidcFaults)[number];

/** Thrown inside; the route turns it into the way back to the sign-in page. */
export class NotLetIn extends Error {
  readonly fault: OidcFault;

  constructor(fault: OidcFault, cause?: unknown) {
    super(`sign-in through the identity provider: ${fault}`, { cause });
    this.name = 'NotLetIn';
    this.fault = fault;
  }
}

/** The provider's address to send the browser to; what has to come back is remembered in the session. */
export async function beginOidc(context: Context, request: Request, back: string): Promise<string> {
  const provider = requireProvider(context);
  await countNewSession(context, request);
  const configuration = await configurationOf(provider);
  const [state, nonce, verifier] = [randomState(), randomNonce(), randomPKCECodeVerifier()];
  request.session.oidc = { state, nonce, verifier, back, until: new Date(context.clock().getTime() + withinMs) };
  return buildAuthorizationUrl(configuration, {
    redirect_uri: callbackOf(context),
    scope,
    state,
    nonce,
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  }).href;
}

/** Opens the session of whoever comes back from the provider; answers where they wanted to go. Throws `NotLetIn`. */
export async function finishOidc(context: Context, request: Request): Promise<string> {
  const provider = requireProvider(context);
  const { oidc } = request.session;
  // Used once, whatever comes of it.
  delete request.session.oidc;
  if (!oidc || new Date(oidc.until) <= context.clock()) throw new NotLetIn('expired');
  if (request.query.error === 'access_denied') throw new NotLetIn('denied');
  const person = await personOf(context, provider, request, oidc);
  let account: StoredAccount;
  try {
    account = await accountOf(context, person);
  } catch (error) {
    if (error instanceof NotLetIn) {
      await recordEvent(context, request, 'account.sign-in', { by: null, refused: `oidc-${error.fault}` });
    }
    throw error;
  }
  // No code of ours besides: how people prove who they are is the provider's to ask.
  await enter(context, request, account);
  return oidc.back;
}

interface Proved extends OutsidePerson {
  readonly email: string | null;
  readonly verified: boolean;
}

async function personOf(
  context: Context,
  provider: IdentityProvider,
  request: Request,
  { state, nonce, verifier }: { state: string; nonce: string; verifier: string },
): Promise<Proved> {
  const configuration = await configurationOf(provider);
  const { search } = new URL(request.originalUrl, context.config.publicUrl);
  try {
    const tokens = await authorizationCodeGrant(configuration, new URL(`${callbackOf(context)}${search}`), {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: verifier,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    if (!claims) throw new Error('the provider has sent no ID token');
    const { email, email_verified: verified } =
      claims.email === undefined ? await fetchUserInfo(configuration, tokens.access_token, claims.sub) : claims;
    return {
      issuer: claims.iss,
      subject: claims.sub,
      email: typeof email === 'string' ? email : null,
      verified: verified === true,
    };
  } catch (error) {
    context.log.warn({ err: error }, 'sign-in through the identity provider failed');
    throw new NotLetIn('failed', error);
  }
}

async function accountOf(context: Context, person: Proved): Promise<StoredAccount> {
  const { db } = context;
  const known = await findAccountOf(db, person);
  if (known !== null) {
    const account = await findAccount(db, known);
    if (account?.state !== 'active') throw new NotLetIn('unknown');
    return account;
  }
  if (person.email === null || !person.verified) throw new NotLetIn('unverified');
  const account = await findAccountByEmail(db, person.email);
  if (!account || account.state === 'removing') throw new NotLetIn('unknown');
  if (!(await tieAccount(db, person, account.id, context.clock()))) throw new NotLetIn('other-person');
  if (account.state === 'active') return account;
  if (!(await activateAccount(db, account, {}))) throw new NotLetIn('failed');
  return { ...account, state: 'active', generation: account.generation + 1 };
}

const configurations = new Map<string, Promise<Configuration>>();

/** What the provider says of itself, asked once; a provider that was away is asked again. */
async function configurationOf({ issuer, clientId, clientSecret }: IdentityProvider): Promise<Configuration> {
  const key = JSON.stringify([issuer.href, clientId, clientSecret]);
  const known = configurations.get(key);
  // Plain http is let through by the configuration for a provider on this machine alone.
  const options = issuer.protocol === 'http:' ? { execute: [allowInsecureRequests] } : {};
  const asked = known ?? discovery(issuer, clientId, clientSecret, undefined, options);
  configurations.set(key, asked);
  try {
    return await asked;
  } catch (error) {
    configurations.delete(key);
    throw new NotLetIn('unavailable', error);
  }
}

function requireProvider({ config }: Context): IdentityProvider {
  if (!config.identityProvider) throw new Problem('not-found', { detail: 'There is no sign-in of this kind here.' });
  return config.identityProvider;
}

function callbackOf({ config }: Context): string {
  return `${config.publicUrl}/api/session/oidc/callback`;
}
