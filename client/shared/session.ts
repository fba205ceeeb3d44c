/** Who is signed in, as every answer about a session tells it. Used by `api.ts` and `api-accounts.ts`. */
import { rememberCsrfToken } from './http.ts';

export type AccountRole = 'administrator' | 'evaluator' | 'analyst' | 'viewer' | 'member';

export interface Account {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: AccountRole;
}

/** Who is signed in, what the account may do, and whether the first administrator is still to be made. */
export interface Session {
  readonly account: (Account & { readonly permissions: readonly string[] }) | null;
  /** The password was right, and a code of the second factor is still to come. */
  readonly codeNeeded: boolean;
  readonly csrfToken: string;
  readonly setupNeeded: boolean;
  /** Name of the provider through which one may sign in, too. */
  readonly identityProvider: string | null;
  readonly sendsMail: boolean;
}

/** Remembers the token of a session answer for the requests that follow. */
export async function session(answer: Promise<Session>): Promise<Session> {
  const value = await answer;
  rememberCsrfToken(value.csrfToken);
  return value;
}
