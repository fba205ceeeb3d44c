/**
 * People in front of the real application: a stranger with a browser's cookies and the token of their page, or somebody
 * signed in with a role. Used by the HTTP tests of accounts, permissions and security.
 */
import type { Express } from 'express';
import request, { type Response } from 'supertest';
import { createAccount } from '../../server/accounts/create.ts';
import type { StoredAccount } from '../../server/accounts/store.ts';
import { loadConfig } from '../../server/config.ts';
import type { Context } from '../../server/context.ts';
import type { Database } from '../../server/database/connect.ts';
import { createLog } from '../../server/log.ts';
import type { AccountRole } from '../../server/permissions.ts';
import { secretOf } from '../../server/secret.ts';

export const goodPassword = 'a brass teapot sings';

/** A context on a test database; what it logs is kept in `lines`. */
export function contextOn(
  database: Database,
  environment: Record<string, string> = {},
): { context: Context; lines: string[] } {
  const lines: string[] = [];
  const config = loadConfig({ LOG_LEVEL: 'debug', ...environment });
  const log = createLog(config, { write: (line: string) => void lines.push(line) });
  const secret = secretOf(Buffer.alloc(32, 7));
  return { context: { db: database.connection, config, log, secret, clock: () => new Date() }, lines };
}

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** Somebody at a browser: cookies are kept, unsafe requests carry the token of the last session answer. */
export class Visitor {
  readonly agent: ReturnType<typeof request.agent>;
  csrfToken = '';

  constructor(app: Express) {
    this.agent = request.agent(app);
  }

  /** Opens the page: asks who is signed in and keeps the token. */
  async look(): Promise<Response> {
    return this.keepToken(await this.agent.get('/api/session'));
  }

  async send(method: Method, path: string, body?: object): Promise<Response> {
    const verb = method.toLowerCase() as 'get' | 'post' | 'put' | 'delete';
    const sent = this.agent[verb](path).set('x-csrf-token', this.csrfToken);
    return this.keepToken(await (body === undefined ? sent : sent.send(body)));
  }

  async signIn(email: string, password = goodPassword): Promise<Response> {
    await this.look();
    return this.send('POST', '/api/session', { email, password });
  }

  /** The value of the session's cookie, still signed; undefined without one. */
  cookie(): string | undefined {
    const jar = this.agent.jar.getCookies({ domain: '127.0.0.1', path: '/', secure: false, script: false });
    return jar.find((cookie) => cookie.name === 'fidelis.sid')?.value;
  }

  private keepToken(response: Response): Response {
    const token: unknown = (response.body as { csrfToken?: unknown } | undefined)?.csrfToken;
    if (typeof token === 'string') this.csrfToken = token;
    return response;
  }
}

/** A new account of the role, as the command line would make it. */
export function accountOf(context: Context, role: AccountRole, email = `${role}@example.org`): Promise<StoredAccount> {
  return createAccount(context, { name: `The ${role}`, email, role, password: goodPassword });
}

/** A visitor who has signed in with an account of the role, made for them when it is not there. */
export async function signedInAs(app: Express, context: Context, role: AccountRole, email?: string): Promise<Visitor> {
  const account = await accountOf(context, role, email);
  const visitor = new Visitor(app);
  const answer = await visitor.signIn(account.email);
  if (answer.status !== 200) throw new Error(`sign-in answered ${answer.status}: ${answer.text}`);
  return visitor;
}
