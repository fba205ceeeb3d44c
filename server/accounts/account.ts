/** The signed-in person as the rest of the server sees them. */
import type { AccountRole, Permission } from '../permissions.ts';

export interface Account {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: AccountRole;
}

declare global {
  namespace Express {
    interface Request {
      /** Set by the session middleware on API routes. */
      account?: Account;
      /** What an API token is limited to; undefined without one. */
      scopes?: readonly Permission[];
    }
  }
}
