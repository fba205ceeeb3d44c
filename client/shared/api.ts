/**
 * With `planning-api.ts` the only place of the client that knows the URLs of the server: one typed function for each thing the workbench asks.
 * Every function rejects with an `ApiProblem` (http.ts) when the server refuses or cannot be reached.
 */
import type { OutcomeRates } from '../../analysis/outcomes.ts';
import type { Report } from '../../analysis/result.ts';
import type { Codebook } from '../../instruments/codebook.ts';
import type { Instrument, InstrumentKind, PermissionRecord, Subject } from '../../instruments/instrument.ts';
import type { Administration, AdministrationState, Cluster, Role, School, Study } from '../../instruments/study.ts';
import { request, requestIfChanged } from './http.ts';
import { session } from './session.ts';

export * from './api-accounts.ts';
export type { Account, AccountRole, Session } from './session.ts';

export interface StudySummary {
  readonly study: Study;
  readonly clusters: number;
  readonly schools: number;
  readonly people: number;
  readonly administrations: number;
  /** Null where it must not be shown to this reader, or for whoever sees named clusters and schools only. */
  readonly responses: number | null;
}

/** An administration with the number of people invited and responded; null where too few for this reader to see. */
export interface AdministrationSummary extends Omit<Administration, 'history'> {
  readonly invited: number | null;
  readonly responded: number | null;
  /** Steps so far; times in ISO form. */
  readonly history?: readonly { readonly state: AdministrationState; readonly at: string; readonly why: string }[];
}

export interface StudyDetail {
  readonly study: Study;
  readonly clusters: readonly Cluster[];
  readonly schools: readonly School[];
  readonly people: number;
  readonly peopleByRole: Readonly<Partial<Record<Role, number>>>;
  readonly administrations: readonly AdministrationSummary[];
}

export interface DemoProgress {
  readonly state: 'absent' | 'loading' | 'loaded' | 'failed';
  readonly done: number;
  readonly total: number;
}

export interface AdministrationDetail {
  readonly administration: AdministrationSummary;
  readonly instrument: {
    readonly id: string;
    readonly version: number;
    readonly title: string;
    readonly hash: string;
  };
}

/**
 * What has become of the people of one group. Counts are null where they must not be shown to this reader, or (`started`,
 * `partial`) where an anonymous administration does not know them.
 */
export interface RateRow {
  readonly id: string;
  readonly title: string;
  readonly arm: string | null;
  readonly cluster: string | null;
  readonly invited: number | null;
  readonly eligible: number | null;
  readonly opened: number | null;
  readonly started: number | null;
  readonly responded: number | null;
  readonly partial: number | null;
  readonly declined: number | null;
  readonly withdrawn: number | null;
  readonly silent: number | null;
  readonly notReached: number | null;
  readonly bounced: number | null;
  readonly ineligible: number | null;
  readonly rates: OutcomeRates;
}

export interface DayRow {
  readonly day: string;
  readonly opened: number | null;
  readonly finished: number | null;
  readonly openedSoFar: number | null;
  readonly finishedSoFar: number | null;
}

export const ratesBy = ['cluster', 'school', 'role', 'arm', 'day'] as const;
export type RatesBy = (typeof ratesBy)[number];

export interface Rates {
  readonly by: RatesBy;
  readonly asAt: string;
  readonly total: RateRow;
  readonly arms: readonly RateRow[];
  readonly rows: readonly RateRow[];
  readonly days: readonly DayRow[];
  /** True where the table as a whole must not be shown to this reader. */
  readonly withheld: boolean;
}

export interface CallRule {
  readonly below: number;
  readonly after: number;
  readonly unopened: number;
}

interface Call {
  readonly on: string;
  readonly by: string;
  readonly said: string;
  readonly hideUntil: string | null;
}

export interface CallRow {
  readonly school: string;
  readonly title: string;
  readonly cluster: string | null;
  readonly arm: string;
  readonly eligible: number;
  readonly opened: number;
  readonly responded: number;
  readonly gain: number;
  readonly bounced: number;
  readonly reasons: readonly ('low' | 'unopened' | 'bounced')[];
  readonly calls: readonly Call[];
  readonly hiddenUntil: string | null;
}

export interface CallList {
  readonly today: string;
  readonly day: number;
  readonly rule: CallRule;
  readonly rows: readonly CallRow[];
}

type NewCall = Call & { readonly key: string; readonly school: string };

export const ineligibleReasons = ['left-school', 'wrong-role', 'on-leave', 'other'] as const;
export type IneligibleReason = (typeof ineligibleReasons)[number];

export const invitationStates = [
  'open',
  'opened',
  'responded',
  'declined',
  'ineligible',
  'withdrawn',
  'revoked',
] as const;
export type InvitationState = (typeof invitationStates)[number];

