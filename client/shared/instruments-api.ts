/** What pages ask of the server about instruments, published and in the making; as `api.ts`, which holds the rest. */
import type { Codebook } from '../../instruments/codebook.ts';
import type { Instrument, InstrumentKind, PermissionRecord, Subject } from '../../instruments/instrument.ts';
import type { Decision } from '../../instruments/versions/change.ts';
import { request } from './http.ts';

const part = encodeURIComponent;
const draftsUrl = '/api/instrument-drafts';
const draftUrl = (draft: string) => `${draftsUrl}/${part(draft)}`;
const versionUrl = (instrument: string, version: number) => `/api/instruments/${part(instrument)}/versions/${version}`;

/** An instrument as it stands in a draft: right or wrong. */
export type DraftContent = Readonly<Record<string, unknown>>;

export interface DraftSummary {
  readonly id: string;
  readonly instrument: string;
  readonly title: string;
  readonly revision: number;
  readonly state: 'open' | 'publishing' | 'published' | 'discarded';
  readonly origin:
    | { readonly from: 'blank' }
    | { readonly from: 'version'; readonly instrument: string; readonly version: number }
    | { readonly from: 'file'; readonly name: string };
  readonly version: number | null;
  readonly savedAt: string;
  readonly savedBy: string | null;
}

export interface DraftDetail extends DraftSummary {
  readonly json: DraftContent;
  /** The newest published version, against which changes are told. */
  readonly latest: number | null;
}

export type NewDraft =
  | {
      readonly from: 'blank';
      readonly id: string;
      readonly title: string;
      readonly kind: InstrumentKind;
      readonly subject: Subject;
      readonly language: string;
    }
  | { readonly from: 'version'; readonly instrument: string; readonly version: number; readonly as?: string }
  | { readonly from: 'file'; readonly name: string; readonly file: unknown };

export const listDrafts = () => request<{ drafts: readonly DraftSummary[] }>(draftsUrl);
export const createDraft = (body: NewDraft) => request<DraftDetail>(draftsUrl, { method: 'POST', body });
export interface LeftOut {
  readonly item: string | null;
  readonly what: string;
  readonly why: string;
}
/** Begins a draft with the file of another program. */
export const importDraft = (format: 'surveyjs' | 'xlsform' | 'redcap', file: File) => {
  const body = new FormData();
  body.append('file', file);
  return request<{ draft: DraftDetail; leftOut: readonly LeftOut[] }>(`${draftsUrl}/files/${format}`, {
    method: 'POST',
    body,
  });
};
export const getDraft = (draft: string) => request<DraftDetail>(draftUrl(draft));
/** @param more `keepalive` where the page is being left */
export const saveDraft = (
  draft: string,
  revision: number,
  instrument: DraftContent,
  more: { readonly keepalive?: boolean } = {},
) =>
  request<{ revision: number; savedAt: string }>(draftUrl(draft), {
    method: 'PUT',
    body: { revision, instrument },
    ...more,
  });
export const discardDraft = (draft: string) => request<void>(draftUrl(draft), { method: 'DELETE' });
export const restoreDraft = (draft: string) => request<DraftDetail>(`${draftUrl(draft)}/restore`, { method: 'POST' });
/** How a language of an instrument stands: who wrote its texts last, and who read them as a second person. */
export interface LanguageStanding {
  readonly language: string;
  readonly hash: string;
  readonly done: number;
  readonly all: number;
  readonly writtenBy: { readonly id: string; readonly name: string | null } | null;
  readonly signedOff: {
    readonly by: { readonly id: string; readonly name: string | null };
    readonly at: string;
  } | null;
}
export const getDraftLanguages = (draft: string) =>
  request<{ revision: number; languages: readonly LanguageStanding[] }>(`${draftUrl(draft)}/languages`);
const signOffUrl = (draft: string, language: string) => `${draftUrl(draft)}/languages/${part(language)}/sign-off`;
export const signOffLanguage = (draft: string, language: string, hash: string) =>
  request<void>(signOffUrl(draft, language), { method: 'PUT', body: { hash } });
export const undoSignOff = (draft: string, language: string) =>
  request<void>(signOffUrl(draft, language), { method: 'DELETE' });
export const noteEditing = (draft: string) =>
  request<{ revision: number; others: readonly { name: string; seenAt: string }[] }>(`${draftUrl(draft)}/editors`, {
    method: 'POST',
  });
export const publishDraft = (
  draft: string,
  body: {
    readonly revision: number;
    /** The version that the changes were told against. */
    readonly latest: number | null;
    readonly why: string;
    readonly decisions: readonly Decision[];
  },
) =>
  request<{ instrument: string; version: number; hash: string }>(`${draftUrl(draft)}/publish`, {
    method: 'POST',
    body,
  });

export const getDesigner = () =>
  request<{ designer: 'creator' | 'json'; licenseKey: string | null }>('/api/instrument-designer');

export const changeVersionState = (
  instrument: string,
  version: number,
  body: { readonly state: 'in-use' | 'retired'; readonly why: string },
) => request<void>(`${versionUrl(instrument, version)}/state`, { method: 'PUT', body });
export const instrumentFileUrl = (instrument: string, version: number) =>
  `${versionUrl(instrument, version)}/file.json`;
export const instrumentPaperUrl = (instrument: string, version: number, language: string) =>
  `${versionUrl(instrument, version)}/paper.pdf?language=${part(language)}`;

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
  /** A retired version cannot be chosen any more. */
  readonly state: 'in-use' | 'retired';
}

export interface InstrumentDetail {
  readonly instrument: Instrument;
  readonly hash: string;
  readonly publishedAt: string;
  readonly publishedBy: string;
  readonly why: string;
  /** Empty for versions that a command published. */
  readonly languages: readonly LanguageStanding[];
  readonly state: 'in-use' | 'retired';
}

export const listInstruments = () => request<{ instruments: readonly InstrumentSummary[] }>('/api/instruments');

export const getInstrument = (instrument: string, version: number) =>
  request<InstrumentDetail>(versionUrl(instrument, version));

export const getCodebook = (instrument: string, version: number) =>
  request<Codebook>(`${versionUrl(instrument, version)}/codebook`);
