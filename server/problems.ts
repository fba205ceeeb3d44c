/**
 * Every problem that Fidelis can answer with, once: a stable code, an HTTP status and a sentence.
 * Features throw `Problem`; `http.ts` writes it as RFC 9457 problem+json. A 4xx says what to do.
 */
import { z } from 'zod';
import type { Issue } from '../instruments/instrument.ts';
import { plainWords } from '../instruments/zod-words.ts';

// Whatever a schema of the server refuses is told to people.
z.config({ customError: plainWords });

const registry = {
  'malformed-json': [400, 'The body is not valid JSON. Correct it and send it again.'],
  'invalid-request': [400, 'The request does not have the expected shape; see "issues".'],
  'invalid-import': [422, 'The file was not imported; see "issues" for rows and columns.'],
  'invalid-instrument': [422, 'The instrument was refused; see "issues".'],
  'invalid-model': [422, 'The fidelity model was refused; see "issues". Mend them and publish it again.'],
  'invalid-plan': [422, 'The plan was refused; nothing was computed. Correct it and try again.'],
  'invalid-data': [422, 'The data were refused; nothing was computed. Correct them and try again.'],
  'invalid-dataset': [422, 'The dataset cannot be built as it is defined; see "issues".'],
  'invalid-answers': [422, 'Some answers do not fit the instrument; see "issues".'],
  'not-signed-in': [401, 'Sign in first.'],
  'sign-in-failed': [401, 'The e-mail address or the password is not right. Check both and try again.'],
  'sign-in-expired': [401, 'This sign-in took too long. Sign in again from the beginning.'],
  'token-invalid': [401, 'This API token is not valid, or not any more. Take another one from your account page.'],
  'not-permitted': [403, 'Your account does not have the right to do this. Ask an administrator of this installation.'],
  'not-for-tokens': [403, 'An API token cannot be used for this. Sign in on the page instead.'],
  'cross-site-request': [403, 'The request did not come from a page of this site. Reload the page and try again.'],
  'https-needed': [
    403,
    'Sign-in works over https only. Open the address in PUBLIC_URL; a proxy must send X-Forwarded-Proto.',
  ],
  'not-found': [404, 'There is nothing at this address. Check it, or begin at the start page.'],
  'method-not-allowed': [
    405,
    'This address does not take this method. Check the Allow header for those that it takes.',
  ],
  'setup-link-invalid': [
    410,
    'This set-up link is not valid. Take the newest that the server has printed, or restart the server for another.',
  ],
  'setup-done': [410, 'This installation has been set up already. Sign in, or ask its administrator for an account.'],
  'account-link-invalid': [
    410,
    'This link is not valid any more: it was used, replaced, or is too old. Ask for a new one.',
  ],
  'link-unknown': [
    404,
    'This link is not known. Check that it was copied whole, or ask whoever sent it for a new one.',
  ],
  'link-revoked': [410, 'This link has been withdrawn. Ask whoever sent it for a new one.'],
  'link-used': [409, 'Answers were already sent through this link. Nothing more is needed.'],
  'answers-differ': [
    409,
    'Other answers were already sent through this link; the first ones are kept. Ask whoever sent it to correct them.',
  ],
  'not-open-yet': [403, 'This survey has not opened yet. Try again on the opening day.'],
  'administration-paused': [
    403,
    'This survey is paused for the moment. Your answers so far are kept; try again later.',
  ],
  'administration-closed': [
    403,
    'This survey has closed and takes no more answers. Ask whoever sent the link if you still want to answer.',
  ],
  'consent-needed': [422, 'Answers can only be sent after agreeing to the current information sheet. Reload the page.'],
  'already-imported': [
    409,
    'Every row of this file equals a row that another file brought. Check whether it is a copy; nothing was written.',
  ],
  'identity-unreadable': [
    409,
    'A key for names is not given any more; nothing is lost. Ask the administrator to add it to FIDELIS_IDENTITY_KEYS again.',
  ],
  'paper-not-taken': [
    409,
    'The answers of this paper form cannot be taken; what was typed is kept. Check the reason before you try again.',
  ],
  'answers-withdrawn': [
    410,
    'The answers that came through this link were withdrawn. Nothing more is needed, and no others are taken.',
  ],
  'withdrawal-closed': [
    403,
    'The last day for withdrawing answers from this study has passed. Ask the evaluation team named on the page.',
  ],
  'receipt-unknown': [404, 'There are no answers with this receipt code. Check each letter and figure of it.'],
  conflict: [409, 'Somebody else changed this in the meantime. Reload and try again.'],
  'draft-newer': [
    409,
    'Somebody saved this draft after you opened it. Take what you need from both texts, then try again.',
  ],
  'version-newer': [
    409,
    'Another version was published since you compared. Check the changes since that one, then publish again.',
  ],
  'already-exists': [409, 'Something with this name is already there. Choose another one.'],
  'roster-busy': [409, 'A roster file is being imported into this study. Wait until it is done and try again.'],
  'state-not-allowed': [409, 'This step is not allowed in the present state. Reload to see it.'],
  'reason-needed': [
    422,
    'After the start this is an amendment, which is kept for good. Say why it is made and try again.',
  ],
  'evidence-too-large': [413, 'A file of evidence may have 10 MB. Send a smaller one, or a part of it.'],
  'evidence-type': [
    415,
    'Send a PDF, JPEG, PNG, Word, Excel, PowerPoint or OpenDocument file without macros or password; other files are not taken.',
  ],
  'evidence-full': [409, 'No more files can be attached through this link. Send the answers as they are.'],
  'body-too-large': [413, 'The body is larger than is allowed here. Send less at once.'],
  'too-large-for-workbook': [
    422,
    'This dataset has more rows or columns than a workbook can hold. Take the zip of CSV files instead.',
  ],
  'export-not-ready': [409, 'The export is not ready yet. Check its state and come back.'],
  'export-ended': [409, 'The export has ended, so it cannot be cancelled. Check its state.'],
  'too-many-exports': [429, 'So many exports of this study wait already. Wait until one is ready, or cancel one.'],
  'unsupported-media-type': [415, 'Send the body as application/json.'],
  'too-many-requests': [429, 'Too many attempts. Wait for the time in the Retry-After header and try again.'],
  'request-aborted': [400, 'The request ended before its body was complete. Send it again.'],
  'database-unavailable': [
    503,
    'The database does not answer at the moment. Try again in a few seconds; nothing was lost.',
  ],
  'pdf-unavailable': [
    503,
    'This server cannot make PDF files, as no Chromium starts. Open the page and print it, or tell the administrator.',
  ],
  'disk-full': [
    507,
    'The disk of the server is full. Nothing was stored; tell the administrator of this installation.',
  ],
  starting: [503, 'The server is starting and not ready yet. Try again in a few seconds.'],
  'pages-not-built': [503, 'The pages of this site are being built anew. Try again in a minute.'],
  internal: [500, 'Something went wrong on the server. Quote the request id when you report it.'],
} as const satisfies Record<string, readonly [number, string]>;