export interface InvitationRow {
  readonly id: string;
  readonly person: string | null;
  /** Many answer through it. */
  readonly shared: boolean;
  readonly school: string | null;
  readonly schoolName: string | null;
  readonly cluster: string | null;
  readonly role: Role;
  readonly state: InvitationState;
  /** Why somebody is ineligible. */
  readonly reason: IneligibleReason | null;
  /** Null once the link is of no more use. */
  readonly url: string | null;
}

export interface InvitationFilter {
  readonly school?: string;
  readonly cluster?: string;
  readonly role?: string;
  readonly state?: string;
  readonly page?: number;
}

export interface InvitationPage {
  readonly invitations: readonly InvitationRow[];
  readonly page: number;
  readonly pages: number;
  readonly total: number;
}

export interface DatasetSummary {
  readonly rows: number;
  readonly variables: number;
  /** Share of all cells that hold no value, 0 to 1; null when there are no rows. */
  readonly missingShare: number | null;
  readonly files: readonly { readonly format: string; readonly url: string; readonly description: string }[];
}

export interface InstrumentSummary {
  readonly id: string;
  readonly version: number;
  readonly title: string;
  readonly description: string;
  readonly kind: InstrumentKind;
  readonly subject: Subject;
  readonly items: number;
  readonly scales: number;
  readonly permission: PermissionRecord;
  readonly hash: string;
  readonly publishedAt: string;
}

export interface InstrumentDetail {
  readonly instrument: Instrument;
  readonly hash: string;
  readonly publishedAt: string;
  readonly publishedBy: string;
  readonly why: string;
}

export type RetentionKind = 'identities' | 'links' | 'messages' | 'paradata' | 'answers';

/** Last days as ISO dates, with how much of each kind there is; and what was removed. */
export interface Retention {
  readonly withdrawUntil: string | null;
  readonly timeZone: string;
  readonly kinds: readonly { readonly kind: RetentionKind; readonly until: string | null; readonly held: number }[];
  readonly removals: readonly {
    readonly kind: RetentionKind;
    readonly until: string;
    readonly at: string;
    readonly removed: number;
  }[];
}

export interface Withdrawal {
  readonly person: string | null;
  /** Null: the whole study. */
  readonly administration: string | null;
  readonly by: 'respondent' | 'evaluator' | 'command';
  readonly confirmation: string;
  readonly on: string;
  readonly responses: number;
}

export interface PersonRights {
  readonly person: string;
  readonly role: Role;
  readonly school: string | null;
  readonly held: {
    readonly identity: boolean;
    readonly invitations: number;
    readonly responses: number;
    readonly messages: number;
  };
  readonly withdrawUntil: string | null;
  readonly mayWithdraw: boolean;
  readonly withdrawals: readonly Withdrawal[];
}

export interface Identity {
  readonly name: string | null;
  readonly email: string | null;
}

const part = encodeURIComponent;
export const studyUrl = (study: string) => `/api/studies/${part(study)}`;
export const administrationUrl = (study: string, administration: string) =>
  `${studyUrl(study)}/administrations/${part(administration)}`;

export const getSession = () => session(request('/api/session'));

export const signIn = (body: { email: string; password: string }) =>
  session(request('/api/session', { method: 'POST', body }));

export const signOut = () => request<void>('/api/session', { method: 'DELETE' });

export const changePassword = (body: { current: string; next: string }) =>
  session(request('/api/session/password', { method: 'PUT', body }));

export const checkSetupLink = (token: string) => request<{ valid: true }>(`/api/setup/${part(token)}`);

export const createFirstAdministrator = (token: string, body: { name: string; email: string; password: string }) =>
  session(request(`/api/setup/${part(token)}`, { method: 'POST', body }));

export const listStudies = () => request<{ studies: readonly StudySummary[] }>('/api/studies');

export const getStudy = (study: string) => request<StudyDetail>(studyUrl(study));

export const deleteStudy = (study: string) => request<void>(studyUrl(study), { method: 'DELETE' });

export const loadDemo = () => request<{ started: boolean }>('/api/studies/demo', { method: 'POST' });

export const getDemoProgress = () => request<DemoProgress>('/api/studies/demo/progress');

export const getAdministration = (study: string, administration: string) =>
  request<AdministrationDetail>(administrationUrl(study, administration));

export const changeState = (study: string, administration: string, state: AdministrationState, reason?: string) =>
  request<unknown>(`${administrationUrl(study, administration)}/state`, { method: 'PUT', body: { state, reason } });

export const getRates = (study: string, administration: string, by: RatesBy) =>
  requestIfChanged<Rates>(`${administrationUrl(study, administration)}/rates?by=${by}`);

export const listCalls = (study: string, administration: string, rule: CallRule) =>
  requestIfChanged<CallList>(`${administrationUrl(study, administration)}/calls${queryOf(rule)}`);

export const recordCall = (study: string, administration: string, call: NewCall) =>
  request<void>(`${administrationUrl(study, administration)}/calls`, { method: 'POST', body: call });

