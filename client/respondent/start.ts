/** What the server writes into the page for the script (server/responses/page.ts). */
import type { SurveyJson } from '../../instruments/instrument.ts';

/** Sentences that are said as things happen; `{…}` is filled in here. */
export type Words = Readonly<
  Record<
    | 'step'
    | 'required'
    | 'agreeFirst'
    | 'saved'
    | 'saving'
    | 'offline'
    | 'offlineUnkept'
    | 'online'
    | 'paused'
    | 'pausedSend'
    | 'waiting'
    | 'waitingUnkept'
    | 'received'
    | 'declineFailed'
    | 'notReady'
    | 'reload'
    | 'codeIncomplete'
    | 'lookAgain'
    | 'notTaken'
    | 'consentChanged'
    | 'badFormat'
    | 'removed'
    | 'peopleSearch'
    | 'peopleTicked'
    | 'peopleNone'
    | 'fileTooLarge'
    | 'fileType'
    | 'fileFull'
    | 'fileUnreached'
    | 'fileChoose'
    | 'fileRemove',
    string
  >
>;

export interface StartData {
  /** Names this link's answers on the device. */
  readonly deviceKey: string;
  /** ISO date of the last day. */
  readonly closes: string;
  readonly mode: 'confidential' | 'anonymous';
  /** Version of the information sheet that the page shows. */
  readonly information: number;
  /** In which the page speaks. */
  readonly language: string;
  /** All in which it could. */
  readonly languages: readonly string[];
  readonly draftSavedAt: string | null;
  /** Many people answer through this link, each on their own. */
  readonly shared: boolean;
  /** The link takes an entry after each event. */
  readonly repeats: boolean;
  readonly survey: SurveyJson;
  readonly words: Words & { readonly againText?: string };
  /** Title and sentence for each problem code that a respondent can meet. */
  readonly problems: Readonly<Record<string, { readonly title: string; readonly text: string }>>;
}

/** The data of this page; throws where the page is not the respondent's. */
export function readStartData(): StartData {
  return JSON.parse(elementOf('survey-data').textContent ?? '') as StartData;
}

/** The token of the link that is open. */
export function tokenOf(path: string): string {
  return path.split('/')[2] ?? '';
}

/** An element that the server's markup always has. */
export function elementOf(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no element #${id}`);
  return element;
}

/** A sentence with its `{names}` filled in. */
export function fill(sentence: string, values: Readonly<Record<string, string | number>>): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
