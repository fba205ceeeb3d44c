/** One's own API tokens over HTTP. Tokens themselves are not let in here: none can make another. */
import type { Connection } from 'mongoose';
import { z } from 'zod';
import type { Issue } from '../../instruments/instrument.ts';
import { recordEvent } from '../audit/events.ts';
import { readableStudies } from '../authority.ts';
import { route } from '../http.ts';
import { canDo, canDoInStudy, type Permission, permissions } from '../permissions.ts';
import { Problem } from '../problems.ts';
import { findStudy } from '../studies/store.ts';
import type { Account } from './account.ts';
import { newAccountSchema } from './schemas.ts';
import { signedIn } from './session-answer.ts';
import { listStudyAccess } from './study-roles.ts';
import { type ApiToken, listTokens, makeToken, revokeToken } from './tokens.ts';

const dayMs = 24 * 60 * 60 * 1000;
const longestDays = 366;
const permissionSchema = z.enum(permissions as readonly [Permission, ...Permission[]]);

const tokenSchema = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(permissionSchema),
  study: z.string().nullable(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  expired: z.boolean(),
  lastUsedOn: z.iso.date().nullable(),
});

export const tokenRoutes = [
  route({
    method: 'GET',
    path: '/api/session/tokens',
    summary: 'The API tokens of the account, without their texts, and the permissions that a new one may have',
    answer: z.object({ tokens: z.array(tokenSchema), available: z.array(permissionSchema) }),
    async handle(_input, call) {
      const account = signedIn(call);
      const { db, clock } = call.context;
      const tokens = await listTokens(db, account.id);
      return {
        tokens: tokens.map((token) => shown(token, clock())),
        available: await permissionsAnywhere(db, account),
      };
    },
  }),
  route({
    method: 'POST',
    path: '/api/session/tokens',
    summary: 'Makes an API token; its text is in this answer and nowhere afterwards',
    body: z.strictObject({
      name: newAccountSchema.shape.name,
      scopes: z.array(permissionSchema).min(1),
      study: z.string().max(40).nullable(),
      /** The last day on which it works, in UTC: at most a year from now. */
      expiresOn: z.iso.date(),
    }),
    answer: z.object({ token: tokenSchema, text: z.string() }),
    status: 201,
    async handle({ body }, call) {
      const account = signedIn(call);
      const { context, request } = call;
      const { name, study } = body;
      const scopes = [...new Set(body.scopes)];
      const expiresAt = new Date(Date.parse(`${body.expiresOn}T00:00:00Z`) + dayMs);
      await requireFit(context.db, account, { scopes, study, expiresAt }, context.clock());
      const made = await makeToken(context, { account: account.id, name, scopes, study, expiresAt });
      await recordEvent(context, request, 'token.create', { by: account.id, thing: { token: made.token.id } });
      return { token: shown(made.token, context.clock()), text: made.text };
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/session/tokens/:token',
    summary: 'Takes an API token away; requests with it are refused from then on',
    params: z.object({ token: z.string().max(100) }),
    async handle({ params }, call) {
      const { id } = signedIn(call);
      await recordEvent(call.context, call.request, 'token.revoke', { by: id, thing: { token: params.token } });
      if (!(await revokeToken(call.context.db, id, params.token))) {
        throw new Problem('not-found', { detail: 'You have no such token.' });
      }
    },
  }),
];

/** What the account may do in some study, or outside any. */
async function permissionsAnywhere(db: Connection, account: Account): Promise<Permission[]> {
  const access = await listStudyAccess(db, account.id);
  return permissions.filter(
    (permission) => canDo(account.role, permission) || access.some(({ role }) => canDoInStudy(role, permission)),
  );
}

/** Throws `invalid-request` for a token that would be of no use or live too long. */
async function requireFit(
  db: Connection,
  account: Account,
  { scopes, study, expiresAt }: Pick<ApiToken, 'scopes' | 'study' | 'expiresAt'>,
  now: Date,
): Promise<void> {
  const issues: Issue[] = [];
  const available = new Set(await permissionsAnywhere(db, account));
  if (scopes.some((scope) => !available.has(scope))) {
    const message = 'A token can have no permission that your account does not have.';
    issues.push({ code: 'scope-too-wide', path: 'body.scopes', message });
  }
  if (expiresAt <= now) {
    issues.push({ code: 'in-the-past', path: 'body.expiresOn', message: 'Choose a day that has not passed.' });
  }
  if (expiresAt.getTime() - now.getTime() > longestDays * dayMs) {
    issues.push({ code: 'too-late', path: 'body.expiresOn', message: 'A token lives for a year at most.' });
  }
  const readable = study === null ? 'all' : await readableStudies(db, account);
  if (study !== null && readable !== 'all' && !readable.has(study)) {
    issues.push({ code: 'not-in-study', path: 'body.study', message: 'You have no role in this study.' });
  }
  if (study !== null && readable === 'all' && !(await findStudy(db, study))) {
    issues.push({ code: 'unknown-study', path: 'body.study', message: 'There is no such study.' });
  }
  if (issues.length > 0) throw new Problem('invalid-request', { issues });
}

function shown(token: ApiToken, now: Date): z.input<typeof tokenSchema> {
  const { id, name, scopes, study, createdAt, expiresAt, lastUsedOn } = token;
  const times = { createdAt: createdAt.toISOString(), expiresAt: expiresAt.toISOString(), lastUsedOn };
  return { id, name, scopes: [...scopes], study, ...times, expired: expiresAt <= now };
}
