/**
 * The audit of requests: everything that changes something, every read of identified rows and whatever is taken away, by
 * the verb of the route (`verbs.ts`). Called by `http.ts` around each handler, and by handlers that alone know whether
 * they show who people are.
 */
import type { Connection } from 'mongoose';
import type { Call } from '../http.ts';
import { problemOf } from '../problem-of.ts';
import { type AuditFact, recordAudit } from './record.ts';
import { type AuditVerb, repeatedReads } from './verbs.ts';

/**
 * Runs the handler of a route. The entry is on disk before the handler begins, so that nothing happens unseen; when the
 * handler refuses, a second entry of the same request says so. What respondents do is never recorded.
 * @param verb null for a route that leaves no entry, or whose use case writes it
 */
export async function recordRequest<T>(call: Call, verb: AuditVerb | null, handle: () => Promise<T>): Promise<T> {
  if (verb === null) return handle();
  const fact = factOf(call, verb);
  if (!isRepeated(call, fact)) await recordAudit(call.context, fact);
  try {
    return await handle();
  } catch (error) {
    await recordAudit(call.context, { ...fact, outcome: 'refused', detail: problemOf(error).code });
    throw error;
  }
}

/**
 * Of a handler that alone knows what it shows: the entry, before anything is read.
 * @param thing what is shown, besides the parts of the address
 */
export function recordRead(call: Call, verb: AuditVerb, thing: Readonly<Record<string, string>> = {}): Promise<void> {
  const fact = factOf(call, verb);
  return recordAudit(call.context, { ...fact, thing: { ...fact.thing, ...thing } });
}

function factOf({ account, request }: Call, verb: AuditVerb): AuditFact {
  const { study = null, ...thing } = request.params as Record<string, string>;
  return {
    verb,
    actor: account ? { kind: request.token ? 'token' : 'account', id: account.id } : { kind: 'stranger', id: null },
    study,
    thing: {
      ...thing,
      // By one name wherever a person is meant, so that everything about one can be found.
      ...(thing.kind === 'people' && thing.member !== undefined ? { person: thing.member } : {}),
      ...(request.token ? { token: request.token.id } : {}),
      route: `${request.method} ${String(request.route?.path ?? '')}`,
    },
    outcome: 'done',
    detail: null,
    from: request.ip ?? null,
    request: request.id === undefined ? null : String(request.id),
  };
}

const quarterMs = 15 * 60 * 1000;
const mostRemembered = 2000;
/** When somebody's repeated read of one thing was recorded last. Each server remembers its own: more entries, never fewer. */
const lastReads = new WeakMap<Connection, Map<string, number>>();

/** True for what a page of the same person, at the same address, has asked for within the quarter of an hour. */
function isRepeated({ context }: Call, { verb, actor, study, thing, from }: AuditFact): boolean {
  if (!repeatedReads.has(verb)) return false;
  const reads = lastReads.get(context.db) ?? new Map<string, number>();
  lastReads.set(context.db, reads);
  const key = JSON.stringify([verb, actor, study, thing, from]);
  const now = context.clock().getTime();
  const at = reads.get(key);
  if (at !== undefined && at <= now && now - at < quarterMs) return true;
  if (reads.size >= mostRemembered) reads.clear();
  reads.set(key, now);
  return false;
}
