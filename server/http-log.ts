/** One log line a request, and the request's id. Mounted first by app.ts; the only importer of pino-http. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Request, RequestHandler } from 'express';
import type { LevelWithSilent } from 'pino';
import { pinoHttp } from 'pino-http';
import type { Context } from './context.ts';
import { loggedError, loggedPath } from './log-values.ts';

/** A proxy's request id is taken over when it looks like one. */
const saneId = /^[A-Za-z0-9._-]{8,64}$/;

/** Paths that are asked for all the time and say nothing. */
const quiet = /^\/(?:healthz|readyz|assets\/)/;

/**
 * Gives every request an id (answered as X-Request-Id and quoted in problems) and logs method, path, status and time at
 * its end. Nothing about the sender is logged but the pseudonymous id of a signed-in account.
 */
export function httpLog({ log }: Pick<Context, 'log'>): RequestHandler {
  return pinoHttp<Request>({
    logger: log,
    genReqId(request, response) {
      const given = request.headers['x-request-id'];
      const id = typeof given === 'string' && saneId.test(given) ? given : randomUUID();
      response.setHeader('X-Request-Id', id);
      return id;
    },
    wrapSerializers: false,
    serializers: { req: loggedRequest, res: loggedResponse, err: loggedError },
    customLogLevel: levelOf,
    customSuccessObject: withAccount,
    // The problem writer has logged what went wrong; this line says how the request ended.
    customErrorObject: (request, response, _error, value) =>
      withAccount(request, response, { ...value, err: undefined }),
  });
}

const unlogged = new WeakSet<object>();

/** Leaves out the line of a request, unless it fails by a fault of the server. */
export function keepOutOfLog(response: ServerResponse): void {
  unlogged.add(response);
}

function loggedRequest(request: Request) {
  return {
    id: request.id,
    method: request.method,
    path: loggedPath(request.originalUrl ?? request.url ?? ''),
  };
}

function loggedResponse(response: ServerResponse) {
  return { status: response.headersSent ? response.statusCode : null };
}

function withAccount(request: Request, _response: ServerResponse, value: object): object {
  return request.account ? { ...value, account: request.account.id } : value;
}

function levelOf(request: IncomingMessage, response: ServerResponse, error?: Error): LevelWithSilent {
  if (error || response.statusCode >= 500) return 'error';
  if (unlogged.has(response)) return 'silent';
  return quiet.test(request.url ?? '') ? 'debug' : 'info';
}
