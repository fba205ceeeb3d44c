/** What the pages of people's rights, retention and code matches ask of the server; as `api.ts`, which holds the rest. */
import type { Role } from '../../instruments/study.ts';
import { request } from './http.ts';

const part = encodeURIComponent;
const studyUrl = (study: string) => `/api/studies/${part(study)}`;

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
