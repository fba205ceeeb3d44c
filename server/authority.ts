/**
 * What the person behind a request may do, and in which clusters and schools: from the role of the account, the role in
 * the study that the request is about, and the scopes of an API token. Asked by `http.ts` before every handler.
 */
import type { Connection } from 'mongoose';
import type { Account } from './accounts/account.ts';
import { findStudyAccess } from './accounts/study-roles.ts';
import { canDo, canDoInStudy, limitedStudyRoles, type Permission } from './permissions.ts';

/** Which clusters and schools of a study somebody sees. A school of a named cluster is seen with it. */
export type Scope = 'all' | { readonly clusters: readonly string[]; readonly schools: readonly string[] };

export interface Authority {
  /** Whether this request may do something, in the study that it is about. */
  may(permission: Permission): boolean;
  readonly scope: Scope;
}

export const nobody: Authority = { may: () => false, scope: { clusters: [], schools: [] } };

/**
 * The authority of an account, in a study or (`null`) outside any.
 * @param scopes the permissions that an API token is limited to; null without a token
 */
export async function authorityOf(
  db: Connection,
  account: Account,
  study: string | null,
  scopes: readonly Permission[] | null = null,
): Promise<Authority> {
  const access = study === null ? null : await findStudyAccess(db, account.id, study);
  const within = (permission: Permission) => scopes === null || scopes.includes(permission);
  // Whoever reads every study through the account is not narrowed by a role in one of them.
  const limited = access !== null && limitedStudyRoles.includes(access.role) && !canDo(account.role, 'study.read');
  return {
    may: (permission) =>
      within(permission) &&
      (canDo(account.role, permission) || (access !== null && canDoInStudy(access.role, permission))),
    scope: limited ? { clusters: access.clusters, schools: access.schools } : 'all',
  };
}

/** The part of a query that keeps documents with `cluster` and `school` within a scope. */
export function withinScope(scope: Scope): { $or?: object[] } {
  if (scope === 'all') return {};
  return { $or: [{ cluster: { $in: [...scope.clusters] } }, { school: { $in: [...scope.schools] } }] };
}
