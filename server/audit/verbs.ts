/**
 * One row for each route that may leave an entry in the audit. A route that changes something and stands in none of the
 * three tables does not start (`http.ts` asks `auditOf`). What the verbs are stands in `verb-list.ts`.
 */
import type { Access } from '../permissions.ts';
import type { AuditVerb } from './verb-list.ts';

const inStudy = '/api/studies/:study';
const inRoster = `${inStudy}/rosters/:kind`;
const ofImport = `${inStudy}/roster-imports/:import`;
const inAdministration = `${inStudy}/administrations/:administration`;
const ofInvitation = `${inAdministration}/invitations/:invitation`;
const paper = `${inAdministration}/paper`;
const ofPaper = `${paper}/forms/:form`;
const ofDraft = '/api/instrument-drafts/:draft';
const ofSheet = `${inStudy}/information/:sheet/versions/:version`;

/**
 * Rows that `request.ts` writes around the handler: all that changes something by a permission, every read of identified
 * rows or of links, and whatever is taken away as a file.
 */
export const recordedRoutes: Readonly<Record<string, AuditVerb>> = {
  'GET /api/accounts': 'account.read',
  'POST /api/accounts': 'account.create',
  'POST /api/accounts/invitations': 'account.invite',
  'POST /api/accounts/:account/invitation': 'account.invite',
  'DELETE /api/accounts/:account': 'account.remove',
  'DELETE /api/accounts/:account/second-factor': 'second-factor.reset',
  'GET /api/audit': 'audit.read',
  'GET /api/audit.csv': 'audit.export',
  'GET /api/instruments/:instrument/versions/:version/codebook': 'codebook.export',
  'GET /api/instruments/:instrument/versions/:version/file.json': 'instrument.export',
  'GET /api/instruments/:instrument/versions/:version/paper.pdf': 'instrument.export',
  'PUT /api/instruments/:instrument/versions/:version/state': 'instrument.change-state',
  'POST /api/instrument-drafts': 'draft.create',
  'POST /api/instrument-drafts/files/:from': 'draft.create',
  [`PUT ${ofDraft}`]: 'draft.save',
  [`DELETE ${ofDraft}`]: 'draft.discard',
  [`POST ${ofDraft}/restore`]: 'draft.restore',
  [`PUT ${ofDraft}/languages/:language/sign-off`]: 'draft.sign-off',
  [`DELETE ${ofDraft}/languages/:language/sign-off`]: 'draft.undo-sign-off',
  [`POST ${ofDraft}/publish`]: 'instrument.publish',

  'POST /api/studies': 'study.create',
  'POST /api/studies/demo': 'study.create',
  [`PUT ${inStudy}`]: 'study.edit',
  [`DELETE ${inStudy}`]: 'study.delete',
  [`PUT ${inStudy}/languages`]: 'study.set-languages',
  [`GET ${inStudy}/members`]: 'access.read',
  [`POST ${inStudy}/members`]: 'study.share',
  [`PUT ${inStudy}/members/:account`]: 'study.share',
  [`DELETE ${inStudy}/members/:account`]: 'study.unshare',
  [`POST ${inStudy}/members/:account/invitation`]: 'account.invite',
  [`GET ${inStudy}/audit`]: 'audit.read',
  [`GET ${inStudy}/audit.csv`]: 'audit.export',

  [`POST ${inRoster}`]: 'roster.add',
  [`PUT ${inRoster}/members/:member`]: 'roster.edit',
  [`DELETE ${inRoster}/members/:member`]: 'roster.remove',
  [`POST ${inRoster}/members/:member/changes`]: 'roster.change',
  [`POST ${inRoster}/members/:member/undo`]: 'roster.undo',
  [`POST ${inStudy}/roster-imports`]: 'roster.upload',
  [`GET ${ofImport}/rows`]: 'identity.read',
  [`POST ${ofImport}/apply`]: 'roster.import',
  [`POST ${ofImport}/discard`]: 'roster.discard-import',

  [`POST ${inStudy}/waves`]: 'wave.create',
  [`PUT ${inStudy}/waves/:wave`]: 'wave.edit',
  [`POST ${inStudy}/administrations`]: 'administration.create',
  [`PUT ${inAdministration}`]: 'administration.edit',
  [`DELETE ${inAdministration}`]: 'administration.delete',
  [`PUT ${inAdministration}/state`]: 'administration.change-state',
  [`GET ${inStudy}/amendments.csv`]: 'amendment.export',
  [`POST ${inStudy}/information`]: 'information.create',
  [`PUT ${ofSheet}`]: 'information.edit',
  [`DELETE ${ofSheet}`]: 'information.delete',

  [`GET ${inAdministration}/calls`]: 'call.read',
  [`POST ${inAdministration}/calls`]: 'call.note',
  [`GET ${inAdministration}/invitations`]: 'invitation.read',
  [`GET ${inAdministration}/invitations.csv`]: 'invitation.export',
  [`GET ${inAdministration}/qr-sheets.html`]: 'invitation.print',
  [`GET ${inAdministration}/qr-sheets.pdf`]: 'invitation.print',
  [`POST ${inAdministration}/links/refresh`]: 'invitation.refresh',
  [`POST ${inAdministration}/shared-links`]: 'invitation.make-shared',
  [`POST ${ofInvitation}/revoke`]: 'invitation.revoke',
  [`POST ${ofInvitation}/reissue`]: 'invitation.reissue',
  [`PUT ${ofInvitation}/ineligible`]: 'invitation.mark-ineligible',
  [`DELETE ${ofInvitation}/ineligible`]: 'invitation.mark-eligible',

  [`PUT ${paper}`]: 'paper.plan',
  [`GET ${paper}/people`]: 'paper.look-up',
  [`POST ${paper}/forms`]: 'paper.begin',
  [`GET ${ofPaper}`]: 'paper.read',
  [`DELETE ${ofPaper}`]: 'paper.discard',
  [`POST ${ofPaper}/entry`]: 'paper.take',
  [`PUT ${ofPaper}/entry`]: 'paper.save',
  [`POST ${ofPaper}/entry/finish`]: 'paper.finish',
  [`POST ${ofPaper}/decisions`]: 'paper.decide',
  [`POST ${ofPaper}/send`]: 'paper.send',

  [`GET ${inAdministration}/messages`]: 'message.read',
  [`GET ${inAdministration}/messages.csv`]: 'message.export',
  [`POST ${inAdministration}/messages/:message/step`]: 'message.change-state',
  [`POST ${inAdministration}/messages/again`]: 'message.retry',
  [`POST ${inAdministration}/mailings`]: 'mailing.plan',
  [`POST ${inAdministration}/mailings/:mailing/cancel`]: 'mailing.cancel',
  [`POST ${inAdministration}/message-templates/test`]: 'message.test',
  [`PUT ${inStudy}/message-templates/:kind/:language`]: 'template.save',
  [`POST ${inStudy}/bounces`]: 'bounce.note',

  [`GET ${inAdministration}/dataset`]: 'dataset.export',
  [`GET ${inAdministration}/dataset.xlsx`]: 'dataset.export',
  [`GET ${inAdministration}/dataset.csv`]: 'dataset.export',
  [`GET ${inAdministration}/dataset.zip`]: 'dataset.export',
  [`GET ${inAdministration}/dataset.sav`]: 'dataset.export',
  [`GET ${inAdministration}/dataset.dta`]: 'dataset.export',
  [`GET ${inAdministration}/dataset.parquet`]: 'dataset.export',
  [`GET ${inAdministration}/dataset.jsonl`]: 'dataset.export',
  [`POST ${inStudy}/datasets`]: 'dataset.define',
  [`PUT ${inStudy}/datasets/:dataset`]: 'dataset.define',
  [`DELETE ${inStudy}/datasets/:dataset`]: 'dataset.delete',
  [`GET ${inStudy}/exports`]: 'export.read',
  [`GET ${inStudy}/exports/:export`]: 'export.read',
  [`POST ${inStudy}/exports/:export/cancel`]: 'export.cancel',
  [`POST ${inStudy}/releases`]: 'release.create',
  [`GET ${inStudy}/releases/:release/files/:file`]: 'release.export',
  [`GET ${inStudy}/releases/:release/verdict`]: 'release.verify',
  [`GET ${inStudy}/odata`]: 'dataset.look-up',
  [`GET ${inStudy}/odata/$metadata`]: 'dataset.look-up',
  [`GET ${inStudy}/evidence/:evidence`]: 'evidence.read',
  [`GET ${inStudy}/code-matches`]: 'dataset.export',
  [`GET ${inStudy}/code-matches.csv`]: 'dataset.export',

  [`POST ${inStudy}/fidelity/resolutions`]: 'fidelity.resolve',
  [`POST ${inStudy}/fidelity/models`]: 'fidelity.create',
  [`PUT ${inStudy}/fidelity/models/:version`]: 'fidelity.edit',
  [`DELETE ${inStudy}/fidelity/models/:version`]: 'fidelity.delete',
  [`PUT ${inStudy}/fidelity/models/:version/state`]: 'fidelity.change-state',
  [`GET ${inStudy}/reports/evaluation/:format`]: 'report.export',
  [`GET ${inStudy}/reports/schools/:school/:format`]: 'report.export',
  [`PUT ${inStudy}/reports/schools/:school/release`]: 'report.release',

  [`GET ${inStudy}/people/:person/rights`]: 'person.read',
  [`GET ${inStudy}/people/:person/identity`]: 'identity.read',
  [`GET ${inStudy}/people/:person/record.json`]: 'person.export',
  [`GET ${inStudy}/people/:person/record.html`]: 'person.export',
  [`POST ${inStudy}/people/:person/withdrawal`]: 'person.withdraw',
  [`POST ${inStudy}/people/:person/erasure`]: 'person.erase',
  [`GET ${inStudy}/withdrawals`]: 'withdrawal.read',
  [`POST ${inStudy}/withdrawals`]: 'response.withdraw',
  [`POST ${inAdministration}/simulation`]: 'response.simulate',
  [`PUT ${inStudy}/retention`]: 'retention.set',
};

