/**
 * What the person behind a request may do, and in which clusters and schools: from the role of the account, the role in
 * the study that the request is about, and the scopes of an API token. Asked by `http.ts` before every handler.
 */
import type { Connection } from 'mongoose';
import type { Account, TokenLimits } from './accounts/account.ts';
import { findStudyAccess, listStudyAccess } from './accounts/study-roles.ts';
import { canDo, canDoInStudy, impliedBy, limitedStudyRoles, type Permission } from './permissions.ts';

/** Which clusters and schools of a study somebody sees. A school of a named cluster is seen with it. */
export type Scope = 'all' | { readonly clusters: readonly string[]; readonly schools: readonly string[] };

export interface Authority {
  /** Whether this request may do something, in the study that it is about. */
  may(permission: Permission): boolean;
  readonly scope: Scope;
}

/** Sees nothing. */
export const noScope: Scope = { clusters: [], schools: [] };
export const nobody: Authority = { may: () => false, scope: noScope };

/**
 * The authority of an account, in a study or (`null`) outside any.
 * @param asked the permission that the route needs; null where it needs none
 * @param token the limits of an API token; null without one
 */
export async function authorityOf(
  db: Connection,
  account: Account,
  study: string | null,
  asked: Permission | null = null,
  token: TokenLimits | null = null,
): Promise<Authority> {
  const one = token?.study ?? null;
  if (one !== null && study !== null && one !== study) return nobody;
  const access = study === null ? null : await findStudyAccess(db, account.id, study);
  const isLimited = access !== null && limitedStudyRoles.includes(access.role);
  // Whoever may do this in every study is not narrowed by a role in one of them, and does not carry the rights of that
  // role beyond the clusters and schools that it names.
  const limited = isLimited && !canDo(account.role, asked ?? 'study.read');
  const inStudy = (permission: Permission) =>
    access !== null && (limited || !isLimited) && canDoInStudy(access.role, permission);
  // Outside its study, a token for one study reads what belongs to none.
  const within = (permission: Permission) =>
    token === null ||
    ([permission, impliedBy[permission]].some((scope) => scope !== undefined && token.scopes.includes(scope)) &&
      (one === null || study === one || permission === 'instrument.read'));
  return {
    may: (permission) => within(permission) && (canDo(account.role, permission) || inStudy(permission)),
    scope: limited ? { clusters: access.clusters, schools: access.schools } : 'all',
  };
}

/** Studies that somebody may read, each with what of it. */
export type Readable = ReadonlyMap<string, Scope>;

/** Which studies the account may read; `all` for whoever reads every one, those that do not exist yet too. */
export async function readableStudies(
  db: Connection,
  account: Account,
  token: TokenLimits | null = null,
): Promise<'all' | Readable> {
  if (token !== null && !token.scopes.includes('study.read')) return new Map();
  const only = token?.study ?? null;
  if (canDo(account.role, 'study.read')) return only === null ? 'all' : new Map([[only, 'all']]);
  const given = (await listStudyAccess(db, account.id)).filter(
    ({ study, role }) => canDoInStudy(role, 'study.read') && (only === null || study === only),
  );
  return new Map(
    given.map(({ study, role, clusters, schools }) => [
      study,
      limitedStudyRoles.includes(role) ? { clusters, schools } : 'all',
    ]),
  );
}

/** The part of a query that keeps documents with `cluster` and `school` within a scope. */
export function withinScope(scope: Scope): { $or?: object[] } {
  if (scope === 'all') return {};
  return { $or: [{ cluster: { $in: [...scope.clusters] } }, { school: { $in: [...scope.schools] } }] };
}
