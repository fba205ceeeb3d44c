/**
 * From declared routes to Express: look up the permission, parse the parts of the request, call the handler, answer
 * JSON; and the one writer of problems. Features declare `route({...})`; `app.ts` mounts them.
 */
import type { ErrorRequestHandler, Express, NextFunction, Request, Response } from 'express';
import { z } from 'zod';
import type { Issue } from '../instruments/instrument.ts';
import type { Account } from './accounts/account.ts';
import { recordMalformed, recordRequest } from './audit/request.ts';
import { attemptOf, auditOf, refusalOf } from './audit/verbs.ts';
import { type Authority, authorityOf, nobody } from './authority.ts';
import type { Context } from './context.ts';
import { type Access, accessTable, openToTokens, scopedRoutes } from './permissions.ts';
import { problemOf } from './problem-of.ts';
import { Problem } from './problems.ts';

export interface Call extends Authority {
  readonly context: Context;
  /** The signed-in account; null only on routes that anyone may call. */
  readonly account: Account | null;
  readonly request: Request;
  readonly response: Response;
}

export interface RouteDefinition<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly summary: string;
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** Schema of the JSON answer; a media type when the handler writes the answer itself; null for 204. */
  readonly answer: z.ZodType | string | null;
  readonly status: number;
  /** True where the body is a form with a file, `bare` where it is the file: the handler takes it itself. */
  readonly upload: boolean | 'bare';
  handle(input: { params: z.output<P>; query: z.output<Q>; body: z.output<B> }, call: Call): unknown;
}

/** A route of any shape, as lists hold them. */
export type Route = RouteDefinition<z.ZodType, z.ZodType, z.ZodType>;
const nothing = z.object({});

/** Declares a route; parts that are left out are empty, the answer is 204 unless a schema or media type is given. */
export function route<
  P extends z.ZodType = typeof nothing,
  Q extends z.ZodType = typeof nothing,
  B extends z.ZodType = z.ZodUndefined,
>(
  definition: Pick<RouteDefinition<P, Q, B>, 'method' | 'path' | 'summary' | 'handle'> &
    Partial<Pick<RouteDefinition<P, Q, B>, 'params' | 'query' | 'body' | 'answer' | 'status' | 'upload'>>,
): RouteDefinition<P, Q, B> {
  const answer = definition.answer ?? null;
  return {
    ...definition,
    params: definition.params ?? (nothing as unknown as P),
    query: definition.query ?? (nothing as unknown as Q),
    body: definition.body ?? (z.undefined() as unknown as B),
    answer,
    status: definition.status ?? (answer === null ? 204 : 200),
    upload: definition.upload ?? false,
  };
}

/** The row of the permission table for a route; a route without one is a mistake that stops the start. */
export function accessOf(definition: Pick<Route, 'method' | 'path'>): Access {
  const access = accessTable[`${definition.method} ${definition.path}`];
  if (!access) throw new Error(`no row in the permission table for ${definition.method} ${definition.path}`);
  return access;
}

/** Mounts declared routes on the app. */
export function mountRoutes(app: Express, context: Context, routes: readonly Route[]): void {
  for (const definition of routes) {
    const access = accessOf(definition);
    const verb = auditOf(definition, access);
    const method = definition.method.toLowerCase() as 'get' | 'post' | 'put' | 'delete';
    app[method](definition.path, async (request: Request, response: Response) => {
      const account = request.account ?? null;
      const authority = await permit(context, access, definition, request);
      const call: Call = { ...authority, context, account, request, response };
      let input: ReturnType<typeof inputOf>;
      try {
        input = inputOf(definition, request);
      } catch (error) {
        await recordMalformed(call, attemptOf(definition), error);
        throw error;
      }
      const handled = () => Promise.resolve(definition.handle(input, call));
      const value = await recordRequest(call, { verb, attempt: refusalOf(definition) }, input.body, handled);
      if (response.headersSent || response.destroyed) return;
      if (definition.answer === null) response.status(definition.status).end();
      else if (typeof definition.answer !== 'string') response.status(definition.status).json(value);
    });
  }
}

/** The parts of a request as their schemas take them; throws what is wrong with them. */
function inputOf(definition: Route, request: Request) {
  if (request.bodyFault !== undefined) throw request.bodyFault;
  return {
    params: parsePart('params', definition.params, request.params),
    query: parsePart('query', definition.query, request.query),
    body: parsePart('body', definition.body, definition.upload ? undefined : bodyOf(request)),
  };
}

/** What the request may do; throws when it may not use the route. */
async function permit(
  { db }: Context,
  access: Access,
  definition: Pick<Route, 'method' | 'path'>,
  request: Request,
): Promise<Authority> {
  const { account, token = null } = request;
  const row = `${definition.method} ${definition.path}`;
  if (!account) {
    if (access === 'anyone') return nobody;
    throw new Problem('not-signed-in');
  }
  const open = access === 'anyone' || access === 'signed-in';
  if (open && token && !openToTokens.has(row)) throw new Problem('not-for-tokens');
  const study = definition.path.includes('/:study') ? String(request.params.study) : null;
  const authority = await authorityOf(db, account, study, open ? null : access, token);
  if (open) return authority;
  const limited = authority.scope !== 'all' && !scopedRoutes.has(row);
  if (limited || !authority.may(access)) throw new Problem('not-permitted');
  return authority;
}

function bodyOf(request: Request): unknown {
  if (request.method === 'GET' || request.method === 'DELETE') return undefined;
  if (request.body === undefined && Number(request.get('content-length') ?? 0) > 0) {
    throw new Problem('unsupported-media-type');
  }
  return request.body;
}

function parsePart<S extends z.ZodType>(part: string, schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new Problem('invalid-request', { issues: issuesOf(parsed.error, part) });
  return parsed.data;
}

/** zod's issues in the house's shape; the path leads with the part of the request. */
export function issuesOf(error: z.ZodError, part: string): Issue[] {
  return error.issues.map((issue) => ({
    code: issue.code.replaceAll('_', '-'),
    path: [part, ...issue.path.map(String)].join('.'),
    message: issue.message,
  }));
}

/** The only place that writes a problem to HTTP. */
export function problemWriter(context: Context): ErrorRequestHandler {
  return (error: unknown, request: Request, response: Response, _next: NextFunction) => {
    const problem = problemOf(error);
    if (problem.status >= 500) {
      const log = request.log ?? context.log;
      log.error({ err: problem.cause ?? problem, code: problem.code }, 'request failed');
    }
    if (response.headersSent) {
      // A stream has begun: cut it so that no half file passes for a whole one.
      response.destroy();
      return;
    }
    if (problem.retryAfterSeconds) response.set('Retry-After', String(problem.retryAfterSeconds));
    // Spreadsheets ask for name and password only when they are told so; browsers must not, on any page.
    if (problem.status === 401 && /^\/api\/studies\/[^/]+\/odata(\/|$)/.test(request.path)) {
      response.set('WWW-Authenticate', 'Basic realm="Fidelis", charset="UTF-8"');
    }
    response
      .status(problem.status)
      .type('application/problem+json')
      .send(JSON.stringify(problem.toJSON(String(request.id ?? ''))));
  };
}
