/** Accounts and the first administrator's set-up over HTTP. */
import { z } from 'zod';
import { recordEvent } from '../audit/events.ts';
import type { Context } from '../context.ts';
import { route } from '../http.ts';
import { createAccount } from './create.ts';
import { inviteAccount, inviteAgain, pendingLink } from './invite.ts';
import { removeAccount } from './remove.ts';
import { listedAccountSchema, newAccountSchema, pendingLinkSchema } from './schemas.ts';
import { accountsWithFactor } from './second-factor-store.ts';
import { sessionAnswer, sessionSchema, signedIn } from './session-answer.ts';
import { openSession } from './sessions.ts';
import { requireSetupLink, setUpFirstAdministrator } from './setup.ts';
import { countLinkTry } from './sign-in.ts';
import { listAccounts, type StoredAccount } from './store.ts';

const setupParams = z.object({ token: z.string().max(200) });
const accountParams = z.object({ account: z.string().max(100) });

export const accountRoutes = [
  route({
    method: 'GET',
    path: '/api/setup/:token',
    summary: 'Whether a set-up link may still be used',
    params: setupParams,
    answer: z.object({ valid: z.literal(true) }),
    async handle({ params }, { context, request }) {
      await countLinkTry(context, request);
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
      const { context, request } = call;
      await countLinkTry(context, request);
      const account = await setUpFirstAdministrator(context, params.token, body);
      await recordEvent(context, request, 'account.set-up', { by: account.id });
      await openSession(context, request, account);
      return sessionAnswer(call);
    },
  }),
  route({
    method: 'GET',
    path: '/api/accounts',
    summary: 'All accounts, with the links of those who have not accepted their invitation yet',
    answer: z.object({ accounts: z.array(listedAccountSchema) }),
    async handle(_input, { context }) {
      const [accounts, secured] = await Promise.all([listAccounts(context.db), accountsWithFactor(context.db)]);
      return {
        accounts: await Promise.all(accounts.map((account) => listed(context, account, secured.has(account.id)))),
      };
    },
  }),
  route({
    method: 'POST',
    path: '/api/accounts',
    summary: 'Makes an account with a first password',
    body: newAccountSchema,
    answer: listedAccountSchema,
    status: 201,
    handle: async ({ body }, { context }) => listed(context, await createAccount(context, body)),
  }),
  route({
    method: 'POST',
    path: '/api/accounts/invitations',
    summary: 'Invites somebody, who chooses the password by a link that is sent and can be copied',
    body: newAccountSchema.omit({ password: true }),
    answer: listedAccountSchema,
    status: 201,
    handle: async ({ body }, { context }) => listed(context, (await inviteAccount(context, body)).account),
  }),
  route({
    method: 'POST',
    path: '/api/accounts/:account/invitation',
    summary: 'Sends a new link to somebody who has not accepted yet; the former works no more',
    params: accountParams,
    answer: pendingLinkSchema,
    handle: async ({ params }, { context }) => (await inviteAgain(context, params.account)).link,
  }),
  route({
    method: 'DELETE',
    path: '/api/accounts/:account',
    summary: 'Removes an account, or an invitation, and ends its sessions',
    params: accountParams,
    handle: ({ params }, call) => removeAccount(call.context, params.account, signedIn(call)),
  }),
];

async function listed(
  context: Context,
  account: StoredAccount,
  secondFactor = false,
): Promise<z.input<typeof listedAccountSchema>> {
  const { id, name, email, role, createdAt } = account;
  const state = account.state === 'invited' ? 'invited' : 'active';
  const invitation = await pendingLink(context, account);
  return { id, name, email, role, state, secondFactor, createdAt: createdAt.toISOString(), invitation };
}
