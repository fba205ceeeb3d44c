/**
 * Who may do what: roles of accounts (in every study), roles in one study, their permissions, and one row for each route.
 * A route without a row does not start (`http.ts` throws), and `test/server/permissions.test.ts` walks the table with
 * every role and a stranger.
 */
import { instrumentAccess } from './instruments/access.ts';
import { paperAccess } from './paper/access.ts';

/** Roles of an account hold in every study; a `member` has none but those of single studies. */
export const accountRoles = ['administrator', 'evaluator', 'analyst', 'viewer', 'member'] as const;
export type AccountRole = (typeof accountRoles)[number];

/** Roles in one study. Coordinators and school leads have them for named clusters or schools only. */
export const studyRoles = ['owner', 'evaluator', 'analyst', 'viewer', 'clerk', 'coordinator', 'school-lead'] as const;
export type StudyRole = (typeof studyRoles)[number];
export const limitedStudyRoles: readonly StudyRole[] = ['coordinator', 'school-lead'];

const member = ['instrument.read'] as const;
const schoolLead = ['study.read', 'administration.read', 'feedback.read'] as const;
/** Types paper forms, and sees no answer but those of the form in hand. */
const clerk = ['study.read', 'administration.read', 'paper.enter'] as const;
const coordinator = [...schoolLead, 'roster.read', 'invitation.read', 'invitation.manage', 'fidelity.read'] as const;
const viewer = [
  ...member,
  'study.read',
  'roster.read',
  'administration.read',
  'report.read',
  'feedback.read',
  'fidelity.read',
] as const;
const analyst = [...viewer, 'dataset.controlled', 'dataset.export'] as const;
const evaluator = [
  ...analyst,
  'study.create',
  'study.manage',
  'study.delete',
  'instrument.manage',
  'roster.manage',
  'administration.manage',
  'paper.enter',
  'invitation.read',
  'invitation.manage',
  'message.read',
  'message.send',
  'identity.read',
  'person.manage',
  'response.simulate',
  'dataset.release',
  'fidelity.manage',
  'report.release',
] as const;
const owner = [...evaluator, 'study.share', 'audit.read'] as const;
const administrator = [...owner, 'account.manage'] as const;

export type Permission = (typeof administrator)[number];
/** All permissions there are. */
export const permissions: readonly Permission[] = administrator;

const granted: Readonly<Record<AccountRole, readonly Permission[]>> = {
  member,
  viewer,
  analyst,
  evaluator,
  administrator,
};
const grantedInStudy: Readonly<Record<StudyRole, readonly Permission[]>> = {
  'school-lead': schoolLead,
  coordinator,
  clerk,
  viewer,
  analyst,
  evaluator,
  owner,
};

/** What a token with a scope may do besides: whoever may have pseudonyms may have what tells less. */
export const impliedBy: Readonly<Partial<Record<Permission, Permission>>> = { 'dataset.controlled': 'dataset.export' };

/** True when the role of an account includes the permission in every study. */
export function canDo(role: AccountRole, permission: Permission): boolean {
  return granted[role].includes(permission);
}

/** True when the role in a study includes the permission there. */
export function canDoInStudy(role: StudyRole, permission: Permission): boolean {
  return grantedInStudy[role].includes(permission);
}

/** All permissions of a role of an account, for the client to show what is possible. */
export function permissionsOf(role: AccountRole): readonly Permission[] {
  return granted[role];
}

/** All permissions of a role in one study. */
export function permissionsInStudy(role: StudyRole): readonly Permission[] {
  return grantedInStudy[role];
}

/** `anyone`: no account needed (the link or the credentials in the request decide); `signed-in`: any account. */
export type Access = 'anyone' | 'signed-in' | Permission;

/**
 * Routes of a study whose handlers show and change no more than `call.scope` allows. All others are closed to people
 * who have their role for named clusters or schools only.
 */
