/**
 * What the audit tells of a request beside its address: the id of what it makes, and what stood before where that is short.
 * Ids alone, never names or texts. One row a route, by `METHOD path`; called by `request.ts`.
 */
import type { Context } from '../context.ts';
import { retentionKinds } from '../retention/rules.ts';
import { findRetention } from '../retention/store.ts';
import { getStudy } from '../studies/store.ts';
import type { AuditFact } from './record.ts';

/** What is known before anything is done: from a body that its schema has taken. */
export type Told = Partial<Pick<AuditFact, 'study' | 'thing' | 'detail'>>;
type Body = Readonly<Record<string, unknown>>;
type Tell = (context: Context, study: string | null, body: Body) => Told | Promise<Told>;

const inStudy = '/api/studies/:study';
const inAdministration = `${inStudy}/administrations/:administration`;
const id = (value: unknown) => (typeof value === 'string' ? value : '');
const madeAs =
  (name: string, field = 'id'): Tell =>
  (_context, _study, body) =>
    body[field] === undefined ? {} : { thing: { [name]: id(body[field]) } };

/** Ids that the caller chose. */
export const toldBefore: Readonly<Record<string, Tell>> = {
  'POST /api/studies': (_context, _study, body) => ({ study: id(body.id) }),
  [`POST ${inStudy}/administrations`]: madeAs('administration'),
  [`POST ${inStudy}/waves`]: madeAs('wave'),
  [`POST ${inStudy}/information`]: madeAs('sheet', 'sheet'),
  [`POST ${inStudy}/rosters/:kind`]: madeAs('member'),
  [`POST ${inAdministration}/calls`]: (_context, _study, body) => ({
    thing: { call: id(body.key), school: id(body.school) },
  }),
  [`PUT ${inStudy}/retention`]: async ({ db }, study, body) => {
    const [was, set] = await Promise.all([getStudy(db, study ?? ''), findRetention(db, study ?? '')]);
    const dates = (body.dates ?? {}) as Body;
    const steps = [
      changeOf('withdrawUntil', was.withdrawUntil, body.withdrawUntil),
      ...retentionKinds.map((kind) => changeOf(kind, set?.[kind], dates[kind])),
    ];
    return { detail: steps.flat().join('; ') || 'nothing changed' };
  },
};

function changeOf(what: string, before: unknown, after: unknown): string[] {
  const [old, now] = [before ?? 'for good', after ?? 'for good'];
  return old === now ? [] : [`${what}: ${old} to ${now}`];
}

type Made = (answer: Body) => Readonly<Record<string, string>>;

/** Ids that the server chose, told by a second entry of the same request once they are there. */
export const toldAfter: Readonly<Record<string, Made>> = {
  'POST /api/accounts': (answer) => ({ account: id(answer.id) }),
  'POST /api/accounts/invitations': (answer) => ({ account: id(answer.id) }),
  [`POST ${inStudy}/members`]: (answer) => ({ account: id(answer.account) }),
  [`POST ${inStudy}/information`]: (answer) => ({ sheet: id(answer.sheet), version: String(answer.version) }),
  [`POST ${inAdministration}/mailings`]: (answer) => ({
    mailing: ((answer.mailings ?? []) as readonly Body[]).map((one) => id(one.id)).join(' '),
  }),
  [`POST ${inStudy}/roster-imports`]: (answer) => ({ import: id(answer.id) }),
  [`POST ${inAdministration}/paper/forms`]: ({ id: form, person }) => ({
    form: id(form),
    ...(typeof person === 'string' ? { person } : {}),
  }),
  'POST /api/instrument-drafts': (answer) => ({ draft: id(answer.id), instrument: id(answer.instrument) }),
  'POST /api/instrument-drafts/files/:from': ({ draft }) => ({ draft: id((draft as Body).id) }),
  'POST /api/instrument-drafts/:draft/publish': (answer) => ({
    instrument: id(answer.instrument),
    version: String(answer.version),
  }),
};