/**
 * Rows whose use cases write the entry themselves, because only they know whose account it is, or whether a list shows who
 * people are.
 */
export const recordedWithin: Readonly<Record<string, readonly AuditVerb[]>> = {
  'POST /api/session': ['account.sign-in'],
  'DELETE /api/session': ['account.sign-out'],
  'POST /api/session/second-factor': ['account.sign-in'],
  'GET /api/session/oidc/callback': ['account.sign-in'],
  'POST /api/setup/:token': ['account.set-up'],
  'PUT /api/session/password': ['account.change-password'],
  'PUT /api/session/name': ['account.rename'],
  'DELETE /api/session/sessions': ['session.end'],
  'DELETE /api/session/sessions/:session': ['session.end'],
  'POST /api/session/second-factor/secret': ['second-factor.begin'],
  'PUT /api/session/second-factor': ['second-factor.turn-on'],
  'POST /api/session/second-factor/off': ['second-factor.turn-off'],
  'POST /api/session/second-factor/recovery-codes': ['second-factor.recovery-codes'],
  'POST /api/session/tokens': ['token.create'],
  'DELETE /api/session/tokens/:token': ['token.revoke'],
  'POST /api/account-invitations/:token': ['account.accept-invitation'],
  'POST /api/password-resets': ['account.reset-request'],
  'POST /api/password-resets/:token': ['account.reset-password'],
  ...Object.fromEntries(
    ['xlsx', 'csv', 'zip', 'sav', 'dta', 'parquet', 'jsonl', 'json', 'r', 'ddi'].map((format) => [
      `GET ${inStudy}/datasets/:dataset.${format}`,
      ['dataset.export'] as const,
    ]),
  ),
  [`POST ${inStudy}/datasets/preview`]: ['dataset.export'],
  [`POST ${inStudy}/exports`]: ['dataset.export'],
  [`GET ${inStudy}/exports/:export/file`]: ['dataset.export'],
  [`GET ${inStudy}/odata/:set`]: ['dataset.export'],
  [`GET ${inStudy}/odata/:set/$count`]: ['dataset.export'],
  [`GET ${inRoster}`]: ['identity.read'],
  [`GET ${inRoster}/members/:member`]: ['identity.read'],
};

