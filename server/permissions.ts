/**
 * Who may do what: roles of accounts, their permissions, and one row for each route. A route without a row does not
 * start (`http.ts` throws), and `test/server/permissions.test.ts` walks the table with every role and a stranger.
 */

export const accountRoles = ['administrator', 'evaluator', 'analyst', 'viewer'] as const;
export type AccountRole = (typeof accountRoles)[number];

const viewer = ['study.read', 'instrument.read', 'administration.read', 'report.read'] as const;
const analyst = [...viewer, 'dataset.export'] as const;
const evaluator = [
  ...analyst,
  'study.create',
  'study.delete',
  'administration.manage',
  'invitation.read',
  'invitation.manage',
  'response.simulate',
] as const;
const administrator = [...evaluator, 'account.manage'] as const;

export type Permission = (typeof administrator)[number];

const granted: Readonly<Record<AccountRole, readonly Permission[]>> = { viewer, analyst, evaluator, administrator };

/** True when the role includes the permission. */
export function canDo(role: AccountRole, permission: Permission): boolean {
  return granted[role].includes(permission);
}

/** All permissions of a role, for the client to show what is possible. */
export function permissionsOf(role: AccountRole): readonly Permission[] {
  return granted[role];
}

/** `anyone`: no account needed (the link or the credentials in the request decide); `signed-in`: any account. */
export type Access = 'anyone' | 'signed-in' | Permission;

/** One row a route: method and path as declared. */
export const accessTable: Readonly<Record<string, Access>> = {
  'GET /healthz': 'anyone',
  'GET /readyz': 'anyone',
  'GET /api/openapi.json': 'anyone',

  'GET /s/:token': 'anyone',
  'GET /worker.js': 'anyone',
  'GET /api/s/:token': 'anyone',
  'PUT /api/s/:token/draft': 'anyone',
  'POST /api/s/:token/responses': 'anyone',

  'GET /api/session': 'anyone',
  'POST /api/session': 'anyone',
  'DELETE /api/session': 'signed-in',
  'GET /api/setup/:token': 'anyone',
  'POST /api/setup/:token': 'anyone',
  'PUT /api/session/password': 'signed-in',
  'GET /api/accounts': 'account.manage',
  'POST /api/accounts': 'account.manage',
  'DELETE /api/accounts/:account': 'account.manage',

  'GET /api/studies': 'study.read',
  'GET /api/studies/:study': 'study.read',
  'DELETE /api/studies/:study': 'study.delete',
  'POST /api/studies/demo': 'study.create',
  'GET /api/studies/demo/progress': 'study.read',
  'GET /api/studies/:study/administrations/:administration': 'administration.read',
  'PUT /api/studies/:study/administrations/:administration/state': 'administration.manage',
  'GET /api/studies/:study/administrations/:administration/rates': 'administration.read',
  'GET /api/studies/:study/administrations/:administration/invitations': 'invitation.read',
  'GET /api/studies/:study/administrations/:administration/invitations.csv': 'invitation.read',
  'POST /api/studies/:study/administrations/:administration/invitations/:invitation/revoke': 'invitation.manage',
  'POST /api/studies/:study/administrations/:administration/invitations/:invitation/reissue': 'invitation.manage',
  'GET /api/studies/:study/administrations/:administration/dataset': 'dataset.export',
  'GET /api/studies/:study/administrations/:administration/dataset.xlsx': 'dataset.export',
  'GET /api/studies/:study/administrations/:administration/dataset.csv': 'dataset.export',
  'GET /api/studies/:study/administrations/:administration/dataset.zip': 'dataset.export',
  'GET /api/studies/:study/administrations/:administration/dataset.sav': 'dataset.export',
  'GET /api/studies/:study/administrations/:administration/dataset.dta': 'dataset.export',
  'GET /api/studies/:study/administrations/:administration/report': 'report.read',

  'GET /api/instruments': 'instrument.read',
  'GET /api/instruments/:instrument/versions/:version': 'instrument.read',
  'GET /api/instruments/:instrument/versions/:version/codebook': 'instrument.read',
};
