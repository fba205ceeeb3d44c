/**
 * The audit of requests: everything that changes something and every read of identified rows, by the permission that the
 * route needs. Called by `http.ts` around each handler.
 */
import type { Call } from '../http.ts';
import { type Access, auditedReads } from '../permissions.ts';
import { problemOf } from '../problem-of.ts';
import { type AuditFact, recordAudit } from './record.ts';

/**
 * Runs the handler of a route. The entry is on disk before the handler begins, so that nothing happens unseen; when the
 * handler refuses, a second entry of the same request says so. What respondents do is never recorded.
 */
export async function recordRequest<T>(call: Call, access: Access, handle: () => Promise<T>): Promise<T> {
  if (!isAudited(call, access)) return handle();
  const fact = factOf(call, access);
  await recordAudit(call.context, fact);
  try {
    return await handle();
  } catch (error) {
    await recordAudit(call.context, { ...fact, outcome: 'refused', detail: problemOf(error).code });
    throw error;
  }
}

/** Open routes and those of one's own session say themselves what is worth an entry. */
function isAudited({ request }: Call, access: Access): boolean {
  if (access === 'anyone' || access === 'signed-in') return false;
  return request.method !== 'GET' || auditedReads.has(access);
}

function factOf({ account, request }: Call, access: Access): AuditFact {
  const { study = null, ...thing } = request.params as Record<string, string>;
  return {
    verb: access,
    actor: account ? { kind: request.token ? 'token' : 'account', id: account.id } : { kind: 'stranger', id: null },
    study,
    thing: {
      ...thing,
      ...(request.token ? { token: request.token.id } : {}),
      route: `${request.method} ${String(request.route?.path ?? '')}`,
    },
    outcome: 'done',
    detail: null,
    from: request.ip ?? null,
    request: request.id === undefined ? null : String(request.id),
  };
}