const respondent = 'What respondents do is never recorded: an entry could lead from the answers to the person.';
const preview = 'Changes nothing and shows nobody: a POST only because its question is long.';

/** What a request would do that is refused before its handler begins; null where nothing is told of it. */
export function attemptOf({ method, path }: { readonly method: string; readonly path: string }): AuditVerb | null {
  const row = `${method} ${path}`;
  return recordedRoutes[row] ?? (method === 'GET' ? null : (recordedWithin[row]?.[0] ?? null));
}

/** What a request is told as whose handler refuses it before its use case has written anything; reads of data and people too. */
export function refusalOf({ method, path }: { readonly method: string; readonly path: string }): AuditVerb | null {
  return recordedWithin[`${method} ${path}`]?.[0] ?? null;
}

/** Requests that are not reads and leave no entry, each with the reason. */
export const unrecordedRoutes: Readonly<Record<string, string>> = {
  'PUT /api/s/:token/draft': respondent,
  'POST /api/s/:token/responses': respondent,
  'PUT /api/s/:token/evidence/:key': respondent,
  'POST /api/s/:token/decline': respondent,
  'POST /api/s/:token/withdrawal': respondent,
  'POST /api/withdrawals': respondent,
  'POST /unsubscribe/:token': respondent,
  [`POST ${ofDraft}/editors`]: 'Tells for a minute that a page is open, and changes nothing that is kept.',
  [`POST ${inAdministration}/mailings/reach`]: preview,
  [`POST ${inAdministration}/message-templates/preview`]: preview,
};

/** Reads that pages repeat by themselves: an entry for the first of each day tells as much. */
export const repeatedReads: ReadonlySet<AuditVerb> = new Set<AuditVerb>(['call.read', 'export.read', 'message.read']);

/** Changes that a page saves by itself every few seconds: told once a day too, for each person and draft. */
export const repeatedSaves: ReadonlySet<AuditVerb> = new Set<AuditVerb>(['draft.save', 'paper.save']);

/** Whatever is read by these permissions shows links or people, or takes data away. */
const recordedReads: ReadonlySet<Access> = new Set<Access>([
  'audit.read',
  'dataset.export',
  'identity.read',
  'invitation.read',
]);

/**
 * The verb of a route that `request.ts` records, or null. A change that no table knows is a mistake that stops the start,
 * and so is a read by a permission that shows people, links or data.
 */
export function auditOf(
  { method, path }: { readonly method: string; readonly path: string },
  access: Access,
): AuditVerb | null {
  const row = `${method} ${path}`;
  const verb = recordedRoutes[row] ?? null;
  const wanted = method !== 'GET' || recordedReads.has(access);
  if (verb === null && wanted && !(row in recordedWithin) && !(row in unrecordedRoutes)) {
    throw new Error(`no row in the audit's tables for ${row}`);
  }
  return verb;
}
