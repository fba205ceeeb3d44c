/**
 * The audit of what is no request with a permission of its own: signing in and what people do with their own account, and
 * commands. Called by the use cases of `accounts/` and by the command line.
 */
import { userInfo } from 'node:os';
import type { Request } from 'express';
import type { Context } from '../context.ts';
import { problemOf } from '../problem-of.ts';
import { type AuditFact, recordAudit } from './record.ts';
import type { AuditVerb } from './verb-list.ts';

interface Happening {
  /** The account that did it; null for somebody who is not known (yet), whatever address was typed. */
  readonly by: string | null;
  /** Code of the refusal. */
  readonly refused?: string;
  /** What it was done to: ids, such as the account that a stranger tried to use. */
  readonly thing?: Readonly<Record<string, string>>;
}

/** Requests whose refusal has an entry already. */
const refusalsTold = new WeakSet<Request>();
export const isRefusalTold = (request: Request) => refusalsTold.has(request);

/** Something that a person did with an account, their own or one that they tried to use. */
export async function recordEvent(
  context: Context,
  request: Request,
  verb: AuditVerb,
  { by, refused, thing = {} }: Happening,
): Promise<void> {
  if (refused !== undefined) refusalsTold.add(request);
  await recordAudit(context, {
    verb,
    actor: by === null ? { kind: 'stranger', id: null } : { kind: 'account', id: by },
    study: null,
    thing,
    outcome: refused === undefined ? 'done' : 'refused',
    detail: refused ?? null,
    from: request.ip ?? null,
    request: request.id === undefined ? null : String(request.id),
  });
}

/**
 * Runs what a command does, with an entry before it and, when it is refused, another one that says so. Where only the result
 * tells what was made, a second entry names it, as with requests. Commands that only read without taking data away need none.
 */
export async function recordCommand<T>(
  context: Context,
  fact: Pick<AuditFact, 'verb' | 'study'> & { readonly thing?: Readonly<Record<string, string>> },
  run: () => Promise<T>,
  {
    refusalIn = () => null,
    madeBy = () => null,
  }: {
    /** Code of the refusal, of a result that is one without having been thrown. */
    readonly refusalIn?: (result: T) => string | null;
    /** Ids that the command has given. */
    readonly madeBy?: (result: T) => Readonly<Record<string, string>> | null;
  } = {},
): Promise<T> {
  const whole: AuditFact = {
    thing: {},
    ...fact,
    actor: { kind: 'command', id: userName() },
    outcome: 'done',
    detail: null,
    from: null,
    request: null,
  };
  const refused = (detail: string, made = {}) =>
    recordAudit(context, { ...whole, thing: { ...whole.thing, ...made }, outcome: 'refused', detail });
  await recordAudit(context, whole);
  let result: T;
  try {
    result = await run();
  } catch (error) {
    await refused(problemOf(error).code);
    throw error;
  }
  const refusal = refusalIn(result);
  const made = madeBy(result);
  if (refusal !== null) await refused(refusal, made ?? {});
  else if (made) await recordAudit(context, { ...whole, thing: { ...whole.thing, ...made }, detail: 'made' });
  return result;
}

/** In a container the user may have a number and no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}