export const scopedRoutes: ReadonlySet<string> = new Set<string>([
  'GET /api/studies/:study/administrations/:administration/rates',
  'GET /api/studies/:study/administrations/:administration/calls',
  'POST /api/studies/:study/administrations/:administration/calls',
  'PUT /api/studies/:study/administrations/:administration/invitations/:invitation/ineligible',
  'DELETE /api/studies/:study/administrations/:administration/invitations/:invitation/ineligible',
  'GET /api/studies/:study',
  'GET /api/studies/:study/overview',
  'GET /api/studies/:study/access',
  'GET /api/studies/:study/rosters/:kind',
  'GET /api/studies/:study/reports/schools',
  'GET /api/studies/:study/reports/schools/:school',
  'GET /api/studies/:study/reports/schools/:school/:format',
  'GET /api/studies/:study/administrations/:administration',
  'GET /api/studies/:study/administrations/:administration/invitations',
  'GET /api/studies/:study/administrations/:administration/invitations.csv',
  'POST /api/studies/:study/administrations/:administration/invitations/:invitation/revoke',
  'POST /api/studies/:study/administrations/:administration/invitations/:invitation/reissue',
  'GET /api/studies/:study/administrations/:administration/links/refresh',
  'POST /api/studies/:study/administrations/:administration/links/refresh',
  'POST /api/studies/:study/administrations/:administration/shared-links',
  'GET /api/studies/:study/administrations/:administration/qr-sheets.html',
  'GET /api/studies/:study/administrations/:administration/qr-sheets.pdf',
  'GET /api/studies/:study/fidelity',
  'GET /api/studies/:study/fidelity/events',
]);

/**
 * Routes without a permission of their own that an API token may use all the same. Everything else that needs a session,
 * like the password, two-factor sign-in and tokens themselves, is closed to tokens.
 */
export const openToTokens: ReadonlySet<string> = new Set<string>(['GET /api/studies']);

