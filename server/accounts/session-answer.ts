/** The answer of everything that opens or changes the session: who is signed in, and what their page needs. */
import { z } from 'zod';
import type { Call } from '../http.ts';
import { permissionsOf } from '../permissions.ts';
import { Problem } from '../problems.ts';
import type { Account } from './account.ts';
import { csrfTokenOf } from './csrf.ts';
import { accountSchema } from './schemas.ts';
import { countNewSession } from './sign-in.ts';
import { anyAccount } from './store.ts';

export const sessionSchema = z.object({
  account: accountSchema.extend({ permissions: z.array(z.string()) }).nullable(),
  /** The password was right, and a code is still to come. */
  codeNeeded: z.boolean(),
  csrfToken: z.string(),
  setupNeeded: z.boolean(),
  /** Name of the identity provider through which one may sign in, too. */
  identityProvider: z.string().nullable(),
  /** Whether mail goes out, such as links for a new password. */
  sendsMail: z.boolean(),
});

/** Reads `request.account` rather than the call's: sign-in has just set it. */
export async function sessionAnswer({ context, request }: Call): Promise<z.input<typeof sessionSchema>> {
  const account = request.account ?? null;
  if (!request.session.csrfToken) await countNewSession(context, request);
  return {
    account: account && { ...account, permissions: [...permissionsOf(account.role)] },
    codeNeeded: account === null && waits(request.session.waiting, context.clock()),
    csrfToken: csrfTokenOf(request),
    setupNeeded: !(await anyAccount(context.db)),
    identityProvider: context.config.identityProvider?.name ?? null,
    sendsMail: context.config.mail !== null,
  };
}

function waits(waiting: { until: Date } | undefined, now: Date): boolean {
  return waiting !== undefined && new Date(waiting.until) > now;
}

/** The account of a route that needs one. */
export function signedIn({ account }: Pick<Call, 'account'>): Account {
  if (!account) throw new Problem('not-signed-in');
  return account;
}
