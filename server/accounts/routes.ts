/** Sessions, set-up and accounts over HTTP. */
import { z } from 'zod';
import { type Call, route } from '../http.ts';
import { permissionsOf } from '../permissions.ts';
import { Problem } from '../problems.ts';
import type { Account } from './account.ts';
import { createAccount } from './create.ts';
import { csrfTokenOf } from './csrf.ts';
import { removeAccount } from './remove.ts';
import { accountSchema, listedAccountSchema, newAccountSchema, newPassword } from './schemas.ts';
import { closeSession, openSession } from './sessions.ts';
import { requireSetupLink, setUpFirstAdministrator } from './setup.ts';
import { changePassword, countNewSession, countSetupTry, signIn } from './sign-in.ts';
import { anyAccount, listAccounts, type StoredAccount } from './store.ts';

const sessionSchema = z.object({
  account: accountSchema.extend({ permissions: z.array(z.string()) }).nullable(),
  csrfToken: z.string(),
  setupNeeded: z.boolean(),
});
/** A password that is to be checked, not chosen: its length is nobody's business, but it has an end. */
const givenPassword = z.string().min(1).max(1000);
const setupParams = z.object({ token: z.string().max(200) });

export const accountRoutes = [
  route({
    method: 'GET',
    path: '/api/session',
    summary: 'Who is signed in, and the token for unsafe requests',
    answer: sessionSchema,
    handle: (_input, call) => sessionAnswer(call),
  }),
  route({
    method: 'POST',
    path: '/api/session',
    summary: 'Signs in',
    body: z.strictObject({
      email: z.string().min(1).max(254),
      password: givenPassword,
    }),
    answer: sessionSchema,
    async handle({ body }, call) {
      await signIn(call.context, call.request, body);
      return sessionAnswer(call);
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/session',
    summary: 'Signs out',
    handle: (_input, { context, request, response }) => closeSession(request, response, context.config),
  }),
  route({
    method: 'PUT',
    path: '/api/session/password',
    summary: 'Changes the password of the signed-in account and ends its other sessions',
    body: z.strictObject({ current: givenPassword, next: newPassword }),
    answer: sessionSchema,
    async handle({ body }, call) {
      await changePassword(call.context, call.request, signedIn(call), body);
      return sessionAnswer(call);
    },
  }),
  route({
    method: 'GET',
    path: '/api/setup/:token',
    summary: 'Whether a set-up link may still be used',
    params: setupParams,
    answer: z.object({ valid: z.literal(true) }),
    async handle({ params }, { context, request }) {
      await countSetupTry(context, request);
      await requireSetupLink(context, params.token);
      return { valid: true };
    },
  }),
  route({
    method: 'POST',
    path: '/api/setup/:token',
    summary: 'Makes the first administrator, once, and signs them in',
    params: setupParams,
    body: newAccountSchema.omit({ role: true }),
    answer: sessionSchema,
    status: 201,
    async handle({ params, body }, call) {
      await countSetupTry(call.context, call.request);
      await openSession(call.request, await setUpFirstAdministrator(call.context, params.token, body));
      return sessionAnswer(call);
    },
  }),
  route({
    method: 'GET',
    path: '/api/accounts',
    summary: 'All accounts',
    answer: z.object({ accounts: z.array(listedAccountSchema) }),
    async handle(_input, { context: { db } }) {
      return { accounts: (await listAccounts(db)).map(listed) };
    },
  }),
  route({
    method: 'POST',
    path: '/api/accounts',
    summary: 'Makes an account',
    body: newAccountSchema,
    answer: listedAccountSchema,
    status: 201,
    handle: async ({ body }, { context }) => listed(await createAccount(context, body)),
  }),
  route({
    method: 'DELETE',
    path: '/api/accounts/:account',
    summary: 'Removes an account and ends its sessions',
    params: z.object({ account: z.string().max(100) }),
    handle: ({ params }, call) => removeAccount(call.context, params.account, signedIn(call)),
  }),
];

/** Reads `request.account` rather than the call's: sign-in has just set it. */
async function sessionAnswer({ context, request }: Call): Promise<z.input<typeof sessionSchema>> {
  const account = request.account ?? null;
  if (!request.session.csrfToken) await countNewSession(context, request);
  return {
    account: account && {
      ...account,
      permissions: [...permissionsOf(account.role)],
    },
    csrfToken: csrfTokenOf(request),
    setupNeeded: !(await anyAccount(context.db)),
  };
}

function signedIn({ account }: Call): Account {
  if (!account) throw new Problem('not-signed-in');
  return account;
}

function listed({ id, name, email, role, createdAt }: StoredAccount): z.input<typeof listedAccountSchema> {
  return { id, name, email, role, createdAt: createdAt.toISOString() };
}