/** One row a route: method and path as declared. */
export const accessTable: Readonly<Record<string, Access>> = {
  'GET /healthz': 'anyone',
  'GET /readyz': 'anyone',
  'GET /api/openapi.json': 'anyone',

  'GET /s/:token': 'anyone',
  'GET /s/:token/withdraw': 'anyone',
  'GET /withdraw': 'anyone',
  'GET /worker.js': 'anyone',
  'GET /unsubscribe/:token': 'anyone',
  'POST /unsubscribe/:token': 'anyone',
  'GET /api/s/:token': 'anyone',
  'PUT /api/s/:token/draft': 'anyone',
  'POST /api/s/:token/responses': 'anyone',
  'PUT /api/s/:token/evidence/:key': 'anyone',
  'POST /api/s/:token/withdrawal': 'anyone',
  'POST /api/withdrawals': 'anyone',
  'POST /api/s/:token/decline': 'anyone',

  'GET /api/session': 'anyone',
  'POST /api/session': 'anyone',
  'DELETE /api/session': 'signed-in',
  'GET /api/setup/:token': 'anyone',
  'POST /api/setup/:token': 'anyone',
  'PUT /api/session/password': 'signed-in',
  'PUT /api/session/name': 'signed-in',
  'GET /api/session/sessions': 'signed-in',
  'DELETE /api/session/sessions': 'signed-in',
  'DELETE /api/session/sessions/:session': 'signed-in',
  'POST /api/session/second-factor': 'anyone',
  'GET /api/session/second-factor': 'signed-in',
  'PUT /api/session/second-factor': 'signed-in',
  'POST /api/session/second-factor/secret': 'signed-in',
  'POST /api/session/second-factor/off': 'signed-in',
  'POST /api/session/second-factor/recovery-codes': 'signed-in',
  'GET /api/session/tokens': 'signed-in',
  'POST /api/session/tokens': 'signed-in',
  'DELETE /api/session/tokens/:token': 'signed-in',
  'GET /api/session/oidc': 'anyone',
  'GET /api/session/oidc/callback': 'anyone',
  'DELETE /api/accounts/:account/second-factor': 'account.manage',
  'GET /api/accounts': 'account.manage',
  'POST /api/accounts': 'account.manage',
  'POST /api/accounts/invitations': 'account.manage',
  'POST /api/accounts/:account/invitation': 'account.manage',
  'DELETE /api/accounts/:account': 'account.manage',
  'GET /api/account-invitations/:token': 'anyone',
  'POST /api/account-invitations/:token': 'anyone',
  'POST /api/password-resets': 'anyone',
  'GET /api/password-resets/:token': 'anyone',
  'POST /api/password-resets/:token': 'anyone',
  'GET /api/audit': 'audit.read',
  'GET /api/audit.csv': 'audit.read',

  'GET /api/studies': 'signed-in',
  'GET /api/studies/:study/access': 'study.read',
  'GET /api/studies/:study/members': 'study.share',
  'POST /api/studies/:study/members': 'study.share',
  'PUT /api/studies/:study/members/:account': 'study.share',
  'DELETE /api/studies/:study/members/:account': 'study.share',
  'POST /api/studies/:study/members/:account/invitation': 'study.share',
  'GET /api/studies/:study/audit': 'audit.read',
  'GET /api/studies/:study/audit.csv': 'audit.read',
  'GET /api/studies/:study': 'study.read',
  'GET /api/studies/:study/overview': 'study.read',
  'POST /api/studies': 'study.create',
  'PUT /api/studies/:study': 'study.manage',
  'DELETE /api/studies/:study': 'study.delete',
  'GET /api/studies/:study/rosters/:kind': 'roster.read',
  'POST /api/studies/:study/rosters/:kind': 'roster.manage',
  'GET /api/studies/:study/rosters/:kind/members/:member': 'roster.manage',
  'PUT /api/studies/:study/rosters/:kind/members/:member': 'roster.manage',
  'DELETE /api/studies/:study/rosters/:kind/members/:member': 'roster.manage',
  'POST /api/studies/:study/rosters/:kind/members/:member/changes': 'roster.manage',
  'POST /api/studies/:study/rosters/:kind/members/:member/undo': 'roster.manage',
  'GET /api/studies/:study/roster-checks': 'roster.read',
  'GET /api/studies/:study/roster-templates/:file': 'roster.read',
  'GET /api/studies/:study/roster-imports': 'roster.manage',
  'POST /api/studies/:study/roster-imports': 'roster.manage',
  'GET /api/studies/:study/roster-imports/:import': 'roster.manage',
  'GET /api/studies/:study/roster-imports/:import/rows': 'identity.read',
  'POST /api/studies/:study/roster-imports/:import/apply': 'roster.manage',
  'POST /api/studies/:study/roster-imports/:import/discard': 'roster.manage',
  'POST /api/studies/demo': 'study.create',
  'GET /api/studies/demo/progress': 'study.read',
  'GET /api/studies/:study/administrations/:administration': 'administration.read',
  'POST /api/studies/:study/administrations': 'administration.manage',
  'PUT /api/studies/:study/administrations/:administration': 'administration.manage',
  'DELETE /api/studies/:study/administrations/:administration': 'administration.manage',
  'PUT /api/studies/:study/administrations/:administration/state': 'administration.manage',
  'POST /api/studies/:study/administrations/:administration/simulation': 'administration.manage',
  'GET /api/studies/:study/audience': 'administration.read',
  'POST /api/studies/:study/waves': 'administration.manage',
  'PUT /api/studies/:study/waves/:wave': 'administration.manage',
  'PUT /api/studies/:study/languages': 'administration.manage',
  'GET /api/studies/:study/amendments': 'administration.read',
  'GET /api/studies/:study/amendments.csv': 'administration.read',
  'GET /api/studies/:study/information': 'administration.read',
  'POST /api/studies/:study/information': 'administration.manage',
  'PUT /api/studies/:study/information/:sheet/versions/:version': 'administration.manage',
  'DELETE /api/studies/:study/information/:sheet/versions/:version': 'administration.manage',
  'GET /api/studies/:study/information/:sheet/versions/:version/page': 'administration.read',
  'GET /api/studies/:study/administrations/:administration/rates': 'administration.read',
  'GET /api/studies/:study/administrations/:administration/calls': 'invitation.read',
  'POST /api/studies/:study/administrations/:administration/calls': 'invitation.manage',
  'GET /api/studies/:study/administrations/:administration/invitations': 'invitation.read',
  'GET /api/studies/:study/administrations/:administration/invitations.csv': 'invitation.read',
  'POST /api/studies/:study/administrations/:administration/invitations/:invitation/revoke': 'invitation.manage',
  'POST /api/studies/:study/administrations/:administration/invitations/:invitation/reissue': 'invitation.manage',
  'PUT /api/studies/:study/administrations/:administration/invitations/:invitation/ineligible': 'invitation.manage',
  'DELETE /api/studies/:study/administrations/:administration/invitations/:invitation/ineligible': 'invitation.manage',
  'GET /api/studies/:study/administrations/:administration/links/refresh': 'invitation.manage',
  'POST /api/studies/:study/administrations/:administration/links/refresh': 'invitation.manage',
  'POST /api/studies/:study/administrations/:administration/shared-links': 'invitation.manage',
  'GET /api/studies/:study/administrations/:administration/qr-sheets.html': 'invitation.read',
  'GET /api/studies/:study/administrations/:administration/qr-sheets.pdf': 'invitation.read',
  'GET /api/studies/:study/administrations/:administration/messages': 'message.read',
  'GET /api/studies/:study/administrations/:administration/messages.csv': 'message.read',
  'POST /api/studies/:study/administrations/:administration/messages/:message/step': 'message.send',
  'POST /api/studies/:study/administrations/:administration/messages/again': 'message.send',
  'GET /api/studies/:study/administrations/:administration/mailings': 'message.read',
  'POST /api/studies/:study/administrations/:administration/mailings': 'message.send',
  'POST /api/studies/:study/administrations/:administration/mailings/reach': 'message.read',
  'POST /api/studies/:study/administrations/:administration/mailings/:mailing/cancel': 'message.send',
  'POST /api/studies/:study/administrations/:administration/message-templates/preview': 'message.read',
  'POST /api/studies/:study/administrations/:administration/message-templates/test': 'message.send',
  'GET /api/studies/:study/message-templates': 'message.read',
  'PUT /api/studies/:study/message-templates/:kind/:language': 'message.send',
  'POST /api/studies/:study/bounces': 'message.send',
  'GET /api/studies/:study/administrations/:administration/dataset': 'dataset.export',
  'GET /api/studies/:study/administrations/:administration/dataset.xlsx': 'dataset.export',
  'GET /api/studies/:study/administrations/:administration/dataset.csv': 'dataset.export',
  'GET /api/studies/:study/administrations/:administration/dataset.zip': 'dataset.export',
  'GET /api/studies/:study/administrations/:administration/dataset.sav': 'dataset.export',
  'GET /api/studies/:study/administrations/:administration/dataset.dta': 'dataset.export',
  'GET /api/studies/:study/administrations/:administration/dataset.parquet': 'dataset.export',
  'GET /api/studies/:study/administrations/:administration/dataset.jsonl': 'dataset.export',
  'GET /api/studies/:study/administrations/:administration/report': 'report.read',
  'GET /api/studies/:study/administrations/:administration/report.ndjson': 'report.read',
  'GET /api/studies/:study/reports/evaluation': 'report.read',
  'GET /api/studies/:study/reports/evaluation.ndjson': 'report.read',
  'GET /api/studies/:study/reports/evaluation/:format': 'report.read',
  'GET /api/studies/:study/reports/schools': 'feedback.read',
  'GET /api/studies/:study/reports/schools/:school': 'feedback.read',
  'GET /api/studies/:study/reports/schools/:school/:format': 'feedback.read',
  'PUT /api/studies/:study/reports/schools/:school/release': 'report.release',

  'GET /api/studies/:study/fidelity': 'fidelity.read',
  'GET /api/studies/:study/evidence/:evidence': 'dataset.export',
  'GET /api/studies/:study/fidelity/events': 'fidelity.read',
  'GET /api/studies/:study/fidelity/analysis': 'fidelity.read',
  'GET /api/studies/:study/fidelity/relations': 'report.read',
  'POST /api/studies/:study/fidelity/resolutions': 'fidelity.manage',
  'GET /api/studies/:study/fidelity/models': 'fidelity.read',
  'POST /api/studies/:study/fidelity/models': 'fidelity.manage',
  'GET /api/studies/:study/fidelity/models/:version': 'fidelity.read',
  'PUT /api/studies/:study/fidelity/models/:version': 'fidelity.manage',
  'DELETE /api/studies/:study/fidelity/models/:version': 'fidelity.manage',
  'PUT /api/studies/:study/fidelity/models/:version/state': 'fidelity.manage',
  'GET /api/studies/:study/fidelity/models/:version/differences': 'fidelity.read',

  'GET /api/studies/:study/people/:person/rights': 'roster.read',
  'GET /api/studies/:study/people/:person/identity': 'identity.read',
  'GET /api/studies/:study/people/:person/record.json': 'identity.read',
  'GET /api/studies/:study/people/:person/record.html': 'identity.read',
  'POST /api/studies/:study/people/:person/withdrawal': 'person.manage',
  'POST /api/studies/:study/people/:person/erasure': 'person.manage',
  'GET /api/studies/:study/withdrawals': 'person.manage',
  'POST /api/studies/:study/withdrawals': 'person.manage',
  'GET /api/studies/:study/datasets': 'report.read',
  'POST /api/studies/:study/datasets': 'dataset.export',
  'POST /api/studies/:study/datasets/preview': 'dataset.export',
  'GET /api/studies/:study/datasets/:dataset': 'report.read',
  'PUT /api/studies/:study/datasets/:dataset': 'dataset.export',
  'DELETE /api/studies/:study/datasets/:dataset': 'dataset.export',
  'GET /api/studies/:study/datasets/:dataset.xlsx': 'dataset.controlled',
  'GET /api/studies/:study/datasets/:dataset.csv': 'dataset.controlled',
  'GET /api/studies/:study/datasets/:dataset.zip': 'dataset.controlled',
  'GET /api/studies/:study/datasets/:dataset.sav': 'dataset.controlled',
  'GET /api/studies/:study/datasets/:dataset.dta': 'dataset.controlled',
  'GET /api/studies/:study/datasets/:dataset.parquet': 'dataset.controlled',
  'GET /api/studies/:study/datasets/:dataset.jsonl': 'dataset.controlled',
  'GET /api/studies/:study/datasets/:dataset.json': 'dataset.controlled',
  'GET /api/studies/:study/datasets/:dataset.r': 'dataset.controlled',
  'GET /api/studies/:study/datasets/:dataset.ddi': 'dataset.controlled',
  'GET /api/studies/:study/odata': 'dataset.controlled',
  'GET /api/studies/:study/odata/$metadata': 'dataset.controlled',
  'GET /api/studies/:study/odata/:set': 'dataset.controlled',
  'GET /api/studies/:study/odata/:set/$count': 'dataset.controlled',
  'GET /api/studies/:study/exports': 'dataset.controlled',
  'POST /api/studies/:study/exports': 'dataset.controlled',
  'GET /api/studies/:study/exports/:export': 'dataset.controlled',
  'POST /api/studies/:study/exports/:export/cancel': 'dataset.controlled',
  'GET /api/studies/:study/exports/:export/file': 'dataset.controlled',
  'GET /api/studies/:study/releases': 'report.read',
  'POST /api/studies/:study/releases': 'dataset.release',
  'GET /api/studies/:study/releases/:release': 'report.read',
  'GET /api/studies/:study/releases/:release/verdict': 'dataset.controlled',
  'GET /api/studies/:study/releases/:release/files/:file': 'dataset.controlled',
  'GET /api/studies/:study/code-matches': 'dataset.export',
  'GET /api/studies/:study/code-matches.csv': 'dataset.export',
  'GET /api/studies/:study/retention': 'study.read',
  'PUT /api/studies/:study/retention': 'study.manage',

  ...instrumentAccess,
  ...paperAccess,
};
