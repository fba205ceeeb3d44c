/** What the workbench asks of the server about paper forms; as `api.ts`, which holds the rest. */
import type { Issue } from '../../instruments/instrument.ts';
import type { PaperCell, PaperCells } from '../../instruments/paper-entry/cells.ts';
import type { Agreement, Difference } from '../../instruments/paper-entry/compare.ts';
import type { Role } from '../../instruments/study.ts';
import { administrationUrl } from './api.ts';
import { queryOf, request } from './http.ts';

const part = encodeURIComponent;
const paperUrl = (study: string, administration: string) => `${administrationUrl(study, administration)}/paper`;

export const paperStates = ['first-entry', 'second-entry', 'comparison', 'ready', 'sent'] as const;
export type PaperState = (typeof paperStates)[number];
export type PaperEntry = 'single' | 'double';

interface Typist {
  readonly name: string;
  readonly mine: boolean;
  readonly finishedAt: string | null;
}

export interface PaperSummary {
  readonly id: string;
  readonly serial: string | null;
  readonly person: string | null;
  readonly school: string | null;
  readonly cluster: string | null;
  readonly role: Role | null;
  readonly entry: PaperEntry;
  readonly state: PaperState;
  readonly day: string | null;
  readonly first: Typist | null;
  readonly second: Typist | null;
  readonly compared: number | null;
  readonly differ: number | null;
  readonly madeAt: string;
  readonly sentAt: string | null;
  /** What this account may do with it now. */
  readonly todo: 'type' | 'decide' | 'send' | null;
  readonly mayDiscard: boolean;
}

export interface PaperList {
  readonly entry: PaperEntry;
  /** The statement that the form must bear. */
  readonly consent: string;
  readonly firstDay: string;
  readonly lastDay: string;
  readonly forms: readonly PaperSummary[];
  readonly total: number;
  readonly page: number;
  readonly pages: number;
  readonly states: Readonly<Record<PaperState, number>>;
  readonly agreement: Agreement;
}

/** One line of the record of decisions; without values where the answers are anonymous. */
export interface PaperDecision {
  readonly key: string;
  readonly first?: PaperCell | null;
  readonly second?: PaperCell | null;
  readonly choice: 'first' | 'second' | 'other';
  readonly value?: PaperCell;
  readonly note?: string;
  readonly by: string;
  readonly at: string;
}

export interface PaperDetail extends PaperSummary {
  readonly revision: number;
  readonly instrument: { readonly id: string; readonly version: number };
  /** One's own entry while it is typed. */
  readonly cells: PaperCells | null;
  readonly comparison: {
    readonly settled: PaperCells;
    readonly open: readonly string[];
    readonly issues: readonly Issue[];
    readonly differences: readonly Difference[];
  } | null;
  readonly decisions: readonly PaperDecision[];
  readonly response: string | null;
  readonly receiptCode: string | null;
  readonly refused: string | null;
}

export interface PaperPerson {
  readonly invitation: string;
  readonly person: string;
  readonly role: Role;
  readonly standing: 'open' | 'answered' | 'typed' | 'ineligible' | 'withdrawn' | 'revoked';
}

export type NewPaper = { readonly day: string; readonly agreed: true } & (
  | { readonly kind: 'person'; readonly invitation: string; readonly serial?: string }
  | { readonly kind: 'serial'; readonly serial: string; readonly school: string; readonly role: Role }
);

export const listPapers = (study: string, administration: string, wanted: { state: string; page: number }) =>
  request<PaperList>(`${paperUrl(study, administration)}${queryOf(wanted)}`);

export const planPaperEntry = (study: string, administration: string, entry: PaperEntry) =>
  request<void>(paperUrl(study, administration), { method: 'PUT', body: { entry } });

export const listPaperPeople = (study: string, administration: string, where: { school?: string; cluster?: string }) =>
  request<{ people: readonly PaperPerson[] }>(`${paperUrl(study, administration)}/people${queryOf(where)}`);

export const beginPaper = (study: string, administration: string, body: NewPaper) =>
  request<PaperSummary>(`${paperUrl(study, administration)}/forms`, { method: 'POST', body });

/** The steps of one form. */
export function paperForm(study: string, administration: string, form: string) {
  const url = `${paperUrl(study, administration)}/forms/${part(form)}`;
  const post = (rest: string, body?: unknown) => request<PaperDetail>(`${url}${rest}`, { method: 'POST', body });
  return {
    get: () => request<PaperDetail>(url),
    discard: () => request<void>(url, { method: 'DELETE' }),
    take: () => post('/entry'),
    save: (revision: number, cells: PaperCells) =>
      request<PaperDetail>(`${url}/entry`, { method: 'PUT', body: { revision, cells } }),
    finish: (revision: number, cells: PaperCells) => post('/entry/finish', { revision, cells }),
    decide: (body: {
      revision: number;
      key: string;
      choice: PaperDecision['choice'];
      value?: PaperCell | undefined;
      note: string;
    }) => post('/decisions', body),
    send: () => post('/send'),
  };
}