export const markIneligible = (study: string, administration: string, invitation: string, reason: IneligibleReason) =>
  request<unknown>(`${administrationUrl(study, administration)}/invitations/${part(invitation)}/ineligible`, {
    method: 'PUT',
    body: { reason },
  });

export const markEligible = (study: string, administration: string, invitation: string) =>
  request<unknown>(`${administrationUrl(study, administration)}/invitations/${part(invitation)}/ineligible`, {
    method: 'DELETE',
  });

export const listInvitations = (study: string, administration: string, filter: InvitationFilter) =>
  request<InvitationPage>(`${administrationUrl(study, administration)}/invitations${queryOf(filter)}`);

/** Address of the links that fit a filter, on all pages, as a CSV file for a mail merge. */
export const invitationsFileUrl = (study: string, administration: string, { page: _, ...filter }: InvitationFilter) =>
  `${administrationUrl(study, administration)}/invitations.csv${queryOf(filter)}`;

export const revokeInvitation = (study: string, administration: string, invitation: string) =>
  request<unknown>(`${administrationUrl(study, administration)}/invitations/${part(invitation)}/revoke`, {
    method: 'POST',
  });

export const reissueInvitation = (study: string, administration: string, invitation: string) =>
  request<unknown>(`${administrationUrl(study, administration)}/invitations/${part(invitation)}/reissue`, {
    method: 'POST',
  });

export const getDataset = (study: string, administration: string) =>
  request<DatasetSummary>(`${administrationUrl(study, administration)}/dataset`);

export const getReport = (study: string, administration: string) =>
  request<Report>(`${administrationUrl(study, administration)}/report`);

export const getRetention = (study: string) => request<Retention>(`${studyUrl(study)}/retention`);

export const setRetention = (
  study: string,
  body: { withdrawUntil: string | null; dates: Readonly<Record<RetentionKind, string | null>> },
) => request<Retention>(`${studyUrl(study)}/retention`, { method: 'PUT', body });

/** Counts of one school; pairs of figures are of the first and of the second administration. */
export interface CodeMatches {
  readonly pairs: number;
  readonly schools: readonly {
    readonly school: string | null;
    readonly schoolName: string | null;
    readonly responses: readonly [number, number];
    readonly withoutCode: readonly [number, number];
    readonly exact: number;
    readonly oneError: number;
    readonly ambiguous: readonly [number, number];
    readonly unmatched: readonly [number, number];
  }[];
}

const wavesQuery = (first: string, second: string) => `first=${part(first)}&second=${part(second)}`;

export const getCodeMatches = (study: string, first: string, second: string) =>
  request<CodeMatches>(`${studyUrl(study)}/code-matches?${wavesQuery(first, second)}`);

/** Address of the pairs of responses that match, as CSV. */
export const codePairsUrl = (study: string, first: string, second: string) =>
  `${studyUrl(study)}/code-matches.csv?${wavesQuery(first, second)}`;

export const listWithdrawals = (study: string) =>
  request<{ withdrawals: readonly Withdrawal[] }>(`${studyUrl(study)}/withdrawals`);

export const withdrawByCode = (study: string, code: string) =>
  request<Withdrawal>(`${studyUrl(study)}/withdrawals`, { method: 'POST', body: { code } });

const personUrl = (study: string, person: string) => `${studyUrl(study)}/people/${part(person)}`;

export const getPersonRights = (study: string, person: string) =>
  request<PersonRights>(`${personUrl(study, person)}/rights`);

/** Each reading is in the audit. */
export const getIdentity = (study: string, person: string) =>
  request<{ identity: Identity | null }>(`${personUrl(study, person)}/identity`);

/** Address of everything that is held on a person. */
export const personRecordUrl = (study: string, person: string, format: 'html' | 'json') =>
  `${personUrl(study, person)}/record.${format}`;

export const withdrawPerson = (study: string, person: string) =>
  request<Withdrawal>(`${personUrl(study, person)}/withdrawal`, { method: 'POST', body: {} });

export const erasePerson = (study: string, person: string, withdraw: boolean) =>
  request<unknown>(`${personUrl(study, person)}/erasure`, { method: 'POST', body: { withdraw } });

export const listInstruments = () => request<{ instruments: readonly InstrumentSummary[] }>('/api/instruments');

export const getInstrument = (instrument: string, version: number) =>
  request<InstrumentDetail>(`/api/instruments/${part(instrument)}/versions/${version}`);

export const getCodebook = (instrument: string, version: number) =>
  request<Codebook>(`/api/instruments/${part(instrument)}/versions/${version}/codebook`);

export type StudyEdit = Omit<Study, 'id' | 'simulated'>;

export const createStudy = (body: StudyEdit & { readonly id: string }) =>
  request<{ study: string }>('/api/studies', { method: 'POST', body });

export const editStudy = (study: string, body: StudyEdit) => request<Study>(studyUrl(study), { method: 'PUT', body });

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

function queryOf(values: object): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== '') query.set(name, String(value));
  }
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}
