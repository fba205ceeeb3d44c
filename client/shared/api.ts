/**
 * With the other `-api.ts` files of this folder the only place of the client that knows the URLs of the server: one typed
 * function for each thing the workbench asks.
 * Every function rejects with an `ApiProblem` (http.ts) when the server refuses or cannot be reached.
 */
import type { OutcomeRates } from '../../analysis/outcomes.ts';
import type { Administration, AdministrationState, Cluster, Role, School, Study } from '../../instruments/study.ts';
import { queryOf, request, requestIfChanged } from './http.ts';
import { type Follow, requestReport } from './report-lines.ts';
import { session } from './session.ts';

export * from './api-accounts.ts';
export * from './rosters-api.ts';
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
  /** Null: as people were invited. */
  readonly asAt: string | null;
  /** The day whose staff a shared link stands for. */
  readonly staffOn: string;
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

/** `asAt`: a day, or '' for people where they were invited. */
export const getRates = (study: string, administration: string, by: RatesBy, asAt: string) =>
  requestIfChanged<Rates>(`${administrationUrl(study, administration)}/rates${queryOf({ by, asAt })}`);

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

/**
 * People of the audience without a link; people with an unanswered one who have left the roster, or whose role or arm is
 * not asked any more; people marked as ineligible who are back.
 */
export interface LinksToRefresh {
  readonly newLinks: number;
  readonly left: number;
  readonly moved: number;
  readonly returned: number;
}

export const countLinksToRefresh = (study: string, administration: string) =>
  request<LinksToRefresh>(`${administrationUrl(study, administration)}/links/refresh`);

export const refreshLinks = (study: string, administration: string) =>
  request<LinksToRefresh>(`${administrationUrl(study, administration)}/links/refresh`, { method: 'POST' });

export const getDataset = (study: string, administration: string) =>
  request<DatasetSummary>(`${administrationUrl(study, administration)}/dataset`);

/** The report of an administration; while it is computed, the share that is done is told. */
export const getReport = (study: string, administration: string, follow: Follow) =>
  requestReport(`${administrationUrl(study, administration)}/report.ndjson`, follow);

export type StudyEdit = Omit<Study, 'id' | 'simulated'>;

export const createStudy = (body: StudyEdit & { readonly id: string }) =>
  request<{ study: string }>('/api/studies', { method: 'POST', body });

export const editStudy = (study: string, body: StudyEdit) => request<Study>(studyUrl(study), { method: 'PUT', body });
