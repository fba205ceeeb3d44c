/** What the pages of rosters ask of the server; as `api.ts`, which hands it on. */
import type { Role } from '../../instruments/study.ts';
import { queryOf, request } from './http.ts';

const part = encodeURIComponent;
const studyUrl = (study: string) => `/api/studies/${part(study)}`;

export type MemberKind = 'clusters' | 'schools' | 'people';

/** A row of a roster list; which fields it has depends on the kind. */
export interface RosterMember {
  readonly id: string;
  readonly name?: string | null;
  readonly number?: string | null;
  readonly arm: string;
  readonly cluster?: string | null;
  readonly school?: string | null;
  readonly role?: Role;
  readonly phase?: string;
  readonly pupils?: number | null;
  readonly disadvantaged?: number | null;
  readonly extra?: Readonly<Record<string, string>>;
  /** Of a cluster: how many schools it has. */
  readonly schools?: number;
  readonly spells?: readonly { readonly from: string | null; readonly to: string | null }[];
}

export interface RosterFilter {
  readonly asAt?: string;
  readonly search?: string;
  readonly cluster?: string;
  readonly school?: string;
  readonly arm?: string;
  readonly role?: string;
  readonly page?: number;
}

export interface RosterPage {
  readonly members: readonly RosterMember[];
  readonly page: number;
  readonly pages: number;
  readonly total: number;
}

export interface HistoryEntry {
  readonly id: string;
  readonly kind: 'edit' | 'enter' | 'move' | 'leave' | 'return' | 'import';
  readonly on: string | null;
  readonly reason: string;
  readonly by: string;
  readonly at: string;
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
}

export interface PersonIdentity {
  readonly name: string | null;
  readonly email: string | null;
  readonly language: string | null;
}

export interface MemberDetail {
  readonly member: RosterMember;
  readonly revision: number;
  readonly history: readonly HistoryEntry[];
  readonly identity: PersonIdentity | null;
}

export interface DesignWarning {
  readonly code: string;
  readonly kind: MemberKind;
  readonly id: string;
  readonly name: string;
  readonly message: string;
}

export interface RosterIssue {
  readonly sheet: string | null;
  readonly row: number | null;
  readonly column: string | null;
  readonly code: string;
  readonly message: string;
}

export interface RosterImport {
  readonly id: string;
  readonly state: 'checking' | 'planned' | 'refused' | 'applying' | 'done' | 'stale' | 'discarded' | 'interrupted';
  readonly file: string;
  readonly by: string;
  readonly createdAt: string;
  readonly endedAt: string | null;
  readonly rows: number;
  readonly counts: Readonly<
    Partial<Record<MemberKind, { readonly created: number; readonly changed: number; readonly unchanged: number }>>
  >;
  readonly problems: readonly RosterIssue[];
  readonly notices: readonly RosterIssue[];
  readonly newColumns: readonly string[];
  readonly done: number;
  readonly total: number;
}

export interface ImportRow {
  readonly kind: MemberKind;
  readonly row: number;
  readonly action: 'created' | 'changed' | 'unchanged';
  readonly id: string;
  readonly wanted: Readonly<Record<string, unknown>>;
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
  readonly identity: Readonly<Record<string, unknown>>;
}

const rosterUrl = (study: string, kind: MemberKind) => `${studyUrl(study)}/rosters/${kind}`;
const memberUrl = (study: string, kind: MemberKind, member: string) =>
  `${rosterUrl(study, kind)}/members/${part(member)}`;
const importsUrl = (study: string) => `${studyUrl(study)}/roster-imports`;

export const listRoster = (study: string, kind: MemberKind, filter: RosterFilter) =>
  request<RosterPage>(`${rosterUrl(study, kind)}${queryOf(filter)}`);

export const getRosterMember = (study: string, kind: MemberKind, member: string) =>
  request<MemberDetail>(memberUrl(study, kind, member));

export const addRosterMember = (study: string, kind: MemberKind, body: object) =>
  request<{ id: string }>(rosterUrl(study, kind), { method: 'POST', body });

export const editRosterMember = (study: string, kind: MemberKind, member: string, body: object) =>
  request<void>(memberUrl(study, kind, member), { method: 'PUT', body });

export const changeRosterMember = (study: string, kind: MemberKind, member: string, body: object) =>
  request<void>(`${memberUrl(study, kind, member)}/changes`, { method: 'POST', body });

export const undoRosterMember = (
  study: string,
  kind: MemberKind,
  member: string,
  body: { readonly revision: number; readonly entry: string },
) => request<void>(`${memberUrl(study, kind, member)}/undo`, { method: 'POST', body });

export const removeRosterMember = (study: string, kind: MemberKind, member: string) =>
  request<void>(memberUrl(study, kind, member), { method: 'DELETE' });

export const getRosterChecks = (study: string, asAt: string) =>
  request<{ warnings: readonly DesignWarning[] }>(`${studyUrl(study)}/roster-checks${queryOf({ asAt })}`);

export const rosterTemplateUrl = (study: string, file: string) => `${studyUrl(study)}/roster-templates/${file}`;

export function uploadRoster(study: string, file: File): Promise<RosterImport> {
  const body = new FormData();
  body.append('file', file);
  return request(importsUrl(study), { method: 'POST', body });
}

export const getRosterImport = (study: string, id: string) => request<RosterImport>(`${importsUrl(study)}/${part(id)}`);

export const getImportRows = (study: string, id: string) =>
  request<{ rows: readonly ImportRow[]; more: number }>(`${importsUrl(study)}/${part(id)}/rows`);

export const applyRosterImport = (study: string, id: string) =>
  request<RosterImport>(`${importsUrl(study)}/${part(id)}/apply`, { method: 'POST' });

export const discardRosterImport = (study: string, id: string) =>
  request<void>(`${importsUrl(study)}/${part(id)}/discard`, { method: 'POST' });
