/** The server's addresses for messages and staffroom links: the part of `api.ts` that is about writing to people. */
import type { Role } from '../../instruments/study.ts';
import { administrationUrl, studyUrl } from './api.ts';
import { queryOf, request } from './http.ts';

export const messageStates = [
  'waiting',
  'sending',
  'handed-over',
  'sent',
  'uncertain',
  'failed',
  'bounced',
  'skipped',
  'cancelled',
] as const;
export type MessageState = (typeof messageStates)[number];

export const messageKinds = ['invitation', 'reminder', 'test'] as const;
export type MessageKind = (typeof messageKinds)[number];

export interface MessageRow {
  readonly id: string;
  readonly kind: MessageKind;
  readonly state: MessageState;
  readonly person: string | null;
  readonly school: string | null;
  readonly createdAt: string;
  readonly dueAt: string;
  readonly sentAt: string | null;
  readonly tries: number;
  /** Why it did not go out, or not yet. */
  readonly why: string;
  readonly messageId: string;
}

export interface MessagePage {
  readonly messages: readonly MessageRow[];
  readonly counts: Readonly<Partial<Record<MessageState, number>>>;
  readonly page: number;
  readonly pages: number;
  readonly total: number;
  /** Whether this installation can send. */
  readonly mailServer: boolean;
}

export interface MessageFilter {
  readonly state?: string;
  readonly kind?: string;
  readonly school?: string;
  readonly page?: number;
}

export interface Whom {
  readonly arm?: string;
  readonly cluster?: string;
  readonly school?: string;
  readonly role?: Role;
}

export interface Reach {
  readonly links: number;
  readonly responded: number;
  readonly withoutAddress: number;
  readonly optedOut: number;
  readonly declined: number;
  readonly ineligible: number;
  readonly bounced: number;
  readonly reached: number;
  readonly invitedBefore: number;
}

export interface MailingRow {
  readonly id: string;
  readonly kind: 'invitation' | 'reminder';
  readonly whom: Whom;
  readonly sendAt: string;
  readonly state: 'planned' | 'running' | 'done' | 'cancelled';
  readonly queued: number | null;
}

export interface TemplateRow {
  readonly kind: 'invitation' | 'reminder';
  readonly language: string;
  readonly version: number;
  readonly savedAt: string | null;
  readonly subject: string;
  readonly body: string;
}

export interface Preview {
  readonly subject: string;
  readonly text: string;
  readonly issues: readonly { readonly code: string; readonly path: string; readonly message: string }[];
}

const part = encodeURIComponent;

export const listMessages = (study: string, administration: string, filter: MessageFilter) =>
  request<MessagePage>(`${administrationUrl(study, administration)}/messages${queryOf(filter)}`);

export const messagesFileUrl = (study: string, administration: string, { page: _, ...filter }: MessageFilter) =>
  `${administrationUrl(study, administration)}/messages.csv${queryOf(filter)}`;

export const stepMessage = (
  study: string,
  administration: string,
  message: string,
  step: 'again' | 'arrived' | 'cancel',
) =>
  request<MessageRow>(`${administrationUrl(study, administration)}/messages/${part(message)}/step`, {
    method: 'POST',
    body: { step },
  });

export const retryFailed = (study: string, administration: string) =>
  request<{ waiting: number }>(`${administrationUrl(study, administration)}/messages/again`, { method: 'POST' });

export const listMailings = (study: string, administration: string) =>
  request<{ mailings: readonly MailingRow[] }>(`${administrationUrl(study, administration)}/mailings`);

export const getReach = (study: string, administration: string, whom: Whom) =>
  request<Reach>(`${administrationUrl(study, administration)}/mailings/reach`, { method: 'POST', body: { whom } });

export const planMailing = (
  study: string,
  administration: string,
  body: { kind: 'invitation' | 'reminder'; whom: Whom; at: string | null; remindAfter: readonly number[] },
) => request<unknown>(`${administrationUrl(study, administration)}/mailings`, { method: 'POST', body });

export const cancelMailing = (study: string, administration: string, mailing: string) =>
  request<unknown>(`${administrationUrl(study, administration)}/mailings/${part(mailing)}/cancel`, { method: 'POST' });

export const markBounces = (study: string, text: string) =>
  request<{ addresses: number; people: number; marked: number }>(`${studyUrl(study)}/bounces`, {
    method: 'POST',
    body: { text },
  });

export const listTemplates = (study: string) =>
  request<{
    templates: readonly TemplateRow[];
    placeholders: readonly { readonly name: string; readonly meaning: string }[];
  }>(`${studyUrl(study)}/message-templates`);

export const saveTemplate = (
  study: string,
  { kind, language }: Pick<TemplateRow, 'kind' | 'language'>,
  body: { subject: string; body: string; after: number },
) => request<TemplateRow>(`${studyUrl(study)}/message-templates/${kind}/${part(language)}`, { method: 'PUT', body });

export const previewTemplate = (
  study: string,
  administration: string,
  body: { language: string; subject: string; body: string },
) =>
  request<Preview>(`${administrationUrl(study, administration)}/message-templates/preview`, { method: 'POST', body });

export const testTemplate = (
  study: string,
  administration: string,
  body: { kind: 'invitation' | 'reminder'; language: string },
) => request<unknown>(`${administrationUrl(study, administration)}/message-templates/test`, { method: 'POST', body });

export const makeSharedLinks = (study: string, administration: string, which: Omit<Whom, 'arm'>) =>
  request<{ made: number }>(`${administrationUrl(study, administration)}/shared-links`, {
    method: 'POST',
    body: which,
  });

/** Address of the printed sheets of staffroom links: `pdf`, or `html` to print from the browser. */
export const sheetsUrl = (study: string, administration: string, form: 'pdf' | 'html', which: Omit<Whom, 'arm'>) =>
  `${administrationUrl(study, administration)}/qr-sheets.${form}${queryOf(which)}`;
