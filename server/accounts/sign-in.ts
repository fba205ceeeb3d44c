/** Signing in and changing one's password, both limited in tries. Called by the account routes. */
import type { Request } from 'express';
import { recordEvent } from '../audit/events.ts';
import type { Context } from '../context.ts';
import { problemOf } from '../problem-of.ts';
import { Problem } from '../problems.ts';
import { addressOf, limiter } from '../rate-limits.ts';
import type { Account } from './account.ts';
import { checkPassword, hashPassword, verifyPassword } from './passwords.ts';
import { hasSecondFactor, requireCode } from './second-factor.ts';
import { awaitCode, openSession, renewSession } from './sessions.ts';
import { emailOf, findAccount, findAccountByEmail, replacePassword, type StoredAccount } from './store.ts';

const quarterOfAnHour = 15 * 60;
/** How long a right password waits for the code. */
const codeWithinMs = 10 * 60 * 1000;

const perAddress = (context: Context) => limiter(context, 'sign-in-address', { points: 50, seconds: quarterOfAnHour });
const perAccount = (context: Context) => limiter(context, 'sign-in-account', { points: 10, seconds: quarterOfAnHour });

/** Tries at links that work once (set-up, invitation, new password) per address. */
export async function countLinkTry(context: Context, request: Request): Promise<void> {
  await limiter(context, 'setup', {
    points: 30,
    seconds: quarterOfAnHour,
  }).consume(addressOf(request));
}

/** New sessions per address, each of which is a document that lives for hours; far more than an office opens. */
export async function countNewSession(context: Context, request: Request): Promise<void> {
  await limiter(context, 'new-session', { points: 600, seconds: 60 * 60 }).consume(addressOf(request));
}

/**
 * Opens a session for whoever knows the password. Throws `sign-in-failed` without saying which of the two was wrong, and
 * `too-many-requests` after too many failures from one address or for one e-mail address.
 */
export async function signIn(
  context: Context,
  request: Request,
  { email, password }: { email: string; password: string },
): Promise<void> {
  const address = addressOf(request);
  // Counted before the check, so that tries sent at the same moment count too; success takes the count back.
  await perAddress(context).consume(address);
  await perAccount(context).consume(emailOf(email));
  const account = await findAccountByEmail(context.db, email);
  const right = await verifyPassword(account?.state === 'active' ? account.passwordHash : null, password);
  if (!right || !account) {
    context.log.info({ account: account?.id ?? null }, 'sign-in failed');
    const thing: Record<string, string> = account ? { account: account.id } : {};
    await recordEvent(context, request, 'account.sign-in', { by: null, refused: 'sign-in-failed', thing });
    throw new Problem('sign-in-failed');
  }
  await Promise.all([perAddress(context).giveBack(address), perAccount(context).reset(account.email)]);
  if (await hasSecondFactor(context, account.id)) {
    await awaitCode(request, account, new Date(context.clock().getTime() + codeWithinMs));
    return;
  }
  await enter(context, request, account);
}

/** Opens the session of whoever has given the password before and gives the code now. Throws `sign-in-expired`. */
export async function finishSignIn(context: Context, request: Request, code: string): Promise<void> {
  const { waiting } = request.session;
  const account = waiting ? await findAccount(context.db, waiting.account) : null;
  const inTime = waiting !== undefined && new Date(waiting.until) > context.clock();
  if (!inTime || account?.state !== 'active' || account.generation !== waiting.generation) {
    throw new Problem('sign-in-expired');
  }
  let from: Awaited<ReturnType<typeof requireCode>>;
  try {
    from = await requireCode(context, account, code);
  } catch (error) {
    const thing = { account: account.id };
    await recordEvent(context, request, 'account.sign-in', { by: null, refused: problemOf(error).code, thing });
    throw error;
  }
  await enter(context, request, account, { code: from });
}

/**
 * Opens the session of somebody who has proved who they are.
 * @param by what the audit tells of the proof: where a code was given, which kind
 */
export async function enter(
  context: Context,
  request: Request,
  account: StoredAccount,
  by: Readonly<Record<string, string>> = {},
): Promise<void> {
  await recordEvent(context, request, 'account.sign-in', { by: account.id, thing: by });
  await openSession(context, request, account);
  context.log.info({ account: account.id }, 'signed in');
}

/** Changes the password of the signed-in account and ends all its other sessions. */
export async function changePassword(
  context: Context,
  request: Request,
  account: Account,
  { current, next }: { current: string; next: string },
): Promise<void> {
  await perAccount(context).consume(account.email);
  const stored = await findAccount(context.db, account.id);
  if (!stored) throw new Problem('not-signed-in');
  if (!(await verifyPassword(stored.passwordHash, current))) {
    await recordEvent(context, request, 'account.change-password', { by: account.id, refused: 'password-wrong' });
    throw new Problem('invalid-request', {
      issues: [
        {
          code: 'password-wrong',
          path: 'body.current',
          message: 'This is not your present password.',
        },
      ],
    });
  }
  const issues = checkPassword(next, account).map((issue) => ({
    ...issue,
    path: 'body.next',
  }));
  if (issues.length > 0) throw new Problem('invalid-request', { issues });
  if (!(await replacePassword(context.db, stored, await hashPassword(next)))) throw new Problem('conflict');
  await perAccount(context).reset(account.email);
  await recordEvent(context, request, 'account.change-password', { by: account.id });
  const renewed: StoredAccount = {
    ...stored,
    generation: stored.generation + 1,
  };
  await renewSession(request, renewed);
  context.log.info({ account: account.id }, 'password changed');
}
