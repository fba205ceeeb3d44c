/**
 * The audit of requests: everything that changes something, every read of identified rows and whatever is taken away, by
 * the verb of the route (`verbs.ts`). Called by `http.ts` around each handler, and by handlers that alone know whether
 * they show who people are.
 */
import type { Connection } from 'mongoose';
import type { Call } from '../http.ts';
import { problemOf } from '../problem-of.ts';
import { toldAfter, toldBefore } from './about.ts';
import { isRefusalTold } from './events.ts';
import { type AuditFact, recordAudit } from './record.ts';
import type { AuditVerb } from './verb-list.ts';
import { repeatedReads, repeatedSaves } from './verbs.ts';

/**
 * Runs the handler of a route. The entry is on disk before the handler begins, so that nothing happens unseen; when the
 * handler refuses, a second entry of the same request says so, and so does one that names what was made where the server
 * chose its id. What respondents do is never recorded.
 * @param body as its schema has taken it
 * @param verbs `verb`: null for a route that leaves no entry, or whose use case writes it; then `attempt` is what a refusal is
 * told as, where the use case has not told of it itself
 */
export async function recordRequest<T>(
  call: Call,
  { verb, attempt }: { readonly verb: AuditVerb | null; readonly attempt: AuditVerb | null },
  body: unknown,
  handle: () => Promise<T>,
): Promise<T> {
  if (verb === null) return attempt === null ? handle() : handle().catch((error) => refused(call, attempt, error));
  const plain = factOf(call, verb);
  const route = plain.thing.route ?? '';
  const told = await toldBefore[route]?.(call.context, plain.study, (body ?? {}) as Record<string, unknown>);
  const fact = { ...plain, ...told, thing: { ...plain.thing, ...told?.thing } };
  if (!isRepeated(call, fact)) await recordAudit(call.context, fact);
  let value: T;
  try {
    value = await handle();
  } catch (error) {
    await recordAudit(call.context, { ...fact, outcome: 'refused', detail: problemOf(error).code });
    throw error;
  }
  const made = toldAfter[route]?.((value ?? {}) as Record<string, unknown>);
  if (made) await recordAudit(call.context, { ...fact, thing: { ...fact.thing, ...made }, detail: 'made' });
  return value;
}

/** Of somebody who is known; strangers could fill the audit, and the use cases that let them in tell of them. */
async function refused(call: Call, verb: AuditVerb, error: unknown): Promise<never> {
  const problem = problemOf(error);
  if (call.account && problem.status < 500 && !isRefusalTold(call.request)) {
    await recordAudit(call.context, { ...factOf(call, verb), outcome: 'refused', detail: problem.code });
  }
  throw error;
}

/** Of a request that never came to its handler, because its form is wrong: that somebody tried. */
export async function recordMalformed(call: Call, verb: AuditVerb | null, error: unknown): Promise<void> {
  // Strangers could fill the audit with nothing.
  if (verb === null || !call.account) return;
  const { thing, study, ...fact } = factOf(call, verb);
  const { route = '', ...rest } = thing;
  await recordAudit(call.context, {
    ...fact,
    study: study !== null && study.length <= 60 ? study : null,
    thing: { ...shortThing(rest), route },
    outcome: 'refused',
    detail: problemOf(error).code,
  });
}

/** What of an address can be an id: it has passed no schema. */
export function shortThing(parts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => /^[\w.-]{1,60}$/.test(value)));
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

const mostRemembered = 2000;
/** On which day somebody's repeated read or save of one thing was recorded last. Each server remembers its own: more entries, never fewer. */
const lastReads = new WeakMap<Connection, Map<string, string>>();

/** True for what a page of the same person, at the same address, has asked for or saved on this day (UTC) already. */
function isRepeated({ context }: Call, { verb, actor, study, thing, from }: AuditFact): boolean {
  if (!repeatedReads.has(verb) && !repeatedSaves.has(verb)) return false;
  const reads = lastReads.get(context.db) ?? new Map<string, string>();
  lastReads.set(context.db, reads);
  const key = JSON.stringify([verb, actor, study, thing, from]);
  const today = context.clock().toISOString().slice(0, 10);
  if (reads.get(key) === today) return true;
  if (reads.size >= mostRemembered) reads.clear();
  reads.set(key, today);
  return false;
}
