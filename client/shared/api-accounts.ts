/**
 * The part of `api.ts` about accounts: one's own session, second factor and tokens, colleagues and their roles, the audit.
 * Pages import all of it from `api.ts`.
 */
import { queryOf, request } from './http.ts';
import { type Account, type AccountRole, type Session, session } from './session.ts';

const part = encodeURIComponent;

export type StudyRole = 'owner' | 'evaluator' | 'analyst' | 'viewer' | 'clerk' | 'coordinator' | 'school-lead';

/** The link of somebody who was invited and has not accepted yet. */
export interface PendingLink {
  readonly url: string;
  readonly expiresAt: string;
}

export interface ListedAccount extends Account {
  readonly state: 'invited' | 'active';
  readonly secondFactor: boolean;
  readonly invitation: PendingLink | null;
}

export interface Share {
  readonly role: StudyRole;
  readonly clusters: readonly string[];
  readonly schools: readonly string[];
}

export interface PersonWithAccess extends Share {
  readonly account: string;
  readonly name: string;
  readonly email: string;
  readonly state: 'invited' | 'active';
  readonly invitation: PendingLink | null;
}

/** What the signed-in person may do in a study; `all`: in every cluster and school of it. */
export interface StudyAccess {
  readonly permissions: readonly string[];
  readonly scope: 'all' | { readonly clusters: readonly string[]; readonly schools: readonly string[] };
}

export interface ListedSession {
  readonly id: string;
  readonly device: string;
  readonly address: string | null;
  readonly openedAt: string | null;
  readonly lastUsedAt: string | null;
  readonly current: boolean;
}

export interface SecondFactor {
  readonly on: boolean;
  readonly since: string | null;
  readonly recoveryCodes: number;
}

export interface ApiToken {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly study: string | null;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly expired: boolean;
  readonly lastUsedOn: string | null;
}

export interface AuditEntry {
  readonly number: number;
  readonly at: string;
  readonly verb: string;
  readonly actor: {
    readonly kind: 'account' | 'token' | 'command' | 'system' | 'stranger';
    readonly id: string | null;
    readonly name: string | null;
  };
  readonly study: string | null;
  readonly thing: Readonly<Record<string, string>>;
  readonly outcome: 'done' | 'refused';
  readonly detail: string | null;
  readonly from: string | null;
  readonly request: string | null;
  readonly hash: string;
}

export interface AuditPage {
  readonly entries: readonly AuditEntry[];
  readonly verbs: readonly string[];
  readonly page: number;
  readonly pages: number;
  readonly total: number;
}

export interface AuditSearch {
  readonly who?: string;
  readonly verb?: string;
  readonly study?: string;
  readonly from?: string;
  readonly before?: string;
  readonly outcome?: string;
  readonly page?: number;
}

const membersUrl = (study: string) => `/api/studies/${part(study)}/members`;
const memberUrl = (study: string, account: string) => `${membersUrl(study)}/${part(account)}`;

/** Where the browser goes to sign in through the identity provider. */
export const identityProviderUrl = (back: string) => `/api/session/oidc?back=${part(back)}`;

export const giveCode = (code: string) =>
  session(request<Session>('/api/session/second-factor', { method: 'POST', body: { code } }));

export const changeName = (name: string) =>
  session(request<Session>('/api/session/name', { method: 'PUT', body: { name } }));

export const requestPasswordReset = (email: string) =>
  request<void>('/api/password-resets', { method: 'POST', body: { email } });

export const checkPasswordReset = (token: string) =>
  request<{ valid: true; email: string }>(`/api/password-resets/${part(token)}`);

export const resetPassword = (token: string, password: string) =>
  request<void>(`/api/password-resets/${part(token)}`, { method: 'POST', body: { password } });

export const checkInvitation = (token: string) =>
  request<{ name: string; email: string }>(`/api/account-invitations/${part(token)}`);

export const acceptInvitation = (token: string, body: { name: string; password: string }) =>
  session(request<Session>(`/api/account-invitations/${part(token)}`, { method: 'POST', body }));

export const listSessions = () => request<{ sessions: readonly ListedSession[] }>('/api/session/sessions');

export const endSession = (id: string) => request<void>(`/api/session/sessions/${part(id)}`, { method: 'DELETE' });

export const endOtherSessions = () => request<{ ended: number }>('/api/session/sessions', { method: 'DELETE' });

export const getSecondFactor = () => request<SecondFactor>('/api/session/second-factor');

export const beginSecondFactor = (password: string | null) =>
  request<{ secret: string; uri: string; svg: string }>('/api/session/second-factor/secret', {
    method: 'POST',
    body: { password },
  });

export const turnOnSecondFactor = (code: string) =>
  request<{ recoveryCodes: readonly string[] }>('/api/session/second-factor', { method: 'PUT', body: { code } });

export const turnOffSecondFactor = (code: string) =>
  request<void>('/api/session/second-factor/off', { method: 'POST', body: { code } });

export const renewRecoveryCodes = (code: string) =>
  request<{ recoveryCodes: readonly string[] }>('/api/session/second-factor/recovery-codes', {
    method: 'POST',
    body: { code },
  });

export const listTokens = () =>
  request<{ tokens: readonly ApiToken[]; available: readonly string[] }>('/api/session/tokens');

export const makeToken = (body: { name: string; scopes: readonly string[]; study: string | null; expiresOn: string }) =>
  request<{ token: ApiToken; text: string }>('/api/session/tokens', { method: 'POST', body });

export const revokeToken = (id: string) => request<void>(`/api/session/tokens/${part(id)}`, { method: 'DELETE' });

export const listAccounts = () => request<{ accounts: readonly ListedAccount[] }>('/api/accounts');

export const inviteAccount = (body: { name: string; email: string; role: AccountRole }) =>
  request<ListedAccount>('/api/accounts/invitations', { method: 'POST', body });

export const inviteAccountAgain = (account: string) =>
  request<PendingLink>(`/api/accounts/${part(account)}/invitation`, { method: 'POST' });

export const removeAccount = (account: string) => request<void>(`/api/accounts/${part(account)}`, { method: 'DELETE' });

export const resetSecondFactor = (account: string) =>
  request<void>(`/api/accounts/${part(account)}/second-factor`, { method: 'DELETE' });

export const getStudyAccess = (study: string) => request<StudyAccess>(`/api/studies/${part(study)}/access`);

export const listAccess = (study: string) => request<{ members: readonly PersonWithAccess[] }>(membersUrl(study));

export const giveAccess = (study: string, body: Share & { name: string; email: string }) =>
  request<PersonWithAccess>(membersUrl(study), { method: 'POST', body });

export const changeAccess = (study: string, account: string, body: Share) =>
  request<PersonWithAccess>(memberUrl(study, account), { method: 'PUT', body });

export const takeAccess = (study: string, account: string) =>
  request<void>(memberUrl(study, account), { method: 'DELETE' });

export const inviteAgain = (study: string, account: string) =>
  request<PendingLink>(`${memberUrl(study, account)}/invitation`, { method: 'POST' });

/** The audit of a study, or (`null`) of the installation. */
export const searchAudit = (study: string | null, search: AuditSearch) =>
  request<AuditPage>(`${auditUrl(study)}${queryOf(search)}`);

export const auditFileUrl = (study: string | null, { page: _, ...search }: AuditSearch) =>
  `${auditUrl(study)}.csv${queryOf(search)}`;

const auditUrl = (study: string | null) => (study === null ? '/api/audit' : `/api/studies/${part(study)}/audit`);