export type ProblemCode = keyof typeof registry;
export const problemCodes = Object.keys(registry) as ProblemCode[];

/** An error that is meant to be shown: thrown anywhere in `server/`, written once by `http.ts` or the command line. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly status: number;
  readonly title: string;
  readonly detail: string | undefined;
  readonly issues: readonly Issue[] | undefined;
  readonly retryAfterSeconds: number | undefined;
  /** What this problem alone tells, beside the members that all have. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(
    code: ProblemCode,
    more: {
      detail?: string;
      issues?: readonly Issue[];
      retryAfterSeconds?: number;
      members?: Readonly<Record<string, unknown>>;
      cause?: unknown;
    } = {},
  ) {
    const [status, title] = registry[code];
    super(more.detail ? `${title} ${more.detail}` : title, { cause: more.cause });
    this.name = 'Problem';
    this.code = code;
    this.status = status;
    this.title = title;
    this.detail = more.detail;
    this.issues = more.issues;
    this.retryAfterSeconds = more.retryAfterSeconds;
    this.members = more.members ?? {};
  }

  /** The RFC 9457 document; `instance` is the request id. */
  toJSON(instance?: string) {
    return {
      type: `/problems/${this.code}`,
      code: this.code,
      status: this.status,
      title: this.title,
      ...(this.detail ? { detail: this.detail } : {}),
      ...(this.issues ? { issues: this.issues } : {}),
      ...this.members,
      ...(instance ? { instance } : {}),
    };
  }
}
