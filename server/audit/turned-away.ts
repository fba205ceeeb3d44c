/**
 * The audit of requests of signed-in people that are turned away before they come to their route, since they do not carry the
 * token of the session's pages: a page of another site may have made them. Mounted by app.ts behind what refuses them.
 */
import type { ErrorRequestHandler } from 'express';
import { routeAt } from '../addresses.ts';
import type { Context } from '../context.ts';
import type { Route } from '../http.ts';
import { problemOf } from '../problem-of.ts';
import { recordAudit } from './record.ts';
import { shortThing } from './request.ts';
import { attemptOf } from './verbs.ts';

/** An entry for each refusal of a request that would have changed something; the problem goes on to its writer. */
export function recordTurnedAway(
  context: Context,
  routes: readonly Pick<Route, 'method' | 'path'>[],
): ErrorRequestHandler {
  return async (error: unknown, request, _response, next) => {
    const { account, method } = request;
    const found = account ? routeAt(routes, method, request.originalUrl.replace(/\?.*$/s, '')) : null;
    const verb = found && attemptOf(found.route);
    if (account && found && verb) {
      const { study = null, ...thing } = shortThing(found.params);
      await recordAudit(context, {
        verb,
        actor: { kind: 'account', id: account.id },
        study,
        thing: { ...thing, route: `${method} ${found.route.path}` },
        outcome: 'refused',
        detail: problemOf(error).code,
        from: request.ip ?? null,
        request: request.id === undefined ? null : String(request.id),
      });
    }
    next(error);
  };
}
