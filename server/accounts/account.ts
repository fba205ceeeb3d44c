/** The signed-in person, or the API token in their place, as the rest of the server sees them. */
import type { AccountRole, Permission } from '../permissions.ts';

export interface Account {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: AccountRole;
}

/** What an API token leaves of the rights of its account. */
export interface TokenLimits {
  readonly id: string;
  readonly scopes: readonly Permission[];
  /** The one study that it is for; null: every study. */
  readonly study: string | null;
}

declare global {
  namespace Express {
    interface Request {
      /** Set by the session middleware on API routes, or by that of API tokens. */
      account?: Account;
      /** Set when the request came with an API token and not with a session. */
      token?: TokenLimits;
    }
  }
}
