/**
 * What a server answers while it still makes itself ready (the demonstration study takes a while to load): alive, and not
 * ready yet. Used by `serve.ts` between listening and the application.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Problem } from './problems.ts';

/** Answers `/healthz` as the application does, and everything else with 503 `starting`. */
export function answerStarting(request: IncomingMessage, response: ServerResponse): void {
  const headers = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' };
  // The rest of a body is not read: the connection ends with the answer.
  response.shouldKeepAlive = false;
  if (request.url === '/healthz') {
    response.writeHead(200, { ...headers, 'Content-Type': 'application/json; charset=utf-8' });
    response.end(JSON.stringify({ status: 'alive' }));
    return;
  }
  const problem = new Problem('starting');
  response.writeHead(problem.status, {
    ...headers,
    'Content-Type': 'application/problem+json; charset=utf-8',
    'Content-Security-Policy': "default-src 'none'",
    'Retry-After': '5',
  });
  response.end(JSON.stringify(problem));
}
